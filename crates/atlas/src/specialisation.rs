//! What a place does more of than others: location quotients, and how narrow or special a place is as a whole.

use rayon::prelude::*;
use serde::Serialize;

use crate::{
    AtlasError, Matrix, Table,
    random::{Draws, Random},
};

/// Location quotients, LQ = (x_pa / x_p) / (x_a / x) (Florence 1939), which for exports is the revealed comparative
/// advantage (Balassa 1965). No unit. Zero where the place or the activity is empty.
///
/// Weighted by the activities' shares, the quotients of a place average one.
pub fn location_quotients(table: &Table) -> Matrix {
    quotients(table.values(), &table.place_totals(), &table.activity_totals(), table.total())
}

/// The activity per head against the activity per head everywhere, RPOP = (x_pa / n_p) / (x_a / n), with `population` in
/// the order of the table's places. Small places are not strong merely because their own total is small.
pub fn per_head(table: &Table, population: &[f64]) -> Result<Matrix, AtlasError> {
    AtlasError::check_length("the population", table.places().len(), population.len())?;
    for (place, people) in table.places().iter().zip(population) {
        if !people.is_finite() || *people <= 0.0 {
            return Err(AtlasError::out_of_range(format!("the population of {place}"), "above 0", *people));
        }
    }
    Ok(quotients(table.values(), population, &table.activity_totals(), population.iter().sum()))
}

fn quotients(values: &Matrix, places: &[f64], activities: &[f64], total: f64) -> Matrix {
    let mut result = Matrix::zeros(values.rows(), values.columns());
    if values.columns() > 0 {
        result.values_mut().par_chunks_mut(values.columns()).enumerate().for_each(|(place, row)| {
            for ((cell, value), activity) in row.iter_mut().zip(values.row(place)).zip(activities) {
                *cell = quotient(*value, places[place], *activity, total);
            }
        });
    }
    result
}

fn quotient(value: f64, place: f64, activity: f64, total: f64) -> f64 {
    // Without `value` the others may be zero too.
    if value <= 0.0 || place <= 0.0 || activity <= 0.0 { 0.0 } else { (value / place) / (activity / total) }
}

/// Whether the location quotient is at least `threshold`.
///
/// A quotient of exactly one counts: sums of amounts that are not whole are rounded, so what is within a few roundings of
/// the threshold reaches it.
pub(crate) fn reaches(value: f64, place: f64, activity: f64, total: f64, threshold: f64) -> bool {
    value > 0.0 && value * total >= threshold * place * activity * (1.0 - 8.0 * f64::EPSILON)
}

/// Location quotients pulled towards one as far as chance explains them: small places and activities most.
///
/// Taking values as counts, x_pa ~ Poisson(λ E_pa) with E_pa = x_p x_a / x, and λ varying between places with mean one
/// and variance A: λ̂ = 1 + A / (A + 1 / E_pa) · (LQ − 1), with A by moments for each activity (Clayton and Kaldor 1987;
/// Marshall 1991). `unit` is the value of one count, 1 for people.
pub fn shrunken_quotients(table: &Table, unit: f64) -> Result<Matrix, AtlasError> {
    check_unit(unit)?;
    let (places, activities, total) = (table.place_totals(), table.activity_totals(), table.total());
    let quotients = location_quotients(table);
    let expected = |place: usize, activity: usize| places[place] * activities[activity] / total / unit;
    let variance: Vec<f64> = (0..activities.len())
        .map(|activity| {
            let (mut weight, mut squares, mut count) = (0.0, 0.0, 0.0);
            for place in 0..places.len() {
                let e = expected(place, activity);
                if e > 0.0 {
                    weight += e;
                    squares += e * (quotients.at(place, activity) - 1.0).powi(2);
                    count += 1.0;
                }
            }
            if weight > 0.0 { (squares / weight - count / weight).max(0.0) } else { 0.0 }
        })
        .collect();
    Ok(Matrix::from_fn(places.len(), activities.len(), |place, activity| {
        let e = expected(place, activity);
        let a = variance[activity];
        if e > 0.0 { 1.0 + a / (a + 1.0 / e) * (quotients.at(place, activity) - 1.0) } else { 0.0 }
    }))
}

fn check_unit(unit: f64) -> Result<(), AtlasError> {
    if unit.is_finite() && unit > 0.0 { Ok(()) } else { Err(AtlasError::out_of_range("the unit", "above 0", unit)) }
}

