//! What the bank says is on an account, held against the entries of its own statement and the statement before.

use std::collections::BTreeMap;

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, StoreError, Tx};

use super::{AmountFault, Entry, Head, amount, sql};
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
    /// What those of its first and of its last day come to.
    pub first_net: i64,
    pub last_net: i64,
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

/// So many days of one statement are told apart.
const DAYS_MAX: usize = 4_000;

/// The balances of one statement while it is read.
#[derive(Default)]
pub(super) struct Reading {
    code: String,
    minor: Option<(i64, Currency)>,
    is_debt: bool,
    day: String,
    opening: Vec<(Currency, i64)>,
    closing: Vec<(Currency, i64, String)>,
    /// Those in the middle of a statement that comes in several parts.
    between: Vec<(Currency, i64, String)>,
    /// What was booked, by currency and day.
    booked: BTreeMap<(Currency, String), i64>,
}

impl Reading {
    /// An element within `Bal` is read. What is in a currency that is not known here is left aside.
    pub(super) fn reads(&mut self, parent: &str, name: &str, text: &str, currency: &str) -> Result<(), AmountFault> {
        match (parent, name) {
            ("CdOrPrtry", "Cd") => text.clone_into(&mut self.code),
            ("Bal", "Amt") => {
                let known = Currency::of(currency);
                let minor = amount::minor_of(text, known)?;
                self.minor = known.map(|currency| (minor, currency));
            }
            ("Bal", "CdtDbtInd") => self.is_debt = text == "DBIT",
            ("Dt", "Dt" | "DtTm") | ("Bal", "Dt") if !text.is_empty() => {
                text.get(..10).unwrap_or(text).clone_into(&mut self.day);
            }
            _ => {}
        }
        Ok(())
    }

    /// A `Bal` is read: the booked balance before the entries (`OPBD`, or that of the statement before, `PRCD`), the one
    /// after them (`CLBD`), one between two parts of a statement (`ITBD`), or one of which nothing is asked here, such as
    /// what is available.
    pub(super) fn ends(&mut self) {
        let (code, day) = (std::mem::take(&mut self.code), std::mem::take(&mut self.day));
        let is_debt = std::mem::take(&mut self.is_debt);
        let Some((minor, currency)) = self.minor.take() else { return };
        let minor = if is_debt { -minor } else { minor };
        match code.as_str() {
            "OPBD" | "PRCD" => self.opening.push((currency, minor)),
            "CLBD" => self.closing.push((currency, minor, day)),
            "ITBD" => self.between.push((currency, minor, day)),
            _ => {}
        }
    }

    /// A final entry of the statement is read.
    pub(super) fn books(&mut self, entry: &Entry) {
        let Some(currency) = entry.currency else { return };
        let minor = if entry.is_credit { entry.minor } else { -entry.minor };
        let day = if self.booked.len() < DAYS_MAX { entry.day.clone() } else { String::new() };
        let sum = self.booked.entry((currency, day)).or_default();
        *sum = sum.saturating_add(minor);
    }

    /// The statement is read. The first part of one that comes in several has a balance between in place of its closing
    /// one, the last in place of its opening one, and those in the middle have two.
    pub(super) fn balances(mut self, account: &str) -> Vec<BankBalance> {
        for (currency, minor, day) in std::mem::take(&mut self.between) {
            let begins = self.opening.iter().any(|(known, _)| *known == currency);
            let ends = self.closing.iter().any(|(known, ..)| *known == currency);
            match (begins, ends) {
                (false, _) => self.opening.push((currency, minor)),
                (true, false) => self.closing.push((currency, minor, day)),
                (true, true) => {}
            }
        }
        let balance = |(currency, closing, day): (Currency, i64, String)| {
            let own: Vec<i64> =
                self.booked.iter().filter(|((known, _), _)| *known == currency).map(|(_, minor)| *minor).collect();
            BankBalance {
                account: account.to_owned(),
                currency,
                opening: self.opening.iter().find(|(known, _)| *known == currency).map(|(_, minor)| *minor),
                closing,
                booked: own.iter().copied().fold(0, i64::saturating_add),
                first_net: own.first().copied().unwrap_or_default(),
                last_net: own.last().copied().unwrap_or_default(),
                day,
            }
        };
        self.closing.iter().cloned().map(balance).collect()
    }
}

