//! The journal: what changed, by whom, when and why. It tells no more of a row than the row itself would, and that
//! somebody reads what is personal in it is written down before they do.

use axum::{Json, extract::State};
use identity::{Rule, Verdict, allows};
use register::{READING, Reading};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    page::Page,
    problem::{Answer, Explain},
    query::Query,
};
use crate::{App, finance};

/// Who may look at the books.
const BOOKS: Rule = Rule::Role(finance::BOOKS);

/// Which entries.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct After {
    /// The sequence number of the last entry that is known already.
    #[serde(default)]
    #[param(minimum = 0)]
    after: i64,
    /// How many; 100 unless told, at most 1000.
    #[param(minimum = 1, maximum = 1000)]
    limit: Option<i64>,
}

/// A change as it was written down.
#[derive(Serialize, ToSchema)]
pub(crate) struct EntryView {
    /// Its number in the journal. Numbers grow; some are missing.
    pub seq: i64,
    /// When it was written down, RFC 3339.
    pub recorded: String,
    /// The account, or `system`, or a way to pay.
    pub actor: String,
    /// What led to it: a page, the API, a job.
    pub cause: String,
    /// What sort of row: `case`, `record`, `observation`, `account`, `payment`, `posting` and others.
    pub source: String,
    /// The service, the register or the indicator.
    pub kind: String,
    /// The key of the row: the reference of a case, the id of a record.
    pub row: String,
    /// The day from which it holds.
    pub effective: String,
    /// The row before, with what the caller may read; absent where the row is new.
    #[schema(value_type = Option<Object>)]
    pub before: Option<Value>,
    /// The row after, with what the caller may read; absent where the row is gone.
    #[schema(value_type = Option<Object>)]
    pub after: Option<Value>,
    /// The fields that are not for the caller.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<String>,
}

/// What other sorts of rows than records and cases tell, to whom, and which of their fields are personal. What is not on
/// this list is not told.
const TOLD: &[(&str, Rule, &[&str])] = &[
    ("account", super::JOURNAL, &["email"]),
    ("token", super::JOURNAL, &[]),
    ("job", super::JOURNAL, &[]),
    ("observation", Rule::Public, &[]),
    ("budget", Rule::Public, &[]),
    ("close", BOOKS, &[]),
    ("till", BOOKS, &[]),
    ("bank-balance", BOOKS, &[]),
    ("posting", BOOKS, &[]),
    ("hold", BOOKS, &[]),
    ("loan", BOOKS, &[]),
    ("payment", BOOKS, &["payer", "fee"]),
    ("refund", BOOKS, &["iban", "reason"]),
    ("order", BOOKS, &[]),
    ("difference", BOOKS, &["note"]),
];

/// Leaves of an entry what the caller may read; what is personal in that, and what is withheld.
fn as_read(app: &App, caller: &Caller, reader: &register::Reader, entry: &mut store::Entry) -> (Reading, Vec<String>) {
    match entry.source.as_str() {
        register::SOURCE => register::entry_as_read(reader, app.registers.definition(&entry.kind), entry),
        service::SOURCE => app.cases.entry_as_read(&caller.actor(), entry),
        source => {
            let mut reading = Reading { of: source.to_owned(), row: entry.row.clone(), fields: Vec::new() };
            // A reading tells the names of fields, and nothing of what they hold.
            let rule = match TOLD.iter().find(|(told, ..)| *told == source) {
                _ if source == READING => Some((super::JOURNAL, &[][..])),
                known => known.map(|(_, rule, personal)| (*rule, *personal)),
            };
            let may = rule.filter(|(rule, _)| matches!(allows(*rule, &caller.who, app.desk_roles()), Verdict::Yes));
            let mut withheld = Vec::new();
            let own = source == "account" && caller.who.account.as_ref().is_some_and(|account| account.id == entry.row);
            for side in [&mut entry.before, &mut entry.after] {
                let Some(fields) = side.as_mut().and_then(Value::as_object_mut) else { continue };
                match may {
                    None => {
                        withheld.extend(
                            fields.keys().filter(|name| !withheld.contains(*name)).cloned().collect::<Vec<_>>(),
                        );
                        fields.clear();
                    }
                    Some((_, personal)) => {
                        let told = |name: &&&str| !own && fields.get(**name).is_some_and(|value| !value.is_null());
                        let told: Vec<String> = personal.iter().filter(told).map(|name| (*name).to_owned()).collect();
                        reading.fields.extend(told);
                    }
                }
            }
            reading.fields.sort();
            reading.fields.dedup();
            (reading, withheld)
        }
    }
}

