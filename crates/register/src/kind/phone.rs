//! A telephone number, kept in the international form.

use base::phone::PhoneError;
use serde_json::Value as Json;

use super::{Input, Kind, first};
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
        let fault = |error| match error {
            PhoneError::NotANumber => Fault::new("fault-phone"),
            PhoneError::TooShort => Fault::new("fault-phone-short"),
            PhoneError::TooLong => Fault::new("fault-phone-long"),
            PhoneError::NoCountry => Fault::new("fault-phone-country"),
        };
        base::phone::parse(first(typed)).map(Json::String).map_err(fault)
    }
    fn input(&self) -> Input {
        Input::Line { mode: "tel", autocomplete: "tel", width: "short" }
    }
}
