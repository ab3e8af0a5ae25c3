//! Stands before every route: who asks, in which language, whether a form is ours, and the headers of every answer.

use std::{convert::Infallible, net::Ipv4Addr};

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{HeaderMap, HeaderName, Method, StatusCode, header, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};
use base::Lang;
use identity::{Account, Rule, Verdict, Who, allows};
use register::Reader;
use service::Actor;

use crate::{App, Origin, area::routes, failure::Failure, frame::Frame};

/// The cookie of a session, the only one there is.
pub(crate) const COOKIE: &str = "anqud";

/// Whoever asks.
#[derive(Clone)]
pub(crate) struct Visitor {
    pub who: Who,
    pub csrf: String,
    pub lang: Lang,
}

impl Visitor {
    pub fn account(&self) -> Result<&Account, Failure> {
        self.who.account.as_ref().ok_or(Failure::Forbidden)
    }

    /// Whether the visitor may use a route, so that no page offers what would be refused.
    pub fn may(&self, app: &App, route: &str) -> bool {
        let route = routes().find(|known| known.path == route);
        route.is_some_and(|route| allows(route.rule, &self.who, app.desk_roles()) == Verdict::Yes)
    }

    /// What the visitor may read of the registers.
    pub async fn reader(&self, app: &App) -> Result<Reader, Failure> {
        let account = self.who.account.as_ref();
        let roles = account.map_or(&[][..], |account| &account.roles);
        Ok(app.registers.reader(account.map(|account| account.id.as_str()), roles).await?)
    }

    pub fn actor(&self) -> Actor {
        match &self.who.account {
            Some(account) => Actor {
                account: account.id.clone(),
                name: account.name.get(self.lang).to_owned(),
                roles: account.roles.clone(),
            },
            None => Actor::default(),
        }
    }
}

/// Where attempts are counted: who connects names the address, and what names none is one place.
impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Origin, Infallible> {
        Ok(parts.extensions.get().copied().unwrap_or(Origin(Ipv4Addr::UNSPECIFIED.into())))
    }
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Result<Visitor, Failure> {
        parts.extensions.get::<Visitor>().cloned().ok_or(Failure::Internal)
    }
}

/// The session's token from the cookie.
pub(crate) fn token(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))
}

/// Learns who asks, lets only our own forms change anything, and dresses what went wrong.
pub(crate) async fn visit(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let lang = if request.uri().path().starts_with("/en") { Lang::EN } else { Lang::AR };
    let session = match token(request.headers()) {
        // What needs nobody is given to anybody, whatever the database says.
        Some(token) if !request.uri().path().starts_with("/assets/") => {
            match app.identity.session(token, app.now()).await {
                Ok(session) => session,
                // Who asks is not known, so nobody is taken for a stranger: that would send them to sign in.
                Err(error) => return dressed_for_a_stranger(&app, path_and_query(&request), error.into()),
            }
        }
        _ => None,
    };
    let (account, csrf) = session.map_or((None, String::new()), |s| (Some(s.account), s.csrf));
    let visitor = Visitor { who: Who { account }, csrf, lang };
    let address = path_and_query(&request).to_owned();
    let reads = request.method() == Method::GET || request.method() == Method::HEAD;
    let foreign = !reads && is_foreign(request.headers());
    request.extensions_mut().insert(visitor.clone());
    let mut response = if foreign { Failure::BadForm.into_response() } else { next.run(request).await };
    let named = response.extensions().get::<Failure>().copied();
    let by_status = || match Failure::of(response.status()) {
        // Whoever only reads has sent nothing but an address.
        Some(Failure::BadForm) if reads => Some(Failure::BadAddress),
        other => other,
    };
    if let Some(failure) = named.or_else(by_status)
        && response.headers().get(header::CONTENT_TYPE).is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"))
    {
        response = dressed(&app, &visitor, &address, failure);
    }
    response
}

fn path_and_query(request: &Request) -> &str {
    request.uri().path_and_query().map_or("", |p| p.as_str())
}

/// A failure as a page for somebody of whom nothing is known but the address.
pub(crate) fn dressed_for_a_stranger(app: &App, address: &str, failure: Failure) -> Response {
    let lang = if address.starts_with("/en") { Lang::EN } else { Lang::AR };
    let visitor = Visitor { who: Who { account: None }, csrf: String::new(), lang };
    dressed(app, &visitor, address, failure)
}

/// Whether another site sent the form. Browsers say so themselves (Sec-Fetch-Site); older ones send their origin.
pub(crate) fn is_foreign(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => match (text(header::ORIGIN), text(header::HOST)) {
            (Some(origin), Some(host)) => origin.split_once("://").is_none_or(|(_, from)| from != host),
            _ => false,
        },
    }
}

fn dressed(app: &App, visitor: &Visitor, address: &str, failure: Failure) -> Response {
    let f = Frame::of(app, visitor, address);
    let (title, help) = failure.words();
    let (title, help) = (f.w.say(title), f.w.say(help));
    let body = crate::portal::error(f, title, help);
    (failure.status(), body.unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())).into_response()
}

/// Asks identity whether the rule of the route lets the visitor through.
pub(crate) async fn admit(app: App, rule: Rule, request: Request, next: Next) -> Response {
    let Some(visitor) = request.extensions().get::<Visitor>() else { return Failure::Internal.into_response() };
    match allows(rule, &visitor.who, app.desk_roles()) {
        Verdict::Yes => next.run(request).await,
        Verdict::No => Failure::Forbidden.into_response(),
        Verdict::SignIn => {
            let path = request.uri().path();
            let next = if request.method() == Method::GET { path.get(3..).unwrap_or("") } else { "" };
            Redirect::to(&format!("/{}/sign-in?next={next}", visitor.lang)).into_response()
        }
    }
}
