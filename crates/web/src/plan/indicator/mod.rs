//! An indicator: the figure, its path, where it is heading, its parts, as it stood, and the records behind it.

mod chart;
mod records;
mod split;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use jiff::civil::Date;
use measure::{Expected, Indicator, MICROS, Standing, Trajectory};
use serde::Deserialize;

use self::{
    chart::{chart, horizon},
    records::{Records, Show},
    split::{Split, split},
};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    shown::{figure, months},
    words::number,
};

#[derive(Template)]
#[template(path = "indicator.html")]
struct IndicatorPage {
    f: Frame,
    title: String,
    description: String,
    objective: Option<(String, String)>,
    aligned: Vec<(String, String)>,
    status: &'static str,
    status_word: String,
    value: String,
    unit: String,
    today: String,
    parts: Option<String>,
    gap: Option<String>,
    target: Option<(String, String)>,
    /// What happens at this pace, and what would be needed.
    outlook: Vec<String>,
    chart: String,
    months: Vec<(String, String, String)>,
    as_of: String,
    as_of_note: Option<String>,
    observed: bool,
    /// For a formula: how it is written, and the figures that it speaks of.
    formula: Option<(String, Vec<SpokenOf>)>,
    split: Split,
    observations: Vec<(String, String, String, bool)>,
    records: Records,
}

/// A figure that a formula speaks of.
struct SpokenOf {
    title: String,
    href: String,
    value: String,
    unit: String,
}

#[derive(Deserialize)]
pub(crate) struct Wanted {
    #[serde(default)]
    as_of: String,
    #[serde(flatten)]
    show: Show,
}

pub(crate) async fn indicator(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(q): Query<Wanted>,
) -> Result<Response, Failure> {
    let indicator = app.measures.indicator(&name).ok_or(Failure::NotFound)?;
    let d = &indicator.definition;
    let today = app.today();
    // As it stood at the end of a day: what was recorded up to then.
    let as_of_day: Option<Date> = q.as_of.parse().ok().filter(|day| *day <= today);
    let as_of = as_of_day.and_then(|day| app.end_of(day)).map(base::stamp);
    let day = as_of_day.unwrap_or(today);
    let figures = app.measures.snapshot(indicator, as_of.as_deref()).await?;
    let now = figures.at(indicator, day);
    let used =
        app.pack.plans.iter().flat_map(|plan| plan.indicator_uses()).find(|(_, used)| used.indicator == d.indicator);
    let path = used.map(|(_, used)| used.trajectory().of(indicator)).unwrap_or_default();
    let standing = path.standing(now.value, day, d.better);
    let days = months(day);
    let series = figures.series(indicator, &days);
    let fan = figures.forecast(indicator, day, &horizon(&path, day));
    let title = d.title.get(f.lang).to_owned();
    let monthly = days.iter().zip(&series).map(|(day, value)| {
        let path = path.expected(*day).map_or(String::new(), number);
        (format!("{} {}", f.w.month(*day), day.year()), figure(value), path)
    });
    let records =
        Records::read(&app, (&f, &visitor), indicator, &figures, (day, as_of_day.is_some(), as_of.as_deref()), &q.show);
    let records = records.await?;
    page(IndicatorPage {
        description: d.description.get(f.lang).to_owned(),
        objective: used.map(|(o, _)| (o.objective.to_string(), o.title.get(f.lang).to_owned())),
        aligned: d.aligned.iter().map(|a| (a.scheme.to_uppercase(), a.code.clone())).collect(),
        status: standing.status.as_str(),
        status_word: f.w.say(&format!("status-{}", standing.status.as_str())),
        value: figure(&now),
        unit: d.unit.get(f.lang).to_owned(),
        today: f.w.say1("indicator-today", &f.w.day(&day.to_string())),
        parts: (indicator.is_share() && now.number > 0)
            .then(|| f.w.say2("indicator-numerator", &millionths(now.micros), &number(now.number as f64))),
        gap: now.value.zip(standing.expected).map(|(value, expected)| {
            let gap = between(indicator, value - expected);
            if value > expected { format!("+{gap}") } else { gap }
        }),
        target: standing
            .target
            .map(|(day, value)| (number(value), f.w.say1("indicator-target", &day.year().to_string()))),
        outlook: outlook(&f, indicator, (&path, &standing), &fan, (day, now.value)),
        chart: chart(&f, &title, (&days, &series), &path, &fan),
        months: monthly.collect(),
        as_of: day.to_string(),
        as_of_note: as_of_day
            .filter(|day| *day != today)
            .map(|day| f.w.say1("indicator-as-of-note", &f.w.day(&day.to_string()))),
        observed: indicator.is_observed(),
        formula: indicator.formula().map(|formula| {
            let part = |part: &Indicator| SpokenOf {
                title: part.definition.title.get(f.lang).to_owned(),
                href: f.href(&format!("/indicators/{}", part.name())),
                value: figure(&figures.at(part, day)),
                unit: part.definition.unit.get(f.lang).to_owned(),
            };
            (d.formula.clone().unwrap_or_default(), formula.parts().map(part).collect())
        }),
        split: split(&app, &f, indicator, day, &figures),
        observations: figures
            .observations(indicator, day)
            .iter()
            .rev()
            .map(|o| {
                (
                    f.w.day(&o.day),
                    app.pack.source_title(&o.source, f.lang).to_owned(),
                    millionths(o.micros),
                    o.assumption,
                )
            })
            .collect(),
        records,
        title,
        f,
    })
}

fn millionths(micros: i64) -> String {
    number(micros as f64 / MICROS as f64)
}

/// A value between two figures of an indicator: what is counted comes in wholes.
fn between(indicator: &Indicator, value: f64) -> String {
    number(if indicator.definition.count.is_some() { value.round() } else { value })
}

fn days_to(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// A target that is nearer than this needs no outlook.
const DAYS_AHEAD_MIN: i32 = 28;

/// In words: where the figure will be on the day of the target at this pace, and what a month would have to bring.
fn outlook(
    f: &Frame,
    indicator: &Indicator,
    (path, standing): (&Trajectory, &Standing),
    fan: &[Expected],
    (day, now): (Date, Option<f64>),
) -> Vec<String> {
    let mut sentences = Vec::new();
    let Some((by, target)) = standing.target else { return sentences };
    // What is due tomorrow is not worth a forecast.
    let coming =
        path.points.iter().skip(usize::from(path.has_baseline)).find(|(by, _)| days_to(day, *by) >= DAYS_AHEAD_MIN);
    let (by, target) = coming.copied().unwrap_or((by, target));
    let when = f.w.day(&by.to_string());
    if let Some(then) = fan.iter().find(|expected| expected.day == by) {
        let [low, middle, high] = [then.low, then.middle, then.high].map(|value| between(indicator, value));
        sentences.push(f.w.say4("indicator-at-this-pace", &middle, &when, &low, &high));
    }
    // What is counted in a year begins anew with it: then the whole target is to come within the year.
    let anew = path.anew_each_year && by.year() > day.year();
    let (from, done) = if anew { (by.first_of_year(), Some(0.0)) } else { (day, now) };
    let months = f64::from(days_to(from, by)) / 30.4375;
    if let Some(done) = done.filter(|done| indicator.adds_up() && months >= 1.0 && *done < target) {
        let (each, target) = (number(((target - done) / months).ceil()), number(target));
        sentences.push(f.w.say3("indicator-needed", &each, &when, &target));
    }
    sentences
}