/// Between which bounds quotients lie.
#[derive(Debug, Clone, PartialEq)]
pub struct Intervals {
    pub low: Matrix,
    pub high: Matrix,
}

/// What a bootstrap is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Bootstrap {
    pub seed: u64,
    /// How often the table is drawn anew; at least 20.
    pub draws: usize,
    /// The share of draws within the interval, such as 0.9.
    pub level: f64,
    /// The value of one count: 1 for people.
    pub unit: f64,
}

/// Intervals of the location quotients by a parametric bootstrap (Efron and Tibshirani 1993): each cell is drawn as a
/// Poisson count with its value as mean, and the totals follow. They say how far chance alone moves a quotient; they say
/// nothing of mistakes in the data. A cell of zero stays zero.
pub fn bootstrap_intervals(table: &Table, ask: Bootstrap) -> Result<Intervals, AtlasError> {
    check_unit(ask.unit)?;
    if ask.draws < 20 {
        return Err(AtlasError::out_of_range("the number of draws", "at least 20", ask.draws as f64));
    }
    if !(ask.level > 0.0 && ask.level < 1.0) {
        return Err(AtlasError::out_of_range("the level", "between 0 and 1", ask.level));
    }
    let values = table.values();
    let (rows, columns) = (values.rows(), values.columns());
    let random = Random::new(ask.seed);
    let drawn = |draw: usize, cell: usize| {
        Draws::at(random, draw as u64, cell as u64).poisson(values.values()[cell] / ask.unit)
    };
    // Every cell is drawn twice, once for the totals and once for itself, rather than kept for all draws.
    let totals: Vec<(Vec<f64>, Vec<f64>)> = (0..ask.draws)
        .into_par_iter()
        .map(|draw| {
            let (mut by_row, mut by_column) = (vec![0.0; rows], vec![0.0; columns]);
            for (row, row_sum) in by_row.iter_mut().enumerate() {
                for (column, column_sum) in by_column.iter_mut().enumerate() {
                    let value = drawn(draw, row * columns + column);
                    *row_sum += value;
                    *column_sum += value;
                }
            }
            (by_row, by_column)
        })
        .collect();
    let all: Vec<f64> = totals.iter().map(|(by_row, _)| by_row.iter().sum()).collect();
    let bounds: Vec<(f64, f64)> = (0..rows * columns)
        .into_par_iter()
        .map(|cell| {
            let (row, column) = (cell / columns, cell % columns);
            let mut found: Vec<f64> = (0..ask.draws)
                .map(|draw| {
                    let (by_row, by_column) = &totals[draw];
                    quotient(drawn(draw, cell), by_row[row], by_column[column], all[draw])
                })
                .collect();
            found.sort_unstable_by(f64::total_cmp);
            let tail = (1.0 - ask.level) / 2.0;
            (quantile(&found, tail), quantile(&found, 1.0 - tail))
        })
        .collect();
    let matrix = |pick: fn(&(f64, f64)) -> f64| Matrix::from_fn(rows, columns, |r, c| pick(&bounds[r * columns + c]));
    Ok(Intervals { low: matrix(|bound| bound.0), high: matrix(|bound| bound.1) })
}

/// The quantile of sorted values with linear interpolation (Hyndman and Fan 1996, type 7); zero of none.
pub(crate) fn quantile(sorted: &[f64], p: f64) -> f64 {
    let Some(last) = sorted.len().checked_sub(1) else { return 0.0 };
    let at = p.clamp(0.0, 1.0) * last as f64;
    let below = at.floor() as usize;
    let above = (below + 1).min(last);
    sorted[below] + (at - below as f64) * (sorted[above] - sorted[below])
}

/// How special a place is as a whole. Shares are within the place, s_a = x_pa / x_p, against all places, t_a = x_a / x.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PlaceProfile {
    /// Σ s_a²: 1 / n when all activities are equal, 1 when there is one (Herfindahl 1950, Hirschman 1945).
    pub herfindahl: f64,
    /// −Σ s_a ln s_a, in nats (Shannon 1948).
    pub shannon: f64,
    /// Σ |s_a − t_a|: 0 for a place like all others, 2 for one that shares nothing with them (Krugman 1991).
    pub krugman: f64,
    /// Half of Krugman's index: the share that would have to move (Hoover 1936).
    pub hoover: f64,
    /// The Gini coefficient of the location quotients, weighted by t_a: 0 like all others, towards 1 for one activity.
    pub gini: f64,
}

