//! Papers that anyone can verify: each has a signature, a QR code that leads to the page that says whether the paper is
//! genuine, and a short code for whoever has no camera.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use base::{Reference, reference::is_spoken};
use identity::{Attempt, Tried};
use pay::Payment;
use serde::Deserialize;
use service::{Case, Outcome, Service};

use super::receipt::{service_title, short};
use crate::{
    App, Origin,
    account::Refused,
    failure::Failure,
    frame::{Frame, page},
    picture::qr::qr,
};

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

/// What stands on a paper so that it can be verified.
pub(super) struct Proof {
    /// The page that says whether it is genuine.
    pub(super) link: String,
    /// The address of that page as a picture.
    pub(super) qr: String,
    /// What is typed on the page where anybody can ask, and where that is.
    pub(super) code: String,
    pub(super) place: String,
}

fn proof(app: &App, f: &Frame, kind: &str, id: &str, text: &str) -> Proof {
    // The address that is configured. What a request says of it is not ours, and the paper outlives the request.
    let address = app.address.trim_end_matches('/');
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    let link = f.href(&format!("/verify/{kind}/{id}?s={}", app.seal.sign(text)));
    let qr = qr(&format!("{address}{link}"), &f.w.say("verify-code"));
    Proof { qr, link, code: app.seal.code(text), place: format!("{host}{}", f.href("/verify")) }
}

/// What proves a receipt.
pub(super) fn receipt_proof(app: &App, f: &Frame, payment: &Payment) -> Proof {
    proof(app, f, "receipt", &payment.id, &receipt_text(payment))
}

/// What proves a certificate.
pub(super) fn certificate_proof(app: &App, f: &Frame, of: (&Service, &Case)) -> Proof {
    proof(app, f, "certificate", &of.1.reference, &certificate_text(app, f, of))
}

/// What a genuine paper says, by name.
type Facts = Vec<(String, String)>;

/// What proves a paper to whoever asks.
enum Mark {
    Signature(String),
    Code(String),
}

impl Mark {
    fn is_of(&self, app: &App, text: &str) -> bool {
        match self {
            Mark::Signature(signature) => app.seal.is_genuine(text, signature),
            Mark::Code(code) => app.seal.is_code(text, code),
        }
    }
}

#[derive(Template)]
#[template(path = "verify.html")]
struct Verified {
    f: Frame,
    /// What was found; nothing where nobody has asked yet.
    genuine: Option<bool>,
    facts: Facts,
    key: String,
    /// What was typed.
    reference: String,
    code: String,
    /// What is wrong with what was typed.
    problem: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Signed {
    #[serde(default)]
    s: String,
}

/// Says whether the paper of an address is genuine, and only then what it says.
pub(crate) async fn verify(
    State(app): State<App>,
    f: Frame,
    Path((kind, id)): Path<(String, String)>,
    Query(q): Query<Signed>,
) -> Result<Response, Failure> {
    let mark = Mark::Signature(q.s);
    let facts = match (kind.as_str(), Reference::parse(&id)) {
        ("receipt", Ok(id)) => receipt_facts(&app, &f, id.as_str(), &mark).await?,
        ("certificate", Ok(id)) => certificate_facts(&app, &f, id.as_str(), &mark).await?,
        _ => None,
    };
    answer(&app, f, Typed::default(), Some(facts), None)
}

#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    reference: String,
    #[serde(default)]
    code: String,
}

/// Where anybody types what stands on a paper.
pub(crate) async fn verify_typed(
    State(app): State<App>,
    Origin(from): Origin,
    f: Frame,
    Query(typed): Query<Typed>,
) -> Result<Response, Failure> {
    if typed.reference.trim().is_empty() && typed.code.trim().is_empty() {
        return answer(&app, f, typed, None, None);
    }
    let reference = match Reference::parse(&typed.reference) {
        Ok(reference) if is_spoken(&typed.code) => reference,
        read => {
            let problem = f.w.say(if read.is_ok() { "verify-code-mistyped" } else { "verify-mistyped" });
            return answer(&app, f, typed, None, Some(problem));
        }
    };
    let counted = match app.identity.count(Attempt::new(Tried::Code, reference.as_str(), from), app.now()).await {
        Ok(counted) => counted,
        Err(error) => {
            let refused = Refused::of(&app, &f, error)?;
            let page = answer(&app, f, typed, None, Some(refused.words.clone()))?;
            return Ok(refused.with(page));
        }
    };
    let mark = Mark::Code(typed.code.clone());
    let facts = match receipt_facts(&app, &f, reference.as_str(), &mark).await? {
        None => certificate_facts(&app, &f, reference.as_str(), &mark).await?,
        found => found,
    };
    if facts.is_some() {
        app.identity.take_back(counted, app.now()).await?;
    }
    answer(&app, f, typed, Some(facts), None)
}

fn answer(
    app: &App,
    f: Frame,
    typed: Typed,
    found: Option<Option<Facts>>,
    problem: Option<String>,
) -> Result<Response, Failure> {
    page(Verified {
        genuine: found.as_ref().map(Option::is_some),
        facts: found.flatten().unwrap_or_default(),
        key: app.seal.public_key(),
        reference: typed.reference,
        code: typed.code,
        problem,
        f,
    })
}

async fn receipt_facts(app: &App, f: &Frame, id: &str, mark: &Mark) -> Result<Option<Facts>, Failure> {
    let Some(payment) = app.cases.any_payment(id).await? else { return Ok(None) };
    if payment.receipt.is_none() || !mark.is_of(app, &receipt_text(&payment)) {
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

async fn certificate_facts(app: &App, f: &Frame, reference: &str, mark: &Mark) -> Result<Option<Facts>, Failure> {
    let Some(case) = app.cases.any_case(reference).await? else { return Ok(None) };
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    let text = certificate_text(app, f, (&service, &case));
    if case.outcome != Some(Outcome::Granted) || !mark.is_of(app, &text) {
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
