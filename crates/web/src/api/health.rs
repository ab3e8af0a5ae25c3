//! Whether this node is alive, whether it can serve, and how it is doing.

use axum::{
    extract::State,
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::App;

/// The process answers.
pub(crate) async fn alive() -> &'static str {
    "alive\n"
}

/// The database answers too.
pub(crate) async fn ready(State(app): State<App>) -> Response {
    match app.store.is_ready().await {
        Ok(()) => "ready\n".into_response(),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// The numbers that an operator watches, in the text format of Prometheus.
pub(crate) async fn metrics(State(app): State<App>) -> Response {
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
