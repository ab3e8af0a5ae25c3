//! The fee of a case: it falls due, the case waits until it is paid, and goes on in the transaction in which it is.

use jiff::civil::Date;
use pay::{
    Alarm, Attempt, CameOfIt, Closed, Difference, Event, NewPayment, Payment, Refund, Report, Revenue, Said,
    Settlement, State, Taken,
    bank::{self, Imported, Statement},
    ledger,
    way::Begun,
};
use store::{By, Tx};

use crate::{Actor, Case, Cases, Service, ServiceError, Until, cases::state_of, sql};

/// All that the finance desk looks at.
#[derive(Debug, Clone)]
pub struct Books {
    pub revenue: Vec<Revenue>,
    /// Where the ledger does not agree with itself; nothing, if all is well.
    pub mistakes: Vec<ledger::Mistake>,
    pub differences: Vec<Difference>,
    pub asked: Vec<Refund>,
    pub approved: Vec<Refund>,
    pub handed_in: Vec<Settlement>,
    pub alarms: Vec<Alarm>,
    pub balances: Vec<ledger::Balance>,
}

/// What a person may see of a payment.
#[derive(Debug, Clone)]
pub struct PaymentView {
    pub payment: Payment,
    pub case: Case,
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
        match self.payments.ask_refund(tx, &payment.id, left, "by-rule", i64::MAX, today).await {
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

    /// The payments of an account, the last first.
    pub async fn payments_of(&self, account: &str, limit: i64) -> Result<Vec<Payment>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.of(&mut db, account, limit).await?)
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
    async fn fee_is_paid(&self, tx: &mut Tx, payment: &Payment, today: Date) -> Result<(), ServiceError> {
        let Some(case) = sql::case_by_reference(tx, &payment.about).await? else { return Ok(()) };
        let service = self.catalogue.version(&case.service, &case.version)?.clone();
        if state_of(&service, &case.state)?.until == Some(Until::Paid) {
            self.go_on(tx, &service, &case, "paid", today).await?;
        } else if case.outcome.is_some_and(|outcome| outcome != crate::Outcome::Granted) {
            // Somebody has to say so, because nobody asked for it.
            self.payments.ask_refund(tx, &payment.id, payment.amount.minor, "paid-late", 0, today).await?;
        }
        Ok(())
    }

