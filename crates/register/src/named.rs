//! Records that are named in an answer or in a field: there is such a record, and whoever names it may.

use serde_json::{Map, Value as Json};
use store::Session;

use crate::{Fault, Field, Of, Reader, Record, RegisterDefinition, RegisterError, Registers, sql};

impl Registers {
    /// The record that an answer names, by its reference or by a value that no other record of the register has, such as
    /// its number. A fault where there is none that the reader may name: one whose label they may see, and where the
    /// question asks for a record of their own (`held: true`), one that is about them.
    pub async fn named(
        &self,
        db: &mut Session,
        field: &Field,
        text: &str,
        reader: &Reader,
    ) -> Result<Result<Record, Fault>, RegisterError> {
        let Some(definition) = self.of(field) else { return Ok(Err(Fault::new("fault-record"))) };
        let register: &str = definition.register.as_ref();
        let reference =
            base::Reference::parse(text).map_or_else(|_| text.to_owned(), |reference| reference.to_string());
        let found = match sql::get(db, register, &reference).await? {
            Some(record) => Some(record),
            None => sql::by_value(db, register, text).await?,
        };
        Ok(match found {
            Some(record) if reader.holds(&record) => Ok(record),
            Some(record) if !field.held && reader.may_read(definition, &record, &definition.label) => Ok(record),
            // Whether there is such a record is nobody's business who may not see it.
            _ => Err(Fault::new(if field.held { "fault-record-held" } else { "fault-record" })),
        })
    }

    /// The register that a question or a field takes its records from.
    pub fn of(&self, field: &Field) -> Option<&RegisterDefinition> {
        match &field.of {
            Some(Of::Register(register)) if field.type_name == "record" => self.definition(register),
            _ => None,
        }
    }

    /// The records of a register that are about the reader, and that a question can offer them.
    pub async fn own(&self, register: &str, reader: &Reader) -> Result<Vec<Record>, RegisterError> {
        if reader.held().is_empty() {
            return Ok(Vec::new());
        }
        let mut db = self.store.read().await?;
        let account = reader.account.as_deref().unwrap_or_default();
        Ok(sql::held_of(&mut db, register, account).await?)
    }

    /// The fields of a record that name records which do not exist.
    pub(crate) async fn dangling(
        &self,
        db: &mut Session,
        definition: &RegisterDefinition,
        values: &Map<String, Json>,
    ) -> Result<Vec<(String, Fault)>, RegisterError> {
        let mut faults = Vec::new();
        for (name, field) in &definition.fields {
            let (Some(of), Some(id)) = (self.of(field), values.get(name).and_then(Json::as_str)) else { continue };
            if sql::get(db, &of.register, id).await?.is_none() {
                faults.push((name.clone(), Fault::new("fault-record")));
            }
        }
        Ok(faults)
    }
}