/// Keeps the balances of a statement. Where its entries do not lead from one to the other, or it does not begin where the
/// statement before ended, somebody has to look; how many times that is so. Exports that overlap are held against what
/// was on the account when they begin, and a statement that comes late closes the gap that it left.
pub async fn keep_balances(tx: &mut Tx, head: &Head, day: Date) -> Result<usize, PaymentError> {
    let mut found = 0;
    for balance in &head.balances {
        let Some(key) = sql::insert_balance(tx, head, balance).await? else { continue };
        tx.record(balance.change(&key, day));
        for gap in difference::sql::gaps_before(tx, &balance.account, balance.currency, balance.closing).await? {
            difference::clear(tx, &gap, &format!("statement {key}"), day).await?;
        }
        let Some(opening) = balance.opening else { continue };
        let before = sql::balance_before(tx, &key, balance).await?.unwrap_or(opening);
        let follows = before == opening || overlaps(tx, head, balance, opening).await?;
        let wrong = [
            ("statement-gap", if follows { opening } else { before }, opening),
            ("statement-sum", opening.saturating_add(balance.booked), balance.closing),
        ];
        for (kind, ours, theirs) in wrong.into_iter().filter(|(_, ours, theirs)| ours != theirs) {
            let id = format!("transfer-{key} · {} · {}-{kind}", balance.account, balance.currency.code());
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

/// Whether a statement begins within, or with, one that is known: at a balance that was on the account then.
async fn overlaps(tx: &mut Tx, head: &Head, balance: &BankBalance, opening: i64) -> Result<bool, StoreError> {
    if head.first_day.is_empty() {
        return Ok(false);
    }
    for known in sql::spans(tx, balance, head).await? {
        // What was on it at the beginning of the day: what it ended with, less what was booked since.
        let since = sql::net_since(tx, balance, &head.first_day, &known.last_day).await?;
        if known.opening == Some(opening) || known.closing - since == opening {
            return Ok(true);
        }
    }
    Ok(false)
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
            let today = jiff::civil::date(2021, 6, 30);
            let keep = async |id: &str, day: &str, opening: Option<i64>, booked: i64, closing: i64| {
                let balance = BankBalance {
                    account: "PS1".into(),
                    currency: Currency::JOD,
                    opening,
                    closing,
                    booked,
                    first_net: booked,
                    last_net: booked,
                    day: day.into(),
                };
                let (first_day, last_day) = (day.to_owned(), day.to_owned());
                let head = Head { id: id.into(), balances: vec![balance], first_day, last_day, ..Head::default() };
                let by = By::new("finance", "statement", jiff::Timestamp::UNIX_EPOCH);
                let kept = store.write(by, move |tx| {
                    let head = head.clone();
                    Box::pin(async move { keep_balances(tx, &head, today).await })
                });
                kept.await.unwrap()
            };
            assert_eq!(keep("S1", "2021-06-01", Some(100), 35, 135).await, 0, "nothing came before the first");
            assert_eq!(
                keep("S2", "2021-06-02", None, 5, 140).await,
                0,
                "where the bank does not say, nothing is asked"
            );
            assert_eq!(keep("S3", "2021-06-04", Some(200), 0, 200).await, 1, "one is missing between");
            assert_eq!(keep("S4", "2021-06-05", Some(200), 10, 300).await, 1, "an entry is missing");
            assert_eq!(keep("S5", "2021-06-06", Some(1), 1, 1).await, 2);
            assert_eq!(keep("S5", "2021-06-06", Some(1), 1, 1).await, 0, "it is known");
            assert_eq!(keep("S5", "2021-06-07", Some(1), 1, 2).await, 0, "a bank that calls all of them the same");
            let mut db = store.read().await.unwrap();
            let gaps = async |db: &mut Session| {
                let open = difference::sql::open(db, 99).await.unwrap();
                open.iter().filter(|open| open.kind == "statement-gap").map(|open| open.id.clone()).collect::<Vec<_>>()
            };
            assert_eq!(gaps(&mut db).await.len(), 2);
            assert_eq!(keep("S2b", "2021-06-03", Some(140), 60, 200).await, 0, "what was missing comes late");
            assert_eq!(gaps(&mut db).await, ["transfer-S5 · PS1 · JOD-statement-gap"]);
            let told = entries_of(&mut db, "bank-balance", "PS1/S4").await.unwrap();
            let [entry] = told.as_slice() else { panic!("{told:?}") };
            assert_eq!((entry.actor.as_str(), entry.kind.as_str()), ("finance", "JOD"));
            assert_eq!(entry.after.as_ref().unwrap()["closing"], 0.3);
        })
        .await
        .unwrap();
    }
}
