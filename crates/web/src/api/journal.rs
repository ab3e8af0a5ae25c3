//! The journal: what changed, by whom, when and why.

use axum::{
    Json,
    extract::{Query, State},
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    page::Page,
    problem::{Answer, Explain},
};
use crate::App;

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The sequence number of the last entry that is known already.
    #[serde(default)]
    after: i64,
    /// How many; 100 unless told, at most 1000.
    limit: Option<i64>,
}

/// A change as it was written down.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    pub seq: i64,
    /// When it was written down, RFC 3339.
    pub recorded: String,
    pub actor: String,
    pub cause: String,
    /// `case`, `record`, `observation`, `account`.
    pub source: String,
    /// The service, the register or the indicator.
    pub kind: String,
    pub row: String,
    /// The day from which it holds.
    pub effective: String,
    #[schema(value_type = Option<Object>)]
    pub before: Option<serde_json::Value>,
    #[schema(value_type = Option<Object>)]
    pub after: Option<serde_json::Value>,
}

impl From<store::Entry> for EntryView {
    fn from(e: store::Entry) -> EntryView {
        let store::Entry { seq, recorded, actor, cause, source, kind, row, effective, before, after } = e;
        EntryView { seq, recorded, actor, cause, source, kind, row, effective, before, after }
    }
}

/// What changed after an entry, oldest first. For auditors.
#[utoipa::path(get, path = "/journal", tag = "journal", params(After),
    responses((status = 200, body = Page<EntryView>)))]
pub(crate) async fn entries(
    State(app): State<App>,
    caller: Caller,
    Query(q): Query<After>,
) -> Answer<Json<Page<EntryView>>> {
    let limit = q.limit.unwrap_or(100).clamp(1, 1000);
    let failed = |error: store::StoreError| error.explain(caller.lang);
    let mut db = app.store.read().await.map_err(failed)?;
    let found = store::entries_after(&mut db, q.after, limit).await.map_err(failed)?;
    Ok(Json(Page::new(found, limit, |entry| entry.seq.to_string(), EntryView::from)))
}

/// A seal upon the journal.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckpointView {
    /// The last entry that it seals.
    pub seq: i64,
    /// SHA-256 over the entries and the seal before it, in hexadecimal digits.
    pub hash: String,
    pub recorded: String,
}

/// The last checkpoint of the journal. Keep it elsewhere: `anqud journal verify` tells by it whether anything up to its
/// entry was changed. For auditors.
#[utoipa::path(get, path = "/journal/checkpoint", tag = "journal",
    responses((status = 200, body = CheckpointView)))]
pub(crate) async fn checkpoint(State(app): State<App>, caller: Caller) -> Answer<Json<CheckpointView>> {
    let failed = |error: store::StoreError| error.explain(caller.lang);
    let mut db = app.store.read().await.map_err(failed)?;
    let last = store::last_checkpoint(&mut db).await.map_err(failed)?.ok_or_else(|| caller.not_found())?;
    Ok(Json(CheckpointView { seq: last.seq, hash: last.hash, recorded: last.recorded }))
}
