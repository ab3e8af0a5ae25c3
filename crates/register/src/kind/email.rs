//! An e-mail address, kept as it is compared. Whether it is read is for a message to find out.

use serde_json::Value as Json;

use super::{Input, Kind, first};
use crate::{Fault, Field};

pub(super) struct EmailKind;

impl Kind for EmailKind {
    fn name(&self) -> &'static str {
        "email"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, _: &Field, typed: &[String]) -> Result<Json, Fault> {
        base::email::parse(first(typed)).map(Json::String).map_err(|_| Fault::new("fault-email"))
    }
    fn input(&self) -> Input {
        Input::Line { mode: "email", autocomplete: "email", width: "wide" }
    }
}
