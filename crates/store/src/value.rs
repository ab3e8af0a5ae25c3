//! What goes into a statement and what comes out of it, the same for both engines.

use serde_json::Value as Json;
use sqlx::{Row as _, postgres::PgRow, sqlite::SqliteRow};

use crate::StoreError;

/// An argument of a statement, bound to `$1`, `$2` …
#[derive(Debug, Clone, PartialEq)]
pub enum Arg {
    Int(Option<i64>),
    Text(Option<String>),
    Bool(bool),
    Json(Option<Json>),
}

impl From<i64> for Arg {
    fn from(value: i64) -> Arg {
        Arg::Int(Some(value))
    }
}
impl From<Option<i64>> for Arg {
    fn from(value: Option<i64>) -> Arg {
        Arg::Int(value)
    }
}
impl From<&str> for Arg {
    fn from(value: &str) -> Arg {
        Arg::Text(Some(value.to_owned()))
    }
}
impl From<&String> for Arg {
    fn from(value: &String) -> Arg {
        Arg::Text(Some(value.clone()))
    }
}
impl From<String> for Arg {
    fn from(value: String) -> Arg {
        Arg::Text(Some(value))
    }
}
impl From<Option<String>> for Arg {
    fn from(value: Option<String>) -> Arg {
        Arg::Text(value)
    }
}
impl From<Option<&str>> for Arg {
    fn from(value: Option<&str>) -> Arg {
        Arg::Text(value.map(str::to_owned))
    }
}
impl From<bool> for Arg {
    fn from(value: bool) -> Arg {
        Arg::Bool(value)
    }
}
impl From<Json> for Arg {
    fn from(value: Json) -> Arg {
        Arg::Json(Some(value))
    }
}
impl From<Option<Json>> for Arg {
    fn from(value: Option<Json>) -> Arg {
        Arg::Json(value)
    }
}

/// One row of an answer, read by the name of its columns.
pub struct Row(pub(crate) RowOf);

pub(crate) enum RowOf {
    Sqlite(SqliteRow),
    Postgres(PgRow),
}

macro_rules! get {
    ($row:expr, $column:expr, $type:ty, $wanted:literal) => {
        match &$row.0 {
            RowOf::Sqlite(row) => row.try_get_unchecked::<$type, _>($column),
            RowOf::Postgres(row) => row.try_get::<$type, _>($column),
        }
        .map_err(|_| StoreError::Column { column: $column.to_owned(), wanted: $wanted })
    };
}

impl Row {
    /// A whole number.
    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        get!(self, column, i64, "a whole number")
    }
    /// A whole number or nothing.
    pub fn int_opt(&self, column: &str) -> Result<Option<i64>, StoreError> {
        get!(self, column, Option<i64>, "a whole number or nothing")
    }
    /// A text.
    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        get!(self, column, String, "a text")
    }
    /// A text or nothing.
    pub fn text_opt(&self, column: &str) -> Result<Option<String>, StoreError> {
        get!(self, column, Option<String>, "a text or nothing")
    }
    /// Yes or no.
    pub fn bool(&self, column: &str) -> Result<bool, StoreError> {
        get!(self, column, bool, "yes or no")
    }
    /// A document.
    pub fn json(&self, column: &str) -> Result<Json, StoreError> {
        Ok(self.json_opt(column)?.unwrap_or(Json::Null))
    }
    /// A document or nothing.
    pub fn json_opt(&self, column: &str) -> Result<Option<Json>, StoreError> {
        match &self.0 {
            RowOf::Sqlite(_) => match self.text_opt(column)? {
                Some(text) => Ok(Some(serde_json::from_str(&text)?)),
                None => Ok(None),
            },
            RowOf::Postgres(row) => {
                row.try_get(column).map_err(|_| StoreError::Column { column: column.to_owned(), wanted: "a document" })
            }
        }
    }
}
