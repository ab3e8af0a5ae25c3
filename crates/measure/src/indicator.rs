//! The function f of an indicator: what one row adds to the figure.

use base::{Finding, Step};
use jiff::civil::Date;
use rules::{Environment, Expression};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::Value as Json;

use crate::IndicatorDefinition;

/// Values are kept as whole millionths, so that sums are exact on both engines.
pub const MICROS: i64 = 1_000_000;

/// What a row adds: a count, and a value in millionths, on a day, under up to three dimensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    pub day: Date,
    pub dimensions: [String; 3],
    pub number: i64,
    pub micros: i64,
}

/// An indicator, ready to be computed.
#[derive(Clone)]
pub struct Indicator {
    pub definition: IndicatorDefinition,
    when: Option<Expression>,
    measure: Measure,
}

#[derive(Clone)]
enum Measure {
    Count,
    /// Sum and mean differ only in how the figure is read.
    Value(String),
    Share(Expression),
    Observed,
}

impl Indicator {
    /// Compiles a definition against the names that its source has, or says all that is wrong with it.
    pub fn compile(definition: IndicatorDefinition, scope: &rules::Scope) -> Result<Indicator, Vec<Finding>> {
        let mut findings = Vec::new();
        let key = |name: &str| Step::Key(name.to_owned());
        let mut rule = |source: &str, path: Vec<Step>| match Expression::compile(source, scope, Some(rules::Type::Bool))
        {
            Ok(rule) => Some(rule),
            Err(problems) => {
                findings.extend(problems.into_iter().map(|problem| problem.at(path.clone())));
                None
            }
        };
        let when = definition.of.when.as_ref().and_then(|source| rule(source, vec![key("of"), key("when")]));
        let share = definition.share.as_ref().and_then(|share| rule(&share.when, vec![key("share"), key("when")]));
        let ways = [
            definition.count.is_some(),
            definition.sum.is_some(),
            definition.mean.is_some(),
            definition.share.is_some(),
        ];
        let ways = ways.iter().filter(|way| **way).count();
        let observed = definition.of.observation.is_some();
        if observed != (ways == 0) || ways > 1 {
            findings.push(
                Finding::at(
                    vec![key("indicator")],
                    "an indicator is computed in exactly one way, an observed one in none",
                )
                .help("keep one of `count: {}`, `sum:`, `mean:` and `share:`"),
            );
        }
        if definition.by.len() > 3 {
            findings.push(Finding::at(vec![key("by")], "an indicator has at most three dimensions"));
        }
        for (name, path) in named(&definition) {
            if !observed && !scope.has(&name) {
                findings.push(base::finding::unknown(path, "name", &name, scope.names()));
            }
        }
        if !observed && definition.of.at.is_none() {
            findings.push(
                Finding::at(vec![key("of")], "it is not said on which day a row counts")
                    .help("add `at:`, such as `at: closed`"),
            );
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let measure = match (&definition.sum, &definition.mean, share) {
            _ if observed => Measure::Observed,
            (Some(name), _, _) | (_, Some(name), _) => Measure::Value(name.clone()),
            (_, _, Some(share)) => Measure::Share(share),
            _ => Measure::Count,
        };
        Ok(Indicator { definition, when, measure })
    }

    pub fn name(&self) -> &str {
        self.definition.indicator.as_ref()
    }

    /// Whether it comes from outside.
    pub fn is_observed(&self) -> bool {
        matches!(self.measure, Measure::Observed)
    }

    /// Whether a figure is a value divided by its count (a mean or a share).
    pub fn is_ratio(&self) -> bool {
        self.definition.mean.is_some() || self.definition.share.is_some()
    }

    pub fn is_share(&self) -> bool {
        self.definition.share.is_some()
    }

    /// Whether rows of this source are its rows.
    pub fn is_over(&self, source: &str, kind: &str) -> bool {
        let of = match source {
            "case" => &self.definition.of.case,
            "record" => &self.definition.of.record,
            "payment" => &self.definition.of.payment,
            "posting" => &self.definition.of.posting,
            _ => return false,
        };
        of.as_ref().is_some_and(|id| AsRef::<str>::as_ref(id) == kind)
    }

    /// f: what a row adds. `environment` holds the same row, prepared for rules.
    pub fn contribution(&self, row: &Json, environment: &Environment) -> Option<Contribution> {
        let day: Date = row.get(self.definition.of.at.as_deref()?)?.as_str()?.parse().ok()?;
        if !self.when.as_ref().is_none_or(|when| when.is_true(environment)) {
            return None;
        }
        let micros = match &self.measure {
            Measure::Count => MICROS,
            Measure::Value(name) => micros(row.get(name)?)?,
            Measure::Share(numerator) => i64::from(numerator.is_true(environment)) * MICROS,
            Measure::Observed => return None,
        };
        let mut dimensions = [const { String::new() }; 3];
        for (place, name) in dimensions.iter_mut().zip(&self.definition.by) {
            *place = match row.get(name) {
                Some(Json::String(text)) => text.clone(),
                None | Some(Json::Null) => String::new(),
                Some(other) => other.to_string(),
            };
        }
        Some(Contribution { day, dimensions, number: 1, micros })
    }
}

/// The names that a definition uses besides its conditions, each with its place.
fn named(definition: &IndicatorDefinition) -> Vec<(String, Vec<Step>)> {
    let key = |name: &str| Step::Key(name.to_owned());
    let mut names = Vec::new();
    names.extend(definition.sum.iter().map(|name| (name.clone(), vec![key("sum")])));
    names.extend(definition.mean.iter().map(|name| (name.clone(), vec![key("mean")])));
    names.extend(definition.of.at.iter().map(|name| (name.clone(), vec![key("of"), key("at")])));
    names.extend(definition.by.iter().enumerate().map(|(i, name)| (name.clone(), vec![key("by"), Step::Index(i)])));
    names
}

/// A number in millionths; what does not fit adds nothing.
pub fn micros(value: &Json) -> Option<i64> {
    let Json::Number(number) = value else { return None };
    let decimal: Decimal = number.to_string().parse().ok()?;
    (decimal * Decimal::from(MICROS)).round().to_i64()
}
