//! What is owed and paid: the ledger, payments of fees and the ways to pay them, refunds, budgets and loans.
//!
//! This crate knows nothing of services or indicators. It keeps the books, and says when something is paid.

mod audit;
pub mod bank;
pub mod budget;
mod close;
mod difference;
mod finance;
pub mod ledger;
pub mod loan;
mod order;
mod payment;
pub mod persons;
mod revenue;
mod sql;
mod till;
pub mod way;

pub use audit::audit;
pub use close::{Closed, DayClose, Taken, read_settlement};
pub use difference::{Difference, Proposed, Resolution, Words};
pub use finance::{Finance, LineFile, LoanFile, POSTINGS_SHOWN};
pub use ledger::{Mistake, prove, prove_all, prove_on};
pub use order::{Debtor, Order, TRANSFERS_MAX};
pub use payment::{
    ABANDONED_DAYS, Alarm, Attempt, CameOfIt, Channel, Event, LeftRefund, NewPayment, PAYMENT, Payment, PaymentError,
    Payments, Refund, RefundProposal, RefundState, Report, Said, State, TABLE, TREASURY,
};
pub use revenue::Revenue;
pub use sql::MIGRATIONS;
pub use till::{Settlement, TAKINGS_MAX, Taking};

use base::Money;
use serde_json::Value as Json;

/// An amount in major units as a number of a document.
pub(crate) fn number(money: Money) -> Json {
    serde_json::from_str(&money.major().normalize().to_string()).unwrap_or(Json::Null)
}

/// A number from a name, the same for ever (FNV-1a).
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}
