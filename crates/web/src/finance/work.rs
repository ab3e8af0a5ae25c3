//! The work of the finance desk: refunds, differences, tills, and the close of a day.

use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use base::{Currency, Money, MoneyError, Reference};
use pay::{PaymentError, RefundProposal, RefundState, Resolution};
use service::ServiceError;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, encoded},
    guard::Visitor,
    input::Form,
    words::money_key,
};

/// A fault of an amount, for [`super::outcome_of`].
fn money_fault(error: MoneyError, currency: Currency) -> String {
    let (key, n, m) = money_key(error, currency);
    format!("problem={key}&n={n}&m={m}")
}

pub(super) fn back(f: &Frame, outcome: &str) -> Response {
    Redirect::to(&f.href(&format!("/finance?{outcome}"))).into_response()
}

/// What goes wrong at the finance desk, in words; anything else is an error of ours.
fn refused(f: &Frame, form: &Form, error: ServiceError) -> Result<Response, Failure> {
    let name = match &error {
        ServiceError::Payment(PaymentError::SamePerson(own)) => {
            return Ok(back_with(f, form, &format!("problem=own-hand-{}", own.part.as_str())));
        }
        ServiceError::Payment(PaymentError::NoReason) => "no-reason",
        ServiceError::Payment(PaymentError::Waits) => "decided-first",
        ServiceError::Payment(PaymentError::NotSeen) => "not-seen",
        ServiceError::Payment(PaymentError::Ordered(_)) => "ordered-already",
        ServiceError::Payment(PaymentError::NoAmount) => return Ok(back_with(f, form, "problem=money-none")),
        ServiceError::Payment(PaymentError::TooMuch(left)) => {
            return Ok(back_with(f, form, &format!("problem=money-left&n={}", encoded(&f.w.money(left)))));
        }
        ServiceError::Payment(PaymentError::StillInSuspense) => "still-in-suspense",
        ServiceError::Payment(PaymentError::NotInSuspense) => "not-in-suspense",
        ServiceError::Payment(PaymentError::NoIban(_)) => "no-iban",
        ServiceError::Payment(PaymentError::ToldProvider) => "told-provider",
        ServiceError::Payment(PaymentError::NotRefundable(_) | PaymentError::NoRefund(_)) => "no-refund",
        ServiceError::Payment(PaymentError::NotPayable(_) | PaymentError::OtherAmount(_)) => "no-match",
        ServiceError::Payment(PaymentError::NoPayment(_) | PaymentError::NoDifference(_)) => "nothing",
        ServiceError::Payment(PaymentError::MovedOn) => "moved-on",
        _ => return Err(error.into()),
    };
    Ok(back_with(f, form, &format!("problem={name}")))
}

/// So much of a reason comes back when something else is wrong.
const REASON_KEPT_MAX: usize = 300;

/// Back to the desk with what was typed, if it was a refund that was asked for.
fn back_with(f: &Frame, form: &Form, outcome: &str) -> Response {
    if form.first("do") != Some("ask") {
        return back(f, outcome);
    }
    let typed = |name: &str| {
        let text: String = form.first(name).unwrap_or("").chars().take(REASON_KEPT_MAX).collect();
        format!("&{name}={}", encoded(&text))
    };
    back(f, &format!("{outcome}{}{}{}#refunds", typed("id"), typed("amount"), typed("reason")))
}

