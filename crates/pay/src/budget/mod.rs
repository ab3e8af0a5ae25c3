//! Budget and spending: what is granted to a line by year and source, what of it is promised to suppliers, and what was
//! spent. Every change is proposed by one person and approved by another.

mod changes;
pub(crate) mod sql;

pub use changes::{BudgetChange, BudgetError, BudgetKind, Line, NewBudgetChange, Spending, grant, spending};
