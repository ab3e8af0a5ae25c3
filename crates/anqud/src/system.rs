//! The wiring: a pack, a database, and the parts between them.

use std::{
    error::Error,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use base::{Currency, Money};
use identity::{Identity, Seal};
use jiff::SignedDuration;
use measure::{MeasureListener, Measures};
use pack::Pack;
use pay::{
    Finance, Payments,
    budget::Line,
    way::{BankTransfer, Cash, HostedPage, OurBank, Waiver, Way},
};
use register::Registers;
use service::{Cases, Drafts};
use store::{By, Migration, Store};
use web::{App, Edge, Parts};

use crate::{edge, options::RecomputeOptions};

/// What `main` prints when something goes wrong.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// Reads a pack, or prints all that is wrong with it.
pub(crate) fn read_pack(folder: &Path) -> Result<Arc<Pack>, Failure> {
    match Pack::read(folder) {
        Ok(pack) => Ok(Arc::new(pack)),
        Err(reports) => {
            for report in &reports {
                eprintln!("{report}");
            }
            Err(format!("the pack {} has {} errors", folder.display(), reports.len()).into())
        }
    }
}

/// Every part's tables, in the order in which the parts build upon each other.
pub(crate) fn migrations() -> Vec<Migration> {
    [identity::MIGRATIONS, register::MIGRATIONS, pay::MIGRATIONS, service::MIGRATIONS, measure::MIGRATIONS].concat()
}

/// Opens the database and connects the parts.
pub(crate) async fn open(pack: Arc<Pack>, database: &str, edge: Edge, settings: Settings) -> Result<App, Failure> {
    let listener = Arc::new(MeasureListener::new(pack.indicators.clone()));
    let store = Store::open(database, &migrations(), vec![listener]).await?;
    let registers = Registers::new(store.clone(), pack.registers.iter().cloned());
    let by = By::new("system", "start", (edge.now)());
    registers.refold(by.clone()).await?;
    let payments = Payments::new(ways(&pack, settings.hosted.as_ref()));
    let (catalogue, calendar) = (pack.catalogue.clone(), pack.calendar.clone());
    let cases = Cases::open(store.clone(), catalogue, calendar, registers.clone(), payments, by.clone()).await?;
    let seal = Seal::open(&store, by.clone(), (edge.random)()).await?;
    let measures = Measures::new(store.clone(), pack.indicators.clone());
    let finance = Finance::new(store.clone());
    grant_budgets(&pack, &finance, by.clone()).await?;
    take_in_observations(&pack, &measures, by).await?;
    Ok(App::new(Parts {
        identity: Identity::new(store.clone()),
        seal,
        drafts: Drafts::new(store.clone()),
        measures,
        registers,
        finance,
        cases,
        pack,
        store,
        turns: web::Turns::default(),
        traffic: Arc::default(),
        edge,
        demo: settings.demo,
        address: settings.address,
        secure: settings.secure,
        body_patience: settings.body_patience,
        back_addresses: settings.back_addresses,
        metrics_token: settings.metrics_token,
        form_targets: settings.hosted.iter().map(|hosted| hosted.base.clone()).collect(),
    }))
}

/// How the system is to run, beside its pack and its database.
pub(crate) struct Settings {
    pub demo: bool,
    pub secure: bool,
    /// Where others reach the portal.
    pub address: String,
    /// Other sites to which payers may be sent back.
    pub back_addresses: Vec<String>,
    /// How long the body of a request may take to come.
    pub body_patience: Duration,
    /// With this token a program may read how the system is doing.
    pub metrics_token: Option<String>,
    pub hosted: Option<Hosted>,
}

/// A payment provider with a page of its own.
#[derive(Clone)]
pub(crate) struct Hosted {
    pub base: String,
    pub portal: String,
    pub secret: String,
}

/// The ways to pay, in the order in which payers are offered them.
fn ways(pack: &Pack, hosted: Option<&Hosted>) -> Vec<Arc<dyn Way>> {
    let mut ways: Vec<Arc<dyn Way>> = Vec::new();
    if let Some(hosted) = hosted.cloned() {
        let Hosted { base, portal, secret } = hosted;
        ways.push(Arc::new(HostedPage { name: "card".into(), base, portal, secret }));
    }
    // Cash is taken where somebody may take it.
    if pack.role("cashier").is_some() {
        ways.push(Arc::new(Cash));
    }
    if let Some(bank) = pack.bank() {
        let holder = bank.holder.get(base::Lang::AR).to_owned();
        let accounts = [bank.iban.clone()].into_iter().chain(bank.accounts.iter().cloned()).collect();
        let currencies = pack.settings.currencies.iter().filter_map(|known| Currency::of(&known.currency)).collect();
        let own = OurBank { accounts, currencies };
        ways.push(Arc::new(BankTransfer { iban: bank.iban.clone(), holder, bank: own }));
    }
    ways.push(Arc::new(Waiver));
    ways
}

/// Grants the lines of the plans' budgets what the pack says, where they were not granted it yet.
async fn grant_budgets(pack: &Pack, finance: &Finance, by: By) -> Result<(), Failure> {
    for plan in &pack.plans {
        let Some(currency) = Currency::of(&plan.currency) else { continue };
        let unit = 10_i64.pow(u32::from(currency.decimals()));
        let interventions = plan.objectives.iter().flat_map(|objective| &objective.interventions);
        let lines = interventions.flat_map(|intervention| {
            intervention.budget.iter().map(move |line| {
                let intervention = intervention.intervention.to_string();
                let money = Money { minor: line.amount.saturating_mul(unit), currency };
                (Line { intervention, year: line.year, source: line.source.clone() }, money)
            })
        });
        finance.grant(by.clone(), plan.plan.as_ref(), lines.collect(), plan.from).await?;
    }
    Ok(())
}

/// The pack's observations, where the pack says something new.
async fn take_in_observations(pack: &Pack, measures: &Measures, by: By) -> Result<(), Failure> {
    for (name, observations) in &pack.observations {
        measures.take_in(by.clone(), name, observations).await?;
    }
    Ok(())
}

/// `anqud recompute`: derives every figure anew.
pub(crate) async fn recompute(options: RecomputeOptions) -> Result<(), Failure> {
    let pack = read_pack(&options.pack)?;
    let store = Store::open(&options.database, &migrations(), Vec::new()).await?;
    let start = Instant::now();
    let by = By::new("system", "recompute", edge::now(SignedDuration::ZERO));
    let found = measure::recompute(&store, by, pack.indicators.clone(), options.verify).await?;
    let read = format!("{} journal entries read in {:.2} s", found.entries, start.elapsed().as_secs_f64());
    match (options.verify, found.different, found.indicators) {
        (_, 0, 0) => println!("{read}; every figure is what they give"),
        (true, figures, indicators) => {
            return Err(format!(
                "{figures} figures of days and the changes behind {indicators} indicators are not what the journal gives; \
                 `anqud recompute` derives them anew"
            )
            .into());
        }
        (false, figures, indicators) => println!(
            "{read}; {figures} figures of days and the changes behind {indicators} indicators were different and are derived anew"
        ),
    }
    Ok(())
}
