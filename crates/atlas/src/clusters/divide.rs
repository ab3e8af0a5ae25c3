//! Divides activities into clusters.

use std::ops::RangeInclusive;

use serde::Serialize;

use crate::{Matrix, random::Random};

/// How activities are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Joins what adds least to the spread within clusters (Ward 1963), on the rows of the similarity matrix: activities
    /// are alike when they are related to the same others.
    Ward,
    /// Joins what is most related on average (Sokal and Michener 1958).
    Average,
    /// Moves activities to the nearest mean (Lloyd 1982), begun far apart (Arthur and Vassilvitskii 2007), on the rows.
    KMeans,
}

/// For each number of clusters the cluster of each activity.
pub fn divide(
    similarity: &Matrix,
    method: Method,
    numbers: RangeInclusive<usize>,
    seed: u64,
) -> Vec<(usize, Vec<usize>)> {
    let n = similarity.rows();
    match method {
        Method::Ward | Method::Average => {
            let merges = merges(distances(similarity, method), method, n);
            numbers.map(|k| (k, cut(&merges, n, k))).collect()
        }
        Method::KMeans => numbers.map(|k| (k, k_means(similarity, k, seed))).collect(),
    }
}

fn distances(similarity: &Matrix, method: Method) -> Matrix {
    let n = similarity.rows();
    let most = similarity.values().iter().copied().fold(f64::NEG_INFINITY, f64::max);
    Matrix::from_fn(n, n, |a, b| match method {
        Method::Average => most - similarity.at(a, b),
        _ => squared(similarity.row(a), similarity.row(b)),
    })
}

fn squared(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum()
}

/// All merges with their heights, found along chains of nearest neighbours (Müllner 2011) in n² steps.
fn merges(mut distance: Matrix, method: Method, n: usize) -> Vec<(f64, usize, usize)> {
    let mut size = vec![1.0; n];
    let mut alive = vec![true; n];
    let mut chain: Vec<usize> = Vec::new();
    let mut merges = Vec::with_capacity(n.saturating_sub(1));
    while merges.len() + 1 < n {
        let Some(top) = chain.last().copied().or_else(|| alive.iter().position(|alive| *alive)) else { break };
        if chain.is_empty() {
            chain.push(top);
        }
        // Of equally near ones the one that we came from, so that the chain ends.
        let before = chain.len().checked_sub(2).map(|at| chain[at]);
        let mut nearest = before.map_or((f64::INFINITY, usize::MAX), |other| (distance.at(top, other), other));
        for other in (0..n).filter(|other| alive[*other] && *other != top) {
            if distance.at(top, other) < nearest.0 {
                nearest = (distance.at(top, other), other);
            }
        }
        let (height, other) = nearest;
        if Some(other) != before {
            chain.push(other);
            continue;
        }
        chain.truncate(chain.len() - 2);
        let (kept, gone) = (top.min(other), top.max(other));
        merges.push((height, kept, gone));
        alive[gone] = false;
        for third in (0..n).filter(|third| alive[*third] && *third != kept) {
            let (x, y) = (distance.at(kept, third), distance.at(gone, third));
            let (a, b, c) = (size[kept], size[gone], size[third]);
            // Lance and Williams 1967.
            let joined = match method {
                Method::Average => (a * x + b * y) / (a + b),
                _ => ((a + c) * x + (b + c) * y - c * height) / (a + b + c),
            };
            distance.set(kept, third, joined);
            distance.set(third, kept, joined);
        }
        size[kept] += size[gone];
    }
    merges.sort_by(|a, b| a.0.total_cmp(&b.0));
    merges
}

/// Carries out the lowest merges until k clusters are left.
fn cut(merges: &[(f64, usize, usize)], n: usize, k: usize) -> Vec<usize> {
    let mut parent: Vec<usize> = (0..n).collect();
    fn root(parent: &[usize], mut at: usize) -> usize {
        while parent[at] != at {
            at = parent[at];
        }
        at
    }
    for (_, a, b) in merges.iter().take(n.saturating_sub(k)) {
        let (a, b) = (root(&parent, *a), root(&parent, *b));
        parent[a.max(b)] = a.min(b);
    }
    let roots: Vec<usize> = (0..n).map(|at| root(&parent, at)).collect();
    numbered(&roots)
}

