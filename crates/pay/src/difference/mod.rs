//! Where our books and a way to pay do not agree, and what becomes of it. Money that cannot be taken for a fee waits in
//! suspense: it is taken for the payment that it was meant for, sent back, or found to be booked elsewhere. Until then
//! its difference stays open, so that what lies in suspense is always what open differences say.

pub(crate) mod sql;

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, Session, StoreError, Tx};

use crate::{
    Event, Payment, PaymentError, Payments, Refund, RefundState, State, TREASURY,
    ledger::{self, Account, Posting, Purpose, Transfer},
    payment::{keep, sql as payments},
    persons::{Part, TwoPersons},
};

/// What is to become of a difference, where a second person has to agree: all that takes money out of where it lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolution {
    /// The money goes back.
    Back,
    /// It is booked elsewhere already, or is none of ours.
    Elsewhere,
    /// The provider has kept it for its work.
    Charged,
}

impl Resolution {
    pub const ALL: [Resolution; 3] = [Resolution::Back, Resolution::Elsewhere, Resolution::Charged];

    pub fn as_str(self) -> &'static str {
        match self {
            Resolution::Back => "back",
            Resolution::Elsewhere => "elsewhere",
            Resolution::Charged => "charged",
        }
    }

    pub fn parse(text: &str) -> Option<Resolution> {
        Resolution::ALL.into_iter().find(|resolution| resolution.as_str() == text)
    }
}

/// What is more than the fee of the payment that money was taken for.
const OVERPAID: &str = "overpaid";

/// Where our books and a way to pay do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub id: String,
    pub found: String,
    pub day: String,
    pub way: String,
    /// `amount`, `paid-twice`, `unknown`, `overpaid`, and of the bank `charges`, `several`, `uneven`, `returned`: the money is in
    /// suspense. `reversed`, `refund-otherwise`, `refund-twice`: the bank took or paid out what it should not. `paid-late`, `disputed`, `dispute-after-refund`,
    /// `settled-otherwise`, `settled-in-other-currency`, `missing-there`: somebody has to look. `statement-gap` and
    /// `statement-sum` are about balances of the bank.
    pub kind: String,
    pub payment: Option<String>,
    /// Of both amounts; what is in another currency is left out.
    pub currency: Currency,
    pub ours: Option<i64>,
    pub theirs: Option<i64>,
    pub cleared: Option<String>,
    pub cleared_by: Option<String>,
    pub note: Option<String>,
    /// What waits for a second person.
    pub proposal: Option<Proposed>,
}

/// What somebody has proposed about a difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    pub what: Resolution,
    pub note: String,
    pub by: String,
}

/// The kinds whose money lies in suspense; the statements of SQL name the same.
pub(crate) const SUSPENDED: [&str; 8] =
    ["amount", "paid-twice", "unknown", OVERPAID, "charges", "several", "uneven", "returned"];

/// What the bank said with money that came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub statement: String,
    pub day: String,
    pub words: String,
    pub payer: String,
    pub iban: String,
}

impl Difference {
    /// Whether the money of it lies in suspense.
    pub fn is_in_suspense(&self) -> bool {
        SUSPENDED.contains(&self.kind.as_str()) && self.theirs.is_some_and(|minor| minor > 0)
    }

    /// The statement of the bank, its account and currency, where the difference is about its balances.
    pub fn statement(&self) -> Option<&str> {
        self.kind.starts_with("statement-").then(|| self.message())
    }

    /// The message that led to it: everything between the way and the kind.
    pub(crate) fn message(&self) -> &str {
        let inner = self.id.strip_prefix(&format!("{}-", self.way)).unwrap_or(&self.id);
        inner.strip_suffix(&format!("-{}", self.kind)).unwrap_or(inner)
    }

    /// The transfer that put the money in suspense.
    pub(crate) fn suspended(&self) -> String {
        format!("{}-{}-suspense", self.way, self.message())
    }

    /// What this is about for the rule of two persons: where it belongs to a payment, all that goes back of that.
    fn thing(&self) -> TwoPersons {
        let payment = self.payment.as_deref().map(|payment| TwoPersons::about("payment", payment));
        TwoPersons::about("difference", &self.id).and(payment)
    }

