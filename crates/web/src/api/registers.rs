//! Registers and their records; each caller sees the fields that are open to them.

use axum::{
    Json,
    extract::State,
    http::{HeaderName, StatusCode, header::LOCATION},
};
use jiff::civil::Date;
use register::{NewRecord, Reader, Record, RegisterDefinition, Search, as_of};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::{By, Once};
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    body::{Body, Key},
    page::{Page, PageQuery},
    problem::{Answer, Explain, Problem},
    query::{Path, Query},
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
    // A register of which nothing may be read is not there; some people may read what is about them.
    let about = caller.who.account.is_some() && d.read.contains_key("holder");
    if about || d.is_open_to(caller.roles()) { Ok(d) } else { Err(caller.not_found()) }
}

fn view(d: &RegisterDefinition, reader: &Reader, record: Record) -> RecordView {
    let readable = reader.readable(d, &record);
    let label = if readable.contains(&d.label.as_str()) { record.label } else { String::new() };
    let values = record.values.into_iter().filter(|(field, _)| readable.contains(&field.as_str())).collect();
    RecordView { id: record.id, label, values, version: record.version, changed: record.changed }
}

/// Whoever reads, for the log of readings.
fn by(app: &App, reader: &Reader) -> By {
    app.by(reader.account.as_deref().unwrap_or("public"), "api")
}

/// What the caller may read, with what is personal in it written down.
async fn disclosed(app: &App, caller: &Caller, d: &RegisterDefinition, records: &[Record]) -> Answer<Reader> {
    let reader = caller.reader(app).await?;
    let records: Vec<&Record> = records.iter().collect();
    let noted = app.registers.disclose(by(app, &reader), app.today(), &reader, d, &records).await;
    noted.map(|()| reader).map_err(|e| e.explain(caller.lang))
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
    let reader = caller.reader(&app).await?;
    let (found, _) = app.registers.search_as(&reader, d, &search).await.map_err(|e| e.explain(caller.lang))?;
    let reader = disclosed(&app, &caller, d, &found).await?;
    Ok(Json(Page::new(found, limit, |record| record.id.clone(), |record| view(d, &reader, record))))
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
    let reader = caller.reader(&app).await?;
    Ok((StatusCode::CREATED, at, tag(made.version), Json(view(d, &reader, made))))
}

async fn found(app: &App, caller: &Caller, register: &str, id: &str) -> Answer<Record> {
    let record = app.registers.find(register, id).await.map_err(|e| e.explain(caller.lang))?;
    record.ok_or_else(|| caller.not_found())
}

/// When.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Then {
    /// The record as it stood at the end of that day; as it stands, unless told.
    as_of: Option<String>,
}

/// One record.
#[utoipa::path(get, path = "/registers/{id}/records/{record}", tag = "registers", params(Then),
    responses((status = 200, body = RecordView)))]
pub(crate) async fn record(
    State(app): State<App>,
    caller: Caller,
    Path((id, record)): Path<(String, String)>,
    Query(then): Query<Then>,
) -> Answer<([(HeaderName, String); 1], Json<RecordView>)> {
    let d = register(&app, &caller, &id)?;
    let record = match &then.as_of {
        None => found(&app, &caller, &id, &record).await?,
        Some(day) => stood(&app, &caller, (&id, &record), day).await?,
    };
    let reader = disclosed(&app, &caller, d, std::slice::from_ref(&record)).await?;
    // Nothing that may be read is the same answer as nothing there.
    if reader.readable(d, &record).is_empty() && !d.may_keep(caller.roles()) {
        return Err(caller.not_found());
    }
    Ok((tag(record.version), Json(view(d, &reader, record))))
}

/// The record as it stood on a day. Whom it is about is what it is now.
async fn stood(app: &App, caller: &Caller, (register, id): (&str, &str), day: &str) -> Answer<Record> {
    let no_day = || Problem::new(StatusCode::BAD_REQUEST, "day", caller.lang);
    let day: Date = day.parse().map_err(|_| no_day())?;
    let end = app.end_of(day).ok_or_else(no_day)?;
    let history = app.registers.history(id).await.map_err(|e| e.explain(caller.lang))?;
    let history: Vec<_> = history.into_iter().filter(|entry| entry.kind == register).collect();
    let (entry, version) = as_of(&history, &base::stamp(end)).ok_or_else(|| caller.not_found())?;
    let holder = app.registers.find(register, id).await.map_err(|e| e.explain(caller.lang))?.and_then(|now| now.holder);
    let values = entry.after.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
    let definition = app.registers.definition(register).ok_or_else(|| caller.not_found())?;
    Ok(Record {
        id: id.to_owned(),
        register: register.to_owned(),
        holder,
        label: values.get(&definition.label).and_then(Value::as_str).unwrap_or_default().to_owned(),
        values,
        version: version as i64,
        changed: entry.recorded.clone(),
    })
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
    let reader = disclosed(&app, &caller, d, std::slice::from_ref(&changed)).await?;
    Ok((tag(changed.version), Json(view(d, &reader, changed))))
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
    let mut entries = app.registers.history(&record).await.map_err(|e| e.explain(caller.lang))?;
    entries.retain(|entry| entry.kind == id);
    let now = app.registers.find(&id, &record).await.map_err(|e| e.explain(caller.lang))?;
    let now = now.or_else(|| Record::removed(&id, &record, &entries)).ok_or_else(|| caller.not_found())?;
    let reader = caller.reader(&app).await?;
    let noted = app.registers.disclose_history(by(&app, &reader), app.today(), &reader, d, (&now, &entries)).await;
    noted.map_err(|e| e.explain(caller.lang))?;
    // Nothing that may be read is the same answer as nothing there.
    if reader.readable(d, &now).is_empty() && !d.may_keep(caller.roles()) {
        return Err(caller.not_found());
    }
    // Each version is read by the right to that version: whoever held the record once does not follow it for ever.
    let values = |entry: &store::Entry| {
        let version = now.version_of(entry)?;
        let readable = reader.readable(d, &version);
        let open = version.values.iter().filter(|(field, _)| readable.contains(&field.as_str()));
        Some(open.map(|(field, value)| (field.clone(), value.clone())).collect())
    };
    let items = entries
        .into_iter()
        .map(|entry| Version {
            values: values(&entry),
            recorded: entry.recorded,
            effective: entry.effective,
            // Who wrote it is for those who keep the register, not for the public.
            by: if d.may_keep(caller.roles()) { entry.actor } else { String::new() },
            cause: entry.cause,
        })
        .collect();
    Ok(Json(Page { items, next: None }))
}
