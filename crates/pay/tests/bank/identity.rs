//! When an entry is the same entry that comes again, and when it is another.

use base::Currency;
use pay::{
    bank::{self, Imported},
    ledger::Purpose,
};

use crate::samples::*;

fn day(day: &'static str, entry: E) -> E {
    E { day, ..entry }
}

fn refs(reference: &str, entry: E) -> E {
    E { reference: reference.into(), ..entry }
}

/// What comes, file by file, and how many entries of each are new.
type Case = (&'static str, Vec<(S, usize)>);

fn cases() -> Vec<Case> {
    let one = || credit("5", "hello");
    let other = || credit("5", "somebody else");
    let with = |balances: (&'static str, &'static str), statement: S| S { balances: Some(balances), ..statement };
    let times = |from: &str, to: &str, statement: S| S {
        more: format!("<FrToDt><FrDtTm>{from}</FrDtTm><ToDtTm>{to}</ToDtTm></FrToDt>"),
        ..statement
    };
    let page =
        |number: u8, statement: S| S { more: format!("<StmtPgntn><PgNb>{number}</PgNb></StmtPgntn>"), ..statement };
    let two_days = || [day("2021-06-01", one()), day("2021-06-02", one()), day("2021-06-02", other())];
    let next_days = || [day("2021-06-02", one()), day("2021-06-02", other()), day("2021-06-03", one())];
    vec![
        ("the same file again", vec![(statement("S1", &two_days()), 3), (statement("S1", &two_days()), 0)]),
        (
            "the same entries in a file of another name",
            vec![(statement("S1", &two_days()), 3), (statement("S2", &two_days()), 0)],
        ),
        (
            "twice without a reference in one file",
            vec![(statement("S1", &[one(), one()]), 2), (statement("S1", &[one(), one()]), 0)],
        ),
        (
            "the same short reference twice in one file",
            vec![(statement("S1", &[refs("0001", one()), refs("0001", one())]), 2)],
        ),
        (
            "the same reference on two days",
            vec![(statement("S1", &[refs("0001", one()), day("2021-06-02", refs("0001", one()))]), 2)],
        ),
        (
            "the same reference with another amount",
            vec![(statement("S1", &[refs("B1", one()), refs("B1", credit("6", "hello"))]), 2)],
        ),
        ("the same but for its direction", vec![(statement("S1", &[one(), debit("5", "hello")]), 2)]),
        (
            "exports that overlap",
            vec![
                (statement("S1", &two_days()), 3),
                (statement("S2", &next_days()), 1),
                (statement("S3", &[two_days(), next_days()].concat()[..3]), 0),
            ],
        ),
        (
            "the whole after its parts",
            vec![
                (statement("S1", &[one()]), 1),
                (statement("S2", &[one(), one(), other()]), 2),
                (statement("S1", &[one()]), 0),
            ],
        ),
        ("in another order", vec![(statement("S1", &[one(), other()]), 2), (statement("S2", &[other(), one()]), 0)]),
        (
            "numbers that begin anew in each export",
            vec![
                (
                    statement(
                        "S1",
                        &[refs("0001", day("2021-06-01", other())), refs("0002", day("2021-06-02", one()))],
                    ),
                    2,
                ),
                (statement("S2", &[refs("0001", day("2021-06-02", one())), refs("0002", day("2021-06-03", one()))]), 1),
            ],
        ),
        (
            "another account",
            vec![(statement("S1", &[one()]), 1), (S { account: SECOND, ..statement("S1", &[one()]) }, 1)],
        ),
        (
            "statements of one day of which one follows the other",
            vec![
                (with(("100", "105"), statement("S1", &[one()])), 1),
                (with(("105", "110"), statement("S2", &[one()])), 1),
                (with(("105", "110"), statement("S2", &[one()])), 0),
                (with(("100", "105"), statement("S1", &[one()])), 0),
                (with(("105", "110"), statement("S2 again", &[one()])), 0),
                (with(("100", "110"), statement("the day", &[one(), one()])), 0),
            ],
        ),
        (
            "an export of a day again, with its balances",
            vec![
                (with(("100", "105"), statement("S1", &[one()])), 1),
                (with(("100", "105"), statement("S2", &[one()])), 0),
            ],
        ),
        (
            "a day on which all that came left again",
            vec![
                (with(("100", "100"), statement("S1", &[one(), debit("5", "x")])), 2),
                (with(("100", "100"), statement("S2", &[one(), debit("5", "x")])), 0),
            ],
        ),
        (
            "statements of one day of which the times are apart",
            vec![
                (times("2021-06-01T00:00:00", "2021-06-01T12:00:00", statement("S1", &[one()])), 1),
                (times("2021-06-01T12:00:00", "2021-06-01T23:59:59", statement("S2", &[one()])), 1),
                (times("2021-06-01T12:00:00", "2021-06-01T23:59:59", statement("S2", &[one()])), 0),
            ],
        ),
        (
            "one statement in two parts",
            vec![
                (page(1, statement("S1", &[one()])), 1),
                (page(2, statement("S1", &[one(), other()])), 2),
                (page(1, statement("S1", &[one()])), 0),
                (page(2, statement("S1", &[one(), other()])), 0),
            ],
        ),
        (
            "an entry that is a batch",
            vec![
                (statement("S1", &[E { parts: vec![("2".into(), "a".into()), ("3".into(), "b".into())], ..one() }]), 1),
                (statement("S2", &[E { parts: vec![("2".into(), "a".into()), ("3".into(), "b".into())], ..one() }]), 0),
            ],
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_again_changes_nothing_and_what_is_another_counts() {
    for (number, (name, files)) in cases().into_iter().enumerate() {
        offices(&format!("pay_bank_same_{number}"), async |office| {
            for (step, (statement, new)) in files.iter().enumerate() {
                let done = office.takes(statement.clone()).await;
                assert_eq!(
                    (done.entries - done.known, done.entries),
                    (*new, statement.entries.len()),
                    "{name}: file {step}"
                );
            }
            // Every file is listed, whatever it brought.
            let listed = bank::taken_in(&mut office.store.read().await.unwrap(), 50).await.unwrap();
            assert_eq!(listed.len(), files.len(), "{name}");
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn balances_are_held_against_entries_and_statements_across_files() {
    let with = |id: &'static str, day_of: &'static str, from: &'static str, to: &'static str, amounts: &[&str]| S {
        balances: Some((from, to)),
        ..statement(id, &amounts.iter().map(|amount| day(day_of, credit(amount, id))).collect::<Vec<_>>())
    };
    offices("pay_bank_balances_files", async |office| {
        assert_eq!(office.takes(with("S1", "2021-06-01", "0", "5", &["5"])).await.unequal, 0, "the first");
        assert_eq!(office.takes(with("S2", "2021-06-02", "5", "7", &["2"])).await.unequal, 0, "it follows");
        // An export of both days has the balances of both.
        let mut both = with("S3", "2021-06-01", "0", "7", &["5"]);
        both.entries[0].words = vec!["S1".into()];
        both.entries.push(day("2021-06-02", credit("2", "S2")));
        let done = office.takes(both).await;
        assert_eq!((done.known, done.unequal), (2, 0), "exports that overlap");
        assert_eq!(office.takes(with("S5", "2021-06-04", "10", "11", &["1"])).await.unequal, 1, "one is missing");
        assert_eq!(office.kinds().await.iter().filter(|kind| *kind == "statement-gap").count(), 1);
        assert_eq!(office.takes(with("S4", "2021-06-03", "7", "10", &["3"])).await.unequal, 0, "it comes late");
        assert!(!office.kinds().await.contains(&"statement-gap".to_owned()));
        assert_eq!(office.takes(with("S6", "2021-06-05", "11", "20", &["1"])).await.unequal, 1, "an entry is missing");
        // Two statements of a file are each held against their own entries, and one against the other.
        let two = [with("S7", "2021-06-06", "20", "21", &["1"]), with("S8", "2021-06-07", "22", "23", &["1"])];
        let done = office.take("two.xml", Bank::Cedar.message(53, 6, &two).as_bytes()).await.unwrap();
        assert_eq!(done.unequal, 1, "another bank names the account by its number, and it is the same account");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_taken_in_by_an_earlier_version_is_known() {
    offices("pay_bank_older", async |office| {
        let wrote = office.store.write(by(), |tx| {
            Box::pin(async move {
                let sql = "INSERT INTO statement_entry (id, statement, day, currency, amount, words, came_of_it, recorded) \
                           VALUES ($1, 'S1', '2021-06-01', 'JOD', $2, '', 'unknown', '1')";
                for (reference, minor) in [("B1", 5_000), ("S1/2", 6_000), ("B3/1", 2_000)] {
                    tx.run(sql, &[format!("{FIRST}/{reference}").as_str().into(), minor.into()]).await?;
                }
                Ok::<_, pay::PaymentError>(())
            })
        });
        wrote.await.unwrap();
        let batch = E { parts: vec![("2".into(), "a".into()), ("3".into(), "b".into())], ..credit("5", "") };
        let entries = [
            refs("B1", credit("5", "x")),
            refs("", credit("6", "x")),
            refs("B3", batch),
            refs("B1", day("2021-06-02", credit("5", "x"))),
        ];
        let done = office.takes(statement("S1", &entries)).await;
        assert_eq!(done, Imported { entries: 4, known: 3, open: 1, ..Imported::default() });
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 5_000);
    })
    .await;
}
