//! The audit of rows: whether what stands in the tables is what the journal says of them last. It reads the journal once,
//! keeps a few words for each row, and holds the prints of the rows against them.

use std::{
    fmt,
    hash::{BuildHasher, RandomState},
};

use rustc_hash::{FxHashMap, FxHashSet};
use serde_json::{Map, Value as Json};

use crate::{
    Arg, Session, Store, StoreError, Verified,
    print::{Part, Print, Printed, Prints},
    verify::verify,
};

/// So many findings are told at most; the others are counted.
const TOLD_MAX: usize = 100;

/// Something that is not what the journal says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What sort of row: a case, a payment, a posting …
    pub what: String,
    pub row: String,
    /// What the journal, or whatever it is derived from, says.
    pub said: String,
    /// What stands.
    pub stands: String,
}

impl Finding {
    pub fn new(what: &str, row: impl Into<String>, said: impl Into<String>, stands: impl Into<String>) -> Finding {
        Finding { what: what.to_owned(), row: row.into(), said: said.into(), stands: stands.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: the journal says {}; what stands is {}", self.what, self.row, self.said, self.stands)
    }
}

/// Findings, the first hundred of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Findings {
    pub told: Vec<Finding>,
    /// How many more there are.
    pub more: u64,
}

impl Findings {
    pub fn add(&mut self, finding: impl FnOnce() -> Finding) {
        if self.told.len() < TOLD_MAX { self.told.push(finding()) } else { self.more += 1 }
    }

    pub fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// These and others.
    pub fn extend(&mut self, others: Findings) {
        for finding in others.told {
            self.add(|| finding);
        }
        self.more += others.more;
    }
}

/// What came of an audit of the journal and of the rows that have prints.
#[derive(Debug, Clone)]
pub struct Audited {
    pub journal: Verified,
    /// How many entries were read.
    pub entries: u64,
    /// How many rows were held against the journal.
    pub rows: u64,
    /// How many of them were last written before there were prints: only whether they are there is known.
    pub unprinted: u64,
    pub findings: Findings,
}

/// What the journal says of a row and what stands of it.
#[derive(Default)]
struct Row {
    /// Whether the journal has said anything.
    told: bool,
    /// Whether it is there by what was said last, and with which print.
    is_there: bool,
    print: Option<Print>,
    stands: bool,
    sum: Print,
}

impl Row {
    fn is_wrong(&self) -> bool {
        match (self.told, self.is_there, self.stands) {
            (true, true, true) => self.print.is_some_and(|print| print != self.sum),
            (true, true, false) | (_, false, true) | (false, true, _) => true,
            // What belongs to a row that is gone is gone too.
            (_, false, false) => self.sum != Print::default(),
        }
    }
}

impl Store {
    /// Holds the journal against its seals, and every row that has prints against the journal. To be called within a
    /// snapshot ([`Store::snapshot`]), or what others commit meanwhile looks like tampering.
    pub async fn audit(&self, session: &mut Session) -> Result<Audited, StoreError> {
        let (prints, hasher) = (&*self.prints, RandomState::new());
        let key = |place: usize, row: &str| hasher.hash_one((place, row));
        let (mut rows, mut entries): (FxHashMap<u64, Row>, u64) = (FxHashMap::default(), 0);
        let journal = verify(session, |entry| {
            entries += 1;
            let Some(place) = prints.place(entry.source()) else { return };
            let row = rows.entry(key(place, entry.row())).or_default();
            (row.told, row.is_there) = (true, entry.after.is_some());
            row.print = entry.print.map(|print| Print::parse(print).unwrap_or_default());
        })
        .await?;
        for (place, printed) in prints.0.iter().enumerate() {
            for (number, part) in printed.parts.iter().enumerate() {
                let sql = format!("SELECT CAST({} AS TEXT), {} FROM {}", part.key, part.texts().join(", "), part.table);
                session
                    .each(&sql, &[], |line| {
                        let row = rows.entry(key(place, line.text_opt(0)?.unwrap_or_default())).or_default();
                        row.sum.add(part.print(&line, 1)?);
                        row.stands |= number == 0;
                        Ok(())
                    })
                    .await?;
            }
        }
        let unprinted = rows.values().filter(|row| row.stands && row.told && row.print.is_none()).count() as u64;
        let wrong: FxHashSet<u64> = rows.iter().filter(|(_, row)| row.is_wrong()).map(|(key, _)| *key).collect();
        let count = rows.values().filter(|row| row.stands).count() as u64;
        let mut findings = Findings::default();
        if !wrong.is_empty() {
            drop(rows);
            for (place, printed) in prints.0.iter().enumerate() {
                let names = names(session, printed, |row| wrong.contains(&key(place, row))).await?;
                for name in names {
                    if findings.told.len() < TOLD_MAX {
                        let finding = explain(session, printed, &name).await?;
                        findings.add(|| finding);
                    } else {
                        findings.more += 1;
                    }
                }
            }
        }
        Ok(Audited { journal, entries, rows: count, unprinted, findings })
    }

    /// The sources whose rows have prints.
    pub fn printed(&self) -> Vec<&str> {
        let Prints(all) = &*self.prints;
        all.iter().map(|printed| printed.source.as_str()).collect()
    }
}

