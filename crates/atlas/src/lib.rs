//! Where strengths lie: specialisation, relatedness, complexity, impact, and what reaching a target takes.
//!
//! Mathematics only. Nothing here reads a file or a clock; chance comes from a seed. The same input gives the same bytes
//! on any number of threads, because each number is summed by one thread in one order.

pub mod claim;
pub mod clusters;
pub mod columns;
pub mod complexity;
pub mod concentration;
pub mod distribution;
mod error;
pub mod fitness;
pub mod flow;
pub mod growth;
pub mod impact;
pub mod list;
mod matrix;
pub mod portfolio;
pub mod presence;
pub mod random;
pub mod relatedness;
pub mod shift_share;
pub mod sophistication;
pub mod specialisation;
mod table;

pub use error::AtlasError;
pub use matrix::Matrix;
pub use presence::Presence;
pub use table::{Table, TableBuilder};
