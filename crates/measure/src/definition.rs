//! An indicator as the pack defines it.

use base::{Id, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// What is measured, and from what.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IndicatorDefinition {
    pub indicator: Id,
    pub title: Text,
    #[serde(default)]
    pub description: Text,
    pub unit: Text,
    #[serde(default)]
    pub better: Better,
    /// Which time a figure covers.
    #[serde(default)]
    pub over: Window,
    #[serde(default)]
    pub of: Source,
    /// Worked out from other figures, instead of from a source.
    #[serde(default)]
    pub formula: Option<String>,
    /// One for each row: `count: {}`.
    #[serde(default)]
    pub count: Option<Map<String, Json>>,
    /// The name of the number to add up.
    #[serde(default)]
    pub sum: Option<String>,
    /// The name of the number to take the mean of.
    #[serde(default)]
    pub mean: Option<String>,
    #[serde(default)]
    pub share: Option<Share>,
    /// At most three names by which the figure can be split.
    #[serde(default)]
    pub by: Vec<String>,
    #[serde(default)]
    pub aligned: Vec<Aligned>,
}

/// Which way is up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Better {
    #[default]
    More,
    Less,
}

/// Which time a figure covers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Window {
    /// All that was recorded up to the day.
    #[default]
    All,
    Year,
    Quarter,
    Month,
}

/// The condition that makes a row part of the numerator; every row is part of the denominator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Share {
    pub when: String,
}

/// The measure elsewhere in the world that it corresponds to.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Aligned {
    pub scheme: String,
    pub code: String,
}

/// Where the rows come from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Source {
    /// The cases of a service.
    #[serde(default)]
    pub case: Option<Id>,
    /// The records of a register.
    #[serde(default)]
    pub record: Option<Id>,
    /// The payments of fees for a service.
    #[serde(default)]
    pub payment: Option<Id>,
    /// The postings to accounts of a purpose, such as `fees` or `spent`.
    #[serde(default)]
    pub posting: Option<Id>,
    /// The entity that observes it.
    #[serde(default)]
    pub observation: Option<Id>,
    #[serde(default)]
    pub every: Option<Window>,
    /// Which rows count.
    #[serde(default)]
    pub when: Option<String>,
    /// The name of the day on which a row counts.
    #[serde(default)]
    pub at: Option<String>,
}

impl Source {
    /// The sorts of rows in the journal that an indicator can be computed from.
    pub const SOURCES: [&str; 4] = ["case", "record", "payment", "posting"];

    /// The kind of the rows of one of those sorts that it is about, if it is about any.
    pub fn kind(&self, source: &str) -> Option<&str> {
        let of = match source {
            "case" => &self.case,
            "record" => &self.record,
            "payment" => &self.payment,
            "posting" => &self.posting,
            _ => return None,
        };
        of.as_ref().map(AsRef::as_ref)
    }
}
