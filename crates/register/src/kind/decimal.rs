//! A number with decimals, exact.

use base::number::Decimals;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use super::{Input, Kind, first, number_fault, within_limits};
use crate::{Fault, Field};

/// No answer is finer than this.
const DECIMALS_MAX: u8 = 6;

pub(super) struct DecimalKind;

impl Kind for DecimalKind {
    fn name(&self) -> &'static str {
        "decimal"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::Number
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let read = base::number::read(first(typed), Decimals::Most(DECIMALS_MAX));
        let value = read.map_err(|error| number_fault(error, "fault-decimal"))?;
        if value.abs() > Decimal::from(1_000_000_000_000_i64) {
            return Err(Fault::new("fault-decimal"));
        }
        within_limits(field, value)?;
        serde_json::from_str(&value.normalize().to_string()).map_err(|_| Fault::new("fault-decimal"))
    }
    fn input(&self) -> Input {
        Input::Line { mode: "decimal", autocomplete: "off", width: "short" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_they_are_meant() {
        let field: Field = serde_json::from_str(r#"{"type":"decimal"}"#).unwrap();
        for (typed, expect) in [
            ("12,50", Ok("12.5")),
            ("12.50", Ok("12.5")),
            ("١٢٫٥٠", Ok("12.5")),
            ("1.250,00", Ok("1250")),
            ("1,250.00", Ok("1250")),
            ("\u{2212}1 250,5", Ok("-1250.5")),
            ("0.123456", Ok("0.123456")),
            ("1,250", Err(Fault::with("fault-two-readings", "1250|1.250"))),
            ("1.2345678", Err(Fault::new("fault-decimal"))),
            ("1e3", Err(Fault::new("fault-decimal"))),
            ("NaN", Err(Fault::new("fault-decimal"))),
        ] {
            let read = field.parse(&[typed.to_owned()]).map(|value| value.to_string());
            assert_eq!(read, expect.map(str::to_owned), "{typed}");
        }
    }
}
