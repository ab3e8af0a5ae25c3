//! What a change of share asks for: the arithmetic of growth, as a form whose every state is a link.

use ::atlas::growth::share_growth;
use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use serde::Deserialize;

use super::{atlas, two};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
};

/// What was typed, in percent and years. It begins with what the programme asks of the sector.
#[derive(Deserialize)]
#[serde(default)]
pub(crate) struct Typed {
    from: String,
    to: String,
    years: String,
    whole: String,
}

impl Default for Typed {
    fn default() -> Typed {
        Typed { from: "10".into(), to: "12".into(), years: "3".into(), whole: "3".into() }
    }
}

struct Field {
    name: &'static str,
    label: String,
    value: String,
    problem: Option<String>,
}

struct Year {
    year: String,
    share: String,
    part: String,
    whole: String,
}

#[derive(Template)]
#[template(path = "atlas_share.html")]
struct Share {
    f: Frame,
    fields: Vec<Field>,
    said: Vec<String>,
    years: Vec<Year>,
}

/// The least and the most that each field takes.
const FIELDS: [(&str, f64, f64); 4] =
    [("from", 0.01, 100.0), ("to", 0.01, 100.0), ("years", 1.0, 50.0), ("whole", -50.0, 100.0)];

pub(crate) async fn share(State(app): State<App>, f: Frame, Query(typed): Query<Typed>) -> Result<Response, Failure> {
    // A pack without an atlas has none of its pages.
    atlas(&app)?;
    let texts = [&typed.from, &typed.to, &typed.years, &typed.whole];
    let read =
        |text: &str| base::number::percent(text, base::number::Decimals::Any).ok()?.to_string().parse::<f64>().ok();
    let numbers: Vec<Option<f64>> = texts
        .iter()
        .zip(FIELDS)
        .map(|(text, (_, low, high))| read(text).filter(|value| (low..=high).contains(value)))
        .collect();
    let fields = texts.iter().zip(FIELDS).zip(&numbers).map(|((text, (name, low, high)), number)| Field {
        name,
        label: f.w.say(&format!("share-{name}")),
        value: text.chars().take(20).collect(),
        problem: number.is_none().then(|| f.w.say2("share-bounds", &low.to_string(), &high.to_string())),
    });
    let fields = fields.collect();
    let [Some(from), Some(to), Some(years), Some(whole)] = numbers[..] else {
        return page(Share { f, fields, said: Vec::new(), years: Vec::new() });
    };
    let found = share_growth(from / 100.0, to / 100.0, years, whole / 100.0);
    let Ok(found) = found else { return page(Share { f, fields, said: Vec::new(), years: Vec::new() }) };
    let percent = |share: f64| two(share * 100.0);
    let mut said = vec![f.w.say1("share-beyond-whole", &percent(found.beyond_whole))];
    if let Some(rest) = found.beyond_rest {
        said.push(f.w.say1("share-beyond-rest", &percent(rest)));
    }
    said.push(f.w.say2("share-part", &two(whole), &percent(found.part)));
    let path = (0..=years.floor() as i32).map(|year| {
        let grown = |rate: f64| 100.0 * (1.0 + rate).powi(year);
        Year {
            year: year.to_string(),
            share: two(from * (1.0 + found.beyond_whole).powi(year)),
            part: two(grown(found.part)),
            whole: two(grown(whole / 100.0)),
        }
    });
    let years = path.collect();
    page(Share { fields, said, years, f })
}
