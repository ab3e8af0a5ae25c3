//! What the finance desk hands to other systems: CSV, XLSX, camt.054 and pain.001.

use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use pay::{
    Debtor, LeftRefund, Payment, PaymentError,
    bank::{Booking, Notice},
};
use service::{Movements, ServiceError};

use super::{Range, days};
use crate::{
    App,
    download::{csv, file},
    failure::Failure,
    frame::Frame,
    guard::Visitor,
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

/// The payments of a range of days, as CSV.
pub(crate) async fn payments_csv(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let paid = movements(&app, &f, &q).await?.paid;
    Ok(csv("payments.csv", &PAYMENT_COLUMNS, paid.iter().map(payment_cells)).into_response())
}

/// The refunds that left in a range of days, as CSV.
pub(crate) async fn refunds_csv(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let left = movements(&app, &f, &q).await?.left;
    Ok(csv("refunds.csv", &REFUND_COLUMNS, left.iter().map(refund_cells)).into_response())
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
    let bytes = workbook(&movements(&app, &f, &q).await?).map_err(|error| {
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
    let iban = app.pack.bank().map(|bank| bank.iban.as_str());
    let xml = pay::bank::notices(&format!("FEES-{from}-{to}"), &app.now().to_string(), iban, &notices);
    Ok(file("application/xml", "payments.xml", xml.into_bytes()))
}

fn came(app: &App, payment: &Payment) -> bool {
    payment.way.as_deref().is_some_and(|way| app.cases.payments().way(way).is_ok_and(|way| way.brings_money()))
}

/// Orders the refunds that are to leave by bank and were not ordered before (pain.001). Its file is handed out by [`order`].
pub(crate) async fn make_order(State(app): State<App>, f: Frame, visitor: Visitor) -> Result<Response, Failure> {
    let bank = app.pack.bank().ok_or(Failure::NotFound)?;
    let acts = app.calendar().add_working_days(app.today(), 1).to_string();
    let debtor = Debtor { holder: bank.holder.get(base::Lang::EN).to_owned(), iban: bank.iban.clone() };
    let by = app.by(&visitor.account()?.id, "order");
    match app.cases.order_refunds(by, debtor, &acts).await {
        Ok(order) => Ok(super::work::back(&f, &format!("done=ordered&n={}&m={}#orders", order.id, order.transfers))),
        // An order without a transfer is none; no bank would take it.
        Err(ServiceError::Payment(PaymentError::NothingToOrder)) => Ok(super::work::back(&f, "problem=no-transfers")),
        Err(other) => Err(other.into()),
    }
}

/// The file of an order, to the letter as it was made, however often it is fetched.
pub(crate) async fn order(State(app): State<App>, Path(id): Path<String>) -> Result<Response, Failure> {
    let (order, content) = app.cases.order(&id).await?.ok_or(Failure::NotFound)?;
    Ok(file("application/xml", &format!("{}.xml", order.id), content.into_bytes()))
}
