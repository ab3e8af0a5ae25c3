//! Whether a condition can hold at all, and whether a table answers everybody. A rule that only compares names with
//! values says the same of all values between two neighbours of those: so a few values around each decide, and what is
//! found is certain. The engine itself says what holds of them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use crate::{
    Environment, Expression, Scope, Table, Type,
    examine::{Compared, INPUT, Literal, comparisons},
};

/// How many combinations of values are tried before a question is left open.
const POINTS_MAX: usize = 100_000;
/// How many values of a list are told apart, each combination of them being one value.
const LIST_VALUES_MAX: usize = 6;

/// What values a name can have, besides its type.
#[derive(Debug, Clone, Default)]
pub struct Bounds {
    /// How far two neighbouring numbers are apart, where they are not dense.
    pub step: Option<Decimal>,
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// It may have no value.
    pub optional: bool,
    /// The condition under which it has one.
    pub only_when: Option<String>,
}

/// The bounds of the names that have some.
pub type Limits = BTreeMap<String, Bounds>;

/// Whether a condition is the same for everybody: `Some(false)` can never hold, `Some(true)` always does.
pub fn settled(source: &str, scope: &Scope, limits: &Limits) -> Option<bool> {
    let rule = Expression::compile(source, scope, Some(Type::Bool)).ok()?;
    let compared = comparisons(source, false)?;
    let names: Vec<&String> = compared.keys().collect();
    let axes = names.iter().map(|name| axis(name, &compared[*name], scope, limits)).collect::<Option<Vec<_>>>()?;
    if axes.iter().try_fold(1_usize, |all, axis| all.checked_mul(axis.len())).is_none_or(|all| all > POINTS_MAX) {
        return None;
    }
    let (mut yes, mut no) = (false, false);
    let mut place = vec![0; axes.len()];
    loop {
        let values: Map<String, Json> = names
            .iter()
            .zip(&axes)
            .zip(&place)
            .map(|((name, axis), at)| ((*name).clone(), axis[*at].clone()))
            .collect();
        if rule.is_true(&Environment::new(Json::Object(values))) {
            yes = true
        } else {
            no = true
        }
        if yes && no {
            return None;
        }
        let Some(next) = (0..axes.len()).find(|axis| place[*axis] + 1 < axes[*axis].len()) else { return Some(yes) };
        place[next] += 1;
        place[..next].fill(0);
    }
}

/// What is dangerous in a table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    /// Answers for which no row fits: of each input, from which value to which (the same where it is one; `Null` where
    /// it is not answered).
    pub gap: Option<Vec<(String, Json, Json)>>,
    /// Rows that no answers fit.
    pub impossible: Vec<usize>,
    /// Rows that are never reached, because those before them fit whenever they would.
    pub hidden: Vec<usize>,
    /// Two rows that share the end of a range: row, row, input, value.
    pub shared_ends: Vec<(usize, usize, String, Json)>,
}

/// Holds the rows of a table against all answers that there can be: those that meet `given`.
pub fn coverage(inputs: &[String], rows: &[Vec<String>], scope: &Scope, limits: &Limits, given: &[String]) -> Coverage {
    Grid::new(inputs, rows, scope, limits, given).map(|grid| grid.coverage()).unwrap_or_default()
}

/// Whether a row fits a value of one input: certainly, and possibly.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Fits {
    surely: bool,
    maybe: bool,
}

struct Grid<'a> {
    inputs: &'a [String],
    /// The names of the inputs, and after them those that the conditions speak of.
    names: Vec<String>,
    axes: Vec<Vec<Json>>,
    /// By row, input and value.
    fits: Vec<Vec<Vec<Fits>>>,
    /// Answers are possible only where these hold.
    given: Vec<Expression>,
    /// An input by its place, and when it is asked.
    asked: Vec<(usize, Expression)>,
    optional: Vec<bool>,
}

