//! A place: what it is good at, how sure that is, what is close to it, and which clusters it has and why.

use ::atlas::specialisation::{Bootstrap, bootstrap_intervals, profiles};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    Studied, activity_title, atlas,
    clusters::{self, Evidence, Found, Programme},
    template, two, worked_out,
};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    words::number,
};

struct Row {
    title: String,
    total: String,
    quotient: String,
    interval: String,
    strong: bool,
    density: String,
}

#[derive(Template)]
#[template(path = "atlas_place.html")]
struct Place {
    f: Frame,
    notice: String,
    title: String,
    unit: String,
    total: String,
    complexity: String,
    diversity: usize,
    like_others: String,
    outlook: String,
    rows: Vec<Row>,
    next: Vec<(String, String)>,
    programme: Vec<Programme>,
    found: Vec<Found>,
}

/// How often the table is drawn anew for the intervals.
const DRAWS: usize = 200;

pub(crate) async fn place(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let table = &atlas.table;
    let place = table.places().iter().position(|known| *known == name).ok_or(Failure::NotFound)?;
    let shared = atlas.clone();
    let (studied, intervals, profile, template, evidence) = worked_out(move || {
        let ask = Bootstrap { seed: 7, draws: DRAWS, level: 0.9, unit: 1.0 };
        let studied = Studied::of(&shared.table);
        let (template, evidence) = (template(&shared.table), Evidence::of(&shared));
        (studied, bootstrap_intervals(&shared.table, ask).ok(), profiles(&shared.table), template, evidence)
    })
    .await?;
    let studied = studied.ok_or(Failure::NotFound)?;
    let title = |activity: usize| activity_title(&atlas, &f, &table.activities()[activity]);
    let quotient = |activity: usize| studied.quotients.at(place, activity);
    let mut order: Vec<usize> = (0..table.activities().len()).collect();
    order.sort_by(|a, b| quotient(*b).total_cmp(&quotient(*a)));
    let rows = order.iter().map(|activity| Row {
        title: title(*activity),
        total: number(table.values().at(place, *activity)),
        quotient: two(quotient(*activity)),
        interval: intervals.as_ref().map_or(String::new(), |intervals| {
            format!("{} – {}", two(intervals.low.at(place, *activity)), two(intervals.high.at(place, *activity)))
        }),
        strong: studied.presence.has(place, *activity),
        density: two(studied.densities.at(place, *activity)),
    });
    // What the place is not yet good at, and what is close to what it is good at.
    let mut near: Vec<usize> = order.iter().copied().filter(|a| !studied.presence.has(place, *a)).collect();
    near.sort_by(|a, b| studied.densities.at(place, *b).total_cmp(&studied.densities.at(place, *a)));
    let next = near.iter().take(4).map(|activity| {
        let close = closest(&studied, place, *activity).into_iter().map(title);
        (title(*activity), f.w.say1("atlas-next-why", &close.collect::<Vec<_>>().join(f.comma())))
    });
    let mut found = template.map_or(Vec::new(), |(_, template)| {
        clusters::found(&f, &atlas, &studied, &clusters::members(table, &template.cluster), place)
    });
    found.sort_by(|a, b| b.quotient.total_cmp(&a.quotient));
    let totals = table.place_totals();
    page(Place {
        notice: atlas.definition.table.notice.get(f.lang).to_owned(),
        title: app.pack.region_title(&name, f.lang).to_owned(),
        unit: atlas.definition.table.unit.get(f.lang).to_owned(),
        total: number(totals[place]),
        complexity: studied.complexity.as_ref().and_then(|c| c.eci[place]).map_or("—".into(), two),
        diversity: studied.presence.row(place).len(),
        outlook: studied.outlook.as_ref().map_or("—".into(), |outlook| two(outlook.index[place])),
        like_others: profile[place].as_ref().map_or("—".into(), |profile| number((1.0 - profile.hoover) * 100.0)),
        rows: rows.collect(),
        next: next.collect(),
        programme: evidence.programme(&app, &f, &atlas, place),
        found,
        f,
    })
}

/// Of what the place is good at, the three activities that are most related to another one.
fn closest(studied: &Studied, place: usize, activity: usize) -> Vec<usize> {
    let measure = ::atlas::relatedness::Measure::Minimum;
    let mut has: Vec<usize> = studied.presence.row(place).iter().map(|a| *a as usize).collect();
    let related = |a: usize| studied.pairs.proximity(measure, a, activity);
    has.sort_by(|a, b| related(*b).total_cmp(&related(*a)).then(a.cmp(b)));
    has.truncate(3);
    has
}
