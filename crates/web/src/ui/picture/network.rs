//! A graph of things that are related, drawn on the server: what is strongly related lies close together.
//!
//! The edges are a maximum spanning tree, so that everything hangs together, and the strongest others. The layout is a
//! force-directed one (Fruchterman and Reingold 1991) that begins on a circle and has no chance in it: the same graph
//! always looks the same.

use super::{
    at, escape,
    labels::{self, Dot},
    open,
};

const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 620.0;
const MARGIN: f64 = 60.0;
const STEPS: usize = 400;
/// The size of letters, as the stylesheet has it.
const LETTERS: f64 = 14.0;

/// Something in the graph.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Node {
    pub label: String,
    /// 0 to 1.
    pub size: f64,
    /// Which group it belongs to, for the colour.
    pub group: usize,
    /// Whether it is marked, as what a place has.
    pub marked: bool,
    pub href: Option<String>,
}

/// Draws `nodes` with the relatedness of each pair, row by row.
pub fn network(nodes: &[Node], related: &dyn Fn(usize, usize) -> f64, title: &str, id: &str) -> String {
    let edges = edges(nodes.len(), related);
    let places = layout(nodes.len(), &edges);
    let role = if nodes.iter().any(|node| node.href.is_some()) { "group" } else { "img" };
    let mut svg = open("network", role, (WIDTH, HEIGHT), title, id);
    for (a, b, weight) in &edges {
        let ((x1, y1), (x2, y2)) = (places[*a], places[*b]);
        let strength = if *weight > 0.66 { " strong" } else { "" };
        svg.push_str(&format!(
            "<line class=\"edge{strength}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            at(x1),
            at(y1),
            at(x2),
            at(y2)
        ));
    }
    let radius = |node: &Node| 7.0 + 15.0 * node.size.clamp(0.0, 1.0).sqrt();
    let dots: Vec<Dot> = nodes
        .iter()
        .zip(&places)
        .map(|(node, (x, y))| Dot { x: *x, y: *y, radius: radius(node), label: &node.label })
        .collect();
    let labels = labels::places(&dots, (WIDTH, HEIGHT), LETTERS);
    for ((node, dot), (x, y)) in nodes.iter().zip(&dots).zip(labels) {
        let marked = if node.marked { " marked" } else { "" };
        let drawn = format!(
            "<g class=\"node g{}{marked}\"><circle cx=\"{}\" cy=\"{}\" r=\"{}\"/><text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text></g>",
            node.group % 6,
            at(dot.x),
            at(dot.y),
            at(dot.radius),
            at(x),
            at(y),
            escape(&node.label)
        );
        match &node.href {
            Some(href) => svg.push_str(&format!("<a href=\"{}\">{drawn}</a>", escape(href))),
            None => svg.push_str(&drawn),
        }
    }
    svg.push_str("</svg>");
    svg
}

/// The maximum spanning tree (Prim 1957) and half as many of the strongest others, with weights scaled to 1.
fn edges(n: usize, related: &dyn Fn(usize, usize) -> f64) -> Vec<(usize, usize, f64)> {
    if n < 2 {
        return Vec::new();
    }
    let weight = |a: usize, b: usize| Some(related(a, b)).filter(|w| w.is_finite()).unwrap_or(0.0);
    let most = (0..n).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| weight(a, b)).fold(1e-12, f64::max);
    let mut near: Vec<(f64, usize)> = (0..n).map(|b| (weight(0, b), 0)).collect();
    let mut inside = vec![false; n];
    inside[0] = true;
    let mut edges = Vec::new();
    for _ in 1..n {
        let best = (0..n).filter(|b| !inside[*b]).max_by(|a, b| near[*a].0.total_cmp(&near[*b].0).then(b.cmp(a)));
        let Some(next) = best else { break };
        inside[next] = true;
        edges.push((near[next].1, next, near[next].0 / most));
        for (b, known) in near.iter_mut().enumerate() {
            let w = weight(next, b);
            if w > known.0 {
                *known = (w, next);
            }
        }
    }
    let mut others: Vec<(usize, usize, f64)> = (0..n)
        .flat_map(|a| (a + 1..n).map(move |b| (a, b)))
        .filter(|(a, b)| !edges.iter().any(|(x, y, _)| (x == a && y == b) || (x == b && y == a)))
        .map(|(a, b)| (a, b, weight(a, b) / most))
        .collect();
    others.sort_by(|a, b| b.2.total_cmp(&a.2).then((a.0, a.1).cmp(&(b.0, b.1))));
    edges.extend(others.into_iter().filter(|edge| edge.2 > 0.0).take(n / 2));
    edges
}

