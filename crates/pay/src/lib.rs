//! What is owed and paid: the ledger, payments of fees and the ways to pay them, refunds, budgets and loans.
//!
//! This crate knows nothing of services or indicators. It keeps the books, and says when something is paid.

pub mod bank;
pub mod budget;
mod close;
mod finance;
pub mod ledger;
pub mod loan;
mod payment;
mod revenue;
mod sql;
mod till;
pub mod way;

pub use close::{Closed, Taken, read_settlement};
pub use finance::{Finance, LineFile, LoanFile};
pub use payment::{
    Alarm, Attempt, CameOfIt, Difference, Event, NewPayment, PAYMENT, Payment, PaymentError, Payments, Refund,
    RefundState, Report, Said, State, TABLE, TREASURY,
};
pub use revenue::Revenue;
pub use sql::MIGRATIONS;
pub use till::Settlement;

use base::Money;
use serde_json::Value as Json;

/// An amount in major units as a number of a document.
pub(crate) fn number(money: Money) -> Json {
    serde_json::from_str(&money.major().normalize().to_string()).unwrap_or(Json::Null)
}
