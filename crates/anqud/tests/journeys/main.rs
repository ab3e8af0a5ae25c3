//! Journeys that cross the parts, over HTTP against the real command, on SQLite and, where there is one, on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod access;
mod accounts;
mod api;
mod atlas;
mod browser;
mod budget;
mod commands;
mod conditional;
mod every_page;
mod files;
mod kills;
mod letters;
mod mail_server;
mod money;
mod overdue;
mod portal;
mod records;
mod refusals;
mod server;
mod twice;
mod without_scripts;
