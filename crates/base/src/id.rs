//! Names of definitions: kebab-case, unique in their kind.

use std::{
    borrow::{Borrow, Cow},
    fmt,
    ops::Deref,
};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// A name such as `software-company-licence`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id(String);

/// Why a text is no name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "«{0}» is no name: expected at most 80 small letters and digits with hyphens between them, such as software-company-licence"
)]
pub struct IdError(String);

impl Id {
    pub fn parse(text: &str) -> Result<Id, IdError> {
        let good = text.len() <= 80
            && !text.is_empty()
            && text
                .split('-')
                .all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()));
        if good { Ok(Id(text.to_owned())) } else { Err(IdError(text.chars().take(100).collect())) }
    }
}

impl TryFrom<String> for Id {
    type Error = IdError;
    fn try_from(text: String) -> Result<Id, IdError> {
        Id::parse(&text)
    }
}
impl From<Id> for String {
    fn from(id: Id) -> String {
        id.0
    }
}
impl AsRef<str> for Id {
    fn as_ref(&self) -> &str {
        &self.0
    }
}
impl Borrow<str> for Id {
    fn borrow(&self) -> &str {
        &self.0
    }
}
impl Deref for Id {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}
impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl JsonSchema for Id {
    fn schema_name() -> Cow<'static, str> {
        "Name".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 80 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case() {
        assert!(Id::parse("software-company-licence").is_ok());
        for bad in ["", "-a", "a-", "a--b", "Licence", "a_b", "ترخيص", &"a".repeat(81)] {
            assert!(Id::parse(bad).is_err(), "{bad}");
        }
    }
}
