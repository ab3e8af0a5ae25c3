//! Work to be done after a commit: taken by any node, tried again with a growing wait.

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value as Json, json};

use crate::{By, Change, Row, Session, Store, StoreError};

/// How often a job is tried before it is left for the operator to see.
const ATTEMPTS_MAX: i64 = 10;

/// What is said of a job that nobody came back from.
const WORKER_GONE: &str = "whoever did it went away each time before saying how it went";

/// A job that was taken.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    pub payload: Json,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// A job as whoever operates the system sees it.
#[derive(Debug, Clone)]
pub struct JobView {
    pub id: i64,
    pub kind: String,
    pub payload: Json,
    /// `waiting`, `running`, `done` or `failed`.
    pub state: String,
    pub attempts: i64,
    /// When it is tried next, RFC 3339.
    pub due: String,
    /// What the last attempt met.
    pub error: Option<String>,
}

/// How many jobs stand in a state.
pub async fn count_jobs(session: &mut Session, state: &str) -> Result<i64, StoreError> {
    let row = session.one("SELECT count(*) AS n FROM job WHERE state = $1", &[state.into()]).await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// The jobs in a state, what is due first first.
pub async fn jobs_in(session: &mut Session, state: &str, limit: i64) -> Result<Vec<JobView>, StoreError> {
    let sql =
        "SELECT id, kind, payload, state, attempts, due, error FROM job WHERE state = $1 ORDER BY due, id LIMIT $2";
    let rows = session.all(sql, &[state.into(), limit.into()]).await?;
    let view = |row: &Row| {
        Ok(JobView {
            id: row.int("id")?,
            kind: row.text("kind")?,
            payload: row.json("payload")?,
            state: row.text("state")?,
            attempts: row.int("attempts")?,
            due: row.text("due")?,
            error: row.text_opt("error")?,
        })
    };
    rows.iter().map(view).collect()
}

/// Lets a job that failed or waits be tried again now, as if for the first time; whether there was one.
pub async fn try_again(store: &Store, by: By, id: i64) -> Result<bool, StoreError> {
    store
        .write(by, move |tx| {
            Box::pin(async move {
                let now = base::stamp(tx.by().at);
                let row = tx
                    .one(
                        "UPDATE job SET state = 'waiting', attempts = 0, due = $2 WHERE id = $1 AND state IN ('failed', 'waiting') RETURNING kind",
                        &[id.into(), now.into()],
                    )
                    .await?;
                let Some(row) = row else { return Ok(false) };
                let effective = tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date();
                let again = json!({"state": "waiting"});
                tx.record(Change {
                    source: "job",
                    kind: row.text("kind")?,
                    row: id.to_string(),
                    effective,
                    before: None,
                    after: Some(again),
                });
                Ok(true)
            })
        })
        .await
}

/// So many jobs are forgotten in one transaction: others want to write meanwhile.
const FORGOTTEN_AT_ONCE: i64 = 1_000;

/// Removes jobs that were done before a moment; how many. What failed stays for the operator.
pub async fn forget_done(store: &Store, by: By, before: Timestamp) -> Result<u64, StoreError> {
    let before = base::stamp(before);
    let mut forgotten = 0;
    loop {
        let before = before.clone();
        let now = store
            .write(by.clone(), move |tx| {
                let before = before.clone();
                Box::pin(async move {
                    tx.run(
                        "DELETE FROM job WHERE id IN \
                         (SELECT id FROM job WHERE state = 'done' AND due < $1 ORDER BY due LIMIT $2)",
                        &[before.into(), FORGOTTEN_AT_ONCE.into()],
                    )
                    .await
                })
            })
            .await?;
        forgotten += now;
        if i64::try_from(now).is_ok_and(|now| now < FORGOTTEN_AT_ONCE) {
            return Ok(forgotten);
        }
    }
}

/// Runs jobs that are due.
pub struct JobRunner {
    store: Store,
}

impl JobRunner {
    pub fn new(store: Store) -> JobRunner {
        JobRunner { store }
    }

    /// The kinds of jobs that are due. Each has a lane of its own, so that one that hangs holds up no other.
    pub async fn kinds_due(&self, now: Timestamp) -> Result<Vec<String>, StoreError> {
        let sql = "SELECT DISTINCT kind FROM job WHERE state IN ('waiting', 'running') AND due <= $1 ORDER BY kind";
        let rows = self.store.read().await?.all(sql, &[base::stamp(now).into()]).await?;
        rows.iter().map(|row| row.text("kind")).collect()
    }

    /// Takes one job that is due, if there is one. Whoever takes it does it and says how that went ([`JobRunner::finish`]).
    pub async fn take(&self, now: Timestamp) -> Result<Option<Job>, StoreError> {
        self.take_one(now, None).await
    }

    /// The same of one kind only.
    pub async fn take_of(&self, now: Timestamp, kind: &str) -> Result<Option<Job>, StoreError> {
        self.take_one(now, Some(kind.to_owned())).await
    }

    async fn take_one(&self, now: Timestamp, kind: Option<String>) -> Result<Option<Job>, StoreError> {
        let by = By::new("system", "jobs", now);
        self.store
            .write(by, move |tx| -> BoxFuture<'_, Result<Option<Job>, StoreError>> {
                let kind = kind.clone();
                Box::pin(async move {
                    // A try counts when it is taken. Whoever took the last one and never said how it went is gone, and so
                    // would be the next.
                    tx.run(
                        "UPDATE job SET state = 'failed', error = $3 WHERE state = 'running' AND due <= $1 AND attempts >= $2",
                        &[base::stamp(now).into(), ATTEMPTS_MAX.into(), WORKER_GONE.into()],
                    )
                    .await?;
                    let row = tx
                        .one(
                            "UPDATE job SET state = 'running', attempts = attempts + 1, due = $2 \
                             WHERE id = (SELECT id FROM job WHERE state IN ('waiting', 'running') AND due <= $1 \
                             AND (CAST($3 AS TEXT) IS NULL OR kind = $3) ORDER BY due, id LIMIT 1) \
                             AND due <= $1 RETURNING id, kind, payload, attempts",
                            // A node that dies gives its job back after five minutes.
                            &[base::stamp(now).into(), base::stamp(later(now, 300)).into(), kind.into()],
                        )
                        .await?;
                    match row {
                        None => Ok(None),
                        Some(row) => Ok(Some(Job {
                            id: row.int("id")?,
                            kind: row.text("kind")?,
                            payload: row.json("payload")?,
                            attempts: row.int("attempts")?,
                        })),
                    }
                })
            })
            .await
    }

    /// Keeps how a job went. A failure stays with the job, which becomes due again after 2^attempts seconds.
    pub async fn finish(&self, now: Timestamp, job: &Job, outcome: Result<(), String>) -> Result<(), StoreError> {
        let by = By::new("system", "jobs", now);
        let (state, error) = match outcome {
            Ok(()) => ("done", None),
            Err(error) if job.attempts >= ATTEMPTS_MAX => ("failed", Some(error)),
            Err(error) => ("waiting", Some(error)),
        };
        let due = base::stamp(later(now, 1_i64 << job.attempts.min(12)));
        let (id, attempts) = (job.id, job.attempts);
        self.store
            .write(by, move |tx| -> BoxFuture<'_, Result<(), StoreError>> {
                let (error, due) = (error.clone(), due.clone());
                Box::pin(async move {
                    // Whoever took so long that another has taken the job meanwhile has no say any more.
                    tx.run(
                        "UPDATE job SET state = $2, error = $3, due = $4 WHERE id = $1 AND attempts = $5",
                        &[id.into(), state.into(), error.into(), due.into(), attempts.into()],
                    )
                    .await?;
                    Ok(())
                })
            })
            .await
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
