//! Payments under whatever gateways really do, on SQLite and on PostgreSQL: late, repeated, reordered, wrong and unknown
//! messages. After each of them the books balance and agree with the payments.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use base::{Currency, Money};
use futures::future::join_all;
use jiff::{Timestamp, civil::Date};
use pay::{
    CameOfIt, Event, NewPayment, Payment, PaymentError, Payments, Report, State,
    ledger::{self, Account, Purpose, prove},
    way::{Cash, HostedPage, Waiver},
};
use proptest::prelude::*;
use serde_json::json;
use store::{By, Store, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 1);

fn payments() -> Payments {
    let card =
        HostedPage { name: "card".into(), base: "http://b".into(), portal: "http://p".into(), secret: "s".into() };
    Payments::new(vec![Arc::new(card), Arc::new(Cash), Arc::new(Waiver)])
}

fn by(actor: &str) -> By {
    By::new(actor, "test", Timestamp::from_second(1_600_000_000).unwrap())
}

fn ils(minor: i64) -> Money {
    Money { minor, currency: Currency::ILS }
}

async fn open(database: &str) -> Store {
    Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap()
}

async fn quote(store: &Store, about: &str, minor: i64) -> Result<Payment, PaymentError> {
    let new = NewPayment {
        about: about.into(),
        service: "licence".into(),
        entity: "ministry".into(),
        payer: "amal".into(),
        payer_name: "Amal".into(),
        amount: ils(minor),
        opened: DAY,
        expires: None,
        fee: json!({}),
        random: about.bytes().fold(7, |number, byte| number * 31 + u64::from(byte)),
    };
    store
        .write(by("amal"), move |tx| {
            let new = new.clone();
            Box::pin(async move { payments().quote(tx, new).await })
        })
        .await
}

async fn start(store: &Store, id: &str, way: &'static str) -> Result<String, PaymentError> {
    let id = id.to_owned();
    let started = store.write(by("amal"), move |tx| {
        let id = id.clone();
        Box::pin(async move { payments().start(tx, &id, way, DAY).await })
    });
    Ok(started.await?.1.id)
}

async fn report(store: &Store, event: &str, attempt: &str, kind: Event, minor: i64) -> Result<CameOfIt, PaymentError> {
    let report = Report {
        way: "card".into(),
        event: event.into(),
        attempt: attempt.into(),
        kind,
        money: (kind == Event::Succeed).then(|| ils(minor)),
        holder: String::new(),
    };
    store
        .write(by("card"), move |tx| {
            let report = report.clone();
            Box::pin(async move { payments().report(tx, &report, DAY).await })
        })
        .await
}

async fn ask(store: &Store, who: &str, id: &str, minor: i64, alone: i64) -> Result<pay::Refund, PaymentError> {
    let id = id.to_owned();
    store
        .write(by(who), move |tx| {
            let id = id.clone();
            Box::pin(async move { payments().ask_refund(tx, &id, minor, "a reason", alone, DAY).await })
        })
        .await
}

async fn approve(store: &Store, who: &str, id: &str) -> Result<pay::Refund, PaymentError> {
    let id = id.to_owned();
    store
        .write(by(who), move |tx| {
            let id = id.clone();
            Box::pin(async move { payments().approve_refund(tx, &id, DAY).await })
        })
        .await
}

async fn get(store: &Store, id: &str) -> Payment {
    payments().get(&mut store.read().await.unwrap(), id).await.unwrap()
}

async fn held(store: &Store, account: Account) -> i64 {
    ledger::balance(&mut store.read().await.unwrap(), &account).await.unwrap().minor
}

fn clearing() -> Account {
    Account::of("treasury", Purpose::Clearing, "card", Currency::ILS)
}

fn suspense() -> Account {
    Account::new("treasury", Purpose::Suspense, Currency::ILS)
}

