//! A figure, what it is made of, and the time that it covers.

use jiff::civil::Date;

use crate::{Indicator, MICROS, Window};

/// A count and a value for a period and a value of each dimension that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// `2021`, `2021-03` or `2021-03-09`.
    pub period: String,
    pub dimensions: Vec<String>,
    pub number: i64,
    pub micros: i64,
}

/// A figure: the value in the indicator's unit, and for a ratio what it is made of.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Figure {
    /// `None` where there is nothing to divide by, or no observation yet. A share is in per cent.
    pub value: Option<f64>,
    /// The count: how many rows, for a ratio the denominator.
    pub number: i64,
    /// The sum in millionths, for a ratio the numerator.
    pub micros: i64,
}

impl Indicator {
    /// Reads a count and a sum as this indicator's figure.
    pub fn figure(&self, number: i64, micros: i64) -> Figure {
        let value = micros as f64 / MICROS as f64;
        let value = match (self.is_ratio(), number) {
            (false, _) => Some(value),
            (true, 0) => None,
            (true, _) if self.is_share() => Some(100.0 * value / number as f64),
            (true, _) => Some(value / number as f64),
        };
        Figure { value, number, micros }
    }

    /// The first day that a figure at `day` covers.
    pub fn window_start(&self, day: Date) -> Date {
        match self.definition.over {
            Window::All => Date::MIN,
            Window::Year => day.first_of_year(),
            Window::Month => day.first_of_month(),
            Window::Quarter => {
                let month = (day.month() - 1) / 3 * 3 + 1;
                Date::new(day.year(), month, 1).unwrap_or(day)
            }
        }
    }
}
