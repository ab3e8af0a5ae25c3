//! What rows became, read in parts, is what the entries of the journal say, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use serde_json::{Value as Json, json};
use store::{By, Change, Store, StoreError, each_became, entries_after, last_entry, testing::on_each_engine};

async fn record(store: &Store, source: &'static str, row: String, after: Option<Json>) {
    let change =
        Change { source, kind: format!("{source}-kind"), row, effective: date(2021, 3, 4), before: None, after };
    let by = By::new("amal", "test", Timestamp::UNIX_EPOCH);
    let written: Result<(), StoreError> = store
        .write(by, move |tx| {
            let change = change.clone();
            Box::pin(async move {
                tx.record(change);
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

fn parsed(after: Option<&str>) -> Option<Json> {
    after.map(|text| serde_json::from_str(text).unwrap())
}

#[tokio::test]
async fn what_rows_became_is_what_the_entries_say() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        for n in 0..60 {
            let after = (n % 7 != 3).then(|| json!({"n": n, "name": "زيتونة \"a\" \u{1e}", "list": [1, null]}));
            record(&store, if n % 3 == 0 { "record" } else { "case" }, format!("row {}", n * 5 % 23), after).await;
        }
        let mut db = store.read().await.unwrap();
        let entries = entries_after(&mut db, 0, 100).await.unwrap();

        let last = last_entry(&mut db).await.unwrap();
        let mut read = Vec::new();
        // In two halves, as two connections read it.
        for range in [(0, last / 2), (last / 2, last)] {
            let take = |became: store::Became<'_>| {
                let words = [became.source, became.kind, became.row, became.recorded].map(str::to_owned);
                read.push((words, parsed(became.after)));
            };
            each_became(&mut db, range, take).await.unwrap();
        }
        let wanted =
            entries.iter().map(|e| ([&e.source, &e.kind, &e.row, &e.recorded].map(String::clone), e.after.clone()));
        assert_eq!(read, wanted.collect::<Vec<_>>());
    };
    on_each_engine("store_became", check).await.unwrap();
}
