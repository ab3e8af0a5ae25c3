//! Definitions read from a folder of text files, checked, and explained when wrong.

mod atlas;
mod check;
mod dangers;
mod demo;
mod indicators;
mod locate;
mod mend;
mod observations;
mod pitfalls;
mod plans;
mod questions;
mod read;
mod report;
mod rights;
mod schema;
mod settings;
mod stories;
mod texts;

pub use atlas::{Atlas, AtlasDefinition, Claim, PortfolioDefinition, TableDefinition};
pub use demo::{Demo, DemoAccount, Flow};
pub use report::Report;
pub use schema::{FileSchema, SCHEMAS};
pub use settings::{CurrencyDefinition, Holiday, RoleDefinition, Settings};

use std::{collections::BTreeMap, path::Path, sync::Arc};

use base::{Calendar, Lang, Text};
use measure::{Indicator, Observation};
use plan::{ClusterDefinition, EntityDefinition, PlanDefinition, RegionDefinition, Story};
use register::RegisterDefinition;
use service::Catalogue;

/// A country, region or cluster, written down.
pub struct Pack {
    pub settings: Settings,
    pub calendar: Arc<Calendar>,
    pub regions: Vec<RegionDefinition>,
    pub entities: Vec<EntityDefinition>,
    pub roles: Vec<RoleDefinition>,
    pub clusters: Vec<ClusterDefinition>,
    pub registers: Vec<RegisterDefinition>,
    pub catalogue: Catalogue,
    pub indicators: Arc<Vec<Indicator>>,
    pub plans: Vec<PlanDefinition>,
    /// By indicator.
    pub observations: BTreeMap<String, Vec<Observation>>,
    /// What the sources of observations are called, by their names.
    pub sources: BTreeMap<String, Text>,
    pub stories: Vec<Story>,
    /// Where strengths lie, where the pack has a table of that.
    pub atlas: Option<Arc<Atlas>>,
    pub demo: Option<Demo>,
}

impl Pack {
    /// Reads a folder, or says all that is wrong with it.
    pub fn read(folder: &Path) -> Result<Pack, Vec<Report>> {
        read::read(folder)
    }

    pub fn entity(&self, name: &str) -> Option<&EntityDefinition> {
        self.entities.iter().find(|e| AsRef::<str>::as_ref(&e.entity) == name)
    }

    pub fn region(&self, name: &str) -> Option<&RegionDefinition> {
        self.regions.iter().find(|r| AsRef::<str>::as_ref(&r.region) == name)
    }

    /// The title of a region, or its name where the pack has none.
    pub fn region_title<'a>(&'a self, name: &'a str, lang: Lang) -> &'a str {
        self.region(name).map_or(name, |r| r.title.get(lang))
    }

    /// The title of a currency, or its code where the pack does not list it.
    pub fn currency_title<'a>(&'a self, code: &'a str, lang: Lang) -> &'a str {
        self.settings.currencies.iter().find(|c| c.currency == code).map_or(code, |c| c.title.get(lang))
    }

    pub fn entity_title<'a>(&'a self, name: &'a str, lang: Lang) -> &'a str {
        self.entity(name).map_or(name, |e| e.title.get(lang))
    }

    /// What a source of an observation is called; itself, where somebody has typed it.
    pub fn source_title<'a>(&'a self, source: &'a str, lang: Lang) -> &'a str {
        self.sources.get(source).map_or(source, |title| title.get(lang))
    }

    pub fn role(&self, name: &str) -> Option<&RoleDefinition> {
        self.roles.iter().find(|r| AsRef::<str>::as_ref(&r.role) == name)
    }

    /// The account of the treasury, where fees can be transferred to.
    pub fn bank(&self) -> Option<&settings::PaymentSettings> {
        self.settings.payments.as_ref()
    }

    /// Up to this many minor units one person alone may pay a fee back.
    pub fn refund_limit(&self, currency: base::Currency) -> i64 {
        let major = self.bank().map_or(0, |bank| bank.refund_limit.clamp(0, 1_000_000));
        major * 10_i64.pow(u32::from(currency.decimals()))
    }

    /// How many texts lack a language; `check` lists them.
    pub fn languages(&self) -> &[Lang] {
        &self.settings.languages
    }

    pub fn title(&self) -> &Text {
        &self.settings.title
    }
}
