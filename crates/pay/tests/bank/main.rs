//! Files of the bank as banks really send them, written by hand in the layouts of three of them: what is read, and what
//! becomes of it, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod all_kinds;
mod events;
mod identity;
mod reading;
mod samples;
