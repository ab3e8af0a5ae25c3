//! A whole number.

use serde_json::Value as Json;

use super::{Input, Kind, first, number_fault, within_limits};
use crate::{Fault, Field};

pub(super) struct IntegerKind;

impl Kind for IntegerKind {
    fn name(&self) -> &'static str {
        "integer"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::Number
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let value = base::number::whole(first(typed)).map_err(|error| number_fault(error, "fault-integer"))?;
        // Beyond this a number loses digits in a browser, and no question here needs it.
        if value.unsigned_abs() > 1_000_000_000_000 {
            return Err(Fault::with("fault-max", 1_000_000_000_000_i64));
        }
        within_limits(field, value.into())?;
        Ok(value.into())
    }
    fn input(&self) -> Input {
        Input::Line { mode: "numeric", autocomplete: "off", width: "short" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<Json, Fault> {
        let field: Field = serde_json::from_str(r#"{"type":"integer","min":1,"max":500}"#).unwrap();
        field.parse(&[typed.to_owned()])
    }

    #[test]
    fn arabic_digits_are_stored_as_western_ones() {
        assert_eq!(read("١٢"), Ok(Json::from(12)));
        assert_eq!(read(" 12 "), Ok(Json::from(12)));
    }

    #[test]
    fn thousands_are_read_as_they_are_written_in_every_place() {
        let field: Field = serde_json::from_str(r#"{"type":"integer"}"#).unwrap();
        for (typed, expect) in [
            ("1,250", Ok(Json::from(1250))),
            ("1 250", Ok(Json::from(1250))),
            ("1\u{202F}250", Ok(Json::from(1250))),
            ("١٬٢٥٠", Ok(Json::from(1250))),
            ("\u{200F}12\u{200E}", Ok(Json::from(12))),
            ("12.00", Ok(Json::from(12))),
            ("12,00", Ok(Json::from(12))),
            ("1.250", Err(Fault::with("fault-two-readings", "1250|1.250"))),
            ("12,50", Err(Fault::new("fault-integer"))),
            ("1 25", Err(Fault::new("fault-integer"))),
            ("1e3", Err(Fault::new("fault-integer"))),
            ("\u{200F}", Err(Fault::new("fault-required"))),
        ] {
            assert_eq!(field.parse(&[typed.to_owned()]), expect, "{typed:?}");
        }
    }

    #[test]
    fn what_is_no_number_or_out_of_limits_is_a_fault() {
        assert_eq!(read("اثنا عشر"), Err(Fault::new("fault-integer")));
        assert_eq!(read("1.5"), Err(Fault::new("fault-integer")));
        assert_eq!(read("0"), Err(Fault::with("fault-min", 1)));
        assert_eq!(read("501"), Err(Fault::with("fault-max", 500)));
        assert_eq!(read(""), Err(Fault::new("fault-required")));
        assert_eq!(read("99999999999999999999"), Err(Fault::new("fault-integer")));
    }
}
