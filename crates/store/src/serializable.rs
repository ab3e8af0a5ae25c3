//! PostgreSQL: each piece of work is one SERIALIZABLE transaction, run again when the database asks for it.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::{
    FutureExt,
    future::{BoxFuture, Either},
};
use sqlx::PgPool;
use tokio::sync::RwLock;

use crate::{By, Listener, Session, StoreError, Tx, print::Prints};

/// From this try on a transaction runs alone among those of this process, so that it does not collide for ever where
/// many want the same row.
const ALONE_FROM: u32 = 4;

type Listeners = Arc<Vec<Arc<dyn Listener>>>;

/// The handle to the writing connections.
#[derive(Clone)]
pub(crate) struct Writer {
    pool: PgPool,
    /// Held by every transaction under way: shared, or alone.
    turn: Arc<RwLock<()>>,
    prints: Arc<Prints>,
}

/// Why a try came to nothing.
struct Failure<E> {
    error: E,
    /// How often it may be tried in all.
    tries_max: u32,
}

impl Writer {
    pub(crate) fn new(pool: PgPool, prints: Arc<Prints>) -> Writer {
        Writer { pool, turn: Arc::default(), prints }
    }

    pub(crate) async fn run<T, E, F>(&self, by: By, listeners: Listeners, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        // In a task of its own: a caller that goes away would otherwise leave an open transaction in the pool.
        let this = self.clone();
        let task = tokio::spawn(async move { this.run_until_serial(by, listeners, work).await });
        task.await.unwrap_or_else(|_| Err(StoreError::Abandoned("the program is about to end").into()))
    }

    async fn run_until_serial<T, E, F>(&self, by: By, listeners: Listeners, work: F) -> Result<T, E>
    where
        E: From<StoreError>,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
    {
        let mut tried = 0;
        loop {
            tried += 1;
            // First the turn, then the connection: whoever waits for a turn would otherwise keep a connection from those
            // who are to end before it, and from all who only read.
            let turn = match tried {
                ..ALONE_FROM => Either::Left(self.turn.read().await),
                _ => Either::Right(self.turn.write().await),
            };
            let session = Session::postgres(self.pool.acquire().await.map_err(StoreError::from)?);
            let mut tx = Tx::new(session, by.clone(), listeners.clone(), self.prints.clone());
            tx.script("BEGIN ISOLATION LEVEL SERIALIZABLE").await?;
            let failure = match run_once(&mut tx, &work).await {
                Ok(value) => return Ok(value),
                Err(failure) => failure,
            };
            // After a failed COMMIT there is no transaction left, and ROLLBACK only warns.
            let ended = tx.script("ROLLBACK").await;
            if ended.is_err() || tried >= failure.tries_max {
                return Err(failure.error);
            }
            // Others may go on meanwhile. Each try waits longer, so that those who collided come apart.
            drop((tx, turn));
            tokio::time::sleep(Duration::from_millis(u64::from(tried) * 3)).await;
        }
    }
}

async fn run_once<T, E, F>(tx: &mut Tx, work: &F) -> Result<T, Failure<E>>
where
    E: From<StoreError>,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>>,
{
    let value = match AssertUnwindSafe(async { work(tx).await }).catch_unwind().await {
        Ok(Ok(value)) => value,
        // The work's own error type hides the database's, so the session remembers whether it asked for another try. A
        // statement that is wrong is wrong the second time too.
        Ok(Err(error)) => return Err(Failure { error, tries_max: tx.tries_max() }),
        Err(_) => return Err(Failure { error: StoreError::Abandoned("it panicked").into(), tries_max: 1 }),
    };
    tx.keep();
    let end = match tx.flush().await {
        // COMMIT alone would end a transaction that the database has aborted as if all were well.
        Ok(()) => tx.script("SELECT 1; COMMIT").await,
        Err(error) => Err(error),
    };
    end.map(|()| value).map_err(|error| Failure { tries_max: tx.tries_max(), error: error.into() })
}