impl<'a> Grid<'a> {
    fn new(
        inputs: &'a [String],
        rows: &[Vec<String>],
        scope: &Scope,
        limits: &Limits,
        given: &[String],
    ) -> Option<Grid<'a>> {
        let mut compared: Compared = inputs.iter().map(|input| (input.clone(), Vec::new())).collect();
        let mut cells: Vec<Vec<Option<bool>>> = Vec::new();
        for row in rows {
            let mut open = Vec::new();
            for (input, cell) in inputs.iter().zip(row) {
                open.push(match is_blank(cell).then(Compared::new).or_else(|| comparisons(cell, true)) {
                    Some(found) if found.keys().all(|name| name == INPUT) => {
                        compared.entry(input.clone()).or_default().extend(found.into_values().flatten());
                        Some(true)
                    }
                    // What looks at other answers too is left open.
                    _ => None,
                });
            }
            cells.push(open);
        }
        // Conditions that can be decided narrow down what answers there are; the others are left out.
        let mut rules = Vec::new();
        let asked_when = |input: &String| limits.get(input).and_then(|bounds| bounds.only_when.clone());
        let asked: Vec<(usize, String)> =
            inputs.iter().enumerate().filter_map(|(place, input)| Some((place, asked_when(input)?))).collect();
        let mut open_inputs = BTreeSet::new();
        for (place, source) in given.iter().map(|source| (None, source)).chain(asked.iter().map(|(p, s)| (Some(*p), s)))
        {
            let rule = Expression::compile(source, scope, Some(Type::Bool)).ok();
            match (rule, comparisons(source, false)) {
                (Some(rule), Some(found)) if found.iter().all(|(n, v)| axis(n, v, scope, limits).is_some()) => {
                    for (name, values) in found {
                        compared.entry(name).or_default().extend(values);
                    }
                    rules.push((place, rule));
                }
                _ => drop(place.map(|place| open_inputs.insert(place))),
            }
        }
        let mut names: Vec<String> = inputs.to_vec();
        names.extend(compared.keys().filter(|name| !inputs.contains(name)).cloned());
        let mut axes = Vec::new();
        for name in &names {
            axes.push(axis(name, compared.get(name)?, scope, limits)?);
        }
        let optional = names.iter().map(|name| limits.get(name).is_some_and(|bounds| bounds.optional)).collect();
        // Whether it is asked is not known: it is taken to be.
        for place in open_inputs {
            axes[place].retain(|value| !value.is_null());
        }
        let mut fits = Vec::new();
        for (row, open) in rows.iter().zip(&cells) {
            let mut of_row = Vec::new();
            for ((place, cell), simple) in row.iter().enumerate().take(inputs.len()).zip(open) {
                if simple.is_none() {
                    of_row.push(vec![Fits { surely: false, maybe: true }; axes[place].len()]);
                    continue;
                }
                let table = Table::compile(&inputs[place..=place], &[vec![cell.clone()]], scope).ok()?;
                let fit = |value: &Json| {
                    let values = Map::from_iter([(inputs[place].clone(), value.clone())]);
                    let fits = table.first_hit(&Environment::new(Json::Object(values))).is_some();
                    Fits { surely: fits, maybe: fits }
                };
                of_row.push(axes[place].iter().map(fit).collect());
            }
            fits.push(of_row);
        }
        let mut grid = Grid { inputs, names, axes, fits, given: Vec::new(), asked: Vec::new(), optional };
        for (place, rule) in rules {
            match place {
                Some(place) => grid.asked.push((place, rule)),
                None => grid.given.push(rule),
            }
        }
        Some(grid)
    }

    /// Whether there can be such answers.
    fn is_possible(&self, point: &[usize]) -> bool {
        if self.given.is_empty() && self.asked.is_empty() {
            return true;
        }
        let value = |place: usize| self.axes[place][point[place]].clone();
        let all = (0..self.names.len()).map(|place| (self.names[place].clone(), value(place)));
        let environment = Environment::new(Json::Object(all.collect()));
        let asked =
            self.asked.iter().all(|(place, rule)| match (rule.is_true(&environment), value(*place).is_null()) {
                (true, missing) => !missing || self.optional[*place],
                (false, missing) => missing,
            });
        asked && self.given.iter().all(|rule| rule.is_true(&environment))
    }

    fn coverage(&self) -> Coverage {
        let mut walk =
            Walk { grid: self, gap: None, reached: vec![false; self.fits.len()], seen: HashSet::new(), visits: 0 };
        let all: Vec<usize> = (0..self.fits.len()).collect();
        let mut point = Vec::new();
        let ended = walk.go(&mut point, &all);
        let (gap, reached) = (walk.gap.clone(), walk.reached.clone());
        let mut coverage = Coverage { gap: gap.map(|point| self.widened(&point)), ..Coverage::default() };
        if ended {
            for row in (0..self.fits.len()).filter(|row| !reached[*row]) {
                let possible = self.fits[row].iter().all(|fits| fits.iter().any(|fits| fits.maybe));
                if possible { coverage.hidden.push(row) } else { coverage.impossible.push(row) }
            }
        }
        coverage.shared_ends = self.shared_ends();
        coverage
    }

    /// The gap around a point: of each number, how far it goes while the other answers stay.
    fn widened(&self, point: &[usize]) -> Vec<(String, Json, Json)> {
        let is_gap = |place: usize, at: usize| {
            let mut point = point.to_vec();
            point[place] = at;
            let fits = |row: &Vec<Vec<Fits>>| row.iter().zip(&point).all(|(fits, at)| fits[*at].maybe);
            self.axes[place][at].is_number() && !self.fits.iter().any(fits) && self.is_possible(&point)
        };
        let wide = |place: usize| {
            let axis = &self.axes[place];
            let (mut from, mut to) = (point[place], point[place]);
            if axis[from].is_number() {
                while from > 0 && is_gap(place, from - 1) {
                    from -= 1;
                }
                while to + 1 < axis.len() && is_gap(place, to + 1) {
                    to += 1;
                }
            }
            (self.inputs[place].clone(), axis[from].clone(), axis[to].clone())
        };
        (0..self.inputs.len()).map(wide).collect()
    }

    fn shared_ends(&self) -> Vec<(usize, usize, String, Json)> {
        let mut found = Vec::new();
        for (second, of_second) in self.fits.iter().enumerate() {
            for (first, of_first) in self.fits.iter().enumerate().take(second) {
                let meet =
                    |place: usize| of_first[place].iter().zip(&of_second[place]).any(|(a, b)| a.surely && b.surely);
                for place in 0..self.inputs.len() {
                    let shared: Vec<usize> = (0..self.axes[place].len())
                        .filter(|at| of_first[place][*at].surely && of_second[place][*at].surely)
                        .collect();
                    let ([at], axis) = (shared.as_slice(), &self.axes[place]) else { continue };
                    let only = |of: &[Vec<Fits>]| of[place].iter().filter(|fits| fits.surely).count() > 1;
                    let others = (0..self.inputs.len()).filter(|other| *other != place).all(meet);
                    if axis[*at].is_number() && only(of_first) && only(of_second) && others {
                        found.push((first, second, self.inputs[place].clone(), axis[*at].clone()));
                    }
                }
            }
        }
        found
    }
}

