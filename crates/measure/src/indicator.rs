//! The function f of an indicator: what one row adds to the figure.

use base::{Finding, Step};
use jiff::civil::Date;
use rules::{Environment, Expression};
use rust_decimal::{Decimal, prelude::ToPrimitive};
use serde_json::{Map, Value as Json};

use crate::{Formula, IndicatorDefinition, definition::Source, field::Field};

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
    /// The fields that it reads; what follows names them by their place here.
    names: Vec<String>,
    at: Option<usize>,
    by: Vec<usize>,
    when: Option<Condition>,
    measure: Measure,
}

#[derive(Clone)]
enum Measure {
    Count,
    /// Sum and mean differ only in how the figure is read.
    Value(usize),
    Share(Condition),
    Observed,
    Formula(Formula),
}

/// A condition and where the names that it reads stand among the indicator's.
#[derive(Clone)]
struct Condition {
    rule: Expression,
    places: Vec<usize>,
}

impl Condition {
    fn new(rule: Expression, names: &mut Vec<String>) -> Condition {
        let places = rule.names().unwrap_or_default().iter().map(|name| place(names, name)).collect();
        Condition { rule, places }
    }

    fn holds(&self, row: &impl Fields) -> bool {
        let value = |name: usize| self.places.get(name).map_or(Field::Missing, |place| row.field(*place)).value();
        self.rule.holds(&value, &|| {
            Environment::new(match self.rule.names() {
                None => row.whole(),
                Some(names) => {
                    let fields =
                        names.iter().zip(&self.places).map(|(name, place)| (name.clone(), row.field(*place).json()));
                    Json::Object(fields.collect::<Map<_, _>>())
                }
            })
        })
    }
}

/// The place of a name, which is added where it is new.
pub(crate) fn place(names: &mut Vec<String>, name: &str) -> usize {
    names.iter().position(|known| known == name).unwrap_or_else(|| {
        names.push(name.to_owned());
        names.len() - 1
    })
}

/// A row, as an indicator reads it.
pub(crate) trait Fields {
    /// The field at a place among the indicator's names.
    fn field(&self, place: usize) -> Field<'_>;
    /// The whole document, for a condition that can reach all of it.
    fn whole(&self) -> Json;
}

/// What a row adds, borrowed from it. Its count is one.
pub(crate) struct Added<'a> {
    pub day: Date,
    pub dimensions: [Field<'a>; 3],
    pub micros: i64,
}

struct Document<'a> {
    row: &'a Json,
    names: &'a [String],
}

impl Fields for Document<'_> {
    fn field(&self, place: usize) -> Field<'_> {
        let field = self.names.get(place).and_then(|name| self.row.get(name));
        field.map_or(Field::Missing, Field::Document)
    }

    fn whole(&self) -> Json {
        self.row.clone()
    }
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
        let mut names = Vec::new();
        let at = definition.of.at.as_ref().map(|name| place(&mut names, name));
        let by = definition.by.iter().map(|name| place(&mut names, name)).collect();
        let when = when.map(|rule| Condition::new(rule, &mut names));
        let measure = match (&definition.sum, &definition.mean, share) {
            _ if observed => Measure::Observed,
            (Some(name), _, _) | (_, Some(name), _) => Measure::Value(place(&mut names, name)),
            (_, _, Some(share)) => Measure::Share(Condition::new(share, &mut names)),
            _ => Measure::Count,
        };
        Ok(Indicator { definition, names, at, by, when, measure })
    }

    /// Compiles an indicator that is worked out from others, or says all that is wrong with it.
    pub fn compile_formula(definition: IndicatorDefinition, known: &[Indicator]) -> Result<Indicator, Vec<Finding>> {
        let key = |name: &str| Step::Key(name.to_owned());
        let d = &definition;
        let mut findings = Vec::new();
        let ways = [d.count.is_some(), d.sum.is_some(), d.mean.is_some(), d.share.is_some()];
        if ways.contains(&true) || d.of != Source::default() || !d.by.is_empty() {
            findings.push(
                Finding::at(vec![key("formula")], "a formula has no rows of its own to count or to split")
                    .help("take out `of`, `by`, `count`, `sum`, `mean` and `share`, or take out `formula`"),
            );
        }
        let formula = Formula::compile(d.formula.as_deref().unwrap_or_default(), known);
        match formula {
            Ok(formula) if findings.is_empty() => Ok(Indicator {
                definition,
                names: Vec::new(),
                at: None,
                by: Vec::new(),
                when: None,
                measure: Measure::Formula(formula),
            }),
            formula => Err(findings.into_iter().chain(formula.err().into_iter().flatten()).collect()),
        }
    }

    /// The formula that it is worked out by, where it is.
    pub fn formula(&self) -> Option<&Formula> {
        match &self.measure {
            Measure::Formula(formula) => Some(formula),
            _ => None,
        }
    }

    /// Whether it is computed from rows, which are the records behind it.
    pub fn has_rows(&self) -> bool {
        !matches!(self.measure, Measure::Observed | Measure::Formula(_))
    }

    /// Whether what happens in one month is added to what happened before, as counts and sums are.
    pub fn adds_up(&self) -> bool {
        self.has_rows() && !self.is_ratio()
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

    /// The kind of the rows of a source that are its rows, if it has any there.
    pub(crate) fn kind(&self, source: &str) -> Option<&str> {
        self.definition.of.kind(source)
    }

    /// Whether rows of this source are its rows.
    pub fn is_over(&self, source: &str, kind: &str) -> bool {
        self.kind(source) == Some(kind)
    }

    /// The fields that it reads.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// f: what a row adds.
    pub(crate) fn added<'a>(&self, row: &'a impl Fields) -> Option<Added<'a>> {
        let day = row.field(self.at?).day()?;
        if !self.when.as_ref().is_none_or(|when| when.holds(row)) {
            return None;
        }
        let micros = match &self.measure {
            Measure::Count => MICROS,
            Measure::Value(place) => row.field(*place).micros()?,
            Measure::Share(numerator) => i64::from(numerator.holds(row)) * MICROS,
            Measure::Observed | Measure::Formula(_) => return None,
        };
        let mut dimensions = [Field::Missing; 3];
        for (dimension, place) in dimensions.iter_mut().zip(&self.by) {
            *dimension = row.field(*place);
        }
        Some(Added { day, dimensions, micros })
    }

    /// f of a document.
    pub fn contribution(&self, row: &Json) -> Option<Contribution> {
        let row = Document { row, names: &self.names };
        let added = self.added(&row)?;
        let dimensions = added.dimensions.map(|field| field.dimension().into_owned());
        Some(Contribution { day: added.day, dimensions, number: 1, micros: added.micros })
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
    decimal.checked_mul(Decimal::from(MICROS))?.round().to_i64()
}
