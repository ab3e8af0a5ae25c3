//! Pictures as SVG without a library: a field with axes, and points, bands and bars in it.

use std::fmt::Write;

use web::picture::{
    labels::{self, Dot},
    network::{self, Node},
};

const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 440.0;
const LEFT: f64 = 80.0;
const BOTTOM: f64 = 60.0;
const MARGIN: f64 = 24.0;
/// The size of letters.
const LETTERS: f64 = 12.0;
/// More names than this lie on each other wherever they stand; the dots still have them as titles.
const LABELS_MAX: usize = 200;
const INK: &str = "#1f5f8b";
const PALE: &str = "#9cc4dd";

/// Points with names over two axes.
pub(crate) fn scatter(across: &str, up: &str, points: &[(f64, f64, &str)]) -> String {
    let field = Field::new(
        roomy(bounds(points.iter().map(|point| point.0))),
        roomy(bounds(points.iter().map(|point| point.1))),
    );
    let mut body = field.axes(across, up);
    let dots: Vec<Dot> =
        points.iter().map(|(x, y, name)| Dot { x: field.x(*x), y: field.y(*y), radius: 4.0, label: name }).collect();
    for dot in &dots {
        let _ = write!(
            body,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{}\" fill=\"{INK}\"><title>{}</title></circle>",
            dot.x,
            dot.y,
            dot.radius,
            escaped(dot.label)
        );
    }
    let named = if dots.len() > LABELS_MAX { &[][..] } else { &dots[..] };
    for (dot, (x, y)) in named.iter().zip(labels::places(named, (WIDTH, HEIGHT - BOTTOM), LETTERS)) {
        let name = escaped(dot.label);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"middle\">{name}</text>");
    }
    document(&body)
}

/// What each amount reaches, as a line that rises in steps, with the amount that was asked for.
pub(crate) fn steps(across: &str, up: &str, points: &[(f64, f64)], asked: f64) -> String {
    let field =
        Field::new(bounds(points.iter().map(|point| point.0)), bounds(points.iter().map(|point| point.1).chain([0.0])));
    let mut body = field.axes(across, up);
    let mut path = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let (x, y) = (field.x(*x), field.y(*y));
        let _ = if at == 0 { write!(path, "M{x:.1},{y:.1}") } else { write!(path, " H{x:.1} V{y:.1}") };
        let _ = write!(body, "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"3.5\" fill=\"{INK}\"/>");
    }
    let (x, bottom) = (field.x(asked), HEIGHT - BOTTOM);
    let _ = write!(
        body,
        "<path d=\"{path}\" fill=\"none\" stroke=\"{INK}\" stroke-width=\"2\"/>\
         <path d=\"M{x:.1},{bottom} V{MARGIN}\" fill=\"none\" stroke=\"#b3261e\" stroke-dasharray=\"6 4\"/>"
    );
    document(&body)
}

/// A square for each cell that is there, its area by the value up to four: rows down, columns across.
pub(crate) fn squares(title: &str, rows: &[String], columns: &[String], cells: &[Vec<Option<f64>>]) -> String {
    const CELL: f64 = 24.0;
    let longest = |names: &[String]| names.iter().map(|name| name.chars().count()).max().unwrap_or(0) as f64;
    let (left, top) = (longest(rows) * 7.0 + 16.0, longest(columns) * 6.0 + 48.0);
    let mut body = format!("<text x=\"8\" y=\"18\">{}</text>", escaped(title));
    for (at, name) in columns.iter().enumerate() {
        let x = left + (at as f64 + 0.5) * CELL + 4.0;
        let _ = write!(
            body,
            "<text x=\"{x:.1}\" y=\"{:.1}\" transform=\"rotate(-60 {x:.1} {:.1})\">{}</text>",
            top - 8.0,
            top - 8.0,
            escaped(name)
        );
    }
    for (row, name) in rows.iter().enumerate() {
        let middle = top + (row as f64 + 0.5) * CELL;
        let (x, y) = (left - 8.0, middle + 4.0);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"end\">{}</text>", escaped(name));
        for (column, value) in cells[row].iter().enumerate() {
            let Some(value) = value else { continue };
            let side = (value.clamp(0.02, 4.0) / 4.0).sqrt() * (CELL - 2.0);
            let (x, y) = (left + (column as f64 + 0.5) * CELL - side / 2.0, middle - side / 2.0);
            let fill = if *value >= 1.0 { INK } else { PALE };
            let _ = write!(
                body,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{side:.1}\" height=\"{side:.1}\" fill=\"{fill}\">\
                 <title>{}, {}: {value:.2}</title></rect>",
                escaped(name),
                escaped(&columns[column])
            );
        }
    }
    // Slanted names lean over the last column.
    let width = left + columns.len() as f64 * CELL + longest(columns) * 4.0 + 16.0;
    sized(width, top + rows.len() as f64 * CELL + 12.0, &body)
}

