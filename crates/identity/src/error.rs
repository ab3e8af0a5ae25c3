//! What can go wrong with an identity.

use store::StoreError;

/// An error of identity. None of them says whether an account exists.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the e-mail or the password is not right")]
    WrongCredentials,
    /// Too many attempts; when to try again, and in how many seconds that is.
    #[error("too many attempts; try again after {until}")]
    Throttled { until: jiff::Timestamp, seconds: i64 },
    /// More passwords are being looked at than this system has room for; in how many seconds to try again.
    #[error("too much is asked at once; try again in {seconds} s")]
    Busy { seconds: i64 },
    #[error("the password could not be hashed")]
    Hash,
}
