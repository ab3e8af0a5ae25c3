//! What was, what was promised, and where it is heading: actual line, target path, forecast fan.
//!
//! In right-to-left pages time runs from right to left, as the reader reads. Labels look for a place where they touch
//! neither a line nor another label.

use super::{at, escape, extent, grouped, open, points};

const WIDTH: f64 = 520.0;
const HEIGHT: f64 = 322.0;
const TOP: f64 = 18.0;
const BOTTOM: f64 = 284.0;
/// Widths of labels are reckoned for the larger letters of a phone.
const LETTER: f64 = 9.6;
const LINE: f64 = 19.0;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trajectory {
    /// Time (a decimal year or a number of days) and value.
    pub actual: Vec<(f64, f64)>,
    /// The target path.
    pub path: Vec<(f64, f64)>,
    /// Time, low, middle, high.
    pub forecast: Option<Vec<(f64, f64, f64, f64)>>,
    pub x_ticks: Vec<(f64, String)>,
    /// Left empty, the picture makes its own.
    pub y_ticks: Vec<(f64, String)>,
    pub path_label: String,
    pub forecast_label: String,
    /// Stands at the last actual point, usually its value.
    pub now_label: String,
    pub title: String,
    pub id: String,
    pub rtl: bool,
    /// What is counted begins anew at each whole number of time: years stand beside each other, each line by itself.
    pub anew: bool,
}

/// Round numbers (1, 2, 2.5, 5 times a power of ten) that cover `min` to `max` in about `n` steps.
pub fn nice_ticks(min: f64, max: f64, n: usize) -> Vec<f64> {
    if !min.is_finite() || !max.is_finite() {
        return Vec::new();
    }
    let (min, max) = if min <= max { (min, max) } else { (max, min) };
    let (min, max) =
        if min == max { (min.min(0.0), if max > 0.0 { max } else { min.min(0.0) + 1.0 }) } else { (min, max) };
    let raw = (max - min) / n.clamp(1, 20) as f64;
    if !raw.is_finite() || raw <= 0.0 {
        return Vec::new();
    }
    let power = 10f64.powf(raw.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0].into_iter().map(|m| m * power).find(|s| *s >= raw * 0.999).unwrap_or(10.0 * power);
    let (first, last) = ((min / step + 1e-9).floor(), (max / step - 1e-9).ceil());
    let count = last - first;
    if !count.is_finite() || !(0.0..=60.0).contains(&count) {
        return Vec::new();
    }
    // Rounded to the step's own decimals, lest 0.1 + 0.2 shows.
    let digits = (10f64.powf(1.0 - power.log10().floor())).max(1.0);
    let tidy = |v: f64| if digits < 1e12 { (v * digits).round() / digits } else { v };
    (0..=count as usize).map(|i| tidy((first + i as f64) * step)).collect()
}

