//! A table of one's own: taken in with a preview, studied, and not kept.

use ::atlas::{Table, TableBuilder};
use askama::Template;
use axum::response::Response;

use super::{Studied, two, worked_out};
use crate::{
    failure::Failure,
    frame::{Frame, page},
    input::Form,
    words::number,
};

/// Mistakes beyond these are counted only.
const MISTAKES_MAX: usize = 20;
/// Rows of the preview.
const PREVIEW: usize = 8;

#[derive(Template)]
#[template(path = "atlas_import.html")]
struct Import {
    f: Frame,
    text: String,
    problems: Vec<String>,
    more: usize,
    preview: Vec<[String; 3]>,
    summary: Option<String>,
    places: Vec<(String, String, String)>,
    activities: Vec<(String, String, String)>,
    no_order: bool,
}

impl Import {
    fn empty(f: Frame, text: String) -> Import {
        Import {
            f,
            text,
            problems: Vec::new(),
            more: 0,
            preview: Vec::new(),
            summary: None,
            places: Vec::new(),
            activities: Vec::new(),
            no_order: false,
        }
    }
}

pub(crate) async fn import_form(f: Frame) -> Result<Response, Failure> {
    page(Import::empty(f, "place,activity,value\n".into()))
}

/// What was read, and what could not be.
struct Read {
    table: Option<Table>,
    preview: Vec<[String; 3]>,
    rows: usize,
    problems: Vec<String>,
    more: usize,
}

fn read(f: &Frame, text: &str) -> Read {
    let mut rows = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let named =
        rows.headers().map_or_else(|_| Vec::new(), |header| header.iter().map(str::to_lowercase).collect::<Vec<_>>());
    let column =
        |names: &[&str], place: usize| named.iter().position(|name| names.contains(&name.as_str())).unwrap_or(place);
    let (place, activity, value) = (
        column(&["place", "region", "country"], 0),
        column(&["activity", "industry", "product"], 1),
        column(&["value", "employment", "exports"], 2),
    );
    let mut read = Read { table: None, preview: Vec::new(), rows: 0, problems: Vec::new(), more: 0 };
    let mut builder = TableBuilder::default();
    for (index, row) in rows.records().enumerate() {
        let line = row.as_ref().ok().and_then(|row| row.position()).map_or(index + 2, |at| at.line() as usize);
        let outcome = row.map_err(|_| f.w.say("import-cells")).and_then(|row| {
            let cell = |at: usize| row.get(at).unwrap_or("").to_owned();
            let (place, activity, value) = (cell(place), cell(activity), cell(value));
            if place.is_empty() || activity.is_empty() {
                return Err(f.w.say("import-cells"));
            }
            let parsed = base::digits::western(&value).parse::<f64>().ok().filter(|v| v.is_finite() && *v >= 0.0);
            let parsed = parsed.ok_or_else(|| f.w.say1("import-number", &value))?;
            builder.add(&place, &activity, parsed).map_err(|error| error.to_string())?;
            Ok([place, activity, value])
        });
        match outcome {
            Ok(cells) => {
                read.rows += 1;
                if read.preview.len() < PREVIEW {
                    read.preview.push(cells);
                }
            }
            Err(why) if read.problems.len() < MISTAKES_MAX => {
                read.problems.push(f.w.say2("import-line", &line.to_string(), &why));
            }
            Err(_) => read.more += 1,
        }
    }
    match builder.finish() {
        Ok(table) => read.table = Some(table),
        Err(error) => read.problems.push(error.to_string()),
    }
    read
}

pub(crate) async fn import(f: Frame, form: Form) -> Result<Response, Failure> {
    let file = form.files.first().map(|file| String::from_utf8_lossy(&file.content).into_owned());
    let text = file.or_else(|| form.first("text").map(str::to_owned)).unwrap_or_default();
    let found = read(&f, &text);
    let kept: String = text.chars().take(20_000).collect();
    let Some(table) = found.table else {
        return page(Import {
            problems: found.problems,
            more: found.more,
            preview: found.preview,
            ..Import::empty(f, kept)
        });
    };
    let summary = f.w.say3(
        "import-summary",
        &found.rows.to_string(),
        &table.places().len().to_string(),
        &table.activities().len().to_string(),
    );
    let (studied, table) = worked_out(move || (Studied::of(&table), table)).await?;
    let complexity = studied.as_ref().and_then(|studied| studied.complexity.as_ref());
    let totals = table.place_totals();
    let lines = |names: &[String], index: &[Option<f64>], counts: Vec<String>| {
        let mut order: Vec<usize> = (0..names.len()).collect();
        order.sort_by(|a, b| index[*b].unwrap_or(f64::MIN).total_cmp(&index[*a].unwrap_or(f64::MIN)));
        let line = |at: &usize| (names[*at].clone(), counts[*at].clone(), index[*at].map_or("—".into(), two));
        order.iter().take(30).map(line).collect::<Vec<_>>()
    };
    let places = complexity
        .map_or(Vec::new(), |c| lines(table.places(), &c.eci, totals.iter().map(|total| number(*total)).collect()));
    let activities = complexity
        .map_or(Vec::new(), |c| lines(table.activities(), &c.pci, c.ubiquity.iter().map(u32::to_string).collect()));
    page(Import {
        problems: found.problems,
        more: found.more,
        preview: found.preview,
        summary: Some(summary),
        no_order: complexity.is_none(),
        places,
        activities,
        ..Import::empty(f, kept)
    })
}
