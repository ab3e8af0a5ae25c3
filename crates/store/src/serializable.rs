//! PostgreSQL: each piece of work is one SERIALIZABLE transaction, run again when the database asks for it.

use std::{sync::Arc, time::Duration};

use futures::future::BoxFuture;
use sqlx::PgPool;

use crate::{By, Listener, Session, StoreError, Tx};

/// How often a transaction is tried before its error is given to the caller.
const TRIES_MAX: u32 = 12;

pub(crate) async fn run<T, E, F>(pool: &PgPool, by: By, listeners: Arc<Vec<Arc<dyn Listener>>>, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    let mut tried = 0;
    loop {
        tried += 1;
        let session = Session::postgres(pool.acquire().await.map_err(StoreError::from)?);
        let mut tx = Tx::new(session, by.clone(), listeners.clone());
        tx.script("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
        let outcome = work(&mut tx).await;
        let retry = match outcome {
            // The work's own error type hides the database's; a transaction that the database has aborted
            // says so at its next statement, whatever the work made of it.
            Err(error) => {
                let asked = tx.run("SELECT 1", &[]).await.is_err();
                tx.script("ROLLBACK").await?;
                if !asked || tried >= TRIES_MAX {
                    return Err(error);
                }
                true
            }
            Ok(value) => {
                tx.keep();
                let end = match tx.flush().await {
                    Ok(()) => tx.script("COMMIT").await,
                    Err(error) => Err(error),
                };
                match end {
                    Ok(()) => return Ok(value),
                    Err(error) => {
                        // After a failed COMMIT there is no transaction left, and ROLLBACK only warns.
                        let _ = tx.script("ROLLBACK").await;
                        if !error.wants_retry() || tried >= TRIES_MAX {
                            return Err(error.into());
                        }
                        true
                    }
                }
            }
        };
        if retry {
            // Each try waits a little longer, so that those who collided come apart.
            tokio::time::sleep(Duration::from_millis(u64::from(tried) * 3)).await;
        }
    }
}
