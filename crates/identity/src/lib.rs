//! Who you are and what you may do.

mod account;
mod error;
mod permission;
mod seal;
mod session;
mod sql;

pub use account::{Account, Identity, NewAccount, hash_password};
pub use error::IdentityError;
pub use permission::{Rule, Verdict, Who, allows};
pub use seal::Seal;
pub use session::{Session, SignedIn};
pub use sql::MIGRATIONS;
