//! The journal in large steps gives what it gives entry by entry, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use serde_json::{Value as Json, json};
use store::{By, Change, Chunk, Store, StoreError, entries_after, testing::on_each_engine};

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
async fn large_steps_give_what_single_entries_give() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        for n in 0..60 {
            let after = (n % 7 != 3).then(|| json!({"n": n, "name": "زيتونة \"a\" \u{1e}", "list": [1, null]}));
            record(&store, if n % 3 == 0 { "record" } else { "case" }, format!("row {}", n * 5 % 23), after).await;
        }
        let mut db = store.read().await.unwrap();
        let entries = entries_after(&mut db, 0, 100).await.unwrap();

        let last = Chunk::last_entry(&mut db).await.unwrap();
        let mut read = Vec::new();
        // In two halves, as two connections read it.
        for (mut after, until) in [(0, last / 2), (last / 2, last)] {
            while let Some(chunk) = Chunk::between(&mut db, (after, until), 7).await.unwrap() {
                for became in chunk.iter() {
                    let words = [became.source, became.kind, became.row, became.recorded].map(str::to_owned);
                    read.push((words, parsed(became.after)));
                }
                after = chunk.seq;
            }
            assert_eq!(after, until);
        }
        let wanted =
            entries.iter().map(|e| ([&e.source, &e.kind, &e.row, &e.recorded].map(String::clone), e.after.clone()));
        assert_eq!(read, wanted.collect::<Vec<_>>());
    };
    on_each_engine("store_chunk", check).await.unwrap();
}

#[tokio::test]
async fn a_control_character_in_a_key_is_an_error_and_shifts_nothing() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        for row in ["one", "t\u{1e}wo", "three"] {
            record(&store, "case", row.to_owned(), Some(json!({}))).await;
        }
        let mut db = store.read().await.unwrap();
        assert!(matches!(Chunk::between(&mut db, (0, 10), 10).await, Err(StoreError::Column { .. })));
    };
    on_each_engine("store_chunk_control", check).await.unwrap();
}
