//! How often something may be tried that could be guessed or that costs somebody something: passwords, letters, codes.
//!
//! An attempt is counted before it is looked at, in a transaction, so that many at once count like many after each
//! other, on every node. Three counts run: for this account from this place, for the place, and for the account from
//! everywhere. Behind each limit the waits grow. A place from which the account was used before has only the first count
//! to fear, so that strangers elsewhere lock nobody out.

use std::net::{IpAddr, Ipv6Addr};

use jiff::{SignedDuration, Timestamp};
use store::{By, Tx};

use crate::{Identity, IdentityError, session::hashed, sql};

/// The first wait; each further attempt doubles it.
const WAIT_SECONDS: i64 = 60;
/// No wait is longer.
const WAIT_SECONDS_MAX: i64 = 15 * 60;
/// A count in which nothing happened for so long begins anew.
const QUIET_HOURS: i64 = 24;
/// A place is known for so long after it was used last.
const KNOWN_DAYS: i64 = 180;

/// What is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// A password.
    Password,
    /// To have a letter sent that makes an account.
    SignUp,
    /// To have a letter sent that sets a password.
    Reset,
    /// A code that stands on a paper.
    Code,
}

impl Tried {
    fn name(self) -> &'static str {
        match self {
            Tried::Password => "password",
            Tried::SignUp => "sign-up",
            Tried::Reset => "reset",
            Tried::Code => "code",
        }
    }

    /// How many attempts are free: for the account from one place, for the place, for the account from everywhere.
    fn free(self) -> [i64; 3] {
        match self {
            Tried::Password => [5, 60, 20],
            Tried::SignUp | Tried::Reset => [5, 30, 10],
            Tried::Code => [10, 60, 100],
        }
    }
}

/// An attempt: what is tried, with whose address or which reference, and from where.
#[derive(Debug, Clone)]
pub struct Attempt {
    tried: Tried,
    whom: String,
    place: String,
}

/// An attempt that was counted, and may be made.
#[derive(Debug)]
pub struct Counted(Attempt);

impl Attempt {
    pub fn new(tried: Tried, whom: &str, from: IpAddr) -> Attempt {
        Attempt { tried, whom: whom.trim().to_lowercase(), place: place(from) }
    }

    /// The names of the three counts; hashes, because the table is nobody's business.
    fn buckets(&self) -> [String; 3] {
        let (tried, whom, place) = (self.tried.name(), &self.whom, &self.place);
        [format!("{tried} both {place} {whom}"), format!("{tried} place {place}"), format!("{tried} whom {whom}")]
            .map(|bucket| hashed(&bucket))
    }

    /// The place as this account knows it.
    fn known(&self) -> String {
        hashed(&format!("{} {}", self.place, self.whom))
    }
}

/// Where somebody is: an address, or the network of 64 bits that one customer has of the longer ones.
fn place(from: IpAddr) -> String {
    match from.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => Ipv6Addr::from_bits(address.to_bits() >> 64 << 64).to_string(),
    }
}

/// A count as it is kept.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Count {
    pub count: i64,
    pub last: String,
    /// Until when nothing may be tried; empty where there is no wait.
    pub until: String,
}

fn wait(count: i64, free: i64) -> Option<SignedDuration> {
    let beyond = u32::try_from(count - free).ok()?;
    let seconds = WAIT_SECONDS.saturating_mul(1_i64 << beyond.min(10)).min(WAIT_SECONDS_MAX);
    Some(SignedDuration::from_secs(seconds))
}

fn ago(now: Timestamp, hours: i64) -> String {
    base::stamp(now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MIN))
}

fn refused(until: &str, now: Timestamp) -> IdentityError {
    let until = until.parse().unwrap_or(now);
    let seconds = until.duration_since(now).as_secs() + 1;
    IdentityError::Throttled { until, seconds }
}

