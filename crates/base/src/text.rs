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
