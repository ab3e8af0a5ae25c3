//! A record of a register: what the reader may know of it, as it stands and as it came about.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use register::RegisterDefinition;
use serde_json::Value;

use super::shown::shown;
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
};

/// A version of the record: when it was written, what it came from, and what it changed.
struct Version {
    when: String,
    cause: String,
    changes: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "record.html")]
struct RecordPage {
    f: Frame,
    register: String,
    register_title: String,
    keeper: String,
    label: String,
    fields: Vec<(String, String)>,
    gone: bool,
    versions: Vec<Version>,
}

pub(crate) async fn record(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((register, id)): Path<(String, String)>,
) -> Result<Response, Failure> {
    let d = app.registers.definition(&register).ok_or(Failure::NotFound)?;
    let roles = visitor.actor().roles;
    let history: Vec<_> = app.registers.history(&id).await?.into_iter().filter(|e| e.kind == register).collect();
    let last = history.last().ok_or(Failure::NotFound)?;
    // A record that was removed shows what it held last.
    let held = last.after.as_ref().or(last.before.as_ref());
    let fields: Vec<(String, String)> = readable(d, &roles)
        .map(|(name, field)| {
            (field.title.get(f.lang).to_owned(), shown(&f, field, held.and_then(|values| values.get(name))))
        })
        .collect();
    if fields.is_empty() {
        return Err(Failure::NotFound);
    }
    let label = held.and_then(|values| values.get(&d.label)).and_then(Value::as_str);
    let label = label.filter(|_| d.may_read(&d.label, &roles)).unwrap_or(&id).to_owned();
    page(RecordPage {
        register_title: d.title.get(f.lang).to_owned(),
        keeper: app.pack.entity_title(&d.keeper, f.lang).to_owned(),
        gone: last.after.is_none(),
        versions: history.iter().rev().map(|entry| version(&f, d, &roles, entry)).collect(),
        fields,
        label,
        register,
        f,
    })
}

fn readable<'a>(
    d: &'a RegisterDefinition,
    roles: &'a [String],
) -> impl Iterator<Item = (&'a String, &'a register::Field)> {
    d.fields.iter().filter(|(name, _)| d.may_read(name, roles))
}

fn version(f: &Frame, d: &RegisterDefinition, roles: &[String], entry: &store::Entry) -> Version {
    let value = |side: &Option<Value>, name: &str| side.as_ref().and_then(|values| values.get(name)).cloned();
    let changed = readable(d, roles).filter_map(|(name, field)| {
        let (before, after) = (value(&entry.before, name), value(&entry.after, name));
        let none = |v: &Option<Value>| v.as_ref().is_none_or(Value::is_null);
        let same = before == after || (none(&before) && none(&after));
        (!same).then(|| (field.title.get(f.lang).to_owned(), shown(f, field, after.as_ref())))
    });
    let cause = match (&entry.before, &entry.after) {
        (None, _) => "record-made",
        (_, None) => "record-removed",
        _ => "record-changed",
    };
    Version { when: f.w.day(&entry.effective), cause: f.w.say(cause), changes: changed.collect() }
}
