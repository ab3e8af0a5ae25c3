//! What a caller sent: the body as JSON, the key of a request that may be sent again.

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, Request,
        rejection::{BytesRejection, JsonRejection},
    },
    http::{StatusCode, request::Parts},
};
use base::Lang;
use serde::de::DeserializeOwned;

use super::{admit::Caller, problem::Problem};
use crate::{App, once::KEY_BYTES_MAX, plain};

/// A JSON body, or the problem with it.
pub(crate) struct Body<T>(pub T);

/// A JSON body where there is one.
pub(crate) struct Perhaps<T>(pub T);

fn problem(rejection: &JsonRejection, lang: Lang) -> Problem {
    let (status, name) = match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => (StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (StatusCode::UNSUPPORTED_MEDIA_TYPE, "media-type"),
        // A body of the right syntax but the wrong shape is still not what was asked for.
        _ => (StatusCode::BAD_REQUEST, "malformed"),
    };
    let problem = Problem::new(status, name, lang);
    match rejection {
        JsonRejection::JsonDataError(_) | JsonRejection::JsonSyntaxError(_) => problem.detail(rejection.body_text()),
        _ => problem,
    }
}

fn lang(request: &Request) -> Lang {
    request.extensions().get::<Caller>().map_or(Lang::EN, |caller| caller.lang)
}

impl<T: DeserializeOwned> FromRequest<App> for Body<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Body<T>, Problem> {
        let lang = lang(&request);
        let request = looked_through(request, app, lang).await?;
        let read = axum::Json::<T>::from_request(request, app).await;
        read.map(|axum::Json(body)| Body(body)).map_err(|rejection| problem(&rejection, lang))
    }
}

impl<T: DeserializeOwned + Default> FromRequest<App> for Perhaps<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, app: &App) -> Result<Perhaps<T>, Problem> {
        let lang = lang(&request);
        let request = looked_through(request, app, lang).await?;
        let unread = |rejection: BytesRejection| problem(&JsonRejection::BytesRejection(rejection), lang);
        let bytes = Bytes::from_request(request, app).await.map_err(unread)?;
        if bytes.is_empty() {
            return Ok(Perhaps(T::default()));
        }
        let read = axum::Json::<T>::from_bytes(&bytes);
        read.map(|axum::Json(body)| Perhaps(body)).map_err(|rejection| problem(&rejection, lang))
    }
}

/// The request, where nothing in its body is a character that no text can hold.
async fn looked_through(request: Request, app: &App, lang: Lang) -> Result<Request, Problem> {
    let (head, body) = request.into_parts();
    // The limit of the endpoint goes with the request.
    let again = Request::from_parts(head.clone(), body);
    let unread = |rejection: BytesRejection| problem(&JsonRejection::BytesRejection(rejection), lang);
    let bytes = Bytes::from_request(again, app).await.map_err(unread)?;
    without_refused(&bytes, lang)?;
    Ok(Request::from_parts(head, bytes.into()))
}

/// Refuses a JSON text that brings a character which no text can hold.
pub(super) fn without_refused(json: &[u8], lang: Lang) -> Result<(), Problem> {
    match plain::json_brings_refused(&String::from_utf8_lossy(json)) {
        true => Err(Problem::new(StatusCode::BAD_REQUEST, "characters", lang)),
        false => Ok(()),
    }
}

/// The header Idempotency-Key, where it was sent.
pub(crate) struct Key(pub Option<String>);

impl FromRequestParts<App> for Key {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Key, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Some(value) = parts.headers.get("idempotency-key") else { return Ok(Key(None)) };
        match value.to_str() {
            Ok(key) if !key.is_empty() && key.len() <= KEY_BYTES_MAX => Ok(Key(Some(format!("api {key}")))),
            _ => Err(Problem::new(StatusCode::BAD_REQUEST, "key", caller.lang)),
        }
    }
}
