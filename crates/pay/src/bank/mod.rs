//! The bank: structured references, statements, and what in them belongs to which payment.

mod reference;

pub use reference::{creditor_reference, payment_in};
