//! The arithmetic of growth and of shares, and what places took up and gave up between two years.

use std::collections::HashMap;

use serde::Serialize;

use crate::{AtlasError, Presence, Table, relatedness};

/// What a change of share asks for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ShareGrowth {
    /// By how much faster than the whole the part must grow each year: (s₁ / s₀)^(1/n) − 1.
    pub beyond_whole: f64,
    /// By how much faster than everything else: the same with odds s / (1 − s). None for a share of one.
    pub beyond_rest: Option<f64>,
    /// The growth of the part each year when the whole grows by `whole`: (1 + beyond_whole) (1 + whole) − 1.
    pub part: f64,
}

/// How fast a part must grow to change its share of a whole, such as a sector from 0.10 to 0.12 of GDP in three years
/// while GDP grows by `whole` a year: 6.27 % a year faster than GDP. Shares are above 0 and at most 1.
pub fn share_growth(from: f64, to: f64, years: f64, whole: f64) -> Result<ShareGrowth, AtlasError> {
    for (what, share) in [("the share at first", from), ("the share in the end", to)] {
        if !(share > 0.0 && share <= 1.0) {
            return Err(AtlasError::out_of_range(what, "above 0 and at most 1", share));
        }
    }
    if !(years > 0.0 && years.is_finite()) {
        return Err(AtlasError::out_of_range("the number of years", "above 0", years));
    }
    if !(whole > -1.0 && whole.is_finite()) {
        return Err(AtlasError::out_of_range("the growth of the whole", "above −1", whole));
    }
    let rate = |ratio: f64| (ratio.ln() / years).exp_m1();
    let beyond_whole = rate(to / from);
    let odds = |share: f64| share / (1.0 - share);
    let beyond_rest = (from < 1.0 && to < 1.0).then(|| rate(odds(to) / odds(from)));
    Ok(ShareGrowth { beyond_whole, beyond_rest, part: (1.0 + beyond_whole) * (1.0 + whole) - 1.0 })
}

/// Growth a year between two amounts; none when there was nothing at first.
pub fn yearly_growth(from: f64, to: f64, years: f64) -> Option<f64> {
    (from > 0.0 && to >= 0.0 && years > 0.0).then(|| (to / from).powf(1.0 / years) - 1.0)
}

/// What became of an activity in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Turn {
    Entry,
    Exit,
}

/// An activity that a place became strong in, or is no longer strong in.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Move {
    pub place: String,
    pub activity: String,
    pub turn: Turn,
    pub before: f64,
    pub after: f64,
    /// How near the place was to the activity before, from 0 to 1.
    pub density: f64,
}

/// Entries and exits between two years, with the density before: places enter what they are near to and leave what they
/// are far from (Neffke, Henning and Boschma 2011). In the order of places and activities.
pub fn moves(before: &Table, after: &Table, threshold: f64) -> Result<Vec<Move>, AtlasError> {
    let (was, is) = (Presence::of(before, threshold)?, Presence::of(after, threshold)?);
    let pairs = relatedness::CoOccurrence::of(&was)?;
    let density = relatedness::densities(&was, &pairs, relatedness::Measure::Minimum);
    let index = |names: &[String]| -> HashMap<String, usize> {
        names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect()
    };
    let (places_before, places_after) = (index(before.places()), index(after.places()));
    let (activities_before, activities_after) = (index(before.activities()), index(after.activities()));
    let mut moves = Vec::new();
    for place in Table::union(before.places(), after.places()) {
        for activity in Table::union(before.activities(), after.activities()) {
            let old = places_before.get(&place).copied().zip(activities_before.get(&activity).copied());
            let new = places_after.get(&place).copied().zip(activities_after.get(&activity).copied());
            let had = old.is_some_and(|(p, a)| was.has(p, a));
            let has = new.is_some_and(|(p, a)| is.has(p, a));
            let turn = match (had, has) {
                (false, true) => Turn::Entry,
                (true, false) => Turn::Exit,
                _ => continue,
            };
            moves.push(Move {
                place: place.clone(),
                activity,
                turn,
                before: old.map_or(0.0, |(p, a)| before.values().at(p, a)),
                after: new.map_or(0.0, |(p, a)| after.values().at(p, a)),
                density: old.map_or(0.0, |(p, a)| density.at(p, a)),
            });
        }
    }
    Ok(moves)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn from_ten_to_twelve_percent_in_three_years() {
        let found = share_growth(0.10, 0.12, 3.0, 0.03).unwrap();
        assert!((found.beyond_whole - 0.062_658_569_182_611_15).abs() < 1e-15);
        assert!((found.part - (1.062_658_569_182_611 * 1.03 - 1.0)).abs() < 1e-14);
        // The odds rise from 1/9 to 3/22.
        assert!((found.beyond_rest.unwrap() - ((27.0_f64 / 22.0).cbrt() - 1.0)).abs() < 1e-14);
        assert!(share_growth(0.0, 0.1, 1.0, 0.0).is_err() && share_growth(0.1, 0.1, 0.0, 0.0).is_err());
        assert_eq!(share_growth(1.0, 0.5, 1.0, 0.0).unwrap().beyond_rest, None);
    }

    #[test]
    fn growth_from_nothing_has_no_rate() {
        assert_eq!(yearly_growth(0.0, 5.0, 1.0), None);
        assert!((yearly_growth(100.0, 121.0, 2.0).unwrap() - 0.1).abs() < 1e-12);
        assert_eq!(yearly_growth(100.0, 0.0, 1.0), Some(-1.0));
    }

    #[test]
    fn entries_and_exits_by_hand() {
        let before = Table::new(&["p", "q"], &["a", "b"], &[vec![10.0, 0.0], vec![0.0, 10.0]]).unwrap();
        let after =
            Table::new(&["p", "q", "r"], &["a", "b"], &[vec![1.0, 9.0], vec![9.0, 1.0], vec![0.0, 1.0]]).unwrap();
        let found = moves(&before, &after, 1.0).unwrap();
        let told: Vec<(&str, &str, Turn)> =
            found.iter().map(|m| (m.place.as_str(), m.activity.as_str(), m.turn)).collect();
        assert_eq!(
            told,
            [
                ("p", "a", Turn::Exit),
                ("p", "b", Turn::Entry),
                ("q", "a", Turn::Entry),
                ("q", "b", Turn::Exit),
                ("r", "b", Turn::Entry)
            ]
        );
        assert_eq!((found[1].before, found[1].after, found[1].density), (0.0, 9.0, 0.0));
    }

    proptest! {
        #[test]
        fn growing_as_asked_gives_the_share(from in 0.001_f64..0.999, to in 0.001_f64..0.999, years in 0.5_f64..30.0) {
            let found = share_growth(from, to, years, 0.02).unwrap();
            prop_assert!((from * (1.0 + found.beyond_whole).powf(years) - to).abs() < 1e-9);
            let part = from * (1.0 + found.beyond_rest.unwrap()).powf(years);
            prop_assert!((part / (part + 1.0 - from) - to).abs() < 1e-9);
        }
    }
}
