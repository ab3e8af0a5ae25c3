//! Whether a table bears out what is said of a place: that it is strong in some activities, or that it does many things.

use serde::Serialize;

use crate::{
    AtlasError, Table,
    specialisation::{self, Bootstrap},
};

/// What a table says to a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    BorneOut,
    /// What is seen may be chance.
    Open,
    NotBorneOut,
}

/// How strong a place is in several activities taken as one.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Strength {
    /// The location quotient of the activities together.
    pub quotient: f64,
    pub low: f64,
    pub high: f64,
    /// 1 for the place with the largest quotient; places with the same share a rank.
    pub rank: usize,
    pub of: usize,
    /// Borne out where the whole interval is above one, not borne out where all of it is below.
    pub verdict: Verdict,
}

/// The strength of each place in `activities` together, by their numbers in the table; none for an empty place.
pub fn strengths(table: &Table, activities: &[usize], ask: Bootstrap) -> Result<Vec<Option<Strength>>, AtlasError> {
    let all = table.activities().len();
    if activities.is_empty() || activities.iter().any(|activity| *activity >= all) {
        return Err(AtlasError::Invalid("a claim is about at least one activity, each one of the table".to_owned()));
    }
    let places: Vec<&str> = table.places().iter().map(String::as_str).collect();
    let rows: Vec<Vec<f64>> = (0..places.len())
        .map(|place| {
            let (mut inside, mut outside) = (0.0, 0.0);
            for (activity, value) in table.values().row(place).iter().enumerate() {
                *(if activities.contains(&activity) { &mut inside } else { &mut outside }) += value;
            }
            vec![inside, outside]
        })
        .collect();
    let two = Table::new(&places, &["claimed", "other"], &rows)?;
    let quotients = specialisation::location_quotients(&two);
    let intervals = specialisation::bootstrap_intervals(&two, ask)?;
    let totals = table.place_totals();
    let compared: Vec<f64> =
        (0..places.len()).filter(|place| totals[*place] > 0.0).map(|place| quotients.at(place, 0)).collect();
    let one = |place: usize| {
        let (quotient, low, high) = (quotients.at(place, 0), intervals.low.at(place, 0), intervals.high.at(place, 0));
        let verdict = match () {
            () if low > 1.0 => Verdict::BorneOut,
            () if high < 1.0 => Verdict::NotBorneOut,
            () => Verdict::Open,
        };
        Strength { quotient, low, high, rank: rank(&compared, quotient), of: compared.len(), verdict }
    };
    Ok((0..places.len()).map(|place| (totals[place] > 0.0).then(|| one(place))).collect())
}

/// How many things a place does.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Variety {
    /// The number of activities of equal size that would be as mixed: exp of the Shannon entropy (Jost 2006).
    pub effective: f64,
    /// Half of the places have fewer.
    pub median: f64,
    pub rank: usize,
    pub of: usize,
    /// Borne out above the median.
    pub verdict: Verdict,
}

/// The variety of each place; none for an empty one.
pub fn varieties(table: &Table) -> Vec<Option<Variety>> {
    let effective: Vec<Option<f64>> =
        specialisation::profiles(table).iter().map(|profile| profile.map(|profile| profile.shannon.exp())).collect();
    let mut sorted: Vec<f64> = effective.iter().flatten().copied().collect();
    sorted.sort_unstable_by(f64::total_cmp);
    let median = specialisation::quantile(&sorted, 0.5);
    let one = |effective: f64| {
        let verdict = match effective.total_cmp(&median) {
            std::cmp::Ordering::Greater => Verdict::BorneOut,
            std::cmp::Ordering::Equal => Verdict::Open,
            std::cmp::Ordering::Less => Verdict::NotBorneOut,
        };
        Variety { effective, median, rank: rank(&sorted, effective), of: sorted.len(), verdict }
    };
    effective.into_iter().map(|effective| effective.map(one)).collect()
}

fn rank(values: &[f64], value: f64) -> usize {
    1 + values.iter().filter(|other| **other > value).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASK: Bootstrap = Bootstrap { seed: 1, draws: 200, level: 0.9, unit: 1.0 };

    fn table() -> Table {
        let rows = [vec![4000.0, 3000.0, 3000.0], vec![3.0, 3.0, 4.0], vec![900.0, 100.0, 9000.0], vec![0.0; 3]];
        Table::new(&["p", "q", "r", "s"], &["a", "b", "c"], &rows).unwrap()
    }

    #[test]
    fn strength_in_activities_together() {
        let found = strengths(&table(), &[0, 1], ASK).unwrap();
        let first = found[0].unwrap();
        // 7,000 of 10,000 here, 8,006 of 20,010 everywhere.
        assert!((first.quotient - 0.7 / (8006.0 / 20010.0)).abs() < 1e-12);
        assert_eq!((first.rank, first.of, first.verdict), (1, 3, Verdict::BorneOut));
        // Six of ten people are too few to say.
        assert_eq!((found[1].unwrap().rank, found[1].unwrap().verdict), (2, Verdict::Open));
        assert_eq!((found[2].unwrap().rank, found[2].unwrap().verdict), (3, Verdict::NotBorneOut));
        assert_eq!(found[3], None);
        assert!(strengths(&table(), &[], ASK).is_err() && strengths(&table(), &[3], ASK).is_err());
    }

    #[test]
    fn variety_counts_activities_of_equal_size() {
        let rows = [vec![5.0, 5.0, 5.0, 5.0], vec![7.0, 7.0, 0.0, 0.0], vec![1.0, 0.0, 0.0, 0.0]];
        let found = varieties(&Table::new(&["p", "q", "r"], &["a", "b", "c", "d"], &rows).unwrap());
        let found: Vec<Variety> = found.into_iter().flatten().collect();
        for (found, (effective, rank, verdict)) in
            found.iter().zip([(4.0, 1, Verdict::BorneOut), (2.0, 2, Verdict::Open), (1.0, 3, Verdict::NotBorneOut)])
        {
            assert!((found.effective - effective).abs() < 1e-12 && (found.median - 2.0).abs() < 1e-12);
            assert_eq!((found.rank, found.verdict), (rank, verdict));
        }
    }
}
