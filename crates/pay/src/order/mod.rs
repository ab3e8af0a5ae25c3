//! Orders to the bank: the refunds that leave by transfer, each ordered once. The file is kept as it was handed out.

pub(crate) mod sql;

use std::{collections::BTreeMap, fmt::Write};

use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, Session, Tx};

use crate::{PaymentError, Payments, Refund, RefundState, TREASURY, bank, payment};

/// So many transfers are in one order at most; what is more waits for the next.
pub const TRANSFERS_MAX: i64 = 5_000;

/// Whose account the money leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Debtor {
    pub holder: String,
    pub iban: String,
}

/// An order to the bank.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Such as `REFUNDS-2021-12-30-1`; the bank knows it by this name.
    pub id: String,
    /// The day it was made.
    pub day: String,
    pub made: String,
    pub made_by: String,
    pub transfers: i64,
    /// The SHA-256 of its file, in hexadecimal digits.
    pub hash: String,
}

impl Order {
    fn document(&self, refunds: &[Refund]) -> Json {
        // Sums never mix currencies.
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        for refund in refunds {
            *sums.entry(refund.amount.currency.code().to_owned()).or_default() += refund.amount.minor;
        }
        json!({
            "day": self.day,
            "made_by": self.made_by,
            "transfers": self.transfers,
            "hash": self.hash,
            "minor": sums,
            "refunds": refunds.iter().map(|refund| refund.id.as_str()).collect::<Vec<_>>(),
        })
    }
}

/// The SHA-256 of a file.
fn hash_of(content: &str) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, content.as_bytes());
    digest.as_ref().iter().fold(String::new(), |mut hex, byte| {
        // Nothing can go wrong with a text in memory.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

impl Payments {
    /// Orders the approved refunds that leave by bank and that no order has yet, the oldest first, up to [`TRANSFERS_MAX`];
    /// `acts` is the day on which the bank is to act. What has no account, or something proposed about it, waits.
    pub async fn order_refunds(
        &self,
        tx: &mut Tx,
        debtor: &Debtor,
        acts: &str,
        day: Date,
    ) -> Result<Order, PaymentError> {
        let refunds = payment::sql::refunds_to_order(tx, TRANSFERS_MAX).await?;
        if refunds.is_empty() {
            return Err(PaymentError::NothingToOrder);
        }
        let id = format!("REFUNDS-{day}-{}", sql::count_of_day(tx, &day.to_string()).await? + 1);
        let transfers: Vec<bank::Transfer> = refunds
            .iter()
            .map(|refund| bank::Transfer {
                id: refund.id.clone(),
                to: refund.payee.clone(),
                iban: refund.iban.clone(),
                money: refund.amount,
                words: bank::refund_words(&refund.payment),
            })
            .collect();
        let at = tx.by().at.to_string();
        let content = bank::transfers(&id, &at, acts, &debtor.holder, &debtor.iban, &transfers);
        let order = Order {
            id,
            day: day.to_string(),
            made: base::stamp(tx.by().at),
            made_by: tx.by().actor.clone(),
            transfers: refunds.len() as i64,
            hash: hash_of(&content),
        };
        sql::insert(tx, &order, &content).await?;
        let (row, after) = (order.id.clone(), Some(order.document(&refunds)));
        tx.record(Change { source: "order", kind: TREASURY.into(), row, effective: day, before: None, after });
        for before in refunds {
            let refund = Refund { ordered: Some(order.id.clone()), ..before.clone() };
            payment::keep_approved(tx, &before, refund, day).await?;
        }
        Ok(order)
    }

    /// The orders that were made last.
    pub async fn orders(&self, db: &mut Session, limit: i64) -> Result<Vec<Order>, PaymentError> {
        Ok(sql::last(db, limit).await?)
    }

    /// An order and its file, to the letter as it was made.
    pub async fn order(&self, db: &mut Session, id: &str) -> Result<Option<(Order, String)>, PaymentError> {
        Ok(sql::get(db, id).await?)
    }

    /// How many refunds the next order would have.
    pub async fn to_order(&self, db: &mut Session) -> Result<i64, PaymentError> {
        Ok(payment::sql::count_to_order(db).await?)
    }

    /// The approved refund of just this amount that a text of the bank names.
    pub async fn leaving(
        &self,
        db: &mut Session,
        words: &str,
        money: base::Money,
    ) -> Result<Option<Refund>, PaymentError> {
        for word in words.split_whitespace().filter(|word| word.starts_with("PY-") || word.starts_with("SB-")) {
            let named = payment::sql::refund(db, word).await?;
            let is_it = |refund: &Refund| refund.state == RefundState::Approved && refund.amount == money;
            if let Some(refund) = named.filter(is_it).filter(|refund| !self.goes_back_by_its_way(refund)) {
                return Ok(Some(refund));
            }
        }
        Ok(None)
    }
}
