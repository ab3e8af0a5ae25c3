//! A connection that speaks one SQL text to either engine.

use futures::TryStreamExt;
use sqlx::{Arguments, AssertSqlSafe, Postgres, pool::PoolConnection, postgres::PgArguments};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::{
    Arg, Row, StoreError,
    sqlite::Lease,
    value::{Line, LineOf, RowOf},
};

/// A connection. Statements are texts with `$1`, `$2` …, kept prepared.
pub struct Session(Engine);

enum Engine {
    Sqlite(Lease),
    Postgres {
        connection: PoolConnection<Postgres>,
        /// How often the transaction may be run, by what its statements answered.
        tries_max: u32,
    },
}

/// The text of a statement; whatever comes from outside is an argument.
fn text(sql: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(sql.to_owned())
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

/// Does what takes long where it stands, and lets the other work of this thread go on elsewhere.
fn at_length<T>(work: impl FnOnce() -> T) -> T {
    match Handle::try_current().map(|handle| handle.runtime_flavor()) {
        Ok(RuntimeFlavor::MultiThread) => tokio::task::block_in_place(work),
        _ => work(),
    }
}

/// The outcome of a statement, and how often the transaction may be run because of it.
fn noted<T>(tries_max: &mut u32, outcome: Result<T, sqlx::Error>) -> Result<T, StoreError> {
    outcome.map_err(|error| {
        let error = StoreError::from(error);
        *tries_max = error.tries_max().max(*tries_max);
        error
    })
}

impl Session {
    pub(crate) fn sqlite(connection: Lease) -> Session {
        Session(Engine::Sqlite(connection))
    }

    pub(crate) fn postgres(connection: PoolConnection<Postgres>) -> Session {
        Session(Engine::Postgres { connection, tries_max: 1 })
    }

    pub(crate) fn is_postgres(&self) -> bool {
        matches!(self.0, Engine::Postgres { .. })
    }

    /// How often the transaction may be run, whatever the work made of what the database answered.
    pub(crate) fn tries_max(&self) -> u32 {
        match &self.0 {
            Engine::Sqlite(_) => 1,
            Engine::Postgres { tries_max, .. } => *tries_max,
        }
    }

    /// Every row of the answer.
    pub async fn all(&mut self, sql: &str, args: &[Arg]) -> Result<Vec<Row>, StoreError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => connection.all(sql, args),
            Engine::Postgres { connection, tries_max } => {
                let query = sqlx::query_with(text(sql), postgres_arguments(args)?);
                let rows = noted(tries_max, query.fetch_all(&mut **connection).await)?;
                Ok(rows.into_iter().map(|row| Row(RowOf::Postgres(row))).collect())
            }
        }
    }

    /// Each row of a long answer as it comes, so that however many there are need no room.
    pub async fn each(
        &mut self,
        sql: &str,
        args: &[Arg],
        mut take: impl FnMut(Line<'_>) -> Result<(), StoreError> + Send,
    ) -> Result<(), StoreError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => at_length(|| connection.each(sql, args, take)),
            Engine::Postgres { connection, tries_max } => {
                let query = sqlx::query_with(text(sql), postgres_arguments(args)?);
                let mut rows = query.fetch(&mut **connection);
                while let Some(row) = noted(tries_max, rows.try_next().await)? {
                    take(Line(LineOf::Postgres(&row)))?;
                }
                Ok(())
            }
        }
    }

    /// The first row of the answer, if there is one.
    pub async fn one(&mut self, sql: &str, args: &[Arg]) -> Result<Option<Row>, StoreError> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    /// Runs a statement; how many rows it touched.
    pub async fn run(&mut self, sql: &str, args: &[Arg]) -> Result<u64, StoreError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => connection.run(sql, args),
            Engine::Postgres { connection, tries_max } => {
                let query = sqlx::query_with(text(sql), postgres_arguments(args)?);
                Ok(noted(tries_max, query.execute(&mut **connection).await)?.rows_affected())
            }
        }
    }

    /// Inserts many rows: `head` is `INSERT INTO t (a, b)`, each row has as many arguments as columns.
    pub async fn insert_many(&mut self, head: &str, rows: &[Vec<Arg>]) -> Result<(), StoreError> {
        let Some(columns) = rows.first().map(Vec::len) else { return Ok(()) };
        match &mut self.0 {
            Engine::Sqlite(connection) => {
                connection.insert(&format!("{head} VALUES ({})", vec!["?"; columns].join(", ")), rows)
            }
            Engine::Postgres { connection, tries_max } => {
                // Few statements; powers of two keep the number of different ones small.
                let mut rest = rows;
                while !rest.is_empty() {
                    let most = (ARGUMENTS_MAX / columns.max(1)).max(1).min(rest.len());
                    let (now, later) = rest.split_at(1 << most.ilog2());
                    let sql = text(&format!("{head} VALUES {}", places(now.len(), columns)));
                    let query = sqlx::query_with(sql, postgres_arguments(now.iter().flatten())?);
                    noted(tries_max, query.execute(&mut **connection).await)?;
                    rest = later;
                }
                Ok(())
            }
        }
    }

    /// Runs statements that take no arguments, several in one text.
    pub(crate) async fn script(&mut self, sql: &str) -> Result<(), StoreError> {
        match &mut self.0 {
            Engine::Sqlite(connection) => connection.script(sql),
            Engine::Postgres { connection, tries_max } => {
                noted(tries_max, sqlx::raw_sql(text(sql)).execute(&mut **connection).await)?;
                Ok(())
            }
        }
    }
}

/// How many arguments a statement that inserts has at most.
const ARGUMENTS_MAX: usize = 900;

/// `($1, $2), ($3, $4)` for two rows of two columns.
fn places(rows: usize, columns: usize) -> String {
    let row = |row| {
        let numbers: Vec<String> = (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", numbers.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}
