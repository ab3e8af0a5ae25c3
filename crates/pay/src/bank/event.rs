//! What an entry means, and how it is booked: a fee, a charge, a refund that left, a reversal or a return.

use std::collections::{HashMap, HashSet};

use base::Money;
use jiff::civil::Date;
use store::{StoreError, Tx};

use super::{
    Entry, Part,
    entry::is_charge,
    reference::{is_named_in, sent_back_in},
    sql::{self, Booked},
    take_in::Took,
};
use crate::{
    CameOfIt, Channel, Difference, Event, Payment, PaymentError, Payments, Refund, RefundState, Report, State,
    TREASURY, difference,
    ledger::{self, Account, Purpose, Transfer},
    payment::sql as payments,
};

/// What came of an entry or a part of one, and the payment or refund that it was about.
pub(super) struct Came {
    pub what: String,
    pub about: Option<String>,
}

impl Came {
    pub fn only(what: &str) -> Came {
        Came { what: what.to_owned(), about: None }
    }

    fn about(what: &str, id: &str) -> Came {
        Came { what: what.to_owned(), about: Some(id.to_owned()) }
    }
}

/// Whoever books a portion of entries, with the payments that they name.
pub(super) struct Desk<'a> {
    payments: &'a Payments,
    statement: String,
    today: Date,
    /// As they stand now; `None` where there is no such payment.
    known: HashMap<String, Option<Payment>>,
    /// Those that were written since they were read.
    written: HashSet<String>,
}

/// The way by which money comes to a bank.
const WAY: &str = "transfer";

