//! Seals upon the journal: each checkpoint is a hash over the entries since the one before it, and over that one's hash.
//! Whoever keeps one hash outside can tell later whether anything before it was changed.
//!
//! The journal tells of each checkpoint as of any other change, so that one that is taken away is missed.

use std::fmt::Write;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use crate::{By, Change, Line, Session, Store, StoreError, Tx, print::sorted};

/// How many entries one checkpoint seals at most: a difference is found to that many.
const ENTRIES_MAX: i64 = 1_000;
/// The sort of row that checkpoints are in the journal.
pub(crate) const CHECKPOINT: &str = "checkpoint";

/// A seal upon the journal up to an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    pub seq: i64,
    /// SHA-256 in hexadecimal digits.
    pub hash: String,
    pub recorded: String,
}

impl Checkpoint {
    /// Every checkpoint, the first first.
    pub(crate) async fn all(session: &mut Session) -> Result<Vec<Checkpoint>, StoreError> {
        let rows = session.all("SELECT seq, hash, recorded FROM checkpoint ORDER BY seq", &[]).await?;
        let read = |row: &crate::Row| {
            Ok(Checkpoint { seq: row.int("seq")?, hash: row.text("hash")?, recorded: row.text("recorded")? })
        };
        rows.iter().map(read).collect()
    }
}

/// The last checkpoint, if there is one.
pub async fn last_checkpoint(session: &mut Session) -> Result<Option<Checkpoint>, StoreError> {
    let row = session.one("SELECT seq, hash, recorded FROM checkpoint ORDER BY seq DESC LIMIT 1", &[]).await?;
    row.map(|row| Ok(Checkpoint { seq: row.int("seq")?, hash: row.text("hash")?, recorded: row.text("recorded")? }))
        .transpose()
}

impl Store {
    /// Seals what is not sealed yet, if it is at least so many entries besides those that tell of checkpoints; the last
    /// checkpoint.
    pub async fn checkpoint(&self, by: By, least: i64) -> Result<Option<Checkpoint>, StoreError> {
        self.seal(by, least.clamp(1, ENTRIES_MAX), None).await
    }

    /// Seals what is not sealed yet, if it is many entries, or one of them is older than `age`; the last checkpoint.
    pub async fn checkpoint_when_due(&self, by: By, age: SignedDuration) -> Result<Option<Checkpoint>, StoreError> {
        let before = by.at.checked_sub(age).unwrap_or(Timestamp::MIN);
        self.seal(by, ENTRIES_MAX, Some(base::stamp(before))).await
    }

    async fn seal(&self, by: By, least: i64, before: Option<String>) -> Result<Option<Checkpoint>, StoreError> {
        loop {
            let mut session = self.read().await?;
            let last = last_checkpoint(&mut session).await?;
            let after = last.as_ref().map_or(0, |last| last.seq);
            let mut next = Next { hasher: Hasher::after(last.as_ref()), ..Next::default() };
            session
                .each(&entries("WHERE seq > $1 ORDER BY seq LIMIT $2"), &[after.into(), ENTRIES_MAX.into()], |line| {
                    next.take(&line)
                })
                .await?;
            drop(session);
            let old = before.as_ref().zip(next.oldest.as_ref()).is_some_and(|(before, oldest)| oldest <= before);
            if next.seals == 0 || (next.seals < least && !old && next.number < ENTRIES_MAX) {
                return Ok(last);
            }
            let sealed = Sealed { after, number: next.number, seq: next.seq, hash: next.hasher.digits() };
            self.write(by.clone(), move |tx| {
                let sealed = sealed.clone();
                Box::pin(async move { sealed.keep(tx).await })
            })
            .await?;
        }
    }
}

/// The entries that the next checkpoint is to seal.
#[derive(Default)]
struct Next {
    hasher: Hasher,
    number: i64,
    /// How many of them tell of something else than checkpoints: those alone are not worth another.
    seals: i64,
    seq: i64,
    oldest: Option<String>,
}

impl Next {
    fn take(&mut self, line: &Line<'_>) -> Result<(), StoreError> {
        let entry = Sealable::of(line)?;
        self.hasher.add(&entry)?;
        self.number += 1;
        self.seq = entry.seq;
        if entry.source() != CHECKPOINT {
            self.seals += 1;
            self.oldest.get_or_insert_with(|| entry.words[0].to_owned());
        }
        Ok(())
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
            // Two who seal at once wait for each other here, not crosswise when they write.
            tx.script("LOCK TABLE journal IN SHARE ROW EXCLUSIVE MODE").await?;
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
        let effective = tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date();
        tx.record(Change {
            source: CHECKPOINT,
            kind: "journal".into(),
            row: self.seq.to_string(),
            effective,
            before: None,
            after: Some(json!({"hash": self.hash})),
        });
        Ok(())
    }
}

/// Reads entries as [`Sealable::of`] takes them.
pub(crate) fn entries(tail: &str) -> String {
    format!(
        "SELECT seq, recorded, actor, cause, source, kind, row_key, effective, CAST(before AS TEXT), CAST(after AS TEXT), \
         print FROM journal {tail}"
    )
}

/// An entry where it lies.
pub(crate) struct Sealable<'a> {
    pub seq: i64,
    /// Recorded, actor, cause, source, kind, row, effective.
    pub words: [&'a str; 7],
    pub before: Option<&'a str>,
    pub after: Option<&'a str>,
    pub print: Option<&'a str>,
}

impl<'a> Sealable<'a> {
    pub fn of(line: &'a Line<'_>) -> Result<Sealable<'a>, StoreError> {
        let mut words = [""; 7];
        for (place, word) in words.iter_mut().enumerate() {
            *word = line.text(place + 1)?;
        }
        let (before, after, print) = (line.text_opt(8)?, line.text_opt(9)?, line.text_opt(10)?);
        Ok(Sealable { seq: line.int(0)?, words, before, after, print })
    }

    pub fn source(&self) -> &'a str {
        self.words[3]
    }

    pub fn row(&self) -> &'a str {
        self.words[5]
    }
}

/// The hash of some entries and of the hash before them. Documents count with their keys in order, so that it is the
/// same on both engines.
#[derive(Default)]
pub(crate) struct Hasher(Sha256);

impl Hasher {
    /// Of the entries after a checkpoint, or of the first.
    pub fn after(last: Option<&Checkpoint>) -> Hasher {
        let mut hasher = Sha256::new();
        hasher.update(last.map_or("", |last| last.hash.as_str()));
        Hasher(hasher)
    }

    pub fn add(&mut self, entry: &Sealable<'_>) -> Result<(), StoreError> {
        let document = |text: Option<&str>| -> Result<Json, StoreError> {
            text.map_or(Ok(Json::Null), |text| Ok(sorted(&serde_json::from_str(text)?)))
        };
        let (before, after) = (document(entry.before)?, document(entry.after)?);
        // Entries of before there were prints count as they did then.
        let sealed = match entry.print {
            None => json!([entry.seq, entry.words, before, after]),
            Some(print) => json!([entry.seq, entry.words, before, after, print]),
        };
        self.0.update(sealed.to_string());
        self.0.update("\n");
        Ok(())
    }

    pub fn digits(self) -> String {
        self.0.finalize().iter().fold(String::with_capacity(64), |mut digits, byte| {
            // Writing to a text cannot fail.
            let _ = write!(digits, "{byte:02x}");
            digits
        })
    }
}
