//! The finance desk: refunds, differences, tills, and the books as a whole. Each piece of work is a transaction of its
//! own, on the pack's today.

use jiff::civil::Date;
use pay::{
    Alarm, Attempt, Channel, DayClose, Debtor, Difference, LeftRefund, Order, Payment, Refund, RefundProposal,
    Resolution, Revenue, Said, Settlement, Taking, Words, ledger,
    persons::{OwnHand, TwoPersons},
    way::PayBack,
};
use store::{By, Tx};

use crate::{Case, Cases, ServiceError, sql};

/// So many of what is over are shown, the last ones: closes, orders, statements, alarms, what an agent handed in.
pub const LAST_SHOWN: i64 = 50;
/// So many transfers are proved in one transaction.
const PROVED_AT_ONCE: i64 = 1_000;

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
    /// The first refunds that wait, and how many there are.
    pub asked: Vec<Refund>,
    pub asked_count: i64,
    /// The first that are approved and have not left, and how many there are.
    pub approved: Vec<Refund>,
    pub approved_count: i64,
    /// How many refunds the next order to the bank would have.
    pub to_order: i64,
    /// The orders that were made last.
    pub orders: Vec<Order>,
    /// The first that nobody has counted, and how many there are.
    pub handed_in: Vec<Settlement>,
    pub handed_in_count: i64,
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
    /// What was taken, by currency, and in how many slips; of which the last are listed.
    pub taken: Vec<(base::Money, i64)>,
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

    /// The last attempts of a payment that nobody has answered.
    pub async fn open_attempts(&self, payment: &Payment) -> Result<Vec<Attempt>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.open_attempts(&mut db, &payment.id, 10).await?)
    }

    /// Attempts that a way has left without an answer and that are to be asked after now; each comes again later.
    pub async fn to_ask_after(&self, by: By, way: &str, limit: i64) -> Result<Vec<Attempt>, ServiceError> {
        let way = way.to_owned();
        self.finance(by, move |tx, payments, _| {
            let way = way.clone();
            Box::pin(async move { payments.to_ask_after(tx, &way, limit).await })
        })
        .await
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

    /// Proposes to send money back that waits in suspense.
    pub async fn send_back(&self, by: By, difference: &str) -> Result<Difference, ServiceError> {
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

    /// Proposes that the money of a difference is booked elsewhere already, or is none of ours.
    pub async fn booked_elsewhere(&self, by: By, id: &str, note: &str) -> Result<Difference, ServiceError> {
        let (id, note) = (id.to_owned(), note.to_owned());
        self.finance(by, move |tx, payments, today| {
            let (id, note) = (id.clone(), note.clone());
            Box::pin(async move { payments.booked_elsewhere(tx, &id, &note, today).await })
        })
        .await
    }

    /// Proposes that what a provider has kept is a charge for its work.
    pub async fn charged(&self, by: By, id: &str) -> Result<Difference, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.charged(tx, &id, today).await })
        })
        .await
    }

    /// A second person decides on what is proposed about a difference; the refund, where money goes back.
    pub async fn decide_difference(
        &self,
        by: By,
        id: &str,
        seen: Resolution,
        approve: bool,
    ) -> Result<Option<Refund>, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.decide_difference(tx, &id, seen, approve, today).await })
        })
        .await
    }

    /// A second person decides on what is proposed about an approved refund.
    pub async fn decide_proposal(
        &self,
        by: By,
        id: &str,
        seen: RefundProposal,
        approve: bool,
    ) -> Result<Refund, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let (id, seen) = (id.clone(), seen.clone());
            Box::pin(async move { payments.decide_proposal(tx, &id, &seen, approve, today).await })
        })
        .await
    }

    /// For each thing what keeps a person from being the second one, so that no step is offered that would be refused.
    pub async fn barred(&self, person: &str, rules: &[TwoPersons]) -> Result<Vec<Option<OwnHand>>, ServiceError> {
        Ok(pay::persons::barred(&mut self.store.read().await?, person, rules).await?)
    }

    /// Proposes the account to which a refund is to go.
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
            taken: self.payments.taken(&mut db, agent, today).await?,
            takings: self.payments.takings(&mut db, agent, today).await?,
            handed_in: self.payments.handed_in_by(&mut db, agent, LAST_SHOWN).await?,
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
            mistakes: pay::prove(&mut db).await?,
            differences: payments.differences(&mut db, 100).await?,
            difference_count: payments.difference_count(&mut db).await?,
            closes: payments.closes(&mut db, LAST_SHOWN).await?,
            asked: payments.refunds(&mut db, pay::RefundState::Asked, None, 100).await?,
            asked_count: payments.refund_count(&mut db, pay::RefundState::Asked).await?,
            approved: payments.refunds(&mut db, pay::RefundState::Approved, None, 100).await?,
            approved_count: payments.refund_count(&mut db, pay::RefundState::Approved).await?,
            to_order: payments.to_order(&mut db).await?,
            orders: payments.orders(&mut db, LAST_SHOWN).await?,
            handed_in: payments.handed_in(&mut db, 100).await?,
            handed_in_count: payments.handed_in_count(&mut db).await?,
            alarms: payments.alarms(&mut db, LAST_SHOWN).await?,
            balances: ledger::balances(&mut db, None).await.map_err(pay::PaymentError::from)?,
        })
    }

    /// Proves what was posted since, in portions, so that the proof of the books stays quick.
    pub async fn prove_on(&self, by: By) -> Result<(), ServiceError> {
        while self.store.write(by.clone(), |tx| Box::pin(pay::prove_on(tx, PROVED_AT_ONCE))).await? > 0 {}
        Ok(())
    }

    /// A case, whoever's it is: for papers that prove themselves by their signature.
    pub async fn any_case(&self, reference: &str) -> Result<Option<Case>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::case_by_reference(&mut db, reference).await?)
    }

    /// All refunds in a state, oldest first.
    pub async fn refunds(&self, state: pay::RefundState) -> Result<Vec<Refund>, ServiceError> {
        let mut db = self.store.read().await?;
        let mut all: Vec<Refund> = Vec::new();
        loop {
            let some = self.payments.refunds(&mut db, state, all.last(), 500).await?;
            if some.is_empty() {
                return Ok(all);
            }
            all.extend(some);
        }
    }

    /// Orders the approved refunds that leave by bank and that no order has yet; `acts` is the day for the bank.
    pub async fn order_refunds(&self, by: By, debtor: Debtor, acts: &str) -> Result<Order, ServiceError> {
        let acts = acts.to_owned();
        self.finance(by, move |tx, payments, today| {
            let (debtor, acts) = (debtor.clone(), acts.clone());
            Box::pin(async move { payments.order_refunds(tx, &debtor, &acts, today).await })
        })
        .await
    }

    /// An order and its file, as it was made.
    pub async fn order(&self, id: &str) -> Result<Option<(Order, String)>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(self.payments.order(&mut db, id).await?)
    }

    /// Proposes to order a refund again that the bank refused to send.
    pub async fn order_again(&self, by: By, id: &str) -> Result<Refund, ServiceError> {
        let id = id.to_owned();
        self.finance(by, move |tx, payments, today| {
            let id = id.clone();
            Box::pin(async move { payments.order_again(tx, &id, today).await })
        })
        .await
    }

    /// What an account of the ledger holds.
    pub async fn balance(&self, account: &ledger::Account) -> Result<ledger::Balance, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(ledger::balance(&mut db, account).await.map_err(pay::PaymentError::from)?)
    }
}
