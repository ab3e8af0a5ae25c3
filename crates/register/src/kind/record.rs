//! A record of a register, named by its reference. Whether it exists is checked where the registers can be asked.

use serde_json::Value as Json;

use super::{Kind, line, within_length};
use crate::{Fault, Field};

pub(super) struct RecordKind;

impl Kind for RecordKind {
    fn name(&self) -> &'static str {
        "record"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        within_length(field, line(typed), 60)
    }
}