/// Follows the journal
///
/// What changed after an entry, oldest first. Whoever goes on after the last entry that they were given misses none. For
/// auditors and operators; each sees the fields that they may see elsewhere, and that they read what is personal is written
/// down.
#[utoipa::path(get, path = "/journal", tag = "journal", params(After),
    responses((status = 200, body = Page<EntryView>, description = "The entries, oldest first")))]
pub(crate) async fn entries(
    State(app): State<App>,
    caller: Caller,
    Query(q): Query<After>,
) -> Answer<Json<Page<EntryView>>> {
    let limit = q.limit.unwrap_or(100).clamp(1, 1000);
    let failed = |error: store::StoreError| error.explain(caller.lang);
    let mut db = app.store.read().await.map_err(failed)?;
    let mut found = store::entries_settled(&mut db, q.after, limit).await.map_err(failed)?;
    drop(db);
    let reader = caller.reader(&app).await?;
    let (mut readings, mut withheld): (Vec<Reading>, Vec<Vec<String>>) = (Vec::new(), Vec::new());
    for entry in &mut found {
        let (reading, hidden) = as_read(&app, &caller, &reader, entry);
        // Of a row that changed several times, one reading with all its fields.
        match readings.iter_mut().find(|known| known.row == reading.row && known.of == reading.of) {
            Some(known) => known.fields.extend(reading.fields),
            None => readings.push(reading),
        }
        withheld.push(hidden);
    }
    for reading in &mut readings {
        reading.fields.sort();
        reading.fields.dedup();
    }
    readings.retain(|reading| !reading.fields.is_empty());
    let by = app.by(&caller.account()?.id, "journal");
    app.registers.note_readings(by, app.today(), readings).await.map_err(|error| error.explain(caller.lang))?;
    let mut withheld = withheld.into_iter();
    let show = |e: store::Entry| {
        let store::Entry { seq, recorded, actor, cause, source, kind, row, effective, before, after } = e;
        let withheld = withheld.next().unwrap_or_default();
        EntryView { seq, recorded, actor, cause, source, kind, row, effective, before, after, withheld }
    };
    Ok(Json(Page::new(found, limit, |entry| entry.seq.to_string(), show)))
}

/// A seal upon the journal.
#[derive(Serialize, ToSchema)]
pub(crate) struct CheckpointView {
    /// The last entry that it seals.
    pub seq: i64,
    /// SHA-256 over the entries and the seal before it, in hexadecimal digits.
    pub hash: String,
    /// When it was set, RFC 3339.
    pub recorded: String,
}

/// Reads the last seal of the journal
///
/// Keep it elsewhere: `anqud journal verify` tells by it whether anything up to its entry was changed. For auditors and
/// operators.
#[utoipa::path(get, path = "/journal/checkpoint", tag = "journal",
    responses((status = 200, body = CheckpointView, description = "The last seal")))]
pub(crate) async fn checkpoint(State(app): State<App>, caller: Caller) -> Answer<Json<CheckpointView>> {
    let failed = |error: store::StoreError| error.explain(caller.lang);
    let mut db = app.store.read().await.map_err(failed)?;
    let last = store::last_checkpoint(&mut db).await.map_err(failed)?.ok_or_else(|| caller.not_found())?;
    Ok(Json(CheckpointView { seq: last.seq, hash: last.hash, recorded: last.recorded }))
}
