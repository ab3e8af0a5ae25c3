//! Where an activity is: how unevenly it lies over the places, and how much of that its few large plants explain.

use serde::Serialize;

use crate::{AtlasError, Table, specialisation};

/// How an activity lies over the places: s_p = x_pa / x_a, against all activities together, t_p = x_p / x.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Concentration {
    /// Σ s_p².
    pub herfindahl: f64,
    /// The locational Gini coefficient of s over t (Krugman 1991), weighted by t.
    pub gini: f64,
    /// Σ |s_p − t_p| / 2: the share that would have to move (Hoover 1936).
    pub hoover: f64,
    /// Σ s_p ln(s_p / t_p), in nats (Theil 1967).
    pub theil: f64,
    /// Raw geographic concentration, G = Σ (s_p − t_p)².
    pub raw: f64,
    /// γ = (G / (1 − Σ t_p²) − H) / (1 − H), with H the Herfindahl index of the plants' sizes (Ellison and Glaeser 1997):
    /// 0 when plants chose their places by chance, above 0.05 is very concentrated. None without H, when all is in one
    /// plant, and when there is only one place.
    pub ellison_glaeser: Option<f64>,
    /// γ = ((Σ s_p² − Σ t_p²) / (1 − Σ t_p²) − H) / (1 − H) (Maurel and Sédillot 1999).
    pub maurel_sedillot: Option<f64>,
}

/// The concentration of each activity, none for an empty one; `plants` has for each activity the Herfindahl index of
/// the sizes of its plants, where that is known.
pub fn concentrations(table: &Table, plants: &[Option<f64>]) -> Result<Vec<Option<Concentration>>, AtlasError> {
    AtlasError::check_length("the Herfindahl indices of plants", table.activities().len(), plants.len())?;
    for (activity, index) in table.activities().iter().zip(plants) {
        if let Some(index) = index.filter(|index| !(*index > 0.0 && *index <= 1.0)) {
            let what = format!("the Herfindahl index of the plants of {activity}");
            return Err(AtlasError::out_of_range(what, "above 0 and at most 1", index));
        }
    }
    let total = table.total();
    let reference: Vec<f64> = table.place_totals().iter().map(|value| value / total).collect();
    let columns = table.values().transposed();
    let each = (0..columns.rows()).map(|activity| concentration(columns.row(activity), &reference, plants[activity]));
    Ok(each.collect())
}

fn concentration(values: &[f64], reference: &[f64], plants: Option<f64>) -> Option<Concentration> {
    let sum: f64 = values.iter().sum();
    if sum <= 0.0 {
        return None;
    }
    let shares: Vec<f64> = values.iter().map(|value| value / sum).collect();
    let pairs = || shares.iter().zip(reference);
    let raw: f64 = pairs().map(|(s, t)| (s - t).powi(2)).sum();
    let squares = (specialisation::herfindahl(&shares), specialisation::herfindahl(reference));
    // One place leaves nothing to choose, and one plant is somewhere whatever the reasons are.
    let index = |raw: f64| {
        let plants = plants.filter(|h| *h < 1.0)?;
        let room = 1.0 - squares.1;
        (room > f64::EPSILON).then(|| (raw / room - plants) / (1.0 - plants))
    };
    Some(Concentration {
        herfindahl: squares.0,
        gini: specialisation::gini(&shares, reference),
        hoover: pairs().map(|(s, t)| (s - t).abs()).sum::<f64>() / 2.0,
        theil: pairs().filter(|(s, _)| **s > 0.0).map(|(s, t)| s * (s / t).ln()).sum::<f64>().max(0.0),
        raw,
        ellison_glaeser: index(raw),
        maurel_sedillot: index(squares.0 - squares.1),
    })
}

/// The Herfindahl index of plants from their sizes; none without any.
pub fn plant_herfindahl(sizes: &[f64]) -> Option<f64> {
    let sum: f64 = sizes.iter().sum();
    (sum > 0.0).then(|| sizes.iter().map(|size| (size / sum).powi(2)).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) {
        assert!((found - expected).abs() < 1e-12, "{found} is not {expected}");
    }

    #[test]
    fn by_hand() {
        // t = (0.4, 0.6); the first activity: s = (2/3, 1/3).
        let table = Table::new(&["p", "q"], &["a", "b"], &[vec![20.0, 20.0], vec![10.0, 50.0]]).unwrap();
        let found = concentrations(&table, &[Some(0.1), None]).unwrap();
        let first = found[0].unwrap();
        near(first.herfindahl, 5.0 / 9.0);
        near(first.hoover, 4.0 / 15.0);
        near(first.raw, 2.0 * (4.0_f64 / 15.0).powi(2));
        near(first.gini, 4.0 / 15.0);
        near(first.theil, 2.0 / 3.0 * (5.0_f64 / 3.0).ln() + 1.0 / 3.0 * (5.0_f64 / 9.0).ln());
        let room = 1.0 - 0.16 - 0.36;
        near(first.ellison_glaeser.unwrap(), (first.raw / room - 0.1) / 0.9);
        near(first.maurel_sedillot.unwrap(), ((5.0 / 9.0 - 0.52) / room - 0.1) / 0.9);
        assert_eq!(found[1].unwrap().ellison_glaeser, None);
    }

    #[test]
    fn what_is_degenerate_has_no_index_rather_than_a_wrong_one() {
        let one = Table::new(&["p"], &["a", "b"], &[vec![1.0, 0.0]]).unwrap();
        let found = concentrations(&one, &[Some(0.5), Some(0.5)]).unwrap();
        assert_eq!(found[0].unwrap().ellison_glaeser, None);
        assert_eq!(found[0].unwrap().gini, 0.0);
        assert_eq!(found[1], None);
        let two = Table::new(&["p", "q"], &["a"], &[vec![1.0], vec![2.0]]).unwrap();
        assert_eq!(concentrations(&two, &[Some(1.0)]).unwrap()[0].unwrap().ellison_glaeser, None);
        assert!(concentrations(&two, &[Some(1.5)]).is_err());
        assert!(concentrations(&two, &[]).is_err());
    }

    #[test]
    fn plants_of_one_size() {
        assert_eq!(plant_herfindahl(&[5.0; 4]), Some(0.25));
        assert_eq!(plant_herfindahl(&[]), None);
    }
}
