//! The words that every part shares: languages and texts, names, references, money, days and periods.
//!
//! Nothing here reads a clock, draws a random number or does I/O.

pub mod calendar;
mod currency;
pub mod digits;
pub mod email;
pub mod finding;
pub mod fold;
mod id;
mod lang;
pub mod money;
pub mod number;
pub mod person_id;
pub mod phone;
pub mod reference;
mod stamp;
mod text;
pub mod typed;

pub use calendar::{Calendar, Within};
pub use currency::Currency;
pub use finding::{Finding, Step};
pub use id::{Id, IdError};
pub use lang::Lang;
pub use money::{Money, MoneyError};
pub use reference::{Reference, ReferenceError};
pub use stamp::stamp;
pub use text::{Text, fill};
