//! An objective of the road map: what is measured, what is done for it, by whom, for how much, and when.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use jiff::civil::Date;
use plan::{Intervention, PlanDefinition, Schedule, Scheduled};

use super::overview::{Measured, ObjectiveCard, card, lines, money};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture::span,
};

struct InterventionView {
    name: String,
    title: String,
    responsible: String,
    partners: String,
    budget: String,
    assumption: bool,
    activities: Vec<ActivityView>,
}

struct ActivityView {
    title: String,
    responsible: Option<String>,
    days: String,
    /// Where it stands in time, in words.
    standing: String,
    critical: bool,
    slack: Option<String>,
    bar: String,
}

#[derive(Template)]
#[template(path = "objective.html")]
struct ObjectivePage {
    f: Frame,
    plan: String,
    plan_href: String,
    card: ObjectiveCard,
    m: Measured,
    interventions: Vec<InterventionView>,
    others: Vec<(String, String)>,
}

pub(crate) async fn objective(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let of = |plan: &'_ PlanDefinition| plan.objectives.iter().position(|o| *o.objective == *name);
    let found = app.pack.plans.iter().find_map(|plan| Some((plan, of(plan)?)));
    let (plan, place) = found.ok_or(Failure::NotFound)?;
    let objective = &plan.objectives[place];
    let figures = app.measures.now().await?;
    let lines = lines(&app, &f, &figures, objective)?;
    let schedule = objective.schedule();
    let interventions =
        objective.interventions.iter().map(|v| intervention(&app, &f, plan, v, schedule.as_ref())).collect();
    let others = plan.objectives.iter().filter(|o| *o.objective != *name);
    page(ObjectivePage {
        plan: plan.title.get(f.lang).to_owned(),
        plan_href: f.href(&format!("/plan?plan={}", plan.plan)),
        card: card(&f, plan, objective, &lines),
        m: Measured { title: objective.title.get(f.lang).to_owned(), href: String::new(), lines },
        interventions,
        others: others.map(|o| (f.href(&format!("/plan/{}", o.objective)), o.title.get(f.lang).to_owned())).collect(),
        f,
    })
}

fn intervention(
    app: &App,
    f: &Frame,
    plan: &PlanDefinition,
    v: &Intervention,
    schedule: Option<&Schedule<'_>>,
) -> InterventionView {
    let entity = |id: &base::Id| app.pack.entity_title(id, f.lang).to_owned();
    let own = |s: &&Scheduled<'_>| v.activities.iter().any(|a| a.activity == s.activity.activity);
    let activities = schedule.iter().flat_map(|all| {
        all.activities.iter().filter(own).map(|scheduled| activity(app, f, scheduled, (all.from, all.to)))
    });
    InterventionView {
        name: v.intervention.to_string(),
        title: v.title.get(f.lang).to_owned(),
        responsible: entity(&v.responsible),
        partners: v.partners.iter().map(entity).collect::<Vec<_>>().join(f.comma()),
        budget: money(plan, v.budget_total()),
        assumption: v.budget_is_assumed(),
        activities: activities.collect(),
    }
}

fn activity(app: &App, f: &Frame, scheduled: &Scheduled<'_>, all: (Date, Date)) -> ActivityView {
    let (a, today) = (scheduled.activity, app.today());
    let standing = match (a.to < today, a.from > today) {
        (true, _) => "activity-over",
        (_, true) => "activity-to-come",
        _ => "activity-now",
    };
    let days = f.w.say2("activity-days", &f.w.day(&a.from.to_string()), &f.w.day(&a.to.to_string()));
    ActivityView {
        title: a.title.get(f.lang).to_owned(),
        responsible: a.responsible.as_ref().map(|id| app.pack.entity_title(id, f.lang).to_owned()),
        standing: f.w.say(standing),
        critical: scheduled.is_critical(),
        slack: (!scheduled.is_critical()).then(|| f.w.count("activity-slack", &scheduled.slack_days)),
        bar: span::span((a.from, a.to), all, today, scheduled.is_critical()),
        days,
    }
}
