//! Paying a fee: what is owed and why, the ways to pay it, and what became of it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderName, HeaderValue},
    response::{IntoResponse, Redirect, Response},
};
use base::Reference;
use pay::{Payment, PaymentError, State as Stands, way::Begun};
use serde::Deserialize;
use service::{PaymentView, ServiceError};

use crate::{
    App, enquiry,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    picture::qr::qr,
    shown::shown,
};

struct WayLine {
    name: String,
    title: String,
    hint: String,
}

struct Bank {
    reference: String,
    iban: String,
    holder: String,
}

pub(crate) struct Line {
    pub id: String,
    pub service: String,
    pub amount: String,
    pub state: String,
    pub tone: &'static str,
    pub day: String,
    pub receipt: bool,
}

#[derive(Template)]
#[template(path = "payments.html")]
struct MyPayments {
    f: Frame,
    payments: Vec<Line>,
    /// How many more there are.
    more: Option<String>,
}

#[derive(Template)]
#[template(path = "payment.html")]
struct PaymentPage {
    f: Frame,
    p: Line,
    case: String,
    payable: bool,
    waiting: bool,
    problem: Option<String>,
    /// What led to the amount: each question, its answer, and what the row of the table says of it.
    why: Vec<(String, String, String)>,
    row: String,
    /// The version of the service, and the fee that its rule gives again for the same answers.
    again: Option<(String, String)>,
    waived: Option<String>,
    ways: Vec<WayLine>,
    slip: Option<String>,
    bank: Option<Bank>,
    /// The payer's name, for the slip.
    payer: String,
    /// The day until which it can be paid.
    until: Option<String>,
    refunded: Option<String>,
    said: Vec<(String, String)>,
}

pub(super) fn tone(state: Stands) -> &'static str {
    match state {
        Stands::Paid => "on-track",
        Stands::Failed | Stands::Expired | Stands::Disputed => "off-track",
        Stands::Quoted | Stands::Started | Stands::Pending => "at-risk",
        Stands::Cancelled | Stands::PartRefunded | Stands::Refunded => "no-data",
    }
}

pub(crate) fn line(app: &App, f: &Frame, payment: &Payment) -> Line {
    let service = app.pack.catalogue.service(&payment.service);
    Line {
        id: payment.id.clone(),
        service: service.map_or(payment.service.as_str(), |s| s.definition.title.get(f.lang)).to_owned(),
        amount: f.w.money(&payment.amount),
        state: f.w.say(&format!("pay-state-{}", payment.state.as_str())),
        tone: tone(payment.state),
        day: f.w.day(payment.paid.as_deref().unwrap_or(&payment.opened)),
        receipt: payment.receipt.is_some(),
    }
}

pub(crate) async fn my_payments(State(app): State<App>, f: Frame, visitor: Visitor) -> Result<Response, Failure> {
    let account = visitor.account()?;
    let (payments, all) = app.cases.payments_of(&account.id, 200).await?;
    let more = f.and_more(payments.len(), all);
    let payments = payments.iter().map(|payment| line(&app, &f, payment)).collect();
    page(MyPayments { payments, more, f })
}

/// Whether the payer has just come back, and by which way the payment is shown.
#[derive(Deserialize, Default)]
pub(crate) struct Shown {
    back: Option<String>,
    problem: Option<String>,
}

pub(crate) async fn payment(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(q): Query<Shown>,
) -> Result<Response, Failure> {
    let mut view = found(&app, &visitor, &id).await?;
    if q.back.is_some() && matches!(view.payment.state, Stands::Started | Stands::Pending) {
        // The provider's call may be on its way or lost: ask, and look again.
        for attempt in app.cases.open_attempts(&view.payment).await? {
            enquiry::enquire(&app, &attempt).await;
        }
        view = found(&app, &visitor, &view.payment.id).await?;
    }
    let problem = match q.problem.as_deref() {
        Some("way") => Some(f.w.say("pay-no-way")),
        Some("state") => Some(f.w.say("pay-not-payable")),
        _ => None,
    };
    let hosted = view.payment.way.as_deref().and_then(|way| app.cases.payments().way(way).ok()?.hosted().map(|_| ()));
    let waiting =
        q.back.is_some() && hosted.is_some() && matches!(view.payment.state, Stands::Started | Stands::Pending);
    let mut response = show(&app, f, &visitor, &view, waiting, problem).await?;
    if waiting {
        // Looks again by itself, with or without scripts.
        response.headers_mut().insert(HeaderName::from_static("refresh"), HeaderValue::from_static("4"));
    }
    Ok(response)
}

