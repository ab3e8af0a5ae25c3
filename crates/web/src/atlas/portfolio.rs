//! Which interventions reach the most for a budget.

use ::atlas::portfolio::{Choice, Portfolio, portfolio as chosen};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::{atlas, two, worked_out};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    input::decoded,
    picture::trajectory::{self, Trajectory},
    words::number,
};

struct Slider {
    name: String,
    label: String,
    value: i64,
    most: i64,
    step: i64,
    shown: String,
}

struct Line {
    title: String,
    cost: String,
    reach: String,
    chosen: bool,
    /// What it can only be done with.
    needs: String,
}

#[derive(Template)]
#[template(path = "atlas_portfolio.html")]
struct PortfolioPage {
    f: Frame,
    notice: String,
    unit: String,
    reach_unit: String,
    sliders: Vec<Slider>,
    lines: Vec<Line>,
    problem: Option<String>,
    reach: String,
    cost: String,
    price: String,
    bound: String,
    others: Vec<(String, String)>,
    /// What each budget reaches, as a line.
    chart: String,
    /// What is spent in each region, and its share in percent.
    spent: Vec<(String, String, String)>,
}

pub(crate) async fn portfolio(
    State(app): State<App>,
    f: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let definition = atlas.definition.portfolio.clone().ok_or(Failure::NotFound)?;
    let mut choice = Choice {
        budget: definition.budget,
        least_shares: Default::default(),
        interventions: definition.interventions.clone(),
    };
    let mut regions: Vec<String> = choice.interventions.iter().flat_map(|i| i.regions.keys().cloned()).collect();
    regions.sort();
    regions.dedup();
    for pair in query.as_deref().unwrap_or("").split('&') {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), base::number::cell(&decoded(value)).unwrap_or(-1.0));
        if name == "budget" && value.is_finite() && value >= 0.0 {
            choice.budget = value;
        } else if regions.contains(&name) && (0.0..=100.0).contains(&value) && value > 0.0 {
            choice.least_shares.insert(name, value / 100.0);
        }
    }
    let whole: f64 = choice.interventions.iter().map(|intervention| intervention.cost).sum();
    let asked = choice.clone();
    let answered = worked_out(move || chosen(&asked)).await?;
    let unit = definition.unit.get(f.lang).to_owned();
    let mut sliders = vec![Slider {
        name: "budget".into(),
        label: f.w.say("portfolio-budget"),
        value: choice.budget as i64,
        most: whole as i64,
        step: 100_000,
        shown: format!("{} {unit}", number(choice.budget)),
    }];
    sliders.extend(regions.iter().map(|region| {
        let share = (choice.least_shares.get(region).copied().unwrap_or(0.0) * 100.0).round() as i64;
        Slider {
            name: region.clone(),
            label: f.w.say1("portfolio-least", app.pack.region_title(region, f.lang)),
            value: share,
            most: 60,
            step: 5,
            shown: format!("{share}\u{a0}%"),
        }
    }));
    let found = answered.as_ref().ok();
    let title = |id: &String| definition.titles.get(id).map_or(id.as_str(), |title| title.get(f.lang)).to_owned();
    let lines = choice.interventions.iter().map(|intervention| Line {
        title: title(&intervention.id),
        needs: if intervention.requires.is_empty() {
            String::new()
        } else {
            let needs = intervention.requires.iter().map(title).collect::<Vec<_>>().join(f.comma());
            f.w.say1("portfolio-needs", &needs)
        },
        cost: number(intervention.cost),
        reach: number(intervention.reach),
        chosen: found.is_some_and(|found| found.chosen.iter().any(|chosen| chosen.id == intervention.id)),
    });
    let others = found.map_or(Vec::new(), |found| {
        let line = |other: &::atlas::portfolio::OtherBudget| {
            (number(other.budget), other.reach.map_or("—".to_owned(), number))
        };
        found.other_budgets.iter().map(line).collect()
    });
    let spent = found.map_or(Vec::new(), |found| {
        let line = |(region, amount): (&String, &f64)| {
            let share = if found.cost > 0.0 { amount / found.cost * 100.0 } else { 0.0 };
            (app.pack.region_title(region, f.lang).to_owned(), number(amount.round()), number(share.round()))
        };
        found.regions.iter().map(line).collect()
    });
    page(PortfolioPage {
        chart: found.map_or(String::new(), |found| chart(&f, found, definition.reach.get(f.lang))),
        spent,
        notice: definition.notice.get(f.lang).to_owned(),
        unit,
        reach_unit: definition.reach.get(f.lang).to_owned(),
        lines: lines.collect(),
        problem: answered.as_ref().err().map(|_| f.w.say("portfolio-impossible")),
        reach: found.map_or(String::new(), |found| number(found.reach)),
        cost: found.map_or(String::new(), |found| number(found.cost)),
        bound: found.map_or(String::new(), |found| number(found.bound.floor())),
        // For each thousand, because one more unit of money moves nothing that can be read.
        price: found.map_or(String::new(), |found| two(found.shadow_price * 1000.0)),
        others,
        sliders,
        f,
    })
}

/// What each budget reaches, joined by lines for the eye: in truth it rises in steps.
fn chart(f: &Frame, found: &Portfolio, reach: &str) -> String {
    let others = found.other_budgets.iter().filter_map(|other| other.reach.map(|reach| (other.budget, reach)));
    let mut points: Vec<(f64, f64)> = others.chain([(found.budget, found.reach)]).collect();
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (least, most) = (points.first().map_or(0.0, |p| p.0), points.last().map_or(1.0, |p| p.0));
    let top = points.iter().map(|point| point.1).fold(1.0, f64::max);
    let now = points.iter().take_while(|point| point.0 <= found.budget).copied();
    let beyond = points.iter().filter(|point| point.0 >= found.budget).copied();
    trajectory::trajectory(&Trajectory {
        actual: now.collect(),
        path: beyond.collect(),
        forecast: None,
        x_ticks: trajectory::nice_ticks(least, most, 4).into_iter().map(|x| (x, number(x))).collect(),
        y_ticks: trajectory::nice_ticks(0.0, top, 4).into_iter().map(|y| (y, number(y))).collect(),
        path_label: String::new(),
        forecast_label: String::new(),
        now_label: f.w.say("portfolio-this-budget"),
        title: f.w.say1("portfolio-chart", reach),
        id: "portfolio-chart".into(),
        rtl: f.lang.is_rtl(),
        anew: false,
    })
}
