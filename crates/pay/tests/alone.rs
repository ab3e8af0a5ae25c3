//! Whatever steps are tried by whichever persons, on both engines: the books balance, no payment's refunds exceed what it
//! brought, and one person who tries everything moves no more out than they may alone.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{collections::BTreeMap, sync::Arc};

use base::{Currency, Money};
use futures::future::BoxFuture;
use jiff::{Timestamp, civil::Date};
use pay::{
    Channel, Debtor, Event, NewPayment, PaymentError, Payments, Refund, RefundProposal, RefundState, Report,
    Resolution,
    budget::{self, BudgetChange, BudgetError, BudgetKind, Line, NewBudgetChange},
    ledger::{self, Account, Purpose},
    loan::{self, Kind, Loan, LoanError, NewLoan, Proposal, Terms},
    prove, prove_all,
    way::{Cash, HostedPage},
};
use proptest::prelude::*;
use serde_json::json;
use store::{By, Store, StoreError, Tx, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 1);
const IBANS: [&str; 2] = ["PS92PALS000000000400123456702", "JO94CBJO0010000000000131000302"];
const PERSONS: [&str; 4] = ["one", "two", "three", "amal"];
/// What one person alone may pay back.
const ALONE: i64 = 5_000;
const FEE: i64 = 10_000;

fn payments() -> Payments {
    let card =
        HostedPage { name: "card".into(), base: "http://b".into(), portal: "http://p".into(), secret: "s".into() };
    Payments::new(vec![Arc::new(card), Arc::new(Cash)])
}

fn ils(minor: i64) -> Money {
    Money { minor, currency: Currency::ILS }
}

async fn does<T, E, F>(store: &Store, who: &str, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    store.write(By::new(who, "test", Timestamp::from_second(1_614_600_000).unwrap()), work).await
}

/// A step that somebody tries: which one, and three numbers that say of what.
type Step = (u8, usize, usize, i64);

/// Tries a step of the desk; what is refused is refused.
async fn desk(store: &Store, who: &str, step: Step, fees: &[String]) -> Result<(), PaymentError> {
    let fees = fees.to_vec();
    does(store, who, move |tx| {
        let fees = fees.clone();
        Box::pin(async move {
            let (what, one, other, minor) = step;
            let payments = payments();
            let fee = fees[one % fees.len()].clone();
            let refunds = all_refunds(&payments, tx, &fees).await?;
            let refund = refunds.get(one % refunds.len().max(1)).map(|refund| refund.id.clone()).unwrap_or_default();
            let seen = refunds.get(one % refunds.len().max(1)).and_then(|refund| refund.proposal.clone());
            let seen = seen.unwrap_or(RefundProposal::OrderAgain);
            let open = payments.differences(tx, 100).await?;
            let difference = open.get(one % open.len().max(1)).map(|open| open.id.clone()).unwrap_or_default();
            let proposed = open.get(one % open.len().max(1)).and_then(|open| open.proposal.as_ref().map(|p| p.what));
            match what % 17 {
                0 | 1 => drop(payments.ask_refund(tx, &fee, minor, "a reason", ALONE, DAY).await?),
                2 | 3 => drop(payments.approve_refund(tx, &refund, DAY).await?),
                4 => drop(payments.refuse_refund(tx, &refund, DAY).await?),
                5 => drop(payments.refund_to(tx, &refund, IBANS[other % 2], DAY).await?),
                6 => drop(payments.decide_proposal(tx, &refund, &seen, other % 4 > 0, DAY).await?),
                7 => {
                    let debtor = Debtor { holder: "Treasury".into(), iban: IBANS[0].into() };
                    payments.order_refunds(tx, &debtor, "2021-03-02", DAY).await?;
                }
                8 => drop(payments.order_again(tx, &refund, DAY).await?),
                9 => {
                    let (refund, told) = payments.set_out(tx, &refund, DAY).await?;
                    let channel = if told.is_some() { Channel::Provider } else { Channel::Bank };
                    payments.refund_done(tx, &refund.id, channel, DAY).await?;
                }
                10 => drop(payments.send_back(tx, &difference, DAY).await?),
                11 => drop(payments.booked_elsewhere(tx, &difference, "elsewhere", DAY).await?),
                12 | 13 => {
                    let seen = proposed.unwrap_or(Resolution::Back);
                    payments.decide_difference(tx, &difference, seen, other % 4 > 0, DAY).await?;
                }
                14 => drop(payments.assign(tx, &difference, &fees[other % fees.len()], DAY).await?),
                15 => drop(payments.hand_in(tx, ils(minor), DAY).await?),
                _ => {
                    let handed = payments.handed_in(tx, 100).await?;
                    let id = handed.get(one % handed.len().max(1)).map(|one| one.id.clone()).unwrap_or_default();
                    payments.decide_hand_in(tx, &id, other % 4 > 0, DAY).await?;
                }
            }
            Ok(())
        })
    })
    .await
}

