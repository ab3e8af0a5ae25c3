//! A service as the pack defines it: the form, who is eligible, the fee, the states.

use base::{Id, Text, Within};
use indexmap::IndexMap;
use register::Field;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Something that a person can apply for.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ServiceDefinition {
    pub service: Id,
    /// The two letters that references begin with.
    pub reference: String,
    pub title: Text,
    #[serde(default)]
    pub summary: Text,
    /// Other words by which people look for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keywords: Option<Text>,
    /// The entity whose service it is.
    pub owner: Id,
    #[serde(default)]
    pub topic: Option<Id>,
    #[serde(default, rename = "for")]
    pub audience: Vec<String>,
    #[serde(default)]
    pub legal_basis: Option<Text>,
    pub promise: Within,
    /// What to have at hand.
    #[serde(default)]
    pub needs: Vec<Text>,
    pub form: Vec<PageDefinition>,
    #[serde(default)]
    pub eligible: Vec<Condition>,
    #[serde(default)]
    pub fee: Option<FeeTable>,
    pub states: IndexMap<String, StateDefinition>,
    #[serde(default)]
    pub record: Option<RecordEffect>,
    #[serde(default)]
    pub certificate: Option<CertificateText>,
    #[serde(default)]
    pub seats: Option<Seats>,
}

/// A page of the form: one thing.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PageDefinition {
    pub page: Id,
    pub title: Text,
    pub questions: IndexMap<String, Field>,
}

/// A condition and what the applicant is told where it does not hold.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    pub when: String,
    #[serde(rename = "else")]
    pub otherwise: Text,
}

/// A decision table: the first row that fits gives the fee, in major units.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeTable {
    pub currency: String,
    pub inputs: Vec<String>,
    pub rows: Vec<Vec<serde_json::Value>>,
    /// Who does not have to pay, and why: the first that holds.
    #[serde(default)]
    pub waivers: Vec<WaiverRule>,
}

/// A condition under which nobody has to pay.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WaiverRule {
    pub when: String,
    pub because: Text,
}

/// What a case waits for before it goes on to `next`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Until {
    /// The fee is paid, or nothing is owed.
    Paid,
}

/// Where a case stands, who moves it on, and by when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StateDefinition {
    pub title: Text,
    /// The state that follows at once, or as soon as what `until` names has happened.
    #[serde(default)]
    pub next: Option<String>,
    #[serde(default)]
    pub until: Option<Until>,
    /// `applicant` or a role.
    #[serde(default)]
    pub by: Option<String>,
    #[serde(default)]
    pub within: Option<Within>,
    /// The state that follows when the time is over.
    #[serde(default)]
    pub then: Option<String>,
    #[serde(default)]
    pub actions: IndexMap<String, Action>,
    /// How the case ended.
    #[serde(default)]
    pub end: Option<crate::Outcome>,
    #[serde(default)]
    pub does: Vec<Effect>,
}

/// What moves a case.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Action {
    pub title: Text,
    pub to: String,
    #[serde(default)]
    pub needs: Option<Note>,
    /// Questions whose answers the applicant may change with it.
    #[serde(default)]
    pub edits: Vec<String>,
}

/// What an action must say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    Message,
    Reason,
}

/// What happens when a case comes into a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    Record,
    Certificate,
    Notify,
    /// The fee falls due without holding the case up; the certificate is given when it is paid.
    Fee,
    Refund,
}

/// The record that a granted case makes.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RecordEffect {
    pub register: Id,
    pub values: IndexMap<String, String>,
}

/// What a certificate says; `{name}` stands for an answer.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateText {
    pub title: Text,
    pub body: Text,
}

/// How many places there are for each choice of a question.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Seats {
    pub by: String,
    pub of: IndexMap<String, i64>,
}

impl ServiceDefinition {
    /// Every question, in order.
    pub fn questions(&self) -> impl Iterator<Item = (&str, &Field)> {
        self.form.iter().flat_map(|page| page.questions.iter()).map(|(name, field)| (name.as_str(), field))
    }

    pub fn question(&self, name: &str) -> Option<&Field> {
        self.form.iter().find_map(|page| page.questions.get(name))
    }

    /// What the condition of a question may speak of: the answers.
    pub fn questions_scope(&self) -> rules::Scope {
        let mut scope = rules::Scope::new();
        for (name, field) in self.questions() {
            if let Some(kind) = field.kind() {
                scope = scope.with(name, kind.rule_type(field));
            }
        }
        scope
    }

    /// What the conditions and formulas of the service may speak of: the answers, the day and the reference.
    pub fn scope(&self) -> rules::Scope {
        let scope = self.questions_scope();
        scope.with("today", rules::Type::String).with("reference", rules::Type::String)
    }
}

/// What an indicator may say of a case besides its answers.
pub fn case_scope(definition: &ServiceDefinition) -> rules::Scope {
    definition
        .scope()
        .with("state", rules::Type::Choice(definition.states.keys().cloned().collect()))
        .with("outcome", rules::Type::Choice(["granted", "refused", "lapsed", "withdrawn"].map(str::to_owned).to_vec()))
        .with("days", rules::Type::Number)
        .with("on_time", rules::Type::Bool)
        .with("filed", rules::Type::String)
        .with("closed", rules::Type::String)
}
