//! The desk of those who look after budgets and loans: each piece of work in a transaction of its own.

use std::collections::BTreeMap;

use base::Money;
use futures::future::BoxFuture;
use jiff::civil::Date;
use store::{By, Store, StoreError, Tx};

use crate::{
    budget::{self, BudgetChange, BudgetError, Line, NewBudgetChange, Spending},
    ledger::{self, Posted},
    loan::{self, Ageing, Loan, LoanError, NewLoan, Owed, Proposal, Tranche},
    persons::{self, OwnHand, TwoPersons},
};

/// So many postings of an account of the budget are shown, the last ones.
pub const POSTINGS_SHOWN: i64 = 200;

/// Budgets and loans. Cheap to clone.
#[derive(Clone)]
pub struct Finance {
    store: Store,
}

/// A loan and all that became of it.
#[derive(Debug, Clone)]
pub struct LoanFile {
    pub loan: Loan,
    pub tranches: Vec<Tranche>,
    pub owed: Vec<Owed>,
    pub posted: Vec<Posted>,
}

/// A line of the budget and all that became of it.
#[derive(Debug, Clone)]
pub struct LineFile {
    pub changes: Vec<BudgetChange>,
    pub posted: Vec<Posted>,
}

impl Finance {
    pub fn new(store: Store) -> Finance {
        Finance { store }
    }

    async fn lending<T, F>(&self, by: By, work: F) -> Result<T, LoanError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, LoanError>> + Send + Sync + 'static,
    {
        self.store.write(by, work).await
    }

    /// Grants the lines of a plan what it says; what was granted before stays as it is.
    pub async fn grant(&self, by: By, plan: &str, lines: Vec<(Line, Money)>, day: Date) -> Result<(), BudgetError> {
        let plan = plan.to_owned();
        self.store
            .write(by, move |tx| {
                let (plan, lines) = (plan.clone(), lines.clone());
                Box::pin(async move {
                    for (line, money) in lines.iter().filter(|(_, money)| money.minor > 0) {
                        budget::grant(tx, &plan, line, *money, day).await?;
                    }
                    Ok(())
                })
            })
            .await
    }

    /// What became of every line of a plan.
    pub async fn spending(&self, plan: &str) -> Result<BTreeMap<Line, Spending>, BudgetError> {
        budget::spending(&mut self.store.read().await?, plan).await
    }

    pub async fn propose(&self, by: By, new: NewBudgetChange, day: Date) -> Result<BudgetChange, BudgetError> {
        self.store.write(by, move |tx| Box::pin(BudgetChange::propose(tx, new.clone(), day))).await
    }

    pub async fn decide(&self, by: By, id: &str, approve: bool, day: Date) -> Result<BudgetChange, BudgetError> {
        let id = id.to_owned();
        self.store
            .write(by, move |tx| {
                let id = id.clone();
                Box::pin(async move { BudgetChange::decide(tx, &id, approve, day).await })
            })
            .await
    }

    /// For each thing what keeps a person from being the second one, so that no step is offered that would be refused.
    pub async fn barred(&self, person: &str, rules: &[TwoPersons]) -> Result<Vec<Option<OwnHand>>, StoreError> {
        persons::barred(&mut self.store.read().await?, person, rules).await
    }

    /// The first changes to the budget that wait for a second person, and how many there are.
    pub async fn changes(&self) -> Result<(Vec<BudgetChange>, i64), BudgetError> {
        let mut db = self.store.read().await?;
        Ok((BudgetChange::waiting(&mut db, 200).await?, BudgetChange::count_waiting(&mut db).await?))
    }

    /// What was decided on a line, and the postings to its accounts, the last [`POSTINGS_SHOWN`] of each.
    pub async fn line(&self, plan: &str, line: &Line, currency: base::Currency) -> Result<LineFile, BudgetError> {
        let mut db = self.store.read().await?;
        let changes = BudgetChange::of_line(&mut db, plan, line, POSTINGS_SHOWN).await?;
        let mut posted: Vec<Posted> = Vec::new();
        for purpose in [ledger::Purpose::Available, ledger::Purpose::Committed] {
            let account = ledger::Account::of(plan, purpose, &line.to_string(), currency);
            for each in ledger::statement(&mut db, &account, POSTINGS_SHOWN).await? {
                if !posted.iter().any(|known| known.transfer.id == each.transfer.id) {
                    posted.push(each);
                }
            }
        }
        posted.sort_by(|a, b| b.recorded.cmp(&a.recorded));
        Ok(LineFile { changes, posted })
    }

