//! `anqud atlas complexity`.

use std::{collections::BTreeMap, path::PathBuf};

use atlas::{
    Presence, Table,
    complexity::{self, Groups},
    fitness, sophistication,
};
use clap::Args;
use serde::Serialize;

use super::{Failure, Format, input, output, relatedness::MeasureName};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: super::reading::Reading,
    /// CSV with the columns place, activity, value
    file: PathBuf,
    /// The year to read, where the file has a column «year»
    #[arg(long)]
    year: Option<String>,
    /// Answer for every year of the column «year», each by itself
    #[arg(long, conflicts_with = "year")]
    every_year: bool,
    /// From which location quotient on a place has an activity
    #[arg(long, default_value_t = 1.0)]
    threshold: f64,
    /// How activities are compared, for density and outlook
    #[arg(long, default_value = "minimum")]
    measure: MeasureName,
    /// Where places fall into groups without a common activity, compute the largest instead of refusing
    #[arg(long)]
    largest_group: bool,
    /// CSV with the columns activity, pci: the complexity of activities measured elsewhere, as in the whole world
    #[arg(long)]
    pci: Option<PathBuf>,
    /// CSV with the columns place, income: adds PRODY and EXPY
    #[arg(long)]
    income: Option<PathBuf>,
    /// For each place, this many activities that it lacks, by what entering them would open; as CSV instead of the indices
    #[arg(long, default_value_t = 0)]
    opportunities: usize,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    places: Vec<Place>,
    activities: Vec<Activity>,
    eigenvalue: f64,
    gap: f64,
    fitness_converged: bool,
}

#[derive(Serialize)]
struct Place {
    id: String,
    diversity: u32,
    eci: Option<f64>,
    outlook: f64,
    fitness: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    eci_external: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expy: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    opportunities: Vec<Opportunity>,
}

#[derive(Serialize)]
struct Activity {
    id: String,
    ubiquity: u32,
    pci: Option<f64>,
    complexity: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    prody: Option<f64>,
}

#[derive(Serialize)]
struct Opportunity {
    activity: String,
    density: f64,
    pci: f64,
    gain: f64,
}

#[derive(Serialize)]
struct Year {
    year: String,
    #[serde(flatten)]
    answer: Answer,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    if options.every_year {
        return every_year(options);
    }
    let table = input::table(&options.file, options.year.as_deref(), options.reading)?;
    let answer = answer(&table, options)?;
    match options.format {
        Format::Json => output::json(&answer),
        Format::Csv if options.opportunities > 0 => output::csv(&OPPORTUNITIES, opportunity_rows(&answer)),
        Format::Csv => output::csv(&INDICES, rows(&answer)),
        Format::Svg => output::text(&picture(&answer)),
    }
}

fn every_year(options: &Options) -> Result<(), Failure> {
    let of_year = |(year, table): (String, Table)| match answer(&table, options) {
        Ok(answer) => Ok(Year { year, answer }),
        Err(Failure::Of(error)) => Err(Failure::file(&options.file, format!("{year}: {error}"))),
        Err(other) => Err(other),
    };
    let years: Vec<Year> =
        input::tables(&options.file, options.reading)?.into_iter().map(of_year).collect::<Result<_, _>>()?;
    let print = |header: &[&str], rows: fn(&Answer) -> Vec<Vec<String>>| {
        let with_year = |year: &Year| -> Vec<Vec<String>> {
            let of = |row: Vec<String>| [year.year.clone()].into_iter().chain(row).collect();
            rows(&year.answer).into_iter().map(of).collect()
        };
        output::csv(&[&["year"], header].concat(), years.iter().flat_map(with_year))
    };
    match options.format {
        Format::Json => output::json(&BTreeMap::from([("years", &years)])),
        Format::Csv if options.opportunities > 0 => print(&OPPORTUNITIES, opportunity_rows),
        Format::Csv => print(&INDICES, rows),
        Format::Svg => Err(output::no_picture("several years")),
    }
}

fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let presence = Presence::of(table, options.threshold)?;
    let groups = if options.largest_group { Groups::Largest } else { Groups::Refuse };
    let found = complexity::complexity(&presence, groups)?;
    let outlook = complexity::quick_outlook(&presence, options.measure.into(), &found, options.opportunities > 0)?;
    let fit = fitness::fitness(&presence, 1000)?;
    let external = match &options.pci {
        Some(path) => {
            let pci = input::numbers(path, ["activity", "pci"], options.reading)?;
            sophistication::eci_from_pci(&presence, &output::of_some("PCI", table.activities(), &pci)?)?
        }
        None => vec![None; presence.places()],
    };
    let (prody, expy) = match &options.income {
        Some(path) => {
            let income = input::numbers(path, ["place", "income"], options.reading)?;
            let prody = sophistication::prody(table, &output::of_all("income", table.places(), &income)?)?;
            let expy = sophistication::expy(table, &prody)?;
            (prody, expy)
        }
        None => (vec![None; presence.activities()], vec![None; presence.places()]),
    };
    let opportunities = |place: usize| -> Vec<Opportunity> {
        let lacking = (0..presence.activities()).filter(|activity| !presence.has(place, *activity));
        let mut all: Vec<Opportunity> = lacking
            .filter_map(|activity| {
                Some(Opportunity {
                    activity: table.activities()[activity].clone(),
                    density: outlook.density.at(place, activity),
                    pci: found.pci[activity]?,
                    gain: outlook.gain.at(place, activity),
                })
            })
            .collect();
        all.sort_by(|a, b| b.gain.total_cmp(&a.gain));
        all.truncate(options.opportunities);
        all
    };
    let places = table.places().iter().enumerate().map(|(at, id)| Place {
        id: id.clone(),
        diversity: found.diversity[at],
        eci: found.eci[at],
        outlook: outlook.index[at],
        fitness: fit.fitness[at],
        eci_external: external[at],
        expy: expy[at],
        opportunities: if options.opportunities > 0 { opportunities(at) } else { Vec::new() },
    });
    let activities = table.activities().iter().enumerate().map(|(at, id)| Activity {
        id: id.clone(),
        ubiquity: found.ubiquity[at],
        pci: found.pci[at],
        complexity: fit.complexity[at],
        prody: prody[at],
    });
    Ok(Answer {
        places: places.collect(),
        activities: activities.collect(),
        eigenvalue: found.eigenvalue,
        gap: found.gap,
        fitness_converged: fit.converged,
    })
}

/// Places and activities have columns of their own; what does not belong to a row is empty in it.
const INDICES: [&str; 12] = [
    "kind",
    "id",
    "diversity",
    "ubiquity",
    "eci",
    "pci",
    "outlook",
    "fitness",
    "complexity",
    "eci_external",
    "expy",
    "prody",
];

fn rows(answer: &Answer) -> Vec<Vec<String>> {
    let none = String::new;
    let places = answer.places.iter().map(|place| {
        vec![
            "place".to_owned(),
            place.id.clone(),
            place.diversity.to_string(),
            none(),
            output::cell(place.eci),
            none(),
            place.outlook.to_string(),
            place.fitness.to_string(),
            none(),
            output::cell(place.eci_external),
            output::cell(place.expy),
            none(),
        ]
    });
    let activities = answer.activities.iter().map(|activity| {
        vec![
            "activity".to_owned(),
            activity.id.clone(),
            none(),
            activity.ubiquity.to_string(),
            none(),
            output::cell(activity.pci),
            none(),
            none(),
            activity.complexity.to_string(),
            none(),
            none(),
            output::cell(activity.prody),
        ]
    });
    places.chain(activities).collect()
}

const OPPORTUNITIES: [&str; 5] = ["place", "activity", "density", "pci", "gain"];

fn opportunity_rows(answer: &Answer) -> Vec<Vec<String>> {
    let of_place = |place: &Place| -> Vec<Vec<String>> {
        let row = |found: &Opportunity| {
            let numbers = [found.density, found.pci, found.gain].map(|value| value.to_string());
            [place.id.clone(), found.activity.clone()].into_iter().chain(numbers).collect()
        };
        place.opportunities.iter().map(row).collect()
    };
    answer.places.iter().flat_map(of_place).collect()
}

/// Diversity to the right, complexity upwards.
fn picture(answer: &Answer) -> String {
    let points: Vec<(f64, f64, &str)> = answer
        .places
        .iter()
        .filter_map(|place| place.eci.map(|eci| (f64::from(place.diversity), eci, place.id.as_str())))
        .collect();
    super::picture::scatter("Diversity", "Economic complexity", &points)
}
