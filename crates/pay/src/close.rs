//! The daily close of a way to pay: what the provider says it took beside what we know, and the hand-over of its money.

use base::{Currency, Money};
use jiff::civil::Date;
use store::Tx;

use crate::{
    Difference, PaymentError, Payments, TREASURY,
    ledger::{self, Account, LedgerError, Purpose, Transfer},
    payment::sql,
};

/// What a provider says it took for an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    pub attempt: String,
    pub money: Money,
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
}

/// Reads the lines of a provider's settlement: a document of JSON each. Lines that cannot be read are counted.
pub fn read_settlement(text: &str) -> (Vec<Taken>, usize) {
    let read = |line: &str| {
        let line: serde_json::Value = serde_json::from_str(line).ok()?;
        let currency = Currency::of(line.get("currency")?.as_str()?)?;
        let money = Money::parse(line.get("amount")?.as_str()?, currency).ok()?;
        Some(Taken { attempt: line.get("attempt")?.as_str()?.to_owned(), money })
    };
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let taken: Vec<Taken> = lines.iter().filter_map(|line| read(line)).collect();
    let unread = lines.len() - taken.len();
    (taken, unread)
}

impl Payments {
    /// Compares the day's payments with what the provider says, notes what it does not know of, and books the money
    /// that it hands over. A day may be closed again: what was noted and booked is not noted and booked twice.
    pub async fn close(&self, tx: &mut Tx, way: &str, day: Date, taken: &[Taken]) -> Result<Closed, PaymentError> {
        let ours: Vec<_> = sql::paid_between(tx, &day.to_string(), &day.to_string(), 1_000_000)
            .await?
            .into_iter()
            .filter(|payment| payment.way.as_deref() == Some(way))
            .collect();
        let mut closed = Closed { theirs: taken.len(), ours: ours.len(), ..Closed::default() };
        for payment in &ours {
            if taken.iter().any(|taken| taken.attempt.starts_with(&payment.id)) {
                continue;
            }
            closed.missing += 1;
            let difference = Difference {
                id: format!("{way}-{day}-{}-missing-there", payment.id),
                found: base::stamp(tx.by().at),
                day: day.to_string(),
                way: way.to_owned(),
                kind: "missing-there".into(),
                payment: Some(payment.id.clone()),
                currency: payment.amount.currency,
                ours: Some(payment.amount.minor),
                theirs: None,
                cleared: None,
                cleared_by: None,
                note: None,
            };
            sql::insert_difference(tx, &difference).await?;
        }
        self.hand_over(tx, way, day, taken).await?;
        Ok(closed)
    }

    /// The money leaves the provider and is in the bank account of the treasury.
    async fn hand_over(&self, tx: &mut Tx, way: &str, day: Date, taken: &[Taken]) -> Result<(), PaymentError> {
        let way = self.way(way)?.clone();
        for currency in Currency::ALL {
            let minor: i64 = taken.iter().filter(|t| t.money.currency == currency).map(|t| t.money.minor).sum();
            if minor == 0 {
                continue;
            }
            let about = format!("close/{}/{day}", way.name());
            // What was handed over for the day before, if it was closed too early.
            let earlier: i64 = ledger::about(tx, &about)
                .await
                .map_err(PaymentError::from)?
                .iter()
                .flat_map(|posted| &posted.transfer.postings)
                .filter(|posting| posting.account.currency == currency && posting.amount > 0)
                .map(|posting| posting.amount)
                .sum();
            if minor <= earlier {
                continue;
            }
            let money = Money { minor: minor - earlier, currency };
            let id = format!("{about}/{}/{minor}", currency.code());
            let (from, to) = (way.account("", currency), Account::new(TREASURY, Purpose::Treasury, currency));
            match ledger::post(tx, &Transfer::between(id, day, &about, "handed-over", from, to, money)).await {
                Ok(()) | Err(LedgerError::Twice(_)) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cannot_be_read_are_counted() {
        let text =
            "{\"attempt\":\"PY-1\",\"amount\":\"35\",\"currency\":\"JOD\"}\n\n{\"attempt\":\"PY-2\"}\nnonsense\n";
        let (taken, unread) = read_settlement(text);
        assert_eq!(taken, [Taken { attempt: "PY-1".into(), money: Money { minor: 35_000, currency: Currency::JOD } }]);
        assert_eq!(unread, 2);
    }
}
