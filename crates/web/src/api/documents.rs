//! Files that come with a case: sent first, then named among the answers.

use axum::{Json, body::Bytes, extract::State, http::StatusCode, response::Response};
use base::Reference;
use register::kind::file;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    problem::{Answer, Explain, Problem},
    query::{Path, Query},
};
use crate::{
    App,
    attachment::{self, attachment},
    words::Words,
};

/// What the file is called.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Named {
    /// The name of the file, with its ending.
    name: String,
}

/// A file that is kept.
#[derive(Serialize, ToSchema)]
pub(crate) struct DocumentView {
    name: String,
    /// What the question of kind `file` is answered with.
    answer: String,
}

/// Keeps a file of at most 10 MB for a case that will be filed; a question may allow less.
#[utoipa::path(post, path = "/documents", tag = "cases", params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 201, body = DocumentView)))]
pub(crate) async fn send(
    State(app): State<App>,
    caller: Caller,
    Query(named): Query<Named>,
    content: Bytes,
) -> Answer<(StatusCode, Json<DocumentView>)> {
    if content.len() > crate::input::FILE_BYTES_MAX {
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "file-too-large", caller.lang));
    }
    if let Err(fault) = file::is_what_it_says(&named.name, &content) {
        let said = Words(caller.lang).fault(&fault);
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "file", caller.lang).detail(said));
    }
    let account = &caller.account()?.id;
    let document = attachment::document(&app, account, &named.name, &content);
    let view = DocumentView { name: document.name.clone(), answer: attachment::answer(&document) };
    app.drafts.keep_document(app.by(account, "api"), document).await.map_err(|e| e.explain(caller.lang))?;
    Ok((StatusCode::CREATED, Json(view)))
}

/// A file that came with a case, by the name of the question.
#[utoipa::path(get, path = "/cases/{reference}/documents/{question}", tag = "cases",
    responses((status = 200, body = Vec<u8>, content_type = "application/octet-stream")))]
pub(crate) async fn read(
    State(app): State<App>,
    caller: Caller,
    Path((reference, question)): Path<(String, String)>,
) -> Answer<Response> {
    let reference = Reference::parse(&reference).map_err(|_| caller.not_found())?;
    let actor = caller.actor();
    let found = app.cases.document(app.by(&actor.account, "api"), &actor, reference.as_str(), &question).await;
    let document = found.map_err(|e| e.explain(caller.lang))?.ok_or_else(|| caller.not_found())?;
    attachment(&document).ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", caller.lang))
}
