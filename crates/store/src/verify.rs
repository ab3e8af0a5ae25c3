//! Holds the whole journal against its checkpoints, in one pass that keeps no entry.

use std::collections::BTreeMap;

use crate::{
    Checkpoint, Session, StoreError,
    checkpoint::{CHECKPOINT, Hasher, Sealable, entries},
};

/// So many differences are told at most; the others are counted.
const TOLD_MAX: usize = 100;
/// The sort of row that the taking in of an export is in the journal.
pub(crate) const IMPORT: &str = "import";

/// What came of holding the journal against its checkpoints.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Verified {
    /// How many entries were read that checkpoints seal.
    pub sealed: u64,
    /// How many entries no checkpoint seals yet.
    pub open: u64,
    /// The last checkpoint that holds.
    pub last: Option<Checkpoint>,
    /// The first entries that are not what they were: after the first number, up to the second.
    pub different: Option<(i64, i64)>,
    /// All that is not as it should be, in words; the first hundred of it.
    pub found: Vec<String>,
    /// How much more there is than that.
    pub more: u64,
    /// Every checkpoint that holds, by its entry.
    holding: BTreeMap<i64, String>,
}

impl Verified {
    /// Whether the journal is what was sealed, and every number and checkpoint is there.
    pub fn is_whole(&self) -> bool {
        self.found.is_empty()
    }

    fn tell(&mut self, what: impl FnOnce() -> String) {
        if self.found.len() < TOLD_MAX {
            self.found.push(what());
        } else {
            self.more += 1;
        }
    }

    /// Holds the checkpoints against what was kept outside: a hash, or lines of an entry and a hash as
    /// `anqud journal checkpoint` prints them. A journal that was written anew with new checkpoints differs here only.
    pub fn hold_against(&mut self, outside: &str) {
        let mut any = false;
        for line in outside.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
            any = true;
            let mut words = line.split_whitespace();
            let (first, second) = (words.next().unwrap_or_default(), words.next());
            match (second, first.parse::<i64>()) {
                (Some(hash), Ok(seq)) => match self.holding.get(&seq).cloned() {
                    Some(kept) if kept.eq_ignore_ascii_case(hash) => {}
                    Some(kept) => self.tell(|| {
                        format!("the checkpoint at entry {seq} is {kept}, and outside {hash} was kept: the journal was written anew")
                    }),
                    None => self.tell(|| format!("the checkpoint at entry {seq} that was kept outside is not there or does not hold")),
                },
                (None, _) if self.holding.values().any(|kept| kept.eq_ignore_ascii_case(first)) => {}
                (None, _) => self.tell(|| format!("no checkpoint that holds has the hash {first} that was kept outside")),
                (Some(_), Err(_)) => self.tell(|| format!("«{line}» is no line of an entry and a hash")),
            }
        }
        if !any {
            self.tell(|| {
                "nothing was kept outside: there is no hash and no line to hold the journal against".to_owned()
            });
        }
    }
}

/// Holds the whole journal against its checkpoints.
pub async fn verify_checkpoints(session: &mut Session) -> Result<Verified, StoreError> {
    verify(session, |_| {}).await
}

/// The same, and shows each entry to whoever wants to see it on the way.
pub(crate) async fn verify(
    session: &mut Session,
    mut see: impl FnMut(&Sealable<'_>) + Send,
) -> Result<Verified, StoreError> {
    let checkpoints = Checkpoint::all(session).await?;
    // On PostgreSQL a transaction that is undone leaves a gap; one comes over with an export.
    let gaps_until = match session.is_postgres() {
        true => i64::MAX,
        false => imported(session).await?,
    };
    let mut pass = Pass::new(checkpoints, gaps_until);
    session
        .each(&entries("ORDER BY seq"), &[], |line| {
            let entry = Sealable::of(&line)?;
            see(&entry);
            pass.take(&entry);
            Ok(())
        })
        .await?;
    let given = if session.is_postgres() { None } else { given(session).await? };
    Ok(pass.end(given))
}

/// Up to which entry numbers may be missing, because they were where the journal came from.
async fn imported(session: &mut Session) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce(max(CAST(row_key AS BIGINT)), 0) AS seq FROM journal WHERE source = $1";
    session.one(sql, &[IMPORT.into()]).await?.map_or(Ok(0), |row| row.int("seq"))
}

/// The last number that SQLite has given to an entry.
async fn given(session: &mut Session) -> Result<Option<i64>, StoreError> {
    let row = session.one("SELECT seq FROM sqlite_sequence WHERE name = 'journal'", &[]).await?;
    row.map(|row| row.int("seq")).transpose()
}

