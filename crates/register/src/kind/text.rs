//! A line of text.

use serde_json::Value as Json;

use super::{Kind, within_length};
use crate::{Fault, Field};

pub(super) struct TextKind;

impl Kind for TextKind {
    fn name(&self) -> &'static str {
        "text"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let text = typed.first().map_or("", String::as_str).split_whitespace().collect::<Vec<_>>().join(" ");
        within_length(field, text, 200)
    }
}