/// Names clusters by the order of their first members.
pub(super) fn numbered(names: &[usize]) -> Vec<usize> {
    let mut seen = Vec::new();
    let mut number = |name: &usize| match seen.iter().position(|known| known == name) {
        Some(at) => at,
        None => {
            seen.push(*name);
            seen.len() - 1
        }
    };
    names.iter().map(&mut number).collect()
}

/// The best of this many beginnings.
const STARTS: u64 = 10;
const ROUNDS_MAX: usize = 100;

fn k_means(rows: &Matrix, k: usize, seed: u64) -> Vec<usize> {
    let random = Random::new(seed);
    let tries = (0..STARTS).map(|start| one_k_means(rows, k, random, (k as u64) << 32 | start));
    let best = tries.reduce(|best, next| if next.0 < best.0 { next } else { best });
    numbered(&best.map_or_else(Vec::new, |best| best.1))
}

fn one_k_means(rows: &Matrix, k: usize, random: Random, stream: u64) -> (f64, Vec<usize>) {
    let n = rows.rows();
    let mut centres = begin(rows, k, random, stream);
    let mut cluster = vec![0; n];
    let mut spread = f64::INFINITY;
    for _ in 0..ROUNDS_MAX {
        let nearest: Vec<(f64, usize)> = (0..n)
            .map(|at| {
                let each = centres.iter().enumerate().map(|(number, centre)| (squared(rows.row(at), centre), number));
                each.fold((f64::INFINITY, 0), |best, next| if next.0 < best.0 { next } else { best })
            })
            .collect();
        cluster = nearest.iter().map(|(_, number)| *number).collect();
        refill(&mut cluster, &nearest, k);
        let now: f64 = nearest.iter().map(|(distance, _)| distance).sum();
        for (number, centre) in centres.iter_mut().enumerate() {
            let members: Vec<usize> = (0..n).filter(|at| cluster[*at] == number).collect();
            for (column, value) in centre.iter_mut().enumerate() {
                *value = members.iter().map(|at| rows.at(*at, column)).sum::<f64>() / members.len() as f64;
            }
        }
        if now >= spread {
            break;
        }
        spread = now;
    }
    (spread, cluster)
}

/// A cluster that lost its last member takes the activity that is farthest from its mean, of a cluster with others.
fn refill(cluster: &mut [usize], nearest: &[(f64, usize)], k: usize) {
    for empty in 0..k {
        if cluster.contains(&empty) {
            continue;
        }
        let has_others = |at: &usize| cluster.iter().filter(|number| **number == cluster[*at]).count() > 1;
        let farthest = (0..cluster.len()).filter(has_others).max_by(|a, b| nearest[*a].0.total_cmp(&nearest[*b].0));
        if let Some(at) = farthest {
            cluster[at] = empty;
        }
    }
}

/// Each next centre is an activity, the likelier the farther it is from those there are.
fn begin(rows: &Matrix, k: usize, random: Random, stream: u64) -> Vec<Vec<f64>> {
    let n = rows.rows();
    let first = (random.uniform(stream, 0) * n as f64) as usize;
    let mut centres = vec![rows.row(first.min(n - 1)).to_vec()];
    let mut far: Vec<f64> = (0..n).map(|at| squared(rows.row(at), &centres[0])).collect();
    while centres.len() < k {
        let mut left = random.uniform(stream, centres.len() as u64) * far.iter().sum::<f64>();
        let chosen = far.iter().position(|distance| {
            left -= distance;
            left < 0.0
        });
        // Where all are at centres already, any will do.
        let centre = rows.row(chosen.unwrap_or(centres.len() % n)).to_vec();
        for (at, far) in far.iter_mut().enumerate() {
            *far = far.min(squared(rows.row(at), &centre));
        }
        centres.push(centre);
    }
    centres
}
