//! Working days: the pack's weekend, holidays and time zone.

use std::{borrow::Cow, collections::BTreeSet, fmt, str::FromStr};

use jiff::{
    Timestamp,
    civil::{Date, Weekday},
    tz::TimeZone,
};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// When offices are open.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub weekend: Vec<Weekday>,
    pub holidays: BTreeSet<Date>,
    pub zone: TimeZone,
}

impl Calendar {
    pub fn is_working(&self, day: Date) -> bool {
        !self.weekend.contains(&day.weekday()) && !self.holidays.contains(&day)
    }

    /// The day that is `n` working days after `day`. Beyond the end of time it is the last of all days.
    pub fn add_working_days(&self, day: Date, n: u32) -> Date {
        let (mut day, mut left) = (day, n);
        while left > 0 {
            let Ok(next) = day.tomorrow() else { return day };
            day = next;
            left -= u32::from(self.is_working(day));
        }
        day
    }

    /// How many working days come after `from`, up to and including `to`.
    pub fn working_days_between(&self, from: Date, to: Date) -> i64 {
        let (mut day, mut count) = (from, 0);
        while day < to {
            let Ok(next) = day.tomorrow() else { return count };
            day = next;
            count += i64::from(self.is_working(day));
        }
        count
    }

    /// The day that it is here.
    pub fn local_date(&self, at: Timestamp) -> Date {
        at.to_zoned(self.zone.clone()).date()
    }
}

/// A span of time as the pack writes it: `10 working days`, `30 days`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Within {
    pub days: u32,
    pub working: bool,
}

impl Within {
    /// The last day that is still within.
    pub fn due(&self, from: Date, calendar: &Calendar) -> Date {
        if self.working {
            calendar.add_working_days(from, self.days)
        } else {
            from.checked_add(jiff::Span::new().days(i64::from(self.days))).unwrap_or(Date::MAX)
        }
    }
}

/// Why a text is no span.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{0}» is no time: expected such as `10 working days` or `30 days`, at most 3660")]
pub struct WithinError(String);

impl FromStr for Within {
    type Err = WithinError;
    fn from_str(text: &str) -> Result<Within, WithinError> {
        let error = || WithinError(text.chars().take(60).collect());
        let mut words = text.split_whitespace();
        let days: u32 = words.next().and_then(|n| n.parse().ok()).filter(|n| *n <= 3660).ok_or_else(error)?;
        match (words.next(), words.next(), words.next()) {
            (Some("working"), Some("day" | "days"), None) => Ok(Within { days, working: true }),
            (Some("day" | "days"), None, None) => Ok(Within { days, working: false }),
            _ => Err(error()),
        }
    }
}

impl TryFrom<String> for Within {
    type Error = WithinError;
    fn try_from(text: String) -> Result<Within, WithinError> {
        text.parse()
    }
}

impl From<Within> for String {
    fn from(within: Within) -> String {
        within.to_string()
    }
}

impl fmt::Display for Within {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{} day{}",
            self.days,
            if self.working { " working" } else { "" },
            if self.days == 1 { "" } else { "s" }
        )
    }
}

impl JsonSchema for Within {
    fn schema_name() -> Cow<'static, str> {
        "Within".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A span of time, such as `10 working days` or `30 days`.",
            "type": "string",
            "pattern": "^[0-9]+ (working )?days?$"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn calendar() -> Calendar {
        Calendar {
            weekend: vec![Weekday::Friday, Weekday::Saturday],
            holidays: [date(2021, 1, 7)].into(),
            zone: TimeZone::UTC,
        }
    }

    #[test]
    fn friday_saturday_and_holidays_do_not_count() {
        // Wednesday; Thursday is a holiday, then the weekend, so the first working day is Sunday.
        assert_eq!(calendar().add_working_days(date(2021, 1, 6), 1), date(2021, 1, 10));
        assert_eq!(calendar().working_days_between(date(2021, 1, 6), date(2021, 1, 10)), 1);
        assert_eq!("10 working days".parse(), Ok(Within { days: 10, working: true }));
        assert!("soon".parse::<Within>().is_err() && "99999 days".parse::<Within>().is_err());
    }

    proptest! {
        #[test]
        fn counting_undoes_adding(offset in 0_i64..3000, n in 0_u32..200) {
            let from = date(2020, 1, 1).checked_add(jiff::Span::new().days(offset)).unwrap();
            let to = calendar().add_working_days(from, n);
            prop_assert_eq!(calendar().working_days_between(from, to), i64::from(n));
        }
    }
}
