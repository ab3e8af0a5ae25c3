//! The SQL of bank statements.

use std::collections::HashSet;

use base::Money;
use store::{Session, StoreError, Tx};

use super::{Booked, TakenIn};
use crate::CameOfIt;

/// The entries of a statement that were taken in.
pub(crate) async fn known(db: &mut Session, statement: &str) -> Result<HashSet<String>, StoreError> {
    let rows = db.all("SELECT id FROM statement_entry WHERE statement = $1", &[statement.into()]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Payments that can be paid, as they stand now.
pub(crate) async fn open_payments(db: &mut Session) -> Result<HashSet<String>, StoreError> {
    let sql = "SELECT id FROM payment WHERE state IN ('quoted', 'started', 'pending', 'failed')";
    db.all(sql, &[]).await?.iter().map(|row| row.text("id")).collect()
}

pub(crate) fn append_entry(tx: &mut Tx, statement: &str, entry: &Booked, came_of_it: &CameOfIt) {
    let money = entry.report.money;
    let recorded = base::stamp(tx.by().at);
    tx.append(
        "INSERT INTO statement_entry (id, statement, day, currency, amount, words, payment, came_of_it, recorded, payer, payer_iban)",
        vec![
            entry.report.event.as_str().into(),
            statement.into(),
            entry.day.as_str().into(),
            money.as_ref().map_or("", |money| money.currency.code()).into(),
            money.map_or(0, |money| money.minor).into(),
            entry.words.as_str().into(),
            entry.payment.clone().into(),
            came_of_it.as_str().into(),
            recorded.into(),
            entry.payer.as_str().into(),
            Some(entry.payer_iban.as_str()).filter(|iban| !iban.is_empty()).into(),
        ],
    );
}

/// The account from which a payment came by transfer.
pub(crate) async fn account_of_payer(db: &mut Session, payment: &str) -> Result<Option<String>, StoreError> {
    let sql =
        "SELECT payer_iban FROM statement_entry WHERE payment = $1 AND came_of_it = 'paid' AND payer_iban IS NOT NULL";
    db.one(sql, &[payment.into()]).await?.map_or(Ok(None), |row| row.text_opt("payer_iban"))
}

/// The statements that were taken in, the last first.
pub(crate) async fn taken_in(db: &mut Session, limit: i64) -> Result<Vec<TakenIn>, StoreError> {
    let sql = "SELECT statement, max(recorded) AS last, count(*) AS entries, \
               count(*) FILTER (WHERE came_of_it = 'paid') AS paid FROM statement_entry \
               GROUP BY statement ORDER BY max(recorded) DESC, statement LIMIT $1";
    let rows = db.all(sql, &[limit.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(TakenIn {
                statement: row.text("statement")?,
                recorded: row.text("last")?,
                entries: row.int("entries")?,
                paid: row.int("paid")?,
            })
        })
        .collect()
}

/// Payments of one amount that can be paid, the last opened first.
pub(crate) async fn open_like(db: &mut Session, money: Money, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT id, payer_name FROM payment WHERE state IN ('quoted', 'started', 'pending', 'failed') \
               AND currency = $1 AND amount = $2 ORDER BY opened DESC, id LIMIT $3";
    let rows = db.all(sql, &[money.currency.code().into(), money.minor.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok((row.text("id")?, row.text("payer_name")?))).collect()
}
