//! `data/observations.csv`: values of indicators that come from outside, and `data/sources.yaml`: what their sources are
//! called.

use std::collections::BTreeMap;

use base::{Step, Text, finding::unknown};
use measure::{Indicator, MICROS, Observation};
use rust_decimal::{Decimal, prelude::ToPrimitive};

use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Settings,
    check::{complete, key},
    read::Reader,
};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sources {
    sources: Vec<SourceDefinition>,
}

/// Who says so, and where.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceDefinition {
    source: String,
    title: Text,
}

impl Reader<'_> {
    /// What the sources of observations are called.
    pub(crate) fn sources(&mut self, settings: &Settings) -> BTreeMap<String, Text> {
        if !self.folder.join("data/sources.yaml").exists() {
            return BTreeMap::new();
        }
        let Some((file, Sources { sources })) = self.required::<Sources>("data/sources.yaml") else {
            return BTreeMap::new();
        };
        let mut findings = Vec::new();
        for (index, source) in sources.iter().enumerate() {
            let path = vec![key("sources"), Step::Index(index), key("title")];
            complete(&mut findings, &settings.languages, &source.title, path);
        }
        self.add(&file, findings);
        sources.into_iter().map(|source| (source.source, source.title)).collect()
    }

    /// Reads the rows: indicator, date, value, source, assumption.
    pub(crate) fn observations(
        &mut self,
        indicators: &[Indicator],
        sources: &BTreeMap<String, Text>,
    ) -> BTreeMap<String, Vec<Observation>> {
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
                let finding = unknown(Vec::new(), "observed indicator", &row[0], observed.iter().copied());
                wrong(finding.message, finding.help);
                continue;
            }
            if !sources.contains_key(&row[3]) {
                let finding = unknown(Vec::new(), "source", &row[3], sources.keys().map(String::as_str));
                wrong(finding.message, Some(finding.help.unwrap_or_else(|| "list it in data/sources.yaml".into())));
                continue;
            }
            let value = match base::number::read(row[2].trim(), base::number::Decimals::Any) {
                Err(error @ base::number::NumberError::TwoReadings(..)) => {
                    wrong(format!("«{}»: {error}", row[2].trim()), None);
                    continue;
                }
                read => read.ok(),
            };
            let micros = value.and_then(|v| v.checked_mul(Decimal::from(MICROS))?.round().to_i64());
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
