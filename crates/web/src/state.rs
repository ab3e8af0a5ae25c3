//! What every page and every endpoint works with.

use std::{collections::BTreeSet, net::IpAddr, ops::Deref, sync::Arc};

use base::Calendar;
use futures::future::BoxFuture;
use identity::{Identity, Seal};
use jiff::{Timestamp, civil::Date};
use measure::Measures;
use pack::Pack;
use pay::Finance;
use register::Registers;
use service::{Cases, Drafts, ServiceError};
use store::{By, Store};

use crate::{Letter, Traffic};

/// Where time and randomness come from: the command `anqud` decides, and the demo has a day of its own.
#[derive(Clone)]
pub struct Edge {
    pub now: Arc<dyn Fn() -> Timestamp + Send + Sync>,
    pub random: Arc<dyn Fn() -> [u8; 32] + Send + Sync>,
    /// Asks another system for a text that it signs.
    pub fetch: Arc<dyn Fn(String) -> BoxFuture<'static, Result<Fetched, String>> + Send + Sync>,
    /// Sends another system a text that we sign, and brings its signed answer.
    pub order: Arc<dyn Fn(Order) -> BoxFuture<'static, Result<Fetched, String>> + Send + Sync>,
    /// Sends letters, where they are sent.
    pub mail: Option<Mail>,
}

/// The address from which a request comes, as far as it is known: that of whoever connects, or the one that a proxy of
/// ours names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin(pub IpAddr);

/// A signed text for another system.
#[derive(Debug, Clone)]
pub struct Order {
    pub url: String,
    pub seconds: i64,
    pub signature: String,
    pub body: String,
}

/// Sends a letter, or says why it could not.
pub type Mail = Arc<dyn Fn(Letter) -> BoxFuture<'static, Result<(), String>> + Send + Sync>;

/// A text of another system, with the time and the signature that came with it.
#[derive(Debug, Clone, Default)]
pub struct Fetched {
    pub seconds: String,
    pub signature: String,
    pub body: String,
}

/// Of how many cases of one person the readings are told.
const CASES_MAX: i64 = 500;

/// The running system. Cheap to clone, as every request does several times.
#[derive(Clone)]
pub struct App(Arc<Parts>);

impl App {
    pub fn new(parts: Parts) -> App {
        App(Arc::new(parts))
    }
}

impl Deref for App {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// What the running system is made of.
pub struct Parts {
    pub store: Store,
    pub pack: Arc<Pack>,
    pub identity: Identity,
    pub seal: Seal,
    pub cases: Cases,
    /// Budgets and loans.
    pub finance: Finance,
    pub drafts: Drafts,
    pub registers: Registers,
    pub measures: Measures,
    pub edge: Edge,
    /// What was asked and answered, for whoever operates the system.
    pub traffic: Arc<Traffic>,
    /// Whether this is a demonstration, which every page then says.
    pub demo: bool,
    /// Where others reach this portal, for the links in letters.
    pub address: String,
    /// Whether cookies may only travel over TLS.
    pub secure: bool,
    /// Other addresses to which our forms may lead: the pages of payment providers.
    pub form_targets: Vec<String>,
}

impl Parts {
    pub fn now(&self) -> Timestamp {
        (self.edge.now)()
    }

    pub fn calendar(&self) -> &Calendar {
        self.cases.calendar()
    }

    pub fn today(&self) -> Date {
        self.calendar().local_date(self.now())
    }

    pub fn random(&self) -> [u8; 32] {
        (self.edge.random)()
    }

    /// A number for a reference.
    pub fn random_number(&self) -> u64 {
        let bytes = self.random();
        bytes.iter().take(8).fold(0, |number, byte| number << 8 | u64::from(*byte))
    }

    /// Every role that has work at the desk.
    pub fn desk_roles(&self) -> &BTreeSet<String> {
        self.cases.catalogue().duties()
    }

    /// The records and the cases that are about an account.
    pub async fn rows_about(&self, account: &str, roles: &[String]) -> Result<Vec<String>, ServiceError> {
        let reader = self.registers.reader(Some(account), roles).await?;
        let cases = self.cases.of(account, None, CASES_MAX).await?.into_iter().map(|case| case.reference);
        let mut rows: Vec<String> = reader.held().iter().cloned().chain(cases).collect();
        rows.sort();
        rows.dedup();
        Ok(rows)
    }

    /// The last instant of a day, here.
    pub fn end_of(&self, day: Date) -> Option<Timestamp> {
        let end = day.at(23, 59, 59, 999_999_999).to_zoned(self.calendar().zone.clone());
        end.ok().map(|zoned| zoned.timestamp())
    }

    /// The salt of a password.
    pub fn salt(&self) -> [u8; 16] {
        let mut salt = [0; 16];
        salt.copy_from_slice(&self.random()[..16]);
        salt
    }

    /// Thirty-two hexadecimal digits.
    pub fn random_name(&self) -> String {
        self.random().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    pub fn by(&self, account: &str, cause: &str) -> By {
        By::new(account, cause, self.now())
    }
}
