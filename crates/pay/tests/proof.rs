//! The proof of the books, on both engines: quick from what is kept, at one moment, and whole where everything that was
//! tampered with is found.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Instant,
};

use base::{Currency, Money};
use jiff::{Timestamp, civil::Date};
use pay::{
    Mistake,
    ledger::{self, Account, LedgerError, Purpose, Transfer},
    prove, prove_all, prove_on,
};
use store::{By, Store, StoreError, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 1);

fn by() -> By {
    By::new("test", "test", Timestamp::from_second(1_600_000_000).unwrap())
}

async fn run(store: &Store, sql: &str) {
    let sql = sql.to_owned();
    store
        .write(by(), move |tx| {
            let sql = sql.clone();
            Box::pin(async move { tx.run(&sql, &[]).await })
        })
        .await
        .unwrap_or_else(|error: StoreError| panic!("{error}"));
}

async fn post(store: &Store, id: &str, from: Purpose, to: Purpose, minor: i64) -> Result<(), LedgerError> {
    let account = |purpose| Account::new("treasury", purpose, Currency::ILS);
    let money = Money { minor, currency: Currency::ILS };
    let transfer = Transfer::between(id.into(), DAY, "a test", "test", account(from), account(to), money);
    store
        .write(by(), move |tx| {
            let transfer = transfer.clone();
            Box::pin(async move { ledger::post(tx, &transfer).await })
        })
        .await
}

async fn prove_everything(store: &Store) {
    while store.write(by(), |tx| Box::pin(prove_on(tx, 2))).await.unwrap() > 0 {}
}