fn fees() -> Account {
    Account::new("ministry", Purpose::Fees, Currency::ILS)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_gateways_really_do_leaves_the_books_right() {
    on_each_engine("pay_gateways", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 10_000).await.unwrap();
        assert_eq!(quote(&store, "SL-1", 10_000).await.unwrap().id, payment.id, "one payment for one case");
        let first = start(&store, &payment.id, "card").await.unwrap();
        assert_eq!(start(&store, &payment.id, "card").await.unwrap(), first, "whoever comes back goes on");
        assert_eq!(report(&store, "e1", &first, Event::Fail, 0).await.unwrap(), CameOfIt::Moved(State::Failed));
        // The amount is not what was owed: it waits, and the payment stays to be paid.
        assert_eq!(report(&store, "e2", &first, Event::Succeed, 9_000).await.unwrap(), CameOfIt::WrongAmount);
        assert_eq!(get(&store, &payment.id).await.state, State::Failed);
        assert_eq!((held(&store, clearing()).await, held(&store, suspense()).await), (9_000, 9_000));
        // A success that comes after the failure counts; heard again, or under another name, it counts once.
        assert_eq!(report(&store, "e3", &first, Event::Succeed, 10_000).await.unwrap(), CameOfIt::Moved(State::Paid));
        assert_eq!(report(&store, "e3", &first, Event::Succeed, 10_000).await.unwrap(), CameOfIt::Repeated);
        assert_eq!(report(&store, "e4", &first, Event::Succeed, 10_000).await.unwrap(), CameOfIt::Nothing);
        assert_eq!(report(&store, "e5", &first, Event::Fail, 0).await.unwrap(), CameOfIt::Nothing);
        assert_eq!(held(&store, fees()).await, 10_000);
        assert!(matches!(start(&store, &payment.id, "card").await, Err(PaymentError::NotPayable(State::Paid))));
        // What nobody knows waits too.
        assert_eq!(report(&store, "e6", "PY-none-1", Event::Succeed, 500).await.unwrap(), CameOfIt::Unknown);
        let paid = get(&store, &payment.id).await;
        assert_eq!(paid.receipt.as_deref(), Some("ministry/2021/000001"));
        let mut db = store.read().await.unwrap();
        let kinds: Vec<String> =
            payments().differences(&mut db, 10).await.unwrap().into_iter().map(|d| d.kind).collect();
        assert_eq!(kinds.len(), 2, "{kinds:?}");
        assert_eq!(prove(&mut db).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_above_the_limit_needs_a_second_person() {
    on_each_engine("pay_refunds", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 10_000).await.unwrap();
        let attempt = start(&store, &payment.id, "card").await.unwrap();
        assert!(matches!(ask(&store, "officer", &payment.id, 1, 0).await, Err(PaymentError::NotRefundable(_))));
        report(&store, "e1", &attempt, Event::Succeed, 10_000).await.unwrap();
        let small = ask(&store, "officer", &payment.id, 1_000, 2_000).await.unwrap();
        assert_eq!(small.state, pay::RefundState::Approved);
        assert_eq!(get(&store, &payment.id).await.state, State::PartRefunded);
        let rest = ask(&store, "officer", &payment.id, 9_000, 2_000).await.unwrap();
        assert_eq!(rest.state, pay::RefundState::Asked);
        assert!(matches!(ask(&store, "officer", &payment.id, 1, 0).await, Err(PaymentError::TooMuch(left)) if left.minor == 0));
        assert!(matches!(approve(&store, "officer", &rest.id).await, Err(PaymentError::SamePerson)));
        assert_eq!(held(&store, fees()).await, 9_000);
        approve(&store, "chief", &rest.id).await.unwrap();
        assert!(matches!(approve(&store, "chief", &rest.id).await, Err(PaymentError::NoRefund(_))));
        assert_eq!(get(&store, &payment.id).await.state, State::Refunded);
        let due = Account::new("treasury", Purpose::RefundsDue, Currency::ILS);
        assert_eq!((held(&store, fees()).await, held(&store, due.clone()).await), (0, 10_000));
        let id = rest.id.clone();
        store.write(by("chief"), move |tx| { let id = id.clone(); Box::pin(async move { payments().refund_done(tx, &id, DAY).await }) }).await.unwrap();
        assert_eq!((held(&store, clearing()).await, held(&store, due).await), (1_000, 1_000));
        assert_eq!(prove(&mut store.read().await.unwrap()).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn receipts_have_no_gaps_even_at_once() {
    on_each_engine("pay_receipts", async |database| {
        let store = open(&database).await;
        let mut attempts = Vec::new();
        for number in 0..24 {
            let payment = quote(&store, &format!("SL-{number}"), 5_000).await.unwrap();
            attempts.push((payment.id.clone(), start(&store, &payment.id, "card").await.unwrap()));
        }
        // Each success is sent twice at once, under the same name.
        let sent = attempts.iter().enumerate().flat_map(|(n, (_, attempt))| [(n, attempt), (n, attempt)]);
        let heard = join_all(sent.map(|(n, attempt)| {
            let (store, event) = (store.clone(), format!("e{n}"));
            async move { report(&store, &event, attempt, Event::Succeed, 5_000).await.unwrap() }
        }))
        .await;
        assert_eq!(heard.iter().filter(|what| **what == CameOfIt::Moved(State::Paid)).count(), 24);
        let mut receipts = Vec::new();
        for (id, _) in &attempts {
            receipts.push(get(&store, id).await.receipt.unwrap());
        }
        receipts.sort();
        let wanted: Vec<String> = (1..=24).map(|n| format!("ministry/2021/{n:06}")).collect();
        assert_eq!(receipts, wanted);
        assert_eq!(prove(&mut store.read().await.unwrap()).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn forty_who_set_out_at_once_go_on_with_one_attempt() {
    on_each_engine("pay_at_once", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 5_000).await.unwrap();
        let started = join_all((0..40).map(|_| start(&store, &payment.id, "card"))).await;
        let attempts: std::collections::BTreeSet<String> = started.into_iter().map(Result::unwrap).collect();
        assert_eq!(attempts.len(), 1, "{attempts:?}");
    })
    .await
    .unwrap();
}

/// Messages about one payment: what is said, of which attempt, under which name, with the right amount or not.
type Message = (u8, u8, u8, bool);

async fn check(database: &str, messages: &[Message]) {
    let store = open(database).await;
    let payment = quote(&store, "SL-1", 10_000).await.unwrap();
    let mut attempts = vec![start(&store, &payment.id, "card").await.unwrap()];
    for (what, attempt, event, right) in messages {
        let attempt = attempts[usize::from(*attempt) % attempts.len()].clone();
        let event = format!("e{event}");
        let minor = if *right { 10_000 } else { 4_000 };
        match what % 6 {
            0 | 1 => drop(report(&store, &event, &attempt, Event::Succeed, minor).await.unwrap()),
            2 => drop(report(&store, &event, &attempt, Event::Fail, 0).await.unwrap()),
            3 => drop(report(&store, &event, &attempt, Event::Accept, 0).await.unwrap()),
            4 => attempts.extend(start(&store, &payment.id, "card").await.ok()),
            _ => drop(ask(&store, "officer", &payment.id, 2_500, i64::MAX).await),
        }
        let now = get(&store, &payment.id).await;
        let has_paid = now.paid.is_some();
        assert_eq!(has_paid, now.receipt.is_some());
        assert_eq!(has_paid, now.state.is_settled() || now.state == State::Refunded, "{now:?}");
        let earned = if has_paid { now.amount.minor - now.refunded.minor } else { 0 };
        assert_eq!(held(&store, fees()).await, earned, "{messages:?}");
        // All that the provider took lies in fees, in suspense, or is to go back.
        let due = Account::new("treasury", Purpose::RefundsDue, Currency::ILS);
        assert_eq!(held(&store, clearing()).await, earned + held(&store, suspense()).await + held(&store, due).await);
        assert_eq!(prove(&mut store.read().await.unwrap()).await.unwrap(), []);
    }
}

#[test]
fn the_books_agree_with_the_payment_whatever_is_said() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig { cases: 12, ..ProptestConfig::default() });
    let number = std::cell::Cell::new(0);
    let messages =
        proptest::collection::vec((any::<u8>(), any::<u8>(), 0_u8..12, proptest::bool::weighted(0.7)), 1..25);
    runner
        .run(&messages, |messages| {
            number.set(number.get() + 1);
            let name = format!("pay_random_{}", number.get());
            runtime.block_on(on_each_engine(&name, async |database| check(&database, &messages).await)).unwrap();
            Ok(())
        })
        .unwrap();
}
