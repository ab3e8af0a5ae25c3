//! Requests that are sent again, and the journal for whoever follows it, on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp, civil::date};
use serde_json::json;
use sqlx::{Connection, PgConnection};
use store::{
    Attempt, By, Change, Migration, Once, Outcome, Store, StoreError, entries_after, entries_settled, forget_answered,
    testing::on_each_engine,
};

const SHAPE: &[Migration] = &[Migration {
    name: "test-0001",
    sql: "CREATE TABLE note (id {{SERIAL}}, body TEXT NOT NULL, rank BIGINT NOT NULL)",
}];

async fn open(database: &str) -> Store {
    Store::open(database, SHAPE, vec![]).await.unwrap()
}

fn by() -> By {
    By::new("amal", "test", Timestamp::from_second(1_600_000_000).unwrap())
}

fn attempt(key: &str, request: &str, name: impl ToString) -> Arc<Attempt> {
    Arc::new(Attempt::new(Once::new("amal", key, request), name.to_string()))
}

/// Writes a note for a sending, in two transactions, as some requests do.
async fn note(store: &Store, attempt: &Arc<Attempt>) -> Result<(), StoreError> {
    for rank in 0..2 {
        store
            .write(by().sent(Some(attempt.clone())), move |tx| {
                Box::pin(async move {
                    let sql = "INSERT INTO note (body, rank) VALUES ($1, $2)";
                    tx.run(sql, &["written".into(), i64::from(rank).into()]).await.map(|_| ())
                })
            })
            .await?;
    }
    Ok(())
}

async fn notes(store: &Store) -> i64 {
    store.read().await.unwrap().one("SELECT COUNT(*) AS n FROM note", &[]).await.unwrap().unwrap().int("n").unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_equal_requests_to_two_nodes_write_once() {
    on_each_engine("store_sent", async |database| {
        let nodes = [open(&database).await, open(&database).await];
        let sent: Vec<_> = (0..100)
            .map(|number| {
                // On SQLite there is one node, whose file nobody else has.
                let store = nodes[if nodes[0].is_postgres() { number % 2 } else { 0 }].clone();
                tokio::spawn(async move {
                    let attempt = attempt("key", "a request", number);
                    let done = note(&store, &attempt).await;
                    assert_eq!(done.is_ok(), attempt.outcome() == Outcome::Done, "{done:?}");
                    attempt.outcome()
                })
            })
            .collect();
        let mut done = 0;
        for one in sent {
            match one.await.unwrap() {
                Outcome::Done => done += 1,
                outcome => assert_eq!(outcome, Outcome::SentBefore),
            }
        }
        assert_eq!((done, notes(&nodes[0]).await), (1, 2));

        let store = &nodes[0];
        let other = attempt("key", "another request", "x");
        assert!(matches!(note(store, &other).await, Err(StoreError::KeyReused)));
        assert_eq!(other.outcome(), Outcome::KeyReused);
        let again = attempt("key", "a request", "y");
        assert_eq!(again.look(store).await.unwrap(), Outcome::SentBefore);
        assert_eq!(again.answer(store).await.unwrap(), None, "nothing is kept yet");
        again.keep(store, by(), json!({"status": 201})).await.unwrap();
        assert_eq!(again.answer(store).await.unwrap(), Some(json!({"status": 201})));
        assert_eq!(notes(store).await, 2);

        // After the time that they are kept for, the key is as new.
        let later = by().at + SignedDuration::from_hours(1);
        assert_eq!(forget_answered(store, by(), by().at).await.unwrap(), 0);
        assert_eq!(forget_answered(store, by(), later).await.unwrap(), 1);
        note(store, &other).await.unwrap();
        assert_eq!(notes(store).await, 4);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn work_that_fails_leaves_its_key_free() {
    on_each_engine("store_sent_failed", async |database| {
        let store = open(&database).await;
        let first = attempt("key", "a request", 1);
        let failed: Result<(), StoreError> = store
            .write(by().sent(Some(first.clone())), |_| Box::pin(async { Err(StoreError::Copy("no".into())) }))
            .await;
        assert!(failed.is_err());
        assert_eq!(first.outcome(), Outcome::Nothing);
        note(&store, &attempt("key", "a request", 2)).await.unwrap();
    })
    .await
    .unwrap();
}

fn change(row: &str) -> Change {
    let effective = date(2021, 12, 30);
    Change { source: "note", kind: "note".into(), row: row.to_owned(), effective, before: None, after: Some(json!({})) }
}

#[tokio::test]
async fn whoever_follows_the_journal_misses_no_entry_that_is_committed_late() {
    on_each_engine("store_followed", async |database| {
        let store = open(&database).await;
        let write = async |row: &'static str| {
            let work = move |tx: &mut store::Tx| {
                tx.record(change(row));
                Ok::<_, StoreError>(())
            };
            store
                .write(by(), move |tx| {
                    let done = work(tx);
                    Box::pin(async move { done })
                })
                .await
                .unwrap();
        };
        let given = async |after: i64| {
            let mut db = store.read().await.unwrap();
            let entries = entries_settled(&mut db, after, 100).await.unwrap();
            entries.into_iter().map(|entry| (entry.seq, entry.row)).collect::<Vec<_>>()
        };
        // Transactions of whoever else uses the server hold an entry back for a moment.
        let given_all = async |after: i64, count: usize| {
            let mut entries = given(after).await;
            while entries.len() < count {
                tokio::time::sleep(std::time::Duration::from_millis(20)).await;
                entries = given(after).await;
            }
            entries
        };
        write("first").await;
        let known = given_all(0, 1).await;
        let after = known[0].0;
        if !store.is_postgres() {
            write("second").await;
            assert_eq!(given(after).await.len(), 1);
            return;
        }
        // Another node takes a number and has not committed yet.
        let mut slow = PgConnection::connect(&database).await.unwrap();
        let insert = "BEGIN; INSERT INTO journal (recorded, actor, cause, source, kind, row_key, effective) \
                      VALUES ('2021', 'x', 'x', 'note', 'note', 'slow', '2021-12-30')";
        sqlx::raw_sql(insert).execute(&mut slow).await.unwrap();
        write("fast").await;
        let mut db = store.read().await.unwrap();
        assert_eq!(entries_after(&mut db, after, 100).await.unwrap().len(), 1, "the later number is committed");
        drop(db);
        assert!(given(after).await.is_empty(), "and is not given before the earlier one");
        sqlx::raw_sql("COMMIT").execute(&mut slow).await.unwrap();
        let rows: Vec<String> = given_all(after, 2).await.into_iter().map(|(_, row)| row).collect();
        assert_eq!(rows, ["slow", "fast"]);
    })
    .await
    .unwrap();
}
