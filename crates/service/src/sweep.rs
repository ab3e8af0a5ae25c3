//! What time alone does to cases: they lapse, and come to supervisors. Each case is a piece of work of its own, so that
//! one that cannot be moved holds up no other: it is set aside, and tried again after waits that grow.

use jiff::{SignedDuration, civil::Date};
use store::{By, Tx};

use crate::{APPLICANT, Case, Cases, ServiceError, cases::state_of, sql};

/// How many cases are looked for at once.
const PAGE: i64 = 200;
/// A case that was set aside waits a minute, then twice as long each time, a day at most.
const WAIT_SECONDS: i64 = 60;
const WAIT_SECONDS_MAX: i64 = 24 * 3600;

/// A case that a sweep could not move, for whoever operates the system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    pub reference: String,
    /// How often it was tried.
    pub tries: i64,
    /// When it is tried again, RFC 3339.
    pub again: String,
    /// What was met.
    pub error: String,
}

/// What a sweep does to each case.
#[derive(Debug, Clone, Copy)]
enum Sweep {
    Lapse,
    Escalate,
}

impl Cases {
    /// Lets cases lapse whose applicant did not answer in time; how many did.
    pub async fn lapse(&self, by: By) -> Result<usize, ServiceError> {
        let states = self.catalogue.states_that_lapse();
        self.sweep(by, Sweep::Lapse, vec![APPLICANT.to_owned()], states).await
    }

    /// Brings cases whose time is over to the supervisors of those who have left them undone; how many came to one. They
    /// stay with the caseworkers too.
    pub async fn escalate(&self, by: By) -> Result<usize, ServiceError> {
        let duties = self.catalogue.supervisors().keys().cloned().collect();
        self.sweep(by, Sweep::Escalate, duties, Vec::new()).await
    }

    /// The cases that no sweep could move, those that were tried most first.
    pub async fn set_aside(&self, limit: i64) -> Result<Vec<SetAside>, ServiceError> {
        Ok(sql::set_aside(&mut self.store.read().await?, limit).await?)
    }

    async fn sweep(
        &self,
        by: By,
        sweep: Sweep,
        duties: Vec<String>,
        states: Vec<String>,
    ) -> Result<usize, ServiceError> {
        if duties.is_empty() || matches!(sweep, Sweep::Lapse) && states.is_empty() {
            return Ok(0);
        }
        let today = self.calendar.local_date(by.at);
        let (day, now) = (today.to_string(), base::stamp(by.at));
        let (mut moved, mut after) = (0, None);
        loop {
            let wanted = sql::Overdue { duties: &duties, states: &states, today: &day, now: &now };
            // Looked for outside of the transactions: nobody waits for it.
            let found = sql::overdue(&mut self.store.read().await?, &wanted, after.as_ref(), PAGE).await?;
            after = found.last().map(|case| case.place(&[]));
            let last = (found.len() as i64) < PAGE;
            for case in found {
                moved += usize::from(self.sweep_one(&by, sweep, &case.reference, today).await?);
            }
            if last {
                return Ok(moved);
            }
        }
    }

    /// Moves one case, or sets it aside; an error only where the database does not even keep that.
    async fn sweep_one(&self, by: &By, sweep: Sweep, reference: &str, today: Date) -> Result<bool, ServiceError> {
        let (this, name) = (self.clone(), reference.to_owned());
        let outcome = self
            .store
            .write(by.clone(), move |tx| {
                let (this, name) = (this.clone(), name.clone());
                Box::pin(async move {
                    let moved = this.swept(tx, sweep, &name, today).await?;
                    if moved {
                        sql::forget_aside(tx, &name).await?;
                    }
                    Ok::<_, ServiceError>(moved)
                })
            })
            .await;
        let error = match outcome {
            Ok(moved) => return Ok(moved),
            // Somebody moved it meanwhile.
            Err(ServiceError::MovedOn { .. }) => return Ok(false),
            Err(error) => error.to_string(),
        };
        tracing::error!(%error, case = reference, ?sweep, "an overdue case could not be moved and is set aside");
        let name = reference.to_owned();
        self.store
            .write(by.clone(), move |tx| {
                let (name, error) = (name.clone(), error.clone());
                Box::pin(async move {
                    let tries = sql::aside(tx, &name).await?.map_or(1, |known| known.tries + 1);
                    let seconds = WAIT_SECONDS.saturating_mul(1 << (tries - 1).clamp(0, 20)).min(WAIT_SECONDS_MAX);
                    let again = tx.by().at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(tx.by().at);
                    let aside = SetAside { reference: name, tries, again: base::stamp(again), error };
                    Ok::<_, ServiceError>(sql::put_aside(tx, &aside).await?)
                })
            })
            .await?;
        Ok(false)
    }

    async fn swept(&self, tx: &mut Tx, sweep: Sweep, reference: &str, today: Date) -> Result<bool, ServiceError> {
        let Some(before) = sql::case_by_reference(tx, reference).await? else { return Ok(false) };
        let service = self.catalogue.version(&before.service, &before.version)?.clone();
        let state = state_of(&service, &before.state)?;
        // Between the look and this transaction somebody may have moved it.
        if before.due.as_deref().is_none_or(|due| due >= today.to_string().as_str()) {
            return Ok(false);
        }
        let mut case = Case { note: None, ..before.clone() };
        match sweep {
            Sweep::Lapse => {
                let Some(then) = state.then.clone() else { return Ok(false) };
                case.state = then;
                case.action = "lapse".into();
                self.arrive(tx, &service, &mut case, today).await?;
            }
            Sweep::Escalate => {
                let supervisor = state.by.as_ref().and_then(|role| self.catalogue.supervisors().get(role));
                let Some(supervisor) = supervisor.filter(|_| before.escalated.is_none()) else { return Ok(false) };
                case.escalated = Some(supervisor.clone());
                case.action = "escalate".into();
            }
        }
        self.keep(tx, &service, &before, case, today).await?;
        Ok(true)
    }
}
