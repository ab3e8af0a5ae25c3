//! A checkpoint tells whether the journal is what it was, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use serde_json::json;
use store::{By, Change, Store, StoreError, Verified, last_checkpoint, testing::on_each_engine, verify_checkpoints};

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

async fn verify(store: &Store) -> Verified {
    verify_checkpoints(&mut store.read().await.unwrap()).await.unwrap()
}

#[tokio::test]
async fn what_was_sealed_cannot_be_changed_unseen() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        assert_eq!(store.checkpoint(by(), 1).await.unwrap(), None);
        record(&store, 1500).await;
        // Too few to be worth a checkpoint of their own. The journal tells of each checkpoint, here in entry 1501.
        assert_eq!(store.checkpoint(by(), 1000).await.unwrap().unwrap().seq, 1000);
        let last = store.checkpoint(by(), 1).await.unwrap().unwrap();
        assert_eq!((last.seq, last.hash.len()), (1501, 64));
        // That it was sealed is nothing to seal.
        assert_eq!(store.checkpoint(by(), 1).await.unwrap().unwrap(), last);
        record(&store, 3).await;
        let found = verify(&store).await;
        assert_eq!((found.sealed, found.open, found.found), (1501, 4, vec![]));
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
                (1000, 1501),
            ),
            (
                "UPDATE journal SET print = 'ab' WHERE seq = 8",
                "UPDATE journal SET print = NULL WHERE seq = 8",
                (0, 1000),
            ),
            ("UPDATE journal SET after = '{}' WHERE seq = 7", "", (0, 1000)),
            ("DELETE FROM journal WHERE seq = 1", "", (0, 1000)),
        ] {
            run(&store, change).await;
            let found = verify(&store).await;
            assert_eq!(found.different, Some(place), "{change}");
            if !back.is_empty() {
                run(&store, back).await;
                assert_eq!(verify(&store).await.found, Vec::<String>::new());
            }
        }
    };
    on_each_engine("store_checkpoint", check).await.unwrap();
}

/// Takes the guards away, as whoever rules the database can.
async fn unguard(store: &Store) {
    for table in ["journal", "checkpoint"] {
        for event in ["update", "delete"] {
            let of = if store.is_postgres() { format!(" ON {table}") } else { String::new() };
            run(store, &format!("DROP TRIGGER {table}_no_{event}{of}")).await;
        }
    }
}

const ENTRY: &str = "INSERT INTO journal (seq, recorded, actor, cause, source, kind, row_key, effective) VALUES";

#[tokio::test]
async fn what_the_chain_alone_does_not_show_is_found_too() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        record(&store, 1500).await;
        store.checkpoint(by(), 1).await.unwrap();
        record(&store, 3).await;
        let kept = verify(&store).await.last.unwrap();
        unguard(&store).await;
        // What is put in below the first number, and checkpoints that are taken away.
        run(
            &store,
            &format!("{ENTRY} (0, 'x', 'x', 'x', 'x', 'x', 'x', 'x'), (-7, 'x', 'x', 'x', 'x', 'x', 'x', 'x')"),
        )
        .await;
        assert_eq!(verify(&store).await.found.len(), 2);
        run(&store, "DELETE FROM journal WHERE seq <= 0").await;
        assert!(verify(&store).await.is_whole());
        let last = format!("DELETE FROM checkpoint WHERE seq = {}", kept.seq);
        run(&store, &last).await;
        let found = verify(&store).await.found;
        assert!(found.len() == 1 && found[0].contains("is gone"), "{found:?}");
        let again = format!("INSERT INTO checkpoint (seq, hash, recorded) VALUES ({}, '{}', 'x')", kept.seq, kept.hash);
        run(&store, &again).await;
        assert!(verify(&store).await.is_whole());

        // A number is missing: on PostgreSQL a transaction that was undone may have taken it.
        run(&store, "DELETE FROM journal WHERE seq = 1503").await;
        let found = verify(&store).await.found;
        assert_eq!(found.is_empty(), store.is_postgres(), "{found:?}");
        run(&store, "DELETE FROM journal WHERE seq > 1503").await;
        assert_eq!(verify(&store).await.is_whole(), store.is_postgres());

        // Whoever writes all of it anew, with new seals, is betrayed by what was kept outside.
        run(&store, "DELETE FROM checkpoint").await;
        run(&store, "DELETE FROM journal WHERE seq > 1500").await;
        run(&store, "UPDATE journal SET actor = 'nobody' WHERE seq = 7").await;
        if !store.is_postgres() {
            run(&store, "UPDATE sqlite_sequence SET seq = 1500 WHERE name = 'journal'").await;
        }
        store.checkpoint(by(), 1).await.unwrap();
        let mut found = verify(&store).await;
        assert_eq!(found.found, Vec::<String>::new());
        let new = found.last.clone().unwrap();
        found.hold_against(&format!("{} {}\n", new.seq, new.hash));
        found.hold_against(&new.hash);
        assert!(found.is_whole());
        for outside in [
            kept.hash.clone(),
            format!("{} {}", new.seq, kept.hash),
            format!("999 {}", kept.hash),
            "x y".into(),
            "".into(),
        ] {
            let mut found = found.clone();
            found.hold_against(&outside);
            assert_eq!(found.found.len(), 1, "{outside}");
        }
    };
    on_each_engine("store_seal", check).await.unwrap();
}

#[tokio::test]
async fn what_is_old_is_sealed_however_little_it_is() {
    let check = async |database: String| {
        let store = Store::open(&database, &[], vec![]).await.unwrap();
        let minute = jiff::SignedDuration::from_secs(60);
        let at = |second| By::new("system", "checkpoint", Timestamp::from_second(second).unwrap());
        assert_eq!(store.checkpoint_when_due(at(1000), minute).await.unwrap(), None);
        record(&store, 3).await;
        assert_eq!(store.checkpoint_when_due(at(59), minute).await.unwrap(), None);
        let sealed = store.checkpoint_when_due(at(60), minute).await.unwrap().unwrap();
        assert_eq!(sealed.seq, 3);
        // An idle journal stays as it is.
        assert_eq!(store.checkpoint_when_due(at(9999), minute).await.unwrap().unwrap(), sealed);
    };
    on_each_engine("store_due", check).await.unwrap();
}
