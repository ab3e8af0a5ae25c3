//! Refunds: asked for by one person, approved by another above a limit, booked when approved, and paid out.

use base::Money;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, Session, Tx};

use super::{Event, Payment, PaymentError, Payments, payments::keep, sql};
use crate::{
    difference,
    ledger::{self, Account, Purpose, Transfer},
    persons::{Part, TwoPersons},
    way::PayBack,
};

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

/// What somebody proposes about a refund that is approved: a second person decides, and until then it does not leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefundProposal {
    /// Another account to send it to.
    Account(String),
    /// The bank has refused the order, and it is to be ordered again.
    OrderAgain,
}

const ACCOUNT: &str = "account:";
const ORDER_AGAIN: &str = "order-again";

impl std::fmt::Display for RefundProposal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            RefundProposal::Account(iban) => write!(f, "{ACCOUNT}{iban}"),
            RefundProposal::OrderAgain => f.write_str(ORDER_AGAIN),
        }
    }
}

impl RefundProposal {
    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<RefundProposal> {
        match text.strip_prefix(ACCOUNT) {
            Some(iban) => Some(RefundProposal::Account(iban.to_owned())),
            None => (text == ORDER_AGAIN).then_some(RefundProposal::OrderAgain),
        }
    }

    /// The account that is proposed.
    pub fn account(&self) -> Option<&String> {
        match self {
            RefundProposal::Account(iban) => Some(iban),
            RefundProposal::OrderAgain => None,
        }
    }
}

/// Reasons that only rules give, and that pages translate; nobody types them.
const REASONS_OF_RULES: [&str; 10] =
    ["by-rule", "paid-late", "paid-twice", "amount", "unknown", "overpaid", "charges", "several", "uneven", "returned"];
/// Who decides what the definition of a service promises.
const RULE: &str = "rule";
/// For so many days what one person alone has paid back counts towards the limit.
const LIMIT_DAYS: i64 = 365;

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
    /// Who gets it.
    pub payee: String,
    /// The account of whoever paid; empty where the money belongs to no payment.
    pub payer: String,
    /// The account that it goes to, where it does not go back by the way it came.
    pub iban: Option<String>,
    /// The way by which the money came.
    pub way: String,
    /// The attempt by which the money came, as the provider of the way calls it; without one it leaves by the bank.
    pub attempt: Option<String>,
    /// When the provider of that way was told to give it back: from then on it goes no other way.
    pub told: Option<String>,
    /// What waits for a second person.
    pub proposal: Option<RefundProposal>,
    /// The difference whose money it is, where it came out of suspense.
    pub difference: Option<String>,
    /// The order to the bank that it is in.
    pub ordered: Option<String>,
}

/// A refund whose money has left, and the day it was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftRefund {
    pub refund: Refund,
    pub day: String,
}

/// What took the money of a refund to its payer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// The provider of the way by which it came.
    Provider,
    /// A transfer from the account of the treasury.
    Bank,
}

impl Refund {
    fn document(&self) -> Json {
        json!({
            "payment": self.payment,
            "amount": crate::number(self.amount),
            "currency": self.amount.currency.code(),
            "reason": self.reason,
            "state": self.state.as_str(),
            "asked_by": self.asked_by,
            "decided_by": self.decided_by,
            "iban": self.iban,
            "attempt": self.attempt,
            "told": self.told,
            "proposal": self.proposal.as_ref().map(RefundProposal::to_string),
            "difference": self.difference,
            "ordered": self.ordered,
        })
    }

    /// What this is about for the rule of two persons: all that goes back of a payment is one thing.
    pub(crate) fn thing(&self) -> TwoPersons {
        let about = if self.payment.is_empty() {
            TwoPersons::about("refund", &self.id)
        } else {
            TwoPersons::about("payment", &self.payment)
        };
        about.gains(&self.payer)
    }

    /// Whoever asked for money of the same payment to go back, entered the account that it goes to, or gets it, does not
    /// approve it.
    pub fn second_person(&self) -> TwoPersons {
        let proposed = self.proposal.as_ref().and_then(RefundProposal::account);
        self.thing().and(proposed.or(self.iban.as_ref()).map(|iban| TwoPersons::payee(iban)))
    }

