//! Every route, with the rule that says who may use it. A route cannot be added without its rule.

use std::convert::Infallible;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    handler::Handler,
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get},
};
use identity::Rule;

use crate::{
    App, Twice, api, assets,
    failure::Failure,
    guard,
    input::{ENCODED_BYTES_MAX, FILE_BYTES_MAX, FORM_BYTES_MAX, MoreText},
    once, pages, traffic,
};

/// Who takes cash at a counter.
const CASHIER: Rule = Rule::Role(&["cashier"]);
/// Who works at the finance desk.
const FINANCE: Rule = Rule::Role(&["finance-officer", "finance-chief"]);
/// Who operates the system.
const ADMIN: Rule = Rule::Role(&["admin"]);
/// Who may look at the books.
pub(crate) const BOOKS: Rule = Rule::Role(&["finance-officer", "finance-chief", "auditor"]);

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

/// What answers at an address. Whatever can be sent there says what becomes of it when it is sent twice.
struct Served {
    handler: MethodRouter<App>,
    twice: Twice,
}

fn shown<T: 'static, H: Handler<T, App>>(page: H) -> Served {
    Served { handler: get(page), twice: Twice::Reads }
}

fn sent<T: 'static, H: Handler<T, App>>(twice: Twice, form: H) -> Served {
    Served { handler: axum::routing::post(form), twice }
}

impl Served {
    fn and_sent<T: 'static, H: Handler<T, App>>(self, twice: Twice, form: H) -> Served {
        Served { handler: self.handler.post(form), twice }
    }
}

/// Every address to which something can be sent, and what becomes of it when it is sent twice.
pub fn posts() -> impl Iterator<Item = (&'static str, Twice)> {
    ROUTES.iter().map(|(path, _)| (*path, handler(path).twice)).filter(|(_, twice)| *twice != Twice::Reads)
}

