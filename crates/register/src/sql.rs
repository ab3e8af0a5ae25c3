//! The SQL of the registers.

use std::collections::BTreeSet;

use serde_json::Value as Json;
use store::{Arg, Migration, Row, Session, StoreError};

use crate::Record;

/// The tables of the registers.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "register-0001-records", sql: include_str!("../migrations/0001_records.sql") },
    Migration { name: "register-0002-fold", sql: include_str!("../migrations/0002_fold.sql") },
    Migration {
        name: "register-0002-record-key-record",
        sql: include_str!("../migrations/0002_record_key_record.sql"),
    },
    Migration { name: "register-0003-prints", sql: include_str!("../migrations/0003_prints.sql") },
];

const COLUMNS: &str = "SELECT id, register, holder, label, doc, version, changed FROM record";

fn record(row: &Row) -> Result<Record, StoreError> {
    Ok(Record {
        id: row.text("id")?,
        register: row.text("register")?,
        holder: row.text_opt("holder")?,
        label: row.text("label")?,
        values: match row.json("doc")? {
            Json::Object(map) => map,
            _ => serde_json::Map::new(),
        },
        version: row.int("version")?,
        changed: row.text("changed")?,
    })
}

/// Records that were folded by an older version, so many at most.
pub(crate) async fn folded_before(db: &mut Session, version: i64, limit: i64) -> Result<Vec<Record>, StoreError> {
    let sql = format!("{COLUMNS} WHERE fold < $1 ORDER BY id LIMIT $2");
    db.all(&sql, &[version.into(), limit.into()]).await?.iter().map(record).collect()
}

/// Keeps what a search looks into. It is derived from the record, so nothing of it is in the journal.
pub(crate) async fn set_folded(db: &mut Session, id: &str, folded: &str, version: i64) -> Result<(), StoreError> {
    let sql = "UPDATE record SET folded = $2, fold = $3 WHERE id = $1";
    db.run(sql, &[id.into(), folded.into(), version.into()]).await?;
    Ok(())
}

pub(crate) async fn get(db: &mut Session, register: &str, id: &str) -> Result<Option<Record>, StoreError> {
    let sql = format!("{COLUMNS} WHERE register = $1 AND id = $2");
    db.one(&sql, &[register.into(), id.into()]).await?.as_ref().map(record).transpose()
}

/// The record of the register that alone has this value in a field where no two records have the same.
pub(crate) async fn by_value(db: &mut Session, register: &str, value: &str) -> Result<Option<Record>, StoreError> {
    let sql = format!(
        "{COLUMNS} WHERE register = $1 AND id IN (SELECT record FROM record_key WHERE register = $1 AND value = $2) LIMIT 2"
    );
    match db.all(&sql, &[register.into(), value.into()]).await?.as_slice() {
        [one] => record(one).map(Some),
        _ => Ok(None),
    }
}

