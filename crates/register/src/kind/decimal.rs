//! A number with decimals, exact.

use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Input, Kind, line, within_limits};
use crate::{Fault, Field};

pub(super) struct DecimalKind;

impl Kind for DecimalKind {
    fn name(&self) -> &'static str {
        "decimal"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::Number
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let text = line(typed).replace([',', ' '], "");
        let value: Decimal = text.parse().map_err(|_| Fault::new("fault-decimal"))?;
        if value.scale() > 6 || value.abs() > Decimal::from(1_000_000_000_000_i64) {
            return Err(Fault::new("fault-decimal"));
        }
        within_limits(field, value)?;
        serde_json::from_str(&value.normalize().to_string()).map_err(|_| Fault::new("fault-decimal"))
    }
    fn input(&self) -> Input {
        Input::Line { mode: "decimal", autocomplete: "off", width: "short" }
    }
}
