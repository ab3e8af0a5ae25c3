//! Records: made, changed, removed, found; every change in the journal.

use std::{collections::BTreeMap, sync::Arc};

use base::Text;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use store::{By, Change, Entry, Once, Session, Store, Tx};

use crate::{Fault, Field, Of, Reader, RegisterDefinition, RegisterError, SOURCE, sql};

/// Something that is known, as it stands now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    pub id: String,
    pub register: String,
    /// The account that it belongs to.
    pub holder: Option<String>,
    pub label: String,
    pub values: Map<String, Json>,
    /// 1 for the first version; an update names the version it saw.
    pub version: i64,
    /// When it was last changed, RFC 3339.
    pub changed: String,
}

impl Record {
    /// What a record that was removed held last, by its history. Which account it belonged to stands in no history.
    pub fn removed(register: &str, id: &str, history: &[Entry]) -> Option<Record> {
        let last = history.last()?;
        let values = last.after.as_ref().or(last.before.as_ref()).and_then(Json::as_object);
        Some(Record {
            id: id.to_owned(),
            register: register.to_owned(),
            holder: None,
            label: String::new(),
            values: values.cloned().unwrap_or_default(),
            version: history.len() as i64,
            changed: last.recorded.clone(),
        })
    }

    /// The record as an entry of its history left it. Whom it is about, and so who may read what of it, goes with the
    /// version. `None` where the entry removed it.
    pub fn version_of(&self, entry: &Entry) -> Option<Record> {
        let values = entry.after.as_ref()?.as_object()?.clone();
        Some(Record { values, changed: entry.recorded.clone(), ..self.clone() })
    }
}

/// What a new record is made of.
#[derive(Debug, Clone)]
pub struct NewRecord {
    /// Its key, which the edge or the case gives it.
    pub id: String,
    pub register: String,
    pub holder: Option<String>,
    pub values: Map<String, Json>,
    /// The day from which it holds.
    pub effective: Date,
}

/// What to look for in a register.
#[derive(Debug, Clone, Default)]
pub struct Search {
    pub words: String,
    /// The last id of the page before.
    pub after: String,
    pub limit: i64,
}

/// The registers of the pack. Cheap to clone.
#[derive(Clone)]
pub struct Registers {
    pub(crate) store: Store,
    definitions: Arc<BTreeMap<String, RegisterDefinition>>,
}

impl Registers {
    pub fn new(store: Store, definitions: impl IntoIterator<Item = RegisterDefinition>) -> Registers {
        let definitions = definitions.into_iter().map(|d| (d.register.to_string(), d)).collect();
        Registers { store, definitions: Arc::new(definitions) }
    }

    pub fn all(&self) -> impl Iterator<Item = &RegisterDefinition> {
        self.definitions.values()
    }

    pub fn definition(&self, register: &str) -> Option<&RegisterDefinition> {
        self.definitions.get(register)
    }

    /// Folds anew for the search what an older version of the folding kept; how many records it were. To be called
    /// before anybody searches. Whatever stops it, what is left is done the next time.
    ///
    /// # Errors
    /// Where the store fails.
    pub async fn refold(&self, by: By) -> Result<usize, RegisterError> {
        const AT_ONCE: i64 = 500;
        let mut all = 0;
        loop {
            let definitions = self.definitions.clone();
            let done = self.store.write(by.clone(), move |tx| {
                let definitions = definitions.clone();
                Box::pin(async move {
                    let old = sql::folded_before(tx, base::fold::VERSION, AT_ONCE).await?;
                    for record in &old {
                        // A register that the pack has no more is not searched.
                        let folded = definitions.get(&record.register).map(|d| folded(d, record)).unwrap_or_default();
                        sql::set_folded(tx, &record.id, &folded, base::fold::VERSION).await?;
                    }
                    Ok::<_, RegisterError>(old.len())
                })
            });
            match done.await? {
                0 => return Ok(all),
                done => all += done,
            }
        }
    }

    /// Makes a record within a transaction; a case that is granted does this.
    pub async fn create(&self, tx: &mut Tx, new: NewRecord) -> Result<Record, RegisterError> {
        self.save(tx, None, new).await
    }

    /// Changes a record within a transaction.
    pub async fn update(
        &self,
        tx: &mut Tx,
        before: &Record,
        values: Map<String, Json>,
        effective: Date,
    ) -> Result<Record, RegisterError> {
        let new = NewRecord {
            id: before.id.clone(),
            register: before.register.clone(),
            holder: before.holder.clone(),
            values,
            effective,
        };
        self.save(tx, Some(before), new).await
    }

    /// Removes a record within a transaction; its history stays.
    pub async fn delete(&self, tx: &mut Tx, before: &Record, effective: Date) -> Result<(), RegisterError> {
        for (register, definition) in self.definitions.iter() {
            let of = |field: &Field| matches!(&field.of, Some(Of::Register(of)) if **of == *before.register);
            for (name, _) in definition.fields.iter().filter(|(_, field)| of(field)) {
                if let Some(naming) = sql::naming(tx, register, name, &before.id).await? {
                    return Err(RegisterError::Named { register: register.clone(), record: naming.id });
                }
            }
        }
        sql::delete(tx, &before.id).await?;
        tx.record(change(before.register.clone(), before.id.clone(), effective, Some(before), None));
        Ok(())
    }

