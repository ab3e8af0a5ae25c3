//! The till of an agent: a slip is typed or scanned, the money is taken, and at the end of the day it is handed in.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::{Currency, Money, Reference};
use pay::{CameOfIt, PaymentError, ledger::LedgerError};
use serde::Deserialize;
use service::ServiceError;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    portal::{Line, line},
};

struct Holding {
    currency: String,
    amount: String,
    /// What of it was handed in and is not counted yet.
    held: Option<String>,
    /// What can be handed in, in major units.
    free: String,
}

#[derive(Template)]
#[template(path = "till.html")]
struct Till {
    f: Frame,
    code: String,
    problem: Option<String>,
    done: Option<String>,
    found: Option<Line>,
    payer: String,
    payable: bool,
    holdings: Vec<Holding>,
    /// What was taken today: the sums, and each slip.
    sums: Vec<String>,
    takings: Vec<Taking>,
    handed_in: Vec<HandedIn>,
    /// What the lists leave out.
    more_takings: Option<String>,
    last_handed_in: Option<String>,
}

struct Taking {
    payment: String,
    amount: String,
    time: String,
}

struct HandedIn {
    amount: String,
    day: String,
    state: String,
    tone: &'static str,
    by: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct Typed {
    #[serde(default)]
    code: String,
    taken: Option<String>,
    handed: Option<String>,
}

pub(crate) async fn till(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Typed>,
) -> Result<Response, Failure> {
    show(&app, f, &visitor, q, None).await
}

async fn show(app: &App, f: Frame, visitor: &Visitor, q: Typed, problem: Option<String>) -> Result<Response, Failure> {
    let mut problem = problem;
    let mut payment = None;
    if !q.code.trim().is_empty() {
        match Reference::parse(&q.code) {
            Ok(id) => {
                payment = app.cases.any_payment(id.as_str()).await?;
                if payment.is_none() {
                    problem = Some(f.w.say("till-unknown"));
                }
            }
            Err(_) => problem = Some(f.w.say("till-mistyped")),
        }
    }
    let account = &visitor.account()?.id;
    let day = app.cases.till_day(account, app.today()).await?;
    let sums: Vec<String> = day.taken.iter().map(|(money, _)| f.w.money(money)).collect();
    let more_takings = f.and_more(day.takings.len(), day.taken.iter().map(|(_, slips)| slips).sum());
    let last_handed_in = f.only_last(day.handed_in.len(), service::LAST_SHOWN);
    let takings = day.takings.iter().map(|taken| Taking {
        payment: taken.payment.clone(),
        amount: f.w.money(&taken.money),
        time: clock(app, &taken.recorded),
    });
    let handed_in = day.handed_in.iter().map(|one| HandedIn {
        amount: f.w.money(&one.money),
        day: f.w.day(&one.day),
        state: f.w.say(&format!("till-{}", one.state)),
        tone: match one.state.as_str() {
            "counted" => "on-track",
            "refused" => "off-track",
            _ => "at-risk",
        },
        by: one.decided_by.clone().unwrap_or_default(),
    });
    let (takings, handed_in) = (takings.collect(), handed_in.collect());
    let holdings = day.holds.into_iter().map(|held| {
        let money = |minor| Money { minor, currency: held.account.currency };
        Holding {
            currency: held.account.currency.code().to_owned(),
            amount: f.w.money(&money(held.minor)),
            held: (held.held > 0).then(|| f.w.money(&money(held.held))),
            free: money(held.free()).major().to_string(),
        }
    });
    let holdings = holdings.collect();
    let refused = problem.is_some();
    let shown = page(Till {
        done: match (q.taken, q.handed) {
            (Some(id), _) => Some(f.w.say1("till-taken", &id)),
            (_, Some(_)) => Some(f.w.say("till-handed")),
            _ => None,
        },
        payable: payment.as_ref().is_some_and(|payment| payment.state.can_be_paid()),
        payer: payment.as_ref().map_or(String::new(), |payment| payment.payer_name.clone()),
        found: payment.as_ref().map(|payment| line(app, &f, payment)),
        code: q.code,
        problem,
        holdings,
        sums,
        takings,
        handed_in,
        more_takings,
        last_handed_in,
        f,
    })?;
    let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok((status, shown).into_response())
}

/// Hour and minute, here.
fn clock(app: &App, recorded: &str) -> String {
    let at: Option<jiff::Timestamp> = recorded.parse().ok();
    at.map_or(String::new(), |at| at.to_zoned(app.calendar().zone.clone()).strftime("%H:%M").to_string())
}

/// The agent has the money in hand.
pub(crate) async fn take(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let agent = visitor.account()?.id.clone();
    let typed = form.first("code").unwrap_or("").to_owned();
    let again = Typed { code: typed.clone(), ..Typed::default() };
    let Ok(id) = Reference::parse(&typed) else { return show(&app, f, &visitor, again, None).await };
    match app.cases.cash_taken(app.by(&agent, "till"), &agent, id.as_str()).await {
        Ok(CameOfIt::Moved(_)) => Ok(Redirect::to(&f.href(&format!("/till?taken={id}"))).into_response()),
        Ok(_) => {
            // It was paid in another way in the same moment: the cash is in the till, and its payer gets it back.
            let problem = Some(f.w.say("till-paid-twice"));
            show(&app, f, &visitor, again, problem).await
        }
        Err(ServiceError::Payment(PaymentError::NotPayable(_) | PaymentError::MovedOn)) => {
            let problem = Some(f.w.say("pay-not-payable"));
            show(&app, f, &visitor, again, problem).await
        }
        Err(ServiceError::Payment(PaymentError::NoPayment(_))) => show(&app, f, &visitor, again, None).await,
        Err(other) => Err(other.into()),
    }
}

/// The agent hands cash in; the finance desk counts it.
pub(crate) async fn hand_in(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let agent = visitor.account()?.id.clone();
    let currency = form.first("currency").and_then(Currency::of).ok_or(Failure::BadForm)?;
    let problem = match Money::parse(form.first("amount").unwrap_or(""), currency) {
        Err(error) => f.w.money_fault(error, currency),
        Ok(money) => match app.cases.hand_in(app.by(&agent, "till"), money).await {
            Ok(_) => return Ok(Redirect::to(&f.href("/till?handed=1")).into_response()),
            Err(ServiceError::Payment(PaymentError::Ledger(
                LedgerError::BelowLimit { .. } | LedgerError::EmptyHold,
            ))) => f.w.say("till-too-much"),
            Err(other) => return Err(other.into()),
        },
    };
    show(&app, f, &visitor, Typed::default(), Some(problem)).await
}
