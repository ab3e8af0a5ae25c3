//! A copy of an SQLite database as it stood at one moment, taken while others write.

use std::path::Path;

use sqlx::{ConnectOptions, Connection, Row, sqlite::SqliteConnectOptions};

use crate::StoreError;

/// Copies a database to a file that does not exist yet and checks the copy; how many bytes it has.
pub async fn copy_sqlite(from: &Path, to: &Path) -> Result<u64, StoreError> {
    let refused = |message: String| Err(StoreError::Copy(message));
    if !from.exists() {
        return refused(format!("there is no file {}", from.display()));
    }
    // What SQLite left beside a database that is gone would be taken for part of the new one.
    for ending in ["", "-wal", "-shm"] {
        let file = format!("{}{ending}", to.display());
        if Path::new(&file).exists() {
            return refused(format!("{file} exists already, and nothing is written over; name another file"));
        }
    }
    let mut source = open(from).await?;
    check(&mut source, from).await?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Folder(folder.display().to_string(), e))?;
    }
    sqlx::query("VACUUM INTO ?").bind(to.display().to_string()).execute(&mut source).await?;
    source.close().await?;
    let mut copy = open(to).await?;
    check(&mut copy, to).await?;
    copy.close().await?;
    Ok(std::fs::metadata(to).map_or(0, |metadata| metadata.len()))
}

async fn open(path: &Path) -> Result<sqlx::SqliteConnection, StoreError> {
    let options = SqliteConnectOptions::new().filename(path).create_if_missing(false).disable_statement_logging();
    Ok(options.connect().await?)
}

/// Whether a file is whole, and a database of Anqud.
async fn check(database: &mut sqlx::SqliteConnection, path: &Path) -> Result<(), StoreError> {
    let refused = |why: &str| Err(StoreError::Copy(format!("{} {why}", path.display())));
    let found = sqlx::query("PRAGMA integrity_check").fetch_one(&mut *database).await;
    let said = found.and_then(|row| row.try_get::<String, _>(0));
    match said {
        Ok(said) if said == "ok" => {}
        Ok(said) => return refused(&format!("is damaged: {said}")),
        Err(error) => return refused(&format!("is no database: {error}")),
    }
    let known = sqlx::query("SELECT count(*) FROM migration").fetch_one(&mut *database).await;
    if known.is_err() {
        return refused("is no database of Anqud");
    }
    Ok(())
}
