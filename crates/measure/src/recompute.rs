//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use rustc_hash::FxHashMap;
use serde_json::Value as Json;
use store::{Arg, Became, By, Chunk, Range, Session, Store, StoreError, Tx};

use crate::{
    Contribution, Indicator, MeasureError,
    cube::Sum,
    definition::Source,
    field::{Field, Scanner},
    indicator::Fields,
    listener::{delta, difference},
    sql,
};

/// How many journal entries are read at a time: few enough to stay in the processor's cache.
const BATCH: i64 = 200;

/// In how many parts the rows of a source are shared out among those who read them.
const PARTS: i64 = 16;

/// What was found when figures were derived anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recomputed {
    /// Journal entries of the rows that indicators can be over.
    pub entries: u64,
    /// Days of indicators, with their dimensions, whose figure was not what the journal gives.
    pub different: u64,
}

/// The values of dimensions, each kept once and known by its number.
#[derive(Debug, Default)]
struct Texts {
    numbers: FxHashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.into());
        self.numbers.insert(text.into(), number);
        number
    }

    fn text(&self, number: u32) -> &str {
        self.texts.get(number as usize).map_or("", |text| text)
    }
}

/// A day and the values of the dimensions.
type Place = (Date, [u32; 3]);
/// What each indicator adds up to; one more for the figures of indicators that are no longer in the pack.
type Sums = Vec<FxHashMap<Place, Sum>>;
/// What a row adds to each indicator over its source, in the order of the indicators.
type Standing = Vec<Option<(Place, i64)>>;

/// The indicators over the rows of one kind.
struct Concern {
    source: &'static str,
    kind: String,
    scanner: Scanner,
    /// The places of the indicators, and for each of its names the place among the scanned fields.
    indicators: Vec<(usize, Vec<usize>)>,
}

impl Concern {
    /// Every kind of row that an indicator is over.
    fn all(indicators: &[Indicator]) -> Vec<Concern> {
        let kinds = Source::SOURCES.iter().flat_map(|source| indicators.iter().map(move |i| (*source, i.kind(source))));
        let mut kinds: Vec<_> = kinds.filter_map(|(source, kind)| Some((source, kind?.to_owned()))).collect();
        kinds.sort();
        kinds.dedup();
        let concern = |(source, kind): (&'static str, String)| {
            let mut names: Vec<String> = Vec::new();
            let concerned = indicators.iter().enumerate().filter(|(_, i)| i.kind(source) == Some(&kind));
            let concerned = concerned.map(|(place, i)| {
                (place, i.names().iter().map(|name| crate::indicator::place(&mut names, name)).collect())
            });
            let indicators = concerned.collect();
            Concern { source, kind, scanner: Scanner::new(names), indicators }
        };
        kinds.into_iter().map(concern).collect()
    }
}

/// A document that nobody has parsed, as one indicator reads it.
struct Unparsed<'a> {
    document: &'a str,
    fields: &'a [Field<'a>],
    places: &'a [usize],
}

impl Fields for Unparsed<'_> {
    fn field(&self, place: usize) -> Field<'_> {
        self.places.get(place).and_then(|place| self.fields.get(*place)).copied().unwrap_or(Field::Missing)
    }

    fn whole(&self) -> Json {
        Field::Text(self.document).json()
    }
}

/// The whole journal, read through once.
struct Reading {
    indicators: Arc<Vec<Indicator>>,
    concerns: Vec<Concern>,
    texts: Texts,
    sums: Sums,
    /// What each row added last. What a change takes away is what the change before it gave.
    rows: FxHashMap<(usize, Box<str>), Standing>,
}

impl Reading {
    fn new(indicators: Arc<Vec<Indicator>>) -> Reading {
        let concerns = Concern::all(&indicators);
        let sums = (0..=indicators.len()).map(|_| FxHashMap::default()).collect();
        Reading { indicators, concerns, texts: Texts::default(), sums, rows: FxHashMap::default() }
    }

    /// The indicators over a row, by the place of its kind.
    fn concern(&self, source: &str, kind: &str) -> Option<usize> {
        self.concerns.iter().position(|concern| concern.source == source && concern.kind == kind)
    }

