//! Registers and their records; each caller sees the fields that are open to them.

use axum::{
    Json,
    extract::{Path, Query, State},
    http::{HeaderName, StatusCode, header::LOCATION},
};
use jiff::civil::Date;
use register::{NewRecord, Record, RegisterDefinition, Search};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Once;
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    body::{Body, Key},
    page::{Page, PageQuery},
    problem::{Answer, Explain, Problem},
    tag::{IfMatch, tag},
};
use crate::App;

/// A register.
#[derive(Serialize, ToSchema)]
pub(crate) struct RegisterView {
    id: String,
    title: String,
    /// The entity that answers for it.
    keeper: String,
    open_data: bool,
    /// The fields that the caller may read, with their types.
    #[schema(value_type = Object)]
    fields: Map<String, Value>,
}

/// A record, with the fields that the caller may read.
#[derive(Serialize, ToSchema)]
pub(crate) struct RecordView {
    id: String,
    label: String,
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    /// 1 for the first version; it is the entity tag too.
    version: i64,
    changed: String,
}

/// What a record is to hold.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Values {
    #[schema(value_type = Object)]
    values: Map<String, Value>,
    /// The day from which it holds; today unless told.
    effective: Option<String>,
}

/// A version of a record.
#[derive(Serialize, ToSchema)]
pub(crate) struct Version {
    recorded: String,
    effective: String,
    by: String,
    cause: String,
    /// Absent where the record was removed.
    #[schema(value_type = Option<Object>)]
    values: Option<Map<String, Value>>,
}

/// What to look for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Wanted {
    /// Words that occur in the public fields.
    #[serde(default)]
    q: String,
}

fn register<'a>(app: &'a App, caller: &Caller, id: &str) -> Answer<&'a RegisterDefinition> {
    let d = app.registers.definition(id).ok_or_else(|| caller.not_found())?;
    // A register of which nothing may be read is not there.
    let open = d.fields.keys().any(|field| d.may_read(field, caller.roles()));
    if open || d.may_keep(caller.roles()) { Ok(d) } else { Err(caller.not_found()) }
}

fn readable(d: &RegisterDefinition, caller: &Caller, values: Map<String, Value>) -> Map<String, Value> {
    values.into_iter().filter(|(field, _)| d.may_read(field, caller.roles())).collect()
}

fn view(d: &RegisterDefinition, caller: &Caller, record: Record) -> RecordView {
    let label = if d.may_read(&d.label, caller.roles()) { record.label } else { String::new() };
    let values = readable(d, caller, record.values);
    RecordView { id: record.id, label, values, version: record.version, changed: record.changed }
}

/// The registers of which the caller may read something.
#[utoipa::path(get, path = "/registers", tag = "registers", responses((status = 200, body = Page<RegisterView>)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Json<Page<RegisterView>> {
    let of = |d: &RegisterDefinition| {
        let open = d.fields.iter().filter(|(field, _)| d.may_read(field, caller.roles()));
        RegisterView {
            id: d.register.to_string(),
            title: d.title.get(caller.lang).to_owned(),
            keeper: d.keeper.to_string(),
            open_data: d.open_data,
            fields: open.map(|(name, field)| (name.clone(), field.type_name.clone().into())).collect(),
        }
    };
    let all = app.registers.all().map(of).filter(|register| !register.fields.is_empty());
    Json(Page { items: all.collect(), next: None })
}

/// The records of a register.
#[utoipa::path(get, path = "/registers/{id}/records", tag = "registers", params(Wanted, PageQuery),
    responses((status = 200, body = Page<RecordView>)))]
pub(crate) async fn records(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(q): Query<Wanted>,
    Query(page): Query<PageQuery>,
) -> Answer<Json<Page<RecordView>>> {
    let d = register(&app, &caller, &id)?;
    let limit = page.limit();
    let words = q.q.chars().take(200).collect();
    let search = Search { words, after: page.cursor.unwrap_or_default(), limit };
    let (found, _) = app.registers.search(&id, &search).await.map_err(|e| e.explain(caller.lang))?;
    Ok(Json(Page::new(found, limit, |record| record.id.clone(), |record| view(d, &caller, record))))
}

/// The register, if the caller may write these fields of it.
fn kept<'a>(app: &'a App, caller: &Caller, id: &str, values: &Map<String, Value>) -> Answer<&'a RegisterDefinition> {
    let d = register(app, caller, id)?;
    if !d.may_keep(caller.roles()) {
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", caller.lang));
    }
    match values.keys().find(|field| d.fields.contains_key(*field) && !d.may_write(field, caller.roles())) {
        None => Ok(d),
        Some(field) => Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", caller.lang).detail(field)),
    }
}

fn effective(app: &App, caller: &Caller, text: Option<&str>) -> Answer<Date> {
    match text {
        None => Ok(app.today()),
        Some(text) => text.parse().map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "day", caller.lang)),
    }
}

/// Where a record is, and its version.
type Made = (StatusCode, [(HeaderName, String); 1], [(HeaderName, String); 1], Json<RecordView>);

