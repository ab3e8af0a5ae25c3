//! `anqud atlas clusters`.

use std::{collections::HashMap, path::PathBuf};

use atlas::{
    Matrix, Presence, Table,
    clusters::{self, Method, Similarity, Template},
    relatedness::{self, CoOccurrence, Measure},
    specialisation,
};
use clap::Args;
use serde::Serialize;

use super::{
    Failure, Format,
    input::{self, Bad},
    output,
};

#[derive(Args)]
pub(crate) struct Options {
    /// CSV with the columns place, activity, value
    file: PathBuf,
    /// The year to read, where the file has a column «year»
    #[arg(long)]
    year: Option<String>,
    /// CSV with the columns a, b, value: how related activities are by other evidence, such as purchases or moves of
    /// workers; both directions are averaged, and pairs that are missing count as 0
    #[arg(long)]
    links: Vec<PathBuf>,
    /// The least number of clusters
    #[arg(long, default_value_t = 2)]
    least: usize,
    /// The largest number of clusters; without it, half the number of activities
    #[arg(long)]
    most: Option<usize>,
    /// The same seed gives the same clusters
    #[arg(long, default_value_t = 1)]
    seed: u64,
    #[arg(long, default_value = "json")]
    format: Format,
}

#[derive(Serialize)]
struct Answer {
    best: Template,
    clusters: Vec<Cluster>,
    candidates: Vec<Template>,
}

#[derive(Serialize)]
struct Cluster {
    cluster: usize,
    activities: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    id: String,
    /// Mean relatedness, in standard deviations over all pairs, to the rest of its cluster.
    within: Option<f64>,
    /// The other cluster to which it is most related, and how much.
    nearest_other: usize,
    to_nearest_other: f64,
    /// Whether it is more related to the other.
    marginal: bool,
}

/// How many of the next best divisions are told.
const CANDIDATES: usize = 30;

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let table = input::table(&options.file, options.year.as_deref())?;
    let answer = answer(&table, options)?;
    match options.format {
        Format::Json => output::json(&answer),
        Format::Csv => output::csv(
            &["activity", "cluster", "within", "nearest_other", "to_nearest_other", "marginal"],
            answer.clusters.into_iter().flat_map(|Cluster { cluster, activities }| {
                activities.into_iter().map(move |member| {
                    vec![
                        member.id,
                        cluster.to_string(),
                        output::cell(member.within),
                        member.nearest_other.to_string(),
                        member.to_nearest_other.to_string(),
                        member.marginal.to_string(),
                    ]
                })
            }),
        ),
        Format::Svg => Err(output::no_picture("clusters")),
    }
}

fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let presence = Presence::of(table, 1.0)?;
    let mut similarities = vec![
        Similarity {
            name: "co-location".to_owned(),
            values: CoOccurrence::of(&presence)?.proximities(Measure::Minimum),
        },
        Similarity {
            name: "correlation".to_owned(),
            values: relatedness::continuous_proximities(&specialisation::location_quotients(table)),
        },
    ];
    for path in &options.links {
        similarities.push(Similarity { name: path.display().to_string(), values: links(path, table)? });
    }
    let combined = clusters::combined(&similarities)?;
    let judge = combined.values.clone();
    similarities.push(combined);
    let activities = table.activities().len();
    let most = options.most.unwrap_or((activities / 2).max(options.least)).min(activities.saturating_sub(1));
    let methods = [Method::Ward, Method::Average, Method::KMeans];
    let mut all = clusters::templates(&similarities, &methods, options.least..=most, options.seed)?.into_iter();
    let Some(best) = all.next() else { return Err(Failure::Other("there are no clusters to choose from".to_owned())) };
    let relations = clusters::relations(&judge, &best.cluster);
    let member = |at: usize| {
        let own = best.cluster[at];
        let others = relations[at].iter().enumerate().filter(|(to, _)| *to != own);
        let nearest = others.filter_map(|(to, value)| value.map(|value| (to, value)));
        let (nearest_other, to_nearest_other) =
            nearest.fold((own, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best });
        let within = relations[at][own];
        Member {
            id: table.activities()[at].clone(),
            within,
            nearest_other,
            to_nearest_other,
            marginal: within.is_none_or(|within| to_nearest_other > within),
        }
    };
    let members = |number: usize| (0..activities).filter(|at| best.cluster[*at] == number).map(member).collect();
    let clusters = (0..best.k).map(|cluster| Cluster { cluster, activities: members(cluster) }).collect();
    Ok(Answer { clusters, candidates: all.take(CANDIDATES).collect(), best })
}

/// Relations between activities from a file, both directions averaged.
fn links(path: &std::path::Path, table: &Table) -> Result<Matrix, Failure> {
    let names = table.activities();
    let number: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut values = Matrix::zeros(names.len(), names.len());
    input::rows(path, &["a", "b", "value"], None, |cells| {
        let of = |cell, column| {
            let name = input::named(cell, column)?;
            let unknown = || Bad::Row(format!("«{name}» is no activity of the other file; write it as it is there"));
            number.get(name).copied().ok_or_else(unknown)
        };
        let (a, b, value) = (of(cells[0], "a")?, of(cells[1], "b")?, input::amount(cells[2])?);
        let half = values.at(a, b) + value / 2.0;
        values.set(a, b, half);
        values.set(b, a, half);
        Ok(())
    })?;
    Ok(values)
}
