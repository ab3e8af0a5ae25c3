//! What is known: typed records, their history, and who may see which field.

mod definition;
mod error;
mod field;
pub mod kind;
mod named;
mod reader;
mod reading;
mod record;
mod sql;

pub use definition::{Fields, RegisterDefinition};
pub use error::RegisterError;
pub use field::{Currencies, Fault, Field, Limit, Of};
pub use reader::Reader;
pub use reading::{READING, Reading, entry_as_read, fields_of, readings};
pub use record::{NewRecord, Record, Registers, Search, as_of};
pub use sql::MIGRATIONS;

/// The sort of row that records are in the journal.
pub const SOURCE: &str = "record";
