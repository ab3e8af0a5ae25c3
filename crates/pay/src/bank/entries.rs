//! What the entries of a statement say of payments, and what came of them.

use base::Money;
use store::{Session, StoreError, Tx};

use super::{Statement, payment_in, sql};
use crate::{CameOfIt, Event, Report, State};

/// An entry as it was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    pub report: Report,
    pub day: String,
    pub words: String,
    /// The payment that its words speak of.
    pub payment: Option<String>,
    /// Who has paid, and from which account, as the bank says.
    pub payer: String,
    pub payer_iban: String,
}

/// A statement that was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    pub statement: String,
    pub recorded: String,
    pub entries: i64,
    pub paid: i64,
}

/// The statements that were taken in, the last first.
pub async fn taken_in(db: &mut Session, limit: i64) -> Result<Vec<TakenIn>, StoreError> {
    sql::taken_in(db, limit).await
}

/// Payments of an amount that can be paid, with their payers: money that came without a reference may be meant for one.
pub async fn open_like(db: &mut Session, money: Money, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    sql::open_like(db, money, limit).await
}

/// What an import did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    pub entries: usize,
    /// Payments that are now paid.
    pub paid: usize,
    /// Entries that somebody has to look at.
    pub open: usize,
    /// Refunds that have left the account.
    pub left: usize,
    /// Entries that were known from an earlier import.
    pub known: usize,
    /// Balances that do not follow from the entries or from the statement before.
    pub unequal: usize,
}

/// The reports of a statement's booked credits that were not taken in before; and how many were.
pub async fn new_reports(db: &mut Session, statement: &Statement) -> Result<(Vec<Booked>, usize), StoreError> {
    let credits: Vec<_> = statement.entries.iter().filter(|entry| entry.is_credit && entry.is_booked).collect();
    let known = sql::known(db, &statement.id).await?;
    let open = sql::open_payments(db).await?;
    let mut booked = Vec::with_capacity(credits.len());
    for entry in &credits {
        let id = format!("{}/{}", entry.account, entry.reference);
        if known.contains(&id) {
            continue;
        }
        // What speaks of a payment that is paid or was never there is for somebody to look at.
        let payment = payment_in(&entry.words).filter(|id| open.contains(id));
        let report = Report {
            way: "transfer".into(),
            event: id,
            attempt: payment.clone().or_else(|| payment_in(&entry.words)).unwrap_or_else(|| "none".into()),
            kind: Event::Succeed,
            money: entry.money(),
            holder: String::new(),
            signature: String::new(),
        };
        booked.push(Booked {
            report,
            day: entry.day.clone(),
            words: entry.words.clone(),
            payment,
            payer: entry.payer.clone(),
            payer_iban: entry.payer_iban.clone(),
        });
    }
    let before = credits.len() - booked.len();
    Ok((booked, before))
}

/// Writes down what came of each entry.
pub async fn keep_entries(
    tx: &mut Tx,
    statement: &str,
    booked: &[Booked],
    came_of_it: &[CameOfIt],
) -> Result<(), StoreError> {
    let (mut entries, mut paid) = (0, 0);
    for (entry, came_of_it) in booked.iter().zip(came_of_it) {
        // An entry that another statement brought already stands there.
        if *came_of_it != CameOfIt::Repeated {
            sql::append_entry(tx, statement, entry, came_of_it);
            entries += 1;
            paid += i64::from(*came_of_it == CameOfIt::Moved(State::Paid));
        }
    }
    if entries > 0 {
        sql::count_entries(tx, statement, entries, paid).await?;
    }
    Ok(())
}
