//! What this system is: which version and pack are in force, where its figures come from, and what it keeps of people.

use askama::Template;
use axum::{extract::State, response::Response, routing::get};
use identity::Rule::Public;

use crate::{
    App,
    area::{Area, Entry, Route, Texts},
    failure::Failure,
    frame::{Frame, page},
};

pub(crate) const AREA: Area = Area {
    words: Texts { ar: include_str!("ar.ftl"), en: include_str!("en.ftl") },
    entries: &[Entry::new("about-title", "/about", &["about"]).foot()],
    routes: &[Route::new("/about", Public, || get(about))],
};

#[derive(Template)]
#[template(path = "about.html")]
struct About {
    f: Frame,
    version: &'static str,
    pack: String,
    services: i64,
    registers: i64,
    indicators: i64,
    /// Where figures that nobody here counts come from.
    sources: Vec<String>,
}

async fn about(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let pack = &app.pack;
    page(About {
        version: env!("CARGO_PKG_VERSION"),
        pack: AsRef::<str>::as_ref(&pack.settings.pack).to_owned(),
        services: pack.catalogue.services().count() as i64,
        registers: pack.registers.len() as i64,
        indicators: pack.indicators.len() as i64,
        sources: pack.sources.values().map(|title| title.get(f.lang).to_owned()).collect(),
        f,
    })
}
