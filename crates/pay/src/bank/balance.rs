//! What the bank says is on an account, held against the entries of its own statement and the statement before.

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, StoreError, Tx};

use super::{Entry, sql};
use crate::{Difference, PaymentError, difference};

/// What a statement says was on its account before and after its entries. Minor units; a debt of the account is below
/// zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BankBalance {
    pub account: String,
    pub currency: Currency,
    /// Where the bank says so.
    pub opening: Option<i64>,
    pub closing: i64,
    /// What the booked entries of the statement come to.
    pub booked: i64,
    /// The day of the closing balance, ISO.
    pub day: String,
}

impl BankBalance {
    /// That a statement told of it.
    fn change(&self, statement: &str, day: Date) -> Change {
        let number = |minor: i64| crate::number(Money { minor, currency: self.currency });
        let after = json!({
            "account": self.account,
            "day": self.day,
            "opening": self.opening.map(number),
            "closing": number(self.closing),
        });
        Change {
            source: "bank-balance",
            kind: self.currency.code().to_owned(),
            row: format!("{}/{statement}", self.account),
            effective: day,
            before: None,
            after: Some(after),
        }
    }
}

/// The balances of one statement while it is read.
#[derive(Default)]
pub(super) struct Reading {
    /// Where the entries of the statement begin.
    start: usize,
    code: String,
    minor: Option<(i64, Currency)>,
    is_debt: bool,
    day: String,
    opening: Vec<(Currency, i64)>,
    closing: Vec<(Currency, i64, String)>,
}

impl Reading {
    /// A statement opens after so many entries.
    pub(super) fn new(start: usize) -> Reading {
        Reading { start, ..Reading::default() }
    }

    /// An element within `Bal` is read. What is in a currency that is not known here is left aside.
    pub(super) fn reads(&mut self, parent: &str, name: &str, text: &str, currency: &str) {
        match (parent, name) {
            ("CdOrPrtry", "Cd") => text.clone_into(&mut self.code),
            ("Bal", "Amt") => {
                let known = Currency::of(currency);
                let money = known.and_then(|currency| Money::parse(text, currency).ok());
                self.minor = money.map(|money| (money.minor, money.currency));
            }
            ("Bal", "CdtDbtInd") => self.is_debt = text == "DBIT",
            ("Dt", "Dt" | "DtTm") | ("Bal", "Dt") if !text.is_empty() => {
                text.get(..10).unwrap_or(text).clone_into(&mut self.day);
            }
            _ => {}
        }
    }

    /// A `Bal` is read: the booked balance before the entries (`OPBD`, or that of the statement before, `PRCD`), the one
    /// after them (`CLBD`), or one of which nothing is asked here, such as what is available.
    pub(super) fn ends(&mut self) {
        let (code, day) = (std::mem::take(&mut self.code), std::mem::take(&mut self.day));
        let is_debt = std::mem::take(&mut self.is_debt);
        let Some((minor, currency)) = self.minor.take() else { return };
        let minor = if is_debt { -minor } else { minor };
        match code.as_str() {
            "OPBD" | "PRCD" => self.opening.push((currency, minor)),
            "CLBD" => self.closing.push((currency, minor, day)),
            _ => {}
        }
    }

    /// The statement is read, with all entries of its file so far.
    pub(super) fn balances(self, account: &str, entries: &[Entry]) -> Vec<BankBalance> {
        let entries = entries.get(self.start..).unwrap_or_default();
        let balance = |(currency, closing, day): (Currency, i64, String)| {
            let own = entries.iter().filter(|entry| entry.is_booked && entry.currency == Some(currency));
            let amounts = own.map(|entry| if entry.is_credit { entry.minor } else { -entry.minor });
            BankBalance {
                account: account.to_owned(),
                currency,
                opening: self.opening.iter().find(|(known, _)| *known == currency).map(|(_, minor)| *minor),
                closing,
                booked: amounts.fold(0, i64::saturating_add),
                day,
            }
        };
        self.closing.into_iter().map(balance).collect()
    }
}

