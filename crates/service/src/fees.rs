//! The fee of a case: it falls due, the case waits until it is paid, and goes on in the transaction in which it is.

use jiff::civil::Date;
use pay::{CameOfIt, Closed, Event, NewPayment, Payment, Report, State, Taken, way::Begun};
use store::{By, Tx};

use crate::{Actor, Case, Cases, Outcome, Service, ServiceError, Until, cases::state_of, sql};

/// What a person may see of a payment.
#[derive(Debug, Clone)]
pub struct PaymentView {
    pub payment: Payment,
    pub case: Case,
}

/// Whether the certificate of a case is given: whoever has not paid what is due with it does not get it. A fee that a rule
/// waives is settled without a receipt, and one that was paid back later had one.
pub fn gives_certificate(case: &Case, owed: Option<&Payment>) -> bool {
    let settled = |payment: &Payment| payment.receipt.is_some() || payment.state.is_settled();
    case.outcome == Some(Outcome::Granted) && owed.is_none_or(settled)
}

impl Cases {
    /// Whether the case has a fee that is not settled. A fee that a rule waives is settled when the rule is applied.
    pub(crate) async fn owes(&self, tx: &mut Tx, service: &Service, case: &Case) -> Result<bool, ServiceError> {
        if service.fee(&case.answers).is_none_or(|fee| fee.amount.minor == 0) {
            return Ok(false);
        }
        if case.reference.is_empty() {
            return Ok(true);
        }
        let payment = self.payments.about(tx, &case.reference).await?;
        Ok(payment.is_none_or(|payment| !payment.state.is_settled()))
    }

    /// Quotes the fee of a case that now waits for it; where a rule waives it, the case goes on at once.
    pub(crate) async fn fee_falls_due(
        &self,
        tx: &mut Tx,
        service: &Service,
        case: Case,
        today: Date,
    ) -> Result<Case, ServiceError> {
        let waits = state_of(service, &case.state)?.until == Some(Until::Paid);
        if !waits || !self.quote_fee(tx, service, &case, today).await? {
            return Ok(case);
        }
        self.go_on(tx, service, &case, "waived", today).await
    }

    /// Quotes the fee of a case; whether a rule waived it.
    pub(crate) async fn quote_fee(
        &self,
        tx: &mut Tx,
        service: &Service,
        case: &Case,
        today: Date,
    ) -> Result<bool, ServiceError> {
        let Some(fee) = service.fee(&case.answers).filter(|fee| fee.amount.minor > 0) else { return Ok(false) };
        let new = NewPayment {
            about: case.reference.clone(),
            service: case.service.clone(),
            entity: service.definition.owner.to_string(),
            payer: case.applicant.clone(),
            payer_name: case.applicant_name.clone(),
            amount: fee.amount,
            opened: today,
            expires: case.due.as_deref().and_then(|day| day.parse().ok()),
            fee: service.fee_decision(&case.answers).unwrap_or_default(),
            random: seed(&case.reference),
        };
        let payment = self.payments.quote(tx, new).await?;
        if fee.waiver.is_none() || !payment.state.can_be_paid() {
            return Ok(false);
        }
        let waived = Report {
            way: "waiver".into(),
            event: payment.id.clone(),
            attempt: payment.id.clone(),
            kind: Event::Succeed,
            money: Some(payment.amount),
            holder: String::new(),
            signature: String::new(),
        };
        self.payments.report(tx, &waived, today).await?;
        Ok(true)
    }

    /// Lets a case go on that waited for its fee.
    async fn go_on(
        &self,
        tx: &mut Tx,
        service: &Service,
        before: &Case,
        action: &str,
        today: Date,
    ) -> Result<Case, ServiceError> {
        let mut case = before.clone();
        case.action = action.into();
        case.note = None;
        self.arrive(tx, service, &mut case, today).await?;
        self.keep(tx, service, before, case, today).await
    }