    /// Nobody decides what they have proposed about it.
    pub fn second_person(&self) -> TwoPersons {
        self.thing()
    }

    /// Whether its money can be said to be booked elsewhere: the transfer that took it in is whole.
    pub fn can_be_elsewhere(&self) -> bool {
        self.is_in_suspense() && self.kind != OVERPAID
    }

    /// What a provider may have kept for its work, in minor units.
    pub fn charge(&self) -> Option<i64> {
        let kept = self.ours.zip(self.theirs).map(|(ours, theirs)| ours - theirs);
        kept.filter(|kept| self.kind == "settled-otherwise" && *kept > 0)
    }

    fn document(&self) -> Json {
        let money = |minor: Option<i64>| minor.map(|minor| crate::number(Money { minor, currency: self.currency }));
        json!({
            "way": self.way,
            "payment": self.payment,
            "currency": self.currency.code(),
            "ours": money(self.ours),
            "theirs": money(self.theirs),
            "cleared": self.cleared,
            "cleared_by": self.cleared_by,
            "note": self.note,
            "proposal": self.proposal.as_ref().map(|proposed| proposed.what.as_str()),
            "proposal_note": self.proposal.as_ref().map(|proposed| proposed.note.as_str()),
            "proposed_by": self.proposal.as_ref().map(|proposed| proposed.by.as_str()),
        })
    }

    fn change(&self, before: Option<&Difference>, day: Date) -> Change {
        Change {
            source: "difference",
            kind: self.kind.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(Difference::document),
            after: Some(self.document()),
        }
    }
}

/// Notes a difference; one that is known stays as it is.
pub(crate) async fn note(tx: &mut Tx, difference: &Difference, day: Date) -> Result<bool, StoreError> {
    let is_new = sql::insert(tx, difference).await?;
    if is_new {
        tx.record(difference.change(None, day));
    }
    Ok(is_new)
}

/// Says what became of a difference.
pub(crate) async fn clear(tx: &mut Tx, before: &Difference, note: &str, day: Date) -> Result<(), PaymentError> {
    if !sql::clear(tx, &before.id, note).await? {
        return Err(PaymentError::NoDifference(before.id.clone()));
    }
    let (cleared, actor) = (Some(base::stamp(tx.by().at)), Some(tx.by().actor.clone()));
    let after = Difference { cleared, cleared_by: actor, note: Some(note.to_owned()), ..before.clone() };
    tx.record(after.change(Some(before), day));
    Ok(())
}

/// Clears what is open of one kind about a payment.
pub(crate) async fn clear_all(
    tx: &mut Tx,
    payment: &str,
    kind: &str,
    note: &str,
    day: Date,
) -> Result<(), PaymentError> {
    for open in sql::of_payment(tx, payment, kind).await? {
        clear(tx, &open, note, day).await?;
    }
    Ok(())
}

/// A difference that is open, and for which nothing is proposed.
async fn waiting(tx: &mut Tx, id: &str) -> Result<Difference, PaymentError> {
    let open = sql::one(tx, id).await?.ok_or_else(|| PaymentError::NoDifference(id.to_owned()))?;
    if open.proposal.is_some() { Err(PaymentError::Waits) } else { Ok(open) }
}

/// What was written with a difference, without which nobody would know why.
fn said(note: &str) -> Result<String, PaymentError> {
    let note: String = note.trim().chars().take(1000).collect();
    if note.is_empty() { Err(PaymentError::NoReason) } else { Ok(note) }
}

/// A difference whose money lies in suspense, and that money.
async fn suspended(tx: &mut Tx, id: &str) -> Result<(Difference, Money), PaymentError> {
    let waiting = waiting(tx, id).await?;
    let money = money_of(&waiting)?;
    Ok((waiting, money))
}

fn money_of(difference: &Difference) -> Result<Money, PaymentError> {
    let minor = difference.theirs.filter(|_| difference.is_in_suspense()).ok_or(PaymentError::NotInSuspense)?;
    Ok(Money { minor, currency: difference.currency })
}

impl Payments {
    /// Differences that nobody has cleared, the oldest first.
    pub async fn differences(&self, db: &mut Session, limit: i64) -> Result<Vec<Difference>, PaymentError> {
        Ok(sql::open(db, limit).await?)
    }

