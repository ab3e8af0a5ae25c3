//! A record of a register: what the reader may know of it, as it stands or stood on a day, and as it came about.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use jiff::civil::Date;
use register::{Field, Of, Reader, Record, RegisterDefinition, as_of};
use serde::Deserialize;
use serde_json::{Map, Value};
use store::Entry;

use super::by;
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    shown::{labelled, recorded},
};

/// A version of the record: when it was written, what it came from, and what it changed.
struct Version {
    when: String,
    cause: String,
    changes: Vec<(String, String)>,
}

/// A field in words, and the page of the record that it names.
struct Line {
    title: String,
    shown: String,
    link: Option<String>,
    personal: bool,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    f: Frame,
    register: String,
    register_title: String,
    keeper: String,
    label: String,
    fields: Vec<Line>,
    gone: bool,
    mine: bool,
    /// The day that was asked for, as it was asked and in words.
    as_of: String,
    stood: Option<String>,
    problem: Option<String>,
    versions: Vec<Version>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    as_of: String,
}

/// What a record held, as the reader is to see it.
struct Held {
    record: Record,
    gone: bool,
}

pub(crate) async fn record(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((register, id)): Path<(String, String)>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let d = app.registers.definition(&register).ok_or(Failure::NotFound)?;
    let history: Vec<_> = app.registers.history(&id).await?.into_iter().filter(|e| e.kind == register).collect();
    let day: Option<Date> = wanted.as_of.parse().ok();
    let (mut problem, mut stood) = (None, None);
    let mut held = current(&app, &register, &id, &history).await?.ok_or(Failure::NotFound)?;
    match day.and_then(|day| app.end_of(day)) {
        None if wanted.as_of.is_empty() => {}
        None => problem = Some(f.w.say("problem-day")),
        Some(end) => match as_of(&history, &base::stamp(end)) {
            Some((entry, _)) => {
                held = Held { record: Record { values: object(entry.after.as_ref()), ..held.record }, gone: false };
                stood = Some(f.w.day(&wanted.as_of));
            }
            None => problem = Some(f.w.say1("record-not-then", &f.w.day(&wanted.as_of))),
        },
    }
    let reader = visitor.reader(&app).await?;
    let readable = reader.readable(d, &held.record);
    if readable.is_empty() {
        return Err(Failure::NotFound);
    }
    let shown = (&held.record, history.as_slice());
    app.registers.disclose_history(by(&app, &reader), app.today(), &reader, d, shown).await?;
    let label = held.record.values.get(&d.label).and_then(Value::as_str);
    let label = label.filter(|_| readable.contains(&d.label.as_str())).unwrap_or(&id).to_owned();
    page(RecordPage {
        register_title: d.title.get(f.lang).to_owned(),
        keeper: app.pack.entity_title(&d.keeper, f.lang).to_owned(),
        gone: held.gone,
        mine: reader.holds(&held.record),
        versions: history.iter().rev().map(|entry| version(&f, d, &reader, &held.record, entry)).collect(),
        fields: lines(&app, &f, &reader, d, &held.record).await?,
        label,
        as_of: wanted.as_of.chars().take(10).collect(),
        stood,
        problem,
        register,
        f,
    })
}

fn object(values: Option<&Value>) -> Map<String, Value> {
    values.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// The record as it stands; of one that was removed, what it held last.
async fn current(app: &App, register: &str, id: &str, history: &[Entry]) -> Result<Option<Held>, Failure> {
    if let Some(record) = app.registers.find(register, id).await? {
        return Ok(Some(Held { record, gone: false }));
    }
    Ok(Record::removed(register, id, history).map(|record| Held { record, gone: true }))
}

async fn lines(
    app: &App,
    f: &Frame,
    reader: &Reader,
    d: &RegisterDefinition,
    record: &Record,
) -> Result<Vec<Line>, Failure> {
    let mut lines = Vec::new();
    for (name, field) in readable(d, &reader.readable(d, record)) {
        let value = record.values.get(name);
        let named = match (&field.of, value.and_then(Value::as_str)) {
            (Some(Of::Register(register)), Some(id)) => labelled(app, f, reader, (register, id)).await?,
            _ => None,
        };
        let (said, link) = named.map_or_else(|| (recorded(f, field, value), None), |(label, link)| (label, Some(link)));
        lines.push(Line { title: field.title.get(f.lang).to_owned(), shown: said, link, personal: field.personal });
    }
    Ok(lines)
}

fn readable<'a>(d: &'a RegisterDefinition, names: &[&str]) -> Vec<(&'a String, &'a Field)> {
    d.fields.iter().filter(|(name, _)| names.contains(&name.as_str())).collect()
}

/// What an entry changed, by the right of the reader to the version that it made.
fn version(f: &Frame, d: &RegisterDefinition, reader: &Reader, record: &Record, entry: &Entry) -> Version {
    let made = record.version_of(entry);
    let names = made.as_ref().map_or(Vec::new(), |made| reader.readable(d, made));
    let value = |side: &Option<Value>, name: &str| side.as_ref().and_then(|values| values.get(name)).cloned();
    let changed = readable(d, &names).into_iter().filter_map(|(name, field)| {
        let (before, after) = (value(&entry.before, name), value(&entry.after, name));
        let none = |v: &Option<Value>| v.as_ref().is_none_or(Value::is_null);
        let same = before == after || (none(&before) && none(&after));
        (!same).then(|| (field.title.get(f.lang).to_owned(), recorded(f, field, after.as_ref())))
    });
    let cause = match (&entry.before, &entry.after) {
        (None, _) => "record-made",
        (_, None) => "record-removed",
        _ => "record-changed",
    };
    Version { when: f.w.day(&entry.effective), cause: f.w.say(cause), changes: changed.collect() }
}
