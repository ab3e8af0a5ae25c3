//! A case: one application and where it stands.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// How a case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Granted,
    Refused,
    Lapsed,
    Withdrawn,
}

impl Outcome {
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Granted => "granted",
            Outcome::Refused => "refused",
            Outcome::Lapsed => "lapsed",
            Outcome::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(text: &str) -> Option<Outcome> {
        [Outcome::Granted, Outcome::Refused, Outcome::Lapsed, Outcome::Withdrawn]
            .into_iter()
            .find(|outcome| outcome.as_str() == text)
    }
}

/// One application and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    /// Such as `SL-7K3M-9QX4`; its key.
    pub reference: String,
    pub service: String,
    /// The version of the service under which it was filed, for life.
    pub version: String,
    /// The account that applied, and the name it goes by.
    pub applicant: String,
    pub applicant_name: String,
    pub state: String,
    pub outcome: Option<Outcome>,
    /// The account of the caseworker who took it.
    pub assignee: Option<String>,
    /// Days in the pack's time zone, ISO.
    pub filed: String,
    /// When the state that it is in is due.
    pub due: Option<String>,
    pub closed: Option<String>,
    /// Working days from filing to the end.
    pub days: Option<i64>,
    pub on_time: Option<bool>,
    pub answers: Map<String, Json>,
    /// Counts the changes; an action names the revision it saw.
    pub revision: i64,
    /// The last action and the note that came with it.
    pub action: String,
    pub note: Option<String>,
    /// The supervising role that sees the case first since its time ran out.
    #[serde(default)]
    pub escalated: Option<String>,
}

/// What a document of a case says of the case itself, beside its answers. The note is a text of a person, and is read like
/// an answer.
pub(crate) const FACTS: [&str; 10] =
    ["reference", "state", "outcome", "assignee", "filed", "closed", "days", "on_time", "action", "escalated"];

impl Case {
    /// The case as the journal keeps it and as indicators see it: the answers and the case's own facts side by side.
    pub fn document(&self) -> Json {
        let mut doc = self.answers.clone();
        let text = |value: &Option<String>| value.clone().map_or(Json::Null, Json::String);
        doc.insert("reference".into(), self.reference.clone().into());
        doc.insert("state".into(), self.state.clone().into());
        doc.insert("outcome".into(), self.outcome.map_or(Json::Null, |o| o.as_str().into()));
        doc.insert("assignee".into(), text(&self.assignee));
        doc.insert("filed".into(), self.filed.clone().into());
        doc.insert("closed".into(), text(&self.closed));
        doc.insert("days".into(), self.days.map_or(Json::Null, Json::from));
        doc.insert("on_time".into(), self.on_time.map_or(Json::Null, Json::from));
        doc.insert("action".into(), self.action.clone().into());
        doc.insert("note".into(), text(&self.note));
        if self.escalated.is_some() {
            doc.insert("escalated".into(), text(&self.escalated));
        }
        Json::Object(doc)
    }
}

/// Where a case stands on a list, so that the next page goes on after it even where cases came or went meanwhile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Whether it is among the cases that came to whoever looks, which stand before all others.
    pub(crate) escalated: bool,
    /// The day after all others where the case is never due.
    pub(crate) due: String,
    pub(crate) filed: String,
    pub(crate) reference: String,
}

const NEVER: &str = "9999-12-31";

impl Case {
    /// Its place on a list for whoever has these roles.
    pub fn place(&self, roles: &[String]) -> Place {
        let due = self.due.clone().unwrap_or_else(|| NEVER.to_owned());
        let escalated = self.escalated.as_ref().is_some_and(|role| roles.contains(role));
        Place { escalated, due, filed: self.filed.clone(), reference: self.reference.clone() }
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let first = if self.escalated { "!" } else { "" };
        write!(f, "{first}{}~{}~{}", self.due, self.filed, self.reference)
    }
}

impl Place {
    /// Reads what `Display` wrote.
    pub fn parse(text: &str) -> Option<Place> {
        let (escalated, text) = text.strip_prefix('!').map_or((false, text), |rest| (true, rest));
        let mut parts = text.split('~').map(str::to_owned);
        let place = Place { escalated, due: parts.next()?, filed: parts.next()?, reference: parts.next()? };
        parts.next().is_none().then_some(place)
    }
}
