//! `anqud atlas simulate`.

use std::path::PathBuf;

use atlas::flow::{self, Scenario, Series, Simulation};
use clap::Args;

use super::{Failure, Format, input, output, picture};

#[derive(Args)]
pub(crate) struct Options {
    /// A scenario as YAML, see docs/atlas.md
    scenario: PathBuf,
    /// Instead of the number of runs in the scenario
    #[arg(long)]
    runs: Option<usize>,
    /// Instead of the seed in the scenario
    #[arg(long)]
    seed: Option<u64>,
    #[arg(long, default_value = "json")]
    format: Format,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let mut scenario: Scenario = input::yaml(&options.scenario)?;
    scenario.runs = options.runs.unwrap_or(scenario.runs);
    scenario.seed = options.seed.unwrap_or(scenario.seed);
    let found = flow::answer(&scenario).map_err(|error| Failure::file(&options.scenario, error))?;
    match options.format {
        Format::Json => output::json(&found),
        Format::Csv => output::csv(&["month", "series", "p10", "p50", "p90"], rows(&found)),
        Format::Svg => output::text(&picture(&scenario, &found)),
    }
}

fn rows(found: &Simulation) -> impl Iterator<Item = Vec<String>> {
    found.fans.iter().flat_map(|fan| {
        fan.months.iter().enumerate().map(|(month, range)| {
            let month = found.start.plus(month).to_string();
            let numbers = [range.p10, range.p50, range.p90].map(|value| value.to_string());
            [month, name(fan.series)].into_iter().chain(numbers).collect()
        })
    })
}

/// The measure as a fan over the months.
fn picture(scenario: &Scenario, found: &Simulation) -> String {
    let months = found.fans.iter().find(|fan| fan.series == found.measure).map_or(&[][..], |fan| &fan.months);
    let labels: Vec<String> = (0..months.len()).map(|month| found.start.plus(month).to_string()).collect();
    let bands: Vec<[f64; 3]> = months.iter().map(|range| [range.p10, range.p50, range.p90]).collect();
    picture::fan(&name(found.measure), &labels, &bands, scenario.target.map(|target| target.at_least))
}

/// The name of a series as it is written in scenarios and answers.
fn name(series: Series) -> String {
    serde_json::to_value(series).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