pub fn trajectory(t: &Trajectory) -> String {
    let mut svg = open("trajectory", "img", (WIDTH, HEIGHT), &t.title, &t.id);
    let whole = |p: &&(f64, f64)| p.0.is_finite() && p.1.is_finite();
    let actual: Vec<_> = t.actual.iter().filter(whole).copied().collect();
    let path: Vec<_> = t.path.iter().filter(whole).copied().collect();
    let fan: Vec<_> =
        t.forecast.iter().flatten().filter(|(x, a, b, c)| [x, a, b, c].iter().all(|v| v.is_finite())).collect();

    let times = actual.iter().chain(&path).map(|p| p.0).chain(fan.iter().map(|f| f.0));
    let values = actual.iter().chain(&path).map(|p| p.1).chain(fan.iter().flat_map(|f| [f.1, f.2, f.3]));
    let (Some((x_min, x_max)), Some((y_min, y_max))) = (extent(times), extent(values)) else {
        svg.push_str(&format!("<path class=\"axis\" d=\"M12 {BOTTOM}H{}\"/></svg>", at(WIDTH - 12.0)));
        return svg;
    };
    let y_ticks: Vec<(f64, String)> = if t.y_ticks.iter().any(|tick| tick.0.is_finite()) {
        t.y_ticks.iter().filter(|tick| tick.0.is_finite()).cloned().collect()
    } else {
        nice_ticks(y_min, y_max, 4).into_iter().map(|v| (v, grouped(v))).collect()
    };
    let (y_min, y_max) = extent(y_ticks.iter().map(|tick| tick.0).chain([y_min, y_max])).unwrap_or((y_min, y_max));
    let gutter = y_ticks.iter().map(|tick| tick.1.chars().count()).max().unwrap_or(0).min(12) as f64 * 10.4 + 12.0;
    let (near, far) = (gutter, WIDTH - 14.0);
    let share = |v: f64, low: f64, high: f64| {
        let part = (v - low) / (high - low);
        if part.is_finite() { part } else { 0.5 }
    };
    let x = |v: f64| {
        let along = near + share(v, x_min, x_max) * (far - near);
        if t.rtl { WIDTH - along } else { along }
    };
    let y = |v: f64| BOTTOM - share(v, y_min, y_max) * (BOTTOM - TOP);
    let place = |p: &(f64, f64)| (x(p.0), y(p.1));
    let (left, right) = if t.rtl { (WIDTH - far, WIDTH - near) } else { (near, far) };

    // Grid and scale.
    for (v, label) in &y_ticks {
        let (side, anchor) = if t.rtl { (right + 8.0, "start") } else { (left - 8.0, "end") };
        svg.push_str(&format!(
            "<path class=\"grid\" d=\"M{} {line}H{}\"/>\
             <text class=\"tick\" x=\"{}\" y=\"{}\" direction=\"ltr\" text-anchor=\"{anchor}\">{}</text>",
            at(left),
            at(right),
            at(side),
            at(y(*v) + 4.5),
            escape(label),
            line = at(y(*v)),
        ));
    }
    let base = if t.rtl { "rtl" } else { "ltr" };
    let mut taken: Option<(f64, f64)> = None;
    for (v, label) in t.x_ticks.iter().filter(|tick| tick.0 >= x_min && tick.0 <= x_max) {
        let half = label.chars().count() as f64 * LETTER / 2.0 + 4.0;
        let middle = x(*v).clamp(half.min(WIDTH / 2.0), (WIDTH - half).max(WIDTH / 2.0));
        svg.push_str(&format!("<path class=\"axis\" d=\"M{} {}v5\"/>", at(x(*v)), at(BOTTOM)));
        // A label that would run into its neighbour stays away; its mark is there.
        if taken.is_some_and(|(m, h)| (m - middle).abs() < h + half + 6.0) {
            continue;
        }
        taken = Some((middle, half));
        svg.push_str(&format!(
            "<text class=\"tick\" x=\"{}\" y=\"{}\" direction=\"{base}\" text-anchor=\"middle\">{}</text>",
            at(middle),
            at(BOTTOM + 26.0),
            escape(label)
        ));
    }
    svg.push_str(&format!("<path class=\"axis\" d=\"M{} {}H{}\"/>", at(left), at(BOTTOM), at(right)));

    // Fan, path, middle of the forecast, actual.
    let whole_years = |points: &[(f64, f64)]| -> Vec<Vec<(f64, f64)>> {
        let years = if t.anew { years_apart(points) } else { vec![points.to_vec()] };
        years.iter().map(|year| year.iter().map(place).collect()).collect()
    };
    let actual_line: Vec<_> = actual.iter().map(place).collect();
    let path_line: Vec<_> = path.iter().map(place).collect();
    let middle_line: Vec<_> =
        actual_line.last().copied().into_iter().chain(fan.iter().map(|f| (x(f.0), y(f.2)))).collect();
    let mut edges = Vec::new();
    let of_fan = |part: fn(&(f64, f64, f64, f64)) -> f64| -> Vec<Vec<(f64, f64)>> {
        let ahead = fan.iter().map(|f| (f.0, part(f)));
        whole_years(&actual.last().copied().into_iter().chain(ahead).collect::<Vec<_>>())
    };
    for (high, low) in of_fan(|f| f.3).into_iter().zip(of_fan(|f| f.1)).filter(|_| !fan.is_empty()) {
        let round: Vec<_> = high.iter().chain(low.iter().rev()).copied().collect();
        svg.push_str(&format!("<polygon class=\"fan\" points=\"{}\"/>", points(&round)));
        edges.extend([high, low]);
    }
    let middles = if fan.is_empty() { Vec::new() } else { of_fan(|f| f.2) };
    for (class, lines) in [("path", whole_years(&path)), ("forecast", middles), ("actual", whole_years(&actual))] {
        for line in lines.iter().filter(|line| line.len() > 1) {
            svg.push_str(&format!("<polyline class=\"{class}\" points=\"{}\"/>", points(line)));
        }
    }
    if let Some((px, py)) = actual_line.last() {
        svg.push_str(&format!("<circle class=\"now\" cx=\"{}\" cy=\"{}\" r=\"5.5\"/>", at(*px), at(*py)));
    }

    // Words, each where it touches nothing.
    let mut field = Field {
        hard: [&actual_line, &path_line, &middle_line].into_iter().flat_map(|l| sampled(l)).collect(),
        soft: edges.iter().flat_map(|l| sampled(l)).collect(),
        boxes: Vec::new(),
        bounds: (left + 2.0, TOP - 14.0, right, BOTTOM - 3.0),
    };
    let mut write = |class: &str, label: &str, line: &[(f64, f64)], shares: &[f64]| {
        if label.is_empty() || line.is_empty() {
            return;
        }
        let (bx, by) = field.find(label, line, shares);
        svg.push_str(&format!(
            "<text class=\"label {class}\" x=\"{}\" y=\"{}\" direction=\"{base}\" text-anchor=\"middle\">{}</text>",
            at(bx),
            at(by + 5.0),
            escape(label)
        ));
    };
    let tail = actual_line.len().saturating_sub(1);
    write("now-label", &t.now_label, actual_line.get(tail..).unwrap_or_default(), &[1.0]);
    write("path-label", &t.path_label, &path_line, &[0.8, 0.7, 0.9, 0.6, 1.0, 0.5, 0.4, 0.3]);
    if !fan.is_empty() {
        write("forecast-label", &t.forecast_label, &middle_line, &[0.75, 0.85, 0.95, 0.6, 0.5, 0.4, 0.3]);
    }
    svg.push_str("</svg>");
    svg
}

