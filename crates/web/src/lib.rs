//! Pages over everything else. This crate decides nothing: it asks the parts, and says what they answer.

mod account_letter;
mod api;
mod assets;
mod attachment;
mod download;
pub mod enquiry;
mod evidence;
mod failure;
mod frame;
mod guard;
mod input;
mod letter;
mod once;
mod pages;
pub mod picture;
mod routes;
mod state;
mod traffic;
mod words;

pub use api::{Endpoint, endpoints};
pub use letter::{Letter, work};
pub use once::{Turns, Twice};
pub use routes::{ROUTES, posts, router};
pub use state::{App, Edge, Fetched, Mail, Order, Parts};
pub use traffic::Traffic;
