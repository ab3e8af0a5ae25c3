//! One tile per place, put as on a map: no border to argue about, and readable for all. Geography is never mirrored;
//! only the words inside a tile follow the language.

use super::{at, escape, open};

const WIDTH: f64 = 88.0;
const HEIGHT: f64 = 50.0;
const GAP: f64 = 4.0;
const PAD: f64 = 7.0;
/// Cells beyond this are left out: a pack with a wrong cell must not make a picture of miles.
const MOST: u32 = 64;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tile {
    pub col: u32,
    pub row: u32,
    pub name: String,
    pub value_text: String,
    /// 0 to 1, the shade. Not finite means that nothing is known.
    pub weight: f64,
    pub href: Option<String>,
}

pub fn tilemap(tiles: &[Tile], title: &str, id: &str, rtl: bool) -> String {
    let shown = || tiles.iter().filter(|t| t.col < MOST && t.row < MOST);
    let first = (shown().map(|t| t.col).min().unwrap_or(0), shown().map(|t| t.row).min().unwrap_or(0));
    let cols = shown().map(|t| t.col - first.0 + 1).max().unwrap_or(1);
    let rows = shown().map(|t| t.row - first.1 + 1).max().unwrap_or(1);
    let size = (f64::from(cols) * (WIDTH + GAP) - GAP + 4.0, f64::from(rows) * (HEIGHT + GAP) - GAP + 4.0);
    // An image has no children for assistive technology, so a map with links is a group.
    let role = if shown().any(|t| t.href.is_some()) { "group" } else { "img" };
    let mut svg = open("tilemap", role, size, title, id);
    for tile in shown() {
        let x = f64::from(tile.col - first.0) * (WIDTH + GAP) + 2.0;
        let y = f64::from(tile.row - first.1) * (HEIGHT + GAP) + 2.0;
        if let Some(href) = &tile.href {
            svg.push_str(&format!("<a href=\"{}\">", escape(href)));
        }
        svg.push_str(&draw(tile, x, y, rtl));
        if tile.href.is_some() {
            svg.push_str("</a>");
        }
    }
    svg.push_str("</svg>");
    svg
}

fn draw(tile: &Tile, x: f64, y: f64, rtl: bool) -> String {
    let letters = tile.name.chars().count();
    // Long names get smaller letters, very long ones are cut; the tile's own title has the whole name.
    let (size, name) = match letters {
        0..=11 => ("", tile.name.clone()),
        12..=13 => (" small", tile.name.clone()),
        _ => (" small", tile.name.chars().take(12).chain(['…']).collect()),
    };
    let whole = if letters > 13 { format!("<title>{}</title>", escape(&tile.name)) } else { String::new() };
    let (edge, direction, anchor) = if rtl { (x + WIDTH - PAD, "rtl", "end") } else { (x + PAD, "ltr", "start") };
    format!(
        "<g class=\"tile {shade}\">{whole}<rect x=\"{x}\" y=\"{y}\" width=\"{w}\" height=\"{h}\" rx=\"9\"/>\
         <text class=\"name{size}\" x=\"{edge}\" y=\"{name_y}\" direction=\"{direction}\" text-anchor=\"start\">{name}</text> \
         <text class=\"value\" x=\"{edge}\" y=\"{value_y}\" direction=\"ltr\" text-anchor=\"{anchor}\">{value}</text></g>",
        shade = shade(tile.weight),
        x = at(x),
        y = at(y),
        w = at(WIDTH),
        h = at(HEIGHT),
        edge = at(edge),
        name_y = at(y + 19.0),
        value_y = at(y + 39.0),
        name = escape(&name),
        value = escape(&tile.value_text),
    )
}

fn shade(weight: f64) -> &'static str {
    match weight {
        w if !w.is_finite() => "none",
        w if w < 0.2 => "t0",
        w if w < 0.4 => "t1",
        w if w < 0.6 => "t2",
        w if w < 0.8 => "t3",
        _ => "t4",
    }
}

#[cfg(test)]
mod test {
    use super::*;
    use crate::picture::test::check;

    fn tile(col: u32, row: u32, name: &str, weight: f64) -> Tile {
        Tile { col, row, name: name.to_owned(), value_text: "1 < 2".to_owned(), weight, href: None }
    }

    #[test]
    fn places_and_shades() {
        let tiles = [tile(3, 1, "Jenin", 0.1), tile(1, 2, "غزة", 1.0), tile(2, 2, "A name of many letters", f64::NAN)];
        let svg = tilemap(&tiles, "By <place>", "m", false);
        check(&svg);
        for part in ["tile t0", "tile t4", "tile none", "1 &lt; 2", "By &lt;place&gt;", "role=\"img\""] {
            assert!(svg.contains(part), "{part}");
        }
        assert!(svg.contains("<title>A name of many letters</title>"));
        let mirrored = tilemap(&tiles, "t", "m", true);
        check(&mirrored);
        let rects = |s: &str| s.split("<rect ").skip(1).map(|r| r[..12].to_owned()).collect::<Vec<_>>();
        assert_eq!(rects(&svg), rects(&mirrored), "geography is never mirrored");
    }

    #[test]
    fn links_make_a_group() {
        let mut one = tile(0, 0, "Jenin", 0.5);
        one.href = Some("/en/atlas?a=1&b=\"2\"".to_owned());
        let svg = tilemap(&[one], "t", "m", true);
        check(&svg);
        assert!(svg.contains("role=\"group\"") && svg.contains("a=1&amp;b=&quot;2&quot;"));
    }

    #[test]
    fn survives_anything() {
        check(&tilemap(&[], "", "m", false));
        check(&tilemap(&[tile(u32::MAX, u32::MAX, "", f64::INFINITY)], "t", "m", true));
    }
}
