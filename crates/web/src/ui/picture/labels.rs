//! Where labels stand beside their dots, so that none covers another label, a dot, or leaves the picture.

/// A dot and the words that belong to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Dot<'a> {
    pub x: f64,
    pub y: f64,
    pub radius: f64,
    pub label: &'a str,
}

/// The middle of a label, `(x, y)`, with y at its baseline. It is drawn with `text-anchor="middle"`, which means the
/// same in both directions of writing.
pub type Place = (f64, f64);

/// As many rounds as it takes for neighbours to make room for each other; more change nothing that is seen.
const ROUNDS: usize = 4;

/// Places the labels of letters of this size in a picture of `width` and `height`: the first place that is free, and
/// otherwise the one where least is covered. The same dots always get the same places.
pub fn places(dots: &[Dot], (width, height): (f64, f64), size: f64) -> Vec<Place> {
    let all: Vec<Vec<Box>> = dots.iter().map(|dot| candidates(dot, size)).collect();
    let circles: Vec<Box> = dots.iter().map(circle).collect();
    let mut chosen: Vec<usize> = vec![0; dots.len()];
    for _ in 0..ROUNDS {
        for at in 0..dots.len() {
            let cost = |candidate: &Box| {
                let labels = (0..dots.len()).filter(|other| *other != at).map(|other| &all[other][chosen[other]]);
                let covered: f64 = labels.map(|label| label.covers(candidate)).sum();
                let hidden: f64 = circles.iter().map(|circle| circle.covers(candidate)).sum();
                2.0 * covered + hidden + 20.0 * candidate.outside(width, height)
            };
            // Of places that are as free as each other the nearest, so that nobody asks whose label it is.
            let far = |at: usize| at as f64 * size / 4.0;
            let best = all[at]
                .iter()
                .map(cost)
                .enumerate()
                .map(|(at, cost)| (at, cost + far(at)))
                .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            chosen[at] = best.map_or(0, |best| best.0);
        }
    }
    let place = |(candidates, at): (&Vec<Box>, &usize)| {
        let Box { left, right, bottom, .. } = candidates[*at];
        ((left + right) / 2.0, bottom - 0.25 * size)
    };
    all.iter().zip(&chosen).map(place).collect()
}

#[derive(Debug, Clone, Copy, PartialEq)]
struct Box {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

impl Box {
    fn covers(&self, other: &Box) -> f64 {
        let across = self.right.min(other.right) - self.left.max(other.left);
        let down = self.bottom.min(other.bottom) - self.top.max(other.top);
        if across > 0.0 && down > 0.0 { across * down } else { 0.0 }
    }

    /// How much of it is outside the picture.
    fn outside(&self, width: f64, height: f64) -> f64 {
        let whole = (self.right - self.left) * (self.bottom - self.top);
        whole - Box { left: 0.0, right: width, top: 0.0, bottom: height }.covers(self)
    }
}

fn circle(dot: &Dot) -> Box {
    let Dot { x, y, radius, .. } = *dot;
    Box { left: x - radius, right: x + radius, top: y - radius, bottom: y + radius }
}

/// Below, above, beside, across the corners, and the first two a line farther away: the usual first.
fn candidates(dot: &Dot, size: f64) -> Vec<Box> {
    // Letters are a little more than half as wide as high, in Arabic a little less.
    let (width, height) = (dot.label.chars().count() as f64 * 0.56 * size, 1.2 * size);
    let (out, corner) = (dot.radius + 2.0, 0.75 * dot.radius + 2.0);
    let centred = |x: f64, y: f64| Box {
        left: dot.x + x - width / 2.0,
        right: dot.x + x + width / 2.0,
        top: dot.y + y - height / 2.0,
        bottom: dot.y + y + height / 2.0,
    };
    let (beside, down) = (out + width / 2.0, out + height / 2.0);
    let (aside, slant) = (corner + width / 2.0, corner + height / 2.0);
    [
        (0.0, down),
        (0.0, -down),
        (beside, 0.0),
        (-beside, 0.0),
        (aside, slant),
        (-aside, slant),
        (aside, -slant),
        (-aside, -slant),
        (0.0, down + height),
        (0.0, -down - height),
    ]
    .into_iter()
    .map(|(x, y)| centred(x, y))
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(dots: &[Dot], size: f64) -> f64 {
        let boxes: Vec<Box> = places(dots, (400.0, 300.0), size)
            .iter()
            .zip(dots)
            .map(|((x, y), dot)| {
                let width = dot.label.chars().count() as f64 * 0.56 * size;
                Box { left: x - width / 2.0, right: x + width / 2.0, top: y - size, bottom: *y }
            })
            .collect();
        (0..boxes.len()).flat_map(|a| (0..a).map(move |b| (a, b))).map(|(a, b)| boxes[a].covers(&boxes[b])).sum()
    }

    #[test]
    fn labels_that_would_lie_on_each_other_do_not() {
        let dot = |x, y, label| Dot { x, y, radius: 6.0, label };
        let near = [dot(100.0, 100.0, "Agriculture"), dot(120.0, 104.0, "Manufacturing"), dot(112.0, 118.0, "Trade")];
        assert_eq!(covered(&near, 14.0), 0.0);
        let edge = places(&[dot(2.0, 298.0, "A long name at the edge")], (400.0, 300.0), 14.0);
        assert!(edge[0].0 > 80.0 && edge[0].1 < 300.0, "{edge:?}");
    }

    #[test]
    fn crowds_and_nothing_at_all_have_places_too() {
        assert_eq!(places(&[], (400.0, 300.0), 14.0), []);
        let crowd = vec![Dot { x: 200.0, y: 150.0, radius: 4.0, label: "the same" }; 30];
        let found = places(&crowd, (400.0, 300.0), 14.0);
        assert!(found.len() == 30 && found.iter().all(|(x, y)| x.is_finite() && y.is_finite()));
    }
}
