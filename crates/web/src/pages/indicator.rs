//! An indicator: the figure, its path, its parts, as it stood, and the records behind it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use jiff::civil::Date;
use measure::{Indicator, MICROS, Snapshot, Standing, Trajectory as Path_};
use serde::Deserialize;

use super::shown::{figure, months};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    picture::{tilemap, trajectory},
    words::number,
};

struct Row {
    row: String,
    href: String,
    place: String,
    day: String,
    adds: String,
}

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage {
    f: Frame,
    title: String,
    description: String,
    aligned: Vec<(String, String)>,
    status: &'static str,
    status_word: String,
    value: String,
    unit: String,
    today: String,
    parts: Option<String>,
    gap: Option<String>,
    target: Option<(String, String)>,
    chart: String,
    months: Vec<(String, String, String)>,
    as_of: String,
    as_of_note: Option<String>,
    observed: bool,
    map: Option<(String, String)>,
    splits: Vec<(String, Vec<(String, String)>)>,
    observations: Vec<(String, String, String, bool)>,
    evidence: Vec<Row>,
    adds_up: String,
    next: Option<String>,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    as_of: String,
    /// Day and row of the last row of the page before.
    #[serde(default)]
    after: String,
}

const PAGE: i64 = 20;

pub(crate) async fn indicator(
    State(app): State<App>,
    f: Frame,
    Path(name): Path<String>,
    Query(q): Query<Wanted>,
) -> Result<Response, Failure> {
    let indicator = app.measures.indicator(&name).ok_or(Failure::NotFound)?;
    let d = &indicator.definition;
    let today = app.today();
    // As it stood at the end of a day: what was recorded up to then.
    let as_of_day: Option<Date> = q.as_of.parse().ok().filter(|day| *day <= today);
    let as_of = as_of_day.and_then(|day| app.end_of(day)).map(base::stamp);
    let as_of = as_of.as_deref();
    let day = as_of_day.unwrap_or(today);
    let figures = app.measures.snapshot(indicator, as_of).await?;
    let now = figures.at(indicator, day);
    let used =
        app.pack.plans.iter().flat_map(|plan| plan.indicator_uses()).find(|(_, used)| used.indicator == d.indicator);
    let path = used.map(|(_, used)| used.trajectory()).unwrap_or_default();
    let standing = path.standing(now.value, day, d.better);
    let days = months(day);
    let series = figures.series(indicator, &days);
    let title = d.title.get(f.lang).to_owned();
    let monthly = days.iter().zip(&series).map(|(day, value)| {
        (
            format!("{} {}", f.w.month(*day), day.year()),
            figure(value),
            path.expected(*day).map_or(String::new(), number),
        )
    });
    let (map, splits) =
        if indicator.is_observed() { (None, Vec::new()) } else { split(&app, &f, indicator, day, &figures) };
    let observations = figures.observations(indicator, day);
    let wanted = measure::Wanted {
        as_of,
        after: q.after.split_once('~').map(|(day, row)| (day.to_owned(), row.to_owned())),
        ..measure::Wanted::at(indicator, day, PAGE)
    };
    let (evidence, next) = evidence(&app, &f, indicator, &wanted, as_of_day).await?;
    let value_line = number(now.micros as f64 / MICROS as f64);
    page(IndicatorPage {
        description: d.description.get(f.lang).to_owned(),
        aligned: d.aligned.iter().map(|a| (a.scheme.to_uppercase(), a.code.clone())).collect(),
        status: standing.status.as_str(),
        status_word: f.w.say(&format!("status-{}", standing.status.as_str())),
        value: figure(&now),
        unit: d.unit.get(f.lang).to_owned(),
        today: f.w.say1("indicator-today", &f.w.day(&day.to_string())),
        parts: (indicator.is_share() && now.number > 0)
            .then(|| f.w.say2("indicator-numerator", &value_line, &number(now.number as f64))),
        gap: now.value.zip(standing.expected).map(|(value, expected)| {
            let gap = number(value - expected);
            if value > expected { format!("+{gap}") } else { gap }
        }),
        target: standing
            .target
            .map(|(day, value)| (number(value), f.w.say1("indicator-target", &day.year().to_string()))),
        chart: chart(&f, &title, &days, &series, &path, &standing),
        months: monthly.collect(),
        as_of: as_of_day.unwrap_or(today).to_string(),
        as_of_note: as_of_day
            .filter(|day| *day != today)
            .map(|day| f.w.say1("indicator-as-of-note", &f.w.day(&day.to_string()))),
        observed: indicator.is_observed(),
        map,
        splits,
        observations: observations
            .iter()
            .rev()
            .map(|o| (f.w.day(&o.day), o.source.clone(), number(o.micros as f64 / MICROS as f64), o.assumption))
            .collect(),
        adds_up: f.w.count1("indicator-adds-up", &now.number, &value_line),
        evidence,
        next,
        title,
        f,
    })
}

type Split = (Option<(String, String)>, Vec<(String, Vec<(String, String)>)>);

