//! Expressions and decision tables, checked before they are used. The only crate that knows the expression engine.

mod environment;
mod expression;
mod quick;
mod scope;
mod table;

pub use environment::Environment;
pub use expression::{EvalError, Expression, Problem};
pub use quick::Value;
pub use scope::{Scope, Type};
pub use table::Table;
