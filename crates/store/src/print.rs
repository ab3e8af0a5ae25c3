//! Prints of rows: a hash of every column of a row, and of the rows that belong to it, written into the journal with each
//! change. What a document leaves out (a password's hash, who holds a record) is thereby held as well, without being told.
//!
//! Which tables have prints is said in migrations by lines `{{PRINTS source: table key -column; other key}}`: rows of the
//! journal with that source are about the row of the table with that key, and the rows of the others that name it. A column
//! after a dash does not count. A column that is empty does not either, so that a migration may add columns that are.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

use crate::{Arg, Line, Migration, Session, StoreError, transfer};

/// How the marks in migrations begin and end.
const MARK: (&str, &str) = ("{{PRINTS ", "}}");

/// A sum of hashes of rows, each cut to 128 bits, so that their order does not matter.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Print(pub u128);

impl Print {
    pub fn add(&mut self, other: Print) {
        self.0 = self.0.wrapping_add(other.0);
    }

    pub fn parse(text: &str) -> Option<Print> {
        u128::from_str_radix(text, 16).ok().map(Print)
    }
}

impl std::fmt::Display for Print {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// A table that counts for the prints of a source.
#[derive(Debug)]
pub(crate) struct Part {
    pub table: String,
    /// A column, or an expression in brackets.
    pub key: String,
    without: Vec<String>,
    /// By name. Known when the database is open.
    pub columns: Vec<String>,
}

/// The tables of a source: the first holds its row, the others what belongs to it.
#[derive(Debug)]
pub(crate) struct Printed {
    pub source: String,
    pub parts: Vec<Part>,
    /// Reads all that belongs to one row.
    sql: String,
    width: usize,
}

/// Every source that has prints.
#[derive(Debug, Default)]
pub(crate) struct Prints(pub Vec<Printed>);

/// Whether the line of a migration is a mark of prints, which is no statement.
pub(crate) fn is_mark(line: &str) -> bool {
    line.starts_with(MARK.0)
}

impl Prints {
    /// What the migrations say, with the columns that the tables have.
    pub async fn of(session: &mut Session, migrations: &[Migration]) -> Result<Prints, StoreError> {
        let marks = migrations.iter().flat_map(|migration| migration.sql.lines());
        let marks = marks.filter_map(|line| line.strip_prefix(MARK.0)?.strip_suffix(MARK.1)?.split_once(": "));
        // A later mark of a source stands for the earlier.
        let marks: BTreeMap<&str, &str> = marks.collect();
        if marks.is_empty() {
            return Ok(Prints::default());
        }
        let tables: BTreeMap<String, Vec<String>> = transfer::columns(session).await?;
        let printed = |(source, parts): (&str, &str)| {
            let parts = parts.split("; ").map(|part| Part::of(part, &tables)).collect::<Option<Vec<_>>>()?;
            Some(Printed::of(source, parts))
        };
        let all = marks.into_iter().map(printed).collect::<Option<Vec<_>>>();
        all.map(Prints).ok_or(StoreError::Abandoned("a migration marks prints of a table that there is not"))
    }

    pub fn place(&self, source: &str) -> Option<usize> {
        self.0.iter().position(|printed| printed.source == source)
    }

    /// The print of a row as it stands; `None` where nothing has prints, or there is no such row.
    pub async fn read(&self, session: &mut Session, source: &str, row: &str) -> Result<Option<Print>, StoreError> {
        let Some(printed) = self.place(source).and_then(|place| self.0.get(place)) else { return Ok(None) };
        let (mut print, mut found) = (Print::default(), false);
        session
            .each(&printed.sql, &[row.into()], |line| {
                let part = usize::try_from(line.int(0)?).unwrap_or(usize::MAX);
                let Some(of) = printed.parts.get(part) else { return Ok(()) };
                found |= part == 0;
                print.add(of.print(&line, 1)?);
                Ok(())
            })
            .await?;
        Ok(found.then_some(print))
    }

