//! Pages over everything else. This crate decides nothing: it asks the parts, and says what they answer.

mod account_letter;
mod api;
mod assets;
mod attachment;
mod download;
pub mod enquiry;
mod failure;
mod frame;
mod guard;
mod input;
mod letter;
mod pages;
pub mod picture;
mod routes;
mod state;
pub mod statement_file;
mod traffic;
mod words;

pub use letter::{Letter, work};
pub use routes::{ROUTES, router};
pub use state::{App, Edge, Fetched, Mail, Order, Parts};
pub use traffic::Traffic;
