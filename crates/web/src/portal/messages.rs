//! Messages: what the visitor was told of their cases, the last first. What is shown is marked as seen.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::HeaderMap,
    response::Response,
};
use serde::Deserialize;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    letter::{Told, told},
};

struct Line {
    told: Told,
    reference: String,
    when: String,
    new: bool,
}

#[derive(Template)]
#[template(path = "messages.html")]
struct Messages {
    f: Frame,
    messages: Vec<Line>,
    /// Whether letters go out too, and where to.
    mailed_to: Option<String>,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Before {
    before: Option<i64>,
}

const PAGE: i64 = 30;

pub(crate) async fn messages(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Query(Before { before }): Query<Before>,
) -> Result<Response, Failure> {
    let account = visitor.account()?;
    let told_to = app.cases.messages(&account.id, before, PAGE).await?;
    // A browser that only fetches ahead shows nothing to anybody yet.
    let ahead = headers.get("sec-purpose").is_some_and(|purpose| purpose.as_bytes().starts_with(b"prefetch"));
    if let Some(newest) = told_to.iter().find(|message| !message.seen).filter(|_| !ahead) {
        app.cases.mark_seen(app.by(&account.id, "page"), newest.id).await?;
    }
    let next = told_to.last().filter(|_| told_to.len() as i64 == PAGE);
    let next = next.map(|last| f.href(&format!("/messages?before={}", last.id)));
    let mut messages = Vec::new();
    for message in told_to {
        messages.push(Line {
            told: told(&app, f.w, &message)?,
            reference: message.reference,
            when: f.w.day(&message.told),
            new: !message.seen,
        });
    }
    page(Messages { messages, mailed_to: app.edge.mail.is_some().then(|| account.email.clone()), next, f })
}
