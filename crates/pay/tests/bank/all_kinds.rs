//! All that banks send, of two accounts, in the layouts of three banks and all versions: not one unit of money is left
//! unexplained.

use std::collections::BTreeMap;

use base::{Currency, Money};
use pay::{bank, ledger::Purpose};

use crate::samples::*;

/// What is to be explained, by account, currency and direction.
type Sums = BTreeMap<(String, String, bool), i64>;

fn minor(amount: &str, currency: &str) -> i64 {
    Currency::of(currency).map_or(0, |currency| Money::parse(amount, currency).unwrap().minor)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn not_one_unit_of_money_is_left_unexplained() {
    offices("pay_bank_all_kinds", async |office| {
        let mut sums = Sums::new();
        let mut number = 0;
        for version in 2..=13_u8 {
            for (place, bank) in BANKS.into_iter().enumerate() {
                for (account, currency) in [(FIRST, "JOD"), (SECOND, "ILS")] {
                    number += 1;
                    let owe = async |name: &str, amount: &str| {
                        let money = Money { minor: minor(amount, currency), currency: Currency::of(currency).unwrap() };
                        office.owe(&format!("{name}-{number}"), money).await.id
                    };
                    let (fee, late, short) =
                        (owe("fee", "35").await, owe("late", "20").await, owe("short", "12").await);
                    let (one, two, part) = (owe("one", "3").await, owe("two", "4").await, owe("part", "6").await);
                    let day: &'static str = ["2021-06-01", "2021-06-02", "2021-06-03"][place];
                    let on = |entry: E| E { day, currency, ..entry };
                    let note = format!("nobody {number}");
                    let reversal = "<RvslInd>true</RvslInd>";
                    let charge = "<BkTxCd><Prtry><Cd>NCHG</Cd></Prtry></BkTxCd>";
                    let entries = vec![
                        on(credit("35", &fee)),
                        on(credit("35", &fee)),
                        on(credit("7", &one.replace('-', " "))),
                        on(credit("7", &format!("{one} {two}"))),
                        on(credit("11.5", &short)),
                        on(credit("9", &note)),
                        on(credit("9", &note)),
                        on(E { parts: vec![("6".into(), part), ("1".into(), note.clone())], ..credit("7", "") }),
                        on(credit("20", &late)),
                        on(E { more: reversal.into(), ..debit("20", &late) }),
                        on(E { more: charge.into(), ..debit("0.5", &format!("charges {number}")) }),
                        on(debit("2", &format!("supplier {number}"))),
                        on(E { status: "PDNG", ..credit("100", &note) }),
                        E { currency: "XXX", ..on(credit("5", &note)) },
                        on(credit("0.00", "nothing")),
                    ];
                    let mut own = statement("S", &entries);
                    let id: &'static str = Box::leak(format!("S-{number}").into_boxed_str());
                    (own.id, own.account) = (id, account);
                    let foreign = S { account: STRANGE, id: "F", ..statement("F", &[on(credit("8", &note))]) };
                    for entry in entries.iter().filter(|entry| entry.status == "BOOK") {
                        let code = if entry.currency == "XXX" { "" } else { currency };
                        *sums.entry((account.to_owned(), code.to_owned(), entry.credit)).or_default() +=
                            minor(&entry.amount, code);
                    }
                    let strange =
                        if bank == Bank::Cedar { STRANGE[STRANGE.len() - 12..].to_owned() } else { STRANGE.into() };
                    *sums.entry((strange, currency.to_owned(), true)).or_default() += minor("8", currency);
                    let file = bank.message(53, version, &[own, foreign]);
                    let file = if number % 2 == 0 { zip(&[("in/a.xml", file.as_bytes())]) } else { file.into_bytes() };
                    office.take_only("a.xml", &file).await.unwrap();
                    // The same again: nothing more.
                    let again = office.take_only("a.xml", &file).await.unwrap();
                    assert_eq!(again.known, again.entries);
                }
            }
        }
        office.balanced().await;
        let explained = bank::explained(&mut office.store.read().await.unwrap()).await.unwrap();
        let mut told = Sums::new();
        for one in &explained {
            assert!(one.number > 0 && !one.came_of_it.is_empty());
            let key = (one.account.clone(), one.currency.clone(), one.is_credit);
            *told.entry(key).or_default() += one.minor;
        }
        assert_eq!(told, sums, "each entry stands there once, with what came of it");
        for currency in [Currency::JOD, Currency::ILS] {
            let of = |credit: bool, kinds: &[&str]| -> i64 {
                let own = explained.iter().filter(|one| one.currency == currency.code() && one.is_credit == credit);
                own.filter(|one| kinds.contains(&one.came_of_it.as_str())).map(|one| one.minor).sum()
            };
            let suspended =
                ["wrong-amount", "paid-twice", "unknown", "charges", "several", "uneven", "returned"].as_slice();
            let credited: i64 = told
                .iter()
                .filter(|((_, code, credit), _)| code == currency.code() && *credit)
                .map(|(_, minor)| minor)
                .sum();
            let (paid, in_suspense, refused) =
                (of(true, &["paid"]), of(true, suspended), of(true, &["aside-account", "aside-currency", "nothing"]));
            assert_eq!(credited, paid + in_suspense + refused, "{explained:?}");
            // And the ledger says the same of what is ours.
            let (undone, charged) = (of(false, &["undone"]), of(false, &["charge"]));
            assert_eq!(office.holds(Purpose::Suspense, currency).await, in_suspense);
            assert_eq!(office.holds(Purpose::Treasury, currency).await, paid + in_suspense - undone - charged);
            assert_eq!(office.holds(Purpose::Charges, currency).await, charged);
            assert!(undone > 0 && charged > 0 && of(false, &["other"]) > 0 && refused > 0);
        }
    })
    .await;
}
