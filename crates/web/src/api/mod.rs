//! The JSON API below `/api/v1`, described by OpenAPI at `/api/v1/openapi.json`. `docs/api.md` walks through it.

mod admit;
mod body;
mod cases;
mod documents;
mod health;
mod indicators;
mod journal;
mod messages;
mod page;
mod payments;
mod plans;
mod problem;
mod readings;
mod registers;
mod services;
mod session;
mod tag;

use axum::{Json, Router, extract::DefaultBodyLimit, middleware::from_fn_with_state, routing::get};
use identity::Rule;
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder, Server};
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouter, UtoipaMethodRouterExt},
    routes,
};

use crate::App;

/// A body may be this long at most.
const BODY_BYTES_MAX: usize = 1 << 20;

/// Who may read the journal: whoever audits, and whoever runs the system.
const JOURNAL: Rule = Rule::Role(&["auditor", "admin"]);
/// Who may write down what a statistics office says.
const OBSERVE: Rule = Rule::Role(&["secretariat", "admin"]);

/// Who may pay a fee back.
const FINANCE: Rule = Rule::Role(&["finance-officer", "finance-chief"]);

/// Every endpoint with the rule that says who may use it. An endpoint cannot be added without its rule.
fn endpoints(app: &App) -> OpenApiRouter<App> {
    let table: Vec<(Rule, UtoipaMethodRouter<App>)> = vec![
        (Rule::Public, routes!(session::sign_in)),
        (Rule::SignedIn, routes!(session::whose)),
        (Rule::SignedIn, routes!(session::sign_out)),
        (Rule::Public, routes!(services::list)),
        (Rule::Public, routes!(services::one)),
        (Rule::SignedIn, routes!(cases::file)),
        (Rule::SignedIn, routes!(cases::list)),
        (Rule::SignedIn, routes!(cases::one)),
        (Rule::SignedIn, routes!(cases::act)),
        (Rule::SignedIn, routes!(documents::send).layer(DefaultBodyLimit::max(crate::input::FILE_BYTES_MAX + 1))),
        (Rule::SignedIn, routes!(documents::read)),
        (Rule::Public, routes!(registers::list)),
        (Rule::Public, routes!(registers::records)),
        (Rule::SignedIn, routes!(registers::add)),
        (Rule::Public, routes!(registers::record)),
        (Rule::SignedIn, routes!(registers::change)),
        (Rule::SignedIn, routes!(registers::remove)),
        (Rule::Public, routes!(registers::history)),
        (Rule::SignedIn, routes!(readings::list)),
        (Rule::SignedIn, routes!(messages::list)),
        (Rule::Public, routes!(plans::list)),
        (Rule::Public, routes!(plans::one)),
        (Rule::Public, routes!(indicators::list)),
        (Rule::Public, routes!(indicators::one)),
        (Rule::Public, routes!(indicators::records)),
        (OBSERVE, routes!(indicators::observe)),
        (JOURNAL, routes!(journal::entries)),
        (Rule::SignedIn, routes!(payments::one)),
        (Rule::SignedIn, routes!(payments::start)),
        (FINANCE, routes!(payments::refund)),
        (Rule::Public, routes!(payments::callback)),
        (JOURNAL, routes!(journal::checkpoint)),
    ];
    let mut router = OpenApiRouter::with_openapi(description());
    for (rule, (schemas, paths, handler)) in table {
        let app = app.clone();
        let guarded = handler
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

/// The API, to be nested below `/api/v1`.
pub(crate) fn router(app: &App) -> Router<App> {
    let (router, mut openapi) = endpoints(app).split_for_parts();
    problem::describe(&mut openapi);
    admit::describe(&mut openapi);
    router
        .route("/openapi.json", get(async move || Json(openapi)))
        .fallback(problem::nothing_here)
        .method_not_allowed_fallback(problem::not_with_this_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(app.clone(), admit::enter))
}

pub(crate) use admit::lang;
pub(crate) use health::{Asked, alive, metrics, ready};
pub(crate) use problem::refused;
