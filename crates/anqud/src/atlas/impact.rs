//! `anqud atlas impact`.

use std::path::PathBuf;

use clap::Args;
use serde::Serialize;

use super::{Failure, Format, economy, input, output, reading::Reading};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: Reading,
    /// CSV with the columns from, to, value: what sectors sell to each other; or a table as statistics offices publish it,
    /// with a row and a column for each sector
    transactions: PathBuf,
    /// CSV with the columns sector, output: what each sector produces; a published table says it itself
    #[arg(long)]
    output: Option<PathBuf>,
    /// CSV with the columns sector, jobs: adds what demand does to employment
    #[arg(long)]
    jobs: Option<PathBuf>,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    sectors: Vec<Sector>,
}

#[derive(Serialize)]
struct Sector {
    id: String,
    output: f64,
    final_demand: f64,
    output_multiplier: f64,
    backward_linkage: f64,
    forward_linkage: f64,
    extraction_loss: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    jobs_per_demand: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    job_multiplier: Option<f64>,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let economy = economy::read(&options.transactions, options.output.as_deref(), options.reading)?;
    let names = economy.sectors().to_vec();
    let effects = match &options.jobs {
        Some(path) => {
            let jobs = input::numbers(path, ["sector", "jobs"], options.reading)?;
            Some(economy.effects(&output::of_all("number of jobs", &names, &jobs)?)?)
        }
        None => None,
    };
    let (impacts, demand) = (economy.impacts(), economy.final_demand());
    let sectors = names.into_iter().enumerate().map(|(at, id)| Sector {
        id,
        output: economy.outputs()[at],
        final_demand: demand[at],
        output_multiplier: impacts[at].output_multiplier,
        backward_linkage: impacts[at].backward_linkage,
        forward_linkage: impacts[at].forward_linkage,
        extraction_loss: impacts[at].extraction_loss,
        jobs_per_demand: effects.as_ref().map(|effects| effects[at].total),
        job_multiplier: effects.as_ref().and_then(|effects| effects[at].multiplier),
    });
    match options.format {
        Format::Svg => {
            let points: Vec<(f64, f64, String)> =
                sectors.map(|sector| (sector.forward_linkage, sector.backward_linkage, sector.id)).collect();
            let points: Vec<(f64, f64, &str)> = points.iter().map(|(x, y, id)| (*x, *y, id.as_str())).collect();
            output::text(&super::picture::scatter("Forward linkage", "Backward linkage", &points))
        }
        Format::Json => output::json(&Answer { sectors: sectors.collect() }),
        Format::Csv => output::csv(
            &[
                "sector",
                "output",
                "final_demand",
                "output_multiplier",
                "backward_linkage",
                "forward_linkage",
                "extraction_loss",
                "jobs_per_demand",
                "job_multiplier",
            ],
            sectors.map(|sector| {
                let numbers = [
                    sector.output,
                    sector.final_demand,
                    sector.output_multiplier,
                    sector.backward_linkage,
                    sector.forward_linkage,
                    sector.extraction_loss,
                ];
                let more = [output::cell(sector.jobs_per_demand), output::cell(sector.job_multiplier)];
                [sector.id].into_iter().chain(numbers.map(|value| value.to_string())).chain(more).collect()
            }),
        ),
    }
}
