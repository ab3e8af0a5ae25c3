//! Databases for tests.

use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::StoreError;

/// Makes an empty schema in a PostgreSQL database; one of the same name is dropped.
pub async fn fresh_schema(url: &str, schema: &str) -> Result<(), StoreError> {
    let mut connection = PgConnection::connect(url).await?;
    let sql = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
    Ok(())
}