/// Asks for a refund, approves or refuses one, or says that its money has left.
pub(crate) async fn refunds(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "finance");
    let id = form.first("id").unwrap_or("").to_owned();
    let done = match form.first("do").unwrap_or("") {
        "ask" => {
            let Ok(id) = Reference::parse(&id) else { return Ok(back_with(&f, &form, "problem=nothing")) };
            let Some(payment) = app.cases.any_payment(id.as_str()).await? else {
                return Ok(back_with(&f, &form, "problem=nothing"));
            };
            let currency = payment.amount.currency;
            let money = match Money::parse(form.first("amount").unwrap_or(""), currency) {
                Ok(money) => money,
                Err(error) => return Ok(back_with(&f, &form, &money_fault(error, currency))),
            };
            let alone = app.pack.refund_limit(money.currency);
            let reason = form.text("reason")?;
            let asked = app.cases.ask_refund(by, &payment.id, money.minor, &reason, alone).await;
            asked.map(|refund| refund.state == RefundState::Asked)
        }
        "approve" => app.cases.decide_refund(by, &id, true).await.map(|_| false),
        "refuse" => app.cases.decide_refund(by, &id, false).await.map(|_| false),
        "to" => app.cases.refund_to(by, &id, form.first("iban").unwrap_or("")).await.map(|_| true),
        "again" => app.cases.order_again(by, &id).await.map(|_| true),
        decided @ ("agree" | "decline") => {
            let seen = form.first("seen").and_then(RefundProposal::parse).ok_or(Failure::BadForm)?;
            app.cases.decide_proposal(by, &id, seen, decided == "agree").await.map(|_| false)
        }
        "left" if form.first("sure").is_none() => return Ok(back(&f, "problem=not-sure")),
        "left" => match crate::enquiry::pay_back(&app, by, &id).await {
            Ok(true) => Ok(false),
            Ok(false) => return Ok(back(&f, "problem=no-provider")),
            Err(error) => Err(error),
        },
        _ => return Err(Failure::BadForm),
    };
    match done {
        Ok(waits) => Ok(back(&f, if waits { "done=waits" } else { "done=saved" })),
        Err(error) => refused(&f, &form, error),
    }
}

/// Deals with a difference: takes the money for a payment, proposes to send it back or to book it elsewhere, decides on
/// what somebody has proposed, or notes what it was.
pub(crate) async fn differences(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "finance");
    let id = form.first("id").unwrap_or("").to_owned();
    let note = form.text("note")?;
    let done = match form.first("do").unwrap_or("") {
        // One payment or several: what came as one sum is split by hand.
        "assign" => match pay::bank::payments_in(&note) {
            named if named.is_empty() => return Ok(back(&f, "problem=nothing")),
            named => app.cases.assign_to(by, &id, &named).await.map(|_| "saved"),
        },
        "back" => app.cases.send_back(by, &id).await.map(|_| "waits"),
        "charged" => app.cases.charged(by, &id).await.map(|_| "waits"),
        "elsewhere" => app.cases.booked_elsewhere(by, &id, &note).await.map(|_| "waits"),
        "clear" => app.cases.clear_difference(by, &id, &note).await.map(|()| "saved"),
        decided @ ("approve" | "refuse") => {
            let seen = form.first("seen").and_then(Resolution::parse).ok_or(Failure::BadForm)?;
            app.cases.decide_difference(by, &id, seen, decided == "approve").await.map(|_| "saved")
        }
        _ => return Err(Failure::BadForm),
    };
    match done {
        // Whoever came from the page of statements goes on there.
        Ok(done) if form.first("from") == Some("statements") => {
            Ok(Redirect::to(&f.href(&format!("/finance/statements?done={done}"))).into_response())
        }
        Ok(done) => Ok(back(&f, &format!("done={done}"))),
        Err(error) => refused(&f, &form, error),
    }
}

/// Counts what an agent handed in, or sends it back to the till.
pub(crate) async fn tills(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "finance");
    let counted = form.first("do") == Some("counted");
    match app.cases.decide_hand_in(by, form.first("id").unwrap_or(""), counted).await {
        Ok(_) => Ok(back(&f, "done=saved")),
        Err(error) => refused(&f, &form, error),
    }
}

/// Closes a day with a provider.
pub(crate) async fn close(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let Ok(day) = form.first("day").unwrap_or("").parse::<jiff::civil::Date>() else {
        return Ok(back(&f, "problem=no-day"));
    };
    let by = app.by(&visitor.account()?.id, "close");
    let way = form.first("way").unwrap_or("");
    match crate::enquiry::close_day(&app, by, way, day).await {
        Some(closed) => {
            let open = closed.missing + closed.otherwise;
            Ok(back(&f, &format!("done=closed&n={}&m={open}&l={}", closed.theirs, closed.found)))
        }
        None => Ok(back(&f, "problem=no-provider")),
    }
}
