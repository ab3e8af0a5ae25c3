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
    made(move || {
        let columns = PAYMENT_COLUMNS.map(str::to_owned);
        csv("payments.csv", &columns, paid.iter().map(|payment| payment_cells(&app, &f, payment))).into_response()
    })
    .await
}

/// The refunds that left in a range of days, as CSV.
pub(crate) async fn refunds_csv(
    State(app): State<App>,
    f: Frame,
    Query(q): Query<Range>,
) -> Result<Response, Response> {
    let left = movements(&app, &f, &q).await?.left;
    made(move || {
        let columns = REFUND_COLUMNS.map(str::to_owned);
        csv("refunds.csv", &columns, left.iter().map(|left| refund_cells(&app, &f, left))).into_response()
    })
    .await
}

/// Beside each code its title, in the language of the page.
const PAYMENT_COLUMNS: [&str; 16] = [
    "receipt",
    "payment",
    "case",
    "service",
    "service_title",
    "entity",
    "entity_title",
    "payer",
    "amount",
    "refunded",
    "currency",
    "way",
    "way_title",
    "paid",
    "state",
    "state_title",
];

fn payment_cells(app: &App, f: &Frame, payment: &Payment) -> [String; 16] {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        text(&payment.receipt),
        payment.id.clone(),
        payment.about.clone(),
        payment.service.clone(),
        app.pack.catalogue.service(&payment.service).map_or("", |s| s.definition.title.get(f.lang)).to_owned(),
        payment.entity.clone(),
        app.pack.entity_title(&payment.entity, f.lang).to_owned(),
        payment.payer_name.clone(),
        payment.amount.major().to_string(),
        payment.refunded.major().to_string(),
        payment.amount.currency.code().to_owned(),
        text(&payment.way),
        payment.way.as_ref().map_or_else(String::new, |way| f.w.say(&format!("way-{way}"))),
        text(&payment.paid),
        payment.state.as_str().to_owned(),
        f.w.say(&format!("pay-state-{}", payment.state.as_str())),
    ]
}

const REFUND_COLUMNS: [&str; 12] = [
    "refund",
    "payment",
    "entity",
    "entity_title",
    "payee",
    "iban",
    "amount",
    "currency",
    "reason",
    "asked_by",
    "decided_by",
    "left",
];

fn refund_cells(app: &App, f: &Frame, left: &LeftRefund) -> [String; 12] {
    let refund = &left.refund;
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    [
        refund.id.clone(),
        refund.payment.clone(),
        refund.entity.clone(),
        app.pack.entity_title(&refund.entity, f.lang).to_owned(),
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
    let bytes = made(move || workbook(&app, &f, &movements)).await?.map_err(|error| {
        tracing::error!(%error, "a workbook could not be made");
        Failure::Internal.into_response()
    })?;
    Ok(file("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "payments.xlsx", bytes))
}

fn workbook(app: &App, f: &Frame, movements: &Movements) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let paid = movements.paid.iter().map(|payment| payment_cells(app, f, payment));
    sheet(book.add_worksheet().set_name("payments")?, &PAYMENT_COLUMNS, paid)?;
    let left = movements.left.iter().map(|left| refund_cells(app, f, left));
    sheet(book.add_worksheet().set_name("refunds")?, &REFUND_COLUMNS, left)?;
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
                _ => sheet.write_string(row, column, of_workbook(cell))?,
            };
        }
    }
    sheet.autofit();
    Ok(())
}

/// So many characters a cell of a workbook holds.
const CELL_LENGTH_MAX: usize = 32_767;

/// A text that a workbook can hold: a character that XML cannot have would make the file one that nobody can open.
fn of_workbook(text: &str) -> String {
    text.chars().filter(|c| !base::typed::is_unfit(*c)).take(CELL_LENGTH_MAX).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workbook_holds_whatever_people_wrote() {
        let long = "x".repeat(40_000);
        let cells = ["=cmd()", "<b>&\"'", "{holder}", "a\u{1}b\u{FFFE}\0", "_x0041_", "شركة", &long, ""];
        let mut book = rust_xlsxwriter::Workbook::new();
        let columns = ["a"; 8];
        sheet(book.add_worksheet(), &columns, [cells.map(str::to_owned)].into_iter()).unwrap();
        assert!(!book.save_to_buffer().unwrap().is_empty());
        assert_eq!(of_workbook("a\u{1}b\u{FFFE}\0\nc"), "ab\nc");
    }
}
