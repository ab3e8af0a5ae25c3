//! The form: a draft, one thing on each page, the check of the answers, and the sending.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use identity::Account;
use register::{Fault, Field};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use service::{Draft, Filing, Service, ServiceError};

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    question::{Control, Own, Question, given, kept, own, question, said},
    shown::{Answer, answers, name_records},
};

struct Task {
    page: String,
    title: String,
    done: bool,
}

#[derive(Template)]
#[template(path = "tasks.html")]
struct Tasks {
    f: Frame,
    title: String,
    service: String,
    draft: String,
    tasks: Vec<Task>,
    complete: bool,
}

#[derive(Template)]
#[template(path = "delete.html")]
struct Delete {
    f: Frame,
    title: String,
    draft: String,
    changed: String,
}

#[derive(Template)]
#[template(path = "form.html")]
struct FormPage {
    f: Frame,
    title: String,
    page_title: String,
    back: String,
    step: String,
    steps: String,
    errors: Vec<(String, String)>,
    has_file: bool,
    questions: Vec<Question>,
}

#[derive(Template)]
#[template(path = "check.html")]
struct Check {
    f: Frame,
    title: String,
    draft: String,
    problem: Option<String>,
    answers: Vec<Answer>,
    fee: Option<(String, String)>,
}

/// Begins a draft, with what is known of the applicant filled in.
pub(crate) async fn start(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(name): Path<String>,
    _: Form,
) -> Result<Response, Failure> {
    let service = app.pack.catalogue.service(&name).ok_or(Failure::NotFound)?;
    let account = visitor.account()?;
    let mut prefilled = Map::new();
    let own = own(&app, &visitor, service.definition.questions().map(|(_, field)| field)).await?;
    for (question, field) in service.definition.questions() {
        let known = match (field.prefill.as_deref(), app.registers.of(field)) {
            (None, _) => None,
            (Some(_), Some(register)) => only(&own, &register.register),
            (Some(from), None) => known(account, &f, from),
        };
        if let Some(Ok(value)) = known.map(|text| field.parse(&[text])) {
            prefilled.insert(question.to_owned(), value);
        }
    }
    let draft = Draft {
        id: app.random_name(),
        account: account.id.clone(),
        service: name,
        answers: prefilled,
        changed: base::stamp(app.now()),
    };
    let first = service.definition.form.first().ok_or(Failure::Internal)?.page.to_string();
    let address = f.href(&format!("/drafts/{}/{first}", draft.id));
    app.drafts.save(app.by(&account.id, "form"), draft).await?;
    Ok(Redirect::to(&address).into_response())
}

/// The applicant's record of a register, where there is just one.
fn only(own: &Own, register: &str) -> Option<String> {
    match own.get(register)?.as_slice() {
        [(id, _)] => Some(id.clone()),
        _ => None,
    }
}

fn known(account: &Account, f: &Frame, from: &str) -> Option<String> {
    match from.strip_prefix("applicant.")? {
        "name" => Some(account.name.get(f.lang).to_owned()),
        "email" => Some(account.email.clone()),
        "phone" => account.phone.clone(),
        "region" => account.region.clone(),
        "person-id" | "person_id" => account.person_id.clone(),
        _ => None,
    }
}

async fn opened(app: &App, visitor: &Visitor, id: &str) -> Result<(Draft, std::sync::Arc<Service>), Failure> {
    let draft = app.drafts.get(&visitor.account()?.id, id).await?.ok_or(Failure::NotFound)?;
    let service = app.pack.catalogue.service(&draft.service).ok_or(Failure::NotFound)?.clone();
    // The draft may be of an older version of the service.
    let answers = service.standing(&draft.answers);
    Ok((Draft { answers, ..draft }, service))
}

/// What is asked of the page of a draft.
#[derive(Deserialize)]
pub(crate) struct Asked {
    delete: Option<String>,
}

/// The pages of the form and which of them are done; or, before a draft is deleted, whether that is meant.
pub(crate) async fn tasks(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let (draft, service) = opened(&app, &visitor, &id).await?;
    let d = &service.definition;
    if asked.delete.is_some() {
        let (title, changed) = (d.title.get(f.lang).to_owned(), f.w.day(&draft.changed));
        return page(Delete { title, draft: id, changed, f });
    }
    let tasks = service.pages(&draft.answers).into_iter().map(|index| {
        let page = &d.form[index];
        let answered = |(name, field): (&String, &Field)| {
            !service.asks(name, &draft.answers)
                || draft.answers.get(name).is_some_and(|value| field.accept_json(value).is_ok())
        };
        Task {
            page: page.page.to_string(),
            title: page.title.get(f.lang).to_owned(),
            done: page.questions.iter().all(answered),
        }
    });
    page(Tasks {
        title: d.title.get(f.lang).to_owned(),
        service: draft.service.clone(),
        tasks: tasks.collect(),
        complete: service.first_incomplete(&draft.answers).is_none(),
        draft: id,
        f,
    })
}

