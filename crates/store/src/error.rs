//! What can go wrong with the database.

use std::{error::Error, sync::Arc};

use rusqlite::ErrorCode;

/// What SQLite says where a key is not unique: that of a row or another.
const UNIQUE: [i32; 2] = [rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY, rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE];

/// An error of the store. Parts wrap it in their own error.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// PostgreSQL answered with an error.
    #[error("the database said: {0}")]
    Database(#[from] sqlx::Error),
    /// SQLite answered with an error.
    #[error("the database said: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The data folder cannot be made.
    #[error("the folder {0} cannot be made: {1}")]
    Folder(String, std::io::Error),
    /// A thread that the store needs cannot be started.
    #[error("the {0} cannot be started: {1}")]
    Thread(&'static str, std::io::Error),
    /// A database was not copied.
    #[error("{0}")]
    Copy(String),
    /// A newer Anqud has migrated this database.
    #[error(
        "this database was made by a newer version of Anqud (it has the migration «{0}», which this version does not know). Start the newer version, or restore a backup made before the upgrade."
    )]
    Newer(String),
    /// A stored value is not what the code expects.
    #[error("the column {column} does not hold {wanted}")]
    Column { column: String, wanted: &'static str },
    /// The work panicked or the writer is gone; nothing of it was kept.
    #[error("the work was given up: {0}")]
    Abandoned(&'static str),
    /// The commit itself failed; nothing of the group was kept.
    #[error("the commit failed: {0}")]
    Commit(#[source] Arc<StoreError>),
    /// The key of a request that may be sent again came with another request.
    #[error("this key was used for another request")]
    KeyReused,
    /// Another sending of the same request did the work.
    #[error("this request was sent before, and done")]
    SentBefore,
    /// A document could not be written or read as JSON.
    #[error("not a document: {0}")]
    Json(#[from] serde_json::Error),
}

impl StoreError {
    /// Whether a unique key said no.
    pub fn is_unique_violation(&self) -> bool {
        match self {
            StoreError::Database(sqlx::Error::Database(e)) => e.is_unique_violation(),
            StoreError::Sqlite(e) => e.sqlite_error().is_some_and(|e| UNIQUE.contains(&e.extended_code)),
            _ => false,
        }
    }

    /// How often the transaction may be run because of it. PostgreSQL asks for another try where others wrote what it read
    /// (40001), or waited for it while it waited for them (40P01). A key that is there already (23505) may be one that
    /// somebody else worked out from the same reading; after a few tries it is believed. Any other statement that failed
    /// would fail again. (PostgreSQL manual, "Serialization Failure Handling".)
    pub(crate) fn tries_max(&self) -> u32 {
        if self.is_serialization_failure() {
            return 12;
        }
        if matches!(self, StoreError::Database(_)) && self.is_unique_violation() { 4 } else { 1 }
    }

    /// Whether others wrote what the transaction read, or waited for it while it waited for them.
    pub(crate) fn is_serialization_failure(&self) -> bool {
        matches!(self, StoreError::Database(sqlx::Error::Database(e)) if matches!(e.code().as_deref(), Some("40001" | "40P01")))
    }
}

/// Whether an error of any part says that the database is full, away or cannot be written to now, so that the same may
/// well succeed later. Parts wrap the errors of the store in their own; what lies below stays in the chain of sources.
pub fn is_unavailable(error: &(dyn Error + 'static)) -> bool {
    let mut below = Some(error);
    while let Some(error) = below {
        let here = match (error.downcast_ref::<sqlx::Error>(), error.downcast_ref::<rusqlite::Error>()) {
            (Some(error), _) => postgres_is_unavailable(error),
            (_, Some(error)) => sqlite_is_unavailable(error),
            // The one commit of many failed: nobody's work was wrong.
            _ => error.is::<Arc<StoreError>>() || matches!(error.downcast_ref(), Some(StoreError::Commit(_))),
        };
        if here {
            return true;
        }
        below = error.source();
    }
    false
}

fn postgres_is_unavailable(error: &sqlx::Error) -> bool {
    match error {
        // A connection that ends in the middle of a word is no better than none.
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(said) => said.code().is_some_and(|code| {
            // Classes (PostgreSQL, appendix A): 08 connections, 53 resources (disk full, too many connections), 57P the
            // server is stopping or starting, 58 the system below it; 25006: it only reads, as a standby does; 40: others
            // were in the way more often than it was tried.
            ["08", "53", "57P", "58", "40"].iter().any(|class| code.starts_with(class)) || code == "25006"
        }),
        _ => false,
    }
}

fn sqlite_is_unavailable(error: &rusqlite::Error) -> bool {
    use ErrorCode::{
        CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, FileLockingProtocolFailed, OutOfMemory, ReadOnly,
        SystemIoFailure,
    };
    error.sqlite_error_code().is_some_and(|code| {
        matches!(
            code,
            CannotOpen
                | DatabaseBusy
                | DatabaseLocked
                | DiskFull
                | FileLockingProtocolFailed
                | OutOfMemory
                | ReadOnly
                | SystemIoFailure
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the parts wrap what the store says.
    #[derive(Debug, thiserror::Error)]
    enum Part {
        #[error(transparent)]
        Store(#[from] StoreError),
    }

    #[derive(Debug, thiserror::Error)]
    enum Whole {
        #[error(transparent)]
        Part(#[from] Part),
    }

    fn sqlite(code: i32) -> StoreError {
        rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(code), None).into()
    }

    #[test]
    fn what_may_succeed_later_is_told_from_what_is_wrong_however_deep_it_lies() {
        #[track_caller]
        fn check(error: StoreError, expect: bool) {
            let said = error.to_string();
            assert_eq!(is_unavailable(&Whole::from(Part::from(error))), expect, "{said}");
        }
        use rusqlite::ffi;
        let io = || std::io::Error::from(std::io::ErrorKind::ConnectionReset);
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_IOERR, ffi::SQLITE_READONLY, ffi::SQLITE_BUSY, ffi::SQLITE_CANTOPEN]
        {
            check(sqlite(code), true);
        }
        check(sqlite(ffi::SQLITE_CONSTRAINT), false);
        check(sqlite(ffi::SQLITE_CORRUPT), false);
        check(sqlx::Error::Io(io()).into(), true);
        check(sqlx::Error::PoolTimedOut.into(), true);
        check(sqlx::Error::RowNotFound.into(), false);
        check(StoreError::KeyReused, false);
        check(StoreError::Commit(Arc::new(sqlite(ffi::SQLITE_ERROR))), true);
        assert!(is_unavailable(&sqlite(ffi::SQLITE_FULL)) && is_unavailable(&StoreError::Commit(Arc::new(sqlite(1)))));
    }
}
