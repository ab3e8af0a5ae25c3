//! Signing in and out.

use std::net::IpAddr;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{
        HeaderMap, HeaderValue, StatusCode,
        header::{RETRY_AFTER, SET_COOKIE},
    },
    response::{IntoResponse, Redirect, Response},
};
use identity::{IdentityError, PASSWORD_MAX};
use jiff::SignedDuration;
use serde::Deserialize;

use crate::{
    App, Origin,
    failure::Failure,
    frame::{Frame, encoded, page},
    guard::{COOKIE, token},
    input::Form,
};

/// No address of a page is longer.
const NEXT_BYTES_MAX: usize = 500;

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    f: Frame,
    next: String,
    email: String,
    problem: Option<String>,
    /// Whether a new password was set just now.
    renewed: bool,
}

impl SignIn {
    /// Another page, from which one goes on to the same place.
    fn way(&self, path: &str) -> String {
        going_on(&self.f, path, &self.next)
    }
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
    #[serde(default)]
    done: String,
}

impl Next {
    /// The place to go on to; empty where none is named.
    pub fn place(&self) -> Result<String, Failure> {
        local(&self.next).map(str::to_owned)
    }
}

/// The address of a page from which one goes on to a place.
pub(super) fn going_on(f: &Frame, path: &str, next: &str) -> String {
    let question = if next.is_empty() { String::new() } else { format!("?next={}", encoded(next)) };
    format!("{}{question}", f.href(path))
}

/// A place on this site, or none. A link that names any other was not made here, and whoever follows it is told so.
pub(super) fn local(next: &str) -> Result<&str, Failure> {
    let rooted = next.is_empty() || (next.starts_with('/') && !next.starts_with("//"));
    let says_more = next.contains(|c: char| c.is_control() || c == '\\');
    if rooted && !says_more && next.len() <= NEXT_BYTES_MAX { Ok(next) } else { Err(Failure::BadAddress) }
}

/// A place as it may stand in the header Location (RFC 9110, 10.2.2): what is no ASCII is percent-encoded.
fn location(place: &str) -> String {
    let safe = |b: u8| (b'!'..=b'~').contains(&b);
    place.bytes().map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

/// Where somebody with these roles begins the day.
fn first_page(app: &App, roles: &[String]) -> &'static str {
    const PAGES: [(&str, &str); 9] = [
        ("cashier", "/till"),
        ("finance-officer", "/finance"),
        ("finance-chief", "/finance"),
        ("auditor", "/finance"),
        ("loan-officer", "/loans"),
        ("loan-chief", "/loans"),
        ("secretariat", "/budget"),
        ("committee", "/budget"),
        ("admin", "/admin/jobs"),
    ];
    let of_roles = PAGES.iter().find(|(role, _)| roles.iter().any(|own| own == role)).map(|(_, page)| *page);
    let desk = roles.iter().any(|role| app.desk_roles().contains(role));
    if desk { "/desk" } else { of_roles.unwrap_or("/cases") }
}

pub(crate) async fn sign_in_form(f: Frame, Query(asked): Query<Next>) -> Result<Response, Failure> {
    let (next, renewed) = (asked.place()?, asked.done == "password");
    page(SignIn { f, next, email: String::new(), problem: None, renewed })
}

pub(crate) async fn sign_in(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    form: Form,
) -> Result<Response, Failure> {
    let email = form.first("email").unwrap_or("").chars().take(254).collect::<String>();
    let password = form.first("password").unwrap_or("").chars().take(PASSWORD_MAX).collect::<String>();
    let next = local(form.first("next").unwrap_or(""))?.to_owned();
    let refused = match enter(&app, &f, (&email, &password), from, &next).await {
        Ok(entered) => return Ok(entered),
        Err(error) => Refused::of(&app, &f, error)?,
    };
    let problem = Some(refused.words.clone());
    Ok(refused.with(page(SignIn { f, next, email, problem, renewed: false })?))
}

/// Signs in with e-mail and password, and leads on.
pub(super) async fn enter(
    app: &App,
    f: &Frame,
    (email, password): (&str, &str),
    from: IpAddr,
    next: &str,
) -> Result<Response, IdentityError> {
    let session = app.identity.sign_in((email, password), from, app.random(), app.now()).await?;
    app.identity.speaks(app.by(&session.account.id, "sign-in"), &session.account, f.lang).await?;
    let secure = if app.secure { "; Secure" } else { "" };
    let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200{secure}", session.token);
    let next = if next.is_empty() { first_page(app, &session.account.roles) } else { next };
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&location(&f.href(next)))).into_response())
}

/// Why somebody may not enter, and when they may try again.
pub(crate) struct Refused {
    pub words: String,
    status: StatusCode,
    again_seconds: Option<i64>,
}

impl Refused {
    pub fn of(app: &App, f: &Frame, error: IdentityError) -> Result<Refused, Failure> {
        let refused = |words, status, again_seconds| Ok(Refused { words, status, again_seconds });
        match error {
            IdentityError::WrongCredentials => {
                refused(f.w.say("sign-in-wrong"), StatusCode::UNPROCESSABLE_ENTITY, None)
            }
            IdentityError::Throttled { until, seconds } => {
                // To the minute after it, so that nobody comes too early.
                let minute = until.checked_add(SignedDuration::from_secs(59)).unwrap_or(until);
                let clock = minute.to_zoned(app.calendar().zone.clone()).strftime("%H:%M").to_string();
                refused(f.w.say1("sign-in-throttled", &clock), StatusCode::TOO_MANY_REQUESTS, Some(seconds))
            }
            IdentityError::Busy { seconds } => {
                refused(f.w.say("sign-in-busy"), StatusCode::SERVICE_UNAVAILABLE, Some(seconds))
            }
            other => Err(other.into()),
        }
    }

    /// The page that says so, as the answer that it is.
    pub fn with(&self, page: Response) -> Response {
        let mut response = (self.status, page).into_response();
        if let Some(seconds) = self.again_seconds {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

pub(crate) async fn sign_out(
    State(app): State<App>,
    f: Frame,
    headers: HeaderMap,
    _: Form,
) -> Result<Response, Failure> {
    if let Some(token) = token(&headers) {
        let account = f.account.as_ref().map_or("", |a| a.id.as_str());
        app.identity.sign_out(app.by(account, "sign-out"), token).await?;
    }
    let cookie = format!("{COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0");
    Ok(([(SET_COOKIE, cookie)], Redirect::to(&f.href(""))).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_goes_on_to_a_place_of_ours_and_to_no_other() {
        for ours in ["", "/", "/services/x?a=b", "/خدمات?q=تمر"] {
            assert_eq!(local(ours), Ok(ours));
        }
        let long = format!("/{}", "a".repeat(NEXT_BYTES_MAX));
        for other in [
            "//evil.example",
            "/\\evil",
            "https://evil.example",
            "evil",
            "/\r\nSet-Cookie: a=b",
            "/\t/evil",
            "\0",
            " /",
            &long,
        ] {
            assert_eq!(local(other), Err(Failure::BadAddress), "{other}");
        }
        assert_eq!(location("/ar/خ ?q=1"), "/ar/%D8%AE%20?q=1");
    }
}