/// The figure by each dimension: regions on the map, others in a table.
fn split(app: &App, f: &Frame, indicator: &Indicator, day: Date, figures: &Snapshot) -> Split {
    let (mut map, mut tables) = (None, Vec::new());
    for (place, dimension) in indicator.definition.by.iter().enumerate() {
        let cells = figures.split(indicator, day, place + 1);
        if dimension == "region" {
            let most = cells.iter().filter_map(|(_, figure)| figure.value).fold(0.0, f64::max);
            let tile = |region: &plan::RegionDefinition| {
                let cell = cells.iter().find(|(name, _)| *name == *region.region);
                let value = cell.and_then(|(_, figure)| figure.value);
                tilemap::Tile {
                    col: u32::from(region.cell[0]),
                    row: u32::from(region.cell[1]),
                    name: region.short.as_ref().unwrap_or(&region.title).get(f.lang).to_owned(),
                    value_text: value.map_or("—".to_owned(), number),
                    weight: if most > 0.0 { value.unwrap_or(0.0) / most } else { 0.0 },
                    href: None,
                }
            };
            let tiles: Vec<tilemap::Tile> = app.pack.regions.iter().map(tile).collect();
            let title = f.w.say1("chart-map", indicator.definition.title.get(f.lang));
            map = Some((title.clone(), tilemap::tilemap(&tiles, &title, "map", f.lang.is_rtl())));
        } else {
            let field = field_of(app, indicator, dimension);
            let heading = field.map_or(dimension.clone(), |field| field.title.get(f.lang).to_owned());
            let name = |value: &str| {
                let title = field.and_then(|field| field.choices().find(|(known, _)| *known == value));
                title.map_or(value, |(_, title)| title.get(f.lang)).to_owned()
            };
            let rows = cells.iter().map(|(value, cell)| (name(value), figure(cell))).collect();
            tables.push((heading, rows));
        }
    }
    (map, tables)
}

fn field_of<'a>(app: &'a App, indicator: &Indicator, name: &str) -> Option<&'a register::Field> {
    let of = &indicator.definition.of;
    if let Some(service) = &of.case {
        return app.pack.catalogue.service(service)?.definition.question(name);
    }
    app.registers.definition(of.record.as_ref()?)?.fields.get(name)
}

/// A page of the rows behind a figure, and where the next page is.
async fn evidence(
    app: &App,
    f: &Frame,
    indicator: &Indicator,
    wanted: &measure::Wanted<'_>,
    as_of: Option<Date>,
) -> Result<(Vec<Row>, Option<String>), Failure> {
    if indicator.is_observed() {
        return Ok((Vec::new(), None));
    }
    let rows = app.measures.evidence(indicator, wanted).await?;
    let region = indicator.definition.by.iter().position(|name| name == "region");
    let last = rows.last().filter(|_| rows.len() as i64 == PAGE);
    let next = last.map(|last| {
        let as_of = as_of.map_or(String::new(), |day| format!("&as_of={day}"));
        f.href(&format!("/indicators/{}?after={}~{}{as_of}#records", indicator.name(), last.day, last.row))
    });
    let rows = rows.into_iter().map(|row| Row {
        place: region.map_or(String::new(), |place| app.pack.region_title(&row.dimensions[place], f.lang).to_owned()),
        day: f.w.day(&row.day),
        adds: number(row.micros as f64 / MICROS as f64),
        // A row of a register opens its record, any other its case.
        href: match &indicator.definition.of.record {
            Some(register) => f.href(&format!("/registers/{register}/records/{}", row.row)),
            None if indicator.definition.of.payment.is_some() => f.href(&format!("/payments/{}", row.row)),
            None => f.href(&format!("/cases/{}", row.row)),
        },
        row: row.row,
    });
    Ok((rows.collect(), next))
}

fn chart(f: &Frame, title: &str, days: &[Date], series: &[measure::Figure], path: &Path_, _: &Standing) -> String {
    let x = |day: Date| f64::from(day.year()) + f64::from(day.day_of_year() - 1) / f64::from(day.days_in_year());
    let actual: Vec<(f64, f64)> =
        days.iter().zip(series).filter_map(|(day, figure)| Some((x(*day), figure.value?))).collect();
    let target: Vec<(f64, f64)> = path.points.iter().map(|(day, value)| (x(*day), *value)).collect();
    let values: Vec<f64> = actual.iter().chain(&target).map(|(_, y)| *y).collect();
    let (least, most) = values.iter().fold((0.0_f64, 1.0_f64), |(a, b), y| (a.min(*y), b.max(*y)));
    let xs: Vec<f64> = actual.iter().chain(&target).map(|(x, _)| *x).collect();
    let (first, last) = xs.iter().fold((f64::MAX, f64::MIN), |(a, b), x| (a.min(*x), b.max(*x)));
    let years = (first.ceil() as i64..=last.ceil() as i64).take(12).map(|year| (year as f64, year.to_string()));
    let now = actual.last().map_or(String::new(), |(_, value)| number(*value));
    trajectory::trajectory(&trajectory::Trajectory {
        actual,
        path: target,
        forecast: None,
        x_ticks: years.collect(),
        y_ticks: trajectory::nice_ticks(least, most, 4).into_iter().map(|y| (y, number(y))).collect(),
        path_label: f.w.say("indicator-path"),
        forecast_label: String::new(),
        now_label: now,
        title: f.w.say1("chart-trajectory", title),
        id: "trajectory".into(),
        rtl: f.lang.is_rtl(),
    })
}
