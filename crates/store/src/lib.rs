//! SQLite or PostgreSQL under one SQL text: transactions, the journal and jobs.
//!
//! What differs between the two engines stands in this crate and nowhere else. It knows nothing of cases,
//! records or figures: it keeps rows, and makes sure that no change is without its journal entry.

mod audit;
mod backup;
mod became;
mod checkpoint;
mod error;
mod group;
mod job;
mod journal;
mod migration;
mod once;
mod print;
mod serializable;
mod session;
mod sqlite;
pub mod testing;
mod transfer;
mod tx;
mod value;
mod verify;

pub use audit::{Audited, Finding, Findings};
pub use backup::copy_sqlite;
pub use became::{Became, each_became, last_entry};
pub use checkpoint::{Checkpoint, last_checkpoint};

pub use error::{StoreError, is_unavailable};
pub use job::{Job, JobRunner, JobView, count_jobs, forget_done, jobs_in, try_again};
pub use journal::{Change, Entry, Listener, entries_after, entries_of, entries_settled, last_entries_of};
pub use migration::Migration;
pub use once::{Attempt, Once, Outcome, forget_answered, hash_of};
pub use session::Session;
pub use transfer::{export, import};
pub use tx::{By, Tx};
pub use value::{Arg, Line, Row};
pub use verify::{Verified, verify_checkpoints};

use std::{path::Path, sync::Arc, time::Duration};

use futures::future::BoxFuture;
use print::Prints;
use sqlx::{
    ConnectOptions, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};

/// A database, open and migrated. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    engine: Engine,
    listeners: Arc<Vec<Arc<dyn Listener>>>,
    prints: Arc<Prints>,
}

#[derive(Clone)]
enum Engine {
    Sqlite { readers: sqlite::Readers, writer: group::Writer },
    Postgres { readers: PgPool, writer: serializable::Writer },
}

impl Store {
    /// Opens `url` (`sqlite:PATH`, a plain path, or `postgres://…`), runs the migrations that it has not seen, and
    /// refuses a database that has migrations which this binary does not know.
    pub async fn open(
        url: &str,
        migrations: &[Migration],
        listeners: Vec<Arc<dyn Listener>>,
    ) -> Result<Store, StoreError> {
        let (engine, prints) = if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            open_postgres(url, migrations).await?
        } else {
            open_sqlite(Path::new(url.strip_prefix("sqlite:").unwrap_or(url)), migrations).await?
        };
        Ok(Store { engine, listeners: Arc::new(listeners), prints })
    }

    /// The same database with these parts listening to its changes.
    pub fn with_listeners(&self, listeners: Vec<Arc<dyn Listener>>) -> Store {
        Store { engine: self.engine.clone(), listeners: Arc::new(listeners), prints: self.prints.clone() }
    }

    /// A connection to read with. What it reads is what was committed.
    pub async fn read(&self) -> Result<Session, StoreError> {
        match &self.engine {
            Engine::Sqlite { readers, .. } => Ok(Session::sqlite(readers.lend().await?)),
            Engine::Postgres { readers, .. } => Ok(Session::postgres(readers.acquire().await?)),
        }
    }

    /// A second connection that reads the moment that a transaction under way began with, so that two can read at once: on
    /// SQLite, where nobody else writes meanwhile.
    pub async fn read_beside(&self) -> Result<Option<Session>, StoreError> {
        match &self.engine {
            Engine::Sqlite { .. } => Ok(Some(self.read().await?)),
            Engine::Postgres { .. } => Ok(None),
        }
    }

    /// Runs `work` in a transaction and answers after its durable commit; an error undoes all that it did.
    ///
    /// The closure may run more than once (PostgreSQL asks for it after a serialisation failure), so it must take
    /// what it needs by clone and have no effect outside the transaction.
    pub async fn write<T, E, F>(&self, by: By, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        let Some(sending) = by.sending.clone() else { return self.run(by, work).await };
        let (claiming, work) = (sending.clone(), Arc::new(work));
        let outcome = self
            .run(by, move |tx| {
                let (sending, work) = (claiming.clone(), work.clone());
                Box::pin(async move {
                    sending.claim(tx).await?;
                    work(tx).await
                })
            })
            .await;
        if outcome.is_ok() {
            sending.committed();
        }
        outcome
    }

    async fn run<T, E, F>(&self, by: By, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        match &self.engine {
            Engine::Sqlite { writer, .. } => writer.run(by, self.listeners.clone(), work).await,
            Engine::Postgres { writer, .. } => writer.run(by, self.listeners.clone(), work).await,
        }
    }

    /// Reads in one snapshot: whatever others commit meanwhile, all of it is of one moment.
    pub async fn snapshot<T, E: From<StoreError>>(
        &self,
        read: impl AsyncFnOnce(&mut Session) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut session = self.read().await?;
        let begin = if session.is_postgres() { "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY" } else { "BEGIN" };
        session.script(begin).await?;
        let outcome = read(&mut session).await;
        session.script("ROLLBACK").await?;
        outcome
    }

    /// Whether the database answers.
    pub async fn is_ready(&self) -> Result<(), StoreError> {
        self.read().await?.one("SELECT 1 AS one", &[]).await.map(|_| ())
    }

    /// Whether the database takes something in: writes what stands there already, durably.
    pub async fn takes_in(&self, by: By) -> Result<(), StoreError> {
        let sql = "UPDATE migration SET name = name WHERE name = (SELECT min(name) FROM migration)";
        self.write(by, |tx| Box::pin(async { tx.run(sql, &[]).await.map(|_| ()) })).await
    }

    /// Whether this is PostgreSQL; for messages to the operator only.
    pub fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres { .. })
    }
}

