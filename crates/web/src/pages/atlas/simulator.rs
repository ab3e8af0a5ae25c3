//! Whether a target of human capital can be reached: a form whose every state is a link.

use ::atlas::{
    distribution::Distribution,
    flow::{Parameter, Reach, Scenario, Series, Simulation, answer},
};
use askama::Template;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};

use super::{atlas, worked_out};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    input::decoded,
    picture::{
        swings::{Bar, swings},
        trajectory::{self, Trajectory},
    },
    words::number,
};

struct Field {
    name: String,
    label: String,
    value: String,
    share: bool,
}

#[derive(Template)]
#[template(path = "atlas_simulator.html")]
struct Simulator {
    f: Frame,
    fields: Vec<Field>,
    target: String,
    problem: Option<String>,
    answer: Vec<String>,
    good: bool,
    chart: String,
    tornado: String,
    ends: Vec<(String, String, String, String)>,
}

/// A page answers while somebody waits: the command takes more runs.
const RUNS_MAX: usize = 2_000;

fn is_share(parameter: Parameter) -> bool {
    use Parameter::{ApplicantsGrowth, DropOut, EmigrationOfGraduates, EmigrationOfHired, Leaving, Qualified};
    matches!(parameter, ApplicantsGrowth | Qualified | DropOut | EmigrationOfGraduates | EmigrationOfHired | Leaving)
}

/// The same spread around another median.
fn around(distribution: Distribution, median: f64) -> Distribution {
    let old = distribution.quantile(0.5);
    let factor = if old == 0.0 { 1.0 } else { median / old };
    match distribution {
        Distribution::Fixed(_) => Distribution::Fixed(median),
        Distribution::Uniform(of) => Distribution::Uniform(of.map(|value| value * factor)),
        Distribution::Triangular(of) => Distribution::Triangular(of.map(|value| value * factor)),
        Distribution::Normal([_, deviation]) => Distribution::Normal([median, deviation * factor.abs()]),
        Distribution::Lognormal([_, spread]) => Distribution::Lognormal([median, spread]),
    }
}

fn shown(value: f64, share: bool) -> String {
    let value = if share { value * 100.0 } else { value };
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// Puts what was typed into the scenario; what is no number is said and left as it was.
fn typed(scenario: &mut Scenario, query: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()).take(40) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), base::digits::western(&decoded(value)).replace([',', ' '], ""));
        let number = value.parse::<f64>().ok().filter(|value| value.is_finite());
        let parameter = Parameter::ALL.into_iter().find(|parameter| parameter.name() == name);
        match (parameter, number) {
            (Some(parameter), Some(number)) => {
                let median = if is_share(parameter) { number / 100.0 } else { number };
                if let Some(known) = scenario.parameters.get_mut(&parameter) {
                    *known = around(*known, median);
                }
            }
            (None, Some(number)) if name == "target" => {
                if let Some(target) = &mut scenario.target {
                    target.at_least = number;
                }
            }
            (Some(_), None) => wrong.push(name),
            _ => {}
        }
    }
    wrong
}

pub(crate) async fn simulator(
    State(app): State<App>,
    f: Frame,
    RawQuery(query): RawQuery,
) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let mut scenario = atlas.definition.scenario.clone().ok_or(Failure::NotFound)?;
    scenario.runs = scenario.runs.min(RUNS_MAX);
    let wrong = typed(&mut scenario, query.as_deref().unwrap_or(""));
    let asked = scenario.clone();
    let answered = worked_out(move || answer(&asked)).await?;
    let fields = scenario.parameters.iter().map(|(parameter, distribution)| Field {
        label: f.w.say(&format!("flow-{}", parameter.name())),
        value: shown(distribution.quantile(0.5), is_share(*parameter)),
        share: is_share(*parameter),
        name: parameter.name().to_owned(),
    });
    let problem = match (&answered, wrong.first()) {
        (Err(error), _) => Some(f.w.say1("simulator-problem", &error.to_string())),
        (_, Some(name)) => Some(f.w.say1("simulator-no-number", &f.w.say(&format!("flow-{name}")))),
        _ => None,
    };
    let target = scenario.target.map_or(String::new(), |target| shown(target.at_least, false));
    let fields = fields.collect();
    let Ok(simulation) = answered else {
        let (answer, good, chart, tornado, ends) = (Vec::new(), false, String::new(), String::new(), Vec::new());
        return page(Simulator { f, fields, target, problem, answer, good, chart, tornado, ends });
    };
    let (answer, good) = in_words(&f, &simulation);
    let ends = simulation.fans.iter().filter_map(|fan| {
        let last = fan.months.last()?;
        let name = f.w.say(&format!("series-{}", series(fan.series)));
        Some((name, number(last.p10.round()), number(last.p50.round()), number(last.p90.round())))
    });
    page(Simulator {
        fields,
        target,
        problem,
        answer,
        good,
        chart: chart(&f, &simulation),
        tornado: tornado(&f, &simulation),
        ends: ends.collect(),
        f,
    })
}