/// Keeps the balances of a statement. Where its entries do not lead from one to the other, or it does not begin where the
/// statement before ended, somebody has to look; how many times that is so.
pub async fn keep_balances(
    tx: &mut Tx,
    statement: &str,
    balances: &[BankBalance],
    day: Date,
) -> Result<usize, PaymentError> {
    let mut found = 0;
    for balance in balances {
        if !sql::insert_balance(tx, statement, balance).await? {
            continue;
        }
        tx.record(balance.change(statement, day));
        let Some(opening) = balance.opening else { continue };
        let before = sql::balance_before(tx, statement, balance).await?;
        let wrong = [
            ("statement-gap", before.unwrap_or(opening), opening),
            ("statement-sum", opening.saturating_add(balance.booked), balance.closing),
        ];
        for (kind, ours, theirs) in wrong.into_iter().filter(|(_, ours, theirs)| ours != theirs) {
            let id = format!("transfer-{statement} · {} · {}-{kind}", balance.account, balance.currency.code());
            let difference = Difference {
                id,
                found: base::stamp(tx.by().at),
                day: day.to_string(),
                way: "transfer".into(),
                kind: kind.into(),
                payment: None,
                currency: balance.currency,
                ours: Some(ours),
                theirs: Some(theirs),
                cleared: None,
                cleared_by: None,
                note: None,
                proposal: None,
            };
            found += usize::from(difference::note(tx, &difference, day).await?);
        }
    }
    Ok(found)
}

/// The last balance that the bank told of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtBank {
    pub account: String,
    pub closing: Money,
    pub day: String,
}

/// The last balance of each account and currency that the bank told.
pub async fn at_bank(db: &mut Session) -> Result<Vec<AtBank>, StoreError> {
    sql::last_balances(db).await
}

#[cfg(test)]
mod tests {
    use store::{By, Store, entries_of, testing::on_each_engine};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn a_balance_follows_from_the_entries_and_from_the_statement_before() {
        on_each_engine("pay_bank_balances", async |database| {
            let store = Store::open(&database, crate::MIGRATIONS, vec![]).await.unwrap();
            let day = jiff::civil::date(2021, 6, 1);
            let keep = async |statement: &'static str, opening: Option<i64>, booked: i64, closing: i64| {
                let (account, currency, day_of) = ("PS1".to_owned(), Currency::JOD, day.to_string());
                let balances = vec![BankBalance { account, currency, opening, closing, booked, day: day_of }];
                let by = By::new("finance", "statement", jiff::Timestamp::UNIX_EPOCH);
                let kept = store.write(by, move |tx| {
                    let balances = balances.clone();
                    Box::pin(async move { keep_balances(tx, statement, &balances, day).await })
                });
                kept.await.unwrap()
            };
            assert_eq!(keep("S1", Some(100), 35, 135).await, 0, "nothing came before the first");
            assert_eq!(keep("S2", None, 5, 140).await, 0, "where the bank does not say, nothing is asked");
            assert_eq!(keep("S3", Some(200), 0, 200).await, 1, "one is missing between");
            assert_eq!(keep("S4", Some(200), 10, 300).await, 1, "an entry is missing");
            assert_eq!(keep("S5", Some(1), 1, 1).await, 2);
            assert_eq!(keep("S5", Some(1), 1, 1).await, 0, "it is known");
            let mut db = store.read().await.unwrap();
            let told = entries_of(&mut db, "bank-balance", "PS1/S4").await.unwrap();
            let [entry] = told.as_slice() else { panic!("{told:?}") };
            assert_eq!((entry.actor.as_str(), entry.kind.as_str()), ("finance", "JOD"));
            assert_eq!(entry.after.as_ref().unwrap()["closing"], 0.3);
        })
        .await
        .unwrap();
    }
}
