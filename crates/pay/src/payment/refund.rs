//! Refunds: asked for by one person, approved by another above a limit, booked when approved, and paid out.

use base::Money;
use jiff::civil::Date;
use store::{Session, Tx};

use super::{Event, Payment, PaymentError, Payments, payments::keep, sql};
use crate::ledger::{self, Account, Purpose, Transfer};

/// Where a refund stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundState {
    /// Waits for a second person.
    Asked,
    /// Booked, and to be paid out.
    Approved,
    Refused,
    /// The money has left.
    Done,
}

impl RefundState {
    pub const ALL: [RefundState; 4] =
        [RefundState::Asked, RefundState::Approved, RefundState::Refused, RefundState::Done];

    pub fn as_str(self) -> &'static str {
        match self {
            RefundState::Asked => "asked",
            RefundState::Approved => "approved",
            RefundState::Refused => "refused",
            RefundState::Done => "done",
        }
    }

    pub fn parse(text: &str) -> Option<RefundState> {
        RefundState::ALL.into_iter().find(|state| state.as_str() == text)
    }
}

/// Money that goes back to a payer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refund {
    /// The payment's reference and a number: `PY-7K3M-9QX4-R1`.
    pub id: String,
    pub payment: String,
    pub entity: String,
    pub amount: Money,
    pub reason: String,
    pub state: RefundState,
    pub asked: String,
    pub asked_by: String,
    pub decided: Option<String>,
    pub decided_by: Option<String>,
}

impl Payments {
    /// Asks for a refund. Up to `alone` minor units it is approved at once; above, somebody else has to.
    pub async fn ask_refund(
        &self,
        tx: &mut Tx,
        id: &str,
        minor: i64,
        reason: &str,
        alone: i64,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let payment = self.get(tx, id).await?;
        // Nobody gets back what a rule let them off.
        let came = payment.way.as_deref().is_some_and(|way| self.way(way).is_ok_and(|way| way.can_be_chosen()));
        if !came || payment.state.after(Event::RefundRest).is_none() {
            return Err(PaymentError::NotRefundable(payment.state));
        }
        if minor <= 0 {
            return Err(PaymentError::NoAmount);
        }
        // What others have asked for and nobody has decided is not there a second time.
        let asked: i64 = sql::refunds_of(tx, id)
            .await?
            .iter()
            .filter(|r| r.state == RefundState::Asked)
            .map(|r| r.amount.minor)
            .sum();
        let left = payment.refundable().minor - asked;
        if minor > left {
            return Err(PaymentError::TooMuch(Money { minor: left, ..payment.amount }));
        }
        let number = sql::refunds_of(tx, id).await?.len() + 1;
        let refund = Refund {
            id: format!("{id}-R{number}"),
            payment: id.to_owned(),
            entity: payment.entity.clone(),
            amount: Money { minor, ..payment.amount },
            reason: reason.chars().take(1000).collect(),
            state: RefundState::Asked,
            asked: base::stamp(tx.by().at),
            asked_by: tx.by().actor.clone(),
            decided: None,
            decided_by: None,
        };
        if !sql::insert_refund(tx, &refund).await? {
            return Err(PaymentError::MovedOn);
        }
        if minor > alone {
            return Ok(refund);
        }
        self.book(tx, refund, &payment, day).await
    }

    /// A second person approves a refund, and it is booked.
    pub async fn approve_refund(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let refund = waiting(tx, id).await?;
        if refund.asked_by == tx.by().actor {
            return Err(PaymentError::SamePerson);
        }
        let payment = self.get(tx, &refund.payment).await?;
        self.book(tx, refund, &payment, day).await
    }

    /// A second person refuses a refund.
    pub async fn refuse_refund(&self, tx: &mut Tx, id: &str) -> Result<Refund, PaymentError> {
        let refund = waiting(tx, id).await?;
        if refund.asked_by == tx.by().actor {
            return Err(PaymentError::SamePerson);
        }
        decide(tx, refund, RefundState::Refused).await
    }

    async fn book(&self, tx: &mut Tx, refund: Refund, payment: &Payment, day: Date) -> Result<Refund, PaymentError> {
        let event = if refund.amount == payment.refundable() { Event::RefundRest } else { Event::RefundPart };
        let state = payment.state.after(event).ok_or(PaymentError::NotRefundable(payment.state))?;
        let from = Account::new(super::TREASURY, Purpose::RefundsDue, refund.amount.currency);
        let to = Account::new(&payment.entity, Purpose::Fees, refund.amount.currency);
        let id = format!("{}-booked", refund.id);
        ledger::post(tx, &Transfer::between(id, day, &payment.id, "refund-booked", from, to, refund.amount)).await?;
        let minor = payment.refunded.minor + refund.amount.minor;
        let refunded = Payment { state, refunded: Money { minor, ..payment.amount }, ..payment.clone() };
        keep(tx, payment, refunded, day).await?;
        decide(tx, refund, RefundState::Approved).await
    }

    /// The money of an approved refund has left by the way it came, or by the bank where that way cannot give it back.
    pub async fn refund_done(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let refund = sql::refund(tx, id).await?.filter(|refund| refund.state == RefundState::Approved);
        let refund = refund.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))?;
        let payment = self.get(tx, &refund.payment).await?;
        let way = self.way(payment.way.as_deref().unwrap_or(""))?;
        let currency = refund.amount.currency;
        let from = if way.pays_back() {
            way.account("", currency)
        } else {
            Account::new(super::TREASURY, Purpose::Treasury, currency)
        };
        let to = Account::new(super::TREASURY, Purpose::RefundsDue, currency);
        let transfer =
            Transfer::between(format!("{id}-left"), day, &payment.id, "refund-left", from, to, refund.amount);
        ledger::post(tx, &transfer).await?;
        decide(tx, refund, RefundState::Done).await
    }

    /// The refunds of a payment, oldest first.
    pub async fn refunds_of(&self, db: &mut Session, payment: &str) -> Result<Vec<Refund>, PaymentError> {
        Ok(sql::refunds_of(db, payment).await?)
    }

    /// Refunds in a state, oldest first.
    pub async fn refunds(&self, db: &mut Session, state: RefundState, limit: i64) -> Result<Vec<Refund>, PaymentError> {
        Ok(sql::refunds_in(db, state, limit).await?)
    }
}

async fn waiting(tx: &mut Tx, id: &str) -> Result<Refund, PaymentError> {
    let refund = sql::refund(tx, id).await?.filter(|refund| refund.state == RefundState::Asked);
    refund.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))
}

async fn decide(tx: &mut Tx, mut refund: Refund, state: RefundState) -> Result<Refund, PaymentError> {
    refund.decided = Some(base::stamp(tx.by().at));
    // Who approved it stays written when the money leaves.
    if state != RefundState::Done {
        refund.decided_by = Some(tx.by().actor.clone());
    }
    if !sql::update_refund(tx, &refund, state).await? {
        return Err(PaymentError::MovedOn);
    }
    refund.state = state;
    Ok(refund)
}
