//! Cases: filing them, finding them, moving them.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header::LOCATION},
};
use base::Reference;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use service::{Case, Filing, Move, Place, QueueFilter, ServiceError};
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    body::{Body, Key, Perhaps},
    page::{Page, PageQuery},
    problem::{Answer, Explain, Problem},
    query::{Path, Query},
    tag::{IfMatch, tag},
};
use crate::App;

/// A new case.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewCase {
    /// The answers, by the name of the question.
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    /// A draft of the portal that is done with.
    draft: Option<String>,
}

/// What an action is given.
#[derive(Deserialize, Default, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// Answers that the action lets the applicant change.
    #[serde(default)]
    #[schema(value_type = Object)]
    data: Map<String, Value>,
    /// A message or a reason; some actions need one.
    note: Option<String>,
}

/// A case.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseView {
    reference: String,
    service: String,
    /// The version of the service under which it was filed.
    version: String,
    state: String,
    /// `granted`, `refused`, `lapsed`, `withdrawn`; absent while it is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<&'static str>,
    applicant: String,
    applicant_name: String,
    assignee: Option<String>,
    filed: String,
    due: Option<String>,
    /// The supervising role that sees the case first since its time ran out.
    #[serde(skip_serializing_if = "Option::is_none")]
    escalated: Option<String>,
    closed: Option<String>,
    /// The fee that the service's table gives for the answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    fee: Option<FeeView>,
    /// The payment of the fee, where it has fallen due.
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<String>,
    /// Counts the changes; it is the entity tag too.
    revision: i64,
    #[schema(value_type = Object)]
    data: Map<String, Value>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct FeeView {
    /// A decimal in major units.
    amount: String,
    currency: String,
}

/// A case with what happened to it and what can be done.
#[derive(Serialize, ToSchema)]
pub(crate) struct CaseWithEvents {
    #[serde(flatten)]
    case: CaseView,
    /// The actions that the caller can take now.
    actions: Vec<String>,
    /// Oldest first.
    events: Vec<Event>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct Event {
    action: String,
    state: String,
    by: String,
    at: String,
    note: Option<String>,
}

/// Which cases.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Which {
    /// The caller's own applications (the default).
    mine: Option<String>,
    /// What waits for the caller's roles: `all`, `mine`, `nobodys`.
    desk: Option<String>,
}

fn view(app: &App, case: Case) -> CaseView {
    let service = app.cases.catalogue().version(&case.service, &case.version).ok();
    let fee = service.and_then(|service| service.fee(&case.answers));
    CaseView {
        payment: None,
        fee: fee.map(|fee| FeeView { amount: fee.amount.to_string(), currency: fee.amount.currency.code().to_owned() }),
        outcome: case.outcome.map(service::Outcome::as_str),
        reference: case.reference,
        service: case.service,
        version: case.version,
        state: case.state,
        applicant: case.applicant,
        applicant_name: case.applicant_name,
        assignee: case.assignee,
        filed: case.filed,
        due: case.due,
        escalated: case.escalated,
        closed: case.closed,
        revision: case.revision,
        data: case.answers,
    }
}

/// Where the new case is, and its revision.
type Made = (StatusCode, [(HeaderName, String); 1], [(HeaderName, String); 1], Json<CaseView>);

/// Files a case.
#[utoipa::path(post, path = "/services/{id}/cases", tag = "cases", request_body = NewCase,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request makes one case")),
    responses((status = 201, body = CaseView)))]
pub(crate) async fn file(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Key(key): Key,
    Body(new): Body<NewCase>,
) -> Answer<Made> {
    let actor = caller.actor();
    let service = app.pack.catalogue.service(&id).ok_or_else(|| caller.not_found())?;
    if let Some(draft) = &new.draft {
        let own = app.drafts.get(&actor.account, draft).await.map_err(|e| e.explain(caller.lang))?;
        own.ok_or_else(|| caller.not_found())?;
    }
    let filing = Filing { service: id, answers: new.data, random: app.random_number(), key, draft: new.draft };
    let case = app.cases.file(app.by(&actor.account, "api"), &actor, filing).await.map_err(|error| match error {
        ServiceError::NotEligible(condition) => {
            let told = service.definition.eligible.get(condition).map(|c| c.otherwise.get(caller.lang).to_owned());
            let problem = ServiceError::NotEligible(condition).explain(caller.lang);
            match told {
                Some(told) => problem.detail(told),
                None => problem,
            }
        }
        other => other.explain(caller.lang),
    })?;
    let payment = app.cases.payment_of(&case).await.map_err(|e| e.explain(caller.lang))?;
    let at = [(LOCATION, format!("/api/v1/cases/{}", case.reference))];
    let tag = tag(case.revision);
    let view = CaseView { payment: payment.map(|payment| payment.id), ..view(&app, case) };
    Ok((StatusCode::CREATED, at, tag, Json(view)))
}

/// The caller's own cases, or what waits at the desk.
#[utoipa::path(get, path = "/cases", tag = "cases", params(Which, PageQuery),
    responses((status = 200, body = Page<CaseView>)))]
