//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.

use std::{collections::HashMap, sync::Arc};

use jiff::civil::Date;
use rules::Environment;
use store::{Arg, Became, By, Store, StoreError, Tx};

use crate::{
    Contribution, Indicator, MeasureError,
    cube::Sum,
    listener::{delta, difference},
    sql,
};

/// How many journal entries are read at a time: few enough to stay in the processor's cache.
const BATCH: i64 = 1_000;

/// What was found when figures were derived anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// Journal entries read.
    pub entries: u64,
    /// Days of indicators, with their dimensions, whose figure was not what the journal gives.
    pub different: u64,
}

/// An indicator (by its place), a day, and the values of its dimensions.
type Place = (usize, Date, [String; 3]);

/// What a row adds to each indicator over its source, in the order of the indicators.
type Standing = Vec<Option<Contribution>>;

/// The whole journal, read through once.
struct Reading {
    indicators: Arc<Vec<Indicator>>,
    /// Whether the deltas are wanted, or only what they add up to.
    deltas: bool,
    /// What each row added last. What a change takes away is what the change before it gave.
    rows: HashMap<(String, String), Standing>,
    sums: HashMap<Place, Sum>,
}

impl Reading {
    /// The deltas of some entries.
    fn read(&mut self, entries: Vec<Became>) -> Vec<Vec<Arg>> {
        let mut deltas = Vec::new();
        for entry in entries {
            self.read_one(entry, &mut deltas);
        }
        deltas
    }

    fn read_one(&mut self, entry: Became, deltas: &mut Vec<Vec<Arg>>) {
        let indicators = self.indicators.clone();
        let concerned = || indicators.iter().enumerate().filter(|(_, i)| i.is_over(&entry.source, &entry.kind));
        if concerned().next().is_none() {
            return;
        }
        let after: Standing = match &entry.after {
            None => concerned().map(|_| None).collect(),
            Some(row) => {
                let environment = Environment::new(row.clone());
                concerned().map(|(_, indicator)| indicator.contribution(row, &environment)).collect()
            }
        };
        let key = (entry.source.clone(), entry.row.clone());
        let before = if entry.after.is_some() { self.rows.insert(key, after.clone()) } else { self.rows.remove(&key) };
        for (at, (place, indicator)) in concerned().enumerate() {
            let was = before.as_ref().and_then(|before| before[at].as_ref());
            for (c, sign) in difference(was, after[at].as_ref()) {
                let sum = Sum { number: sign * c.number, micros: sign * c.micros };
                *self.sums.entry((place, c.day, c.dimensions.clone())).or_default() += sum;
                if self.deltas {
                    let mut row = delta(indicator.name(), c, sign, &entry.row, &entry.recorded);
                    row.push(1.into());
                    deltas.push(row);
                }
            }
        }
    }
}

/// Reads the whole journal: how many entries, and what they add up to. With `write`, the deltas are stored as they
/// come. While one batch is evaluated on another thread, the next is read.
async fn read_journal(
    tx: &mut Tx,
    indicators: Arc<Vec<Indicator>>,
    write: bool,
) -> Result<(u64, HashMap<Place, Sum>), StoreError> {
    let mut reading = Reading { indicators, deltas: write, rows: HashMap::new(), sums: HashMap::new() };
    let mut read = 0;
    let mut entries = store::became_after(tx, 0, BATCH).await?;
    while let Some(last) = entries.last() {
        let after = last.seq;
        read += entries.len() as u64;
        let evaluated = tokio::task::spawn_blocking(move || {
            let deltas = reading.read(entries);
            (reading, deltas)
        });
        entries = store::became_after(tx, after, BATCH).await?;
        let deltas;
        (reading, deltas) = evaluated.await.map_err(|_| StoreError::Abandoned("the evaluation of a batch failed"))?;
        tx.insert_many(sql::FOLDED_DELTA, &deltas).await?;
    }
    let mut sums = reading.sums;
    sums.retain(|_, sum| *sum != Sum::default());
    Ok((read, sums))
}

/// What is stored now.
async fn stored_sums(tx: &mut Tx, indicators: &[Indicator]) -> Result<HashMap<Place, Sum>, StoreError> {
    let mut stored: HashMap<Place, Sum> = HashMap::new();
    let (_, folded) = sql::folded_since(tx, -1).await?;
    let (_, open) = sql::open_sums(tx).await?;
    for row in folded.into_iter().chain(open) {
        // What an indicator that is no longer in the pack left behind stands out as a difference.
        let place = indicators.iter().position(|i| i.name() == row.indicator).unwrap_or(usize::MAX);
        *stored.entry((place, row.day, row.dimensions)).or_default() += row.sum;
    }
    stored.retain(|_, sum| *sum != Sum::default());
    Ok(stored)
}

fn differences(stored: &HashMap<Place, Sum>, derived: &HashMap<Place, Sum>) -> u64 {
    let missing = derived.iter().filter(|(place, sum)| stored.get(*place) != Some(sum)).count();
    let surplus = stored.keys().filter(|place| !derived.contains_key(*place)).count();
    (missing + surplus) as u64
}

fn figure_day(indicators: &[Indicator], (place, day, dimensions): Place, sum: Sum, generation: i64) -> Vec<Arg> {
    let [d1, d2, d3] = dimensions;
    let place: [Arg; 5] = [indicators[place].name().into(), day.to_string().into(), d1.into(), d2.into(), d3.into()];
    place.into_iter().chain([sum.number.into(), sum.micros.into(), generation.into()]).collect()
}

/// Derives every figure from the whole journal, and says how many were different. Unless only asked to look, it puts
/// the derived deltas in the place of the stored ones.
pub async fn recompute(
    store: &Store,
    by: By,
    indicators: Arc<Vec<Indicator>>,
    only_look: bool,
) -> Result<Recomputed, MeasureError> {
    store
        .write(by, move |tx| {
            let indicators = indicators.clone();
            Box::pin(async move {
                let stored = stored_sums(tx, &indicators).await?;
                if only_look {
                    let (entries, derived) = read_journal(tx, indicators, false).await?;
                    return Ok(Recomputed { entries, different: differences(&stored, &derived) });
                }
                let generation = sql::clear(tx).await?;
                let (entries, derived) = read_journal(tx, indicators.clone(), true).await?;
                let different = differences(&stored, &derived);
                let rows: Vec<Vec<Arg>> =
                    derived.into_iter().map(|(place, sum)| figure_day(&indicators, place, sum, generation)).collect();
                tx.insert_many(sql::FIGURE_DAY, &rows).await?;
                Ok(Recomputed { entries, different })
            })
        })
        .await
}
