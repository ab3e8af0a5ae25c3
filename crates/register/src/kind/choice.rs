//! One of several.

use serde_json::Value as Json;

use super::{Input, Kind};
use crate::{Fault, Field};

pub(super) struct ChoiceKind;

impl Kind for ChoiceKind {
    fn name(&self) -> &'static str {
        "choice"
    }
    fn rule_type(&self, field: &Field) -> rules::Type {
        rules::Type::Choice(field.choices().map(|(value, _)| value.to_owned()).collect())
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let value = typed.first().map_or("", String::as_str);
        if field.choices().any(|(known, _)| known == value) {
            Ok(Json::String(value.to_owned()))
        } else {
            Err(Fault::new("fault-choice"))
        }
    }
    fn input(&self) -> Input {
        Input::One
    }
}
