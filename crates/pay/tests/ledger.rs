//! The ledger under random histories, on SQLite and on PostgreSQL: the books balance after every step, no posting ever
//! changes, no account goes below its limit, and what is refused leaves no trace.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::collections::BTreeMap;

use base::Currency;
use futures::future::join_all;
use jiff::{Timestamp, civil::Date};
use pay::ledger::{self, Account, LedgerError, POSTING_MAX, Posting, Purpose, Transfer, prove_all};
use proptest::prelude::*;
use store::{By, Session, Store, StoreError, testing::on_each_engine};

const PURPOSES: [Purpose; 5] = [Purpose::Fees, Purpose::Clearing, Purpose::Till, Purpose::Suspense, Purpose::Treasury];
const CURRENCIES: [Currency; 3] = [Currency::ILS, Currency::JOD, Currency::USD];

/// What somebody tries.
#[derive(Debug, Clone)]
enum Attempt {
    /// Purposes, currencies and amounts; the last line balances the transfer, unless it is to be spoilt.
    Post {
        lines: Vec<(usize, usize, i64)>,
        spoil: bool,
    },
    Reverse(usize),
    Hold(usize, usize, i64),
    Release(usize),
}

fn attempt() -> impl Strategy<Value = Attempt> {
    let line = (0..PURPOSES.len(), 0..CURRENCIES.len(), -500_i64..500);
    prop_oneof![
        6 => (proptest::collection::vec(line, 1..5), proptest::bool::weighted(0.1))
            .prop_map(|(lines, spoil)| Attempt::Post { lines, spoil }),
        2 => (0_usize..30).prop_map(Attempt::Reverse),
        2 => (2_usize..4, 0..CURRENCIES.len(), 1_i64..300).prop_map(|(p, c, n)| Attempt::Hold(p, c, n)),
        1 => (0_usize..30).prop_map(Attempt::Release),
    ]
}

fn account(purpose: usize, currency: usize) -> Account {
    Account::new("ministry", PURPOSES[purpose], CURRENCIES[currency])
}

fn day() -> Date {
    Date::constant(2021, 3, 1)
}

fn transfer(id: usize, lines: &[(usize, usize, i64)], spoil: bool) -> Transfer {
    let mut postings: Vec<Posting> =
        lines.iter().map(|(p, c, amount)| Posting { account: account(*p, *c), amount: *amount }).collect();
    for (index, _) in CURRENCIES.iter().enumerate() {
        let sum: i64 = lines.iter().filter(|(_, c, _)| *c == index).map(|(.., amount)| amount).sum();
        if sum != 0 {
            postings.push(Posting { account: account(4, index), amount: -sum + i64::from(spoil) });
        }
    }
    Transfer { id: format!("t{id}"), day: day(), about: "a test".into(), memo: "test".into(), postings }
}

fn by(second: usize) -> By {
    By::new("test", "test", Timestamp::from_second(1_600_000_000 + second as i64).unwrap())
}

async fn try_it(store: &Store, step: usize, attempt: Attempt) -> Result<(), LedgerError> {
    store
        .write(by(step), move |tx| {
            let attempt = attempt.clone();
            Box::pin(async move {
                match attempt {
                    Attempt::Post { lines, spoil } => ledger::post(tx, &transfer(step, &lines, spoil)).await,
                    Attempt::Reverse(of) => ledger::reverse(tx, &format!("r{step}"), &format!("t{of}"), day()).await,
                    Attempt::Hold(p, c, minor) => ledger::hold(tx, &format!("h{step}"), &account(p, c), minor).await,
                    Attempt::Release(of) => ledger::release(tx, &format!("h{of}")).await,
                }
            })
        })
        .await
}

/// Every balance and hold, by account.
async fn holdings(db: &mut Session) -> BTreeMap<String, (i64, i64)> {
    let all = ledger::balances(db, None).await.unwrap();
    all.into_iter().map(|b| (b.account.id(), (b.minor, b.held))).collect()
}

