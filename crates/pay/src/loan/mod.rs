//! Finance for start-ups as a use of the ledger: a loan is agreed, paid out in tranches upon milestones, paid back by a
//! schedule, rescheduled, and written off with approval.

mod loans;
mod schedule;
pub(crate) mod sql;

pub use loans::{Ageing, Loan, LoanError, LoanState, NewLoan, Owed, Proposal, Tranche, fund};
pub use schedule::{Instalment, Kind, Terms, TermsError};
