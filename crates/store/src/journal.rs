//! The journal: what changed, who did it, why and when. A part that wants to know of changes listens here.

use jiff::civil::Date;
use serde_json::Value as Json;

use crate::{Arg, Row, Session, StoreError, Tx};

/// A change to a row that a person or an indicator can see.
#[derive(Debug, Clone)]
pub struct Change {
    /// What sort of row: `case`, `record`, `observation`, `account` …
    pub source: &'static str,
    /// Which definition it belongs to: the service, the register …
    pub kind: String,
    /// The row's own key.
    pub row: String,
    /// The day for which it holds, in the pack's time zone.
    pub effective: Date,
    /// The row before, `None` if it is new.
    pub before: Option<Json>,
    /// The row after, `None` if it is gone.
    pub after: Option<Json>,
}

/// A part that takes note of changes within the transaction that makes them.
pub trait Listener: Send + Sync {
    /// Appends what follows from the change to the transaction (`Tx::append`).
    fn heard(&self, tx: &mut Tx, change: &Change);
}

/// A change as it was written down.
#[derive(Debug, Clone)]
pub struct Entry {
    pub seq: i64,
    pub recorded: String,
    pub actor: String,
    pub cause: String,
    pub source: String,
    pub kind: String,
    pub row: String,
    pub effective: String,
    pub before: Option<Json>,
    pub after: Option<Json>,
}

const COLUMNS: &str =
    "SELECT seq, recorded, actor, cause, source, kind, row_key, effective, before, after FROM journal";

/// What happened to one row, oldest first.
pub async fn entries_of(session: &mut Session, source: &str, row: &str) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("{COLUMNS} WHERE source = $1 AND row_key = $2 ORDER BY seq");
    session.all(&sql, &[source.into(), row.into()]).await?.iter().map(entry).collect()
}

/// What happened to these rows, the last first, at most `limit`.
pub async fn last_entries_of(
    session: &mut Session,
    source: &str,
    rows: &[String],
    limit: i64,
) -> Result<Vec<Entry>, StoreError> {
    let mut args: Vec<Arg> = vec![source.into(), limit.into()];
    args.extend(rows.iter().map(Arg::from));
    let marks: Vec<String> = (3..args.len() + 1).map(|n| format!("${n}")).collect();
    if marks.is_empty() {
        return Ok(Vec::new());
    }
    let sql = format!("{COLUMNS} WHERE source = $1 AND row_key IN ({}) ORDER BY seq DESC LIMIT $2", marks.join(", "));
    session.all(&sql, &args).await?.iter().map(entry).collect()
}

/// What happened after an entry, oldest first, at most `limit`.
pub async fn entries_after(session: &mut Session, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let sql = format!("{COLUMNS} WHERE seq > $1 ORDER BY seq LIMIT $2");
    session.all(&sql, &[after.into(), limit.into()]).await?.iter().map(entry).collect()
}

/// What stays behind every transaction that is still open: numbers are given out before the commit, so that an entry with
/// a smaller number may come after one with a larger. `xmin` is the transaction that wrote a row; its age is below 0 only
/// where it is so old that the count of transactions has gone round.
const SETTLED: &str =
    "(age(journal.xmin) > age(pg_snapshot_xmin(pg_current_snapshot())::xid) OR age(journal.xmin) < 0)";

/// What happened after an entry, for whoever goes on after the last that they were given: an entry is given when no other
/// with a smaller number can come any more. On SQLite that is at once.
pub async fn entries_settled(session: &mut Session, after: i64, limit: i64) -> Result<Vec<Entry>, StoreError> {
    let settled = if session.is_postgres() { SETTLED } else { "1 = 1" };
    let sql = format!("{COLUMNS} WHERE seq > $1 AND {settled} ORDER BY seq LIMIT $2");
    session.all(&sql, &[after.into(), limit.into()]).await?.iter().map(entry).collect()
}

fn entry(row: &Row) -> Result<Entry, StoreError> {
    Ok(Entry {
        seq: row.int("seq")?,
        recorded: row.text("recorded")?,
        actor: row.text("actor")?,
        cause: row.text("cause")?,
        source: row.text("source")?,
        kind: row.text("kind")?,
        row: row.text("row_key")?,
        effective: row.text("effective")?,
        before: row.json_opt("before")?,
        after: row.json_opt("after")?,
    })
}
