//! A text in several languages.

use std::{borrow::Cow, collections::BTreeMap};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::Lang;

/// A text that a person reads, in each language that it has.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(BTreeMap<Lang, String>);

impl Text {
    pub fn of(parts: &[(Lang, &str)]) -> Text {
        Text(parts.iter().map(|(lang, text)| (*lang, (*text).to_owned())).collect())
    }

    /// The same words in every language; for names that are not translated.
    pub fn plain(text: &str) -> Text {
        Text::of(&[(Lang::AR, text), (Lang::EN, text)])
    }

    /// The text in this language, or in any that there is.
    pub fn get(&self, lang: Lang) -> &str {
        self.0.get(&lang).or_else(|| self.0.values().next()).map_or("", String::as_str)
    }

    pub fn has(&self, lang: Lang) -> bool {
        self.0.get(&lang).is_some_and(|text| !text.trim().is_empty())
    }

    /// Every language's text, for searching.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }
}

/// A text with `{name}` replaced by what `value` gives for the name; where it gives nothing, the braces stay. It is read
/// once from left to right, so that what is filled in is never read as a placeholder, whoever wrote it.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let named = after.split_once('}').and_then(|(name, after)| Some((value(name)?, after)));
        match named {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled + rest
}

impl JsonSchema for Text {
    fn schema_name() -> Cow<'static, str> {
        "Text".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A text in each language of the pack.",
            "type": "object",
            "properties": { "ar": { "type": "string" }, "en": { "type": "string" } },
            "patternProperties": { "^[a-z]{2}$": { "type": "string" } },
            "additionalProperties": false
        })
    }
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn what_people_wrote_is_never_read_as_a_placeholder() {
        let filled = |template: &str, name: &str| {
            fill(template, |wanted| match wanted {
                "name" => Some(name.to_owned()),
                "holder" => Some("Amal".to_owned()),
                _ => None,
            })
        };
        for (template, name, expect) in [
            ("{name} of {holder}", "Olive", "Olive of Amal"),
            ("{name} of {holder}", "{holder}", "{holder} of Amal"),
            ("{holder}: {name}", "{name}", "Amal: {name}"),
            ("{name}{name}", "{", "{{"),
            ("{{name}}", "x", "{x}"),
            ("{nmae} {", "x", "{nmae} {"),
            ("}{ {name", "x", "}{ {name"),
            ("", "x", ""),
        ] {
            assert_eq!(filled(template, name), expect, "{template} {name}");
        }
    }
}
