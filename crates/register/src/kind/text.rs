//! A line of text.

use serde_json::Value as Json;

use super::{Kind, first, text_of, within_length};
use crate::{Fault, Field};

pub(super) struct TextKind;

impl Kind for TextKind {
    fn name(&self) -> &'static str {
        "text"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let text = text_of(base::typed::line(first(typed)))?;
        within_length(field, text, 200)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_without_what_cannot_be_seen() {
        let field: Field = serde_json::from_str(r#"{"type":"text","max-length":12}"#).unwrap();
        for (typed, expect) in [
            ("  Amal\u{A0} Nasser\u{200F}", Ok("Amal Nasser")),
            ("ﺷﺮﻛﺔ", Ok("شركة")),
            ("می\u{200C}خواهم", Ok("می\u{200C}خواهم")),
            ("O’Brien-Smith", Err(Fault::with("fault-too-long", 12))),
            ("O’Brien", Ok("O’Brien")),
            ("\u{200B}\u{FEFF}\u{A0}", Err(Fault::new("fault-required"))),
            ("a\u{202E}b", Err(Fault::with("fault-control", "U+202E (right-to-left override)"))),
            ("a\0b", Err(Fault::with("fault-control", "U+0000 (null)"))),
        ] {
            assert_eq!(field.parse(&[typed.to_owned()]), expect.map(Json::from), "{typed:?}");
        }
        let field: Field = serde_json::from_str(r#"{"type":"long-text"}"#).unwrap();
        let lines = "\u{FEFF}one\u{A0}two\r\n\u{202B}three\u{202C}".to_owned();
        assert_eq!(field.parse(&[lines]), Ok(Json::from("one two\nthree")));
        assert_eq!(
            field.parse(&["\u{202D}1".to_owned()]),
            Err(Fault::with("fault-control", "U+202D (left-to-right override)"))
        );
    }
}
