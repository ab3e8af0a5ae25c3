//! What the finance desk hands to other systems: CSV, XLSX, camt.054 and pain.001.

use axum::{
    extract::{Query, State},
    response::{IntoResponse, Response},
};
use pay::{
    LeftRefund, Payment, RefundState,
    bank::{Booking, Notice},
};
use service::Movements;

use super::{Range, days};
use crate::{
    App,
    download::{csv, file},
    failure::Failure,
    frame::Frame,
};

/// So many payments, and as many refunds, are handed out at once at most.
const ROWS_MAX: usize = 100_000;

/// What came and left in a range of days; where it is too much for one file, the answer that asks for fewer days.
async fn movements(app: &App, f: &Frame, q: &Range) -> Result<Movements, Response> {
    let (from, to) = days(app, q);
    let movements = app.cases.movements(&from, &to, ROWS_MAX).await;
    let movements = movements.map_err(|error| Failure::from(error).into_response())?;
    movements.ok_or_else(|| super::work::back(f, &format!("problem=too-many-rows&from={from}&to={to}")))
}

/// Makes a file off the threads that answer pages: one of many rows takes a while.
async fn made<T: Send + 'static>(make: impl FnOnce() -> T + Send + 'static) -> Result<T, Response> {
    tokio::task::spawn_blocking(make).await.map_err(|error| {
        tracing::error!(%error, "a file could not be made");
        Failure::Internal.into_response()
    })
}

/// The payments of a range of days, as CSV.
pub(crate) async fn payments_csv(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let paid = movements(&app, &f, &q).await?.paid;
    made(move || csv("payments.csv", &PAYMENT_COLUMNS, paid.iter().map(payment_cells)).into_response()).await
}

/// The refunds that left in a range of days, as CSV.
pub(crate) async fn refunds_csv(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let left = movements(&app, &f, &q).await?.left;
    made(move || csv("refunds.csv", &REFUND_COLUMNS, left.iter().map(refund_cells)).into_response()).await
}

const PAYMENT_COLUMNS: [&str; 12] = [
    "receipt", "payment", "case", "service", "entity", "payer", "amount", "refunded", "currency", "way", "paid",
    "state",
];

fn payment_cells(payment: &Payment) -> [String; 12] {
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

const REFUND_COLUMNS: [&str; 11] =
    ["refund", "payment", "entity", "payee", "iban", "amount", "currency", "reason", "asked_by", "decided_by", "left"];

fn refund_cells(left: &LeftRefund) -> [String; 11] {
    let refund = &left.refund;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        refund.id.clone(),
        refund.payment.clone(),
        refund.entity.clone(),
        refund.payee.clone(),
        text(&refund.iban),
        refund.amount.major().to_string(),
        refund.amount.currency.code().to_owned(),
        refund.reason.clone(),
        refund.asked_by.clone(),
        text(&refund.decided_by),
        left.day.clone(),
    ]
}

/// The payments and refunds of a range of days, as a workbook of two sheets.
pub(crate) async fn payments_xlsx(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let movements = movements(&app, &f, &q).await?;
    let bytes = made(move || workbook(&movements)).await?.map_err(|error| {
        tracing::error!(%error, "a workbook could not be made");
        Failure::Internal.into_response()
    })?;
    Ok(file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "payments.xlsx", bytes))
}

fn workbook(movements: &Movements) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    sheet(book.add_worksheet().set_name("payments")?, &PAYMENT_COLUMNS, movements.paid.iter().map(payment_cells))?;
    sheet(book.add_worksheet().set_name("refunds")?, &REFUND_COLUMNS, movements.left.iter().map(refund_cells))?;
    book.save_to_buffer()
}

fn sheet<const N: usize>(
    sheet: &mut rust_xlsxwriter::Worksheet,
    columns: &[&str; N],
    rows: impl Iterator<Item = [String; N]>,
) -> Result<(), rust_xlsxwriter::XlsxError> {
    for (column, name) in (0_u16..).zip(columns) {
        sheet.write_string(0, column, *name)?;
    }
    for (row, cells) in (1_u32..).zip(rows) {
        for ((column, name), cell) in (0_u16..).zip(columns).zip(&cells) {
            // Amounts are numbers, so that they can be added up.
            match cell.parse::<f64>() {
                Ok(amount) if ["amount", "refunded"].contains(name) => sheet.write_number(row, column, amount)?,
                _ => sheet.write_string(row, column, cell)?,
            };
        }
    }
    sheet.autofit();
    Ok(())
}

/// The payments and refunds of a range of days, as a notification for other systems (camt.054).
pub(crate) async fn payments_xml(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let (from, to) = days(&app, &q);
    let movements = movements(&app, &f, &q).await?;
    // What a rule let somebody off never came to the account.
    let paid = movements.paid.into_iter().filter(|payment| came(&app, payment)).filter_map(|payment| {
        Some(Notice {
            booking: Booking::Came { receipt: payment.receipt?, payment: payment.id, payer: payment.payer_name },
            money: payment.amount,
            day: payment.paid?,
        })
    });
    let left = movements.left.into_iter().map(|left| Notice {
        booking: Booking::Left {
            refund: left.refund.id,
            payment: left.refund.payment,
            payee: left.refund.payee,
            iban: left.refund.iban,
        },
        money: left.refund.amount,
        day: left.day,
    });
    let mut notices: Vec<Notice> = paid.chain(left).collect();
    notices.sort_by(|one, other| one.day.cmp(&other.day));
    let iban = app.pack.bank().map(|bank| bank.iban.clone());
    let (message, now) = (format!("FEES-{from}-{to}"), app.now().to_string());
    let xml = made(move || pay::bank::notices(&message, &now, iban.as_deref(), &notices)).await?;
    Ok(file("application/xml", "payments.xml", xml.into_bytes()))
}

fn came(app: &App, payment: &Payment) -> bool {
    payment.way.as_deref().is_some_and(|way| app.cases.payments().way(way).is_ok_and(|way| way.brings_money()))
}

/// The refunds that are to leave by bank, as an order to the bank (pain.001).
pub(crate) async fn refunds_xml(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let bank = app.pack.bank().ok_or(Failure::NotFound)?;
    let refunds = app.cases.refunds(RefundState::Approved).await?;
    let leaving = refunds.into_iter().filter(|refund| !app.cases.payments().goes_back_by_its_way(refund));
    let transfers: Vec<_> = leaving
        .map(|refund| pay::bank::Transfer {
            words: pay::bank::refund_words(&refund.payment),
            id: refund.id,
            to: refund.payee,
            iban: refund.iban,
            money: refund.amount,
        })
        .collect();
    if transfers.is_empty() {
        // An order without a transfer is none; no bank would take it.
        return Ok(super::work::back(&f, "problem=no-transfers"));
    }
    let now = app.now();
    let day = app.calendar().add_working_days(app.today(), 1).to_string();
    let holder = bank.holder.get(base::Lang::EN);
    let message = format!("REFUNDS-{}", now.as_second());
    let xml = pay::bank::transfers(&message, &now.to_string(), &day, holder, &bank.iban, &transfers);
    Ok(file("application/xml", "refunds.xml", xml.into_bytes()))
}