    fn change(&self, before: Option<&Refund>, day: Date) -> Change {
        Change {
            source: "refund",
            kind: self.entity.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(Refund::document),
            after: Some(self.document()),
        }
    }

    /// Writes down a refund that is new.
    pub(crate) async fn write(&self, tx: &mut Tx, day: Date) -> Result<(), PaymentError> {
        if !sql::insert_refund(tx, self).await? {
            return Err(PaymentError::MovedOn);
        }
        tx.record(self.change(None, day));
        Ok(())
    }
}

impl Payments {
    /// Asks for a refund. Up to `alone` minor units, with all that went back of the payment before and all that one person
    /// alone has paid back to its payer within a year, it is approved at once; above, somebody else has to.
    pub async fn ask_refund(
        &self,
        tx: &mut Tx,
        id: &str,
        minor: i64,
        reason: &str,
        alone: i64,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let reason: String = reason.trim().chars().take(1000).collect();
        if reason.is_empty() || REASONS_OF_RULES.contains(&reason.as_str()) {
            return Err(PaymentError::NoReason);
        }
        let payment = self.get(tx, id).await?;
        let refund = self.ask(tx, &payment, minor, &reason, day).await?;
        // What this person asked for before is no hindrance here: it counts towards the sum.
        let hand = refund.second_person().hand_of(tx, &refund.asked_by, &[Part::Gains, Part::Entered]).await?;
        let before = self.went_back(tx, &payment, &refund, day).await?;
        if hand.is_some() || minor.saturating_add(before) > alone {
            return Ok(refund);
        }
        let by = refund.asked_by.clone();
        self.book(tx, refund, &payment, &by, day).await
    }

    /// Pays back what is left of a payment, as the definition of its service promises; the rule is the second person.
    pub async fn refund_by_rule(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let payment = self.get(tx, id).await?;
        let refund = match self.ask(tx, &payment, payment.refundable().minor, "by-rule", day).await {
            // A part of it is on its way already, perhaps because the case was in this state before.
            Err(PaymentError::TooMuch(rest)) if rest.minor > 0 => {
                self.ask(tx, &payment, rest.minor, "by-rule", day).await?
            }
            other => other?,
        };
        self.book(tx, refund, &payment, RULE, day).await
    }

    /// Money came for a case that is closed: somebody has to say that it goes back.
    pub async fn ask_for_late(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let payment = self.get(tx, id).await?;
        self.ask(tx, &payment, payment.amount.minor, "paid-late", day).await
    }

    /// What counts towards the limit already: whichever is most of what went back of the payment, and of what one person
    /// alone has paid back to the same payer and to the same account.
    async fn went_back(&self, tx: &mut Tx, payment: &Payment, refund: &Refund, day: Date) -> Result<i64, PaymentError> {
        let since = day.saturating_sub(jiff::Span::new().days(LIMIT_DAYS)).to_string();
        let currency = refund.amount.currency;
        let of_payment = sql::asked_of_payment(tx, &payment.id, currency).await? - refund.amount.minor;
        let of_payer = sql::alone_to_payer(tx, &payment.payer, currency, &since).await?;
        let of_account = match &refund.iban {
            Some(iban) => sql::alone_to_account(tx, iban, currency, &since).await?,
            None => 0,
        };
        Ok(of_payment.max(of_payer).max(of_account))
    }

