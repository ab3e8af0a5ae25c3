//! The SQL of bank statements.

use std::collections::HashSet;

use store::{Session, StoreError, Tx};

use super::Booked;
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
        "INSERT INTO statement_entry (id, statement, day, currency, amount, words, payment, came_of_it, recorded)",
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
        ],
    );
}
