//! `anqud backup` and `anqud restore`: a copy of an SQLite database as it stood at one moment, and the way back.

use std::path::Path;

use crate::system::Failure;

/// Copies the database while the server may go on; the copy is checked before it counts.
pub(crate) async fn backup(database: &str, to: &Path) -> Result<(), Failure> {
    only_sqlite(database, "pg_dump --format=custom --file=FILE URL")?;
    let bytes = store::copy_sqlite(Path::new(path_of(database)), to)?;
    println!("{} holds the database as it stands now ({bytes} bytes, checked)", to.display());
    Ok(())
}

/// Puts a backup where there is no database.
pub(crate) async fn restore(from: &Path, database: &str) -> Result<(), Failure> {
    only_sqlite(database, "pg_restore --dbname=URL FILE")?;
    store::copy_sqlite(from, Path::new(path_of(database)))?;
    println!("{database} holds what {} held", from.display());
    Ok(())
}

fn path_of(database: &str) -> &str {
    database.strip_prefix("sqlite:").unwrap_or(database)
}

fn only_sqlite(database: &str, instead: &str) -> Result<(), Failure> {
    if database.starts_with("postgres://") || database.starts_with("postgresql://") {
        return Err(format!("this is for SQLite; on PostgreSQL use `{instead}`").into());
    }
    Ok(())
}
