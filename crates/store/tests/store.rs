//! What the store promises, on SQLite and on PostgreSQL: work is done wholly or not at all, whoever else writes, fails,
//! panics or goes away meanwhile.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::{Arc, Mutex};

use jiff::{Timestamp, civil::date};
use serde_json::{Value as Json, json};
use store::{
    By, Change, Job, JobRunner, Listener, Migration, Session, Store, StoreError, Tx, entries_after, entries_of,
    forget_done, testing::on_each_engine,
};
use tokio::sync::{Notify, Semaphore};

const SHAPE: &[Migration] = &[Migration {
    name: "test-0001",
    sql: "CREATE TABLE counter (name TEXT PRIMARY KEY, n BIGINT NOT NULL);
          CREATE TABLE note (id {{SERIAL}}, body TEXT NOT NULL, rank BIGINT NOT NULL)",
}];

const NOTE: &str = "INSERT INTO note (body, rank)";

async fn open(database: &str) -> Store {
    Store::open(database, SHAPE, vec![]).await.unwrap()
}

/// So many seconds after a day that means nothing.
fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_600_000_000 + second).unwrap()
}

fn by() -> By {
    By::new("amal", "test", at(0))
}

/// Adds one the way that loses updates: reads, lets others have a go, writes what it read and one more.
async fn add_one(tx: &mut Tx, counter: &str) -> Result<i64, StoreError> {
    let found = tx.one("SELECT n FROM counter WHERE name = $1", &[counter.into()]).await?;
    tokio::task::yield_now().await;
    let n = 1 + found.map_or(Ok(0), |row| row.int("n"))?;
    let sql = "INSERT INTO counter (name, n) VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET n = excluded.n";
    tx.run(sql, &[counter.into(), n.into()]).await?;
    Ok(n)
}

async fn add_one_and_panic(tx: &mut Tx) -> Result<i64, StoreError> {
    add_one(tx, "visits").await?;
    panic!("the work meets something that nobody thought of")
}

/// Takes a job, does it and says how it went; whether there was one.
async fn run_one<F>(runner: &JobRunner, now: Timestamp, handle: F) -> Result<bool, StoreError>
where
    F: AsyncFn(&Job) -> Result<(), String>,
{
    let Some(job) = runner.take(now).await? else { return Ok(false) };
    let outcome = handle(&job).await;
    runner.finish(now, &job, outcome).await?;
    Ok(true)
}

async fn count(db: &mut Session, counter: &str) -> i64 {
    let found = db.one("SELECT n FROM counter WHERE name = $1", &[counter.into()]).await.unwrap();
    found.map_or(0, |row| row.int("n").unwrap())
}

/// One column of a table, sorted.
async fn texts(db: &mut Session, table: &str, column: &str) -> Vec<String> {
    let sql = format!("SELECT {column} FROM {table} ORDER BY {column}");
    db.all(&sql, &[]).await.unwrap().iter().map(|row| row.text(column).unwrap()).collect()
}

