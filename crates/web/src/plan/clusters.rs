//! The clusters: which places are planned together, why, and what is measured there.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use measure::{Figure, Indicator, Snapshot};
use plan::{ClusterDefinition, RegionDefinition};

use super::StoryCard;
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture::tilemap::{Tile, tilemap},
    shown::figure,
};

/// A cluster on a card.
pub(crate) struct ClusterCard {
    pub name: String,
    pub title: String,
    pub merit: String,
    pub places: String,
    pub map: String,
}

/// A figure within the places of a cluster, beside the whole.
struct Line {
    name: String,
    title: String,
    unit: String,
    here: String,
    everywhere: String,
    /// How much of the whole, where it adds up.
    share: Option<u8>,
}

#[derive(Template)]
#[template(path = "clusters.html")]
struct Clusters {
    f: Frame,
    clusters: Vec<ClusterCard>,
}

#[derive(Template)]
#[template(path = "cluster.html")]
struct ClusterPage {
    f: Frame,
    c: ClusterCard,
    places: Vec<(Option<String>, String)>,
    plans: Vec<(String, String, String)>,
    lines: Vec<Line>,
    stories: Vec<StoryCard>,
    others: Vec<(String, String)>,
}

impl ClusterCard {
    pub fn of(app: &App, f: &Frame, cluster: &ClusterDefinition) -> ClusterCard {
        let title = cluster.title.get(f.lang).to_owned();
        let tile = |region: &RegionDefinition| Tile {
            col: u32::from(region.cell[0]),
            row: u32::from(region.cell[1]),
            name: region.short.as_ref().unwrap_or(&region.title).get(f.lang).to_owned(),
            value_text: String::new(),
            weight: if cluster.regions.contains(&region.region) { 1.0 } else { 0.0 },
            href: None,
        };
        let tiles: Vec<Tile> = app.pack.regions.iter().map(tile).collect();
        let places: Vec<&str> = cluster.regions.iter().map(|r| app.pack.region_title(r, f.lang)).collect();
        ClusterCard {
            name: cluster.cluster.to_string(),
            merit: cluster.merit.get(f.lang).to_owned(),
            places: places.join(f.comma()),
            map: tilemap(
                &tiles,
                &f.w.say1("cluster-map", &title),
                &format!("map-{}", cluster.cluster),
                f.lang.is_rtl(),
            ),
            title,
        }
    }
}

pub(crate) async fn clusters(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let clusters = app.pack.clusters.iter().map(|c| ClusterCard::of(&app, &f, c)).collect();
    page(Clusters { f, clusters })
}

pub(crate) async fn cluster(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let cluster = app.pack.clusters.iter().find(|c| *c.cluster == *name).ok_or(Failure::NotFound)?;
    let figures = app.measures.now().await?;
    let place = |region: &base::Id| {
        let href = app.pack.atlas.is_some().then(|| f.href(&format!("/atlas/places/{region}")));
        (href, app.pack.region_title(region, f.lang).to_owned())
    };
    let plans = app.pack.plans.iter().filter(|plan| plan.cluster == cluster.cluster);
    let plans = plans.map(|plan| {
        let href = f.href(&format!("/plan?plan={}", plan.plan));
        (href, plan.title.get(f.lang).to_owned(), plan.summary.get(f.lang).to_owned())
    });
    let stories = app.pack.stories.iter().filter(|story| story.cluster.as_ref() == Some(&cluster.cluster));
    let others = app.pack.clusters.iter().filter(|other| other.cluster != cluster.cluster);
    page(ClusterPage {
        c: ClusterCard::of(&app, &f, cluster),
        places: cluster.regions.iter().map(place).collect(),
        plans: plans.collect(),
        lines: app.measures.all().iter().filter_map(|i| line(&app, &f, &figures, i, cluster)).collect(),
        stories: stories.map(|story| StoryCard::of(&f, story)).collect(),
        others: others.map(|c| (f.href(&format!("/clusters/{}", c.cluster)), c.title.get(f.lang).to_owned())).collect(),
        f,
    })
}

/// What an indicator that knows regions adds up to in those of a cluster.
fn line(app: &App, f: &Frame, figures: &Snapshot, indicator: &Indicator, cluster: &ClusterDefinition) -> Option<Line> {
    let d = &indicator.definition;
    let dimension = d.by.iter().position(|name| name == "region").filter(|_| indicator.has_rows())?;
    let today = app.today();
    let parts = figures.split(indicator, today, dimension + 1);
    let own = parts.iter().filter(|(region, _)| cluster.regions.iter().any(|known| **known == **region));
    let (number, micros) = own.fold((0, 0), |(n, m), (_, part)| (n + part.number, m + part.micros));
    let (here, whole) = (indicator.figure(number, micros), figures.at(indicator, today));
    let share = |here: Figure, whole: Figure| Some((here.value? / whole.value.filter(|v| *v > 0.0)? * 100.0).round());
    Some(Line {
        name: indicator.name().to_owned(),
        title: d.title.get(f.lang).to_owned(),
        unit: d.unit.get(f.lang).to_owned(),
        here: figure(&here),
        everywhere: figure(&whole),
        share: share(here, whole).filter(|_| indicator.adds_up()).map(|share| share.clamp(0.0, 100.0) as u8),
    })
}
