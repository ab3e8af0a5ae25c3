//! A place: what it is good at, how sure that is, what is close to it, and which clusters it has and why.

use ::atlas::specialisation::{Bootstrap, bootstrap_intervals, profiles};
use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{Studied, activity_title, atlas, two, worked_out};
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

struct ClusterLine {
    title: String,
    why: String,
    strong: bool,
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
    own: Vec<(String, String)>,
    found: Vec<ClusterLine>,
}

/// How often the table is drawn anew for the intervals.
const DRAWS: usize = 200;

pub(crate) async fn place(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let table = &atlas.table;
    let place = table.places().iter().position(|known| *known == name).ok_or(Failure::NotFound)?;
    let shared = atlas.clone();
    let (studied, intervals, profile, template) = worked_out(move || {
        let ask = Bootstrap { seed: 7, draws: DRAWS, level: 0.9, unit: 1.0 };
        let studied = Studied::of(&shared.table);
        let template = studied.as_ref().and_then(Studied::template);
        (studied, bootstrap_intervals(&shared.table, ask).ok(), profiles(&shared.table), template)
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
        let comma = if f.lang.is_rtl() { "، " } else { ", " };
        (title(*activity), f.w.say1("atlas-next-why", &close.collect::<Vec<_>>().join(comma)))
    });
    let own = app.pack.clusters.iter().filter(|cluster| cluster.regions.iter().any(|region| **region == *name));
    let own = own.map(|cluster| (cluster.title.get(f.lang).to_owned(), cluster.merit.get(f.lang).to_owned()));
    let totals = table.place_totals();
    let found = template.map_or(Vec::new(), |template| clusters(&f, &studied, &template.cluster, place, &atlas));
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
        own: own.collect(),
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

/// The clusters that the data itself forms, and what the place has of each, in words.
fn clusters(f: &Frame, studied: &Studied, cluster: &[usize], place: usize, atlas: &pack::Atlas) -> Vec<ClusterLine> {
    let table = &atlas.table;
    let (all, own) = (table.activity_totals(), table.place_totals()[place]);
    let comma = if f.lang.is_rtl() { "، " } else { ", " };
    let count = cluster.iter().max().map_or(0, |most| most + 1);
    let mut lines: Vec<(f64, ClusterLine)> = (0..count)
        .map(|number_of| {
            let members: Vec<usize> = (0..cluster.len()).filter(|a| cluster[*a] == number_of).collect();
            let names = |of: &[usize]| {
                let named = of.iter().map(|a| activity_title(atlas, f, &table.activities()[*a]));
                named.collect::<Vec<_>>().join(comma)
            };
            let strong: Vec<usize> = members.iter().copied().filter(|a| studied.presence.has(place, *a)).collect();
            let here: f64 = members.iter().map(|a| table.values().at(place, *a)).sum();
            let everywhere: f64 = members.iter().map(|a| all[*a]).sum();
            let quotient = if everywhere > 0.0 && own > 0.0 { here / own / (everywhere / table.total()) } else { 0.0 };
            let why = if strong.is_empty() {
                f.w.say1("atlas-cluster-none", &two(quotient))
            } else {
                f.w.say3(
                    "atlas-cluster-why",
                    &two(quotient),
                    &format!("{}/{}", strong.len(), members.len()),
                    &names(&strong),
                )
            };
            (quotient, ClusterLine { title: names(&members), why, strong: quotient >= 1.0 && !strong.is_empty() })
        })
        .collect();
    lines.sort_by(|a, b| b.0.total_cmp(&a.0));
    lines.into_iter().map(|(_, line)| line).collect()
}
