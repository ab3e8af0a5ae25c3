//! What the system is put through for long: crowds, slow senders, few descriptors, ends in the middle, disks that are
//! full and databases that are away. Everybody runs it short; `ANQUD_SOAK=long` makes it as hard as it is meant.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

mod away;
mod crowd;
mod node;
#[path = "../journeys/server.rs"]
#[allow(dead_code, reason = "the journeys use the rest")]
mod server;

/// How much of something: what everybody runs, or what is meant.
pub fn much(short: usize, long: usize) -> usize {
    if std::env::var("ANQUD_SOAK").is_ok_and(|value| value == "long") { long } else { short }
}
