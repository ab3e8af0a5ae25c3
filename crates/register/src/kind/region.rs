//! A region of the pack. Which regions there are is known to the pack; the form offers them and the service checks them.

use serde_json::Value as Json;

use super::{Input, Kind};
use crate::{Fault, Field};

pub(super) struct RegionKind;

impl Kind for RegionKind {
    fn name(&self) -> &'static str {
        "region"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let value = typed.first().map_or("", String::as_str);
        // The pack fills `of` with its regions when it is read, so a region is checked like a choice.
        if field.choices().any(|(known, _)| known == value) {
            Ok(Json::String(value.to_owned()))
        } else {
            Err(Fault::new("fault-choice"))
        }
    }
    fn input(&self) -> Input {
        Input::Region
    }
}
