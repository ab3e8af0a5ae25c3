//! Computes deltas anew from the journal: the same function over the same changes, so it must give the same figures.

use std::sync::Arc;

use store::{By, Session, Store};

use crate::{Indicator, MeasureError, listener::append_deltas, sql};

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
                        let of = (entry.source.as_str(), entry.kind.as_str(), entry.row.as_str());
                        let (before, after) = (entry.before.as_ref(), entry.after.as_ref());
                        append_deltas(tx, &indicators, of, before, after, &entry.recorded);
                    }
                }
            })
        })
        .await
}

async fn entries_after(db: &mut Session, after: i64) -> Result<Vec<store::Entry>, MeasureError> {
    Ok(store::entries_after(db, after, BATCH).await?)
}
