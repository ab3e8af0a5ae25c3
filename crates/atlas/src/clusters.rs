//! Templates of clusters: groups of activities that are related more to each other than to the rest (Delgado, Porter and
//! Stern 2016). Several ways to measure relatedness are tried with several methods and numbers of clusters, and what
//! comes out is scored by the same rule.

mod divide;
mod score;

use rayon::prelude::*;
use serde::Serialize;

pub use divide::{Method, divide};
pub use score::{Score, relations, score};

use crate::{
    AtlasError, Matrix, Presence, Table,
    relatedness::{self, CoOccurrence, Measure},
    specialisation,
};

/// Dividing takes the third power of this.
const ACTIVITIES_MAX: usize = 3_000;

/// A way to measure how related activities are; larger is more, on any scale.
#[derive(Debug, Clone, PartialEq)]
pub struct Similarity {
    pub name: String,
    pub values: Matrix,
}

/// A division of the activities, and how good it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Template {
    pub similarity: String,
    pub method: Method,
    /// The number of clusters.
    pub k: usize,
    pub score: Score,
    /// The cluster of each activity; clusters are numbered by their first member.
    #[serde(skip)]
    pub cluster: Vec<usize>,
}

/// What a table itself says of how related its activities are: in how many places both are strong, the smaller
/// conditional probability, and the correlation of their location quotients over the places.
pub fn of_table(table: &Table) -> Result<Vec<Similarity>, AtlasError> {
    let presence = Presence::of(table, 1.0)?;
    Ok(vec![
        Similarity {
            name: "co-location".to_owned(),
            values: CoOccurrence::of(&presence)?.proximities(Measure::Minimum),
        },
        Similarity {
            name: "correlation".to_owned(),
            values: relatedness::continuous_proximities(&specialisation::location_quotients(table)),
        },
    ])
}

/// The score of a division that somebody made or edited, against all similarities as in [`templates`]. `cluster` has a
/// number for each activity; any numbers will do.
pub fn judged(similarities: &[Similarity], cluster: &[usize]) -> Result<Score, AtlasError> {
    for Similarity { name, values } in similarities {
        check(name, values, cluster.len())?;
    }
    let cluster = divide::numbered(cluster);
    Ok(Score::mean(similarities.iter().map(|similarity| score(&standardised(&similarity.values), &cluster))))
}

/// Tries every similarity, method and number of clusters, each of them scored against all similarities. The best comes
/// first; of equals the one with more clusters, which says more.
pub fn templates(
    similarities: &[Similarity],
    methods: &[Method],
    numbers: std::ops::RangeInclusive<usize>,
    seed: u64,
) -> Result<Vec<Template>, AtlasError> {
    let n = similarities.first().map_or(0, |similarity| similarity.values.rows());
    for Similarity { name, values } in similarities {
        check(name, values, n)?;
    }
    if n < 3 {
        return Err(AtlasError::Invalid(format!(
            "dividing activities into clusters takes at least 3, and there is {n}"
        )));
    }
    if *numbers.start() < 2 || numbers.is_empty() || *numbers.end() >= n {
        return Err(AtlasError::Invalid(format!(
            "the number of clusters must be from 2 to {}, fewer than the {n} activities",
            n.saturating_sub(1)
        )));
    }
    if n > ACTIVITIES_MAX {
        let most = ACTIVITIES_MAX * ACTIVITIES_MAX;
        return Err(AtlasError::TooLarge { places: n, activities: n, most });
    }
    let standard: Vec<Matrix> = similarities.iter().map(|similarity| standardised(&similarity.values)).collect();
    let tasks: Vec<(usize, Method)> =
        (0..similarities.len()).flat_map(|at| methods.iter().map(move |method| (at, *method))).collect();
    let found: Vec<Vec<Template>> = tasks
        .par_iter()
        .map(|(at, method)| {
            divide(&standard[*at], *method, numbers.clone(), seed)
                .into_iter()
                .map(|(k, cluster)| Template {
                    similarity: similarities[*at].name.clone(),
                    method: *method,
                    k,
                    score: Score::mean(standard.iter().map(|matrix| score(matrix, &cluster))),
                    cluster,
                })
                .collect()
        })
        .collect();
    let mut all: Vec<Template> = found.into_iter().flatten().collect();
    all.sort_by(|a, b| b.score.total.total_cmp(&a.score.total).then(b.k.cmp(&a.k)));
    Ok(all)
}

/// The mean of several similarities after each was standardised, so that none counts more for its scale.
pub fn combined(similarities: &[Similarity]) -> Result<Similarity, AtlasError> {
    let Some(first) = similarities.first() else {
        return Err(AtlasError::Invalid("there are no similarities to combine".to_owned()));
    };
    let n = first.values.rows();
    for Similarity { name, values } in similarities {
        check(name, values, n)?;
    }
    let all: Vec<Matrix> = similarities.iter().map(|similarity| standardised(&similarity.values)).collect();
    let mean = |a, b| all.iter().map(|matrix| matrix.at(a, b)).sum::<f64>() / all.len() as f64;
    let name = similarities.iter().map(|similarity| similarity.name.as_str()).collect::<Vec<_>>().join(" + ");
    Ok(Similarity { name, values: Matrix::from_fn(n, n, mean) })
}

