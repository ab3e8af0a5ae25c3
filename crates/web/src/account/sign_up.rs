//! Making an account: what is asked, the letter, and the link in it.

use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use identity::{AccountRequest, Attempt, IdentityError, Particulars, Tried, Wish};

use super::{
    Form,
    ask::{Ask, Asked, EMAIL, NAME, NEW_PASSWORD, PASSWORD, PERSON_ID, PHONE},
    asking, ended, sent, without_letters,
};
use crate::{
    App, Origin,
    account::sign_in::{Next, Refused, enter, going_on, local},
    failure::Failure,
    frame::Frame,
    input,
};

const ASKS: &[Ask] = &[NAME, EMAIL, PHONE, PERSON_ID, NEW_PASSWORD];

fn no_letters(f: Frame) -> Result<Response, Failure> {
    without_letters(f, "sign-up-title", "sign-up-counter")
}

fn particulars(f: Frame, next: String, asked: Asked) -> Result<Response, Failure> {
    let (title, lead, button) = (f.w.say("sign-up-title"), f.w.say("sign-up-lead"), f.w.say("sign-up-button"));
    let ways = vec![(f.w.say("sign-up-have-one"), going_on(&f, "/sign-in", &next))];
    asking(Form { title, lead, asked, email: None, next, button, ways, f })
}

pub(crate) async fn sign_up_form(
    State(app): State<App>,
    f: Frame,
    Query(next): Query<Next>,
) -> Result<Response, Failure> {
    if app.edge.mail.is_none() {
        return no_letters(f);
    }
    let asked = Asked::fresh(&app, &f, ASKS);
    particulars(f, next.place()?, asked)
}

pub(crate) async fn sign_up(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    form: input::Form,
) -> Result<Response, Failure> {
    if app.edge.mail.is_none() {
        return no_letters(f);
    }
    let next = local(form.first("next").unwrap_or(""))?.to_owned();
    let mut asked = Asked::of(&app, &f, ASKS, &form);
    let answers = asked.answer(&NAME).zip(asked.answer(&EMAIL)).zip(asked.answer(&NEW_PASSWORD));
    let Some(((name, email), password)) = answers.filter(|_| asked.errors.is_empty()) else {
        return particulars(f, next, asked);
    };
    let particulars_of = |password_hash| Particulars {
        name,
        password_hash,
        person_id: asked.answer(&PERSON_ID),
        phone: asked.answer(&PHONE),
    };
    let request =
        |wish| AccountRequest { id: app.random_name(), email: email.clone(), lang: f.lang, next: next.clone(), wish };
    let done = async {
        // Counted before it costs the work of a hash.
        let counted = app.identity.count(Attempt::new(Tried::SignUp, &email, from), app.now()).await?;
        let wish = Wish::SignUp(particulars_of(app.identity.hash(password, app.salt()).await?));
        app.identity.ask(app.by("system", "sign-up"), &counted, request(wish)).await
    };
    match done.await {
        Ok(()) => sent(f, &email, "sign-up-sent", "/sign-up"),
        Err(error) => {
            let refused = Refused::of(&app, &f, error)?;
            asked.refuse(&EMAIL, refused.words.clone());
            Ok(refused.with(particulars(f, next, asked)?))
        }
    }
}

fn no_link(f: Frame) -> Result<Response, Failure> {
    ended(f, "sign-up-ended", ("sign-up-again", "/sign-up"))
}

fn confirmation(f: Frame, request: AccountRequest, asked: Asked) -> Result<Response, Failure> {
    let (title, button) = (f.w.say("account-confirm-title"), f.w.say("account-confirm-button"));
    let lead = f.w.say1("account-confirm-lead", &request.email);
    let ways = vec![(f.w.say("account-confirm-forgotten"), going_on(&f, "/sign-up", &request.next))];
    asking(Form { title, lead, asked, email: Some(request.email), next: request.next, button, ways, f })
}

/// The request that a link confirms.
async fn confirmed(app: &App, token: &str) -> Result<Option<AccountRequest>, Failure> {
    let request = app.identity.request(token, app.now()).await?;
    Ok(request.filter(|request| matches!(request.wish, Wish::SignUp(_))))
}

/// Following the link makes nothing yet: programs that look through letters follow links too.
pub(crate) async fn confirm_form(
    State(app): State<App>,
    f: Frame,
    Path(token): Path<String>,
) -> Result<Response, Failure> {
    let Some(request) = confirmed(&app, &token).await? else { return no_link(f) };
    let asked = Asked::fresh(&app, &f, &[PASSWORD]);
    confirmation(f, request, asked)
}

pub(crate) async fn confirm(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    Path(token): Path<String>,
    form: input::Form,
) -> Result<Response, Failure> {
    let Some(request) = confirmed(&app, &token).await? else { return no_link(f) };
    let mut asked = Asked::of(&app, &f, &[PASSWORD], &form);
    let Some(password) = asked.answer(&PASSWORD) else { return confirmation(f, request, asked) };
    let entered = match app.identity.confirm(&token, &password, from, app.now()).await {
        Ok(None) => return no_link(f),
        Ok(Some(made)) => enter(&app, &f, (&made.email, &password), from, &made.next).await,
        Err(error) => Err(error),
    };
    let error = match entered {
        Ok(entered) => return Ok(entered),
        Err(error) => error,
    };
    let wrong = matches!(error, IdentityError::WrongCredentials);
    let refused = Refused::of(&app, &f, error)?;
    asked.refuse(&PASSWORD, if wrong { f.w.say("account-confirm-wrong") } else { refused.words.clone() });
    Ok(refused.with(confirmation(f, request, asked)?))
}
