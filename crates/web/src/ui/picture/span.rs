//! A stretch of time within a longer one, with a mark for today: a row of a timeline. What it shows stands in words
//! beside it, so that a phone can show the words large and the bar as wide as there is room.

use jiff::civil::Date;

const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 12.0;

/// `own` within `all`, the first and the last day of each.
pub fn span(own: (Date, Date), all: (Date, Date), today: Date, critical: bool) -> String {
    let days = |from: Date, to: Date| from.until(to).map_or(0.0, |span| f64::from(span.get_days()));
    let whole = (days(all.0, all.1) + 1.0).max(1.0);
    let x = |day: Date| (days(all.0, day) / whole).clamp(0.0, 1.0) * WIDTH;
    let width = ((days(own.0, own.1) + 1.0) / whole * WIDTH).clamp(4.0, WIDTH);
    let mut years = String::new();
    for year in all.0.year()..=all.1.year() {
        if let Ok(day) = Date::new(year, 1, 1)
            && day > all.0
        {
            years.push_str(&format!(
                "<rect class=\"year\" x=\"{:.0}\" y=\"0\" width=\"2\" height=\"{HEIGHT}\"/>",
                x(day)
            ));
        }
    }
    let class = if critical { "bar critical" } else { "bar" };
    let mark = if (all.0..=all.1).contains(&today) {
        format!("<rect class=\"today\" x=\"{:.0}\" y=\"0\" width=\"5\" height=\"{HEIGHT}\"/>", x(today))
    } else {
        String::new()
    };
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"span\" aria-hidden=\"true\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
         preserveAspectRatio=\"none\"><g class=\"flip\"><rect class=\"track\" x=\"0\" y=\"3\" width=\"{WIDTH}\" height=\"6\"/>\
         {years}<rect class=\"{class}\" x=\"{:.0}\" y=\"1\" width=\"{width:.0}\" height=\"10\"/>{mark}</g></svg>",
        x(own.0)
    )
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;
    use jiff::civil::date;

    #[test]
    fn a_stretch_stands_where_it_is() {
        let all = (date(2021, 1, 1), date(2022, 12, 31));
        let svg = span((date(2022, 1, 1), date(2022, 12, 31)), all, date(2021, 7, 2), true);
        check(&svg);
        assert!(svg.contains("x=\"500\" y=\"1\" width=\"500\""), "{svg}");
        assert!(svg.contains("class=\"today\" x=\"249\""), "{svg}");
        let one_day = (date(2021, 1, 1), date(2021, 1, 1));
        let svg = span(one_day, one_day, date(2030, 1, 1), false);
        check(&svg);
        assert!(!svg.contains("today"));
    }
}
