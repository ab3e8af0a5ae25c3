//! `anqud atlas clusters`.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
};

use atlas::{
    Matrix, Presence, Table,
    clusters::{self, Method, Score, Similarity, Template},
    relatedness::{CoOccurrence, Measure},
};
use clap::Args;
use serde::Serialize;

use super::{
    Failure, Format,
    input::{self, Bad},
    output,
    reading::{Numbers, Reading},
};

#[derive(Args)]
pub(crate) struct Options {
    #[command(flatten)]
    reading: Reading,
    /// CSV with the columns place, activity, value
    file: PathBuf,
    /// The year to read, where the file has a column «year»
    #[arg(long)]
    year: Option<String>,
    /// CSV with the columns a, b, value: how related activities are by other evidence, such as purchases or moves of
    /// workers; both directions are averaged, and pairs that are missing count as 0
    #[arg(long)]
    links: Vec<PathBuf>,
    /// CSV with the columns activity, cluster, such as an edited answer: it is scored instead of looking for the best
    #[arg(long)]
    division: Option<PathBuf>,
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
    #[serde(rename = "best")]
    division: Division,
    clusters: Vec<Cluster>,
    candidates: Vec<Template>,
}

/// The division that is told: the best one, or the one that was given.
#[derive(Serialize)]
struct Division {
    #[serde(skip_serializing_if = "Option::is_none")]
    similarity: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    method: Option<Method>,
    k: usize,
    score: Score,
    #[serde(skip)]
    cluster: Vec<usize>,
    #[serde(skip)]
    names: Vec<String>,
}

#[derive(Serialize)]
struct Cluster {
    cluster: String,
    activities: Vec<Member>,
}

#[derive(Serialize)]
struct Member {
    id: String,
    /// Mean relatedness, in standard deviations over all pairs, to the rest of its cluster.
    within: Option<f64>,
    /// The other cluster to which it is most related, and how much.
    nearest_other: Option<String>,
    to_nearest_other: Option<f64>,
    /// Whether it is more related to the other.
    marginal: bool,
}

/// How many of the next best divisions are told.
const CANDIDATES: usize = 30;

pub(crate) fn run(options: &Options) -> Result<(), Failure> {
    let table = input::table(&options.file, options.year.as_deref(), options.reading)?;
    let answer = answer(&table, options)?;
    match options.format {
        Format::Json => output::json(&answer),
        Format::Csv => output::csv(
            &["activity", "cluster", "within", "nearest_other", "to_nearest_other", "marginal"],
            answer.clusters.into_iter().flat_map(|Cluster { cluster, activities }| {
                activities.into_iter().map(move |member| {
                    vec![
                        member.id,
                        cluster.clone(),
                        output::cell(member.within),
                        member.nearest_other.unwrap_or_default(),
                        output::cell(member.to_nearest_other),
                        member.marginal.to_string(),
                    ]
                })
            }),
        ),
        Format::Svg => output::text(&drawn(&table, &answer.division)?),
    }
}

fn answer(table: &Table, options: &Options) -> Result<Answer, Failure> {
    let mut similarities = clusters::of_table(table)?;
    for path in &options.links {
        similarities
            .push(Similarity { name: path.display().to_string(), values: links(path, table, options.reading)? });
    }
    let combined = clusters::combined(&similarities)?;
    let judge = combined.values.clone();
    similarities.push(combined);
    let activities = table.activities().len();
    let (division, candidates) = match &options.division {
        Some(path) => (given(path, table, &similarities, options.reading)?, Vec::new()),
        None => found(activities, &similarities, options)?,
    };
    let relations = clusters::relations(&judge, &division.cluster);
    let member = |at: usize| {
        let own = division.cluster[at];
        let others = relations[at].iter().enumerate().filter(|(to, _)| *to != own);
        let nearest = others.filter_map(|(to, value)| value.map(|value| (to, value)));
        // Of equally near ones the first.
        let nearest = nearest.reduce(|best, next| if next.1 > best.1 { next } else { best });
        let within = relations[at][own];
        Member {
            id: table.activities()[at].clone(),
            within,
            nearest_other: nearest.map(|(to, _)| division.names[to].clone()),
            to_nearest_other: nearest.map(|(_, value)| value),
            marginal: nearest.is_some_and(|(_, value)| within.is_none_or(|within| value > within)),
        }
    };
    let members = |number: usize| (0..activities).filter(|at| division.cluster[*at] == number).map(member).collect();
    let clusters = (0..division.k)
        .map(|cluster| Cluster { cluster: division.names[cluster].clone(), activities: members(cluster) })
        .collect();
    Ok(Answer { clusters, candidates, division })
}