/// Bars of parts above and below zero, one below the other.
pub(crate) fn bars(parts: &[&str; 3], rows: &[(&str, [f64; 3])]) -> String {
    const ROW: f64 = 26.0;
    const COLOURS: [&str; 3] = [PALE, "#c98a2b", INK];
    let sums = |sign: f64| rows.iter().map(move |(_, of)| of.iter().filter(|v| **v * sign > 0.0).sum::<f64>());
    let (low, high) = bounds(sums(-1.0).chain(sums(1.0)).chain([0.0]));
    let left = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0) as f64 * 7.0 + 16.0;
    let place = |value: f64| left + (value - low) / (high - low) * (WIDTH - left - MARGIN);
    let mut body = String::new();
    for (at, part) in parts.iter().enumerate() {
        let x = left + at as f64 * 120.0;
        let _ = write!(
            body,
            "<rect x=\"{x:.1}\" y=\"8\" width=\"12\" height=\"12\" fill=\"{}\"/><text x=\"{:.1}\" y=\"18\">{part}</text>",
            COLOURS[at],
            x + 18.0
        );
    }
    for (row, (name, of)) in rows.iter().enumerate() {
        let y = 34.0 + row as f64 * ROW;
        let (x, base) = (left - 8.0, y + 13.0);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{base:.1}\" text-anchor=\"end\">{}</text>", escaped(name));
        let (mut below, mut above) = (0.0, 0.0);
        for (value, colour) in of.iter().zip(COLOURS) {
            let side = if *value < 0.0 { &mut below } else { &mut above };
            let (from, to) = (place(*side), place(*side + value));
            *side += value;
            let (x, width) = (from.min(to), (to - from).abs());
            let _ = write!(
                body,
                "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"18\" fill=\"{colour}\"><title>{value:.1}</title></rect>"
            );
        }
    }
    let (zero, bottom) = (place(0.0), 34.0 + rows.len() as f64 * ROW);
    let _ = write!(body, "<path d=\"M{zero:.1},28 V{bottom:.1}\" stroke=\"#444\"/>");
    for (value, anchor) in [(low, "start"), (high, "end")] {
        let (x, y) = (place(value), bottom + 16.0);
        let _ = write!(body, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{}</text>", short(value));
    }
    sized(WIDTH, bottom + 28.0, &body)
}

/// Activities as a graph, in which what is related lies close together.
pub(crate) fn graph(title: &str, nodes: &[Node], related: &dyn Fn(usize, usize) -> f64) -> String {
    let drawn = network::network(nodes, related, title, "graph");
    // The pages have their colours from a stylesheet; a picture by itself brings them along.
    let style = "<style>svg{background:#fff;font-family:sans-serif}text{font-size:14px}line{stroke:#ccc;stroke-width:1.5}\
                 .strong{stroke:#888;stroke-width:2.5}circle{fill:#5b2a5e}.g1 circle{fill:#5a7330}.g2 circle{fill:#a8471f}\
                 .g3 circle{fill:#c98a2b}.g4 circle{fill:#1f5f8b}.g5 circle{fill:#777}</style>";
    format!("{}\n", drawn.replacen("</title>", &format!("</title>{style}"), 1))
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
        "<polygon points=\"{}\" fill=\"{PALE}\"/><polyline points=\"{}\" fill=\"none\" stroke=\"{INK}\" \
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

/// A little more on both sides, so that no dot lies on an axis.
fn roomy((low, high): (f64, f64)) -> (f64, f64) {
    let room = 0.06 * (high - low);
    (low - room, high + room)
}

fn short(value: f64) -> String {
    if value.abs() >= 100.0 { format!("{value:.0}") } else { format!("{value:.2}") }
}

fn escaped(text: &str) -> String {
    web::picture::escape(text)
}

fn document(body: &str) -> String {
    sized(WIDTH, HEIGHT, body)
}

fn sized(width: f64, height: f64, body: &str) -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" font-family=\"sans-serif\" \
         font-size=\"{LETTERS}\"><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>{body}</svg>\n"
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

    #[test]
    fn every_picture_survives_odd_values() {
        let names = |of: &[&str]| of.iter().map(|name| (*name).to_owned()).collect::<Vec<String>>();
        let node = |label: &str| Node { label: label.to_owned(), ..Node::default() };
        for drawn in [
            steps("x", "y", &[(1.0, 0.0)], 1.0),
            steps("x", "y", &[], 1.0),
            squares("q", &names(&["<p>"]), &names(&["&a", "b"]), &[vec![Some(1e9), None]]),
            bars(&["a", "b", "c"], &[("p<", [1.0, -2.0, 0.0]), ("q", [0.0; 3])]),
            bars(&["a", "b", "c"], &[]),
            graph("t", &[node("a<"), node("b")], &|_, _| 0.5),
        ] {
            assert!(drawn.starts_with("<svg ") && drawn.ends_with("</svg>\n"), "{drawn}");
            assert!(!drawn.contains("NaN") && !drawn.contains("inf") && !drawn.contains("<p>"), "{drawn}");
        }
    }
}
