//! The edge: the only place that reads the clock and draws from chance.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::RngCore;
use web::Edge;

/// The time that it is, plus an offset: a demo has a day of its own.
#[expect(clippy::disallowed_methods, reason = "this is the edge")]
pub(crate) fn now(offset: SignedDuration) -> Timestamp {
    Timestamp::now().checked_add(offset).unwrap_or(Timestamp::MAX)
}

pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// The edge of a running server.
pub(crate) fn edge(offset: SignedDuration) -> Edge {
    Edge { now: Arc::new(move || now(offset)), random: Arc::new(random) }
}
