//! Which activities go together, and how near a place is to what it does not do yet.

pub(crate) mod by_places;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::{AtlasError, Matrix, Presence};

/// How two activities a and b are compared, from the number of places c_ab that have both, u_a and u_b that have each,
/// and n places that have any.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// min(P(a|b), P(b|a)) = c_ab / max(u_a, u_b), from 0 to 1 (Hidalgo, Klinger, Barabási and Hausmann 2007).
    #[default]
    Minimum,
    /// c_ab / √(u_a u_b), from 0 to 1 (Salton and McGill 1983).
    Cosine,
    /// (1 + r) / 2 with r the correlation of the two columns of M, from 0 to 1; ½ where a column does not vary.
    Correlation,
    /// c_ab n / (u_a u_b), above 1 for more than chance (association strength, van Eck and Waltman 2009).
    Association,
}

/// How many places have both of two activities.
#[derive(Debug, Clone)]
pub struct CoOccurrence {
    activities: usize,
    places: u32,
    ubiquity: Vec<u32>,
    counts: Vec<u16>,
}

/// 2 GB of counts.
const ACTIVITIES_MAX: usize = 32_768;

impl CoOccurrence {
    pub fn of(presence: &Presence) -> Result<CoOccurrence, AtlasError> {
        let activities = presence.activities();
        if activities > ACTIVITIES_MAX || presence.places() > usize::from(u16::MAX) {
            let most = ACTIVITIES_MAX * usize::from(u16::MAX);
            return Err(AtlasError::TooLarge { places: presence.places(), activities, most });
        }
        // M in words of 16 bits: a row of counts is the sum of the rows of the places that have the activity, which the
        // processor adds eight at a time.
        let mut rows = vec![0_u16; presence.places() * activities];
        for place in 0..presence.places() {
            for activity in presence.row(place) {
                rows[place * activities + *activity as usize] = 1;
            }
        }
        let columns = presence.columns();
        let mut counts = vec![0_u16; activities * activities];
        if activities > 0 {
            counts.par_chunks_mut(activities).zip(&columns).for_each(|(counts, places)| {
                for place in places {
                    let row = &rows[*place as usize * activities..][..activities];
                    for (count, present) in counts.iter_mut().zip(row) {
                        *count += present;
                    }
                }
            });
        }
        let places = (0..presence.places()).filter(|place| !presence.row(*place).is_empty()).count() as u32;
        Ok(CoOccurrence { activities, places, ubiquity: presence.ubiquity().to_vec(), counts })
    }

    pub fn activities(&self) -> usize {
        self.activities
    }

    /// The number of places that have both.
    pub fn count(&self, a: usize, b: usize) -> u16 {
        self.counts[a * self.activities + b]
    }

    /// How related two activities are; 0 when one of them is nowhere.
    pub fn proximity(&self, measure: Measure, a: usize, b: usize) -> f64 {
        let mut value = [0.0];
        self.fill(measure, a, b, &mut value);
        value[0]
    }

    /// All pairs; 8 bytes each.
    pub fn proximities(&self, measure: Measure) -> Matrix {
        let mut matrix = Matrix::zeros(self.activities, self.activities);
        if self.activities > 0 {
            let rows = matrix.values_mut().par_chunks_mut(self.activities).enumerate();
            rows.for_each(|(a, row)| self.fill(measure, a, 0, row));
        }
        matrix
    }

    /// The proximities of `a` to the activities from `first` on.
    fn fill(&self, measure: Measure, a: usize, first: usize, values: &mut [f64]) {
        let counts = &self.counts[a * self.activities + first..];
        let u = f64::from(self.ubiquity[a]);
        if u == 0.0 {
            values.fill(0.0);
            return;
        }
        let n = f64::from(self.places);
        let each = values.iter_mut().zip(counts).zip(&self.ubiquity[first..]);
        match measure {
            Measure::Minimum => {
                each.for_each(|((value, count), other)| *value = f64::from(*count) / u.max(f64::from(*other)));
            }
            Measure::Cosine => each.for_each(|((value, count), other)| {
                let both = u * f64::from((*other).max(1));
                *value = f64::from(*count) / both.sqrt();
            }),
            Measure::Association => each.for_each(|((value, count), other)| {
                *value = f64::from(*count) * n / (u * f64::from((*other).max(1)));
            }),
            Measure::Correlation => each.enumerate().for_each(|(at, ((value, count), other))| {
                let v = f64::from(*other);
                let spread = (u * (n - u) * v * (n - v)).sqrt();
                *value = if v == 0.0 {
                    0.0
                } else if first + at == a {
                    1.0
                } else if spread > 0.0 {
                    ((1.0 + (n * f64::from(*count) - u * v) / spread) / 2.0).clamp(0.0, 1.0)
                } else {
                    0.5
                };
            }),
        }
    }

