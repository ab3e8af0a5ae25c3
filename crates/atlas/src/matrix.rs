//! A dense matrix, row after row.

use crate::AtlasError;

/// Numbers in rows and columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Matrix {
    rows: usize,
    columns: usize,
    values: Vec<f64>,
}

impl Matrix {
    /// `values` row after row.
    pub fn new(rows: usize, columns: usize, values: Vec<f64>) -> Result<Matrix, AtlasError> {
        AtlasError::check_length("a matrix", rows * columns, values.len())?;
        Ok(Matrix { rows, columns, values })
    }

    pub fn zeros(rows: usize, columns: usize) -> Matrix {
        Matrix { rows, columns, values: vec![0.0; rows * columns] }
    }

    /// Each cell from its row and column.
    pub fn from_fn(rows: usize, columns: usize, mut cell: impl FnMut(usize, usize) -> f64) -> Matrix {
        let mut values = Vec::with_capacity(rows * columns);
        for row in 0..rows {
            values.extend((0..columns).map(|column| cell(row, column)));
        }
        Matrix { rows, columns, values }
    }

    pub fn rows(&self) -> usize {
        self.rows
    }
    pub fn columns(&self) -> usize {
        self.columns
    }
    pub fn values(&self) -> &[f64] {
        &self.values
    }
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values[row * self.columns + column]
    }
    pub fn set(&mut self, row: usize, column: usize, value: f64) {
        self.values[row * self.columns + column] = value;
    }
    pub fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.columns..(row + 1) * self.columns]
    }
    pub(crate) fn values_mut(&mut self) -> &mut [f64] {
        &mut self.values
    }

    pub fn transposed(&self) -> Matrix {
        Matrix::from_fn(self.columns, self.rows, |row, column| self.at(column, row))
    }

    /// The sum of each row.
    pub fn row_sums(&self) -> Vec<f64> {
        (0..self.rows).map(|row| self.row(row).iter().sum()).collect()
    }

    /// The sum of each column.
    pub fn column_sums(&self) -> Vec<f64> {
        let mut sums = vec![0.0; self.columns];
        for row in 0..self.rows {
            for (sum, value) in sums.iter_mut().zip(self.row(row)) {
                *sum += value;
            }
        }
        sums
    }
}