/// Deletes a draft of the visitor's own.
pub(crate) async fn delete(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    if form.first("do") != Some("delete") {
        return Err(Failure::BadForm);
    }
    let account = visitor.account()?;
    if !app.drafts.delete(app.by(&account.id, "form"), &account.id, &id).await? {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(&f.href("/cases?deleted")).into_response())
}

/// What a page of the form holds: which it is, and what was typed where something was wrong.
struct Opened<'a> {
    draft: &'a Draft,
    service: &'a Service,
    index: usize,
    typed: &'a [(String, Vec<String>)],
    faults: &'a [(String, Fault)],
}

async fn form_page(app: &App, f: Frame, visitor: &Visitor, o: Opened<'_>) -> Result<Response, Failure> {
    let d = &o.service.definition;
    let definition = &d.form[o.index];
    let pages = o.service.pages(&o.draft.answers);
    let place = pages.iter().position(|p| *p == o.index).unwrap_or(0);
    let names: Vec<&str> = definition.questions.keys().map(String::as_str).collect();
    let own = own(app, visitor, definition.questions.values()).await?;
    let mut questions = Vec::new();
    for (name, field) in &definition.questions {
        let fault = o.faults.iter().find(|(n, _)| n == name).map(|(_, fault)| fault);
        let typed = o.typed.iter().find(|(n, _)| n == name).map(|(_, typed)| typed.clone());
        let typed = match (typed, o.draft.answers.get(name)) {
            (Some(typed), _) => typed,
            (None, None) => of_record(app, visitor, &o, field).await?,
            (None, answered) => kept(answered),
        };
        let mut asked = question(app, &f, &own, (name, field), typed, fault);
        asked.relate(&f, o.service, &names, &o.draft.answers);
        // What an earlier page has decided cannot change on this one.
        if !asked.hidden || asked.revealed_by.is_some() {
            questions.push(asked);
        }
    }
    let errors = questions.iter().filter_map(|q| Some((q.name.clone(), said(&q.title, q.error.as_ref()?)))).collect();
    let back = match place.checked_sub(1).and_then(|before| pages.get(before)) {
        Some(before) => f.href(&format!("/drafts/{}/{}", o.draft.id, d.form[*before].page)),
        None => f.href(&format!("/drafts/{}", o.draft.id)),
    };
    page(FormPage {
        title: d.title.get(f.lang).to_owned(),
        page_title: definition.title.get(f.lang).to_owned(),
        back,
        step: (place + 1).to_string(),
        steps: pages.len().to_string(),
        errors,
        has_file: definition.questions.values().any(|field| field.type_name == "file"),
        questions,
        f,
    })
}

/// What a record that was chosen earlier says to a question which is not answered yet, where the applicant may read it.
async fn of_record(app: &App, visitor: &Visitor, o: &Opened<'_>, field: &Field) -> Result<Vec<String>, Failure> {
    let Some((question, from)) = field.prefill.as_deref().and_then(|prefill| prefill.split_once('.')) else {
        return Ok(Vec::new());
    };
    let chosen = o.draft.answers.get(question).and_then(Json::as_str);
    let register = o.service.definition.question(question).and_then(|asked| app.registers.of(asked));
    let (Some(id), Some(register)) = (chosen, register) else { return Ok(Vec::new()) };
    let Some(record) = app.registers.find(&register.register, id).await? else { return Ok(Vec::new()) };
    let reader = visitor.reader(app).await?;
    if !reader.may_read(register, &record, from) {
        return Ok(Vec::new());
    }
    // Only what would be accepted is suggested.
    let typed = kept(record.values.get(from));
    Ok(if field.parse(&typed).is_ok() { typed } else { Vec::new() })
}

fn page_index(service: &Service, name: &str) -> Result<usize, Failure> {
    service.definition.form.iter().position(|p| AsRef::<str>::as_ref(&p.page) == name).ok_or(Failure::NotFound)
}

