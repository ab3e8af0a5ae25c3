//! The ledger: double entry, in minor units, with balances that are kept for speed and proved from the postings.

mod account;
mod proof;
pub(crate) mod sql;
mod transfer;

pub use account::{Account, Balance, Purpose, Side};
pub use proof::{Mistake, prove, prove_all, prove_on};
pub use transfer::{POSTING_MAX, POSTINGS_MAX, Posted, Posting, Transfer};

use std::collections::BTreeMap;

use base::Money;
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, StoreError, Tx};

/// The sort of row that postings are in the journal.
pub const POSTING: &str = "posting";
/// In how many parts an account without a limit is kept.
const PARTS: u64 = 8;

/// Why the ledger refuses.
#[derive(Debug, thiserror::Error)]
pub enum LedgerError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("a transfer has from 2 to {POSTINGS_MAX} postings, not {0}")]
    Lines(usize),
    #[error("a posting of {0} minor units is nothing or too much")]
    Amount(i64),
    #[error("the postings in {currency} sum to {sum} instead of zero")]
    Unbalanced { currency: String, sum: i128 },
    #[error("the transfer «{0}» is posted already")]
    Twice(String),
    #[error("there is no transfer «{0}»")]
    NoTransfer(String),
    #[error("«{0}» is a reversal or was reversed already")]
    Reversed(String),
    #[error("«{account}» would hold {would_hold}, and its limit is {least}")]
    BelowLimit { account: String, would_hold: i64, least: i64 },
    #[error("«{0}» has no limit, so nothing can be held on it")]
    NoLimit(String),
    #[error("there is no hold «{0}», or it was released already")]
    NoHold(String),
    #[error("a hold needs an amount above zero")]
    EmptyHold,
}

/// Posts a transfer and keeps the balances of its accounts.
pub async fn post(tx: &mut Tx, transfer: &Transfer) -> Result<(), LedgerError> {
    write(tx, transfer, None).await
}

/// Takes a transfer back by its mirror image. The first one stays as it is.
pub async fn reverse(tx: &mut Tx, id: &str, of: &str, day: Date) -> Result<(), LedgerError> {
    let posted = sql::transfer(tx, of).await?.ok_or_else(|| LedgerError::NoTransfer(of.to_owned()))?;
    if posted.reverses.is_some() || sql::is_reversed(tx, of).await? {
        return Err(LedgerError::Reversed(of.to_owned()));
    }
    let postings = posted.transfer.postings.into_iter();
    let mirror = Transfer {
        id: id.to_owned(),
        day,
        about: posted.transfer.about,
        memo: "reversed".into(),
        postings: postings.map(|posting| Posting { amount: -posting.amount, ..posting }).collect(),
    };
    write(tx, &mirror, Some(of)).await
}

async fn write(tx: &mut Tx, transfer: &Transfer, reverses: Option<&str>) -> Result<(), LedgerError> {
    transfer.check()?;
    if !sql::insert_transfer(tx, transfer, reverses).await? {
        return Err(LedgerError::Twice(transfer.id.clone()));
    }
    let mut moves: BTreeMap<String, (Account, i64)> = BTreeMap::new();
    for posting in &transfer.postings {
        let entry = moves.entry(posting.account.id()).or_insert_with(|| (posting.account.clone(), 0));
        entry.1 += posting.amount;
    }
    // In the order of their keys, so that two transfers never wait for each other crosswise.
    let moves: Vec<(Account, i64, i64)> = moves
        .into_values()
        .map(|(account, amount)| (part(&account, &transfer.id), account, amount))
        .map(|(p, a, m)| (a, p, m))
        .collect();
    for (account, balance) in moves.iter().zip(sql::move_balances(tx, &moves).await?) {
        check_limit(&account.0, balance)?;
    }
    sql::insert_postings(tx, transfer).await?;
    tx.append(sql::UNPROVED, vec![transfer.id.as_str().into()]);
    for (line, posting) in transfer.postings.iter().enumerate() {
        tx.record(change(transfer, line, posting));
    }
    Ok(())
}

/// The part of an account that a transfer touches. A limit can only be kept where the whole balance is one row.
fn part(account: &Account, transfer: &str) -> i64 {
    if account.purpose.least().is_some() {
        return 0;
    }
    ((crate::hash(transfer) >> 32) % PARTS) as i64
}