struct Walk<'a> {
    grid: &'a Grid<'a>,
    gap: Option<Vec<usize>>,
    reached: Vec<bool>,
    seen: HashSet<(usize, Vec<usize>, Vec<usize>)>,
    visits: usize,
}

impl Walk<'_> {
    /// Goes on from a point through the values of the next name, with the rows that may still fit. `false` where there is
    /// more than can be tried.
    fn go(&mut self, point: &mut Vec<usize>, open: &[usize]) -> bool {
        let place = point.len();
        let free = self.grid.given.is_empty() && self.grid.asked.is_empty();
        self.visits += 1;
        if self.visits > POINTS_MAX {
            return false;
        }
        if place == self.grid.names.len() {
            let new_gap = open.is_empty() && self.gap.is_none();
            let surely = |row: &usize| self.grid.fits[*row].iter().zip(point.iter()).all(|(fits, at)| fits[*at].surely);
            let last = open.iter().position(surely).unwrap_or(open.len());
            let news: Vec<usize> = open.iter().take(last + 1).copied().filter(|row| !self.reached[*row]).collect();
            if (new_gap || !news.is_empty()) && self.grid.is_possible(point) {
                if new_gap {
                    self.gap = Some(point.clone());
                }
                news.iter().for_each(|row| self.reached[*row] = true);
            }
            return true;
        }
        // Where nothing narrows the answers down, what follows depends on the open rows only.
        if free && place < self.grid.inputs.len() && place > 0 {
            let surely = |row: &usize| self.grid.fits[*row].iter().zip(point.iter()).all(|(fits, at)| fits[*at].surely);
            let sure = open.iter().copied().filter(surely).collect();
            if !self.seen.insert((place, open.to_vec(), sure)) {
                return true;
            }
        }
        for at in 0..self.grid.axes[place].len() {
            let still: Vec<usize> = match place < self.grid.inputs.len() {
                true => open.iter().copied().filter(|row| self.grid.fits[*row][place][at].maybe).collect(),
                false => open.to_vec(),
            };
            point.push(at);
            let ended = self.go(point, &still);
            point.pop();
            if !ended {
                return false;
            }
        }
        true
    }
}