/// Some books, all of them proved but the last transfer.
async fn books(database: &str) -> Store {
    let store = Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap();
    for n in 0..5 {
        post(&store, &format!("t{n}"), Purpose::Fees, Purpose::Till, 100).await.unwrap();
    }
    store
        .write(by(), |tx| {
            let till = Account::new("treasury", Purpose::Till, Currency::ILS);
            Box::pin(async move { ledger::hold(tx, "h1", &till, 50).await })
        })
        .await
        .unwrap_or_else(|error: LedgerError| panic!("{error}"));
    prove_everything(&store).await;
    post(&store, "t9", Purpose::Fees, Purpose::Clearing, 70).await.unwrap();
    let triggers = ["ledger_posting", "ledger_transfer"].map(|t| [(t, "update"), (t, "delete")]);
    for (table, event) in triggers.into_iter().flatten() {
        // Whoever tampers can do that too.
        let on = if store.is_postgres() { format!(" ON {table}") } else { String::new() };
        run(&store, &format!("DROP TRIGGER {table}_no_{event}{on}")).await;
    }
    store
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_tampering_is_found_by_the_whole_proof() {
    let posting = "INSERT INTO ledger_posting (transfer, line, account, currency, amount, day) VALUES";
    let (till, fees) = ("'treasury/till//ILS'", "'treasury/fees//ILS'");
    // What is done, and whether the quick proof finds it too.
    let tampering: Vec<(&str, Vec<String>, bool)> = vec![
        ("one amount", vec!["UPDATE ledger_posting SET amount = 90 WHERE transfer = 't1' AND amount > 0".into()], false),
        (
            "both amounts of a transfer",
            vec![
                "UPDATE ledger_posting SET amount = 90 WHERE transfer = 't1' AND amount > 0".into(),
                "UPDATE ledger_posting SET amount = -90 WHERE transfer = 't1' AND amount < 0".into(),
            ],
            false,
        ),
        (
            "amounts of two transfers that make up for each other",
            vec![
                "UPDATE ledger_posting SET amount = 90 WHERE transfer = 't1' AND amount > 0".into(),
                "UPDATE ledger_posting SET amount = 110 WHERE transfer = 't2' AND amount > 0".into(),
            ],
            false,
        ),
        ("an account", vec![format!("UPDATE ledger_posting SET account = {fees} WHERE transfer = 't1'")], false),
        ("a currency", vec!["UPDATE ledger_posting SET currency = 'JOD' WHERE transfer = 't1' AND amount > 0".into()], false),
        ("a day", vec!["UPDATE ledger_posting SET day = '2020-01-01' WHERE transfer = 't1'".into()], false),
        ("the day of a transfer", vec!["UPDATE ledger_transfer SET day = '2020-01-01' WHERE id = 't1'".into()], false),
        ("a posting is gone", vec!["DELETE FROM ledger_posting WHERE transfer = 't1' AND amount > 0".into()], false),
        ("all postings of a transfer are gone", vec!["DELETE FROM ledger_posting WHERE transfer = 't1'".into()], false),
        ("a transfer is gone", vec!["DELETE FROM ledger_transfer WHERE id = 't1'".into()], false),
        (
            "a transfer is gone with its postings",
            vec![
                "DELETE FROM ledger_transfer WHERE id = 't1'".into(),
                "DELETE FROM ledger_posting WHERE transfer = 't1'".into(),
            ],
            false,
        ),
        ("a posting more", vec![format!("{posting} ('t1', 9, {till}, 'ILS', 5, '2021-03-01')")], false),
        (
            "two postings more",
            vec![format!(
                "{posting} ('t1', 8, {till}, 'ILS', 5, '2021-03-01'), ('t1', 9, {fees}, 'ILS', -5, '2021-03-01')"
            )],
            false,
        ),
        ("a posting without a transfer", vec![format!("{posting} ('x', 0, {till}, 'ILS', 5, '2021-03-01')")], false),
        (
            "a transfer without postings",
            vec!["INSERT INTO ledger_transfer (id, day, recorded, actor, about, memo) VALUES ('x', '1', '1', 'x', '', '')".into()],
            false,
        ),
        ("a balance", vec![format!("UPDATE ledger_account SET balance = balance + 1 WHERE id = {till}")], true),
        (
            "two balances",
            vec![
                format!("UPDATE ledger_account SET balance = balance + 1 WHERE id = {till}"),
                "UPDATE ledger_account SET balance = balance - 1 WHERE id = 'treasury/clearing/card/ILS' OR purpose = 'clearing'".into(),
            ],
            true,
        ),
        ("an account is gone", vec![format!("DELETE FROM ledger_account WHERE id = {till}")], true),
        ("what is held", vec![format!("UPDATE ledger_account SET held = 0 WHERE id = {till}")], true),
        ("a hold", vec!["UPDATE ledger_hold SET amount = 40".into()], true),
        ("a hold is let go", vec!["UPDATE ledger_hold SET released = '1'".into()], true),
        ("a hold is gone", vec!["DELETE FROM ledger_hold".into()], true),
        ("what was proved", vec![format!("UPDATE ledger_proved SET posted = posted + 1 WHERE account = {till}")], true),
        (
            "a balance and what was proved",
            vec![
                format!("UPDATE ledger_account SET balance = balance + 1 WHERE id = {till}"),
                format!("UPDATE ledger_proved SET posted = posted + 1 WHERE account = {till}"),
                "UPDATE ledger_account SET balance = balance - 1 WHERE id = 'treasury/clearing//ILS'".into(),
                "INSERT INTO ledger_proved VALUES ('treasury/clearing//ILS', 'ILS', -1)".into(),
            ],
            false,
        ),
        ("what was proved is gone", vec!["DELETE FROM ledger_proved".into()], true),
        ("what is to be proved is gone", vec!["DELETE FROM ledger_unproved".into()], true),
        ("something is to be proved again", vec!["INSERT INTO ledger_unproved (transfer) VALUES ('t1')".into()], true),
        ("the last amount", vec!["UPDATE ledger_posting SET amount = 60 WHERE transfer = 't9' AND amount > 0".into()], true),
        (
            "money in suspense of which nobody knows",
            vec![
                "INSERT INTO payment_difference (id, found, day, way, kind, currency, theirs) VALUES ('d', '1', '1', 'card', 'unknown', 'ILS', 5)".into(),
            ],
            true,
        ),
    ];
    for (number, (what, statements, quick)) in tampering.into_iter().enumerate() {
        on_each_engine(&format!("proof_tampered_{number}"), async |database| {
            let store = books(&database).await;
            let mut db = store.read().await.unwrap();
            assert_eq!((prove(&mut db).await.unwrap(), prove_all(&mut db).await.unwrap()), (vec![], vec![]), "{what}");
            for sql in &statements {
                run(&store, sql).await;
            }
            assert_ne!(prove_all(&mut db).await.unwrap(), [], "{what} is not found");
            assert_eq!(prove(&mut db).await.unwrap().is_empty(), !quick, "{what} by the quick proof");
            // Proving on does not hide it.
            prove_everything(&store).await;
            assert_ne!(prove_all(&mut db).await.unwrap(), [], "{what} is hidden");
        })
        .await
        .unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_sum_to_zero_is_never_proved() {
    on_each_engine("proof_wrong", async |database| {
        let store = books(&database).await;
        run(&store, "UPDATE ledger_posting SET amount = 60 WHERE transfer = 't9' AND amount > 0").await;
        prove_everything(&store).await;
        let found = prove(&mut store.read().await.unwrap()).await.unwrap();
        let wrong = Mistake::Transfer { transfer: "t9".into(), currency: "ILS".into(), sum: -10 };
        assert!(found.contains(&wrong), "{found:?}");
        // What comes after it is proved none the less.
        post(&store, "t99", Purpose::Fees, Purpose::Clearing, 5).await.unwrap();
        assert_eq!(store.write(by(), |tx| Box::pin(prove_on(tx, 9))).await.unwrap(), 1);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_payment_in_between_looks_like_no_fault() {
    on_each_engine("proof_moment", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let done = AtomicBool::new(false);
        let pays = async {
            for n in 0..150 {
                post(&store, &format!("t{n}"), Purpose::Fees, Purpose::Clearing, 100).await.unwrap();
                if n % 20 == 0 {
                    store.write(by(), |tx| Box::pin(prove_on(tx, 7))).await.unwrap();
                }
            }
            done.store(true, Ordering::Relaxed);
        };
        let proves = async {
            while !done.load(Ordering::Relaxed) {
                let mut db = store.read().await.unwrap();
                assert_eq!(prove(&mut db).await.unwrap(), []);
                assert_eq!(prove_all(&mut db).await.unwrap(), []);
                drop(db);
                tokio::task::yield_now().await;
            }
        };
        futures::join!(pays, proves);
    })
    .await
    .unwrap();
}

/// How long the proofs take over many postings: `ANQUD_POSTINGS=10000000 cargo test --release -p pay --test proof -- --ignored
/// --nocapture`, or over the books of a database that `ANQUD_BOOKS` names. It says the numbers and asserts none.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes and gigabytes"]
async fn measured_over_many_postings() {
    if let Ok(books) = std::env::var("ANQUD_BOOKS") {
        measure(&Store::open(&books, pay::MIGRATIONS, vec![]).await.unwrap()).await;
        return;
    }
    let postings: i64 = std::env::var("ANQUD_POSTINGS").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000_000);
    on_each_engine("proof_many", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let start = Instant::now();
        // Fees of two hundred entities in the tills of eight hundred agents, each in two postings.
        const PORTION: i64 = 250_000;
        let numbers = |from: i64, to: i64| {
            format!("WITH RECURSIVE n(i) AS (SELECT {from} UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {to})")
        };
        let transfers = postings / 2;
        let mut from = 0;
        while from < transfers {
            let to = (from + PORTION).min(transfers);
            let n = numbers(from, to);
            run(&store, &format!("INSERT INTO ledger_transfer (id, day, recorded, actor, about, memo) {n} SELECT 'p' || i, '2021-03-01', '2021-03-01', 'a', 'p' || i, 'fee-paid' FROM n")).await;
            for (line, account, amount) in [(0, "'treasury/till/' || (i % 800) || '/ILS'", "100"), (1, "'e' || (i % 200) || '/fees//ILS'", "-100")] {
                run(&store, &format!("INSERT INTO ledger_posting (transfer, line, account, currency, amount, day) {n} SELECT 'p' || i, {line}, {account}, 'ILS', {amount}, '2021-03-01' FROM n")).await;
            }
            from = to;
        }
        // What is kept, as posting keeps it, and all but a thousand transfers proved.
        run(&store, "INSERT INTO ledger_account (id, part, entity, purpose, detail, currency, balance, held) SELECT account, 0, 'e', CASE WHEN sum(amount) > 0 THEN 'till' ELSE 'fees' END, '', 'ILS', CAST(sum(amount) AS BIGINT), 0 FROM ledger_posting GROUP BY account").await;
        let n = numbers(0, 1_000);
        run(&store, &format!("INSERT INTO ledger_unproved (transfer) {n} SELECT 'p' || i FROM n")).await;
        run(&store, "INSERT INTO ledger_proved (account, currency, posted) SELECT p.account, p.currency, CAST(sum(p.amount) AS BIGINT) FROM ledger_posting p WHERE p.transfer NOT IN (SELECT transfer FROM ledger_unproved) GROUP BY p.account, p.currency").await;
        if store.is_postgres() {
            // As its own housekeeping does after so much was written.
            run(&store, "ANALYZE").await;
        }
        println!("{postings} postings made in {:.0} s", start.elapsed().as_secs_f64());
        measure(&store).await;
    })
    .await
    .unwrap();
}

async fn measure(store: &Store) {
    let engine = if store.is_postgres() { "PostgreSQL" } else { "SQLite" };
    let mut db = store.read().await.unwrap();
    let mut quick = Vec::new();
    for _ in 0..21 {
        let start = Instant::now();
        assert_eq!(prove(&mut db).await.unwrap(), []);
        quick.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    let first = quick[0];
    quick.sort_by(f64::total_cmp);
    let (median, most) = (quick[10], quick[20]);
    println!("{engine}: from what is kept: first {first:.1} ms, median {median:.1} ms, most {most:.1} ms");
    drop(db);
    let start = Instant::now();
    let proved = store.write(by(), |tx| Box::pin(prove_on(tx, 1_000))).await.unwrap();
    println!("{engine}: {proved} transfers proved in {:.1} ms", start.elapsed().as_secs_f64() * 1000.0);
    let mut db = store.read().await.unwrap();
    let start = Instant::now();
    assert_eq!(prove_all(&mut db).await.unwrap(), []);
    println!("{engine}: the whole proof {:.1} s", start.elapsed().as_secs_f64());
}