/// The ids of the records that belong to an account, of whichever register.
pub(crate) async fn held_by(db: &mut Session, account: &str) -> Result<Vec<String>, StoreError> {
    let rows = db.all("SELECT id FROM record WHERE holder = $1 LIMIT 1000", &[account.into()]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// The records of a register that belong to an account.
pub(crate) async fn held_of(db: &mut Session, register: &str, account: &str) -> Result<Vec<Record>, StoreError> {
    let sql = format!("{COLUMNS} WHERE holder = $1 AND register = $2 ORDER BY label, id LIMIT 100");
    db.all(&sql, &[account.into(), register.into()]).await?.iter().map(record).collect()
}

pub(crate) async fn put(db: &mut Session, record: &Record, folded: &str) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO record (id, register, holder, label, folded, doc, version, changed, fold) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
         ON CONFLICT (id) DO UPDATE SET holder = excluded.holder, label = excluded.label, folded = excluded.folded, \
         fold = excluded.fold, doc = excluded.doc, version = excluded.version, changed = excluded.changed",
        &[
            record.id.as_str().into(),
            record.register.as_str().into(),
            record.holder.clone().into(),
            record.label.as_str().into(),
            folded.into(),
            Json::Object(record.values.clone()).into(),
            record.version.into(),
            record.changed.as_str().into(),
            base::fold::VERSION.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn delete(db: &mut Session, id: &str) -> Result<(), StoreError> {
    release(db, id).await?;
    db.run("DELETE FROM record WHERE id = $1", &[id.into()]).await?;
    Ok(())
}

/// The values that no other record of the register may have belong to this record no longer.
pub(crate) async fn release(db: &mut Session, record: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM record_key WHERE record = $1", &[record.into()]).await?;
    Ok(())
}

/// Whether there is a record of that id, of whichever register.
pub(crate) async fn is_there(db: &mut Session, id: &str) -> Result<bool, StoreError> {
    Ok(db.one("SELECT 1 AS one FROM record WHERE id = $1", &[id.into()]).await?.is_some())
}

/// Whether the value could be claimed for the record.
pub(crate) async fn claim(
    db: &mut Session,
    register: &str,
    field: &str,
    value: &str,
    record: &str,
) -> Result<bool, StoreError> {
    let args: [Arg; 4] = [register.into(), field.into(), value.into(), record.into()];
    let claimed = db
        .run(
            "INSERT INTO record_key (register, field, value, record) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING",
            &args,
        )
        .await?;
    Ok(claimed == 1)
}

/// A record of a register whose field names another.
pub(crate) async fn naming(
    db: &mut Session,
    register: &str,
    field: &str,
    id: &str,
) -> Result<Option<Record>, StoreError> {
    let sql = format!("{COLUMNS} WHERE register = $1 AND doc ->> CAST($2 AS TEXT) = $3 ORDER BY id LIMIT 1");
    db.one(&sql, &[register.into(), field.into(), id.into()]).await?.as_ref().map(record).transpose()
}

/// A word that is looked for.
#[derive(Debug)]
pub(crate) struct Word {
    /// As it is found in the text of a record.
    pub folded: String,
    /// The choices whose title has it: the field, and the name of the choice.
    pub chosen: Vec<(String, String)>,
}

/// The condition that each of the words is somewhere in a record.
fn having(words: &[Word], args: &mut Vec<Arg>) -> String {
    let mut condition = String::new();
    for word in words {
        args.push(format!("%{}%", word.folded.replace(['%', '_'], "")).into());
        condition += &format!(" AND (folded LIKE ${}", args.len());
        for (field, choice) in &word.chosen {
            args.extend([field.into(), choice.into(), format!("%\"{}\"%", choice.replace(['%', '_'], "")).into()]);
            let n = args.len();
            // Of several choices the document holds a list.
            condition += &format!(
                " OR doc ->> CAST(${} AS TEXT) = ${} OR doc ->> CAST(${} AS TEXT) LIKE ${n}",
                n - 2,
                n - 1,
                n - 2
            );
        }
        condition.push(')');
    }
    condition
}

pub(crate) async fn list(
    db: &mut Session,
    register: &str,
    words: &[Word],
    after: &str,
    limit: i64,
) -> Result<Vec<Record>, StoreError> {
    let mut args: Vec<Arg> = vec![register.into(), after.into(), limit.into()];
    let having = having(words, &mut args);
    let sql = format!("{COLUMNS} WHERE register = $1 AND id > $2{having} ORDER BY id LIMIT $3");
    db.all(&sql, &args).await?.iter().map(record).collect()
}

pub(crate) async fn count(db: &mut Session, register: &str, words: &[Word]) -> Result<i64, StoreError> {
    let mut args: Vec<Arg> = vec![register.into()];
    let having = having(words, &mut args);
    let row = db.one(&format!("SELECT count(*) AS n FROM record WHERE register = $1{having}"), &args).await?;
    row.map_or(Ok(0), |r| r.int("n"))
}

/// The records of a register that are about an account: those that belong to it, and those whose field `holder` names a
/// record that does.
pub(crate) struct About<'a> {
    pub register: &'a str,
    pub words: &'a [Word],
    pub account: &'a str,
    pub held: &'a BTreeSet<String>,
}

impl About<'_> {
    /// The condition with its arguments.
    fn condition(&self) -> (String, Vec<Arg>) {
        let mut args: Vec<Arg> = vec![self.register.into(), self.account.into()];
        let mut about = "holder = $2".to_owned();
        if !self.held.is_empty() {
            args.extend(self.held.iter().map(Arg::from));
            let marks: Vec<String> = (3..args.len() + 1).map(|n| format!("${n}")).collect();
            about = format!("({about} OR doc ->> 'holder' IN ({}))", marks.join(", "));
        }
        let having = having(self.words, &mut args);
        (format!("WHERE register = $1 AND {about}{having}"), args)
    }
}

pub(crate) async fn list_about(
    db: &mut Session,
    about: &About<'_>,
    after: &str,
    limit: i64,
) -> Result<Vec<Record>, StoreError> {
    let (condition, mut args) = about.condition();
    args.extend([after.into(), limit.into()]);
    let n = args.len();
    let sql = format!("{COLUMNS} {condition} AND id > ${} ORDER BY id LIMIT ${n}", n - 1);
    db.all(&sql, &args).await?.iter().map(record).collect()
}

pub(crate) async fn count_about(db: &mut Session, about: &About<'_>) -> Result<i64, StoreError> {
    let (condition, args) = about.condition();
    let row = db.one(&format!("SELECT count(*) AS n FROM record {condition}"), &args).await?;
    row.map_or(Ok(0), |r| r.int("n"))
}
