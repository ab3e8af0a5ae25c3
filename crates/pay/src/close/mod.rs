//! The daily close of a way to pay: what the provider says it took and gave back beside what we know, and the hand-over
//! of the rest.

mod sql;

use std::collections::{BTreeSet, HashMap};

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, Tx};

use crate::{
    Difference, Payment, PaymentError, Payments, TREASURY, difference,
    ledger::{self, Account, Purpose, Transfer},
    payment::sql as payments,
};

/// What a provider says it took for an attempt, or gave back of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub attempt: String,
    pub money: Money,
    /// The refund for which it was given back; nothing where it was taken.
    pub refund: Option<String>,
}

/// What a close found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Closed {
    /// Attempts that the provider took money for.
    pub theirs: usize,
    /// Payments of the day that are paid in this way here.
    pub ours: usize,
    /// Payments that we learnt of only now.
    pub found: usize,
    /// Payments of which the provider knows nothing.
    pub missing: usize,
    /// Payments of which the provider now says another amount than before.
    pub otherwise: usize,
}

/// A day that was closed with a way to pay, in one currency; minor units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayClose {
    pub way: String,
    pub day: String,
    pub currency: Currency,
    pub ours_number: i64,
    pub ours: i64,
    pub theirs_number: i64,
    pub theirs: i64,
    /// What the provider gave back to payers.
    pub refunded: i64,
    /// What is booked as handed over for the day: `theirs` less `refunded`.
    pub handed_over: i64,
    pub closed: String,
    pub closed_by: String,
}

/// Reads the lines of a provider's settlement: a document of JSON each. Lines that cannot be read are counted.
pub fn read_settlement(text: &str) -> (Vec<Taken>, usize) {
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let currency = Currency::of(line.get("currency")?.as_str()?)?;
        let money = Money::exact(line.get("amount")?.as_str()?, currency).ok()?;
        let refund = line.get("refund").and_then(|refund| refund.as_str()).map(str::to_owned);
        Some(Taken { attempt: line.get("attempt")?.as_str()?.to_owned(), money, refund })
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let taken: Vec<Taken> = lines.iter().filter_map(|line| read(line)).collect();
    let unread = lines.len() - taken.len();
    (taken, unread)
}

impl Payments {
    /// Compares the day's payments with what the provider says, notes what it does not know of or says otherwise, and
    /// books the money that it hands over. A day may be closed again: what was noted and booked is not noted and booked
    /// twice.
    pub async fn close(&self, tx: &mut Tx, way: &str, day: Date, taken: &[Taken]) -> Result<Closed, PaymentError> {
        let ours: Vec<_> = payments::paid_between(tx, &day.to_string(), &day.to_string(), i64::MAX)
            .await?
            .into_iter()
            .filter(|payment| payment.way.as_deref() == Some(way))
            .collect();
        let took = taken.iter().filter(|taken| taken.refund.is_none());
        let mut closed = Closed { theirs: took.clone().count(), ours: ours.len(), ..Closed::default() };
        for payment in &ours {
            // A provider whose midnight is not ours names a payment on the day before or after.
            if !sql::is_settled(tx, way, &payment.id).await? {
                closed.missing += 1;
                let ours = (Some(payment.id.clone()), payment.amount);
                noted(tx, way, day, &payment.id, "missing-there", ours, None).await?;
            }
        }
        for taken in took {
            let heard = sql::heard(tx, way, &taken.attempt).await?.filter(|heard| *heard != taken.money);
            if let Some(heard) = heard {
                closed.otherwise += 1;
                // What another currency is worth is not for us to say: such sums are never taken from each other.
                let (kind, theirs) = if heard.currency == taken.money.currency {
                    ("settled-otherwise", Some(taken.money))
                } else {
                    ("settled-in-other-currency", None)
                };
                let payment = payments::attempt(tx, &taken.attempt).await?.map(|attempt| attempt.payment);
                noted(tx, way, day, &taken.attempt, kind, (payment, heard), theirs).await?;
            }
        }
        self.hand_over(tx, way, day, &ours, taken).await?;
        Ok(closed)
    }

