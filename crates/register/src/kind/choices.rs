//! Any of several.

use serde_json::Value as Json;

use super::{Input, Kind};
use crate::{Fault, Field};

pub(super) struct ChoicesKind;

impl Kind for ChoicesKind {
    fn name(&self) -> &'static str {
        "choices"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::List(Box::new(rules::Type::String))
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let typed: Vec<&String> = typed.iter().filter(|t| !t.is_empty()).collect();
        if typed.iter().any(|t| !field.choices().any(|(known, _)| known == t.as_str())) {
            return Err(Fault::new("fault-choice"));
        }
        // In the pack's order, each once.
        let chosen = field.choices().filter(|(known, _)| typed.iter().any(|t| t.as_str() == *known));
        Ok(Json::Array(chosen.map(|(value, _)| value.into()).collect()))
    }
    fn input(&self) -> Input {
        Input::Many
    }
}
