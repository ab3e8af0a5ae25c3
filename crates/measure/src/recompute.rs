//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.

use std::sync::Arc;

use rules::Environment;
use serde_json::Value as Json;
use store::{By, Session, Store, Tx};

use crate::{Indicator, MeasureError, listener::delta, sql};

/// How many journal entries are read at a time.
const BATCH: i64 = 5_000;

/// Drops every delta and derives them again from the whole journal; how many entries were read.
pub async fn recompute(store: &Store, by: By, indicators: Arc<Vec<Indicator>>) -> Result<u64, MeasureError> {
    store
        .write(by, move |tx| {
            let indicators = indicators.clone();
            Box::pin(async move {
                for indicator in indicators.iter() {
                    sql::clear(tx, indicator.name()).await?;
                }
                let (mut read, mut after) = (0, 0);
                loop {
                    let entries = entries_after(tx, after).await?;
                    let Some(last) = entries.last() else { return Ok(read) };
                    after = last.seq;
                    read += entries.len() as u64;
                    for entry in &entries {
                        derive(tx, &indicators, entry);
                    }
                }
            })
        })
        .await
}

async fn entries_after(db: &mut Session, after: i64) -> Result<Vec<store::Entry>, MeasureError> {
    Ok(store::entries_after(db, after, BATCH).await?)
}

fn derive(tx: &mut Tx, indicators: &[Indicator], entry: &store::Entry) {
    for indicator in indicators.iter().filter(|indicator| indicator.is_over(&entry.source, &entry.kind)) {
        let f = |row: &Option<Json>| {
            let row = row.as_ref()?;
            indicator.contribution(row, &Environment::new(row.clone()))
        };
        let (was, is) = (f(&entry.before), f(&entry.after));
        if was == is {
            continue;
        }
        for (contribution, sign) in was.iter().map(|c| (c, -1)).chain(is.iter().map(|c| (c, 1))) {
            tx.append(sql::DELTA, delta(indicator.name(), contribution, sign, &entry.row, &entry.recorded));
        }
    }
}