    /// The money leaves the provider and is in the bank account of the treasury: what it took less what it gave back.
    async fn hand_over(
        &self,
        tx: &mut Tx,
        way: &str,
        day: Date,
        ours: &[Payment],
        taken: &[Taken],
    ) -> Result<(), PaymentError> {
        let about = format!("close/{way}/{day}");
        // What was handed over for the day before, if it was closed too early.
        let earlier = ledger::about(tx, &about).await.map_err(PaymentError::from)?;
        let mut booked: HashMap<Currency, i64> = HashMap::new();
        for posting in earlier.iter().flat_map(|posted| &posted.transfer.postings) {
            if posting.account.purpose == Purpose::Treasury {
                *booked.entry(posting.account.currency).or_default() += posting.amount;
            }
        }
        // In every currency of which anybody says something.
        let said = ours.iter().map(|payment| payment.amount.currency).chain(taken.iter().map(|t| t.money.currency));
        let currencies: BTreeSet<Currency> = said.chain(booked.keys().copied()).collect();
        for currency in currencies {
            let close = self.sums(tx, way, day, currency, ours, taken);
            let before = booked.get(&currency).copied().unwrap_or_default();
            // A currency of which the provider says nothing any more is closed again: what was booked is taken back.
            if close.ours_number == 0 && close.theirs_number == 0 && close.refunded == 0 && before == 0 {
                continue;
            }
            let money = Money { minor: (close.handed_over - before).abs(), currency };
            let account = (self.way(way)?.account("", currency), Account::new(TREASURY, Purpose::Treasury, currency));
            let (from, to) = if close.handed_over >= before { account } else { (account.1, account.0) };
            if money.minor > 0 {
                let id = format!("{about}/{}/{}", currency.code(), earlier.len() + 1);
                ledger::post(tx, &Transfer::between(id, day, &about, "handed-over", from, to, money)).await?;
            }
            sql::keep(tx, &close).await?;
            tx.record(close.change(day));
        }
        Ok(())
    }

    /// What a close says of one currency.
    fn sums(&self, tx: &Tx, way: &str, day: Date, currency: Currency, ours: &[Payment], taken: &[Taken]) -> DayClose {
        let ours: Vec<i64> =
            ours.iter().filter(|p| p.amount.currency == currency).map(|payment| payment.amount.minor).collect();
        let (took, back): (Vec<&Taken>, Vec<&Taken>) =
            taken.iter().filter(|taken| taken.money.currency == currency).partition(|taken| taken.refund.is_none());
        let sum = |lines: &[&Taken]| lines.iter().fold(0_i64, |sum, taken| sum.saturating_add(taken.money.minor));
        DayClose {
            way: way.to_owned(),
            day: day.to_string(),
            currency,
            ours_number: ours.len() as i64,
            ours: ours.iter().sum(),
            theirs_number: took.len() as i64,
            theirs: sum(&took),
            refunded: sum(&back),
            handed_over: sum(&took) - sum(&back),
            closed: base::stamp(tx.by().at),
            closed_by: tx.by().actor.clone(),
        }
    }

    /// The days that were closed last.
    pub async fn closes(&self, db: &mut Session, limit: i64) -> Result<Vec<DayClose>, PaymentError> {
        Ok(sql::last(db, limit).await?)
    }
}

impl DayClose {
    fn change(&self, day: Date) -> Change {
        let money = |minor| crate::number(Money { minor, currency: self.currency });
        Change {
            source: "close",
            kind: self.way.clone(),
            row: format!("{}/{}/{}", self.way, self.day, self.currency.code()),
            effective: day,
            before: None,
            after: Some(json!({
                "currency": self.currency.code(),
                "ours": money(self.ours),
                "theirs": money(self.theirs),
                "refunded": money(self.refunded),
                "handed_over": money(self.handed_over),
            })),
        }
    }
}

/// Notes a difference that the close of a day has found.
async fn noted(
    tx: &mut Tx,
    way: &str,
    day: Date,
    about: &str,
    kind: &str,
    (payment, ours): (Option<String>, Money),
    theirs: Option<Money>,
) -> Result<(), PaymentError> {
    let found = Difference {
        id: format!("{way}-{day}-{about}-{kind}"),
        found: base::stamp(tx.by().at),
        day: day.to_string(),
        way: way.to_owned(),
        kind: kind.to_owned(),
        payment,
        currency: ours.currency,
        ours: Some(ours.minor),
        theirs: theirs.map(|money| money.minor),
        cleared: None,
        cleared_by: None,
        note: None,
        proposal: None,
    };
    difference::note(tx, &found, day).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cannot_be_read_are_counted() {
        let text =
            "{\"attempt\":\"PY-1\",\"amount\":\"35\",\"currency\":\"JOD\"}\n\n{\"attempt\":\"PY-2\"}\nnonsense\n";
        let (taken, unread) = read_settlement(text);
        assert_eq!(
            taken,
            [Taken { attempt: "PY-1".into(), money: Money { minor: 35_000, currency: Currency::JOD }, refund: None }]
        );
        assert_eq!(unread, 2);
    }
}
