//! The catalogue of services, and one definition.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde::{Deserialize, Serialize};
use service::Service;
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    page::Page,
    problem::Answer,
    query::{Path, Query},
};
use crate::{App, portal::fits};

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Words that must all occur in the title, the summary or the owner.
    #[serde(default)]
    q: String,
}

/// A service on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceLine {
    id: String,
    title: String,
    summary: String,
    /// The entity whose service it is.
    owner: String,
    /// The version under which a case would be filed now.
    version: String,
}

/// A service as the pack defines it.
#[derive(Serialize, ToSchema)]
pub(crate) struct ServiceView {
    id: String,
    version: String,
    /// The definition as it is written in the pack: form, eligibility, fee table, states.
    #[schema(value_type = Object)]
    definition: service::ServiceDefinition,
}

fn line(service: &Arc<Service>, caller: &Caller) -> ServiceLine {
    let d = &service.definition;
    ServiceLine {
        id: d.service.to_string(),
        title: d.title.get(caller.lang).to_owned(),
        summary: d.summary.get(caller.lang).to_owned(),
        owner: d.owner.to_string(),
        version: service.version.clone(),
    }
}

/// The services that can be applied for.
#[utoipa::path(get, path = "/services", tag = "services", params(Wanted),
    responses((status = 200, body = Page<ServiceLine>)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller, Query(q): Query<Wanted>) -> Json<Page<ServiceLine>> {
    let found = app.pack.catalogue.services().filter(|service| fits(&app, service, &q.q));
    Json(Page { items: found.map(|service| line(service, &caller)).collect(), next: None })
}

/// One service.
#[utoipa::path(get, path = "/services/{id}", tag = "services", responses((status = 200, body = ServiceView)))]
pub(crate) async fn one(State(app): State<App>, caller: Caller, Path(id): Path<String>) -> Answer<Json<ServiceView>> {
    let service = app.pack.catalogue.service(&id).ok_or_else(|| caller.not_found())?;
    Ok(Json(ServiceView { id, version: service.version.clone(), definition: service.definition.clone() }))
}
