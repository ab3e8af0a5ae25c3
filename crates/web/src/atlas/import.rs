//! A table of one's own: taken in with a preview, in which the columns are chosen, and then studied.

use ::atlas::{Table, claim, relatedness::Measure};
use askama::Template;
use axum::response::Response;

use super::{
    Studied,
    reading::{BYTES_MAX, Chosen, Reading, read},
    template, two, worked_out,
};
use crate::{
    failure::Failure,
    frame::{Frame, page},
    input::Form,
    picture::network::{Node, network},
    words::number,
};

/// More activities than this are a cloud in which nothing can be read.
const NODES_MAX: usize = 60;
/// Dividing takes the third power of the number of activities.
const DIVIDED_MAX: usize = 200;
/// As many places and activities are told; all of them are in the answer of the command.
const LINES_MAX: usize = 50;

#[derive(Template)]
#[template(path = "atlas_import.html")]
struct Import {
    f: Frame,
    text: String,
    too_large: bool,
    reading: Option<Reading>,
    /// The name of a choice, its word, and the column that it stands at.
    choices: Vec<(&'static str, String, usize)>,
    summary: String,
}

#[derive(Template)]
#[template(path = "atlas_study.html")]
struct Study {
    f: Frame,
    text: String,
    at: [usize; 3],
    year: String,
    summary: String,
    no_order: bool,
    places: Vec<PlaceLine>,
    activities: Vec<ActivityLine>,
    clusters: Vec<String>,
    score: String,
    graph: String,
}

struct PlaceLine {
    name: String,
    total: String,
    complexity: String,
    variety: String,
    strengths: String,
}

struct ActivityLine {
    name: String,
    places: String,
    complexity: String,
}

pub(crate) async fn import_form(f: Frame) -> Result<Response, Failure> {
    let text = "place,activity,value\n".to_owned();
    page(Import { f, text, too_large: false, reading: None, choices: Vec::new(), summary: String::new() })
}

pub(crate) async fn import(f: Frame, form: Form) -> Result<Response, Failure> {
    let file = form.files.first().map(|file| String::from_utf8_lossy(&file.content).into_owned());
    let text = file.or_else(|| form.first("text").map(str::to_owned)).unwrap_or_default();
    // The mark that spreadsheets put first is no part of the first name.
    // Breaks of lines are made one again of the two characters that forms send, or the table would grow with each step.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n");
    if text.len() > BYTES_MAX {
        let text = String::new();
        return page(Import { f, text, too_large: true, reading: None, choices: Vec::new(), summary: String::new() });
    }
    let column = |name: &str| form.first(name).and_then(|value| value.parse().ok());
    let chosen = Chosen {
        place: column("place"),
        activity: column("activity"),
        value: column("value"),
        year: form.first("year").map(str::to_owned),
    };
    let (f, text, mut reading) = worked_out(move || {
        let reading = read(&f, &text, &chosen);
        (f, text, reading)
    })
    .await?;
    let summary = reading.table.as_ref().map_or(String::new(), |table| {
        let [rows, places, activities] =
            [reading.rows, table.places().len(), table.activities().len()].map(|count| number(count as f64));
        f.w.say3("import-summary", &rows, &places, &activities)
    });
    if form.first("step") == Some("study")
        && let Some(table) = reading.table.take()
    {
        return study(f, text, reading, table, summary).await;
    }
    let choices = [("place", "atlas-place"), ("activity", "atlas-activity"), ("value", "import-value")];
    let choices = choices.into_iter().zip(reading.at).map(|((name, word), at)| (name, f.w.say(word), at)).collect();
    page(Import { f, text, too_large: false, reading: Some(reading), choices, summary })
}

async fn study(f: Frame, text: String, reading: Reading, table: Table, summary: String) -> Result<Response, Failure> {
    let (studied, division, table) = worked_out(move || {
        let few = table.activities().len() <= DIVIDED_MAX;
        let division = if few { template(&table).map(|(_, division)| division) } else { None };
        (Studied::of(&table), division, table)
    })
    .await?;
    let studied = studied.ok_or(Failure::Internal)?;
    let cluster = division.as_ref().map_or(&[][..], |division| &division.cluster);
    let named = |members: &[usize]| {
        members.iter().map(|at| table.activities()[*at].as_str()).collect::<Vec<_>>().join(f.comma())
    };
    let clusters = super::clusters::members(&table, cluster).iter().map(|members| named(members)).collect();
    let Reading { at, year, .. } = reading;
    page(Study {
        no_order: studied.complexity.is_none(),
        places: places(&f, &table, &studied),
        activities: activities(&table, &studied),
        clusters,
        score: division.as_ref().map_or(String::new(), |division| two(division.score.total)),
        graph: graph(&f, &table, &studied, cluster),
        text,
        at,
        year,
        summary,
        f,
    })
}

/// The numbers of a list, those with the largest value first and those without one last.
fn ordered(values: &[Option<f64>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].unwrap_or(f64::MIN).total_cmp(&values[*a].unwrap_or(f64::MIN)).then(a.cmp(b)));
    order.truncate(LINES_MAX);
    order
}

fn index(value: Option<f64>) -> String {
    value.map_or("—".to_owned(), two)
}

fn places(f: &Frame, table: &Table, studied: &Studied) -> Vec<PlaceLine> {
    let none = vec![None; table.places().len()];
    let eci = studied.complexity.as_ref().map_or(&none, |complexity| &complexity.eci);
    let (totals, varieties) = (table.place_totals(), claim::varieties(table));
    let line = |place: usize| {
        let quotient = |activity: &usize| studied.quotients.at(place, *activity);
        let mut strong: Vec<usize> = studied.presence.row(place).iter().map(|activity| *activity as usize).collect();
        strong.sort_by(|a, b| quotient(b).total_cmp(&quotient(a)));
        let strengths = strong.iter().take(3).map(|a| format!("{} ({})", table.activities()[*a], two(quotient(a))));
        PlaceLine {
            name: table.places()[place].clone(),
            total: number(totals[place]),
            complexity: index(eci[place]),
            variety: varieties[place].map_or("—".to_owned(), |variety| format!("{:.1}", variety.effective)),
            strengths: strengths.collect::<Vec<_>>().join(f.comma()),
        }
    };
    ordered(eci).into_iter().map(line).collect()
}

fn activities(table: &Table, studied: &Studied) -> Vec<ActivityLine> {
    let none = vec![None; table.activities().len()];
    let pci = studied.complexity.as_ref().map_or(&none, |complexity| &complexity.pci);
    let line = |activity: usize| ActivityLine {
        name: table.activities()[activity].clone(),
        places: studied.presence.ubiquity()[activity].to_string(),
        complexity: index(pci[activity]),
    };
    ordered(pci).into_iter().map(line).collect()
}

/// The space of the activities; empty where there are too many to be read.
fn graph(f: &Frame, table: &Table, studied: &Studied, cluster: &[usize]) -> String {
    if table.activities().len() > NODES_MAX {
        return String::new();
    }
    let totals = table.activity_totals();
    let most = totals.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    let node = |(at, name): (usize, &String)| Node {
        label: name.clone(),
        size: totals[at] / most,
        group: cluster.get(at).copied().unwrap_or(0),
        ..Node::default()
    };
    let nodes: Vec<Node> = table.activities().iter().enumerate().map(node).collect();
    let related = |a: usize, b: usize| studied.pairs.proximity(Measure::Minimum, a, b);
    network(&nodes, &related, &f.w.say("atlas-space-title"), "atlas-space")
}
