//! The journal in large steps gives what it gives entry by entry, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date};
use serde_json::{Value as Json, json};
use store::{By, Change, Chunk, Range, Store, StoreError, entries_after, testing::on_each_engine};

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

        let (mut read, mut after) = (Vec::new(), 0);
        while let Some(chunk) = Chunk::after(&mut db, after, 7).await.unwrap() {
            for became in chunk.iter() {
                let words = [became.source, became.kind, became.row, became.recorded].map(str::to_owned);
                read.push((words, parsed(became.after)));
            }
            after = chunk.seq;
        }
        let wanted =
            entries.iter().map(|e| ([&e.source, &e.kind, &e.row, &e.recorded].map(String::clone), e.after.clone()));
        assert_eq!(read, wanted.collect::<Vec<_>>());

        for parts in [1, 4, 50] {
            for source in ["case", "record", "nothing"] {
                let of_source = || entries.iter().filter(|e| e.source == source);
                let last: BTreeMap<&str, _> = of_source().map(|e| (e.row.as_str(), e.after.clone())).collect();
                let mut wanted: Vec<String> = last.values().map(|after| format!("{after:?}")).collect();
                let (mut found, mut count) = (Vec::new(), 0);
                for mut range in Range::parts(&mut db, source, parts).await.unwrap() {
                    while let Some(chunk) = Chunk::last(&mut db, &range, 3).await.unwrap() {
                        assert!(chunk.iter().all(|became| became.kind == format!("{source}-kind")));
                        found.extend(chunk.iter().map(|became| format!("{:?}", parsed(became.after))));
                        count += chunk.entries;
                        range.after = chunk.row;
                    }
                }
                wanted.sort();
                found.sort();
                assert_eq!((found, count), (wanted, of_source().count() as u64), "{source} in {parts}");
            }
        }
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
        assert!(matches!(Chunk::after(&mut db, 0, 10).await, Err(StoreError::Column { .. })));
    };
    on_each_engine("store_chunk_control", check).await.unwrap();
}
