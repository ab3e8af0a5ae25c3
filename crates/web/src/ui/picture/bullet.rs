//! A bar from nothing to the target, with a mark where the path should be today.

use super::{at, open};

const WIDTH: f64 = 160.0;
const HEIGHT: f64 = 22.0;

/// `share` and `expected` are parts of the target: 1 is the target itself. What goes beyond the target widens the
/// scale and the target gets a mark of its own.
pub fn bullet(share: f64, expected: Option<f64>, status_class: &str, title: &str, id: &str) -> String {
    let mut svg = open(&format!("bullet {status_class}"), "img", (WIDTH, HEIGHT), title, id);
    let tame = |v: f64| v.clamp(0.0, 1000.0);
    let share = if share.is_finite() { Some(tame(share)) } else { None };
    let expected = expected.filter(|v| v.is_finite()).map(tame);
    let full = share.unwrap_or(0.0).max(expected.unwrap_or(0.0)).max(1.0);
    let x = |v: f64| v / full * WIDTH;
    svg.push_str(&format!(
        "<g class=\"flip\"><rect class=\"track\" x=\"0\" y=\"4\" width=\"{}\" height=\"14\" rx=\"7\"/>",
        at(WIDTH)
    ));
    if let Some(share) = share.filter(|s| *s > 0.0) {
        let width = x(share).max(4.0);
        let radius = (width / 2.0).min(7.0);
        svg.push_str(&format!(
            "<rect class=\"bar\" x=\"0\" y=\"4\" width=\"{}\" height=\"14\" rx=\"{}\"/>",
            at(width),
            at(radius)
        ));
    }
    if full > 1.0 {
        svg.push_str(&format!("<rect class=\"goal\" x=\"{}\" y=\"4\" width=\"2\" height=\"14\"/>", at(x(1.0) - 1.0)));
    }
    if let Some(expected) = expected {
        let x = (x(expected) - 2.5).clamp(0.0, WIDTH - 5.0);
        svg.push_str(&format!(
            "<rect class=\"expected\" x=\"{}\" y=\"1\" width=\"5\" height=\"20\" rx=\"1.5\"/>",
            at(x)
        ));
    }
    svg.push_str("</g></svg>");
    svg
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;

    #[test]
    fn bar_and_mark() {
        let svg = bullet(0.25, Some(0.5), "off-track", "25 % < 50 %", "b1");
        check(&svg);
        assert!(svg.contains("class=\"bar\" x=\"0\" y=\"4\" width=\"40\""));
        assert!(svg.contains("class=\"expected\" x=\"77.5\""));
        assert!(!svg.contains("goal"));
        assert!(svg.contains("25 % &lt; 50 %"));
    }

    #[test]
    fn beyond_the_target_shows_the_target() {
        assert!(bullet(2.0, None, "ahead", "t", "b").contains("class=\"goal\" x=\"79\""));
    }

    #[test]
    fn survives_anything() {
        for share in [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300] {
            for expected in [None, Some(f64::NAN), Some(-4.0), Some(9.0)] {
                check(&bullet(share, expected, "", "", "b"));
            }
        }
    }
}
