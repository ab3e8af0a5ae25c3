//! The pack's own facts: languages, currencies, calendar, roles.

use base::{Id, Lang, Text};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// `pack.yaml`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Settings {
    pub pack: Id,
    pub title: Text,
    pub languages: Vec<Lang>,
    pub currencies: Vec<CurrencyDefinition>,
    pub time_zone: String,
    pub weekend: Vec<String>,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
    #[serde(default)]
    pub payments: Option<PaymentSettings>,
}

/// Where fees are paid into, and who may pay them back.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PaymentSettings {
    /// The account of the treasury (ISO 13616).
    pub iban: String,
    pub holder: Text,
    /// Other accounts of ours whose statements are taken in.
    #[serde(default)]
    pub accounts: Vec<String>,
    /// Up to this many major units one person alone may pay back.
    #[serde(default)]
    pub refund_limit: i64,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct CurrencyDefinition {
    pub currency: String,
    pub decimals: u8,
    pub title: Text,
    #[serde(default)]
    pub symbol: String,
}

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    pub date: Date,
    pub title: Text,
}

/// What somebody may be within an entity.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct RoleDefinition {
    pub role: Id,
    pub title: Text,
    pub entity: Id,
    #[serde(default)]
    pub supervisor: Option<Id>,
}
