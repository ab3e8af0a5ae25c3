//! Money leaves by two persons, on both engines: whatever one person does, in whatever order, above the limit nothing
//! leaves, and nothing goes to an account that the same person entered.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use base::{Currency, Money};
use futures::future::BoxFuture;
use jiff::{Timestamp, civil::Date};
use pay::{
    Event, NewPayment, PaymentError, Payments, Refund, RefundProposal, RefundState, Report, Resolution,
    loan::{self, Kind, Loan, LoanError, NewLoan, Proposal, Terms},
    persons::Part,
    way::{Cash, HostedPage},
};
use serde_json::json;
use store::{By, Store, StoreError, Tx, testing::on_each_engine};

const DAY: Date = Date::constant(2021, 3, 1);
const IBAN: &str = "PS92PALS000000000400123456702";
const OTHER: &str = "JO94CBJO0010000000000131000302";
/// What one person alone may pay back.
const ALONE: i64 = 5_000;

fn payments() -> Payments {
    let card =
        HostedPage { name: "card".into(), base: "http://b".into(), portal: "http://p".into(), secret: "s".into() };
    Payments::new(vec![Arc::new(card), Arc::new(Cash)])
}

async fn open(database: &str) -> Store {
    Store::open(database, pay::MIGRATIONS, vec![]).await.unwrap()
}

async fn does<T, E, F>(store: &Store, who: &str, work: F) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    store.write(By::new(who, "test", Timestamp::from_second(1_614_600_000).unwrap()), work).await
}

/// A fee of 100.00 that a payer has paid in cash.
async fn paid(store: &Store, about: &str, payer: &str) -> String {
    let new = NewPayment {
        about: about.into(),
        service: "licence".into(),
        entity: "ministry".into(),
        payer: payer.into(),
        payer_name: payer.into(),
        amount: Money { minor: 10_000, currency: Currency::ILS },
        opened: DAY,
        expires: None,
        fee: json!({}),
        random: about.bytes().fold(7, |number, byte| number * 31 + u64::from(byte)),
    };
    let payment = does(store, payer, move |tx| {
        let new = new.clone();
        Box::pin(async move { payments().quote(tx, new).await })
    });
    let id = payment.await.unwrap().id;
    money(store, &id, &format!("{id}-cash"), 10_000).await;
    id
}

/// Money that comes in cash, for a payment or for none.
async fn money(store: &Store, attempt: &str, event: &str, minor: i64) {
    let report = Report {
        way: "cash".into(),
        event: event.into(),
        attempt: attempt.into(),
        kind: Event::Succeed,
        money: Some(Money { minor, currency: Currency::ILS }),
        holder: "agent".into(),
        signature: String::new(),
    };
    does(store, "agent", move |tx| {
        let report = report.clone();
        Box::pin(async move { payments().report(tx, &report, DAY).await })
    })
    .await
    .unwrap();
}

async fn ask(store: &Store, who: &str, id: &str, minor: i64) -> Result<Refund, PaymentError> {
    let id = id.to_owned();
    does(store, who, move |tx| {
        let id = id.clone();
        Box::pin(async move { payments().ask_refund(tx, &id, minor, "a reason", ALONE, DAY).await })
    })
    .await
}

async fn decide(store: &Store, who: &str, id: &str, approve: bool) -> Result<Refund, PaymentError> {
    let id = id.to_owned();
    does(store, who, move |tx| {
        let id = id.clone();
        Box::pin(async move {
            match approve {
                true => payments().approve_refund(tx, &id, DAY).await,
                false => payments().refuse_refund(tx, &id, DAY).await,
            }
        })
    })
    .await
}

async fn enter(store: &Store, who: &str, id: &str, iban: &'static str) -> Result<Refund, PaymentError> {
    let id = id.to_owned();
    does(store, who, move |tx| {
        let id = id.clone();
        Box::pin(async move { payments().refund_to(tx, &id, iban, DAY).await })
    })
    .await
}