impl Identity {
    /// Counts an attempt before it is made, or says how long to wait.
    pub async fn count(&self, attempt: Attempt, now: Timestamp) -> Result<Counted, IdentityError> {
        // Whoever has to wait costs a read and no transaction.
        let mut db = self.store.read().await?;
        let known = sql::is_known_place(&mut db, &attempt.whom, &attempt.known(), &ago(now, KNOWN_DAYS * 24)).await?;
        for bucket in relevant(&attempt, known) {
            if let Some(count) = sql::count(&mut db, &bucket).await?
                && count.until > base::stamp(now)
            {
                return Err(refused(&count.until, now));
            }
        }
        drop(db);
        let counted = attempt.clone();
        self.store
            .write(By::new("system", "throttle", now), move |tx| {
                let attempt = attempt.clone();
                Box::pin(async move { add(tx, &attempt, known).await })
            })
            .await?;
        Ok(Counted(counted))
    }

    /// The attempt was right, or was not made after all: it does not count.
    pub async fn take_back(&self, counted: Counted, now: Timestamp) -> Result<(), IdentityError> {
        let attempt = counted.0;
        self.store
            .write(By::new("system", "throttle", now), move |tx| {
                let attempt = attempt.clone();
                Box::pin(async move { subtract(tx, &attempt, false).await })
            })
            .await
    }
}

/// The counts that can refuse an attempt: of a place that the account knows, only their own.
fn relevant(attempt: &Attempt, known: bool) -> impl Iterator<Item = String> {
    attempt.buckets().into_iter().take(if known { 1 } else { 3 })
}

async fn add(tx: &mut Tx, attempt: &Attempt, known: bool) -> Result<(), IdentityError> {
    let now = tx.by().at;
    let (stamp, quiet) = (base::stamp(now), ago(now, QUIET_HOURS));
    let mut counts = Vec::new();
    for (bucket, free) in relevant(attempt, known).zip(attempt.tried.free()) {
        let count = sql::count(tx, &bucket).await?.filter(|count| count.last > quiet).unwrap_or_default();
        if count.until > stamp {
            return Err(refused(&count.until, now));
        }
        counts.push((bucket, free, count.count + 1));
    }
    for (bucket, free, count) in counts {
        let until = wait(count, free).and_then(|wait| now.checked_add(wait).ok()).map(base::stamp).unwrap_or_default();
        sql::put_count(tx, &bucket, &Count { count, last: stamp.clone(), until }).await?;
    }
    sql::drop_counts(tx, &quiet).await?;
    Ok(())
}

async fn subtract(tx: &mut Tx, attempt: &Attempt, proven: bool) -> Result<(), IdentityError> {
    for (place, (bucket, free)) in attempt.buckets().into_iter().zip(attempt.tried.free()).enumerate() {
        let Some(mut count) = sql::count(tx, &bucket).await? else { continue };
        count.count = if proven && place == 0 { 0 } else { (count.count - 1).max(0) };
        if count.count < free {
            count.until = String::new();
        }
        sql::put_count(tx, &bucket, &count).await?;
    }
    Ok(())
}

/// Whoever made the attempt has proven who they are: nothing counts against them here, and the place is known.
pub(crate) async fn proven(tx: &mut Tx, counted: &Counted) -> Result<(), IdentityError> {
    let attempt = &counted.0;
    subtract(tx, attempt, true).await?;
    let now = tx.by().at;
    sql::know_place(tx, &attempt.whom, &attempt.known(), &base::stamp(now)).await?;
    sql::drop_known_places(tx, &ago(now, KNOWN_DAYS * 24)).await?;
    Ok(())
}

/// Whoever has the mailbox is welcome here, whatever was tried before.
pub(crate) async fn welcome(tx: &mut Tx, attempt: &Attempt) -> Result<(), IdentityError> {
    let now = base::stamp(tx.by().at);
    for bucket in attempt.buckets().into_iter().take(1) {
        sql::put_count(tx, &bucket, &Count { last: now.clone(), ..Count::default() }).await?;
    }
    sql::know_place(tx, &attempt.whom, &attempt.known(), &now).await?;
    Ok(())
}

#[cfg(test)]
mod tests;
