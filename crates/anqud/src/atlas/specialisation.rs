//! `anqud atlas specialisation`.

use std::path::PathBuf;

use atlas::{
    Table,
    specialisation::{self, Bootstrap, Intervals, PlaceProfile},
};
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
    /// Draw the table this many times and give an interval for each quotient
    #[arg(long, default_value_t = 0)]
    draws: usize,
    /// The share of draws within the interval
    #[arg(long, default_value_t = 0.9)]
    level: f64,
    /// The same seed gives the same intervals
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The value of one count: 1 for people, the size of one observation for money
    #[arg(long, default_value_t = 1.0)]
    unit: f64,
    /// CSV with the columns place, population: adds the activity per head against the activity per head everywhere
    #[arg(long)]
    population: Option<PathBuf>,
    /// As CSV: the measures of each place instead of the quotients of its activities
    #[arg(long)]
    places: bool,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    places: Vec<Place>,
}

#[derive(Serialize)]
struct Place {
    id: String,
    total: f64,
    #[serde(flatten)]
    profile: Option<PlaceProfile>,
    activities: Vec<Activity>,
}

#[derive(Serialize)]
struct Activity {
    id: String,
    value: f64,
    quotient: f64,
    shrunken: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    low: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    high: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    per_head: Option<f64>,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let table = input::table(&options.file, options.year.as_deref(), options.reading)?;
    let answer = answer(&table, options)?;
    match options.format {
        Format::Json => output::json(&answer),
        Format::Csv if options.places => output::csv(
            &["place", "total", "herfindahl", "shannon", "krugman", "hoover", "gini"],
            answer.places.iter().map(|place| {
                let of = |pick: fn(&PlaceProfile) -> f64| output::cell(place.profile.as_ref().map(pick));
                let measures =
                    [of(|p| p.herfindahl), of(|p| p.shannon), of(|p| p.krugman), of(|p| p.hoover), of(|p| p.gini)];
                [place.id.clone(), place.total.to_string()].into_iter().chain(measures).collect()
            }),
        ),
        Format::Csv => output::csv(
            &["place", "activity", "value", "quotient", "shrunken", "low", "high", "per_head"],
            answer.places.iter().flat_map(|place| {
                place.activities.iter().map(|activity| {
                    vec![
                        place.id.clone(),
                        activity.id.clone(),
                        activity.value.to_string(),
                        activity.quotient.to_string(),
                        activity.shrunken.to_string(),
                        output::cell(activity.low),
                        output::cell(activity.high),
                        output::cell(activity.per_head),
                    ]
                })
            }),
        ),
        Format::Svg => output::text(&picture(&table)?),
    }
}

fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let quotients = specialisation::location_quotients(table);
    let shrunken = specialisation::shrunken_quotients(table, options.unit)?;
    let intervals: Option<Intervals> = if options.draws > 0 {
        let ask = Bootstrap { seed: options.seed, draws: options.draws, level: options.level, unit: options.unit };
        Some(specialisation::bootstrap_intervals(table, ask)?)
    } else {
        None
    };
    let per_head = match &options.population {
        Some(path) => {
            let population = input::numbers(path, ["place", "population"], options.reading)?;
            let population = output::of_all("population", table.places(), &population)?;
            Some(specialisation::per_head(table, &population)?)
        }
        None => None,
    };
    let totals = table.place_totals();
    let profiles = specialisation::profiles(table);
    let places = table.places().iter().enumerate().map(|(p, id)| Place {
        id: id.clone(),
        total: totals[p],
        profile: profiles[p],
        activities: (0..table.activities().len())
            .filter(|a| table.values().at(p, *a) > 0.0)
            .map(|a| Activity {
                id: table.activities()[a].clone(),
                value: table.values().at(p, a),
                quotient: quotients.at(p, a),
                shrunken: shrunken.at(p, a),
                low: intervals.as_ref().map(|intervals| intervals.low.at(p, a)),
                high: intervals.as_ref().map(|intervals| intervals.high.at(p, a)),
                per_head: per_head.as_ref().map(|per_head| per_head.at(p, a)),
            })
            .collect(),
    });
    Ok(Answer { places: places.collect() })
}

/// More names than this on a side cannot be read.
const NAMES_MAX: usize = 200;

/// Places down, activities across, a square for each cell that is there: the larger, the larger the quotient.
fn picture(table: &Table) -> Result<String, Failure> {
    let (places, activities) = (table.places(), table.activities());
    if places.len().max(activities.len()) > NAMES_MAX {
        return Err(Failure::Other(format!(
            "a picture of {} places and {} activities cannot be read; at most {NAMES_MAX} of each are drawn, so use \
             coarser ones, or --format csv",
            places.len(),
            activities.len()
        )));
    }
    let quotients = specialisation::location_quotients(table);
    let cell = |p: usize, a: usize| Some(quotients.at(p, a)).filter(|quotient| *quotient > 0.0);
    let cells: Vec<Vec<Option<f64>>> =
        (0..places.len()).map(|p| (0..activities.len()).map(|a| cell(p, a)).collect()).collect();
    Ok(super::picture::squares("Location quotient", places, activities, &cells))
}
