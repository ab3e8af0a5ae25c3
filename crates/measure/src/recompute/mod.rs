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
use store::{By, Chunk, Session, Store, StoreError, Tx};

use self::{
    prints::{Prints, StoredDelta},
    reading::{Place, Reading, Sums},
};
use crate::{Indicator, MeasureError, cube::Sum, sql};

/// How many journal entries are read at a time: few enough to stay in the processor's cache.
const BATCH: i64 = 100;
/// How many deltas are read at a time.
const DELTAS: i64 = 500;

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

/// Runs what needs the processor on a thread of its own from now on, so that the next rows are read meanwhile.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> impl Future<Output = Result<T, StoreError>> {
    let task = tokio::task::spawn_blocking(work);
    async { task.await.map_err(|_| StoreError::Abandoned("the evaluation of a batch failed")) }
}

/// Takes in the journal after one entry up to another.
async fn read_journal(
    session: &mut Session,
    (mut after, until): (i64, i64),
    mut reading: Reading,
) -> Result<Reading, StoreError> {
    let mut chunk = Chunk::between(session, (after, until), BATCH).await?;
    while let Some(now) = chunk {
        after = now.seq;
        let taken = aside(move || {
            reading.take(&now, |_, _| {});
            reading
        });
        chunk = Chunk::between(session, (after, until), BATCH).await?;
        reading = taken.await?;
    }
    Ok(reading)
}

/// The prints of the stored deltas after one up to another.
async fn read_deltas(
    session: &mut Session,
    (mut after, until): (i64, i64),
    mut prints: Prints,
) -> Result<Prints, StoreError> {
    while let Some((last, deltas)) = sql::deltas_between(session, (after, until), DELTAS).await? {
        after = last;
        prints = aside(move || {
            match &deltas {
                sql::Deltas::Packed(packed) => packed.iter().for_each(|row| prints.add_stored(StoredDelta::parse(row))),
                sql::Deltas::Single(rows) => rows
                    .iter()
                    .for_each(|row| prints.add_stored(StoredDelta::parse(row.each_ref().map(String::as_str)))),
            }
            prints
        })
        .await?;
    }
    Ok(prints)
}

/// What the journal gives and what is stored.
struct Held {
    reading: Reading,
    stored: Sums,
    prints: Prints,
}

impl Held {
    /// Reads both. A second connection reads the later half of each.
    async fn read(tx: &mut Tx, beside: Option<Session>, indicators: &Arc<Vec<Indicator>>) -> Result<Held, StoreError> {
        let hasher = RandomState::new();
        let (entries, deltas) = (Chunk::last_entry(tx).await?, sql::last_delta(tx).await?);
        let reading = || Reading::new(indicators.clone(), hasher.clone());
        let prints = || Prints::new(indicators, hasher.clone());
        let (mut reading, prints) = match beside {
            None => {
                let reading = read_journal(tx, (0, entries), reading()).await?;
                (reading, read_deltas(tx, (0, deltas), prints()).await?)
            }
            Some(mut session) => {
                let (middle, half) = (entries / 2, deltas / 2);
                let earlier = async {
                    let reading = read_journal(tx, (0, middle), reading()).await?;
                    Ok::<_, StoreError>((reading, read_deltas(tx, (0, half), prints()).await?))
                };
                let later = async {
                    let reading = read_journal(&mut session, (middle, entries), reading().later()).await?;
                    Ok((reading, read_deltas(&mut session, (half, deltas), prints()).await?))
                };
                let ((reading, prints), (more, others)) = futures::future::try_join(earlier, later).await?;
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
async fn stored(tx: &mut Tx, reading: &mut Reading) -> Result<Sums, StoreError> {
    let indicators = reading.indicators.clone();
    let mut stored: Sums = (0..=indicators.len()).map(|_| FxHashMap::default()).collect();
    let (_, mut rows) = sql::open_sums(tx).await?;
    let (mut read, mut parted) = (0, true);
    for (indicator, stored) in indicators.iter().zip(&mut stored) {
        let take = |day: Date, dimensions: [&str; 3], sum: Sum| {
            read += 1;
            *stored.entry((day, dimensions.map(|text| reading.number(text)))).or_default() += sum;
        };
        parted &= sql::folded_of(tx, indicator.name(), take).await?.is_some();
    }
    // What an indicator that is no longer in the pack left behind is read row by row, and so is what cannot be parted.
    if !parted || read != sql::folded_count(tx).await? {
        stored.iter_mut().for_each(FxHashMap::clear);
        rows.extend(sql::folded_since(tx, -1).await?.1);
    }
    for row in rows {
        let place = indicators.iter().position(|i| i.name() == row.indicator);
        let dimensions: [u32; 3] = row.dimensions.map(|text| reading.number(&text));
        let place_in_time: Place = (row.day, dimensions);
        // An indicator that is no longer in the pack stands out as a difference.
        *stored[place.unwrap_or(indicators.len())].entry(place_in_time).or_default() += row.sum;
    }
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
    let (mut after, until) = (0, Chunk::last_entry(tx).await?);
    let mut chunk = Chunk::between(tx, (after, until), BATCH).await?;
    while let Some(now) = chunk {
        after = now.seq;
        let evaluated = aside(move || {
            let mut deltas = Vec::new();
            reading.take(&now, |indicator, delta| deltas.push(delta.folded(indicator)));
            (reading, deltas)
        });
        chunk = Chunk::between(tx, (after, until), BATCH).await?;
        let deltas;
        (reading, deltas) = evaluated.await?;
        tx.insert_many(sql::FOLDED_DELTA, &deltas).await?;
    }
    tx.insert_many(sql::FIGURE_DAY, &reading.figure_days(generation)).await
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
                let held = Held::read(tx, store.read_beside(tx).await?, &indicators).await?;
                let found = held.found();
                if !only_look && (found.different > 0 || found.indicators > 0) {
                    write_anew(tx, &indicators, &held.wrong()).await?;
                }
                Ok(found)
            })
        })
        .await
}