    async fn ask(
        &self,
        tx: &mut Tx,
        payment: &Payment,
        minor: i64,
        reason: &str,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        // Nobody gets back what a rule let them off.
        let came = payment.way.as_deref().is_some_and(|way| self.way(way).is_ok_and(|way| way.can_be_chosen()));
        if !came || payment.state.after(Event::RefundRest).is_none() {
            return Err(PaymentError::NotRefundable(payment.state));
        }
        if minor <= 0 {
            return Err(PaymentError::NoAmount);
        }
        let others = sql::refunds_of(tx, &payment.id).await?;
        // What others have asked for and nobody has decided is not there a second time.
        let asked: i64 = others.iter().filter(|r| r.state == RefundState::Asked).map(|r| r.amount.minor).sum();
        let left = payment.refundable().minor - asked;
        if minor > left {
            return Err(PaymentError::TooMuch(Money { minor: left, ..payment.amount }));
        }
        let refund = Refund {
            id: format!("{}-R{}", payment.id, others.len() + 1),
            payment: payment.id.clone(),
            entity: payment.entity.clone(),
            amount: Money { minor, ..payment.amount },
            reason: reason.to_owned(),
            state: RefundState::Asked,
            asked: base::stamp(tx.by().at),
            asked_by: tx.by().actor.clone(),
            decided: None,
            decided_by: None,
            payee: payment.payer_name.clone(),
            payer: payment.payer.clone(),
            // Whoever has paid by transfer gets it back on the account that it came from.
            iban: crate::bank::sql::account_of_payer(tx, &payment.id).await?,
            way: payment.way.clone().unwrap_or_default(),
            attempt: self.attempt_back(attempt_that_paid(tx, payment).await?, payment.way.as_deref()),
            told: None,
            proposal: None,
            difference: None,
            ordered: None,
        };
        refund.write(tx, day).await?;
        refund.thing().note(tx, Part::Asked).await?;
        Ok(refund)
    }

    /// A second person approves a refund, and it is booked.
    pub async fn approve_refund(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let refund = waiting(tx, id).await?;
        refund.second_person().approve::<PaymentError>(tx).await?;
        let payment = self.get(tx, &refund.payment).await?;
        let by = tx.by().actor.clone();
        self.book(tx, refund, &payment, &by, day).await
    }

    /// A second person refuses a refund.
    pub async fn refuse_refund(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let refund = waiting(tx, id).await?;
        refund.second_person().approve::<PaymentError>(tx).await?;
        let by = tx.by().actor.clone();
        decide(tx, refund, RefundState::Refused, &by, day).await
    }

    async fn book(
        &self,
        tx: &mut Tx,
        refund: Refund,
        payment: &Payment,
        by: &str,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let event = if refund.amount == payment.refundable() { Event::RefundRest } else { Event::RefundPart };
        let state = payment.state.after(event).ok_or(PaymentError::NotRefundable(payment.state))?;
        let from = Account::new(super::TREASURY, Purpose::RefundsDue, refund.amount.currency);
        let to = Account::new(&payment.entity, Purpose::Fees, refund.amount.currency);
        let id = format!("{}-booked", refund.id);
        ledger::post(tx, &Transfer::between(id, day, &payment.id, "refund-booked", from, to, refund.amount)).await?;
        let minor = payment.refunded.minor + refund.amount.minor;
        let refunded = Payment { state, refunded: Money { minor, ..payment.amount }, ..payment.clone() };
        keep(tx, payment, refunded, day).await?;
        decide(tx, refund, RefundState::Approved, by, day).await
    }

    /// Proposes the account to which a refund is to go that is approved and has not left; a second person decides on it.
    /// One that a provider was told to give back may have left already, even if its answer was lost.
    pub async fn refund_to(&self, tx: &mut Tx, id: &str, iban: &str, day: Date) -> Result<Refund, PaymentError> {
        let before = self.approved(tx, id).await?;
        may_change(&before)?;
        let iban = crate::bank::iban(iban).ok_or_else(|| PaymentError::NoIban(iban.to_owned()))?;
        // Nobody names their own account, and money out of suspense goes to none that whoever sends it back has entered.
        let parts: &[Part] = if before.difference.is_some() { &[Part::Gains, Part::Asked] } else { &[Part::Gains] };
        let actor = tx.by().actor.clone();
        if let Some(own) = before.thing().hand_of(tx, &actor, parts).await? {
            return Err(own.into());
        }
        before.thing().and(Some(TwoPersons::payee(&iban))).note(tx, Part::Entered).await?;
        let refund = Refund { proposal: Some(RefundProposal::Account(iban)), ..before.clone() };
        keep_approved(tx, &before, refund, day).await
    }

