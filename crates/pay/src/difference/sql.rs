//! The SQL of differences, and of what the bank said of them.

use base::Currency;
use store::{Row, Session, StoreError, Tx};

use super::{Difference, Proposed, Resolution, Words};

/// As [`super::SUSPENDED`] names them.
pub(crate) const SUSPENDED: &str =
    "('amount', 'paid-twice', 'unknown', 'overpaid', 'charges', 'several', 'uneven', 'returned')";

const DIFFERENCE: &str = "SELECT id, found, day, way, kind, payment, currency, ours, theirs, cleared, cleared_by, note, \
     proposal, proposal_note, proposed_by FROM payment_difference";

fn difference_of(row: &Row) -> Result<Difference, StoreError> {
    let currency = Currency::of(&row.text("currency")?);
    Ok(Difference {
        id: row.text("id")?,
        found: row.text("found")?,
        day: row.text("day")?,
        way: row.text("way")?,
        kind: row.text("kind")?,
        payment: row.text_opt("payment")?,
        currency: currency.ok_or(StoreError::Abandoned("a difference has a currency that is not known"))?,
        ours: row.int_opt("ours")?,
        theirs: row.int_opt("theirs")?,
        cleared: row.text_opt("cleared")?,
        cleared_by: row.text_opt("cleared_by")?,
        note: row.text_opt("note")?,
        proposal: match row.text_opt("proposal")?.as_deref().and_then(Resolution::parse) {
            Some(what) => Some(Proposed {
                what,
                note: row.text_opt("proposal_note")?.unwrap_or_default(),
                by: row.text_opt("proposed_by")?.unwrap_or_default(),
            }),
            None => None,
        },
    })
}

