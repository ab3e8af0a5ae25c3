//! What is achieved: indicators computed from the journal.
//!
//! An indicator over a source is a function f of a row: nothing, or a day, dimensions, a count and a value. Its figure is
//! the sum of f over all rows, so a change adds f(after) - f(before). Nobody calls this crate to count something: it
//! listens to the journal, in the transaction that makes the change.

mod cube;
mod definition;
mod error;
mod field;
mod figure;
mod forecast;
mod formula;
mod indicator;
mod listener;
mod measures;
mod observation;
mod period;
mod recompute;
mod snapshot;
mod sql;
mod status;

pub use definition::{Better, IndicatorDefinition, Source, Window};
pub use error::MeasureError;
pub use figure::{Cell, Figure};
pub use forecast::Expected;
pub use formula::Formula;
pub use indicator::{Contribution, Indicator, MICROS, micros};
pub use listener::MeasureListener;
pub use measures::{Evidence, Measures, Wanted};
pub use observation::Observation;
pub use period::Period;
pub use recompute::{Recomputed, recompute, verify};
pub use snapshot::Snapshot;
pub use sql::MIGRATIONS;
pub use status::{Standing, Status, Trajectory};
