//! A road map as the pack defines it, and the places and organisations that it speaks of.

use std::collections::BTreeMap;

use base::{Id, Text};
use jiff::civil::Date;
use measure::Trajectory;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A region and its place on the tile map.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RegionDefinition {
    pub region: Id,
    pub title: Text,
    #[serde(default)]
    pub short: Option<Text>,
    /// Column and row.
    pub cell: [u8; 2],
}

/// A ministry, department, bank, university or company that can be responsible for something.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct EntityDefinition {
    pub entity: Id,
    pub title: Text,
    pub kind: String,
    #[serde(default)]
    pub part_of: Option<Id>,
}

/// A group of places planned together.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ClusterDefinition {
    pub cluster: Id,
    pub title: Text,
    pub merit: Text,
    pub regions: Vec<Id>,
}

/// A road map.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PlanDefinition {
    pub plan: Id,
    pub cluster: Id,
    pub title: Text,
    #[serde(default)]
    pub summary: Text,
    pub from: Date,
    pub to: Date,
    pub currency: String,
    pub objectives: Vec<Objective>,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Objective {
    pub objective: Id,
    pub title: Text,
    #[serde(default)]
    pub summary: Text,
    #[serde(default)]
    pub indicators: Vec<IndicatorUse>,
    #[serde(default)]
    pub interventions: Vec<Intervention>,
}

/// What an objective promises of an indicator.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IndicatorUse {
    pub indicator: Id,
    #[serde(default)]
    pub baseline: BTreeMap<i16, f64>,
    #[serde(default)]
    pub targets: BTreeMap<i16, f64>,
    /// Whether the values are assumed rather than published.
    #[serde(default)]
    pub assumption: bool,
}

impl IndicatorUse {
    pub fn trajectory(&self) -> Trajectory {
        let baseline = self.baseline.last_key_value().map(|(year, value)| (*year, *value));
        Trajectory::new(baseline, self.targets.iter().map(|(year, value)| (*year, *value)))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Intervention {
    pub intervention: Id,
    pub title: Text,
    pub responsible: Id,
    #[serde(default)]
    pub partners: Vec<Id>,
    #[serde(default)]
    pub budget: Vec<BudgetLine>,
    #[serde(default)]
    pub indicators: Vec<IndicatorUse>,
    #[serde(default)]
    pub activities: Vec<Activity>,
}

/// Money for a year from a source, in major units of the plan's currency.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct BudgetLine {
    pub year: i16,
    pub amount: i64,
    pub source: String,
    #[serde(default)]
    pub assumption: bool,
}

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Activity {
    pub activity: Id,
    pub title: Text,
    pub from: Date,
    pub to: Date,
    #[serde(default)]
    pub after: Vec<Id>,
    #[serde(default)]
    pub responsible: Option<Id>,
}

impl PlanDefinition {
    /// Every use of an indicator, with the objective that it belongs to.
    pub fn indicator_uses(&self) -> impl Iterator<Item = (&Objective, &IndicatorUse)> {
        self.objectives.iter().flat_map(|objective| objective.indicator_uses().map(move |used| (objective, used)))
    }

    /// The whole budget in major units.
    pub fn budget(&self) -> i64 {
        self.objectives.iter().map(Objective::budget).sum()
    }
}

impl Objective {
    /// The indicators that it and its interventions use.
    pub fn indicator_uses(&self) -> impl Iterator<Item = &IndicatorUse> {
        self.indicators.iter().chain(self.interventions.iter().flat_map(|intervention| &intervention.indicators))
    }

    pub fn budget(&self) -> i64 {
        self.interventions.iter().map(Intervention::budget_total).sum()
    }
}

impl Intervention {
    pub fn budget_total(&self) -> i64 {
        self.budget.iter().map(|line| line.amount).sum()
    }
    pub fn budget_is_assumed(&self) -> bool {
        self.budget.iter().any(|line| line.assumption)
    }
}
