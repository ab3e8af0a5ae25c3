//! What is promised and what is achieved: the road map and its objectives, indicators, clusters, the budget, and stories.

mod budget;
mod clusters;
mod indicator;
mod objective;
mod overview;
mod stories;

pub(crate) use stories::StoryCard;

use axum::routing::{get, post};
use identity::Rule::{Public, Role};

use crate::area::{Area, Entry, Route, Texts};

pub(crate) const AREA: Area = Area {
    words: Texts::SHARED,
    entries: &[
        Entry::new("nav-plan", "/plan", &["plan", "indicators"]),
        Entry::new("nav-clusters", "/clusters", &["clusters"]),
        Entry::new("nav-stories", "/stories", &["stories"]).where_there(|pack| !pack.stories.is_empty()),
        Entry::new("budget-title", "/budget", &["budget"]).work(Role(&["secretariat", "committee"])),
    ],
    routes: &[
        Route::new("/plan", Public, || get(overview::plan)),
        Route::new("/plan/{objective}", Public, || get(objective::objective)),
        Route::new("/indicators/{indicator}", Public, || get(indicator::indicator)),
        Route::new("/clusters", Public, || get(clusters::clusters)),
        Route::new("/clusters/{cluster}", Public, || get(clusters::cluster)),
        Route::new("/stories", Public, || get(stories::stories)),
        Route::new("/stories/{story}", Public, || get(stories::story)),
        Route::new("/budget", Public, || get(budget::budget)),
        Route::new("/budget/decide", Role(&["committee", "finance-chief"]), || post(budget::decide)).once(),
        Route::new("/budget/{intervention}", Public, || get(budget::lines)),
        Route::new("/budget/{intervention}/propose", Role(&["secretariat", "finance-officer"]), || {
            post(budget::propose)
        })
        .once(),
    ],
};