/// A line cut where a year begins, each part from nothing on.
fn years_apart(line: &[(f64, f64)]) -> Vec<Vec<(f64, f64)>> {
    let mut years: Vec<Vec<(f64, f64)>> = Vec::new();
    for point in line {
        let begin = point.0.floor();
        let goes_on = years.last().and_then(|year| year.first()).is_some_and(|first| first.0.floor() >= begin);
        match years.last_mut().filter(|_| goes_on) {
            Some(year) => year.push(*point),
            None if point.1 == 0.0 => years.push(vec![*point]),
            // Of the first year it is not known where it began.
            None => {
                let from = (!years.is_empty()).then_some((begin, 0.0));
                years.push(from.into_iter().chain([*point]).collect());
            }
        }
    }
    years
}

/// The points of a line, close together.
fn sampled(line: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut out: Vec<_> = line.last().copied().into_iter().collect();
    for pair in line.windows(2) {
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
        let steps = ((bx - ax).hypot(by - ay) / 4.0).ceil().clamp(1.0, 300.0);
        out.extend((0..steps as usize).map(|i| {
            let part = i as f64 / steps;
            (ax + (bx - ax) * part, ay + (by - ay) * part)
        }));
    }
    out
}

/// What labels must stay clear of.
struct Field {
    hard: Vec<(f64, f64)>,
    soft: Vec<(f64, f64)>,
    boxes: Vec<(f64, f64, f64, f64)>,
    bounds: (f64, f64, f64, f64),
}

impl Field {
    /// The middle of the best free box for `label` near `line`.
    fn find(&mut self, label: &str, line: &[(f64, f64)], shares: &[f64]) -> (f64, f64) {
        let (half_w, half_h) = (label.chars().count() as f64 * LETTER / 2.0, LINE / 2.0 + 3.0);
        let (l, t, r, b) = self.bounds;
        let mut best = ((l + r) / 2.0, t + half_h);
        let mut least = f64::INFINITY;
        for (rank, share) in shares.iter().enumerate() {
            let Some(&(px, py)) = line.get(((line.len() - 1) as f64 * share).round() as usize) else { continue };
            // Between two corners of a short line the share is taken along the segment.
            let (px, py) = along(line, *share).unwrap_or((px, py));
            for (far, off) in [16.0, 22.0, 30.0, 40.0, 54.0, 70.0].into_iter().enumerate() {
                for (turn, (dx, dy)) in [(0.0, -1.0), (-1.0, -1.0), (1.0, -1.0), (0.0, 1.0), (1.0, 1.0), (-1.0, 1.0)]
                    .into_iter()
                    .enumerate()
                {
                    let distance = rank as f64 * 2.0 + far as f64 * 3.0 + turn as f64;
                    if distance >= least {
                        continue;
                    }
                    let cx = px + dx * (half_w * 0.8 + 4.0);
                    let cy = py + dy * off;
                    let cx = cx.clamp((l + half_w).min((l + r) / 2.0), (r - half_w).max((l + r) / 2.0));
                    let cy = cy.clamp(t + half_h, b - half_h);
                    let (x0, y0, x1, y1) = (cx - half_w - 3.0, cy - half_h, cx + half_w + 3.0, cy + half_h);
                    let inside = |p: &&(f64, f64)| p.0 > x0 && p.0 < x1 && p.1 > y0 && p.1 < y1;
                    let hits = self.hard.iter().filter(inside).count() as f64 * 50.0
                        + self.soft.iter().filter(inside).count() as f64 * 4.0;
                    let over = self.boxes.iter().filter(|o| x0 < o.2 && x1 > o.0 && y0 < o.3 && y1 > o.1).count()
                        as f64
                        * 2000.0;
                    let cost = hits + over + distance;
                    if cost < least {
                        least = cost;
                        best = (cx, cy);
                    }
                }
            }
        }
        self.boxes.push((best.0 - half_w - 3.0, best.1 - half_h, best.0 + half_w + 3.0, best.1 + half_h));
        best
    }
}

