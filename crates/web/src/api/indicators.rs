//! Indicators: the figure, its parts, where it should be, and the records behind it.

use std::collections::BTreeMap;

use axum::{Json, extract::State, http::StatusCode};
use jiff::{Timestamp, civil::Date};
use measure::{Evidence, Figure, Indicator, MICROS, Observation, Period, Trajectory, Wanted};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Once;
use utoipa::{IntoParams, ToSchema};

use super::{
    admit::Caller,
    body::{Body, Key},
    page::{Page, PageQuery},
    problem::{Answer, Explain, Problem},
    query::{Path, Query},
};
use crate::{App, evidence};

/// An indicator on a list.
#[derive(Serialize, ToSchema)]
pub(crate) struct IndicatorLine {
    id: String,
    title: String,
    unit: String,
    /// Whether it is computed from records, rather than observed.
    computed: bool,
    value: Option<f64>,
}

/// How a figure is to be read.
#[derive(Deserialize, Default, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct Reading {
    /// Dimensions to split by, separated by commas.
    by: Option<String>,
    /// The length of a period: `day`, `month`, `quarter`, `year`.
    per: Option<String>,
    /// The first day; the first of what the indicator covers unless told.
    from: Option<String>,
    /// The last day; today unless told.
    to: Option<String>,
    /// As it stood at the end of that day, or at that instant (RFC 3339).
    as_of: Option<String>,
}

/// A figure.
#[derive(Serialize, ToSchema)]
pub(crate) struct FigureView {
    id: String,
    title: String,
    unit: String,
    computed: bool,
    /// The days that the figure covers.
    from: Option<String>,
    to: String,
    /// Absent where there is nothing to divide by, or no observation.
    value: Option<f64>,
    /// For a mean or a share: what is divided.
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<f64>,
    /// For a mean or a share: by how many rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<i64>,
    /// For a formula: what it is worked out from.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<PartView>,
    /// The figure by period and dimension, where they were asked for.
    cells: Vec<CellView>,
    baseline: Option<PointView>,
    targets: Vec<PointView>,
    /// Where the path from the baseline to the targets is on the last day.
    trajectory: Option<f64>,
    /// `ahead`, `on-track`, `at-risk`, `off-track`, `no-data`.
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    as_of: Option<String>,
    /// The instant up to which changes are counted, RFC 3339.
    fresh_at: String,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct CellView {
    #[serde(skip_serializing_if = "String::is_empty")]
    period: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    dimensions: BTreeMap<String, String>,
    value: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    numerator: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    denominator: Option<i64>,
}

/// A figure that a formula speaks of.
#[derive(Serialize, ToSchema)]
pub(crate) struct PartView {
    id: String,
    value: Option<f64>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct PointView {
    day: String,
    value: f64,
}

/// The rows behind a figure.
#[derive(Serialize, ToSchema)]
pub(crate) struct RowsView {
    /// Those that the caller may open.
    items: Vec<RowView>,
    /// How many rows of this page the caller may not open; the sum counts them.
    hidden: i64,
    /// What all rows, not only those of this page, add up to.
    sum: SumView,
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct RowView {
    /// The reference of a case, or the id of a record.
    row: String,
    /// The day on which it counts.
    day: String,
    dimensions: BTreeMap<String, String>,
    number: i64,
    value: f64,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct SumView {
    number: i64,
    value: f64,
}

/// A value from outside.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewObservation {
    /// The day, month, quarter or year that it is of; it counts on the last day.
    period: String,
    /// A decimal number.
    #[schema(value_type = f64)]
    value: serde_json::Number,
    /// Who says so, and where.
    source: String,
    /// Whether it is assumed rather than published.
    #[serde(default)]
    assumption: bool,
}

#[derive(Serialize, ToSchema)]
pub(crate) struct ObservationView {
    day: String,
    value: f64,
    source: String,
    assumption: bool,
}

fn millionths(micros: i64) -> f64 {
    micros as f64 / MICROS as f64
}

/// Numerator and denominator of a mean or a share.
fn parts(indicator: &Indicator, figure: &Figure) -> (Option<f64>, Option<i64>) {
    let ratio = indicator.is_ratio();
    (ratio.then(|| millionths(figure.micros)), ratio.then_some(figure.number))
}

fn bad(caller: &Caller, name: &str, what: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, name, caller.lang).detail(what)
}

fn day(caller: &Caller, text: Option<&str>) -> Answer<Option<Date>> {
    text.map(|text| text.parse().map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "day", caller.lang))).transpose()
}

/// The instant of `as_of`: the end of a day here, or an instant.
fn instant(app: &App, caller: &Caller, text: Option<&str>) -> Answer<Option<String>> {
    let Some(text) = text else { return Ok(None) };
    let end = text.parse::<Date>().ok().and_then(|day| app.end_of(day));
    let instant = end.or_else(|| text.parse::<Timestamp>().ok());
    instant.map(|at| Some(base::stamp(at))).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "day", caller.lang))
}

