//! Making an account oneself, and getting back into it: what both ask and say.

mod ask;
mod forgotten;
mod sign_up;

use askama::Template;
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};

use self::ask::Asked;
use super::question::Control;
use crate::{
    failure::Failure,
    frame::{Frame, page},
};

pub(crate) use forgotten::{forgotten, forgotten_form, reset, reset_form};
pub(crate) use sign_up::{confirm, confirm_form, sign_up, sign_up_form};

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