    /// Σ_b φ_ab of each activity.
    pub(crate) fn sums(&self, measure: Measure) -> Vec<f64> {
        (0..self.activities)
            .into_par_iter()
            .map_init(
                || vec![0.0; self.activities],
                |row, a| {
                    self.fill(measure, a, 0, row);
                    row.iter().sum()
                },
            )
            .collect()
    }
}

/// Proximity of columns of location quotients rather than of what they leave of M: (1 + r) / 2 with r the correlation
/// over the places; ½ where a column does not vary, 1 with itself.
pub fn continuous_proximities(quotients: &Matrix) -> Matrix {
    let columns = quotients.transposed();
    let n = columns.columns() as f64;
    let unit: Vec<Vec<f64>> = (0..columns.rows())
        .map(|column| {
            let mean = columns.row(column).iter().sum::<f64>() / n;
            let centred: Vec<f64> = columns.row(column).iter().map(|value| value - mean).collect();
            let norm = centred.iter().map(|value| value * value).sum::<f64>().sqrt();
            // What is left of equal values after subtracting their mean is rounding.
            let spread = norm > 1e-12 * mean.abs() * n.sqrt();
            centred.iter().map(|value| if spread { value / norm } else { 0.0 }).collect()
        })
        .collect();
    let rows: Vec<Vec<f64>> = unit
        .par_iter()
        .enumerate()
        .map(|(a, left)| {
            let dot = |right: &Vec<f64>| left.iter().zip(right).map(|(x, y)| x * y).sum::<f64>();
            let each = unit.iter().enumerate();
            each.map(|(b, right)| if a == b { 1.0 } else { ((1.0 + dot(right)) / 2.0).clamp(0.0, 1.0) }).collect()
        })
        .collect();
    Matrix::from_fn(rows.len(), rows.len(), |a, b| rows[a][b])
}

/// How near each place is to each activity, ω_pa = Σ_b M_pb φ_ab / Σ_b φ_ab, from 0 to 1 (Hidalgo et al. 2007). The
/// activity itself counts among the b, as in the published tools; 0 for an activity that is nowhere.
pub fn densities(presence: &Presence, pairs: &CoOccurrence, measure: Measure) -> Matrix {
    products(presence, pairs, measure, &pairs.sums(measure), None).0
}

/// Sixteen columns of proximities for 5,000 activities stay in the second cache, and sixteen sums in registers.
const WIDTH: usize = 16;

/// Sums for a block of activities, place after place: unweighted and weighted.
type Block = (Vec<f64>, Vec<f64>);