async fn check(database: &str, attempts: &[Attempt]) {
    let store = Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap();
    let mut before = BTreeMap::new();
    let mut written: Vec<ledger::Posted> = Vec::new();
    for (step, attempt) in attempts.iter().enumerate() {
        let done = try_it(&store, step, attempt.clone()).await;
        let mut db = store.read().await.unwrap();
        assert_eq!(prove_all(&mut db).await.unwrap(), [], "{attempts:?}");
        assert_eq!(pay::prove(&mut db).await.unwrap(), [], "{attempts:?}");
        // Some of it is proved now and then.
        if step % 3 == 0 {
            store.write(by(step), |tx| Box::pin(pay::prove_on(tx, 2))).await.unwrap();
            assert_eq!(pay::prove(&mut db).await.unwrap(), [], "{attempts:?}");
            assert_eq!(prove_all(&mut db).await.unwrap(), [], "{attempts:?}");
        }
        let now = holdings(&mut db).await;
        if let Err(error) = &done {
            assert!(!matches!(error, LedgerError::Store(_)), "{error}");
            assert_eq!(now, before, "what was refused left a trace: {error}");
        }
        for purpose in PURPOSES.iter().filter(|p| p.least().is_some()) {
            for currency in CURRENCIES {
                let held = ledger::balance(&mut db, &Account::new("ministry", *purpose, currency)).await.unwrap();
                assert!(held.free() >= purpose.least().unwrap(), "{held:?}");
            }
        }
        // What was written before stands as it was written.
        let all = ledger::about(&mut db, "a test").await.unwrap();
        assert!(all.len() >= written.len() && written.iter().all(|posted| all.contains(posted)));
        (before, written) = (now, all);
    }
}

fn run_random_histories(name: &str, cases: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases, ..ProptestConfig::default() });
    let number = std::cell::Cell::new(0);
    runner
        .run(&proptest::collection::vec(attempt(), 1..30), |attempts| {
            number.set(number.get() + 1);
            let name = format!("{name}_{}", number.get());
            runtime.block_on(on_each_engine(&name, async |database| check(&database, &attempts).await)).unwrap();
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_books_balance_whatever_is_tried() {
    run_random_histories("ledger_random", 12);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_cannot_be_posted_is_refused_with_its_reason() {
    on_each_engine("ledger_refusals", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let refused = async |step, lines: &[(usize, usize, i64)], spoil| {
            let attempt = Attempt::Post { lines: lines.to_vec(), spoil };
            try_it(&store, step, attempt).await.err().map(|error| error.to_string()).unwrap_or_default()
        };
        assert_eq!(refused(1, &[(0, 0, -5)], true).await, "the postings in ILS sum to 1 instead of zero");
        assert_eq!(refused(2, &[(0, 0, 0)], false).await, "a transfer has from 2 to 500 postings, not 1");
        assert!(refused(3, &[(0, 0, POSTING_MAX + 1)], false).await.contains("nothing or too much"));
        assert!(
            refused(4, &[(2, 1, -1)], false).await.contains("its limit is 0"),
            "a till never holds less than nothing"
        );
        assert_eq!(refused(5, &[(2, 1, 700)], false).await, "");
        assert_eq!(refused(5, &[(2, 1, 700)], false).await, "the transfer «t5» is posted already");
        // What is held cannot go elsewhere; what is released can.
        try_it(&store, 6, Attempt::Hold(2, 1, 600)).await.unwrap();
        assert!(refused(7, &[(2, 1, -200)], false).await.contains("would hold -100"));
        try_it(&store, 8, Attempt::Release(6)).await.unwrap();
        assert_eq!(refused(9, &[(2, 1, -200)], false).await, "");
        assert!(matches!(try_it(&store, 10, Attempt::Release(6)).await, Err(LedgerError::NoHold(_))));
        assert!(matches!(try_it(&store, 11, Attempt::Hold(0, 1, 5)).await, Err(LedgerError::NoLimit(_))));
        try_it(&store, 12, Attempt::Reverse(9)).await.unwrap();
        assert!(matches!(try_it(&store, 13, Attempt::Reverse(9)).await, Err(LedgerError::Reversed(_))));
        assert!(matches!(try_it(&store, 14, Attempt::Reverse(99)).await, Err(LedgerError::NoTransfer(_))));
        // The database itself refuses to change what was posted.
        for sql in [
            "UPDATE ledger_posting SET amount = 1",
            "DELETE FROM ledger_posting",
            "UPDATE ledger_transfer SET memo = ''",
            "DELETE FROM ledger_transfer",
        ] {
            let tried: Result<u64, StoreError> =
                store.write(by(20), move |tx| Box::pin(async move { tx.run(sql, &[]).await })).await;
            let refused = tried.unwrap_err().to_string();
            assert!(refused.contains("never changed or removed"), "{refused}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_at_once_never_overdraw_a_till() {
    on_each_engine("ledger_at_once", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        try_it(&store, 0, Attempt::Post { lines: vec![(2, 0, 1_000)], spoil: false }).await.unwrap();
        let tries = (1..=40).map(|step| {
            let store = store.clone();
            async move { try_it(&store, step, Attempt::Post { lines: vec![(2, 0, -100)], spoil: false }).await }
        });
        let done = join_all(tries).await;
        assert_eq!(done.iter().filter(|result| result.is_ok()).count(), 10);
        let mut db = store.read().await.unwrap();
        assert_eq!(prove_all(&mut db).await.unwrap(), []);
        assert_eq!(ledger::balance(&mut db, &account(2, 0)).await.unwrap().minor, 0);
    })
    .await
    .unwrap();
}
