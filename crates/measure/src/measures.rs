//! The indicators and their figures: read as they stand, as they stood, and by the rows behind them; folded; observed.

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use futures::lock::Mutex;
use jiff::civil::Date;
use serde_json::json;
use store::{By, Change, Once, Session, Store, StoreError, Tx};

use crate::{Figure, Indicator, MeasureError, Observation, Snapshot, cube::Cube, sql};

/// How many deltas one folding takes: bounds how long other writers wait for it.
const FOLD_MAX: i64 = 2_000;
/// How many days the first look for the rows behind a figure covers. Each look covers sixteen times as many as the one
/// before; from this many on it covers all.
const FIRST_DAYS: i64 = 14;
const MOST_DAYS: i64 = 10_000;
/// How often a reading begins again because a folding came between its two halves.
const READ_TRIES: usize = 20;

/// A row behind a figure and what it adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    pub row: String,
    pub day: String,
    pub dimensions: [String; 3],
    pub number: i64,
    pub micros: i64,
}

/// Which rows behind a figure.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The first and the last day on which rows count.
    pub days: (Date, Date),
    /// As it stood at that instant ([`base::stamp`]); `None` as it stands.
    pub as_of: Option<&'a str>,
    /// Values of dimensions, by their place from 1.
    pub dimensions: Vec<(usize, String)>,
    /// Day and row of the last of the page before.
    pub after: Option<(String, String)>,
    pub limit: i64,
}

impl Wanted<'_> {
    /// The first rows behind a figure at a day.
    pub fn at(indicator: &Indicator, day: Date, limit: i64) -> Wanted<'static> {
        let days = (indicator.window_start(day), day);
        Wanted { days, as_of: None, dimensions: Vec::new(), after: None, limit }
    }
}

/// The indicators of the pack and their figures. Cheap to clone.
#[derive(Clone)]
pub struct Measures {
    store: Store,
    indicators: Arc<Vec<Indicator>>,
    /// What is folded, as it was last read. A newer generation replaces it.
    folded: Arc<RwLock<Arc<Cube>>>,
    /// Held by whoever reads a newer generation, so that a crowd reads it once.
    reading: Arc<Mutex<()>>,
}

impl Measures {
    pub fn new(store: Store, indicators: Arc<Vec<Indicator>>) -> Measures {
        Measures { store, indicators, folded: Arc::default(), reading: Arc::default() }
    }

