//! In which activities each place is strong: the binary matrix M behind relatedness and complexity.

use crate::{AtlasError, Table, specialisation};

/// A place has an activity when its location quotient is at least the threshold, usually one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Presence {
    activities: usize,
    /// For each place its activities in order.
    rows: Vec<Vec<u32>>,
    ubiquity: Vec<u32>,
}

impl Presence {
    /// M = 1 where the location quotient is at least `threshold` (Balassa 1965; Hidalgo and Hausmann 2009).
    pub fn of(table: &Table, threshold: f64) -> Result<Presence, AtlasError> {
        if !threshold.is_finite() || threshold <= 0.0 {
            return Err(AtlasError::out_of_range("the threshold", "above 0", threshold));
        }
        let (places, activities, total) = (table.place_totals(), table.activity_totals(), table.total());
        let rows = (0..places.len()).map(|place| {
            let row = table.values().row(place).iter().enumerate();
            row.filter(|(activity, value)| {
                specialisation::reaches(**value, places[place], activities[*activity], total, threshold)
            })
            .map(|(activity, _)| activity as u32)
            .collect()
        });
        Ok(Presence::from_rows(activities.len(), rows.collect()))
    }

    /// From the activities of each place, in order.
    pub fn new(activities: usize, mut rows: Vec<Vec<u32>>) -> Result<Presence, AtlasError> {
        for row in &mut rows {
            row.sort_unstable();
            row.dedup();
            if let Some(last) = row.last().filter(|last| **last as usize >= activities) {
                return Err(AtlasError::out_of_range("an activity", "one of the activities", f64::from(*last)));
            }
        }
        Ok(Presence::from_rows(activities, rows))
    }

    fn from_rows(activities: usize, rows: Vec<Vec<u32>>) -> Presence {
        let mut ubiquity = vec![0; activities];
        for activity in rows.iter().flatten() {
            ubiquity[*activity as usize] += 1;
        }
        Presence { activities, rows, ubiquity }
    }

    pub fn places(&self) -> usize {
        self.rows.len()
    }
    pub fn activities(&self) -> usize {
        self.activities
    }
    pub(crate) fn rows(&self) -> &[Vec<u32>] {
        &self.rows
    }
    /// The activities of a place, in order.
    pub fn row(&self, place: usize) -> &[u32] {
        &self.rows[place]
    }
    pub fn has(&self, place: usize, activity: usize) -> bool {
        self.rows[place].binary_search(&(activity as u32)).is_ok()
    }
    /// How many activities each place has.
    pub fn diversity(&self) -> Vec<u32> {
        self.rows.iter().map(|row| row.len() as u32).collect()
    }
    /// How many places have each activity.
    pub fn ubiquity(&self) -> &[u32] {
        &self.ubiquity
    }

    /// For each activity its places in order.
    pub fn columns(&self) -> Vec<Vec<u32>> {
        let mut columns: Vec<Vec<u32>> =
            self.ubiquity.iter().map(|count| Vec::with_capacity(*count as usize)).collect();
        for (place, row) in self.rows.iter().enumerate() {
            for activity in row {
                columns[*activity as usize].push(place as u32);
            }
        }
        columns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotient_of_exactly_one_counts() {
        // Every quotient is one, whatever the sums were rounded to.
        for unit in [0.1, 1.0, 3.0, 7.0, 49.0] {
            let rows: Vec<Vec<f64>> = (1..7).map(|r| (1..7).map(|c| unit * f64::from(r * c)).collect()).collect();
            let names = ["a", "b", "c", "d", "e", "f"];
            let presence = Presence::of(&Table::new(&names, &names, &rows).unwrap(), 1.0).unwrap();
            assert_eq!(presence.diversity(), [6; 6], "{unit}");
        }
    }

    #[test]
    fn columns_are_the_rows_turned() {
        let presence = Presence::new(3, vec![vec![2, 0], vec![], vec![2]]).unwrap();
        assert_eq!(presence.columns(), [vec![0], vec![], vec![0, 2]]);
        assert_eq!(presence.ubiquity(), [1, 0, 2]);
        assert!(presence.has(0, 2) && !presence.has(1, 2));
        assert!(Presence::new(1, vec![vec![1]]).is_err());
    }
}
