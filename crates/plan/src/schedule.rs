//! When activities follow each other, and which of them no delay can be had of: the critical path method (Kelley and
//! Walker, *Critical-Path Planning and Scheduling*, 1959) on the days that the plan gives.

use std::collections::HashMap;

use jiff::civil::Date;

use crate::{Activity, Objective};

/// An activity in its place in time.
#[derive(Debug, Clone, Copy)]
pub struct Scheduled<'a> {
    pub activity: &'a Activity,
    /// By how many days it can end later without moving anything that follows, or the end of the objective.
    pub slack_days: i64,
}

impl Scheduled<'_> {
    /// Whether any delay of it delays the objective.
    pub fn is_critical(&self) -> bool {
        self.slack_days <= 0
    }
}

/// The activities of an objective in time, in the order of their interventions.
#[derive(Debug)]
pub struct Schedule<'a> {
    pub from: Date,
    pub to: Date,
    pub activities: Vec<Scheduled<'a>>,
}

impl Objective {
    /// Its activities in time; `None` where it has none.
    pub fn schedule(&self) -> Option<Schedule<'_>> {
        let all: Vec<&Activity> = self.interventions.iter().flat_map(|i| &i.activities).collect();
        let from = all.iter().map(|a| a.from).min()?;
        let to = all.iter().map(|a| a.to).max()?;
        let latest = latest_ends(&all, to);
        let scheduled = |activity: &&'_ Activity| {
            let end = latest.get(AsRef::<str>::as_ref(&activity.activity)).copied().unwrap_or(to);
            days(activity.to, end)
        };
        let slack: Vec<i64> = all.iter().map(scheduled).collect();
        let activities = all.into_iter().zip(slack);
        let activities = activities.map(|(activity, slack_days)| Scheduled { activity, slack_days }).collect();
        Some(Schedule { from, to, activities })
    }
}

/// The last day on which each activity can end: the day before the latest start of what follows it. Going through the
/// activities as often as there are reaches every chain; what waits for itself stays as it is.
fn latest_ends<'a>(all: &[&'a Activity], to: Date) -> HashMap<&'a str, Date> {
    let mut latest: HashMap<&str, Date> = all.iter().map(|a| (a.activity.as_ref(), to)).collect();
    for _ in 0..all.len() {
        let mut moved = false;
        for follower in all {
            let end = latest.get(AsRef::<str>::as_ref(&follower.activity)).copied().unwrap_or(to);
            // It can begin as much later than planned as it can end later.
            let slack = days(follower.to, end);
            let start = follower.from.checked_add(jiff::Span::new().days(slack - 1));
            let Ok(day_before) = start else { continue };
            for before in &follower.after {
                if let Some(known) = latest.get_mut(AsRef::<str>::as_ref(before))
                    && day_before < *known
                {
                    *known = day_before;
                    moved = true;
                }
            }
        }
        if !moved {
            break;
        }
    }
    latest
}

fn days(from: Date, to: Date) -> i64 {
    from.until(to).map_or(0, |span| i64::from(span.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objective(activities: &str) -> Objective {
        let text = format!(
            r#"{{"objective": "o", "title": {{"en": "o"}}, "interventions": [{{"intervention": "i", "title": {{"en": "i"}},
                "responsible": "e", "activities": [{activities}]}}]}}"#
        );
        serde_json::from_str(&text).unwrap()
    }

    fn slack(objective: &Objective) -> Vec<(String, i64)> {
        let schedule = objective.schedule().unwrap();
        schedule.activities.iter().map(|s| (s.activity.activity.to_string(), s.slack_days)).collect()
    }

    #[test]
    fn what_delays_the_end_is_critical() {
        let objective = objective(
            r#"{"activity": "a", "from": "2021-01-01", "to": "2021-01-31", "title": {}},
               {"activity": "b", "from": "2021-02-01", "to": "2021-03-31", "title": {}, "after": ["a"]},
               {"activity": "c", "from": "2021-02-01", "to": "2021-02-10", "title": {}, "after": ["a"]},
               {"activity": "d", "from": "2021-02-20", "to": "2021-03-21", "title": {}, "after": ["c"]}"#,
        );
        // d may move by 10 days; c has those and the 9 days before d.
        let wanted = [("a", 0), ("b", 0), ("c", 19), ("d", 10)].map(|(name, days)| (name.to_owned(), days));
        assert_eq!(slack(&objective), wanted);
    }

    #[test]
    fn what_waits_for_itself_still_has_an_answer() {
        let objective = objective(
            r#"{"activity": "a", "from": "2021-01-01", "to": "2021-01-31", "title": {}, "after": ["b"]},
               {"activity": "b", "from": "2021-01-01", "to": "2021-01-31", "title": {}, "after": ["a"]}"#,
        );
        assert_eq!(slack(&objective).len(), 2);
    }
}