fn found<'a>(app: &'a App, caller: &Caller, id: &str) -> Answer<&'a Indicator> {
    app.measures.indicator(id).ok_or_else(|| caller.not_found())
}

/// The path that a plan promises for an indicator.
fn path(app: &App, indicator: &Indicator) -> Trajectory {
    let uses = app.pack.plans.iter().flat_map(|plan| plan.indicator_uses());
    let mut own = uses.filter(|(_, used)| *used.indicator == *indicator.name());
    own.next().map(|(_, used)| used.trajectory().of(indicator)).unwrap_or_default()
}

fn point((day, value): &(Date, f64)) -> PointView {
    PointView { day: day.to_string(), value: *value }
}

/// Every indicator and its figure today.
#[utoipa::path(get, path = "/indicators", tag = "indicators", responses((status = 200, body = Page<IndicatorLine>)))]
pub(crate) async fn list(State(app): State<App>, caller: Caller) -> Answer<Json<Page<IndicatorLine>>> {
    let now = app.measures.now().await.map_err(|e| e.explain(caller.lang))?;
    let line = |indicator: &Indicator| IndicatorLine {
        id: indicator.name().to_owned(),
        title: indicator.definition.title.get(caller.lang).to_owned(),
        unit: indicator.definition.unit.get(caller.lang).to_owned(),
        computed: !indicator.is_observed(),
        value: now.at(indicator, app.today()).value,
    };
    Ok(Json(Page { items: app.measures.all().iter().map(line).collect(), next: None }))
}

/// A figure, and where it should be.
#[utoipa::path(get, path = "/indicators/{id}", tag = "indicators", params(Reading),
    responses((status = 200, body = FigureView)))]
pub(crate) async fn one(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(q): Query<Reading>,
) -> Answer<Json<FigureView>> {
    let indicator = found(&app, &caller, &id)?;
    let (d, as_of) = (&indicator.definition, instant(&app, &caller, q.as_of.as_deref())?);
    let as_of_day = q.as_of.as_deref().and_then(|text| text.get(..10)?.parse().ok());
    let to = day(&caller, q.to.as_deref())?.or(as_of_day).unwrap_or(app.today());
    let from = day(&caller, q.from.as_deref())?;
    let figures = app.measures.snapshot(indicator, as_of.as_deref()).await.map_err(|e| e.explain(caller.lang))?;
    let first = from.unwrap_or_else(|| indicator.window_start(to));
    let figure = match from {
        Some(from) if !indicator.is_observed() => figures.between(indicator, from, to),
        _ => figures.at(indicator, to),
    };
    let per = match q.per.as_deref() {
        None => None,
        Some(text) => Some(Period::parse(text).ok_or_else(|| bad(&caller, "period", "day, month, quarter, year"))?),
    };
    let names: Vec<&str> = q.by.as_deref().unwrap_or("").split(',').filter(|name| !name.is_empty()).collect();
    let places: Vec<usize> = names.iter().map(|name| place(&caller, indicator, name)).collect::<Answer<_>>()?;
    let cells = if per.is_none() && places.is_empty() {
        Vec::new()
    } else {
        figures.cells(indicator, (first, to), per, &places)
    };
    let cell = |cell: measure::Cell| {
        let figure = indicator.figure(cell.number, cell.micros);
        let (numerator, denominator) = parts(indicator, &figure);
        let dimensions = names.iter().map(|name| (*name).to_owned()).zip(cell.dimensions).collect();
        CellView { period: cell.period, dimensions, value: figure.value, numerator, denominator }
    };
    let path = path(&app, indicator);
    let standing = path.standing(figure.value, to, d.better);
    let (numerator, denominator) = parts(indicator, &figure);
    let spoken_of = indicator.formula().into_iter().flat_map(|formula| formula.parts());
    let spoken_of = spoken_of.map(|part| PartView { id: part.name().to_owned(), value: figures.at(part, to).value });
    let baseline = path.points.first().filter(|_| path.has_baseline).map(point);
    Ok(Json(FigureView {
        title: d.title.get(caller.lang).to_owned(),
        unit: d.unit.get(caller.lang).to_owned(),
        computed: !indicator.is_observed(),
        from: (first != Date::MIN).then(|| first.to_string()),
        to: to.to_string(),
        value: figure.value,
        numerator,
        denominator,
        parts: spoken_of.collect(),
        cells: cells.into_iter().map(cell).collect(),
        baseline,
        targets: path.points.iter().skip(usize::from(path.has_baseline)).map(point).collect(),
        trajectory: standing.expected,
        status: standing.status.as_str(),
        fresh_at: as_of.clone().unwrap_or_else(|| base::stamp(app.now())),
        as_of,
        id,
    }))
}

/// The place of a dimension, from 1.
fn place(caller: &Caller, indicator: &Indicator, name: &str) -> Answer<usize> {
    let by = &indicator.definition.by;
    let place = by.iter().position(|known| known == name);
    place.map(|place| place + 1).ok_or_else(|| bad(caller, "dimension", &by.join(", ")))
}