    /// Writes prints into rows of the journal that are about to be inserted.
    pub async fn fill(&self, session: &mut Session, rows: &mut [Vec<Arg>]) -> Result<(), StoreError> {
        if self.0.is_empty() {
            return Ok(());
        }
        let mut known: FxHashMap<(String, String), Option<String>> = FxHashMap::default();
        for row in rows {
            let [_, _, _, Arg::Text(Some(source)), _, Arg::Text(Some(key)), .., last] = row.as_mut_slice() else {
                continue;
            };
            let about = (source.clone(), key.clone());
            let print = match known.get(&about) {
                Some(print) => print.clone(),
                None => {
                    let print = self.read(session, source, key).await?.map(|print| print.to_string());
                    known.insert(about, print.clone());
                    print
                }
            };
            *last = print.into();
        }
        Ok(())
    }
}

impl Part {
    fn of(text: &str, tables: &BTreeMap<String, Vec<String>>) -> Option<Part> {
        let (table, rest) = text.trim().split_once(' ')?;
        let end = if rest.starts_with('(') { rest.rfind(')')? + 1 } else { rest.find(' ').unwrap_or(rest.len()) };
        let (key, rest) = rest.split_at(end);
        let without: Vec<String> =
            rest.split(' ').filter_map(|word| word.strip_prefix('-')).map(str::to_owned).collect();
        let mut columns: Vec<String> =
            tables.get(table)?.iter().filter(|name| !without.contains(name)).cloned().collect();
        columns.sort();
        Some(Part { table: table.to_owned(), key: key.to_owned(), without, columns })
    }

    /// The columns as texts.
    pub fn texts(&self) -> Vec<String> {
        self.columns.iter().map(|name| format!("CAST(\"{name}\" AS TEXT)")).collect()
    }

    /// The print of one of its rows, whose columns stand from a place on.
    pub fn print(&self, line: &Line<'_>, from: usize) -> Result<Print, StoreError> {
        let mut hasher = Sha256::new();
        hasher.update(self.table.as_bytes());
        for (place, name) in self.columns.iter().enumerate() {
            let Some(value) = line.text_opt(from + place)? else { continue };
            hasher.update([0x1e]);
            hasher.update(name.as_bytes());
            hasher.update([0x1f]);
            match document(value) {
                Some(document) => hasher.update(document.as_bytes()),
                None => hasher.update(value.as_bytes()),
            }
        }
        let digest = hasher.finalize();
        Ok(Print(digest.iter().take(16).fold(0, |number, byte| number << 8 | u128::from(*byte))))
    }

    /// Whether a column counts.
    pub fn counts(&self, column: &str) -> bool {
        !self.without.iter().any(|name| name == column)
    }
}

/// A document with its keys in order, since PostgreSQL keeps them in another than SQLite; `None` where it is none.
fn document(value: &str) -> Option<String> {
    if !value.starts_with(['{', '[']) {
        return None;
    }
    let document: Json = serde_json::from_str(value).ok()?;
    Some(sorted(&document).to_string())
}

/// A document with its keys in order.
pub(crate) fn sorted(document: &Json) -> Json {
    match document {
        Json::Object(map) => {
            let mut keys: Vec<_> = map.iter().collect();
            keys.sort_by_key(|(key, _)| *key);
            Json::Object(keys.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect())
        }
        Json::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

impl Printed {
    fn of(source: &str, parts: Vec<Part>) -> Printed {
        let width = parts.iter().map(|part| part.columns.len()).max().unwrap_or(0);
        let mut printed = Printed { source: source.to_owned(), parts, sql: String::new(), width };
        let one = |(place, part): (usize, &Part)| {
            let mut texts = part.texts();
            texts.resize(printed.width, "CAST(NULL AS TEXT)".to_owned());
            // A number of that width on PostgreSQL too.
            format!("SELECT CAST({place} AS BIGINT), {} FROM {} WHERE {} = $1", texts.join(", "), part.table, part.key)
        };
        printed.sql = printed.parts.iter().enumerate().map(one).collect::<Vec<_>>().join(" UNION ALL ");
        printed
    }
}
