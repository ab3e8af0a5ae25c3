//! A day, typed as day, month and year or as an ISO date.

use jiff::civil::Date;
use serde_json::Value as Json;

use super::{Input, Kind};
use crate::{Fault, Field};

pub(super) struct DateKind;

impl Kind for DateKind {
    fn name(&self) -> &'static str {
        "date"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, _: &Field, typed: &[String]) -> Result<Json, Fault> {
        let parts: Vec<String> = typed.iter().map(|t| base::typed::bare(t).trim().to_owned()).collect();
        let date = match parts.as_slice() {
            [day, month, year] => numbers(year, month, day),
            [text] => text.parse().ok().or_else(|| {
                let mut split = text.split(['/', '.', '-', '\u{2010}', '\u{2011}', '\u{2013}', '\u{2212}', '،', '٫']);
                let (day, month, year) = (split.next()?, split.next()?, split.next()?);
                numbers(year, month, day)
            }),
            _ => None,
        };
        let date: Date = date.filter(|d| (1900..=2200).contains(&d.year())).ok_or(Fault::new("fault-date"))?;
        Ok(Json::String(date.to_string()))
    }
    fn input(&self) -> Input {
        Input::Date
    }
}

fn numbers(year: &str, month: &str, day: &str) -> Option<Date> {
    let digits = |text: &str| text.trim().bytes().all(|byte| byte.is_ascii_digit()).then(|| text.trim().to_owned());
    Date::new(digits(year)?.parse().ok()?, digits(month)?.parse().ok()?, digits(day)?.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_in_each_way_people_type_it() {
        let field: Field = serde_json::from_str(r#"{"type":"date"}"#).unwrap();
        let read = |typed: &[&str]| field.parse(&typed.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>());
        for typed in [
            &["2021-03-09"][..],
            &["9/3/2021"],
            &["٩/٣/٢٠٢١"],
            &["\u{200F}9/3/2021\u{200E}"],
            &["9\u{2011}3\u{2011}2021"],
            &["9", "3", "2021"],
        ] {
            assert_eq!(read(typed), Ok(Json::from("2021-03-09")), "{typed:?}");
        }
        for typed in [&["30", "2", "2021"][..], &["yesterday"], &["1", "1", "21"], &["1", "2"]] {
            assert_eq!(read(typed), Err(Fault::new("fault-date")), "{typed:?}");
        }
    }
}
