//! A bank transfer with a structured reference, found again in the statements of the bank.

use base::Currency;
use jiff::Timestamp;

use super::{Begun, OurBank, Way};
use crate::{
    ledger::{Account, Purpose},
    payment::{Attempt, Payment, TREASURY},
};

/// Transfers to the account of the treasury.
pub struct BankTransfer {
    pub iban: String,
    pub holder: String,
    /// All accounts of ours of which the bank tells, that one included.
    pub bank: OurBank,
}

impl Way for BankTransfer {
    fn name(&self) -> &str {
        "transfer"
    }

    fn account(&self, _: &str, currency: Currency) -> Account {
        Account::new(TREASURY, Purpose::Treasury, currency)
    }

    fn bank(&self) -> Option<&OurBank> {
        Some(&self.bank)
    }

    fn begin(&self, payment: &Payment, _: &Attempt, _: &str, _: Timestamp) -> Begun {
        Begun::Transfer {
            reference: payment.creditor_reference(),
            iban: self.iban.clone(),
            holder: self.holder.clone(),
        }
    }
}
