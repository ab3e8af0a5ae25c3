//! A waiver: a rule of the service lets the payer off. It is booked, so that what was forgone can be seen.

use base::Currency;
use jiff::Timestamp;

use super::{Begun, Way};
use crate::{
    ledger::{Account, Purpose},
    payment::{Attempt, Payment, TREASURY},
};

/// Fees that nobody has to pay.
pub struct Waiver;

impl Way for Waiver {
    fn name(&self) -> &str {
        "waiver"
    }

    fn account(&self, _: &str, currency: Currency) -> Account {
        Account::new(TREASURY, Purpose::Waived, currency)
    }

    fn begin(&self, _: &Payment, _: &Attempt, _: &str, _: Timestamp) -> Begun {
        Begun::Settled
    }

    fn can_be_chosen(&self) -> bool {
        false
    }
}