async fn all_refunds(
    payments: &Payments,
    db: &mut store::Session,
    fees: &[String],
) -> Result<Vec<Refund>, PaymentError> {
    let mut all = Vec::new();
    for state in RefundState::ALL {
        all.extend(payments.refunds(db, state, None, 1_000).await?);
    }
    for fee in fees {
        for refund in payments.refunds_of(db, fee).await? {
            assert!(all.contains(&refund));
        }
    }
    all.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(all)
}

/// Tries a step with a loan or the budget.
async fn lend(store: &Store, who: &str, step: Step) -> Result<(), LoanError> {
    does(store, who, move |tx| {
        Box::pin(async move {
            let (what, one, other, _) = step;
            match what % 7 {
                0 => {
                    let terms = Terms {
                        kind: Kind::EqualPrincipal,
                        principal: 1_000,
                        basis_points: 0,
                        months: 4,
                        grace: 0,
                        start: DAY,
                    };
                    let borrower = PERSONS[one % PERSONS.len()].to_owned();
                    let new = NewLoan {
                        id: "L1".into(),
                        lender: "bank".into(),
                        borrower: borrower.clone(),
                        borrower_name: borrower,
                        about: String::new(),
                        currency: Currency::ILS,
                        terms,
                        tranches: vec![(400, "a".into()), (600, "b".into())],
                    };
                    Loan::agree(tx, new, DAY).await?;
                }
                1 | 2 => drop(Loan::pay_out(tx, "L1", 1 + (one % 2) as i64, DAY).await?),
                3 => drop(Loan::propose_months(tx, "L1", Proposal { months: 9, grace: 0 }, DAY).await?),
                4 => drop(Loan::decide_months(tx, "L1", other % 2 == 0, DAY).await?),
                5 => drop(Loan::propose_write_off(tx, "L1", DAY).await?),
                _ => drop(Loan::decide_write_off(tx, "L1", other % 2 == 0, DAY).await?),
            }
            Ok(())
        })
    })
    .await
}

fn line() -> Line {
    Line { intervention: "fibre".into(), year: 2021, source: "treasury".into() }
}

