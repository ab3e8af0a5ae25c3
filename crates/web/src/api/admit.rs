//! Who calls, in which language, and whether the endpoint's rule lets them through.

use axum::{
    extract::{FromRequestParts, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode,
        header::{ACCEPT_LANGUAGE, AUTHORIZATION},
        request::Parts,
    },
    middleware::Next,
    response::{IntoResponse, Response},
};
use base::Lang;
use identity::{Account, Rule, Verdict, Who, allows};
use register::Reader;
use service::Actor;
use utoipa::openapi::{
    OpenApi, SecurityRequirement,
    security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
};

use super::problem::{Answer, Explain, Problem};
use crate::{
    App,
    guard::{COOKIE, is_foreign, token},
};

/// Whoever calls.
#[derive(Clone)]
pub(crate) struct Caller {
    pub who: Who,
    pub lang: Lang,
    pub token: Option<String>,
}

impl Caller {
    pub fn account(&self) -> Answer<&Account> {
        self.who.account.as_ref().ok_or_else(|| Problem::new(StatusCode::UNAUTHORIZED, "sign-in", self.lang))
    }

    pub fn actor(&self) -> Actor {
        let account = self.who.account.as_ref();
        account.map_or_else(Actor::default, |a| Actor {
            account: a.id.clone(),
            name: a.name.get(self.lang).to_owned(),
            roles: a.roles.clone(),
        })
    }

    /// The roles of the account, none for a stranger.
    pub fn roles(&self) -> &[String] {
        self.who.account.as_ref().map_or(&[], |account| &account.roles)
    }

    /// What the caller may read of the registers.
    pub async fn reader(&self, app: &App) -> Answer<Reader> {
        let account = self.who.account.as_ref().map(|account| account.id.as_str());
        app.registers.reader(account, self.roles()).await.map_err(|error| error.explain(self.lang))
    }

    pub fn not_found(&self) -> Problem {
        Problem::not_found(self.lang)
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &App) -> Answer<Caller> {
        let caller = parts.extensions.get::<Caller>().cloned();
        caller.ok_or_else(|| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Lang::EN))
    }
}

/// The first language of Accept-Language that there is; English where it names none.
pub(crate) fn lang(headers: &HeaderMap) -> Lang {
    let wanted = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let known = wanted.split(',').map(|one| one.trim().get(..2).unwrap_or("").to_ascii_lowercase());
    known.filter_map(|two| Lang::parse(&two)).find(|lang| [Lang::AR, Lang::EN].contains(lang)).unwrap_or(Lang::EN)
}

pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// Learns who calls. A token that nobody has is refused even where none is needed, so that its owner notices.
pub(crate) async fn enter(State(app): State<App>, mut request: Request, next: Next) -> Response {
    let headers = request.headers();
    let lang = lang(headers);
    let sent = headers.contains_key(AUTHORIZATION);
    let token = if sent { bearer(headers) } else { token(headers) }.map(str::to_owned);
    let account = match &token {
        None => None,
        Some(token) => match app.identity.session(token, app.now()).await {
            Ok(session) => session.map(|session| session.account),
            Err(error) => return error.explain(lang).into_response(),
        },
    };
    // A browser sends the cookie by itself, wherever the form stands; a bearer token is always sent on purpose.
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let foreign = changes && !sent && is_foreign(headers);
    let mut response = if sent && account.is_none() {
        Problem::new(StatusCode::UNAUTHORIZED, "token", lang).into_response()
    } else if foreign {
        Problem::new(StatusCode::FORBIDDEN, "foreign", lang).into_response()
    } else {
        request.extensions_mut().insert(Caller { who: Who { account }, lang, token });
        next.run(request).await
    };
    let lang = HeaderValue::from_str(lang.as_str()).unwrap_or(HeaderValue::from_static("en"));
    response.headers_mut().insert(HeaderName::from_static("content-language"), lang);
    response
}

/// Asks identity whether the rule of the endpoint lets the caller through.
pub(crate) async fn admit(app: App, rule: Rule, request: Request, next: Next) -> Response {
    let Some(caller) = request.extensions().get::<Caller>() else {
        return Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", Lang::EN).into_response();
    };
    match allows(rule, &caller.who, app.desk_roles()) {
        Verdict::Yes => next.run(request).await,
        Verdict::No => Problem::new(StatusCode::FORBIDDEN, "forbidden", caller.lang).into_response(),
        Verdict::SignIn => Problem::new(StatusCode::UNAUTHORIZED, "sign-in", caller.lang).into_response(),
    }
}

/// Writes into the description how a caller says who it is.
pub(crate) fn describe(openapi: &mut OpenApi) {
    let components = openapi.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new(COOKIE))));
    let none: [&str; 0] = [];
    openapi.security = Some(vec![
        SecurityRequirement::default(),
        SecurityRequirement::new("bearer", none),
        SecurityRequirement::new("cookie", none),
    ]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_known_language_is_spoken() {
        for (wanted, spoken) in [("ar-PS,en;q=0.8", Lang::AR), ("fr, en", Lang::EN), ("", Lang::EN), ("ع", Lang::EN)] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_bytes(wanted.as_bytes()).unwrap());
            assert_eq!(lang(&headers), spoken, "{wanted}");
        }
    }
}