    /// What a row adds, given to `take` with the place of each indicator.
    fn evaluate(
        &mut self,
        concern: usize,
        document: Option<&str>,
        mut take: impl FnMut(&mut Sums, usize, Option<(Place, i64)>),
    ) {
        let Concern { scanner, indicators, .. } = &mut self.concerns[concern];
        let mut fields = Vec::new();
        let document = document.filter(|document| scanner.scan(document, &mut fields).is_some());
        for (place, places) in indicators {
            let row = document.map(|document| Unparsed { document, fields: &fields, places });
            let added = row.as_ref().and_then(|row| self.indicators[*place].added(row));
            let added = added.map(|added| {
                let dimensions = added.dimensions.map(|field| self.texts.number(&field.dimension()));
                ((added.day, dimensions), added.micros)
            });
            take(&mut self.sums, *place, added);
        }
    }

    /// Adds up what rows add as they stand.
    fn add_up(&mut self, source: &str, chunk: &Chunk) {
        for row in chunk.iter().filter(|row| row.after.is_some()) {
            let Some(concern) = self.concern(source, row.kind) else { continue };
            self.evaluate(concern, row.after, |sums, place, added| {
                if let Some((at, micros)) = added {
                    *sums[place].entry(at).or_default() += Sum { number: 1, micros };
                }
            });
        }
    }

    /// Takes in what another reading has added up.
    fn join(&mut self, other: Reading) {
        for (sums, more) in self.sums.iter_mut().zip(other.sums) {
            for ((day, dimensions), sum) in more {
                let dimensions = dimensions.map(|number| self.texts.number(other.texts.text(number)));
                *sums.entry((day, dimensions)).or_default() += sum;
            }
        }
    }

    /// The deltas of some entries, which are added up too.
    fn deltas(&mut self, chunk: &Chunk) -> Vec<Vec<Arg>> {
        let mut deltas = Vec::new();
        for entry in chunk.iter() {
            if let Some(concern) = self.concern(entry.source, entry.kind) {
                self.deltas_of(concern, &entry, &mut deltas);
            }
        }
        deltas
    }

    fn deltas_of(&mut self, concern: usize, entry: &Became, deltas: &mut Vec<Vec<Arg>>) {
        let mut after: Vec<(usize, Option<(Place, i64)>)> = Vec::new();
        self.evaluate(concern, entry.after, |_, place, added| after.push((place, added)));
        let key = (concern, entry.row.into());
        let standing = || after.iter().map(|(_, added)| *added).collect();
        let before = if entry.after.is_some() { self.rows.insert(key, standing()) } else { self.rows.remove(&key) };
        for (at, (place, is)) in after.iter().enumerate() {
            let was = before.as_ref().and_then(|before| before[at].as_ref());
            for (((day, dimensions), micros), sign) in difference(was, is.as_ref()) {
                let sum = Sum { number: sign, micros: sign * micros };
                *self.sums[*place].entry((*day, *dimensions)).or_default() += sum;
                let dimensions = dimensions.map(|number| self.texts.text(number).to_owned());
                let contribution = Contribution { day: *day, dimensions, number: 1, micros: *micros };
                let mut row = delta(self.indicators[*place].name(), &contribution, sign, entry.row, entry.recorded);
                row.push(1.into());
                deltas.push(row);
            }
        }
    }

    /// What is stored now.
    async fn stored(&mut self, tx: &mut Tx) -> Result<Sums, StoreError> {
        let mut stored: Sums = (0..=self.indicators.len()).map(|_| FxHashMap::default()).collect();
        let (_, mut rows) = sql::open_sums(tx).await?;
        let (mut read, mut parted) = (0, true);
        for (indicator, stored) in self.indicators.iter().zip(&mut stored) {
            let take = |day, dimensions: [&str; 3], sum| {
                read += 1;
                *stored.entry((day, dimensions.map(|text| self.texts.number(text)))).or_default() += sum;
            };
            parted &= sql::folded_of(tx, indicator.name(), take).await?.is_some();
        }
        // What an indicator that is no longer in the pack left behind is read row by row, and so is what cannot be parted.
        if !parted || read != sql::folded_count(tx).await? {
            stored.iter_mut().for_each(FxHashMap::clear);
            rows.extend(sql::folded_since(tx, -1).await?.1);
        }
        for row in rows {
            let place = self.indicators.iter().position(|i| i.name() == row.indicator);
            let dimensions = row.dimensions.map(|text| self.texts.number(&text));
            // An indicator that is no longer in the pack stands out as a difference.
            *stored[place.unwrap_or(self.indicators.len())].entry((row.day, dimensions)).or_default() += row.sum;
        }
        Ok(stored)
    }

