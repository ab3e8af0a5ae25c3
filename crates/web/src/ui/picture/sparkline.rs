//! A small line beside a number, with its lowest and highest value as a scale. In right-to-left pages the stylesheet
//! turns the group `flip` round and moves the two labels to the other side.

use super::{at, escape, extent, grouped, open, points};

const WIDTH: f64 = 168.0;
const HEIGHT: f64 = 44.0;

/// One point a period; `None` leaves a gap in the line.
pub fn sparkline(values: &[Option<f64>], status_class: &str, title: &str, id: &str) -> String {
    let mut svg = open(&format!("spark {status_class}"), "img", (WIDTH, HEIGHT), title, id);
    let known = |value: &Option<f64>| value.filter(|v| v.is_finite());
    let Some((low, high)) = extent(values.iter().filter_map(known)) else {
        svg.push_str(&format!("<path class=\"scale\" d=\"M2 {y}H{}\"/></svg>", at(WIDTH - 2.0), y = at(HEIGHT / 2.0)));
        return svg;
    };
    let (low_label, high_label) = (grouped(low), grouped(high));
    let room = (low_label.chars().count().max(high_label.chars().count()) as f64 * 6.4 + 8.0).min(80.0);
    let (start, end, top, bottom) = (room, WIDTH - 6.0, 7.0, HEIGHT - 7.0);
    let step = (end - start) / (values.len().max(2) - 1) as f64;
    let span = high - low;
    let place = |i: usize, v: f64| {
        let x = if values.len() == 1 { end } else { start + step * i as f64 };
        let y = if span > 0.0 && span.is_finite() {
            bottom - (v - low) / span * (bottom - top)
        } else {
            (top + bottom) / 2.0
        };
        (x, y)
    };

    svg.push_str("<g class=\"flip\">");
    for y in [top, bottom] {
        svg.push_str(&format!("<path class=\"scale\" d=\"M{} {}H{}\"/>", at(start), at(y), at(WIDTH)));
    }
    let mut last = None;
    let mut run: Vec<(f64, f64)> = Vec::new();
    for (i, value) in values.iter().enumerate() {
        match known(value) {
            Some(v) => {
                run.push(place(i, v));
                last = run.last().copied();
            }
            None => svg.push_str(&line(&std::mem::take(&mut run))),
        }
    }
    svg.push_str(&line(&run));
    if let Some((x, y)) = last {
        svg.push_str(&format!("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"3.5\"/>", at(x), at(y)));
    }
    svg.push_str("</g>");
    let mut label = |y: f64, text: &str| {
        let text = escape(text);
        svg.push_str(&format!("<text class=\"spark-label\" x=\"0\" y=\"{}\" direction=\"ltr\">{text}</text>", at(y)));
    };
    if high_label == low_label {
        label((top + bottom) / 2.0 + 4.0, &high_label);
    } else {
        label(top + 4.0, &high_label);
        label(bottom + 4.0, &low_label);
    }
    svg.push_str("</svg>");
    svg
}

fn line(run: &[(f64, f64)]) -> String {
    match run {
        [] => String::new(),
        [(x, y)] => format!("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"1.5\"/>", at(*x), at(*y)),
        run => format!("<polyline class=\"line\" points=\"{}\"/>", points(run)),
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;

    #[test]
    fn shows_line_and_scale() {
        let svg = sparkline(&[Some(3000.0), None, Some(4000.0), Some(4980.0)], "off-track", "a < b", "s1");
        check(&svg);
        for part in [">3,000<", ">4,980<", "spark off-track", "a &lt; b"] {
            assert!(svg.contains(part), "{part}");
        }
    }

    #[test]
    fn survives_anything() {
        for values in [
            &[][..],
            &[None],
            &[Some(f64::NAN), Some(f64::INFINITY)],
            &[Some(1.0)],
            &[Some(2.0), Some(2.0)],
            &[Some(f64::MAX), Some(f64::MIN)],
        ] {
            check(&sparkline(values, "x\" onl=\"", "t", "s"));
        }
    }
}
