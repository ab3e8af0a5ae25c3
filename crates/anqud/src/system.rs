//! The wiring: a pack, a database, and the parts between them.

use std::{error::Error, path::Path, sync::Arc, time::Instant};

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
    let store = Store::open(&options.database, &migrations(), Vec::new()).await?;
    let start = Instant::now();
    let by = By::new("system", "recompute", edge::now(SignedDuration::ZERO));
    let found = measure::recompute(&store, by, pack.indicators.clone(), options.verify).await?;
    let read = format!("{} journal entries read in {:.2} s", found.entries, start.elapsed().as_secs_f64());
    match (options.verify, found.different) {
        (true, 0) => println!("{read}; every figure is what they give"),
        (true, n) => {
            return Err(
                format!("{n} figures are not what the journal gives; `anqud recompute` derives them anew").into()
            );
        }
        (false, n) => println!("{read}, every figure derived anew; {n} were different"),
    }
    Ok(())
}
