//! Expressions and decision tables, checked before they are used. The only crate that knows the expression engine.

mod cover;
mod environment;
mod examine;
mod expression;
mod quick;
mod scope;
mod table;

pub use cover::{Bounds, Coverage, Limits, coverage, settled};
pub use environment::Environment;
pub use examine::{examine, examine_cell};
pub use expression::{EvalError, Expression, Problem};
pub use quick::Value;
pub use scope::{Scope, Type};
pub use table::Table;
