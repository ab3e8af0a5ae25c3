//! Whether this node is alive, whether it can serve, and how it is doing.

use std::time::Duration;

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use super::{
    admit::{bearer, lang},
    problem::{Explain, Problem},
};
use crate::{App, guard::token};

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// For so long after somebody was told that the database is full or away others need not come.
const REFUSES: Duration = Duration::from_secs(20);

fn away() -> Response {
    let mut response = (StatusCode::SERVICE_UNAVAILABLE, "the database is full or away\n").into_response();
    response.extensions_mut().insert(Asked);
    response
}

/// An answer to whoever asked whether the database is well: it says so once more, and is no refusal of its own.
#[derive(Clone, Copy)]
pub(crate) struct Asked;

/// The database answers too.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    let ready = match app.traffic.refused_ago() {
        // What is small may still fit where others were refused a moment ago.
        Some(ago) if ago < REFUSES => return away(),
        // Reading still works on a disk that is full.
        Some(_) => app.store.takes_in(app.by("system", "ready")).await,
        None => app.store.is_ready().await,
    };
    match ready {
        Ok(()) => {
            app.traffic.is_well();
            "ready\n".into_response()
        }
        Err(error) => {
            tracing::error!(%error, "not ready");
            away()
        }
    }
}

/// Whether whoever asks operates the system: they have the token for this, or the role.
async fn operates(app: &App, headers: &HeaderMap) -> Result<(), Problem> {
    let lang = lang(headers);
    let sent = bearer(headers).or_else(|| token(headers));
    let sent = sent.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "sign-in", lang))?;
    if app.metrics_token.as_deref().is_some_and(|token| is_same(token, sent)) {
        return Ok(());
    }
    let session = app.identity.session(sent, app.now()).await.map_err(|error| error.explain(lang))?;
    let account = session.ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "token", lang))?.account;
    let admin = account.roles.iter().any(|role| role == "admin");
    if admin { Ok(()) } else { Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", lang)) }
}

/// Whether two secrets are the same; how long it takes says nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    one.len() == other.len() && one.bytes().zip(other.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The numbers that an operator watches, in the text format of Prometheus.
pub(crate) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Response {
    if let Err(refused) = operates(&app, &headers).await {
        return refused.into_response();
    }
    let mut body = match app.store.is_ready().await {
        Ok(()) => app.traffic.shown(1),
        Err(_) => app.traffic.shown(0),
    };
    if let Ok((alarms, differences)) = app.cases.watched().await {
        // Messages in the name of payment providers that were not believed, and what does not agree with them.
        body += &format!("# TYPE anqud_payment_alarms_total counter\nanqud_payment_alarms_total {alarms}\n");
        body += &format!("# TYPE anqud_payment_differences gauge\nanqud_payment_differences {differences}\n");
    }
    ([(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], body).into_response()
}
