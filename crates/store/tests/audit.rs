//! The audit of rows finds whatever is changed behind the back of the journal, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use serde_json::json;
use store::{Audited, By, Change, Migration, Store, StoreError, testing::on_each_engine};

const SHAPE: &[Migration] = &[Migration {
    name: "test-0001",
    sql: "CREATE TABLE note (name TEXT PRIMARY KEY, state TEXT NOT NULL, secret TEXT, doc {{JSON}}, seen TEXT);
CREATE TABLE note_line (note TEXT NOT NULL, line BIGINT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (note, line));
CREATE TABLE pair (a TEXT NOT NULL, b TEXT NOT NULL, n BIGINT NOT NULL, PRIMARY KEY (a, b));
{{PRINTS note: note name -seen; note_line note}}
{{PRINTS pair: pair (a || '/' || b)}}",
}];

fn by() -> By {
    By::new("amal", "test", Timestamp::UNIX_EPOCH)
}

fn change(source: &'static str, row: &str, after: Option<serde_json::Value>) -> Change {
    Change { source, kind: source.into(), row: row.into(), effective: date(2021, 3, 4), before: None, after }
}

async fn run(store: &Store, sql: &str) {
    let sql = sql.to_owned();
    let done: Result<(), StoreError> = store
        .write(by(), move |tx| {
            let sql = sql.clone();
            Box::pin(async move { tx.run(&sql, &[]).await.map(|_| ()) })
        })
        .await;
    done.unwrap();
}

async fn audit(store: &Store) -> Audited {
    store.snapshot(async |session| store.audit(session).await).await.unwrap()
}

async fn filled(database: &str) -> Store {
    let store = Store::open(database, SHAPE, vec![]).await.unwrap();
    let written: Result<(), StoreError> = store
        .write(by(), |tx| {
            Box::pin(async move {
                for name in ["one", "two", "gone"] {
                    let doc = json!({"z": [1, 2.5], "a": {"c": null, "b": "زيتونة"}});
                    let sql = "INSERT INTO note (name, state, secret, doc) VALUES ($1, 'new', 'hash', $2)";
                    tx.run(sql, &[name.into(), doc.into()]).await?;
                    // What is appended counts too, though it is written with the rest.
                    tx.append("INSERT INTO note_line (note, line, body)", vec![name.into(), 1.into(), "first".into()]);
                    tx.append("INSERT INTO note_line (note, line, body)", vec![name.into(), 2.into(), "second".into()]);
                    tx.record(change("note", name, Some(json!({"state": "new"}))));
                }
                tx.run("INSERT INTO pair (a, b, n) VALUES ('x', 'y', 7)", &[]).await?;
                tx.record(change("pair", "x/y", Some(json!({"n": 7}))));
                Ok(())
            })
        })
        .await;
    written.unwrap();
    let removed: Result<(), StoreError> = store
        .write(by(), |tx| {
            Box::pin(async move {
                tx.run("DELETE FROM note_line WHERE note = 'gone'", &[]).await?;
                tx.run("DELETE FROM note WHERE name = 'gone'", &[]).await?;
                tx.record(change("note", "gone", None));
                Ok(())
            })
        })
        .await;
    removed.unwrap();
    store
}

/// What somebody does, how it is undone, and words of what is found.
const TAMPERINGS: &[(&str, &str, &str)] = &[
    (
        "UPDATE note SET state = 'done' WHERE name = 'one'",
        "UPDATE note SET state = 'new' WHERE name = 'one'",
        "note one: the journal says in entry 1 state = new; what stands is state = done",
    ),
    (
        "UPDATE note SET secret = 'mine' WHERE name = 'one'",
        "UPDATE note SET secret = 'hash' WHERE name = 'one'",
        "a change of one of doc, name, secret",
    ),
    (
        "UPDATE note SET secret = NULL WHERE name = 'one'",
        "UPDATE note SET secret = 'hash' WHERE name = 'one'",
        "note one",
    ),
    (
        "UPDATE note SET doc = '{\"a\":1}' WHERE name = 'two'",
        "UPDATE note SET doc = '{\"a\":{\"b\":\"زيتونة\",\"c\":null},\"z\":[1,2.5]}' WHERE name = 'two'",
        "note two",
    ),
    (
        "INSERT INTO note (name, state) VALUES ('three', 'new')",
        "DELETE FROM note WHERE name = 'three'",
        "nobody wrote down",
    ),
    (
        "INSERT INTO note (name, state) VALUES ('gone', 'new')",
        "DELETE FROM note WHERE name = 'gone'",
        "that it was removed",
    ),
    (
        "UPDATE note SET name = 'four' WHERE name = 'one'",
        "UPDATE note SET name = 'one' WHERE name = 'four'",
        "note four",
    ),
    (
        "UPDATE note_line SET body = 'third' WHERE note = 'one' AND line = 1",
        "UPDATE note_line SET body = 'first' WHERE note = 'one' AND line = 1",
        "its rows in note_line",
    ),
    (
        "UPDATE note_line SET line = 3 WHERE note = 'one' AND line = 1",
        "UPDATE note_line SET line = 1 WHERE note = 'one' AND line = 3",
        "note one",
    ),
    ("INSERT INTO note_line VALUES ('one', 3, 'third')", "DELETE FROM note_line WHERE line = 3", "note one"),
    (
        "INSERT INTO note_line VALUES ('nobody', 1, 'x')",
        "DELETE FROM note_line WHERE note = 'nobody'",
        "belongs to no row",
    ),
    ("INSERT INTO note_line VALUES ('gone', 1, 'x')", "DELETE FROM note_line WHERE note = 'gone'", "belonged to it"),
    (
        "DELETE FROM note_line WHERE note = 'two' AND line = 2",
        "INSERT INTO note_line VALUES ('two', 2, 'second')",
        "note two",
    ),
    ("UPDATE pair SET n = 8", "UPDATE pair SET n = 7", "pair x/y"),
    ("UPDATE pair SET b = 'z'", "UPDATE pair SET b = 'y'", "no row"),
    ("DELETE FROM pair", "INSERT INTO pair VALUES ('x', 'y', 7)", "no row"),
];

#[tokio::test]
async fn whatever_is_changed_unwritten_is_found() {
    let check = async |database: String| {
        let store = filled(&database).await;
        let found = audit(&store).await;
        assert_eq!((found.findings.told, found.rows, found.unprinted, found.entries), (vec![], 3, 0, 5));
        for (tampering, back, words) in TAMPERINGS {
            run(&store, tampering).await;
            let found = audit(&store).await.findings;
            let told = found.told.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
            assert!(!found.is_empty() && told.contains(words), "{tampering}: {told}");
            run(&store, back).await;
            assert!(audit(&store).await.findings.is_empty(), "{back}");
        }
        // What does not count may change.
        run(&store, "UPDATE note SET seen = 'now'").await;
        assert!(audit(&store).await.findings.is_empty());
    };
    on_each_engine("store_audit", check).await.unwrap();
}
