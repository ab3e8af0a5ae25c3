//! Stories: what became of something, told so that others can learn from it, beside the figures that bear it out.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use plan::Story;
use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd, html};

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    shown::IndicatorLine,
};

/// A story on a card.
pub(crate) struct StoryCard {
    pub name: String,
    pub title: String,
    pub summary: String,
}

#[derive(Template)]
#[template(path = "stories.html")]
struct Stories {
    f: Frame,
    stories: Vec<StoryCard>,
}

#[derive(Template)]
#[template(path = "story.html")]
struct StoryPage {
    f: Frame,
    story: StoryCard,
    cluster: Option<(String, String)>,
    body: String,
    figures: Vec<IndicatorLine>,
}

impl StoryCard {
    pub fn of(f: &Frame, story: &Story) -> StoryCard {
        StoryCard {
            name: story.story.clone(),
            title: story.title.get(f.lang).to_owned(),
            summary: story.summary.get(f.lang).to_owned(),
        }
    }
}

pub(crate) async fn stories(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let stories = app.pack.stories.iter().map(|story| StoryCard::of(&f, story)).collect();
    page(Stories { f, stories })
}

pub(crate) async fn story(State(app): State<App>, f: Frame, Path(name): Path<String>) -> Result<Response, Failure> {
    let story = app.pack.stories.iter().find(|story| story.story == name).ok_or(Failure::NotFound)?;
    let cluster = app.pack.clusters.iter().find(|c| story.cluster.as_ref() == Some(&c.cluster));
    let now = app.measures.now().await?;
    let uses: Vec<_> = app.pack.plans.iter().flat_map(|plan| plan.indicator_uses()).map(|(_, used)| used).collect();
    let mut figures = Vec::new();
    for name in &story.indicators {
        let used = uses.iter().find(|used| used.indicator == *name);
        if let (Some(indicator), Some(used)) = (app.measures.indicator(name), used) {
            figures.push(IndicatorLine::of(&app, &f, &now, indicator, used)?);
        }
    }
    page(StoryPage {
        story: StoryCard::of(&f, story),
        cluster: cluster.map(|c| (f.href(&format!("/clusters/{}", c.cluster)), c.title.get(f.lang).to_owned())),
        body: markdown(story.body.get(f.lang)),
        figures,
        f,
    })
}

/// Markdown as HTML. HTML within it is shown as the text that it is: a story brings words, not code.
fn markdown(text: &str) -> String {
    let events = Parser::new(text).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Link { dest_url, .. }) if !leads_to_a_page(&dest_url) => Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: "#".into(),
            title: "".into(),
            id: "".into(),
        }),
        // A picture would come from elsewhere, and its words say what it shows.
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => Event::Text("".into()),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// Whether an address is one of a page or of somebody to write to, rather than a program: it says its scheme, or it is a
/// place on this site. `//evil.example` and `/\\evil.example` look like one and lead elsewhere.
fn leads_to_a_page(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    let elsewhere = ["https://", "http://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme));
    let here = address.starts_with('/') && !address.starts_with("//");
    (elsewhere || here) && !address.contains(|c: char| c.is_control() || c == '\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_story_brings_words_and_no_code() {
        #[track_caller]
        fn check(text: &str, expect: &str) {
            assert_eq!(markdown(text).trim(), expect);
        }
        check("**one** two", "<p><strong>one</strong> two</p>");
        check("a <script>alert(1)</script>", "<p>a &lt;script&gt;alert(1)&lt;/script&gt;</p>");
        check("[a](javascript:alert(1)) [b](/plan)", "<p><a href=\"#\">a</a> <a href=\"/plan\">b</a></p>");
        for elsewhere in [
            "//evil.example",
            "/\\\\evil.example",
            "evil.example/x",
            "data:text/html,x",
            "?x",
            "https:evil",
            " //evil.example",
        ] {
            check(&format!("[x](<{elsewhere}>)"), "<p><a href=\"#\">x</a></p>");
        }
        check("[x](HTTPS://a.example)", "<p><a href=\"HTTPS://a.example\">x</a></p>");
        check("![words](https://elsewhere/x.png)", "<p>words</p>");
        check("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;");
    }
}
