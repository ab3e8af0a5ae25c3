//! `anqud atlas portfolio`.

use std::path::PathBuf;

use atlas::portfolio::{self, Choice, Portfolio};
use clap::Args;

use super::{Failure, Format, input, output, picture};

#[derive(Args)]
pub(crate) struct Options {
    /// Budget and interventions as YAML, see docs/atlas.md
    file: PathBuf,
    #[arg(long, default_value = "json")]
    format: Format,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let choice: Choice = input::yaml(&options.file)?;
    let found = portfolio::portfolio(&choice).map_err(|error| Failure::file(&options.file, error))?;
    match options.format {
        Format::Json => output::json(&found),
        Format::Csv => output::csv(
            &["id", "part", "cost", "reach"],
            found.chosen.into_iter().map(|chosen| {
                let numbers = [chosen.part, chosen.cost, chosen.reach].map(|value| value.to_string());
                [chosen.id].into_iter().chain(numbers).collect()
            }),
        ),
        Format::Svg => output::text(&picture(&found)),
    }
}

/// What each budget reaches.
fn picture(found: &Portfolio) -> String {
    let others = found.other_budgets.iter().filter_map(|other| other.reach.map(|reach| (other.budget, reach)));
    let mut points: Vec<(f64, f64)> = others.chain([(found.budget, found.reach)]).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    picture::steps("Budget", "Reach", &points, found.budget)
}
