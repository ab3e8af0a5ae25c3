//! The first page, the catalogue, and where a service begins.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use serde::Deserialize;

use super::tariff::Tariff;
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    plan::StoryCard,
    shown::{IndicatorLine, ServiceCard},
};

#[derive(Template)]
#[template(path = "home.html")]
struct Home {
    f: Frame,
    services: Vec<ServiceCard>,
    figures: Vec<IndicatorLine>,
    /// The address and the title of each.
    clusters: Vec<(String, String)>,
    stories: Vec<StoryCard>,
}

#[derive(Template)]
#[template(path = "services.html")]
struct Services {
    f: Frame,
    services: Vec<ServiceCard>,
    found: i64,
    words: String,
}

#[derive(Template)]
#[template(path = "service.html")]
struct ServicePage {
    f: Frame,
    s: ServiceCard,
    summary: String,
    needs: Vec<String>,
    steps: Vec<String>,
    law: Option<String>,
    tariff: Option<Tariff>,
    /// The visitor's own draft of it, and when it was saved.
    draft: Option<(String, String)>,
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    f: Frame,
    title: String,
    help: String,
}

/// The page that says what went wrong.
pub(crate) fn error(f: Frame, title: String, help: String) -> Result<Response, Failure> {
    page(ErrorPage { f, title, help })
}

/// How many figures the first page shows.
const FIGURES: usize = 4;
/// How many stories it shows.
const STORIES: usize = 3;

pub(crate) async fn home(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let services = app.pack.catalogue.services().take(6).map(|s| ServiceCard::of(&app, &f, s)).collect();
    let now = app.measures.now().await?;
    let mut figures = Vec::new();
    let computed = app.pack.plans.iter().flat_map(|plan| plan.indicator_uses());
    for (_, used) in computed {
        let Some(indicator) = app.measures.indicator(&used.indicator).filter(|i| !i.is_observed()) else { continue };
        figures.push(IndicatorLine::of(&app, &f, &now, indicator, used)?);
        if figures.len() == FIGURES {
            break;
        }
    }
    let cluster =
        |c: &plan::ClusterDefinition| (f.href(&format!("/clusters/{}", c.cluster)), c.title.get(f.lang).to_owned());
    let clusters = app.pack.clusters.iter().map(cluster).collect();
    let stories = app.pack.stories.iter().take(STORIES).map(|s| StoryCard::of(&f, s)).collect();
    page(Home { f, services, figures, clusters, stories })
}

#[derive(Deserialize)]
pub(crate) struct Words {
    #[serde(default)]
    q: String,
}

/// Whether every word occurs in the title, the summary, the owner, the certificate or the keywords of a service, in any
/// language.
pub(crate) fn fits(app: &App, service: &service::Service, words: &str) -> bool {
    let d = &service.definition;
    let owner = app.pack.entity(&d.owner).map(|e| e.title.clone()).unwrap_or_default();
    let certificate = d.certificate.iter().flat_map(|certificate| certificate.title.all());
    let keywords = d.keywords.iter().flat_map(|keywords| keywords.all());
    let all: Vec<&str> =
        d.title.all().chain(d.summary.all()).chain(owner.all()).chain(certificate).chain(keywords).collect();
    let text = base::fold::fold(&all.join(" "));
    base::fold::fold(words).split_whitespace().take(10).all(|word| text.contains(base::fold::stem(word)))
}

pub(crate) async fn services(
    State(app): State<App>,
    f: Frame,
    Query(Words { q }): Query<Words>,
) -> Result<Response, Failure> {
    let services: Vec<ServiceCard> =
        app.pack.catalogue.services().filter(|s| fits(&app, s, &q)).map(|s| ServiceCard::of(&app, &f, s)).collect();
    page(Services { f, found: services.len() as i64, services, words: q.chars().take(200).collect() })
}

pub(crate) async fn service(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let service = app.pack.catalogue.service(&name).ok_or(Failure::NotFound)?;
    let d = &service.definition;
    let step = |state: &service::StateDefinition| {
        let who = state.by.as_deref().and_then(|role| app.pack.role(role)).map(|role| role.title.get(f.lang));
        let within = state.within.as_ref().map(|within| f.w.within(within));
        let more: Vec<&str> = who.into_iter().chain(within.as_deref()).collect();
        let title = state.title.get(f.lang);
        if more.is_empty() { title.to_owned() } else { format!("{title} ({})", more.join(" · ")) }
    };
    let draft = match &f.account {
        Some(account) => app.drafts.last_of(&account.id, &name).await?,
        None => None,
    };
    page(ServicePage {
        s: ServiceCard::of(&app, &f, service),
        summary: d.summary.get(f.lang).to_owned(),
        needs: d.needs.iter().map(|need| need.get(f.lang).to_owned()).collect(),
        steps: d.states.values().filter(|state| state.end.is_none()).map(step).collect(),
        law: d.legal_basis.as_ref().map(|law| law.get(f.lang).to_owned()),
        tariff: Tariff::of(&app, &f, service),
        draft: draft.map(|draft| (draft.id, f.w.day(&draft.changed))),
        f,
    })
}
