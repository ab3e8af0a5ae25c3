//! The map of one activity, and the places by what they are good at.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{Studied, activity_title, atlas, two, worked_out};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture::tilemap,
    words::number,
};

struct PlaceLine {
    name: String,
    title: String,
    total: String,
    diversity: String,
    complexity: String,
    strengths: String,
}

struct ActivityLine {
    name: String,
    title: String,
    places: String,
    complexity: String,
    total: String,
}

/// What a place has of the activity on the map.
struct RankLine {
    name: String,
    title: String,
    people: String,
    quotient: String,
    strong: bool,
}

#[derive(Template)]
#[template(path = "atlas.html")]
struct Map {
    f: Frame,
    title: String,
    notice: String,
    chosen: String,
    unit: String,
    ranks: Vec<RankLine>,
    activities: Vec<(String, String, bool)>,
    map: String,
    places: Vec<PlaceLine>,
    lines: Vec<ActivityLine>,
}

#[derive(Deserialize, Default)]
pub(crate) struct Chosen {
    #[serde(default)]
    activity: String,
}

pub(crate) async fn map(State(app): State<App>, f: Frame, Query(q): Query<Chosen>) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let shared = atlas.clone();
    let studied = worked_out(move || Studied::of(&shared.table)).await?.ok_or(Failure::NotFound)?;
    let table = &atlas.table;
    let chosen = table.activities().iter().position(|name| *name == q.activity);
    let chosen = chosen.or_else(|| table.activities().iter().position(|name| name == "j")).unwrap_or(0);
    let title = activity_title(&atlas, &f, &table.activities()[chosen]);
    let tiles: Vec<tilemap::Tile> = app
        .pack
        .regions
        .iter()
        .map(|region| {
            let place = table.places().iter().position(|name| *name == *region.region);
            let quotient = place.map(|place| studied.quotients.at(place, chosen));
            tilemap::Tile {
                col: u32::from(region.cell[0]),
                row: u32::from(region.cell[1]),
                name: region.short.as_ref().unwrap_or(&region.title).get(f.lang).to_owned(),
                value_text: quotient.map_or("—".into(), two),
                // Half of the scale is the country's own share.
                weight: quotient.map_or(f64::NAN, |quotient| (quotient / 2.0).min(1.0)),
                href: Some(f.href(&format!("/atlas/places/{}", region.region))),
            }
        })
        .collect();
    let caption = f.w.say1("atlas-map-title", &title);
    let totals = table.place_totals();
    let complexity = studied.complexity.as_ref();
    let mut order: Vec<usize> = (0..table.places().len()).collect();
    let eci = |place: usize| complexity.and_then(|c| c.eci[place]);
    order.sort_by(|a, b| eci(*b).unwrap_or(f64::MIN).total_cmp(&eci(*a).unwrap_or(f64::MIN)));
    let places = order.iter().map(|place| {
        let mut strong: Vec<usize> = studied.presence.row(*place).iter().map(|a| *a as usize).collect();
        strong.sort_by(|a, b| studied.quotients.at(*place, *b).total_cmp(&studied.quotients.at(*place, *a)));
        let names = strong.iter().take(3).map(|a| activity_title(&atlas, &f, &table.activities()[*a]));
        let name = table.places()[*place].clone();
        PlaceLine {
            title: app.pack.region_title(&name, f.lang).to_owned(),
            total: number(totals[*place]),
            diversity: studied.presence.row(*place).len().to_string(),
            complexity: eci(*place).map_or("—".into(), two),
            strengths: names.collect::<Vec<_>>().join(f.comma()),
            name,
        }
    });
    let sums = table.activity_totals();
    let mut by_pci: Vec<usize> = (0..table.activities().len()).collect();
    let pci = |activity: usize| complexity.and_then(|c| c.pci[activity]);
    by_pci.sort_by(|a, b| pci(*b).unwrap_or(f64::MIN).total_cmp(&pci(*a).unwrap_or(f64::MIN)));
    let lines = by_pci.iter().map(|activity| ActivityLine {
        title: activity_title(&atlas, &f, &table.activities()[*activity]),
        places: studied.presence.ubiquity()[*activity].to_string(),
        complexity: pci(*activity).map_or("—".into(), two),
        total: number(sums[*activity]),
        name: table.activities()[*activity].clone(),
    });
    let mut by_quotient: Vec<usize> = (0..table.places().len()).collect();
    by_quotient.sort_by(|a, b| studied.quotients.at(*b, chosen).total_cmp(&studied.quotients.at(*a, chosen)));
    let short = |name: &str| {
        let region = app.pack.regions.iter().find(|region| *region.region == *name);
        region.map_or(name, |region| region.short.as_ref().unwrap_or(&region.title).get(f.lang)).to_owned()
    };
    let ranks = by_quotient.into_iter().map(|place| RankLine {
        title: short(&table.places()[place]),
        people: number(table.values().at(place, chosen)),
        quotient: two(studied.quotients.at(place, chosen)),
        strong: studied.presence.has(place, chosen),
        name: table.places()[place].clone(),
    });
    let activities = table.activities().iter().enumerate();
    let activities = activities.map(|(at, name)| (name.clone(), activity_title(&atlas, &f, name), at == chosen));
    page(Map {
        title: atlas.definition.table.title.get(f.lang).to_owned(),
        notice: atlas.definition.table.notice.get(f.lang).to_owned(),
        chosen: title,
        unit: atlas.definition.table.unit.get(f.lang).to_owned(),
        ranks: ranks.collect(),
        activities: activities.collect(),
        map: tilemap::tilemap(&tiles, &caption, "atlas-map", f.lang.is_rtl()),
        places: places.collect(),
        lines: lines.collect(),
        f,
    })
}
