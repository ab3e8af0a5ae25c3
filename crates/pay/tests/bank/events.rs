//! What an entry means: a fee, one of several, a charge, a refund, a reversal, a return, or something that waits.

use base::Currency;
use pay::{
    Resolution, State,
    bank::{self, Imported, creditor_reference},
    ledger::Purpose,
};

use store::By;

use crate::samples::*;

const CHARGE: &str = "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reference_pays_wherever_it_stands_and_however_it_is_written() {
    offices("pay_bank_refs", async |office| {
        for (number, bank) in BANKS.into_iter().enumerate() {
            let owed = office.owe(&format!("SL-{number}"), jod(35_000)).await;
            let structured = creditor_reference(&owed.id);
            let written = [
                structured.clone(),
                owed.id.clone(),
                owed.id.to_lowercase(),
                format!("{} {}", &structured[..6], &structured[6..]),
            ];
            let entry = credit("35.000", &written[number % written.len()]);
            let done =
                office.take("a.xml", bank.message(53, 8, &[statement("S1", &[entry])]).as_bytes()).await.unwrap();
            assert_eq!((done.paid, done.open), (1, 0), "{bank:?}");
            assert_eq!(office.state(&owed.id).await, State::Paid);
        }
        // Split over lines, with the digits of Arabic, by the numbers of its characters.
        let owed = office.owe("SL-lines", jod(35_000)).await;
        let structured = creditor_reference(&owed.id);
        let arabic: String = structured[..7]
            .chars()
            .map(|c| c.to_digit(10).map_or(c.to_string(), |digit| format!("&#x{:x};", 0x660 + digit)))
            .collect();
        let entry = E { words: vec![arabic, structured[7..].to_owned()], ..credit("35.000", "") };
        assert_eq!(office.takes(statement("S9", &[entry])).await.paid, 1);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 4 * 35_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_entry_pays_several_by_rule_or_by_hand() {
    offices("pay_bank_split", async |office| {
        let mut owed = Vec::new();
        for (about, minor) in [("SL-1", 10_000), ("SL-2", 25_000), ("SL-3", 7_000), ("SL-4", 8_000)] {
            owed.push(office.owe(about, jod(minor)).await);
        }
        let names = |of: &[usize]| of.iter().map(|at| owed[*at].id.clone()).collect::<Vec<_>>().join(", ");
        let done = office.takes(statement("S1", &[credit("35", &names(&[0, 1]))])).await;
        assert_eq!((done.paid, done.open, done.entries), (2, 0, 1));
        assert_eq!((office.state(&owed[0].id).await, office.state(&owed[1].id).await), (State::Paid, State::Paid));
        // More than both: somebody has to say what is whose; the rest goes back.
        let done = office.takes(statement("S2", &[credit("16", &names(&[2, 3]))])).await;
        assert_eq!((done.paid, done.open), (0, 1));
        let open = office.open().await;
        assert_eq!((open[0].kind.as_str(), open[0].theirs), ("several", Some(16_000)));
        let (id, ids) = (open[0].id.clone(), vec![owed[2].id.clone(), owed[3].id.clone()]);
        let assigned = office.store.write(by(), move |tx| {
            let (id, ids) = (id.clone(), ids.clone());
            Box::pin(async move { payments().assign_to(tx, &id, &ids, DAY).await })
        });
        assert_eq!(assigned.await.unwrap().len(), 2);
        office.balanced().await;
        // The rest stays where it is until a second person has agreed that it goes back.
        assert_eq!(office.kinds().await, ["overpaid"]);
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 1_000);
        let rest = office.open().await.remove(0).id;
        let back = office.store.write(By::new("chief", "test", by().at), move |tx| {
            let rest = rest.clone();
            Box::pin(async move { payments().decide_difference(tx, &rest, Resolution::Back, true, DAY).await })
        });
        assert!(back.await.unwrap().is_some());
        office.balanced().await;
        assert_eq!(office.holds(Purpose::RefundsDue, Currency::JOD).await, 1_000);
        // One of two that is paid already: nothing is split by itself.
        let fifth = office.owe("SL-5", jod(9_000)).await;
        let done = office.takes(statement("S3", &[credit("19", &format!("{} {}", fifth.id, owed[0].id))])).await;
        assert_eq!((done.paid, done.open), (0, 1));
        // Of two that are named, one is of this amount.
        let done = office.takes(statement("S4", &[credit("9", &format!("{} {}", fifth.id, owed[0].id))])).await;
        assert_eq!((done.paid, done.open), (1, 0));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_is_taken_apart_where_its_parts_are_its_sum() {
    offices("pay_bank_batch", async |office| {
        let [one, two, three] = [
            office.owe("SL-1", jod(10_000)).await,
            office.owe("SL-2", jod(20_000)).await,
            office.owe("SL-3", jod(5_000)).await,
        ];
        let parts = vec![("10".into(), one.id.clone()), ("20".into(), two.id.clone()), ("3".into(), "nobody".into())];
        let done = office.takes(statement("S1", &[E { parts, ..credit("33", "") }])).await;
        assert_eq!((done.entries, done.paid, done.open), (1, 2, 1));
        assert_eq!(office.kinds().await, ["unknown"]);
        // Less what the bank keeps, and it says so: this is booked as a charge.
        let parts = vec![("5".to_owned(), three.id.clone()), ("4".to_owned(), "nobody".to_owned())];
        let charges = "<Chrgs><Rcrd><Amt Ccy=\"JOD\">0.250</Amt><CdtDbtInd>DBIT</CdtDbtInd></Rcrd></Chrgs>";
        let netted = E { parts: parts.clone(), more: charges.into(), ..credit("8.750", "") };
        let done = office.takes(statement("S2", &[netted])).await;
        assert_eq!((done.paid, done.open, done.charges), (1, 1, 1));
        assert_eq!(office.holds(Purpose::Charges, Currency::JOD).await, 250);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 33_000 + 8_750);
        // Parts that are not its sum: the whole waits.
        let done = office.takes(statement("S3", &[E { parts, ..credit("8", "") }])).await;
        assert_eq!((done.paid, done.open), (0, 1));
        assert!(office.kinds().await.contains(&"amount".to_owned()), "{:?}", office.kinds().await);
        let parts = vec![("5".to_owned(), "nobody".to_owned()), ("4".to_owned(), "nobody".to_owned())];
        office.takes(statement("S4", &[E { parts, ..credit("8", "") }])).await;
        assert!(office.kinds().await.contains(&"uneven".to_owned()));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn charges_on_the_way_are_a_difference_and_no_mystery() {
    let record = "<Chrgs><Rcrd><Amt Ccy=\"JOD\">2.000</Amt><CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>";
    let old = "<Chrgs><Amt Ccy=\"JOD\">1.500</Amt></Chrgs><Chrgs><Amt Ccy=\"JOD\">0.500</Amt></Chrgs>";
    let total = "<Chrgs><TtlChrgsAndTaxAmt Ccy=\"JOD\">2.000</TtlChrgsAndTaxAmt><Rcrd><Amt Ccy=\"JOD\">2.000</Amt></Rcrd></Chrgs>";
    let given = "<AmtDtls><InstdAmt><Amt Ccy=\"JOD\">35.000</Amt></InstdAmt></AmtDtls>";
    for (number, (more, detail, kind)) in [
        (record, "", "charges"),
        ("", record, "charges"),
        ("", old, "charges"),
        ("", total, "charges"),
        ("", given, "charges"),
        (given, "", "charges"),
        ("", "<Chrgs><Rcrd><Amt Ccy=\"JOD\">1.000</Amt></Rcrd></Chrgs>", "amount"),
        ("", "", "amount"),
    ]
    .into_iter()
    .enumerate()
    {
        offices(&format!("pay_bank_charged_{number}"), async |office| {
            let owed = office.owe("SL-1", jod(35_000)).await;
            let entry = E { more: more.into(), detail: detail.into(), ..credit("33.000", &owed.id) };
            assert_eq!(office.takes(statement("S1", &[entry])).await.open, 1);
            let open = office.open().await;
            assert_eq!(
                (open[0].kind.as_str(), open[0].ours, open[0].theirs),
                (kind, Some(35_000), Some(33_000)),
                "{more}{detail}"
            );
            // Whoever looks at it takes it for the fee; what was deducted is a charge.
            let (id, ids) = (open[0].id.clone(), vec![owed.id.clone()]);
            let taken = office.store.write(by(), move |tx| {
                let (id, ids) = (id.clone(), ids.clone());
                Box::pin(async move { payments().assign_to(tx, &id, &ids, DAY).await })
            });
            assert_eq!(taken.await.is_ok(), kind == "charges");
            office.balanced().await;
            if kind == "charges" {
                assert_eq!(office.state(&owed.id).await, State::Paid);
                assert_eq!(office.holds(Purpose::Charges, Currency::JOD).await, 2_000);
                assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 0);
            }
        })
        .await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn charges_of_the_bank_are_booked_as_charges() {
    offices("pay_bank_charges", async |office| {
        let own = |code: &str| format!("<BkTxCd><Prtry><Cd>{code}</Cd></Prtry></BkTxCd>");
        let entries = [
            E { more: CHARGE.into(), ..debit("1.500", "fees of June") },
            E { more: own("NCHG"), ..debit("0.500", "paper") },
            E { more: own("NCHG+808"), ..debit("0.250", "post") },
            E { more: CHARGE.into(), ..credit("1.000", "given back") },
            E { more: own("NTRF"), ..debit("7", "a supplier") },
        ];
        let done = office.takes(statement("S1", &entries)).await;
        assert_eq!(done, Imported { entries: 5, charges: 4, others: 1, ..Imported::default() });
        assert_eq!(office.holds(Purpose::Charges, Currency::JOD).await, 1_250);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, -1_250);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reversals_and_returns_undo_or_question_what_they_name() {
    let reversal = "<RvslInd>true</RvslInd>";
    let returned = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn><AddtlInf>account closed</AddtlInf></RtrInf>";
    offices("pay_bank_reversals", async |office| {
        let owed = office.owe("SL-1", jod(35_000)).await;
        let pay =
            |reference: &str, amount: &str, words: &str| E { reference: reference.into(), ..credit(amount, words) };
        office.takes(statement("S1", &[pay("B1", "35", &owed.id)])).await;
        assert_eq!(office.state(&owed.id).await, State::Paid);
        // The bank takes it back, and names it.
        let undone = E { more: reversal.into(), day: "2021-06-02", ..debit("35", &format!("reversal {}", owed.id)) };
        let done = office.takes(statement("S2", std::slice::from_ref(&undone))).await;
        assert_eq!((done.reversed, done.others), (1, 0));
        assert_eq!(office.state(&owed.id).await, State::Refunded);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 0);
        assert_eq!(office.kinds().await, ["reversed"], "somebody is told");
        assert_eq!(office.takes(statement("S3", &[undone])).await.known, 1);

        // A return without words names it by the reference of the bank.
        let second = office.owe("SL-2", jod(20_000)).await;
        office.takes(statement("S4", &[pay("B4", "20", &second.id)])).await;
        let back = E { detail: returned.into(), day: "2021-06-02", reference: "B4".into(), ..debit("20", "return") };
        assert_eq!(office.takes(statement("S5", &[back])).await.reversed, 1);
        assert_eq!(office.state(&second.id).await, State::Refunded);

        // Money that lies in suspense is taken out of it.
        office.takes(statement("S6", &[pay("B6", "7", "nobody")])).await;
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 7_000);
        let back = E { more: reversal.into(), day: "2021-06-02", ..debit("7", "nobody") };
        assert_eq!(office.takes(statement("S7", &[back])).await.reversed, 1);
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 0);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 0);

        // Less than was paid, or nothing that is known: a question.
        let third = office.owe("SL-3", jod(10_000)).await;
        office.takes(statement("S8", &[pay("B8", "10", &third.id)])).await;
        let part = E { more: reversal.into(), day: "2021-06-02", ..debit("4", &third.id) };
        let none = E { more: reversal.into(), day: "2021-06-02", ..debit("3", "who knows") };
        assert_eq!(office.takes(statement("S9", &[part, none])).await.reversed, 2);
        assert_eq!(office.state(&third.id).await, State::Paid);
        assert_eq!(office.kinds().await.iter().filter(|kind| *kind == "reversed").count(), 4);

        // One entry that paid two fees, taken back as one.
        let [four, five] = [office.owe("SL-4", jod(1_000)).await, office.owe("SL-5", jod(2_000)).await];
        let both = format!("{} {}", four.id, five.id);
        assert_eq!(office.takes(statement("SC", &[pay("BC", "3", &both)])).await.paid, 2);
        let back = E { more: reversal.into(), day: "2021-06-02", ..debit("3", &both) };
        assert_eq!(office.takes(statement("SD", &[back])).await.reversed, 1);
        assert_eq!((office.state(&four.id).await, office.state(&five.id).await), (State::Refunded, State::Refunded));

        // A charge that is taken back.
        office.takes(statement("SA", &[E { more: CHARGE.into(), ..debit("2", "fees") }])).await;
        let back = E { more: reversal.into(), day: "2021-06-02", ..credit("2", "fees") };
        assert_eq!(office.takes(statement("SB", &[back])).await.charges, 1);
        assert_eq!(office.holds(Purpose::Charges, Currency::JOD).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_leaves_once_and_may_come_back() {
    offices("pay_bank_refunds", async |office| {
        let owed = office.owe("SL-1", jod(35_000)).await;
        office.takes(statement("S1", &[credit("35", &owed.id)])).await;
        let id = owed.id.clone();
        let asked = office.store.write(by(), move |tx| {
            let id = id.clone();
            Box::pin(async move { payments().ask_refund(tx, &id, 5_000, "too much", i64::MAX, DAY).await })
        });
        let refund = asked.await.unwrap().id;
        let left = |day: &'static str, amount: &str, words: &str| E { day, ..debit(amount, words) };
        // Spaces, small letters; the name of another refund is not this one.
        let other = office.takes(statement("S2", &[left("2021-06-02", "5", &format!("{refund}9"))])).await;
        assert_eq!((other.left, other.others), (0, 1));
        let wrong = office.takes(statement("S3", &[left("2021-06-02", "6", &refund)])).await;
        assert_eq!((wrong.left, wrong.reversed), (0, 1));
        assert_eq!(office.kinds().await, ["refund-otherwise"]);
        let done =
            office.takes(statement("S4", &[left("2021-06-03", "5", &refund.to_lowercase().replace('-', " "))])).await;
        assert_eq!((done.left, done.others), (1, 0));
        assert_eq!(office.holds(Purpose::RefundsDue, Currency::JOD).await, 0);
        let twice = office.takes(statement("S5", &[left("2021-06-04", "5", &refund)])).await;
        assert_eq!((twice.left, twice.reversed), (0, 1));
        assert!(office.kinds().await.contains(&"refund-twice".to_owned()));
        // It did not arrive.
        let back = E { detail: "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>".into(), ..left("2021-06-05", "5", &refund) };
        let done = office.takes(statement("S6", &[E { credit: true, ..back }])).await;
        assert_eq!((done.reversed, done.open), (1, 1));
        let open = office.open().await;
        let returned = open.iter().find(|open| open.kind == "returned").unwrap();
        assert_eq!((returned.payment.as_deref(), returned.theirs), (Some(owed.id.as_str()), Some(5_000)));
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 5_000);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_booked_for_good_waits_and_is_seen() {
    for (number, bank) in BANKS.into_iter().enumerate() {
        offices(&format!("pay_bank_waits_{number}"), async |office| {
            let owed = office.owe("SL-1", jod(35_000)).await;
            for (place, (status, version)) in
                [("PDNG", 2), ("PDNG", 8), ("INFO", 4), ("INFO", 13), ("FUTR", 9)].into_iter().enumerate()
            {
                let amount = format!("3{place}");
                let entry = E { status, ..credit(&amount, &owed.id) };
                let file = bank.message(53, version, &[statement("S1", &[entry])]);
                let done = office.take("a.xml", file.as_bytes()).await.unwrap();
                assert_eq!((done.waiting, done.paid, done.open), (1, 0, 0), "{status} {version}");
                assert_eq!(office.take("a.xml", file.as_bytes()).await.unwrap().known, 1);
            }
            let expected = bank::expected(&mut office.store.read().await.unwrap(), 50).await.unwrap();
            let seen: Vec<_> = expected.iter().map(|one| (one.status.as_str(), one.money.minor)).collect();
            assert_eq!(seen.len(), 5);
            assert!(seen.contains(&("PDNG", 30_000)) && seen.contains(&("FUTR", 34_000)), "{seen:?}");
            assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 0);
            // What is booked at last is booked once, and waits no more; nor does what a later statement does not tell of.
            let booked = E { day: "2021-06-02", ..credit("35", &owed.id) };
            let file = bank.message(53, 8, &[statement("S2", &[booked])]);
            assert_eq!(office.take("b.xml", file.as_bytes()).await.unwrap().paid, 1);
            let expected = bank::expected(&mut office.store.read().await.unwrap(), 50).await.unwrap();
            assert_eq!(expected, []);
        })
        .await;
    }
    // An entry that does not say how it stands waits, too.
    let silent = Bank::Olive.message(53, 2, &[statement("S1", &[credit("1", "x")])]).replace("<Sts>BOOK</Sts>", "");
    assert!(!read(silent.as_bytes()).unwrap()[0].1[0].is_final());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn reports_within_the_day_and_notifications_never_count_beside_the_statement() {
    offices("pay_bank_kinds", async |office| {
        let [one, two] = [office.owe("SL-1", jod(10_000)).await, office.owe("SL-2", jod(20_000)).await];
        let day = [credit("10", &one.id), debit("1", "x")];
        for message in [52, 54] {
            let file = Bank::Harbour.message(message, 8, &[statement("R1", &day)]);
            let done = office.take("r.xml", file.as_bytes()).await.unwrap();
            assert_eq!((done.paid, done.others), (0, 0), "{message}");
        }
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 0);
        assert_eq!(office.takes(statement("S1", &day)).await.paid, 1);
        let file = Bank::Harbour.message(52, 8, &[statement("R2", &day)]);
        assert_eq!(office.take("late.xml", file.as_bytes()).await.unwrap().known, 2, "it is booked");
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 10_000);

        // A statement that tells a sum only, and the notification of it before or after.
        let sum = |day: &'static str, reference: &str, amount: &str| {
            let reference = reference.to_owned();
            E { day, reference, words: vec!["collected".into()], ..credit(amount, "") }
        };
        let three = office.owe("SL-3", jod(5_000)).await;
        let parts = vec![("20".to_owned(), two.id.clone()), ("5".to_owned(), three.id.clone())];
        let told = E { parts, words: vec![], ..sum("2021-06-03", "C3", "25") };
        let file = Bank::Olive.message(54, 4, &[statement("N1", &[told])]);
        assert_eq!(office.take("n.xml", file.as_bytes()).await.unwrap().waiting, 1);
        let done = office.takes(statement("S3", &[sum("2021-06-03", "C3", "25")])).await;
        assert_eq!((done.paid, done.open), (2, 0));
        assert_eq!(office.takes(statement("S3", &[sum("2021-06-03", "C3", "25")])).await.known, 1);

        let [four, five] = [office.owe("SL-4", jod(6_000)).await, office.owe("SL-5", jod(7_000)).await];
        assert_eq!(office.takes(statement("S4", &[sum("2021-06-04", "C4", "13")])).await.open, 1);
        let parts = vec![("6".to_owned(), four.id.clone()), ("7".to_owned(), five.id.clone())];
        let told = E { parts, words: vec![], ..sum("2021-06-04", "C4", "13") };
        let file = Bank::Cedar.message(54, 8, &[statement("N2", &[told])]);
        let done = office.take("n.xml", file.as_bytes()).await.unwrap();
        assert_eq!((done.paid, office.state(&five.id).await), (2, State::Paid));
        assert_eq!(office.holds(Purpose::Suspense, Currency::JOD).await, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_ours_stands_aside_while_the_rest_is_taken_in() {
    offices("pay_bank_aside", async |office| {
        let owed = office.owe("SL-1", jod(35_000)).await;
        let euros = E { currency: "EUR", ..credit("12.34", "euros") };
        let francs = E { currency: "XXX", ..debit("7", "francs") };
        let ours = statement("S1", &[euros, credit("35", &owed.id), francs]);
        let theirs = S { account: STRANGE, ..statement("S2", &[credit("9", "theirs")]) };
        let file = Bank::Olive.message(53, 8, &[theirs, ours]);
        let done = office.take("a.xml", file.as_bytes()).await.unwrap();
        assert_eq!(done, Imported { entries: 4, aside: 3, paid: 1, ..Imported::default() });
        let aside = bank::aside(&mut office.store.read().await.unwrap(), 50).await.unwrap();
        let mut aside: Vec<_> =
            aside.iter().map(|one| (one.stated.as_str(), one.reason.as_str(), one.is_credit)).collect();
        aside.sort_unstable();
        assert_eq!(
            aside,
            [
                ("12.34 EUR", "aside-currency", true),
                ("7 XXX", "aside-currency", false),
                ("9 JOD", "aside-account", true)
            ]
        );
        assert_eq!(office.take("a.xml", file.as_bytes()).await.unwrap().known, 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_refused_is_listed_with_its_reason() {
    offices("pay_bank_refused", async |office| {
        let comma = Bank::Olive.message(53, 8, &[statement("S1", &[credit("1", "x"), credit("12,50", "x")])]);
        assert!(office.take("comma.xml", comma.as_bytes()).await.is_err());
        assert!(office.take("no.zip", &zip(&[("a/b.xml", b"<Document>")])).await.is_err());
        let listed = bank::taken_in(&mut office.store.read().await.unwrap(), 50).await.unwrap();
        let listed: Vec<_> = listed
            .iter()
            .map(|file| (file.name.as_str(), file.reason.as_str(), file.place.as_str(), file.said.as_str()))
            .collect();
        assert_eq!(listed, [("no.zip · a/b.xml", "unfinished", "", ""), ("comma.xml", "amount-comma", "2", "12,50")]);
        assert_eq!(office.holds(Purpose::Treasury, Currency::JOD).await, 0, "nothing of it was taken in");
    })
    .await;
}
