//! The bunch of grapes: the mark, and the progress of an objective in sixths.

use super::open;

const GRAPES: [(&str, &str); 6] = [("12", "24"), ("32", "24"), ("52", "24"), ("22", "41"), ("42", "41"), ("32", "58")];
const LEAF: &str = "<path class=\"leaf\" d=\"M31 16C31 9 36 4 48 5 47 11 42 14 35 13 33 13 32 14 32 16Z\"/>";

/// Six circles, the first `filled` of them full.
pub fn grapes(filled: u8, title: &str, id: &str) -> String {
    let mut svg = open("grapes", "img", (64.0, 68.0), title, id);
    svg.push_str(LEAF);
    svg.push_str("<g class=\"flip\">");
    svg.push_str(&circles(filled));
    svg.push_str("</g></svg>");
    svg
}

/// The brand mark; the word beside it says the name.
pub fn mark() -> String {
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"mark\" aria-hidden=\"true\" focusable=\"false\" \
         viewBox=\"0 0 64 68\" width=\"32\" height=\"34\">{LEAF}{}</svg>",
        circles(6)
    )
}

fn circles(filled: u8) -> String {
    let circle = |(i, (x, y)): (usize, &(&str, &str))| {
        let class = if i < usize::from(filled) { "grape full" } else { "grape" };
        format!("<circle class=\"{class}\" cx=\"{x}\" cy=\"{y}\" r=\"9\"/>")
    };
    GRAPES.iter().enumerate().map(circle).collect()
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;

    #[test]
    fn fills_up_to_six() {
        for filled in [0, 1, 6, 200] {
            let svg = grapes(filled, "4 < 6", "g\"1");
            check(&svg);
            assert_eq!(svg.matches("grape full").count(), usize::from(filled.min(6)));
            assert!(svg.contains("4 &lt; 6") && svg.contains("id=\"g&quot;1\""));
        }
    }

    #[test]
    fn the_mark_is_silent() {
        check(&mark());
        assert!(mark().contains("aria-hidden=\"true\""));
    }
}
