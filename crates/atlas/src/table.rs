//! How much of each activity there is in each place.

use std::collections::HashMap;

use crate::{AtlasError, Matrix};

/// 1.6 GB: more is rather a mistake in the columns than a question.
pub(crate) const CELLS_MAX: usize = 200_000_000;

/// Between these, products of three amounts neither overflow nor vanish.
pub(crate) const AMOUNTS: std::ops::RangeInclusive<f64> = 1e-100..=1e100;

/// Places × activities, both in the order of their ids, so that the order of rows in a file does not matter.
///
/// Values are finite, not negative and not all zero: people employed, establishments, exports.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    places: Vec<String>,
    activities: Vec<String>,
    values: Matrix,
}

impl Table {
    /// A table from rows of values, one for each place.
    pub fn new(places: &[&str], activities: &[&str], rows: &[Vec<f64>]) -> Result<Table, AtlasError> {
        AtlasError::check_length("the rows of a table", places.len(), rows.len())?;
        let mut builder = TableBuilder::default();
        for (place, row) in places.iter().zip(rows) {
            AtlasError::check_length("a row of a table", activities.len(), row.len())?;
            for (activity, value) in activities.iter().zip(row) {
                builder.add(place, activity, *value)?;
            }
        }
        builder.finish()
    }

    /// From names in order and their values; not all of them zero.
    pub(crate) fn of(places: Vec<String>, activities: Vec<String>, values: Matrix) -> Result<Table, AtlasError> {
        if values.values().iter().sum::<f64>() <= 0.0 {
            return Err(AtlasError::Empty);
        }
        Ok(Table { places, activities, values })
    }

    pub fn places(&self) -> &[String] {
        &self.places
    }
    pub fn activities(&self) -> &[String] {
        &self.activities
    }
    pub fn values(&self) -> &Matrix {
        &self.values
    }
    pub fn place_totals(&self) -> Vec<f64> {
        self.values.row_sums()
    }
    pub fn activity_totals(&self) -> Vec<f64> {
        self.values.column_sums()
    }
    /// The sum of all values; above zero.
    pub fn total(&self) -> f64 {
        self.place_totals().iter().sum()
    }

    /// The same values with these places and activities, zero where this table has none: two years on one footing.
    pub fn aligned(&self, places: &[String], activities: &[String]) -> Matrix {
        let index = |names: &[String]| -> HashMap<String, usize> {
            names.iter().enumerate().map(|(at, name)| (name.clone(), at)).collect()
        };
        let (rows, columns) = (index(&self.places), index(&self.activities));
        let columns: Vec<Option<usize>> = activities.iter().map(|name| columns.get(name).copied()).collect();
        let rows: Vec<Option<usize>> = places.iter().map(|name| rows.get(name).copied()).collect();
        Matrix::from_fn(places.len(), activities.len(), |row, column| match (rows[row], columns[column]) {
            (Some(row), Some(column)) => self.values.at(row, column),
            _ => 0.0,
        })
    }

