//! `anqud export` and `anqud import`: the whole database in a file that either engine can take in. It is the way from
//! SQLite to PostgreSQL when one machine is not enough.

use std::path::Path;

use jiff::SignedDuration;
use store::{By, Store};

use crate::{
    edge,
    system::{self, Failure},
};

pub(crate) async fn export(database: &str, to: &Path) -> Result<(), Failure> {
    let is_url = database.starts_with("postgres://") || database.starts_with("postgresql://");
    if !is_url && !Path::new(database.strip_prefix("sqlite:").unwrap_or(database)).exists() {
        return Err(format!("there is no file {database}").into());
    }
    let store = Store::open(database, &system::migrations(), Vec::new()).await?;
    let rows = store::export(&store, to).await?;
    println!("{} holds the database as it stands now ({rows} rows)", to.display());
    Ok(())
}

pub(crate) async fn import(from: &Path, database: &str, without_end: bool) -> Result<(), Failure> {
    let store = Store::open(database, &system::migrations(), Vec::new()).await?;
    let by = By::new("system", "import", edge::now(SignedDuration::ZERO));
    let rows = store::import(&store, by, from, without_end).await?;
    println!("{rows} rows were taken in; `anqud audit` tells whether all agrees");
    Ok(())
}
