//! A figure by its dimensions: regions as tiles on a map, others as bars.

use jiff::civil::Date;
use measure::{Indicator, Snapshot};

use super::figure;
use crate::{
    App,
    frame::{Frame, encoded},
    picture::tilemap,
    words::number,
};

/// One value of a dimension.
pub(super) struct Part {
    pub name: String,
    pub value: String,
    /// Between 0 and 100, against the largest.
    pub share: u8,
    pub href: String,
}

/// The parts of a figure.
#[derive(Default)]
pub(super) struct Split {
    /// A heading and the map.
    pub map: Option<(String, String)>,
    pub tables: Vec<(String, Vec<Part>)>,
}

pub(super) fn split(app: &App, f: &Frame, indicator: &Indicator, day: Date, figures: &Snapshot) -> Split {
    let mut split = Split::default();
    if !indicator.has_rows() {
        return split;
    }
    for (place, dimension) in indicator.definition.by.iter().enumerate() {
        let cells = figures.split(indicator, day, place + 1);
        let most = cells.iter().filter_map(|(_, figure)| figure.value).fold(0.0, f64::max);
        let weight = |value: Option<f64>| if most > 0.0 { value.unwrap_or(0.0) / most } else { 0.0 };
        let href = |value: &str| {
            let part = encoded(&format!("{dimension}:{value}"));
            f.href(&format!("/indicators/{}?as_of={day}&part={part}#records", indicator.name()))
        };
        if dimension == "region" {
            let tile = |region: &plan::RegionDefinition| {
                let cell = cells.iter().find(|(name, _)| *name == *region.region);
                let value = cell.and_then(|(_, figure)| figure.value);
                tilemap::Tile {
                    col: u32::from(region.cell[0]),
                    row: u32::from(region.cell[1]),
                    name: region.short.as_ref().unwrap_or(&region.title).get(f.lang).to_owned(),
                    value_text: value.map_or("—".to_owned(), number),
                    weight: weight(value),
                    href: cell.map(|(name, _)| href(name)),
                }
            };
            let tiles: Vec<tilemap::Tile> = app.pack.regions.iter().map(tile).collect();
            let title = f.w.say1("chart-map", indicator.definition.title.get(f.lang));
            let heading = f.w.say("indicator-by-region");
            split.map = Some((heading, tilemap::tilemap(&tiles, &title, "map", f.lang.is_rtl())));
        } else {
            let rows = cells.iter().map(|(value, cell)| Part {
                name: value_in_words(app, f, indicator, dimension, value),
                value: figure(cell),
                share: (weight(cell.value) * 100.0).round() as u8,
                href: href(value),
            });
            split.tables.push((dimension_in_words(app, f, indicator, dimension), rows.collect()));
        }
    }
    split
}

/// What a dimension is called.
fn dimension_in_words(app: &App, f: &Frame, indicator: &Indicator, dimension: &str) -> String {
    let field = field_of(app, indicator, dimension);
    field.map_or(dimension.to_owned(), |field| field.heading().get(f.lang).to_owned())
}

fn value_in_words(app: &App, f: &Frame, indicator: &Indicator, dimension: &str, value: &str) -> String {
    if dimension == "region" {
        return app.pack.region_title(value, f.lang).to_owned();
    }
    let field = field_of(app, indicator, dimension);
    let title = field.and_then(|field| field.choices().find(|(known, _)| *known == value));
    match title {
        Some((_, title)) => title.get(f.lang).to_owned(),
        None if value.is_empty() && indicator.definition.of.record.is_some() => f.w.say("not-recorded"),
        None if value.is_empty() => f.w.say("not-answered"),
        None => value.to_owned(),
    }
}

/// A part of a figure in words: `Governorate: Nablus`.
pub(super) fn part_in_words(app: &App, f: &Frame, indicator: &Indicator, dimension: &str, value: &str) -> String {
    let name = value_in_words(app, f, indicator, dimension, value);
    format!("{}: {name}", dimension_in_words(app, f, indicator, dimension))
}

fn field_of<'a>(app: &'a App, indicator: &Indicator, name: &str) -> Option<&'a register::Field> {
    let of = &indicator.definition.of;
    if let Some(service) = &of.case {
        return app.pack.catalogue.service(service)?.definition.question(name);
    }
    app.registers.definition(of.record.as_ref()?)?.fields.get(name)
}
