//! Yes or no.

use serde_json::Value as Json;

use super::{Input, Kind};
use crate::{Fault, Field};

pub(super) struct YesNoKind;

impl Kind for YesNoKind {
    fn name(&self) -> &'static str {
        "yes-no"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::Bool
    }
    fn parse(&self, _: &Field, typed: &[String]) -> Result<Json, Fault> {
        match typed.first().map(String::as_str) {
            Some("yes" | "true") => Ok(Json::Bool(true)),
            Some("no" | "false") => Ok(Json::Bool(false)),
            _ => Err(Fault::new("fault-choice")),
        }
    }
    fn input(&self) -> Input {
        Input::YesNo
    }
}
