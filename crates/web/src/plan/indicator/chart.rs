//! The trajectory of an indicator: what was, what was promised, where it is heading.

use jiff::{ToSpan, civil::Date};
use measure::{Expected, Figure, Trajectory as Path};

use crate::{frame::Frame, picture::trajectory, words::number};

/// How many months ahead a figure is looked at, where nothing is promised for later.
const MONTHS_AHEAD: usize = 12;
const MONTHS_AHEAD_MAX: usize = 36;

/// The days to look ahead to: the ends of the coming months, up to the last promise.
pub(super) fn horizon(path: &Path, today: Date) -> Vec<Date> {
    let last = path.points.last().map(|(day, _)| *day).filter(|day| *day > today);
    let mut days = Vec::new();
    let mut day = today.last_of_month();
    while days.len() < MONTHS_AHEAD_MAX && last.map_or(days.len() < MONTHS_AHEAD, |last| day <= last) {
        if day > today {
            days.push(day);
        }
        let Ok(next) = day.first_of_month().checked_add(1.month()) else { break };
        day = next.last_of_month();
    }
    days
}

fn time(day: Date) -> f64 {
    f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year())
}

pub(super) fn chart(
    f: &Frame,
    title: &str,
    (days, series): (&[Date], &[Figure]),
    path: &Path,
    fan: &[Expected],
) -> String {
    let actual: Vec<(f64, f64)> =
        days.iter().zip(series).filter_map(|(day, figure)| Some((time(*day), figure.value?))).collect();
    let target: Vec<(f64, f64)> = path.corners().iter().map(|(day, value)| (time(*day), *value)).collect();
    let fan: Vec<(f64, f64, f64, f64)> = fan.iter().map(|e| (time(e.day), e.low, e.middle, e.high)).collect();
    let values = actual.iter().chain(&target).map(|(_, y)| *y).chain(fan.iter().flat_map(|e| [e.1, e.3]));
    let (least, most) = values.fold((0.0_f64, 1.0_f64), |(a, b), y| (a.min(y), b.max(y)));
    let xs = actual.iter().chain(&target).map(|(x, _)| *x).chain(fan.iter().map(|e| e.0));
    let (first, last) = xs.fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(x), b.max(x)));
    let years = (first.ceil() as i64..=last.ceil() as i64).take(12).map(|year| (year as f64, year.to_string()));
    trajectory::trajectory(&trajectory::Trajectory {
        now_label: actual.last().map_or(String::new(), |(_, value)| number(*value)),
        actual,
        path: target,
        forecast: (!fan.is_empty()).then_some(fan),
        x_ticks: years.collect(),
        y_ticks: trajectory::nice_ticks(least, most, 4).into_iter().map(|y| (y, number(y))).collect(),
        path_label: f.w.say("indicator-path"),
        forecast_label: f.w.say("indicator-forecast"),
        title: f.w.say1("chart-trajectory", title),
        id: "trajectory".into(),
        rtl: f.lang.is_rtl(),
        anew: path.anew_each_year,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn one_looks_as_far_as_was_promised() {
        let path = Path::new(None, [(2022, 10.0)]);
        let days = horizon(&path, date(2021, 11, 30));
        assert_eq!((days.first(), days.last()), (Some(&date(2021, 12, 31)), Some(&date(2022, 12, 31))));
        assert_eq!(horizon(&Path::default(), date(2021, 2, 10)).len(), MONTHS_AHEAD - 1 + 1);
        assert_eq!(horizon(&Path::new(None, [(2200, 1.0)]), date(2021, 2, 10)).len(), MONTHS_AHEAD_MAX);
        // What was promised lies behind: one still looks a year ahead.
        assert_eq!(horizon(&Path::new(None, [(2019, 1.0)]), date(2021, 2, 10)).len(), MONTHS_AHEAD);
    }
}
