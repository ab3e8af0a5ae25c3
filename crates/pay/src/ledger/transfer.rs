//! Transfers: two or more postings that sum to zero in each currency. They never change; a mistake is reversed.

use base::Money;
use jiff::civil::Date;

use super::Account;

/// The largest posting, in minor units: a thousand billion major units with three decimals.
pub const POSTING_MAX: i64 = 1_000_000_000_000_000;
/// How many postings a transfer has at most.
pub const POSTINGS_MAX: usize = 500;

/// A line of a transfer, in minor units: debits are positive, credits negative.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    pub amount: i64,
}

impl Posting {
    pub fn debit(account: Account, minor: i64) -> Posting {
        Posting { account, amount: minor }
    }

    pub fn credit(account: Account, minor: i64) -> Posting {
        Posting { account, amount: -minor }
    }
}

/// A transfer to be posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Names it for ever. Whoever posts chooses it so that the same business has the same name.
    pub id: String,
    /// The day on which it counts.
    pub day: Date,
    /// What it is about: the key of a payment, of a loan, of a line of the budget.
    pub about: String,
    /// What happened, as a name that pages translate: `fee-paid`, `refunded` …
    pub memo: String,
    pub postings: Vec<Posting>,
}

impl Transfer {
    /// Money that goes from one account to another: a credit there, a debit here.
    pub fn between(
        id: String,
        day: Date,
        about: &str,
        memo: &str,
        from: Account,
        to: Account,
        money: Money,
    ) -> Transfer {
        Transfer {
            id,
            day,
            about: about.to_owned(),
            memo: memo.to_owned(),
            postings: vec![Posting::debit(to, money.minor), Posting::credit(from, money.minor)],
        }
    }

    /// Why it cannot be posted, whatever the accounts hold.
    pub(crate) fn check(&self) -> Result<(), super::LedgerError> {
        use super::LedgerError;
        if self.postings.len() < 2 || self.postings.len() > POSTINGS_MAX {
            return Err(LedgerError::Lines(self.postings.len()));
        }
        let mut sums: Vec<(base::Currency, i128)> = Vec::new();
        for posting in &self.postings {
            if posting.amount == 0 || posting.amount.unsigned_abs() > POSTING_MAX.unsigned_abs() {
                return Err(LedgerError::Amount(posting.amount));
            }
            let currency = posting.account.currency;
            match sums.iter_mut().find(|(c, _)| *c == currency) {
                Some((_, sum)) => *sum += i128::from(posting.amount),
                None => sums.push((currency, i128::from(posting.amount))),
            }
        }
        match sums.into_iter().find(|(_, sum)| *sum != 0) {
            Some((currency, sum)) => Err(LedgerError::Unbalanced { currency: currency.code().to_owned(), sum }),
            None => Ok(()),
        }
    }
}

/// A transfer as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posted {
    pub transfer: Transfer,
    pub recorded: String,
    pub actor: String,
    /// The transfer that this one takes back.
    pub reverses: Option<String>,
}