async fn found(app: &App, visitor: &Visitor, id: &str) -> Result<PaymentView, Failure> {
    let id = Reference::parse(id).map_err(|_| Failure::NotFound)?;
    app.cases.payment(&visitor.actor(), id.as_str()).await?.ok_or(Failure::NotFound)
}

async fn show(
    app: &App,
    f: Frame,
    visitor: &Visitor,
    view: &PaymentView,
    waiting: bool,
    problem: Option<String>,
) -> Result<Response, Failure> {
    let PaymentView { payment, case } = view;
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    let inputs = payment.fee.get("inputs").and_then(|inputs| inputs.as_object()).cloned().unwrap_or_default();
    let place = |name: &str| payment.fee.get(name).and_then(serde_json::Value::as_u64).map(|n| n as usize);
    let table = service.definition.fee.as_ref();
    let cells = table.zip(place("row")).and_then(|(table, row)| Some((&table.inputs, table.rows.get(row)?)));
    let cell = |name: &str| {
        let (inputs, row) = cells?;
        let cell = row.get(inputs.iter().position(|input| input == name)?)?;
        Some(cell.as_str().map_or_else(|| cell.to_string(), str::to_owned))
    };
    let why = inputs.iter().filter_map(|(name, value)| {
        let field = service.definition.question(name)?;
        let says = cell(name).unwrap_or_default();
        Some((field.title.get(f.lang).to_owned(), shown(&f, field, Some(value)), says))
    });
    let again = service.replay(&payment.fee).zip(payment.fee.get("version").and_then(|version| version.as_str()));
    let waived = place("waiver")
        .and_then(|at| Some(service.definition.fee.as_ref()?.waivers.get(at)?.because.get(f.lang).to_owned()));
    let mine = visitor.account()?.id == payment.payer;
    let payable = mine && payment.state.can_be_paid();
    let ways = app.cases.payments().ways().filter(|way| payable && way.can_be_chosen()).map(|way| WayLine {
        title: f.w.say(&format!("way-{}", way.name())),
        hint: f.w.say(&format!("way-{}-hint", way.name())),
        name: way.name().to_owned(),
    });
    let chosen = payment.way.as_deref().filter(|_| payment.state == Stands::Started);
    let said = app.cases.said_of(&payment.id).await?.into_iter().map(|said| {
        let way = f.w.say(&format!("way-{}", said.way));
        let what = match said.way.as_str() {
            "waiver" => way,
            _ => f.w.say2("pay-said", &way, &f.w.say(&format!("pay-event-{}", said.kind))),
        };
        (what, f.w.day(&said.recorded))
    });
    page(PaymentPage {
        p: line(app, &f, payment),
        case: case.reference.clone(),
        payable,
        waiting,
        problem,
        why: why.collect(),
        again: again.map(|(fee, version)| (version.to_owned(), f.w.money(&fee.amount))),
        row: place("row").map_or(String::new(), |row| (row + 1).to_string()),
        waived,
        ways: ways.collect(),
        slip: (chosen == Some("cash") && payable).then(|| qr(&payment.id, &f.w.say1("pay-slip-code", &payment.id))),
        bank: app.pack.bank().filter(|_| chosen == Some("transfer") && payable).map(|bank| Bank {
            reference: payment.creditor_reference(),
            iban: bank.iban.clone(),
            holder: bank.holder.get(f.lang).to_owned(),
        }),
        payer: payment.payer_name.clone(),
        until: payment.expires.as_deref().filter(|_| payable).map(|day| f.w.say1("pay-until", &f.w.day(day))),
        refunded: (payment.refunded.minor > 0).then(|| f.w.money(&payment.refunded)),
        said: said.collect(),
        f,
    })
}

pub(crate) async fn start_payment(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let actor = visitor.actor();
    let id = Reference::parse(&id).map_err(|_| Failure::NotFound)?.to_string();
    let here = f.href(&format!("/payments/{id}"));
    let way = form.first("way").unwrap_or("").to_owned();
    // The payer comes back to the address that is configured, whatever the request said of it.
    let back = format!("{}{here}?back=1", app.address.trim_end_matches('/'));
    let to = match app.cases.start_payment(app.by(&actor.account, "page"), &actor, &id, &way, &back).await {
        Ok((_, Begun::Elsewhere(url))) => url,
        Ok(_) => here,
        Err(ServiceError::Payment(PaymentError::NoPayment(_))) => return Err(Failure::NotFound),
        Err(ServiceError::Payment(PaymentError::NoWay(_))) => format!("{here}?problem=way"),
        Err(ServiceError::Payment(PaymentError::NotPayable(_) | PaymentError::MovedOn)) => {
            format!("{here}?problem=state")
        }
        Err(other) => return Err(other.into()),
    };
    Ok(Redirect::to(&to).into_response())
}
