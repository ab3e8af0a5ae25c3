//! A stock-and-flow model of human capital, month by month: applicants are admitted, study, graduate, look for work, are
//! hired, stay or leave. People are counted as expected numbers; what is uncertain are the parameters (Sterman 2000).

mod answer;
mod simulate;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use answer::{Alternative, Fan, Lifted, Range, Reach, Simulation, Swing, TargetAnswer, answer};

use crate::{AtlasError, distribution::Distribution};

/// What drives the model. Shares are from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Parameter {
    /// People who apply, a year, at the start.
    Applicants,
    /// By what share that grows each year.
    ApplicantsGrowth,
    /// The share of applicants who may be admitted.
    Qualified,
    /// Places offered a year; without it, all who may are admitted as far as there are seats.
    Intake,
    /// How many can be enrolled at once; without it, any number.
    Seats,
    StudyMonths,
    /// The share of those admitted who leave before they graduate.
    DropOut,
    /// The mean time until a graduate is hired, where there are jobs.
    SearchMonths,
    /// Graduates whom employers can hire a year; without it, any number.
    Jobs,
    /// The share of graduates looking for work who emigrate, a year.
    EmigrationOfGraduates,
    /// The share of those hired who emigrate, a year.
    EmigrationOfHired,
    /// The share of those hired who leave for other reasons, a year.
    Leaving,
}

pub(crate) const PARAMETERS: usize = 12;

impl Parameter {
    pub const ALL: [Parameter; PARAMETERS] = [
        Parameter::Applicants,
        Parameter::ApplicantsGrowth,
        Parameter::Qualified,
        Parameter::Intake,
        Parameter::Seats,
        Parameter::StudyMonths,
        Parameter::DropOut,
        Parameter::SearchMonths,
        Parameter::Jobs,
        Parameter::EmigrationOfGraduates,
        Parameter::EmigrationOfHired,
        Parameter::Leaving,
    ];

    /// The least, the most, and what holds where a scenario says nothing.
    fn bounds(self) -> (f64, f64, f64) {
        const ANY: f64 = f64::INFINITY;
        match self {
            Parameter::Applicants => (0.0, ANY, 0.0),
            Parameter::ApplicantsGrowth => (-0.99, 10.0, 0.0),
            Parameter::Qualified => (0.0, 1.0, 1.0),
            Parameter::Intake | Parameter::Seats | Parameter::Jobs => (0.0, ANY, ANY),
            Parameter::StudyMonths => (1.0, 240.0, 12.0),
            Parameter::SearchMonths => (0.0, 240.0, 0.0),
            Parameter::DropOut => (0.0, 0.999, 0.0),
            Parameter::EmigrationOfGraduates | Parameter::EmigrationOfHired | Parameter::Leaving => (0.0, 0.999, 0.0),
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Parameter::Applicants => "applicants",
            Parameter::ApplicantsGrowth => "applicants-growth",
            Parameter::Qualified => "qualified",
            Parameter::Intake => "intake",
            Parameter::Seats => "seats",
            Parameter::StudyMonths => "study-months",
            Parameter::DropOut => "drop-out",
            Parameter::SearchMonths => "search-months",
            Parameter::Jobs => "jobs",
            Parameter::EmigrationOfGraduates => "emigration-of-graduates",
            Parameter::EmigrationOfHired => "emigration-of-hired",
            Parameter::Leaving => "leaving",
        }
    }
}

/// What is counted: stocks as they stand, and flows since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Series {
    /// Flow: people who applied.
    Applied,
    /// Flow: people who were admitted.
    Admitted,
    /// Stock: people who study.
    Enrolled,
    /// Flow: people who left their studies.
    DroppedOut,
    /// Flow: people who graduated.
    Graduated,
    /// Stock: graduates who look for work.
    Seeking,
    /// Flow: graduates who were hired.
    Hired,
    /// Stock: people who were hired and stayed.
    Retained,
    /// Flow: graduates and hired people who emigrated.
    Emigrated,
    /// Flow: hired people who left for other reasons.
    Left,
}

pub(crate) const SERIES: usize = 10;

impl Series {
    pub const ALL: [Series; SERIES] = [
        Series::Applied,
        Series::Admitted,
        Series::Enrolled,
        Series::DroppedOut,
        Series::Graduated,
        Series::Seeking,
        Series::Hired,
        Series::Retained,
        Series::Emigrated,
        Series::Left,
    ];
}

/// A month of a year, such as `2023-12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
pub struct Month {
    /// Months since the year 0.
    count: i32,
}

impl Month {
    pub fn parse(text: &str) -> Result<Month, AtlasError> {
        let wrong = || AtlasError::Invalid(format!("«{text}» is no month: expected one such as 2023-12"));
        let (year, month) = text.split_once('-').ok_or_else(wrong)?;
        let (year, month): (i32, i32) = (year.parse().map_err(|_| wrong())?, month.parse().map_err(|_| wrong())?);
        if !(1..=9999).contains(&year) || !(1..=12).contains(&month) {
            return Err(wrong());
        }
        Ok(Month { count: year * 12 + month - 1 })
    }

