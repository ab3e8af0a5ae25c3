//! Where a figure is heading if it goes on as it did: a straight line with a fan around it.
//!
//! The method is the random walk with drift (Hyndman and Athanasopoulos, *Forecasting: Principles and Practice*, 3rd
//! edition, 5.2 and 5.5), written for observations at any distance in time, so that years and months are read by the same
//! formula. With n points (t, y) the drift is d = (yₙ − y₁) / (tₙ − t₁), the variance of a unit of time is
//! s² = Σ (Δy − d Δt)² / Δt / (n − 2), and h later the figure is yₙ + d h with the variance s² h (1 + h / (tₙ − t₁)).
//! It knows no seasons and no plans: it says what happens if nothing changes.

use jiff::civil::Date;

use crate::{Indicator, Snapshot, Window};

/// Half of the middle 80 % of a normal distribution, in standard deviations.
const EIGHTY_PERCENT: f64 = 1.281_551_565_544_6;
/// With fewer points there is no saying how much a figure varies.
const POINTS_MIN: usize = 5;
/// How many months back a computed figure is looked at.
const MONTHS: usize = 24;
const DAYS_OF_A_YEAR: f64 = 365.25;

/// Where a figure will be on a day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Expected {
    pub day: Date,
    /// One time in ten it will be below this.
    pub low: f64,
    pub middle: f64,
    /// One time in ten it will be above this.
    pub high: f64,
}

/// How a figure moved: its drift and its variation.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Walk {
    /// Units a year.
    drift: f64,
    /// Units squared a year.
    variance: f64,
    /// Years that were looked at.
    length: f64,
}

impl Walk {
    /// From points in time (in years) and values, oldest first.
    fn of(points: &[(f64, f64)]) -> Option<Walk> {
        let (first, last) = (points.first()?, points.last()?);
        let length = last.0 - first.0;
        if points.len() < POINTS_MIN || length <= 0.0 {
            return None;
        }
        let drift = (last.1 - first.1) / length;
        let squares: f64 = points
            .windows(2)
            .filter_map(|pair| {
                let time = pair[1].0 - pair[0].0;
                (time > 0.0).then(|| (pair[1].1 - pair[0].1 - drift * time).powi(2) / time)
            })
            .sum();
        Some(Walk { drift, variance: squares / (points.len() - 2) as f64, length })
    }

    /// What is added within some years, and half of the width of the fan.
    fn within(&self, years: f64) -> (f64, f64) {
        let variance = self.variance * years * (1.0 + years / self.length);
        (self.drift * years, EIGHTY_PERCENT * variance.max(0.0).sqrt())
    }
}

fn years(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days())) / DAYS_OF_A_YEAR
}

/// The ends of the months before a day, and the day itself, oldest first.
fn month_ends(day: Date) -> Vec<Date> {
    let mut days = vec![day];
    for _ in 0..MONTHS {
        let Some(before) = days.last().and_then(|day| day.first_of_month().yesterday().ok()) else { break };
        days.push(before);
    }
    days.reverse();
    days
}

impl Snapshot {
    /// Where the figure of an indicator is heading on later days, as seen from `today`. Empty where too little is known.
    pub fn forecast(&self, indicator: &Indicator, today: Date, days: &[Date]) -> Vec<Expected> {
        let Some(now) = self.at(indicator, today).value else { return Vec::new() };
        let adds_up = indicator.adds_up();
        let points = match (indicator.is_observed(), adds_up) {
            (true, _) => self.observed_points(indicator, today),
            (_, true) => self.accumulated(indicator, today),
            _ => self.levels(indicator, today),
        };
        let Some(walk) = Walk::of(&points) else { return Vec::new() };
        let (mut least, mut most) = indicator.bounds();
        if indicator.is_percentage() && points.iter().all(|(_, value)| (0.0..=100.0).contains(value)) {
            // A percentage that comes from outside or is worked out says not whether it is a share: one that was never
            // above all of it is not expected there.
            most = most.min(100.0);
        }
        if points.iter().all(|(_, value)| *value >= 0.0) {
            // What was never below nothing, such as days or money that came in, is not expected there.
            least = least.max(0.0);
        }
        let expected = |day: &Date| {
            // A figure over a year begins anew with it, and so does what is added to it.
            let from = indicator.window_start(*day);
            let (start, base) = match indicator.definition.over {
                _ if !adds_up || from <= today => (today, now),
                Window::All => (today, now),
                Window::Year | Window::Quarter | Window::Month => (from.yesterday().ok()?, 0.0),
            };
            let (added, half) = walk.within(years(start, *day));
            let within = |value: f64| value.clamp(least, most);
            let middle = base + added;
            Some(Expected {
                day: *day,
                low: within(middle - half),
                middle: within(middle),
                high: within(middle + half),
            })
        };
        days.iter().filter(|day| **day > today).filter_map(expected).collect()
    }

