//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.
//!
//! The journal is read once, in two halves at a time where a second connection can see the same moment, and held against
//! what is stored: the figures of days, and a print of the deltas of each indicator. An indicator of which both agree
//! is left as it is; of any other, the deltas are written anew.

mod concern;
mod prints;
mod reading;

use std::{hash::RandomState, sync::Arc};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use store::{Became, By, Session, Store, StoreError, Tx};

use self::{
    prints::{Delta, Prints},
    reading::{Place, Reading, Sums},
};
use crate::{Indicator, MeasureError, cube::Sum, sql};

/// How many journal entries are taken in before the deltas of them are written.
const ENTRIES: i64 = 1_000;

/// What was found when figures were derived anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// Journal entries of the rows that indicators can be over.
    pub entries: u64,
    /// Days of indicators, with their dimensions, whose figure was not what the journal gives.
    pub different: u64,
    /// Indicators whose deltas, which tell a figure as it stood, were not what the journal gives.
    pub indicators: u64,
}

/// Takes in some entries of the journal and some deltas, each after one up to another.
async fn read(
    session: &mut Session,
    entries: (i64, i64),
    deltas: (i64, i64),
    (mut reading, mut prints): (Reading, Prints),
) -> Result<(Reading, Prints), StoreError> {
    store::each_became(session, entries, |entry| reading.take(&entry, |_, _| {})).await?;
    sql::each_delta(session, deltas, |[indicator, day, d1, d2, d3, row, recorded], [number, micros]| {
        let day = day.parse().ok();
        let delta = day.map(|day| Delta { day, dimensions: [d1, d2, d3], number, micros, row, recorded });
        prints.add_stored(indicator, delta.as_ref());
    })
    .await?;
    Ok((reading, prints))
}

/// What the journal gives and what is stored.
struct Held {
    reading: Reading,
    stored: Sums,
    prints: Prints,
}

impl Held {
    /// Reads both. A second connection reads the later half of each, on a thread of its own.
    async fn read(
        tx: &mut Session,
        beside: Option<Session>,
        indicators: &Arc<Vec<Indicator>>,
    ) -> Result<Held, StoreError> {
        let hasher = RandomState::new();
        let (entries, deltas) = (store::last_entry(tx).await?, sql::last_delta(tx).await?);
        let new = || (Reading::new(indicators.clone(), hasher.clone()), Prints::new(indicators, hasher.clone()));
        let (mut reading, prints) = match beside {
            None => read(tx, (0, entries), (0, deltas), new()).await?,
            Some(mut session) => {
                let (middle, half) = (entries / 2, deltas / 2);
                let (reading, prints) = new();
                let later = tokio::task::spawn_blocking(move || {
                    let new = (reading.later(), prints);
                    futures::executor::block_on(read(&mut session, (middle, entries), (half, deltas), new))
                });
                let (reading, prints) = read(tx, (0, middle), (0, half), new()).await?;
                let (more, others) =
                    later.await.map_err(|_| StoreError::Abandoned("the later half was not evaluated"))??;
                (reading.followed_by(more), prints.with(others))
            }
        };
        let stored = stored(tx, &mut reading).await?;
        Ok(Held { reading, stored, prints })
    }

    fn found(&self) -> Recomputed {
        let strange = u64::from(self.prints.has_strangers());
        Recomputed {
            entries: self.reading.entries,
            different: self.reading.differences(&self.stored).iter().sum(),
            indicators: self.reading.prints.different(&self.prints).len() as u64 + strange,
        }
    }

    /// The places of the indicators whose deltas or figures are not what the journal gives.
    fn wrong(&self) -> Vec<usize> {
        let mut wrong = self.reading.prints.different(&self.prints);
        let differences = self.reading.differences(&self.stored);
        let figures =
            differences.iter().enumerate().filter(|(place, days)| **days > 0 && *place < differences.len() - 1);
        wrong.extend(figures.map(|(place, _)| place));
        wrong.sort_unstable();
        wrong.dedup();
        wrong
    }
}

/// The figures of days as they are stored; the last are those of indicators that are no longer in the pack.
async fn stored(tx: &mut Session, reading: &mut Reading) -> Result<Sums, StoreError> {
    let indicators = reading.indicators.clone();
    let mut stored: Sums = (0..=indicators.len()).map(|_| FxHashMap::default()).collect();
    let mut take = |indicator: &str, day: Date, dimensions: [&str; 3], sum: Sum| {
        let place = indicators.iter().position(|i| i.name() == indicator);
        let place_in_time: Place = (day, dimensions.map(|text| reading.number(text)));
        // An indicator that is no longer in the pack stands out as a difference.
        *stored[place.unwrap_or(indicators.len())].entry(place_in_time).or_default() += sum;
    };
    for row in sql::open_sums(tx).await?.1 {
        take(&row.indicator, row.day, row.dimensions.each_ref().map(String::as_str), row.sum);
    }
    sql::each_folded(tx, take).await?;
    Ok(stored)
}

/// Writes the deltas and figures of some indicators anew, and takes away what indicators left that are no more.
async fn write_anew(tx: &mut Tx, indicators: &Arc<Vec<Indicator>>, wrong: &[usize]) -> Result<(), StoreError> {
    let names: Vec<&str> = indicators.iter().map(Indicator::name).collect();
    let kept: Vec<&str> =
        names.iter().enumerate().filter(|(place, _)| !wrong.contains(place)).map(|(_, n)| *n).collect();
    let generation = sql::clear_all_but(tx, &kept).await?;
    let chosen: Vec<Indicator> = wrong.iter().filter_map(|place| indicators.get(*place)).cloned().collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let mut reading = Reading::new(Arc::new(chosen), RandomState::new());
    let (mut after, last) = (0, store::last_entry(tx).await?);
    while after < last {
        let mut deltas = Vec::new();
        let take = |entry: Became<'_>| {
            reading.take(&entry, |indicator, delta| deltas.push(delta.folded(indicator)));
        };
        store::each_became(tx, (after, after + ENTRIES), take).await?;
        tx.insert_many(sql::FOLDED_DELTA, &deltas).await?;
        after += ENTRIES;
    }
    tx.insert_many(sql::FIGURE_DAY, &reading.figure_days(generation)).await
}

/// Derives every figure from the whole journal, and says how many are different. It reads only; within a snapshot, what
/// others commit meanwhile makes no difference.
pub async fn verify(session: &mut Session, indicators: Arc<Vec<Indicator>>) -> Result<Recomputed, MeasureError> {
    Ok(Held::read(session, None, &indicators).await?.found())
}

/// Derives every figure from the whole journal, and says how many were different. Unless only asked to look, it writes
/// anew what was.
pub async fn recompute(
    store: &Store,
    by: By,
    indicators: Arc<Vec<Indicator>>,
    only_look: bool,
) -> Result<Recomputed, MeasureError> {
    let beside = store.clone();
    store
        .write(by, move |tx| {
            let (indicators, store) = (indicators.clone(), beside.clone());
            Box::pin(async move {
                let held = Held::read(tx, store.read_beside().await?, &indicators).await?;
                let found = held.found();
                if !only_look && (found.different > 0 || found.indicators > 0) {
                    write_anew(tx, &indicators, &held.wrong()).await?;
                }
                Ok(found)
            })
        })
        .await
}