/// The journal while it is read.
struct Pass {
    verified: Verified,
    checkpoints: Vec<Checkpoint>,
    /// The checkpoint whose entries are being read.
    place: usize,
    hasher: Hasher,
    /// How many entries of it were read.
    read: u64,
    /// The last entry that was read.
    last: i64,
    gaps_until: i64,
    /// What entries tell of checkpoints.
    told: BTreeMap<i64, (i64, String)>,
}

impl Pass {
    fn new(checkpoints: Vec<Checkpoint>, gaps_until: i64) -> Pass {
        Pass {
            verified: Verified::default(),
            checkpoints,
            place: 0,
            hasher: Hasher::after(None),
            read: 0,
            last: 0,
            gaps_until,
            told: BTreeMap::new(),
        }
    }

    fn take(&mut self, entry: &Sealable<'_>) {
        let seq = entry.seq;
        if seq <= 0 {
            self.verified
                .tell(|| format!("there is an entry with the number {seq}, which is never given and never sealed"));
            return;
        }
        if seq != self.last + 1 && seq > self.gaps_until {
            let (from, to) = (self.last + 1, seq - 1);
            self.verified.tell(|| match from == to {
                true => format!("the entry {from} is missing"),
                false => format!("the entries {from} to {to} are missing"),
            });
        }
        self.last = seq;
        while self.checkpoints.get(self.place).is_some_and(|checkpoint| checkpoint.seq < seq) {
            self.close();
        }
        if entry.source() == CHECKPOINT {
            let hash = entry.after.and_then(|after| serde_json::from_str::<serde_json::Value>(after).ok());
            let hash = hash.and_then(|after| Some(after.get("hash")?.as_str()?.to_owned())).unwrap_or_default();
            self.told.insert(entry.row().parse().unwrap_or(-1), (seq, hash));
        }
        self.read += 1;
        // A document that is none any more cannot have the hash it had.
        if self.hasher.add(entry).is_err() {
            self.verified.tell(|| format!("the entry {seq} holds something that is no document"));
        }
    }

    /// All entries of a checkpoint were read.
    fn close(&mut self) {
        let Some(checkpoint) = self.checkpoints.get(self.place) else { return };
        let from =
            self.place.checked_sub(1).and_then(|before| self.checkpoints.get(before)).map_or(0, |before| before.seq);
        let hash = std::mem::replace(&mut self.hasher, Hasher::after(Some(checkpoint))).digits();
        let ends = self.read > 0 && self.last >= checkpoint.seq;
        if hash == checkpoint.hash && ends {
            self.verified.sealed += self.read;
            if self.verified.different.is_none() {
                self.verified.last = Some(checkpoint.clone());
                self.verified.holding.insert(checkpoint.seq, checkpoint.hash.clone());
            }
        } else {
            let to = checkpoint.seq;
            self.verified.different.get_or_insert((from, to));
            self.verified.tell(|| format!("the journal is not what it was: something in entries {} to {to}", from + 1));
        }
        self.read = 0;
        self.place += 1;
    }

    fn end(mut self, given: Option<i64>) -> Verified {
        // What is left of the last checkpoint; one beyond the last entry seals what is not there.
        while self.place < self.checkpoints.len() {
            self.close();
        }
        let last_sealed = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.seq);
        self.verified.open = if self.last > last_sealed { self.read } else { 0 };
        if let Some(given) = given.filter(|given| *given > self.last) {
            let from = self.last + 1;
            self.verified.tell(|| format!("entries from {from} to {given} were written and are missing at the end"));
        }
        let there: BTreeMap<i64, &String> = self.checkpoints.iter().map(|one| (one.seq, &one.hash)).collect();
        let mut words = Vec::new();
        for (seq, (entry, hash)) in &self.told {
            match there.get(seq) {
                Some(kept) if *kept == hash => {}
                Some(_) => {
                    words.push(format!("the checkpoint at entry {seq} is not the one that entry {entry} tells of"))
                }
                None => words.push(format!("the checkpoint at entry {seq} is gone: entry {entry} tells of it")),
            }
        }
        // Those of before the journal told of them stand before the first that it tells of.
        let first = self.told.keys().next().copied();
        for seq in there.keys().filter(|seq| first.is_some_and(|first| **seq > first) && !self.told.contains_key(seq)) {
            words.push(format!("nothing in the journal tells of the checkpoint at entry {seq}"));
        }
        for word in words {
            self.verified.tell(|| word);
        }
        self.verified
    }
}
