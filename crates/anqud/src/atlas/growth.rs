//! `anqud atlas growth` and `anqud atlas share`.

use std::path::PathBuf;

use atlas::{
    growth::{self, Move},
    shift_share::{self, Shift},
};
use clap::Args;
use serde::Serialize;

use super::{Failure, Format, input, output};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: super::reading::Reading,
    /// CSV of the first year, with the columns place, activity, value; or of both years, with a column «year»
    before: PathBuf,
    /// CSV of the last year
    #[arg(required_unless_present = "from_year")]
    after: Option<PathBuf>,
    /// The first year, where both are in one file
    #[arg(long, requires = "to_year", conflicts_with = "after")]
    from_year: Option<String>,
    /// The last year, where both are in one file
    #[arg(long, requires = "from_year")]
    to_year: Option<String>,
    /// How many years lie between them; without it what the years say, or one
    #[arg(long)]
    years: Option<f64>,
    /// From which location quotient on a place has an activity
    #[arg(long, default_value_t = 1.0)]
    threshold: f64,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Args)]
pub(crate) struct ShareOptions {
    /// The share at first, in percent
    #[arg(long)]
    from: f64,
    /// The share in the end, in percent
    #[arg(long)]
    to: f64,
    #[arg(long)]
    years: f64,
    /// How fast the whole grows, in percent a year
    #[arg(long, default_value_t = 0.0, allow_hyphen_values = true)]
    whole: f64,
}

#[derive(Serialize)]
struct Answer {
    places: Vec<Place>,
    cells: Vec<Cell>,
    moves: Vec<Move>,
}

#[derive(Serialize)]
struct Place {
    id: String,
    yearly_growth: Option<f64>,
    #[serde(flatten)]
    shift: Shift,
}

#[derive(Serialize)]
struct Cell {
    place: String,
    activity: String,
    #[serde(flatten)]
    shift: Shift,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let last = options.after.as_ref().unwrap_or(&options.before);
    let before = input::table(&options.before, options.from_year.as_deref(), options.reading)?;
    let after = input::table(last, options.to_year.as_deref(), options.reading)?;
    let years = options.years.or_else(|| between(options)).unwrap_or(1.0);
    if !(years > 0.0 && years.is_finite()) {
        return Err(Failure::Other(format!(
            "the number of years must be above 0, but it is {years}; give it with --years"
        )));
    }
    let found = shift_share::shift_share(&before, &after)?;
    let moves = growth::moves(&before, &after, options.threshold)?;
    let totals = before.aligned(&found.places, &found.activities).row_sums();
    let places = found.places.iter().zip(&totals).zip(&found.by_place);
    let places: Vec<Place> = places
        .map(|((id, total), shift)| Place {
            id: id.clone(),
            yearly_growth: growth::yearly_growth(*total, total + shift.change, years),
            shift: *shift,
        })
        .collect();
    let names = found.places.iter().flat_map(|place| found.activities.iter().map(move |activity| (place, activity)));
    let cells: Vec<Cell> = names
        .zip(found.cells.iter())
        .map(|((place, activity), shift)| Cell { place: place.clone(), activity: activity.clone(), shift: *shift })
        .collect();
    match options.format {
        Format::Json => output::json(&Answer { places, cells, moves }),
        Format::Csv => output::csv(
            &["place", "activity", "change", "national", "mix", "regional"],
            cells.into_iter().map(|Cell { place, activity, shift }| {
                let Shift { change, national, mix, regional } = shift;
                let numbers = [change, national, mix, regional].map(|value| value.to_string());
                [place, activity].into_iter().chain(numbers).collect()
            }),
        ),
        Format::Svg => output::text(&picture(&places)),
    }
}

/// The years between the two, where they are written as numbers.
fn between(options: &Options) -> Option<f64> {
    let year = |text: &Option<String>| base::number::cell(text.as_ref()?).ok();
    Some(year(&options.to_year)? - year(&options.from_year)?)
}

/// In percent, as people speak of shares.
#[derive(Serialize)]
struct ShareAnswer {
    beyond_whole_percent: f64,
    beyond_rest_percent: Option<f64>,
    part_percent: f64,
}

pub(crate) fn share(options: &ShareOptions) -> Result<(), Failure> {
    let found = growth::share_growth(options.from / 100.0, options.to / 100.0, options.years, options.whole / 100.0)?;
    output::json(&ShareAnswer {
        beyond_whole_percent: found.beyond_whole * 100.0,
        beyond_rest_percent: found.beyond_rest.map(|rate| rate * 100.0),
        part_percent: found.part * 100.0,
    })
}

/// What the country, the activities and the place itself did to each place.
fn picture(places: &[Place]) -> String {
    let bars: Vec<(&str, [f64; 3])> =
        places.iter().map(|p| (p.id.as_str(), [p.shift.national, p.shift.mix, p.shift.regional])).collect();
    super::picture::bars(&["National", "Mix", "Regional"], &bars)
}