    fn observed_points(&self, indicator: &Indicator, today: Date) -> Vec<(f64, f64)> {
        let observations = self.observations(indicator, today).iter();
        let point =
            |o: &crate::Observation| Some((years(today, o.day.parse().ok()?), o.micros as f64 / crate::MICROS as f64));
        observations.filter_map(point).collect()
    }

    /// What was added since the first month in which there was anything, month by month.
    fn accumulated(&self, indicator: &Indicator, today: Date) -> Vec<(f64, f64)> {
        let ends = month_ends(today);
        let mut total = 0.0;
        let mut points = Vec::new();
        for pair in ends.windows(2) {
            let added = pair[0].tomorrow().map(|from| self.between(indicator, from, pair[1]));
            total += added.ok().and_then(|figure| figure.value).unwrap_or(0.0);
            if points.is_empty() && total != 0.0 {
                points.push((years(today, pair[0]), 0.0));
            }
            if !points.is_empty() {
                points.push((years(today, pair[1]), total));
            }
        }
        points
    }

    /// The figure itself at the end of each month.
    fn levels(&self, indicator: &Indicator, today: Date) -> Vec<(f64, f64)> {
        let value = |day: &Date| Some((years(today, *day), self.at(indicator, *day).value?));
        month_ends(today).iter().filter_map(value).collect()
    }
}

impl Indicator {
    /// Whether the figure is told in per cent.
    fn is_percentage(&self) -> bool {
        self.definition.unit.all().any(|unit| unit.trim().starts_with(['%', '٪', '\u{ff05}']))
    }