    /// Those of a way whose money lies in suspense, the oldest first.
    pub async fn in_suspense_of(
        &self,
        db: &mut Session,
        way: &str,
        limit: i64,
    ) -> Result<Vec<Difference>, PaymentError> {
        Ok(sql::in_suspense_of(db, way, limit).await?)
    }

    /// How many there are of those.
    pub async fn in_suspense_count(&self, db: &mut Session, way: &str) -> Result<i64, PaymentError> {
        Ok(sql::in_suspense_count(db, way).await?)
    }

    /// How many there are.
    pub async fn difference_count(&self, db: &mut Session) -> Result<i64, PaymentError> {
        Ok(sql::open_count(db).await?)
    }

    /// Differences that somebody has cleared, the last first.
    pub async fn cleared_differences(&self, db: &mut Session, limit: i64) -> Result<Vec<Difference>, PaymentError> {
        Ok(sql::cleared(db, limit).await?)
    }

    /// What the bank said with the money of a difference.
    pub async fn words_of(&self, db: &mut Session, difference: &Difference) -> Result<Option<Words>, PaymentError> {
        Ok(sql::words(db, difference.message()).await?)
    }

    /// Says in words what became of a difference of which no money has to go anywhere. Money that lies in suspense is not talked away: it has to go
    /// somewhere.
    pub async fn clear(&self, tx: &mut Tx, id: &str, note: &str, day: Date) -> Result<(), PaymentError> {
        let waiting = waiting(tx, id).await?;
        if waiting.is_in_suspense() {
            return Err(PaymentError::StillInSuspense);
        }
        clear(tx, &waiting, &said(note)?, day).await
    }

    /// Takes money that waits in suspense for the payment that it was meant for; nobody does so for a payment of their own.
    /// What is more than the fee is proposed to go back.
    pub async fn assign(&self, tx: &mut Tx, difference: &str, id: &str, day: Date) -> Result<Payment, PaymentError> {
        let mut paid = self.assign_to(tx, difference, &[id.to_owned()], day).await?;
        paid.pop().ok_or_else(|| PaymentError::NoPayment(id.to_owned()))
    }

    /// Takes money that waits in suspense for one payment or several. What is more than their fees goes back; where it is
    /// less because the bank says that charges were deducted on the way, these are booked as such.
    pub async fn assign_to(
        &self,
        tx: &mut Tx,
        difference: &str,
        ids: &[String],
        day: Date,
    ) -> Result<Vec<Payment>, PaymentError> {
        let (waiting, money) = suspended(tx, difference).await?;
        let actor = tx.by().actor.clone();
        let mut before = Vec::new();
        for id in ids {
            let payment = self.get(tx, id).await?;
            let own = TwoPersons::about("payment", id).gains(&payment.payer);
            if let Some(own) = own.hand_of(tx, &actor, &[Part::Gains]).await? {
                return Err(own.into());
            }
            payment.state.after(Event::Succeed).ok_or(PaymentError::NotPayable(payment.state))?;
            if payment.amount.currency != money.currency {
                return Err(PaymentError::OtherAmount(payment.amount));
            }
            before.push(payment);
        }
        let first = before.first().ok_or_else(|| PaymentError::NoPayment(String::new()))?.clone();
        let owed = before.iter().map(|payment| payment.amount.minor).fold(0, i64::saturating_add);
        let is_deducted = waiting.kind == "charges" && before.len() == 1 && waiting.payment.as_ref() == Some(&first.id);
        if money.minor < owed && !is_deducted {
            return Err(PaymentError::OtherAmount(Money { minor: owed, ..money }));
        }
        let mut paid = Vec::new();
        for before in &before {
            let mut payment = before.clone();
            payment.state = State::Paid;
            payment.way = Some(waiting.way.clone());
            payment.paid = Some(day.to_string());
            payment.receipt = Some(payments::next_receipt(tx, &payment.entity, day).await?);
            let from = Account::new(&payment.entity, Purpose::Fees, payment.amount.currency);
            let suspense = Account::new(TREASURY, Purpose::Suspense, payment.amount.currency);
            let kept = (payment.amount.minor - money.minor).max(0);
            let mut transfer = Transfer::between(
                format!("{}-paid", payment.id),
                day,
                &payment.id,
                "fee-paid",
                from,
                suspense.clone(),
                payment.amount,
            );
            if is_deducted && kept > 0 {
                let charges = Account::new(TREASURY, Purpose::Charges, payment.amount.currency);
                transfer.postings = vec![
                    Posting::debit(suspense, money.minor),
                    Posting::debit(charges, kept),
                    Posting::credit(
                        Account::new(&payment.entity, Purpose::Fees, payment.amount.currency),
                        payment.amount.minor,
                    ),
                ];
            }
            ledger::post(tx, &transfer).await?;
            paid.push(keep(tx, before, payment, day).await?);
        }
        let rest = Money { minor: money.minor - owed, ..money };
        let named: Vec<&str> = before.iter().map(|payment| payment.id.as_str()).collect();
        clear(tx, &waiting, &named.join(" "), day).await?;
        if rest.minor > 0 {
            // What was left over before has to fit as it is: its message can name one rest only.
            if waiting.kind == OVERPAID {
                return Err(PaymentError::OtherAmount(first.amount));
            }
            let left = Difference {
                id: format!("{}-{}-{OVERPAID}", waiting.way, waiting.message()),
                kind: OVERPAID.into(),
                found: base::stamp(tx.by().at),
                payment: Some(first.id.clone()),
                ours: None,
                theirs: Some(rest.minor),
                ..waiting
            };
            note(tx, &left, day).await?;
            propose(tx, left, Resolution::Back, String::new(), day).await?;
        }
        Ok(paid)
    }

