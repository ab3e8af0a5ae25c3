//! Who takes part in the demo and how its history unfolds: `demo.yaml`.

use std::collections::BTreeMap;

use base::{Id, Text};
use indexmap::IndexMap;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// The demo of a pack.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Demo {
    /// The day that the demo takes for today.
    pub today: Date,
    pub from: Date,
    pub names: BTreeMap<String, Vec<Text>>,
    pub accounts: Vec<DemoAccount>,
    pub flows: Vec<Flow>,
    /// How often fees are paid in each way; what is missing to 1 is never paid.
    #[serde(default)]
    pub payments: IndexMap<String, f64>,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DemoAccount {
    pub email: String,
    pub name: Text,
    #[serde(default)]
    pub roles: Vec<String>,
    #[serde(default)]
    pub person_id: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub region: Option<String>,
}

/// How people use one service.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Flow {
    pub service: Id,
    /// Its part of all cases, 0 to 1.
    pub share: f64,
    /// How often each answer is given.
    #[serde(default)]
    pub weights: BTreeMap<String, IndexMap<String, f64>>,
    /// Numbers between two limits, the lower ones more often.
    #[serde(default)]
    pub between: BTreeMap<String, [i64; 2]>,
    /// In a state, how often each action is taken; what is missing to 1 is nothing done.
    pub decisions: BTreeMap<String, IndexMap<String, f64>>,
    /// In a state, how many days pass.
    pub days: BTreeMap<String, [u32; 2]>,
}
