//! Who you are and what you may do.

mod account;
mod error;
mod permission;
mod request;
mod seal;
mod session;
mod sql;

pub use account::{Account, Identity, NewAccount, PASSWORD_MAX, PASSWORD_MIN, hash_password, hash_password_aside};
pub use error::IdentityError;
pub use permission::{Rule, Verdict, Who, allows};
pub use request::{AccountRequest, LETTER, Particulars, Tidings, Wish};
pub use seal::Seal;
pub use session::{Session, SignedIn};
pub use sql::MIGRATIONS;