    /// Takes in a statement of the bank: what is known to belong to a payment pays it, the rest waits for somebody to
    /// look at it. Whatever was taken in before is left alone, so that a statement may come twice.
    pub async fn import_statement(&self, by: By, statement: Statement) -> Result<Imported, ServiceError> {
        let mut db = self.store.read().await?;
        let (booked, known) = bank::new_reports(&mut db, &statement).await?;
        drop(db);
        let mut done = Imported { entries: booked.len() + known, known, ..Imported::default() };
        let today = self.calendar.local_date(by.at);
        // In portions, so that those who apply meanwhile do not wait long.
        for portion in booked.chunks(500) {
            let (this, portion, id) = (self.clone(), portion.to_vec(), statement.id.clone());
            let came: Vec<CameOfIt> = self
                .store
                .write(by.clone(), move |tx| {
                    let (this, portion, id) = (this.clone(), portion.clone(), id.clone());
                    Box::pin(async move {
                        let mut came = Vec::with_capacity(portion.len());
                        for entry in &portion {
                            came.push(this.reported_within(tx, &entry.report, today).await?);
                        }
                        bank::keep_entries(tx, &id, &portion, &came);
                        Ok::<_, ServiceError>(came)
                    })
                })
                .await?;
            for came in came {
                match came {
                    CameOfIt::Moved(_) => done.paid += 1,
                    CameOfIt::Repeated => done.known += 1,
                    _ => done.open += 1,
                }
            }
        }
        Ok(done)
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
                    for taken in &taken {
                        let report = Report {
                            way: way.clone(),
                            event: format!("settlement-{}", taken.attempt),
                            attempt: taken.attempt.clone(),
                            kind: Event::Succeed,
                            money: Some(taken.money),
                            holder: String::new(),
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

    /// Takes money that waits in suspense for a payment, and lets its case go on.
    pub async fn assign_difference(&self, by: By, difference: &str, payment: &str) -> Result<Payment, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, difference, payment) = (self.clone(), difference.to_owned(), payment.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, difference, payment) = (this.clone(), difference.clone(), payment.clone());
                Box::pin(async move {
                    let payment = this.payments.assign(tx, &difference, &payment, today).await?;
                    this.fee_is_paid(tx, &payment, today).await?;
                    Ok(payment)
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
        };
        self.reported(by, report).await
    }

    /// A payment as the finance desk and the agents see it, whoever's it is.
    pub async fn any_payment(&self, id: &str) -> Result<Option<Payment>, ServiceError> {
        let mut db = self.store.read().await?;
        found(self.payments.get(&mut db, id).await)
    }

    /// Runs a piece of work of the finance desk in a transaction, on the pack's today.
    pub async fn finance<T, F>(&self, by: By, work: F) -> Result<T, ServiceError>
    where
        T: Send + 'static,
        F: for<'a> Fn(&'a mut Tx, pay::Payments, Date) -> futures::future::BoxFuture<'a, Result<T, pay::PaymentError>>
            + Send
            + Sync
            + 'static,
    {
        let (today, payments) = (self.calendar.local_date(by.at), self.payments.clone());
        Ok(self.store.write(by, move |tx| work(tx, payments.clone(), today)).await?)
    }

    /// Asks for a refund; up to `alone` minor units nobody else has to approve it.
    pub async fn ask_refund(
        &self,
        by: By,
        id: &str,
        minor: i64,
        reason: &str,
        alone: i64,
    ) -> Result<Refund, ServiceError> {
        let (id, reason) = (id.to_owned(), reason.to_owned());
        self.finance(by, move |tx, payments, today| {
            let (id, reason) = (id.clone(), reason.clone());
            Box::pin(async move { payments.ask_refund(tx, &id, minor, &reason, alone, today).await })
        })
        .await
    }

    /// A second person approves a refund or refuses it.
    pub async fn decide_refund(&self, by: By, id: &str, approve: bool) -> Result<Refund, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move {
                if approve {
                    payments.approve_refund(tx, &id, today).await
                } else {
                    payments.refuse_refund(tx, &id).await
                }
            })
        })
        .await
    }

    /// Attempts of a payment that nobody has answered.
    pub async fn open_attempts(&self, payment: &Payment) -> Result<Vec<Attempt>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.open_attempts(&mut db, &payment.id).await?)
    }

    /// Attempts that a way has left without an answer since `before`.
    pub async fn unanswered(&self, way: &str, before: &str) -> Result<Vec<Attempt>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.unanswered(&mut db, way, before, 100).await?)
    }

    /// What ways to pay have said of a payment, oldest first.
    pub async fn said_of(&self, id: &str) -> Result<Vec<Said>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.said(&mut db, id).await?)
    }

    /// Notes a message that was not believed.
    pub async fn disbelieved(&self, by: By, way: &str, reason: &str, body: &str) -> Result<(), ServiceError> {
        let (way, reason, body) = (way.to_owned(), reason.to_owned(), body.to_owned());
        self.finance(by, move |tx, payments, _| {
            let (way, reason, body) = (way.clone(), reason.clone(), body.clone());
            Box::pin(async move { payments.alarm(tx, &way, &reason, &body).await })
        })
        .await
    }

    /// Says that the money of an approved refund has left.
    pub async fn refund_left(&self, by: By, id: &str) -> Result<Refund, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.refund_done(tx, &id, today).await })
        })
        .await
    }

    /// Sends money back that waits in suspense.
    pub async fn send_back(&self, by: By, difference: &str) -> Result<Refund, ServiceError> {
        let id = difference.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.send_back(tx, &id, today).await })
        })
        .await
    }

    /// Says how a difference was dealt with.
    pub async fn clear_difference(&self, by: By, id: &str, note: &str) -> Result<bool, ServiceError> {
        let (id, note) = (id.to_owned(), note.to_owned());
        self.finance(by, move |tx, payments, _| {
            let (id, note) = (id.clone(), note.clone());
            Box::pin(async move { payments.clear(tx, &id, &note).await })
        })
        .await
    }

    /// What is in the till of an agent, by currency.
    pub async fn till(&self, agent: &str) -> Result<Vec<ledger::Balance>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.till(&mut db, agent).await?)
    }

    /// An agent hands in cash.
    pub async fn hand_in(&self, by: By, money: base::Money) -> Result<Settlement, ServiceError> {
        self.finance(by, move |tx, payments, today| Box::pin(async move { payments.hand_in(tx, money, today).await }))
            .await
    }

    /// The finance desk has counted what an agent handed in, or sends it back.
    pub async fn decide_hand_in(&self, by: By, id: &str, counted: bool) -> Result<Settlement, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.decide_hand_in(tx, &id, counted, today).await })
        })
        .await
    }

    /// The payments that were paid from one day to another, both included.
    pub async fn paid_between(&self, from: &str, to: &str) -> Result<Vec<Payment>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.paid_between(&mut db, from, to, 100_000).await?)
    }

    /// All that the finance desk looks at.
    pub async fn books(&self, from: &str, to: &str) -> Result<Books, ServiceError> {
        let mut db = self.store.read().await?;
        let payments = &self.payments;
        Ok(Books {
            revenue: payments.revenue(&mut db, from, to).await?,
            mistakes: ledger::prove(&mut db).await?,
            differences: payments.differences(&mut db, 100).await?,
            asked: payments.refunds(&mut db, pay::RefundState::Asked, 100).await?,
            approved: payments.refunds(&mut db, pay::RefundState::Approved, 100).await?,
            handed_in: payments.handed_in(&mut db, 100).await?,
            alarms: payments.alarms(&mut db, 20).await?,
            balances: ledger::balances(&mut db, None).await.map_err(pay::PaymentError::from)?,
        })
    }

    /// A case, whoever's it is: for papers that prove themselves by their signature.
    pub async fn any_case(&self, reference: &str) -> Result<Option<Case>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::case_by_reference(&mut db, reference).await?)
    }

    /// Refunds in a state, oldest first.
    pub async fn refunds(&self, state: pay::RefundState) -> Result<Vec<Refund>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.refunds(&mut db, state, 200).await?)
    }

    /// What an account of the ledger holds.
    pub async fn balance(&self, account: &ledger::Account) -> Result<ledger::Balance, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(ledger::balance(&mut db, account).await.map_err(pay::PaymentError::from)?)
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
