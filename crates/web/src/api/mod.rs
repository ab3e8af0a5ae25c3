//! The JSON API below `/api/v1`, described by OpenAPI at `/api/v1/openapi.json`. `docs/api.md` walks through it.

mod admit;
mod body;
mod cases;
mod described;
mod documents;
mod health;
mod indicators;
mod journal;
mod messages;
mod page;
mod payments;
mod plans;
mod problem;
mod query;
mod readings;
mod registers;
mod sent;
mod services;
mod session;
mod tag;

use axum::{Json, Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, routing::get};
use identity::Rule;
use serde_json::Value;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, Server};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::{App, Twice};

/// A body may be this long at most.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Who may read the journal: whoever audits, and whoever runs the system.
const JOURNAL: Rule = Rule::Role(&["auditor", "admin"]);
/// Who may write down what a statistics office says.
const OBSERVE: Rule = Rule::Role(&["secretariat", "admin"]);

/// Who may pay a fee back.
const FINANCE: Rule = Rule::Role(&["finance-officer", "finance-chief"]);

/// Every endpoint with the rule that says who may use it. An endpoint cannot be added without its rule.
fn table() -> Vec<(Rule, Twice, UtoipaMethodRouter<App>)> {
    vec![
        (
            Rule::Public,
            Twice::Harmless("each signing in is a session of its own, and its token is kept nowhere"),
            routes!(session::sign_in),
        ),
        (Rule::SignedIn, Twice::Reads, routes!(session::whose)),
        (Rule::SignedIn, Twice::Harmless("whoever is signed out stays so"), routes!(session::sign_out)),
        (Rule::Public, Twice::Reads, routes!(services::list)),
        (Rule::Public, Twice::Reads, routes!(services::one)),
        (Rule::SignedIn, Twice::Kept, routes!(cases::file)),
        (Rule::SignedIn, Twice::Reads, routes!(cases::list)),
        (Rule::SignedIn, Twice::Reads, routes!(cases::one)),
        (Rule::SignedIn, Twice::Kept, routes!(cases::act)),
        (
            Rule::SignedIn,
            Twice::Once,
            routes!(documents::send).layer(DefaultBodyLimit::max(crate::input::FILE_BYTES_MAX + 1)),
        ),
        (Rule::SignedIn, Twice::Reads, routes!(documents::read)),
        (Rule::Public, Twice::Reads, routes!(registers::list)),
        (Rule::Public, Twice::Reads, routes!(registers::records)),
        (Rule::SignedIn, Twice::Kept, routes!(registers::add)),
        (Rule::Public, Twice::Reads, routes!(registers::record)),
        (Rule::SignedIn, Twice::Harmless("If-Match names the version that it changes"), routes!(registers::change)),
        (Rule::SignedIn, Twice::Harmless("If-Match names the version that it removes"), routes!(registers::remove)),
        (Rule::Public, Twice::Reads, routes!(registers::history)),
        (Rule::SignedIn, Twice::Reads, routes!(readings::list)),
        (Rule::SignedIn, Twice::Reads, routes!(messages::list)),
        (Rule::Public, Twice::Reads, routes!(plans::list)),
        (Rule::Public, Twice::Reads, routes!(plans::one)),
        (Rule::Public, Twice::Reads, routes!(indicators::list)),
        (Rule::Public, Twice::Reads, routes!(indicators::one)),
        (Rule::Public, Twice::Reads, routes!(indicators::records)),
        (OBSERVE, Twice::Kept, routes!(indicators::observe)),
        (JOURNAL, Twice::Reads, routes!(journal::entries)),
        (Rule::SignedIn, Twice::Reads, routes!(payments::one)),
        (Rule::SignedIn, Twice::Once, routes!(payments::start)),
        (FINANCE, Twice::Once, routes!(payments::refund)),
        (Rule::Public, Twice::Harmless("whatever a provider says again changes nothing"), routes!(payments::callback)),
        (JOURNAL, Twice::Reads, routes!(journal::checkpoint)),
    ]
}

/// An operation of the API.
#[derive(Debug, Clone)]
pub struct Endpoint {
    pub method: &'static str,
    /// Below `/api/v1`.
    pub path: String,
    pub rule: Rule,
    pub twice: Twice,
}

/// Every operation, with the rule that says who may use it and what becomes of it when it is sent twice.
pub fn endpoints() -> Vec<Endpoint> {
    let of = |(rule, twice, (_, paths, _)): (Rule, Twice, UtoipaMethodRouter<App>)| {
        let mut found = Vec::new();
        for (path, item) in paths.paths {
            let methods = [("GET", item.get), ("POST", item.post), ("PUT", item.put), ("DELETE", item.delete)];
            for (method, _) in methods.into_iter().filter(|(_, operation)| operation.is_some()) {
                found.push(Endpoint { method, path: path.clone(), rule, twice });
            }
        }
        found
    };
    table().into_iter().flat_map(of).collect()
}

fn routed(app: &App) -> OpenApiRouter<App> {
    let mut router = OpenApiRouter::with_openapi(description());
    for (rule, twice, (schemas, paths, handler)) in table() {
        let (app, again) = (app.clone(), app.clone());
        let guarded = handler
            .layer(axum::middleware::from_fn(move |request, next| sent::once(again.clone(), twice, request, next)))
            .layer(axum::middleware::from_fn(move |request, next| admit::admit(app.clone(), rule, request, next)));
        router = router.routes((schemas, paths, guarded));
    }
    router
}

fn description() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Anqud")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Services and their cases, registers, plans and indicators. Errors are problem details (RFC 9457) in the \
             language of Accept-Language. Lists have a cursor. A POST takes an Idempotency-Key: the same key with the \
             same request is done once and answered alike.",
        ))
        .build();
    OpenApiBuilder::new().info(info).servers(Some([Server::new("/api/v1")])).build()
}

/// The description with what no single operation says.
fn finished(mut openapi: OpenApi) -> Value {
    problem::describe(&mut openapi);
    admit::describe(&mut openapi);
    described::described(&openapi, &endpoints()).unwrap_or_default()
}

#[cfg(test)]
fn description_of_all() -> Value {
    let mut router = OpenApiRouter::with_openapi(description());
    for (_, _, one) in table() {
        router = router.routes(one);
    }
    finished(router.split_for_parts().1)
}

/// The API, to be nested below `/api/v1`.
pub(crate) fn router(app: &App) -> Router<App> {
    let (router, openapi) = routed(app).split_for_parts();
    let described = finished(openapi);
    router
        .route("/openapi.json", get(async move || Json(described)))
        .fallback(problem::nothing_here)
        .method_not_allowed_fallback(problem::not_with_this_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(app.clone(), admit::enter))
}

pub(crate) use admit::lang;
pub(crate) use health::{Asked, alive, metrics, ready};
pub(crate) use problem::refused;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_changes_something_says_what_becomes_of_it_when_it_is_sent_twice() {
        for endpoint in endpoints() {
            assert_eq!(endpoint.method == "GET", endpoint.twice == Twice::Reads, "{endpoint:?}");
        }
    }
}
