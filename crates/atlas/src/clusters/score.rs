//! How good a division is: whether what is in a cluster is related more within than to other clusters.

use serde::Serialize;

use crate::{Matrix, specialisation::quantile};

/// Validation scores (Delgado, Porter and Stern 2016), each a share from 0 to 1. A cluster of one activity has no
/// relatedness within and counts as failing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Score {
    /// Clusters related more within than to the other clusters on average.
    pub clusters_over_mean: f64,
    /// Clusters related more within than to 95 % of the other clusters.
    pub clusters_over_p95: f64,
    /// Activities related more to their own cluster than to the other clusters on average.
    pub activities_over_mean: f64,
    /// Activities related more to their own cluster than to 95 % of the other clusters.
    pub activities_over_p95: f64,
    /// The mean of the four.
    pub total: f64,
}

impl Score {
    pub(super) fn mean(scores: impl ExactSizeIterator<Item = Score>) -> Score {
        let n = scores.len().max(1) as f64;
        scores.fold(Score::default(), |sum, score| Score {
            clusters_over_mean: sum.clusters_over_mean + score.clusters_over_mean / n,
            clusters_over_p95: sum.clusters_over_p95 + score.clusters_over_p95 / n,
            activities_over_mean: sum.activities_over_mean + score.activities_over_mean / n,
            activities_over_p95: sum.activities_over_p95 + score.activities_over_p95 / n,
            total: sum.total + score.total / n,
        })
    }
}

/// The mean relatedness of each activity (row) to the members of each cluster (column) but itself; none for an activity
/// that is alone in its cluster.
pub fn relations(similarity: &Matrix, cluster: &[usize]) -> Vec<Vec<Option<f64>>> {
    let k = cluster.iter().max().map_or(0, |most| most + 1);
    (0..cluster.len())
        .map(|a| {
            let mut sums = vec![(0.0, 0_u32); k];
            for (b, number) in cluster.iter().enumerate().filter(|(b, _)| *b != a) {
                sums[*number].0 += similarity.at(a, b);
                sums[*number].1 += 1;
            }
            sums.into_iter().map(|(sum, count)| (count > 0).then(|| sum / f64::from(count))).collect()
        })
        .collect()
}

/// Scores a division against a similarity.
pub fn score(similarity: &Matrix, cluster: &[usize]) -> Score {
    let relations = relations(similarity, cluster);
    let k = cluster.iter().max().map_or(0, |most| most + 1);
    let activities: Vec<(bool, bool)> = relations.iter().zip(cluster).map(|(row, own)| passes(row, *own)).collect();
    let mut size = vec![0.0; k];
    let mut sums = vec![vec![0.0; k]; k];
    for (row, own) in relations.iter().zip(cluster) {
        size[*own] += 1.0;
        for (sum, relation) in sums[*own].iter_mut().zip(row) {
            *sum += relation.unwrap_or(0.0);
        }
    }
    // All pairs of two clusters weigh the same, as all members of the one have the same number of partners in the other.
    let clusters: Vec<(bool, bool)> = (0..k)
        .map(|own| {
            let row: Vec<Option<f64>> =
                (0..k).map(|to| (to != own || size[own] > 1.0).then(|| sums[own][to] / size[own])).collect();
            passes(&row, own)
        })
        .collect();
    let share = |all: &[(bool, bool)], pick: fn(&(bool, bool)) -> bool| {
        all.iter().filter(|one| pick(one)).count() as f64 / all.len().max(1) as f64
    };
    let [a, b, c, d] = [
        share(&clusters, |one| one.0),
        share(&clusters, |one| one.1),
        share(&activities, |one| one.0),
        share(&activities, |one| one.1),
    ];
    Score {
        clusters_over_mean: a,
        clusters_over_p95: b,
        activities_over_mean: c,
        activities_over_p95: d,
        total: (a + b + c + d) / 4.0,
    }
}

/// Whether the relation to its own cluster is above the mean, and above 95 %, of those to others.
fn passes(row: &[Option<f64>], own: usize) -> (bool, bool) {
    let Some(within) = row[own] else { return (false, false) };
    let mut others: Vec<f64> = row.iter().enumerate().filter(|(to, _)| *to != own).filter_map(|(_, v)| *v).collect();
    others.sort_unstable_by(f64::total_cmp);
    let mean = others.iter().sum::<f64>() / others.len().max(1) as f64;
    (within > mean, within > quantile(&others, 0.95))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_by_hand() {
        // 0 and 1 belong together, 2 and 3 do not: 3 is nearer to the others.
        let values = vec![1.0, 0.9, 0.1, 0.6, 0.9, 1.0, 0.1, 0.6, 0.1, 0.1, 1.0, 0.2, 0.6, 0.6, 0.2, 1.0];
        let similarity = Matrix::new(4, 4, values).unwrap();
        let found = score(&similarity, &[0, 0, 1, 1]);
        // Between the clusters the mean is 0.35; within them 0.9 and 0.2.
        assert_eq!((found.clusters_over_mean, found.clusters_over_p95), (0.5, 0.5));
        assert_eq!((found.activities_over_mean, found.activities_over_p95), (0.75, 0.75));
        assert_eq!(found.total, 0.625);
        assert_eq!(relations(&similarity, &[0, 0, 0, 1])[3], [Some((0.6 + 0.6 + 0.2) / 3.0), None]);
        // The three are nearer to 3 than to each other, and 3 is alone.
        assert_eq!(score(&similarity, &[0, 0, 0, 1]).clusters_over_mean, 0.0);
    }
}
