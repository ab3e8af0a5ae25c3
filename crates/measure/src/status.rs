//! Where a figure stands against what was promised: the target path between baseline and targets, and a word for it.

use jiff::civil::Date;

use crate::{Indicator, Window, definition::Better};

/// Baseline and targets as points in time; between them the path is a straight line.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// The last day of each year that has a value, with the value, oldest first; the baseline is the first.
    pub points: Vec<(Date, f64)>,
    pub has_baseline: bool,
    /// Whether the figure is counted anew each year, so that the path of each year begins at nothing.
    pub anew_each_year: bool,
}

/// A word for where a figure stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    Ahead,
    OnTrack,
    AtRisk,
    OffTrack,
    NoData,
}

impl Status {
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Ahead => "ahead",
            Status::OnTrack => "on-track",
            Status::AtRisk => "at-risk",
            Status::OffTrack => "off-track",
            Status::NoData => "no-data",
        }
    }
}

/// A figure beside its path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Standing {
    pub status: Status,
    /// Where the path is on that day.
    pub expected: Option<f64>,
    /// How much of the way from the baseline to the expected value was gone; 1 is on the path.
    pub progress: Option<f64>,
    /// The target that comes next, and its day.
    pub target: Option<(Date, f64)>,
}

impl Trajectory {
    /// A path from a baseline (year, value) and targets (year, value), each reached on the last day of its year.
    pub fn new(baseline: Option<(i16, f64)>, targets: impl IntoIterator<Item = (i16, f64)>) -> Trajectory {
        let has_baseline = baseline.is_some();
        let mut points: Vec<(Date, f64)> = baseline
            .into_iter()
            .chain(targets)
            .filter_map(|(year, value)| Some((Date::new(year, 12, 31).ok()?, value)))
            .collect();
        points.sort_by_key(|(day, _)| *day);
        Trajectory { points, has_baseline, anew_each_year: false }
    }

    /// The path of an indicator: one that counts what happened in a year begins each year at nothing.
    pub fn of(self, indicator: &Indicator) -> Trajectory {
        let anew_each_year = indicator.adds_up() && indicator.definition.over == Window::Year;
        Trajectory { anew_each_year, ..self }
    }

    /// The path as it is drawn: corner by corner.
    pub fn corners(&self) -> Vec<(Date, f64)> {
        if !self.anew_each_year {
            return self.points.clone();
        }
        let years = self.points.iter().skip(usize::from(self.has_baseline));
        years.flat_map(|(day, value)| [(day.first_of_year(), 0.0), (*day, *value)]).collect()
    }

    /// Where the path is on a day, from what the points say of whole years: so much of a year's value as of its days.
    fn expected_of_year(&self, day: Date) -> Option<f64> {
        let end = Date::new(day.year(), 12, 31).ok()?;
        Some(self.between_points(end)? * f64::from(day.day_of_year()) / f64::from(day.days_in_year()))
    }

    /// Where the path is on a day: before its first point and after its last, that point's value.
    pub fn expected(&self, day: Date) -> Option<f64> {
        if self.anew_each_year { self.expected_of_year(day) } else { self.between_points(day) }
    }

    fn between_points(&self, day: Date) -> Option<f64> {
        let (first, last) = (self.points.first()?, self.points.last()?);
        if day <= first.0 {
            return Some(first.1);
        }
        for pair in self.points.windows(2) {
            let [(from, a), (to, b)] = pair else { continue };
            if day <= *to {
                let length = days(*from, *to);
                let share = if length == 0.0 { 1.0 } else { days(*from, day) / length };
                return Some(a + (b - a) * share);
            }
        }
        Some(last.1)
    }

    /// Holds a figure against the path. Within 5 % of the way it is on track, within 20 % at risk.
    pub fn standing(&self, value: Option<f64>, day: Date, better: Better) -> Standing {
        let expected = self.expected(day);
        let target = self.points.iter().skip(usize::from(self.has_baseline)).find(|(d, _)| *d >= day).copied();
        let target = target.or_else(|| self.points.last().copied());
        let (Some(value), Some(expected_value)) = (value.filter(|value| value.is_finite()), expected) else {
            return Standing { status: Status::NoData, expected, progress: None, target };
        };
        // What is counted anew each year has its way from nothing, whatever it was before.
        let start = self.points.first().filter(|_| self.has_baseline && !self.anew_each_year).map(|(_, v)| *v);
        let ahead = match better {
            Better::More => value - expected_value,
            Better::Less => expected_value - value,
        };
        let way = start.map_or(0.0, |start| expected_value - start);
        let progress = match start {
            Some(start) if way.abs() > f64::EPSILON => (value - start) / way,
            // There is no way from a baseline: the figure is held against the value itself.
            _ if expected_value.abs() > f64::EPSILON => 1.0 + ahead / expected_value.abs(),
            // No part of nothing can be reached, it is kept or not: that has a word and no number.
            _ => {
                let status = match ahead {
                    a if a > f64::EPSILON => Status::Ahead,
                    a if a < -f64::EPSILON => Status::OffTrack,
                    _ => Status::OnTrack,
                };
                return Standing { status, expected, progress: None, target };
            }
        };
        let status = match progress {
            p if p >= 1.05 => Status::Ahead,
            p if p >= 0.95 => Status::OnTrack,
            p if p >= 0.80 => Status::AtRisk,
            _ => Status::OffTrack,
        };
        Standing { status, expected, progress: Some(progress), target }
    }
}

