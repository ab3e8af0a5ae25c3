//! How much a place's activities ask of it, read from who else has them: the economic complexity index and what follows.

use nalgebra::{DMatrix, SymmetricEigen};
use rayon::prelude::*;

use crate::{
    AtlasError, Matrix, Presence,
    relatedness::{CoOccurrence, Measure, by_places, products},
};

/// What is done when places fall into groups that have no activity in common, between which no scale can be found.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Groups {
    #[default]
    Refuse,
    /// The group with most places is computed and the others have no value.
    Largest,
}

/// The complexity of places and activities (Hidalgo and Hausmann 2009; Hausmann et al. 2014).
#[derive(Debug, Clone, PartialEq)]
pub struct Complexity {
    /// The number of activities of each place, k_p.
    pub diversity: Vec<u32>,
    /// The number of places of each activity, k_a.
    pub ubiquity: Vec<u32>,
    /// The economic complexity index: the eigenvector of the second largest eigenvalue of D⁻¹ M U⁻¹ Mᵀ, with mean 0 and
    /// standard deviation 1 over the places that have one. None for a place without activities.
    pub eci: Vec<Option<f64>>,
    /// The product complexity index on the scale of the ECI: a place's ECI is the mean PCI of its activities.
    pub pci: Vec<Option<f64>>,
    /// The second largest eigenvalue: how much of the structure lies on the one scale, from 0 to 1.
    pub eigenvalue: f64,
    /// By how much it exceeds the third; the smaller, the less the order can be trusted.
    pub gap: f64,
    /// The eigenvector on the side of activities with length one, and the deviation of the places on its scale.
    raw: Vec<f64>,
    deviation: f64,
}

/// Below this, two eigenvalues are taken as equal: it is what rounding leaves of a difference.
const TIE: f64 = 1e-11;

/// Computes ECI and PCI from the symmetric matrix D^-½ M U⁻¹ Mᵀ D^-½, or its like for activities where they are fewer.
///
/// The sign is such that complexity goes with diversity; where they do not correlate, such that it goes with activities
/// that fewer places have; where that leaves it open too, the first place has a positive index.
pub fn complexity(presence: &Presence, groups: Groups) -> Result<Complexity, AtlasError> {
    let columns = presence.columns();
    let part = connected(presence, &columns, groups)?;
    let (places, activities) = (part.places, part.activities);
    if places.len() < 2 {
        return Err(AtlasError::TooFew { what: "places", found: places.len(), least: 2 });
    }
    if activities.len() < 2 {
        return Err(AtlasError::TooFew { what: "activities", found: activities.len(), least: 2 });
    }
    // Within a group all neighbours belong to it, so only its members need new numbers.
    let place_number = numbers(&places, presence.places());
    let activity_number = numbers(&activities, presence.activities());
    let rows = renumbered(places.iter().map(|place| presence.row(*place)), &activity_number);
    let columns = renumbered(activities.iter().map(|activity| columns[*activity].as_slice()), &place_number);

    let (eigenvalue, gap, mut pci) = if rows.len() <= columns.len() {
        let (value, gap, places) = second(&rows, &columns)?;
        (value, gap, means(&columns, &places))
    } else {
        second(&columns, &rows)?
    };
    let norm = pci.iter().map(|value| value * value).sum::<f64>().sqrt();
    if eigenvalue < TIE || norm == 0.0 {
        return Err(AtlasError::NoStructure);
    }
    pci.iter_mut().for_each(|value| *value /= norm);
    let mut eci = means(&rows, &pci);
    if sign(&rows, &columns, &eci) < 0.0 {
        pci.iter_mut().chain(&mut eci).for_each(|value| *value = -*value);
    }
    let (mean, deviation) = mean_and_deviation(&eci);
    if deviation <= 0.0 {
        return Err(AtlasError::NoStructure);
    }
    let standard = |value: f64| (value - mean) / deviation;
    let mut found = Complexity {
        diversity: presence.diversity(),
        ubiquity: presence.ubiquity().to_vec(),
        eci: vec![None; presence.places()],
        pci: vec![None; presence.activities()],
        eigenvalue,
        gap,
        raw: vec![0.0; presence.activities()],
        deviation,
    };
    for (place, value) in places.iter().zip(&eci) {
        found.eci[*place] = Some(standard(*value));
    }
    for (activity, value) in activities.iter().zip(&pci) {
        found.pci[*activity] = Some(standard(*value));
        found.raw[*activity] = *value;
    }
    Ok(found)
}

/// How much complexity lies near a place.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// ω, see [`crate::relatedness::densities`].
    pub density: Matrix,
    /// The complexity outlook index Σ_a (1 − M_pa) ω_pa PCI_a, standardised like the ECI; 0 when all places have the same.
    pub index: Vec<f64>,
    /// The opportunity gain of entering an activity, (1 − M_pa) Σ_b (1 − M_pb) φ_ab PCI_b / Σ_c φ_bc, in deviations of
    /// the ECI; 0 where the place has the activity.
    pub gain: Matrix,
}

