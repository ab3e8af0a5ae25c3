//! Whether a target of human capital can be reached: a form whose every state is a link.

use ::atlas::{
    distribution::Distribution,
    flow::{Parameter, Reach, Scenario, Series, Simulation, Swing, answer},
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
    /// Between which values eight of ten runs draw it; empty where it is certain.
    range: String,
}

/// What lifting a limit would change: its name, what it would come to, in how many percent of the runs it is reached.
type Lift = (String, String, String);

/// The answer to what was asked.
#[derive(Default)]
struct Answer {
    /// The class and the words of the verdict.
    verdict: Option<(&'static str, String)>,
    said: Vec<String>,
    lifts: Vec<Lift>,
}

#[derive(Template)]
#[template(path = "atlas_simulator.html")]
struct Simulator {
    f: Frame,
    notice: String,
    fields: Vec<Field>,
    target: String,
    problem: Option<String>,
    answer: Answer,
    chart: String,
    tornado: String,
    swings: Vec<(String, String, String)>,
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

/// People are whole; months have a decimal, and shares are in percent.
fn shown_of(parameter: Parameter, distribution: Distribution) -> String {
    quantile_shown(parameter, distribution, 0.5)
}

fn quantile_shown(parameter: Parameter, distribution: Distribution, p: f64) -> String {
    let value = distribution.quantile(p);
    let whole = !is_share(parameter) && !matches!(parameter, Parameter::StudyMonths | Parameter::SearchMonths);
    shown(if whole { value.round() } else { value }, is_share(parameter))
}

/// Puts what was typed into the scenario; what is no number is said and left as it was.
fn typed(scenario: &mut Scenario, query: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decoded(name), decoded(value));
        let number =
            base::number::cell(&value).or_else(|_| base::number::cell(value.trim_end_matches(['%', '٪']))).ok();
        let parameter = Parameter::ALL.into_iter().find(|parameter| parameter.name() == name);
        match (parameter, number) {
            (Some(parameter), Some(number)) => {
                let median = if is_share(parameter) { number / 100.0 } else { number };
                // What stands in the form is rounded: sent as it was, it changes nothing.
                let unchanged =
                    |known: &Distribution| shown_of(parameter, *known) == shown(median, is_share(parameter));
                if let Some(known) = scenario.parameters.get_mut(&parameter).filter(|known| !unchanged(known)) {
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
        value: shown_of(*parameter, *distribution),
        range: if distribution.is_fixed() {
            String::new()
        } else {
            let end = |p: f64| quantile_shown(*parameter, *distribution, p);
            format!("{} – {}", end(0.1), end(0.9))
        },
        share: is_share(*parameter),
        name: parameter.name().to_owned(),
    });
    let problem = match (&answered, wrong.first()) {
        (Err(error), _) => Some(f.w.say1("simulator-problem", &error.to_string())),
        (_, Some(name)) => Some(f.w.say1("simulator-no-number", &f.w.say(&format!("flow-{name}")))),
        _ => None,
    };
    let notice = atlas.definition.scenario_notice.as_ref().map_or("", |notice| notice.get(f.lang)).to_owned();
    let target = scenario.target.map_or(String::new(), |target| shown(target.at_least, false));
    let fields = fields.collect();
    let Ok(simulation) = answered else {
        let (chart, tornado, swings, ends) = (String::new(), String::new(), Vec::new(), Vec::new());
        return page(Simulator {
            f,
            notice,
            fields,
            target,
            problem,
            answer: Answer::default(),
            chart,
            tornado,
            swings,
            ends,
        });
    };
    let ends = simulation.fans.iter().filter_map(|fan| {
        let last = fan.months.last()?;
        let name = f.w.say(&format!("series-{}", series(fan.series)));
        Some((name, number(last.p10.round()), number(last.p50.round()), number(last.p90.round())))
    });
    let swings = moving(&simulation).map(|swing| {
        let name = f.w.say(&format!("flow-{}", swing.parameter.name()));
        (name, number(swing.at_p10.round()), number(swing.at_p90.round()))
    });
    page(Simulator {
        notice,
        fields,
        target,
        problem,
        answer: in_words(&f, &simulation),
        chart: chart(&f, &simulation),
        tornado: tornado(&f, &simulation),
        swings: swings.collect(),
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

/// The answer to what was asked: the honest one too, that it cannot be reached within the limits, and what stands in
/// the way.
fn in_words(f: &Frame, simulation: &Simulation) -> Answer {
    let Some(target) = &simulation.target else { return Answer::default() };
    let percent = |share: f64| number((share * 100.0).round());
    let people = |value: f64| number(value.round());
    let what = f.w.say(&format!("series-{}", series(target.of)));
    let chance = f.w.say3(
        "simulator-chance",
        &format!("{} – {what}", number(target.at_least)),
        &month(f, &target.by.to_string()),
        &percent(target.reached_in),
    );
    let middle =
        f.w.say3("simulator-comes-to", &people(target.value.p50), &people(target.value.p10), &people(target.value.p90));
    let mut answer = Answer { said: vec![chance, middle], ..Answer::default() };
    answer.verdict = Some(match &target.intake {
        Some(Reach::Reached { intake_a_year, reached_in }) => {
            answer.said.push(f.w.say2("simulator-intake", &people(*intake_a_year), &percent(*reached_in)));
            ("on-track", f.w.say("simulator-within"))
        }
        Some(Reach::NotWithinTheseLimits { nearest_intake_a_year, value, without, .. }) => {
            answer.said.push(f.w.say2("simulator-not-within", &people(*nearest_intake_a_year), &people(*value)));
            let lift = |lifted: &::atlas::flow::Lifted| {
                let limit = f.w.say(&format!("flow-{}", lifted.limit.replace(' ', "-")));
                (limit, people(lifted.value), percent(lifted.reached_in))
            };
            answer.lifts = without.iter().map(lift).collect();
            ("off-track", f.w.say("simulator-not"))
        }
        None if target.reached_in >= target.wanted_in => ("on-track", f.w.say("simulator-within")),
        None => ("off-track", f.w.say("simulator-not")),
    });
    answer
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
        forecast_label: String::new(),
        now_label: String::new(),
        title: f.w.say1("simulator-chart", &f.w.say(&format!("series-{}", series(fan.series)))),
        id: "simulator-chart".into(),
        rtl: f.lang.is_rtl(),
        anew: false,
    })
}

/// The causes that move the measure by a person at least.
fn moving(simulation: &Simulation) -> impl Iterator<Item = &Swing> {
    simulation.tornado.iter().filter(|swing| (swing.at_p90 - swing.at_p10).abs() >= 1.0)
}

fn tornado(f: &Frame, simulation: &Simulation) -> String {
    let bars: Vec<Bar> = moving(simulation)
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
