//! Databases for tests.

use std::{env, fs};

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::StoreError;

/// Makes an empty schema in a PostgreSQL database; one of the same name is dropped.
pub async fn fresh_schema(url: &str, schema: &str) -> Result<(), StoreError> {
    script(url, format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}")).await
}

/// Gives `check` an empty SQLite database and then, where `ANQUD_TEST_POSTGRES` names a server, an empty PostgreSQL
/// one; both are gone afterwards. `name` tells apart the tests that run at the same time.
pub async fn on_each_engine(name: &str, check: impl AsyncFn(String)) -> Result<(), StoreError> {
    let name = format!("anqud_{name}_{}", std::process::id());
    let folder = env::temp_dir().join(&name);
    check(folder.join("anqud.db").display().to_string()).await;
    fs::remove_dir_all(&folder).map_err(|e| StoreError::Folder(folder.display().to_string(), e))?;
    let Ok(url) = env::var("ANQUD_TEST_POSTGRES") else {
        eprintln!("{name}: PostgreSQL is left out, ANQUD_TEST_POSTGRES is not set");
        return Ok(());
    };
    fresh_schema(&url, &name).await?;
    check(format!("{url}?options=-csearch_path%3D{name}")).await;
    script(&url, format!("DROP SCHEMA {name} CASCADE")).await
}

/// Ends every connection to PostgreSQL that names itself so, as an operator or a failing network would.
pub async fn cut_connections(url: &str, application: &str) -> Result<(), StoreError> {
    let all =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{application}'");
    script(url, all).await
}

async fn script(url: &str, sql: String) -> Result<(), StoreError> {
    let mut connection = PgConnection::connect(url).await?;
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(())
}
