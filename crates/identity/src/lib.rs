//! Who you are and what you may do.

mod account;
mod error;
mod hasher;
mod permission;
mod request;
mod seal;
mod session;
mod sql;
mod throttle;

pub use account::{Account, Identity, NewAccount, PASSWORD_MAX, PASSWORD_MIN};
pub use error::IdentityError;
pub use hasher::hash_password;
pub use permission::{Rule, Verdict, Who, allows};
pub use request::{AccountRequest, LETTER, Particulars, Tidings, Wish};
pub use seal::Seal;
pub use session::{Session, SignedIn};
pub use sql::MIGRATIONS;
pub use throttle::{Attempt, Counted, Tried};
