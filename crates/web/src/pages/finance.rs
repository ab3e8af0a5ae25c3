//! The finance desk: what came in, what does not agree, what is to be paid back, what agents handed in, and whether the
//! books balance.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Redirect, Response},
};
use base::{Money, Reference};
use pay::{
    Payment, PaymentError, RefundState,
    ledger::{Mistake, Purpose},
};
use serde::Deserialize;
use service::ServiceError;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::{Form, SentFile},
};

struct RevenueLine {
    entity: String,
    service: String,
    way: String,
    number: i64,
    amount: String,
    refunded: String,
}

struct DifferenceLine {
    id: String,
    kind: String,
    way: String,
    day: String,
    payment: Option<String>,
    ours: String,
    theirs: String,
    can_go_back: bool,
}

struct RefundLine {
    id: String,
    payment: String,
    amount: String,
    reason: String,
    by: String,
    day: String,
    mine: bool,
}

struct TillLine {
    id: String,
    agent: String,
    amount: String,
    day: String,
}

#[derive(Template)]
#[template(path = "finance.html")]
struct Finance {
    f: Frame,
    from: String,
    to: String,
    revenue: Vec<RevenueLine>,
    totals: Vec<(String, i64)>,
    mistakes: Vec<String>,
    differences: Vec<DifferenceLine>,
    asked: Vec<RefundLine>,
    approved: Vec<RefundLine>,
    tills: Vec<TillLine>,
    alarms: Vec<(String, String, String)>,
    balances: Vec<(String, String, String)>,
    may_change: bool,
    problem: Option<String>,
    done: Option<String>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Range {
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    problem: Option<String>,
    done: Option<String>,
    n: Option<String>,
    m: Option<String>,
}

fn days(app: &App, q: &Range) -> (String, String) {
    let read = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let today = app.today();
    let from = read(&q.from).unwrap_or_else(|| today.first_of_month());
    let to = read(&q.to).unwrap_or(today);
    (from.to_string(), to.to_string())
}

pub(crate) async fn finance(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Range>,
) -> Result<Response, Failure> {
    let me = visitor.account()?.clone();
    let (from, to) = days(&app, &q);
    let books = app.cases.books(&from, &to).await?;
    let money = |minor: i64, currency| f.w.money(&Money { minor, currency });
    let title = |service: &str| {
        let known = app.pack.catalogue.service(service);
        known.map_or(service, |service| service.definition.title.get(f.lang)).to_owned()
    };
    let revenue = books.revenue.iter().map(|line| RevenueLine {
        entity: app.pack.entity_title(&line.entity, f.lang).to_owned(),
        service: title(&line.service),
        way: f.w.say(&format!("way-{}", line.way)),
        number: line.number,
        amount: f.w.money(&line.money()),
        refunded: if line.refunded > 0 { money(line.refunded, line.currency) } else { String::new() },
    });
    let totals = base::Currency::ALL.into_iter().filter_map(|currency| {
        let lines: Vec<_> = books.revenue.iter().filter(|line| line.currency == currency).collect();
        let minor = lines.iter().map(|line| line.minor - line.refunded).sum();
        (!lines.is_empty()).then(|| (money(minor, currency), lines.iter().map(|line| line.number).sum()))
    });
    let mistakes = books.mistakes.iter().map(|mistake| match mistake {
        Mistake::Unbalanced { currency, sum } => f.w.say2("books-unbalanced", currency, &sum.to_string()),
        Mistake::Balance { account, .. } | Mistake::Held { account, .. } => f.w.say1("books-balance", account),
        Mistake::Transfer { transfer, .. } => f.w.say1("books-transfer", transfer),
    });
    let differences = books.differences.iter().map(|difference| DifferenceLine {
        id: difference.id.clone(),
        kind: f.w.say(&format!("difference-{}", difference.kind)),
        way: f.w.say(&format!("way-{}", difference.way)),
        day: f.w.day(&difference.day),
        ours: difference.ours.map_or(String::new(), |minor| money(minor, difference.currency)),
        theirs: difference.theirs.map_or(String::new(), |minor| money(minor, difference.currency)),
        can_go_back: difference.payment.is_some() && matches!(difference.kind.as_str(), "amount" | "paid-twice"),
        payment: difference.payment.clone(),
    });
    let refund = |refund: &pay::Refund| RefundLine {
        id: refund.id.clone(),
        payment: refund.payment.clone(),
        amount: f.w.money(&refund.amount),
        reason: reason(&f, &refund.reason),
        by: refund.asked_by.clone(),
        day: f.w.day(&refund.asked),
        mine: refund.asked_by == me.id,
    };
    let tills = books.handed_in.iter().map(|settlement| TillLine {
        id: settlement.id.clone(),
        agent: settlement.agent.clone(),
        amount: f.w.money(&settlement.money),
        day: f.w.day(&settlement.asked),
    });
    let balances =
        books.balances.iter().filter(|balance| balance.minor != 0 && !is_budget(balance.account.purpose)).map(
            |balance| {
                let whose = app.pack.entity_title(&balance.account.entity, f.lang);
                let whose = if whose == pay::TREASURY { f.w.say("books-treasury") } else { whose.to_owned() };
                let purpose = f.w.say(&format!("account-{}", balance.account.purpose));
                let detail = if balance.account.purpose == Purpose::Clearing {
                    format!("{purpose} · {}", f.w.say(&format!("way-{}", balance.account.detail)))
                } else if balance.account.detail.is_empty() {
                    purpose
                } else {
                    format!("{purpose} · {}", balance.account.detail)
                };
                (whose, detail, f.w.money(&balance.money()))
            },
        );
    let problem = q.problem.as_deref().map(|name| f.w.say(&format!("finance-{name}")));
    let done = q
        .done
        .as_deref()
        .map(|name| f.w.say2(&format!("finance-{name}"), q.n.as_deref().unwrap_or(""), q.m.as_deref().unwrap_or("")));
    page(Finance {
        revenue: revenue.collect(),
        totals: totals.collect(),
        mistakes: mistakes.collect(),
        differences: differences.collect(),
        asked: books.asked.iter().map(refund).collect(),
        approved: books.approved.iter().map(refund).collect(),
        tills: tills.collect(),
        alarms: books
            .alarms
            .iter()
            .map(|alarm| (f.w.day(&alarm.recorded), alarm.way.clone(), f.w.say(&format!("alarm-{}", alarm.reason))))
            .collect(),
        balances: balances.collect(),
        may_change: me.roles.iter().any(|role| role != "auditor"),
        from,
        to,
        problem,
        done,
        f,
    })
}

/// Accounts of the budget have a page of their own.
fn is_budget(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Appropriation | Purpose::Available | Purpose::Committed | Purpose::Spent)
}

