//! An area of the site: its pages, who may use them, and what the way round shows of it. A new area is a folder with one
//! `AREA`, entered in [`AREAS`]; nothing else of this crate needs to know of it.

use std::convert::Infallible;

use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, Request},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
    routing::MethodRouter,
};
use identity::Rule;
use pack::Pack;

use crate::{
    App, Twice, about, account, admin, atlas, bank, desk,
    failure::Failure,
    finance, guard,
    input::{ENCODED_BYTES_MAX, MoreText},
    once, plan, portal, registers,
};

/// Every area, in the order in which the way round shows them.
pub(crate) const AREAS: &[&Area] = &[
    &portal::AREA,
    &desk::AREA,
    &finance::AREA,
    &bank::AREA,
    &plan::AREA,
    &atlas::AREA,
    &registers::AREA,
    &account::AREA,
    &admin::AREA,
    &about::AREA,
];

/// A part of the site.
pub(crate) struct Area {
    pub words: Texts,
    pub entries: &'static [Entry],
    pub routes: &'static [Route],
}

/// The texts of an area as Fluent source: a file for each language, beside the pages that say them.
#[derive(Clone, Copy)]
pub(crate) struct Texts {
    pub ar: &'static str,
    pub en: &'static str,
}

impl Texts {
    /// An area whose texts stand with those that every area uses (`locales`).
    pub const SHARED: Texts = Texts { ar: "", en: "" };
}

/// Where on the way round an entry stands: what is for everybody first, then what is the visitor's own, then rooms to
/// work in. What is looked for only now and then stands at the foot of every page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Group {
    Everybody,
    Mine,
    Work,
    Foot,
}

/// What the way round shows of an area.
pub(crate) struct Entry {
    /// The name of the word.
    pub word: &'static str,
    /// The address below `/{lang}`.
    pub path: &'static str,
    /// The first parts of the addresses at which this entry is where the visitor is.
    pub here: &'static [&'static str],
    pub group: Group,
    /// Who is shown it.
    pub rule: Rule,
    /// Whether this pack has something for it.
    pub has: fn(&Pack) -> bool,
}

impl Entry {
    /// An entry for everybody, whatever the pack has.
    pub const fn new(word: &'static str, path: &'static str, here: &'static [&'static str]) -> Entry {
        Entry { word, path, here, group: Group::Everybody, rule: Rule::Public, has: |_| true }
    }

    /// The same entry where `has` finds something for it.
    pub const fn where_there(self, has: fn(&Pack) -> bool) -> Entry {
        Entry { has, ..self }
    }

    /// The same entry among the visitor's own.
    pub const fn mine(self) -> Entry {
        Entry { group: Group::Mine, rule: Rule::SignedIn, ..self }
    }

    /// The same entry at the foot of every page.
    pub const fn foot(self) -> Entry {
        Entry { group: Group::Foot, ..self }
    }

    /// The same entry among the rooms to work in, for whom the rule lets through.
    pub const fn work(self, rule: Rule) -> Entry {
        Entry { group: Group::Work, rule, ..self }
    }
}

/// A page: its address below `/{lang}`, who may use it, how much may be sent to it, and what answers.
#[derive(Clone, Copy)]
pub struct Route {
    pub path: &'static str,
    pub rule: Rule,
    bytes_max: usize,
    /// How much more text than others it takes.
    more_text: usize,
    /// What becomes of it when it is sent twice.
    pub twice: Twice,
    answers: fn() -> MethodRouter<App>,
}

impl Route {
    /// A page that is read.
    pub(crate) const fn new(path: &'static str, rule: Rule, answers: fn() -> MethodRouter<App>) -> Route {
        Route { path, rule, bytes_max: ENCODED_BYTES_MAX, more_text: 0, twice: Twice::Reads, answers }
    }

    /// The same page where what is sent to it is done once, however often it is sent.
    pub(crate) const fn once(self) -> Route {
        Route { twice: Twice::Once, ..self }
    }

    /// The same page where nothing comes of sending twice, and why.
    pub(crate) const fn harmless(self, why: &'static str) -> Route {
        Route { twice: Twice::Harmless(why), ..self }
    }

    /// The same page for up to so many bytes.
    pub(crate) const fn up_to(self, bytes_max: usize) -> Route {
        Route { bytes_max, ..self }
    }

    /// The same page for so many bytes of text more than others take.
    pub(crate) const fn with_text(self, more_text: usize) -> Route {
        Route { bytes_max: self.bytes_max + more_text, more_text, ..self }
    }

    /// What answers, behind its rule and its limits.
    fn guarded(&self, app: &App) -> MethodRouter<App> {
        let (app, again, rule, twice) = (app.clone(), app.clone(), self.rule, self.twice);
        (self.answers)()
            .layer::<_, Infallible>(from_fn(move |request, next| once(again.clone(), twice, request, next)))
            .layer::<_, Infallible>(DefaultBodyLimit::max(self.bytes_max))
            .layer(Extension(MoreText(self.more_text)))
            .layer(from_fn(move |request, next| guard::admit(app.clone(), rule, request, next)))
    }
}

/// The permission table: every page of every area.
pub fn routes() -> impl Iterator<Item = &'static Route> {
    AREAS.iter().flat_map(|area| area.routes)
}

/// Every address to which something can be sent, and what becomes of it when it is sent twice.
pub fn posts() -> impl Iterator<Item = (&'static str, Twice)> {
    routes().map(|route| (route.path, route.twice)).filter(|(_, twice)| *twice != Twice::Reads)
}

/// Does once what is sent with the one-time key of its form.
async fn once(app: App, twice: Twice, request: Request, next: Next) -> Response {
    if twice != Twice::Once {
        return next.run(request).await;
    }
    once::around(app, request, next, |_| Failure::SentBefore.into_response(), async |_| Ok(())).await
}

/// The pages of all areas, in both languages.
pub(crate) fn pages(app: &App) -> Router<App> {
    let mut site = Router::new();
    for route in routes() {
        let guarded = route.guarded(app);
        for lang in ["ar", "en"] {
            site = site.route(&format!("/{lang}{}", route.path), guarded.clone());
        }
    }
    site
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_leads_to_a_page_and_stands_once() {
        let entries: Vec<&Entry> = AREAS.iter().flat_map(|area| area.entries).collect();
        for entry in &entries {
            assert!(routes().any(|route| route.path == entry.path), "{} leads nowhere", entry.word);
            assert_eq!(entries.iter().filter(|other| other.word == entry.word).count(), 1, "{} twice", entry.word);
        }
        let mut here: Vec<&str> = entries.iter().flat_map(|entry| entry.here).copied().collect();
        let claimed = here.len();
        here.sort_unstable();
        here.dedup();
        assert_eq!(here.len(), claimed, "a page is in one place of the way round");
    }

    #[test]
    fn every_page_answers_something_and_stands_once() {
        let mut paths: Vec<&str> = routes().map(|route| route.path).collect();
        let all = paths.len();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), all, "an address has one row");
        for route in routes() {
            let answers = format!("{:?}", (route.answers)());
            assert!(answers.contains("BoxedHandler"), "{} answers nothing", route.path);
            let takes = !answers.contains("post: None");
            assert_eq!(takes, route.twice != Twice::Reads, "{}: what becomes of it when it is sent twice?", route.path);
        }
    }
}
