//! The records behind a figure, a page at a time, of the whole or of one of its parts.

use jiff::civil::Date;
use measure::{Indicator, Snapshot};
use serde::Deserialize;

use super::{millionths, split::part_in_words};
use crate::{
    App, evidence,
    failure::Failure,
    frame::{Frame, encoded},
    guard::Visitor,
};

const PAGE: i64 = 20;

/// Which records.
#[derive(Deserialize, Default)]
pub(crate) struct Show {
    /// Day and row of the last row of the page before.
    #[serde(default)]
    after: String,
    /// A dimension and its value: `region:nablus`.
    #[serde(default)]
    part: String,
}

pub(super) struct Record {
    pub row: String,
    pub href: String,
    pub place: String,
    pub day: String,
    pub adds: String,
}

#[derive(Default)]
pub(super) struct Records {
    pub rows: Vec<Record>,
    /// How many rows of this page the visitor may not see, in words.
    pub hidden: String,
    pub adds_up: String,
    pub next: Option<String>,
    /// The part of the figure that the records are behind, in words, and the way back to the whole.
    pub part: Option<(String, String)>,
    /// Where programs read the same.
    pub json: String,
}

impl Records {
    pub(super) async fn read(
        app: &App,
        (f, visitor): (&Frame, &Visitor),
        indicator: &Indicator,
        figures: &Snapshot,
        (day, as_it_stood, as_of): (Date, bool, Option<&str>),
        show: &Show,
    ) -> Result<Records, Failure> {
        if !indicator.has_rows() {
            return Ok(Records::default());
        }
        let by = &indicator.definition.by;
        let part = show.part.split_once(':').and_then(|(name, value)| {
            Some((by.iter().position(|known| known == name)? + 1, name.to_owned(), value.to_owned()))
        });
        let days = (indicator.window_start(day), day);
        let wanted = measure::Wanted {
            as_of,
            after: show.after.split_once('~').map(|(day, row)| (day.to_owned(), row.to_owned())),
            dimensions: part.iter().map(|(place, _, value)| (*place, value.clone())).collect(),
            ..measure::Wanted::at(indicator, day, PAGE)
        };
        let rows = app.measures.evidence(indicator, &wanted).await?;
        let (number, micros) = match &part {
            None => {
                let whole = figures.at(indicator, day);
                (whole.number, whole.micros)
            }
            Some((place, _, value)) => {
                let cells = figures.cells(indicator, days, None, &[*place]);
                let own = cells.into_iter().find(|cell| cell.dimensions.first() == Some(value));
                own.map_or((0, 0), |cell| (cell.number, cell.micros))
            }
        };
        let address = |after: &str, part: &str| {
            let mut query = Vec::new();
            if as_it_stood {
                query.push(format!("as_of={day}"));
            }
            if !part.is_empty() {
                query.push(format!("part={}", encoded(part)));
            }
            if !after.is_empty() {
                query.push(format!("after={}", encoded(after)));
            }
            f.href(&format!("/indicators/{}?{}#records", indicator.name(), query.join("&")))
        };
        let own = part.as_ref().map_or(String::new(), |(_, name, value)| format!("{name}:{value}"));
        let last = rows.last().filter(|_| rows.len() as i64 == PAGE);
        let next = last.map(|last| address(&format!("{}~{}", last.day, last.row), &own));
        let mut json = format!("/api/v1/indicators/{}/records?limit=500", indicator.name());
        if as_it_stood {
            json.push_str(&format!("&as_of={day}"));
        }
        if let Some((_, name, value)) = &part {
            json.push_str(&format!("&{}={}", encoded(name), encoded(value)));
        }
        let region = by.iter().position(|name| name == "region");
        let reader = visitor.reader(app).await?;
        let mut shown = Vec::new();
        let mut hidden = 0;
        for row in rows {
            let Some(opens) = evidence::opens(app, (&reader, &visitor.actor()), indicator, &row).await? else {
                hidden += 1;
                continue;
            };
            shown.push(Record {
                place: region
                    .map_or(String::new(), |place| app.pack.region_title(&row.dimensions[place], f.lang).to_owned()),
                day: f.w.day(&row.day),
                adds: millionths(row.micros),
                href: f.href(&opens.path(&row.row)),
                row: row.row,
            });
        }
        Ok(Records {
            hidden: if hidden > 0 { f.w.count("records-hidden", &hidden) } else { String::new() },
            rows: shown,
            adds_up: f.w.count1("indicator-adds-up", &number, &millionths(micros)),
            next,
            part: part.map(|(_, name, value)| (part_in_words(app, f, indicator, &name, &value), address("", ""))),
            json,
        })
    }
}
