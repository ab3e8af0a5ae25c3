//! The atlas: where strengths lie, how activities are related, and whether a target can be reached.

mod clusters;
mod import;
mod map;
mod place;
mod portfolio;
mod reading;
mod share;
mod simulator;
mod space;
mod study;

use study::{Studied, activity_title, atlas, template, two, worked_out};

use axum::routing::get;
use identity::Rule::Public;

use crate::{
    area::{Area, Entry, Route, Texts},
    input::{ENCODED_BYTES_MAX, FILE_BYTES_MAX},
};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[Entry::new("nav-atlas", "/atlas", &["atlas"]).where_there(|pack| pack.atlas.is_some())],
    routes: &[
        Route::new("/atlas", Public, || get(map::map)),
        Route::new("/atlas/places/{place}", Public, || get(place::place)),
        Route::new("/atlas/clusters", Public, || get(clusters::clusters)),
        Route::new("/atlas/space", Public, || get(space::space)),
        Route::new("/atlas/simulator", Public, || get(simulator::simulator)),
        Route::new("/atlas/share", Public, || get(share::share)),
        Route::new("/atlas/portfolio", Public, || get(portfolio::portfolio)),
        Route::new("/atlas/import", Public, || get(import::import_form).post(import::import))
            .up_to(FILE_BYTES_MAX + ENCODED_BYTES_MAX)
            .with_text(reading::TEXT_BYTES_MAX)
            .harmless("what is imported is worked out and shown, and nothing is kept"),
    ],
};
