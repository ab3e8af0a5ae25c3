//! The figures in memory: what each indicator adds up to, by day and dimensions.

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use jiff::civil::Date;

use crate::{Observation, sql::FoldedRow};

/// A count and a value in millionths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Sum {
    pub number: i64,
    pub micros: i64,
}

impl std::ops::AddAssign for Sum {
    fn add_assign(&mut self, other: Sum) {
        self.number += other.number;
        self.micros += other.micros;
    }
}

impl std::ops::Sub for Sum {
    type Output = Sum;
    fn sub(self, other: Sum) -> Sum {
        Sum { number: self.number - other.number, micros: self.micros - other.micros }
    }
}

pub(crate) type Dimensions = [Arc<str>; 3];

/// One indicator by day and dimensions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    by_day: BTreeMap<(Date, Dimensions), Sum>,
    /// What all days up to this one, itself included, add up to; oldest first.
    running: Vec<(Date, Sum)>,
}

impl Cells {
    /// What the days add up to, both ends included.
    pub fn total(&self, from: Date, to: Date) -> Sum {
        let up_to =
            |place: usize| place.checked_sub(1).and_then(|p| self.running.get(p)).map_or(Sum::default(), |r| r.1);
        let end = self.running.partition_point(|(day, _)| *day <= to);
        let start = self.running.partition_point(|(day, _)| *day < from);
        if end <= start { Sum::default() } else { up_to(end) - up_to(start) }
    }

    /// Each cell of the days, both ends included.
    pub fn range(&self, from: Date, to: Date) -> impl Iterator<Item = (Date, &Dimensions, Sum)> {
        let cells = self.by_day.range((from, Dimensions::default())..);
        cells.take_while(move |((day, _), _)| *day <= to).map(|((day, dimensions), sum)| (*day, dimensions, *sum))
    }

    pub fn set(&mut self, day: Date, dimensions: Dimensions, sum: Sum) {
        self.by_day.insert((day, dimensions), sum);
    }

    /// Adds the days up anew after cells were set.
    pub fn run(&mut self) {
        self.running.clear();
        let mut total = Sum::default();
        for ((day, _), sum) in &self.by_day {
            total += *sum;
            match self.running.last_mut() {
                Some((last, running)) if last == day => *running = total,
                _ => self.running.push((*day, total)),
            }
        }
    }
}

/// Everything that is folded, as of one generation. Indicators that a folding does not touch are shared with the
/// generation before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cube {
    /// `None` before the first reading.
    pub generation: Option<i64>,
    pub cells: HashMap<String, Arc<Cells>>,
    pub observed: HashMap<String, Arc<Vec<Observation>>>,
    /// The values of dimensions, each kept once.
    texts: HashMap<Arc<str>, ()>,
}

impl Cube {
    /// The value of a dimension, shared with every other cell that has it.
    fn text(&mut self, value: &str) -> Arc<str> {
        if let Some((known, ())) = self.texts.get_key_value(value) {
            return known.clone();
        }
        let new: Arc<str> = value.into();
        self.texts.insert(new.clone(), ());
        new
    }

    /// The cube of a later generation: the rows that changed, put over what was known.
    pub fn with(&self, generation: i64, rows: Vec<FoldedRow>, observations: Vec<(String, Observation)>) -> Cube {
        let mut cube = self.clone();
        cube.generation = Some(generation);
        let mut changed: HashMap<String, Vec<FoldedRow>> = HashMap::new();
        for row in rows {
            changed.entry(row.indicator.clone()).or_default().push(row);
        }
        for (indicator, rows) in changed {
            let mut cells = cube.cells.get(&indicator).map_or_else(Cells::default, |known| Cells::clone(known));
            for row in rows {
                let [d1, d2, d3] = &row.dimensions;
                let dimensions = [cube.text(d1), cube.text(d2), cube.text(d3)];
                cells.set(row.day, dimensions, row.sum);
            }
            cells.run();
            cube.cells.insert(indicator, Arc::new(cells));
        }
        let mut observed: HashMap<String, Vec<Observation>> = HashMap::new();
        for (indicator, observation) in observations {
            observed.entry(indicator).or_default().push(observation);
        }
        cube.observed = observed.into_iter().map(|(indicator, all)| (indicator, Arc::new(all))).collect();
        cube
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn running_totals_give_what_the_cells_add_up_to() {
        let mut cells = Cells::default();
        let place = |name: &str| [name.into(), "".into(), "".into()];
        for (day, name, number) in [(3, "a", 5), (1, "a", 1), (3, "b", 7), (9, "a", -2)] {
            cells.set(date(2021, 3, day), place(name), Sum { number, micros: number * 10 });
        }
        cells.run();
        for (from, to, wanted) in [(1, 9, 11), (2, 3, 12), (3, 3, 12), (4, 8, 0), (9, 30, -2), (10, 11, 0)] {
            let (from, to) = (date(2021, 3, from), date(2021, 3, to));
            assert_eq!(cells.total(from, to).number, wanted);
            assert_eq!(cells.range(from, to).map(|(_, _, sum)| sum.number).sum::<i64>(), wanted);
            assert_eq!(cells.total(from, to).micros, 10 * wanted);
        }
    }
}
