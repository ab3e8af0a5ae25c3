//! A checkpoint tells whether the journal is what it was, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use serde_json::json;
use store::{By, Change, Store, StoreError, last_checkpoint, testing::on_each_engine, verify_checkpoints};

fn by() -> By {
    By::new("amal", "test", Timestamp::UNIX_EPOCH)
}

async fn record(store: &Store, many: i64) {
    let written: Result<(), StoreError> = store
        .write(by(), move |tx| {
            Box::pin(async move {
                for n in 0..many {
                    tx.record(Change {
                        source: "case",
                        kind: "kind".into(),
                        row: format!("row {n}"),
                        effective: date(2021, 3, 4),
                        before: None,
                        after: Some(json!({"b": n, "a": [1.5, {"z": "زيتونة", "y": null}]})),
                    });
                }
                Ok(())
            })
        })
        .await;
    written.unwrap();
}

async fn try_to(store: &Store, sql: &str) -> Result<(), StoreError> {
    let sql = sql.to_owned();
    store
        .write(by(), move |tx| {
            let sql = sql.clone();
            Box::pin(async move { tx.run(&sql, &[]).await.map(|_| ()) })
        })
        .await
}

async fn run(store: &Store, sql: &str) {
    try_to(store, sql).await.unwrap();
}

#[tokio::test]
async fn what_was_sealed_cannot_be_changed_unseen() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        assert_eq!(store.checkpoint(by(), 1).await.unwrap(), None);
        record(&store, 1500).await;
        // Too few to be worth a checkpoint of their own.
        assert_eq!(store.checkpoint(by(), 1000).await.unwrap().unwrap().seq, 1000);
        let last = store.checkpoint(by(), 1).await.unwrap().unwrap();
        assert_eq!((last.seq, last.hash.len()), (1500, 64));
        record(&store, 3).await;
        let found = verify_checkpoints(&mut store.read().await.unwrap()).await.unwrap();
        assert_eq!((found.sealed, found.open, found.different), (1500, 3, None));
        assert_eq!(found.last, last_checkpoint(&mut store.read().await.unwrap()).await.unwrap());

        for change in ["UPDATE journal SET actor = 'nobody'", "DELETE FROM journal", "UPDATE checkpoint SET hash = ''"]
        {
            let refused = try_to(&store, change).await.unwrap_err().to_string();
            assert!(refused.contains("never changed or removed"), "{refused}");
        }
        // Whoever rules the database can take that guard away; the seals find what they then do.
        for event in ["update", "delete"] {
            let of = if store.is_postgres() { " ON journal" } else { "" };
            run(&store, &format!("DROP TRIGGER journal_no_{event}{of}")).await;
        }
        for (change, back, place) in [
            (
                "UPDATE journal SET actor = 'nobody' WHERE seq = 1200",
                "UPDATE journal SET actor = 'amal' WHERE seq = 1200",
                (1000, 1500),
            ),
            ("UPDATE journal SET after = '{}' WHERE seq = 7", "", (0, 1000)),
            ("DELETE FROM journal WHERE seq = 1", "", (0, 1000)),
        ] {
            run(&store, change).await;
            let found = verify_checkpoints(&mut store.read().await.unwrap()).await.unwrap();
            assert_eq!(found.different, Some(place), "{change}");
            if !back.is_empty() {
                run(&store, back).await;
                let found = verify_checkpoints(&mut store.read().await.unwrap()).await.unwrap();
                assert_eq!(found.different, None);
            }
        }
    };
    on_each_engine("store_checkpoint", check).await.unwrap();
}
