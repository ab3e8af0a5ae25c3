//! Payments: what is owed, setting out to pay it, paying it back, and what payment providers call to say.

use axum::{
    Json,
    body::Bytes,
    extract::State,
    http::{HeaderMap, StatusCode},
};
use base::{Money, MoneyError, Reference};
use pay::{CameOfIt, Payment, way::Begun};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use super::{
    admit::Caller,
    body::{Body, without_refused},
    problem::{Answer, Explain, Problem},
    query::Path,
};
use crate::{App, words::Words};

/// A payment.
#[derive(Serialize, ToSchema)]
pub(crate) struct PaymentView {
    id: String,
    /// The reference of the case.
    case: String,
    service: String,
    entity: String,
    /// A decimal in major units.
    amount: String,
    refunded: String,
    currency: String,
    /// `quoted`, `started`, `pending`, `paid`, `failed`, `expired`, `cancelled`, `part-refunded`, `refunded`, `disputed`.
    state: String,
    way: Option<String>,
    opened: String,
    expires: Option<String>,
    paid: Option<String>,
    receipt: Option<String>,
    /// How the amount came about.
    #[schema(value_type = Object)]
    fee: Value,
    /// The ways in which it can be paid now.
    ways: Vec<String>,
}

/// The way to pay.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Start {
    way: String,
    /// The address to come back to from the page of a payment provider: one of this portal, or of a site that is
    /// registered with it.
    #[serde(default)]
    back: String,
}

/// What the payer does next.
#[derive(Serialize, ToSchema)]
pub(crate) struct Started {
    payment: PaymentView,
    /// The page to go to.
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    /// The code to show at a counter.
    #[serde(skip_serializing_if = "Option::is_none")]
    slip: Option<String>,
    /// The reference to write on a transfer, and the account to transfer to.
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iban: Option<String>,
}

/// A refund to be made.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewRefund {
    /// A decimal in major units, in the currency of the payment.
    amount: String,
    /// Where it is given, it has to be the currency of the payment.
    #[serde(default)]
    currency: Option<String>,
    reason: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RefundView {
    id: String,
    payment: String,
    amount: String,
    currency: String,
    /// `asked` where a second person has to approve it, `approved`, `refused`, `done`.
    state: &'static str,
    reason: String,
}

/// What came of a message.
#[derive(Serialize, ToSchema)]
pub(crate) struct Heard {
    came_of_it: &'static str,
}

fn view(app: &App, payment: Payment) -> PaymentView {
    let ways = app.cases.payments().ways().filter(|way| payment.state.can_be_paid() && way.can_be_chosen());
    PaymentView {
        ways: ways.map(|way| way.name().to_owned()).collect(),
        amount: payment.amount.major().to_string(),
        refunded: payment.refunded.major().to_string(),
        currency: payment.amount.currency.code().to_owned(),
        state: payment.state.as_str().to_owned(),
        id: payment.id,
        case: payment.about,
        service: payment.service,
        entity: payment.entity,
        way: payment.way,
        opened: payment.opened,
        expires: payment.expires,
        paid: payment.paid,
        receipt: payment.receipt,
        fee: payment.fee,
    }
}

fn id(caller: &Caller, typed: &str) -> Answer<String> {
    Reference::parse(typed).map(|id| id.to_string()).map_err(|_| caller.not_found())
}

/// One payment.
#[utoipa::path(get, path = "/payments/{id}", tag = "payments", responses((status = 200, body = PaymentView)))]
pub(crate) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(typed): Path<String>,
) -> Answer<Json<PaymentView>> {
    let id = id(&caller, &typed)?;
    let found = app.cases.payment(&caller.actor(), &id).await.map_err(|error| error.explain(caller.lang))?;
    Ok(Json(view(&app, found.ok_or_else(|| caller.not_found())?.payment)))
}

/// Sets out to pay. Whoever asks again by the same way goes on with the same attempt.
#[utoipa::path(post, path = "/payments/{id}/start", tag = "payments", request_body = Start,
    responses((status = 200, body = Started)))]
