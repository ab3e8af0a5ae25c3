//! The SQL of the daily close.

use base::{Currency, Money};
use store::{Row, Session, StoreError, Tx};

use super::DayClose;

/// Writes down a close; one that was made before of the same day makes room for it.
pub(crate) async fn keep(tx: &mut Tx, close: &DayClose) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO day_close (way, day, currency, ours_number, ours, theirs_number, theirs, refunded, handed_over, closed, closed_by) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (way, day, currency) DO UPDATE SET \
         ours_number = excluded.ours_number, ours = excluded.ours, theirs_number = excluded.theirs_number, \
         theirs = excluded.theirs, refunded = excluded.refunded, handed_over = excluded.handed_over, \
         closed = excluded.closed, closed_by = excluded.closed_by",
        &[
            close.way.as_str().into(),
            close.day.as_str().into(),
            close.currency.code().into(),
            close.ours_number.into(),
            close.ours.into(),
            close.theirs_number.into(),
            close.theirs.into(),
            close.refunded.into(),
            close.handed_over.into(),
            close.closed.as_str().into(),
            close.closed_by.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

fn close_of(row: &Row) -> Result<DayClose, StoreError> {
    let currency = Currency::of(&row.text("currency")?);
    Ok(DayClose {
        way: row.text("way")?,
        day: row.text("day")?,
        currency: currency.ok_or(StoreError::Abandoned("a close has a currency that is not known"))?,
        ours_number: row.int("ours_number")?,
        ours: row.int("ours")?,
        theirs_number: row.int("theirs_number")?,
        theirs: row.int("theirs")?,
        refunded: row.int("refunded")?,
        handed_over: row.int("handed_over")?,
        closed: row.text("closed")?,
        closed_by: row.text("closed_by")?,
    })
}

/// The days that were closed last.
pub(crate) async fn last(db: &mut Session, limit: i64) -> Result<Vec<DayClose>, StoreError> {
    let sql = "SELECT way, day, currency, ours_number, ours, theirs_number, theirs, refunded, handed_over, closed, closed_by \
               FROM day_close ORDER BY day DESC, way, currency LIMIT $1";
    db.all(sql, &[limit.into()]).await?.iter().map(close_of).collect()
}

/// What was said to be paid when an attempt succeeded.
pub(crate) async fn heard(tx: &mut Tx, way: &str, attempt: &str) -> Result<Option<Money>, StoreError> {
    let sql = "SELECT amount, currency FROM payment_event WHERE way = $1 AND attempt = $2 AND kind = 'succeed' \
               AND amount IS NOT NULL ORDER BY recorded, event LIMIT 1";
    let Some(row) = tx.one(sql, &[way.into(), attempt.into()]).await? else { return Ok(None) };
    let currency = row.text_opt("currency")?.as_deref().and_then(Currency::of);
    Ok(row.int_opt("amount")?.zip(currency).map(|(minor, currency)| Money { minor, currency }))
}

/// Whether a settlement of the way, of this day or of another, names the payment.
pub(crate) async fn is_settled(tx: &mut Tx, way: &str, payment: &str) -> Result<bool, StoreError> {
    let sql = "SELECT event FROM payment_event WHERE payment = $1 AND way = $2 AND event LIKE 'settlement-%'";
    Ok(tx.one(sql, &[payment.into(), way.into()]).await?.is_some())
}
