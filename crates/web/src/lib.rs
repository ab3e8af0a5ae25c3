//! Pages over everything else. This crate decides nothing: it asks the parts, and says what they answer.
//!
//! `ui` is what pages are built from, each area has a folder of its own (`area::AREAS`), and `api` is for programs.

mod ui;

mod area;
mod front;
mod routes;

mod portal;

mod about;
mod account;
mod admin;
mod atlas;
mod bank;
mod desk;
mod finance;
mod plan;
mod registers;

mod api;

pub mod enquiry;
mod evidence;
mod letter;
mod once;
mod plain;
mod state;
pub mod statement_file;
mod traffic;

pub use api::{Endpoint, endpoints};
pub use area::{Route, posts, routes};
pub use letter::{Letter, work};
pub use once::{Turns, Twice};
pub use routes::router;
pub use state::{App, Edge, Fetched, Mail, Order, Origin, Parts};
pub use traffic::Traffic;
pub use ui::picture;

use ui::{assets, attachment, download, failure, frame, guard, input, question, shown, words};