/// The profile of each place; none for a place without any activity.
pub fn profiles(table: &Table) -> Vec<Option<PlaceProfile>> {
    let (activities, total) = (table.activity_totals(), table.total());
    let reference: Vec<f64> = activities.iter().map(|value| value / total).collect();
    (0..table.places().len()).map(|place| profile(table.values().row(place), &reference)).collect()
}

fn profile(values: &[f64], reference: &[f64]) -> Option<PlaceProfile> {
    let sum: f64 = values.iter().sum();
    if sum <= 0.0 {
        return None;
    }
    let shares: Vec<f64> = values.iter().map(|value| value / sum).collect();
    let krugman: f64 = shares.iter().zip(reference).map(|(s, t)| (s - t).abs()).sum();
    Some(PlaceProfile {
        herfindahl: herfindahl(&shares),
        shannon: shannon(&shares),
        krugman,
        hoover: krugman / 2.0,
        gini: gini(&shares, reference),
    })
}

/// Σ s².
pub fn herfindahl(shares: &[f64]) -> f64 {
    shares.iter().map(|share| share * share).sum()
}

/// −Σ s ln s, where 0 ln 0 is 0.
pub fn shannon(shares: &[f64]) -> f64 {
    // Adding zero makes the entropy of a single share 0 rather than −0.
    -shares.iter().filter(|share| **share > 0.0).map(|share| share * share.ln()).sum::<f64>() + 0.0
}

