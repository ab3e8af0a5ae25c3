//! A field of a register, which is also a question of a form: its type, its limits, and what is wrong with an answer.

use base::{Id, Text};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::kind::{self, Kind};

/// A field of a register or a question of a form.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Field {
    /// The name of a kind, see [`kind::KINDS`].
    #[serde(rename = "type")]
    pub type_name: String,
    #[serde(default)]
    pub title: Text,
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
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<serde_json::Number>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_length: Option<usize>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<Of>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// File name endings that are accepted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accept: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_size: Option<String>,
    /// A condition on earlier answers; the question is asked only where it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show_when: Option<String>,
    /// Where a first answer comes from, such as `applicant.phone`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prefill: Option<String>,
}

fn yes() -> bool {
    true
}

/// What a choice chooses from, or which register a record is of.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
    /// The kind by its name; `None` where there is no such kind, which `check` reports.
    pub fn kind(&self) -> Option<&'static dyn Kind> {
        kind::by_name(&self.type_name)
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
        if typed.iter().all(|t| t.trim().is_empty()) {
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
            // Money travels as {amount, currency}; the kind checks the currency.
            Json::Object(map) => map.values().map(plain).collect(),
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
