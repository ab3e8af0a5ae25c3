//! Several lines of text.

use serde_json::Value as Json;

use super::{Input, Kind, first, text_of, within_length};
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
        within_length(field, text_of(base::typed::lines(first(typed)))?, 4000)
    }
    fn input(&self) -> Input {
        Input::Area
    }
}
