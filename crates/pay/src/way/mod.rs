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

/// The accounts at banks that are ours, and the currencies that are used here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OurBank {
    /// Their IBANs.
    pub accounts: Vec<String>,
    pub currencies: Vec<Currency>,
}

/// A number of an account that is not an IBAN has this many characters at least, if it is to be known by its end.
const NUMBER_MIN: usize = 8;

impl OurBank {
    /// The IBAN of an account that is ours, which may be named by it or by the number that it ends with.
    pub fn own(&self, account: &str) -> Option<String> {
        let plain =
            |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
        let account = plain(account);
        let is_it = |own: &str| {
            let own = plain(own);
            own == account || (account.len() >= NUMBER_MIN && own.ends_with(&account))
        };
        self.accounts.iter().filter(|_| !account.is_empty()).find(|own| is_it(own)).map(|own| plain(own))
    }
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

    /// The accounts at banks to which money comes by it, for their statements.
    fn bank(&self) -> Option<&OurBank> {
        None
    }

    /// The hosted page behind it, for its callbacks and enquiries.
    fn hosted(&self) -> Option<&HostedPage> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_ours_by_its_iban_or_its_number() {
        let ours = OurBank { accounts: vec!["PS92 PALS 0000 0000 0400 1234 5670 2".into()], currencies: vec![] };
        for (account, expected) in [
            ("PS92PALS000000000400123456702", true),
            ("ps92 pals 0000 0000 0400 1234 5670 2", true),
            ("400123456702", true),
            ("PS93PALS000000000400123456702", false),
            ("6702", false),
            ("PS92PALS", false),
            ("", false),
        ] {
            assert_eq!(
                ours.own(account).is_some_and(|own| own == "PS92PALS000000000400123456702"),
                expected,
                "{account}"
            );
        }
    }
}
