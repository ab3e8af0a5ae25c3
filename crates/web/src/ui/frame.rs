//! What every page has around its content: the language, the way around, who is signed in.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use base::Lang;
use identity::{Account, Verdict, allows};

use crate::{
    App,
    area::{AREAS, Entry, Group},
    failure::Failure,
    guard::Visitor,
    input::ONE_TIME,
    words::Words,
};

/// A way on: the name of its word, and its address without a language.
type Link = (&'static str, &'static str);

/// The frame of a page.
#[derive(Clone)]
pub(crate) struct Frame {
    pub lang: Lang,
    pub w: Words,
    pub account: Option<Account>,
    /// What every form carries that changes something: the token of the session, and a key that is good once.
    pub csrf: String,
    /// The demo's today, where this is a demo.
    pub demo: Option<String>,
    pub organisation: String,
    pub section: &'static str,
    path_and_query: String,
    atlas: Vec<Link>,
    sections: Vec<Link>,
    mine: Vec<Link>,
    footer: Vec<Link>,
    /// How many messages the visitor has not seen.
    pub unseen: i64,
}

impl Frame {
    /// What a list that is cut says of it: of what is over the last are shown, so many at most.
    pub fn only_last(&self, shown: usize, most: i64) -> Option<String> {
        (i64::try_from(shown).unwrap_or(i64::MAX) >= most).then(|| self.w.say1("list-last", &most.to_string()))
    }

    /// How many more there are than are shown.
    pub fn and_more(&self, shown: usize, all: i64) -> Option<String> {
        let more = all.saturating_sub(i64::try_from(shown).unwrap_or(i64::MAX));
        (more > 0).then(|| self.w.count("list-more", &more))
    }

    pub fn of(app: &App, visitor: &Visitor, path_and_query: &str) -> Frame {
        let path = path_and_query.get(3..).unwrap_or("");
        let w = Words(visitor.lang);
        let here = path.split(['/', '?']).nth(1).unwrap_or("");
        let entries = AREAS.iter().flat_map(|area| area.entries);
        let section = entries.clone().find(|entry| entry.here.contains(&here)).map_or("", |entry| entry.word);
        let mut shown: Vec<&Entry> = entries
            .filter(|entry| {
                allows(entry.rule, &visitor.who, app.desk_roles()) == Verdict::Yes && (entry.has)(&app.pack)
            })
            .collect();
        shown.sort_by_key(|entry| entry.group);
        let of = |groups: &[Group]| -> Vec<Link> {
            let shown = shown.iter().filter(|entry| groups.contains(&entry.group));
            shown.map(|entry| (entry.word, entry.path)).collect()
        };
        Frame {
            lang: visitor.lang,
            w,
            account: visitor.who.account.clone(),
            csrf: format!("{}{ONE_TIME}{}", visitor.csrf, app.random_name()),
            demo: app.demo.then(|| w.day(&app.today().to_string())),
            organisation: app.pack.title().get(visitor.lang).to_owned(),
            section,
            path_and_query: path.to_owned(),
            atlas: app.pack.atlas.as_deref().map_or(Vec::new(), atlas_pages),
            sections: of(&[Group::Everybody, Group::Work]),
            mine: of(&[Group::Mine]),
            footer: of(&[Group::Foot]),
            unseen: 0,
        }
    }

    /// An address in this language.
    pub fn href(&self, path: &str) -> String {
        format!("/{}{path}", self.lang)
    }

    pub fn other_lang(&self) -> Lang {
        if self.lang == Lang::AR { Lang::EN } else { Lang::AR }
    }

    /// This very place in the other language.
    pub fn other(&self) -> String {
        format!("/{}{}", self.other_lang(), self.path_and_query)
    }

    pub fn is_here(&self, section: &str) -> bool {
        self.section == section
    }

    /// The frame of the page at a path without a language, wherever the request went.
    pub fn at(self, path: &str) -> Frame {
        Frame { path_and_query: path.to_owned(), ..self }
    }

    /// The same frame in a language.
    pub fn spoken(&self, lang: Lang) -> Frame {
        Frame { lang, w: Words(lang), ..self.clone() }
    }

    /// Whether this is the page at a path without a language, whatever is asked of it.
    pub fn is_page(&self, path: &str) -> bool {
        self.path_and_query.split('?').next() == Some(path)
    }

    /// The pages of the atlas that this pack has something for: the name of the word and the address.
    pub fn atlas_pages(&self) -> &[Link] {
        &self.atlas
    }

    /// Whether something that the visitor has not seen stands in a section.
    pub fn has_unseen(&self, section: &str) -> bool {
        section == "nav-messages" && self.unseen > 0
    }

    /// What stands between the items of a list in a sentence.
    pub fn comma(&self) -> &'static str {
        if self.lang.is_rtl() { "، " } else { ", " }
    }

    pub fn account_name(&self) -> Option<&str> {
        self.account.as_ref().map(|account| account.name.get(self.lang))
    }

    /// The areas that the visitor finds on every page.
    pub fn sections(&self) -> &[Link] {
        &self.sections
    }

    /// What is the visitor's own, under their name.
    pub fn mine(&self) -> &[Link] {
        &self.mine
    }

    /// What stands at the foot of every page.
    pub fn footer(&self) -> &[Link] {
        &self.footer
    }
}

fn atlas_pages(atlas: &pack::Atlas) -> Vec<Link> {
    let definition = &atlas.definition;
    [
        (true, "atlas-map", "/atlas"),
        (true, "atlas-clusters-tab", "/atlas/clusters"),
        (true, "atlas-space", "/atlas/space"),
        (definition.scenario.is_some(), "atlas-simulator", "/atlas/simulator"),
        (true, "atlas-share", "/atlas/share"),
        (definition.portfolio.is_some(), "atlas-portfolio", "/atlas/portfolio"),
        (true, "atlas-import", "/atlas/import"),
    ]
    .into_iter()
    .filter_map(|(there, word, path)| there.then_some((word, path)))
    .collect()
}

impl FromRequestParts<App> for Frame {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Frame, Failure> {
        let visitor = parts.extensions.get::<Visitor>().ok_or(Failure::Internal)?;
        let address = parts.uri.path_and_query().map_or("/", |p| p.as_str());
        let mut frame = Frame::of(app, visitor, address);
        if let Some(account) = &visitor.who.account {
            frame.unseen = app.cases.unseen(&account.id).await?;
        }
        Ok(frame)
    }
}

/// A page from its template.
pub(crate) fn page(template: impl Template) -> Result<Response, Failure> {
    Ok(Html(template.render()?).into_response())
}

/// A text as a value in an address.
pub(crate) fn encoded(text: &str) -> String {
    let safe = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    text.bytes().map(|b| if safe(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}
