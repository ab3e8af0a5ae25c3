//! Plans: the tree of objectives, interventions and activities, and how far each is.

use axum::{Json, extract::State};
use measure::Snapshot;
use plan::{IndicatorUse, Intervention, Objective, ObjectiveProgress, PlanDefinition};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    admit::Caller,
    page::Page,
    problem::{Answer, Explain},
    query::Path,
};
use crate::App;

/// A plan on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlanLine {
    id: String,
    cluster: String,
    title: String,
}

/// A plan.
#[derive(Serialize, ToSchema)]
pub(crate) struct PlanView {
    id: String,
    cluster: String,
    title: String,
    summary: String,
    /// The currency of every budget in it.
    currency: String,
    /// In major units.
    budget: i64,
    objectives: Vec<ObjectiveView>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ObjectiveView {
    id: String,
    title: String,
    summary: String,
    budget: i64,
    /// How much of the path its indicators have gone; 1 is all of it.
    progress: Option<f64>,
    /// `ahead`, `on-track`, `at-risk`, `off-track`, `no-data`.
    status: &'static str,
    /// How many of its figures are not available; then it is never `on-track` or `ahead`.
    figures_missing: usize,
    indicators: Vec<UseView>,
    interventions: Vec<InterventionView>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct InterventionView {
    id: String,
    title: String,
    /// The entity that answers for it.
    responsible: String,
    partners: Vec<String>,
    budget: Vec<BudgetView>,
    indicators: Vec<UseView>,
    activities: Vec<ActivityView>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct BudgetView {
    year: i16,
    amount: i64,
    source: String,
    /// Whether the amount is assumed rather than published.
    assumption: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ActivityView {
    id: String,
    title: String,
    from: String,
    to: String,
}

/// An indicator in a plan.
#[derive(Serialize, ToSchema)]
pub(crate) struct UseView {
    id: String,
    value: Option<f64>,
    /// Where the path to the target is today.
    expected: Option<f64>,
    progress: Option<f64>,
    status: &'static str,
    assumption: bool,
}

fn used(app: &App, now: &Snapshot, used: &IndicatorUse) -> Option<(UseView, measure::Standing)> {
    let indicator = app.measures.indicator(&used.indicator)?;
    let (day, value) = (app.today(), now.at(indicator, app.today()).value);
    let standing = used.trajectory().of(indicator).standing(value, day, indicator.definition.better);
    let view = UseView {
        id: used.indicator.to_string(),
        value,
        expected: standing.expected,
        progress: standing.progress,
        status: standing.status.as_str(),
        assumption: used.assumption,
    };
    Some((view, standing))
}

fn intervention(caller: &Caller, v: &Intervention, indicators: Vec<UseView>) -> InterventionView {
    let budget = v.budget.iter().map(|line| BudgetView {
        year: line.year,
        amount: line.amount,
        source: line.source.clone(),
        assumption: line.assumption,
    });
    let activities = v.activities.iter().map(|a| ActivityView {
        id: a.activity.to_string(),
        title: a.title.get(caller.lang).to_owned(),
        from: a.from.to_string(),
        to: a.to.to_string(),
    });
    InterventionView {
        id: v.intervention.to_string(),
        title: v.title.get(caller.lang).to_owned(),
        responsible: v.responsible.to_string(),
        partners: v.partners.iter().map(ToString::to_string).collect(),
        budget: budget.collect(),
        indicators,
        activities: activities.collect(),
    }
}

fn objective(app: &App, caller: &Caller, now: &Snapshot, o: &Objective) -> ObjectiveView {
    let mut standings = Vec::new();
    let mut views = |uses: &[IndicatorUse]| {
        let known = uses.iter().filter_map(|one| used(app, now, one));
        known
            .map(|(view, standing)| {
                standings.push(standing);
                view
            })
            .collect::<Vec<_>>()
    };
    let indicators = views(&o.indicators);
    let interventions = o.interventions.iter().map(|v| intervention(caller, v, views(&v.indicators))).collect();
    let progress = ObjectiveProgress::of(&standings);
    ObjectiveView {
        id: o.objective.to_string(),
        title: o.title.get(caller.lang).to_owned(),
        summary: o.summary.get(caller.lang).to_owned(),
        budget: o.budget(),
        progress: progress.progress,
        status: progress.status.as_str(),
        figures_missing: progress.missing,
        indicators,
        interventions,
    }
}

/// The plans.
#[utoipa::path(get, path = "/plans", tag = "plans", responses((status = 200, body = Page<PlanLine>)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Json<Page<PlanLine>> {
    let line = |plan: &PlanDefinition| PlanLine {
        id: plan.plan.to_string(),
        cluster: plan.cluster.to_string(),
        title: plan.title.get(caller.lang).to_owned(),
    };
    Json(Page { items: app.pack.plans.iter().map(line).collect(), next: None })
}

/// One plan, with how far it is today.
#[utoipa::path(get, path = "/plans/{id}", tag = "plans", responses((status = 200, body = PlanView)))]
pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer<Json<PlanView>> {
    let plan = app.pack.plans.iter().find(|plan| *plan.plan == *id).ok_or_else(|| caller.not_found())?;
    let now = app.measures.now().await.map_err(|e| e.explain(caller.lang))?;
    Ok(Json(PlanView {
        cluster: plan.cluster.to_string(),
        title: plan.title.get(caller.lang).to_owned(),
        summary: plan.summary.get(caller.lang).to_owned(),
        currency: plan.currency.clone(),
        budget: plan.budget(),
        objectives: plan.objectives.iter().map(|o| objective(&app, &caller, &now, o)).collect(),
        id,
    }))
}
