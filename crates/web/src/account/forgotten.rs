//! A forgotten password: the address, the letter, and the page of its link that sets a new one.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use identity::{AccountRequest, Attempt, Tried, Wish};

use super::{
    Form,
    ask::{Asked, EMAIL, NEW_PASSWORD},
    asking, ended, sent, without_letters,
};
use crate::{
    App, Origin,
    account::sign_in::{Next, Refused, going_on, local},
    failure::Failure,
    frame::{Frame, encoded},
    input,
};

fn no_letters(f: Frame) -> Result<Response, Failure> {
    without_letters(f, "forgotten-title", "forgotten-counter")
}

fn address(f: Frame, next: String, asked: Asked) -> Result<Response, Failure> {
    let (title, lead, button) = (f.w.say("forgotten-title"), f.w.say("forgotten-lead"), f.w.say("forgotten-button"));
    let ways = vec![(f.w.say("forgotten-remembered"), going_on(&f, "/sign-in", &next))];
    asking(Form { title, lead, asked, email: None, next, button, ways, f })
}

pub(crate) async fn forgotten_form(
    State(app): State<App>,
    f: Frame,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    if app.edge.mail.is_none() {
        return no_letters(f);
    }
    let asked = Asked::fresh(&app, &f, &[EMAIL]);
    address(f, next.place()?, asked)
}

pub(crate) async fn forgotten(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    form: input::Form,
) -> Result<Response, Failure> {
    if app.edge.mail.is_none() {
        return no_letters(f);
    }
    let next = local(form.first("next").unwrap_or(""))?.to_owned();
    let mut asked = Asked::of(&app, &f, &[EMAIL], &form);
    let Some(email) = asked.answer(&EMAIL) else { return address(f, next, asked) };
    let (id, lang, wish) = (app.random_name(), f.lang, Wish::Reset);
    let request = AccountRequest { id, email: email.clone(), lang, next: next.clone(), wish };
    let done = async {
        let counted = app.identity.count(Attempt::new(Tried::Reset, &email, from), app.now()).await?;
        app.identity.ask(app.by("system", "forgotten"), &counted, request).await
    };
    match done.await {
        Ok(()) => sent(f, &email, "forgotten-sent", "/forgotten"),
        Err(error) => {
            let refused = Refused::of(&app, &f, error)?;
            asked.refuse(&EMAIL, refused.words.clone());
            Ok(refused.with(address(f, next, asked)?))
        }
    }
}

fn no_link(f: Frame) -> Result<Response, Failure> {
    ended(f, "forgotten-ended", ("forgotten-again", "/forgotten"))
}

fn new_password(f: Frame, request: AccountRequest, asked: Asked) -> Result<Response, Failure> {
    let (title, button) = (f.w.say("reset-title"), f.w.say("reset-button"));
    let lead = f.w.say1("reset-lead", &request.email);
    asking(Form { title, lead, asked, email: Some(request.email), next: request.next, button, ways: Vec::new(), f })
}

/// The request whose link sets a password.
async fn asked_for(app: &App, token: &str) -> Result<Option<AccountRequest>, Failure> {
    let request = app.identity.request(token, app.now()).await?;
    Ok(request.filter(|request| request.wish == Wish::Reset))
}

pub(crate) async fn reset_form(
    State(app): State<App>,
    f: Frame,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let Some(request) = asked_for(&app, &token).await? else { return no_link(f) };
    let asked = Asked::fresh(&app, &f, &[NEW_PASSWORD]);
    new_password(f, request, asked)
}

pub(crate) async fn reset(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    Path(token): Path<String>,
    form: input::Form,
) -> Result<Response, Failure> {
    let Some(request) = asked_for(&app, &token).await? else { return no_link(f) };
    let mut asked = Asked::of(&app, &f, &[NEW_PASSWORD], &form);
    let Some(password) = asked.answer(&NEW_PASSWORD) else { return new_password(f, request, asked) };
    let hash = match app.identity.hash(password, app.salt()).await {
        Ok(hash) => hash,
        Err(error) => {
            let refused = Refused::of(&app, &f, error)?;
            asked.refuse(&NEW_PASSWORD, refused.words.clone());
            return Ok(refused.with(new_password(f, request, asked)?));
        }
    };
    let Some(request) = app.identity.reset(&token, hash, from, app.now()).await? else { return no_link(f) };
    let to = format!("{}?done=password&next={}", f.href("/sign-in"), encoded(&request.next));
    Ok(Redirect::to(&to).into_response())
}
