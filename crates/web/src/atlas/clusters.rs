//! Which clusters each place has: what the programme says of it, what the data says to that, and what the data forms.

use ::atlas::{
    Table,
    claim::{self, Strength, Variety, Verdict},
    specialisation::Bootstrap,
};
use askama::Template;
use axum::{extract::State, response::Response};
use pack::{Atlas, Claim};

use super::{Studied, activity_title, atlas, two, worked_out};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    words::number,
};

/// A cluster of the programme in which a place takes part.
pub(super) struct Programme {
    pub name: String,
    pub title: String,
    pub merit: String,
    /// The class and the word of what the data says, and why; none where the pack claims nothing that can be measured.
    pub verdict: Option<(&'static str, String, String)>,
}

/// What a place has of a cluster that the data forms.
pub(super) struct Found {
    pub title: String,
    pub why: String,
    pub has: bool,
    pub quotient: f64,
}

struct PlaceLine {
    name: String,
    title: String,
    programme: Vec<Programme>,
    found: Vec<Found>,
    /// The quotient of each cluster that the data forms, with its shade, and whether the place has it.
    cells: Vec<(String, &'static str, bool)>,
}

#[derive(Template)]
#[template(path = "atlas_clusters.html")]
struct Clusters {
    f: Frame,
    notice: String,
    score: String,
    /// The short name of each cluster that the data forms, and all that it has.
    formed: Vec<(String, String)>,
    places: Vec<PlaceLine>,
}

/// What the table says to each claim of the pack, by place.
pub(super) struct Evidence {
    strengths: Vec<(String, Vec<Option<Strength>>)>,
    varieties: Vec<Option<Variety>>,
}

impl Evidence {
    pub fn of(atlas: &Atlas) -> Evidence {
        let table = &atlas.table;
        let number = |name: &String| table.activities().iter().position(|known| known == name);
        let strengths = atlas.definition.clusters.iter().filter_map(|(cluster, claim)| {
            let Claim::Activities(names) = claim else { return None };
            let activities: Vec<usize> = names.iter().filter_map(number).collect();
            let ask = Bootstrap { seed: 7, draws: 200, level: 0.9, unit: 1.0 };
            Some((cluster.clone(), claim::strengths(table, &activities, ask).ok()?))
        });
        Evidence { strengths: strengths.collect(), varieties: claim::varieties(table) }
    }

    /// The clusters of the programme in which a place takes part, and what the table says to them.
    pub fn programme(&self, app: &App, f: &Frame, atlas: &Atlas, place: usize) -> Vec<Programme> {
        let name = &atlas.table.places()[place];
        let own = app.pack.clusters.iter().filter(|cluster| cluster.regions.iter().any(|region| **region == **name));
        own.map(|cluster| Programme {
            name: cluster.cluster.to_string(),
            title: cluster.title.get(f.lang).to_owned(),
            merit: cluster.merit.get(f.lang).to_owned(),
            verdict: self.verdict(f, atlas, &cluster.cluster, place),
        })
        .collect()
    }