impl<'a> Desk<'a> {
    pub fn new(payments: &'a Payments, statement: String, today: Date) -> Desk<'a> {
        Desk { payments, statement, today, known: HashMap::new(), written: HashSet::new() }
    }

    /// Finds the payments that are named, all in one question.
    pub async fn look_up(&mut self, tx: &mut Tx, mut named: Vec<String>) -> Result<(), StoreError> {
        named.sort_unstable();
        named.dedup();
        named.retain(|id| !self.known.contains_key(id));
        for payment in payments::payments_among(tx, &named).await? {
            self.known.insert(payment.id.clone(), Some(payment));
        }
        for id in named {
            self.known.entry(id).or_default();
        }
        Ok(())
    }

    /// Those of some payments that there are, as they stand now.
    fn known(&self, named: &[String]) -> Vec<Payment> {
        named.iter().filter_map(|id| self.known.get(id)?.clone()).collect()
    }

    pub fn knows_any(&self, named: &[String]) -> bool {
        named.iter().any(|id| self.known.get(id).is_some_and(Option::is_some))
    }

    /// An entry that names several payments whose fees come to its sum is one for each of them.
    pub fn split(&self, entry: &Entry, part: &Part) -> Option<Vec<Part>> {
        let named = self.known(&part.named);
        let fits = |payment: &Payment| Some(payment.amount.currency) == entry.currency && can_be_paid(payment);
        let owed: i64 = named.iter().map(|payment| payment.amount.minor).fold(0, i64::saturating_add);
        if named.len() < 2 || owed != entry.minor || !named.iter().all(fits) {
            return None;
        }
        let one = |payment: &Payment| Part {
            minor: payment.amount.minor,
            named: vec![payment.id.clone()],
            charges: 0,
            instructed: None,
            ..part.clone()
        };
        Some(named.iter().map(one).collect())
    }

    /// Books an entry or a part of one.
    pub async fn book(
        &mut self,
        tx: &mut Tx,
        id: &str,
        entry: &Entry,
        part: &Part,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        let Some(currency) = entry.currency else { return Ok(Came::only("aside-currency")) };
        self.read_again(tx, &part.named).await?;
        let money = Money { minor: part.minor.abs(), currency };
        if money.minor == 0 {
            return Ok(Came::only("nothing"));
        }
        let is_credit = entry.is_credit == (part.minor > 0);
        let code = if part.code.is_empty() { &entry.code } else { &part.code };
        let goes_back = entry.is_reversal || entry.part.returned.is_some() || part.returned.is_some();
        if is_charge(code) {
            return self.charge(tx, id, money, is_credit, took).await;
        }
        match (is_credit, goes_back) {
            (true, false) => self.came(tx, id, entry, part, money, took).await,
            (true, true) => self.came_back(tx, id, entry, part, money, took).await,
            (false, true) => self.undo(tx, id, entry, part, money, took).await,
            (false, false) => self.left(tx, id, entry, part, money, took).await,
        }
    }

    /// What the bank takes for its work, or gives back of it.
    async fn charge(
        &mut self,
        tx: &mut Tx,
        id: &str,
        money: Money,
        is_credit: bool,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        let charges = Account::new(TREASURY, Purpose::Charges, money.currency);
        let treasury = Account::new(TREASURY, Purpose::Treasury, money.currency);
        let (from, to) = if is_credit { (charges, treasury) } else { (treasury, charges) };
        let name = format!("{WAY}-{id}-charge");
        let about = &self.statement;
        ledger::post(tx, &Transfer::between(name, self.today, about, "charged", from, to, money)).await?;
        took.done.charges += 1;
        Ok(Came::only("charge"))
    }

    /// Money that came.
    async fn came(
        &mut self,
        tx: &mut Tx,
        id: &str,
        entry: &Entry,
        part: &Part,
        money: Money,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        let named = self.known(&part.named);
        let right = |payment: &&Payment| payment.amount == money && can_be_paid(payment);
        let mut exact = named.iter().filter(right);
        let about = match (named.as_slice(), exact.next(), exact.next()) {
            ([only], ..) => Some(only.clone()),
            (_, Some(one), None) => Some(one.clone()),
            _ => None,
        };
        let attempt = about.as_ref().map(|payment| payment.id.clone());
        let report = report(id, attempt.or_else(|| part.named.first().cloned()), Event::Succeed, money);
        let kind = match &about {
            None if named.len() > 1 => Some("several"),
            None if entry.is_uneven => Some("uneven"),
            Some(payment) if is_short_by_charges(payment, part, money) => Some("charges"),
            _ => None,
        };
        if let Some(kind) = kind {
            self.payments.suspend_as(tx, kind, about.as_ref(), &report, self.today).await?;
            took.done.open += 1;
            return Ok(Came { what: kind.to_owned(), about: about.map(|payment| payment.id) });
        }
        let came = self.payments.report_of(tx, &report, None, about.clone(), self.today).await?;
        match came {
            CameOfIt::Moved(State::Paid) => {
                took.done.paid += 1;
                took.paid.extend(about.clone());
            }
            CameOfIt::Repeated => took.done.known += 1,
            _ => took.done.open += 1,
        }
        let id = about.map(|payment| payment.id);
        self.written.extend(id.clone());
        Ok(Came { what: came.as_str().to_owned(), about: id })
    }

    /// Money that had left and is back: a charge that the bank takes back, or a refund that did not arrive. Whatever else
    /// it is, it is money that came.
    async fn came_back(
        &mut self,
        tx: &mut Tx,
        id: &str,
        entry: &Entry,
        part: &Part,
        money: Money,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        if let Some(refund) = self.refund_named(tx, part, &[RefundState::Done]).await? {
            let payment = payments::payment(tx, &refund.payment).await?;
            let report = report(id, Some(refund.payment.clone()), Event::Succeed, money);
            self.payments.suspend_as(tx, "returned", payment.as_ref(), &report, self.today).await?;
            (took.done.reversed, took.done.open) = (took.done.reversed + 1, took.done.open + 1);
            return Ok(Came::about("returned", &refund.id));
        }
        let earlier = sql::earlier(tx, entry, part, money, false).await?;
        if earlier.is_some_and(|earlier| earlier.came_of_it == "charge") {
            return self.charge(tx, id, money, true, took).await;
        }
        self.came(tx, id, entry, part, money, took).await
    }

    /// The bank takes back what came. What lies in suspense is taken out of it, a fee that was paid by it is lost; what
    /// cannot be undone is a question to somebody.
    async fn undo(
        &mut self,
        tx: &mut Tx,
        id: &str,
        entry: &Entry,
        part: &Part,
        money: Money,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        took.done.reversed += 1;
        let earlier: Option<Booked> = sql::earlier(tx, entry, part, money, true).await?;
        if let Some(earlier) = &earlier
            && self.payments.take_out_of_suspense(tx, WAY, &earlier.id, "reversed", self.today).await?
        {
            return Ok(Came { what: "undone".into(), about: earlier.payment.clone() });
        }
        let mut named = self.known(&part.named);
        if named.is_empty()
            && let Some(payment) = earlier.as_ref().and_then(|earlier| earlier.payment.as_deref())
        {
            named.extend(payments::payment(tx, payment).await?);
        }
        let owed: i64 = named.iter().map(|payment| payment.refundable().minor).fold(0, i64::saturating_add);
        let by_bank = |payment: &Payment| {
            payment.way.as_deref() == Some(WAY)
                && payment.amount.currency == money.currency
                && payment.state.after(Event::LoseDispute).is_some()
        };
        if named.len() > 1 && owed == money.minor && named.iter().all(by_bank) {
            for (number, payment) in (1..).zip(&named) {
                let event = format!("{id}/{number}");
                let report = report(&event, Some(payment.id.clone()), Event::LoseDispute, payment.refundable());
                self.payments.report_of(tx, &report, None, Some(payment.clone()), self.today).await?;
                self.written.insert(payment.id.clone());
                self.note(tx, "reversed", &event, Some(payment), payment.refundable()).await?;
            }
            return Ok(Came::only("undone"));
        }
        let payment = named.first().filter(|_| named.len() == 1).cloned();
        let Some(payment) = payment else {
            self.note(tx, "reversed", id, None, money).await?;
            return Ok(Came::only("question"));
        };
        let by_bank = payment.way.as_deref() == Some(WAY);
        let report = report(id, Some(payment.id.clone()), Event::LoseDispute, money);
        let mut came = CameOfIt::Nothing;
        if by_bank && payment.refundable() == money {
            came = self.payments.report_of(tx, &report, None, Some(payment.clone()), self.today).await?;
            self.written.insert(payment.id.clone());
        }
        // Whoever has the case of it has to know, also where all is undone.
        self.note(tx, "reversed", id, Some(&payment), money).await?;
        let what = if matches!(came, CameOfIt::Moved(_)) { "undone" } else { "question" };
        Ok(Came::about(what, &payment.id))
    }

    /// Money that left: a refund, or something that is not booked here.
    async fn left(
        &mut self,
        tx: &mut Tx,
        id: &str,
        _: &Entry,
        part: &Part,
        money: Money,
        took: &mut Took,
    ) -> Result<Came, PaymentError> {
        let Some(refund) = self.refund_named(tx, part, &[RefundState::Approved, RefundState::Done]).await? else {
            took.done.others += 1;
            return Ok(Came::only("other"));
        };
        if sql::has_left(tx, &refund.id).await? {
            self.note_refund(tx, "refund-twice", id, &refund, money).await?;
            took.done.reversed += 1;
            return Ok(Came::about("question", &refund.id));
        }
        if refund.amount != money || self.payments.goes_back_by_its_way(&refund) {
            self.note_refund(tx, "refund-otherwise", id, &refund, money).await?;
            took.done.reversed += 1;
            return Ok(Came::about("question", &refund.id));
        }
        if refund.state == RefundState::Approved && refund.told.is_none() {
            let refund = self.payments.refund_done(tx, &refund.id, Channel::Bank, self.today).await?;
            took.done.left += 1;
            took.left.push(refund);
        }
        // One of which somebody said by hand that it has left is only confirmed.
        Ok(Came::about("left", &refund.id))
    }

    /// The refund that the words of an entry name.
    async fn refund_named(
        &self,
        tx: &mut Tx,
        part: &Part,
        states: &[RefundState],
    ) -> Result<Option<Refund>, PaymentError> {
        let mut refunds = Vec::new();
        for payment in &part.named {
            refunds.extend(payments::refunds_of(tx, payment).await?);
        }
        for id in sent_back_in(&part.words) {
            refunds.extend(payments::refund(tx, &id).await?);
        }
        refunds.retain(|refund| states.contains(&refund.state) && is_named_in(&refund.id, &part.words));
        Ok(refunds.into_iter().next())
    }

    /// A notification says what money is that came before it and lies in suspense as nobody's. Where its parts are the fees
    /// of payments, it is taken for these; the entry that is settled by it.
    pub async fn explain(
        &mut self,
        tx: &mut Tx,
        entry: &Entry,
        parts: &[Part],
        took: &mut Took,
    ) -> Result<Option<String>, PaymentError> {
        let Some(money) = entry.money() else { return Ok(None) };
        let Some(booked) = sql::unknown_like(tx, entry, money).await? else { return Ok(None) };
        let named: Vec<String> = parts.iter().flat_map(|part| part.named.iter().cloned()).collect();
        self.read_again(tx, &named).await?;
        let known = self.known(&named);
        let owed: i64 = known.iter().map(|payment| payment.amount.minor).fold(0, i64::saturating_add);
        let fits = |payment: &Payment| payment.amount.currency == money.currency && can_be_paid(payment);
        if known.is_empty() || owed != money.minor || !known.iter().all(fits) {
            return Ok(None);
        }
        let ids: Vec<String> = known.iter().map(|payment| payment.id.clone()).collect();
        let difference = format!("{WAY}-{}-unknown", booked.id);
        if difference::sql::one(tx, &difference).await?.is_none() {
            return Ok(None);
        }
        let paid = match self.payments.assign_to(tx, &difference, &ids, self.today).await {
            Ok(paid) => paid,
            // Somebody has proposed something about the money, or it is their own fee: people go on with it.
            Err(PaymentError::Waits | PaymentError::SamePerson(_)) => return Ok(None),
            Err(other) => return Err(other),
        };
        took.done.paid += paid.len();
        for payment in &paid {
            self.written.insert(payment.id.clone());
        }
        took.paid.extend(paid);
        Ok(Some(booked.id))
    }

    /// What was written of payments by entries before is to be seen by one that names them, too.
    pub async fn read_again(&mut self, tx: &mut Tx, named: &[String]) -> Result<(), StoreError> {
        for id in named {
            if self.written.remove(id) {
                let now = payments::payment(tx, id).await?;
                self.known.insert(id.clone(), now);
            }
        }
        Ok(())
    }

    async fn note_refund(
        &self,
        tx: &mut Tx,
        kind: &str,
        id: &str,
        refund: &Refund,
        money: Money,
    ) -> Result<(), PaymentError> {
        let ours = Some(refund.amount).filter(|amount| amount.currency == money.currency);
        let difference = Difference {
            payment: Some(refund.payment.clone()).filter(|id| !id.is_empty()),
            ours: ours.map(|amount| amount.minor),
            ..self.difference(tx, kind, id, money)
        };
        difference::note(tx, &difference, self.today).await?;
        Ok(())
    }

    async fn note(
        &self,
        tx: &mut Tx,
        kind: &str,
        id: &str,
        payment: Option<&Payment>,
        money: Money,
    ) -> Result<(), PaymentError> {
        let ours = payment.filter(|payment| payment.amount.currency == money.currency);
        let difference = Difference {
            payment: payment.map(|payment| payment.id.clone()),
            ours: ours.map(|payment| payment.amount.minor),
            ..self.difference(tx, kind, id, money)
        };
        difference::note(tx, &difference, self.today).await?;
        Ok(())
    }

    fn difference(&self, tx: &Tx, kind: &str, id: &str, money: Money) -> Difference {
        Difference {
            id: format!("{WAY}-{id}-{kind}"),
            found: base::stamp(tx.by().at),
            day: self.today.to_string(),
            way: WAY.into(),
            kind: kind.into(),
            payment: None,
            currency: money.currency,
            ours: None,
            theirs: Some(money.minor),
            cleared: None,
            cleared_by: None,
            note: None,
            proposal: None,
        }
    }
}

fn can_be_paid(payment: &Payment) -> bool {
    payment.state.after(Event::Succeed).is_some()
}

/// Whether money is less than a fee by exactly what the bank says was deducted, or the payer gave the whole fee.
fn is_short_by_charges(payment: &Payment, part: &Part, money: Money) -> bool {
    let owed = payment.amount;
    let is_short = owed.currency == money.currency && money.minor < owed.minor && can_be_paid(payment);
    is_short && (money.minor.saturating_add(part.charges) == owed.minor || part.instructed == Some(owed))
}

fn report(id: &str, attempt: Option<String>, kind: Event, money: Money) -> Report {
    Report {
        way: WAY.into(),
        event: id.to_owned(),
        attempt: attempt.unwrap_or_else(|| "none".into()),
        kind,
        money: Some(money),
        holder: String::new(),
        signature: String::new(),
    }
}
