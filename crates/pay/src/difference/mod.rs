//! Where our books and a way to pay do not agree, and what becomes of it. Money that cannot be taken for a fee waits in
//! suspense: it is taken for the payment that it was meant for, sent back, or found to be booked elsewhere. Until then
//! its difference stays open, so that what lies in suspense is always what open differences say.

pub(crate) mod sql;

use std::collections::BTreeMap;

use base::{Currency, Money};
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, Session, StoreError, Tx};

use crate::{
    Event, Payment, PaymentError, Payments, Refund, RefundState, State, TREASURY,
    ledger::{self, Account, Mistake, Purpose, Transfer},
    payment::{keep, sql as payments},
};

/// Where our books and a way to pay do not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    pub id: String,
    pub found: String,
    pub day: String,
    pub way: String,
    /// `amount`, `paid-twice`, `unknown`: the money is in suspense. `paid-late`, `disputed`, `dispute-after-refund`,
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
        matches!(self.kind.as_str(), "amount" | "paid-twice" | "unknown") && self.theirs.is_some_and(|minor| minor > 0)
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
async fn clear(tx: &mut Tx, before: &Difference, note: &str, day: Date) -> Result<(), PaymentError> {
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
    let kept = ledger::balances_of(db, TREASURY, Purpose::Suspense, "").await?;
    let kept = kept.iter().map(|balance| (balance.account.currency.code().to_owned(), balance.minor));
    let mut both: BTreeMap<String, (i64, i64)> = kept.map(|(code, minor)| (code, (minor, 0))).collect();
    for (code, minor) in open {
        both.entry(code).or_default().1 = minor;
    }
    for (currency, (kept, open)) in both {
        if kept != open {
            mistakes.push(Mistake::Suspense { currency, kept, open });
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
        let (waiting, money) = suspended(tx, difference).await?;
        let before = self.get(tx, id).await?;
        before.state.after(Event::Succeed).ok_or(PaymentError::NotPayable(before.state))?;
        if money.currency != before.amount.currency || money.minor < before.amount.minor {
            return Err(PaymentError::OtherAmount(before.amount));
        }
        let mut payment = before.clone();
        payment.state = State::Paid;
        payment.way = Some(waiting.way.clone());
        payment.paid = Some(day.to_string());
        payment.receipt = Some(payments::next_receipt(tx, &payment.entity, day).await?);
        let from = Account::new(&payment.entity, Purpose::Fees, payment.amount.currency);
        let to = Account::new(TREASURY, Purpose::Suspense, payment.amount.currency);
        let name = format!("{}-paid", payment.id);
        ledger::post(tx, &Transfer::between(name, day, &payment.id, "fee-paid", from, to, payment.amount)).await?;
        let rest = Money { minor: money.minor - before.amount.minor, ..money };
        if rest.minor > 0 {
            self.goes_back(tx, &waiting, Some(&payment), rest, day).await?;
        }
        clear(tx, &waiting, id, day).await?;
        keep(tx, &before, payment, day).await
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
