//! What can go wrong with an identity.

use store::StoreError;

/// An error of identity. None of them says whether an account exists.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the e-mail or the password is not right")]
    WrongCredentials,
    /// Too many failures; RFC 3339.
    #[error("too many attempts; try again after {until}")]
    Throttled { until: String },
    #[error("the password could not be hashed")]
    Hash,
}
