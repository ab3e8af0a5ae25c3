//! A telephone number, kept in the international form.

use serde_json::Value as Json;

use super::{Input, Kind, line};
use crate::{Fault, Field};

pub(super) struct PhoneKind;

impl Kind for PhoneKind {
    fn name(&self) -> &'static str {
        "phone"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, _: &Field, typed: &[String]) -> Result<Json, Fault> {
        base::phone::normalise(&line(typed)).map(Json::String).ok_or(Fault::new("fault-phone"))
    }
    fn input(&self) -> Input {
        Input::Line { mode: "tel", autocomplete: "tel", width: "short" }
    }
}
