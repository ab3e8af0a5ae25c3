//! Signing in and out.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode, header::SET_COOKIE},
    response::{IntoResponse, Redirect, Response},
};
use identity::IdentityError;
use serde::Deserialize;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::{COOKIE, token},
    input::Form,
};

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignIn {
    f: Frame,
    next: String,
    email: String,
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Next {
    #[serde(default)]
    next: String,
}

/// A place on this site and nowhere else.
fn local(next: &str) -> &str {
    if next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') { next } else { "" }
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

pub(crate) async fn sign_in_form(f: Frame, Query(Next { next }): Query<Next>) -> Result<Response, Failure> {
    page(SignIn { f, next: local(&next).to_owned(), email: String::new(), problem: None })
}

pub(crate) async fn sign_in(State(app): State<App>, f: Frame, form: Form) -> Result<Response, Failure> {
    let email = form.first("email").unwrap_or("").chars().take(254).collect::<String>();
    let password = form.first("password").unwrap_or("").chars().take(200).collect::<String>();
    let next = local(form.first("next").unwrap_or("")).to_owned();
    let problem = match app.identity.sign_in(&email, &password, app.random(), app.now()).await {
        Ok(session) => {
            let by = app.by(&session.account.id, "sign-in");
            app.identity.speaks(by, &session.account, f.lang).await?;
            let secure = if app.secure { "; Secure" } else { "" };
            let cookie = format!("{COOKIE}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age=43200{secure}", session.token);
            let next = if next.is_empty() { first_page(&app, &session.account.roles) } else { &next };
            return Ok(([(SET_COOKIE, cookie)], Redirect::to(&f.href(next))).into_response());
        }
        Err(IdentityError::WrongCredentials) => "sign-in-wrong",
        Err(IdentityError::Throttled { .. }) => "sign-in-throttled",
        Err(other) => return Err(other.into()),
    };
    let problem = Some(f.w.say(problem));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(SignIn { f, next, email, problem })?).into_response())
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
