//! A copy of an SQLite database as it stood at one moment, taken while others write.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::StoreError;

/// Copies a database to a file that does not exist yet and checks the copy; how many bytes it has.
pub fn copy_sqlite(from: &Path, to: &Path) -> Result<u64, StoreError> {
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
    let source = open(from)?;
    check(&source, from)?;
    if let Some(folder) = to.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| StoreError::Folder(folder.display().to_string(), e))?;
    }
    source.execute("VACUUM INTO ?", [to.display().to_string()])?;
    check(&open(to)?, to)?;
    Ok(std::fs::metadata(to).map_or(0, |metadata| metadata.len()))
}

fn open(path: &Path) -> Result<Connection, StoreError> {
    Ok(Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?)
}

/// Whether a file is whole, and a database of Anqud.
fn check(database: &Connection, path: &Path) -> Result<(), StoreError> {
    let refused = |why: &str| Err(StoreError::Copy(format!("{} {why}", path.display())));
    match database.query_row("PRAGMA integrity_check", [], |row| row.get::<_, String>(0)) {
        Ok(said) if said == "ok" => {}
        Ok(said) => return refused(&format!("is damaged: {said}")),
        Err(error) => return refused(&format!("is no database: {error}")),
    }
    if database.query_row("SELECT count(*) FROM migration", [], |_| Ok(())).is_err() {
        return refused("is no database of Anqud");
    }
    Ok(())
}
