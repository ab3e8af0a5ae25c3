//! The space of activities: what is found in the same places lies close together.

use ::atlas::{
    clusters::{Similarity, Template as Division, judged},
    relatedness::Measure,
};
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
    picture::network::{Node, network},
};

#[derive(Template)]
#[template(path = "atlas_space.html")]
struct Space {
    f: Frame,
    notice: String,
    graph: String,
    places: Vec<(String, String, bool)>,
    pairs: Vec<(String, String, String)>,
    clusters: Vec<String>,
    score: String,
    /// Each activity and the number of its cluster, to be edited.
    edited: Vec<(String, String, usize)>,
    numbers: Vec<usize>,
    is_edited: bool,
    /// The score of the division that the data forms, to compare with.
    best: String,
}

/// What is marked, and which activities were put into another cluster: `in-j=2`.
#[derive(Deserialize, Default)]
pub(crate) struct Asked {
    #[serde(default)]
    place: String,
    #[serde(flatten)]
    moved: std::collections::BTreeMap<String, String>,
}

/// The template with the activities where the visitor puts them; clusters that are left empty disappear.
fn edit(template: &mut Division, names: &[String], asked: &Asked, similarities: &[Similarity]) -> bool {
    let before = template.cluster.clone();
    for (activity, name) in names.iter().enumerate() {
        let wanted = asked.moved.get(&format!("in-{name}")).and_then(|text| text.parse::<usize>().ok());
        if let Some(wanted) = wanted.filter(|wanted| (1..=names.len()).contains(wanted)) {
            template.cluster[activity] = wanted - 1;
        }
    }
    if template.cluster == before {
        return false;
    }
    let mut known: Vec<usize> = Vec::new();
    for number in &mut template.cluster {
        let at = known.iter().position(|seen| seen == number).unwrap_or_else(|| {
            known.push(*number);
            known.len() - 1
        });
        *number = at;
    }
    template.k = known.len();
    // By the same rule as the division that was edited, so that the two can be compared.
    template.score = judged(similarities, &template.cluster).unwrap_or_default();
    true
}

pub(crate) async fn space(State(app): State<App>, f: Frame, Query(q): Query<Asked>) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let shared = atlas.clone();
    let (studied, mut template) =
        worked_out(move || (Studied::of(&shared.table), super::template(&shared.table))).await?;
    let studied = studied.ok_or(Failure::NotFound)?;
    let table = &atlas.table;
    let best = template.as_ref().map_or(String::new(), |(_, template)| two(template.score.total));
    let is_edited =
        template.as_mut().is_some_and(|(similarities, template)| edit(template, table.activities(), &q, similarities));
    let template = template.map(|(_, template)| template);
    let marked = table.places().iter().position(|name| *name == q.place);
    let totals = table.activity_totals();
    let most = totals.iter().copied().fold(1.0, f64::max);
    let title = |activity: usize| activity_title(&atlas, &f, &table.activities()[activity]);
    let nodes: Vec<Node> = (0..table.activities().len())
        .map(|activity| Node {
            label: title(activity),
            size: totals[activity] / most,
            group: template.as_ref().map_or(0, |template| template.cluster[activity]),
            marked: marked.is_some_and(|place| studied.presence.has(place, activity)),
            href: Some(f.href(&format!("/atlas?activity={}", table.activities()[activity]))),
        })
        .collect();
    let related = |a: usize, b: usize| studied.pairs.proximity(Measure::Minimum, a, b);
    let mut pairs: Vec<(usize, usize)> = (0..nodes.len()).flat_map(|a| (0..a).map(move |b| (a, b))).collect();
    pairs.sort_by(|x, y| related(y.0, y.1).total_cmp(&related(x.0, x.1)).then(x.cmp(y)));
    let pairs = pairs.into_iter().take(12).map(|(a, b)| (title(a), title(b), two(related(a, b))));
    let count = template.as_ref().map_or(0, |template| template.k);
    let clusters = (0..count).map(|cluster| {
        let members = template.iter().flat_map(|template| &template.cluster).enumerate();
        let members = members.filter(|(_, number)| **number == cluster).map(|(activity, _)| title(activity));
        members.collect::<Vec<_>>().join(f.comma())
    });
    let edited = template.iter().flat_map(|template| &template.cluster).enumerate();
    let edited = edited.map(|(at, number)| (table.activities()[at].clone(), title(at), number + 1));
    let places = table.places().iter().enumerate();
    page(Space {
        notice: atlas.definition.table.notice.get(f.lang).to_owned(),
        graph: network(&nodes, &related, &f.w.say("atlas-space-title"), "atlas-space"),
        pairs: pairs.collect(),
        clusters: clusters.collect(),
        edited: edited.collect(),
        numbers: (1..=count + 1).collect(),
        is_edited,
        best,
        score: template.as_ref().map_or(String::new(), |template| two(template.score.total)),
        places: places
            .map(|(at, name)| (name.clone(), app.pack.region_title(name, f.lang).to_owned(), marked == Some(at)))
            .collect(),
        f,
    })
}
