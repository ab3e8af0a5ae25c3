//! What can go wrong with a figure.

use store::StoreError;

/// An error of measuring.
#[derive(Debug, thiserror::Error)]
pub enum MeasureError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is no such indicator.
    #[error("there is no indicator «{0}»")]
    NoIndicator(String),
    /// A computed figure cannot be typed over.
    #[error("«{0}» is computed from records; it takes no observations")]
    Computed(String),
}