/// For each place and activity Σ_b M_pb φ_ab / `sums`_a, and with weights w also Σ_b M_pb φ_ab w_b.
pub(crate) fn products(
    presence: &Presence,
    pairs: &CoOccurrence,
    measure: Measure,
    sums: &[f64],
    weights: Option<&[f64]>,
) -> (Matrix, Option<Matrix>) {
    let (places, activities) = (presence.places(), presence.activities());
    let blocks: Vec<Block> = (0..activities.div_ceil(WIDTH))
        .into_par_iter()
        .map(|block| {
            let first = block * WIDTH;
            let width = WIDTH.min(activities - first);
            let mut near = vec![[0.0; WIDTH]; activities];
            for (b, near) in near.iter_mut().enumerate() {
                pairs.fill(measure, b, first, &mut near[..width]);
            }
            let density = added_up(presence, &near);
            let Some(weights) = weights else { return (density, Vec::new()) };
            for (near, weight) in near.iter_mut().zip(weights) {
                near.iter_mut().for_each(|value| *value *= weight);
            }
            (density, added_up(presence, &near))
        })
        .collect();
    let assemble = |pick: fn(&Block) -> &[f64]| {
        Matrix::from_fn(places, activities, |place, activity| {
            pick(&blocks[activity / WIDTH])[place * WIDTH + activity % WIDTH]
        })
    };
    let mut density = assemble(|block| &block.0);
    if activities > 0 {
        for row in density.values_mut().chunks_mut(activities) {
            // Rounding may lift a place that has everything a little above one.
            row.iter_mut().zip(sums).for_each(|(v, sum)| *v = if *sum > 0.0 { (*v / sum).min(1.0) } else { 0.0 });
        }
    }
    (density, weights.map(|_| assemble(|block| &block.1)))
}

/// For each place the sum of the rows of its activities.
fn added_up(presence: &Presence, rows: &[[f64; WIDTH]]) -> Vec<f64> {
    let mut all = Vec::with_capacity(presence.places() * WIDTH);
    for place in 0..presence.places() {
        let mut sums = [0.0; WIDTH];
        for activity in presence.row(place) {
            let row = &rows[*activity as usize];
            for (sum, value) in sums.iter_mut().zip(row) {
                *sum += value;
            }
        }
        all.extend(sums);
    }
    all
}

/// Density in two parts that add up to it: what comes from the activity's own cluster and what from outside.
#[derive(Debug, Clone, PartialEq)]
pub struct SplitDensity {
    pub within: Matrix,
    pub outside: Matrix,
}