fn handler(path: &str) -> Served {
    match path {
        "" => shown(pages::home),
        "/services" => shown(pages::services),
        "/services/{service}" => shown(pages::service),
        "/services/{service}/start" => sent(Twice::Once, pages::start),
        "/drafts/{draft}" => shown(pages::tasks).and_sent(Twice::Once, pages::delete),
        "/drafts/{draft}/check" => shown(pages::check).and_sent(Twice::Once, pages::send),
        "/drafts/{draft}/{page}" => shown(pages::form).and_sent(Twice::Once, pages::answer),
        "/cases" => shown(pages::my_cases),
        "/cases/{reference}" => shown(pages::case),
        "/cases/{reference}/{action}" => sent(Twice::Once, pages::act),
        "/cases/{reference}/documents/{question}" => shown(pages::document),
        "/certificates/{reference}" => shown(pages::certificate),
        "/my-data" => shown(pages::my_data),
        "/messages" => shown(pages::messages),
        "/admin/jobs" => shown(pages::jobs).and_sent(Twice::Once, pages::again),
        "/payments" => shown(pages::my_payments),
        "/payments/{payment}" => shown(pages::payment),
        "/payments/{payment}/start" => sent(Twice::Once, pages::start_payment),
        "/payments/{payment}/receipt" => shown(pages::receipt),
        "/verify" => shown(pages::verify_typed),
        "/verify/{kind}/{id}" => shown(pages::verify),
        "/till" => shown(pages::till),
        "/till/take" => sent(Twice::Once, pages::take),
        "/till/hand-in" => sent(Twice::Once, pages::hand_in),
        "/finance" => shown(pages::finance),
        "/finance/refunds" => sent(Twice::Once, pages::refunds),
        "/finance/differences" => sent(Twice::Once, pages::differences),
        "/finance/tills" => sent(Twice::Once, pages::tills),
        "/finance/statements" => shown(pages::statements),
        "/finance/statements/import" => sent(Twice::Once, pages::import),
        "/finance/close" => sent(Twice::Once, pages::close),
        "/finance/payments.xlsx" => shown(pages::payments_xlsx),
        "/finance/payments.xml" => shown(pages::payments_xml),
        "/finance/payments.csv" => shown(pages::payments_csv),
        "/finance/refunds.csv" => shown(pages::refunds_csv),
        "/finance/refunds.xml" => shown(pages::refunds_xml),
        "/budget" => shown(pages::budget),
        "/budget/decide" => sent(Twice::Once, pages::decide),
        "/budget/{intervention}" => shown(pages::lines),
        "/budget/{intervention}/propose" => sent(Twice::Once, pages::propose),
        "/loans" => shown(pages::loans),
        "/loans/agree" => sent(Twice::Once, pages::agree),
        "/loans/{loan}" => shown(pages::loan),
        "/loans/{loan}/{step}" => sent(Twice::Once, pages::loan_step),
        "/desk" => shown(pages::desk),
        "/desk/assign" => sent(Twice::Once, pages::assign),
        "/clusters" => shown(pages::clusters),
        "/clusters/{cluster}" => shown(pages::cluster),
        "/plan" => shown(pages::plan),
        "/plan/{objective}" => shown(pages::objective),
        "/stories" => shown(pages::stories),
        "/stories/{story}" => shown(pages::story),
        "/indicators/{indicator}" => shown(pages::indicator),
        "/atlas" => shown(pages::atlas::map),
        "/atlas/places/{place}" => shown(pages::atlas::place),
        "/atlas/clusters" => shown(pages::atlas::clusters),
        "/atlas/share" => shown(pages::atlas::share),
        "/atlas/space" => shown(pages::atlas::space),
        "/atlas/simulator" => shown(pages::atlas::simulator),
        "/atlas/portfolio" => shown(pages::atlas::portfolio),
        "/atlas/import" => shown(pages::atlas::import_form).and_sent(
            Twice::Harmless("what is imported is worked out and shown, and nothing is kept"),
            pages::atlas::import,
        ),
        "/registers" => shown(pages::registers),
        "/registers/{register}" => shown(pages::register),
        "/registers/{register}/data.csv" => shown(pages::register_csv),
        "/registers/{register}/data.json" => shown(pages::register_json),
        "/registers/{register}/records/{record}" => shown(pages::record),
        "/sign-in" => shown(pages::sign_in_form).and_sent(
            Twice::Harmless("each signing in is a session of its own, and its cookie is kept nowhere"),
            pages::sign_in,
        ),
        "/sign-up" => shown(pages::sign_up_form).and_sent(Twice::Once, pages::sign_up),
        "/sign-up/{token}" => shown(pages::confirm_form).and_sent(Twice::Once, pages::confirm),
        "/forgotten" => shown(pages::forgotten_form).and_sent(Twice::Once, pages::forgotten),
        "/forgotten/{token}" => shown(pages::reset_form).and_sent(Twice::Once, pages::reset),
        "/sign-out" => sent(Twice::Harmless("whoever is signed out stays so"), pages::sign_out),
        // A row of the table without a handler is a mistake that the test below finds.
        _ => Served { handler: MethodRouter::new(), twice: Twice::Reads },
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

/// Does once what is sent with the one-time key of its form.
async fn once(app: App, twice: Twice, request: Request, next: Next) -> Response {
    if twice != Twice::Once {
        return next.run(request).await;
    }
    once::around(app, request, next, |_| Failure::SentBefore.into_response(), async |_| Ok(())).await
}

/// The whole site.
pub fn router(app: App) -> Router {
    let mut site = Router::new();
    for (path, rule) in ROUTES {
        let (state, rule) = (app.clone(), *rule);
        let Served { handler, twice } = handler(path);
        let again = app.clone();
        let guarded = handler
            .layer::<_, Infallible>(from_fn(move |request, next| once(again.clone(), twice, request, next)))
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
        .layer(from_fn_with_state(app.clone(), traffic::count))
        .with_state(app)
}
