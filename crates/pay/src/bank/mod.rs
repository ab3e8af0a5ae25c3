//! The bank: structured references, statements, and what in them belongs to which payment.

mod balance;
mod camt053;
mod camt054;
mod entries;
mod pain001;
mod reference;
pub(crate) mod sql;

pub use balance::{AtBank, BankBalance, at_bank, keep_balances};
pub use camt053::{ENTRIES_MAX, Entry, Statement, StatementError, read};
pub use camt054::{Booking, Notice, notices};
pub use entries::{Booked, Imported, TakenIn, keep_entries, new_reports, open_like, taken_in};
pub use pain001::{Transfer, refund_words, transfers};
pub use reference::{creditor_reference, iban, payment_in};
