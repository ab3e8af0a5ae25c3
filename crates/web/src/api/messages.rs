//! What the caller was told of their cases.

use axum::{Json, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    admit::Caller,
    page::{Page, PageQuery},
    problem::{Answer, Explain},
    query::Query,
};
use crate::{App, letter::told, words::Words};

/// A message, in the language of the caller.
#[derive(Serialize, ToSchema)]
pub(crate) struct MessageView {
    id: String,
    /// The case that it is about.
    reference: String,
    state: String,
    subject: String,
    text: String,
    note: Option<String>,
    /// What to do now.
    to_do: String,
    at: String,
    /// Whether it was seen in the portal.
    seen: bool,
}

/// The caller's messages, the last first. Reading them here does not mark them as seen.
#[utoipa::path(get, path = "/messages", tag = "cases", params(PageQuery),
    responses((status = 200, body = Page<MessageView>)))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<MessageView>>> {
    let account = &caller.account()?.id;
    let before = page.cursor.as_deref().and_then(|cursor| cursor.parse().ok());
    let limit = page.limit();
    let found = app.cases.messages(account, before, limit).await.map_err(|e| e.explain(caller.lang))?;
    let mut views = Vec::new();
    for message in found {
        let told = told(&app, Words(caller.lang), &message).map_err(|e| e.explain(caller.lang))?;
        views.push(MessageView {
            id: message.id.to_string(),
            reference: message.reference,
            state: message.state,
            subject: told.subject,
            text: told.happened,
            note: told.note,
            to_do: told.to_do,
            at: message.told,
            seen: message.seen,
        });
    }
    Ok(Json(Page::new(views, limit, |view| view.id.clone(), |view| view)))
}