    /// Proposes to order a refund again that the bank refused to send; a second person decides on it.
    pub async fn order_again(&self, tx: &mut Tx, id: &str, day: Date) -> Result<Refund, PaymentError> {
        let before = self.approved(tx, id).await?;
        if before.proposal.is_some() {
            return Err(PaymentError::Waits);
        }
        if before.ordered.is_none() {
            return Err(PaymentError::NoRefund(id.to_owned()));
        }
        before.thing().note(tx, Part::Asked).await?;
        let refund = Refund { proposal: Some(RefundProposal::OrderAgain), ..before.clone() };
        keep_approved(tx, &before, refund, day).await
    }

    /// A second person decides on what is proposed about an approved refund. `seen` is what they saw: something else that
    /// is proposed meanwhile is not approved.
    pub async fn decide_proposal(
        &self,
        tx: &mut Tx,
        id: &str,
        seen: &RefundProposal,
        approve: bool,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let before = self.approved(tx, id).await?;
        if before.proposal.as_ref() != Some(seen) {
            return Err(PaymentError::NotSeen);
        }
        before.second_person().approve::<PaymentError>(tx).await?;
        let mut refund = Refund { proposal: None, ..before.clone() };
        if approve {
            match seen {
                RefundProposal::Account(iban) => refund.iban = Some(iban.clone()),
                RefundProposal::OrderAgain => refund.ordered = None,
            }
        }
        keep_approved(tx, &before, refund, day).await
    }

    /// A refund that is approved and has not left.
    pub async fn approved(&self, db: &mut Session, id: &str) -> Result<Refund, PaymentError> {
        let refund = sql::refund(db, id).await?.filter(|refund| refund.state == RefundState::Approved);
        refund.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))
    }

    /// Lets an approved refund set out. Where it goes back by a provider, it is written down that the provider is told,
    /// before it is, and what to tell it is answered; however often it is told, it gives back what has the same name
    /// once.
    pub async fn set_out(&self, tx: &mut Tx, id: &str, day: Date) -> Result<(Refund, Option<PayBack>), PaymentError> {
        let before = self.approved(tx, id).await?;
        if before.proposal.is_some() {
            return Err(PaymentError::Waits);
        }
        if !self.goes_back_by_its_way(&before) {
            return Ok((before, None));
        }
        let order = PayBack {
            refund: before.id.clone(),
            attempt: before.attempt.clone().unwrap_or_default(),
            amount: before.amount.major().to_string(),
            currency: before.amount.currency.code().to_owned(),
        };
        if before.told.is_some() {
            return Ok((before, Some(order)));
        }
        let refund = Refund { told: Some(base::stamp(tx.by().at)), ..before.clone() };
        Ok((keep_approved(tx, &before, refund, day).await?, Some(order)))
    }

    /// Whether the money of a refund goes back by the way it came; else it leaves by the bank.
    pub fn goes_back_by_its_way(&self, refund: &Refund) -> bool {
        self.way(&refund.way).is_ok_and(|way| way.pays_back()) && refund.iban.is_none() && refund.attempt.is_some()
    }

    /// The attempt that a refund goes back to, where its way gives money back at all.
    pub(crate) fn attempt_back(&self, attempt: Option<String>, way: Option<&str>) -> Option<String> {
        let pays_back = way.is_some_and(|way| self.way(way).is_ok_and(|way| way.pays_back()));
        attempt.filter(|attempt| pays_back && !attempt.is_empty())
    }

    /// The money of an approved refund has left, by the provider that was told to give it back or by the bank.
    pub async fn refund_done(
        &self,
        tx: &mut Tx,
        id: &str,
        channel: Channel,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        // Where the money has left, nothing is to be decided about it any more.
        let refund = Refund { proposal: None, ..self.approved(tx, id).await? };
        let currency = refund.amount.currency;
        let from = match channel {
            Channel::Provider => self.way(&refund.way)?.account("", currency),
            Channel::Bank if refund.told.is_some() => return Err(PaymentError::ToldProvider),
            Channel::Bank => Account::new(super::TREASURY, Purpose::Treasury, currency),
        };
        let to = Account::new(super::TREASURY, Purpose::RefundsDue, currency);
        let about = if refund.payment.is_empty() { &refund.id } else { &refund.payment };
        let transfer = Transfer::between(format!("{id}-left"), day, about, "refund-left", from, to, refund.amount);
        ledger::post(tx, &transfer).await?;
        let by = refund.decided_by.clone().unwrap_or_default();
        decide(tx, refund, RefundState::Done, &by, day).await
    }

    /// The refunds of a payment, oldest first.
    pub async fn refunds_of(&self, db: &mut Session, payment: &str) -> Result<Vec<Refund>, PaymentError> {
        Ok(sql::refunds_of(db, payment).await?)
    }

    /// The refunds that have left from one day to another, both included, oldest first.
    pub async fn refunds_left(
        &self,
        db: &mut Session,
        from: &str,
        to: &str,
        limit: i64,
    ) -> Result<Vec<LeftRefund>, PaymentError> {
        Ok(sql::refunds_left(db, from, to, limit).await?)
    }

    /// Refunds in a state, the oldest first, after one of them.
    pub async fn refunds(
        &self,
        db: &mut Session,
        state: RefundState,
        after: Option<&Refund>,
        limit: i64,
    ) -> Result<Vec<Refund>, PaymentError> {
        Ok(sql::refunds_in(db, state, after, limit).await?)
    }

    /// How many refunds are in a state.
    pub async fn refund_count(&self, db: &mut Session, state: RefundState) -> Result<i64, PaymentError> {
        Ok(sql::count_refunds(db, state).await?)
    }
}

