//! Fitness and complexity that do not average: one rare activity does not make up for many common ones, and an activity
//! that even unfit places have cannot be complex (Tacchella, Cristelli, Caldarelli, Gabrielli and Pietronero 2012).

use crate::{AtlasError, Presence};

/// Fitness of places and complexity of activities, each with mean one.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitness {
    /// Zero for a place without activities.
    pub fitness: Vec<f64>,
    /// Zero for an activity that is nowhere.
    pub complexity: Vec<f64>,
    pub iterations: usize,
    /// Whether the last iteration changed nothing any more. Where M has a large empty corner some fitness tends to zero
    /// without reaching it (Pugliese, Zaccaria and Pietronero 2016); ranks are then more telling than values.
    pub converged: bool,
}

/// Iterates F_p = Σ_a M_pa Q_a and Q_a = 1 / Σ_p (M_pa / F_p), each divided by its mean, at most `iterations` times.
pub fn fitness(presence: &Presence, iterations: usize) -> Result<Fitness, AtlasError> {
    if presence.ubiquity().iter().all(|count| *count == 0) {
        return Err(AtlasError::TooFew { what: "places", found: 0, least: 1 });
    }
    let (rows, columns) = (presence.rows(), presence.columns());
    let mut fitness: Vec<f64> = vec![1.0; presence.places()];
    let mut complexity: Vec<f64> = vec![1.0; presence.activities()];
    for iteration in 1..=iterations {
        // A fitness below the smallest number is as good as it, and leaves no infinity behind.
        let parts: Vec<f64> = fitness.iter().map(|value| 1.0 / value.max(f64::MIN_POSITIVE)).collect();
        let (mut next, mut next_complexity) = rayon::join(
            || spread(presence.places(), &columns, &complexity),
            || {
                let mut sums = spread(presence.activities(), rows, &parts);
                sums.iter_mut().for_each(|sum| *sum = if *sum > 0.0 { 1.0 / *sum } else { 0.0 });
                sums
            },
        );
        to_mean_one(&mut next);
        to_mean_one(&mut next_complexity);
        let moved =
            |old: &[f64], new: &[f64]| old.iter().zip(new).map(|(old, new)| (old - new).abs()).fold(0.0_f64, f64::max);
        let change = moved(&fitness, &next).max(moved(&complexity, &next_complexity));
        (fitness, complexity) = (next, next_complexity);
        if change < 1e-13 {
            return Ok(Fitness { fitness, complexity, iterations: iteration, converged: true });
        }
    }
    Ok(Fitness { fitness, complexity, iterations, converged: false })
}

/// Gives the value of each list to all its members: sums that do not wait for each other.
fn spread(members: usize, lists: &[Vec<u32>], values: &[f64]) -> Vec<f64> {
    let mut sums = vec![0.0; members];
    for (list, value) in lists.iter().zip(values) {
        list.iter().for_each(|member| sums[*member as usize] += value);
    }
    sums
}

fn to_mean_one(values: &mut [f64]) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    if mean > 0.0 {
        values.iter_mut().for_each(|value| *value /= mean);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_iteration_by_hand() {
        let presence = Presence::new(2, vec![vec![0, 1], vec![0]]).unwrap();
        let found = fitness(&presence, 1).unwrap();
        // F = (2, 1) over its mean 3/2; Q = (1/2, 1) over its mean 3/4.
        assert_eq!(found.fitness, [4.0 / 3.0, 2.0 / 3.0]);
        assert_eq!(found.complexity, [2.0 / 3.0, 4.0 / 3.0]);
        assert!(!found.converged);
    }

    #[test]
    fn equal_places_are_equally_fit() {
        let presence = Presence::new(3, vec![vec![0, 1, 2]; 4]).unwrap();
        let found = fitness(&presence, 100).unwrap();
        assert!(found.converged);
        assert_eq!(found.fitness, [1.0; 4]);
    }

    proptest! {
        #[test]
        fn every_value_is_a_number(
            rows in prop::collection::vec(prop::collection::vec(0_u32..8, 0..8), 1..8)
        ) {
            let presence = Presence::new(8, rows).unwrap();
            if let Ok(found) = fitness(&presence, 2000) {
                for value in found.fitness.iter().chain(&found.complexity) {
                    prop_assert!(value.is_finite() && *value >= 0.0);
                }
                for place in 0..presence.places() {
                    prop_assert!(!presence.row(place).is_empty() || found.fitness[place] == 0.0);
                }
            }
        }
    }
}
