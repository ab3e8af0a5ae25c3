//! What is known: the registers, their records, and what happened to each.

mod record;
mod register;

pub(crate) use register::by;

use axum::routing::get;
use identity::Rule::Public;

use crate::area::{Area, Entry, Route, Texts};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[Entry::new("nav-registers", "/registers", &["registers"])],
    routes: &[
        Route::new("/registers", Public, || get(register::registers)),
        Route::new("/registers/{register}", Public, || get(register::register)),
        Route::new("/registers/{register}/data.csv", Public, || get(register::register_csv)),
        Route::new("/registers/{register}/data.json", Public, || get(register::register_json)),
        Route::new("/registers/{register}/records/{record}", Public, || get(record::record)),
    ],
};