/// The point at a share of the line's width in x.
fn along(line: &[(f64, f64)], share: f64) -> Option<(f64, f64)> {
    let (first, last) = (line.first()?, line.last()?);
    let x = first.0 + (last.0 - first.0) * share;
    line.windows(2).find_map(|pair| {
        let [(ax, ay), (bx, by)] = [pair[0], pair[1]];
        let part = (x - ax) / (bx - ax);
        (part.is_finite() && (0.0..=1.0).contains(&part)).then_some((x, ay + (by - ay) * part))
    })
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;

    pub fn sample(rtl: bool) -> Trajectory {
        Trajectory {
            actual: vec![(2021.0, 3000.0), (2021.5, 3900.0), (2022.2, 4980.0)],
            path: vec![(2021.0, 3000.0), (2022.0, 6000.0), (2023.0, 12000.0), (2024.0, 20000.0)],
            forecast: Some(vec![(2023.0, 5500.0, 6500.0, 7800.0), (2024.0, 6500.0, 8300.0, 10500.0)]),
            x_ticks: vec![(2021.0, "2021".into()), (2022.0, "2022 <".into()), (2024.0, "2024".into())],
            path_label: "target path".into(),
            forecast_label: "forecast, 80 %".into(),
            now_label: "4,980".into(),
            title: "A & B".into(),
            id: "t".into(),
            rtl,
            ..Trajectory::default()
        }
    }

    #[test]
    fn draws_all_parts_in_both_directions() {
        for rtl in [false, true] {
            let svg = trajectory(&sample(rtl));
            check(&svg);
            for part in
                ["\"actual\"", "\"path\"", "\"forecast\"", "\"fan\"", "path-label", "20,000", "2022 &lt;", "A &amp; B"]
            {
                assert!(svg.contains(part), "{part}");
            }
        }
    }

    #[test]
    fn what_is_counted_anew_is_drawn_as_years_beside_each_other() {
        let line = [(2020.5, 60.0), (2020.9, 100.0), (2021.1, 10.0), (2021.5, 55.0), (2022.0, 0.0), (2022.5, 40.0)];
        assert_eq!(
            years_apart(&line),
            [
                vec![(2020.5, 60.0), (2020.9, 100.0)],
                vec![(2021.0, 0.0), (2021.1, 10.0), (2021.5, 55.0)],
                vec![(2022.0, 0.0), (2022.5, 40.0)],
            ]
        );
        let lines = |anew| {
            let t = Trajectory { actual: line[..4].to_vec(), path: line.to_vec(), anew, ..sample(false) };
            let svg = trajectory(&t);
            check(&svg);
            ["actual", "path", "fan"].map(|class| svg.matches(&format!("class=\"{class}\"")).count())
        };
        assert_eq!(lines(false), [1, 1, 1]);
        // Of the forecast each year has a fan of its own, and the first begins where the figure is.
        assert_eq!(lines(true), [2, 3, 3]);
    }

    #[test]
    fn time_runs_with_the_reader() {
        let now = |rtl| {
            let svg = trajectory(&sample(rtl));
            let rest = svg.split("class=\"now\" cx=\"").nth(1).expect("now").to_owned();
            rest.split('"').next().and_then(|n| n.parse::<f64>().ok()).expect("a number")
        };
        assert!((now(false) + now(true) - WIDTH).abs() < 0.2);
    }

    #[test]
    fn survives_anything() {
        check(&trajectory(&Trajectory::default()));
        let odd = f64::NAN;
        let mut t = Trajectory { actual: vec![(odd, 1.0), (1.0, f64::INFINITY)], ..sample(false) };
        t.path = vec![(odd, odd)];
        t.forecast = Some(vec![(1.0, 2.0, odd, 3.0)]);
        check(&trajectory(&t));
        check(&trajectory(&Trajectory { actual: vec![(1.0, 1.0)], now_label: "<1>".into(), ..Trajectory::default() }));
        t.actual = vec![(0.0, f64::MAX), (1.0, f64::MIN)];
        check(&trajectory(&t));
    }

    #[test]
    fn ticks_are_round() {
        assert_eq!(nice_ticks(3000.0, 20000.0, 4), vec![0.0, 5000.0, 10000.0, 15000.0, 20000.0]);
        assert_eq!(nice_ticks(0.0, 0.3, 3), vec![0.0, 0.1, 0.2, 0.3]);
        assert!(nice_ticks(0.0, 0.0, 4).len() > 1);
        assert!(nice_ticks(5.0, 5.0, 4).len() > 1);
        assert!(nice_ticks(-5.0, -5.0, 0).len() > 1);
        assert!(nice_ticks(f64::NAN, 1.0, 4).is_empty());
        assert!(nice_ticks(f64::MIN, f64::MAX, 4).is_empty());
    }
}
