//! Proposals and what becomes of them in the ledger.

use std::{collections::BTreeMap, fmt};

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::json;
use store::{Change, Session, StoreError, Tx};

use super::sql;
use crate::{
    ledger::{self, Account, LedgerError, Purpose, Transfer},
    persons::{OwnHand, Part, TwoPersons},
};

/// A line of the budget of a plan: an intervention, a year, a source.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Line {
    pub intervention: String,
    pub year: i16,
    pub source: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.intervention, self.year, self.source)
    }
}

impl Line {
    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Line> {
        let mut parts = text.split('/');
        let line = Line {
            intervention: parts.next()?.to_owned(),
            year: parts.next()?.parse().ok()?,
            source: parts.next()?.to_owned(),
        };
        parts.next().is_none().then_some(line)
    }
}

/// What is to happen to a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BudgetKind {
    /// Money is promised to a supplier.
    Commit,
    /// What was promised is paid.
    Spend,
    /// A promise is taken back.
    Release,
    /// Money goes to another line.
    Reallocate,
}

impl BudgetKind {
    pub const ALL: [BudgetKind; 4] =
        [BudgetKind::Commit, BudgetKind::Spend, BudgetKind::Release, BudgetKind::Reallocate];

    pub fn as_str(self) -> &'static str {
        match self {
            BudgetKind::Commit => "commit",
            BudgetKind::Spend => "spend",
            BudgetKind::Release => "release",
            BudgetKind::Reallocate => "reallocate",
        }
    }

    pub fn parse(text: &str) -> Option<BudgetKind> {
        BudgetKind::ALL.into_iter().find(|kind| kind.as_str() == text)
    }

    /// From which account of which line to which.
    fn accounts(self) -> (Purpose, Purpose) {
        match self {
            BudgetKind::Commit => (Purpose::Available, Purpose::Committed),
            BudgetKind::Spend => (Purpose::Committed, Purpose::Spent),
            BudgetKind::Release => (Purpose::Committed, Purpose::Available),
            BudgetKind::Reallocate => (Purpose::Available, Purpose::Available),
        }
    }
}

/// A change to be proposed.
#[derive(Debug, Clone)]
pub struct NewBudgetChange {
    /// Names it for ever; the edge draws it.
    pub id: String,
    pub kind: BudgetKind,
    pub plan: String,
    pub line: Line,
    /// The line that money goes to, where it is reallocated.
    pub to: Option<Line>,
    pub money: Money,
    pub reason: String,
}

/// A change that was proposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BudgetChange {
    pub id: String,
    pub kind: BudgetKind,
    pub plan: String,
    pub line: Line,
    pub to: Option<Line>,
    pub money: Money,
    pub reason: String,
    /// `asked`, `approved`, `refused`.
    pub state: String,
    pub asked: String,
    pub asked_by: String,
    pub decided_by: Option<String>,
}

/// What a line was granted and what became of it, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spending {
    pub available: i64,
    pub committed: i64,
    pub spent: i64,
}

impl Spending {
    /// What the line has now, after reallocations.
    pub fn granted(&self) -> i64 {
        self.available + self.committed + self.spent
    }

    pub fn plus(self, other: Spending) -> Spending {
        Spending {
            available: self.available + other.available,
            committed: self.committed + other.committed,
            spent: self.spent + other.spent,
        }
    }
}

/// Why a change to the budget is refused.
#[derive(Debug, thiserror::Error)]
pub enum BudgetError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("there is no change «{0}» that waits")]
    NoChange(String),
    #[error("there is a change «{0}» already")]
    Twice(String),
    #[error("an amount above zero is needed")]
    NoAmount,
    #[error("money is reallocated from one line to another line")]
    NoLine,
    /// What of the line is left for this.
    #[error("the line has only {0} for this")]
    NotEnough(Money),
    #[error(transparent)]
    SamePerson(#[from] OwnHand),
    #[error("somebody has to say why")]
    NoReason,
}

fn account(plan: &str, purpose: Purpose, line: &Line, currency: Currency) -> Account {
    Account::of(plan, purpose, &line.to_string(), currency)
}

/// Grants a line what the plan says, once, however often it is asked.
pub async fn grant(tx: &mut Tx, plan: &str, line: &Line, money: Money, day: Date) -> Result<(), BudgetError> {
    let from = account(plan, Purpose::Appropriation, line, money.currency);
    let to = account(plan, Purpose::Available, line, money.currency);
    let id = format!("budget/{plan}/{line}");
    match ledger::post(tx, &Transfer::between(id, day, plan, "budget-granted", from, to, money)).await {
        Ok(()) | Err(LedgerError::Twice(_)) => Ok(()),
        Err(other) => Err(other.into()),
    }
}