fn layout(n: usize, edges: &[(usize, usize, f64)]) -> Vec<(f64, f64)> {
    let turn = std::f64::consts::TAU / n.max(1) as f64;
    let mut places: Vec<(f64, f64)> =
        (0..n).map(|i| ((i as f64 * turn).cos() * 0.5, (i as f64 * turn).sin() * 0.5)).collect();
    let ideal = (1.0 / n.max(1) as f64).sqrt();
    for step in 0..STEPS {
        let mut forces = vec![(0.0, 0.0); n];
        for a in 0..n {
            for b in 0..a {
                let (dx, dy) = (places[a].0 - places[b].0, places[a].1 - places[b].1);
                let distance = (dx * dx + dy * dy).max(1e-6);
                let push = ideal * ideal / distance;
                forces[a].0 += dx * push;
                forces[a].1 += dy * push;
                forces[b].0 -= dx * push;
                forces[b].1 -= dy * push;
            }
        }
        for (a, b, weight) in edges {
            let (dx, dy) = (places[*a].0 - places[*b].0, places[*a].1 - places[*b].1);
            let pull = (dx * dx + dy * dy).sqrt() / ideal * (0.3 + weight);
            forces[*a].0 -= dx * pull;
            forces[*a].1 -= dy * pull;
            forces[*b].0 += dx * pull;
            forces[*b].1 += dy * pull;
        }
        // Cools down, so that it comes to rest.
        let most = 0.1 * (1.0 - step as f64 / STEPS as f64);
        for (place, (fx, fy)) in places.iter_mut().zip(forces) {
            let length = (fx * fx + fy * fy).sqrt().max(1e-9);
            let go = length.min(most) / length;
            place.0 += fx * go;
            place.1 += fy * go;
        }
    }
    fitted(&places)
}

/// The whole of the picture is used in both directions.
fn fitted(places: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let span = |of: fn(&(f64, f64)) -> f64| {
        let low = places.iter().map(of).fold(f64::INFINITY, f64::min);
        let high = places.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
        (low, (high - low).max(1e-9))
    };
    let ((left, width), (top, height)) = (span(|p| p.0), span(|p| p.1));
    let (across, down) = (ranks(places, |p| p.0), ranks(places, |p| p.1));
    places
        .iter()
        .enumerate()
        .map(|(at, (x, y))| {
            // Half by where it came to rest, half by its turn: a crowd in the middle comes apart and stays a crowd.
            let (x, y) = (((x - left) / width + across[at]) / 2.0, ((y - top) / height + down[at]) / 2.0);
            (MARGIN + x * (WIDTH - 2.0 * MARGIN), MARGIN * 0.6 + y * (HEIGHT - 1.6 * MARGIN))
        })
        .collect()
}

/// The turn of each place along an axis, from 0 to 1.
fn ranks(places: &[(f64, f64)], of: fn(&(f64, f64)) -> f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..places.len()).collect();
    order.sort_by(|a, b| of(&places[*a]).total_cmp(&of(&places[*b])).then(a.cmp(b)));
    let mut ranks = vec![0.0; places.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at] = rank as f64 / (places.len().max(2) - 1) as f64;
    }
    ranks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_hangs_together_and_stays_in_the_picture() {
        for n in [0, 1, 2, 30] {
            let nodes: Vec<Node> = (0..n).map(|i| Node { label: format!("n{i}"), ..Node::default() }).collect();
            let svg = network(&nodes, &|a, b| 1.0 / (1.0 + a.abs_diff(b) as f64), "a graph", "g");
            super::super::test::check(&svg);
            assert_eq!(svg.matches("<circle").count(), n);
            assert!(edges(n, &|_, _| 0.5).len() >= n.saturating_sub(1));
            let inside = |(x, y): &(f64, f64)| (0.0..=WIDTH).contains(x) && (0.0..=HEIGHT).contains(y);
            assert!(layout(n, &edges(n, &|_, _| 0.5)).iter().all(inside));
        }
    }
}
