//! Work to be done after a commit: taken by any node, tried again with a growing wait.

use futures::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value as Json;

use crate::{By, Store, StoreError};

/// How often a job is tried before it is left for the operator to see.
const ATTEMPTS_MAX: i64 = 10;

/// A job that was taken.
#[derive(Debug, Clone)]
pub struct Job {
    pub id: i64,
    pub kind: String,
    pub payload: Json,
    /// How often it was tried, this time included.
    pub attempts: i64,
}

/// Runs jobs that are due.
pub struct JobRunner {
    store: Store,
}

impl JobRunner {
    pub fn new(store: Store) -> JobRunner {
        JobRunner { store }
    }

    /// Takes one job that is due and gives it to `handle`; whether there was one. A failure is kept with the job,
    /// which becomes due again after 2^attempts seconds.
    pub async fn run_one<F>(&self, now: Timestamp, handle: F) -> Result<bool, StoreError>
    where
        F: AsyncFn(&Job) -> Result<(), String>,
    {
        let by = By::new("system", "jobs", now);
        let taken: Option<Job> =
            self.store.write(by.clone(), move |tx| -> BoxFuture<'_, Result<Option<Job>, StoreError>> {
                Box::pin(async move {
                    let row = tx
                        .one(
                            "UPDATE job SET state = 'running', attempts = attempts + 1, due = $2 \
                             WHERE id = (SELECT id FROM job WHERE state IN ('waiting', 'running') AND due <= $1 ORDER BY due, id LIMIT 1) \
                             AND due <= $1 RETURNING id, kind, payload, attempts",
                            // A node that dies gives its job back after five minutes.
                            &[base::stamp(now).into(), base::stamp(later(now, 300)).into()],
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
            .await?;
        let Some(job) = taken else { return Ok(false) };
        let (state, error) = match handle(&job).await {
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
            .await?;
        Ok(true)
    }
}

fn later(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}
