//! The desk: what waits for the roles of an official, cases due soonest first, and how many there are.
//!
//! A page costs the same however many cases wait: it is put together from the beginnings of a few ranges of an index, one
//! for each role and each supervisor that its cases may have come to. Counts stop at [`COUNTED_MAX`].

mod sql;

use std::collections::BTreeSet;

use store::Session;

use crate::{Actor, Case, Cases, Place, ServiceError};

pub use sql::COUNTED_MAX;
pub(crate) use sql::escalations;

/// Which cases of the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueFilter {
    All,
    Mine,
    Nobodys,
}

impl QueueFilter {
    /// Whose cases these are: an account, nobody (empty), or whoever's (`None`).
    fn assignee(self, account: &str) -> Option<&str> {
        match self {
            QueueFilter::All => None,
            QueueFilter::Mine => Some(account),
            QueueFilter::Nobodys => Some(""),
        }
    }
}

/// A page of the desk, cases due soonest first, and how many there are of each sort; no count is above [`COUNTED_MAX`].
#[derive(Debug, Clone)]
pub struct Queue {
    pub cases: Vec<Case>,
    /// Those that came to the actor as a supervisor; they stand first.
    pub escalated: i64,
    pub all: i64,
    pub mine: i64,
    pub nobodys: i64,
}

/// One range of the desk: the cases that wait for a role and have come to a supervisor, or to none (empty).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Range {
    pub duty: String,
    pub supervisor: String,
}

/// The ranges of whoever has these roles: those that came to them as supervisors, and all others that wait for them.
#[derive(Debug, Default, PartialEq, Eq)]
struct Ranges {
    came: Vec<Range>,
    wait: Vec<Range>,
}

impl Ranges {
    fn of(roles: &[String], escalations: &BTreeSet<Range>) -> Ranges {
        let came = escalations.iter().filter(|range| roles.contains(&range.supervisor)).cloned().collect();
        let own = roles.iter().map(|role| Range { duty: role.clone(), supervisor: String::new() });
        let with_others = escalations
            .iter()
            .filter(|range| roles.contains(&range.duty) && !roles.contains(&range.supervisor))
            .cloned();
        let wait: BTreeSet<Range> = own.chain(with_others).collect();
        Ranges { came, wait: wait.into_iter().collect() }
    }
}

impl Cases {
    /// What waits for the actor's roles, cases due soonest first; `after` is the last of the page before.
    pub async fn queue(
        &self,
        actor: &Actor,
        filter: QueueFilter,
        after: Option<&Place>,
        limit: i64,
    ) -> Result<Queue, ServiceError> {
        let mut db = self.store.read().await?;
        let ranges = Ranges::of(&actor.roles, &self.escalations);
        let assignee = filter.assignee(&actor.account);
        let mut cases = Vec::new();
        if after.is_none_or(|last| last.escalated) {
            cases = first_of(&mut db, &ranges.came, assignee, after, limit).await?;
        }
        let left = limit - cases.len() as i64;
        if left > 0 {
            let after = after.filter(|last| !last.escalated);
            cases.extend(first_of(&mut db, &ranges.wait, assignee, after, left).await?);
        }
        let everything: Vec<Range> = ranges.came.iter().chain(&ranges.wait).cloned().collect();
        let mut count =
            async |filter: QueueFilter| sql::count(&mut db, &everything, filter.assignee(&actor.account)).await;
        let all = count(QueueFilter::All).await?;
        let mine = count(QueueFilter::Mine).await?;
        let nobodys = count(QueueFilter::Nobodys).await?;
        let escalated = sql::count(&mut db, &ranges.came, None).await?;
        Ok(Queue { cases, escalated, all, mine, nobodys })
    }
}

/// The first cases of all ranges together.
async fn first_of(
    db: &mut Session,
    ranges: &[Range],
    assignee: Option<&str>,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Case>, ServiceError> {
    let mut cases = Vec::new();
    for range in ranges {
        cases.extend(sql::beginning(db, range, assignee, after, limit).await?);
    }
    // Each range is in order already; of all of them together only the first are wanted.
    cases.sort_by_cached_key(|case| {
        let Place { due, filed, reference, .. } = case.place(&[]);
        (due, filed, reference)
    });
    cases.truncate(usize::try_from(limit).unwrap_or(0));
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_case_of_a_role_is_in_one_range() {
        let range = |duty: &str, supervisor: &str| Range { duty: duty.into(), supervisor: supervisor.into() };
        let escalations = BTreeSet::from([range("clerk", "head"), range("clerk", "chief"), range("agent", "head")]);
        let check = |roles: &[&str], came: &[Range], wait: &[Range]| {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            let expect = Ranges { came: came.to_vec(), wait: wait.to_vec() };
            assert_eq!(Ranges::of(&roles, &escalations), expect, "{roles:?}");
        };
        check(&[], &[], &[]);
        check(&["clerk"], &[], &[range("clerk", ""), range("clerk", "chief"), range("clerk", "head")]);
        check(&["head"], &[range("agent", "head"), range("clerk", "head")], &[range("head", "")]);
        check(
            &["head", "clerk"],
            &[range("agent", "head"), range("clerk", "head")],
            &[range("clerk", ""), range("clerk", "chief"), range("head", "")],
        );
    }
}