/// Density, outlook and gain (Hausmann et al. 2014). As in the published tools for Stata, R and Python, the PCI in the
/// two sums is the eigenvector itself, before the mean of the ECI is subtracted from it.
pub fn outlook(presence: &Presence, pairs: &CoOccurrence, measure: Measure, complexity: &Complexity) -> Outlook {
    let sums = pairs.sums(measure);
    let weights = weights_of(complexity, &sums);
    let (density, gained) = products(presence, pairs, measure, &sums, Some(&weights));
    let everything = weighted_sums(pairs, measure, &weights);
    let gain = gained.unwrap_or_else(|| Matrix::zeros(presence.places(), presence.activities()));
    outlook_of(presence, complexity, density, (gain, &everything))
}

/// The same, from what is shorter to go through: pairs of activities or pairs of places. Only where it is `wanted` the gain
/// is worked out; it is zero otherwise.
pub fn quick_outlook(
    presence: &Presence,
    measure: Measure,
    complexity: &Complexity,
    wanted: bool,
) -> Result<Outlook, AtlasError> {
    if measure != Measure::Minimum || !by_places::is_shorter(presence) {
        return Ok(outlook(presence, &CoOccurrence::of(presence)?, measure, complexity));
    }
    let plain = by_places::sums(presence, &vec![1.0; presence.activities()]);
    let mut density = plain.near;
    for row in density.values_mut().chunks_mut(presence.activities().max(1)) {
        row.iter_mut().zip(&plain.all).for_each(|(v, sum)| *v = if *sum > 0.0 { (*v / sum).min(1.0) } else { 0.0 });
    }
    let (gain, everything) = if wanted {
        let gained = by_places::sums(presence, &weights_of(complexity, &plain.all));
        (gained.near, gained.all)
    } else {
        (Matrix::zeros(presence.places(), presence.activities()), vec![0.0; presence.activities()])
    };
    Ok(outlook_of(presence, complexity, density, (gain, &everything)))
}

/// PCI_b / Σ_c φ_bc.
fn weights_of(complexity: &Complexity, sums: &[f64]) -> Vec<f64> {
    complexity.raw.iter().zip(sums).map(|(pci, sum)| if *sum > 0.0 { pci / sum } else { 0.0 }).collect()
}

/// Index and gain from the densities, and from what each place has of the weighted proximities and what there is.
fn outlook_of(
    presence: &Presence,
    complexity: &Complexity,
    density: Matrix,
    (mut gain, everything): (Matrix, &[f64]),
) -> Outlook {
    let mut index = Vec::with_capacity(presence.places());
    for place in 0..presence.places() {
        // What is lacking is everything without what is there, which is shorter to add up.
        for (activity, all) in everything.iter().enumerate() {
            let value = (all - gain.at(place, activity)) / complexity.deviation;
            gain.set(place, activity, value);
        }
        let mut sum: f64 = density.row(place).iter().zip(&complexity.raw).map(|(near, pci)| near * pci).sum();
        for activity in presence.row(place) {
            let activity = *activity as usize;
            sum -= density.at(place, activity) * complexity.raw[activity];
            gain.set(place, activity, 0.0);
        }
        index.push(sum);
    }
    let (mean, deviation) = mean_and_deviation(&index);
    let largest = index.iter().fold(0.0_f64, |most, value| most.max(value.abs()));
    let same = deviation <= 1e-13 * largest;
    index.iter_mut().for_each(|value| *value = if same { 0.0 } else { (*value - mean) / deviation });
    Outlook { density, index, gain }
}

/// Σ_b φ_ab w_b of each activity.
fn weighted_sums(pairs: &CoOccurrence, measure: Measure, weights: &[f64]) -> Vec<f64> {
    let all = Presence::new(weights.len(), vec![(0..weights.len() as u32).collect()]);
    let found = all.ok().and_then(|all| products(&all, pairs, measure, weights, Some(weights)).1);
    found.map_or_else(Vec::new, |found| found.values().to_vec())
}

/// Places and activities that hang together.
struct Part {
    places: Vec<usize>,
    activities: Vec<usize>,
}

fn connected(presence: &Presence, columns: &[Vec<u32>], groups: Groups) -> Result<Part, AtlasError> {
    let mut group = vec![usize::MAX; presence.places()];
    let mut reached = vec![false; presence.activities()];
    let mut parts: Vec<Part> = Vec::new();
    for first in 0..presence.places() {
        if group[first] != usize::MAX || presence.row(first).is_empty() {
            continue;
        }
        let number = parts.len();
        let mut part = Part { places: vec![first], activities: Vec::new() };
        group[first] = number;
        let mut next = 0;
        while next < part.places.len() {
            for activity in presence.row(part.places[next]) {
                let activity = *activity as usize;
                if std::mem::replace(&mut reached[activity], true) {
                    continue;
                }
                part.activities.push(activity);
                for place in &columns[activity] {
                    let place = *place as usize;
                    if group[place] == usize::MAX {
                        group[place] = number;
                        part.places.push(place);
                    }
                }
            }
            next += 1;
        }
        part.places.sort_unstable();
        part.activities.sort_unstable();
        parts.push(part);
    }
    // Of parts that are equally large the one with more activities counts, then the first.
    let size = |part: &Part| (part.places.len(), part.activities.len());
    let Some(largest) = (0..parts.len()).rev().max_by_key(|number| size(&parts[*number])) else {
        return Err(AtlasError::TooFew { what: "places", found: 0, least: 2 });
    };
    if parts.len() > 1 && groups == Groups::Refuse {
        let (places, activities) = size(&parts[largest]);
        let outside: usize = parts.iter().map(|part| part.places.len()).sum::<usize>() - places;
        return Err(AtlasError::Disconnected { groups: parts.len(), places, activities, outside });
    }
    Ok(parts.swap_remove(largest))
}

