//! `anqud atlas concentration`.

use std::path::PathBuf;

use atlas::concentration::{self, Concentration};
use clap::Args;
use serde::Serialize;

use super::{Failure, Format, input, output};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: super::reading::Reading,
    /// CSV with the columns place, activity, value
    file: PathBuf,
    /// The year to read, where the file has a column «year»
    #[arg(long)]
    year: Option<String>,
    /// CSV with the columns activity, herfindahl: the Herfindahl index of the sizes of each activity's plants, without
    /// which there is no Ellison-Glaeser index
    #[arg(long)]
    plants: Option<PathBuf>,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    activities: Vec<Activity>,
}

#[derive(Serialize)]
struct Activity {
    id: String,
    total: f64,
    #[serde(flatten)]
    found: Option<Concentration>,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let table = input::table(&options.file, options.year.as_deref(), options.reading)?;
    let plants = match &options.plants {
        Some(path) => {
            let known = input::numbers(path, ["activity", "herfindahl"], options.reading)?;
            output::of_some("Herfindahl index", table.activities(), &known)?
        }
        None => vec![None; table.activities().len()],
    };
    let found = concentration::concentrations(&table, &plants)?;
    let each = table.activities().iter().zip(table.activity_totals()).zip(found);
    let activities: Vec<Activity> =
        each.map(|((id, total), found)| Activity { id: id.clone(), total, found }).collect();
    match options.format {
        Format::Json => output::json(&Answer { activities }),
        Format::Csv => {
            let header = [
                "activity",
                "total",
                "herfindahl",
                "gini",
                "hoover",
                "theil",
                "raw",
                "ellison_glaeser",
                "maurel_sedillot",
            ];
            output::csv(&header, activities.iter().map(row))
        }
        Format::Svg => Err(output::no_picture("concentration")),
    }
}

fn row(activity: &Activity) -> Vec<String> {
    let of = |pick: fn(&Concentration) -> f64| output::cell(activity.found.as_ref().map(pick));
    vec![
        activity.id.clone(),
        activity.total.to_string(),
        of(|found| found.herfindahl),
        of(|found| found.gini),
        of(|found| found.hoover),
        of(|found| found.theil),
        of(|found| found.raw),
        output::cell(activity.found.and_then(|found| found.ellison_glaeser)),
        output::cell(activity.found.and_then(|found| found.maurel_sedillot)),
    ]
}