/// Balance and hold of the row, as the database now has them.
fn check_limit(account: &Account, (balance, held): (i64, i64)) -> Result<(), LedgerError> {
    let Some(least) = account.purpose.least() else { return Ok(()) };
    let would_hold = account.natural(balance) - held;
    if would_hold < least {
        return Err(LedgerError::BelowLimit { account: account.id(), would_hold, least });
    }
    Ok(())
}

/// A posting as indicators see it: amounts in major units, on the account's own side.
fn change(transfer: &Transfer, line: usize, posting: &Posting) -> Change {
    let account = &posting.account;
    let amount = Money { minor: account.natural(posting.amount), currency: account.currency };
    Change {
        source: POSTING,
        kind: account.purpose.as_str().to_owned(),
        row: format!("{}#{line}", transfer.id),
        effective: transfer.day,
        before: None,
        after: Some(json!({
            "entity": account.entity,
            "detail": account.detail,
            "currency": account.currency.code(),
            "amount": crate::number(amount),
            "day": transfer.day.to_string(),
            "about": transfer.about,
            "memo": transfer.memo,
        })),
    }
}

/// Holds money back for something that was promised: it stays where it is and cannot go elsewhere.
pub async fn hold(tx: &mut Tx, id: &str, account: &Account, minor: i64) -> Result<(), LedgerError> {
    if account.purpose.least().is_none() {
        return Err(LedgerError::NoLimit(account.id()));
    }
    if minor <= 0 || minor > POSTING_MAX {
        return Err(LedgerError::EmptyHold);
    }
    if !sql::insert_hold(tx, id, &account.id(), minor).await? {
        return Err(LedgerError::Twice(id.to_owned()));
    }
    let kept = sql::move_held(tx, account, minor).await?;
    check_limit(account, kept)?;
    tx.record(hold_change(id, account, tx_day(tx), minor, "held"));
    Ok(())
}

/// Lets go what was held.
pub async fn release(tx: &mut Tx, id: &str) -> Result<(), LedgerError> {
    let (account, minor) = sql::release_hold(tx, id).await?.ok_or_else(|| LedgerError::NoHold(id.to_owned()))?;
    sql::move_held(tx, &account, -minor).await?;
    tx.record(hold_change(id, &account, tx_day(tx), minor, "released"));
    Ok(())
}

fn tx_day(tx: &Tx) -> Date {
    tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn hold_change(id: &str, account: &Account, day: Date, minor: i64, state: &str) -> Change {
    let amount = Money { minor, currency: account.currency };
    Change {
        source: "hold",
        kind: account.purpose.as_str().to_owned(),
        row: id.to_owned(),
        effective: day,
        before: None,
        after: Some(json!({"account": account.id(), "amount": crate::number(amount), "state": state})),
    }
}

/// What an account holds; nothing where nobody has posted to it.
pub async fn balance(db: &mut Session, account: &Account) -> Result<Balance, LedgerError> {
    let (balance, held) = sql::balance(db, &account.id()).await?;
    Ok(Balance { account: account.clone(), minor: account.natural(balance), held })
}

/// The balances of an entity, or of all, by account.
pub async fn balances(db: &mut Session, entity: Option<&str>) -> Result<Vec<Balance>, LedgerError> {
    Ok(sql::balances(db, entity).await?)
}

/// The balances of an entity's accounts for one purpose and detail: one for each currency that was ever posted there.
pub async fn balances_of(
    db: &mut Session,
    entity: &str,
    purpose: Purpose,
    detail: &str,
) -> Result<Vec<Balance>, LedgerError> {
    Ok(sql::balances_of(db, entity, purpose, detail).await?)
}

/// Every transfer about something, oldest first.
pub async fn about(db: &mut Session, about: &str) -> Result<Vec<Posted>, LedgerError> {
    Ok(sql::transfers_about(db, about).await?)
}

/// The postings of an account, the last first.
pub async fn statement(db: &mut Session, account: &Account, limit: i64) -> Result<Vec<Posted>, LedgerError> {
    Ok(sql::transfers_of(db, &account.id(), limit).await?)
}

/// What was put on an account on a day, the last first.
pub async fn statement_of_day(
    db: &mut Session,
    account: &Account,
    day: Date,
    limit: i64,
) -> Result<Vec<Posted>, LedgerError> {
    Ok(sql::transfers_of_day(db, &account.id(), day, limit).await?)
}
