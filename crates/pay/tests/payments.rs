//! Payments under whatever gateways really do, on SQLite and on PostgreSQL: late, repeated, reordered, wrong and unknown
//! messages. After each of them the books balance and agree with the payments.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use base::{Currency, Money};
use futures::future::join_all;
use jiff::{Timestamp, civil::Date};
use pay::{
    CameOfIt, Channel, Event, NewPayment, Payment, PaymentError, Payments, Report, Resolution, State, Taken, bank,
    ledger::{self, Account, Purpose, prove_all},
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
        signature: String::new(),
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
        assert_eq!(prove_all(&mut db).await.unwrap(), []);
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
        assert!(matches!(approve(&store, "officer", &rest.id).await, Err(PaymentError::SamePerson(_))));
        assert_eq!(held(&store, fees()).await, 9_000);
        approve(&store, "chief", &rest.id).await.unwrap();
        assert!(matches!(approve(&store, "chief", &rest.id).await, Err(PaymentError::NoRefund(_))));
        assert_eq!(get(&store, &payment.id).await.state, State::Refunded);
        let due = Account::new("treasury", Purpose::RefundsDue, Currency::ILS);
        assert_eq!((held(&store, fees()).await, held(&store, due.clone()).await), (0, 10_000));
        let id = rest.id.clone();
        store.write(by("chief"), move |tx| { let id = id.clone(); Box::pin(async move { payments().refund_done(tx, &id, Channel::Provider, DAY).await }) }).await.unwrap();
        assert_eq!((held(&store, clearing()).await, held(&store, due).await), (1_000, 1_000));
        assert_eq!(prove_all(&mut store.read().await.unwrap()).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_that_a_provider_was_told_of_goes_no_other_way() {
    on_each_engine("pay_refund_told", async |database| {
        let store = open(&database).await;
        let (id, attempt) = paid(&store, "SL-1").await;
        let small = ask(&store, "officer", &id, 1_000, i64::MAX).await.unwrap();
        let other = ask(&store, "officer", &id, 2_000, i64::MAX).await.unwrap();
        let set_out = async |id: &str| {
            let id = id.to_owned();
            desk(&store, move |tx, payments| {
                let id = id.clone();
                Box::pin(async move { payments.set_out(tx, &id, DAY).await })
            })
            .await
        };
        let to = async |id: &str| {
            let id = id.to_owned();
            desk(&store, move |tx, payments| {
                let id = id.clone();
                Box::pin(async move { payments.refund_to(tx, &id, "PS92PALS000000000400123456702", DAY).await })
            })
            .await
        };
        let done = async |id: &str, channel| {
            let id = id.to_owned();
            desk(&store, move |tx, payments| {
                let id = id.clone();
                Box::pin(async move { payments.refund_done(tx, &id, channel, DAY).await })
            })
            .await
        };
        // The answer of the provider is lost: the money may have left.
        let (told, order) = set_out(&small.id).await.unwrap();
        assert_eq!(order.as_ref().map(|order| order.attempt.as_str()), Some(attempt.as_str()));
        assert!(told.told.is_some());
        assert!(matches!(to(&small.id).await, Err(PaymentError::ToldProvider)));
        assert!(matches!(done(&small.id, Channel::Bank).await, Err(PaymentError::ToldProvider)));
        // It is told again, to the letter, until it answers.
        assert_eq!(set_out(&small.id).await.unwrap(), (told, order));
        done(&small.id, Channel::Provider).await.unwrap();
        assert_eq!(held(&store, clearing()).await, 9_000);
        // What goes to an account is not told to the provider.
        to(&other.id).await.unwrap();
        assert!(matches!(set_out(&other.id).await, Err(PaymentError::Waits)));
        let account = pay::RefundProposal::Account("PS92PALS000000000400123456702".into());
        let decide = async |who: &str| {
            let (id, account) = (other.id.clone(), account.clone());
            desk_of(&store, who, move |tx, payments| {
                let (id, account) = (id.clone(), account.clone());
                Box::pin(async move { payments.decide_proposal(tx, &id, &account, true, DAY).await })
            })
            .await
        };
        assert!(matches!(decide("officer").await, Err(PaymentError::SamePerson(_))));
        decide("chief").await.unwrap();
        assert_eq!(set_out(&other.id).await.unwrap().1, None);
        done(&other.id, Channel::Bank).await.unwrap();
        let treasury = Account::new("treasury", Purpose::Treasury, Currency::ILS);
        assert_eq!((held(&store, clearing()).await, held(&store, treasury).await), (9_000, -2_000));
        balanced(&store).await;
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_goes_back_to_the_attempt_by_which_it_came() {
    on_each_engine("pay_refund_attempt", async |database| {
        let store = open(&database).await;
        let back = async |difference: &str| {
            let id = difference.to_owned();
            let proposed = desk(&store, move |tx, payments| {
                let id = id.clone();
                Box::pin(async move { payments.send_back(tx, &id, DAY).await })
            });
            proposed.await.unwrap();
            agree(&store, difference, Resolution::Back).await.unwrap().unwrap()
        };
        // Too much by the first attempt, the fee by the second.
        let payment = quote(&store, "SL-1", 3_500).await.unwrap();
        let first = start(&store, &payment.id, "card").await.unwrap();
        report(&store, "e1", &first, Event::Succeed, 4_000).await.unwrap();
        report(&store, "e2", &first, Event::Fail, 0).await.unwrap();
        let second = start(&store, &payment.id, "card").await.unwrap();
        assert_ne!(first, second);
        assert_eq!(report(&store, "e3", &second, Event::Succeed, 3_500).await.unwrap(), CameOfIt::Moved(State::Paid));
        assert_eq!(back("card-e1-amount").await.attempt, Some(first));
        assert_eq!(ask(&store, "officer", &payment.id, 500, i64::MAX).await.unwrap().attempt, Some(second));
        // The fee was taken out of suspense: its attempt is the one that paid.
        let payment = quote(&store, "SL-2", 3_500).await.unwrap();
        let attempt = start(&store, &payment.id, "card").await.unwrap();
        report(&store, "e4", &attempt, Event::Succeed, 4_000).await.unwrap();
        let id = payment.id.clone();
        desk(&store, move |tx, payments| {
            let id = id.clone();
            Box::pin(async move { payments.assign(tx, "card-e4-amount", &id, DAY).await })
        })
        .await
        .unwrap();
        agree(&store, "card-e4-overpaid", Resolution::Back).await.unwrap();
        let rest = payments().refunds_of(&mut store.read().await.unwrap(), &payment.id).await.unwrap().remove(0);
        assert_eq!((rest.amount.minor, rest.attempt), (500, Some(attempt.clone())));
        assert_eq!(ask(&store, "officer", &payment.id, 500, i64::MAX).await.unwrap().attempt, Some(attempt));
        // Money of an attempt that nobody here knows goes back by what the provider calls it; without a name, by bank.
        report(&store, "e5", "PY-none-1", Event::Succeed, 700).await.unwrap();
        let unknown = back("card-e5-unknown").await;
        let id = unknown.id.clone();
        let (_, order) = desk(&store, move |tx, payments| {
            let id = id.clone();
            Box::pin(async move { payments.set_out(tx, &id, DAY).await })
        })
        .await
        .unwrap();
        assert_eq!(order.unwrap().attempt, "PY-none-1");
        report(&store, "e6", "", Event::Succeed, 800).await.unwrap();
        assert!(!payments().goes_back_by_its_way(&back("card-e6-unknown").await));
        balanced(&store).await;
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
        assert_eq!(prove_all(&mut store.read().await.unwrap()).await.unwrap(), []);
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

/// The books balance, and what lies in suspense is what open differences say.
#[track_caller]
fn balanced(store: &Store) -> impl Future<Output = ()> {
    let store = store.clone();
    async move {
        let mut db = store.read().await.unwrap();
        assert_eq!(prove_all(&mut db).await.unwrap(), []);
    }
}

async fn desk<T, F>(store: &Store, work: F) -> Result<T, PaymentError>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut store::Tx, Payments) -> futures::future::BoxFuture<'a, Result<T, PaymentError>>
        + Send
        + Sync
        + 'static,
{
    desk_of(store, "officer", work).await
}

/// A second person agrees to what was proposed about a difference.
async fn agree(store: &Store, difference: &str, what: Resolution) -> Result<Option<pay::Refund>, PaymentError> {
    let id = difference.to_owned();
    desk_of(store, "chief", move |tx, payments| {
        let id = id.clone();
        Box::pin(async move { payments.decide_difference(tx, &id, what, true, DAY).await })
    })
    .await
}

async fn desk_of<T, F>(store: &Store, who: &str, work: F) -> Result<T, PaymentError>
where
    T: Send + 'static,
    F: for<'a> Fn(&'a mut store::Tx, Payments) -> futures::future::BoxFuture<'a, Result<T, PaymentError>>
        + Send
        + Sync
        + 'static,
{
    store.write(by(who), move |tx| work(tx, payments())).await
}

/// The open differences: kind and name.
async fn open_differences(store: &Store) -> Vec<(String, String)> {
    let mut db = store.read().await.unwrap();
    let open = payments().differences(&mut db, 100).await.unwrap();
    open.into_iter().map(|difference| (difference.kind, difference.id)).collect()
}

async fn paid(store: &Store, about: &str) -> (String, String) {
    let payment = quote(store, about, 10_000).await.unwrap();
    let attempt = start(store, &payment.id, "card").await.unwrap();
    report(store, &format!("{about}-ok"), &attempt, Event::Succeed, 10_000).await.unwrap();
    (payment.id, attempt)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn disputes_end_as_they_end_in_whatever_order_they_are_heard_of() {
    on_each_engine("pay_disputes", async |database| {
        let store = open(&database).await;
        let said = async |attempt: &str, event: Event| {
            report(&store, &format!("{attempt}-{}", event.as_str()), attempt, event, 0).await.unwrap()
        };
        // Won, after a part was paid back: that part stays paid back.
        let (id, attempt) = paid(&store, "SL-1").await;
        ask(&store, "officer", &id, 1_000, i64::MAX).await.unwrap();
        assert_eq!(said(&attempt, Event::Dispute).await, CameOfIt::Moved(State::Disputed));
        assert_eq!(open_differences(&store).await[0].0, "disputed", "the desk sees it");
        assert_eq!(said(&attempt, Event::WinDispute).await, CameOfIt::Moved(State::PartRefunded));
        assert_eq!(open_differences(&store).await, [], "it is over");
        // Lost: all of it went back, and what is left to refund is nothing.
        let (id, attempt) = paid(&store, "SL-2").await;
        said(&attempt, Event::Dispute).await;
        assert_eq!(said(&attempt, Event::LoseDispute).await, CameOfIt::Moved(State::Refunded));
        assert_eq!(get(&store, &id).await.refundable().minor, 0);
        // The outcome is heard of before the dispute.
        let (id, attempt) = paid(&store, "SL-3").await;
        said(&attempt, Event::WinDispute).await;
        assert_eq!(said(&attempt, Event::Dispute).await, CameOfIt::Nothing);
        assert_eq!(get(&store, &id).await.state, State::Paid);
        let (id, attempt) = paid(&store, "SL-4").await;
        assert_eq!(said(&attempt, Event::LoseDispute).await, CameOfIt::Moved(State::Refunded));
        assert_eq!(said(&attempt, Event::Dispute).await, CameOfIt::Nothing);
        assert_eq!(get(&store, &id).await.state, State::Refunded);
        // What was won can be disputed again, and by more than one message.
        for (attempt, about) in
            [(paid(&store, "SL-6").await, "in order"), (paid(&store, "SL-7").await, "outcome first")]
        {
            let (id, attempt) = attempt;
            if about == "in order" {
                said(&attempt, Event::Dispute).await;
                said(&attempt, Event::WinDispute).await;
            } else {
                said(&attempt, Event::WinDispute).await;
                assert_eq!(said(&attempt, Event::Dispute).await, CameOfIt::Nothing);
            }
            let again = format!("{attempt}-again");
            let came = report(&store, &again, &attempt, Event::Dispute, 0).await.unwrap();
            assert_eq!(came, CameOfIt::Moved(State::Disputed), "{about}");
            assert_eq!(
                open_differences(&store).await,
                [("disputed".into(), format!("card-{again}-disputed"))],
                "{about}"
            );
            report(&store, &format!("{attempt}-lost"), &attempt, Event::LoseDispute, 0).await.unwrap();
            assert_eq!(get(&store, &id).await.state, State::Refunded, "{about}");
            assert_eq!(open_differences(&store).await, [], "{about}");
        }
        // Disputed after it was paid back: nothing more goes by itself, and somebody has to look.
        let (id, attempt) = paid(&store, "SL-5").await;
        ask(&store, "officer", &id, 10_000, i64::MAX).await.unwrap();
        assert_eq!(said(&attempt, Event::LoseDispute).await, CameOfIt::Nothing);
        let kinds: Vec<String> = open_differences(&store).await.into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, ["dispute-after-refund"]);
        balanced(&store).await;
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_rule_waives_is_booked_and_has_no_receipt() {
    on_each_engine("pay_waived", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 10_000).await.unwrap();
        let id = payment.id.clone();
        desk(&store, move |tx, payments| {
            let waived = Report {
                way: "waiver".into(),
                event: id.clone(),
                attempt: id.clone(),
                kind: Event::Succeed,
                money: Some(ils(10_000)),
                holder: String::new(),
                signature: String::new(),
            };
            Box::pin(async move { payments.report(tx, &waived, DAY).await })
        })
        .await
        .unwrap();
        let now = get(&store, &payment.id).await;
        assert_eq!((now.state, now.receipt), (State::Paid, None));
        let (_, attempt) = paid(&store, "SL-2").await;
        assert_eq!(attempt.len(), "PY-XXXX-XXXX-1".len());
        let next = payments().about(&mut store.read().await.unwrap(), "SL-2").await.unwrap().unwrap();
        assert_eq!(next.receipt.as_deref(), Some("ministry/2021/000001"), "no number is used up");
        let mut db = store.read().await.unwrap();
        let posted = ledger::about(&mut db, &payment.id).await.unwrap();
        assert_eq!(posted[0].transfer.memo, "fee-waived");
        assert!(matches!(ask(&store, "officer", &payment.id, 1, 0).await, Err(PaymentError::NotRefundable(_))));
    })
    .await
    .unwrap();
}

async fn close(store: &Store, taken: Vec<Taken>) -> pay::Closed {
    desk(store, move |tx, payments| {
        let taken = taken.clone();
        Box::pin(async move {
            // As the close of a day hears of them: one message for each.
            for each in taken.iter().filter(|taken| taken.refund.is_none()) {
                let settled = Report {
                    way: "card".into(),
                    event: format!("settlement-{}", each.attempt),
                    attempt: each.attempt.clone(),
                    kind: Event::Succeed,
                    money: Some(each.money),
                    holder: String::new(),
                    signature: String::new(),
                };
                payments.report(tx, &settled, DAY).await?;
            }
            payments.close(tx, "card", DAY, &taken).await
        })
    })
    .await
    .unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_is_closed_with_what_the_provider_says_and_its_money_is_handed_over() {
    on_each_engine("pay_close", async |database| {
        let store = open(&database).await;
        let took = |attempt: &str, minor| Taken { attempt: attempt.into(), money: ils(minor), refund: None };
        let (refunded, first) = paid(&store, "SL-1").await;
        let (_, short) = paid(&store, "SL-2").await;
        let (denied, _) = paid(&store, "SL-3").await;
        let treasury = || Account::new("treasury", Purpose::Treasury, Currency::ILS);
        let closed = close(&store, vec![took(&first, 10_000), took(&short, 9_000)]).await;
        assert_eq!((closed.ours, closed.theirs, closed.missing, closed.otherwise), (3, 2, 1, 1));
        assert_eq!((held(&store, clearing()).await, held(&store, treasury()).await), (11_000, 19_000));
        // Closing again books and notes nothing twice.
        close(&store, vec![took(&first, 10_000), took(&short, 9_000)]).await;
        assert_eq!(held(&store, treasury()).await, 19_000);
        let differences = open_differences(&store).await;
        assert_eq!(differences.len(), 2, "{differences:?}");
        // What the provider has kept is its charge; of what it denies somebody says what it was.
        let named = |kind: &str| differences.iter().find(|(k, _)| k == kind).unwrap().1.clone();
        let (kept, missing) = (named("settled-otherwise"), named("missing-there"));
        assert!(missing.contains(&denied), "{missing}");
        let id = kept.clone();
        desk(&store, move |tx, payments| {
            let id = id.clone();
            Box::pin(async move { payments.charged(tx, &id, DAY).await })
        })
        .await
        .unwrap();
        agree(&store, &kept, Resolution::Charged).await.unwrap();
        assert_eq!(held(&store, Account::new("treasury", Purpose::Charges, Currency::ILS)).await, 1_000);
        desk(&store, move |tx, payments| {
            let id = missing.clone();
            Box::pin(async move { payments.clear(tx, &id, "they pay next week", DAY).await })
        })
        .await
        .unwrap();
        assert_eq!(open_differences(&store).await, []);
        // What it gave back to a payer it does not hand over.
        let refund = ask(&store, "officer", &refunded, 2_500, i64::MAX).await.unwrap();
        let id = refund.id.clone();
        desk(&store, move |tx, payments| {
            let id = id.clone();
            Box::pin(async move { payments.refund_done(tx, &id, Channel::Provider, DAY).await })
        })
        .await
        .unwrap();
        let back = Taken { attempt: first.clone(), money: ils(2_500), refund: Some(refund.id) };
        let closed = close(&store, vec![took(&first, 10_000), took(&short, 9_000), back]).await;
        assert_eq!(closed.missing, 1, "the provider still denies it");
        assert_eq!(held(&store, treasury()).await, 16_500);
        assert_eq!(held(&store, clearing()).await, 10_000, "what the provider denies is what it still owes");
        let mut db = store.read().await.unwrap();
        let closes = payments().closes(&mut db, 9).await.unwrap();
        let [day] = &closes[..] else { panic!("{closes:?}") };
        assert_eq!((day.ours_number, day.ours, day.theirs_number, day.theirs), (3, 30_000, 2, 19_000));
        assert_eq!((day.refunded, day.handed_over, day.closed_by.as_str()), (2_500, 16_500, "officer"));
        drop(db);
        balanced(&store).await;
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_close_never_mixes_currencies_and_takes_back_what_is_gone() {
    on_each_engine("pay_close_currencies", async |database| {
        let store = open(&database).await;
        let jod = |minor| Money { minor, currency: Currency::JOD };
        let took = |attempt: &str, money| Taken { attempt: attempt.into(), money, refund: None };
        let (_, attempt) = paid(&store, "SL-1").await;
        let treasury = async |currency| held(&store, Account::new("treasury", Purpose::Treasury, currency)).await;
        let closed = close(&store, vec![took(&attempt, jod(3_500))]).await;
        assert_eq!(closed.otherwise, 1);
        assert_eq!((treasury(Currency::ILS).await, treasury(Currency::JOD).await), (0, 3_500));
        // 10,000 agorot less 3,500 fils are nothing at all, and no charge.
        let [(kind, id)] = &open_differences(&store).await[..] else { panic!("one is open") };
        assert_eq!(kind, "settled-in-other-currency");
        let open = payments().differences(&mut store.read().await.unwrap(), 9).await.unwrap().remove(0);
        assert_eq!((open.currency, open.ours, open.theirs), (Currency::ILS, Some(10_000), None));
        let id = id.clone();
        let charged = desk(&store, move |tx, payments| {
            let id = id.clone();
            Box::pin(async move { payments.charged(tx, &id, DAY).await })
        });
        assert!(matches!(charged.await, Err(PaymentError::NotInSuspense)));
        assert_eq!(held(&store, Account::new("treasury", Purpose::Charges, Currency::ILS)).await, 0);
        // The provider mends what it said: what was handed over in the other currency is taken back.
        close(&store, vec![took(&attempt, ils(10_000))]).await;
        assert_eq!((treasury(Currency::ILS).await, treasury(Currency::JOD).await), (10_000, 0));
        let closes = payments().closes(&mut store.read().await.unwrap(), 9).await.unwrap();
        let handed_over: Vec<_> = closes.iter().map(|close| (close.currency, close.handed_over)).collect();
        assert!(handed_over.contains(&(Currency::JOD, 0)) && handed_over.contains(&(Currency::ILS, 10_000)));
        // Of a payment that came in another currency than was owed no amounts stand beside each other.
        let payment = quote(&store, "SL-2", 10_000).await.unwrap();
        let attempt = start(&store, &payment.id, "card").await.unwrap();
        close(&store, vec![took(&attempt, jod(10_000))]).await;
        let open = payments().differences(&mut store.read().await.unwrap(), 9).await.unwrap();
        let wrong = open.iter().find(|open| open.kind == "amount").unwrap();
        assert_eq!((wrong.currency, wrong.ours, wrong.theirs), (Currency::JOD, None, Some(10_000)));
        balanced(&store).await;
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_under_way_before_a_migration_goes_on() {
    on_each_engine("pay_migrated", async |database| {
        let store = Store::open(&database, &pay::MIGRATIONS[..5], vec![]).await.unwrap();
        desk(&store, |tx, _| {
            Box::pin(async move {
                let event = "INSERT INTO payment_event (way, event, payment, attempt, kind, recorded, came_of_it) \
                             VALUES ('card', $1, 'PY-1', $2, 'succeed', '1', $3)";
                for [name, attempt, came] in [["e1", "PY-1-1", "wrong-amount"], ["e2", "PY-1-2", "paid"]] {
                    tx.run(event, &[name.into(), attempt.into(), came.into()]).await?;
                }
                let difference = "INSERT INTO payment_difference (id, found, day, way, kind, currency, cleared, note) \
                                  VALUES ('card-e1-amount', '1', '1', 'card', 'amount', 'ILS', '1', 'PY-1-R1')";
                tx.run(difference, &[]).await?;
                let refund = "INSERT INTO refund (id, payment, entity, currency, amount, reason, state, asked, asked_by, way) \
                              VALUES ($1, 'PY-1', 'ministry', 'ILS', 5, $2, $3, '1', 'officer', $4)";
                for [name, reason, state, way] in [
                    ["PY-1-R1", "amount", "approved", "card"],
                    ["PY-1-R2", "too much", "asked", "card"],
                    ["PY-1-R3", "too much", "approved", "cash"],
                ] {
                    tx.run(refund, &[name.into(), reason.into(), state.into(), way.into()]).await?;
                }
                let entry = "INSERT INTO statement_entry (id, statement, day, currency, amount, words, came_of_it, recorded) \
                             VALUES ($1, 'S1', '1', 'ILS', 5, '', $2, '1')";
                for [name, came] in [["a", "paid"], ["b", "unknown"]] {
                    tx.run(entry, &[name.into(), came.into()]).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
        drop(store);
        let store = open(&database).await;
        let mut db = store.read().await.unwrap();
        let refunds = payments().refunds_of(&mut db, "PY-1").await.unwrap();
        let attempts: Vec<_> = refunds.iter().map(|refund| refund.attempt.as_deref()).collect();
        assert_eq!(attempts, [Some("PY-1-1"), Some("PY-1-2"), None]);
        let taken_in = bank::taken_in(&mut db, 9).await.unwrap();
        let brought = taken_in[0].brought;
        assert_eq!((taken_in[0].name.as_str(), brought.entries, brought.paid, brought.open), ("S1", 2, 1, 1));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_in_suspense_goes_somewhere_and_is_never_talked_away() {
    on_each_engine("pay_suspense", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 10_000).await.unwrap();
        let attempt = start(&store, &payment.id, "card").await.unwrap();
        report(&store, "more", &attempt, Event::Succeed, 12_500).await.unwrap();
        for (event, minor) in [("a", 300), ("b", 400)] {
            assert_eq!(report(&store, event, "PY-none-1", Event::Succeed, minor).await.unwrap(), CameOfIt::Unknown);
        }
        let step = async |wanted: &str, what: &'static str| {
            let id = wanted.to_owned();
            let payment = payment.id.clone();
            desk(&store, move |tx, payments| {
                let (id, payment) = (id.clone(), payment.clone());
                Box::pin(async move {
                    match what {
                        "clear" => payments.clear(tx, &id, "a note", DAY).await,
                        "assign" => payments.assign(tx, &id, &payment, DAY).await.map(drop),
                        "back" => payments.send_back(tx, &id, DAY).await.map(drop),
                        _ => payments.booked_elsewhere(tx, &id, "a hand-over", DAY).await.map(drop),
                    }
                })
            })
            .await
        };
        let [more, a, b] = ["card-more-amount", "card-a-unknown", "card-b-unknown"];
        let rest = "card-more-overpaid";
        assert!(matches!(step(more, "clear").await, Err(PaymentError::StillInSuspense)));
        assert!(matches!(step(a, "assign").await, Err(PaymentError::OtherAmount(_))), "300 are not 10,000");
        balanced(&store).await;
        // What is more than the fee goes back.
        step(more, "assign").await.unwrap();
        assert_eq!(get(&store, &payment.id).await.state, State::Paid);
        let due = Account::new("treasury", Purpose::RefundsDue, Currency::ILS);
        assert_eq!((held(&store, fees()).await, held(&store, suspense()).await), (10_000, 3_200));
        balanced(&store).await;
        assert!(matches!(step(rest, "back").await, Err(PaymentError::Waits)));
        assert!(matches!(agree(&store, rest, Resolution::Elsewhere).await, Err(PaymentError::NotSeen)));
        agree(&store, rest, Resolution::Back).await.unwrap();
        assert_eq!(held(&store, due.clone()).await, 2_500);
        step(a, "back").await.unwrap();
        assert_eq!(held(&store, due.clone()).await, 2_500, "nothing leaves by a proposal");
        agree(&store, a, Resolution::Back).await.unwrap();
        assert_eq!(held(&store, due).await, 2_800);
        step(b, "elsewhere").await.unwrap();
        agree(&store, b, Resolution::Elsewhere).await.unwrap();
        assert_eq!((held(&store, suspense()).await, held(&store, clearing()).await), (0, 12_800));
        assert!(matches!(step(b, "back").await, Err(PaymentError::NoDifference(_))), "once");
        balanced(&store).await;
        let mut db = store.read().await.unwrap();
        let waiting = payments().refunds(&mut db, pay::RefundState::Approved, None, 9).await.unwrap();
        assert_eq!(waiting.iter().map(|refund| refund.amount.minor).sum::<i64>(), 2_800);
        for refund in waiting {
            let id = refund.id.clone();
            desk(&store, move |tx, payments| {
                let id = id.clone();
                Box::pin(async move { payments.refund_done(tx, &id, Channel::Provider, DAY).await })
            })
            .await
            .unwrap();
        }
        assert_eq!(held(&store, clearing()).await, 10_000);
        balanced(&store).await;
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_message_that_is_replayed_changes_nothing_and_is_seen() {
    on_each_engine("pay_replayed", async |database| {
        let store = open(&database).await;
        let payment = quote(&store, "SL-1", 10_000).await.unwrap();
        let attempt = start(&store, &payment.id, "card").await.unwrap();
        let said = async |signature: &'static str| {
            let attempt = attempt.clone();
            desk(&store, move |tx, payments| {
                let report = Report {
                    way: "card".into(),
                    event: "e1".into(),
                    attempt: attempt.clone(),
                    kind: Event::Succeed,
                    money: Some(ils(10_000)),
                    holder: String::new(),
                    signature: signature.into(),
                };
                Box::pin(async move { payments.report(tx, &report, DAY).await })
            })
            .await
            .unwrap()
        };
        let alarms = async || payments().alarms(&mut store.read().await.unwrap(), 9).await.unwrap();
        assert_eq!(said("aa").await, CameOfIt::Moved(State::Paid));
        assert_eq!(said("bb").await, CameOfIt::Repeated, "a provider that says it anew signs it anew");
        assert_eq!(alarms().await, []);
        assert_eq!(said("aa").await, CameOfIt::Repeated);
        let seen = alarms().await;
        assert_eq!((seen.len(), seen[0].reason.as_str()), (1, "replayed"));
        assert_eq!(held(&store, fees()).await, 10_000);
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
        match what % 9 {
            0 | 1 => drop(report(&store, &event, &attempt, Event::Succeed, minor).await.unwrap()),
            2 => drop(report(&store, &event, &attempt, Event::Fail, 0).await.unwrap()),
            3 => drop(report(&store, &event, &attempt, Event::Accept, 0).await.unwrap()),
            4 => attempts.extend(start(&store, &payment.id, "card").await.ok()),
            6 => drop(report(&store, &event, &attempt, Event::Dispute, 0).await.unwrap()),
            7 => drop(report(&store, &event, &attempt, Event::WinDispute, 0).await.unwrap()),
            8 => drop(report(&store, &event, &attempt, Event::LoseDispute, 0).await.unwrap()),
            _ => drop(ask(&store, "officer", &payment.id, 2_500, i64::MAX).await),
        }
        let now = get(&store, &payment.id).await;
        let has_paid = now.paid.is_some();
        assert_eq!(has_paid, now.receipt.is_some());
        assert_eq!(has_paid, now.state.is_settled() || now.state == State::Refunded, "{now:?}");
        let earned = if has_paid { now.amount.minor - now.refunded.minor } else { 0 };
        let lost = held(&store, Account::new("ministry", Purpose::DisputesLost, Currency::ILS)).await;
        assert_eq!(held(&store, fees()).await - lost, earned, "{messages:?}");
        // All that the provider took lies in fees, in suspense, or is to go back.
        let due = Account::new("treasury", Purpose::RefundsDue, Currency::ILS);
        assert_eq!(held(&store, clearing()).await, earned + held(&store, suspense()).await + held(&store, due).await);
        balanced(&store).await;
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
