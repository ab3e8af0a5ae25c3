//! Making an account oneself, and getting back into it: what both ask and say.

mod ask;
mod forgotten;
pub(crate) mod letter;
mod sign_in;
mod sign_up;

pub(crate) use sign_in::Refused;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use identity::Rule::{Public, SignedIn};

use self::ask::Asked;
use crate::{
    area::{Area, Route, Texts},
    failure::Failure,
    frame::{Frame, page},
    question::Control,
};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[],
    routes: &[
        Route::new("/sign-in", Public, || get(sign_in::sign_in_form).post(sign_in::sign_in))
            .harmless("each signing in is a session of its own, and its cookie is kept nowhere"),
        Route::new("/sign-up", Public, || get(sign_up::sign_up_form).post(sign_up::sign_up)).once(),
        Route::new("/sign-up/{token}", Public, || get(sign_up::confirm_form).post(sign_up::confirm)).once(),
        Route::new("/forgotten", Public, || get(forgotten::forgotten_form).post(forgotten::forgotten)).once(),
        Route::new("/forgotten/{token}", Public, || get(forgotten::reset_form).post(forgotten::reset)).once(),
        Route::new("/sign-out", SignedIn, || post(sign_in::sign_out)).harmless("whoever is signed out stays so"),
    ],
};

/// A page that asks.
#[derive(Template)]
#[template(path = "account.html")]
struct Form {
    f: Frame,
    title: String,
    lead: String,
    asked: Asked,
    /// Whose password is asked for, for the browser that keeps it.
    email: Option<String>,
    next: String,
    button: String,
    /// Where else to go: the words and the address.
    ways: Vec<(String, String)>,
}

/// A page that says.
#[derive(Template)]
#[template(path = "account_notice.html")]
struct Notice {
    f: Frame,
    title: String,
    lead: String,
    more: String,
    ways: Vec<(String, String)>,
}

/// The page with its questions, as it stands to what was sent.
fn asking(form: Form) -> Result<Response, Failure> {
    let status = if form.asked.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, page(form)?).into_response())
}

/// Whoever owns the mailbox goes on from the letter. It is said of every address alike.
fn sent(f: Frame, email: &str, lead: &str, again: &str) -> Result<Response, Failure> {
    let (title, lead, more) = (f.w.say("letter-sent"), f.w.say1(lead, email), f.w.say("letter-sent-help"));
    let ways = vec![(f.w.say("letter-sent-again"), f.href(again))];
    page(Notice { title, lead, more, ways, f })
}

/// Where no letters are sent, people are helped by people.
fn without_letters(f: Frame, title: &str, lead: &str) -> Result<Response, Failure> {
    let (title, lead) = (f.w.say(title), f.w.say(lead));
    let ways = vec![(f.w.say("sign-in"), f.href("/sign-in"))];
    page(Notice { title, lead, more: String::new(), ways, f })
}

/// The link of a letter that leads nowhere any more.
fn ended(f: Frame, lead: &str, (word, path): (&str, &str)) -> Result<Response, Failure> {
    let (title, lead) = (f.w.say("link-ended"), f.w.say(lead));
    let ways = vec![(f.w.say(word), f.href(path)), (f.w.say("sign-in"), f.href("/sign-in"))];
    Ok((StatusCode::NOT_FOUND, page(Notice { title, lead, more: String::new(), ways, f })?).into_response())
}
