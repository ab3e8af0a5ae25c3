//! The audit of the ledger finds what is changed behind its back, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use base::Currency;
use jiff::{Timestamp, civil::Date};
use pay::ledger::{self, Account, LedgerError, Posting, Purpose, Transfer};
use store::{By, Store, StoreError, testing::on_each_engine};

fn by() -> By {
    By::new("amal", "test", Timestamp::UNIX_EPOCH)
}

/// One of an entity and a detail that hold strokes themselves.
fn transfer(id: &str, purpose: Purpose, amount: i64) -> Transfer {
    let account = |purpose, detail| Account::of("the/till/ministry", purpose, detail, Currency::JOD);
    Transfer {
        id: id.into(),
        day: Date::constant(2021, 3, 1),
        about: "a test".into(),
        memo: "test".into(),
        postings: vec![
            Posting { account: account(purpose, "a/fees/b"), amount },
            Posting { account: account(Purpose::Treasury, ""), amount: -amount },
        ],
    }
}

async fn filled(database: &str) -> Store {
    let store = Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap();
    let done: Result<(), LedgerError> = store
        .write(by(), |tx| {
            Box::pin(async move {
                ledger::post(tx, &transfer("t1", Purpose::Till, 1_234)).await?;
                ledger::post(tx, &transfer("t2", Purpose::Fees, -50_000)).await?;
                ledger::post(tx, &transfer("t3", Purpose::Clearing, 7)).await?;
                ledger::reverse(tx, "t4", "t3", Date::constant(2021, 3, 2)).await?;
                ledger::hold(tx, "h1", &transfer("", Purpose::Till, 0).postings[0].account, 34).await
            })
        })
        .await;
    done.unwrap();
    store
}

async fn run(store: &Store, script: &str) {
    for sql in script.split("; ") {
        let sql = sql.to_owned();
        let done: Result<(), StoreError> = store
            .write(by(), move |tx| {
                let sql = sql.clone();
                Box::pin(async move { tx.run(&sql, &[]).await.map(|_| ()) })
            })
            .await;
        done.unwrap();
    }
}

async fn findings(store: &Store) -> String {
    let found: Result<_, StoreError> = store
        .snapshot(async |session| {
            let mut found = store.audit(session).await?.findings;
            found.extend(pay::audit(session).await?);
            Ok(found)
        })
        .await;
    found.unwrap().told.iter().map(|finding| format!("{finding}\n")).collect()
}

/// What somebody does and how it is undone.
const TAMPERINGS: &[(&str, &str)] = &[
    (
        "UPDATE ledger_posting SET amount = amount + 1 WHERE transfer = 't1'",
        "UPDATE ledger_posting SET amount = amount - 1 WHERE transfer = 't1'",
    ),
    (
        "UPDATE ledger_posting SET account = 'x/till//JOD' WHERE transfer = 't1' AND line = 0",
        "UPDATE ledger_posting SET account = 'the/till/ministry/till/a/fees/b/JOD' WHERE transfer = 't1' AND line = 0",
    ),
    (
        "UPDATE ledger_posting SET day = '2021-03-09' WHERE transfer = 't2'",
        "UPDATE ledger_posting SET day = '2021-03-01' WHERE transfer = 't2'",
    ),
    (
        "UPDATE ledger_posting SET currency = 'USD' WHERE transfer = 't2'",
        "UPDATE ledger_posting SET currency = 'JOD' WHERE transfer = 't2'",
    ),
    (
        "UPDATE ledger_posting SET line = 5 WHERE transfer = 't2' AND line = 1",
        "UPDATE ledger_posting SET line = 1 WHERE transfer = 't2' AND line = 5",
    ),
    (
        "UPDATE ledger_transfer SET about = 'another' WHERE id = 't1'",
        "UPDATE ledger_transfer SET about = 'a test' WHERE id = 't1'",
    ),
    (
        "UPDATE ledger_transfer SET memo = 'other' WHERE id = 't1'",
        "UPDATE ledger_transfer SET memo = 'test' WHERE id = 't1'",
    ),
    (
        "UPDATE ledger_transfer SET actor = 'nobody' WHERE id = 't1'",
        "UPDATE ledger_transfer SET actor = 'amal' WHERE id = 't1'",
    ),
    (
        "UPDATE ledger_transfer SET reverses = 't1' WHERE id = 't4'",
        "UPDATE ledger_transfer SET reverses = 't3' WHERE id = 't4'",
    ),
    (
        "UPDATE ledger_transfer SET reverses = NULL WHERE id = 't4'",
        "UPDATE ledger_transfer SET reverses = 't3' WHERE id = 't4'",
    ),
    (
        "UPDATE ledger_transfer SET reverses = 't1' WHERE id = 't2'",
        "UPDATE ledger_transfer SET reverses = NULL WHERE id = 't2'",
    ),
    (
        "INSERT INTO ledger_transfer (id, day, recorded, actor, about, memo) VALUES ('t9', '', '', '', '', '')",
        "DELETE FROM ledger_transfer WHERE id = 't9'",
    ),
    (
        "INSERT INTO ledger_posting VALUES ('t1', 2, 'the/till/ministry/till/a/fees/b/JOD', 'JOD', 5, '2021-03-01'); INSERT INTO ledger_posting VALUES ('t1', 3, 'the/till/ministry/till/a/fees/b/JOD', 'JOD', -5, '2021-03-01')",
        "DELETE FROM ledger_posting WHERE line > 1",
    ),
    (
        "UPDATE ledger_account SET balance = balance + 1 WHERE purpose = 'till'",
        "UPDATE ledger_account SET balance = balance - 1 WHERE purpose = 'till'",
    ),
    (
        "UPDATE ledger_account SET held = 0 WHERE purpose = 'till'",
        "UPDATE ledger_account SET held = 34 WHERE purpose = 'till'",
    ),
    ("UPDATE ledger_hold SET released = 'x'", "UPDATE ledger_hold SET released = NULL"),
    ("INSERT INTO receipt_counter VALUES ('a', 2021, 3)", "DELETE FROM receipt_counter"),
    ("DELETE FROM ledger_posting WHERE transfer IN ('t3', 't4')", ""),
];

#[tokio::test]
async fn no_posting_is_changed_unseen() {
    let check = async |database: String| {
        let store = filled(&database).await;
        assert_eq!(findings(&store).await, "");
        for table in ["ledger_transfer", "ledger_posting"] {
            for event in ["update", "delete"] {
                let of = if store.is_postgres() { format!(" ON {table}") } else { String::new() };
                run(&store, &format!("DROP TRIGGER {table}_no_{event}{of}")).await;
            }
        }
        for (tampering, back) in TAMPERINGS {
            run(&store, tampering).await;
            assert!(!findings(&store).await.is_empty(), "{tampering}");
            if !back.is_empty() {
                run(&store, back).await;
                assert_eq!(findings(&store).await, "", "{back}");
            }
        }
    };
    on_each_engine("pay_audit", check).await.unwrap();
}
