//! Reading figures: at a day, by period, by dimension, as they stood; and the rows behind them.

use std::sync::Arc;

use jiff::civil::Date;
use serde_json::json;
use store::{By, Change, Session, Store};

use crate::{Indicator, MICROS, MeasureError, Observation, Window, sql};

/// A count and a value for a period and a value of a dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// `2021`, `2021-03` or `2021-03-09`.
    pub period: String,
    pub dimension: String,
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

/// A row behind a figure and what it adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub row: String,
    pub day: String,
    pub dimensions: [String; 3],
    pub number: i64,
    pub micros: i64,
}

/// The indicators of the pack and their figures. Cheap to clone.
#[derive(Clone)]
pub struct Measures {
    store: Store,
    indicators: Arc<Vec<Indicator>>,
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

/// A day as stored; the first of all days sorts before every other.
fn stored(day: Date) -> String {
    if day == Date::MIN { String::new() } else { day.to_string() }
}

impl Measures {
    pub fn new(store: Store, indicators: Arc<Vec<Indicator>>) -> Measures {
        Measures { store, indicators }
    }

    pub fn all(&self) -> &[Indicator] {
        &self.indicators
    }

    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name() == name)
    }

    async fn db(&self) -> Result<Session, MeasureError> {
        Ok(self.store.read().await?)
    }

    /// The figure at the end of a day, as it stood at `as_of` (RFC 3339) or as it stands now.
    pub async fn at(&self, indicator: &Indicator, day: Date, as_of: Option<&str>) -> Result<Figure, MeasureError> {
        let mut db = self.db().await?;
        if indicator.is_observed() {
            return Ok(observed(sql::observations(&mut db, indicator.name(), &day.to_string()).await?.last()));
        }
        let days = (stored(indicator.window_start(day)), day.to_string());
        // Letters 0 puts all days together.
        let cells = sql::cells(&mut db, indicator.name(), (&days.0, &days.1), as_of, 0, None).await?;
        Ok(total(indicator, cells.iter()))
    }

    /// The figure at the end of each of the days, in their order. One reading of the database.
    pub async fn series(
        &self,
        indicator: &Indicator,
        days: &[Date],
        as_of: Option<&str>,
    ) -> Result<Vec<Figure>, MeasureError> {
        let Some(last) = days.iter().max() else { return Ok(Vec::new()) };
        let mut db = self.db().await?;
        if indicator.is_observed() {
            let all = sql::observations(&mut db, indicator.name(), &last.to_string()).await?;
            let at = |day: &Date| observed(all.iter().rfind(|o| o.day <= day.to_string()));
            return Ok(days.iter().map(at).collect());
        }
        let cells = sql::cells(&mut db, indicator.name(), ("", &last.to_string()), as_of, 10, None).await?;
        let at = |day: &Date| {
            let (from, to) = (stored(indicator.window_start(*day)), day.to_string());
            total(indicator, cells.iter().filter(|cell| cell.period >= from && cell.period <= to))
        };
        Ok(days.iter().map(at).collect())
    }

    /// The figure at a day, split by a dimension (by its place, from 1).
    pub async fn split(
        &self,
        indicator: &Indicator,
        day: Date,
        dimension: usize,
        as_of: Option<&str>,
    ) -> Result<Vec<(String, Figure)>, MeasureError> {
        let mut db = self.db().await?;
        let days = (stored(indicator.window_start(day)), day.to_string());
        let cells = sql::cells(&mut db, indicator.name(), (&days.0, &days.1), as_of, 0, Some(dimension)).await?;
        Ok(cells.into_iter().map(|c| (c.dimension, indicator.figure(c.number, c.micros))).collect())
    }

    /// Count and value by period (4, 7 or 10 letters of the day), between two days.
    pub async fn periods(
        &self,
        indicator: &Indicator,
        days: (&str, &str),
        letters: usize,
        dimension: Option<usize>,
        as_of: Option<&str>,
    ) -> Result<Vec<Cell>, MeasureError> {
        Ok(sql::cells(&mut self.db().await?, indicator.name(), days, as_of, letters, dimension).await?)
    }

    /// The rows behind the figure at a day.
    pub async fn evidence(
        &self,
        indicator: &Indicator,
        day: Date,
        as_of: Option<&str>,
        dimensions: &[(usize, String)],
        page: (i64, i64),
    ) -> Result<Vec<Evidence>, MeasureError> {
        let days = (stored(indicator.window_start(day)), day.to_string());
        let mut db = self.db().await?;
        Ok(sql::evidence(&mut db, indicator.name(), (&days.0, &days.1), as_of, dimensions, page).await?)
    }

    /// The observations of an indicator up to a day, oldest first.
    pub async fn observations(&self, indicator: &Indicator, to: Date) -> Result<Vec<Observation>, MeasureError> {
        Ok(sql::observations(&mut self.db().await?, indicator.name(), &to.to_string()).await?)
    }

    /// Writes down a value from outside. A computed indicator takes none.
    pub async fn observe(&self, by: By, name: &str, observation: Observation) -> Result<(), MeasureError> {
        let indicator = self.indicator(name).ok_or_else(|| MeasureError::NoIndicator(name.to_owned()))?;
        if !indicator.is_observed() {
            return Err(MeasureError::Computed(name.to_owned()));
        }
        let name = name.to_owned();
        self.store
            .write(by, move |tx| {
                let (name, o) = (name.clone(), observation.clone());
                Box::pin(async move {
                    let recorded = tx.by().at.to_string();
                    sql::put_observation(tx, &name, &o, &recorded).await?;
                    let after =
                        json!({"day": o.day, "micros": o.micros, "source": o.source, "assumption": o.assumption});
                    tx.record(Change {
                        source: "observation",
                        row: format!("{name} {}", o.day),
                        effective: o.day.parse().unwrap_or(Date::MIN),
                        kind: name,
                        before: None,
                        after: Some(after),
                    });
                    Ok(())
                })
            })
            .await
    }
}

fn total<'a>(indicator: &Indicator, cells: impl Iterator<Item = &'a Cell>) -> Figure {
    let (number, micros) = cells.fold((0, 0), |(n, m), cell| (n + cell.number, m + cell.micros));
    indicator.figure(number, micros)
}

fn observed(observation: Option<&Observation>) -> Figure {
    match observation {
        Some(o) => Figure { value: Some(o.micros as f64 / MICROS as f64), number: 1, micros: o.micros },
        None => Figure { value: None, number: 0, micros: 0 },
    }
}
