//! Loans and the budget on both engines: what is lent comes back to the minor unit, nobody approves their own proposal,
//! and no line is overspent. The books balance throughout.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use base::{Currency, Money};
use futures::future::BoxFuture;
use jiff::{Timestamp, civil::Date};
use pay::{
    budget::{self, BudgetChange, BudgetError, BudgetKind, Line, NewBudgetChange},
    ledger::{self, Account, LedgerError, Purpose, prove_all},
    loan::{self, Kind, Loan, LoanError, LoanState, NewLoan, Terms},
};
use store::{By, Store, StoreError, Tx, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 31);

fn usd(minor: i64) -> Money {
    Money { minor, currency: Currency::USD }
}

async fn write<T, E, F>(store: &Store, who: &str, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    store.write(By::new(who, "test", Timestamp::from_second(1_600_000_000).unwrap()), work).await
}

fn new_loan(kind: Kind) -> NewLoan {
    NewLoan {
        id: "L1".into(),
        lender: "bank".into(),
        borrower: "amal".into(),
        borrower_name: "Amal".into(),
        about: "SL-1".into(),
        currency: Currency::USD,
        terms: Terms { kind, principal: 1_000_000, basis_points: 700, months: 11, grace: 2, start: DAY },
        tranches: vec![(333_333, "a prototype".into()), (666_667, "ten customers".into())],
    }
}

async fn held(store: &Store, purpose: Purpose, detail: &str) -> i64 {
    let account = Account::of("bank", purpose, detail, Currency::USD);
    ledger::balance(&mut store.read().await.unwrap(), &account).await.unwrap().minor
}

