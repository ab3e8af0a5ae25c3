//! A case: where it stands, whose turn it is, what happened, and what can be done.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::Reference;
use serde::Deserialize;
use serde_json::Value as Json;
use service::{Case, Move, Outcome, Service, ServiceError};

use super::{
    desk::due,
    shown::{Answer, answers, shown},
};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
};

struct Line {
    reference: String,
    service: String,
    state: String,
    filed: String,
    applicant: String,
}

struct Doable {
    name: String,
    title: String,
    note: Option<String>,
    tone: &'static str,
}

struct Event {
    what: String,
    when: String,
    who: String,
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "cases.html")]
struct MyCases {
    f: Frame,
    cases: Vec<Line>,
    drafts: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "case.html")]
struct CasePage {
    f: Frame,
    c: Line,
    sent: bool,
    promised: String,
    problem: Option<String>,
    tone: &'static str,
    turn: Option<String>,
    due: Option<String>,
    fee: Option<String>,
    answers: Vec<Answer>,
    certificate: Option<(String, String)>,
    actions: Vec<Doable>,
    revision: i64,
    events: Vec<Event>,
}

fn line(f: &Frame, service: &Service, case: &Case) -> Line {
    Line {
        reference: case.reference.clone(),
        service: service.definition.title.get(f.lang).to_owned(),
        state: state_title(f, service, &case.state),
        filed: f.w.day(&case.filed),
        applicant: case.applicant_name.clone(),
    }
}

fn state_title(f: &Frame, service: &Service, state: &str) -> String {
    service.definition.states.get(state).map_or(state, |s| s.title.get(f.lang)).to_owned()
}

pub(crate) async fn my_cases(State(app): State<App>, f: Frame, visitor: Visitor) -> Result<Response, Failure> {
    let account = visitor.account()?;
    let mut cases = Vec::new();
    for case in app.cases.of(&account.id, None, 200).await? {
        cases.push(line(&f, app.cases.catalogue().version(&case.service, &case.version)?, &case));
    }
    let drafts = app.drafts.of(&account.id).await?.into_iter();
    let drafts = drafts.filter_map(|draft| {
        let title = app.pack.catalogue.service(&draft.service)?.definition.title.get(f.lang).to_owned();
        Some((draft.id, title, f.w.day(&draft.changed)))
    });
    page(MyCases { cases, drafts: drafts.collect(), f })
}

#[derive(Deserialize)]
pub(crate) struct Sent {
    sent: Option<String>,
}

pub(crate) async fn case(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(reference): Path<String>,
    Query(q): Query<Sent>,
) -> Result<Response, Failure> {
    show(&app, f, &visitor, &reference, q.sent.is_some(), None).await
}

async fn show(
    app: &App,
    f: Frame,
    visitor: &Visitor,
    reference: &str,
    sent: bool,
    problem: Option<String>,
) -> Result<Response, Failure> {
    // Whoever types a reference by hand may leave out the hyphens.
    let reference = Reference::parse(reference).map_err(|_| Failure::NotFound)?;
    let actor = visitor.actor();
    let case = app.cases.get(&actor, reference.as_str()).await?.ok_or(Failure::NotFound)?;
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    let actions = app.cases.actions(&actor, &case).into_iter().map(|(name, action)| Doable {
        name: name.to_owned(),
        title: action.title.get(f.lang).to_owned(),
        note: action
            .needs
            .map(|needs| f.w.say(if needs == service::Note::Reason { "case-reason" } else { "case-note" })),
        tone: match service.definition.states.get(&action.to).and_then(|state| state.end) {
            Some(Outcome::Granted) => "",
            Some(_) => "danger",
            None => "secondary",
        },
    });
    let state = service.definition.states.get(&case.state);
    let turn = match state.and_then(|s| s.by.as_deref()) {
        Some("applicant") => Some(f.w.say("case-turn-applicant")),
        Some(role) => {
            Some(app.pack.role(role).map_or_else(|| f.w.say("case-turn-office"), |r| r.title.get(f.lang).to_owned()))
        }
        None => None,
    };
    let filed: jiff::civil::Date = case.filed.parse().map_err(|_| Failure::Internal)?;
    let promised = service.definition.promise.due(filed, app.calendar()).to_string();
    let events = events(app, &f, &service, &case).await?;
    page(CasePage {
        c: line(&f, &service, &case),
        sent,
        promised: f.w.day(&promised),
        problem,
        tone: match case.outcome {
            Some(Outcome::Granted) => "ahead",
            Some(_) => "off-track",
            None => "at-risk",
        },
        turn,
        due: case.due.as_deref().map(|day| due(app, &f, Some(day)).0),
        fee: service.fee(&case.answers).map(|fee| f.w.money(&fee.amount)),
        answers: answers(&f, &service, &case.answers),
        certificate: certificate(&f, &service, &case),
        actions: actions.collect(),
        revision: case.revision,
        events,
        f,
    })
}