/// The attempt that paid: the one that succeeded, or the one whose money was taken for the payment out of suspense.
async fn attempt_that_paid(tx: &mut Tx, payment: &Payment) -> Result<Option<String>, PaymentError> {
    let Some(way) = payment.way.as_deref() else { return Ok(None) };
    if let Some(attempt) = sql::paying_attempt(tx, &payment.id, way).await? {
        return Ok(Some(attempt));
    }
    let Some(taken) = difference::sql::taken_for(tx, &payment.id, way).await? else { return Ok(None) };
    Ok(sql::attempt_of_event(tx, way, taken.message()).await?)
}

async fn waiting(tx: &mut Tx, id: &str) -> Result<Refund, PaymentError> {
    let refund = sql::refund(tx, id).await?.filter(|refund| refund.state == RefundState::Asked);
    refund.ok_or_else(|| PaymentError::NoRefund(id.to_owned()))
}

/// What was told or ordered stays as it was told or ordered, and what is proposed is decided first.
fn may_change(refund: &Refund) -> Result<(), PaymentError> {
    if refund.told.is_some() {
        return Err(PaymentError::ToldProvider);
    }
    if let Some(order) = &refund.ordered {
        return Err(PaymentError::Ordered(order.clone()));
    }
    if refund.proposal.is_some() {
        return Err(PaymentError::Waits);
    }
    Ok(())
}

/// Writes what has changed about a refund that stays approved.
pub(crate) async fn keep_approved(
    tx: &mut Tx,
    before: &Refund,
    refund: Refund,
    day: Date,
) -> Result<Refund, PaymentError> {
    if !sql::update_refund(tx, &refund, RefundState::Approved).await? {
        return Err(PaymentError::MovedOn);
    }
    tx.record(refund.change(Some(before), day));
    Ok(refund)
}

/// Who approved it stays written when the money leaves.
async fn decide(tx: &mut Tx, before: Refund, state: RefundState, by: &str, day: Date) -> Result<Refund, PaymentError> {
    let mut refund = before.clone();
    refund.decided = Some(base::stamp(tx.by().at));
    refund.decided_by = Some(by.to_owned()).filter(|by| !by.is_empty());
    if !sql::update_refund(tx, &refund, state).await? {
        return Err(PaymentError::MovedOn);
    }
    refund.state = state;
    tx.record(refund.change(Some(&before), day));
    Ok(refund)
}
