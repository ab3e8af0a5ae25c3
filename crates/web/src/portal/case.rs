//! A case: where it stands, whose turn it is, what happened, and what can be done.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use base::Reference;
use register::{Fault, Field, RegisterError};
use serde::Deserialize;
use serde_json::Value as Json;
use service::{Action, Answers, Case, Move, Outcome, Service, ServiceError};

use super::certificate;
use crate::{
    App,
    desk::{due, escalated},
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    question::{self, Control, Own, Question, given, kept, question},
    shown::{Answer, answers, name_records},
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
    /// What the applicant may change with it.
    questions: Vec<Question>,
    has_file: bool,
}

/// What was sent with an action and could not be done.
#[derive(Default)]
struct Tried {
    problem: Option<String>,
    action: String,
    note: String,
    typed: Vec<(String, Vec<String>)>,
    faults: Vec<(String, Fault)>,
    /// The answers as they would be.
    answers: Option<Answers>,
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
    /// Each with whether it is the applicant's turn.
    cases: Vec<(Line, bool)>,
    /// Whether a draft was deleted just now.
    deleted: bool,
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
    errors: Vec<(String, String)>,
    tried_note: String,
    tone: &'static str,
    turn: Option<String>,
    due: Option<String>,
    escalated: Option<String>,
    fee: Option<String>,
    /// The payment of the fee: reference, amount, where it stands, its tone, whether the reader can pay it.
    payment: Option<(String, String, String, &'static str, bool)>,
    proof: Option<super::verify::Proof>,
    answers: Vec<Answer>,
    certificate: Option<(String, String)>,
    /// Whether there is one as soon as the fee is paid.
    awaits_fee: bool,
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

/// What was done just before.
#[derive(Deserialize)]
pub(crate) struct Done {
    deleted: Option<String>,
}

pub(crate) async fn my_cases(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(done): Query<Done>,
) -> Result<Response, Failure> {
    let account = visitor.account()?;
    let mut cases = Vec::new();
    for (case, turn) in app.cases.own(&account.id, 200).await? {
        cases.push((line(&f, app.cases.catalogue().version(&case.service, &case.version)?, &case), turn));
    }
    let drafts = app.drafts.of(&account.id).await?.into_iter();
    let drafts = drafts.filter_map(|draft| {
        let title = app.pack.catalogue.service(&draft.service)?.definition.title.get(f.lang).to_owned();
        Some((draft.id, title, f.w.day(&draft.changed)))
    });
    page(MyCases { cases, deleted: done.deleted.is_some(), drafts: drafts.collect(), f })
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
    show(&app, f, &visitor, &reference, q.sent.is_some(), Tried::default()).await
}

async fn show(
    app: &App,
    f: Frame,
    visitor: &Visitor,
    reference: &str,
    sent: bool,
    tried: Tried,
) -> Result<Response, Failure> {
    // Whoever types a reference by hand may leave out the hyphens.
    let reference = Reference::parse(reference).map_err(|_| Failure::NotFound)?;
    let actor = visitor.actor();
    let case = app.cases.get(&actor, reference.as_str()).await?.ok_or(Failure::NotFound)?;
    // After an action that was refused the address is that of the action, which nothing can lead back to.
    let f = f.at(&format!("/cases/{}", case.reference));
    let service = app.cases.catalogue().version(&case.service, &case.version)?.clone();
    app.cases.disclose(app.by(&actor.account, "page"), &actor, &[&case]).await?;
    let own = question::own(app, visitor, service.definition.questions().map(|(_, field)| field)).await?;
    let actions = app.cases.actions(&actor, &case).into_iter().map(|(name, action)| Doable {
        questions: edits(app, &f, &own, (&service, &case), (name, action), &tried),
        has_file: action.edits.iter().any(|q| service.definition.question(q).is_some_and(|f| f.type_name == "file")),
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
        Some("applicant") if case.applicant == actor.account => Some(f.w.say("case-turn-applicant")),
        Some("applicant") => Some(f.w.say("case-applicant")),
        Some(role) => {
            Some(app.pack.role(role).map_or_else(|| f.w.say("case-turn-office"), |r| r.title.get(f.lang).to_owned()))
        }
        None if state.is_some_and(|s| s.until.is_some()) => Some(f.w.say("case-turn-pay")),
        None => None,
    };
    let filed: jiff::civil::Date = case.filed.parse().map_err(|_| Failure::Internal)?;
    let promised = service.definition.promise.due(filed, app.calendar()).to_string();
    let events = events(app, &f, &service, &case).await?;
    let owed = app.cases.payment_of(&case).await?;
    let is_given = service::gives_certificate(&case, owed.as_ref());
    let certificate = certificate::words(&f, &service, &case);
    let awaits_fee = certificate.is_some() && !is_given;
    let certificate = certificate.filter(|_| is_given);
    page(CasePage {
        c: line(&f, &service, &case),
        sent,
        promised: f.w.day(&promised),
        problem: tried.problem.clone(),
        errors: tried.faults.iter().map(|(name, fault)| (name.clone(), said(&f, &service, name, fault))).collect(),
        tried_note: tried.note.clone(),
        tone: match case.outcome {
            Some(Outcome::Granted) => "ahead",
            Some(_) => "off-track",
            None => "at-risk",
        },
        turn,
        // Whose turn it is is for the applicant to know, who did not act in time is for the office.
        escalated: (case.applicant != actor.account).then(|| escalated(app, &f, &actor, &case)).flatten(),
        due: case.due.as_deref().map(|day| due(app, &f, Some(day)).0),
        proof: certificate.as_ref().map(|_| super::verify::certificate_proof(app, &f, (&service, &case))),
        payment: owed.as_ref().map(|payment| {
            let state = f.w.say(&format!("pay-state-{}", payment.state.as_str()));
            let payable = payment.payer == actor.account && payment.state.can_be_paid();
            (payment.id.clone(), f.w.money(&payment.amount), state, super::payment::tone(payment.state), payable)
        }),
        fee: service.fee(&case.answers).filter(|_| owed.is_none()).map(|fee| f.w.money(&fee.amount)),
        answers: name_records(app, &f, visitor, answers(&f, &service, &case.answers)).await?,
        certificate,
        awaits_fee,
        actions: actions.collect::<Vec<_>>(),
        revision: case.revision,
        events,
        f,
    })
}

/// A fault with the question that it is about.
fn said(f: &Frame, service: &Service, name: &str, fault: &Fault) -> String {
    let note = f.w.say("case-reason");
    let otherwise = if name == "note" { note.as_str() } else { name };
    let title = service.definition.question(name).map_or(otherwise, |field| field.title.get(f.lang));
    question::said(title, &f.w.fault(fault))
}

/// The questions that an action lets the applicant answer anew, with what was answered, or typed just now.
fn edits(
    app: &App,
    f: &Frame,
    own: &Own,
    (service, case): (&Service, &Case),
    (name, action): (&str, &Action),
    tried: &Tried,
) -> Vec<Question> {
    let edited = edited(service, action);
    let names: Vec<&str> = edited.iter().map(|(name, _)| *name).collect();
    let tried_here = tried.action == name;
    let answers = tried.answers.as_ref().filter(|_| tried_here).unwrap_or(&case.answers);
    let mut questions = Vec::new();
    for (edited, field) in edited {
        let again = tried.typed.iter().find(|(n, _)| tried_here && n == edited).map(|(_, typed)| typed.clone());
        let fault = tried.faults.iter().find(|(n, _)| n == edited).map(|(_, fault)| fault);
        let mut asked =
            question(app, f, own, (edited, field), again.unwrap_or_else(|| kept(case.answers.get(edited))), fault);
        asked.relate(f, service, &names, answers);
        if !asked.hidden || asked.revealed_by.is_some() {
            questions.push(asked);
        }
    }
    questions
}

/// The questions that an action lets the applicant answer anew, in the order of the form.
fn edited<'a>(service: &'a Service, action: &Action) -> Vec<(&'a str, &'a Field)> {
    let questions = service.definition.questions();
    questions.filter(|(name, _)| action.edits.iter().any(|edited| edited == name)).collect()
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

pub(crate) async fn act(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((reference, action)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let actor = visitor.actor();
    let mut tried =
        Tried { action: action.clone(), note: form.first("note").unwrap_or("").to_owned(), ..Tried::default() };
    let mut step = Move {
        reference: reference.clone(),
        action,
        note: None,
        revision: form.first("revision").and_then(|text| text.parse().ok()),
        ..Move::default()
    };
    match form.first("note").map(crate::input::note).transpose() {
        Ok(note) => step.note = note.filter(|note| !note.is_empty()),
        Err(fault) => tried.faults.push(("note".to_owned(), fault)),
    }
    if let Some(case) = app.cases.get(&actor, &reference).await? {
        read_edits(&app, &visitor, &case, &form, &mut step, &mut tried).await?;
    }
    if !tried.faults.is_empty() {
        let page = show(&app, f, &visitor, &reference, false, tried).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let by = app.by(&actor.account, "page");
    let problem = match app.cases.act(by, &actor, step).await {
        Ok(case) => return Ok(Redirect::to(&f.href(&format!("/cases/{}", case.reference))).into_response()),
        Err(ServiceError::MovedOn { by, state }) => {
            let who = app.identity.account(&by).await?.map_or(by, |a| a.name.get(f.lang).to_owned());
            let case = app.cases.get(&actor, &reference).await?.ok_or(Failure::NotFound)?;
            let service = app.cases.catalogue().version(&case.service, &case.version)?;
            f.w.say2("case-moved-on", &who, &state_title(&f, service, &state))
        }
        Err(ServiceError::Faults(faults)) => {
            // What the form of this action does not ask is said above it.
            let case = app.cases.get(&actor, &reference).await?.ok_or(Failure::NotFound)?;
            let service = app.cases.catalogue().version(&case.service, &case.version)?;
            let actions = app.cases.actions(&actor, &case);
            let edits = actions.iter().find(|(name, _)| *name == tried.action).map(|(_, action)| &action.edits);
            let elsewhere = |(name, _): &&(String, Fault)| edits.is_none_or(|edits| !edits.contains(name));
            let said = |(name, fault): &(String, Fault)| {
                let title = service.definition.question(name).map_or(name.as_str(), |field| field.title.get(f.lang));
                question::said(title, &f.w.fault(fault))
            };
            let words: Vec<String> = faults.iter().filter(elsewhere).map(said).collect();
            tried.problem = (!words.is_empty()).then(|| words.join(". "));
            tried.faults = faults;
            let page = show(&app, f, &visitor, &reference, false, tried).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
        Err(ServiceError::NotEligible(condition)) => {
            let case = app.cases.get(&actor, &reference).await?.ok_or(Failure::NotFound)?;
            let service = app.cases.catalogue().version(&case.service, &case.version)?;
            let condition = service.definition.eligible.get(condition);
            condition.map_or_else(|| f.w.say("not-eligible"), |c| c.otherwise.get(f.lang).to_owned())
        }
        Err(ServiceError::Full(_)) => f.w.say("full"),
        Err(ServiceError::Register(RegisterError::Taken { register, field, value })) => {
            let definition = app.registers.definition(&register);
            let title = definition.and_then(|d| Some(d.fields.get(&field)?.title.get(f.lang).to_owned()));
            f.w.say2("case-record-taken", title.as_deref().unwrap_or(&field), &value)
        }
        Err(ServiceError::Register(RegisterError::Faults(faults))) => {
            let case = app.cases.get(&actor, &reference).await?.ok_or(Failure::NotFound)?;
            let service = app.cases.catalogue().version(&case.service, &case.version)?;
            let made = service.definition.record.as_ref();
            let definition = made.and_then(|record| app.registers.definition(&record.register));
            let title = |name: &str| {
                let field = definition.and_then(|d| d.fields.get(name));
                field.map_or(name, |field| field.title.get(f.lang)).to_owned()
            };
            let said = |(name, fault): &(String, Fault)| question::said(&title(name), &f.w.fault(fault));
            let words: Vec<String> = faults.iter().map(said).collect();
            f.w.say1("case-record-faults", &words.join(". "))
        }
        Err(ServiceError::NeedsNote(_)) => f.w.say("case-needs-note"),
        Err(ServiceError::NotPossible { .. }) => f.w.say("case-not-possible"),
        Err(other) => return Err(other.into()),
    };
    tried.problem = Some(problem);
    let page = show(&app, f, &visitor, &reference, false, tried).await?;
    Ok((StatusCode::CONFLICT, page).into_response())
}

/// Reads the answers that came with an action: those that fit go with the step, the others are said.
async fn read_edits(
    app: &App,
    visitor: &Visitor,
    case: &Case,
    form: &Form,
    step: &mut Move,
    tried: &mut Tried,
) -> Result<(), Failure> {
    let service = app.cases.catalogue().version(&case.service, &case.version)?;
    let actor = visitor.actor();
    let Some((_, action)) = app.cases.actions(&actor, case).into_iter().find(|(name, _)| *name == step.action) else {
        return Ok(());
    };
    let mut answers = case.answers.clone();
    for (name, field) in edited(service, action) {
        // The earlier answers of the same action say whether this question is asked at all.
        if !service.asks(name, &answers) {
            answers.remove(name);
            tried.typed.push((name.to_owned(), form.all(name)));
            continue;
        }
        let given = given(app, visitor.account()?, form, (name, field), &answers).await?;
        match given.read {
            Ok(value) => {
                answers.insert(name.to_owned(), value.clone());
                step.answers.insert(name.to_owned(), value);
            }
            Err(fault) => {
                if field.type_name != "file" {
                    answers.remove(name);
                }
                tried.faults.push((name.to_owned(), fault));
            }
        }
        tried.typed.push((name.to_owned(), given.typed));
    }
    tried.answers = Some(answers);
    Ok(())
}
