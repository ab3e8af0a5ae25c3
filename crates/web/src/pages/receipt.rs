//! Receipts and certificates that anyone can verify: the paper has a signature and a QR code, and the code leads to the
//! page that says whether the paper is genuine.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, header::HOST},
    response::Response,
};
use base::Reference;
use pay::Payment;
use serde::Deserialize;
use service::{Case, Outcome, Service};

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    picture::qr::qr,
};

#[derive(Template)]
#[template(path = "receipt.html")]
struct Receipt {
    f: Frame,
    number: String,
    amount: String,
    entity: String,
    service: String,
    payer: String,
    day: String,
    way: String,
    payment: String,
    /// What of it went back.
    refunded: Option<String>,
    verify: String,
    qr: String,
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Verified {
    f: Frame,
    genuine: bool,
    facts: Vec<(String, String)>,
    key: String,
}

/// What a receipt says, as the text that is signed.
fn receipt_text(payment: &Payment) -> String {
    format!(
        "receipt {} {} {} {} {} {}",
        payment.receipt.as_deref().unwrap_or(""),
        payment.id,
        payment.amount.major(),
        payment.amount.currency.code(),
        payment.paid.as_deref().unwrap_or(""),
        payment.payer_name
    )
}

/// What a certificate says in every language, as the text that is signed: a paper on which anything else stands is told
/// from it by reading.
fn certificate_text(app: &App, f: &Frame, (service, case): (&Service, &Case)) -> String {
    let day = case.closed.as_deref().unwrap_or("");
    let words =
        app.pack.languages().iter().filter_map(|lang| super::certificate::words(&f.spoken(*lang), service, case));
    let words: Vec<String> = words.map(|(title, body)| format!("{title}: {body}")).collect();
    format!("certificate {} {} {day} {} {}", case.reference, case.service, case.applicant_name, words.join(" "))
}

/// Address and picture of the page on which a paper can be verified.
fn proof(app: &App, f: &Frame, headers: &HeaderMap, kind: &str, id: &str, text: &str) -> (String, String) {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("");
    let scheme = if app.secure { "https" } else { "http" };
    let path = f.href(&format!("/verify/{kind}/{id}?s={}", app.seal.sign(text)));
    let url = format!("{scheme}://{host}{path}");
    let picture = qr(&url, &f.w.say("verify-code"));
    (path, picture)
}

/// Where a certificate can be verified, for the page of its case.
pub(super) fn certificate_proof(
    app: &App,
    f: &Frame,
    headers: &HeaderMap,
    (service, case): (&Service, &Case),
) -> (String, String) {
    proof(app, f, headers, "certificate", &case.reference, &certificate_text(app, f, (service, case)))
}

pub(crate) async fn receipt(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let id = Reference::parse(&id).map_err(|_| Failure::NotFound)?;
    let view = app.cases.payment(&visitor.actor(), id.as_str()).await?.ok_or(Failure::NotFound)?;
    let payment = view.payment;
    let number = payment.receipt.clone().ok_or(Failure::NotFound)?;
    let (verify, qr) = proof(&app, &f, &headers, "receipt", &payment.id, &receipt_text(&payment));
    page(Receipt {
        number: short(&number).to_owned(),
        refunded: (payment.refunded.minor > 0).then(|| f.w.money(&payment.refunded)),
        amount: f.w.money(&payment.amount),
        entity: app.pack.entity_title(&payment.entity, f.lang).to_owned(),
        service: service_title(&app, &f, &payment.service),
        payer: payment.payer_name.clone(),
        day: f.w.day(payment.paid.as_deref().unwrap_or("")),
        way: f.w.say(&format!("way-{}", payment.way.as_deref().unwrap_or(""))),
        payment: payment.id,
        verify,
        qr,
        f,
    })
}

/// The number of a receipt as it stands on the paper, beside the entity.
fn short(number: &str) -> &str {
    number.split_once('/').map_or(number, |(_, rest)| rest)
}

fn service_title(app: &App, f: &Frame, service: &str) -> String {
    let known = app.pack.catalogue.service(service);
    known.map_or(service, |service| service.definition.title.get(f.lang)).to_owned()
}

#[derive(Deserialize)]
pub(crate) struct Signed {
    #[serde(default)]
    s: String,
}

/// Says whether a paper is genuine, and only then what it says.
pub(crate) async fn verify(
    State(app): State<App>,
    f: Frame,
    Path((kind, id)): Path<(String, String)>,
    Query(q): Query<Signed>,
) -> Result<Response, Failure> {
    let facts = match (kind.as_str(), Reference::parse(&id)) {
        ("receipt", Ok(id)) => receipt_facts(&app, &f, id.as_str(), &q.s).await?,
        ("certificate", Ok(id)) => certificate_facts(&app, &f, id.as_str(), &q.s).await?,
        _ => None,
    };
    page(Verified { genuine: facts.is_some(), facts: facts.unwrap_or_default(), key: app.seal.public_key(), f })
}

async fn receipt_facts(
    app: &App,
    f: &Frame,
    id: &str,
    signature: &str,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    let Some(payment) = app.cases.any_payment(id).await? else { return Ok(None) };
    if payment.receipt.is_none() || !app.seal.is_genuine(&receipt_text(&payment), signature) {
        return Ok(None);
    }
    let mut facts = vec![
        (f.w.say("receipt-number"), short(payment.receipt.as_deref().unwrap_or_default()).to_owned()),
        (f.w.say("receipt-entity"), app.pack.entity_title(&payment.entity, f.lang).to_owned()),
        (f.w.say("pay-amount"), f.w.money(&payment.amount)),
        (f.w.say("receipt-payer"), payment.payer_name.clone()),
        (f.w.say("case-service"), service_title(app, f, &payment.service)),
        (f.w.say("receipt-day"), f.w.day(payment.paid.as_deref().unwrap_or(""))),
    ];
    if payment.refunded.minor > 0 {
        facts.push((f.w.say("pay-refunded"), f.w.money(&payment.refunded)));
    }
    Ok(Some(facts))
}

async fn certificate_facts(
    app: &App,
    f: &Frame,
    reference: &str,
    signature: &str,
) -> Result<Option<Vec<(String, String)>>, Failure> {
    let Some(case) = app.cases.any_case(reference).await? else { return Ok(None) };
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    let text = certificate_text(app, f, (&service, &case));
    if case.outcome != Some(Outcome::Granted) || !app.seal.is_genuine(&text, signature) {
        return Ok(None);
    }
    let words = super::certificate::words(f, &service, &case);
    Ok(Some(vec![
        (f.w.say("verify-reference"), case.reference.clone()),
        (f.w.say("verify-says"), words.map_or(String::new(), |(title, body)| format!("{title}: {body}"))),
        (f.w.say("case-service"), service_title(app, f, &case.service)),
        (f.w.say("case-applicant"), case.applicant_name.clone()),
        (f.w.say("receipt-day"), f.w.day(case.closed.as_deref().unwrap_or(""))),
    ]))
}
