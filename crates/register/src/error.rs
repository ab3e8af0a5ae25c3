//! What can go wrong with a record.

use store::StoreError;

use crate::Fault;

/// An error of the registers.
#[derive(Debug, thiserror::Error)]
pub enum RegisterError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such register.
    #[error("there is no register «{0}»")]
    NoRegister(String),
    /// Another record already has this value in a unique field.
    #[error("another record of «{register}» already has «{value}» as its {field}")]
    Taken { register: String, field: String, value: String },
    /// There is no such record, or the reader may not know of it.
    #[error("there is no record «{0}»")]
    NoRecord(String),
    /// The record has changed since the writer saw it.
    #[error("the record has changed: it is at version {now} now")]
    Changed { now: i64 },
    /// A record of this register names the one that was to be removed.
    #[error("the record «{record}» of the register «{register}» names it")]
    Named { register: String, record: String },
    /// Values that do not fit their fields.
    #[error("some values do not fit their fields: {0:?}")]
    Faults(Vec<(String, Fault)>),
}
