//! What many runs of the model say.

use std::collections::BTreeMap;

use rayon::prelude::*;
use serde::Serialize;

use super::{
    Month, PARAMETERS, Parameter, SERIES, Scenario, Series, Target,
    simulate::{self, Drawn},
};
use crate::{AtlasError, distribution::Distribution, random::Random, specialisation::quantile};

/// What a tenth, half and nine tenths of the runs stay below.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    pub p10: f64,
    pub p50: f64,
    pub p90: f64,
}

/// A series over the months.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fan {
    pub series: Series,
    pub months: Vec<Range>,
}

/// What a parameter does to the measure by itself.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Swing {
    pub parameter: Parameter,
    /// The measure with the parameter at its 10th percentile and all others at their medians.
    pub at_p10: f64,
    pub at_p90: f64,
}

/// Whether a target is reached, and what it would take.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TargetAnswer {
    pub of: Series,
    pub at_least: f64,
    pub by: Month,
    /// In what share of the runs it is reached as the scenario stands.
    pub reached_in: f64,
    pub wanted_in: f64,
    pub value: Range,
    /// What intake a year reaches it, where limits for it were given.
    pub intake: Option<Reach>,
}

/// The answer to: what intake reaches the target?
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "answer", rename_all = "kebab-case")]
pub enum Reach {
    /// The smallest whole intake a year that does.
    Reached { intake_a_year: f64, reached_in: f64 },
    NotWithinTheseLimits {
        /// The intake that came nearest, and what it comes to with the probability wanted.
        nearest_intake_a_year: f64,
        value: f64,
        reached_in: f64,
        /// What would come of that intake if a limit did not exist. Where none of them suffices, there is too little
        /// time or too many leave.
        without: Vec<Lifted>,
    },
}

/// What lifting a limit changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Lifted {
    pub limit: &'static str,
    pub value: f64,
    pub reached_in: f64,
}

/// An alternative and its difference from the scenario, run by run.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Alternative {
    pub name: String,
    pub value: Range,
    pub difference: Range,
    pub reached_in: Option<f64>,
}

/// All that a scenario answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Simulation {
    pub start: Month,
    pub until: Month,
    pub runs: usize,
    pub seed: u64,
    pub fans: Vec<Fan>,
    /// What swings, alternatives and the target are about: what the target is of, or who is retained in the end.
    pub measure: Series,
    pub measured_at: Month,
    /// What matters most comes first; parameters that are certain are left out.
    pub tornado: Vec<Swing>,
    pub target: Option<TargetAnswer>,
    pub alternatives: Vec<Alternative>,
}

/// Runs a scenario. The same scenario gives the same bytes.
pub fn answer(scenario: &Scenario) -> Result<Simulation, AtlasError> {
    scenario.check()?;
    let (measure, measured_at) =
        scenario.target.map_or((Series::Retained, scenario.until), |target| (target.of, target.by));
    let model = Model {
        scenario,
        random: Random::new(scenario.seed),
        measure: measure as usize,
        at: scenario.index(measured_at).unwrap_or(0),
    };
    let distributions = model.distributions(None);
    let fans = model.fans(&distributions);
    let values = model.values(&distributions, &[]);
    let target = scenario.target.as_ref().map(|target| TargetAnswer {
        of: target.of,
        at_least: target.at_least,
        by: target.by,
        reached_in: share_reaching(&values, target.at_least),
        wanted_in: target.probability,
        value: range(&values),
        intake: target.intake_within.map(|within| model.reach(&distributions, target, within)),
    });
    let alternatives = scenario.alternatives.iter().map(|(name, changes)| {
        let other = model.values(&model.distributions(Some(changes)), &[]);
        let difference: Vec<f64> = other.iter().zip(&values).map(|(other, value)| other - value).collect();
        Alternative {
            name: name.clone(),
            value: range(&other),
            difference: range(&difference),
            reached_in: scenario.target.map(|target| share_reaching(&other, target.at_least)),
        }
    });
    Ok(Simulation {
        start: scenario.start,
        until: scenario.until,
        runs: scenario.runs,
        seed: scenario.seed,
        fans,
        measure,
        measured_at,
        tornado: model.tornado(&distributions),
        target,
        alternatives: alternatives.collect(),
    })
}

type Distributions = [Distribution; PARAMETERS];

struct Model<'a> {
    scenario: &'a Scenario,
    random: Random,
    measure: usize,
    at: usize,
}

