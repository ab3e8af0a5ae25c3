//! A field of a register, which is also a question of a form: its type, its limits, and what is wrong with an answer.

use base::{Currency, Id, Text};
use indexmap::IndexMap;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::kind::{self, Kind};

/// A field of a register or a question of a form.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(transform = with_max_size)]
pub struct Field {
    /// The name of a kind, see [`kind::KINDS`].
    #[serde(rename = "type")]
    #[schemars(schema_with = "kind_names")]
    pub type_name: String,
    #[serde(default)]
    pub title: Text,
    /// What it is called where nobody is asked: over columns and the parts of a figure. Its title unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heading: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
    #[serde(default = "yes")]
    pub required: bool,
    /// No two records have the same value.
    #[serde(default)]
    pub unique: bool,
    /// Personal data: reading it is logged, and it is never part of open data.
    #[serde(default)]
    pub personal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<serde_json::Number>,
    /// The largest number, or the size of a file.
    #[serde(default, alias = "max-size", skip_serializing_if = "Option::is_none")]
    pub max: Option<Limit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    /// Of a record: it must be about whoever names it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub held: bool,
    /// The currencies that money may be in; those of the pack unless told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currencies>,
    /// File name endings that are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<String>,
    /// A condition on earlier answers; the question is asked only where it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<String>,
    /// Where a first answer comes from, such as `applicant.phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
}

/// How much an answer may be at most.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Limit {
    Number(serde_json::Number),
    /// Of a file, such as `5 MB`.
    Size(String),
}

/// One currency, or those that the applicant chooses from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Currencies {
    One(String),
    Many(Vec<String>),
}

impl Currencies {
    /// Their codes, as the pack writes them.
    pub fn codes(&self) -> &[String] {
        match self {
            Currencies::One(code) => std::slice::from_ref(code),
            Currencies::Many(codes) => codes,
        }
    }
}

/// The names of the kinds, for editors.
fn kind_names(_: &mut SchemaGenerator) -> Schema {
    let names: Vec<&str> = kind::KINDS.iter().map(|kind| kind.name()).collect();
    json_schema!({ "type": "string", "enum": names })
}

/// `max` is called `max-size` too.
fn with_max_size(schema: &mut Schema) {
    let properties = schema.get_mut("properties").and_then(Json::as_object_mut);
    if let Some(properties) = properties
        && let Some(max) = properties.get("max").cloned()
    {
        properties.insert("max-size".to_owned(), max);
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

fn yes() -> bool {
    true
}

/// What a choice chooses from, or which register a record is of.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Of {
    Choices(IndexMap<String, Text>),
    Register(Id),
}

/// What is wrong with an answer: the name of a message and its arguments. The pages put it into words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    pub message: &'static str,
    pub argument: Option<String>,
}

impl Fault {
    pub const fn new(message: &'static str) -> Fault {
        Fault { message, argument: None }
    }
    pub fn with(message: &'static str, argument: impl ToString) -> Fault {
        Fault { message, argument: Some(argument.to_string()) }
    }
}

impl Field {
    /// What it is called where nobody is asked.
    pub fn heading(&self) -> &Text {
        self.heading.as_ref().unwrap_or(&self.title)
    }

    /// A field of that kind that must be answered, without a title or limits of its own.
    pub fn of_kind(type_name: &str) -> Field {
        Field {
            type_name: type_name.to_owned(),
            title: Text::default(),
            heading: None,
            hint: None,
            required: true,
            unique: false,
            personal: false,
            min: None,
            max: None,
            max_length: None,
            of: None,
            held: false,
            currency: None,
            accept: Vec::new(),
            show_when: None,
            prefill: None,
        }
    }

    /// The kind by its name; `None` where there is no such kind, which `check` reports.
    pub fn kind(&self) -> Option<&'static dyn Kind> {
        kind::by_name(&self.type_name)
    }

    /// The currencies that an amount may be in.
    pub fn currencies(&self) -> Vec<Currency> {
        self.currency.iter().flat_map(Currencies::codes).filter_map(|code| Currency::of(code)).collect()
    }

    /// The choices, in the order of the pack.
    pub fn choices(&self) -> impl Iterator<Item = (&str, &Text)> {
        let of = match &self.of {
            Some(Of::Choices(map)) => Some(map),
            _ => None,
        };
        of.into_iter().flatten().map(|(value, title)| (value.as_str(), title))
    }

    /// Reads an answer as it was typed. Nothing typed is `Null`, or a fault where an answer is required.
    pub fn parse(&self, typed: &[String]) -> Result<Json, Fault> {
        if self.kind().map_or(typed.is_empty(), |kind| kind.is_blank(typed)) {
            return if self.required { Err(Fault::new("fault-required")) } else { Ok(Json::Null) };
        }
        match self.kind() {
            Some(kind) => kind.parse(self, typed),
            None => Err(Fault::new("fault-required")),
        }
    }

    /// Reads an answer that comes as JSON: the same rules as for a typed one.
    pub fn accept_json(&self, value: &Json) -> Result<Json, Fault> {
        let typed: Vec<String> = match value {
            Json::Null => Vec::new(),
            Json::Bool(true) => vec!["yes".into()],
            Json::Bool(false) => vec!["no".into()],
            Json::String(text) => vec![text.clone()],
            Json::Array(list) => list.iter().map(plain).collect(),
            Json::Object(map) => match self.kind().and_then(|kind| kind.typed_again(self, value)) {
                Some(typed) => typed,
                None => map.values().map(plain).collect(),
            },
            Json::Number(number) => vec![number.to_string()],
        };
        self.parse(&typed)
    }
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