fn days(from: Date, to: Date) -> f64 {
    from.until(to).map_or(0.0, |span| f64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_path_is_straight_between_its_points() {
        let path = Trajectory::new(Some((2020, 3000.0)), [(2021, 6000.0), (2022, 12000.0)]);
        assert_eq!(path.expected(date(2020, 6, 1)), Some(3000.0));
        assert_eq!(path.expected(date(2021, 12, 31)), Some(6000.0));
        let middle = path.expected(date(2021, 7, 1)).unwrap();
        assert!((middle - 4495.9).abs() < 1.0, "{middle}");
        assert_eq!(path.expected(date(2030, 1, 1)), Some(12000.0));
    }

    #[test]
    fn what_is_counted_anew_each_year_begins_at_nothing() {
        let path = Trajectory::new(Some((2020, 400.0)), [(2021, 1200.0), (2022, 1460.0)]);
        let path = Trajectory { anew_each_year: true, ..path };
        assert_eq!(path.expected(date(2021, 12, 31)), Some(1200.0));
        assert_eq!(path.expected(date(2022, 1, 1)), Some(4.0));
        assert_eq!(path.standing(Some(4.0), date(2022, 1, 1), Better::More).status, Status::OnTrack);
        assert_eq!(path.standing(Some(600.0), date(2021, 7, 2), Better::More).status, Status::OnTrack);
        assert_eq!(path.corners()[2], (date(2022, 1, 1), 0.0));
    }

    #[test]
    fn less_can_be_better() {
        let path = Trajectory::new(Some((2020, 20.0)), [(2021, 10.0)]);
        let at = |value| path.standing(Some(value), date(2021, 12, 31), Better::Less).status;
        assert_eq!(at(8.0), Status::Ahead);
        assert_eq!(at(10.0), Status::OnTrack);
        assert_eq!(at(11.5), Status::AtRisk);
        assert_eq!(at(19.0), Status::OffTrack);
    }

    #[test]
    fn no_figure_has_no_standing() {
        let path = Trajectory::new(None, [(2021, 10.0)]);
        assert_eq!(path.standing(None, date(2021, 1, 1), Better::More).status, Status::NoData);
    }

    #[test]
    fn every_standing_has_a_word_and_every_number_is_one() {
        use Better::{Less, More};
        use Status::{Ahead, AtRisk, NoData, OffTrack, OnTrack};
        let day = date(2021, 12, 31);
        for (baseline, target, value, better, status, progress) in [
            // A target of nothing.
            (None, 0.0, 0.0, Less, OnTrack, None),
            (None, 0.0, 3.0, Less, OffTrack, None),
            (None, 0.0, 0.0, More, OnTrack, None),
            (None, 0.0, 3.0, More, Ahead, None),
            (Some(0.0), 0.0, 50.0, Less, OffTrack, None),
            (Some(0.0), 0.0, 0.0, Less, OnTrack, None),
            (Some(20.0), 0.0, 0.0, Less, OnTrack, Some(1.0)),
            (Some(20.0), 0.0, 10.0, Less, OffTrack, Some(0.5)),
            // From nothing.
            (Some(0.0), 10.0, 0.0, More, OffTrack, Some(0.0)),
            (Some(0.0), 10.0, 10.0, More, OnTrack, Some(1.0)),
            // Without a baseline the figure is held against the target, whichever way is up.
            (None, 10.0, 8.5, More, AtRisk, Some(0.85)),
            (None, 10.0, 20.0, Less, OffTrack, Some(0.0)),
            (None, 10.0, 10.0, Less, OnTrack, Some(1.0)),
            (None, 10.0, 5.0, Less, Ahead, Some(1.5)),
            (None, 10.0, 0.0, Less, Ahead, Some(2.0)),
            // Nothing was to change.
            (Some(10.0), 10.0, 10.0, More, OnTrack, Some(1.0)),
            (Some(10.0), 10.0, 5.0, More, OffTrack, Some(0.5)),
            (Some(10.0), 10.0, 5.0, Less, Ahead, Some(1.5)),
            // Below nothing, as a balance is.
            (None, -10.0, -10.0, More, OnTrack, Some(1.0)),
            (None, -10.0, -20.0, More, OffTrack, Some(0.0)),
            (None, -10.0, -5.0, More, Ahead, Some(1.5)),
            (Some(0.0), 10.0, f64::NAN, More, NoData, None),
            (Some(0.0), 10.0, f64::INFINITY, More, NoData, None),
        ] {
            let path = Trajectory::new(baseline.map(|value| (2020, value)), [(2021, target)]);
            let found = path.standing(Some(value), day, better);
            assert_eq!((found.status, found.progress), (status, progress), "{baseline:?} {target} {value} {better:?}");
        }
    }
}
