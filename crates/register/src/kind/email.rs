//! An e-mail address: one @, something before it, a domain with a dot after it. Whether it is read is for a message to find out.

use serde_json::Value as Json;

use super::{Input, Kind, line};
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
        let text = line(typed);
        let good = text.len() <= 254
            && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'))
            && text.split_once('@').is_some_and(|(name, domain)| {
                !name.is_empty()
                    && !domain.contains('@')
                    && domain.split('.').count() > 1
                    && domain.split('.').all(|part| !part.is_empty())
            });
        if good { Ok(Json::String(text)) } else { Err(Fault::new("fault-email")) }
    }
    fn input(&self) -> Input {
        Input::Line { mode: "email", autocomplete: "email", width: "wide" }
    }
}
