//! Whoever reads a record: what their roles let them see, and what they see because the record is about them.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use store::Session;

use crate::{Record, RegisterDefinition, RegisterError, sql};

/// The field that names whom a record is about, where that is a record itself: a licence of a company.
const HOLDER: &str = "holder";

/// Whoever reads.
#[derive(Debug, Clone, Default)]
pub struct Reader {
    /// `None` for a stranger.
    pub account: Option<String>,
    pub roles: Vec<String>,
    /// The records that belong to the account.
    held: BTreeSet<String>,
}

impl Reader {
    /// Learns which records belong to the account.
    pub async fn of(db: &mut Session, account: &str, roles: &[String]) -> Result<Reader, RegisterError> {
        let held = sql::held_by(db, account).await?.into_iter().collect();
        Ok(Reader { account: Some(account.to_owned()), roles: roles.to_vec(), held })
    }

    /// Whether the record is about the reader: it belongs to their account, or its field `holder` names a record that
    /// does.
    pub fn holds(&self, record: &Record) -> bool {
        let Some(account) = &self.account else { return false };
        let about = record.values.get(HOLDER).and_then(Json::as_str);
        record.holder.as_ref() == Some(account) || about.is_some_and(|id| self.held.contains(id))
    }

    /// The records that belong to the reader's account.
    pub fn held(&self) -> &BTreeSet<String> {
        &self.held
    }

    /// Whether the reader may see a field of this record.
    pub fn may_read(&self, definition: &RegisterDefinition, record: &Record, field: &str) -> bool {
        definition.may_read(field, &self.roles) || (definition.holder_may_read(field) && self.holds(record))
    }

    /// What a record goes by for the reader: its label where they may see it, and otherwise its id. `None` where they may
    /// see nothing of it.
    pub fn name_of(&self, definition: &RegisterDefinition, record: &Record) -> Option<String> {
        if self.readable(definition, record).is_empty() {
            return None;
        }
        let label = self.may_read(definition, record, &definition.label) && !record.label.is_empty();
        Some(if label { &record.label } else { &record.id }.clone())
    }

    /// The fields of a record that the reader may see, in the order of the register.
    pub fn readable<'a>(&'a self, definition: &'a RegisterDefinition, record: &Record) -> Vec<&'a str> {
        let holds = self.holds(record);
        let may =
            |field: &&str| definition.may_read(field, &self.roles) || (holds && definition.holder_may_read(field));
        definition.fields.keys().map(String::as_str).filter(may).collect()
    }
}
