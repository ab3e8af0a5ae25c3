//! Every route, with the rule that says who may use it. A route cannot be added without its rule.

use std::convert::Infallible;

use axum::{
    Extension, Router,
    extract::DefaultBodyLimit,
    middleware::{from_fn, from_fn_with_state},
    response::Redirect,
    routing::{MethodRouter, get, post},
};
use identity::Rule;

use crate::{
    App, api, assets, front, guard,
    input::{ENCODED_BYTES_MAX, FILE_BYTES_MAX, FORM_BYTES_MAX, MoreText},
    pages, traffic,
};

/// Who takes cash at a counter.
const CASHIER: Rule = Rule::Role(&["cashier"]);
/// Who works at the finance desk.
const FINANCE: Rule = Rule::Role(&["finance-officer", "finance-chief"]);
/// Who operates the system.
const ADMIN: Rule = Rule::Role(&["admin"]);
/// Who may look at the books.
const BOOKS: Rule = Rule::Role(&["finance-officer", "finance-chief", "auditor"]);

/// The permission table: the address below `/{lang}` and who may use it.
pub const ROUTES: &[(&str, Rule)] = &[
    ("", Rule::Public),
    ("/services", Rule::Public),
    ("/services/{service}", Rule::Public),
    ("/services/{service}/start", Rule::SignedIn),
    ("/drafts/{draft}", Rule::SignedIn),
    ("/drafts/{draft}/check", Rule::SignedIn),
    ("/drafts/{draft}/{page}", Rule::SignedIn),
    ("/cases", Rule::SignedIn),
    ("/cases/{reference}", Rule::SignedIn),
    ("/cases/{reference}/{action}", Rule::SignedIn),
    ("/cases/{reference}/documents/{question}", Rule::SignedIn),
    ("/certificates/{reference}", Rule::SignedIn),
    ("/my-data", Rule::SignedIn),
    ("/messages", Rule::SignedIn),
    ("/admin/jobs", ADMIN),
    ("/payments", Rule::SignedIn),
    ("/payments/{payment}", Rule::SignedIn),
    ("/payments/{payment}/start", Rule::SignedIn),
    ("/payments/{payment}/receipt", Rule::SignedIn),
    ("/verify", Rule::Public),
    ("/verify/{kind}/{id}", Rule::Public),
    ("/till", CASHIER),
    ("/till/take", CASHIER),
    ("/till/hand-in", CASHIER),
    ("/finance", BOOKS),
    ("/finance/refunds", FINANCE),
    ("/finance/differences", FINANCE),
    ("/finance/tills", FINANCE),
    ("/finance/statements", BOOKS),
    ("/finance/statements/import", FINANCE),
    ("/finance/close", FINANCE),
    ("/finance/payments.csv", BOOKS),
    ("/finance/payments.xlsx", BOOKS),
    ("/finance/payments.xml", BOOKS),
    ("/finance/refunds.csv", BOOKS),
    ("/finance/refunds.xml", FINANCE),
    ("/budget", Rule::Public),
    ("/budget/decide", Rule::Role(&["committee", "finance-chief"])),
    ("/budget/{intervention}", Rule::Public),
    ("/budget/{intervention}/propose", Rule::Role(&["secretariat", "finance-officer"])),
    ("/loans", Rule::Role(&["loan-officer", "loan-chief", "auditor"])),
    ("/loans/agree", Rule::Role(&["loan-officer"])),
    ("/loans/{loan}", Rule::SignedIn),
    ("/loans/{loan}/{step}", Rule::Role(&["loan-officer", "loan-chief"])),
    ("/desk", Rule::Desk),
    ("/desk/assign", Rule::Desk),
    ("/clusters", Rule::Public),
    ("/clusters/{cluster}", Rule::Public),
    ("/plan", Rule::Public),
    ("/plan/{objective}", Rule::Public),
    ("/stories", Rule::Public),
    ("/stories/{story}", Rule::Public),
    ("/indicators/{indicator}", Rule::Public),
    ("/atlas", Rule::Public),
    ("/atlas/places/{place}", Rule::Public),
    ("/atlas/clusters", Rule::Public),
    ("/atlas/space", Rule::Public),
    ("/atlas/simulator", Rule::Public),
    ("/atlas/share", Rule::Public),
    ("/atlas/portfolio", Rule::Public),
    ("/atlas/import", Rule::Public),
    ("/registers", Rule::Public),
    ("/registers/{register}", Rule::Public),
    ("/registers/{register}/data.csv", Rule::Public),
    ("/registers/{register}/data.json", Rule::Public),
    ("/registers/{register}/records/{record}", Rule::Public),
    ("/sign-in", Rule::Public),
    ("/sign-up", Rule::Public),
    ("/sign-up/{token}", Rule::Public),
    ("/forgotten", Rule::Public),
    ("/forgotten/{token}", Rule::Public),
    ("/sign-out", Rule::SignedIn),
];

