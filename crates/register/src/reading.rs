//! Who has read what about a person. A reading is written to the journal before the answer goes out, so that nothing
//! personal is shown without it; what is public, and what people read about themselves, is not written down.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{By, Change, Entry, Tx};

use crate::{Reader, Record, RegisterDefinition, RegisterError, Registers};

/// The sort of row that readings are in the journal; its key is that of the record or the case that was read.
pub const READING: &str = "reading";

/// Somebody reads personal fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The register or the service.
    pub of: String,
    /// The record or the case.
    pub row: String,
    pub fields: Vec<String>,
}

impl Reading {
    /// Writes it down.
    pub fn write(&self, tx: &mut Tx, today: Date) {
        tx.record(Change {
            source: READING,
            kind: self.of.clone(),
            row: self.row.clone(),
            effective: today,
            before: None,
            after: Some(json!({"fields": self.fields})),
        });
    }
}

/// What of these records the reader is about to see that is personal and about somebody else.
pub fn readings(reader: &Reader, definition: &RegisterDefinition, records: &[&Record]) -> Vec<Reading> {
    if !definition.fields.values().any(|field| field.personal) {
        return Vec::new();
    }
    records.iter().filter_map(|record| reading(reader, definition, record, &[])).collect()
}

/// The reading of a record that is shown with these entries of its history, which may tell what it holds no longer. Each
/// version is read by the right that the reader has to it.
fn reading(reader: &Reader, definition: &RegisterDefinition, record: &Record, history: &[Entry]) -> Option<Reading> {
    let versions = history.iter().filter_map(|entry| record.version_of(entry));
    let mut read = BTreeSet::new();
    for version in versions.chain([record.clone()]).filter(|version| !reader.holds(version)) {
        let told = |field: &&str| version.values.get(*field).is_some_and(|value| !value.is_null());
        let personal = |field: &&str| definition.fields.get(*field).is_some_and(|field| field.personal);
        let readable = reader.readable(definition, &version).into_iter();
        read.extend(readable.filter(personal).filter(told).map(str::to_owned));
    }
    let fields: Vec<String> = definition.fields.keys().filter(|field| read.contains(*field)).cloned().collect();
    (!fields.is_empty()).then(|| Reading { of: record.register.clone(), row: record.id.clone(), fields })
}

/// An entry of the journal about a record, with the fields that the reader's roles may read and no others; the reading of
/// what is personal in it, and the names of the fields that were withheld. Of a register that is no more nothing is shown.
pub fn entry_as_read(
    reader: &Reader,
    definition: Option<&RegisterDefinition>,
    entry: &mut Entry,
) -> (Reading, Vec<String>) {
    let mut reading = Reading { of: entry.kind.clone(), row: entry.row.clone(), fields: Vec::new() };
    let mut withheld = BTreeSet::new();
    for side in [&mut entry.before, &mut entry.after].into_iter().flatten() {
        let Some(values) = side.as_object_mut() else { continue };
        values.retain(|field, value| {
            let may = definition.is_some_and(|d| d.may_read(field, &reader.roles));
            let personal = definition.and_then(|d| d.fields.get(field)).is_some_and(|field| field.personal);
            if !may {
                withheld.insert(field.clone());
            } else if personal && !value.is_null() && !reading.fields.contains(field) {
                reading.fields.push(field.clone());
            }
            may
        });
    }
    (reading, withheld.into_iter().collect())
}

impl Registers {
    /// Writes down that the reader sees these records, where that is to be known. To be called before they are shown.
    pub async fn disclose(
        &self,
        by: By,
        today: Date,
        reader: &Reader,
        definition: &RegisterDefinition,
        records: &[&Record],
    ) -> Result<(), RegisterError> {
        self.note_readings(by, today, readings(reader, definition, records)).await
    }

    /// Writes down that the reader sees a record with its history, where that is to be known: a field that was emptied
    /// since counts too. To be called before they are shown.
    pub async fn disclose_history(
        &self,
        by: By,
        today: Date,
        reader: &Reader,
        definition: &RegisterDefinition,
        (record, history): (&Record, &[Entry]),
    ) -> Result<(), RegisterError> {
        self.note_readings(by, today, reading(reader, definition, record, history).into_iter().collect()).await
    }

    /// Writes readings down in one transaction; nothing where there are none. A request that is sent again reads again.
    pub async fn note_readings(&self, by: By, today: Date, readings: Vec<Reading>) -> Result<(), RegisterError> {
        if readings.is_empty() {
            return Ok(());
        }
        self.store
            .write(by.each_time(), move |tx| {
                let readings = readings.clone();
                Box::pin(async move {
                    readings.iter().for_each(|reading| reading.write(tx, today));
                    Ok(())
                })
            })
            .await
    }

    /// Who has read these rows, the last first.
    pub async fn read_by(&self, rows: &[String], limit: i64) -> Result<Vec<Entry>, RegisterError> {
        let mut db = self.store.read().await?;
        Ok(store::last_entries_of(&mut db, READING, rows, limit).await?)
    }
}

/// The fields that a reading was of.
pub fn fields_of(entry: &Entry) -> Vec<&str> {
    let fields = entry.after.as_ref().and_then(|after| after.get("fields")).and_then(Json::as_array);
    fields.into_iter().flatten().filter_map(Json::as_str).collect()
}