/// How often a file that others are opening at the same moment is tried.
const OPEN_TRIES_MAX: u64 = 20;

/// Whether SQLite says that another holds the file.
fn is_busy(error: &StoreError) -> bool {
    let StoreError::Sqlite(error) = error else { return false };
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

async fn open_sqlite(path: &Path, migrations: &[Migration]) -> Result<(Engine, Arc<Prints>), StoreError> {
    if let Some(folder) = path.parent()
        && !folder.as_os_str().is_empty()
    {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Folder(folder.display().to_string(), e))?;
    }
    // What SQLite makes beside a file has the rights of that file. Whether it is there already, opening will tell.
    let _ = transfer::create_private(path);
    let mut tried = 0;
    let connection = loop {
        tried += 1;
        match sqlite::Connection::to_write(path) {
            // Where several turn a new file to WAL at the same moment, SQLite refuses without waiting.
            Err(error) if tried < OPEN_TRIES_MAX && is_busy(&error) => {
                tokio::time::sleep(Duration::from_millis(20 * tried)).await;
            }
            outcome => break outcome?,
        }
    };
    let mut session = Session::sqlite(sqlite::Lease::for_ever(connection)?);
    migration::run(&mut session, migrations).await?;
    let prints = Arc::new(Prints::of(&mut session, migrations).await?);
    let readers = sqlite::Readers::of(path)?;
    let writer = group::Writer::start(session, sqlite::Settler::start(path)?, prints.clone())?;
    Ok((Engine::Sqlite { readers, writer }, prints))
}

/// How long somebody waits for a connection to PostgreSQL before they are told to come back later.
const CONNECTION_WAIT: Duration = Duration::from_secs(5);

async fn open_postgres(url: &str, migrations: &[Migration]) -> Result<(Engine, Arc<Prints>), StoreError> {
    let options: PgConnectOptions = url.parse()?;
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(CONNECTION_WAIT)
        .connect_with(options.disable_statement_logging())
        .await?;
    let mut session = Session::postgres(pool.acquire().await?);
    migration::run(&mut session, migrations).await?;
    let prints = Arc::new(Prints::of(&mut session, migrations).await?);
    drop(session);
    Ok((Engine::Postgres { writer: serializable::Writer::new(pool.clone(), prints.clone()), readers: pool }, prints))
}