/// Whether the difference was not noted before.
pub(crate) async fn insert(tx: &mut Tx, difference: &Difference) -> Result<bool, StoreError> {
    let inserted = tx
        .run(
            "INSERT INTO payment_difference (id, found, day, way, kind, payment, currency, ours, theirs) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
            &[
                difference.id.as_str().into(),
                difference.found.as_str().into(),
                difference.day.as_str().into(),
                difference.way.as_str().into(),
                difference.kind.as_str().into(),
                difference.payment.clone().into(),
                difference.currency.code().into(),
                difference.ours.into(),
                difference.theirs.into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Those that nobody has cleared, the oldest first.
pub(crate) async fn open(db: &mut Session, limit: i64) -> Result<Vec<Difference>, StoreError> {
    let sql = format!("{DIFFERENCE} WHERE cleared IS NULL ORDER BY found, id LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(difference_of).collect()
}

/// Those of a way whose money lies in suspense, the oldest first.
pub(crate) async fn in_suspense_of(db: &mut Session, way: &str, limit: i64) -> Result<Vec<Difference>, StoreError> {
    let sql = format!(
        "{DIFFERENCE} WHERE cleared IS NULL AND way = $1 AND kind IN {SUSPENDED} \
         AND theirs > 0 ORDER BY found, id LIMIT $2"
    );
    db.all(&sql, &[way.into(), limit.into()]).await?.iter().map(difference_of).collect()
}

pub(crate) async fn in_suspense_count(db: &mut Session, way: &str) -> Result<i64, StoreError> {
    let sql = format!(
        "SELECT count(*) AS number FROM payment_difference WHERE cleared IS NULL AND way = $1 \
         AND kind IN {SUSPENDED} AND theirs > 0"
    );
    db.one(&sql, &[way.into()]).await?.map_or(Ok(0), |row| row.int("number"))
}

pub(crate) async fn open_count(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT count(*) AS number FROM payment_difference WHERE cleared IS NULL", &[]).await?;
    row.map_or(Ok(0), |row| row.int("number"))
}

/// Those that somebody has cleared, the last first.
pub(crate) async fn cleared(db: &mut Session, limit: i64) -> Result<Vec<Difference>, StoreError> {
    let sql = format!("{DIFFERENCE} WHERE cleared IS NOT NULL ORDER BY cleared DESC, id LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(difference_of).collect()
}

/// A difference that nobody has cleared.
pub(crate) async fn one(db: &mut Session, id: &str) -> Result<Option<Difference>, StoreError> {
    let sql = format!("{DIFFERENCE} WHERE id = $1 AND cleared IS NULL");
    db.one(&sql, &[id.into()]).await?.as_ref().map(difference_of).transpose()
}

/// The open differences of a payment of one kind.
pub(crate) async fn of_payment(db: &mut Session, payment: &str, kind: &str) -> Result<Vec<Difference>, StoreError> {
    let sql = format!("{DIFFERENCE} WHERE payment = $1 AND kind = $2 AND cleared IS NULL ORDER BY found, id");
    db.all(&sql, &[payment.into(), kind.into()]).await?.iter().map(difference_of).collect()
}

/// Open gaps of an account before a statement that begins with this balance.
pub(crate) async fn gaps_before(
    db: &mut Session,
    account: &str,
    currency: Currency,
    balance: i64,
) -> Result<Vec<Difference>, StoreError> {
    let sql = format!(
        "{DIFFERENCE} WHERE cleared IS NULL AND kind = 'statement-gap' AND currency = $1 AND theirs = $2 \
         ORDER BY found, id LIMIT 50"
    );
    let mut gaps: Vec<Difference> = db
        .all(&sql, &[currency.code().into(), balance.into()])
        .await?
        .iter()
        .map(difference_of)
        .collect::<Result<_, _>>()?;
    gaps.retain(|gap| gap.statement().is_some_and(|named| named.contains(&format!(" · {account} · "))));
    Ok(gaps)
}

/// The difference whose money was taken for a payment.
pub(crate) async fn taken_for(db: &mut Session, payment: &str, way: &str) -> Result<Option<Difference>, StoreError> {
    let sql = format!(
        "{DIFFERENCE} WHERE note = $1 AND way = $2 AND kind IN {SUSPENDED} \
         ORDER BY cleared, id LIMIT 1"
    );
    db.one(&sql, &[payment.into(), way.into()]).await?.as_ref().map(difference_of).transpose()
}

/// What is proposed about a difference, or that nothing is.
pub(crate) async fn keep_proposal(tx: &mut Tx, difference: &Difference) -> Result<(), StoreError> {
    let sql = "UPDATE payment_difference SET proposal = $2, proposal_note = $3, proposed_by = $4 WHERE id = $1";
    let proposed = difference.proposal.as_ref();
    let args = [
        difference.id.as_str().into(),
        proposed.map(|proposed| proposed.what.as_str()).into(),
        proposed.map(|proposed| proposed.note.clone()).into(),
        proposed.map(|proposed| proposed.by.clone()).into(),
    ];
    tx.run(sql, &args).await?;
    Ok(())
}

/// Whether nobody had cleared it.
pub(crate) async fn clear(tx: &mut Tx, id: &str, note: &str) -> Result<bool, StoreError> {
    let (cleared, actor) = (base::stamp(tx.by().at), tx.by().actor.clone());
    let sql =
        "UPDATE payment_difference SET cleared = $2, cleared_by = $3, note = $4 WHERE id = $1 AND cleared IS NULL";
    Ok(tx.run(sql, &[id.into(), cleared.into(), actor.into(), note.into()]).await? == 1)
}

/// What the bank said with an entry.
pub(crate) async fn words(db: &mut Session, entry: &str) -> Result<Option<Words>, StoreError> {
    let sql = "SELECT statement, day, words, payer, payer_iban FROM statement_entry WHERE id = $1";
    let row = db.one(sql, &[entry.into()]).await?;
    row.map(|row| {
        Ok(Words {
            statement: row.text("statement")?,
            day: row.text("day")?,
            words: row.text("words")?,
            payer: row.text_opt("payer")?.unwrap_or_default(),
            iban: row.text_opt("payer_iban")?.unwrap_or_default(),
        })
    })
    .transpose()
}