fn handler(path: &str) -> MethodRouter<App> {
    match path {
        "" => get(pages::home),
        "/services" => get(pages::services),
        "/services/{service}" => get(pages::service),
        "/services/{service}/start" => post(pages::start),
        "/drafts/{draft}" => get(pages::tasks).post(pages::delete),
        "/drafts/{draft}/check" => get(pages::check).post(pages::send),
        "/drafts/{draft}/{page}" => get(pages::form).post(pages::answer),
        "/cases" => get(pages::my_cases),
        "/cases/{reference}" => get(pages::case),
        "/cases/{reference}/{action}" => post(pages::act),
        "/cases/{reference}/documents/{question}" => get(pages::document),
        "/certificates/{reference}" => get(pages::certificate),
        "/my-data" => get(pages::my_data),
        "/messages" => get(pages::messages),
        "/admin/jobs" => get(pages::jobs).post(pages::again),
        "/payments" => get(pages::my_payments),
        "/payments/{payment}" => get(pages::payment),
        "/payments/{payment}/start" => post(pages::start_payment),
        "/payments/{payment}/receipt" => get(pages::receipt),
        "/verify" => get(pages::verify_typed),
        "/verify/{kind}/{id}" => get(pages::verify),
        "/till" => get(pages::till),
        "/till/take" => post(pages::take),
        "/till/hand-in" => post(pages::hand_in),
        "/finance" => get(pages::finance),
        "/finance/refunds" => post(pages::refunds),
        "/finance/differences" => post(pages::differences),
        "/finance/tills" => post(pages::tills),
        "/finance/statements" => get(pages::statements),
        "/finance/statements/import" => post(pages::import),
        "/finance/close" => post(pages::close),
        "/finance/payments.xlsx" => get(pages::payments_xlsx),
        "/finance/payments.xml" => get(pages::payments_xml),
        "/finance/payments.csv" => get(pages::payments_csv),
        "/finance/refunds.csv" => get(pages::refunds_csv),
        "/finance/refunds.xml" => get(pages::refunds_xml),
        "/budget" => get(pages::budget),
        "/budget/decide" => post(pages::decide),
        "/budget/{intervention}" => get(pages::lines),
        "/budget/{intervention}/propose" => post(pages::propose),
        "/loans" => get(pages::loans),
        "/loans/agree" => post(pages::agree),
        "/loans/{loan}" => get(pages::loan),
        "/loans/{loan}/{step}" => post(pages::loan_step),
        "/desk" => get(pages::desk),
        "/desk/assign" => post(pages::assign),
        "/clusters" => get(pages::clusters),
        "/clusters/{cluster}" => get(pages::cluster),
        "/plan" => get(pages::plan),
        "/plan/{objective}" => get(pages::objective),
        "/stories" => get(pages::stories),
        "/stories/{story}" => get(pages::story),
        "/indicators/{indicator}" => get(pages::indicator),
        "/atlas" => get(pages::atlas::map),
        "/atlas/places/{place}" => get(pages::atlas::place),
        "/atlas/clusters" => get(pages::atlas::clusters),
        "/atlas/share" => get(pages::atlas::share),
        "/atlas/space" => get(pages::atlas::space),
        "/atlas/simulator" => get(pages::atlas::simulator),
        "/atlas/portfolio" => get(pages::atlas::portfolio),
        "/atlas/import" => get(pages::atlas::import_form).post(pages::atlas::import),
        "/registers" => get(pages::registers),
        "/registers/{register}" => get(pages::register),
        "/registers/{register}/data.csv" => get(pages::register_csv),
        "/registers/{register}/data.json" => get(pages::register_json),
        "/registers/{register}/records/{record}" => get(pages::record),
        "/sign-in" => get(pages::sign_in_form).post(pages::sign_in),
        "/sign-up" => get(pages::sign_up_form).post(pages::sign_up),
        "/sign-up/{token}" => get(pages::confirm_form).post(pages::confirm),
        "/forgotten" => get(pages::forgotten_form).post(pages::forgotten),
        "/forgotten/{token}" => get(pages::reset_form).post(pages::reset),
        "/sign-out" => post(pages::sign_out),
        // A row of the table without a handler is a mistake that the test below finds.
        _ => MethodRouter::new(),
    }
}

/// How much may be sent to a page.
fn bytes_max(path: &str) -> usize {
    match path {
        "/drafts/{draft}/{page}" | "/cases/{reference}/{action}" => FORM_BYTES_MAX,
        "/finance/statements/import" => FILE_BYTES_MAX + ENCODED_BYTES_MAX,
        "/atlas/import" => FILE_BYTES_MAX + ENCODED_BYTES_MAX + more_text(path).0,
        _ => ENCODED_BYTES_MAX,
    }
}

/// How much more text a page takes than others.
fn more_text(path: &str) -> MoreText {
    MoreText(if path == "/atlas/import" { pages::atlas::TEXT_BYTES_MAX } else { 0 })
}

/// The whole site.
pub fn router(app: App) -> Router {
    let mut site = Router::new();
    for (path, rule) in ROUTES {
        let (state, rule) = (app.clone(), *rule);
        let guarded = handler(path)
            .layer::<_, Infallible>(DefaultBodyLimit::max(bytes_max(path)))
            .layer(Extension(more_text(path)))
            .layer(from_fn(move |request, next| guard::admit(state.clone(), rule, request, next)));
        for lang in ["ar", "en"] {
            site = site.route(&format!("/{lang}{path}"), guarded.clone());
        }
    }
    let site = site
        .route("/", get(async || Redirect::temporary("/ar")))
        .route("/assets/anqud.css", get(assets::stylesheet))
        .route("/assets/anqud.js", get(assets::script))
        .route("/assets/mark.svg", get(assets::mark))
        .layer(from_fn_with_state(app.clone(), guard::visit));
    site.nest("/api/v1", api::router(&app))
        .route("/healthz", get(api::alive))
        .route("/readyz", get(api::ready))
        .route("/metrics", get(api::metrics))
        .layer(from_fn_with_state(app.clone(), front::front))
        .layer(from_fn_with_state(app.clone(), traffic::count))
        .with_state(app)
}