    /// Sets money aside for loans; `id` names the occasion.
    pub async fn fund(&self, by: By, lender: &str, money: Money, id: &str, day: Date) -> Result<(), LoanError> {
        let (lender, id) = (lender.to_owned(), id.to_owned());
        self.lending(by, move |tx| {
            let (lender, id) = (lender.clone(), id.clone());
            Box::pin(async move { loan::fund(tx, &lender, money, &id, day).await })
        })
        .await
    }

    pub async fn agree(&self, by: By, new: NewLoan, day: Date) -> Result<Loan, LoanError> {
        self.lending(by, move |tx| Box::pin(Loan::agree(tx, new.clone(), day))).await
    }

    pub async fn pay_out(&self, by: By, id: &str, tranche: i64, day: Date) -> Result<Loan, LoanError> {
        let id = id.to_owned();
        self.lending(by, move |tx| {
            let id = id.clone();
            Box::pin(async move { Loan::pay_out(tx, &id, tranche, day).await })
        })
        .await
    }

    /// A borrower has paid; `receipt` names the payment, so that it counts once.
    pub async fn repay(&self, by: By, id: &str, minor: i64, receipt: &str, day: Date) -> Result<Loan, LoanError> {
        let (id, receipt) = (id.to_owned(), receipt.to_owned());
        self.lending(by, move |tx| {
            let (id, receipt) = (id.clone(), receipt.clone());
            Box::pin(async move { Loan::repay(tx, &id, minor, &receipt, day).await })
        })
        .await
    }

    pub async fn propose_months(&self, by: By, id: &str, new: Proposal, day: Date) -> Result<Loan, LoanError> {
        let id = id.to_owned();
        self.lending(by, move |tx| {
            let id = id.clone();
            Box::pin(async move { Loan::propose_months(tx, &id, new, day).await })
        })
        .await
    }

    pub async fn decide_months(&self, by: By, id: &str, approve: bool, day: Date) -> Result<Loan, LoanError> {
        let id = id.to_owned();
        self.lending(by, move |tx| {
            let id = id.clone();
            Box::pin(async move { Loan::decide_months(tx, &id, approve, day).await })
        })
        .await
    }

    pub async fn propose_write_off(&self, by: By, id: &str, day: Date) -> Result<Loan, LoanError> {
        let id = id.to_owned();
        self.lending(by, move |tx| {
            let id = id.clone();
            Box::pin(async move { Loan::propose_write_off(tx, &id, day).await })
        })
        .await
    }

    pub async fn decide_write_off(&self, by: By, id: &str, approve: bool, day: Date) -> Result<Loan, LoanError> {
        let id = id.to_owned();
        self.lending(by, move |tx| {
            let id = id.clone();
            Box::pin(async move { Loan::decide_write_off(tx, &id, approve, day).await })
        })
        .await
    }

    /// Loans from a place on, the last first, each with what is owed; and how many there are.
    pub async fn loans(&self, skip: i64, limit: i64) -> Result<(Vec<(Loan, Vec<Owed>)>, i64), LoanError> {
        let mut db = self.store.read().await?;
        let mut loans = Vec::new();
        for loan in Loan::all(&mut db, skip, limit).await? {
            let owed = loan.owed(&mut db).await?;
            loans.push((loan, owed));
        }
        Ok((loans, Loan::count(&mut db).await?))
    }

    /// What is overdue of all loans of a currency on a day.
    pub async fn ageing(&self, currency: base::Currency, day: Date) -> Result<Ageing, LoanError> {
        Loan::ageing_of_all(&mut self.store.read().await?, currency, day).await
    }

    pub async fn loan(&self, id: &str) -> Result<Option<LoanFile>, LoanError> {
        let mut db = self.store.read().await?;
        let loan = match Loan::get(&mut db, id).await {
            Ok(loan) => loan,
            Err(LoanError::NoLoan(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        let (tranches, owed) = (loan.tranches(&mut db).await?, loan.owed(&mut db).await?);
        let posted = ledger::about(&mut db, id).await?;
        Ok(Some(LoanFile { loan, tranches, owed, posted }))
    }

    /// What is there for loans, and what of it is promised.
    pub async fn funds(&self, lender: &str, currency: base::Currency) -> Result<ledger::Balance, LoanError> {
        let account = ledger::Account::new(lender, ledger::Purpose::LoanFunds, currency);
        Ok(ledger::balance(&mut self.store.read().await?, &account).await?)
    }
}
