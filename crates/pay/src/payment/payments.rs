//! The story of a payment, from the quote to the receipt. Everything happens in the transaction of whoever calls.

use std::sync::Arc;

use base::{Money, Reference};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use store::Tx;

use super::{Attempt, Event, NewPayment, Payment, PaymentError, State, sql};
use crate::{
    difference::{self, Difference},
    ledger::{self, Account, Purpose, Transfer},
    way::{Begun, Way},
};

/// What a way to pay says of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    pub way: String,
    /// What the sender calls this message: the same name is heard once.
    pub event: String,
    /// Our name of the attempt, or of the payment.
    pub attempt: String,
    pub kind: Event,
    /// What was really paid.
    #[serde(skip)]
    pub money: Option<Money>,
    /// The account in which the money now lies, where the way has more than one (tills).
    #[serde(default)]
    pub holder: String,
    /// The signature that it came with, if it was signed.
    #[serde(skip)]
    pub signature: String,
}

/// What came of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CameOfIt {
    /// The payment is now in another state.
    Moved(State),
    /// The very same message was heard before.
    Repeated,
    /// The state of the payment is not one in which this means anything.
    Nothing,
    /// The money is not the amount that was owed; it waits in suspense.
    WrongAmount,
    /// It was paid before; the money waits in suspense.
    PaidTwice,
    /// There is no such attempt.
    Unknown,
}

impl CameOfIt {
    pub fn as_str(&self) -> &'static str {
        match self {
            CameOfIt::Moved(state) => state.as_str(),
            CameOfIt::Repeated => "repeated",
            CameOfIt::Nothing => "nothing",
            CameOfIt::WrongAmount => "wrong-amount",
            CameOfIt::PaidTwice => "paid-twice",
            CameOfIt::Unknown => "unknown",
        }
    }
}

/// The ways to pay, and what is done with payments. Cheap to clone.
#[derive(Clone, Default)]
pub struct Payments {
    ways: Arc<Vec<Arc<dyn Way>>>,
}

impl Payments {
    pub fn new(ways: Vec<Arc<dyn Way>>) -> Payments {
        Payments { ways: Arc::new(ways) }
    }

    pub fn ways(&self) -> impl Iterator<Item = &Arc<dyn Way>> {
        self.ways.iter()
    }

    pub fn way(&self, name: &str) -> Result<&Arc<dyn Way>, PaymentError> {
        self.ways.iter().find(|way| way.name() == name).ok_or_else(|| PaymentError::NoWay(name.to_owned()))
    }