pub(crate) async fn list(
    State(app): State<App>,
    caller: Caller,
    Query(which): Query<Which>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<CaseView>>> {
    let actor = caller.actor();
    let after = match &page.cursor {
        None => None,
        Some(text) => {
            Some(Place::parse(text).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "cursor", caller.lang))?)
        }
    };
    let filter = match (which.desk.as_deref(), which.mine) {
        (None, _) => None,
        (Some("mine"), _) => Some(QueueFilter::Mine),
        (Some("nobodys"), _) => Some(QueueFilter::Nobodys),
        (Some(_), _) => Some(QueueFilter::All),
    };
    let limit = page.limit();
    let found = match filter {
        None => app.cases.of(&actor.account, after.as_ref(), limit).await,
        Some(filter) => app.cases.queue(&actor, filter, after.as_ref(), limit).await.map(|queue| queue.cases),
    };
    let found = found.map_err(|error| error.explain(caller.lang))?;
    disclosed(&app, &caller, &found).await?;
    Ok(Json(Page::new(found, limit, |case| case.place(&actor.roles).to_string(), |case| view(&app, case))))
}

/// The case by its reference, if the caller may know of it.
async fn found(app: &App, caller: &Caller, reference: &str) -> Answer<Case> {
    let reference = Reference::parse(reference).map_err(|_| caller.not_found())?;
    let case = app.cases.get(&caller.actor(), reference.as_str()).await.map_err(|e| e.explain(caller.lang))?;
    case.ok_or_else(|| caller.not_found())
}

/// Writes down what the caller is about to see that is personal.
async fn disclosed(app: &App, caller: &Caller, cases: &[Case]) -> Answer<()> {
    let actor = caller.actor();
    let cases: Vec<&Case> = cases.iter().collect();
    let noted = app.cases.disclose(app.by(&actor.account, "api"), &actor, &cases).await;
    noted.map_err(|error| error.explain(caller.lang))
}

/// One case, with what happened to it.
#[utoipa::path(get, path = "/cases/{reference}", tag = "cases", responses((status = 200, body = CaseWithEvents)))]
pub(crate) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(reference): Path<String>,
) -> Answer<([(HeaderName, String); 1], Json<CaseWithEvents>)> {
    let case = found(&app, &caller, &reference).await?;
    disclosed(&app, &caller, std::slice::from_ref(&case)).await?;
    let actions = app.cases.actions(&caller.actor(), &case).into_iter().map(|(name, _)| name.to_owned()).collect();
    let history = app.cases.history(&case.reference).await.map_err(|e| e.explain(caller.lang))?;
    let event = |entry: store::Entry| {
        let text = |name: &str| Some(entry.after.as_ref()?.get(name)?.as_str()?.to_owned());
        Event {
            action: text("action").unwrap_or_default(),
            state: text("state").unwrap_or_default(),
            note: text("note"),
            by: entry.actor,
            at: entry.recorded,
        }
    };
    let events = history.into_iter().map(event).collect();
    let payment = app.cases.payment_of(&case).await.map_err(|e| e.explain(caller.lang))?;
    let revision = case.revision;
    let case = CaseView { payment: payment.map(|payment| payment.id), ..view(&app, case) };
    Ok((tag(revision), Json(CaseWithEvents { case, actions, events })))
}

/// Moves a case.
#[utoipa::path(post, path = "/cases/{reference}/actions/{action}", tag = "cases", request_body = Option<Step>,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request is done once"),
           ("If-Match" = Option<String>, Header, description = "The entity tag of the case as the caller saw it")),
    responses((status = 200, body = CaseView)))]
pub(crate) async fn act(
    State(app): State<App>,
    caller: Caller,
    Path((reference, action)): Path<(String, String)>,
    Key(key): Key,
    seen: IfMatch,
    Perhaps(sent): Perhaps<Step>,
) -> Answer<([(HeaderName, String); 1], Json<CaseView>)> {
    let actor = caller.actor();
    let reference = Reference::parse(&reference).map_err(|_| caller.not_found())?.to_string();
    let note = sent.note.as_deref().map(crate::input::note).transpose();
    let note = note.map_err(|fault| ServiceError::Faults(vec![("note".to_owned(), fault)]).explain(caller.lang))?;
    let (revision, note) = (seen.0, note.filter(|note| !note.is_empty()));
    let step = Move { reference: reference.clone(), action, note, answers: sent.data, revision, key };
    match app.cases.act(app.by(&actor.account, "api"), &actor, step).await {
        Ok(case) => {
            disclosed(&app, &caller, std::slice::from_ref(&case)).await?;
            Ok((tag(case.revision), Json(view(&app, case))))
        }
        // Whoever comes second is told what the first did.
        Err(ServiceError::NotPossible { action, state }) => {
            let history = app.cases.history(&reference).await.map_err(|e| e.explain(caller.lang))?;
            let by = history.last().map(|entry| entry.actor.clone());
            Err(ServiceError::NotPossible { action, state: state.clone() }.explain(caller.lang).moved(by, Some(state)))
        }
        Err(error) => Err(error.explain(caller.lang)),
    }
}