fn is_blank(cell: &str) -> bool {
    matches!(cell.trim(), "" | "-")
}

/// The values that decide, in order; `None` where values of that kind cannot be told by a few.
fn axis(name: &str, compared: &[Literal], scope: &Scope, limits: &Limits) -> Option<Vec<Json>> {
    let none = Bounds::default();
    let bounds = limits.get(name).unwrap_or(&none);
    let texts = || compared.iter().filter_map(|l| if let Literal::Text(text) = l { Some(text.clone()) } else { None });
    let mut values: Vec<Json> = match scope.get(name)? {
        Type::Bool => vec![Json::Bool(true), Json::Bool(false)],
        Type::Choice(choices) => choices.iter().map(|choice| Json::String(choice.clone())).collect(),
        Type::String => {
            let texts: BTreeSet<String> = texts().collect();
            texts.into_iter().chain(["\u{2026}".to_owned()]).map(Json::String).collect()
        }
        Type::Number => numbers(compared, bounds),
        Type::List(of) if matches!(**of, Type::Choice(_)) => {
            let texts: BTreeSet<String> = texts().collect();
            if texts.len() > LIST_VALUES_MAX {
                return None;
            }
            let held = |set: usize| texts.iter().enumerate().filter(move |(place, _)| set >> place & 1 == 1);
            (0..1_usize << texts.len())
                .map(|set| held(set).map(|(_, text)| Json::String(text.clone())).collect())
                .collect()
        }
        _ => return None,
    };
    if bounds.optional || bounds.only_when.is_some() {
        values.push(Json::Null);
    }
    Some(values)
}

/// Numbers at, beside and between those that a rule names, within the limits.
fn numbers(compared: &[Literal], bounds: &Bounds) -> Vec<Json> {
    let named: BTreeSet<Decimal> = compared
        .iter()
        .filter_map(|literal| if let Literal::Number(number) = literal { Some(*number) } else { None })
        .chain(bounds.min)
        .chain(bounds.max)
        .collect();
    let mut all = BTreeSet::new();
    match bounds.step {
        Some(step) => {
            for number in &named {
                // The neighbours that there can be, where the number itself cannot.
                let below = (number / step).floor() * step;
                all.extend([below - step, below, below + step]);
            }
        }
        None => {
            let list: Vec<Decimal> = named.iter().copied().collect();
            all.extend(list.windows(2).map(|pair| (pair[0] + pair[1]) / Decimal::TWO));
            all.extend(list.first().map(|first| first - Decimal::ONE));
            all.extend(list.last().map(|last| last + Decimal::ONE));
            all.extend(list);
        }
    }
    if all.is_empty() {
        all.insert(Decimal::ZERO);
    }
    all.retain(|number| bounds.min.is_none_or(|min| *number >= min) && bounds.max.is_none_or(|max| *number <= max));
    all.into_iter().filter_map(|number| serde_json::from_str(&number.normalize().to_string()).ok()).collect()
}

#[cfg(test)]
mod tests;