    fn verdict(&self, f: &Frame, atlas: &Atlas, cluster: &str, place: usize) -> Option<(&'static str, String, String)> {
        let (verdict, why) = match atlas.definition.clusters.get(cluster)? {
            Claim::Activities(names) => {
                let strength = self.strengths.iter().find(|(of, _)| of == cluster)?.1[place]?;
                let named: Vec<String> = names.iter().map(|name| activity_title(atlas, f, name)).collect();
                let interval = format!("{}–{}", two(strength.low), two(strength.high));
                let why = f.w.say3("claim-strength", &named.join(f.comma()), &two(strength.quotient), &interval);
                (strength.verdict, format!("{why} {}", rank(f, strength.rank, strength.of)))
            }
            Claim::Diverse(_) => {
                let variety = self.varieties[place]?;
                let why = f.w.say2("claim-variety", &one(variety.effective), &one(variety.median));
                (variety.verdict, format!("{why} {}", rank(f, variety.rank, variety.of)))
            }
        };
        let (class, word) = match verdict {
            Verdict::BorneOut => ("on-track", "claim-borne-out"),
            Verdict::Open => ("no-data", "claim-open"),
            Verdict::NotBorneOut => ("at-risk", "claim-not-borne-out"),
        };
        Some((class, f.w.say(word), why))
    }
}

fn rank(f: &Frame, rank: usize, of: usize) -> String {
    f.w.say2("claim-rank", &rank.to_string(), &of.to_string())
}

fn one(value: f64) -> String {
    format!("{value:.1}")
}

/// The members of each cluster that the data forms, the largest first.
pub(super) fn members(table: &Table, cluster: &[usize]) -> Vec<Vec<usize>> {
    let totals = table.activity_totals();
    let count = cluster.iter().max().map_or(0, |most| most + 1);
    let of = |number: usize| {
        let mut members: Vec<usize> = (0..cluster.len()).filter(|at| cluster[*at] == number).collect();
        members.sort_by(|a, b| totals[*b].total_cmp(&totals[*a]).then(a.cmp(b)));
        members
    };
    (0..count).map(of).collect()
}

/// What a place has of each cluster that the data forms, in the order of the clusters.
pub(super) fn found(f: &Frame, atlas: &Atlas, studied: &Studied, members: &[Vec<usize>], place: usize) -> Vec<Found> {
    let table = &atlas.table;
    let (all, own) = (table.activity_totals(), table.place_totals()[place]);
    let of = |members: &Vec<usize>| {
        let named = |a: &usize| activity_title(atlas, f, &table.activities()[*a]);
        let mut strong: Vec<usize> = members.iter().copied().filter(|a| studied.presence.has(place, *a)).collect();
        strong.sort_by(|a, b| studied.quotients.at(place, *b).total_cmp(&studied.quotients.at(place, *a)));
        let here: f64 = members.iter().map(|a| table.values().at(place, *a)).sum();
        let everywhere: f64 = members.iter().map(|a| all[*a]).sum();
        let quotient = if everywhere > 0.0 && own > 0.0 { here / own / (everywhere / table.total()) } else { 0.0 };
        let why = if strong.is_empty() {
            f.w.say1("atlas-cluster-none", &two(quotient))
        } else {
            let each = strong.iter().map(|a| format!("{} ({})", named(a), two(studied.quotients.at(place, *a))));
            f.w.say3(
                "atlas-cluster-why",
                &two(quotient),
                &format!("{}/{}", number(strong.len() as f64), number(members.len() as f64)),
                &each.collect::<Vec<_>>().join(f.comma()),
            )
        };
        let title = members.iter().map(named).collect::<Vec<_>>().join(f.comma());
        Found { title, why, has: quotient >= 1.0 && !strong.is_empty(), quotient }
    };
    members.iter().map(of).collect()
}

pub(crate) async fn clusters(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let atlas = atlas(&app)?;
    let shared = atlas.clone();
    let (studied, evidence) = worked_out(move || {
        let studied = Studied::of(&shared.table);
        let template = studied.as_ref().and_then(|_| super::template(&shared.table));
        (studied.zip(template), Evidence::of(&shared))
    })
    .await?;
    let (studied, (_, template)) = studied.ok_or(Failure::NotFound)?;
    let table = &atlas.table;
    let members = members(table, &template.cluster);
    let named = |a: &usize| activity_title(&atlas, &f, &table.activities()[*a]);
    let formed = members.iter().map(|members| {
        let short = members.iter().take(2).map(named).collect::<Vec<_>>().join(f.comma());
        let short = if members.len() > 2 {
            f.w.say2("atlas-and-more", &short, &(members.len() - 2).to_string())
        } else {
            short
        };
        (short, members.iter().map(named).collect::<Vec<_>>().join(f.comma()))
    });
    let places = in_order(&app, table).into_iter().map(|place| {
        let name = table.places()[place].clone();
        let found = found(&f, &atlas, &studied, &members, place);
        PlaceLine {
            title: app.pack.region_title(&name, f.lang).to_owned(),
            programme: evidence.programme(&app, &f, &atlas, place),
            cells: found.iter().map(|found| (two(found.quotient), shade(found.quotient), found.has)).collect(),
            found: found.into_iter().filter(|found| found.has).collect(),
            name,
        }
    });
    page(Clusters {
        notice: atlas.definition.table.notice.get(f.lang).to_owned(),
        score: two(template.score.total),
        formed: formed.collect(),
        places: places.collect(),
        f,
    })
}

/// The places as the pack lists its regions, and then whatever else the table has.
fn in_order(app: &App, table: &Table) -> Vec<usize> {
    let listed = |place: usize| app.pack.regions.iter().position(|region| *region.region == *table.places()[place]);
    let mut places: Vec<usize> = (0..table.places().len()).collect();
    places.sort_by_key(|place| (listed(*place).unwrap_or(usize::MAX), *place));
    places
}

/// The shade of a quotient; what is below the country's share has none.
fn shade(quotient: f64) -> &'static str {
    match quotient {
        q if q >= 2.0 => "t4",
        q if q >= 1.5 => "t3",
        q if q >= 1.2 => "t2",
        q if q >= 1.0 => "t1",
        _ => "",
    }
}