/// Makes a record. For whoever keeps the register.
#[utoipa::path(post, path = "/registers/{id}/records", tag = "registers", request_body = Values,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request makes one record")),
    responses((status = 201, body = RecordView)))]
pub(crate) async fn add(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Key(key): Key,
    Body(new): Body<Values>,
) -> Answer<Made> {
    let d = kept(&app, &caller, &id, &new.values)?;
    let effective = effective(&app, &caller, new.effective.as_deref())?;
    let account = &caller.account()?.id;
    let request = format!("{id} {effective} {}", Value::Object(new.values.clone()));
    let once = key.map(|key| Once::new(account, &key, &request));
    let record = NewRecord { id: app.random_name(), register: id.clone(), holder: None, values: new.values, effective };
    let made = app.registers.add(app.by(account, "api"), record, once).await.map_err(|e| e.explain(caller.lang))?;
    let at = [(LOCATION, format!("/api/v1/registers/{id}/records/{}", made.id))];
    Ok((StatusCode::CREATED, at, tag(made.version), Json(view(d, &caller, made))))
}

async fn found(app: &App, caller: &Caller, register: &str, id: &str) -> Answer<Record> {
    let record = app.registers.find(register, id).await.map_err(|e| e.explain(caller.lang))?;
    record.ok_or_else(|| caller.not_found())
}

/// One record.
#[utoipa::path(get, path = "/registers/{id}/records/{record}", tag = "registers",
    responses((status = 200, body = RecordView)))]
pub(crate) async fn record(
    State(app): State<App>,
    caller: Caller,
    Path((id, record)): Path<(String, String)>,
) -> Answer<([(HeaderName, String); 1], Json<RecordView>)> {
    let d = register(&app, &caller, &id)?;
    let record = found(&app, &caller, &id, &record).await?;
    Ok((tag(record.version), Json(view(d, &caller, record))))
}

/// Changes fields of a record; those that are not named stay as they are. Needs If-Match.
#[utoipa::path(put, path = "/registers/{id}/records/{record}", tag = "registers", request_body = Values,
    params(("If-Match" = String, Header, description = "The entity tag of the record as the caller saw it")),
    responses((status = 200, body = RecordView)))]
pub(crate) async fn change(
    State(app): State<App>,
    caller: Caller,
    Path((id, record)): Path<(String, String)>,
    seen: IfMatch,
    Body(new): Body<Values>,
) -> Answer<([(HeaderName, String); 1], Json<RecordView>)> {
    let d = kept(&app, &caller, &id, &new.values)?;
    let seen = seen.required(&caller)?;
    let effective = effective(&app, &caller, new.effective.as_deref())?;
    let mut values = found(&app, &caller, &id, &record).await?.values;
    values.extend(new.values);
    let by = app.by(&caller.account()?.id, "api");
    let changed = app.registers.change(by, (&id, &record, seen), values, effective).await;
    let changed = changed.map_err(|e| e.explain(caller.lang))?;
    Ok((tag(changed.version), Json(view(d, &caller, changed))))
}

/// Removes a record; its history stays. Needs If-Match.
#[utoipa::path(delete, path = "/registers/{id}/records/{record}", tag = "registers",
    params(("If-Match" = String, Header, description = "The entity tag of the record as the caller saw it")),
    responses((status = 204)))]
pub(crate) async fn remove(
    State(app): State<App>,
    caller: Caller,
    Path((id, record)): Path<(String, String)>,
    seen: IfMatch,
) -> Answer<StatusCode> {
    kept(&app, &caller, &id, &Map::new())?;
    let seen = seen.required(&caller)?;
    let by = app.by(&caller.account()?.id, "api");
    let removed = app.registers.remove(by, (&id, &record, seen), app.today()).await;
    removed.map_err(|e| e.explain(caller.lang))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every version of a record, oldest first.
#[utoipa::path(get, path = "/registers/{id}/records/{record}/history", tag = "registers",
    responses((status = 200, body = Page<Version>)))]
pub(crate) async fn history(
    State(app): State<App>,
    caller: Caller,
    Path((id, record)): Path<(String, String)>,
) -> Answer<Json<Page<Version>>> {
    let d = register(&app, &caller, &id)?;
    let entries = app.registers.history(&record).await.map_err(|e| e.explain(caller.lang))?;
    let items: Vec<Version> = entries
        .into_iter()
        .filter(|entry| entry.kind == id)
        .map(|entry| Version {
            recorded: entry.recorded,
            effective: entry.effective,
            // Who wrote it is for those who keep the register, not for the public.
            by: if d.may_keep(caller.roles()) { entry.actor } else { String::new() },
            cause: entry.cause,
            values: match entry.after {
                Some(Value::Object(values)) => Some(readable(d, &caller, values)),
                _ => None,
            },
        })
        .collect();
    if items.is_empty() { Err(caller.not_found()) } else { Ok(Json(Page { items, next: None })) }
}
