//! The desk: what waits for an official, cases due soonest first.

use std::collections::BTreeMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use base::Text;
use identity::Rule;
use jiff::civil::Date;
use serde::Deserialize;
use service::{Actor, COUNTED_MAX, Case, Place, QueueFilter};

use crate::{
    App,
    area::{Area, Entry, Route, Texts},
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    words::number,
};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[Entry::new("nav-desk", "/desk", &["desk"]).work(Rule::Desk)],
    routes: &[
        Route::new("/desk", Rule::Desk, || get(desk)),
        Route::new("/desk/assign", Rule::Desk, || post(assign)).once(),
    ],
};

struct Line {
    reference: String,
    service: String,
    applicant: String,
    state: String,
    assignee: String,
    due: String,
    urgency: &'static str,
    /// With whom the case is since its time ran out.
    escalated: Option<String>,
}

#[derive(Template)]
#[template(path = "desk.html")]
struct Desk {
    f: Frame,
    all: i64,
    /// How many came to the reader as a supervisor.
    came: i64,
    tabs: Vec<(&'static str, &'static str, String, bool)>,
    cases: Vec<Line>,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Show {
    #[serde(default)]
    show: String,
    #[serde(default)]
    after: String,
}

const PAGE: i64 = 50;

pub(crate) async fn desk(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Show>,
) -> Result<Response, Failure> {
    let filter = match q.show.as_str() {
        "mine" => QueueFilter::Mine,
        "nobodys" => QueueFilter::Nobodys,
        _ => QueueFilter::All,
    };
    let actor = visitor.actor();
    let queue = app.cases.queue(&actor, filter, Place::parse(&q.after).as_ref(), PAGE).await?;
    let shown = [
        ("desk-all", "all", queue.all, filter == QueueFilter::All),
        ("desk-mine", "mine", queue.mine, filter == QueueFilter::Mine),
        ("desk-nobodys", "nobodys", queue.nobodys, filter == QueueFilter::Nobodys),
    ];
    let last = queue.cases.last().filter(|_| queue.cases.len() as i64 == PAGE);
    let next = last.map(|last| {
        let show = shown.iter().find(|tab| tab.3).map_or("all", |tab| tab.1);
        f.href(&format!("/desk?show={show}&after={}", last.place(&actor.roles)))
    });
    let mut cases = Vec::new();
    let names = app.identity.names(&queue.cases.iter().filter_map(|case| case.assignee.as_deref()).collect()).await?;
    for case in &queue.cases {
        cases.push(line(&app, &f, &actor, case, &names)?);
    }
    let tabs = shown.map(|(key, name, count, current)| (key, name, counted(count), current)).to_vec();
    page(Desk { f, all: queue.all, came: queue.escalated, tabs, cases, next })
}

/// A count of the desk: `9,999+` from where nobody counts on.
fn counted(count: i64) -> String {
    let text = number(count as f64);
    if count >= COUNTED_MAX { format!("{text}+") } else { text }
}

fn line(app: &App, f: &Frame, actor: &Actor, case: &Case, names: &BTreeMap<String, Text>) -> Result<Line, Failure> {
    let service = app.cases.catalogue().version(&case.service, &case.version)?;
    let (due, urgency) = due(app, f, case.due.as_deref());
    let assignee = match &case.assignee {
        Some(id) => names.get(id).map_or(String::new(), |name| name.get(f.lang).to_owned()),
        None => f.w.say("due-none"),
    };
    Ok(Line {
        reference: case.reference.clone(),
        service: service.definition.title.get(f.lang).to_owned(),
        applicant: case.applicant_name.clone(),
        state: service.definition.states.get(&case.state).map_or("", |s| s.title.get(f.lang)).to_owned(),
        assignee,
        due,
        urgency,
        escalated: escalated(app, f, actor, case),
    })
}

/// With whom an overdue case is.
pub(crate) fn escalated(app: &App, f: &Frame, actor: &Actor, case: &Case) -> Option<String> {
    let role = case.escalated.as_ref()?;
    if actor.roles.contains(role) {
        return Some(f.w.say("desk-came-to-you"));
    }
    let title = app.pack.role(role).map_or(role.as_str(), |role| role.title.get(f.lang));
    Some(f.w.say1("desk-escalated", title))
}

/// How long there is, and how urgent that is.
pub(crate) fn due(app: &App, f: &Frame, due: Option<&str>) -> (String, &'static str) {
    let Some(day) = due.and_then(|text| text.parse::<Date>().ok()) else { return (f.w.say("due-none"), "ok") };
    let left = app.today().until(day).map_or(0, |span| i64::from(span.get_days()));
    match left {
        ..=-1 => (f.w.count("due-late", &-left), "late"),
        0 => (f.w.say("due-today"), "late"),
        1 => (f.w.count("due-in", &1), "soon"),
        _ => (f.w.count("due-in", &left), "ok"),
    }
}

pub(crate) async fn assign(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let actor = visitor.actor();
    let chosen: Vec<String> = form.all("case").into_iter().take(200).collect();
    app.cases.assign(app.by(&actor.account, "desk"), &actor, chosen, Some(actor.account.clone())).await?;
    Ok(Redirect::to(&f.href("/desk?show=mine")).into_response())
}
