//! A transaction: who writes and why, the rows, and what is appended to them before the commit.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::{Arg, Attempt, Change, Listener, Session, StoreError, print::Prints};

/// Who writes, why, and when. The time comes from the edge; nothing below reads a clock.
#[derive(Debug, Clone)]
pub struct By {
    /// The account, or `system`.
    pub actor: String,
    /// What led to it: a route, a job, a command.
    pub cause: String,
    pub at: Timestamp,
    /// The sending of a request that this is written for, where it may be sent again.
    pub(crate) sending: Option<Arc<Attempt>>,
}

impl By {
    pub fn new(actor: impl Into<String>, cause: impl Into<String>, at: Timestamp) -> By {
        By { actor: actor.into(), cause: cause.into(), at, sending: None }
    }

    /// What is written for a request that may be sent again: it is written once.
    pub fn sent(self, sending: Option<Arc<Attempt>>) -> By {
        By { sending, ..self }
    }

    /// What is written however often a request is sent: that somebody read something.
    pub fn each_time(self) -> By {
        self.sent(None)
    }
}

/// A transaction under way. Reads and writes go through [`Session`]; journal entries, jobs and deltas are only
/// ever appended, so they wait here and are written in few statements when the work is done.
pub struct Tx {
    session: Session,
    by: By,
    listeners: Arc<Vec<Arc<dyn Listener>>>,
    /// What the work under way has appended.
    appended: Appended,
    /// What work that is done has appended, and that is not written yet.
    kept: Appended,
    /// Answers that wait among the appended rows, for requests of the same transaction.
    answers: Vec<Remembered>,
    kept_answers: Vec<Remembered>,
    prints: Arc<Prints>,
}

/// An answer that was given for a key, see [`crate::Once`].
pub(crate) struct Remembered {
    pub account: String,
    pub key: String,
    pub request: String,
    pub answer: Json,
}

/// Rows by the head of their statement.
type Appended = Vec<(&'static str, Vec<Vec<Arg>>)>;

const JOURNAL: &str =
    "INSERT INTO journal (recorded, actor, cause, source, kind, row_key, effective, before, after, print)";
const JOB: &str = "INSERT INTO job (kind, payload, state, attempts, due)";

impl Tx {
    pub(crate) fn new(session: Session, by: By, listeners: Arc<Vec<Arc<dyn Listener>>>, prints: Arc<Prints>) -> Tx {
        Tx {
            session,
            by,
            listeners,
            appended: Vec::new(),
            kept: Vec::new(),
            answers: Vec::new(),
            kept_answers: Vec::new(),
            prints,
        }
    }

    /// The next work in the same database transaction (group commit).
    pub(crate) fn turn_to(&mut self, by: By, listeners: Arc<Vec<Arc<dyn Listener>>>) {
        self.by = by;
        self.listeners = listeners;
        self.appended.clear();
        self.answers.clear();
    }

    pub(crate) fn remember(&mut self, answer: Remembered) {
        self.answers.push(answer);
    }

    /// What this transaction has answered under a key.
    pub(crate) fn remembered(&self, account: &str, key: &str) -> Option<&Remembered> {
        let mut all = self.kept_answers.iter().chain(&self.answers);
        all.find(|answer| answer.account == account && answer.key == key)
    }

    /// Who writes, why and when.
    pub fn by(&self) -> &By {
        &self.by
    }

    /// Writes a change down and lets the listeners hear it. Every change to a visible row comes through here.
    pub fn record(&mut self, change: Change) {
        let listeners = self.listeners.clone();
        for listener in listeners.iter() {
            listener.heard(self, &change);
        }
        let row = vec![
            base::stamp(self.by.at).into(),
            self.by.actor.as_str().into(),
            self.by.cause.as_str().into(),
            change.source.into(),
            change.kind.into(),
            change.row.into(),
            change.effective.to_string().into(),
            change.before.into(),
            change.after.into(),
            // The print of the row is known when all is written.
            Arg::Text(None),
        ];
        self.append(JOURNAL, row);
    }

    /// Work to be done after the commit, by any node, from `due` on.
    pub fn job(&mut self, kind: &str, payload: Json, due: Timestamp) {
        let row = vec![kind.into(), payload.into(), "waiting".into(), 0.into(), base::stamp(due).into()];
        self.append(JOB, row);
    }

    /// A row that is only ever added: `head` is `INSERT INTO t (a, b)`.
    pub fn append(&mut self, head: &'static str, row: Vec<Arg>) {
        put(&mut self.appended, head, [row]);
    }

    /// The work is done: what it has appended will be written with the rest.
    pub(crate) fn keep(&mut self) {
        for (head, rows) in self.appended.drain(..) {
            put(&mut self.kept, head, rows);
        }
        self.kept_answers.append(&mut self.answers);
    }

    /// The transaction is over, whatever became of it.
    pub(crate) fn forget(&mut self) {
        self.kept.clear();
        self.kept_answers.clear();
    }

    /// Writes what was kept; few statements for many pieces of work.
    pub(crate) async fn flush(&mut self) -> Result<(), StoreError> {
        let (mut journal, rest): (Appended, Appended) =
            std::mem::take(&mut self.kept).into_iter().partition(|(head, _)| *head == JOURNAL);
        for (head, rows) in rest {
            self.session.insert_many(head, &rows).await?;
        }
        for (head, rows) in &mut journal {
            self.prints.fill(&mut self.session, rows).await?;
            if self.session.is_postgres() {
                // The transaction has to be known to others as open before its entries have numbers.
                self.session.one("SELECT pg_current_xact_id()::text AS own", &[]).await?;
            }
            self.session.insert_many(head, rows).await?;
        }
        Ok(())
    }
}

fn put(to: &mut Appended, head: &'static str, new: impl IntoIterator<Item = Vec<Arg>>) {
    match to.iter_mut().find(|(h, _)| *h == head) {
        Some((_, rows)) => rows.extend(new),
        None => to.push((head, new.into_iter().collect())),
    }
}

impl Deref for Tx {
    type Target = Session;
    fn deref(&self) -> &Session {
        &self.session
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut Session {
        &mut self.session
    }
}
