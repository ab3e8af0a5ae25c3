//! The road map: objectives as grapes and what is measured; each objective has a page of its own.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use measure::Snapshot;
use plan::{Objective, ObjectiveProgress, PlanDefinition, grapes};
use serde::Deserialize;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture,
    shown::IndicatorLine,
    words::number,
};

/// An objective on a card.
pub(super) struct ObjectiveCard {
    pub name: String,
    pub title: String,
    pub summary: String,
    pub grapes: String,
    pub status: &'static str,
    pub status_word: String,
    pub path: Option<String>,
    /// How many of its figures there are not.
    pub missing: Option<String>,
    pub budget: String,
}

/// An objective and the lines of its indicators.
pub(super) struct Measured {
    pub title: String,
    pub href: String,
    pub lines: Vec<IndicatorLine>,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    f: Frame,
    /// The address of the cluster and its title.
    cluster: Option<(String, String)>,
    title: String,
    summary: String,
    lead: String,
    budget: String,
    others: Vec<(String, String)>,
    objectives: Vec<ObjectiveCard>,
    measured: Vec<Measured>,
}

#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    plan: String,
}

pub(crate) async fn plan(State(app): State<App>, f: Frame, Query(q): Query<Which>) -> Result<Response, Failure> {
    let plans = &app.pack.plans;
    let plan = if q.plan.is_empty() { plans.first() } else { plans.iter().find(|plan| *plan.plan == *q.plan) };
    let plan = plan.ok_or(Failure::NotFound)?;
    let figures = app.measures.now().await?;
    let (mut objectives, mut measured) = (Vec::new(), Vec::new());
    for o in &plan.objectives {
        let lines = lines(&app, &f, &figures, o)?;
        objectives.push(card(&f, plan, o, &lines));
        let (title, href) = (o.title.get(f.lang).to_owned(), f.href(&format!("/plan/{}", o.objective)));
        measured.push(Measured { title, href, lines });
    }
    let interventions: usize = plan.objectives.iter().map(|o| o.interventions.len()).sum();
    let indicators: usize = measured.iter().map(|m| m.lines.len()).sum();
    let cluster = app.pack.clusters.iter().find(|c| c.cluster == plan.cluster);
    page(PlanPage {
        cluster: cluster.map(|c| (f.href(&format!("/clusters/{}", c.cluster)), c.title.get(f.lang).to_owned())),
        title: plan.title.get(f.lang).to_owned(),
        summary: plan.summary.get(f.lang).to_owned(),
        lead: f.w.say3("plan-lead", &objectives.len().to_string(), &interventions.to_string(), &indicators.to_string()),
        budget: money(plan, plan.budget()),
        others: plans
            .iter()
            .filter(|other| other.plan != plan.plan)
            .map(|other| (f.href(&format!("/plan?plan={}", other.plan)), other.title.get(f.lang).to_owned()))
            .collect(),
        objectives,
        measured,
        f,
    })
}

/// The indicators of an objective and of its interventions, as they stand.
pub(super) fn lines(
    app: &App,
    f: &Frame,
    figures: &Snapshot,
    objective: &Objective,
) -> Result<Vec<IndicatorLine>, Failure> {
    let uses = objective.indicator_uses();
    let known = uses.filter_map(|used| Some((app.measures.indicator(&used.indicator)?, used)));
    known.map(|(indicator, used)| IndicatorLine::of(app, f, figures, indicator, used)).collect()
}

pub(super) fn card(f: &Frame, plan: &PlanDefinition, o: &Objective, lines: &[IndicatorLine]) -> ObjectiveCard {
    let title = o.title.get(f.lang).to_owned();
    let progress = ObjectiveProgress::of(lines.iter().map(|line| &line.standing));
    let ripe = grapes(progress.progress);
    ObjectiveCard {
        name: o.objective.to_string(),
        summary: o.summary.get(f.lang).to_owned(),
        grapes: picture::grapes::grapes(
            ripe,
            &format!("{title}: {}", f.w.say1("chart-grapes", &ripe.to_string())),
            &format!("grapes-{}", o.objective),
        ),
        status: progress.status.as_str(),
        status_word: f.w.say(&format!("status-{}", progress.status.as_str())),
        path: progress.progress.map(|p| f.w.say1("plan-of-path", &number((p * 100.0).round()))),
        missing: (progress.missing > 0)
            .then(|| f.w.say2("plan-figures-missing", &progress.missing.to_string(), &progress.figures.to_string())),
        budget: money(plan, o.budget()),
        title,
    }
}

pub(super) fn money(plan: &PlanDefinition, amount: i64) -> String {
    format!("{} {}", number(amount as f64), plan.currency)
}