/// The rows behind a figure. Any dimension of the indicator can be given too: `&region=nablus`.
#[utoipa::path(get, path = "/indicators/{id}/records", tag = "indicators",
    params(("period" = Option<String>, Query, description = "A year, quarter, month or day; what the figure of today covers unless told"),
           ("as_of" = Option<String>, Query, description = "As it stood then"), PageQuery),
    responses((status = 200, body = RowsView)))]
pub(crate) async fn records(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Query(page): Query<PageQuery>,
    Query(sent): Query<Map<String, Value>>,
) -> Answer<Json<RowsView>> {
    let indicator = found(&app, &caller, &id)?;
    if !indicator.has_rows() {
        let problem = if indicator.is_observed() { "observed" } else { "formula" };
        return Err(Problem::new(StatusCode::CONFLICT, problem, caller.lang));
    }
    let text = |name: &str| sent.get(name).and_then(Value::as_str);
    let days = match text("period") {
        None => (indicator.window_start(app.today()), app.today()),
        Some(name) => Period::days(name).ok_or_else(|| bad(&caller, "period", "2021, 2021-Q1, 2021-03, 2021-03-09"))?,
    };
    let as_of = instant(&app, &caller, text("as_of"))?;
    let mut dimensions = Vec::new();
    for (name, value) in
        sent.iter().filter(|(name, _)| !["period", "as_of", "cursor", "limit"].contains(&name.as_str()))
    {
        dimensions.push((place(&caller, indicator, name)?, value.as_str().unwrap_or("").to_owned()));
    }
    let after = match page.cursor.as_deref().map(|cursor| cursor.split_once('~')) {
        None => None,
        Some(Some((day, row))) => Some((day.to_owned(), row.to_owned())),
        Some(None) => return Err(Problem::new(StatusCode::BAD_REQUEST, "cursor", caller.lang)),
    };
    let limit = page.limit();
    let wanted = Wanted { days, as_of: as_of.as_deref(), dimensions: dimensions.clone(), after, limit };
    let rows = app.measures.evidence(indicator, &wanted).await.map_err(|e| e.explain(caller.lang))?;
    let figures = app.measures.snapshot(indicator, as_of.as_deref()).await.map_err(|e| e.explain(caller.lang))?;
    let places: Vec<usize> = dimensions.iter().map(|(place, _)| *place).collect();
    let fits = |cell: &measure::Cell| cell.dimensions.iter().eq(dimensions.iter().map(|(_, value)| value));
    let cells = figures.cells(indicator, days, None, &places).into_iter().filter(fits);
    let (number, micros) = cells.fold((0, 0), |(n, m), cell| (n + cell.number, m + cell.micros));
    let row = |row: Evidence| RowView {
        dimensions: indicator.definition.by.iter().cloned().zip(row.dimensions).collect(),
        row: row.row,
        day: row.day,
        number: row.number,
        value: millionths(row.micros),
    };
    let (reader, actor) = (caller.reader(&app).await?, caller.actor());
    let full = rows.len() as i64 == limit;
    let next = rows.last().filter(|_| full).map(|row| format!("{}~{}", row.day, row.row));
    let (mut items, mut hidden) = (Vec::new(), 0);
    for found in rows {
        match evidence::opens(&app, (&reader, &actor), indicator, &found).await {
            Ok(Some(_)) => items.push(row(found)),
            Ok(None) => hidden += 1,
            Err(_) => return Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", caller.lang)),
        }
    }
    Ok(Json(RowsView { items, hidden, next, sum: SumView { number, value: millionths(micros) } }))
}

/// Writes down a value from outside. A computed indicator takes none.
#[utoipa::path(post, path = "/indicators/{id}/observations", tag = "indicators", request_body = NewObservation,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request is written down once")),
    responses((status = 201, body = ObservationView)))]
pub(crate) async fn observe(
    State(app): State<App>,
    caller: Caller,
    Path(id): Path<String>,
    Key(key): Key,
    Body(new): Body<NewObservation>,
) -> Answer<(StatusCode, Json<ObservationView>)> {
    found(&app, &caller, &id)?;
    let wrong = |what: &str| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, what, caller.lang);
    let (_, day) =
        Period::days(&new.period).ok_or_else(|| bad(&caller, "period", "2021, 2021-Q1, 2021-03, 2021-03-09"))?;
    let micros = measure::micros(&Value::Number(new.value)).ok_or_else(|| wrong("number"))?;
    let source = crate::input::note(&new.source).map_err(|_| wrong("source"))?;
    if source.is_empty() || source.chars().count() > 500 {
        return Err(wrong("source"));
    }
    let observation = Observation { day: day.to_string(), micros, source, assumption: new.assumption };
    let account = &caller.account()?.id;
    let request = format!("{id} {} {micros} {} {}", observation.day, observation.assumption, observation.source);
    let once = key.map(|key| Once::new(account, &key, &request));
    let kept = app.measures.observe(app.by(account, "api"), &id, observation, once).await;
    let Observation { day, micros, source, assumption } = kept.map_err(|e| e.explain(caller.lang))?;
    Ok((StatusCode::CREATED, Json(ObservationView { day, value: millionths(micros), source, assumption })))
}
