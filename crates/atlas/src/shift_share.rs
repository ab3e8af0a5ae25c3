//! Why a place grew: with everyone, with its activities, or by itself (Dunn 1960).

use serde::Serialize;

use crate::{AtlasError, Matrix, Table};

/// A change and its three components, in the unit of the values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize)]
pub struct Shift {
    pub change: f64,
    /// What growing like everything everywhere would have brought: x · g.
    pub national: f64,
    /// What its activity grew more than everything: x · (g_a − g).
    pub mix: f64,
    /// What the place did beyond its activities: the rest, x · (g_pa − g_a) where the activity existed before.
    pub regional: f64,
}

/// The shifts of each cell and of each place, over the places and activities of both years.
#[derive(Debug, Clone, PartialEq)]
pub struct ShiftShare {
    pub places: Vec<String>,
    pub activities: Vec<String>,
    /// Place after place, in each of them activity after activity.
    pub cells: Vec<Shift>,
    pub by_place: Vec<Shift>,
}

/// Splits the change between two years. The components of each cell add up to its change exactly when values are whole
/// numbers below 2^49, and otherwise up to rounding; an activity that is new everywhere is regional change.
pub fn shift_share(before: &Table, after: &Table) -> Result<ShiftShare, AtlasError> {
    let places = Table::union(before.places(), after.places());
    let activities = Table::union(before.activities(), after.activities());
    let (x, y) = (before.aligned(&places, &activities), after.aligned(&places, &activities));
    let growth = after.total() / before.total() - 1.0;
    let by_activity: Vec<f64> = x
        .column_sums()
        .iter()
        .zip(y.column_sums())
        .map(|(before, after)| if *before > 0.0 { after / before - 1.0 } else { growth })
        .collect();
    let cells = cells(&x, &y, growth, &by_activity);
    let by_place = cells.chunks(activities.len().max(1)).map(sum).collect();
    Ok(ShiftShare { places, activities, cells, by_place })
}

fn cells(x: &Matrix, y: &Matrix, growth: f64, by_activity: &[f64]) -> Vec<Shift> {
    let mut cells = Vec::with_capacity(x.values().len());
    for place in 0..x.rows() {
        for (activity, (before, after)) in x.row(place).iter().zip(y.row(place)).enumerate() {
            cells.push(split(*before, after - before, growth, by_activity[activity]));
        }
    }
    cells
}

fn split(before: f64, change: f64, growth: f64, of_activity: f64) -> Shift {
    let national = before * growth;
    let mix = before * (of_activity - growth);
    // On one grid that is coarse enough for all sums of the components, adding them up loses nothing.
    let largest = change.abs().max(national.abs()).max(mix.abs()).max(f64::MIN_POSITIVE);
    let grid = (largest.log2().floor() + 4.0 - 52.0).exp2();
    let on_grid = |value: f64| if grid > 0.0 { (value / grid).round() * grid } else { value };
    let (national, mix) = (on_grid(national), on_grid(mix));
    Shift { change, national, mix, regional: change - national - mix }
}

fn sum(shifts: &[Shift]) -> Shift {
    shifts.iter().fold(Shift::default(), |sum, shift| Shift {
        change: sum.change + shift.change,
        national: sum.national + shift.national,
        mix: sum.mix + shift.mix,
        regional: sum.regional + shift.regional,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        let before = Table::new(&["p", "q"], &["a", "b"], &[vec![100.0, 100.0], vec![100.0, 100.0]]).unwrap();
        let after = Table::new(&["p", "q"], &["a", "b"], &[vec![150.0, 90.0], vec![110.0, 90.0]]).unwrap();
        let found = shift_share(&before, &after).unwrap();
        // Everything grew by 10 %, activity a by 30 %, place p in it by 50 %.
        let first = found.cells[0];
        for (found, expected) in
            [(first.change, 50.0), (first.national, 10.0), (first.mix, 20.0), (first.regional, 20.0)]
        {
            assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
        }
        assert!((found.by_place[0].regional - 20.0).abs() < 1e-12);
    }

    #[test]
    fn a_new_activity_is_regional() {
        let before = Table::new(&["p"], &["a"], &[vec![100.0]]).unwrap();
        let after = Table::new(&["p", "q"], &["a", "b"], &[vec![100.0, 0.0], vec![0.0, 50.0]]).unwrap();
        let found = shift_share(&before, &after).unwrap();
        assert_eq!(found.cells[3], Shift { change: 50.0, national: 0.0, mix: 0.0, regional: 50.0 });
    }

    proptest! {
        #[test]
        fn the_identity_is_exact(cells in prop::collection::vec((0_u32..100_000_000, 0_u32..100_000_000), 6)) {
            let year = |pick: fn(&(u32, u32)) -> u32| {
                let rows: Vec<Vec<f64>> =
                    cells.chunks(3).map(|row| row.iter().map(|cell| f64::from(pick(cell))).collect()).collect();
                Table::new(&["p", "q"], &["a", "b", "c"], &rows)
            };
            let (Ok(before), Ok(after)) = (year(|c| c.0), year(|c| c.1)) else { return Ok(()) };
            for (shift, cell) in shift_share(&before, &after).unwrap().cells.iter().zip(&cells) {
                prop_assert_eq!(shift.change, f64::from(cell.1) - f64::from(cell.0));
                prop_assert_eq!(shift.national + shift.mix + shift.regional, shift.change);
            }
        }
    }
}