/// The new number of each member.
fn numbers(members: &[usize], all: usize) -> Vec<u32> {
    let mut numbers = vec![0; all];
    for (number, member) in members.iter().enumerate() {
        numbers[*member] = number as u32;
    }
    numbers
}

fn renumbered<'a>(lists: impl Iterator<Item = &'a [u32]>, numbers: &[u32]) -> Vec<Vec<u32>> {
    lists.map(|list| list.iter().map(|member| numbers[*member as usize]).collect()).collect()
}

/// The mean over the neighbours of each.
fn means(lists: &[Vec<u32>], values: &[f64]) -> Vec<f64> {
    let mean = |list: &Vec<u32>| list.iter().map(|at| values[*at as usize]).sum::<f64>() / list.len() as f64;
    lists.iter().map(mean).collect()
}

/// For `small` with neighbours in `large`: the second eigenvalue of D⁻¹ M U⁻¹ Mᵀ, its distance to the third, and its
/// eigenvector. All lists have members.
fn second(small: &[Vec<u32>], large: &[Vec<u32>]) -> Result<(f64, f64, Vec<f64>), AtlasError> {
    let n = small.len();
    let root: Vec<f64> = small.iter().map(|list| (list.len() as f64).sqrt()).collect();
    let rows: Vec<Vec<f64>> = small
        .par_iter()
        .enumerate()
        .map(|(at, list)| {
            let mut row = vec![0.0; n];
            for between in list {
                let others = &large[*between as usize];
                let share = 1.0 / others.len() as f64;
                others.iter().for_each(|other| row[*other as usize] += share);
            }
            row.iter_mut().zip(&root).for_each(|(value, other)| *value /= root[at] * other);
            row
        })
        .collect();
    // Both halves are the same sums in another order; one half keeps the matrix symmetric to the last bit.
    let matrix = DMatrix::from_fn(n, n, |a, b| rows[a.max(b)][a.min(b)]);
    let eigen = SymmetricEigen::try_new(matrix, f64::EPSILON, 1000 * n).ok_or(AtlasError::NotConverged(n))?;
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|a, b| eigen.eigenvalues[*b].total_cmp(&eigen.eigenvalues[*a]));
    let value = |rank: usize| order.get(rank).map_or(0.0, |at| eigen.eigenvalues[*at]);
    // Of two there is no third, and nothing to be confused with.
    let gap = if n > 2 { value(1) - value(2) } else { value(1) };
    if value(1) > TIE && gap < TIE {
        return Err(AtlasError::Tied(value(1)));
    }
    let vector = eigen.eigenvectors.column(order[1]).iter().zip(&root).map(|(value, root)| value / root).collect();
    Ok((value(1), gap, vector))
}

/// Above zero when the direction is right, below when it must be turned.
fn sign(rows: &[Vec<u32>], columns: &[Vec<u32>], eci: &[f64]) -> f64 {
    let diversity: Vec<f64> = rows.iter().map(|row| row.len() as f64).collect();
    let ubiquity: Vec<f64> = columns.iter().map(|column| column.len() as f64).collect();
    let rarity: Vec<f64> = means(rows, &ubiquity).iter().map(|mean| -mean).collect();
    let first = eci.iter().find(|value| value.abs() > 1e-12).copied().unwrap_or(1.0);
    [correlation(&diversity, eci), correlation(&rarity, eci), first]
        .into_iter()
        .find(|value| value.abs() > 1e-9)
        .unwrap_or(1.0)
}

/// The correlation of two lists; 0 when one of them does not vary.
pub(crate) fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let ((mean_x, deviation_x), (mean_y, deviation_y)) = (mean_and_deviation(x), mean_and_deviation(y));
    let varies = |mean: f64, deviation: f64| deviation > 1e-13 * mean.abs();
    if !varies(mean_x, deviation_x) || !varies(mean_y, deviation_y) {
        return 0.0;
    }
    let product: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (product / x.len() as f64 / deviation_x / deviation_y).clamp(-1.0, 1.0)
}

/// The mean and the deviation of the whole population; zeros of nothing.
pub(crate) fn mean_and_deviation(values: &[f64]) -> (f64, f64) {
    if values.is_empty() {
        return (0.0, 0.0);
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    (mean, (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / n).sqrt())
}

#[cfg(test)]
mod tests;
