//! A connection that speaks one SQL text to either engine.

use futures::TryStreamExt;
use sqlx::{
    Arguments, AssertSqlSafe, Executor, Postgres, Sqlite, pool::PoolConnection, postgres::PgArguments,
    sqlite::SqliteArguments,
};

use crate::{Arg, Row, StoreError, value::RowOf};

/// A connection. Statements are texts with `$1`, `$2` …, kept prepared by the driver.
pub struct Session {
    engine: Engine,
    /// Runs on SQLite in one go with the next statement: each way to the driver and back costs two changes of thread.
    ahead: Option<&'static str>,
}

enum Engine {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

fn sqlite_arguments<'a>(args: impl IntoIterator<Item = &'a Arg>) -> Result<SqliteArguments, StoreError> {
    let mut bound = SqliteArguments::default();
    for arg in args {
        match arg {
            Arg::Int(value) => bound.add(*value),
            Arg::Text(value) => bound.add(value.clone()),
            Arg::Bool(value) => bound.add(*value),
            // SQLite keeps documents as text, which its `->>` reads.
            Arg::Json(value) => bound.add(value.as_ref().map(ToString::to_string)),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

fn postgres_arguments<'a>(args: impl IntoIterator<Item = &'a Arg>) -> Result<PgArguments, StoreError> {
    let mut bound = PgArguments::default();
    for arg in args {
        match arg {
            Arg::Int(value) => bound.add(*value),
            Arg::Text(value) => bound.add(value.clone()),
            Arg::Bool(value) => bound.add(*value),
            Arg::Json(value) => bound.add(value.clone()),
        }
        .map_err(sqlx::Error::Encode)?;
    }
    Ok(bound)
}

impl Session {
    pub(crate) fn sqlite(connection: PoolConnection<Sqlite>) -> Session {
        Session { engine: Engine::Sqlite(connection), ahead: None }
    }

    pub(crate) fn postgres(connection: PoolConnection<Postgres>) -> Session {
        Session { engine: Engine::Postgres(connection), ahead: None }
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.engine, Engine::Postgres(_))
    }

    /// Lets a statement without arguments and rows run ahead of the next one (SQLite only).
    pub(crate) fn run_ahead(&mut self, sql: &'static str) {
        self.ahead = Some(sql);
    }

    /// Whether the statement that was to run ahead has not run yet; it then never will.
    pub(crate) fn stop_ahead(&mut self) -> bool {
        self.ahead.take().is_some()
    }

    /// The statement with what runs ahead of it.
    fn with_ahead(&mut self, sql: &str) -> AssertSqlSafe<String> {
        AssertSqlSafe(match self.ahead.take() {
            Some(ahead) => format!("{ahead}; {sql}"),
            None => sql.to_owned(),
        })
    }

    /// Every row of the answer.
    pub async fn all(&mut self, sql: &str, args: &[Arg]) -> Result<Vec<Row>, StoreError> {
        let sql = self.with_ahead(sql);
        Ok(match &mut self.engine {
            Engine::Sqlite(connection) => {
                let query = sqlx::query_with(sql, sqlite_arguments(args)?);
                query.fetch_all(&mut **connection).await?.into_iter().map(|r| Row(RowOf::Sqlite(r))).collect()
            }
            Engine::Postgres(connection) => {
                let query = sqlx::query_with(sql, postgres_arguments(args)?);
                query.fetch_all(&mut **connection).await?.into_iter().map(|r| Row(RowOf::Postgres(r))).collect()
            }
        })
    }

    /// Each row of a statement without arguments as it comes, so that however many there are need no room.
    pub(crate) async fn each(
        &mut self,
        sql: &str,
        mut take: impl FnMut(Row) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let sql = self.with_ahead(sql);
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let mut rows = sqlx::query(sql).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await? {
                    take(Row(RowOf::Sqlite(row)))?;
                }
            }
            Engine::Postgres(connection) => {
                let mut rows = sqlx::query(sql).fetch(&mut **connection);
                while let Some(row) = rows.try_next().await? {
                    take(Row(RowOf::Postgres(row)))?;
                }
            }
        }
        Ok(())
    }

    /// The first row of the answer, if there is one.
    pub async fn one(&mut self, sql: &str, args: &[Arg]) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Runs a statement; how many rows it touched.
    pub async fn run(&mut self, sql: &str, args: &[Arg]) -> Result<u64, StoreError> {
        self.run_with(sql, args).await
    }

    async fn run_with<'a>(&mut self, sql: &str, args: impl IntoIterator<Item = &'a Arg>) -> Result<u64, StoreError> {
        let sql = self.with_ahead(sql);
        Ok(match &mut self.engine {
            Engine::Sqlite(connection) => {
                let query = sqlx::query_with(sql, sqlite_arguments(args)?);
                // The last result is the statement's own; what ran ahead of it repeats an older count.
                let mut results = (&mut **connection).fetch_many(query);
                let mut touched = 0;
                while let Some(result) = results.try_next().await? {
                    touched = result.left().map_or(touched, |done| done.rows_affected());
                }
                touched
            }
            Engine::Postgres(connection) => {
                let query = sqlx::query_with(sql, postgres_arguments(args)?);
                query.execute(&mut **connection).await?.rows_affected()
            }
        })
    }

    /// Inserts many rows in few statements: `head` is `INSERT INTO t (a, b)`, each row has as many arguments as columns.
    pub async fn insert_many(&mut self, head: &str, rows: &[Vec<Arg>]) -> Result<(), StoreError> {
        // Powers of two keep the number of different prepared statements small; 999 arguments are safe everywhere.
        let mut rest = rows;
        while let Some(first) = rest.first() {
            let most = (900 / first.len().max(1)).max(1);
            let mut take = 1;
            while take * 2 <= rest.len().min(most) {
                take *= 2;
            }
            let (now, later) = rest.split_at(take);
            let mut sql = format!("{head} VALUES ");
            let mut number = 0;
            for index in 0..now.len() {
                sql.push_str(if index == 0 { "(" } else { ", (" });
                for column in 0..first.len() {
                    number += 1;
                    if column > 0 {
                        sql.push_str(", ");
                    }
                    // SQLite looks a numbered argument up among all others each time that one is bound.
                    match self.engine {
                        Engine::Sqlite(_) => sql.push('?'),
                        Engine::Postgres(_) => sql.push_str(&format!("${number}")),
                    }
                }
                sql.push(')');
            }
            self.run_with(&sql, now.iter().flatten()).await?;
            rest = later;
        }
        Ok(())
    }

    /// Runs statements that take no arguments, several in one text.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await?;
            }
            Engine::Postgres(connection) => {
                sqlx::raw_sql(sql).execute(&mut **connection).await?;
            }
        }
        Ok(())
    }
}