    /// Between which values a figure can be: a share is between 0 and 100 %, and what is counted is not negative.
    fn bounds(&self) -> (f64, f64) {
        match (self.is_share(), self.definition.count.is_some()) {
            (true, _) => (0.0, 100.0),
            (_, true) => (0.0, f64::MAX),
            _ => (f64::MIN, f64::MAX),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the drift method, with Δt = 1: d = 2, residuals −1, 1, −1, 1, s² = 4 / 3.
    #[test]
    fn a_walk_has_its_drift_and_its_fan() {
        let points = [(0.0, 10.0), (1.0, 11.0), (2.0, 14.0), (3.0, 15.0), (4.0, 18.0)];
        let walk = Walk::of(&points).unwrap();
        assert!((walk.drift - 2.0).abs() < 1e-12);
        assert!((walk.variance - 4.0 / 3.0).abs() < 1e-12);
        let (added, half) = walk.within(2.0);
        assert!((added - 4.0).abs() < 1e-12);
        let wanted = EIGHTY_PERCENT * (4.0_f64 / 3.0 * 2.0 * (1.0 + 2.0 / 4.0)).sqrt();
        assert!((half - wanted).abs() < 1e-12);
    }

    #[test]
    fn a_straight_line_has_no_fan_and_few_points_no_forecast() {
        let straight: Vec<(f64, f64)> = (0..8).map(|i| (f64::from(i) / 12.0, 3.0 * f64::from(i))).collect();
        let walk = Walk::of(&straight).unwrap();
        assert!(walk.within(1.0).1 < 1e-6);
        assert_eq!(Walk::of(&straight[..4]), None);
        assert_eq!(Walk::of(&[(1.0, 2.0); 9]), None);
    }

    #[test]
    fn months_end_where_they_end() {
        let ends = month_ends(jiff::civil::date(2021, 3, 15));
        let last: Vec<String> = ends.iter().rev().take(3).map(ToString::to_string).collect();
        assert_eq!(last, ["2021-03-15", "2021-02-28", "2021-01-31"]);
        assert_eq!(ends.len(), MONTHS + 1);
    }

    /// Ten a month, counted anew each year.
    fn ten_a_month(today: Date) -> (Indicator, Snapshot) {
        let definition = r#"{"indicator": "i", "title": {"en": "i"}, "unit": {"en": "u"}, "over": "year",
            "of": {"record": "things", "at": "day"}, "count": {}}"#;
        let scope = rules::Scope::new().with("day", rules::Type::String);
        let indicator = Indicator::compile(serde_json::from_str(definition).unwrap(), &scope).unwrap();
        let row = |day: &Date| crate::sql::FoldedRow {
            indicator: "i".into(),
            day: *day,
            dimensions: Default::default(),
            sum: crate::cube::Sum { number: 10, micros: 10 * crate::MICROS },
        };
        let rows = month_ends(today).iter().skip(1).map(row).collect();
        (indicator, Snapshot::new(Default::default(), rows))
    }

    #[test]
    fn what_is_counted_in_a_year_begins_anew_with_it() {
        let (today, next) = (jiff::civil::date(2021, 9, 30), jiff::civil::date(2022, 6, 30));
        let (indicator, figures) = ten_a_month(today);
        assert_eq!(figures.at(&indicator, today).value, Some(90.0));
        let fan = figures.forecast(&indicator, today, &[today, jiff::civil::date(2021, 12, 31), next]);
        assert_eq!(fan.len(), 2, "today is no future");
        assert!((fan[0].middle - 120.0).abs() < 1.0, "{fan:?}");
        assert!((fan[1].middle - 60.0).abs() < 1.0, "{fan:?}");
        assert!(fan.iter().all(|e| e.low <= e.middle && e.middle <= e.high && e.low >= 0.0));
    }

    /// What comes from outside, month by month.
    fn observed(unit: &str, values: &[f64]) -> (Indicator, Snapshot, Date) {
        let definition = format!(
            r#"{{"indicator": "i", "title": {{"en": "i"}}, "unit": {{"en": "{unit}"}}, "of": {{"observation": "office"}}}}"#
        );
        let indicator = Indicator::compile(serde_json::from_str(&definition).unwrap(), &rules::Scope::new()).unwrap();
        let today = jiff::civil::date(2021, 12, 31);
        let days = month_ends(today);
        let days = &days[days.len() - values.len()..];
        let one = |(day, value): (&Date, &f64)| crate::Observation {
            day: day.to_string(),
            micros: (value * crate::MICROS as f64) as i64,
            source: "office".into(),
            assumption: false,
        };
        let all = days.iter().zip(values).map(one).map(|observation| ("i".to_owned(), observation)).collect();
        let cube = crate::cube::Cube::default().with(1, Vec::new(), all);
        (indicator, Snapshot::new(std::sync::Arc::new(cube), Vec::new()), today)
    }

    #[test]
    fn forecasts_stay_where_figures_can_be() {
        let later = [jiff::civil::date(2022, 12, 31), jiff::civil::date(2030, 12, 31)];
        for (unit, values, least, most) in [
            ("%", vec![80.0, 85.0, 88.0, 93.0, 97.0, 99.0], 0.0, 100.0),
            ("%", vec![9.0, 7.0, 6.0, 4.0, 2.0, 0.5], 0.0, 100.0),
            ("% of GDP", vec![50.0, 10.0, 90.0, 20.0, 95.0, 99.0], 0.0, 100.0),
            // A rate of growth was above all of it before, or below nothing.
            ("%", vec![80.0, 95.0, 110.0, 120.0, 140.0, 160.0], 0.0, f64::MAX),
            ("%", vec![-2.0, 1.0, 3.0, 2.0, 4.0, 6.0], f64::MIN, f64::MAX),
            ("people", vec![900.0, 700.0, 500.0, 300.0, 100.0, 10.0], 0.0, f64::MAX),
            ("people", vec![0.0, 0.0, 0.0, 0.0, 0.0, 0.0], 0.0, f64::MAX),
        ] {
            let (indicator, figures, today) = observed(unit, &values);
            let fan = figures.forecast(&indicator, today, &later);
            assert_eq!(fan.len(), 2, "{unit} {values:?}");
            for e in fan {
                assert!(e.low <= e.middle && e.middle <= e.high, "{unit} {e:?}");
                assert!(e.low >= least && e.high <= most, "{unit} {e:?}");
            }
        }
    }
}
