//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.

use std::{collections::HashMap, sync::Arc};

use rules::Environment;
use store::{Arg, By, Entry, Store, StoreError, Tx};

use crate::{
    Contribution, Indicator, MeasureError,
    cube::Sum,
    listener::{delta, difference},
    sql,
};

/// How many journal entries are read at a time.
const BATCH: i64 = 10_000;

/// What was found when figures were derived anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// Journal entries read.
    pub entries: u64,
    /// Days of indicators, with their dimensions, whose figure was not what the journal gives.
    pub different: u64,
}

type Place = (String, String, [String; 3]);

/// What a row adds to each indicator over its source, in the order of the indicators.
type Standing = Vec<Option<Contribution>>;

/// The whole journal, read through once.
struct Reading {
    indicators: Arc<Vec<Indicator>>,
    /// What each row added last. What a change takes away is what the change before it gave.
    rows: HashMap<(String, String), Standing>,
    sums: HashMap<Place, Sum>,
}

impl Reading {
    /// The deltas of an entry.
    fn read(&mut self, entry: &Entry) -> Vec<Vec<Arg>> {
        let concerned: Vec<&Indicator> =
            self.indicators.iter().filter(|i| i.is_over(&entry.source, &entry.kind)).collect();
        if concerned.is_empty() {
            return Vec::new();
        }
        let after: Standing = match &entry.after {
            None => vec![None; concerned.len()],
            Some(row) => {
                let environment = Environment::new(row.clone());
                concerned.iter().map(|indicator| indicator.contribution(row, &environment)).collect()
            }
        };
        let key = (entry.source.clone(), entry.row.clone());
        let before = match &entry.after {
            Some(_) => self.rows.insert(key, after.clone()),
            None => self.rows.remove(&key),
        };
        let before = before.unwrap_or_else(|| vec![None; concerned.len()]);
        let mut deltas = Vec::new();
        for ((indicator, was), is) in concerned.iter().zip(&before).zip(&after) {
            for (contribution, sign) in difference(was.as_ref(), is.as_ref()) {
                let c = contribution;
                let place = (indicator.name().to_owned(), c.day.to_string(), c.dimensions.clone());
                *self.sums.entry(place).or_default() += Sum { number: sign * c.number, micros: sign * c.micros };
                let mut row = delta(indicator.name(), c, sign, &entry.row, &entry.recorded);
                row.push(1.into());
                deltas.push(row);
            }
        }
        deltas
    }
}

/// Reads the whole journal: how many entries, and what they add up to. With `write`, the deltas are stored as they come.
async fn read_journal(
    tx: &mut Tx,
    indicators: Arc<Vec<Indicator>>,
    write: bool,
) -> Result<(u64, HashMap<Place, Sum>), StoreError> {
    let mut reading = Reading { indicators, rows: HashMap::new(), sums: HashMap::new() };
    let (mut read, mut after) = (0, 0);
    loop {
        let entries = store::entries_after(tx, after, BATCH).await?;
        let Some(last) = entries.last() else { break };
        after = last.seq;
        read += entries.len() as u64;
        let deltas: Vec<Vec<Arg>> = entries.iter().flat_map(|entry| reading.read(entry)).collect();
        if write {
            tx.insert_many(sql::FOLDED_DELTA, &deltas).await?;
        }
    }
    let mut sums = reading.sums;
    sums.retain(|_, sum| *sum != Sum::default());
    Ok((read, sums))
}

/// What is stored now.
async fn stored_sums(tx: &mut Tx) -> Result<HashMap<Place, Sum>, StoreError> {
    let mut stored: HashMap<Place, Sum> = HashMap::new();
    let (_, folded) = sql::folded_since(tx, -1).await?;
    let (_, open) = sql::open_sums(tx).await?;
    for row in folded.into_iter().chain(open) {
        *stored.entry((row.indicator, row.day.to_string(), row.dimensions)).or_default() += row.sum;
    }
    stored.retain(|_, sum| *sum != Sum::default());
    Ok(stored)
}

fn differences(stored: &HashMap<Place, Sum>, derived: &HashMap<Place, Sum>) -> u64 {
    let missing = derived.iter().filter(|(place, sum)| stored.get(*place) != Some(sum)).count();
    let surplus = stored.keys().filter(|place| !derived.contains_key(*place)).count();
    (missing + surplus) as u64
}

fn figure_day((indicator, day, [d1, d2, d3]): Place, sum: Sum, generation: i64) -> Vec<Arg> {
    let place: [Arg; 5] = [indicator.into(), day.into(), d1.into(), d2.into(), d3.into()];
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
                let stored = stored_sums(tx).await?;
                if only_look {
                    let (entries, derived) = read_journal(tx, indicators, false).await?;
                    return Ok(Recomputed { entries, different: differences(&stored, &derived) });
                }
                let generation = sql::clear(tx).await?;
                let (entries, derived) = read_journal(tx, indicators, true).await?;
                let different = differences(&stored, &derived);
                let rows: Vec<Vec<Arg>> =
                    derived.into_iter().map(|(place, sum)| figure_day(place, sum, generation)).collect();
                tx.insert_many(sql::FIGURE_DAY, &rows).await?;
                Ok(Recomputed { entries, different })
            })
        })
        .await
}