    /// A case that is closed is not to be paid any more.
    pub(crate) async fn end_payment(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<(), ServiceError> {
        let Some(payment) = self.payments.about(tx, &case.reference).await? else { return Ok(()) };
        let event = if case.outcome == Some(crate::Outcome::Lapsed) { Event::Expire } else { Event::Cancel };
        self.payments.end(tx, &payment.id, event, today).await?;
        Ok(())
    }

    /// Pays back what was paid for a case, as its service promises; the rule is the second person.
    pub(crate) async fn refund_fee(&self, tx: &mut Tx, case: &Case, today: Date) -> Result<(), ServiceError> {
        let Some(payment) = self.payments.about(tx, &case.reference).await? else { return Ok(()) };
        let left = payment.refundable().minor;
        if left == 0 {
            return Ok(());
        }
        match self.payments.refund_by_rule(tx, &payment.id, today).await {
            Err(pay::PaymentError::TooMuch(_)) => Ok(()),
            // What was never paid, or waived, cannot go back.
            Ok(_) | Err(pay::PaymentError::NotRefundable(_)) => Ok(()),
            Err(other) => Err(other.into()),
        }
    }

    /// A payment, if the actor may know of its case.
    pub async fn payment(&self, actor: &Actor, id: &str) -> Result<Option<PaymentView>, ServiceError> {
        let mut db = self.store.read().await?;
        let Some(payment) = found(self.payments.get(&mut db, id).await)? else { return Ok(None) };
        let case = sql::case_by_reference(&mut db, &payment.about).await?;
        Ok(case.filter(|case| self.may_see(actor, case)).map(|case| PaymentView { payment, case }))
    }

    /// The payment of a case that the actor may see.
    pub async fn payment_of(&self, case: &Case) -> Result<Option<Payment>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.about(&mut db, &case.reference).await?)
    }

    /// The payments of an account, the last first, and how many there are.
    pub async fn payments_of(&self, account: &str, limit: i64) -> Result<(Vec<Payment>, i64), ServiceError> {
        let mut db = self.store.read().await?;
        Ok((self.payments.of(&mut db, account, limit).await?, self.payments.count_of(&mut db, account).await?))
    }

    /// The payer sets out to pay in one of the ways; where to go next. `back` is the address to come back to.
    pub async fn start_payment(
        &self,
        by: By,
        actor: &Actor,
        id: &str,
        way: &str,
        back: &str,
    ) -> Result<(Payment, Begun), ServiceError> {
        let view = self.payment(actor, id).await?.filter(|view| view.payment.payer == actor.account);
        view.ok_or_else(|| pay::PaymentError::NoPayment(id.to_owned()))?;
        if !self.payments.way(way)?.can_be_chosen() {
            return Err(pay::PaymentError::NoWay(way.to_owned()).into());
        }
        let (today, at) = (self.calendar.local_date(by.at), by.at);
        let (this, id, way, back) = (self.clone(), id.to_owned(), way.to_owned(), back.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, id, way, back) = (this.clone(), id.clone(), way.clone(), back.clone());
                Box::pin(async move {
                    let (payment, attempt) = this.payments.start(tx, &id, &way, today).await?;
                    let begun = this.payments.begun(&payment, &attempt, &back, at)?;
                    Ok((payment, begun))
                })
            })
            .await
    }

    /// Takes in what a way to pay says; where the fee is then paid, its case goes on in the same transaction.
    pub async fn reported(&self, by: By, report: Report) -> Result<CameOfIt, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let this = self.clone();
        self.store
            .write(by, move |tx| {
                let (this, report) = (this.clone(), report.clone());
                Box::pin(async move { this.reported_within(tx, &report, today).await })
            })
            .await
    }

    async fn reported_within(&self, tx: &mut Tx, report: &Report, today: Date) -> Result<CameOfIt, ServiceError> {
        let came_of_it = self.payments.report(tx, report, today).await?;
        if came_of_it != CameOfIt::Moved(State::Paid) || report.kind != Event::Succeed {
            return Ok(came_of_it);
        }
        let id = report.attempt.get(..12).unwrap_or(&report.attempt);
        let payment = self.payments.get(tx, id).await?;
        self.fee_is_paid(tx, &payment, today).await?;
        Ok(came_of_it)
    }

    /// Lets the case of a paid fee go on; where the case is closed meanwhile, the money is to go back.
    pub(crate) async fn fee_is_paid(&self, tx: &mut Tx, payment: &Payment, today: Date) -> Result<(), ServiceError> {
        let Some(case) = sql::case_by_reference(tx, &payment.about).await? else { return Ok(()) };
        let service = self.catalogue.version(&case.service, &case.version)?.clone();
        if state_of(&service, &case.state)?.until == Some(Until::Paid) {
            self.go_on(tx, &service, &case, "paid", today).await?;
        } else if case.outcome.is_some_and(|outcome| outcome != crate::Outcome::Granted) {
            // Somebody has to say so, because nobody asked for it.
            self.payments.ask_for_late(tx, &payment.id, today).await?;
        }
        Ok(())
    }

    /// Closes a day of a way to pay with what its provider says it took. What we did not know of is taken in, and its
    /// case goes on.
    pub async fn close_day(&self, by: By, way: &str, day: Date, taken: Vec<Taken>) -> Result<Closed, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, way) = (self.clone(), way.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, way, taken) = (this.clone(), way.clone(), taken.clone());
                Box::pin(async move {
                    let mut found = 0;
                    for taken in taken.iter().filter(|taken| taken.refund.is_none()) {
                        let report = Report {
                            way: way.clone(),
                            event: format!("settlement-{}", taken.attempt),
                            attempt: taken.attempt.clone(),
                            kind: Event::Succeed,
                            money: Some(taken.money),
                            holder: String::new(),
                            signature: String::new(),
                        };
                        let came_of_it = this.reported_within(tx, &report, today).await?;
                        found += usize::from(matches!(came_of_it, CameOfIt::Moved(_) | CameOfIt::WrongAmount));
                    }
                    let closed = this.payments.close(tx, &way, day, &taken).await?;
                    Ok(Closed { found, ..closed })
                })
            })
            .await
    }

    /// An agent has taken cash for a payment.
    pub async fn cash_taken(&self, by: By, agent: &str, id: &str) -> Result<CameOfIt, ServiceError> {
        let mut db = self.store.read().await?;
        let payment = self.payments.get(&mut db, id).await?;
        drop(db);
        if !payment.state.can_be_paid() {
            return Err(pay::PaymentError::NotPayable(payment.state).into());
        }
        let report = Report {
            way: "cash".into(),
            event: format!("{id}-cash"),
            attempt: id.to_owned(),
            kind: Event::Succeed,
            money: Some(payment.amount),
            holder: agent.to_owned(),
            signature: String::new(),
        };
        self.reported(by, report).await
    }

    /// A payment as the finance desk and the agents see it, whoever's it is.
    pub async fn any_payment(&self, id: &str) -> Result<Option<Payment>, ServiceError> {
        let mut db = self.store.read().await?;
        found(self.payments.get(&mut db, id).await)
    }

    /// The payments, for whoever reads them.
    pub fn payments(&self) -> &pay::Payments {
        &self.payments
    }
}

fn found(payment: Result<Payment, pay::PaymentError>) -> Result<Option<Payment>, ServiceError> {
    match payment {
        Ok(payment) => Ok(Some(payment)),
        Err(pay::PaymentError::NoPayment(_)) => Ok(None),
        Err(other) => Err(other.into()),
    }
}

/// A number from a reference, which was itself drawn by chance (FNV-1a).
fn seed(reference: &str) -> u64 {
    reference.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
