//! A whole database as lines of JSON, from either engine and into either: the way from SQLite to PostgreSQL and back.
//!
//! The first line says which migrations the database has seen; then comes a line for each table with its columns, and a
//! line for each row, every value as text.

use std::{
    collections::BTreeMap,
    fs::File,
    io::{self, BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{Arg, By, Session, Store, StoreError, Tx};

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

#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Table(Table),
    Row(Vec<Option<String>>),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Text,
    Document,
}

const FORMAT: u8 = 1;

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

async fn write_all(session: &mut Session, out: &mut (impl Write + Send)) -> Result<u64, StoreError> {
    let mut line = |value: serde_json::Result<String>| {
        writeln!(out, "{}", value?).map_err(|error| refused(format!("the file cannot be written: {error}")))
    };
    line(serde_json::to_string(&Head { anqud: FORMAT, migrations: migrations(session).await? }))?;
    let mut rows = 0;
    for (table, columns) in tables(session).await? {
        let columns: Vec<String> = columns.into_iter().map(|(name, _)| name).collect();
        let texts: Vec<String> = columns.iter().map(|name| format!("CAST(\"{name}\" AS TEXT) AS \"{name}\"")).collect();
        let order = columns.first().map_or("1", String::as_str);
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY \"{table}\".\"{order}\"", texts.join(", "));
        line(serde_json::to_string(&Table { table, columns: columns.clone() }))?;
        session
            .each(&sql, &[], |row| {
                rows += 1;
                let values = (0..columns.len()).map(|place| row.text_opt(place)).collect::<Result<Vec<_>, _>>()?;
                line(serde_json::to_string(&values))
            })
            .await?;
    }
    Ok(rows)
}

/// Fills a database that holds nothing yet from such a file; how many rows there were. All of it or nothing.
pub async fn import(store: &Store, by: By, from: &Path) -> Result<u64, StoreError> {
    let from = from.to_owned();
    store.write(by, move |tx| Box::pin(read_all(tx, from.clone()))).await
}

async fn read_all(tx: &mut Tx, from: PathBuf) -> Result<u64, StoreError> {
    let said = |error: io::Error| refused(format!("{} cannot be read: {error}", from.display()));
    let wrong =
        |number: usize| refused(format!("line {number} of {} is not what `anqud export` writes", from.display()));
    let mut lines = BufReader::new(File::open(&from).map_err(said)?).lines().enumerate();
    let (_, head) = lines.next().ok_or_else(|| wrong(1))?;
    let head: Head = serde_json::from_str(&head.map_err(said)?).map_err(|_| wrong(1))?;
    if head != (Head { anqud: FORMAT, migrations: migrations(tx).await? }) {
        let why = "was exported by another version of Anqud; export it again with the version that is to import it";
        return Err(refused(format!("{} {why}", from.display())));
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
    let mut rows = 0;
    let mut filling = Filling { head: String::new(), sorts: Vec::new(), rows: Vec::new() };
    for (index, line) in lines {
        match serde_json::from_str(&line.map_err(said)?).map_err(|_| wrong(index + 1))? {
            Line::Table(table) => {
                filling.write(tx).await?;
                filling = Filling::of(&table, &known).ok_or_else(|| wrong(index + 1))?;
            }
            Line::Row(values) => {
                rows += 1;
                if tx.is_postgres()
                    && let Some(column) = nul_in(&values)
                {
                    return Err(refused(format!(
                        "line {} of {}: the value {} of «{}» holds the character U+0000, which PostgreSQL cannot keep; \
                         it came in before such characters were refused. Correct it where the export was made, and export again",
                        index + 1,
                        from.display(),
                        column + 1,
                        filling.head.split('"').nth(1).unwrap_or_default(),
                    )));
                }
                filling.rows.push(arguments(values, &filling.sorts).ok_or_else(|| wrong(index + 1))?);
                if filling.rows.len() == BATCH {
                    filling.write(tx).await?;
                }
            }
        }
    }
    filling.write(tx).await?;
    count_on(tx, &known).await?;
    Ok(rows)
}

/// The table that is being filled.
struct Filling {
    head: String,
    sorts: Vec<Sort>,
    rows: Vec<Vec<Arg>>,
}

impl Filling {
    fn of(table: &Table, known: &BTreeMap<String, Vec<(String, Sort)>>) -> Option<Filling> {
        let columns = known.get(&table.table)?;
        let sort = |name: &String| columns.iter().find(|(known, _)| known == name).map(|(_, sort)| *sort);
        let sorts = table.columns.iter().map(sort).collect::<Option<Vec<_>>>()?;
        let head = format!("INSERT INTO \"{}\" (\"{}\")", table.table, table.columns.join("\", \""));
        Some(Filling { head, sorts, rows: Vec::new() })
    }

    async fn write(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        tx.insert_many(&self.head, &self.rows).await?;
        self.rows.clear();
        Ok(())
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

fn arguments(values: Vec<Option<String>>, sorts: &[Sort]) -> Option<Vec<Arg>> {
    if values.len() != sorts.len() || sorts.is_empty() {
        return None;
    }
    let argument = |(value, sort): (Option<String>, &Sort)| {
        Some(match (sort, value) {
            (Sort::Text, value) => Arg::Text(value),
            (Sort::Number, None) => Arg::Int(None),
            (Sort::Number, Some(value)) => Arg::Int(Some(value.parse().ok()?)),
            (Sort::Document, None) => Arg::Json(None),
            (Sort::Document, Some(value)) => Arg::Json(Some(serde_json::from_str(&value).ok()?)),
        })
    };
    values.into_iter().zip(sorts).map(argument).collect()
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
