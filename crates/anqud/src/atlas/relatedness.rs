//! `anqud atlas relatedness`.

use std::{collections::BTreeMap, path::PathBuf};

use atlas::{
    Presence,
    relatedness::{self, CoOccurrence, Measure},
};
use clap::{Args, ValueEnum};
use serde::Serialize;
use web::picture::network::Node;

use super::{
    Failure, Format, input,
    output::{self, Listed},
};

/// How activities are compared.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum MeasureName {
    /// The smaller of the two conditional probabilities
    Minimum,
    Cosine,
    Correlation,
    /// Together against what chance would give, above 1 for more
    Association,
}

impl From<MeasureName> for Measure {
    fn from(name: MeasureName) -> Measure {
        match name {
            MeasureName::Minimum => Measure::Minimum,
            MeasureName::Cosine => Measure::Cosine,
            MeasureName::Correlation => Measure::Correlation,
            MeasureName::Association => Measure::Association,
        }
    }
}

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: super::reading::Reading,
    /// CSV with the columns place, activity, value
    file: PathBuf,
    /// The year to read, where the file has a column «year»
    #[arg(long)]
    year: Option<String>,
    /// From which location quotient on a place has an activity
    #[arg(long, default_value_t = 1.0)]
    threshold: f64,
    #[arg(long, default_value = "minimum")]
    measure: MeasureName,
    /// Leave out pairs that are less related than this
    #[arg(long, default_value_t = 0.0)]
    least: f64,
    /// Instead of pairs, how near each place is to each activity
    #[arg(long)]
    density: bool,
    /// CSV with the columns activity, cluster: splits the density into what comes from the activity's own cluster and
    /// from outside
    #[arg(long, requires = "density")]
    clusters: Option<PathBuf>,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Pair<'a> {
    a: &'a str,
    b: &'a str,
    places: u16,
    proximity: f64,
}

#[derive(Serialize)]
struct Near<'a> {
    place: &'a str,
    activity: &'a str,
    present: bool,
    density: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    within: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    outside: Option<f64>,
}

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let table = input::table(&options.file, options.year.as_deref(), options.reading)?;
    let presence = Presence::of(&table, options.threshold)?;
    let pairs = CoOccurrence::of(&presence)?;
    let measure = options.measure.into();
    if options.format == Format::Svg {
        return output::text(&graph(&table, &pairs, measure, |_| 0)?);
    }
    if options.density {
        return densities(&table, &presence, &pairs, options);
    }
    let names = table.activities();
    let each = || (0..names.len()).flat_map(|a| (a + 1..names.len()).map(move |b| (a, b)));
    let related = || {
        each()
            .map(|(a, b)| (a, b, pairs.proximity(measure, a, b)))
            .filter(|(a, b, proximity)| pairs.count(*a, *b) > 0 && *proximity >= options.least)
            .map(|(a, b, proximity)| Pair { a: &names[a], b: &names[b], places: pairs.count(a, b), proximity })
    };
    if options.format == Format::Json {
        return output::json(&BTreeMap::from([("pairs", Listed(related))]));
    }
    let row = |pair: Pair| vec![pair.a.into(), pair.b.into(), pair.places.to_string(), pair.proximity.to_string()];
    output::csv(&["a", "b", "places", "proximity"], related().map(row))
}

/// More nodes than this are a cloud in which nothing can be read.
const NODES_MAX: usize = 300;

/// The graph of activities, coloured by group.
pub(super) fn graph(
    table: &atlas::Table,
    pairs: &CoOccurrence,
    measure: Measure,
    group: impl Fn(usize) -> usize,
) -> Result<String, Failure> {
    let (names, totals) = (table.activities(), table.activity_totals());
    if names.len() > NODES_MAX {
        return Err(Failure::Other(format!(
            "a graph of {} activities cannot be read; at most {NODES_MAX} are drawn, so use coarser activities, or \
             --format csv",
            names.len()
        )));
    }
    let most = totals.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let nodes: Vec<Node> = names
        .iter()
        .zip(&totals)
        .enumerate()
        .map(|(at, (name, total))| Node {
            label: name.clone(),
            size: total / most,
            group: group(at),
            ..Node::default()
        })
        .collect();
    Ok(super::picture::graph("Relatedness", &nodes, &|a, b| pairs.proximity(measure, a, b)))
}

fn densities(
    table: &atlas::Table,
    presence: &Presence,
    pairs: &CoOccurrence,
    options: &Options,
) -> Result<(), Failure> {
    let measure = options.measure.into();
    let density = relatedness::densities(presence, pairs, measure);
    let split = match &options.clusters {
        Some(path) => {
            let clusters = input::words(path, ["activity", "cluster"], options.reading)?;
            let mut number = BTreeMap::new();
            let mut of = Vec::new();
            for activity in table.activities() {
                let missing = || Failure::Other(format!("«{activity}» has no cluster; add a row for it"));
                let cluster = clusters.get(activity).ok_or_else(missing)?;
                let next = number.len();
                of.push(*number.entry(cluster).or_insert(next));
            }
            Some(relatedness::split_densities(presence, &pairs.proximities(measure), &of)?)
        }
        None => None,
    };
    let (places, activities) = (table.places(), table.activities());
    let near = || {
        (0..places.len()).flat_map(|p| (0..activities.len()).map(move |a| (p, a))).map(|(p, a)| Near {
            place: &places[p],
            activity: &activities[a],
            present: presence.has(p, a),
            density: density.at(p, a),
            within: split.as_ref().map(|split| split.within.at(p, a)),
            outside: split.as_ref().map(|split| split.outside.at(p, a)),
        })
    };
    if options.format == Format::Json {
        return output::json(&BTreeMap::from([("densities", Listed(near))]));
    }
    let header = ["place", "activity", "present", "density", "within", "outside"];
    let row = |near: Near| {
        let (within, outside) = (output::cell(near.within), output::cell(near.outside));
        vec![
            near.place.into(),
            near.activity.into(),
            near.present.to_string(),
            near.density.to_string(),
            within,
            outside,
        ]
    };
    output::csv(&header, near().map(row))
}