fn change(row: &str, before: Option<Json>, after: Option<Json>) -> Change {
    Change { source: "thing", kind: "things".into(), row: row.into(), effective: date(2021, 3, 4), before, after }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn no_update_is_lost_among_many_writers() {
    let check = async |database: String| {
        let store = open(&database).await;
        let writers = (0..200).map(|_| store.write(by(), |tx| Box::pin(add_one(tx, "visits"))));
        let mut seen: Vec<i64> = futures::future::join_all(writers).await.into_iter().map(Result::unwrap).collect();
        seen.sort_unstable();
        // Each writer saw a number of its own, so they came one after the other.
        assert_eq!(seen, (1..=200).collect::<Vec<_>>());
        assert_eq!(count(&mut store.read().await.unwrap(), "visits").await, 200);
    };
    on_each_engine("store_writers", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_panic_is_an_error_and_keeps_nothing() {
    let check = async |database: String| {
        let store = open(&database).await;
        // More often than there are connections: none of them may be lost or left within a transaction.
        for _ in 0..20 {
            let outcome = store.write(by(), |tx| Box::pin(add_one_and_panic(tx)));
            assert!(matches!(outcome.await, Err(StoreError::Abandoned(_))));
        }
        assert_eq!(store.write(by(), |tx| Box::pin(add_one(tx, "visits"))).await.unwrap(), 1);
        assert_eq!(count(&mut store.read().await.unwrap(), "visits").await, 1);
    };
    on_each_engine("store_panic", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_caller_who_goes_away_leaves_all_or_nothing() {
    let check = async |database: String| {
        let store = open(&database).await;
        let middle = Arc::new(Notify::new());
        for _ in 0..20 {
            let reached = middle.clone();
            let both = store.write(by(), move |tx| {
                let reached = reached.clone();
                Box::pin(async move {
                    add_one(tx, "left").await?;
                    reached.notify_one();
                    add_one(tx, "right").await
                })
            });
            tokio::select! {
                biased;
                () = middle.notified() => {}
                outcome = both => assert!(outcome.is_ok()),
            }
        }
        // Whoever comes later finds no open transaction on any connection, and every pair whole.
        for _ in 0..20 {
            store.write(by(), |tx| Box::pin(add_one(tx, "later"))).await.unwrap();
        }
        // Some work may be under way still, so both are read in one transaction.
        let counted = store.write(by(), |tx| {
            Box::pin(async move {
                Ok::<_, StoreError>([count(tx, "later").await, count(tx, "left").await, count(tx, "right").await])
            })
        });
        let [later, left, right] = counted.await.unwrap();
        assert_eq!((later, left), (20, right));
    };
    on_each_engine("store_gone", check).await.unwrap();
}

#[tokio::test]
async fn an_error_that_the_work_makes_light_of_is_no_silent_loss() {
    let check = async |database: String| {
        let store = open(&database).await;
        let outcome = store.write(by(), |tx| {
            Box::pin(async move {
                add_one(tx, "visits").await?;
                // PostgreSQL gives up the whole transaction here, SQLite the statement alone.
                let again = tx.run("INSERT INTO counter (name, n) VALUES ('visits', 7)", &[]).await;
                assert!(again.is_err_and(|e| e.is_unique_violation()));
                Ok::<_, StoreError>(())
            })
        });
        let kept = outcome.await.is_ok();
        assert_eq!(kept, count(&mut store.read().await.unwrap(), "visits").await == 1);
    };
    on_each_engine("store_light", check).await.unwrap();
}

/// Changes a row, records it, leaves a job and a note; then it succeeds, or fails in one of three ways.
async fn change_all(tx: &mut Tx, name: &str, end: &str) -> Result<(), StoreError> {
    add_one(tx, name).await?;
    tx.record(change(name, None, Some(json!({"end": end}))));
    tx.job("tell", json!({"who": name}), at(0));
    tx.append(NOTE, vec![name.into(), 0.into()]);
    match end {
        "well" => Ok(()),
        "refused" => tx.run("INSERT INTO counter (name, n) VALUES ($1, 1)", &[name.into()]).await.map(|_| ()),
        "panic" => panic!("the work meets something that nobody thought of"),
        _ => Err(StoreError::Abandoned("the work thinks better of it")),
    }
}

#[tokio::test]
async fn an_error_undoes_its_own_work_and_none_of_its_neighbours() {
    let check = async |database: String| {
        let store = open(&database).await;
        let gate = Arc::new(Semaphore::new(0));
        // The first holds the others up, so that on SQLite they all share the commit that comes next.
        let opened = gate.clone();
        let first = store.write(by(), move |tx| {
            let opened = opened.clone();
            Box::pin(async move {
                drop(opened.acquire().await);
                change_all(tx, "first", "well").await
            })
        });
        let ends = ["well", "thinks better", "refused", "panic", "well", "refused", "thinks better", "panic", "well"];
        let others = ends.into_iter().enumerate().map(|(number, end)| {
            store.write(by(), move |tx| Box::pin(async move { change_all(tx, &format!("{number}"), end).await }))
        });
        let (first, others, ()) = futures::join!(first, futures::future::join_all(others), async {
            gate.add_permits(1);
        });
        first.unwrap();
        let well: Vec<bool> = others.iter().map(Result::is_ok).collect();
        assert_eq!(well, ends.map(|end| end == "well"));
        let mut db = store.read().await.unwrap();
        for (table, column) in [("counter", "name"), ("journal", "row_key"), ("note", "body")] {
            assert_eq!(texts(&mut db, table, column).await, ["0", "4", "8", "first"], "{table}");
        }
        assert_eq!(texts(&mut db, "job", "kind").await, ["tell"; 4]);
    };
    on_each_engine("store_neighbours", check).await.unwrap();
}

/// Appends a note for every change.
struct Scribe;

impl Listener for Scribe {
    fn heard(&self, tx: &mut Tx, change: &Change) {
        let body = format!("{} {}: {}", tx.by().actor, change.row, change.after.is_some());
        tx.append(NOTE, vec![body.into(), 0.into()]);
    }
}

#[tokio::test]
async fn listeners_hear_each_change_within_its_transaction() {
    let check = async |database: String| {
        let store = Store::open(&database, SHAPE, vec![Arc::new(Scribe)]).await.unwrap();
        let write = async |store: &Store, row: &'static str, end: &'static str| {
            let written = store.write(by(), move |tx| {
                Box::pin(async move {
                    tx.record(change(row, None, Some(json!({}))));
                    tx.record(change(row, Some(json!({})), None));
                    // What is appended is written at the end, so the work itself does not see it yet.
                    assert!(texts(tx, "note", "body").await.is_empty());
                    if end == "well" { Ok(()) } else { Err(StoreError::Abandoned("the work thinks better of it")) }
                })
            });
            written.await
        };
        write(&store, "a", "badly").await.unwrap_err();
        let mut db = store.read().await.unwrap();
        assert!(texts(&mut db, "note", "body").await.is_empty());
        assert!(texts(&mut db, "journal", "row_key").await.is_empty());
        // The same database, where nobody listens.
        write(&store.with_listeners(vec![]), "b", "well").await.unwrap();
        assert!(texts(&mut db, "note", "body").await.is_empty());
        write(&store, "c", "well").await.unwrap();
        assert_eq!(texts(&mut db, "note", "body").await, ["amal c: false", "amal c: true"]);
        assert_eq!(texts(&mut db, "journal", "row_key").await, ["b", "b", "c", "c"]);
    };
    on_each_engine("store_listeners", check).await.unwrap();
}

#[tokio::test]
async fn the_journal_says_who_changed_what_and_in_which_order() {
    let check = async |database: String| {
        let store = open(&database).await;
        // One transaction each, with two changes in it; documents as people write them.
        let steps = [("x", json!({"name": "زيتونة", "n": 1})), ("y", json!([1.5, null, "a\"b"])), ("x", json!({}))];
        for (second, (row, doc)) in steps.into_iter().enumerate() {
            let by = By::new(format!("actor {second}"), "route", at(second as i64));
            let written = store.write(by, move |tx| {
                let doc = doc.clone();
                Box::pin(async move {
                    tx.record(change(row, None, Some(doc.clone())));
                    tx.record(change(row, Some(doc), None));
                    Ok::<_, StoreError>(())
                })
            });
            written.await.unwrap();
        }
        let mut db = store.read().await.unwrap();
        let of_x = entries_of(&mut db, "thing", "x").await.unwrap();
        let actors: Vec<&str> = of_x.iter().map(|entry| entry.actor.as_str()).collect();
        assert_eq!(actors, ["actor 0", "actor 0", "actor 2", "actor 2"]);
        let (made, gone) = (&of_x[0], &of_x[1]);
        assert_eq!((&made.before, &made.after), (&None, &Some(json!({"n": 1, "name": "زيتونة"}))));
        assert_eq!((&gone.before, &gone.after), (&made.after, &None));
        let words = [&made.source, &made.kind, &made.row, &made.cause, &made.effective, &made.recorded];
        assert_eq!(words, ["thing", "things", "x", "route", "2021-03-04", &base::stamp(at(0))]);

        let all = entries_after(&mut db, 0, 100).await.unwrap();
        let rows: Vec<&str> = all.iter().map(|entry| entry.row.as_str()).collect();
        assert_eq!(rows, ["x", "x", "y", "y", "x", "x"]);
        assert_eq!(all[2].after, Some(json!([1.5, null, "a\"b"])));
        assert!(all.is_sorted_by(|a, b| a.seq < b.seq));
        let next: Vec<i64> = entries_after(&mut db, all[1].seq, 2).await.unwrap().iter().map(|e| e.seq).collect();
        assert_eq!(next, [all[2].seq, all[3].seq]);
        assert!(entries_after(&mut db, all[5].seq, 2).await.unwrap().is_empty());
        assert!(entries_of(&mut db, "case", "x").await.unwrap().is_empty());
    };
    on_each_engine("store_journal", check).await.unwrap();
}

#[tokio::test]
async fn any_number_of_rows_goes_in_at_once() {
    let check = async |database: String| {
        let store = open(&database).await;
        for number in [0, 1, 7, 500, 3000] {
            let written = store.write(by(), move |tx| {
                Box::pin(async move {
                    tx.run("DELETE FROM note", &[]).await?;
                    let rows: Vec<_> = (0..number).map(|n: i64| vec![format!("{n:05}").into(), n.into()]).collect();
                    tx.insert_many(NOTE, &rows).await
                })
            });
            written.await.unwrap();
            let mut db = store.read().await.unwrap();
            let rows = db.all("SELECT body, rank FROM note ORDER BY id", &[]).await.unwrap();
            let found: Vec<_> = rows.iter().map(|r| (r.text("body").unwrap(), r.int("rank").unwrap())).collect();
            assert_eq!(found, (0..number).map(|n| (format!("{n:05}"), n)).collect::<Vec<_>>());
        }
    };
    on_each_engine("store_many", check).await.unwrap();
}

const RANKED: Migration =
    Migration { name: "test-0002", sql: "ALTER TABLE counter ADD COLUMN rank BIGINT NOT NULL DEFAULT 7" };

#[tokio::test]
async fn a_newer_binary_migrates_by_itself_and_an_older_one_refuses() {
    let check = async |database: String| {
        let (old, new) = (SHAPE.to_vec(), [SHAPE, &[RANKED]].concat());
        let store = Store::open(&database, &old, vec![]).await.unwrap();
        store.write(by(), |tx| Box::pin(add_one(tx, "visits"))).await.unwrap();

        // A step that fails takes back those before it: the old binary would start again.
        let broken = Migration { name: "test-0003", sql: "ALTER TABLE nowhere ADD COLUMN n BIGINT" };
        let failed = Store::open(&database, &[&new[..], &[broken]].concat(), vec![]).await;
        assert!(matches!(failed, Err(StoreError::Database(_) | StoreError::Sqlite(_))));
        Store::open(&database, &old, vec![]).await.unwrap();

        for _ in 0..2 {
            let store = Store::open(&database, &new, vec![]).await.unwrap();
            let mut db = store.read().await.unwrap();
            let row = db.one("SELECT name, n, rank FROM counter", &[]).await.unwrap().unwrap();
            let found = (row.text("name").unwrap(), row.int("n").unwrap(), row.int("rank").unwrap());
            assert_eq!(found, ("visits".to_owned(), 1, 7));
        }
        let refused = Store::open(&database, &old, vec![]).await.err().unwrap().to_string();
        for part in ["a newer version of Anqud", "test-0002", "Start the newer version, or restore a backup"] {
            assert!(refused.contains(part), "{refused}");
        }
    };
    on_each_engine("store_migration", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn binaries_that_start_together_migrate_once() {
    let check = async |database: String| {
        let starts = (0..6).map(|_| Store::open(&database, SHAPE, vec![]));
        for (number, started) in futures::future::join_all(starts).await.into_iter().enumerate() {
            let store = started.unwrap_or_else(|error| panic!("{number} did not start: {error}"));
            store.write(by(), |tx| Box::pin(add_one(tx, "starts"))).await.unwrap();
        }
        assert_eq!(count(&mut open(&database).await.read().await.unwrap(), "starts").await, 6);
    };
    on_each_engine("store_together", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_was_done_long_ago_is_forgotten_and_what_failed_stays() {
    let check = async |database: String| {
        let store = open(&database).await;
        add_jobs(&store, 1_002, at(10)).await;
        let runner = JobRunner::new(store.clone());
        for _ in 0..3 {
            assert!(run_one(&runner, at(10), async |_| Ok(())).await.unwrap());
        }
        let done = "UPDATE job SET state = 'done' WHERE state = 'waiting' AND id > 4";
        store.write(by(), move |tx| Box::pin(tx.run(done, &[]))).await.unwrap();
        assert_eq!(forget_done(&store, by(), at(10)).await.unwrap(), 0, "they were done after that");
        assert_eq!(forget_done(&store, by(), at(100)).await.unwrap(), 1_001);
        assert_eq!(job(&store).await.0, "waiting");
    };
    on_each_engine("store_forgotten", check).await.unwrap();
}

async fn add_jobs(store: &Store, jobs: i64, due: Timestamp) {
    let added = store.write(by(), move |tx| {
        Box::pin(async move {
            (0..jobs).for_each(|n| tx.job("tell", json!({"n": n}), due));
            Ok::<_, StoreError>(())
        })
    });
    added.await.unwrap();
}

/// State, attempts and error of the only job.
async fn job(store: &Store) -> (String, i64, Option<String>) {
    let mut db = store.read().await.unwrap();
    let row = db.one("SELECT state, attempts, error FROM job", &[]).await.unwrap().unwrap();
    (row.text("state").unwrap(), row.int("attempts").unwrap(), row.text_opt("error").unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_job_is_taken_once_however_many_look_for_one() {
    let check = async |database: String| {
        let store = open(&database).await;
        add_jobs(&store, 30, at(10)).await;
        let runner = JobRunner::new(store.clone());
        assert!(!run_one(&runner, at(9), async |_| panic!("it is not due")).await.unwrap());
        let done = Mutex::new(Vec::new());
        let work = async |_| {
            let runner = JobRunner::new(store.clone());
            let note = async |job: &Job| {
                assert_eq!((job.kind.as_str(), job.attempts), ("tell", 1));
                tokio::task::yield_now().await;
                done.lock().unwrap().push(job.payload["n"].as_i64().unwrap());
                Ok(())
            };
            while run_one(&runner, at(10), note).await.unwrap() {}
        };
        futures::future::join_all((0..3).map(work)).await;
        let mut done = done.into_inner().unwrap();
        done.sort_unstable();
        assert_eq!(done, (0..30).collect::<Vec<_>>());
        assert_eq!(texts(&mut store.read().await.unwrap(), "job", "state").await, ["done"; 30]);
    };
    on_each_engine("store_jobs", check).await.unwrap();
}

#[tokio::test]
async fn a_job_that_fails_is_tried_again_later_and_later() {
    let check = async |database: String| {
        let store = open(&database).await;
        let runner = JobRunner::new(store.clone());
        add_jobs(&store, 1, at(0)).await;
        let mut now = 0;
        for attempt in 1..=10 {
            let fail = async |job: &Job| Err(format!("no answer {}", job.attempts));
            assert!(run_one(&runner, at(now), fail).await.unwrap());
            let state = if attempt < 10 { "waiting" } else { "failed" };
            assert_eq!(job(&store).await, (state.to_owned(), attempt, Some(format!("no answer {attempt}"))));
            now += 1 << attempt;
            assert!(!run_one(&runner, at(now - 1), async |_| panic!("it is not due again")).await.unwrap());
        }
        assert!(!run_one(&runner, at(now * 100), async |_| panic!("it was given up")).await.unwrap());
    };
    on_each_engine("store_backoff", check).await.unwrap();
}

#[tokio::test]
async fn a_job_whose_runner_is_gone_or_slow_is_another_ones() {
    let check = async |database: String| {
        let store = open(&database).await;
        let runner = JobRunner::new(store.clone());
        add_jobs(&store, 1, at(0)).await;
        let gone = run_one(&runner, at(0), async |_| std::future::pending().await);
        // The runner goes away once it has taken the job.
        tokio::select! {
            _ = gone => unreachable!("it waits for ever"),
            () = async { while job(&store).await.0 != "running" {} } => {}
        }
        assert!(!run_one(&runner, at(299), async |_| panic!("it is another's for now")).await.unwrap());
        let slow = async |_: &Job| {
            assert!(run_one(&runner, at(700), async |_| Ok(())).await.unwrap());
            Err("too late".to_owned())
        };
        assert!(run_one(&runner, at(300), slow).await.unwrap());
        // Who was too slow has no say any more.
        assert_eq!(job(&store).await, ("done".to_owned(), 3, None));
    };
    on_each_engine("store_slow", check).await.unwrap();
}

#[tokio::test]
async fn a_statement_that_is_wrong_is_tried_once() {
    let check = async |database: String| {
        let store = open(&database).await;
        // A key that is there already may come from a reading that others had too; after a few tries it is believed.
        let few = if store.is_postgres() { 4 } else { 1 };
        for (wrong, expect) in [
            ("INSERT INTO nowhere (n) VALUES (1)", 1),
            ("INSERT INTO note (body, rank) VALUES (NULL, 1)", 1),
            ("INSERT INTO counter (name, n) VALUES ('twice', 1), ('twice', 2)", few),
        ] {
            let (tries, counted) = (Arc::new(Mutex::new(0)), Arc::new(Mutex::new(0)));
            let count = tries.clone();
            let outcome: Result<(), StoreError> = store
                .write(by(), move |tx| {
                    *count.lock().unwrap() += 1;
                    Box::pin(async move { tx.run(wrong, &[]).await.map(|_| ()) })
                })
                .await;
            assert!(outcome.is_err() && *tries.lock().unwrap() == expect, "{wrong}");
            // The same where the work makes light of it: what was aborted is no success, and no other try helps.
            let count = counted.clone();
            let outcome: Result<(), StoreError> = store
                .write(by(), move |tx| {
                    *count.lock().unwrap() += 1;
                    Box::pin(async move {
                        let _ = tx.run(wrong, &[]).await;
                        Ok(())
                    })
                })
                .await;
            assert_eq!(outcome.is_err(), store.is_postgres(), "{wrong}");
            assert_eq!(*counted.lock().unwrap(), expect, "{wrong}");
        }
        // PostgreSQL takes no NUL in a text, and says so once.
        let tries = Arc::new(Mutex::new(0));
        let count = tries.clone();
        let outcome: Result<(), StoreError> = store
            .write(by(), move |tx| {
                *count.lock().unwrap() += 1;
                Box::pin(async move {
                    tx.run("INSERT INTO note (body, rank) VALUES ($1, 1)", &["a\0b".into()]).await.map(|_| ())
                })
            })
            .await;
        assert_eq!((outcome.is_err(), *tries.lock().unwrap()), (store.is_postgres(), 1));
    };
    on_each_engine("store_once_wrong", check).await.unwrap();
}

#[tokio::test]
async fn a_job_that_nobody_comes_back_from_is_left_for_the_operator() {
    let check = async |database: String| {
        let store = open(&database).await;
        add_jobs(&store, 1, at(0)).await;
        let runner = JobRunner::new(store.clone());
        // Each worker dies with the job in its hands; after five minutes it is another's.
        for taken in 1..=10 {
            let job = runner.take(at(taken * 301)).await.unwrap().expect("the job is due again");
            assert_eq!(job.attempts, taken);
        }
        assert!(runner.take(at(11 * 301)).await.unwrap().is_none());
        let (state, attempts, error) = job(&store).await;
        assert_eq!((state.as_str(), attempts), ("failed", 10));
        assert!(error.unwrap().contains("went away"));
    };
    on_each_engine("store_job_gone", check).await.unwrap();
}

#[tokio::test]
async fn each_kind_of_job_has_its_own_lane() {
    let check = async |database: String| {
        let store = open(&database).await;
        let added: Result<(), StoreError> = store
            .write(by(), |tx| {
                Box::pin(async move {
                    for kind in ["letter", "letter", "ask", "later"] {
                        tx.job(kind, json!({}), at(if kind == "later" { 900 } else { 0 }));
                    }
                    Ok(())
                })
            })
            .await;
        added.unwrap();
        let runner = JobRunner::new(store.clone());
        assert_eq!(runner.kinds_due(at(1)).await.unwrap(), ["ask", "letter"]);
        let letter = runner.take_of(at(1), "letter").await.unwrap().unwrap();
        // While that letter hangs, what is of another kind is done.
        let ask = runner.take_of(at(1), "ask").await.unwrap().unwrap();
        assert_eq!((letter.kind.as_str(), ask.kind.as_str()), ("letter", "ask"));
        runner.finish(at(2), &ask, Ok(())).await.unwrap();
        assert!(runner.take_of(at(3), "ask").await.unwrap().is_none());
        assert_eq!(runner.kinds_due(at(3)).await.unwrap(), ["letter"]);
    };
    on_each_engine("store_lanes", check).await.unwrap();
}
