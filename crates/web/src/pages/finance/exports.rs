//! What the finance desk hands to other systems: CSV, XLSX, camt.054 and pain.001.

use axum::{
    extract::{Query, State},
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use pay::{Payment, RefundState};

use super::{Range, days};
use crate::{App, failure::Failure, frame::Frame};

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
        // What a rule let somebody off never came to the account.
        .filter(|payment| came(&app, payment))
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
            words: format!("refund {}", refund.payment),
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

fn file(kind: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], content).into_response()
}
