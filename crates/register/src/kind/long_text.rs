//! Several lines of text.

use serde_json::Value as Json;

use super::{Input, Kind, within_length};
use crate::{Fault, Field};

pub(super) struct LongTextKind;

impl Kind for LongTextKind {
    fn name(&self) -> &'static str {
        "long-text"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let text = typed.first().map_or("", String::as_str).replace("\r\n", "\n");
        within_length(field, text.trim().to_owned(), 4000)
    }
    fn input(&self) -> Input {
        Input::Area
    }
}
