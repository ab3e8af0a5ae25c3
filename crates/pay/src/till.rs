//! What agents have taken in cash and hand in: held on their till until the finance desk has counted it.

use base::{Currency, Money};
use jiff::civil::Date;
use store::{Session, Tx};

use crate::{
    PaymentError, Payments, TREASURY,
    ledger::{self, Account, Purpose, Transfer},
    payment::sql,
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
    pub decided_by: Option<String>,
}

fn till(agent: &str, currency: Currency) -> Account {
    Account::of(TREASURY, Purpose::Till, agent, currency)
}

impl Payments {
    /// What is in the till of an agent, by currency, and what of it was handed in and is not counted.
    pub async fn till(&self, db: &mut Session, agent: &str) -> Result<Vec<ledger::Balance>, PaymentError> {
        let mut held = Vec::new();
        for currency in Currency::ALL {
            let balance = ledger::balance(db, &till(agent, currency)).await?;
            if balance.minor != 0 || balance.held != 0 {
                held.push(balance);
            }
        }
        Ok(held)
    }

    /// An agent hands in cash; it stays on the till until it is counted.
    pub async fn hand_in(&self, tx: &mut Tx, money: Money, day: Date) -> Result<Settlement, PaymentError> {
        let agent = tx.by().actor.clone();
        let asked = base::stamp(tx.by().at);
        let id = format!("till/{agent}/{asked}/{}", money.currency.code());
        ledger::hold(tx, &id, &till(&agent, money.currency), money.minor).await?;
        let settlement =
            Settlement { id, agent, day: day.to_string(), money, state: "asked".into(), asked, decided_by: None };
        sql::insert_settlement(tx, &settlement).await?;
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
        let mut settlement = found.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))?;
        if settlement.agent == tx.by().actor {
            return Err(PaymentError::SamePerson);
        }
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
        Ok(settlement)
    }

    /// What agents have handed in and nobody has counted, the oldest first.
    pub async fn handed_in(&self, db: &mut Session, limit: i64) -> Result<Vec<Settlement>, PaymentError> {
        Ok(sql::settlements(db, limit).await?)
    }
}