    pub fn all(&self) -> &[Indicator] {
        &self.indicators
    }

    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.name() == name)
    }

    async fn db(&self) -> Result<Session, MeasureError> {
        Ok(self.store.read().await?)
    }

    fn known(&self) -> Arc<Cube> {
        self.folded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every figure as it stands now, all of one moment. What is folded comes from memory, what is not from the
    /// database, and the generation says whether the two belong together.
    pub async fn now(&self) -> Result<Snapshot, MeasureError> {
        let mut db = self.db().await?;
        for _ in 0..READ_TRIES {
            let (generation, open) = sql::open_sums(&mut db).await?;
            let folded = self.known();
            if folded.generation == Some(generation) {
                return Ok(Snapshot::new(folded, open));
            }
            self.catch_up(&mut db, generation).await?;
        }
        Err(StoreError::Abandoned("figures were folded faster than they could be read").into())
    }

    /// Reads what was folded since the generation in memory.
    async fn catch_up(&self, db: &mut Session, wanted: i64) -> Result<(), MeasureError> {
        let _one_at_a_time = self.reading.lock().await;
        let known = self.known();
        if known.generation >= Some(wanted) {
            return Ok(());
        }
        let rebuilt = sql::rebuilt(db).await?;
        let base = if known.generation.is_some_and(|g| g >= rebuilt) { known } else { Arc::default() };
        // Observations are few, and whoever writes one starts a new generation.
        let observations = sql::all_observations(db).await?;
        let (generation, rows) = sql::folded_since(db, base.generation.unwrap_or(-1)).await?;
        // A rebuilding that came between would have taken rows away; the next try sees it.
        if sql::rebuilt(db).await? == rebuilt {
            let newer = Arc::new(base.with(generation, rows, observations));
            *self.folded.write().unwrap_or_else(PoisonError::into_inner) = newer;
        }
        Ok(())
    }

    /// The figures of one indicator as they stood at an instant.
    async fn as_it_stood(&self, indicator: &Indicator, stamp: &str) -> Result<Snapshot, MeasureError> {
        let mut db = self.db().await?;
        let (mut rows, mut observations) = (Vec::new(), Vec::new());
        let parts: Vec<&Indicator> =
            indicator.formula().map_or_else(|| vec![indicator], |formula| formula.parts().collect());
        for part in parts {
            rows.extend(sql::sums_as_of(&mut db, part.name(), stamp).await?);
            observations.extend(sql::observations_as_of(&mut db, part.name(), stamp).await?);
        }
        let observed = Cube::default().with(0, Vec::new(), observations);
        Ok(Snapshot::new(Arc::new(observed), rows))
    }

    /// The figures of an indicator as they stood at `as_of` ([`base::stamp`]), or all figures as they stand now.
    pub async fn snapshot(&self, indicator: &Indicator, as_of: Option<&str>) -> Result<Snapshot, MeasureError> {
        match as_of {
            Some(stamp) => self.as_it_stood(indicator, stamp).await,
            None => self.now().await,
        }
    }

    /// The figure at the end of a day, as it stood at `as_of` or as it stands now.
    pub async fn at(&self, indicator: &Indicator, day: Date, as_of: Option<&str>) -> Result<Figure, MeasureError> {
        Ok(self.snapshot(indicator, as_of).await?.at(indicator, day))
    }

    /// A page of the rows behind what two days add up to, both included, the last day first.
    pub async fn evidence(&self, indicator: &Indicator, wanted: &Wanted<'_>) -> Result<Vec<Evidence>, MeasureError> {
        let mut db = self.db().await?;
        let (first, last) = wanted.days;
        let end = wanted.after.as_ref().and_then(|(day, _)| day.parse().ok()).unwrap_or(last).min(last);
        // The last days come first, so a page is most often found among few of them; only where it is not full are
        // earlier days looked at too.
        let mut span = FIRST_DAYS;
        loop {
            let from = match end.checked_sub(jiff::Span::new().days(span)) {
                Ok(day) if span < MOST_DAYS => day.max(first),
                _ => first,
            };
            let rows =
                sql::evidence(&mut db, indicator.name(), &Wanted { days: (from, last), ..wanted.clone() }).await?;
            if rows.len() as i64 >= wanted.limit || from <= first {
                return Ok(rows);
            }
            span *= 16;
        }
    }

    /// Folds deltas into their days until none is left; how many were folded.
    pub async fn fold(&self, by: By) -> Result<u64, MeasureError> {
        let mut folded = 0;
        loop {
            let now = self.store.write(by.clone(), |tx| Box::pin(sql::fold_some(tx, FOLD_MAX))).await?;
            folded += now;
            if (now as i64) < FOLD_MAX {
                return Ok(folded);
            }
        }
    }

    /// Writes down a value from outside. A computed indicator takes none. A value for a day that has one already
    /// corrects it; what it was stays readable as of then.
    pub async fn observe(
        &self,
        by: By,
        name: &str,
        observation: Observation,
        once: Option<Once>,
    ) -> Result<Observation, MeasureError> {
        let indicator = self.indicator(name).ok_or_else(|| MeasureError::NoIndicator(name.to_owned()))?;
        if !indicator.is_observed() {
            return Err(MeasureError::Computed(name.to_owned()));
        }
        let name = name.to_owned();
        self.store
            .write(by, move |tx| {
                let (name, o, once) = (name.clone(), observation.clone(), once.clone());
                Box::pin(async move {
                    if let Some(once) = &once
                        && let Some(earlier) = once.earlier(tx).await?
                    {
                        return Ok(earlier);
                    }
                    write_down(tx, &name, &o).await?;
                    if let Some(once) = &once {
                        once.keep(tx, &o)?;
                    }
                    Ok(o)
                })
            })
            .await
    }

    /// Takes in what a pack says was observed, each once for its content: a correction by somebody stands until the pack
    /// says something else of that very day, and then the newer stands. How many were taken in.
    pub async fn take_in(&self, by: By, name: &str, observations: &[Observation]) -> Result<usize, MeasureError> {
        if self.indicator(name).is_none_or(|indicator| !indicator.is_observed()) {
            return Ok(0);
        }
        let known: HashMap<String, String> = sql::taken_in(&mut self.db().await?, name).await?.into_iter().collect();
        let is_new = |o: &&Observation| known.get(&o.day) != Some(&content(o));
        let new: Vec<Observation> = observations.iter().filter(is_new).cloned().collect();
        if new.is_empty() {
            return Ok(0);
        }
        let name = name.to_owned();
        self.store
            .write(by, move |tx| {
                let (name, new) = (name.clone(), new.clone());
                Box::pin(async move {
                    let known: HashMap<String, String> = sql::taken_in(tx, &name).await?.into_iter().collect();
                    let mut taken = 0;
                    for o in &new {
                        let content = content(o);
                        if known.get(&o.day) == Some(&content) {
                            continue;
                        }
                        sql::take_in(tx, &name, &o.day, &content).await?;
                        let versions = sql::versions_of(tx, &name, &o.day).await?;
                        // Before it was kept what a pack said, it was taken in all the same.
                        let seen = !known.contains_key(&o.day) && versions.contains(o);
                        if !seen && versions.first() != Some(o) {
                            write_down(tx, &name, o).await?;
                            taken += 1;
                        }
                    }
                    Ok(taken)
                })
            })
            .await
    }
}

/// An observation as a text that names its content.
fn content(o: &Observation) -> String {
    json!([o.micros, o.source, o.assumption]).to_string()
}

/// Keeps an observation and writes it down.
async fn write_down(tx: &mut Tx, name: &str, o: &Observation) -> Result<(), MeasureError> {
    let recorded = base::stamp(tx.by().at);
    let before = sql::observation(tx, name, &o.day).await?;
    sql::put_observation(tx, name, o, &recorded).await?;
    sql::start_generation(tx).await?;
    let document =
        |o: &Observation| json!({"day": o.day, "micros": o.micros, "source": o.source, "assumption": o.assumption});
    tx.record(Change {
        source: "observation",
        row: format!("{name} {}", o.day),
        effective: o.day.parse().unwrap_or(Date::MIN),
        kind: name.to_owned(),
        before: before.as_ref().map(document),
        after: Some(document(o)),
    });
    Ok(())
}
