//! A whole database as lines of JSON, from either engine and into either: the way from SQLite to PostgreSQL and back.
//!
//! The first line says which migrations the database has seen; then comes a line for each table with its columns, and a
//! line for each row, every value as text. The last line is the end: how many rows each table has, and the SHA-256 of all
//! that came before it, so that a file that was cut short or changed is known as such.

mod lines;

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use self::lines::Lines;

use crate::{Arg, By, Change, Session, Store, StoreError, Tx, verify::IMPORT};

/// How many rows are written at a time.
const BATCH: usize = 500;

/// The first line.
#[derive(Serialize, Deserialize, PartialEq)]
struct Head {
    anqud: u8,
    migrations: Vec<String>,
}

/// The line before the rows of a table.
#[derive(Serialize, Deserialize)]
struct Table {
    table: String,
    columns: Vec<String>,
}

/// The last line.
#[derive(Serialize, Deserialize)]
struct End {
    /// How many rows each table has.
    end: BTreeMap<String, u64>,
    /// Of every byte before this line, in hexadecimal digits.
    sha256: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Table(Table),
    Row(Vec<Option<String>>),
    End(End),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Text,
    Document,
}

const FORMAT: u8 = 2;
/// Files of this format have no end.
const FORMAT_WITHOUT_END: u8 = 1;

fn refused(message: impl Into<String>) -> StoreError {
    StoreError::Copy(message.into())
}

/// Writes every row to a file that does not exist yet, as they stood at one moment; how many there were.
pub async fn export(store: &Store, to: &Path) -> Result<u64, StoreError> {
    let said = |error: io::Error| refused(format!("{} cannot be written: {error}", to.display()));
    let mut out = BufWriter::new(create_private(to).map_err(said)?);
    let written = export_to(store, &mut out).await.and_then(|rows| out.flush().map(|()| rows).map_err(said));
    if written.is_err() {
        // What is half written is no export, and would stand in the way of the next.
        let _ = std::fs::remove_file(to);
    }
    written
}

/// A new file that only its owner can read: a database, a copy of one or an export holds the hashes of passwords and the seed of the seal.
pub(crate) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

async fn export_to(store: &Store, out: &mut (impl Write + Send)) -> Result<u64, StoreError> {
    let mut session = store.read().await?;
    session
        .script(if session.is_postgres() { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" })
        .await?;
    let written = write_all(&mut session, out).await;
    session.script("COMMIT").await?;
    written
}

/// Where lines go, and what they come to.
struct Out<'a, W> {
    to: &'a mut W,
    hash: Sha256,
}

impl<W: Write> Out<'_, W> {
    fn line(&mut self, value: &impl Serialize) -> Result<(), StoreError> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.hash.update(&line);
        self.to.write_all(&line).map_err(|error| refused(format!("the file cannot be written: {error}")))
    }
}

async fn write_all(session: &mut Session, to: &mut (impl Write + Send)) -> Result<u64, StoreError> {
    let mut out = Out { to, hash: Sha256::new() };
    out.line(&Head { anqud: FORMAT, migrations: migrations(session).await? })?;
    let mut end = BTreeMap::new();
    for (table, columns) in tables(session).await? {
        let columns: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        let texts: Vec<String> = columns.iter().map(|name| format!("CAST(\"{name}\" AS TEXT) AS \"{name}\"")).collect();
        let order = columns.first().map_or("1", String::as_str);
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY \"{table}\".\"{order}\"", texts.join(", "));
        out.line(&Table { table: table.clone(), columns: columns.clone() })?;
        let mut rows = 0;
        session
            .each(&sql, &[], |row| {
                rows += 1;
                let values = (0..columns.len()).map(|place| row.text_opt(place)).collect::<Result<Vec<_>, _>>()?;
                out.line(&values)
            })
            .await?;
        end.insert(table, rows);
    }
    let rows = end.values().sum();
    let sha256 = digits(&out.hash);
    out.line(&End { end, sha256 })?;
    Ok(rows)
}