pub(crate) async fn start(
    State(app): State<App>,
    caller: Caller,
    Path(typed): Path<String>,
    Body(wanted): Body<Start>,
) -> Answer<Json<Started>> {
    let id = id(&caller, &typed)?;
    if !wanted.back.is_empty() && !app.may_lead_back(&wanted.back) {
        return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "back", caller.lang));
    }
    let actor = caller.actor();
    let by = app.by(&actor.account, "api");
    let (payment, begun) = app
        .cases
        .start_payment(by, &actor, &id, &wanted.way, &wanted.back)
        .await
        .map_err(|error| error.explain(caller.lang))?;
    let mut started = Started { payment: view(&app, payment), url: None, slip: None, reference: None, iban: None };
    match begun {
        Begun::Elsewhere(url) => started.url = Some(url),
        Begun::Slip(code) => started.slip = Some(code),
        Begun::Transfer { reference, iban, .. } => (started.reference, started.iban) = (Some(reference), Some(iban)),
        Begun::Settled => {}
    }
    Ok(Json(started))
}

/// Asks for a refund; above the limit of the pack somebody else has to approve it.
#[utoipa::path(post, path = "/payments/{id}/refunds", tag = "payments", request_body = NewRefund,
    responses((status = 201, body = RefundView)))]
pub(crate) async fn refund(
    State(app): State<App>,
    caller: Caller,
    Path(typed): Path<String>,
    Body(wanted): Body<NewRefund>,
) -> Answer<(StatusCode, Json<RefundView>)> {
    let id = id(&caller, &typed)?;
    let found = app.cases.any_payment(&id).await.map_err(|error| error.explain(caller.lang))?;
    let payment = found.ok_or_else(|| caller.not_found())?;
    let currency = payment.amount.currency;
    let wrong = |error| {
        let said = Words(caller.lang).money_fault(error, currency);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "amount", caller.lang).detail(said)
    };
    if wanted.currency.as_deref().is_some_and(|named| named != currency.code()) {
        return Err(wrong(MoneyError::OtherCurrency));
    }
    let money = Money::parse(&wanted.amount, currency).map_err(wrong)?;
    let reason = crate::input::note(&wanted.reason).map_err(|fault| {
        let said = Words(caller.lang).fault(&fault);
        Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "reason", caller.lang).detail(said)
    })?;
    let by = app.by(&caller.actor().account, "api");
    let alone = app.pack.refund_limit(currency);
    let refund =
        app.cases.ask_refund(by, &id, money.minor, &reason, alone).await.map_err(|error| error.explain(caller.lang))?;
    let view = RefundView {
        id: refund.id,
        payment: refund.payment,
        amount: refund.amount.major().to_string(),
        currency: currency.code().to_owned(),
        state: refund.state.as_str(),
        reason: refund.reason,
    };
    Ok((StatusCode::CREATED, Json(view)))
}

/// What a payment provider says. The body is signed: `X-Anqud-Timestamp` has the seconds, `X-Anqud-Signature` the
/// HMAC-SHA-256 over seconds, a full stop and the body. Whatever is said again changes nothing.
#[utoipa::path(post, path = "/payments/callbacks/{way}", tag = "payments", request_body = String,
    responses((status = 200, body = Heard)))]
pub(crate) async fn callback(
    State(app): State<App>,
    caller: Caller,
    Path(way): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Answer<Json<Heard>> {
    let way = app.cases.payments().way(&way).cloned().map_err(|_| caller.not_found())?;
    let page = way.hosted().ok_or_else(|| caller.not_found())?;
    without_refused(&body, caller.lang)?;
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("");
    let body = String::from_utf8_lossy(&body);
    let by = app.by(way.name(), "callback");
    match page.read(text("x-anqud-timestamp"), text("x-anqud-signature"), &body, app.now()) {
        Ok(report) => {
            let came_of_it: CameOfIt =
                app.cases.reported(by, report).await.map_err(|error| error.explain(caller.lang))?;
            Ok(Json(Heard { came_of_it: came_of_it.as_str() }))
        }
        Err(refused) => {
            let noted = app.cases.disbelieved(by, way.name(), refused.as_str(), &body).await;
            noted.map_err(|error| error.explain(caller.lang))?;
            Err(Problem::new(StatusCode::UNAUTHORIZED, "signature", caller.lang).detail(refused.to_string()))
        }
    }
}
