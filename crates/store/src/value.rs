//! What goes into a statement and what comes out of it, the same for both engines.

use std::sync::Arc;

use rusqlite::types::Value as SqliteValue;
use serde_json::Value as Json;
use sqlx::{Row as _, postgres::PgRow};

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
    Sqlite { columns: Arc<[Box<str>]>, values: Box<[SqliteValue]> },
    Postgres(PgRow),
}

/// Reads a column: a value of SQLite by `$from`, one of PostgreSQL by its type.
macro_rules! get {
    ($row:expr, $column:expr, $type:ty, $wanted:literal, $from:expr) => {
        match &$row.0 {
            RowOf::Sqlite { columns, values } => {
                let place = columns.iter().position(|name| **name == *$column);
                place.and_then(|place| values.get(place)).and_then($from)
            }
            RowOf::Postgres(row) => row.try_get::<$type, _>($column).ok(),
        }
        .ok_or_else(|| StoreError::Column { column: $column.to_owned(), wanted: $wanted })
    };
}

fn int_of(value: &SqliteValue) -> Option<i64> {
    match value {
        SqliteValue::Integer(value) => Some(*value),
        _ => None,
    }
}

fn text_of(value: &SqliteValue) -> Option<String> {
    match value {
        SqliteValue::Text(value) => Some(value.clone()),
        _ => None,
    }
}

/// Nothing, or what `of` reads.
fn or_nothing<T>(of: fn(&SqliteValue) -> Option<T>) -> impl Fn(&SqliteValue) -> Option<Option<T>> {
    move |value| match value {
        SqliteValue::Null => Some(None),
        other => of(other).map(Some),
    }
}

impl Row {
    /// A whole number.
    pub fn int(&self, column: &str) -> Result<i64, StoreError> {
        get!(self, column, i64, "a whole number", int_of)
    }
    /// A whole number or nothing.
    pub fn int_opt(&self, column: &str) -> Result<Option<i64>, StoreError> {
        get!(self, column, Option<i64>, "a whole number or nothing", or_nothing(int_of))
    }
    /// A text.
    pub fn text(&self, column: &str) -> Result<String, StoreError> {
        get!(self, column, String, "a text", text_of)
    }
    /// A text or nothing.
    pub fn text_opt(&self, column: &str) -> Result<Option<String>, StoreError> {
        get!(self, column, Option<String>, "a text or nothing", or_nothing(text_of))
    }
    /// Yes or no.
    pub fn bool(&self, column: &str) -> Result<bool, StoreError> {
        get!(self, column, bool, "yes or no", |value| int_of(value).map(|number| number != 0))
    }
    /// A document.
    pub fn json(&self, column: &str) -> Result<Json, StoreError> {
        Ok(self.json_opt(column)?.unwrap_or(Json::Null))
    }
    /// A document or nothing.
    pub fn json_opt(&self, column: &str) -> Result<Option<Json>, StoreError> {
        match &self.0 {
            RowOf::Sqlite { .. } => match self.text_opt(column)? {
                Some(text) => Ok(Some(serde_json::from_str(&text)?)),
                None => Ok(None),
            },
            RowOf::Postgres(row) => {
                row.try_get(column).map_err(|_| StoreError::Column { column: column.to_owned(), wanted: "a document" })
            }
        }
    }
}

/// One row of a long answer, read where it lies by the places of its columns, from 0 on.
pub struct Line<'a>(pub(crate) LineOf<'a>);

pub(crate) enum LineOf<'a> {
    Sqlite(&'a rusqlite::Row<'a>),
    Postgres(&'a PgRow),
}

impl Line<'_> {
    /// A whole number.
    pub fn int(&self, place: usize) -> Result<i64, StoreError> {
        match self.0 {
            LineOf::Sqlite(row) => row.get_ref(place).ok().and_then(|value| value.as_i64().ok()),
            LineOf::Postgres(row) => row.try_get(place).ok(),
        }
        .ok_or_else(|| StoreError::Column { column: place.to_string(), wanted: "a whole number" })
    }

    /// A text.
    pub fn text(&self, place: usize) -> Result<&str, StoreError> {
        let wrong = || StoreError::Column { column: place.to_string(), wanted: "a text" };
        self.text_opt(place)?.ok_or_else(wrong)
    }

    /// A text or nothing.
    pub fn text_opt(&self, place: usize) -> Result<Option<&str>, StoreError> {
        match self.0 {
            LineOf::Sqlite(row) => row.get_ref(place).ok().and_then(|value| value.as_str_or_null().ok()),
            LineOf::Postgres(row) => row.try_get(place).ok(),
        }
        .ok_or_else(|| StoreError::Column { column: place.to_string(), wanted: "a text or nothing" })
    }
}