    /// Notes that a fee is owed. There is one payment for each case, however often this is asked.
    pub async fn quote(&self, tx: &mut Tx, new: NewPayment) -> Result<Payment, PaymentError> {
        if let Some(known) = sql::payment_about(tx, &new.about).await? {
            return Ok(known);
        }
        if new.amount.minor <= 0 {
            return Err(PaymentError::NoAmount);
        }
        let mut payment = Payment {
            id: String::new(),
            about: new.about,
            service: new.service,
            entity: new.entity,
            payer: new.payer,
            payer_name: new.payer_name,
            amount: new.amount,
            refunded: Money { minor: 0, ..new.amount },
            state: State::Quoted,
            way: None,
            attempts: 0,
            opened: new.opened.to_string(),
            expires: new.expires.map(|day| day.to_string()),
            paid: None,
            receipt: None,
            fee: new.fee,
            revision: 1,
        };
        for attempt in 0..8_u64 {
            // The odd constant of splitmix64 leads to another reference each time.
            let drawn = new.random.wrapping_add((attempt + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
            payment.id = Reference::make("PY", drawn).map(|r| r.to_string()).unwrap_or_default();
            if sql::insert_payment(tx, &payment).await? {
                tx.record(payment.change(None, new.opened));
                return Ok(payment);
            }
        }
        Err(PaymentError::MovedOn)
    }

    /// Sets out to pay in one of the ways. Whoever comes back to an attempt by the same way goes on with it.
    pub async fn start(&self, tx: &mut Tx, id: &str, way: &str, day: Date) -> Result<(Payment, Attempt), PaymentError> {
        let way = self.way(way)?.clone();
        let before = self.get(tx, id).await?;
        if let Some(attempt) = sql::open_attempt(tx, id, way.name()).await?
            && matches!(before.state, State::Started | State::Pending)
        {
            return Ok((before, attempt));
        }
        let state = before.state.after(Event::Start).ok_or(PaymentError::NotPayable(before.state))?;
        let mut payment = before.clone();
        payment.state = state;
        payment.way = Some(way.name().to_owned());
        payment.attempts += 1;
        let attempt = Attempt {
            id: format!("{id}-{}", payment.attempts),
            payment: id.to_owned(),
            way: way.name().to_owned(),
            state: "open".into(),
            begun: base::stamp(tx.by().at),
        };
        let due = base::stamp(later(tx.by().at, ENQUIRY_FIRST_SECONDS));
        sql::insert_attempt(tx, &attempt, &due).await?;
        let payment = keep(tx, &before, payment, day).await?;
        Ok((payment, attempt))
    }

    /// Where the payer goes next.
    pub fn begun(
        &self,
        payment: &Payment,
        attempt: &Attempt,
        back: &str,
        at: jiff::Timestamp,
    ) -> Result<Begun, PaymentError> {
        Ok(self.way(&attempt.way)?.begin(payment, attempt, back, at))
    }

    /// Takes in what a way to pay says. Whatever it says, and however often, the books stay right.
    pub async fn report(&self, tx: &mut Tx, report: &Report, day: Date) -> Result<CameOfIt, PaymentError> {
        let attempt = sql::attempt(tx, &report.attempt).await?;
        let about = attempt.as_ref().map_or(report.attempt.as_str(), |attempt| attempt.payment.as_str());
        let before = sql::payment(tx, about).await?;
        self.report_of(tx, report, attempt, before, day).await
    }

    /// Takes in what a way to pay says of a payment as it stands now, or of none that is known.
    pub(crate) async fn report_of(
        &self,
        tx: &mut Tx,
        report: &Report,
        attempt: Option<Attempt>,
        before: Option<Payment>,
        day: Date,
    ) -> Result<CameOfIt, PaymentError> {
        let way = self.way(&report.way)?.clone();
        let Some(before) = before else {
            if !sql::insert_event(tx, report, "", CameOfIt::Unknown.as_str()).await? {
                self.repeated(tx, report).await?;
                return Ok(CameOfIt::Repeated);
            }
            self.unknown(tx, way.as_ref(), report, day).await?;
            return Ok(CameOfIt::Unknown);
        };
        let mut came_of_it = judge(&before, attempt.as_ref(), report);
        // A dispute that is heard of after its outcome is over already.
        let is_over = report.kind == Event::Dispute && sql::is_dispute_over(tx, &before.id).await?;
        if is_over {
            came_of_it = CameOfIt::Nothing;
        }
        if !sql::insert_event(tx, report, &before.id, came_of_it.as_str()).await? {
            self.repeated(tx, report).await?;
            return Ok(CameOfIt::Repeated);
        }
        if !is_over && before.state == State::Refunded && report.kind.takes_back() {
            let noted = found(tx, "dispute-after-refund", Some(&before), way.name(), report, day);
            difference::note(tx, &noted, day).await?;
        }
        if let Some(attempt) = &attempt {
            let state = match report.kind {
                Event::Succeed if came_of_it == CameOfIt::WrongAmount => "wrong-amount",
                Event::Succeed => "succeeded",
                Event::Fail => "failed",
                _ => attempt.state.as_str(),
            };
            if state != attempt.state {
                sql::close_attempt(tx, &attempt.id, state).await?;
            }
        }
        match &came_of_it {
            CameOfIt::Moved(State::Paid) if report.kind == Event::Succeed => {
                self.paid(tx, &before, way.as_ref(), report, day).await?;
            }
            CameOfIt::Moved(state) => {
                let mut payment = Payment { state: *state, ..before.clone() };
                self.disputes(tx, &before, way.as_ref(), report, day).await?;
                if report.kind == Event::LoseDispute {
                    payment.refunded = payment.amount;
                }
                keep(tx, &before, payment, day).await?;
            }
            CameOfIt::WrongAmount => self.suspend(tx, "amount", Some(&before), way.as_ref(), report, day).await?,
            CameOfIt::PaidTwice => self.suspend(tx, "paid-twice", Some(&before), way.as_ref(), report, day).await?,
            CameOfIt::Repeated | CameOfIt::Nothing | CameOfIt::Unknown => {}
        }
        Ok(came_of_it)
    }

    /// The very same message again, to the letter of its signature, is somebody who copied it, or a provider that was
    /// not answered: it changes nothing, and whoever operates the system sees it.
    async fn repeated(&self, tx: &mut Tx, report: &Report) -> Result<(), PaymentError> {
        if report.signature.is_empty() || !sql::was_heard_with(tx, report).await? {
            return Ok(());
        }
        let body = format!("{} {} {}", report.event, report.attempt, report.kind.as_str());
        self.alarm(tx, &report.way, "replayed", &body).await
    }

    /// Books the fee and writes the receipt.
    async fn paid(
        &self,
        tx: &mut Tx,
        before: &Payment,
        way: &dyn Way,
        report: &Report,
        day: Date,
    ) -> Result<(), PaymentError> {
        let mut payment = before.clone();
        payment.state = State::Paid;
        payment.way = Some(way.name().to_owned());
        payment.paid = Some(day.to_string());
        // What a rule lets somebody off was not received, and has no receipt.
        if way.brings_money() {
            payment.receipt = Some(sql::next_receipt(tx, &payment.entity, day).await?);
        }
        let memo = if way.brings_money() { "fee-paid" } else { "fee-waived" };
        let from = Account::new(&payment.entity, Purpose::Fees, payment.amount.currency);
        let to = way.account(&report.holder, payment.amount.currency);
        let id = format!("{}-paid", payment.id);
        ledger::post(tx, &Transfer::between(id, day, &payment.id, memo, from, to, payment.amount)).await?;
        if matches!(before.state, State::Expired | State::Cancelled) {
            let late = found(tx, "paid-late", Some(before), way.name(), report, day);
            difference::note(tx, &late, day).await?;
        }
        keep(tx, before, payment, day).await?;
        Ok(())
    }

    /// Money of which whoever reports it knows more than that it is not the fee: it waits in suspense as such.
    pub(crate) async fn suspend_as(
        &self,
        tx: &mut Tx,
        kind: &str,
        payment: Option<&Payment>,
        report: &Report,
        day: Date,
    ) -> Result<(), PaymentError> {
        let way = self.way(&report.way)?.clone();
        if sql::insert_event(tx, report, payment.map_or("", |payment| &payment.id), kind).await? {
            self.suspend(tx, kind, payment, way.as_ref(), report, day).await?;
        }
        Ok(())
    }

    /// Money that came and cannot be taken for the fee waits in suspense, and somebody is to look at it.
    async fn suspend(
        &self,
        tx: &mut Tx,
        kind: &str,
        payment: Option<&Payment>,
        way: &dyn Way,
        report: &Report,
        day: Date,
    ) -> Result<(), PaymentError> {
        let noted = found(tx, kind, payment, way.name(), report, day);
        difference::note(tx, &noted, day).await?;
        let Some(money) = report.money.filter(|money| money.minor > 0) else { return Ok(()) };
        let from = Account::new(super::TREASURY, Purpose::Suspense, money.currency);
        let to = way.account(&report.holder, money.currency);
        let id = noted.suspended();
        let about = payment.map_or(report.attempt.as_str(), |payment| payment.id.as_str());
        ledger::post(tx, &Transfer::between(id, day, about, "suspended", from, to, money)).await?;
        Ok(())
    }

    async fn unknown(&self, tx: &mut Tx, way: &dyn Way, report: &Report, day: Date) -> Result<(), PaymentError> {
        if report.kind == Event::Succeed { self.suspend(tx, "unknown", None, way, report, day).await } else { Ok(()) }
    }

    /// A dispute is shown to the finance desk until it is over; one that is lost takes the money out of the clearing
    /// account again.
    async fn disputes(
        &self,
        tx: &mut Tx,
        before: &Payment,
        way: &dyn Way,
        report: &Report,
        day: Date,
    ) -> Result<(), PaymentError> {
        if report.kind == Event::Dispute {
            let noted = found(tx, "disputed", Some(before), way.name(), report, day);
            difference::note(tx, &noted, day).await?;
        }
        if matches!(report.kind, Event::WinDispute | Event::LoseDispute) {
            difference::clear_all(tx, &before.id, "disputed", report.kind.as_str(), day).await?;
        }
        if report.kind != Event::LoseDispute {
            return Ok(());
        }
        let left = before.refundable();
        let to = Account::new(&before.entity, Purpose::DisputesLost, left.currency);
        let from = way.account(&report.holder, left.currency);
        let id = format!("{}-dispute-lost", before.id);
        ledger::post(tx, &Transfer::between(id, day, &before.id, "dispute-lost", from, to, left)).await?;
        Ok(())
    }

    /// Ends a payment that nobody is to pay any more. What cannot be ended stays as it is.
    pub async fn end(&self, tx: &mut Tx, id: &str, event: Event, day: Date) -> Result<Payment, PaymentError> {
        let before = self.get(tx, id).await?;
        let Some(state) = before.state.after(event) else { return Ok(before) };
        keep(tx, &before, Payment { state, ..before.clone() }, day).await
    }

    /// The payment, which must be there.
    pub async fn get(&self, db: &mut store::Session, id: &str) -> Result<Payment, PaymentError> {
        sql::payment(db, id).await?.ok_or_else(|| PaymentError::NoPayment(id.to_owned()))
    }

    /// The payment for a case, if it has a fee.
    pub async fn about(&self, db: &mut store::Session, case: &str) -> Result<Option<Payment>, PaymentError> {
        Ok(sql::payment_about(db, case).await?)
    }

    /// The payments of a payer, the last first.
    pub async fn of(&self, db: &mut store::Session, payer: &str, limit: i64) -> Result<Vec<Payment>, PaymentError> {
        Ok(sql::payments_of(db, payer, limit).await?)
    }

    /// How many payments a payer has.
    pub async fn count_of(&self, db: &mut store::Session, payer: &str) -> Result<i64, PaymentError> {
        Ok(sql::count_of(db, payer).await?)
    }

    /// What ways to pay have said of a payment, oldest first.
    pub async fn said(&self, db: &mut store::Session, id: &str) -> Result<Vec<super::Said>, PaymentError> {
        Ok(sql::events(db, id).await?)
    }

    /// Attempts of a payment that nobody has answered, the last first.
    pub async fn open_attempts(
        &self,
        db: &mut store::Session,
        id: &str,
        limit: i64,
    ) -> Result<Vec<Attempt>, PaymentError> {
        Ok(sql::open_attempts(db, id, limit).await?)
    }

    /// Attempts that a way has left without an answer and that are to be asked after now, at most `limit`. Each is noted as
    /// asked after: it comes again after a wait that grows each time, and after [`ABANDONED_DAYS`] days not any more. What is
    /// heard of it later counts none the less.
    pub async fn to_ask_after(&self, tx: &mut Tx, way: &str, limit: i64) -> Result<Vec<Attempt>, PaymentError> {
        let now = tx.by().at;
        let given_up = base::stamp(later(now, -ABANDONED_DAYS * 24 * 3_600));
        let mut attempts = Vec::new();
        for (attempt, enquiries) in sql::unanswered(tx, way, &base::stamp(now), limit).await? {
            // Also one that was never asked after in all that time is asked after once.
            let state = if attempt.begun < given_up { "abandoned" } else { "open" };
            sql::asked_after(tx, &attempt, &base::stamp(later(now, wait_seconds(enquiries))), state).await?;
            attempts.push(attempt);
        }
        Ok(attempts)
    }

    /// Notes a message that was not believed, so that whoever operates the system sees it.
    pub async fn alarm(&self, tx: &mut Tx, way: &str, reason: &str, body: &str) -> Result<(), PaymentError> {
        let body: String = body.chars().take(500).collect();
        Ok(sql::insert_alarm(tx, way, reason, &body).await?)
    }

    /// How many messages were not believed since the beginning.
    pub async fn alarm_count(&self, db: &mut store::Session) -> Result<i64, PaymentError> {
        Ok(sql::alarm_count(db).await?)
    }

    /// The last messages that were not believed.
    pub async fn alarms(&self, db: &mut store::Session, limit: i64) -> Result<Vec<super::Alarm>, PaymentError> {
        Ok(sql::alarms(db, limit).await?)
    }
}

/// How long after an attempt was begun it is asked after for the first time.
const ENQUIRY_FIRST_SECONDS: i64 = 60;
/// It is never waited longer than this from one time to the next.
const ENQUIRY_WAIT_SECONDS_MAX: i64 = 6 * 3_600;
/// For so many days an attempt is asked after.
pub const ABANDONED_DAYS: i64 = 14;

/// The wait after an attempt was asked after, which doubles each time.
fn wait_seconds(enquiries: i64) -> i64 {
    let doubled = u32::try_from(enquiries + 1).ok().and_then(|times| ENQUIRY_FIRST_SECONDS.checked_shl(times.min(30)));
    doubled.unwrap_or(i64::MAX).min(ENQUIRY_WAIT_SECONDS_MAX)
}

fn later(at: jiff::Timestamp, seconds: i64) -> jiff::Timestamp {
    at.checked_add(jiff::SignedDuration::from_secs(seconds)).unwrap_or(at)
}

/// What a report means for a payment as it stands.
fn judge(payment: &Payment, attempt: Option<&Attempt>, report: &Report) -> CameOfIt {
    if report.kind == Event::Succeed {
        // Another message of the success that was heard already is no second payment.
        let heard = attempt.map_or("", |attempt| attempt.state.as_str());
        let right = report.money == Some(payment.amount);
        if heard == "succeeded" || (heard == "wrong-amount" && !right) {
            return CameOfIt::Nothing;
        }
        if !right {
            return CameOfIt::WrongAmount;
        }
        return match payment.state.after(Event::Succeed) {
            Some(state) => CameOfIt::Moved(state),
            None => CameOfIt::PaidTwice,
        };
    }
    // An attempt that was given up for another says nothing of the payment any more.
    if attempt.is_some_and(|a| report.kind == Event::Fail && a.id != format!("{}-{}", payment.id, payment.attempts)) {
        return CameOfIt::Nothing;
    }
    match report.kind {
        Event::WinDispute if payment.refunded.minor > 0 => {
            payment.state.after(Event::WinDisputeOfRest).map_or(CameOfIt::Nothing, CameOfIt::Moved)
        }
        Event::Accept | Event::Fail | Event::Dispute | Event::WinDispute | Event::LoseDispute => {
            payment.state.after(report.kind).map_or(CameOfIt::Nothing, CameOfIt::Moved)
        }
        _ => CameOfIt::Nothing,
    }
}

fn found(tx: &Tx, kind: &str, payment: Option<&Payment>, way: &str, report: &Report, day: Date) -> Difference {
    let currency = report.money.map(|money| money.currency).or(payment.map(|p| p.amount.currency));
    Difference {
        id: format!("{way}-{}-{kind}", report.event),
        found: base::stamp(tx.by().at),
        day: day.to_string(),
        way: way.to_owned(),
        kind: kind.to_owned(),
        payment: payment.map(|payment| payment.id.clone()),
        currency: currency.unwrap_or(base::Currency::ILS),
        // What is owed in another currency is no amount of this one.
        ours: payment.filter(|payment| Some(payment.amount.currency) == currency).map(|payment| payment.amount.minor),
        theirs: report.money.map(|money| money.minor),
        cleared: None,
        cleared_by: None,
        note: None,
        proposal: None,
    }
}

/// Writes a payment that is still as it was seen, and the journal with it.
pub(crate) async fn keep(
    tx: &mut Tx,
    before: &Payment,
    mut payment: Payment,
    day: Date,
) -> Result<Payment, PaymentError> {
    payment.revision = before.revision + 1;
    if !sql::update_payment(tx, &payment).await? {
        return Err(PaymentError::MovedOn);
    }
    tx.record(payment.change(Some(before), day));
    Ok(payment)
}
