//! An identity number: nine digits, the last of which checks the others.

use serde_json::Value as Json;

use super::{Input, Kind, line};
use crate::{Fault, Field};

pub(super) struct PersonIdKind;

impl Kind for PersonIdKind {
    fn name(&self) -> &'static str {
        "person-id"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, _: &Field, typed: &[String]) -> Result<Json, Fault> {
        let text = base::reference::plain(&line(typed));
        if text.len() != 9 || !text.bytes().all(|b| b.is_ascii_digit()) {
            Err(Fault::new("fault-person-id-digits"))
        } else if !base::person_id::is_valid(&text) {
            Err(Fault::new("fault-person-id-check"))
        } else {
            Ok(Json::String(text))
        }
    }
    fn input(&self) -> Input {
        Input::Line { mode: "numeric", autocomplete: "off", width: "short" }
    }
}
