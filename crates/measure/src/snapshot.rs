//! All figures as they stand, or stood, at one moment: read once, asked often.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;

use crate::{
    Cell, Figure, Indicator, MICROS, Observation, Period,
    cube::{Cells, Cube, Dimensions, Sum},
    sql::FoldedRow,
};

/// The figures at one moment.
#[derive(Clone, Default)]
pub struct Snapshot {
    folded: Arc<Cube>,
    /// What is not folded yet, by indicator.
    open: HashMap<String, Vec<(Date, Dimensions, Sum)>>,
}

impl Snapshot {
    pub(crate) fn new(folded: Arc<Cube>, rows: Vec<FoldedRow>) -> Snapshot {
        let mut open: HashMap<String, Vec<_>> = HashMap::new();
        for row in rows {
            let dimensions = row.dimensions.map(Arc::from);
            open.entry(row.indicator).or_default().push((row.day, dimensions, row.sum));
        }
        Snapshot { folded, open }
    }

    /// The figure at the end of a day.
    pub fn at(&self, indicator: &Indicator, day: Date) -> Figure {
        if indicator.is_observed() {
            return observed(self.observations(indicator, day).last());
        }
        if let Some(formula) = indicator.formula() {
            return formula.figure(|part| self.at(part, day));
        }
        let sum = self.total(indicator, indicator.window_start(day), day);
        indicator.figure(sum.number, sum.micros)
    }

    /// What two days, both included, add up to.
    pub fn between(&self, indicator: &Indicator, from: Date, to: Date) -> Figure {
        if let Some(formula) = indicator.formula() {
            return formula.figure(|part| match part.is_observed() {
                true => self.at(part, to),
                false => self.between(part, from, to),
            });
        }
        let sum = self.total(indicator, from, to);
        indicator.figure(sum.number, sum.micros)
    }

    /// The figure at the end of each of the days, in their order.
    pub fn series(&self, indicator: &Indicator, days: &[Date]) -> Vec<Figure> {
        days.iter().map(|day| self.at(indicator, *day)).collect()
    }

    /// The figure at a day, split by a dimension (by its place, from 1), sorted by its value.
    pub fn split(&self, indicator: &Indicator, day: Date, dimension: usize) -> Vec<(String, Figure)> {
        let from = indicator.window_start(day);
        let mut sums: BTreeMap<Arc<str>, Sum> = BTreeMap::new();
        for (_, dimensions, sum) in self.each(indicator, from, day) {
            let value = dimension.checked_sub(1).and_then(|place| dimensions.get(place)).cloned().unwrap_or_default();
            *sums.entry(value).or_default() += sum;
        }
        let there = sums.into_iter().filter(|(_, sum)| *sum != Sum::default());
        there.map(|(value, sum)| (value.to_string(), indicator.figure(sum.number, sum.micros))).collect()
    }

    /// Count and value by period and by dimensions (by their places, from 1), between two days, both included.
    pub fn cells(&self, indicator: &Indicator, days: (Date, Date), per: Option<Period>, by: &[usize]) -> Vec<Cell> {
        let mut sums: BTreeMap<(String, Vec<Arc<str>>), Sum> = BTreeMap::new();
        for (day, dimensions, sum) in self.each(indicator, days.0, days.1) {
            let period = per.map_or(String::new(), |per| per.name(day));
            let value =
                |place: &usize| place.checked_sub(1).and_then(|p| dimensions.get(p)).cloned().unwrap_or_default();
            *sums.entry((period, by.iter().map(value).collect())).or_default() += sum;
        }
        let cell = |((period, dimensions), sum): ((String, Vec<Arc<str>>), Sum)| Cell {
            period,
            dimensions: dimensions.iter().map(ToString::to_string).collect(),
            number: sum.number,
            micros: sum.micros,
        };
        sums.into_iter().filter(|(_, sum)| *sum != Sum::default()).map(cell).collect()
    }

    /// The observations of an indicator up to a day, oldest first.
    pub fn observations(&self, indicator: &Indicator, to: Date) -> &[Observation] {
        let Some(all) = self.folded.observed.get(indicator.name()) else { return &[] };
        let to = to.to_string();
        &all[..all.partition_point(|o| o.day <= to)]
    }

    fn folded(&self, indicator: &Indicator) -> Option<&Cells> {
        self.folded.cells.get(indicator.name()).map(Arc::as_ref)
    }

    fn open(&self, indicator: &Indicator, from: Date, to: Date) -> impl Iterator<Item = (Date, &Dimensions, Sum)> {
        let open = self.open.get(indicator.name()).into_iter().flatten();
        open.filter(move |(day, _, _)| *day >= from && *day <= to)
            .map(|(day, dimensions, sum)| (*day, dimensions, *sum))
    }

    fn each(&self, indicator: &Indicator, from: Date, to: Date) -> impl Iterator<Item = (Date, &Dimensions, Sum)> {
        let folded = self.folded(indicator).into_iter().flat_map(move |cells| cells.range(from, to));
        folded.chain(self.open(indicator, from, to))
    }

    fn total(&self, indicator: &Indicator, from: Date, to: Date) -> Sum {
        let mut total = self.folded(indicator).map_or(Sum::default(), |cells| cells.total(from, to));
        self.open(indicator, from, to).for_each(|(_, _, sum)| total += sum);
        total
    }
}

fn observed(observation: Option<&Observation>) -> Figure {
    match observation {
        Some(o) => Figure { value: Some(o.micros as f64 / MICROS as f64), number: 1, micros: o.micros },
        None => Figure { value: None, number: 0, micros: 0 },
    }
}
