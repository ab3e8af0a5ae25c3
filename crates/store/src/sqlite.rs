//! A connection to SQLite. Its statements run on the thread that asks: most take less time than a change of thread would.

use std::{
    ops::{Deref, DerefMut},
    path::Path,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use rusqlite::{
    CachedStatement, OpenFlags, ToSql,
    types::{ToSqlOutput, Value},
};
use rustc_hash::FxHashMap;
use tokio::sync::{Mutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore};

use crate::{
    Arg, Row, StoreError,
    value::{Line, LineOf, RowOf},
};

/// How many statements a connection keeps prepared.
const STATEMENTS_MAX: usize = 500;
/// How many connections read at once at least; there is one for each core.
const READERS_MIN: usize = 4;
/// At so many pages (64 MB) the write-ahead log is written back by whoever writes: a page is looked for longer in a longer log.
const PAGES_MAX: i64 = 16_384;
/// How long the log may grow before its pages are written back.
const SETTLE_EVERY: Duration = Duration::from_millis(150);
/// How long a connection waits for another process to let go of the file.
const BUSY_MAX: Duration = Duration::from_secs(10);

/// A connection and what is known of its statements.
pub(crate) struct Connection {
    sqlite: rusqlite::Connection,
    shapes: FxHashMap<Box<str>, Arc<Shape>>,
}

/// What a statement takes and gives.
struct Shape {
    /// The place of each argument: SQLite numbers `$2` by where it comes first. `None` where the text does not use it.
    places: Box<[Option<usize>]>,
    columns: Arc<[Box<str>]>,
}

impl Connection {
    /// Opens a file to write to, and makes it if there is none.
    pub fn to_write(path: &Path) -> Result<Connection, StoreError> {
        let connection = Connection::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
        connection.sqlite.pragma_update(None, "journal_mode", "WAL")?;
        connection.sqlite.pragma_update(None, "synchronous", "FULL")?;
        connection.sqlite.pragma_update(None, "foreign_keys", true)?;
        // What a savepoint may have to undo stays in memory: a page of it that goes to a file costs a write of the system.
        connection.sqlite.pragma_update(None, "temp_store", "MEMORY")?;
        // [`Settler`] writes pages back meanwhile; where it never comes to an end of them, the writer does so here.
        connection.sqlite.pragma_update(None, "wal_autocheckpoint", PAGES_MAX)?;
        Ok(connection)
    }

    fn to_read(path: &Path) -> Result<Connection, StoreError> {
        Connection::open(path, OpenFlags::SQLITE_OPEN_READ_ONLY)
    }

    fn open(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
        // Whoever has the connection has it alone, so it needs no lock of its own.
        let sqlite = rusqlite::Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
        sqlite.busy_timeout(BUSY_MAX)?;
        sqlite.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        sqlite.pragma_update(None, "cache_size", -16_384)?;
        // Pages are read where they lie, without a copy for each connection.
        sqlite.pragma_update(None, "mmap_size", 1_i64 << 30)?;
        Ok(Connection { sqlite, shapes: FxHashMap::default() })
    }

    /// Every row of the answer.
    pub fn all(&mut self, sql: &str, args: &[Arg]) -> Result<Vec<Row>, StoreError> {
        let (mut statement, shape) = self.prepare(sql, args)?;
        let mut found = Vec::new();
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            let value = |place| row.get_ref(place).map(Value::try_from);
            let values = (0..shape.columns.len()).map(value).collect::<Result<Result<Box<[Value]>, _>, _>>()?;
            let values = values.map_err(|e| StoreError::Sqlite(e.into()))?;
            found.push(Row(RowOf::Sqlite { columns: shape.columns.clone(), values }));
        }
        Ok(found)
    }

    /// Each row as it comes.
    pub fn each(
        &mut self,
        sql: &str,
        args: &[Arg],
        mut take: impl FnMut(Line<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let (mut statement, _) = self.prepare(sql, args)?;
        let mut rows = statement.raw_query();
        while let Some(row) = rows.next()? {
            take(Line(LineOf::Sqlite(row)))?;
        }
        Ok(())
    }

    /// Runs a statement; how many rows it touched.
    pub fn run(&mut self, sql: &str, args: &[Arg]) -> Result<u64, StoreError> {
        let (mut statement, shape) = self.prepare(sql, args)?;
        if shape.columns.is_empty() {
            return Ok(statement.raw_execute()? as u64);
        }
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        drop(statement);
        Ok(self.sqlite.changes())
    }

    /// Inserts rows one after the other by one statement, whose arguments are `?`.
    pub fn insert(&mut self, sql: &str, rows: &[Vec<Arg>]) -> Result<(), StoreError> {
        let mut statement = self.sqlite.prepare_cached(sql)?;
        for row in rows {
            for (place, arg) in row.iter().enumerate() {
                statement.raw_bind_parameter(place + 1, arg)?;
            }
            statement.raw_execute()?;
        }
        Ok(())
    }

    /// Runs statements that take no arguments, several in one text.
    pub fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        Ok(self.sqlite.execute_batch(sql)?)
    }

    fn prepare(&mut self, sql: &str, args: &[Arg]) -> Result<(CachedStatement<'_>, Arc<Shape>), StoreError> {
        let mut statement = self.sqlite.prepare_cached(sql)?;
        let shape = match self.shapes.get(sql).filter(|shape| shape.places.len() == args.len()) {
            Some(shape) => shape.clone(),
            None => {
                let shape = Arc::new(Shape::of(&statement, args.len())?);
                if self.shapes.len() >= STATEMENTS_MAX {
                    self.shapes.clear();
                }
                self.shapes.insert(sql.into(), shape.clone());
                shape
            }
        };
        for (arg, place) in args.iter().zip(&shape.places) {
            if let Some(place) = place {
                statement.raw_bind_parameter(*place, arg)?;
            }
        }
        Ok((statement, shape))
    }
}

