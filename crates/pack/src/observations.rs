//! `data/observations.csv`: values of indicators that come from outside, each with its source.

use std::collections::BTreeMap;

use measure::{Indicator, MICROS, Observation};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::read::Reader;

impl Reader<'_> {
    /// Reads the rows: indicator, date, value, source, assumption.
    pub(crate) fn observations(&mut self, indicators: &[Indicator]) -> BTreeMap<String, Vec<Observation>> {
        let path = self.folder.join("data/observations.csv");
        let mut observations: BTreeMap<String, Vec<Observation>> = BTreeMap::new();
        if !path.exists() {
            return observations;
        }
        let Some(source) = self.load(&path) else { return observations };
        let observed: Vec<&str> = indicators.iter().filter(|i| i.is_observed()).map(Indicator::name).collect();
        let mut rows = csv::ReaderBuilder::new().from_reader(source.text.as_bytes());
        for (index, row) in rows.records().enumerate() {
            let line = row.as_ref().ok().and_then(|r| r.position()).map_or(index + 2, |p| p.line() as usize);
            let mut wrong =
                |message: String, help: Option<String>| self.reports.push(source.at(line, 1, 1, message, help));
            let row = match row {
                Ok(row) if row.len() == 5 => row,
                _ => {
                    wrong("a row has five cells: indicator, date, value, source, assumption".into(), None);
                    continue;
                }
            };
            if !observed.contains(&&row[0]) {
                let finding =
                    base::finding::unknown(Vec::new(), "observed indicator", &row[0], observed.iter().copied());
                wrong(finding.message, finding.help);
                continue;
            }
            let value: Option<Decimal> = row[2].trim().parse().ok();
            let micros = value.and_then(|v| (v * Decimal::from(MICROS)).round().to_i64());
            match (row[1].parse::<jiff::civil::Date>(), micros) {
                (Ok(day), Some(micros)) => observations.entry(row[0].to_owned()).or_default().push(Observation {
                    day: day.to_string(),
                    micros,
                    source: row[3].to_owned(),
                    assumption: &row[4] == "yes",
                }),
                _ => wrong("the date is written 2021-06-30 and the value is a number".into(), None),
            }
        }
        observations
    }
}