impl Model<'_> {
    fn distributions(&self, changes: Option<&BTreeMap<Parameter, Distribution>>) -> Distributions {
        std::array::from_fn(|at| self.scenario.distribution(Parameter::ALL[at], changes))
    }

    fn fans(&self, distributions: &Distributions) -> Vec<Fan> {
        let months = self.scenario.months();
        let runs: Vec<Vec<[f64; SERIES]>> = (0..self.scenario.runs as u64)
            .into_par_iter()
            .map(|run| {
                let drawn = simulate::draw(distributions, self.random, run);
                let luck = simulate::luck(self.scenario, self.random, run, months.div_ceil(12));
                let mut all = Vec::with_capacity(months);
                simulate::run(self.scenario.stocks, &drawn, &luck, months, |_, counts| all.push(*counts));
                all
            })
            .collect();
        let ranges: Vec<[Range; SERIES]> = (0..months)
            .into_par_iter()
            .map(|month| {
                let mut columns: [Vec<f64>; SERIES] = std::array::from_fn(|_| Vec::with_capacity(runs.len()));
                for run in &runs {
                    for (column, value) in columns.iter_mut().zip(&run[month]) {
                        column.push(*value);
                    }
                }
                columns.map(|mut column| range_of(&mut column))
            })
            .collect();
        let each = Series::ALL.iter().enumerate();
        each.map(|(at, series)| Fan { series: *series, months: ranges.iter().map(|r| r[at]).collect() }).collect()
    }

    /// The measure of each run, with some parameters fixed at other values.
    fn values(&self, distributions: &Distributions, fixed: &[(Parameter, f64)]) -> Vec<f64> {
        (0..self.scenario.runs as u64)
            .into_par_iter()
            .map(|run| {
                let mut drawn = simulate::draw(distributions, self.random, run);
                fixed.iter().for_each(|(parameter, value)| drawn[*parameter as usize] = *value);
                let luck = simulate::luck(self.scenario, self.random, run, (self.at + 1).div_ceil(12));
                self.value(&drawn, &luck)
            })
            .collect()
    }

    fn value(&self, drawn: &Drawn, luck: &[f64]) -> f64 {
        let mut value = 0.0;
        simulate::run(self.scenario.stocks, drawn, luck, self.at + 1, |_, counts| value = counts[self.measure]);
        value
    }

    fn tornado(&self, distributions: &Distributions) -> Vec<Swing> {
        let quantile_of = |at: usize, p: f64| simulate::within(Parameter::ALL[at], distributions[at].quantile(p));
        let median: Drawn = std::array::from_fn(|at| quantile_of(at, 0.5));
        let luck = vec![1.0; (self.at + 1).div_ceil(12)];
        let with = |at: usize, p: f64| {
            let mut drawn = median;
            drawn[at] = quantile_of(at, p);
            self.value(&drawn, &luck)
        };
        let mut swings: Vec<Swing> = (0..PARAMETERS)
            .filter(|at| !distributions[*at].is_fixed())
            .map(|at| Swing { parameter: Parameter::ALL[at], at_p10: with(at, 0.1), at_p90: with(at, 0.9) })
            .collect();
        let width = |swing: &Swing| (swing.at_p90 - swing.at_p10).abs();
        swings.sort_by(|a, b| width(b).total_cmp(&width(a)));
        swings
    }

    /// Looks for the smallest intake that reaches the target: on a grid first, because more is not always better (who is
    /// hired early has more time to leave), and then between two points of the grid.
    fn reach(&self, distributions: &Distributions, target: &Target, [low, high]: [f64; 2]) -> Reach {
        let values = |intake: f64| self.values(distributions, &[(Parameter::Intake, intake)]);
        let reached = |values: &[f64]| share_reaching(values, target.at_least);
        let surely = |values: &[f64]| at_least_in(values, target.probability);
        const STEPS: u32 = 20;
        let (low, high) = (low.ceil(), high.floor().max(low.ceil()));
        let grid = |step: u32| (low + f64::from(step) / f64::from(STEPS) * (high - low)).round();
        let mut nearest = (low, f64::NEG_INFINITY, 0.0);
        for step in 0..=STEPS {
            let intake = grid(step);
            let found = values(intake);
            if reached(&found) >= target.probability {
                let mut below = if step == 0 { intake } else { grid(step - 1) };
                let mut above = (intake, reached(&found));
                while above.0 - below > 1.0 {
                    let middle = (0.5 * (below + above.0)).floor();
                    let share = reached(&values(middle));
                    if share >= target.probability {
                        above = (middle, share);
                    } else {
                        below = middle;
                    }
                }
                return Reach::Reached { intake_a_year: above.0, reached_in: above.1 };
            }
            let value = surely(&found);
            // Of equals the largest, so that lifting a limit can show.
            if value >= nearest.1 {
                nearest = (intake, value, reached(&found));
            }
        }
        let lifts: [(&'static str, &[Parameter]); 4] = [
            ("applicants", &[Parameter::Applicants]),
            ("seats", &[Parameter::Seats]),
            ("jobs", &[Parameter::Jobs]),
            ("all three", &[Parameter::Applicants, Parameter::Seats, Parameter::Jobs]),
        ];
        let without = lifts.into_iter().map(|(limit, parameters)| {
            let mut fixed = vec![(Parameter::Intake, nearest.0)];
            // Enough applicants for the intake whatever share of them is qualified.
            fixed.extend(parameters.iter().map(|parameter| (*parameter, LIMITLESS)));
            let values = self.values(distributions, &fixed);
            Lifted { limit, value: surely(&values), reached_in: reached(&values) }
        });
        Reach::NotWithinTheseLimits {
            nearest_intake_a_year: nearest.0,
            value: nearest.1,
            reached_in: nearest.2,
            without: without.collect(),
        }
    }
}

/// More people than there are, but a number to count with.
const LIMITLESS: f64 = 1e12;

fn share_reaching(values: &[f64], at_least: f64) -> f64 {
    values.iter().filter(|value| **value >= at_least).count() as f64 / values.len() as f64
}

/// What is reached in this share of the runs.
fn at_least_in(values: &[f64], probability: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    quantile(&sorted, 1.0 - probability)
}

fn range(values: &[f64]) -> Range {
    range_of(&mut values.to_vec())
}

/// The same as [`quantile`] of sorted values, without sorting them all.
fn range_of(values: &mut [f64]) -> Range {
    let mut one = |p: f64| {
        let at = p * (values.len() - 1) as f64;
        let below = at.floor() as usize;
        let (_, value, above) = values.select_nth_unstable_by(below, f64::total_cmp);
        let value = *value;
        let next = above.iter().copied().min_by(f64::total_cmp).unwrap_or(value);
        value + (at - below as f64) * (next - value)
    };
    Range { p10: one(0.1), p50: one(0.5), p90: one(0.9) }
}
