//! A request to the API that is sent again under its key.

use axum::{
    body::{Body, to_bytes},
    extract::{FromRequestParts, Request},
    http::StatusCode,
    middleware::Next,
    response::{IntoResponse, Response},
};
use store::{Outcome, StoreError};

use super::{
    admit::Caller,
    body::Key,
    problem::{Explain, Problem},
};
use crate::{App, Twice, failure::Failure, once};

/// Nothing that is sent is longer than a file.
const BYTES_MAX: usize = crate::input::FILE_BYTES_MAX + 1;

/// Does once what is sent with a key.
pub(crate) async fn once(app: App, twice: Twice, request: Request, next: Next) -> Response {
    if twice != Twice::Once {
        return next.run(request).await;
    }
    let (mut parts, body) = request.into_parts();
    let caller = match Caller::from_request_parts(&mut parts, &app).await {
        Ok(caller) => caller,
        Err(problem) => return problem.into_response(),
    };
    let key = match Key::from_request_parts(&mut parts, &app).await {
        Ok(Key(Some(key))) => key,
        Ok(Key(None)) => return next.run(Request::from_parts(parts, body)).await,
        Err(problem) => return problem.into_response(),
    };
    let Ok(bytes) = to_bytes(body, BYTES_MAX).await else {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", caller.lang).into_response();
    };
    let account = caller.who.account.as_ref().map_or(String::new(), |account| account.id.clone());
    let to = parts.uri.to_string();
    let hash = store::hash_of([parts.method.as_str().as_bytes(), to.as_bytes(), &bytes]);
    let lang = caller.lang;
    let refused = move |outcome| match outcome {
        Outcome::KeyReused => StoreError::KeyReused.explain(lang).into_response(),
        _ => StoreError::SentBefore.explain(lang).into_response(),
    };
    let request = Request::from_parts(parts, Body::from(bytes));
    let answer =
        once::around(app, request, next, refused, async move |app| once::begin(app, &account, &key, &hash).await).await;
    match answer.extensions().get::<Failure>() {
        Some(failure) => super::problem::refused(*failure, lang),
        None => answer,
    }
}
