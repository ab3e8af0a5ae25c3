//! The ways to pay, one file each. A new one is one file and one line where the system is put together.

mod cash;
mod hosted;
mod transfer;
mod waiver;

pub use cash::Cash;
pub use hosted::{Callback, HostedPage, Order, PayBack, Refused, WINDOW_SECONDS, is_signed, sign};
pub use transfer::BankTransfer;
pub use waiver::Waiver;

use base::Currency;
use jiff::Timestamp;

use crate::{
    ledger::Account,
    payment::{Attempt, Payment},
};

/// Where a payer goes who has chosen a way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begun {
    /// To a page of the payment provider.
    Elsewhere(String),
    /// To a counter, with a slip that has this code on it.
    Slip(String),
    /// To the bank, with this reference and the account to pay into.
    Transfer { reference: String, iban: String, holder: String },
    /// Nowhere: it is settled.
    Settled,
}

/// A way to pay.
pub trait Way: Send + Sync {
    /// Its name, as pages translate it and as accounts are told apart.
    fn name(&self) -> &str;

    /// Where the money lies once it is paid; `holder` tells apart the tills of the agents.
    fn account(&self, holder: &str, currency: Currency) -> Account;

    /// What the payer does next. `back` is the address to come back to.
    fn begin(&self, payment: &Payment, attempt: &Attempt, back: &str, at: Timestamp) -> Begun;

    /// Whether payers can choose it; a waiver is given, not chosen.
    fn can_be_chosen(&self) -> bool {
        true
    }

    /// Whether money comes by it; a waiver brings none.
    fn brings_money(&self) -> bool {
        self.can_be_chosen()
    }

    /// Whether money goes back by the same way.
    fn pays_back(&self) -> bool {
        false
    }

    /// The hosted page behind it, for its callbacks and enquiries.
    fn hosted(&self) -> Option<&HostedPage> {
        None
    }
}