/// Reasons that rules give have words; what people wrote stands as it is.
fn reason(f: &Frame, reason: &str) -> String {
    let key = format!("refund-{reason}");
    let said = f.w.say(&key);
    if said == key { reason.to_owned() } else { said }
}

fn back(f: &Frame, outcome: &str) -> Response {
    Redirect::to(&f.href(&format!("/finance?{outcome}"))).into_response()
}

/// What goes wrong at the finance desk, in words; anything else is an error of ours.
fn refused(f: &Frame, error: ServiceError) -> Result<Response, Failure> {
    let name = match &error {
        ServiceError::Payment(PaymentError::SamePerson) => "same-person",
        ServiceError::Payment(PaymentError::TooMuch(_) | PaymentError::NoAmount) => "too-much",
        ServiceError::Payment(PaymentError::NotRefundable(_) | PaymentError::NoRefund(_)) => "no-refund",
        ServiceError::Payment(PaymentError::NotPayable(_) | PaymentError::OtherAmount(_)) => "no-match",
        ServiceError::Payment(PaymentError::NoPayment(_) | PaymentError::NoDifference(_)) => "nothing",
        ServiceError::Payment(PaymentError::MovedOn) => "moved-on",
        _ => return Err(error.into()),
    };
    Ok(back(f, &format!("problem={name}")))
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
            let Ok(id) = Reference::parse(&id) else { return Ok(back(&f, "problem=nothing")) };
            let Some(payment) = app.cases.any_payment(id.as_str()).await? else {
                return Ok(back(&f, "problem=nothing"));
            };
            let Ok(money) = Money::parse(form.first("amount").unwrap_or(""), payment.amount.currency) else {
                return Ok(back(&f, "problem=too-much"));
            };
            let alone = app.pack.refund_limit(money.currency);
            let reason = form.first("reason").unwrap_or("").trim().to_owned();
            if reason.is_empty() {
                return Ok(back(&f, "problem=no-reason"));
            }
            app.cases.ask_refund(by, &payment.id, money.minor, &reason, alone).await.map(|_| ())
        }
        "approve" => app.cases.decide_refund(by, &id, true).await.map(|_| ()),
        "refuse" => app.cases.decide_refund(by, &id, false).await.map(|_| ()),
        "left" => app.cases.refund_left(by, &id).await.map(|_| ()),
        _ => return Err(Failure::BadForm),
    };
    match done {
        Ok(()) => Ok(back(&f, "done=saved")),
        Err(error) => refused(&f, error),
    }
}

