//! Periods: how long a cell of a table is.

use jiff::civil::Date;

/// The length of a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    Day,
    Month,
    Quarter,
    Year,
}

impl Period {
    pub fn parse(text: &str) -> Option<Period> {
        match text {
            "day" => Some(Period::Day),
            "month" => Some(Period::Month),
            "quarter" => Some(Period::Quarter),
            "year" => Some(Period::Year),
            _ => None,
        }
    }

    /// The name of the period in which a day is: `2021-03-09`, `2021-03`, `2021-Q1`, `2021`. Names sort as time goes.
    pub fn name(self, day: Date) -> String {
        match self {
            Period::Day => day.to_string(),
            Period::Month => format!("{:04}-{:02}", day.year(), day.month()),
            Period::Quarter => format!("{:04}-Q{}", day.year(), (day.month() + 2) / 3),
            Period::Year => format!("{:04}", day.year()),
        }
    }

    /// The first and the last day of the period of that name.
    pub fn days(name: &str) -> Option<(Date, Date)> {
        let year: i16 = name.get(..4)?.parse().ok()?;
        let months = |first: i8, last: i8| {
            Some((Date::new(year, first, 1).ok()?, Date::new(year, last, 1).ok()?.last_of_month()))
        };
        match name.get(4..)? {
            "" => months(1, 12),
            "-Q1" => months(1, 3),
            "-Q2" => months(4, 6),
            "-Q3" => months(7, 9),
            "-Q4" => months(10, 12),
            rest if rest.len() == 3 => {
                let month: i8 = rest.strip_prefix('-')?.parse().ok()?;
                months(month, month)
            }
            _ => {
                let day: Date = name.parse().ok()?;
                (day.to_string() == name).then_some((day, day))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_name_leads_back_to_its_days() {
        let day = date(2024, 2, 29);
        for (period, name, first, last) in [
            (Period::Day, "2024-02-29", day, day),
            (Period::Month, "2024-02", date(2024, 2, 1), day),
            (Period::Quarter, "2024-Q1", date(2024, 1, 1), date(2024, 3, 31)),
            (Period::Year, "2024", date(2024, 1, 1), date(2024, 12, 31)),
        ] {
            assert_eq!(period.name(day), name);
            assert_eq!(Period::days(name), Some((first, last)));
        }
        for wrong in ["", "24", "2024-13", "2024-Q5", "2024-02-30", "2024-2", "2024-02-29x", "٢٠٢٤"] {
            assert_eq!(Period::days(wrong), None, "{wrong}");
        }
    }
}
