//! What can go wrong with the database.

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
    Commit(Box<str>),
    /// The key of a request that may be sent again came with another request.
    #[error("this key was used for another request")]
    KeyReused,
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

    /// Whether PostgreSQL asks for the transaction to be run again: others wrote what it read (40001), or waited for it
    /// while it waited for them (40P01). Any other statement that failed would fail again.
    pub(crate) fn wants_retry(&self) -> bool {
        matches!(self, StoreError::Database(sqlx::Error::Database(e)) if matches!(e.code().as_deref(), Some("40001" | "40P01")))
    }
}