    /// How many sums are not what was stored.
    fn differences(&self, stored: &Sums) -> u64 {
        let nothing = Sum::default();
        let different = |(derived, stored): (&FxHashMap<Place, Sum>, &FxHashMap<Place, Sum>)| {
            let wrong = derived.iter().filter(|(place, sum)| stored.get(*place).unwrap_or(&nothing) != *sum).count();
            let surplus =
                stored.iter().filter(|(place, sum)| **sum != nothing && !derived.contains_key(*place)).count();
            (wrong + surplus) as u64
        };
        self.sums.iter().zip(stored).map(different).sum()
    }

    /// The figures of days, as they are stored.
    fn figure_days(&self, generation: i64) -> Vec<Vec<Arg>> {
        let mut rows = Vec::new();
        for (indicator, sums) in self.indicators.iter().zip(&self.sums) {
            for ((day, dimensions), sum) in sums.iter().filter(|(_, sum)| **sum != Sum::default()) {
                let [d1, d2, d3] = dimensions.map(|number| Arg::from(self.texts.text(number)));
                let place: [Arg; 5] = [indicator.name().into(), day.to_string().into(), d1, d2, d3];
                rows.push(place.into_iter().chain([sum.number.into(), sum.micros.into(), generation.into()]).collect());
            }
        }
        rows
    }
}

/// Runs what needs the processor on a thread of its own from now on, so that the next entries are read meanwhile.
fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> impl Future<Output = Result<T, StoreError>> {
    let task = tokio::task::spawn_blocking(work);
    async { task.await.map_err(|_| StoreError::Abandoned("the evaluation of a batch failed")) }
}

/// Adds up what every row adds as the journal left it: the changes of a row that came before its last cancel out.
/// Where a second connection reads the same moment, it takes its share of the rows.
async fn add_up(tx: &mut Tx, beside: Option<Session>, reading: Reading) -> Result<(u64, Reading), StoreError> {
    let mut ranges = Vec::new();
    for source in Source::SOURCES {
        ranges.extend(Range::parts(tx, source, PARTS).await?);
    }
    let (ranges, other) = (Mutex::new(ranges), Reading::new(reading.indicators.clone()));
    let Some(mut session) = beside else { return add_up_ranges(tx, &ranges, reading).await };
    let halves =
        futures::future::try_join(add_up_ranges(tx, &ranges, reading), add_up_ranges(&mut session, &ranges, other));
    let ((entries, mut reading), (more, other)) = halves.await?;
    reading.join(other);
    Ok((entries + more, reading))
}

async fn add_up_ranges(
    session: &mut Session,
    ranges: &Mutex<Vec<Range>>,
    mut reading: Reading,
) -> Result<(u64, Reading), StoreError> {
    let next = || ranges.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut entries = 0;
    while let Some(mut range) = next() {
        let mut chunk = Chunk::last(session, &range, BATCH).await?;
        while let Some(now) = chunk {
            entries += now.entries;
            range.after.clone_from(&now.row);
            let added = aside(move || {
                reading.add_up(range.source, &now);
                reading
            });
            chunk = Chunk::last(session, &range, BATCH).await?;
            reading = added.await?;
        }
    }
    Ok((entries, reading))
}

/// Reads the whole journal entry by entry and stores the deltas as they come.
async fn write_deltas(tx: &mut Tx, mut reading: Reading) -> Result<(u64, Reading), StoreError> {
    let mut entries = 0;
    let mut chunk = Chunk::after(tx, 0, BATCH).await?;
    while let Some(now) = chunk {
        entries += now.iter().filter(|entry| Source::SOURCES.contains(&entry.source)).count() as u64;
        let seq = now.seq;
        let evaluated = aside(move || {
            let deltas = reading.deltas(&now);
            (reading, deltas)
        });
        chunk = Chunk::after(tx, seq, BATCH).await?;
        let deltas;
        (reading, deltas) = evaluated.await?;
        tx.insert_many(sql::FOLDED_DELTA, &deltas).await?;
    }
    Ok((entries, reading))
}

/// Derives every figure from the whole journal, and says how many were different. Unless only asked to look, it puts
/// the derived deltas in the place of the stored ones.
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
                let mut reading = Reading::new(indicators);
                let stored = reading.stored(tx).await?;
                if only_look {
                    let (entries, reading) = add_up(tx, store.read_beside(tx).await?, reading).await?;
                    return Ok(Recomputed { entries, different: reading.differences(&stored) });
                }
                let generation = sql::clear(tx).await?;
                let (entries, reading) = write_deltas(tx, reading).await?;
                let different = reading.differences(&stored);
                tx.insert_many(sql::FIGURE_DAY, &reading.figure_days(generation)).await?;
                Ok(Recomputed { entries, different })
            })
        })
        .await
}
