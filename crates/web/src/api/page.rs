//! A page of a list: some items, and the cursor of the next page.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// How many items a page has, unless told, and at most.
const PAGE: i64 = 50;
const PAGE_MAX: i64 = 500;

/// Which page.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageQuery {
    /// `next` of the page before.
    pub cursor: Option<String>,
    /// How many items; 50 unless told, at most 500.
    pub limit: Option<i64>,
}

impl PageQuery {
    pub fn limit(&self) -> i64 {
        self.limit.unwrap_or(PAGE).clamp(1, PAGE_MAX)
    }
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Page<T> {
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page whose last item, where it is full, names the cursor.
    pub fn new<I>(found: Vec<I>, limit: i64, cursor: impl Fn(&I) -> String, show: impl FnMut(I) -> T) -> Page<T> {
        let next = found.last().filter(|_| found.len() as i64 == limit).map(cursor);
        Page { items: found.into_iter().map(show).collect(), next }
    }
}