fn series(series: Series) -> &'static str {
    match series {
        Series::Applied => "applied",
        Series::Admitted => "admitted",
        Series::Enrolled => "enrolled",
        Series::DroppedOut => "dropped-out",
        Series::Graduated => "graduated",
        Series::Seeking => "seeking",
        Series::Hired => "hired",
        Series::Retained => "retained",
        Series::Emigrated => "emigrated",
        Series::Left => "left",
    }
}

/// `December 2023` from `2023-12`.
fn month(f: &Frame, text: &str) -> String {
    match format!("{text}-01").parse::<jiff::civil::Date>() {
        Ok(day) => format!("{} {}", f.w.month(day), day.year()),
        Err(_) => text.to_owned(),
    }
}

/// The answer to what was asked, and whether it is a good one.
fn in_words(f: &Frame, simulation: &Simulation) -> (Vec<String>, bool) {
    let Some(target) = &simulation.target else { return (Vec::new(), true) };
    let percent = |share: f64| number((share * 100.0).round());
    let what = f.w.say(&format!("series-{}", series(target.of)));
    let mut said = vec![f.w.say3(
        "simulator-chance",
        &percent(target.reached_in),
        &format!("{} ({what})", number(target.at_least)),
        &month(f, &target.by.to_string()),
    )];
    match &target.intake {
        Some(Reach::Reached { intake_a_year, reached_in }) => {
            said.push(f.w.say2("simulator-intake", &number(intake_a_year.round()), &percent(*reached_in)));
        }
        Some(Reach::NotWithinTheseLimits { nearest_intake_a_year, value, without, .. }) => {
            said.push(f.w.say2("simulator-not-within", &number(nearest_intake_a_year.round()), &number(value.round())));
            for lifted in without {
                let limit = f.w.say(&format!("flow-{}", lifted.limit.replace(' ', "-")));
                said.push(f.w.say3(
                    "simulator-without",
                    &limit,
                    &number(lifted.value.round()),
                    &percent(lifted.reached_in),
                ));
            }
        }
        None => {}
    }
    (said, target.reached_in >= target.wanted_in)
}

fn chart(f: &Frame, simulation: &Simulation) -> String {
    let Some(fan) = simulation.fans.iter().find(|fan| fan.series == simulation.measure) else { return String::new() };
    let start: f64 = {
        let text = simulation.start.to_string();
        let (year, month) = text.split_once('-').unwrap_or(("0", "1"));
        year.parse::<f64>().unwrap_or(0.0) + (month.parse::<f64>().unwrap_or(1.0) - 1.0) / 12.0
    };
    let at = |month: usize| start + (month as f64 + 1.0) / 12.0;
    let forecast: Vec<(f64, f64, f64, f64)> =
        fan.months.iter().enumerate().map(|(month, range)| (at(month), range.p10, range.p50, range.p90)).collect();
    let end = at(fan.months.len().saturating_sub(1));
    let target = simulation.target.as_ref().map(|target| target.at_least);
    let most = forecast.iter().map(|point| point.3).chain(target).fold(1.0, f64::max);
    let years = (start.ceil() as i64..=end.ceil() as i64).take(30).map(|year| (year as f64, year.to_string()));
    trajectory::trajectory(&Trajectory {
        actual: Vec::new(),
        path: target.map_or(Vec::new(), |target| vec![(start, target), (end, target)]),
        forecast: Some(forecast),
        x_ticks: years.collect(),
        y_ticks: trajectory::nice_ticks(0.0, most, 4).into_iter().map(|y| (y, number(y))).collect(),
        path_label: f.w.say("simulator-target"),
        forecast_label: f.w.say("simulator-fan"),
        now_label: String::new(),
        title: f.w.say1("simulator-chart", &f.w.say(&format!("series-{}", series(fan.series)))),
        id: "simulator-chart".into(),
        rtl: f.lang.is_rtl(),
    })
}

fn tornado(f: &Frame, simulation: &Simulation) -> String {
    let bars: Vec<Bar> = simulation
        .tornado
        .iter()
        .take(8)
        .map(|swing| Bar {
            label: f.w.say(&format!("flow-{}", swing.parameter.name())),
            low: swing.at_p10,
            high: swing.at_p90,
            low_text: number(swing.at_p10.round()),
            high_text: number(swing.at_p90.round()),
        })
        .collect();
    swings(&bars, &f.w.say("simulator-tornado"), "simulator-tornado", f.lang.is_rtl())
}
