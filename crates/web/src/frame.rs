//! What every page has around its content: the language, the way around, who is signed in.

use askama::Template;
use axum::{
    extract::FromRequestParts,
    http::request::Parts,
    response::{Html, IntoResponse, Response},
};
use base::Lang;
use identity::Account;

use crate::{App, failure::Failure, guard::Visitor, words::Words};

/// The frame of a page.
#[derive(Clone)]
pub(crate) struct Frame {
    pub lang: Lang,
    pub w: Words,
    pub account: Option<Account>,
    pub csrf: String,
    /// The demo's today, where this is a demo.
    pub demo: Option<String>,
    pub organisation: String,
    pub section: &'static str,
    path_and_query: String,
    desk: bool,
    atlas: Vec<(&'static str, &'static str)>,
    stories: bool,
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
        let section = match path.split(['/', '?']).nth(1).unwrap_or("") {
            "plan" | "indicators" => "nav-plan",
            "clusters" => "nav-clusters",
            "stories" => "nav-stories",
            "registers" => "nav-registers",
            "atlas" => "nav-atlas",
            "desk" => "nav-desk",
            "till" => "nav-till",
            "finance" => "nav-finance",
            "budget" => "budget-title",
            "loans" => "nav-loans",
            "messages" => "nav-messages",
            "admin" => "nav-admin",
            "payments" | "my-data" => "nav-my-cases",
            "cases" | "certificates" => "nav-my-cases",
            "sign-in" | "sign-up" | "forgotten" => "",
            _ => "nav-services",
        };
        Frame {
            lang: visitor.lang,
            w,
            account: visitor.who.account.clone(),
            csrf: visitor.csrf.clone(),
            demo: app.demo.then(|| w.day(&app.today().to_string())),
            organisation: app.pack.title().get(visitor.lang).to_owned(),
            section,
            path_and_query: path.to_owned(),
            desk: visitor.desk,
            atlas: app.pack.atlas.as_deref().map_or(Vec::new(), atlas_pages),
            stories: !app.pack.stories.is_empty(),
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
    pub fn atlas_pages(&self) -> &[(&'static str, &'static str)] {
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

    /// The ways on from every page: the name of the word and the address.
    pub fn sections(&self) -> Vec<(&'static str, &'static str)> {
        let mut sections = vec![("nav-services", "/services"), ("nav-plan", "/plan"), ("nav-clusters", "/clusters")];
        if !self.atlas.is_empty() {
            sections.push(("nav-atlas", "/atlas"));
        }
        sections.push(("nav-registers", "/registers"));
        if self.stories {
            sections.push(("nav-stories", "/stories"));
        }
        if self.account.is_some() {
            sections.push(("nav-my-cases", "/cases"));
            sections.push(("nav-messages", "/messages"));
        }
        if self.desk {
            sections.push(("nav-desk", "/desk"));
        }
        let has = |wanted: &[&str]| {
            self.account.as_ref().is_some_and(|a| a.roles.iter().any(|role| wanted.contains(&role.as_str())))
        };
        if has(&["cashier"]) {
            sections.push(("nav-till", "/till"));
        }
        if has(&["finance-officer", "finance-chief", "auditor"]) {
            sections.push(("nav-finance", "/finance"));
        }
        if has(&["secretariat", "committee"]) {
            sections.push(("budget-title", "/budget"));
        }
        if has(&["loan-officer", "loan-chief"]) {
            sections.push(("nav-loans", "/loans"));
        }
        if has(&["admin"]) {
            sections.push(("nav-admin", "/admin/jobs"));
        }
        sections
    }
}

fn atlas_pages(atlas: &pack::Atlas) -> Vec<(&'static str, &'static str)> {
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