/// The keys of the rows that are looked for, whether they stand or only the journal knows them.
async fn names(
    session: &mut Session,
    printed: &Printed,
    wanted: impl Fn(&str) -> bool + Send + Sync,
) -> Result<Vec<String>, StoreError> {
    let mut found = std::collections::BTreeSet::new();
    let mut keys: Vec<(String, Vec<Arg>)> =
        vec![("SELECT row_key FROM journal WHERE source = $1".to_owned(), vec![printed.source.as_str().into()])];
    keys.extend(
        printed.parts.iter().map(|part| (format!("SELECT CAST({} AS TEXT) FROM {}", part.key, part.table), Vec::new())),
    );
    for (sql, args) in keys {
        session
            .each(&sql, &args, |line| {
                let row = line.text_opt(0)?.unwrap_or_default();
                if wanted(row) && !found.contains(row) {
                    found.insert(row.to_owned());
                }
                Ok(())
            })
            .await?;
    }
    Ok(found.into_iter().collect())
}

/// Says in words what is wrong with a row.
async fn explain(session: &mut Session, printed: &Printed, row: &str) -> Result<Finding, StoreError> {
    let what = printed.source.as_str();
    let sql = "SELECT seq, after FROM journal WHERE source = $1 AND row_key = $2 ORDER BY seq DESC LIMIT 1";
    let last = session.one(sql, &[what.into(), row.into()]).await?;
    let last = last.map(|last| Ok::<_, StoreError>((last.int("seq")?, last.json_opt("after")?))).transpose()?;
    let Some(part) = printed.parts.first() else { return Ok(Finding::new(what, row, "nothing", "nothing")) };
    let stands = columns(session, part, row).await?;
    let said = |seq: i64| format!("in entry {seq}");
    Ok(match (last, stands) {
        (None, Some(_)) => Finding::new(what, row, "nothing of it", "a row that nobody wrote down"),
        (None, None) => Finding::new(what, row, "nothing of it", "something that belongs to no row"),
        (Some((seq, None)), Some(_)) => Finding::new(what, row, said(seq) + " that it was removed", "a row"),
        (Some((seq, None)), None) => {
            Finding::new(what, row, said(seq) + " that it was removed", "something that belonged to it")
        }
        (Some((seq, Some(after))), None) => {
            Finding::new(what, row, format!("{} {}", said(seq), short(&after.to_string())), "no row")
        }
        (Some((seq, Some(after))), Some(stands)) => {
            let told = after.as_object().cloned().unwrap_or_default();
            let differ = differences(part, &told, &stands);
            if differ.is_empty() {
                let others: Vec<&str> = printed.parts.iter().skip(1).map(|part| part.table.as_str()).collect();
                let untold: Vec<&str> =
                    stands.keys().map(String::as_str).filter(|name| !told.contains_key(*name)).collect();
                let of = match others.is_empty() {
                    true => untold.join(", "),
                    false => format!("{}, or its rows in {}", untold.join(", "), others.join(", ")),
                };
                return Ok(Finding::new(what, row, said(seq) + " another print", format!("a change of one of {of}")));
            }
            let list = |pick: fn(&(String, String, String)) -> &String| {
                differ.iter().map(|one| format!("{} = {}", one.0, short(pick(one)))).collect::<Vec<_>>().join(", ")
            };
            Finding::new(what, row, format!("{} {}", said(seq), list(|one| &one.1)), list(|one| &one.2))
        }
    })
}

/// The columns of a row as texts.
async fn columns(session: &mut Session, part: &Part, row: &str) -> Result<Option<Map<String, Json>>, StoreError> {
    let sql = format!("SELECT {} FROM {} WHERE {} = $1", part.texts().join(", "), part.table, part.key);
    let mut found = None;
    session
        .each(&sql, &[row.into()], |line| {
            let value = |(place, name): (usize, &String)| {
                Ok((name.clone(), line.text_opt(place)?.map_or(Json::Null, |text| text.to_owned().into())))
            };
            found = Some(part.columns.iter().enumerate().map(value).collect::<Result<_, StoreError>>()?);
            Ok(())
        })
        .await?;
    Ok(found)
}

/// Where the document of an entry and the columns of the same names differ: the name, what is said, what stands.
fn differences(part: &Part, told: &Map<String, Json>, stands: &Map<String, Json>) -> Vec<(String, String, String)> {
    let plain = |value: &Json| match value {
        Json::Null => String::from("nothing"),
        Json::String(text) => text.clone(),
        Json::Bool(yes) => i64::from(*yes).to_string(),
        other => other.to_string(),
    };
    let same = |told: &Json, stands: &Json| match (told, stands) {
        // Amounts are told in major units and stand in minor ones, so a number says little.
        (Json::Number(_), _) => true,
        (Json::Object(_) | Json::Array(_), Json::String(text)) => {
            serde_json::from_str(text).is_ok_and(|stands: Json| stands == *told)
        }
        _ => plain(told) == plain(stands),
    };
    let named = told.iter().filter(|(name, _)| part.counts(name));
    let pairs = named.filter_map(|(name, told)| Some((name, told, stands.get(name)?)));
    pairs
        .filter(|(_, told, stands)| !same(told, stands))
        .map(|(name, told, stands)| (name.clone(), plain(told), plain(stands)))
        .collect()
}

/// The beginning of a long text.
fn short(text: &str) -> String {
    const LETTERS_MAX: usize = 200;
    let mut short: String = text.chars().take(LETTERS_MAX).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