async fn spend(store: &Store, who: &str, step: Step, number: usize) -> Result<(), BudgetError> {
    does(store, who, move |tx| {
        Box::pin(async move {
            let (what, one, other, minor) = step;
            if what % 2 == 0 {
                let kind = BudgetKind::ALL[one % 3];
                let (id, plan, reason) = (format!("b{number}"), "plan".to_owned(), "why".to_owned());
                let new = NewBudgetChange { id, kind, plan, line: line(), to: None, money: ils(minor), reason };
                BudgetChange::propose(tx, new, DAY).await?;
            } else {
                let waiting = BudgetChange::waiting(tx, 100).await?;
                let id = waiting.get(one % waiting.len().max(1)).map(|change| change.id.clone()).unwrap_or_default();
                BudgetChange::decide(tx, &id, other % 4 > 0, DAY).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Books with fees of two payers that were paid, one that is open, and money that nobody knows.
async fn begin(database: &str) -> (Store, Vec<String>) {
    let store = Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap();
    let mut fees = Vec::new();
    for (number, payer) in [(1_u64, "amal"), (2, "amal"), (3, "badr"), (4, "badr")] {
        let new = NewPayment {
            about: format!("SL-{number}"),
            service: "licence".into(),
            entity: "ministry".into(),
            payer: payer.into(),
            payer_name: payer.into(),
            amount: ils(FEE),
            opened: DAY,
            expires: None,
            fee: json!({}),
            random: number,
        };
        let payment = does(&store, payer, move |tx| {
            let new = new.clone();
            Box::pin(async move { payments().quote(tx, new).await })
        });
        fees.push(payment.await.unwrap().id);
    }
    let money = [
        (fees[0].as_str(), "cash", FEE),
        (fees[2].as_str(), "cash", FEE),
        // Twice, too much, and for nobody.
        (fees[0].as_str(), "cash", FEE),
        ("PY-none", "card", FEE + 700),
        ("PY-none", "cash", 300),
    ];
    for (number, (attempt, way, minor)) in money.into_iter().enumerate() {
        let report = Report {
            way: way.into(),
            event: format!("e{number}"),
            attempt: attempt.into(),
            kind: Event::Succeed,
            money: Some(ils(minor)),
            holder: "one".into(),
            signature: String::new(),
        };
        does(&store, way, move |tx| {
            let report = report.clone();
            Box::pin(async move { payments().report(tx, &report, DAY).await })
        })
        .await
        .unwrap();
    }
    does(&store, "system", |tx| Box::pin(loan::fund(tx, "bank", ils(5_000), "f1", DAY))).await.unwrap();
    does(&store, "system", |tx| Box::pin(async move { budget::grant(tx, "plan", &line(), ils(9_000), DAY).await }))
        .await
        .unwrap();
    (store, fees)
}

/// What the entity's books and its payments say, and what left alone.
async fn look(store: &Store, fees: &[String], steps: &[Step]) {
    let mut db = store.read().await.unwrap();
    assert_eq!(prove(&mut db).await.unwrap(), [], "{steps:?}");
    assert_eq!(prove_all(&mut db).await.unwrap(), [], "{steps:?}");
    let refunds = all_refunds(&payments(), &mut db, fees).await.unwrap();
    let mut alone: BTreeMap<String, i64> = BTreeMap::new();
    for fee in fees {
        let payment = payments().get(&mut db, fee).await.unwrap();
        let of_it = refunds.iter().filter(|r| r.payment == *fee && r.difference.is_none());
        let asked: i64 = of_it.filter(|r| r.state != RefundState::Refused).map(|r| r.amount.minor).sum();
        assert!(
            asked <= payment.amount.minor,
            "{fee} brought {}, {asked} is to go back: {steps:?}",
            payment.amount.minor
        );
        assert!(payment.refunded.minor <= asked, "{steps:?}");
    }
    let came: i64 = FEE + FEE + 700 + 300;
    let back: i64 = refunds.iter().filter(|r| r.difference.is_some()).map(|r| r.amount.minor).sum();
    assert!(back <= came, "{steps:?}");
    for refund in refunds.iter().filter(|r| matches!(r.state, RefundState::Approved | RefundState::Done)) {
        assert!(refund.decided_by.is_some());
        if refund.decided_by.as_ref() == Some(&refund.asked_by) {
            assert_eq!(refund.difference, None, "suspense goes back by two: {steps:?}");
            assert_ne!(refund.asked_by, refund.payer, "nobody pays themselves: {steps:?}");
            *alone.entry(refund.payer.clone()).or_default() += refund.amount.minor;
        }
    }
    assert!(alone.values().all(|minor| *minor <= ALONE), "{alone:?}: {steps:?}");
}

async fn check(database: &str, steps: &[Step], persons: &[&str]) {
    let (store, fees) = begin(database).await;
    let held = async |entity: &str, purpose| {
        let account = Account::new(entity, purpose, Currency::ILS);
        ledger::balance(&mut store.read().await.unwrap(), &account).await.unwrap().minor
    };
    for (number, step) in steps.iter().enumerate() {
        let who = persons[step.1 % persons.len()];
        let step = (step.0 / 3, step.1 / persons.len(), step.2, step.3);
        // What is refused is refused; what cannot be understood would be a fault of the books.
        let fault = match steps[number].0 % 3 {
            0 | 1 => matches!(desk(&store, who, step, &fees).await, Err(PaymentError::Store(_))),
            _ if step.2 % 2 == 0 => matches!(lend(&store, who, step).await, Err(LoanError::Store(_))),
            _ => matches!(spend(&store, who, step, number).await, Err(BudgetError::Store(_))),
        };
        assert!(!fault, "{step:?} of {steps:?}");
    }
    look(&store, &fees, steps).await;
    if let [_] = persons {
        // Alone: no loan, no budget, no account of one's own choice, nothing out of suspense, no cash that others count.
        assert_eq!(held("bank", Purpose::LoanFunds).await, 5_000, "{steps:?}");
        let mut db = store.read().await.unwrap();
        let spending = budget::spending(&mut db, "plan").await.unwrap()[&line()];
        assert_eq!((spending.available, spending.committed, spending.spent), (9_000, 0, 0), "{steps:?}");
        let refunds = all_refunds(&payments(), &mut db, &fees).await.unwrap();
        assert!(refunds.iter().all(|refund| refund.iban.is_none() && refund.ordered.is_none()), "{steps:?}");
        assert_eq!(held("treasury", Purpose::RefundsDue).await, due(&refunds), "{steps:?}");
        assert!(held("treasury", Purpose::Treasury).await >= -left(&refunds), "{steps:?}");
    }
}

fn left(refunds: &[Refund]) -> i64 {
    refunds.iter().filter(|r| r.state == RefundState::Done).map(|r| r.amount.minor).sum()
}

fn due(refunds: &[Refund]) -> i64 {
    refunds.iter().filter(|r| r.state == RefundState::Approved).map(|r| r.amount.minor).sum()
}

fn run(name: &str, cases: u32, persons: &'static [&'static str]) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases,
        // A case takes a database: what fails is shown as it is.
        max_shrink_iters: 60,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let number = std::cell::Cell::new(0);
    let amount = prop_oneof![1_i64..4_000, Just(ALONE), Just(ALONE + 1), Just(FEE)];
    let steps = proptest::collection::vec((any::<u8>(), 0_usize..200, 0_usize..8, amount), 30..90);
    runner
        .run(&steps, |steps| {
            number.set(number.get() + 1);
            let name = format!("{name}_{}", number.get());
            runtime.block_on(on_each_engine(&name, async |database| check(&database, &steps, persons).await)).unwrap();
            Ok(())
        })
        .unwrap();
}

#[test]
fn the_books_balance_and_no_refund_exceeds_its_payment_whoever_tries_what() {
    run("alone_all", 12, &PERSONS);
}

#[test]
fn one_person_who_tries_everything_moves_no_more_out_than_they_may_alone() {
    run("alone_one", 8, &PERSONS[..1]);
    // The payer themselves works at the desk.
    run("alone_payer", 4, &PERSONS[3..]);
}
