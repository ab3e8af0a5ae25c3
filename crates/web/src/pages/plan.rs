//! The road map: objectives as grapes, what is measured, budgets, who is responsible.

use askama::Template;
use axum::{extract::State, response::Response};
use plan::{ObjectiveProgress, PlanDefinition, grapes};

use super::shown::IndicatorLine;
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture,
    words::number,
};

struct ObjectiveView {
    name: String,
    title: String,
    summary: String,
    grapes: String,
    status: &'static str,
    status_word: String,
    path: Option<String>,
    budget: String,
    interventions: Vec<InterventionView>,
}

struct InterventionView {
    title: String,
    responsible: String,
    partners: String,
    budget: String,
    assumption: bool,
    activities: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "plan.html")]
struct PlanPage {
    f: Frame,
    cluster: String,
    title: String,
    summary: String,
    lead: String,
    objectives: Vec<ObjectiveView>,
    indicators: Vec<IndicatorLine>,
}

pub(crate) async fn plan(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let plan = app.pack.plans.first().ok_or(Failure::NotFound)?;
    let figures = app.measures.now().await?;
    let mut indicators = Vec::new();
    for (objective, used) in plan.indicator_uses() {
        let Some(indicator) = app.measures.indicator(&used.indicator) else { continue };
        indicators.push(IndicatorLine::of(&app, &f, &figures, indicator, used, objective.title.get(f.lang))?);
    }
    let objectives: Vec<ObjectiveView> =
        plan.objectives.iter().map(|o| objective(&app, &f, plan, o, &indicators)).collect();
    let interventions: usize = plan.objectives.iter().map(|o| o.interventions.len()).sum();
    let cluster = app.pack.clusters.iter().find(|c| c.cluster == plan.cluster);
    page(PlanPage {
        cluster: cluster.map_or(String::new(), |c| c.title.get(f.lang).to_owned()),
        title: plan.title.get(f.lang).to_owned(),
        summary: plan.summary.get(f.lang).to_owned(),
        lead: f.w.say3(
            "plan-lead",
            &objectives.len().to_string(),
            &interventions.to_string(),
            &indicators.len().to_string(),
        ),
        objectives,
        indicators,
        f,
    })
}

fn objective(
    app: &App,
    f: &Frame,
    plan: &PlanDefinition,
    o: &plan::Objective,
    lines: &[IndicatorLine],
) -> ObjectiveView {
    let title = o.title.get(f.lang).to_owned();
    let own = lines.iter().filter(|line| line.objective == title).map(|line| &line.standing);
    let progress = ObjectiveProgress::of(own);
    let ripe = grapes(progress.progress);
    let money = |amount: i64| format!("{} {}", number(amount as f64), plan.currency);
    let entity = |id: &base::Id| app.pack.entity_title(id, f.lang).to_owned();
    let comma = if f.lang.is_rtl() { "، " } else { ", " };
    let interventions = o.interventions.iter().map(|v| InterventionView {
        title: v.title.get(f.lang).to_owned(),
        responsible: entity(&v.responsible),
        partners: v.partners.iter().map(entity).collect::<Vec<_>>().join(comma),
        budget: money(v.budget_total()),
        assumption: v.budget_is_assumed(),
        activities: v
            .activities
            .iter()
            .map(|a| (a.title.get(f.lang).to_owned(), f.w.day(&a.from.to_string()), f.w.day(&a.to.to_string())))
            .collect(),
    });
    ObjectiveView {
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
        budget: money(o.budget()),
        interventions: interventions.collect(),
        title,
    }
}