async fn lend_and_repay(database: String, kind: Kind) {
    let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
    let agree = || write(&store, "officer", move |tx| Box::pin(Loan::agree(tx, new_loan(kind), DAY)));
    assert!(matches!(agree().await, Err(LoanError::Ledger(LedgerError::BelowLimit { .. }))), "nothing to lend yet");
    write(&store, "officer", |tx| Box::pin(loan::fund(tx, "bank", usd(1_500_000), "f1", DAY))).await.unwrap();
    let loan = agree().await.unwrap();
    assert!(matches!(agree().await, Err(LoanError::Twice(_))));
    let pay_out = |number| write(&store, "chief", move |tx| Box::pin(Loan::pay_out(tx, "L1", number, DAY)));
    let owed = async || loan.owed(&mut store.read().await.unwrap()).await.unwrap();
    let principal = |owed: &[loan::Owed]| owed.iter().map(|i| i.principal).sum::<i64>();
    assert_eq!(owed().await, [], "nothing is owed before it was paid out");
    pay_out(1).await.unwrap();
    assert_eq!(principal(&owed().await), 333_333, "nobody owes what was not paid out");
    assert!(matches!(pay_out(1).await, Err(LoanError::NoTranche)));
    assert!(matches!(pay_out(3).await, Err(LoanError::NoTranche)));
    pay_out(2).await.unwrap();
    assert_eq!(principal(&owed().await), 1_000_000);
    assert_eq!(held(&store, Purpose::LoanFunds, "").await, 500_000);
    let markup = if kind == Kind::Murabaha { 70_000 } else { 0 };
    assert_eq!(held(&store, Purpose::LoanPrincipal, "L1").await, 1_000_000 + markup);

    // Late by 40 days: the first instalments are overdue, and a murabaha does not grow.
    let owed = owed().await;
    let open: Vec<&loan::Owed> = owed.iter().filter(|i| i.open() > 0).collect();
    let whole: i64 = open.iter().map(|i| i.open()).sum();
    // Both on one day, it is the schedule of the whole.
    let plan = Terms { start: DAY, ..new_loan(kind).terms }.schedule().unwrap();
    let planned: Vec<(String, i64, i64)> = plan.iter().map(|i| (i.due.to_string(), i.principal, i.profit)).collect();
    let now: Vec<(String, i64, i64)> = open.iter().map(|i| (i.due.clone(), i.principal, i.profit)).collect();
    assert_eq!(now, planned);
    let first: Date = open[0].due.parse().unwrap();
    let ageing = Loan::ageing(&owed, first.saturating_add(jiff::Span::new().days(40)));
    assert!(ageing.to_90 >= open[0].open() && ageing.not_due < whole, "{ageing:?}");

    let repay = |minor, receipt: &'static str| {
        write(&store, "officer", move |tx| Box::pin(Loan::repay(tx, "L1", minor, receipt, DAY)))
    };
    assert!(matches!(repay(whole + 1, "r0").await, Err(LoanError::Amount(open)) if open == whole));
    assert_eq!(repay(100_001, "r1").await.unwrap().state, LoanState::Running);
    assert!(
        matches!(repay(100_001, "r1").await, Err(LoanError::Ledger(LedgerError::Twice(_)))),
        "a receipt counts once"
    );
    let later = DAY.saturating_add(jiff::Span::new().days(90));
    let proposal = loan::Proposal { months: 7, grace: 0 };
    let decide = |who: &'static str, approve| {
        write(&store, who, move |tx| Box::pin(Loan::decide_months(tx, "L1", approve, later)))
    };
    let propose = || write(&store, "officer", move |tx| Box::pin(Loan::propose_months(tx, "L1", proposal, later)));
    assert!(matches!(decide("chief", true).await, Err(LoanError::NotNow(LoanState::Running))));
    let too_many = loan::Proposal { months: 0, grace: 0 };
    let wrong = write(&store, "officer", move |tx| Box::pin(Loan::propose_months(tx, "L1", too_many, later)));
    assert!(matches!(wrong.await, Err(LoanError::Terms(_))));
    propose().await.unwrap();
    assert!(matches!(decide("officer", true).await, Err(LoanError::SamePerson(_))));
    assert_eq!(decide("chief", false).await.unwrap().terms.months, 11, "refused, it stays as it was");
    propose().await.unwrap();
    assert_eq!(decide("chief", true).await.unwrap().terms.months, 7);
    let left: i64 = loan.owed(&mut store.read().await.unwrap()).await.unwrap().iter().map(|i| i.open()).sum();
    if kind == Kind::Murabaha {
        assert_eq!(left, whole - 100_001, "the price stays the price");
    }
    assert_eq!(repay(left, "r2").await.unwrap().state, LoanState::Repaid);
    assert_eq!(held(&store, Purpose::LoanPrincipal, "L1").await, 0);
    assert_eq!(held(&store, Purpose::LoanDeferredProfit, "L1").await, 0);
    assert_eq!(held(&store, Purpose::LoanFunds, "").await, 1_500_000 + held(&store, Purpose::LoanIncome, "").await);
    assert!(matches!(repay(1, "r3").await, Err(LoanError::NotNow(LoanState::Repaid))));
    assert_eq!(prove_all(&mut store.read().await.unwrap()).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_lent_comes_back_to_the_minor_unit() {
    for kind in Kind::ALL {
        let name = format!("loan_{}", kind.as_str().replace('-', "_"));
        on_each_engine(&name, async |database| lend_and_repay(database, kind).await).await.unwrap();
    }
}

/// A loan that is paid out and of which new months are proposed.
async fn with_proposal(store: &Store) -> Loan {
    write(store, "officer", |tx| Box::pin(loan::fund(tx, "bank", usd(1_000_000), "f1", DAY))).await.unwrap();
    let loan = write(store, "officer", |tx| Box::pin(Loan::agree(tx, new_loan(Kind::EqualPrincipal), DAY)));
    let loan = loan.await.unwrap();
    for number in [1, 2] {
        write(store, "chief", move |tx| Box::pin(Loan::pay_out(tx, "L1", number, DAY))).await.unwrap();
    }
    propose(store).await;
    loan
}

async fn propose(store: &Store) {
    let proposal = loan::Proposal { months: 7, grace: 1 };
    write(store, "officer", move |tx| Box::pin(Loan::propose_months(tx, "L1", proposal, DAY))).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_journal_says_what_months_were_proposed_and_agreed() {
    on_each_engine("loan_journal", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        with_proposal(&store).await;
        let decide = async |approve| {
            let decided = write(&store, "chief", move |tx| Box::pin(Loan::decide_months(tx, "L1", approve, DAY)));
            decided.await.unwrap();
            let entries = store::entries_of(&mut store.read().await.unwrap(), "loan", "L1").await.unwrap();
            let said = |document: &Option<serde_json::Value>| {
                let document = document.clone().unwrap();
                ["months", "grace", "start", "proposal"].map(|key| document[key].clone())
            };
            let last = entries.iter().max_by_key(|entry| entry.seq).unwrap();
            (said(&last.before), said(&last.after))
        };
        let day = DAY.to_string();
        let as_agreed = [11.into(), 2.into(), day.clone().into(), serde_json::Value::Null];
        let proposed = serde_json::json!({"months": 7, "grace": 1});
        let waiting = [11.into(), 2.into(), day.clone().into(), proposed];
        assert_eq!(decide(false).await, (waiting.clone(), as_agreed));
        propose(&store).await;
        assert_eq!(decide(true).await, (waiting, [7.into(), 1.into(), day.into(), serde_json::Value::Null]));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loan_that_is_repaid_asks_for_no_decision() {
    on_each_engine("loan_repaid_proposal", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let loan = with_proposal(&store).await;
        let open: i64 = loan.owed(&mut store.read().await.unwrap()).await.unwrap().iter().map(|i| i.open()).sum();
        let repay = |minor, receipt: &'static str| {
            write(&store, "officer", move |tx| Box::pin(Loan::repay(tx, "L1", minor, receipt, DAY)))
        };
        assert!(repay(1, "r1").await.unwrap().proposal.is_some(), "something is left to decide on");
        let repaid = repay(open - 1, "r2").await.unwrap();
        assert_eq!((repaid.state, repaid.proposal), (LoanState::Repaid, None));
        assert_eq!(Loan::get(&mut store.read().await.unwrap(), "L1").await.unwrap().proposal, None);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_tranche_that_is_paid_out_later_is_owed_from_then_on() {
    on_each_engine("loan_tranches", async |database| {
        for (kind, id) in [(Kind::EqualPrincipal, "L1"), (Kind::Murabaha, "L2"), (Kind::Annuity, "L3")] {
            let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
            write(&store, "officer", move |tx| Box::pin(loan::fund(tx, "bank", usd(1_000_000), id, DAY)))
                .await
                .unwrap();
            let new = move || NewLoan { id: id.into(), ..new_loan(kind) };
            let loan = write(&store, "officer", move |tx| Box::pin(Loan::agree(tx, new(), DAY))).await.unwrap();
            let pay_out = |number, day| write(&store, "chief", move |tx| Box::pin(Loan::pay_out(tx, id, number, day)));
            pay_out(1, DAY).await.unwrap();
            let owed = async || loan.owed(&mut store.read().await.unwrap()).await.unwrap();
            let before = owed().await;
            // Four months on, of which two were grace: two instalments of the first tranche were due.
            let later = DAY.saturating_add(jiff::Span::new().days(125));
            let due: Vec<_> = before.iter().filter(|i| i.due <= later.to_string()).cloned().collect();
            let repaid: i64 = due.iter().map(|i| i.open()).sum();
            let repay = |minor, receipt: &'static str, day| {
                write(&store, "officer", move |tx| Box::pin(Loan::repay(tx, id, minor, receipt, day)))
            };
            repay(repaid, "r1", later).await.unwrap();
            pay_out(2, later).await.unwrap();
            let now = owed().await;
            assert_eq!(
                now[..due.len()].iter().map(|i| i.principal).collect::<Vec<_>>(),
                due.iter().map(|i| i.principal).collect::<Vec<_>>(),
                "what was due stays as it was"
            );
            assert_eq!(now.iter().map(|i| i.principal).sum::<i64>(), 1_000_000);
            let last =
                |owed: &[loan::Owed]| owed.iter().filter(|i| i.principal + i.profit > 0).map(|i| i.due.clone()).max();
            assert_eq!(last(&now), last(&before), "the last day stays the last day");
            if kind == Kind::Murabaha {
                assert_eq!(now.iter().map(|i| i.profit).sum::<i64>(), 70_000, "the price stays the price");
            }
            let open: i64 = now.iter().map(|i| i.open()).sum();
            assert_eq!(repay(open, "r2", later).await.unwrap().state, LoanState::Repaid);
            assert_eq!(
                (held(&store, Purpose::LoanPrincipal, id).await, held(&store, Purpose::LoanDeferredProfit, id).await),
                (0, 0)
            );
            assert_eq!(prove_all(&mut store.read().await.unwrap()).await.unwrap(), []);
            // After all its months nothing more can be paid out.
            let late = move || NewLoan { id: format!("{id}-late"), ..new_loan(kind) };
            write(&store, "officer", move |tx| Box::pin(Loan::agree(tx, late(), DAY))).await.unwrap();
            let pay = |number, day| {
                write(&store, "chief", move |tx| {
                    Box::pin(async move { Loan::pay_out(tx, &format!("{id}-late"), number, day).await })
                })
            };
            pay(1, DAY).await.unwrap();
            assert!(matches!(pay(2, DAY.saturating_add(jiff::Span::new().days(400))).await, Err(LoanError::Over)));
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_loan_is_given_up_by_two_people() {
    on_each_engine("loan_write_off", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        write(&store, "officer", |tx| Box::pin(loan::fund(tx, "bank", usd(1_000_000), "f1", DAY))).await.unwrap();
        write(&store, "officer", |tx| Box::pin(Loan::agree(tx, new_loan(Kind::Murabaha), DAY))).await.unwrap();
        write(&store, "chief", |tx| Box::pin(Loan::pay_out(tx, "L1", 1, DAY))).await.unwrap();
        let decide = |who: &'static str| write(&store, who, |tx| Box::pin(Loan::decide_write_off(tx, "L1", true, DAY)));
        assert!(matches!(decide("chief").await, Err(LoanError::NotNow(LoanState::Running))));
        write(&store, "officer", |tx| Box::pin(Loan::propose_write_off(tx, "L1", DAY))).await.unwrap();
        assert!(matches!(decide("officer").await, Err(LoanError::SamePerson(_))));
        assert_eq!(decide("chief").await.unwrap().state, LoanState::WrittenOff);
        assert_eq!(held(&store, Purpose::LoanWrittenOff, "").await, 333_333, "the profit was never earned");
        let funds = Account::of("bank", Purpose::LoanFunds, "", Currency::USD);
        let funds = ledger::balance(&mut store.read().await.unwrap(), &funds).await.unwrap();
        assert_eq!((funds.minor, funds.held), (666_667, 0), "what was promised is free for others");
        assert_eq!(prove_all(&mut store.read().await.unwrap()).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_line_of_the_budget_is_overspent_and_nobody_approves_their_own() {
    on_each_engine("budget", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        let line = |year| Line { intervention: "fibre".into(), year, source: "treasury".into() };
        for _ in 0..2 {
            write(&store, "system", move |tx| {
                Box::pin(async move {
                    budget::grant(tx, "plan", &line(2021), usd(1_000), DAY).await?;
                    budget::grant(tx, "plan", &line(2022), usd(500), DAY).await
                })
            })
            .await
            .unwrap();
        }
        let propose = |id: &'static str, kind, minor, to: Option<Line>| {
            write(&store, "secretary", move |tx| {
                let (plan, reason) = ("plan".to_owned(), "why".to_owned());
                let new = NewBudgetChange { id: id.into(), kind, plan, line: line(2021), to: to.clone(), money: usd(minor), reason };
                Box::pin(BudgetChange::propose(tx, new, DAY))
            })
        };
        let decide = |who: &'static str, id: &'static str, approve| {
            write(&store, who, move |tx| Box::pin(BudgetChange::decide(tx, id, approve, DAY)))
        };
        assert!(matches!(propose("c0", BudgetKind::Commit, 1_001, None).await, Err(BudgetError::NotEnough(left)) if left.minor == 1_000));
        assert!(matches!(propose("c0", BudgetKind::Commit, 0, None).await, Err(BudgetError::NoAmount)));
        assert!(matches!(propose("c0", BudgetKind::Reallocate, 5, None).await, Err(BudgetError::NoLine)));
        propose("c1", BudgetKind::Commit, 800, None).await.unwrap();
        propose("c2", BudgetKind::Commit, 300, None).await.unwrap();
        assert!(matches!(decide("secretary", "c1", true).await, Err(BudgetError::SamePerson(_))));
        decide("committee", "c1", true).await.unwrap();
        assert!(matches!(decide("committee", "c1", true).await, Err(BudgetError::NoChange(_))));
        assert!(matches!(decide("committee", "c2", true).await, Err(BudgetError::NotEnough(left)) if left.minor == 200));
        decide("committee", "c2", false).await.unwrap();
        for (id, kind, minor, to) in [
            ("c3", BudgetKind::Spend, 600, None),
            ("c4", BudgetKind::Release, 100, None),
            ("c5", BudgetKind::Reallocate, 250, Some(line(2022))),
        ] {
            propose(id, kind, minor, to).await.unwrap();
            decide("committee", id, true).await.unwrap();
        }
        let mut db = store.read().await.unwrap();
        let lines = budget::spending(&mut db, "plan").await.unwrap();
        let of = |year| lines[&line(year)];
        assert_eq!((of(2021).available, of(2021).committed, of(2021).spent, of(2021).granted()), (50, 100, 600, 750));
        assert_eq!(of(2022).granted(), 750);
        assert_eq!(BudgetChange::of_line(&mut db, "plan", &line(2022), 9).await.unwrap().len(), 1);
        assert_eq!(prove_all(&mut db).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_late_of_all_loans_is_what_is_late_of_each() {
    on_each_engine("loan_ageing", async |database| {
        let store = Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap();
        write(&store, "officer", |tx| Box::pin(loan::fund(tx, "bank", usd(90_000_000), "f1", DAY))).await.unwrap();
        for (number, kind) in (0..12).zip(Kind::ALL.into_iter().cycle()) {
            let id = format!("L{number}");
            let start = DAY.saturating_sub(jiff::Span::new().days(40 * number));
            let named = id.clone();
            let new = move || NewLoan { id: named.clone(), ..new_loan(kind) };
            write(&store, "officer", move |tx| Box::pin(Loan::agree(tx, new(), start))).await.unwrap();
            for tranche in [1, 2] {
                let id = id.clone();
                write(&store, "chief", move |tx| {
                    let id = id.clone();
                    Box::pin(async move { Loan::pay_out(tx, &id, tranche, start).await })
                })
                .await
                .unwrap();
            }
        }
        let mut db = store.read().await.unwrap();
        let mut each = loan::Ageing::default();
        // Page by page all are there once.
        assert_eq!(Loan::count(&mut db).await.unwrap(), 12);
        for skip in [0, 5, 10] {
            for loan in Loan::all(&mut db, skip, 5).await.unwrap() {
                let of = Loan::ageing(&loan.owed(&mut db).await.unwrap(), DAY);
                each.not_due += of.not_due;
                each.to_30 += of.to_30;
                each.to_90 += of.to_90;
                each.to_180 += of.to_180;
                each.longer += of.longer;
            }
        }
        assert!([each.not_due, each.to_30, each.to_90, each.to_180, each.longer].iter().all(|minor| *minor > 0));
        assert_eq!(Loan::ageing_of_all(&mut db, Currency::USD, DAY).await.unwrap(), each);
        assert_eq!(Loan::ageing_of_all(&mut db, Currency::JOD, DAY).await.unwrap(), loan::Ageing::default());
        // Numbers that would wrap around to the principal are no tranches of it.
        let wrapped = || NewLoan {
            id: "W".into(),
            tranches: vec![(i64::MAX, "a".into()), (i64::MAX, "b".into()), (1_000_002, "c".into())],
            ..new_loan(Kind::Annuity)
        };
        let refused = write(&store, "officer", move |tx| Box::pin(Loan::agree(tx, wrapped(), DAY))).await;
        assert!(matches!(refused, Err(LoanError::Tranches(_))), "{refused:?}");
    })
    .await
    .unwrap();
}
