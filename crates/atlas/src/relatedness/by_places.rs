//! Densities by way of places instead of pairs of activities, where places are few.
//!
//! With φ_ab = c_ab / max(u_a, u_b) and c_ab = Σ_q M_qa M_qb,
//! Σ_b M_pb φ_ab w_b = Σ_q M_qa (Σ_{b ∈ p ∩ q, u_b ≤ u_a} w_b / u_a + Σ_{b ∈ p ∩ q, u_b > u_a} w_b / u_b).
//! The inner sums are matrices of places × places that change only from one ubiquity to the next. So the proximities of
//! 12 million pairs need not be made for sums over them.

use rayon::prelude::*;

use crate::{Matrix, Presence};

/// So many places are dealt with by one thread: their sums stay in its cache.
const WIDTH: usize = 32;

/// What the sums over pairs of activities come to, for places and for all activities together.
pub(crate) struct Sums {
    /// Σ_b M_pb φ_ab w_b.
    pub near: Matrix,
    /// Σ_b φ_ab w_b.
    pub all: Vec<f64>,
}

/// Whether fewer steps are taken this way than over pairs of activities.
pub(crate) fn is_shorter(presence: &Presence) -> bool {
    let (places, activities) = (presence.places() as u64, presence.activities() as u64);
    let present: u64 = presence.ubiquity().iter().map(|count| u64::from(*count)).sum();
    let pairs: u64 = presence.ubiquity().iter().map(|count| u64::from(*count).pow(2)).sum();
    2 * (present * places + pairs) < present * activities + activities * activities
}

/// The sums with these weights of activities, by [`super::Measure::Minimum`].
pub(crate) fn sums(presence: &Presence, weights: &[f64]) -> Sums {
    let (places, activities) = (presence.places(), presence.activities());
    let columns = presence.columns();
    // Activities from the rarest to the commonest, in groups that as many places have.
    let mut order: Vec<usize> = (0..activities).filter(|a| !columns[*a].is_empty()).collect();
    order.sort_by_key(|a| columns[*a].len());
    // All activities together are a place that has each: it stands behind the others.
    let everything = places;
    let blocks: Vec<(usize, Vec<f64>)> = (0..=places)
        .step_by(WIDTH)
        .collect::<Vec<_>>()
        .into_par_iter()
        .map(|first| {
            let width = WIDTH.min(places + 1 - first);
            (width, block(&columns, &order, weights, (first, width, everything)))
        })
        .collect();
    let mut near = Matrix::zeros(places, activities);
    let mut all = vec![0.0; activities];
    for (at, (width, block)) in blocks.iter().enumerate() {
        for place in at * WIDTH..at * WIDTH + width {
            let column = place - at * WIDTH;
            let values = (0..activities).map(|activity| block[activity * width + column]);
            match place == everything {
                true => all.iter_mut().zip(values).for_each(|(sum, value)| *sum = value),
                false => {
                    near.values_mut()[place * activities..][..activities]
                        .iter_mut()
                        .zip(values)
                        .for_each(|(sum, value)| *sum = value);
                }
            }
        }
    }
    Sums { near, all }
}

/// Of some places, from `first` on, the sums for each activity.
fn block(
    columns: &[Vec<u32>],
    order: &[usize],
    weights: &[f64],
    (first, width, everything): (usize, usize, usize),
) -> Vec<f64> {
    let mut found = vec![0.0; columns.len() * width];
    let last_has_all = first + width > everything;
    let within = |places: &[u32]| -> Vec<usize> {
        let from = places.partition_point(|place| (*place as usize) < first);
        let these = places[from..].iter().map(|place| *place as usize - first).take_while(|at| *at < width);
        these.chain(last_has_all.then_some(width - 1)).collect()
    };
    let add = |sums: &mut [f64], activity: usize, value: f64| {
        let here = within(&columns[activity]);
        for place in &columns[activity] {
            let row = &mut sums[*place as usize * width..][..width];
            here.iter().for_each(|at| row[*at] += value);
        }
    };
    let mut gather = |sums: &[f64], activity: usize, factor: f64| {
        let mut all = [0.0; WIDTH];
        for place in &columns[activity] {
            let row = &sums[*place as usize * width..][..width];
            all.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let into = &mut found[activity * width..][..width];
        into.iter_mut().zip(&all).for_each(|(sum, value)| *sum += value * factor);
    };
    let ubiquity = |activity: usize| columns[activity].len() as f64;
    let groups: Vec<&[usize]> = order.chunk_by(|a, b| columns[*a].len() == columns[*b].len()).collect();
    // Of each place and each of the block: what both have. Only ever added to, so that no digits are lost.
    let mut both = vec![0.0; everything * width];
    for group in &groups {
        group.iter().for_each(|activity| add(&mut both, *activity, weights[*activity]));
        group.iter().for_each(|activity| gather(&both, *activity, 1.0 / ubiquity(*activity)));
    }
    both.fill(0.0);
    for group in groups.iter().rev() {
        group.iter().for_each(|activity| gather(&both, *activity, 1.0));
        group.iter().for_each(|activity| add(&mut both, *activity, weights[*activity] / ubiquity(*activity)));
    }
    found
}
