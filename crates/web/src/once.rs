//! What is sent again is done once. Every route that takes a POST says how ([`Twice`]); where it is by a key, whatever the
//! handler writes claims the key in its transaction, and what was answered is kept and given to whoever sends it again.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use axum::{
    body::{Body, to_bytes},
    extract::Request,
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONTENT_TYPE, ETAG, LOCATION},
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use store::{Attempt, Once, Outcome, StoreError};
use tokio::sync::OwnedMutexGuard;

use crate::{App, Parts, failure::Failure};

/// What happens to a request that is sent twice. A POST cannot be registered without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Twice {
    /// It changes nothing: a GET.
    Reads,
    /// Its key is claimed by whatever it writes: the header `Idempotency-Key` of the API, the one-time key of a form.
    Once,
    /// The part that does the work keeps its answer in the same transaction, so that it outlives a kill at any moment.
    Kept,
    /// Doing it again does no harm, for this reason.
    Harmless(&'static str),
}

/// A key may be this long at most, in bytes.
pub(crate) const KEY_BYTES_MAX: usize = 200;

/// An answer that is longer is not kept; whoever sends its request again is told that it was done.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// How long whoever comes second waits for the answer of the first.
const WAIT_MAX: Duration = Duration::from_secs(10);
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What is kept of the head of an answer. No cookie: a session is given to whoever signs in and to nobody else.
const KEPT: [HeaderName; 3] = [CONTENT_TYPE, LOCATION, ETAG];

tokio::task_local! {
    static SENDING: Sending;
}

/// The request under way, from where its key is known.
#[derive(Clone, Default)]
struct Sending(Arc<Mutex<Option<Held>>>);

struct Held {
    attempt: Arc<Attempt>,
    /// Equal requests to this process come one after the other; those to others meet in the database.
    _turn: OwnedMutexGuard<()>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Who has their turn, by account and key.
#[derive(Default)]
pub struct Turns(Mutex<HashMap<Whose, Weak<tokio::sync::Mutex<()>>>>);

/// An account and the key that it sent.
type Whose = (String, String);

impl Turns {
    async fn wait(&self, account: &str, key: &str) -> OwnedMutexGuard<()> {
        let turn = {
            let mut all = locked(&self.0);
            if all.len() > 1000 {
                all.retain(|_, turn| turn.strong_count() > 0);
            }
            let place = all.entry((account.to_owned(), key.to_owned())).or_default();
            place.upgrade().unwrap_or_else(|| {
                let turn = Arc::default();
                *place = Arc::downgrade(&turn);
                turn
            })
        };
        turn.lock_owned().await
    }
}

/// The sending that is under way in this task, if its request has a key.
pub(crate) fn sending() -> Option<Arc<Attempt>> {
    let attempt = |sending: &Sending| locked(&sending.0).as_ref().map(|held| held.attempt.clone());
    SENDING.try_with(attempt).ok().flatten()
}

/// From here on whatever is written in this task claims the key. `request` is whatever makes it this request and no other.
/// An error where it was sent before: what the handler answers then goes nowhere.
pub(crate) async fn begin(app: &Parts, account: &str, key: &str, request: &str) -> Result<(), StoreError> {
    let Ok(sending) = SENDING.try_with(Sending::clone) else { return Ok(()) };
    let turn = app.turns.wait(account, key).await;
    let attempt = Arc::new(Attempt::new(Once::new(account, key, request), app.random_name()));
    *locked(&sending.0) = Some(Held { attempt: attempt.clone(), _turn: turn });
    match attempt.look(&app.store).await? {
        Outcome::SentBefore => Err(StoreError::SentBefore),
        Outcome::KeyReused => Err(StoreError::KeyReused),
        Outcome::Nothing | Outcome::Done => Ok(()),
    }
}

/// Lets a handler answer, once. `refused` says in the reader's language that there is no answer to give.
/// `start` begins it where the key is known before the handler reads the body.
pub(crate) async fn around(
    app: App,
    request: Request,
    next: Next,
    refused: impl Fn(Outcome) -> Response,
    start: impl AsyncFnOnce(&App) -> Result<(), StoreError>,
) -> Response {
    let sending = Sending::default();
    let work = async {
        match start(&app).await {
            Ok(()) => next.run(request).await,
            // Whoever sent it before is answered below.
            Err(StoreError::SentBefore | StoreError::KeyReused) => StatusCode::CONFLICT.into_response(),
            // A database that is away is said to be.
            Err(error) => Failure::from(error).into_response(),
        }
    };
    let answer = SENDING.scope(sending.clone(), work).await;
    let Some(attempt) = locked(&sending.0).as_ref().map(|held| held.attempt.clone()) else { return answer };
    match attempt.outcome() {
        Outcome::Nothing => answer,
        Outcome::Done => keep(&app, &attempt, answer).await,
        Outcome::SentBefore => earlier(&app, &attempt).await.unwrap_or_else(|| refused(Outcome::SentBefore)),
        Outcome::KeyReused => refused(Outcome::KeyReused),
    }
}

async fn keep(app: &App, attempt: &Attempt, answer: Response) -> Response {
    let (head, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, ANSWER_BYTES_MAX).await else {
        tracing::warn!("an answer is too long to be kept");
        return (head.status, head.headers).into_response();
    };
    let headers: Vec<(&str, &str)> =
        KEPT.iter().filter_map(|name| Some((name.as_str(), head.headers.get(name)?.to_str().ok()?))).collect();
    if let Ok(text) = std::str::from_utf8(&bytes) {
        let kept = json!({ "status": head.status.as_u16(), "headers": headers, "body": text });
        if let Err(error) = attempt.keep(&app.store, app.by("system", "answered").each_time(), kept).await {
            tracing::error!(%error, "an answer could not be kept");
        }
    }
    Response::from_parts(head, Body::from(bytes))
}

/// The answer of the sending that did the work, as soon as it is kept.
async fn earlier(app: &App, attempt: &Attempt) -> Option<Response> {
    let mut waited = Duration::ZERO;
    while waited < WAIT_MAX {
        match attempt.answer(&app.store).await {
            Ok(Some(kept)) => return answer(&kept),
            Ok(None) => {}
            Err(error) => {
                tracing::error!(%error, "an answer that was kept could not be read");
                return None;
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
        waited += LOOK_EVERY;
    }
    None
}

fn answer(kept: &Value) -> Option<Response> {
    let status = StatusCode::from_u16(u16::try_from(kept["status"].as_u64()?).ok()?).ok()?;
    let mut response = (status, kept["body"].as_str()?.to_owned()).into_response();
    response.headers_mut().remove(CONTENT_TYPE);
    for pair in kept["headers"].as_array()? {
        let (name, value) = (pair[0].as_str()?, pair[1].as_str()?);
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            response.headers_mut().insert(name, value);
        }
    }
    Some(response)
}
