//! The atlas of a pack: a table of places and activities, a scenario and a portfolio, in `atlas.yaml`.

use atlas::{Table, TableBuilder, flow::Scenario, portfolio::Intervention};
use base::{Finding, Text};
use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use crate::{
    Settings,
    check::{Names, complete, key, known},
    read::Reader,
};

/// `atlas.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AtlasDefinition {
    pub table: TableDefinition,
    /// What the clusters of the programme are said to be good at, by the names of the clusters.
    #[serde(default)]
    pub clusters: IndexMap<String, Claim>,
    #[serde(default)]
    pub scenario: Option<Scenario>,
    /// What a reader has to know of the scenario; shown wherever one of its figures is.
    #[serde(default)]
    pub scenario_notice: Option<Text>,
    #[serde(default)]
    pub portfolio: Option<PortfolioDefinition>,
}

/// Where the figures come from, and what the activities are called.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct TableDefinition {
    pub title: Text,
    /// What a reader has to know of the figures; shown wherever one of them is.
    pub notice: Text,
    pub unit: Text,
    /// A CSV with the columns place, activity, value.
    pub file: String,
    pub activities: IndexMap<String, Text>,
}

/// What is said of the places of a cluster, so that the table can be asked whether it bears that out.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Claim {
    /// They are strong in these activities.
    Activities(Vec<String>),
    /// They do many things.
    Diverse(bool),
}

/// Interventions to choose from.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PortfolioDefinition {
    /// What a reader has to know of costs and reach; shown wherever one of them is.
    pub notice: Text,
    pub budget: f64,
    pub interventions: Vec<Intervention>,
    /// What the interventions are called.
    pub titles: IndexMap<String, Text>,
    /// The unit of the budget, and what an intervention reaches.
    pub unit: Text,
    pub reach: Text,
}

/// The atlas, read.
#[derive(Debug)]
pub struct Atlas {
    pub definition: AtlasDefinition,
    pub table: Table,
}

impl Reader<'_> {
    /// Reads `atlas.yaml`, where there is one, and its table.
    pub(crate) fn atlas(&mut self, names: &Names, settings: &Settings) -> Option<Atlas> {
        if !self.folder.join("atlas.yaml").exists() {
            return None;
        }
        let (source, definition) = self.required::<AtlasDefinition>("atlas.yaml")?;
        let mut findings = Vec::new();
        let table = |name: &str| vec![key("table"), key(name)];
        complete(&mut findings, &settings.languages, &definition.table.title, table("title"));
        complete(&mut findings, &settings.languages, &definition.table.notice, table("notice"));
        complete(&mut findings, &settings.languages, &definition.table.unit, table("unit"));
        for (name, title) in &definition.table.activities {
            complete(&mut findings, &settings.languages, title, vec![key("table"), key("activities"), key(name)]);
        }
        claims(&mut findings, &definition, names);
        let notice = || vec![key("scenario-notice")];
        match (&definition.scenario, &definition.scenario_notice) {
            (_, Some(text)) => complete(&mut findings, &settings.languages, text, notice()),
            (Some(_), None) => findings.push(
                Finding::at(vec![key("scenario")], "the scenario has no notice of where its figures come from")
                    .help("add `scenario-notice: {…}`, such as that they are assumed; the simulator shows it"),
            ),
            (None, None) => {}
        }
        if let Some(portfolio) = &definition.portfolio {
            let path = |name: &str| vec![key("portfolio"), key(name)];
            for (name, text) in [("notice", &portfolio.notice), ("unit", &portfolio.unit), ("reach", &portfolio.reach)]
            {
                complete(&mut findings, &settings.languages, text, path(name));
            }
        }
        if let Some(Err(error)) = definition.scenario.as_ref().map(Scenario::check) {
            findings.push(Finding::at(vec![key("scenario")], error.to_string()));
        }
        for (index, intervention) in definition.portfolio.iter().flat_map(|p| &p.interventions).enumerate() {
            let path = |tail: &str| vec![key("portfolio"), key("interventions"), base::Step::Index(index), key(tail)];
            for region in intervention.regions.keys() {
                known(&mut findings, "region", &names.regions, region, path("regions"));
            }
            let titles = definition.portfolio.iter().flat_map(|p| p.titles.keys()).map(String::as_str);
            if !titles.clone().any(|title| title == intervention.id) {
                findings.push(base::finding::unknown(path("id"), "title", &intervention.id, titles));
            }
        }
        self.add(&source, findings);
        let table = self.atlas_table(&definition.table, names)?;
        Some(Atlas { definition, table })
    }

    fn atlas_table(&mut self, definition: &TableDefinition, names: &Names) -> Option<Table> {
        let path = self.folder.join(&definition.file);
        let source = self.load(&path)?;
        let mut builder = TableBuilder::default();
        let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(source.text.as_bytes());
        let activities = || definition.activities.keys().map(String::as_str);
        for (index, row) in rows.records().enumerate() {
            let line = row.as_ref().ok().and_then(|r| r.position()).map_or(index + 2, |p| p.line() as usize);
            let mut wrong = |finding: Finding| {
                self.reports.push(source.at(line, 1, 1, finding.message, finding.help));
            };
            let cells = match &row {
                Ok(row) if row.len() == 3 => [row[0].trim(), row[1].trim(), row[2].trim()],
                _ => {
                    wrong(Finding::at(Vec::new(), "a row has three cells: place, activity, value"));
                    continue;
                }
            };
            if !names.regions.contains(cells[0]) {
                let regions = names.regions.iter().map(String::as_str);
                wrong(base::finding::unknown(Vec::new(), "region", cells[0], regions));
            } else if !definition.activities.contains_key(cells[1]) {
                wrong(base::finding::unknown(Vec::new(), "activity", cells[1], activities()));
            } else {
                match base::number::cell(cells[2]).map(|value| builder.add(cells[0], cells[1], value)) {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => wrong(Finding::at(Vec::new(), error.to_string())),
                    Err(error @ base::number::NumberError::TwoReadings(..)) => {
                        wrong(Finding::at(Vec::new(), format!("«{}»: {error}", cells[2])));
                    }
                    Err(_) => wrong(Finding::at(Vec::new(), format!("«{}» is no number", cells[2]))),
                }
            }
        }
        match builder.finish() {
            Ok(table) => Some(table),
            Err(error) => {
                self.reports.push(source.at(1, 1, 1, error.to_string(), None));
                None
            }
        }
    }
}

/// Claims are about clusters and activities that there are.
fn claims(findings: &mut Vec<Finding>, definition: &AtlasDefinition, names: &Names) {
    let activities = || definition.table.activities.keys().map(String::as_str);
    for (cluster, claim) in &definition.clusters {
        let path = || vec![key("clusters"), key(cluster)];
        known(findings, "cluster", &names.clusters, cluster, path());
        let Claim::Activities(claimed) = claim else { continue };
        if claimed.is_empty() {
            findings.push(Finding::at(path(), "a claim names at least one activity; leave the line out otherwise"));
        }
        for (index, activity) in claimed.iter().enumerate() {
            if !definition.table.activities.contains_key(activity) {
                let at = [path(), vec![key("activities"), base::Step::Index(index)]].concat();
                findings.push(base::finding::unknown(at, "activity", activity, activities()));
            }
        }
    }
}