pub(crate) async fn form(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((id, name)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let (draft, service) = opened(&app, &visitor, &id).await?;
    let index = page_index(&service, &name)?;
    form_page(&app, f, &visitor, Opened { draft: &draft, service: &service, index, typed: &[], faults: &[] }).await
}

/// Reads a page of answers. What is right is saved; what is wrong is shown again as it was typed.
pub(crate) async fn answer(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((id, name)): Path<(String, String)>,
    sent: Form,
) -> Result<Response, Failure> {
    let (mut draft, service) = opened(&app, &visitor, &id).await?;
    let index = page_index(&service, &name)?;
    let account = visitor.account()?;
    let (mut typed, mut faults) = (Vec::new(), Vec::new());
    for (question, field) in &service.definition.form[index].questions {
        // What does not apply is left out; as it was typed it is kept for as long as the page is shown again.
        if !service.asks(question, &draft.answers) {
            draft.answers.remove(question);
            typed.push((question.clone(), sent.all(question)));
            continue;
        }
        let given = given(&app, account, &sent, (question, field), &draft.answers).await?;
        match given.read {
            Ok(value) => {
                draft.answers.insert(question.clone(), value);
            }
            Err(fault) => {
                // An earlier answer that was written over decides nothing any more; an earlier file is still kept.
                if field.type_name != "file" {
                    draft.answers.remove(question);
                }
                faults.push((question.clone(), fault));
            }
        }
        typed.push((question.clone(), given.typed));
    }
    draft.answers = service.standing(&draft.answers);
    draft.changed = base::stamp(app.now());
    app.drafts.save(app.by(&account.id, "form"), draft.clone()).await?;
    let later = sent.first("go") == Some("later");
    if !faults.is_empty() && !later {
        let opened = Opened { draft: &draft, service: &service, index, typed: &typed, faults: &faults };
        let shown = form_page(&app, f, &visitor, opened).await?;
        return Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, shown).into_response());
    }
    let next = service.pages(&draft.answers).into_iter().find(|p| *p > index);
    let address = match next {
        _ if later => f.href(&format!("/drafts/{id}")),
        Some(next) => f.href(&format!("/drafts/{id}/{}", service.definition.form[next].page)),
        None => f.href(&format!("/drafts/{id}/check")),
    };
    Ok(Redirect::to(&address).into_response())
}

async fn check_page(
    app: &App,
    f: Frame,
    visitor: &Visitor,
    (draft, service): (&Draft, &Service),
    problem: Option<String>,
) -> Result<Response, Failure> {
    let fee = service.fee(&draft.answers).map(|fee| (f.w.money(&fee.amount), (fee.row + 1).to_string()));
    page(Check {
        title: service.definition.title.get(f.lang).to_owned(),
        draft: draft.id.clone(),
        problem,
        answers: name_records(app, &f, visitor, answers(&f, service, &draft.answers)).await?,
        fee,
        f,
    })
}

pub(crate) async fn check(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
) -> Result<Response, Failure> {
    let (draft, service) = opened(&app, &visitor, &id).await?;
    if let Some(index) = service.first_incomplete(&draft.answers) {
        let page = &service.definition.form[index].page;
        return Ok(Redirect::to(&f.href(&format!("/drafts/{id}/{page}"))).into_response());
    }
    check_page(&app, f, &visitor, (&draft, &service), None).await
}

/// Files the case. The draft's name is the key: a second click or a lost answer makes no second case.
pub(crate) async fn send(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    _: Form,
) -> Result<Response, Failure> {
    let (draft, service) = opened(&app, &visitor, &id).await?;
    let actor = visitor.actor();
    let filing = Filing {
        service: draft.service.clone(),
        answers: draft.answers.clone(),
        random: app.random_number(),
        key: Some(format!("draft {id}")),
        draft: Some(id.clone()),
    };
    let problem = match app.cases.file(app.by(&actor.account, "form"), &actor, filing).await {
        Ok(case) => return Ok(Redirect::to(&f.href(&format!("/cases/{}?sent", case.reference))).into_response()),
        Err(ServiceError::Faults(faults)) => {
            let title = |name: &str| service.definition.question(name).map_or("", |field| field.title.get(f.lang));
            let words: Vec<String> = faults.iter().map(|(name, fault)| said(title(name), &f.w.fault(fault))).collect();
            format!("{} {}", f.w.say("form-not-yet"), words.join(". "))
        }
        Err(ServiceError::NotEligible(condition)) => service
            .definition
            .eligible
            .get(condition)
            .map_or_else(|| f.w.say("not-eligible"), |c| c.otherwise.get(f.lang).to_owned()),
        Err(ServiceError::Full(_)) => f.w.say("full"),
        Err(other) => return Err(other.into()),
    };
    let page = check_page(&app, f, &visitor, (&draft, &service), Some(problem)).await?;
    Ok((axum::http::StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
