//! The wiring: a pack, a database, and the parts between them.

use std::{error::Error, path::Path, sync::Arc};

use identity::Identity;
use jiff::SignedDuration;
use measure::{MeasureListener, Measures};
use pack::Pack;
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
    [identity::MIGRATIONS, register::MIGRATIONS, service::MIGRATIONS, measure::MIGRATIONS].concat()
}

/// Opens the database and connects the parts.
pub(crate) async fn open(
    pack: Arc<Pack>,
    database: &str,
    edge: Edge,
    demo: bool,
    secure: bool,
) -> Result<App, Failure> {
    let listener = Arc::new(MeasureListener::new(pack.indicators.clone()));
    let store = Store::open(database, &migrations(), vec![listener]).await?;
    let registers = Registers::new(store.clone(), pack.registers.iter().cloned());
    let by = By::new("system", "start", (edge.now)());
    let cases =
        Cases::open(store.clone(), pack.catalogue.clone(), pack.calendar.clone(), registers.clone(), by.clone())
            .await?;
    let measures = Measures::new(store.clone(), pack.indicators.clone());
    take_in_observations(&pack, &measures, by).await?;
    Ok(App::new(Parts {
        identity: Identity::new(store.clone()),
        drafts: Drafts::new(store.clone()),
        measures,
        registers,
        cases,
        pack,
        store,
        traffic: Arc::default(),
        edge,
        demo,
        secure,
    }))
}

/// The pack's observations, where the database does not have them yet.
async fn take_in_observations(pack: &Pack, measures: &Measures, by: By) -> Result<(), Failure> {
    for (name, observations) in &pack.observations {
        let Some(indicator) = measures.indicator(name) else { continue };
        let known = measures.now().await?.observations(indicator, jiff::civil::Date::MAX).to_vec();
        for observation in observations.iter().filter(|o| !known.contains(o)) {
            measures.observe(by.clone(), name, observation.clone(), None).await?;
        }
    }
    Ok(())
}

/// `anqud recompute`: derives every figure anew.
pub(crate) async fn recompute(options: RecomputeOptions) -> Result<(), Failure> {
    let pack = read_pack(&options.pack)?;
    let edge = edge::edge(SignedDuration::ZERO);
    let app = open(pack.clone(), &options.database, edge, false, false).await?;
    let by = app.by("system", "recompute");
    let found = measure::recompute(&app.store, by, pack.indicators.clone(), options.verify).await?;
    match (options.verify, found.different) {
        (true, 0) => println!("{} journal entries read; every figure is what they give", found.entries),
        (true, n) => {
            return Err(
                format!("{n} figures are not what the journal gives; `anqud recompute` derives them anew").into()
            );
        }
        (false, n) => println!("{} journal entries read, every figure derived anew; {n} were different", found.entries),
    }
    Ok(())
}