    /// Makes a record, or changes the one that stands under its id already: what makes it is done again and must not count
    /// twice. Where nothing is different, nothing is written.
    pub async fn put(&self, tx: &mut Tx, new: NewRecord) -> Result<Record, RegisterError> {
        let Some(before) = sql::get(tx, &new.register, &new.id).await? else { return self.create(tx, new).await };
        let definition =
            self.definition(&new.register).ok_or_else(|| RegisterError::NoRegister(new.register.clone()))?;
        if checked(definition, &new.values)? == before.values && new.holder == before.holder {
            return Ok(before);
        }
        self.save(tx, Some(&before), new).await
    }

    async fn save(&self, tx: &mut Tx, before: Option<&Record>, new: NewRecord) -> Result<Record, RegisterError> {
        let definition =
            self.definition(&new.register).ok_or_else(|| RegisterError::NoRegister(new.register.clone()))?;
        let values = checked(definition, &new.values)?;
        let dangling = self.dangling(tx, definition, &values).await?;
        if !dangling.is_empty() {
            return Err(RegisterError::Faults(dangling));
        }
        match before {
            // All that it had is given back first, also what has been emptied or written in another form since.
            Some(before) => sql::release(tx, &before.id).await?,
            // Two records of one id would be one whose history is another's.
            None if sql::is_there(tx, &new.id).await? => {
                return Err(RegisterError::Taken { register: new.register, field: "id".into(), value: new.id });
            }
            None => {}
        }
        for (name, _) in definition.fields.iter().filter(|(_, field)| field.unique) {
            let Some(value) = values.get(name).map(plain).filter(|value| !value.is_empty()) else { continue };
            if !sql::claim(tx, &new.register, name, &value, &new.id).await? {
                return Err(RegisterError::Taken { register: new.register.clone(), field: name.clone(), value });
            }
        }
        let record = Record {
            label: values.get(&definition.label).map(plain).unwrap_or_default(),
            id: new.id,
            register: new.register,
            holder: new.holder,
            values,
            version: before.map_or(1, |b| b.version + 1),
            changed: base::stamp(tx.by().at),
        };
        sql::put(tx, &record, &folded(definition, &record)).await?;
        tx.record(change(record.register.clone(), record.id.clone(), new.effective, before, Some(&record)));
        Ok(record)
    }

    pub async fn get(&self, db: &mut Session, register: &str, id: &str) -> Result<Option<Record>, RegisterError> {
        Ok(sql::get(db, register, id).await?)
    }

    /// A page of records and how many there are in all.
    pub async fn search(
        &self,
        definition: &RegisterDefinition,
        search: &Search,
    ) -> Result<(Vec<Record>, i64), RegisterError> {
        let mut db = self.store.read().await?;
        let (register, words) = (&definition.register, words(definition, &search.words));
        let records = sql::list(&mut db, register, &words, &search.after, search.limit.clamp(1, 1000)).await?;
        Ok((records, sql::count(&mut db, register, &words).await?))
    }

    /// A page of the records of which the reader may know, and how many there are in all: of a register that is open to
    /// nobody but those whom its records are about, those about the reader.
    pub async fn search_as(
        &self,
        reader: &Reader,
        definition: &RegisterDefinition,
        search: &Search,
    ) -> Result<(Vec<Record>, i64), RegisterError> {
        if definition.is_open_to(&reader.roles) {
            return self.search(definition, search).await;
        }
        let words = words(definition, &search.words);
        let Some(account) = reader.account.as_deref().filter(|_| definition.read.contains_key("holder")) else {
            return Ok((Vec::new(), 0));
        };
        let mut db = self.store.read().await?;
        let about = sql::About { register: &definition.register, words: &words, account, held: reader.held() };
        let records = sql::list_about(&mut db, &about, &search.after, search.limit.clamp(1, 1000)).await?;
        Ok((records, sql::count_about(&mut db, &about).await?))
    }

    /// The record, if there is one.
    pub async fn find(&self, register: &str, id: &str) -> Result<Option<Record>, RegisterError> {
        let mut db = self.store.read().await?;
        Ok(sql::get(&mut db, register, id).await?)
    }

    /// What the account and its roles may read; a stranger without one reads what is public.
    pub async fn reader(&self, account: Option<&str>, roles: &[String]) -> Result<Reader, RegisterError> {
        match account {
            Some(account) => Reader::of(&mut self.store.read().await?, account, roles).await,
            None => Ok(Reader::default()),
        }
    }

