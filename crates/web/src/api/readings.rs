//! Who has read what is personal about the caller.

use axum::{Json, extract::State};
use register::fields_of;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    admit::Caller,
    page::Page,
    problem::{Answer, Explain},
};
use crate::App;

/// Somebody read personal fields.
#[derive(Serialize, ToSchema)]
pub(crate) struct ReadingView {
    /// The account that read.
    by: String,
    at: String,
    /// The register or the service.
    of: String,
    /// The record or the case.
    row: String,
    fields: Vec<String>,
}

/// How many readings are told.
const READINGS_MAX: i64 = 500;

/// Who has read personal data about the caller, the last first.
#[utoipa::path(get, path = "/readings", tag = "registers", responses((status = 200, body = Page<ReadingView>)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Answer<Json<Page<ReadingView>>> {
    let account = caller.account()?;
    let rows = app.rows_about(&account.id, &account.roles).await.map_err(|e| e.explain(caller.lang))?;
    let entries = app.registers.read_by(&rows, READINGS_MAX).await.map_err(|e| e.explain(caller.lang))?;
    let view = |entry: store::Entry| ReadingView {
        fields: fields_of(&entry).into_iter().map(str::to_owned).collect(),
        by: entry.actor,
        at: entry.recorded,
        of: entry.kind,
        row: entry.row,
    };
    Ok(Json(Page { items: entries.into_iter().map(view).collect(), next: None }))
}