/// Splits densities by cluster; `cluster` has the number of each activity's cluster (after Delgado, Porter and Stern
/// 2014: strength within a cluster and in clusters that are related to it).
pub fn split_densities(
    presence: &Presence,
    proximities: &Matrix,
    cluster: &[usize],
) -> Result<SplitDensity, AtlasError> {
    let activities = presence.activities();
    AtlasError::check_length("the clusters of the activities", activities, cluster.len())?;
    AtlasError::check_length("the rows of the proximities", activities, proximities.rows())?;
    let sums = proximities.row_sums();
    let part = |place: usize, a: usize, inside: bool| -> f64 {
        if sums[a] <= 0.0 {
            return 0.0;
        }
        let others = presence.row(place).iter().map(|b| *b as usize);
        others.filter(|b| (cluster[*b] == cluster[a]) == inside).map(|b| proximities.at(a, b)).sum::<f64>() / sums[a]
    };
    Ok(SplitDensity {
        within: Matrix::from_fn(presence.places(), activities, |place, a| part(place, a, true)),
        outside: Matrix::from_fn(presence.places(), activities, |place, a| part(place, a, false)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ALL: [Measure; 4] = [Measure::Minimum, Measure::Cosine, Measure::Correlation, Measure::Association];

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    /// Four places: {0, 1}, {0, 1, 2}, {0}, {2}; the fourth activity is nowhere.
    fn example() -> Presence {
        Presence::new(4, vec![vec![0, 1], vec![0, 1, 2], vec![0], vec![2], vec![]]).unwrap()
    }

    #[test]
    fn proximities_by_hand() {
        let pairs = CoOccurrence::of(&example()).unwrap();
        assert_eq!((pairs.count(0, 1), pairs.count(0, 2), pairs.count(1, 2), pairs.count(0, 0)), (2, 1, 1, 3));
        near(pairs.proximity(Measure::Minimum, 0, 1), 2.0 / 3.0);
        near(pairs.proximity(Measure::Cosine, 0, 1), 2.0 / 6_f64.sqrt());
        near(pairs.proximity(Measure::Association, 0, 1), 2.0 * 4.0 / 6.0);
        // r = (4 · 2 − 3 · 2) / √(3 · 1 · 2 · 2)
        near(pairs.proximity(Measure::Correlation, 0, 1), (1.0 + 2.0 / 12_f64.sqrt()) / 2.0);
        for measure in ALL {
            near(pairs.proximity(measure, 0, 3), 0.0);
            near(pairs.proximity(measure, 3, 3), 0.0);
        }
    }

    #[test]
    fn densities_by_hand() {
        let pairs = CoOccurrence::of(&example()).unwrap();
        let found = densities(&example(), &pairs, Measure::Minimum);
        // φ_00 = 1, φ_01 = 2/3, φ_02 = 1/3.
        near(found.at(2, 0), 1.0 / 2.0);
        near(found.at(3, 0), (1.0 / 3.0) / 2.0);
        near(found.at(1, 0), 1.0);
        near(found.at(4, 0), 0.0);
        near(found.at(0, 3), 0.0);
    }

    #[test]
    fn the_two_parts_of_density_add_up_to_it() {
        let presence = example();
        let pairs = CoOccurrence::of(&presence).unwrap();
        let proximities = pairs.proximities(Measure::Minimum);
        let split = split_densities(&presence, &proximities, &[0, 1, 0, 1]).unwrap();
        let whole = densities(&presence, &pairs, Measure::Minimum);
        for at in 0..whole.values().len() {
            near(split.within.values()[at] + split.outside.values()[at], whole.values()[at]);
        }
        near(split.within.at(0, 0), 0.5);
        near(split.outside.at(0, 0), 1.0 / 3.0);
        assert!(split_densities(&presence, &proximities, &[0]).is_err());
    }

    #[test]
    fn columns_that_do_not_vary_have_no_correlation_but_a_defined_one() {
        let quotients = Matrix::new(3, 3, vec![1.0, 1.0, 0.3, 1.0, 2.0, 0.3, 1.0, 3.0, 0.3]).unwrap();
        let found = continuous_proximities(&quotients);
        assert_eq!(found.values(), [1.0, 0.5, 0.5, 0.5, 1.0, 0.5, 0.5, 0.5, 1.0]);
    }

    proptest! {
        #[test]
        fn sums_by_places_are_those_over_pairs(
            rows in prop::collection::vec(prop::collection::vec(0_u32..40, 0..25), 1..70),
            weights in prop::collection::vec(-1.0_f64..1.0, 40),
        ) {
            let presence = Presence::new(40, rows).unwrap();
            let pairs = CoOccurrence::of(&presence).unwrap();
            let all = pairs.proximities(Measure::Minimum);
            let found = by_places::sums(&presence, &weights);
            for a in 0..40 {
                let expected: f64 = (0..40).map(|b| all.at(a, b) * weights[b]).sum();
                prop_assert!((found.all[a] - expected).abs() < 1e-12);
                for place in 0..presence.places() {
                    let has = presence.row(place).iter();
                    let expected: f64 = has.map(|b| all.at(a, *b as usize) * weights[*b as usize]).sum();
                    prop_assert!((found.near.at(place, a) - expected).abs() < 1e-12);
                }
            }
        }

        #[test]
        fn proximity_is_symmetric_and_within_its_bounds(
            rows in prop::collection::vec(prop::collection::vec(0_u32..40, 0..25), 1..12)
        ) {
            let presence = Presence::new(40, rows).unwrap();
            let pairs = CoOccurrence::of(&presence).unwrap();
            for measure in ALL {
                let all = pairs.proximities(measure);
                let density = densities(&presence, &pairs, measure);
                prop_assert!(density.values().iter().all(|value| (0.0..=1.0).contains(value)));
                for a in 0..40 {
                    for b in 0..40 {
                        let value = all.at(a, b);
                        prop_assert_eq!(value, all.at(b, a));
                        prop_assert!(value >= 0.0 && (value <= 1.0 + 1e-15 || measure == Measure::Association));
                    }
                }
                let sums = all.row_sums();
                for place in 0..presence.places() {
                    for (a, all_of_a) in sums.iter().enumerate() {
                        let sum: f64 = presence.row(place).iter().map(|b| all.at(a, *b as usize)).sum();
                        let expected = if *all_of_a > 0.0 { sum / all_of_a } else { 0.0 };
                        prop_assert!((density.at(place, a) - expected).abs() < 1e-12);
                    }
                }
            }
        }
    }
}