fn check(name: &str, values: &Matrix, n: usize) -> Result<(), AtlasError> {
    AtlasError::check_length("the rows of a similarity", n, values.rows())?;
    AtlasError::check_length("the columns of a similarity", n, values.columns())?;
    for a in 0..n {
        for b in 0..a {
            let (one, other) = (values.at(a, b), values.at(b, a));
            if !one.is_finite() || (one - other).abs() > 1e-9 * one.abs().max(1.0) {
                return Err(AtlasError::Invalid(format!(
                    "{name}: expected finite numbers, the same in both directions"
                )));
            }
        }
    }
    Ok(())
}

/// The pairs of different activities with mean 0 and deviation 1; zeros where all are the same. What an activity is to
/// itself says nothing and takes the largest value of its row, so that it does not set activities apart.
fn standardised(values: &Matrix) -> Matrix {
    let n = values.rows();
    let pairs: Vec<f64> = (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| values.at(a, b)).collect();
    let (mean, deviation) = crate::complexity::mean_and_deviation(&pairs);
    let varies = deviation > 1e-12 * mean.abs();
    let one = |a: usize, b: usize| if varies { (values.at(a.max(b), a.min(b)) - mean) / deviation } else { 0.0 };
    Matrix::from_fn(n, n, |a, b| {
        if a != b {
            return one(a, b);
        }
        (0..n).filter(|other| *other != a).map(|other| one(a, other)).fold(f64::NEG_INFINITY, f64::max).max(-1e300)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Three groups of three, related 0.9 within and 0.1 without, a little less from one to the next.
    fn groups() -> Similarity {
        let value = |a: usize, b: usize| {
            let (low, high) = (a.min(b), a.max(b));
            let base = if a / 3 == b / 3 { 0.9 } else { 0.1 };
            if a == b { 1.0 } else { base - 0.001 * (low + 2 * high) as f64 }
        };
        Similarity { name: "made".to_owned(), values: Matrix::from_fn(9, 9, value) }
    }

    const ALL: [Method; 3] = [Method::Ward, Method::Average, Method::KMeans];

    #[test]
    fn groups_are_found_by_every_method() {
        let found = templates(&[groups()], &ALL, 2..=6, 1).unwrap();
        assert_eq!(found.len(), 15);
        let best = &found[0];
        assert_eq!((best.k, best.score.total), (3, 1.0));
        for template in found.iter().filter(|template| template.k == 3) {
            assert_eq!(template.cluster, [0, 0, 0, 1, 1, 1, 2, 2, 2], "{:?}", template.method);
        }
    }

    #[test]
    fn a_division_that_was_edited_is_judged_by_the_same_rule() {
        let best = &templates(&[groups()], &ALL, 3..=3, 1).unwrap()[0];
        assert_eq!(judged(&[groups()], &best.cluster).unwrap(), best.score);
        let renamed: Vec<usize> = best.cluster.iter().map(|number| 90 - 10 * number).collect();
        assert_eq!(judged(&[groups()], &renamed).unwrap(), best.score);
        let mut worse = best.cluster.clone();
        worse[0] = 2;
        assert!(judged(&[groups()], &worse).unwrap().total < best.score.total);
        assert!(judged(&[groups()], &[0, 1]).is_err());
    }

    #[test]
    fn scales_do_not_matter_when_combining() {
        let (one, mut two) = (groups(), groups());
        two.values = Matrix::from_fn(9, 9, |a, b| 1000.0 * one.values.at(a, b) - 7.0);
        let both = combined(&[one.clone(), two]).unwrap();
        let alone = combined(&[one]).unwrap();
        for (x, y) in both.values.values().iter().zip(alone.values.values()) {
            assert!((x - y).abs() < 1e-9);
        }
    }

    #[test]
    fn what_cannot_be_divided_is_refused() {
        assert!(templates(&[groups()], &ALL, 1..=3, 1).is_err());
        assert!(templates(&[groups()], &ALL, 2..=9, 1).is_err());
        assert!(templates(&[], &ALL, 2..=3, 1).is_err());
        let mut lopsided = groups();
        lopsided.values.set(0, 1, 5.0);
        assert!(templates(&[lopsided], &ALL, 2..=3, 1).unwrap_err().to_string().contains("both directions"));
    }

    #[test]
    fn one_thread_and_two_give_the_same() {
        let run = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| templates(&[groups()], &ALL, 2..=5, 9).unwrap())
        };
        assert_eq!(run(1), run(2));
    }

    proptest! {
        #[test]
        fn every_division_has_its_number_of_clusters_and_a_score(
            values in prop::collection::vec(0_u8..4, 49), k in 2_usize..6
        ) {
            let values = Matrix::from_fn(7, 7, |a, b| f64::from(values[a.min(b) * 7 + a.max(b)]));
            for template in templates(&[Similarity { name: "any".to_owned(), values }], &ALL, k..=k, 3).unwrap() {
                let mut seen: Vec<usize> = template.cluster.clone();
                seen.sort_unstable();
                seen.dedup();
                prop_assert_eq!(seen, (0..k).collect::<Vec<_>>());
                prop_assert!((0.0..=1.0).contains(&template.score.total));
            }
        }
    }
}
