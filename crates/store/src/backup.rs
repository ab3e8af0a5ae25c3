//! A copy of an SQLite database as it stood at one moment, taken while others write.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use crate::{StoreError, transfer::create_private};

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
    // SQLite writes into an empty file, and leaves its rights as they are.
    create_private(to).map_err(|error| StoreError::Copy(format!("{} cannot be written: {error}", to.display())))?;
    let copied = source.execute("VACUUM INTO ?", [to.display().to_string()]).map_err(StoreError::from);
    let checked = copied.and_then(|_| check(&open(to)?, to));
    if checked.is_err() {
        // What is half written is no backup, and would stand in the way of the next.
        let _ = std::fs::remove_file(to);
    }
    checked?;
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

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use crate::Store;

    #[tokio::test]
    async fn a_database_and_its_backup_are_private_files() {
        let folder = std::env::temp_dir().join(format!("anqud_private_{}", std::process::id()));
        let (database, backup) = (folder.join("anqud.db"), folder.join("copy.db"));
        let store = Store::open(&database.display().to_string(), &[], Vec::new()).await.unwrap();
        super::copy_sqlite(&database, &backup).unwrap();
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().map(|file| file.unwrap()).collect();
        assert!(files.len() >= 3, "the database, its log and the copy: {files:?}");
        for file in files {
            let mode = file.metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{:?} can be read by others", file.path());
        }
        drop(store);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
