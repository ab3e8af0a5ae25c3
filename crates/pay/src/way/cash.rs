//! Cash at a point of sale: the payer takes a slip to an agent, who takes the money and says so.

use base::Currency;
use jiff::Timestamp;

use super::{Begun, Way};
use crate::{
    ledger::{Account, Purpose},
    payment::{Attempt, Payment, TREASURY},
};

/// Cash, taken by agents.
pub struct Cash;

impl Way for Cash {
    fn name(&self) -> &str {
        "cash"
    }

    fn account(&self, holder: &str, currency: Currency) -> Account {
        Account::of(TREASURY, Purpose::Till, holder, currency)
    }

    fn begin(&self, payment: &Payment, _: &Attempt, _: &str, _: Timestamp) -> Begun {
        Begun::Slip(payment.id.clone())
    }
}
