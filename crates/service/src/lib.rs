//! What is done: service definitions, their forms and states, and the cases of people who applied.
//!
//! This crate knows nothing of indicators: it records what changes, and measure listens.

mod audit;
mod books;
mod case;
mod cases;
mod catalogue;
mod definition;
mod desk;
mod document;
mod draft;
mod error;
mod fees;
mod form;
mod message;
mod relevance;
mod sql;
mod statements;
mod sweep;
mod tariff;

pub use books::{Books, LAST_SHOWN, Movements, TillDay, Unmatched};
pub use case::{Case, Outcome, Place};
pub use cases::{Actor, Cases, Filing, Move};
pub use catalogue::{Catalogue, Fee, Service};
pub use definition::{
    Action, Effect, FeeTable, Note, PageDefinition, Seats, ServiceDefinition, StateDefinition, Until, WaiverRule,
    case_scope,
};
pub use desk::{COUNTED_MAX, Queue, QueueFilter};
pub use document::Document;
pub use draft::{Draft, Drafts};
pub use error::ServiceError;
pub use fees::{PaymentView, gives_certificate};
pub use form::{Answers, Faults};
pub use message::{Message, NOTIFY, PaidBack};
pub use relevance::Relevance;
pub use sql::MIGRATIONS;
pub use statements::BankDesk;
pub use sweep::SetAside;
pub use tariff::{Asks, FeeDue, Tariff, TariffRow};

/// The sort of row that cases are in the journal.
pub const SOURCE: &str = "case";
/// The duty of the applicant, which no role has.
pub(crate) const APPLICANT: &str = "applicant";