async fn agree_account(
    store: &Store,
    who: &str,
    id: &str,
    iban: &'static str,
    approve: bool,
) -> Result<Refund, PaymentError> {
    let id = id.to_owned();
    does(store, who, move |tx| {
        let (id, seen) = (id.clone(), RefundProposal::Account(iban.into()));
        Box::pin(async move { payments().decide_proposal(tx, &id, &seen, approve, DAY).await })
    })
    .await
}

async fn resolve(
    store: &Store,
    who: &str,
    id: &'static str,
    decided: Option<bool>,
) -> Result<Option<Refund>, PaymentError> {
    does(store, who, move |tx| {
        Box::pin(async move {
            match decided {
                None => payments().send_back(tx, id, DAY).await.map(|_| None),
                Some(approve) => payments().decide_difference(tx, id, Resolution::Back, approve, DAY).await,
            }
        })
    })
    .await
}

/// Why somebody cannot be the second person.
fn part<T: std::fmt::Debug>(outcome: Result<T, PaymentError>) -> Part {
    match outcome {
        Err(PaymentError::SamePerson(own)) => own.part,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_counts_what_was_paid_back_before() {
    on_each_engine("persons_limit", async |database| {
        let store = open(&database).await;
        // Of one payment: 30 and 30 are 60, and more than 50; whoever asks.
        let id = paid(&store, "SL-1", "amal").await;
        assert_eq!(ask(&store, "officer", &id, 3_000).await.unwrap().state, RefundState::Approved);
        let second = ask(&store, "other", &id, 3_000).await.unwrap();
        assert_eq!(second.state, RefundState::Asked, "splitting does not pass the limit");
        // What was refused did not go back, what waits counts.
        decide(&store, "chief", &second.id, false).await.unwrap();
        assert_eq!(ask(&store, "officer", &id, 2_000).await.unwrap().state, RefundState::Approved);
        assert_eq!(ask(&store, "officer", &id, 1).await.unwrap().state, RefundState::Asked);
        // Of one payer, over several payments: 20 is left of what one person alone may pay back.
        let another = paid(&store, "SL-2", "amal").await;
        assert_eq!(ask(&store, "other", &another, 1).await.unwrap().state, RefundState::Asked);
        let badr = paid(&store, "SL-3", "badr").await;
        assert_eq!(ask(&store, "other", &badr, 5_000).await.unwrap().state, RefundState::Approved);
        // What two have agreed to does not count against the payer's other payments.
        let (first, then) = (paid(&store, "SL-4", "dana").await, paid(&store, "SL-5", "dana").await);
        let whole = ask(&store, "officer", &first, 10_000).await.unwrap();
        decide(&store, "chief", &whole.id, true).await.unwrap();
        assert_eq!(ask(&store, "officer", &then, 5_000).await.unwrap().state, RefundState::Approved);
        // Nobody pays back to themselves alone, and nobody writes a reason that only rules give.
        let own = paid(&store, "SL-6", "officer").await;
        let asked = ask(&store, "officer", &own, 1).await.unwrap();
        assert_eq!(asked.state, RefundState::Asked);
        for reason in ["", " ", "by-rule"] {
            let id = own.clone();
            let refused = does(&store, "other", move |tx| {
                let id = id.clone();
                Box::pin(async move { payments().ask_refund(tx, &id, 1, reason, ALONE, DAY).await })
            });
            assert!(matches!(refused.await, Err(PaymentError::NoReason)), "{reason}");
        }
        // A rule of the service is a second person.
        let ruled = paid(&store, "SL-7", "officer").await;
        let ruled = does(&store, "officer", move |tx| {
            let id = ruled.clone();
            Box::pin(async move { payments().refund_by_rule(tx, &id, DAY).await })
        });
        let ruled = ruled.await.unwrap();
        assert_eq!((ruled.state, ruled.decided_by.as_deref()), (RefundState::Approved, Some("rule")));
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_asked_or_entered_the_account_or_gains_does_not_approve() {
    on_each_engine("persons_refund", async |database| {
        let store = open(&database).await;
        let id = paid(&store, "SL-1", "payer").await;
        let first = ask(&store, "one", &id, 6_000).await.unwrap();
        let second = ask(&store, "two", &id, 1_000).await.unwrap();
        // For one payment: who asked for any of it, and who gets it.
        for (who, because) in [("one", Part::Asked), ("two", Part::Asked), ("payer", Part::Gains)] {
            assert_eq!(part(decide(&store, who, &first.id, true).await), because, "{who}");
            assert_eq!(part(decide(&store, who, &second.id, false).await), because, "{who}");
        }
        decide(&store, "chief", &first.id, true).await.unwrap();
        // The account is changed after the approval: it counts when somebody else has approved it.
        assert_eq!(part(enter(&store, "payer", &first.id, IBAN).await), Part::Gains);
        let entered = enter(&store, "chief", &first.id, IBAN).await.unwrap();
        assert_eq!((entered.iban, entered.proposal), (None, Some(RefundProposal::Account(IBAN.into()))));
        assert!(matches!(enter(&store, "one", &first.id, OTHER).await, Err(PaymentError::Waits)));
        assert_eq!(part(agree_account(&store, "chief", &first.id, IBAN, true).await), Part::Entered);
        assert_eq!(part(agree_account(&store, "one", &first.id, IBAN, true).await), Part::Asked);
        // What was not seen is not approved.
        let unseen = agree_account(&store, "third", &first.id, OTHER, true).await;
        assert!(matches!(unseen, Err(PaymentError::NotSeen)));
        assert_eq!(agree_account(&store, "third", &first.id, IBAN, true).await.unwrap().iban.as_deref(), Some(IBAN));
        // And once more: each change needs its own approval, and what was refused stays as it was.
        enter(&store, "one", &first.id, OTHER).await.unwrap();
        assert_eq!(agree_account(&store, "third", &first.id, OTHER, false).await.unwrap().iban.as_deref(), Some(IBAN));
        // Whoever entered an account for one payment approves nothing that goes to it for another.
        let other = paid(&store, "SL-2", "badr").await;
        let refund = ask(&store, "one", &other, 6_000).await.unwrap();
        decide(&store, "third", &refund.id, true).await.unwrap();
        enter(&store, "one", &refund.id, IBAN).await.unwrap();
        assert_eq!(part(agree_account(&store, "chief", &refund.id, IBAN, true).await), Part::Entered);
        // The pages know it before anybody tries.
        let mut db = store.read().await.unwrap();
        let asked = payments().refunds_of(&mut db, &id).await.unwrap().remove(1);
        for (who, because) in [("one", Some(Part::Asked)), ("chief", Some(Part::Entered)), ("fifth", None)] {
            let barred = pay::persons::barred(&mut db, who, &[asked.second_person()]).await.unwrap().remove(0);
            assert_eq!(barred.map(|own| own.part), because, "{who}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_out_of_suspense_goes_back_by_two_persons_and_to_no_account_of_the_one() {
    on_each_engine("persons_suspense", async |database| {
        let store = open(&database).await;
        money(&store, "PY-none", "e1", 20_000).await;
        money(&store, "PY-none", "e2", 100).await;
        resolve(&store, "officer", "cash-e1-unknown", None).await.unwrap();
        // However little it is.
        resolve(&store, "officer", "cash-e2-unknown", None).await.unwrap();
        assert_eq!(part(resolve(&store, "officer", "cash-e1-unknown", Some(true)).await), Part::Asked);
        // Refused, it lies there still, and can be proposed again.
        assert_eq!(resolve(&store, "chief", "cash-e1-unknown", Some(false)).await.unwrap(), None);
        resolve(&store, "officer", "cash-e1-unknown", None).await.unwrap();
        let refund = resolve(&store, "chief", "cash-e1-unknown", Some(true)).await.unwrap().unwrap();
        assert_eq!((refund.asked_by.as_str(), refund.decided_by.as_deref()), ("officer", Some("chief")));
        assert_eq!(part(enter(&store, "officer", &refund.id, IBAN).await), Part::Asked);
        enter(&store, "other", &refund.id, IBAN).await.unwrap();
        assert_eq!(part(agree_account(&store, "other", &refund.id, IBAN, true).await), Part::Entered);
        assert_eq!(part(agree_account(&store, "officer", &refund.id, IBAN, true).await), Part::Asked);
        agree_account(&store, "chief", &refund.id, IBAN, true).await.unwrap();
        // Nobody takes money that nobody could be found for as their own fee.
        let new = NewPayment {
            about: "SL-9".into(),
            service: "licence".into(),
            entity: "ministry".into(),
            payer: "officer".into(),
            payer_name: "officer".into(),
            amount: Money { minor: 100, currency: Currency::ILS },
            opened: DAY,
            expires: None,
            fee: json!({}),
            random: 9,
        };
        let own = does(&store, "officer", move |tx| {
            let new = new.clone();
            Box::pin(async move { payments().quote(tx, new).await })
        });
        let own = own.await.unwrap().id;
        money(&store, "PY-none", "e3", 100).await;
        let assigned = does(&store, "officer", move |tx| {
            let own = own.clone();
            Box::pin(async move { payments().assign(tx, "cash-e3-unknown", &own, DAY).await })
        });
        assert_eq!(part(assigned.await), Part::Gains);
        let mut db = store.read().await.unwrap();
        assert_eq!(pay::prove_all(&mut db).await.unwrap(), []);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_till_is_counted_by_somebody_else() {
    on_each_engine("persons_till", async |database| {
        let store = open(&database).await;
        paid(&store, "SL-1", "amal").await;
        let handed = does(&store, "agent", |tx| {
            let money = Money { minor: 10_000, currency: Currency::ILS };
            Box::pin(async move { payments().hand_in(tx, money, DAY).await })
        });
        let id = handed.await.unwrap().id;
        let count = async |who: &str| {
            let id = id.clone();
            does(&store, who, move |tx| {
                let id = id.clone();
                Box::pin(async move { payments().decide_hand_in(tx, &id, true, DAY).await })
            })
            .await
        };
        assert_eq!(part(count("agent").await), Part::Asked);
        count("officer").await.unwrap();
    })
    .await
    .unwrap();
}

fn new_loan(borrower: &str) -> NewLoan {
    let terms =
        Terms { kind: Kind::EqualPrincipal, principal: 1_000, basis_points: 0, months: 4, grace: 0, start: DAY };
    NewLoan {
        id: "L1".into(),
        lender: "bank".into(),
        borrower: borrower.into(),
        borrower_name: borrower.into(),
        about: "SL-1".into(),
        currency: Currency::USD,
        terms,
        tranches: vec![(400, "a prototype".into()), (600, "ten customers".into())],
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_agrees_a_loan_or_gains_by_it_neither_pays_it_out_nor_decides_on_it() {
    on_each_engine("persons_loan", async |database| {
        let store = open(&database).await;
        does(&store, "officer", |tx| {
            let money = Money { minor: 5_000, currency: Currency::USD };
            Box::pin(loan::fund(tx, "bank", money, "f1", DAY))
        })
        .await
        .unwrap();
        let part = |outcome: Result<Loan, LoanError>| match outcome {
            Err(LoanError::SamePerson(own)) => own.part,
            other => panic!("{other:?}"),
        };
        let own = does(&store, "officer", |tx| Box::pin(Loan::agree(tx, new_loan("officer"), DAY))).await;
        assert_eq!(part(own), Part::Gains);
        does(&store, "officer", |tx| Box::pin(Loan::agree(tx, new_loan("amal"), DAY))).await.unwrap();
        let pay_out = |who: &'static str, number| {
            does(&store, who, move |tx| Box::pin(async move { Loan::pay_out(tx, "L1", number, DAY).await }))
        };
        for (who, because) in [("officer", Part::Agreed), ("amal", Part::Gains)] {
            assert_eq!(part(pay_out(who, 1).await), because);
        }
        pay_out("chief", 1).await.unwrap();
        // Whoever agreed it is not made another by somebody's proposal.
        let months = Proposal { months: 9, grace: 0 };
        does(&store, "other", move |tx| Box::pin(Loan::propose_months(tx, "L1", months, DAY))).await.unwrap();
        let decide = |who: &'static str| {
            does(&store, who, |tx| Box::pin(async move { Loan::decide_months(tx, "L1", true, DAY).await }))
        };
        for (who, because) in [("officer", Part::Agreed), ("other", Part::Asked), ("amal", Part::Gains)] {
            assert_eq!(part(decide(who).await), because);
        }
        decide("chief").await.unwrap();
        assert_eq!(part(pay_out("officer", 2).await), Part::Agreed);
        assert_eq!(part(pay_out("other", 2).await), Part::Asked);
        does(&store, "other", |tx| Box::pin(Loan::propose_write_off(tx, "L1", DAY))).await.unwrap();
        let give_up = |who: &'static str| {
            does(&store, who, |tx| Box::pin(async move { Loan::decide_write_off(tx, "L1", true, DAY).await }))
        };
        for who in ["officer", "other", "amal"] {
            part(give_up(who).await);
        }
        give_up("chief").await.unwrap();
    })
    .await
    .unwrap();
}

fn debtor() -> pay::Debtor {
    pay::Debtor { holder: "Treasury".into(), iban: OTHER.into() }
}

async fn order(store: &Store) -> Result<pay::Order, PaymentError> {
    does(store, "officer", |tx| {
        Box::pin(async move { payments().order_refunds(tx, &debtor(), "2021-03-02", DAY).await })
    })
    .await
}

/// The refunds that the file of an order names.
async fn ordered(store: &Store, order: &pay::Order) -> Vec<String> {
    let (kept, file) = payments().order(&mut store.read().await.unwrap(), &order.id).await.unwrap().unwrap();
    assert_eq!(&kept, order);
    let names = file.split("<EndToEndId>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
    names.collect()
}

/// A refund to an account that two have agreed to.
async fn to_account(store: &Store, about: &str) -> String {
    let id = paid(store, about, about).await;
    let refund = ask(store, "officer", &id, 6_000).await.unwrap();
    decide(store, "chief", &refund.id, true).await.unwrap();
    enter(store, "officer", &refund.id, IBAN).await.unwrap();
    agree_account(store, "chief", &refund.id, IBAN, true).await.unwrap();
    refund.id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_is_ordered_once_and_again_when_two_say_that_the_bank_refused_it() {
    on_each_engine("persons_order", async |database| {
        let store = open(&database).await;
        assert!(matches!(order(&store).await, Err(PaymentError::NothingToOrder)));
        let first = to_account(&store, "SL-1").await;
        // What has no account, or one that nobody has agreed to, is in no order.
        let id = paid(&store, "SL-2", "badr").await;
        let bare = ask(&store, "officer", &id, 100).await.unwrap().id;
        enter(&store, "officer", &bare, IBAN).await.unwrap();
        let made = order(&store).await.unwrap();
        assert_eq!((made.transfers, ordered(&store, &made).await), (1, vec![first.clone()]));
        assert!(matches!(order(&store).await, Err(PaymentError::NothingToOrder)), "nothing is ordered twice");
        // The journal says what was in it.
        let entries = store::entries_of(&mut store.read().await.unwrap(), "order", &made.id).await.unwrap();
        let said = entries[0].after.clone().unwrap();
        assert_eq!(
            (&said["refunds"], &said["hash"], &said["minor"]),
            (&json!([first]), &json!(made.hash), &json!({"ILS": 6_000}))
        );
        // What was ordered is sent nowhere else.
        assert!(
            matches!(enter(&store, "officer", &first, OTHER).await, Err(PaymentError::Ordered(with)) if with == made.id)
        );
        let again = async |who: &str, id: &str| {
            let id = id.to_owned();
            does(&store, who, move |tx| {
                let id = id.clone();
                Box::pin(async move { payments().order_again(tx, &id, DAY).await })
            })
            .await
        };
        let agree = async |who: &str, approve: bool| {
            let id = first.clone();
            does(&store, who, move |tx| {
                let id = id.clone();
                Box::pin(
                    async move { payments().decide_proposal(tx, &id, &RefundProposal::OrderAgain, approve, DAY).await },
                )
            })
            .await
        };
        assert!(matches!(again("officer", &bare).await, Err(PaymentError::Waits)));
        again("officer", &first).await.unwrap();
        assert!(matches!(order(&store).await, Err(PaymentError::NothingToOrder)), "a proposal orders nothing");
        assert_eq!(part(agree("officer", true).await), Part::Asked);
        agree("chief", false).await.unwrap();
        assert!(matches!(order(&store).await, Err(PaymentError::NothingToOrder)));
        again("officer", &first).await.unwrap();
        agree("chief", true).await.unwrap();
        let next = order(&store).await.unwrap();
        assert!(next.id != made.id && next.hash != made.hash);
        assert_eq!(ordered(&store, &next).await, std::slice::from_ref(&first));
        assert_eq!(ordered(&store, &made).await, [first], "the first file stays as it was");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_refund_is_ordered_and_found_however_many_there_are() {
    on_each_engine("persons_many", async |database| {
        let store = open(&database).await;
        const MANY: usize = 450;
        for n in 0..MANY {
            let (payer, about) = (format!("p{n}"), format!("SL-{n}"));
            let id = paid(&store, &about, &payer).await;
            ask(&store, "officer", &id, 100).await.unwrap();
        }
        // As if the bank had said where each came from.
        does(&store, "test", |tx| {
            Box::pin(async move {
                tx.run("UPDATE refund SET iban = 'PS92PALS000000000400123456702'", &[]).await?;
                Ok::<_, StoreError>(())
            })
        })
        .await
        .unwrap();
        let made = order(&store).await.unwrap();
        let mut names = ordered(&store, &made).await;
        assert_eq!(names.len(), MANY);
        let mut db = store.read().await.unwrap();
        // The bank names the last of them.
        let (words, money) =
            (format!("transfer {} done", names[MANY - 1]), Money { minor: 100, currency: Currency::ILS });
        let found = payments().leaving(&mut db, &words, money).await.unwrap().unwrap();
        assert_eq!(found.id, names[MANY - 1]);
        let other = Money { minor: 100, currency: Currency::JOD };
        assert_eq!(
            payments().leaving(&mut db, &words, other).await.unwrap(),
            None,
            "another currency is another amount"
        );
        // Page by page all are seen once.
        let mut seen: Vec<String> = Vec::new();
        let mut last: Option<Refund> = None;
        loop {
            let page = payments().refunds(&mut db, RefundState::Approved, last.as_ref(), 100).await.unwrap();
            let Some(end) = page.last() else { break };
            last = Some(end.clone());
            seen.extend(page.into_iter().map(|refund| refund.id));
        }
        names.sort();
        seen.sort();
        assert_eq!(seen, names);
        assert_eq!(payments().refund_count(&mut db, RefundState::Approved).await.unwrap(), MANY as i64);
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_an_agent_took_today_counts_every_slip() {
    on_each_engine("persons_takings", async |database| {
        let store = open(&database).await;
        for n in 0..520 {
            money(&store, "PY-none", &format!("slip{n}"), 100).await;
        }
        let mut db = store.read().await.unwrap();
        let taken = payments().taken(&mut db, "agent", DAY).await.unwrap();
        assert_eq!(taken, [(Money { minor: 52_000, currency: Currency::ILS }, 520)]);
        assert_eq!(payments().takings(&mut db, "agent", DAY).await.unwrap().len(), pay::TAKINGS_MAX as usize);
        let other = DAY.tomorrow().unwrap();
        assert_eq!(payments().taken(&mut db, "agent", other).await.unwrap(), []);
    })
    .await
    .unwrap();
}
