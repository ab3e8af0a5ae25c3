//! The registers: what is known, with each reader seeing the fields that are open to them.

use askama::Template;
use axum::{
    Json,
    extract::{Path, Query, State},
    response::{IntoResponse, Response},
};
use register::{Field, Reader, Record, RegisterDefinition, Search};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::By;

use crate::{
    App,
    download::csv,
    failure::Failure,
    frame::{Frame, encoded, page},
    guard::Visitor,
    shown::{recorded, shown},
};

#[derive(Template)]
#[template(path = "registers.html")]
struct Registers {
    f: Frame,
    registers: Vec<(String, String, String, String)>,
}

#[derive(Template)]
#[template(path = "register.html")]
struct RegisterPage {
    f: Frame,
    name: String,
    title: String,
    words: String,
    found: i64,
    open_data: bool,
    headings: Vec<String>,
    /// The address of each record, and its cells.
    rows: Vec<(String, Vec<String>)>,
    next: Option<String>,
}

pub(crate) async fn registers(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let mut registers = Vec::new();
    for d in app.registers.all() {
        let (_, count) = app.registers.search(d, &Search { limit: 1, ..Search::default() }).await?;
        registers.push((
            d.register.to_string(),
            d.title.get(f.lang).to_owned(),
            app.pack.entity_title(&d.keeper, f.lang).to_owned(),
            f.w.count("register-found", &count),
        ));
    }
    page(Registers { f, registers })
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    q: String,
    #[serde(default)]
    after: String,
}

const PAGE: i64 = 50;

pub(crate) async fn register(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(q): Query<Wanted>,
) -> Result<Response, Failure> {
    let d = app.registers.definition(&name).ok_or(Failure::NotFound)?;
    let words: String = q.q.chars().take(200).collect();
    let search = Search { words: words.clone(), after: q.after, limit: PAGE };
    let reader = visitor.reader(&app).await?;
    let (records, found) = app.registers.search_as(&reader, d, &search).await?;
    app.registers.disclose(by(&app, &reader), app.today(), &reader, d, &records.iter().collect::<Vec<_>>()).await?;
    // A column is there where the reader may see it of every record, or of one that is shown here.
    let open = |field: &str| {
        d.may_read(field, &reader.roles) || records.iter().any(|record| reader.may_read(d, record, field))
    };
    let fields: Vec<_> = d.fields.iter().filter(|(field, _)| open(field)).collect();
    let cell = |r: &Record, name: &str, field| match reader.may_read(d, r, name) {
        true => recorded(&f, field, r.values.get(name)),
        false => f.w.say("register-not-open"),
    };
    let cells = |r: &Record| fields.iter().map(|(name, field)| cell(r, name, field)).collect();
    let rows = records.iter().map(|r| (f.href(&format!("/registers/{name}/records/{}", r.id)), cells(r)));
    let rows: Vec<_> = rows.collect();
    let next = records.last().filter(|_| records.len() as i64 == PAGE);
    let next = next.map(|last| f.href(&format!("/registers/{name}?q={}&after={}", encoded(&words), last.id)));
    page(RegisterPage {
        title: d.title.get(f.lang).to_owned(),
        words,
        found,
        open_data: d.open_data,
        headings: fields.iter().map(|(_, field)| field.title.get(f.lang).to_owned()).collect(),
        rows,
        next,
        name,
        f,
    })
}

/// Whoever reads, for the log of readings.
pub(crate) fn by(app: &App, reader: &Reader) -> By {
    app.by(reader.account.as_deref().unwrap_or("public"), "page")
}

/// Every record of a register whose data is open, with its public fields only.
async fn open_data<'a>(app: &'a App, name: &str) -> Result<(&'a RegisterDefinition, Vec<Record>), Failure> {
    let d = app.registers.definition(name).filter(|d| d.open_data).ok_or(Failure::NotFound)?;
    let mut all: Vec<Record> = Vec::new();
    loop {
        let after = all.last().map_or(String::new(), |last| last.id.clone());
        let (page, _) = app.registers.search(d, &Search { after, limit: 1000, ..Search::default() }).await?;
        if page.is_empty() {
            return Ok((d, all));
        }
        all.extend(page);
    }
}

pub(crate) async fn register_csv(
    State(app): State<App>,
    f: Frame,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let (d, records) = open_data(&app, &name).await?;
    let fields: Vec<(&String, &Field)> = d.fields.iter().filter(|(field, _)| d.may_read(field, &[])).collect();
    // Beside the codes of a choice stand its titles, in the language of the page.
    let is_coded = |field: &Field| field.choices().next().is_some();
    let columns = fields.iter().flat_map(|(name, field)| {
        let title = is_coded(field).then(|| field.heading().get(f.lang).to_owned());
        std::iter::once((*name).clone()).chain(title)
    });
    let columns: Vec<String> = columns.collect();
    let code = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        None | Some(Value::Null) => String::new(),
        Some(other) => other.to_string(),
    };
    let row = |record: &Record| {
        let cells = fields.iter().flat_map(|(name, field)| {
            let value = record.values.get(*name);
            let title = is_coded(field).then(|| value.map_or_else(String::new, |_| shown(&f, field, value)));
            std::iter::once(code(value)).chain(title)
        });
        cells.collect::<Vec<String>>()
    };
    csv(&format!("{}.csv", d.register), &columns, records.iter().map(row))
}

pub(crate) async fn register_json(State(app): State<App>, Path(name): Path<String>) -> Result<Response, Failure> {
    let (d, records) = open_data(&app, &name).await?;
    let rows: Vec<Map<String, Value>> = records
        .into_iter()
        .map(|record| record.values.into_iter().filter(|(field, _)| d.may_read(field, &[])).collect())
        .collect();
    Ok(Json(rows).into_response())
}
