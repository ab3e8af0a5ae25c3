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
    ledger::{self, Account, Mistake, Posting, Purpose, Transfer},
    payment::{keep, sql as payments},
};

/// Where our books and a way to pay do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub id: String,
    pub found: String,
    pub day: String,
    pub way: String,
    /// `amount`, `paid-twice`, `unknown`, and of the bank `charges`, `several`, `uneven`, `returned`: the money is in
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
}

/// The kinds whose money lies in suspense; the statements of SQL name the same.
pub(crate) const SUSPENDED: [&str; 7] = ["amount", "paid-twice", "unknown", "charges", "several", "uneven", "returned"];

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

async fn waiting(tx: &mut Tx, id: &str) -> Result<Difference, PaymentError> {
    sql::one(tx, id).await?.ok_or_else(|| PaymentError::NoDifference(id.to_owned()))
}

/// A difference whose money lies in suspense, and that money.
async fn suspended(tx: &mut Tx, id: &str) -> Result<(Difference, Money), PaymentError> {
    let waiting = waiting(tx, id).await?;
    let minor = waiting.theirs.filter(|_| waiting.is_in_suspense()).ok_or(PaymentError::NotInSuspense)?;
    let money = Money { minor, currency: waiting.currency };
    Ok((waiting, money))
}

/// By currency, where what lies in suspense is not what open differences say.
pub async fn prove_suspense(db: &mut Session) -> Result<Vec<Mistake>, PaymentError> {
    let open = sql::in_suspense(db).await?;
    let mut mistakes = Vec::new();
    for currency in Currency::ALL {
        let kept = ledger::balance(db, &Account::new(TREASURY, Purpose::Suspense, currency)).await?.minor;
        let said = open.iter().find(|(code, _)| code == currency.code()).map_or(0, |(_, minor)| *minor);
        if kept != said {
            mistakes.push(Mistake::Suspense { currency: currency.code().to_owned(), kept, open: said });
        }
    }
    Ok(mistakes)
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

    /// Says in words what became of a difference. Money that lies in suspense is not talked away: it has to go
    /// somewhere.
    pub async fn clear(&self, tx: &mut Tx, id: &str, note: &str, day: Date) -> Result<(), PaymentError> {
        let waiting = waiting(tx, id).await?;
        if waiting.is_in_suspense() {
            return Err(PaymentError::StillInSuspense);
        }
        clear(tx, &waiting, note, day).await
    }

    /// Takes money that waits in suspense for the payment that it was meant for. What is more than the fee goes back.
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
        let mut before = Vec::new();
        for id in ids {
            let payment = self.get(tx, id).await?;
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
        if rest.minor > 0 {
            self.goes_back(tx, &waiting, paid.first(), rest, day).await?;
        }
        let note: Vec<&str> = before.iter().map(|payment| payment.id.as_str()).collect();
        clear(tx, &waiting, &note.join(" "), day).await?;
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
            if open.is_in_suspense() {
                ledger::reverse(tx, &format!("{}-reversed", open.suspended()), &open.suspended(), day).await?;
                clear(tx, &open, note, day).await?;
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Sends money back that came twice, in another amount, or from somebody who has nothing to pay.
    pub async fn send_back(&self, tx: &mut Tx, difference: &str, day: Date) -> Result<Refund, PaymentError> {
        let (waiting, money) = suspended(tx, difference).await?;
        let payment = match &waiting.payment {
            Some(id) => Some(self.get(tx, id).await?),
            None => None,
        };
        let refund = self.goes_back(tx, &waiting, payment.as_ref(), money, day).await?;
        clear(tx, &waiting, &refund.id, day).await?;
        Ok(refund)
    }

    async fn goes_back(
        &self,
        tx: &mut Tx,
        waiting: &Difference,
        payment: Option<&Payment>,
        amount: Money,
        day: Date,
    ) -> Result<Refund, PaymentError> {
        let said = sql::words(tx, waiting.message()).await?.unwrap_or_default();
        let id = match payment {
            Some(payment) => format!("{}-R{}", payment.id, payments::refunds_of(tx, &payment.id).await?.len() + 1),
            None => format!("SB-{:016x}", crate::hash(&waiting.id)),
        };
        let attempt = payments::attempt_of_event(tx, &waiting.way, waiting.message()).await?;
        let refund = Refund {
            id,
            payment: payment.map_or(String::new(), |payment| payment.id.clone()),
            entity: payment.map_or(TREASURY, |payment| payment.entity.as_str()).to_owned(),
            amount,
            reason: waiting.kind.clone(),
            state: RefundState::Approved,
            asked: base::stamp(tx.by().at),
            asked_by: tx.by().actor.clone(),
            decided: None,
            decided_by: None,
            payee: payment.map_or(said.payer, |payment| payment.payer_name.clone()),
            iban: Some(said.iban).filter(|iban| !iban.is_empty()),
            way: waiting.way.clone(),
            attempt: self.attempt_back(attempt, Some(&waiting.way)),
            told: None,
        };
        let from = Account::new(TREASURY, Purpose::RefundsDue, amount.currency);
        let to = Account::new(TREASURY, Purpose::Suspense, amount.currency);
        let (name, about) = (format!("{}-booked", refund.id), payment.map_or(waiting.message(), |p| p.id.as_str()));
        ledger::post(tx, &Transfer::between(name, day, about, "sent-back", from, to, amount)).await?;
        refund.write(tx, day).await?;
        Ok(refund)
    }

    /// The money is no fee at all, or is booked already: what a provider hands over for a day, for example. The transfer
    /// that took it in is taken back by its mirror image.
    pub async fn booked_elsewhere(
        &self,
        tx: &mut Tx,
        difference: &str,
        note: &str,
        day: Date,
    ) -> Result<(), PaymentError> {
        let (waiting, _) = suspended(tx, difference).await?;
        ledger::reverse(tx, &format!("{}-reversed", waiting.suspended()), &waiting.suspended(), day).await?;
        clear(tx, &waiting, note, day).await
    }

    /// A provider handed over less than it took: it has kept the rest for its work.
    pub async fn charged(&self, tx: &mut Tx, difference: &str, day: Date) -> Result<(), PaymentError> {
        let waiting = waiting(tx, difference).await?;
        let kept = waiting.ours.zip(waiting.theirs).map(|(ours, theirs)| ours - theirs);
        let minor = kept.filter(|kept| waiting.kind == "settled-otherwise" && *kept > 0);
        let money = Money { minor: minor.ok_or(PaymentError::NotInSuspense)?, currency: waiting.currency };
        let from = self.way(&waiting.way)?.account("", money.currency);
        let to = Account::new(TREASURY, Purpose::Charges, money.currency);
        let about = waiting.payment.clone().unwrap_or_default();
        let name = format!("{}-charged", waiting.id);
        ledger::post(tx, &Transfer::between(name, day, &about, "charged", from, to, money)).await?;
        clear(tx, &waiting, "charged", day).await
    }
}
