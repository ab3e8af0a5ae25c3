//! What matters most: a bar for each cause, from what comes of its low value to what comes of its high one.

use super::{at, escape, open};

const WIDTH: f64 = 520.0;
const ROW: f64 = 44.0;

/// A cause and what comes of its low and its high value.
#[derive(Debug, Clone, PartialEq)]
pub struct Bar {
    pub label: String,
    pub low: f64,
    pub high: f64,
    pub low_text: String,
    pub high_text: String,
}

/// The bars, the longest first; time and size run as the reader reads.
pub fn swings(bars: &[Bar], title: &str, id: &str, rtl: bool) -> String {
    let height = bars.len() as f64 * ROW + 10.0;
    let mut svg = open("swings", "img", (WIDTH, height), title, id);
    let values = || bars.iter().flat_map(|bar| [bar.low, bar.high]).filter(|value| value.is_finite());
    let (least, most) = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let span = (most - least).max(1e-9);
    let place = |value: f64| {
        let x = 70.0 + (value - least) / span * (WIDTH - 140.0);
        if rtl { WIDTH - x } else { x }
    };
    for (row, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.low.is_finite() && bar.high.is_finite()) {
        let y = row as f64 * ROW + 4.0;
        let (from, to) = (place(bar.low), place(bar.high));
        let (left, right) = (from.min(to), from.max(to));
        let (edge, anchor) = if rtl { (WIDTH, "end") } else { (0.0, "start") };
        let (left_text, right_text) =
            if from <= to { (&bar.low_text, &bar.high_text) } else { (&bar.high_text, &bar.low_text) };
        svg.push_str(&format!(
            "<text class=\"cause\" x=\"{}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>\
             <rect class=\"swing\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"14\" rx=\"4\"/>\
             <text class=\"end\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>\
             <text class=\"end\" x=\"{}\" y=\"{}\" text-anchor=\"start\">{}</text>",
            at(edge),
            at(y + 13.0),
            escape(&bar.label),
            at(left),
            at(y + 20.0),
            at((right - left).max(2.0)),
            at(left - 6.0),
            at(y + 32.0),
            escape(left_text),
            at(right + 6.0),
            at(y + 32.0),
            escape(right_text),
        ));
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_whole_whatever_their_values() {
        let bar = |low, high| Bar { label: "a<b".into(), low, high, low_text: "1".into(), high_text: "2".into() };
        for rtl in [true, false] {
            super::super::test::check(&swings(&[bar(1.0, 2.0), bar(2.0, 1.0), bar(f64::NAN, 1.0)], "t", "i", rtl));
            super::super::test::check(&swings(&[], "t", "i", rtl));
        }
    }
}