    pub fn plus(self, months: usize) -> Month {
        Month { count: self.count + months as i32 }
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.count.div_euclid(12), self.count.rem_euclid(12) + 1)
    }
}

impl TryFrom<String> for Month {
    type Error = AtlasError;
    fn try_from(text: String) -> Result<Month, AtlasError> {
        Month::parse(&text)
    }
}

impl From<Month> for String {
    fn from(month: Month) -> String {
        month.to_string()
    }
}

/// How many people there are at the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Stocks {
    pub enrolled: f64,
    pub seeking: f64,
    pub retained: f64,
}

/// What is to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Target {
    pub of: Series,
    pub at_least: f64,
    /// At the end of this month.
    pub by: Month,
    /// In what share of the runs it is to be reached.
    #[serde(default = "half")]
    pub probability: f64,
    /// The least and the most intake a year that can be considered.
    #[serde(default)]
    pub intake_within: Option<[f64; 2]>,
}

fn half() -> f64 {
    0.5
}

/// A question to the model.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scenario {
    /// The first month.
    pub start: Month,
    /// The last month.
    pub until: Month,
    #[serde(default = "runs")]
    pub runs: usize,
    #[serde(default)]
    pub seed: u64,
    #[serde(default)]
    pub stocks: Stocks,
    pub parameters: BTreeMap<Parameter, Distribution>,
    /// By how much the number of applicants varies from year to year: the deviation of its logarithm.
    #[serde(default)]
    pub applicants_noise: f64,
    #[serde(default)]
    pub target: Option<Target>,
    /// What would be otherwise, compared run by run with the same luck.
    #[serde(default)]
    pub alternatives: BTreeMap<String, BTreeMap<Parameter, Distribution>>,
}

fn runs() -> usize {
    10_000
}

/// More than this many values would be held at once.
const VALUES_MAX: usize = 200_000_000;

impl Scenario {
    /// How many months the scenario has.
    pub fn months(&self) -> usize {
        usize::try_from(self.until.count - self.start.count + 1).unwrap_or(0)
    }

    /// The index of a month; none outside the scenario.
    pub(crate) fn index(&self, month: Month) -> Option<usize> {
        usize::try_from(month.count - self.start.count).ok().filter(|index| *index < self.months())
    }

    /// The distribution of a parameter, with what an alternative says of it first.
    pub(crate) fn distribution(
        &self,
        parameter: Parameter,
        changes: Option<&BTreeMap<Parameter, Distribution>>,
    ) -> Distribution {
        let changed = changes.and_then(|changes| changes.get(&parameter));
        let known = changed.or_else(|| self.parameters.get(&parameter)).copied();
        known.unwrap_or(Distribution::Fixed(parameter.bounds().2))
    }

    /// Says the first thing that is wrong.
    pub fn check(&self) -> Result<(), AtlasError> {
        let wrong = |why: String| Err(AtlasError::Invalid(why));
        if self.months() == 0 {
            return wrong(format!("until: {} is before the start, {}", self.until, self.start));
        }
        if self.runs == 0 || self.runs.saturating_mul(self.months()) > VALUES_MAX / SERIES {
            let most = VALUES_MAX / SERIES / self.months();
            return wrong(format!("runs: expected from 1 to {most}, found {}", self.runs));
        }
        for (name, parameters) in
            [("parameters", &self.parameters)].into_iter().chain(self.alternatives.iter().map(|(n, p)| (n.as_str(), p)))
        {
            for (parameter, distribution) in parameters {
                let (low, high, _) = parameter.bounds();
                distribution.check(&format!("{name}: {}", parameter.name()), low, high)?;
            }
        }
        let Stocks { enrolled, seeking, retained } = self.stocks;
        if let Some(bad) = [enrolled, seeking, retained].iter().find(|stock| !stock.is_finite() || **stock < 0.0) {
            return wrong(format!("stocks: expected numbers that are not negative, found {bad}"));
        }
        if !(0.0..=2.0).contains(&self.applicants_noise) {
            return wrong(format!("applicants-noise: expected from 0 to 2, found {}", self.applicants_noise));
        }
        let Some(target) = &self.target else { return Ok(()) };
        if self.index(target.by).is_none() {
            return wrong(format!("target: {} is not between {} and {}", target.by, self.start, self.until));
        }
        if !(target.probability > 0.0 && target.probability < 1.0) {
            return wrong(format!("target: expected a probability between 0 and 1, found {}", target.probability));
        }
        if !target.at_least.is_finite() {
            return wrong("target: at-least is not finite".to_owned());
        }
        match target.intake_within {
            Some([low, high]) if !(low >= 0.0 && high >= low && high.is_finite()) => {
                wrong("target: intake-within: expected the least and the most, such as [0, 10000]".to_owned())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
