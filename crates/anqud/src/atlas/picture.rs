//! Pictures as SVG without a library: a field with axes, and points, bands and bars in it.

use std::fmt::Write;

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 80.0;
const BOTTOM: f64 = 60.0;
const MARGIN: f64 = 24.0;

/// Points with names over two axes.
pub(crate) fn scatter(across: &str, up: &str, points: &[(f64, f64, &str)]) -> String {
    let field = Field::new(bounds(points.iter().map(|point| point.0)), bounds(points.iter().map(|point| point.1)));
    let mut body = field.axes(across, up);
    for (x, y, name) in points {
        let (x, y) = (field.x(*x), field.y(*y));
        let name = escaped(name);
        let _ = write!(
            body,
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\" fill=\"#1f5f8b\"/>\
             <text x=\"{:.1}\" y=\"{:.1}\">{name}</text>",
            x + 7.0,
            y + 4.0
        );
    }
    document(&body)
}

/// A fan over time: for each step the values that a tenth, half and nine tenths of the runs stay below, and a target.
pub(crate) fn fan(title: &str, labels: &[String], bands: &[[f64; 3]], target: Option<f64>) -> String {
    let values = bands.iter().flatten().copied().chain(target).chain([0.0]);
    let field = Field::new((0.0, bands.len().saturating_sub(1).max(1) as f64), bounds(values));
    let mut body = field.axes("", title);
    let line = |pick: usize| -> Vec<String> {
        let at = |(step, band): (usize, &[f64; 3])| format!("{:.1},{:.1}", field.x(step as f64), field.y(band[pick]));
        bands.iter().enumerate().map(at).collect()
    };
    let mut edge = line(0);
    edge.extend(line(2).into_iter().rev());
    let _ = write!(
        body,
        "<polygon points=\"{}\" fill=\"#9cc4dd\"/><polyline points=\"{}\" fill=\"none\" stroke=\"#1f5f8b\" \
         stroke-width=\"2\"/>",
        edge.join(" "),
        line(1).join(" ")
    );
    if let Some(target) = target {
        let y = field.y(target);
        let _ = write!(
            body,
            "<line x1=\"{LEFT}\" x2=\"{:.1}\" y1=\"{y:.1}\" y2=\"{y:.1}\" stroke=\"#b3261e\" \
             stroke-dasharray=\"6 4\"/>",
            WIDTH - MARGIN
        );
    }
    for step in (0..labels.len()).step_by(labels.len().div_ceil(8).max(1)) {
        let (x, y) = (field.x(step as f64), HEIGHT - BOTTOM + 34.0);
        let label = escaped(&labels[step]);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{label}</text>");
    }
    document(&body)
}

struct Field {
    across: (f64, f64),
    up: (f64, f64),
}

impl Field {
    fn new(across: (f64, f64), up: (f64, f64)) -> Field {
        Field { across, up }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + (value - self.across.0) / (self.across.1 - self.across.0) * (WIDTH - LEFT - MARGIN)
    }

    fn y(&self, value: f64) -> f64 {
        HEIGHT - BOTTOM - (value - self.up.0) / (self.up.1 - self.up.0) * (HEIGHT - BOTTOM - MARGIN)
    }

    /// Two lines, the numbers on them, and what they stand for; numbers across only where that has a name.
    fn axes(&self, across: &str, up: &str) -> String {
        let (bottom, right) = (HEIGHT - BOTTOM, WIDTH - MARGIN);
        let mut body = format!(
            "<path d=\"M{LEFT},{MARGIN} V{bottom} H{right}\" fill=\"none\" stroke=\"#444\"/>\
             <text x=\"{LEFT}\" y=\"16\">{}</text>\
             <text x=\"{right}\" y=\"{}\" text-anchor=\"end\">{}</text>",
            escaped(up),
            HEIGHT - 8.0,
            escaped(across)
        );
        for step in 0..=4 {
            let share = f64::from(step) / 4.0;
            let value = self.up.0 + share * (self.up.1 - self.up.0);
            let y = self.y(value) + 4.0;
            let _ =
                write!(body, "<text x=\"{:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>", LEFT - 8.0, short(value));
            if !across.is_empty() {
                let value = self.across.0 + share * (self.across.1 - self.across.0);
                let (x, y) = (self.x(value), bottom + 18.0);
                let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{}</text>", short(value));
            }
        }
        body
    }
}

/// The smallest and largest value, a little apart when they are the same.
fn bounds(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::MAX, f64::MIN), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        (0.0, 1.0)
    } else if high - low < 1e-9 {
        (low - 1.0, high + 1.0)
    } else {
        (low, high)
    }
}

fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn document(body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" font-family=\"sans-serif\" \
         font-size=\"12\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cannot_break_the_picture_and_one_point_has_a_place() {
        let drawn = scatter("x", "y", &[(1.0, 2.0, "<b>&")]);
        assert!(drawn.contains("&lt;b&gt;&amp;") && !drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
        let drawn = fan("y", &["2020".to_owned()], &[[1.0, 2.0, 3.0]], Some(4.0));
        assert!(!drawn.contains("NaN"), "{drawn}");
    }
}
