//! The proof that the books balance. From what is kept it is quick, however much was ever posted: what every account holds
//! is what was proved of it before and what was posted since. The whole proof derives everything from the postings again,
//! and finds what was tampered with since it was proved. Either is one statement, so that it sees one moment.

use std::collections::{BTreeMap, BTreeSet};

use base::Currency;
use store::{Session, StoreError, Tx};

use super::{Account, Purpose, sql};
use crate::TREASURY;

/// Where the books do not agree with themselves.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mistake {
    /// The debits of a currency are not its credits.
    Unbalanced { currency: String, sum: i64 },
    /// The kept balance of an account is not the sum of its postings.
    Balance { account: String, kept: i64, posted: i64 },
    /// What was proved of an account is not what its postings give.
    Proved { account: String, proved: i64, posted: i64 },
    /// What is held on an account is not what its open holds give.
    Held { account: String, kept: i64, open: i64 },
    /// What lies in suspense is not what open differences say.
    Suspense { currency: String, kept: i64, open: i64 },
    /// A transfer whose postings do not sum to zero.
    Transfer { transfer: String, currency: String, sum: i64 },
    /// A transfer without postings, postings without their transfer, or on another day than it.
    Broken { transfer: String },
}

/// What a statement of the proof says.
pub(super) enum Fact {
    /// What is kept of an account: its balance and what is held, in minor units.
    Kept {
        account: String,
        currency: String,
        balance: i64,
        held: i64,
    },
    Proved {
        account: String,
        posted: i64,
    },
    /// Postings that are still to be proved.
    Unproved {
        account: String,
        posted: i64,
    },
    /// All postings of an account.
    Posted {
        account: String,
        currency: String,
        posted: i64,
    },
    /// What open holds give.
    Open {
        account: String,
        held: i64,
    },
    /// What open differences say that lies in suspense.
    Suspended {
        currency: String,
        minor: i64,
    },
    /// A transfer that does not sum to zero.
    Wrong {
        transfer: String,
        currency: String,
        sum: i64,
    },
    Broken {
        transfer: String,
    },
}

#[derive(Default)]
struct OfAccount {
    kept: i64,
    held: i64,
    proved: i64,
    unproved: i64,
    posted: i64,
    open: i64,
}

#[derive(Default)]
struct Facts {
    accounts: BTreeMap<String, OfAccount>,
    currencies: BTreeMap<String, i64>,
    suspended: BTreeMap<String, i64>,
    mistakes: BTreeSet<Mistake>,
}

impl Facts {
    fn of(&mut self, account: String) -> &mut OfAccount {
        self.accounts.entry(account).or_default()
    }

    fn take(&mut self, fact: Fact) {
        match fact {
            Fact::Kept { account, currency, balance, held } => {
                *self.currencies.entry(currency).or_default() += balance;
                let of = self.of(account);
                (of.kept, of.held) = (of.kept + balance, of.held + held);
            }
            Fact::Proved { account, posted } => self.of(account).proved += posted,
            Fact::Unproved { account, posted } => self.of(account).unproved += posted,
            Fact::Posted { account, currency, posted } => {
                *self.currencies.entry(currency).or_default() += posted;
                self.of(account).posted += posted;
            }
            Fact::Open { account, held } => self.of(account).open += held,
            Fact::Suspended { currency, minor } => *self.suspended.entry(currency).or_default() += minor,
            Fact::Wrong { transfer, currency, sum } => {
                self.mistakes.insert(Mistake::Transfer { transfer, currency, sum });
            }
            Fact::Broken { transfer } => {
                self.mistakes.insert(Mistake::Broken { transfer });
            }
        }
    }

    /// What is wrong; `whole` where all postings were read.
    fn mistakes(mut self, whole: bool) -> Vec<Mistake> {
        let codes: BTreeSet<String> = self.currencies.keys().chain(self.suspended.keys()).cloned().collect();
        for code in codes {
            let account = Currency::of(&code).map(|currency| Account::new(TREASURY, Purpose::Suspense, currency));
            let kept =
                account.map_or(0, |account| self.accounts.get(&account.id()).map_or(0, |of| account.natural(of.kept)));
            let open = self.suspended.get(&code).copied().unwrap_or_default();
            if kept != open {
                self.mistakes.insert(Mistake::Suspense { currency: code, kept, open });
            }
        }
        for (currency, sum) in self.currencies {
            if sum != 0 {
                self.mistakes.insert(Mistake::Unbalanced { currency, sum });
            }
        }
        for (account, of) in self.accounts {
            let posted = if whole { of.posted } else { of.proved + of.unproved };
            if of.kept != posted {
                self.mistakes.insert(Mistake::Balance { account: account.clone(), kept: of.kept, posted });
            }
            if whole && of.proved + of.unproved != posted {
                let (proved, posted) = (of.proved, posted - of.unproved);
                self.mistakes.insert(Mistake::Proved { account: account.clone(), proved, posted });
            }
            if of.held != of.open {
                self.mistakes.insert(Mistake::Held { account, kept: of.held, open: of.open });
            }
        }
        self.mistakes.into_iter().collect()
    }
}

/// Says where the books do not agree with themselves, from what is kept: balances, what was proved of them, and what was
/// posted since. Nothing means that they balance. It takes as long as there are accounts, not postings; what was changed
/// after it was proved only [`prove_all`] finds.
pub async fn prove(db: &mut Session) -> Result<Vec<Mistake>, StoreError> {
    let mut facts = Facts::default();
    sql::each_kept_fact(db, |fact| facts.take(fact)).await?;
    Ok(facts.mistakes(false))
}

/// Derives everything from the postings and says where what is kept, or what was proved before, differs. It reads all that
/// was ever posted, and is for audits.
pub async fn prove_all(db: &mut Session) -> Result<Vec<Mistake>, StoreError> {
    let mut facts = Facts::default();
    sql::each_fact(db, |fact| facts.take(fact)).await?;
    Ok(facts.mistakes(true))
}

/// Proves some of what was posted since, up to so many transfers: those that sum to zero are added to what is proved.
/// How many were looked at; nothing is left when it is none.
pub async fn prove_on(tx: &mut Tx, transfers: i64) -> Result<u64, StoreError> {
    let Some(last) = sql::last_to_prove(tx, transfers).await? else { return Ok(0) };
    let wrong = sql::mark_wrong(tx, &last).await?;
    sql::add_proved(tx, &last).await?;
    Ok(wrong + sql::forget_unproved(tx, &last).await?)
}
