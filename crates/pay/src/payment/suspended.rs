//! Money that waits in suspense: taken for the payment that it was meant for, or sent back.

use base::Money;
use jiff::civil::Date;
use store::Tx;

use super::{Difference, Event, Payment, PaymentError, Payments, Refund, RefundState, State, payments::keep, sql};
use crate::ledger::{self, Account, Purpose, Transfer};

impl Payments {
    /// Takes money that came without a word, or with a wrong one, for the payment that it was meant for.
    pub async fn assign(&self, tx: &mut Tx, difference: &str, id: &str, day: Date) -> Result<Payment, PaymentError> {
        let waiting = waiting(tx, difference).await?;
        let before = self.get(tx, id).await?;
        before.state.after(Event::Succeed).ok_or(PaymentError::NotPayable(before.state))?;
        if waiting.theirs != Some(before.amount.minor) || waiting.currency != before.amount.currency {
            return Err(PaymentError::OtherAmount(before.amount));
        }
        let mut payment = before.clone();
        payment.state = State::Paid;
        payment.way = Some(waiting.way.clone());
        payment.paid = Some(day.to_string());
        payment.receipt = Some(sql::next_receipt(tx, &payment.entity, day).await?);
        let from = Account::new(&payment.entity, Purpose::Fees, payment.amount.currency);
        let to = Account::new(super::TREASURY, Purpose::Suspense, payment.amount.currency);
        let name = format!("{}-paid", payment.id);
        ledger::post(tx, &Transfer::between(name, day, &payment.id, "fee-paid", from, to, payment.amount)).await?;
        sql::clear_difference(tx, difference, id).await?;
        keep(tx, &before, payment, day).await
    }

    /// Sends money back that came twice or in another amount.
    pub async fn send_back(&self, tx: &mut Tx, difference: &str, day: Date) -> Result<Refund, PaymentError> {
        let waiting = waiting(tx, difference).await?;
        let id = waiting.payment.clone().ok_or_else(|| PaymentError::NoPayment(difference.to_owned()))?;
        let payment = self.get(tx, &id).await?;
        let minor = waiting.theirs.filter(|minor| *minor > 0).ok_or(PaymentError::NoAmount)?;
        let amount = Money { minor, currency: waiting.currency };
        let number = sql::refunds_of(tx, &id).await?.len() + 1;
        let refund = Refund {
            id: format!("{id}-R{number}"),
            payment: id.clone(),
            entity: payment.entity,
            amount,
            reason: waiting.kind.clone(),
            state: RefundState::Approved,
            asked: base::stamp(tx.by().at),
            asked_by: tx.by().actor.clone(),
            decided: None,
            decided_by: None,
        };
        let from = Account::new(super::TREASURY, Purpose::RefundsDue, amount.currency);
        let to = Account::new(super::TREASURY, Purpose::Suspense, amount.currency);
        let name = format!("{}-booked", refund.id);
        ledger::post(tx, &Transfer::between(name, day, &id, "sent-back", from, to, amount)).await?;
        if !sql::insert_refund(tx, &refund).await? {
            return Err(PaymentError::MovedOn);
        }
        sql::clear_difference(tx, difference, &refund.id).await?;
        Ok(refund)
    }
}

async fn waiting(tx: &mut Tx, difference: &str) -> Result<Difference, PaymentError> {
    let found = sql::difference(tx, difference).await?;
    found.ok_or_else(|| PaymentError::NoDifference(difference.to_owned()))
}
