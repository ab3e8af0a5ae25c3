//! Attempts that nobody has answered are asked after, on both engines: however many were abandoned, a lost callback is asked
//! for within a minute, each attempt after waits that grow, and none for ever.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{collections::BTreeMap, sync::Arc};

use base::{Currency, Money};
use jiff::{SignedDuration, Timestamp, civil::Date};
use pay::{ABANDONED_DAYS, CameOfIt, Event, NewPayment, PaymentError, Payments, Report, State, way::HostedPage};
use serde_json::json;
use store::{By, Store, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 1);

fn payments() -> Payments {
    let card =
        HostedPage { name: "card".into(), base: "http://b".into(), portal: "http://p".into(), secret: "s".into() };
    Payments::new(vec![Arc::new(card)])
}

fn after(minutes: i64) -> By {
    let begin = Timestamp::from_second(1_614_600_000).unwrap();
    By::new("test", "test", begin.checked_add(SignedDuration::from_mins(minutes)).unwrap())
}

/// Sets out to pay so many minutes after the beginning; the attempt.
async fn begin(store: &Store, number: u64, minutes: i64) -> String {
    let new = NewPayment {
        about: format!("SL-{number}"),
        service: "licence".into(),
        entity: "ministry".into(),
        payer: "amal".into(),
        payer_name: "Amal".into(),
        amount: Money { minor: 10_000, currency: Currency::ILS },
        opened: DAY,
        expires: None,
        fee: json!({}),
        random: number,
    };
    let started = store.write(after(minutes), move |tx| {
        let new = new.clone();
        Box::pin(async move {
            let payment = payments().quote(tx, new).await?;
            payments().start(tx, &payment.id, "card", DAY).await
        })
    });
    let started: Result<_, PaymentError> = started.await;
    started.unwrap().1.id
}

async fn asked(store: &Store, minutes: i64, limit: i64) -> Vec<String> {
    let due = store
        .write(after(minutes), move |tx| Box::pin(async move { payments().to_ask_after(tx, "card", limit).await }));
    let due: Result<_, PaymentError> = due.await;
    due.unwrap().into_iter().map(|attempt| attempt.id).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_that_were_abandoned_keep_no_lost_callback_from_being_asked_for() {
    on_each_engine("enquiry_fair", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let mut old = Vec::new();
        for number in 0..150 {
            old.push(begin(&store, number, 0).await);
        }
        // A limit that is far below what was abandoned.
        assert_eq!(asked(&store, 0, 20).await, [""; 0], "nobody is asked before a minute is over");
        let new = begin(&store, 1_000, 5).await;
        assert!(!asked(&store, 5, 20).await.contains(&new));
        assert!(asked(&store, 6, 20).await.contains(&new), "the newest is asked after at once");
        // And many new ones do not hold up those that wait: all are asked after in the end, none twice before.
        let mut times: BTreeMap<String, usize> = BTreeMap::new();
        for minute in 7..20 {
            for number in 0..10 {
                begin(&store, 2_000 + (minute as u64) * 100 + number, minute - 2).await;
            }
            for attempt in asked(&store, minute, 20).await {
                *times.entry(attempt).or_default() += 1;
            }
        }
        let old_asked = old.iter().filter(|attempt| times.contains_key(*attempt)).count();
        assert!(old_asked >= 80, "{old_asked}");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_is_asked_after_with_growing_waits_and_not_for_ever() {
    on_each_engine("enquiry_waits", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let attempt = begin(&store, 1, 0).await;
        let mut when = Vec::new();
        let end = (ABANDONED_DAYS + 2) * 24 * 60;
        let mut minute = 0;
        while minute < end {
            if !asked(&store, minute, 5).await.is_empty() {
                when.push(minute);
            }
            // Each minute at first, later each half hour: the waits are longer by then.
            minute += if minute < 400 { 1 } else { 30 };
        }
        assert_eq!(when[..8], [1, 3, 7, 15, 31, 63, 127, 255], "{when:?}");
        let waits: Vec<i64> = when.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(waits[8..].iter().all(|wait| (360..=400).contains(wait)), "{waits:?}");
        let last = when[when.len() - 1];
        let given_up = ABANDONED_DAYS * 24 * 60;
        assert!((given_up..=given_up + 400).contains(&last), "{last}");
        // What is heard of it later counts none the less.
        let report = Report {
            way: "card".into(),
            event: "late".into(),
            attempt: attempt.clone(),
            kind: Event::Succeed,
            money: Some(Money { minor: 10_000, currency: Currency::ILS }),
            holder: String::new(),
            signature: String::new(),
        };
        let heard = store.write(after(end), move |tx| {
            let report = report.clone();
            Box::pin(async move { payments().report(tx, &report, DAY).await })
        });
        assert_eq!(heard.await.unwrap(), CameOfIt::Moved(State::Paid));
        // One that could not be asked after in all that time is asked after once.
        let silent = begin(&store, 2, 0).await;
        assert_eq!(asked(&store, end, 5).await, [silent]);
        assert_eq!(asked(&store, end + 10_000, 5).await, [""; 0]);
    })
    .await
    .unwrap();
}
