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
        let mut sums: BTreeMap<&str, Sum> = BTreeMap::new();
        for (_, dimensions, sum) in self.each(indicator, from, day) {
            *sums.entry(value(dimensions, dimension)).or_default() += sum;
        }
        let there = sums.into_iter().filter(|(_, sum)| *sum != Sum::default());
        there.map(|(value, sum)| (value.to_owned(), indicator.figure(sum.number, sum.micros))).collect()
    }

    /// Count and value by period and by dimensions (by their places, from 1), between two days, both included.
    pub fn cells(&self, indicator: &Indicator, days: (Date, Date), per: Option<Period>, by: &[usize]) -> Vec<Cell> {
        // Without periods there is no name of one rather than an empty one: to compare empty texts that have no place in
        // memory takes some processors hundreds of cycles, and each cell does.
        let mut sums: BTreeMap<(Option<String>, Vec<&str>), Sum> = BTreeMap::new();
        for (day, dimensions, sum) in self.each(indicator, days.0, days.1) {
            let values = by.iter().map(|place| value(dimensions, *place)).collect();
            *sums.entry((per.map(|per| per.name(day)), values)).or_default() += sum;
        }
        let cell = |((period, values), sum): ((Option<String>, Vec<&str>), Sum)| Cell {
            period: period.unwrap_or_default(),
            dimensions: values.into_iter().map(str::to_owned).collect(),
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

/// The value of a dimension, by its place from 1.
fn value(dimensions: &Dimensions, place: usize) -> &str {
    place.checked_sub(1).and_then(|at| dimensions.get(at)).map_or("", AsRef::as_ref)
}

fn observed(observation: Option<&Observation>) -> Figure {
    match observation {
        Some(o) => Figure { value: Some(o.micros as f64 / MICROS as f64), number: 1, micros: o.micros },
        None => Figure { value: None, number: 0, micros: 0 },
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test stops where it fails")]

    use jiff::civil::date;
    use rules::{Scope, Type};

    use super::*;

    #[test]
    fn cells_add_up_what_is_not_asked_for_and_come_in_the_order_of_what_is() {
        let definition = r#"{"indicator": "i", "title": {"en": "i"}, "unit": {"en": "u"}, "count": {},
            "of": {"record": "things", "at": "day"}, "by": ["region", "sex"]}"#;
        let scope = ["day", "region", "sex"].iter().fold(Scope::new(), |scope, name| scope.with(name, Type::String));
        let indicator = Indicator::compile(serde_json::from_str(definition).unwrap(), &scope).unwrap();
        let rows = [
            (1, "a", "m", 1),
            (1, "b", "", 2),
            (2, "a", "f", 4),
            (2, "a", "m", 8),
            (3, "b", "m", 16),
            (3, "b", "m", -16),
        ];
        let row = |(month, region, sex, number): (i8, &str, &str, i64)| FoldedRow {
            indicator: "i".to_owned(),
            day: date(2021, month, 9),
            dimensions: [region, sex, ""].map(str::to_owned),
            sum: Sum { number, micros: 0 },
        };
        let snapshot = Snapshot::new(Arc::default(), rows.map(row).into());
        let year = (date(2021, 1, 1), date(2021, 12, 31));
        let cells = |per, by: &[usize]| -> Vec<String> {
            let cells = snapshot.cells(&indicator, year, per, by);
            cells.iter().map(|c| format!("{}/{}={}", c.period, c.dimensions.join(","), c.number)).collect()
        };
        assert_eq!(cells(None, &[1]), ["/a=13", "/b=2"]);
        assert_eq!(cells(None, &[2, 1]), ["/,b=2", "/f,a=4", "/m,a=9"]);
        assert_eq!(cells(Some(Period::Month), &[]), ["2021-01/=3", "2021-02/=12"]);
        assert_eq!(cells(Some(Period::Year), &[2, 2]), ["2021/,=2", "2021/f,f=4", "2021/m,m=9"]);
        let split = snapshot.split(&indicator, year.1, 2);
        assert_eq!(
            split.iter().map(|(value, figure)| (value.as_str(), figure.number)).collect::<Vec<_>>(),
            [("", 2), ("f", 4), ("m", 9)]
        );
    }
}