    /// What lies in suspense of a message of a way, if it does: the bank takes it back, and nothing is owed to anybody.
    pub(crate) async fn take_out_of_suspense(
        &self,
        tx: &mut Tx,
        way: &str,
        message: &str,
        note: &str,
        day: Date,
    ) -> Result<bool, PaymentError> {
        for kind in SUSPENDED {
            let Some(open) = sql::one(tx, &format!("{way}-{message}-{kind}")).await? else { continue };
            // Of what was taken for a payment only the rest lies there: that is a question for somebody.
            if open.can_be_elsewhere() {
                ledger::reverse(tx, &format!("{}-reversed", open.suspended()), &open.suspended(), day).await?;
                clear(tx, &open, note, day).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Proposes to send money back that came twice, in another amount, or from somebody who has nothing to pay.
    pub async fn send_back(&self, tx: &mut Tx, difference: &str, day: Date) -> Result<Difference, PaymentError> {
        let (waiting, _) = suspended(tx, difference).await?;
        propose(tx, waiting, Resolution::Back, String::new(), day).await
    }

    /// Proposes that the money is no fee at all, or is booked already: what a provider hands over for a day, for example.
    pub async fn booked_elsewhere(
        &self,
        tx: &mut Tx,
        difference: &str,
        note: &str,
        day: Date,
    ) -> Result<Difference, PaymentError> {
        let waiting = waiting(tx, difference).await?;
        if !waiting.can_be_elsewhere() {
            return Err(PaymentError::NotInSuspense);
        }
        propose(tx, waiting, Resolution::Elsewhere, said(note)?, day).await
    }

    /// Proposes that a provider, which handed over less than it took, has kept the rest for its work.
    pub async fn charged(&self, tx: &mut Tx, difference: &str, day: Date) -> Result<Difference, PaymentError> {
        let waiting = waiting(tx, difference).await?;
        waiting.charge().ok_or(PaymentError::NotInSuspense)?;
        propose(tx, waiting, Resolution::Charged, String::new(), day).await
    }

    /// A second person decides on what is proposed about a difference; `seen` is what they saw. The refund, where money
    /// goes back.
    pub async fn decide_difference(
        &self,
        tx: &mut Tx,
        difference: &str,
        seen: Resolution,
        approve: bool,
        day: Date,
    ) -> Result<Option<Refund>, PaymentError> {
        let before = sql::one(tx, difference).await?;
        let before = before.ok_or_else(|| PaymentError::NoDifference(difference.to_owned()))?;
        let proposed = before.proposal.clone().filter(|proposed| proposed.what == seen).ok_or(PaymentError::NotSeen)?;
        before.second_person().approve::<PaymentError>(tx).await?;
        let open = keep_proposal(tx, before, None, day).await?;
        if !approve {
            return Ok(None);
        }
        match seen {
            Resolution::Back => {
                let refund = self.goes_back(tx, &open, &proposed.by, day).await?;
                clear(tx, &open, &refund.id, day).await?;
                Ok(Some(refund))
            }
            Resolution::Elsewhere => {
                // The transfer that took it in is taken back by its mirror image.
                money_of(&open)?;
                ledger::reverse(tx, &format!("{}-reversed", open.suspended()), &open.suspended(), day).await?;
                clear(tx, &open, &proposed.note, day).await?;
                Ok(None)
            }
            Resolution::Charged => {
                let minor = open.charge().ok_or(PaymentError::NotInSuspense)?;
                let money = Money { minor, currency: open.currency };
                let from = self.way(&open.way)?.account("", money.currency);
                let to = Account::new(TREASURY, Purpose::Charges, money.currency);
                let about = open.payment.clone().unwrap_or_default();
                let name = format!("{}-charged", open.id);
                ledger::post(tx, &Transfer::between(name, day, &about, "charged", from, to, money)).await?;
                clear(tx, &open, "charged", day).await?;
                Ok(None)
            }
        }
    }

    /// Money leaves suspense for its payer: asked for by one, approved by whoever writes now.
    async fn goes_back(
        &self,
        tx: &mut Tx,
        open: &Difference,
        asked_by: &str,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let amount = money_of(open)?;
        let payment = match &open.payment {
            Some(id) => Some(self.get(tx, id).await?),
            None => None,
        };
        let words = sql::words(tx, open.message()).await?.unwrap_or_default();
        let id = match &payment {
            Some(payment) => format!("{}-R{}", payment.id, payments::refunds_of(tx, &payment.id).await?.len() + 1),
            None => format!("SB-{:016x}", crate::hash(&open.id)),
        };
        let attempt = payments::attempt_of_event(tx, &open.way, open.message()).await?;
        let now = base::stamp(tx.by().at);
        let refund = Refund {
            id,
            payment: payment.as_ref().map_or(String::new(), |payment| payment.id.clone()),
            entity: payment.as_ref().map_or(TREASURY, |payment| payment.entity.as_str()).to_owned(),
            amount,
            reason: open.kind.clone(),
            state: RefundState::Approved,
            asked: now.clone(),
            asked_by: asked_by.to_owned(),
            decided: Some(now),
            decided_by: Some(tx.by().actor.clone()),
            payee: payment.as_ref().map_or(words.payer, |payment| payment.payer_name.clone()),
            payer: payment.as_ref().map_or(String::new(), |payment| payment.payer.clone()),
            iban: Some(words.iban).filter(|iban| !iban.is_empty()),
            way: open.way.clone(),
            attempt: self.attempt_back(attempt, Some(&open.way)),
            told: None,
            proposal: None,
            difference: Some(open.id.clone()),
            ordered: None,
        };
        // Whoever entered this account before, or gets the money, does not approve it.
        refund.second_person().approve::<PaymentError>(tx).await?;
        let from = Account::new(TREASURY, Purpose::RefundsDue, amount.currency);
        let to = Account::new(TREASURY, Purpose::Suspense, amount.currency);
        let about = if refund.payment.is_empty() { open.message() } else { &refund.payment };
        let name = format!("{}-booked", refund.id);
        ledger::post(tx, &Transfer::between(name, day, about, "sent-back", from, to, amount)).await?;
        refund.write(tx, day).await?;
        refund.thing().note_of(tx, asked_by, Part::Asked).await?;
        Ok(refund)
    }
}

/// Proposes what is to become of a difference.
async fn propose(
    tx: &mut Tx,
    before: Difference,
    what: Resolution,
    note: String,
    day: Date,
) -> Result<Difference, PaymentError> {
    before.thing().note(tx, Part::Asked).await?;
    let by = tx.by().actor.clone();
    keep_proposal(tx, before, Some(Proposed { what, note, by }), day).await
}

async fn keep_proposal(
    tx: &mut Tx,
    before: Difference,
    proposal: Option<Proposed>,
    day: Date,
) -> Result<Difference, PaymentError> {
    let after = Difference { proposal, ..before.clone() };
    sql::keep_proposal(tx, &after).await?;
    tx.record(after.change(Some(&before), day));
    Ok(after)
}
