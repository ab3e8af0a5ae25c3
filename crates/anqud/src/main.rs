//! The command `anqud`: configuration, wiring and the edge where the clock is read.
fn main() {}
