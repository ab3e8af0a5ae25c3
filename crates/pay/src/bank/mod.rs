//! The bank: structured references, its messages, and what in them belongs to which payment.

mod amount;
mod balance;
mod camt;
mod camt054;
mod desk;
mod entry;
mod event;
mod file;
mod pain001;
mod reference;
mod source;
pub(crate) mod sql;
mod take_in;

pub use amount::AmountFault;
pub use balance::{AtBank, BankBalance, at_bank, keep_balances};
pub use camt::{ENTRIES_MAX, Head, StatementError};
pub use camt054::{Booking, Notice, notices};
pub use desk::{
    Aside, Expected, Explained, Imported, TakenIn, aside, expected, explained, open_like, refuse, taken_in, took,
};
pub use entry::{Entry, Kind, Part};
pub use file::{Portion, Refused, portions, survey};
pub use pain001::{Transfer, refund_words, transfers};
pub use reference::{creditor_reference, iban, payments_in};
pub use source::{BYTES_MAX, Source};
pub use take_in::{Statement, Took, begin, end, portion};
