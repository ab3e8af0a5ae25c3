//! The finance desk: refunds, differences, tills, and the books as a whole. Each piece of work is a transaction of its
//! own, on the pack's today.

use jiff::civil::Date;
use pay::{
    Alarm, Attempt, Channel, DayClose, Difference, LeftRefund, Payment, Refund, Revenue, Said, Settlement, Taking,
    Words, ledger, way::PayBack,
};
use store::{By, Tx};

use crate::{Case, Cases, ServiceError, sql};

/// What came and what left on some days, the oldest first.
#[derive(Debug, Clone)]
pub struct Movements {
    pub paid: Vec<Payment>,
    pub left: Vec<LeftRefund>,
}

/// All that the finance desk looks at.
#[derive(Debug, Clone)]
pub struct Books {
    pub revenue: Vec<Revenue>,
    /// Where the ledger does not agree with itself; nothing, if all is well.
    pub mistakes: Vec<ledger::Mistake>,
    pub differences: Vec<Difference>,
    /// How many differences there are, of which the first are listed.
    pub difference_count: i64,
    pub closes: Vec<DayClose>,
    pub asked: Vec<Refund>,
    pub approved: Vec<Refund>,
    pub handed_in: Vec<Settlement>,
    pub alarms: Vec<Alarm>,
    pub balances: Vec<ledger::Balance>,
}

/// Money that came by bank and that nobody could be found for, with what the bank says and the payments that it may be
/// meant for.
#[derive(Debug, Clone)]
pub struct Unmatched {
    pub difference: Difference,
    pub words: Words,
    /// Payments of the same amount, and their payers.
    pub like: Vec<(String, String)>,
}

/// The day of an agent.
#[derive(Debug, Clone)]
pub struct TillDay {
    pub holds: Vec<ledger::Balance>,
    pub takings: Vec<Taking>,
    pub handed_in: Vec<Settlement>,
}

impl Cases {
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
                    payments.refuse_refund(tx, &id, today).await
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

    /// Says how the money of an approved refund has left, and tells the payer.
    pub async fn refund_left(&self, by: By, id: &str, channel: Channel) -> Result<Refund, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, id) = (self.clone(), id.to_owned());
        self.store
            .write(by, move |tx| {
                let (this, id) = (this.clone(), id.clone());
                Box::pin(async move {
                    let refund = this.payments.refund_done(tx, &id, channel, today).await?;
                    this.tell_paid_back(tx, &refund, channel, today).await?;
                    Ok(refund)
                })
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
    pub async fn clear_difference(&self, by: By, id: &str, note: &str) -> Result<(), ServiceError> {
        let (id, note) = (id.to_owned(), note.to_owned());
        self.finance(by, move |tx, payments, today| {
            let (id, note) = (id.clone(), note.clone());
            Box::pin(async move { payments.clear(tx, &id, &note, today).await })
        })
        .await
    }

    /// The money of a difference is booked elsewhere already, or is none of ours.
    pub async fn booked_elsewhere(&self, by: By, id: &str, note: &str) -> Result<(), ServiceError> {
        let (id, note) = (id.to_owned(), note.to_owned());
        self.finance(by, move |tx, payments, today| {
            let (id, note) = (id.clone(), note.clone());
            Box::pin(async move { payments.booked_elsewhere(tx, &id, &note, today).await })
        })
        .await
    }

    /// What a provider has kept is a charge for its work.
    pub async fn charged(&self, by: By, id: &str) -> Result<(), ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.charged(tx, &id, today).await })
        })
        .await
    }

    /// The account to which a refund is to go.
    pub async fn refund_to(&self, by: By, id: &str, iban: &str) -> Result<Refund, ServiceError> {
        let (id, iban) = (id.to_owned(), iban.to_owned());
        self.finance(by, move |tx, payments, today| {
            let (id, iban) = (id.clone(), iban.clone());
            Box::pin(async move { payments.refund_to(tx, &id, &iban, today).await })
        })
        .await
    }

    /// Lets an approved refund set out; where it goes back by a provider, what to tell it. That it is told is written
    /// down when this returns.
    pub async fn refund_sets_out(&self, by: By, id: &str) -> Result<(Refund, Option<PayBack>), ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.set_out(tx, &id, today).await })
        })
        .await
    }

    /// How many messages were not believed, and how many differences are open: for whoever operates the system.
    pub async fn watched(&self) -> Result<(i64, i64), ServiceError> {
        let mut db = self.store.read().await?;
        Ok((self.payments.alarm_count(&mut db).await?, self.payments.difference_count(&mut db).await?))
    }

    /// The day of an agent: what is in the till, what was taken today, what was handed in so far.
    pub async fn till_day(&self, agent: &str, today: Date) -> Result<TillDay, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(TillDay {
            holds: self.payments.till(&mut db, agent).await?,
            takings: self.payments.takings(&mut db, agent, today).await?,
            handed_in: self.payments.handed_in_by(&mut db, agent, 20).await?,
        })
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

    /// What was paid and what left again from one day to another, both included; `None` where there is more of either
    /// than a limit: a list from which something is missing would be believed.
    pub async fn movements(&self, from: &str, to: &str, limit: usize) -> Result<Option<Movements>, ServiceError> {
        let mut db = self.store.read().await?;
        let one_more = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let movements = Movements {
            paid: self.payments.paid_between(&mut db, from, to, one_more).await?,
            left: self.payments.refunds_left(&mut db, from, to, one_more).await?,
        };
        Ok(Some(movements).filter(|all| all.paid.len() <= limit && all.left.len() <= limit))
    }

    /// All that the finance desk looks at.
    pub async fn books(&self, from: &str, to: &str) -> Result<Books, ServiceError> {
        let mut db = self.store.read().await?;
        let payments = &self.payments;
        Ok(Books {
            revenue: payments.revenue(&mut db, from, to).await?,
            mistakes: [ledger::prove(&mut db).await?, pay::prove_suspense(&mut db).await?].concat(),
            differences: payments.differences(&mut db, 100).await?,
            difference_count: payments.difference_count(&mut db).await?,
            closes: payments.closes(&mut db, 12).await?,
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
}
