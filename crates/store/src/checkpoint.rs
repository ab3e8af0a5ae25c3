//! Seals upon the journal: each checkpoint is a hash over the entries since the one before it, and over that one's hash.
//! Whoever keeps one hash outside can tell later whether anything before it was changed.

use std::fmt::Write;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{By, Entry, Session, Store, StoreError, Tx, entries_after};

/// How many entries one checkpoint seals at most: a difference is found to that many.
const ENTRIES_MAX: i64 = 1_000;

/// A seal upon the journal up to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub seq: i64,
    /// SHA-256 in hexadecimal digits.
    pub hash: String,
    pub recorded: String,
}

/// What came of holding the journal against its checkpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were read that checkpoints seal.
    pub sealed: u64,
    /// How many entries no checkpoint seals yet.
    pub open: u64,
    /// The last checkpoint that holds.
    pub last: Option<Checkpoint>,
    /// The first entries that are not what they were: after the first number, up to the second.
    pub different: Option<(i64, i64)>,
}

/// The last checkpoint, if there is one.
pub async fn last_checkpoint(session: &mut Session) -> Result<Option<Checkpoint>, StoreError> {
    let row = session.one("SELECT seq, hash, recorded FROM checkpoint ORDER BY seq DESC LIMIT 1", &[]).await?;
    row.map(|row| Ok(Checkpoint { seq: row.int("seq")?, hash: row.text("hash")?, recorded: row.text("recorded")? }))
        .transpose()
}

/// Holds the whole journal against its checkpoints.
pub async fn verify_checkpoints(session: &mut Session) -> Result<Verified, StoreError> {
    let mut found = Verified { sealed: 0, open: 0, last: None, different: None };
    let rows = session.all("SELECT seq, hash, recorded FROM checkpoint ORDER BY seq", &[]).await?;
    for row in &rows {
        let checkpoint = Checkpoint { seq: row.int("seq")?, hash: row.text("hash")?, recorded: row.text("recorded")? };
        let (from, before) = found.last.as_ref().map_or((0, ""), |last| (last.seq, last.hash.as_str()));
        // One more than there can be, so that an entry that was put in is not passed over.
        let mut entries = entries_after(session, from, ENTRIES_MAX + 1).await?;
        entries.retain(|entry| entry.seq <= checkpoint.seq);
        if hash(before, &entries) != checkpoint.hash {
            found.different = Some((from, checkpoint.seq));
            return Ok(found);
        }
        found.sealed += entries.len() as u64;
        found.last = Some(checkpoint);
    }
    let last = found.last.as_ref().map_or(0, |last| last.seq);
    let open = session.one("SELECT count(*) AS open FROM journal WHERE seq > $1", &[last.into()]).await?;
    found.open = open.map_or(Ok(0), |row| row.int("open"))?.unsigned_abs();
    Ok(found)
}

impl Store {
    /// Seals what is not sealed yet, if it is at least so many entries; the last checkpoint.
    pub async fn checkpoint(&self, by: By, least: i64) -> Result<Option<Checkpoint>, StoreError> {
        loop {
            let mut session = self.read().await?;
            let last = last_checkpoint(&mut session).await?;
            let after = last.as_ref().map_or(0, |last| last.seq);
            let entries = entries_after(&mut session, after, ENTRIES_MAX).await?;
            let number = entries.len() as i64;
            let Some(end) = entries.last().filter(|_| number >= least.min(ENTRIES_MAX)) else { return Ok(last) };
            let before = last.as_ref().map_or("", |last| last.hash.as_str());
            let sealed = Sealed { after, number, seq: end.seq, hash: hash(before, &entries) };
            drop(session);
            self.write(by.clone(), move |tx| {
                let sealed = sealed.clone();
                Box::pin(async move { sealed.keep(tx).await })
            })
            .await?;
        }
    }
}

/// The next checkpoint, made while others write: only keeping it makes them wait.
#[derive(Clone)]
struct Sealed {
    /// The last entry of the checkpoint before.
    after: i64,
    /// How many entries are sealed.
    number: i64,
    seq: i64,
    hash: String,
}

impl Sealed {
    /// Keeps it, unless another was kept meanwhile or entries have come between those that it seals.
    async fn keep(&self, tx: &mut Tx) -> Result<(), StoreError> {
        if tx.is_postgres() {
            // An entry with a smaller number may be committed later than one with a greater; this waits for all of them.
            tx.script("LOCK TABLE journal IN SHARE MODE").await?;
        }
        let last = last_checkpoint(tx).await?.map_or(0, |last| last.seq);
        let counted = tx
            .one(
                "SELECT count(*) AS number FROM journal WHERE seq > $1 AND seq <= $2",
                &[self.after.into(), self.seq.into()],
            )
            .await?;
        if last != self.after || counted.map_or(Ok(0), |row| row.int("number"))? != self.number {
            return Ok(());
        }
        let args = [self.seq.into(), self.hash.as_str().into(), base::stamp(tx.by().at).into()];
        tx.run("INSERT INTO checkpoint (seq, hash, recorded) VALUES ($1, $2, $3)", &args).await?;
        Ok(())
    }
}

/// The hash of some entries and of the hash before them. Documents count with their keys in order, so that it is the
/// same on both engines.
fn hash(before: &str, entries: &[Entry]) -> String {
    let mut hasher = Sha256::new();
    hasher.update(before);
    for e in entries {
        let document = |document: &Option<Json>| document.as_ref().map(sorted);
        let words = [&e.recorded, &e.actor, &e.cause, &e.source, &e.kind, &e.row, &e.effective];
        hasher.update(json!([e.seq, words, document(&e.before), document(&e.after)]).to_string());
        hasher.update("\n");
    }
    hasher.finalize().iter().fold(String::with_capacity(64), |mut digits, byte| {
        // Writing to a text cannot fail.
        let _ = write!(digits, "{byte:02x}");
        digits
    })
}

fn sorted(document: &Json) -> Json {
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