/// What was hashed so far, in hexadecimal digits.
fn digits(hash: &Sha256) -> String {
    hash.clone().finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fills a database that holds nothing yet from such a file; how many rows there were. All of it or nothing. A file
/// of before there were ends is only taken in where `without_end` says so: nobody can tell whether it is whole.
pub async fn import(store: &Store, by: By, from: &Path, without_end: bool) -> Result<u64, StoreError> {
    let from = from.to_owned();
    store.write(by, move |tx| Box::pin(read_all(tx, from.clone(), without_end))).await
}

async fn read_all(tx: &mut Tx, from: PathBuf, without_end: bool) -> Result<u64, StoreError> {
    let mut lines = Lines::open(&from)?;
    let head = lines.next()?.ok_or_else(|| refused(format!("{} is empty", from.display())))?;
    let head: serde_json::Result<Head> = serde_json::from_slice(head);
    let head = head.map_err(|_| lines.strange())?;
    let has_end = match head.anqud {
        FORMAT => true,
        FORMAT_WITHOUT_END if without_end => false,
        FORMAT_WITHOUT_END => {
            let why = "was exported before files had an end, so nobody can tell whether it is whole; export it again, \
                or say --without-end";
            return Err(refused(format!("{} {why}", from.display())));
        }
        _ => return Err(other_version(&from)),
    };
    if head.migrations != migrations(tx).await? {
        return Err(other_version(&from));
    }
    let known: BTreeMap<String, Vec<(String, Sort)>> = tables(tx).await?.into_iter().collect();
    let filled = tx.one("SELECT 1 AS one FROM journal LIMIT 1", &[]).await?;
    if filled.is_some() {
        return Err(refused("this database holds something already; name one that does not exist or is empty"));
    }
    for table in known.keys() {
        // What a migration put there comes with the export too.
        tx.run(&format!("DELETE FROM \"{table}\""), &[]).await?;
    }
    let mut taken: BTreeMap<String, u64> = BTreeMap::new();
    let mut filling = Filling::default();
    let end = loop {
        let Some(line) = lines.next()? else { break None };
        let line: serde_json::Result<Line> = serde_json::from_slice(line);
        match line.map_err(|_| lines.strange())? {
            Line::Table(table) => {
                filling.write(tx, &lines).await?;
                filling = Filling::of(&table, &known).map_err(|why| lines.wrong(&why))?;
                if taken.insert(table.table, 0).is_some() {
                    return Err(lines.wrong("this table has come before"));
                }
            }
            Line::Row(values) => {
                let Some(rows) = taken.get_mut(&filling.table) else { return Err(lines.wrong("no table came before")) };
                *rows += 1;
                if tx.is_postgres()
                    && let Some(column) = nul_in(&values)
                {
                    return Err(lines.wrong(&format!(
                        "the value {} of «{}» holds the character U+0000, which PostgreSQL cannot keep; it came in before \
                         such characters were refused. Correct it where the export was made, and export again",
                        column + 1,
                        filling.table,
                    )));
                }
                filling.rows.push(filling.arguments(values).map_err(|why| lines.wrong(&why))?);
                if filling.rows.len() == BATCH {
                    filling.write(tx, &lines).await?;
                }
            }
            Line::End(end) => break Some(end),
        }
    };
    filling.write(tx, &lines).await?;
    match end {
        Some(end) => whole(&end, &taken, &mut lines)?,
        None if has_end => return Err(lines.cut()),
        None => {}
    }
    count_on(tx, &known).await?;
    tell_gaps(tx).await?;
    Ok(taken.values().sum())
}

/// Numbers that PostgreSQL left out come over too. On SQLite, which leaves none out, the journal says so, lest they look
/// like entries that were taken away.
async fn tell_gaps(tx: &mut Tx) -> Result<(), StoreError> {
    let row = tx.one("SELECT count(*) AS number, coalesce(max(seq), 0) AS last FROM journal", &[]).await?;
    let (number, last) = row.map_or(Ok((0, 0)), |row| Ok::<_, StoreError>((row.int("number")?, row.int("last")?)))?;
    if !tx.is_postgres() && number < last {
        let effective = tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date();
        let (source, row, after) = (IMPORT, last.to_string(), serde_json::json!({"missing": last - number}));
        tx.record(Change { source, kind: "journal".into(), row, effective, before: None, after: Some(after) });
    }
    Ok(())
}

fn other_version(from: &Path) -> StoreError {
    let why = "was exported by another version of Anqud; export it again with the version that is to import it";
    refused(format!("{} {why}", from.display()))
}

/// Whether the file is what its end says.
fn whole(end: &End, taken: &BTreeMap<String, u64>, lines: &mut Lines) -> Result<(), StoreError> {
    for table in end.end.keys().chain(taken.keys()) {
        let (said, came) = (end.end.get(table).copied().unwrap_or(0), taken.get(table).copied().unwrap_or(0));
        if said != came {
            return Err(lines.wrong(&format!("the table {table} has {came} rows, and {said} were exported")));
        }
    }
    if end.sha256 != digits(lines.hash_before()) {
        return Err(lines.wrong("something before it is not what was exported: the file was changed or damaged"));
    }
    match lines.next()? {
        Some(_) => Err(lines.wrong("this comes after the end")),
        None => Ok(()),
    }
}

/// The table that is being filled.
#[derive(Default)]
struct Filling {
    table: String,
    head: String,
    columns: Vec<(String, Sort)>,
    rows: Vec<Vec<Arg>>,
}

impl Filling {
    fn of(table: &Table, known: &BTreeMap<String, Vec<(String, Sort)>>) -> Result<Filling, String> {
        let columns = known.get(&table.table).ok_or_else(|| format!("there is no table {}", table.table))?;
        let column = |name: &String| {
            let found = columns.iter().find(|(known, _)| known == name).cloned();
            found.ok_or_else(|| format!("the table {} has no column {name}", table.table))
        };
        let head = format!("INSERT INTO \"{}\" (\"{}\")", table.table, table.columns.join("\", \""));
        let columns = table.columns.iter().map(column).collect::<Result<Vec<_>, _>>()?;
        Ok(Filling { table: table.table.clone(), head, columns, rows: Vec::new() })
    }

    async fn write(&mut self, tx: &mut Tx, lines: &Lines) -> Result<(), StoreError> {
        if self.rows.is_empty() {
            return Ok(());
        }
        let written = tx.insert_many(&self.head, &self.rows).await;
        let many = self.rows.len();
        self.rows.clear();
        // What the database asks to be tried again is not the fault of the file.
        written.map_err(|error| match error.is_serialization_failure() {
            true => error,
            false => {
                lines.wrong(&format!("of this or the {many} before it a row of {} is refused: {error}", self.table))
            }
        })
    }

    fn arguments(&self, values: Vec<Option<String>>) -> Result<Vec<Arg>, String> {
        if values.len() != self.columns.len() {
            let (has, wanted) = (values.len(), self.columns.len());
            return Err(format!("it has {has} values, and the table {} has {wanted} columns", self.table));
        }
        let argument = |(value, (column, sort)): (Option<String>, &(String, Sort))| {
            let wrong = |what: &str| format!("what stands for {column} is no {what}");
            Ok(match (sort, value) {
                (Sort::Text, value) => Arg::Text(value),
                (Sort::Number, None) => Arg::Int(None),
                (Sort::Number, Some(value)) => Arg::Int(Some(value.parse().map_err(|_| wrong("whole number"))?)),
                (Sort::Document, None) => Arg::Json(None),
                (Sort::Document, Some(value)) => {
                    Arg::Json(Some(serde_json::from_str(&value).map_err(|_| wrong("document"))?))
                }
            })
        };
        values.into_iter().zip(&self.columns).map(argument).collect()
    }
}

/// The first value that holds U+0000, as it is or escaped in a document.
fn nul_in(values: &[Option<String>]) -> Option<usize> {
    let holds = |text: &str| {
        let mut escaped = false;
        text.contains('\0')
            || text.char_indices().any(|(at, c)| {
                let begins = escaped && text[at..].starts_with("u0000");
                escaped = c == '\\' && !escaped;
                begins
            })
    };
    values.iter().position(|value| value.as_deref().is_some_and(holds))
}

/// Every table with the names of its columns.
pub(crate) async fn columns(session: &mut Session) -> Result<BTreeMap<String, Vec<String>>, StoreError> {
    let names = |columns: Vec<(String, Sort)>| columns.into_iter().map(|(name, _)| name).collect();
    Ok(tables(session).await?.into_iter().map(|(table, columns)| (table, names(columns))).collect())
}

async fn migrations(session: &mut Session) -> Result<Vec<String>, StoreError> {
    let rows = session.all("SELECT name FROM migration", &[]).await?;
    let mut names = rows.iter().map(|row| row.text("name")).collect::<Result<Vec<_>, _>>()?;
    names.sort();
    Ok(names)
}

/// Every table but that of migrations, by name, with its columns.
async fn tables(session: &mut Session) -> Result<Vec<(String, Vec<(String, Sort)>)>, StoreError> {
    let sql = match session.is_postgres() {
        true => {
            "SELECT CAST(c.table_name AS TEXT) AS name, CAST(c.column_name AS TEXT) AS column_name, \
             CAST(c.data_type AS TEXT) AS type FROM information_schema.columns c \
             WHERE c.table_schema = current_schema() ORDER BY c.table_name COLLATE \"C\", c.ordinal_position"
        }
        false => {
            "SELECT m.name AS name, c.name AS column_name, lower(c.type) AS type FROM sqlite_master m \
             JOIN pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid"
        }
    };
    let mut tables: Vec<(String, Vec<(String, Sort)>)> = Vec::new();
    for row in session.all(sql, &[]).await? {
        let (name, column) = (row.text("name")?, row.text("column_name")?);
        let sort = match row.text("type")?.as_str() {
            "bigint" | "integer" => Sort::Number,
            "jsonb" => Sort::Document,
            _ => Sort::Text,
        };
        match tables.last_mut() {
            Some((last, columns)) if *last == name => columns.push((column, sort)),
            _ => tables.push((name, vec![(column, sort)])),
        }
    }
    tables.retain(|(name, _)| name != "migration");
    Ok(tables)
}

/// Lets numbers that PostgreSQL gives out go on after those that came. SQLite does so by itself.
async fn count_on(tx: &mut Tx, known: &BTreeMap<String, Vec<(String, Sort)>>) -> Result<(), StoreError> {
    if !tx.is_postgres() {
        return Ok(());
    }
    for (table, columns) in known {
        for (column, _) in columns.iter().filter(|(_, sort)| *sort == Sort::Number) {
            let sql = format!(
                "SELECT setval(s.name, (SELECT coalesce(max(\"{column}\"), 0) + 1 FROM \"{table}\"), false) AS next \
                 FROM (SELECT pg_get_serial_sequence($1, $2) AS name) AS s WHERE s.name IS NOT NULL"
            );
            tx.all(&sql, &[table.into(), column.into()]).await?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_postgres_cannot_keep_is_found() {
        #[track_caller]
        fn check(value: &str, expect: bool) {
            assert_eq!(nul_in(&[None, Some("a".into()), Some(value.into())]), expect.then_some(2), "{value:?}");
        }
        check("a\0b", true);
        check(r#"{"a": "x\u0000"}"#, true);
        check(r#"{"a\u0000": 1}"#, true);
        check(r#"{"a": "\\u0000"}"#, false);
        check(r#"{"a": "\\\u0000"}"#, true);
        check(r#"{"a": "\u00001"}"#, true);
        check("u0000 \u{7f}", false);
    }
}
