//! Values that come from outside: a statistics office, a central bank.

use serde::{Deserialize, Serialize};

/// A value from outside, for a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Observation {
    /// ISO date.
    pub day: String,
    /// In millionths.
    pub micros: i64,
    /// Who says so, and where.
    pub source: String,
    /// Whether the value is assumed rather than published.
    pub assumption: bool,
}
