//! What agents have taken in cash and hand in: held on their till until the finance desk has counted it.

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, Session, Tx};

use crate::{
    PaymentError, Payments, TREASURY,
    ledger::{self, Account, Purpose, Transfer},
    payment::sql,
    persons::{Part, TwoPersons},
};

/// Cash that an agent has handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settlement {
    pub id: String,
    pub agent: String,
    pub day: String,
    pub money: Money,
    /// `asked`, `counted`, `refused`.
    pub state: String,
    pub asked: String,
    pub decided: Option<String>,
    pub decided_by: Option<String>,
}

/// So many slips of a day are shown to an agent at most.
pub const TAKINGS_MAX: i64 = 500;

/// A fee that an agent has taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taking {
    pub payment: String,
    pub recorded: String,
    pub money: Money,
}

impl Settlement {
    /// Nobody counts what they have handed in themselves.
    pub fn second_person(&self) -> TwoPersons {
        TwoPersons::about("settlement", &self.id)
    }

    fn document(&self) -> Json {
        json!({
            "agent": self.agent,
            "amount": crate::number(self.money),
            "currency": self.money.currency.code(),
            "state": self.state,
            "decided_by": self.decided_by,
        })
    }

    fn change(&self, before: Option<&Settlement>, day: Date) -> Change {
        Change {
            source: "till",
            kind: self.agent.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(Settlement::document),
            after: Some(self.document()),
        }
    }
}

fn till(agent: &str, currency: Currency) -> Account {
    Account::of(TREASURY, Purpose::Till, agent, currency)
}

impl Payments {
    /// What is in the till of an agent, by currency, and what of it was handed in and is not counted.
    pub async fn till(&self, db: &mut Session, agent: &str) -> Result<Vec<ledger::Balance>, PaymentError> {
        let mut held = ledger::balances_of(db, TREASURY, Purpose::Till, agent).await?;
        held.retain(|balance| balance.minor != 0 || balance.held != 0);
        Ok(held)
    }

    /// An agent hands in cash; it stays on the till until it is counted.
    pub async fn hand_in(&self, tx: &mut Tx, money: Money, day: Date) -> Result<Settlement, PaymentError> {
        let agent = tx.by().actor.clone();
        let asked = base::stamp(tx.by().at);
        let id = format!("till/{agent}/{asked}/{}", money.currency.code());
        ledger::hold(tx, &id, &till(&agent, money.currency), money.minor).await?;
        let settlement = Settlement {
            id,
            agent,
            day: day.to_string(),
            money,
            state: "asked".into(),
            asked,
            decided: None,
            decided_by: None,
        };
        sql::insert_settlement(tx, &settlement).await?;
        settlement.second_person().note(tx, Part::Asked).await?;
        tx.record(settlement.change(None, day));
        Ok(settlement)
    }

    /// The finance desk has counted what was handed in, or sends it back.
    pub async fn decide_hand_in(
        &self,
        tx: &mut Tx,
        id: &str,
        counted: bool,
        day: Date,
    ) -> Result<Settlement, PaymentError> {
        let state = if counted { "counted" } else { "refused" };
        let found = sql::settlement(tx, id).await?.filter(|settlement| settlement.state == "asked");
        let before = found.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))?;
        let mut settlement = before.clone();
        settlement.second_person().approve::<PaymentError>(tx).await?;
        ledger::release(tx, id).await?;
        if counted {
            let currency = settlement.money.currency;
            let to = Account::new(TREASURY, Purpose::Treasury, currency);
            let from = till(&settlement.agent, currency);
            ledger::post(
                tx,
                &Transfer::between(id.to_owned(), day, &settlement.agent, "till-counted", from, to, settlement.money),
            )
            .await?;
        }
        sql::decide_settlement(tx, id, state).await?;
        settlement.state = state.into();
        settlement.decided = Some(base::stamp(tx.by().at));
        settlement.decided_by = Some(tx.by().actor.clone());
        tx.record(settlement.change(Some(&before), day));
        Ok(settlement)
    }

    /// What agents have handed in and nobody has counted, the oldest first.
    pub async fn handed_in(&self, db: &mut Session, limit: i64) -> Result<Vec<Settlement>, PaymentError> {
        Ok(sql::settlements(db, limit).await?)
    }

    /// How many there are of them.
    pub async fn handed_in_count(&self, db: &mut Session) -> Result<i64, PaymentError> {
        Ok(sql::count_settlements(db).await?)
    }

    /// What an agent has handed in so far, the last first.
    pub async fn handed_in_by(
        &self,
        db: &mut Session,
        agent: &str,
        limit: i64,
    ) -> Result<Vec<Settlement>, PaymentError> {
        Ok(sql::settlements_of(db, agent, limit).await?)
    }

    /// The fees that an agent has taken on a day, the last first, at most [`TAKINGS_MAX`] in each currency; what all of them
    /// come to says [`Payments::taken`].
    pub async fn takings(&self, db: &mut Session, agent: &str, day: Date) -> Result<Vec<Taking>, PaymentError> {
        let mut takings = Vec::new();
        for balance in ledger::balances_of(db, TREASURY, Purpose::Till, agent).await? {
            let (account, currency) = (balance.account.clone(), balance.account.currency);
            let posted = ledger::statement_of_day(db, &account, day, TAKINGS_MAX).await?;
            takings.extend(posted.into_iter().filter_map(|posted| {
                let minor = posted.transfer.postings.iter().find(|p| p.account == account && p.amount > 0)?.amount;
                let money = Money { minor, currency };
                Some(Taking { payment: posted.transfer.about, recorded: posted.recorded, money })
            }));
        }
        takings.sort_by(|a, b| b.recorded.cmp(&a.recorded));
        Ok(takings)
    }

    /// What an agent has taken on a day, by currency, and in how many slips.
    pub async fn taken(&self, db: &mut Session, agent: &str, day: Date) -> Result<Vec<(Money, i64)>, PaymentError> {
        let mut taken = Vec::new();
        for balance in ledger::balances_of(db, TREASURY, Purpose::Till, agent).await? {
            let currency = balance.account.currency;
            let (minor, slips) = ledger::sql::debits_of_day(db, &balance.account.id(), day).await?;
            if slips > 0 {
                taken.push((Money { minor, currency }, slips));
            }
        }
        Ok(taken)
    }
}