impl Shape {
    fn of(statement: &CachedStatement<'_>, args: usize) -> Result<Shape, StoreError> {
        let places = (1..=args).map(|number| statement.parameter_index(&format!("${number}")));
        let columns = statement.column_names().into_iter().map(Box::from).collect();
        Ok(Shape { places: places.collect::<Result<_, _>>()?, columns })
    }
}

impl ToSql for Arg {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Arg::Int(value) => value.to_sql(),
            Arg::Text(value) => value.to_sql(),
            Arg::Bool(value) => value.to_sql(),
            // SQLite keeps documents as text, which its `->>` reads.
            Arg::Json(value) => Ok(ToSqlOutput::Owned(value.as_ref().map(ToString::to_string).into())),
        }
    }
}

/// Writes the pages of the write-ahead log back to the database while others write, on a thread of its own. It ends with
/// the last of its handles.
pub(crate) struct Settler(mpsc::SyncSender<()>);

impl Settler {
    pub fn start(path: &Path) -> Result<Settler, StoreError> {
        let connection = Connection::open(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
        let (sender, receiver) = mpsc::sync_channel(1);
        let settle = move || {
            while receiver.recv().is_ok() {
                // A passive checkpoint waits for nobody and makes nobody wait.
                let settled = connection.sqlite.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
                if let Err(error) = settled {
                    tracing::warn!(%error, "the log was not written back; the writer will do so");
                }
                thread::sleep(SETTLE_EVERY);
            }
        };
        let failed = |error| StoreError::Thread("settler", error);
        thread::Builder::new().name("settler".to_owned()).spawn(settle).map_err(failed)?;
        Ok(Settler(sender))
    }

    /// There is something new to write back.
    pub fn more(&self) {
        // Where it is full or gone, that is known already or will be seen.
        let _ = self.0.try_send(());
    }
}

/// The connections to read with.
#[derive(Clone)]
pub(crate) struct Readers {
    connections: Arc<[Arc<Mutex<Connection>>]>,
    free: Arc<Semaphore>,
}

/// A connection that somebody has; it is free again when they are done.
pub(crate) struct Lease {
    connection: OwnedMutexGuard<Connection>,
    /// Given back after the connection.
    _place: Option<OwnedSemaphorePermit>,
}

impl Lease {
    /// Of a connection that nobody else will ever have.
    pub fn for_ever(connection: Connection) -> Result<Lease, StoreError> {
        let connection = Arc::new(Mutex::new(connection)).try_lock_owned();
        Ok(Lease { connection: connection.map_err(|_| READERS_GONE)?, _place: None })
    }
}

impl Deref for Lease {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Lease {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

const READERS_GONE: StoreError = StoreError::Abandoned("no connection is free");

impl Readers {
    pub fn of(path: &Path) -> Result<Readers, StoreError> {
        let number = std::thread::available_parallelism().map_or(READERS_MIN, |cores| cores.get().max(READERS_MIN));
        let open = |_| Ok(Arc::new(Mutex::new(Connection::to_read(path)?)));
        let connections = (0..number).map(open).collect::<Result<_, StoreError>>()?;
        Ok(Readers { connections, free: Arc::new(Semaphore::new(number)) })
    }

    /// A connection, as soon as one is free.
    pub async fn lend(&self) -> Result<Lease, StoreError> {
        let place = self.free.clone().acquire_owned().await.map_err(|_| READERS_GONE)?;
        let free = self.connections.iter().find_map(|one| one.clone().try_lock_owned().ok());
        let mut connection = free.ok_or(READERS_GONE)?;
        if !connection.sqlite.is_autocommit() {
            // Whoever had it went away in the middle, and it would go on reading what stood then.
            connection.script("ROLLBACK")?;
        }
        Ok(Lease { connection, _place: Some(place) })
    }
}