    /// Makes a record in a transaction of its own, for whoever keeps the register by hand.
    pub async fn add(&self, by: By, new: NewRecord, once: Option<Once>) -> Result<Record, RegisterError> {
        let this = self.clone();
        self.store
            .write(by, move |tx| {
                let (this, new, once) = (this.clone(), new.clone(), once.clone());
                Box::pin(async move {
                    if let Some(once) = &once
                        && let Some(record) = once.earlier(tx).await?
                    {
                        return Ok(record);
                    }
                    let record = this.create(tx, new).await?;
                    if let Some(once) = &once {
                        once.keep(tx, &record)?;
                    }
                    Ok(record)
                })
            })
            .await
    }

    /// Changes a record that is at the version which the writer saw, in a transaction of its own.
    pub async fn change(
        &self,
        by: By,
        (register, id, seen): (&str, &str, i64),
        values: Map<String, Json>,
        effective: Date,
    ) -> Result<Record, RegisterError> {
        let (this, register, id) = (self.clone(), register.to_owned(), id.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, register, id, values) = (this.clone(), register.clone(), id.clone(), values.clone());
                Box::pin(async move {
                    let before = at_version(tx, &register, &id, seen).await?;
                    this.update(tx, &before, values, effective).await
                })
            })
            .await
    }

    /// Removes a record that is at the version which the writer saw, in a transaction of its own.
    pub async fn remove(
        &self,
        by: By,
        (register, id, seen): (&str, &str, i64),
        effective: Date,
    ) -> Result<(), RegisterError> {
        let (this, register, id) = (self.clone(), register.to_owned(), id.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, register, id) = (this.clone(), register.clone(), id.clone());
                Box::pin(async move {
                    let before = at_version(tx, &register, &id, seen).await?;
                    this.delete(tx, &before, effective).await
                })
            })
            .await
    }

    /// Every version of a record, oldest first: who, when, why.
    pub async fn history(&self, id: &str) -> Result<Vec<Entry>, RegisterError> {
        let mut db = self.store.read().await?;
        Ok(store::entries_of(&mut db, SOURCE, id).await?)
    }
}

/// What a record was on a day: the last version of its history that had been written by then, with its number, counted
/// from 1. `None` where it was not there yet, or no longer.
pub fn as_of<'a>(history: &'a [Entry], end_of_day: &str) -> Option<(&'a Entry, usize)> {
    let written = history.iter().take_while(|entry| entry.recorded.as_str() <= end_of_day).count();
    let last = history.get(written.checked_sub(1)?)?;
    last.after.is_some().then_some((last, written))
}

/// The record, if it still is what the writer saw.
async fn at_version(tx: &mut Tx, register: &str, id: &str, seen: i64) -> Result<Record, RegisterError> {
    match sql::get(tx, register, id).await? {
        None => Err(RegisterError::NoRecord(id.to_owned())),
        Some(record) if record.version == seen => Ok(record),
        Some(record) => Err(RegisterError::Changed { now: record.version }),
    }
}

fn checked(definition: &RegisterDefinition, values: &Map<String, Json>) -> Result<Map<String, Json>, RegisterError> {
    let mut kept = Map::new();
    let mut faults = Vec::new();
    for (name, field) in &definition.fields {
        match field.accept_json(values.get(name).unwrap_or(&Json::Null)) {
            Ok(value) => {
                kept.insert(name.clone(), value);
            }
            Err(fault) => faults.push((name.clone(), fault)),
        }
    }
    let unknown = values.keys().filter(|name| !definition.fields.contains_key(*name));
    faults.extend(unknown.map(|name| (name.clone(), Fault::new("fault-unknown"))));
    if faults.is_empty() { Ok(kept) } else { Err(RegisterError::Faults(faults)) }
}

/// So many words are looked for at most.
const WORDS_MAX: usize = 8;

/// The words that are looked for, each with the choices that are called so in any language.
fn words(definition: &RegisterDefinition, typed: &str) -> Vec<sql::Word> {
    let public = || definition.fields.iter().filter(|(name, _)| definition.may_read(name, &[]));
    let word = |folded: &str| {
        let called = |title: &Text| title.all().any(|title| base::fold::fold(title).contains(folded));
        let choices = public().flat_map(|(name, field)| field.choices().map(move |choice| (name, choice)));
        let chosen = choices.filter(|(_, (_, title))| called(title));
        let chosen = chosen.map(|(name, (choice, _))| (name.clone(), choice.to_owned())).collect();
        sql::Word { folded: folded.to_owned(), chosen }
    };
    base::fold::fold(typed).split(' ').filter(|word| !word.is_empty()).take(WORDS_MAX).map(word).collect()
}

/// What a search looks into: what is public, folded.
fn folded(definition: &RegisterDefinition, record: &Record) -> String {
    let seen = definition.fields.keys().filter(|name| definition.may_read(name, &[]));
    let words: Vec<String> = seen.filter_map(|name| record.values.get(name)).map(plain).collect();
    base::fold::fold(&words.join(" "))
}

fn change(register: String, row: String, effective: Date, before: Option<&Record>, after: Option<&Record>) -> Change {
    let doc = |record: &Record| Json::Object(record.values.clone());
    Change { source: SOURCE, kind: register, row, effective, before: before.map(doc), after: after.map(doc) }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Null => String::new(),
        other => other.to_string(),
    }
}
