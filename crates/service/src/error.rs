//! What can go wrong with a case.

use pay::PaymentError;
use register::{Fault, RegisterError};
use store::StoreError;

/// An error of the services.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Register(#[from] RegisterError),
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// There is no such service.
    #[error("there is no service «{0}»")]
    NoService(String),
    /// There is no such case, or the actor may not know of it.
    #[error("there is no case «{0}»")]
    NoCase(String),
    /// Answers that do not fit their questions.
    #[error("some answers do not fit their questions")]
    Faults(Vec<(String, Fault)>),
    /// The applicant is not eligible: the number of the condition that did not hold.
    #[error("condition {0} for this service does not hold")]
    NotEligible(usize),
    /// No place is left for this choice.
    #[error("no place is left in «{0}»")]
    Full(String),
    /// The action is not one that this actor can take in this state.
    #[error("«{action}» is not possible in the state «{state}»")]
    NotPossible { action: String, state: String },
    /// The case has moved on since the actor saw it.
    #[error("the case has moved on: it was changed by {by} and is now in the state «{state}»")]
    MovedOn { by: String, state: String },
    /// The action needs a note.
    #[error("the action «{0}» needs a note")]
    NeedsNote(String),
    /// A definition from the database no longer compiles; the operator must see it.
    #[error("the definition of «{0}» cannot be used")]
    Definition(String),
}