/// The Gini coefficient of `shares` over `reference`, both of which sum to one: twice the area between the diagonal and
/// the Lorenz curve along which shares / reference rises. It is weighted, so splitting a part in two changes nothing.
pub fn gini(shares: &[f64], reference: &[f64]) -> f64 {
    let mut parts: Vec<(f64, f64)> =
        shares.iter().zip(reference).filter(|(_, t)| **t > 0.0).map(|(s, t)| (*s, *t)).collect();
    parts.sort_by(|a, b| (a.0 / a.1).total_cmp(&(b.0 / b.1)));
    let (mut area, mut height) = (0.0, 0.0);
    for (share, weight) in parts {
        area += weight * (2.0 * height + share);
        height += share;
    }
    (1.0 - area).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn table(rows: &[&[f64]]) -> Table {
        let places: Vec<String> = (0..rows.len()).map(|i| format!("p{i}")).collect();
        let activities: Vec<String> = (0..rows[0].len()).map(|i| format!("a{i}")).collect();
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        let activities: Vec<&str> = activities.iter().map(String::as_str).collect();
        Table::new(&places, &activities, &rows.iter().map(|row| row.to_vec()).collect::<Vec<_>>()).unwrap()
    }

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn quotients_by_hand() {
        // Totals: places 40 and 60, activities 30 and 70, all 100.
        let quotients = location_quotients(&table(&[&[20.0, 20.0], &[10.0, 50.0]]));
        let expected = [0.5 / 0.3, 0.5 / 0.7, (1.0 / 6.0) / 0.3, (5.0 / 6.0) / 0.7];
        quotients.values().iter().zip(expected).for_each(|(found, expected)| near(*found, expected));
    }

    #[test]
    fn per_head_by_hand() {
        let found = per_head(&table(&[&[20.0, 20.0], &[10.0, 50.0]]), &[1000.0, 4000.0]).unwrap();
        near(found.at(0, 0), (20.0 / 1000.0) / (30.0 / 5000.0));
        assert!(per_head(&table(&[&[1.0]]), &[0.0]).is_err());
        assert!(per_head(&table(&[&[1.0]]), &[1.0, 2.0]).is_err());
    }

    #[test]
    fn profiles_by_hand() {
        let found = profiles(&table(&[&[20.0, 20.0], &[10.0, 50.0], &[0.0, 0.0]]));
        let first = found[0].unwrap();
        near(first.herfindahl, 0.5);
        near(first.shannon, 2_f64.ln());
        near(first.krugman, 0.4);
        near(first.hoover, 0.2);
        // The Lorenz curve goes through (0.7, 0.5): 1 − (0.7 · 0.5 + 0.3 · 1.5) = 0.2.
        near(first.gini, 0.2);
        assert_eq!(found[2], None);
    }

    #[test]
    fn shrinking_moves_small_cells_most() {
        let table = table(&[&[4000.0, 6000.0], &[2000.0, 8000.0], &[4.0, 6.0], &[0.0, 0.0]]);
        let (raw, shrunk) = (location_quotients(&table), shrunken_quotients(&table, 1.0).unwrap());
        let moved = |place: usize| (shrunk.at(place, 0) - 1.0) / (raw.at(place, 0) - 1.0);
        assert!(moved(0) > 0.98 && moved(0) < 1.0, "{}", moved(0));
        assert!(moved(2) > 0.0 && moved(2) < 0.6, "{}", moved(2));
        assert_eq!(shrunk.at(3, 0), 0.0);
    }

    #[test]
    fn intervals_hold_the_quotient_and_narrow_with_size() {
        let ask = Bootstrap { seed: 3, draws: 400, level: 0.9, unit: 1.0 };
        let table = table(&[&[400.0, 600.0], &[4.0, 6.0], &[100.0, 900.0]]);
        let found = bootstrap_intervals(&table, ask).unwrap();
        let quotients = location_quotients(&table);
        for cell in 0..6 {
            let (low, high) = (found.low.values()[cell], found.high.values()[cell]);
            assert!(low < quotients.values()[cell] && quotients.values()[cell] < high);
        }
        // One standard deviation of 400 is 5 %; the row's share moves less, as its total moves along.
        let width = |place: usize| found.high.at(place, 0) - found.low.at(place, 0);
        assert!(width(0) / quotients.at(0, 0) < 0.2 && width(1) / quotients.at(1, 0) > 0.5);
        assert_eq!(found, bootstrap_intervals(&table, ask).unwrap());
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
        assert_eq!(found, one.install(|| bootstrap_intervals(&table, ask)).unwrap());
    }

    proptest! {
        #[test]
        fn weighted_means_of_quotients_are_one(
            rows in (1_usize..6, 1_usize..6)
                .prop_flat_map(|(r, c)| prop::collection::vec(prop::collection::vec(0_u32..1000, c), r))
        ) {
            let rows: Vec<Vec<f64>> = rows.iter().map(|row| row.iter().map(|v| f64::from(*v)).collect()).collect();
            prop_assume!(rows.iter().flatten().sum::<f64>() > 0.0);
            let table = table(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>());
            let quotients = location_quotients(&table);
            let (places, activities, total) = (table.place_totals(), table.activity_totals(), table.total());
            for (place, of_place) in places.iter().enumerate() {
                let mean: f64 = (0..activities.len()).map(|a| activities[a] / total * quotients.at(place, a)).sum();
                prop_assert!((mean - f64::from(u8::from(*of_place > 0.0))).abs() < 1e-12);
            }
            for (activity, of_activity) in activities.iter().enumerate() {
                let mean: f64 = (0..places.len()).map(|p| places[p] / total * quotients.at(p, activity)).sum();
                prop_assert!((mean - f64::from(u8::from(*of_activity > 0.0))).abs() < 1e-12);
            }
            for profile in profiles(&table).into_iter().flatten() {
                for (value, most) in [(profile.herfindahl, 1.0), (profile.krugman, 2.0), (profile.gini, 1.0)] {
                    prop_assert!(value >= 0.0 && value <= most + 1e-12);
                }
                prop_assert!(profile.shannon >= 0.0);
            }
            prop_assert!(shrunken_quotients(&table, 1.0).unwrap().values().iter().all(|v| v.is_finite()));
        }

        #[test]
        fn splitting_an_activity_leaves_gini_alone(values in prop::collection::vec((1_u32..100, 1_u32..100), 1..8)) {
            let sums = values.iter().fold((0.0, 0.0), |s, v| (s.0 + f64::from(v.0), s.1 + f64::from(v.1)));
            let whole: Vec<(f64, f64)> =
                values.iter().map(|v| (f64::from(v.0) / sums.0, f64::from(v.1) / sums.1)).collect();
            let halves: Vec<(f64, f64)> = whole.iter().flat_map(|v| [(v.0 / 2.0, v.1 / 2.0); 2]).collect();
            let of = |parts: &[(f64, f64)]| {
                let (shares, reference): (Vec<f64>, Vec<f64>) = parts.iter().copied().unzip();
                gini(&shares, &reference)
            };
            prop_assert!((of(&whole) - of(&halves)).abs() < 1e-12);
        }
    }
}
