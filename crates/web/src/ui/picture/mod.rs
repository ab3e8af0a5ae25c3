//! The pictures: pure functions from numbers to SVG. Colours come from classes in the stylesheet, so that the dark
//! scheme and print work and no `style` attribute is needed. Whatever is not finite is left out, never drawn.

pub mod bullet;
pub mod grapes;
pub mod labels;
pub mod network;
pub mod qr;
pub mod span;
pub mod sparkline;
pub mod swings;
pub mod tilemap;
pub mod trajectory;

/// Text made safe for SVG and HTML, in elements and in attributes.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    // XML cannot have control characters, whoever wrote them.
    for c in text.chars().filter(|c| !base::typed::is_unfit(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A number for a reader: thousands grouped, one decimal only where it says something, a real minus sign.
pub fn grouped(value: f64) -> String {
    if !value.is_finite() {
        return String::new();
    }
    let decimals = if value.abs() < 100.0 && (value - value.round()).abs() >= 0.05 { 1 } else { 0 };
    let text = format!("{:.decimals$}", value.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let mut out = String::new();
    if value < 0.0 && text.chars().any(|c| c.is_ascii_digit() && c != '0') {
        out.push('−');
    }
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(c);
    }
    if !rest.is_empty() {
        out.push('.');
        out.push_str(rest);
    }
    out
}

/// A coordinate: one decimal, no trailing zero.
fn at(value: f64) -> String {
    if !value.is_finite() {
        return "0".to_owned();
    }
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// The opening tag with its title. `role` is `img`, or `group` where there are links inside.
fn open(class: &str, role: &str, (width, height): (f64, f64), title: &str, id: &str) -> String {
    let (class, title, id, width, height) = (escape(class), escape(title), escape(id), at(width), at(height));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" role=\"{role}\" aria-labelledby=\"{id}\" \
         viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" direction=\"ltr\">\
         <title id=\"{id}\">{title}</title>"
    )
}

/// `points="…"` content of a polyline.
fn points(line: &[(f64, f64)]) -> String {
    line.iter().map(|(x, y)| format!("{},{}", at(*x), at(*y))).collect::<Vec<_>>().join(" ")
}

/// Smallest and largest of the finite values, if there is any.
fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|v| v.is_finite()).fold(None, |found, v| match found {
        None => Some((v, v)),
        Some((low, high)) => Some((v.min(low), v.max(high))),
    })
}

#[cfg(test)]
pub(crate) mod test {
    /// Panics unless every tag is closed in order and nothing forbidden is inside.
    pub fn check(svg: &str) {
        let mut stack: Vec<&str> = Vec::new();
        let mut rest = svg;
        while let Some(start) = rest.find('<') {
            assert!(!rest[..start].contains('>'), "stray > in {svg}");
            let end = rest[start..].find('>').expect("tag ends") + start;
            let tag = &rest[start + 1..end];
            assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
            if let Some(name) = tag.strip_prefix('/') {
                assert_eq!(stack.pop(), Some(name), "closing in {svg}");
            } else if !tag.ends_with('/') {
                stack.push(tag.split_whitespace().next().expect("a name"));
            }
            rest = &rest[end + 1..];
        }
        assert!(stack.is_empty(), "left open: {stack:?} in {svg}");
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>"));
        for forbidden in ["style=", "NaN", "inf", "<script", "onload"] {
            assert!(!svg.contains(forbidden), "{forbidden} in {svg}");
        }
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(super::grouped(118_400.0), "118,400");
        assert_eq!(super::grouped(6.5), "6.5");
        assert_eq!(super::grouped(6.0), "6");
        assert_eq!(super::grouped(-2_020.4), "−2,020");
        assert_eq!(super::grouped(-0.01), "0");
        assert_eq!(super::grouped(f64::NAN), "");
        assert_eq!(super::at(-0.01), "0");
        assert_eq!(super::escape("<a href=\"x\">&'"), "&lt;a href=&quot;x&quot;&gt;&amp;&#39;");
    }
}