    /// The names of two lists together, in order, each once.
    pub fn union(a: &[String], b: &[String]) -> Vec<String> {
        let mut all: Vec<String> = a.iter().chain(b).cloned().collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Takes a table in row by row. Holds each value once.
#[derive(Debug, Default)]
pub struct TableBuilder {
    places: HashMap<String, usize>,
    activities: HashMap<String, usize>,
    rows: Vec<Vec<f64>>,
}

impl TableBuilder {
    /// Adds a value; a cell that is named twice has the sum. Whether it was named before.
    pub fn add_up(&mut self, place: &str, activity: &str, value: f64) -> Result<bool, AtlasError> {
        let (row, column) = self.room(place, activity, value)?;
        let cell = &mut self.rows[row][column];
        // What is no number yet was not named yet.
        let twice = !cell.is_nan();
        *cell = if twice { *cell + value } else { value };
        Ok(twice)
    }

    /// Adds a value; a cell that is named twice has the sum.
    pub fn add(&mut self, place: &str, activity: &str, value: f64) -> Result<(), AtlasError> {
        self.add_up(place, activity, value).map(|_| ())
    }

    /// The place of a cell, with room for it.
    fn room(&mut self, place: &str, activity: &str, value: f64) -> Result<(usize, usize), AtlasError> {
        if value != 0.0 && !AMOUNTS.contains(&value) {
            return Err(AtlasError::BadValue { place: place.to_owned(), activity: activity.to_owned(), value });
        }
        let row = number(&mut self.places, place);
        let column = number(&mut self.activities, activity);
        if row == self.rows.len() {
            self.rows.push(Vec::new());
        }
        // Checked when a cell first needs room, so that a wrong column cannot exhaust the memory.
        if column >= self.rows[row].len() {
            let (places, activities) = (self.places.len(), self.activities.len());
            if self.cells() > CELLS_MAX {
                return Err(AtlasError::TooLarge { places, activities, most: CELLS_MAX });
            }
            self.rows[row].resize(column + 1, f64::NAN);
        }
        Ok((row, column))
    }

    /// How many cells the table will have: places times activities so far.
    pub fn cells(&self) -> usize {
        self.places.len().saturating_mul(self.activities.len())
    }

    /// How many activities the table has so far.
    pub fn activities(&self) -> usize {
        self.activities.len()
    }

    pub fn finish(mut self) -> Result<Table, AtlasError> {
        let (places, row_order) = ordered(self.places);
        let (activities, column_order) = ordered(self.activities);
        let mut values = Vec::with_capacity(places.len() * activities.len());
        for row in row_order {
            // Each row is given back as soon as it has moved.
            let row = std::mem::take(&mut self.rows[row]);
            values.extend(
                column_order
                    .iter()
                    .map(|column| row.get(*column).copied().filter(|value| !value.is_nan()).unwrap_or(0.0)),
            );
        }
        let values = Matrix::new(places.len(), activities.len(), values)?;
        Table::of(places, activities, values)
    }
}

fn number(names: &mut HashMap<String, usize>, name: &str) -> usize {
    match names.get(name) {
        Some(number) => *number,
        None => {
            let next = names.len();
            names.insert(name.to_owned(), next);
            next
        }
    }
}

/// Names in order, and where each one came from.
fn ordered(names: HashMap<String, usize>) -> (Vec<String>, Vec<usize>) {
    let mut names: Vec<(String, usize)> = names.into_iter().collect();
    names.sort();
    names.into_iter().unzip()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_rows_does_not_matter_and_cells_named_twice_add_up() {
        let mut builder = TableBuilder::default();
        for (place, activity, value) in [("b", "y", 1.0), ("a", "x", 2.0), ("b", "y", 3.0)] {
            builder.add(place, activity, value).unwrap();
        }
        let table = builder.finish().unwrap();
        assert_eq!(table.places(), ["a", "b"]);
        assert_eq!(table.activities(), ["x", "y"]);
        assert_eq!(table.values().values(), [2.0, 0.0, 0.0, 4.0]);
        assert_eq!(table.total(), 6.0);
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for bad in [-1.0, f64::NAN, f64::INFINITY, 1e300, 1e-320] {
            assert!(TableBuilder::default().add("a", "x", bad).is_err(), "{bad}");
        }
        assert_eq!(TableBuilder::default().finish(), Err(AtlasError::Empty));
        assert_eq!(Table::new(&["a"], &["x"], &[vec![0.0]]), Err(AtlasError::Empty));
    }

    #[test]
    fn two_years_stand_on_one_footing() {
        let table = Table::new(&["a", "b"], &["x", "y"], &[vec![1.0, 2.0], vec![3.0, 4.0]]).unwrap();
        let places = Table::union(table.places(), &["c".into(), "a".into()]);
        assert_eq!(places, ["a", "b", "c"]);
        let values = table.aligned(&places, &["y".into(), "z".into()]);
        assert_eq!(values.values(), [2.0, 0.0, 4.0, 0.0, 0.0, 0.0]);
    }
}