/// Deals with a difference: takes the money for a payment, sends it back, or notes what it was.
pub(crate) async fn differences(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "finance");
    let id = form.first("id").unwrap_or("").to_owned();
    let note = form.first("note").unwrap_or("").trim().to_owned();
    let done = match form.first("do").unwrap_or("") {
        "assign" => match Reference::parse(&note) {
            Ok(payment) => app.cases.assign_difference(by, &id, payment.as_str()).await.map(|_| ()),
            Err(_) => return Ok(back(&f, "problem=nothing")),
        },
        "back" => app.cases.send_back(by, &id).await.map(|_| ()),
        "clear" if note.is_empty() => return Ok(back(&f, "problem=no-reason")),
        "clear" => app.cases.clear_difference(by, &id, &note).await.map(|_| ()),
        _ => return Err(Failure::BadForm),
    };
    match done {
        Ok(()) => Ok(back(&f, "done=saved")),
        Err(error) => refused(&f, error),
    }
}

/// Counts what an agent handed in, or sends it back to the till.
pub(crate) async fn tills(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "finance");
    let counted = form.first("do") == Some("counted");
    match app.cases.decide_hand_in(by, form.first("id").unwrap_or(""), counted).await {
        Ok(_) => Ok(back(&f, "done=saved")),
        Err(error) => refused(&f, error),
    }
}

/// Takes in a statement of the bank.
pub(crate) async fn statements(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "statement");
    let Some(SentFile { content, .. }) = form.files.first() else { return Ok(back(&f, "problem=no-file")) };
    let text = String::from_utf8_lossy(content);
    let Ok(statement) = pay::bank::read(&text) else { return Ok(back(&f, "problem=no-statement")) };
    let done = app.cases.import_statement(by, statement).await?;
    Ok(back(&f, &format!("done=imported&n={}&m={}", done.paid, done.open)))
}

/// The payments of a range of days, as CSV.
pub(crate) async fn payments_csv(State(app): State<App>, Query(q): Query<Range>) -> Result<Response, Failure> {
    let (from, to) = days(&app, &q);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(COLUMNS).map_err(|_| Failure::Internal)?;
    for payment in app.cases.paid_between(&from, &to).await? {
        writer.write_record(cells(&payment)).map_err(|_| Failure::Internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Failure::Internal)?;
    Ok(file("text/csv; charset=utf-8", "payments.csv", bytes))
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
            let open = closed.found + closed.missing;
            Ok(back(&f, &format!("done=closed&n={}&m={open}", closed.theirs)))
        }
        None => Ok(back(&f, "problem=no-provider")),
    }
}