/// What the journal says of the case, the last first.
async fn events(app: &App, f: &Frame, service: &Service, case: &Case) -> Result<Vec<Event>, Failure> {
    let mut events = Vec::new();
    for entry in app.cases.history(&case.reference).await?.into_iter().rev() {
        let text =
            |name: &str| entry.after.as_ref().and_then(|a| a.get(name)).and_then(Json::as_str).map(str::to_owned);
        let action = text("action").unwrap_or_default();
        let titled = service.definition.states.values().find_map(|state| state.actions.get(&action));
        let who = match app.identity.account(&entry.actor).await? {
            Some(account) => account.name.get(f.lang).to_owned(),
            None if entry.actor == case.applicant => case.applicant_name.clone(),
            None => entry.actor.clone(),
        };
        events.push(Event {
            what: titled.map_or_else(|| f.w.say(&format!("action-{action}")), |a| a.title.get(f.lang).to_owned()),
            when: f.w.day(&entry.effective),
            who,
            note: text("note"),
        });
    }
    Ok(events)
}

/// The certificate of a granted case: the service's text with the answers in it.
fn certificate(f: &Frame, service: &Service, case: &Case) -> Option<(String, String)> {
    let text = service.definition.certificate.as_ref().filter(|_| case.outcome == Some(Outcome::Granted))?;
    let mut body = text.body.get(f.lang).to_owned();
    for (name, field) in service.definition.questions() {
        body = body.replace(&format!("{{{name}}}"), &shown(f, field, case.answers.get(name)));
    }
    let day = f.w.day(case.closed.as_deref().unwrap_or(""));
    Some((text.title.get(f.lang).to_owned(), body.replace("{reference}", &case.reference).replace("{today}", &day)))
}

pub(crate) async fn act(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((reference, action)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let actor = visitor.actor();
    let step = Move {
        reference: reference.clone(),
        action,
        note: form.first("note").map(|note| note.chars().take(4000).collect()),
        revision: form.first("revision").and_then(|text| text.parse().ok()),
        ..Move::default()
    };
    let by = app.by(&actor.account, "page");
    let problem = match app.cases.act(by, &actor, step).await {
        Ok(case) => return Ok(Redirect::to(&f.href(&format!("/cases/{}", case.reference))).into_response()),
        Err(ServiceError::MovedOn { by, state }) => {
            let who = app.identity.account(&by).await?.map_or(by, |a| a.name.get(f.lang).to_owned());
            let case = app.cases.get(&actor, &reference).await?.ok_or(Failure::NotFound)?;
            let service = app.cases.catalogue().version(&case.service, &case.version)?;
            f.w.say2("case-moved-on", &who, &state_title(&f, service, &state))
        }
        Err(ServiceError::NeedsNote(_)) => f.w.say("case-needs-note"),
        Err(ServiceError::NotPossible { .. }) => f.w.say("case-not-possible"),
        Err(other) => return Err(other.into()),
    };
    let page = show(&app, f, &visitor, &reference, false, Some(problem)).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}