/// What became of every line of a plan.
pub async fn spending(db: &mut Session, plan: &str) -> Result<BTreeMap<Line, Spending>, BudgetError> {
    let mut lines: BTreeMap<Line, Spending> = BTreeMap::new();
    for balance in ledger::balances(db, Some(plan)).await? {
        let Some(line) = Line::parse(&balance.account.detail) else { continue };
        let spending = lines.entry(line).or_default();
        match balance.account.purpose {
            Purpose::Available => spending.available += balance.minor,
            Purpose::Committed => spending.committed += balance.minor,
            Purpose::Spent => spending.spent += balance.minor,
            _ => {}
        }
    }
    Ok(lines)
}

impl BudgetChange {
    /// Proposes a change. Nothing moves until somebody else approves it.
    pub async fn propose(tx: &mut Tx, new: NewBudgetChange, day: Date) -> Result<BudgetChange, BudgetError> {
        if new.money.minor <= 0 {
            return Err(BudgetError::NoAmount);
        }
        if (new.kind == BudgetKind::Reallocate) != new.to.is_some() || new.to.as_ref() == Some(&new.line) {
            return Err(BudgetError::NoLine);
        }
        let reason: String = new.reason.trim().chars().take(1000).collect();
        if reason.is_empty() {
            return Err(BudgetError::NoReason);
        }
        // Money goes to no line that the plan does not have.
        let granted = spending(tx, &new.plan).await?;
        if !granted.contains_key(&new.line) || new.to.as_ref().is_some_and(|to| !granted.contains_key(to)) {
            return Err(BudgetError::NoLine);
        }
        let change = BudgetChange {
            id: new.id,
            kind: new.kind,
            plan: new.plan,
            line: new.line,
            to: new.to,
            money: new.money,
            reason,
            state: "asked".into(),
            asked: base::stamp(tx.by().at),
            asked_by: tx.by().actor.clone(),
            decided_by: None,
        };
        change.is_enough(tx).await?;
        if !sql::insert(tx, &change).await? {
            return Err(BudgetError::Twice(change.id));
        }
        change.second_person().note(tx, Part::Asked).await?;
        tx.record(change.journal(None, day));
        Ok(change)
    }

    /// Nobody decides what they have proposed themselves.
    pub fn second_person(&self) -> TwoPersons {
        TwoPersons::about("budget", &self.id)
    }

    /// A second person approves the change, which then moves the money, or refuses it.
    pub async fn decide(tx: &mut Tx, id: &str, approve: bool, day: Date) -> Result<BudgetChange, BudgetError> {
        let before = sql::get(tx, id).await?.filter(|change| change.state == "asked");
        let before = before.ok_or_else(|| BudgetError::NoChange(id.to_owned()))?;
        before.second_person().approve::<BudgetError>(tx).await?;
        let mut change = before.clone();
        change.state = if approve { "approved" } else { "refused" }.into();
        change.decided_by = Some(tx.by().actor.clone());
        if approve {
            before.is_enough(tx).await?;
            let (from, to) = before.accounts();
            let name = format!("budget/{id}");
            let memo = format!("budget-{}", before.kind.as_str());
            ledger::post(tx, &Transfer::between(name, day, &before.plan, &memo, from, to, before.money)).await?;
        }
        if !sql::decide(tx, &change).await? {
            return Err(BudgetError::NoChange(id.to_owned()));
        }
        tx.record(change.journal(Some(&before), day));
        Ok(change)
    }

    /// Changes that nobody has decided, the oldest first.
    pub async fn waiting(db: &mut Session, limit: i64) -> Result<Vec<BudgetChange>, BudgetError> {
        Ok(sql::waiting(db, limit).await?)
    }

    /// How many there are of them.
    pub async fn count_waiting(db: &mut Session) -> Result<i64, BudgetError> {
        Ok(sql::count_waiting(db).await?)
    }

    /// What was decided on a line, the last first.
    pub async fn of_line(
        db: &mut Session,
        plan: &str,
        line: &Line,
        limit: i64,
    ) -> Result<Vec<BudgetChange>, BudgetError> {
        Ok(sql::of_line(db, plan, &line.to_string(), limit).await?)
    }

    fn accounts(&self) -> (Account, Account) {
        let (from, to) = self.kind.accounts();
        let target = self.to.as_ref().unwrap_or(&self.line);
        let currency = self.money.currency;
        (account(&self.plan, from, &self.line, currency), account(&self.plan, to, target, currency))
    }

    async fn is_enough(&self, db: &mut Session) -> Result<(), BudgetError> {
        let left = ledger::balance(db, &self.accounts().0).await?;
        if left.free() < self.money.minor {
            return Err(BudgetError::NotEnough(Money { minor: left.free(), ..self.money }));
        }
        Ok(())
    }

    fn document(&self) -> serde_json::Value {
        json!({
            "kind": self.kind.as_str(),
            "plan": self.plan,
            "line": self.line.to_string(),
            "to": self.to.as_ref().map(Line::to_string),
            "amount": crate::number(self.money),
            "currency": self.money.currency.code(),
            "reason": self.reason,
            "state": self.state,
        })
    }

    fn journal(&self, before: Option<&BudgetChange>, day: Date) -> Change {
        Change {
            source: "budget",
            kind: self.plan.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(BudgetChange::document),
            after: Some(self.document()),
        }
    }
}