const COLUMNS: [&str; 12] = [
    "receipt", "payment", "case", "service", "entity", "payer", "amount", "refunded", "currency", "way", "paid",
    "state",
];

fn cells(payment: &Payment) -> [String; 12] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        text(&payment.receipt),
        payment.id.clone(),
        payment.about.clone(),
        payment.service.clone(),
        payment.entity.clone(),
        payment.payer_name.clone(),
        payment.amount.major().to_string(),
        payment.refunded.major().to_string(),
        payment.amount.currency.code().to_owned(),
        text(&payment.way),
        text(&payment.paid),
        payment.state.as_str().to_owned(),
    ]
}

/// The payments of a range of days, as a workbook.
pub(crate) async fn payments_xlsx(State(app): State<App>, Query(q): Query<Range>) -> Result<Response, Failure> {
    let (from, to) = days(&app, &q);
    let payments = app.cases.paid_between(&from, &to).await?;
    let bytes = workbook(&payments).map_err(|error| {
        tracing::error!(%error, "a workbook could not be made");
        Failure::Internal
    })?;
    Ok(file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "payments.xlsx", bytes))
}

fn workbook(payments: &[Payment]) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0_u16..).zip(COLUMNS) {
        sheet.write_string(0, column, name)?;
    }
    for (row, payment) in (1_u32..).zip(payments) {
        for (column, cell) in (0_u16..).zip(cells(payment)) {
            // Amounts are numbers, so that they can be added up.
            match cell.parse::<f64>() {
                Ok(amount) if (6..=7).contains(&column) => sheet.write_number(row, column, amount)?,
                _ => sheet.write_string(row, column, &cell)?,
            };
        }
    }
    sheet.autofit();
    book.save_to_buffer()
}

/// The payments of a range of days, as a notification for other systems (camt.054).
pub(crate) async fn payments_xml(State(app): State<App>, Query(q): Query<Range>) -> Result<Response, Failure> {
    let (from, to) = days(&app, &q);
    let notices: Vec<pay::bank::Notice> = app
        .cases
        .paid_between(&from, &to)
        .await?
        .into_iter()
        .filter_map(|payment| {
            Some(pay::bank::Notice {
                receipt: payment.receipt?,
                payment: payment.id,
                payer: payment.payer_name,
                money: payment.amount,
                day: payment.paid?,
            })
        })
        .collect();
    let iban = app.pack.bank().map_or("", |bank| bank.iban.as_str());
    let xml = pay::bank::notices(&format!("FEES-{from}-{to}"), &app.now().to_string(), iban, &notices);
    Ok(file("application/xml", "payments.xml", xml.into_bytes()))
}

/// The refunds that are to leave by bank, as an order to the bank (pain.001).
pub(crate) async fn refunds_xml(State(app): State<App>) -> Result<Response, Failure> {
    let bank = app.pack.bank().ok_or(Failure::NotFound)?;
    let mut transfers = Vec::new();
    for refund in app.cases.refunds(RefundState::Approved).await? {
        let Some(payment) = app.cases.any_payment(&refund.payment).await? else { continue };
        let way = payment.way.as_deref().and_then(|way| app.cases.payments().way(way).ok());
        if way.is_none_or(|way| !way.pays_back()) {
            transfers.push(pay::bank::Transfer {
                id: refund.id.clone(),
                to: payment.payer_name,
                money: refund.amount,
                words: format!("refund {} {}", refund.payment, payment.about),
            });
        }
    }
    let now = app.now();
    let day = app.calendar().add_working_days(app.today(), 1).to_string();
    let holder = bank.holder.get(base::Lang::EN);
    let message = format!("REFUNDS-{}", now.as_second());
    let xml = pay::bank::transfers(&message, &now.to_string(), &day, holder, &bank.iban, &transfers);
    Ok(file("application/xml", "refunds.xml", xml.into_bytes()))
}

fn file(kind: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], content).into_response()
}
