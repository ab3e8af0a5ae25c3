//! `anqud atlas portfolio`.

use std::path::PathBuf;

use atlas::portfolio::{self, Choice};
use clap::Args;

use super::{Failure, Format, input, output};

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
        Format::Svg => Err(output::no_picture("a portfolio")),
    }
}