/// The best division of many, and the next ones.
fn found(
    activities: usize,
    similarities: &[Similarity],
    options: &Options,
) -> Result<(Division, Vec<Template>), Failure> {
    let most = options.most.unwrap_or((activities / 2).max(options.least)).min(activities.saturating_sub(1));
    let methods = [Method::Ward, Method::Average, Method::KMeans];
    let mut all = clusters::templates(similarities, &methods, options.least..=most, options.seed)?.into_iter();
    let Some(best) = all.next() else { return Err(Failure::Other("there are no clusters to choose from".to_owned())) };
    let Template { similarity, method, k, score, cluster } = best;
    let names = (0..k).map(|number| number.to_string()).collect();
    let division = Division { similarity: Some(similarity), method: Some(method), k, score, cluster, names };
    Ok((division, all.take(CANDIDATES).collect()))
}

/// The division of a file, judged by the same rule. Clusters have the names that the file gives them.
fn given(path: &Path, table: &Table, similarities: &[Similarity], reading: Reading) -> Result<Division, Failure> {
    let clusters_of = input::words(path, ["activity", "cluster"], reading)?;
    let mut names: Vec<String> = Vec::new();
    let mut cluster = Vec::new();
    for activity in table.activities() {
        let missing = || Failure::file(path, format!("«{activity}» has no cluster; add a row for it"));
        let name = clusters_of.get(activity).ok_or_else(missing)?;
        let number = names.iter().position(|known| known == name).unwrap_or_else(|| {
            names.push(name.clone());
            names.len() - 1
        });
        cluster.push(number);
    }
    if let Some(unknown) = clusters_of.keys().find(|name| !table.activities().contains(name)) {
        return Err(Failure::file(
            path,
            format!("«{unknown}» is no activity of the other file; write it as it is there"),
        ));
    }
    let score = clusters::judged(similarities, &cluster)?;
    Ok(Division { similarity: None, method: None, k: names.len(), score, cluster, names })
}

/// Relations between activities from a file, both directions averaged.
fn links(path: &Path, table: &Table, reading: Reading) -> Result<Matrix, Failure> {
    let numbers = Numbers::new(reading);
    let names = table.activities();
    let number: HashMap<&str, usize> = names.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut values = Matrix::zeros(names.len(), names.len());
    input::rows(path, &["a", "b", "value"], None, reading, |cells| {
        let of = |cell, column| {
            let name = input::named(cell, column)?;
            let unknown = || Bad::Row(format!("«{name}» is no activity of the other file; write it as it is there"));
            number.get(name).copied().ok_or_else(unknown)
        };
        let (a, b) = (of(cells[0], "a")?, of(cells[1], "b")?);
        let Some(value) = numbers.read(cells[2])? else { return Ok(()) };
        let half = values.at(a, b) + value / 2.0;
        values.set(a, b, half);
        values.set(b, a, half);
        Ok(())
    })?;
    Ok(values)
}

/// The graph of activities, coloured by cluster.
fn drawn(table: &Table, division: &Division) -> Result<String, Failure> {
    let pairs = CoOccurrence::of(&Presence::of(table, 1.0)?)?;
    super::relatedness::graph(table, &pairs, Measure::Minimum, |activity| division.cluster[activity])
}
