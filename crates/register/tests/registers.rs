//! Who may read and name which record, what is written down of it, and what a record was on a day; on SQLite and on
//! PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use jiff::{Timestamp, civil::date};
use register::{
    Fault, Field, NewRecord, Reader, Record, RegisterDefinition, RegisterError, Registers, Search, as_of, fields_of,
};
use serde_json::{Map, Value as Json, json};
use store::{By, Store, testing::on_each_engine};

fn definitions() -> [RegisterDefinition; 2] {
    let title = json!({"en": "a title"});
    [
        json!({
            "register": "companies", "title": title, "keeper": "ministry", "label": "name",
            "fields": {
                "name": {"type": "text"},
                "number": {"type": "text", "unique": true},
                "phone": {"type": "phone", "personal": true, "required": false},
            },
            "read": {"public": ["name", "number"], "holder": "all", "registrar": "all"},
            "write": {"registrar": "all"},
        }),
        json!({
            "register": "licences", "title": title, "keeper": "ministry", "label": "number",
            "fields": {
                "number": {"type": "text"},
                "holder": {"type": "record", "of": "companies"},
                "remark": {"type": "text", "required": false},
            },
            "read": {"public": ["number"], "holder": "all"},
        }),
    ]
    .map(|definition| serde_json::from_value(definition).unwrap())
}

async fn open(database: &str) -> (Store, Registers) {
    let store = Store::open(database, register::MIGRATIONS, vec![]).await.unwrap();
    (store.clone(), Registers::new(store, definitions()))
}

fn by(actor: &str, at: &str) -> By {
    By::new(actor, "test", at.parse::<Timestamp>().unwrap())
}

const NOON: &str = "2021-03-01T12:00:00Z";

async fn add(
    registers: &Registers,
    register: &str,
    id: &str,
    holder: Option<&str>,
    values: Json,
) -> Result<Record, RegisterError> {
    let new = NewRecord {
        id: id.into(),
        register: register.into(),
        holder: holder.map(str::to_owned),
        values: values.as_object().unwrap().clone(),
        effective: date(2021, 3, 1),
    };
    registers.add(by("registrar", NOON), new, None).await
}

async fn companies(registers: &Registers) -> [Record; 2] {
    let company = |name: &str, number: &str| json!({"name": name, "number": number, "phone": "0599123456"});
    [
        add(registers, "companies", "C1", Some("amal"), company("Zaytouna", "1001")).await.unwrap(),
        add(registers, "companies", "C2", Some("badr"), company("Zahra", "1002")).await.unwrap(),
    ]
}

async fn reader(registers: &Registers, account: &str, roles: &[&str]) -> Reader {
    let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
    registers.reader(Some(account), &roles).await.unwrap()
}

#[tokio::test]
async fn whoever_a_record_is_about_sees_more_of_it() {
    on_each_engine("register_holder", async |database| {
        let (_, registers) = open(&database).await;
        let [own, other] = companies(&registers).await;
        let licence = json!({"number": "L1", "holder": "C1", "remark": "with conditions"});
        // The licence was made for somebody who works for the company; it is about the company all the same.
        let licence = add(&registers, "licences", "L1", Some("clerk-of-the-company"), licence).await.unwrap();
        let [companies, licences] = ["companies", "licences"].map(|name| registers.definition(name).unwrap());
        let amal = reader(&registers, "amal", &[]).await;
        assert_eq!(amal.readable(companies, &own), ["name", "number", "phone"]);
        assert_eq!(amal.readable(companies, &other), ["name", "number"]);
        assert_eq!(amal.readable(licences, &licence), ["number", "holder", "remark"]);
        let badr = reader(&registers, "badr", &[]).await;
        assert_eq!(badr.readable(licences, &licence), ["number"]);
        assert_eq!(Reader::default().readable(companies, &own), ["name", "number"]);
        assert_eq!(
            reader(&registers, "r", &["registrar"]).await.readable(companies, &own),
            ["name", "number", "phone"]
        );
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_reading_of_personal_fields_is_written_down_and_no_other() {
    on_each_engine("register_readings", async |database| {
        let (_, registers) = open(&database).await;
        let [own, other] = companies(&registers).await;
        let d = registers.definition("companies").unwrap();
        let today = date(2021, 3, 2);
        let see = async |account: &str, roles: &[&str], record: &Record| {
            let reader = reader(&registers, account, roles).await;
            registers.disclose(by(account, NOON), today, &reader, d, &[record]).await.unwrap();
        };
        see("amal", &[], &own).await;
        see("badr", &[], &own).await;
        let rows = ["C1".to_owned(), "C2".to_owned()];
        assert!(registers.read_by(&rows, 10).await.unwrap().is_empty(), "what is public, and one's own, is not noted");
        see("clerk", &["registrar"], &own).await;
        see("chief", &["registrar"], &other).await;
        let read = registers.read_by(&rows, 10).await.unwrap();
        let told: Vec<_> = read.iter().map(|e| (e.actor.as_str(), e.row.as_str(), fields_of(e))).collect();
        assert_eq!(told, [("chief", "C2", vec!["phone"]), ("clerk", "C1", vec!["phone"])]);
        assert_eq!(registers.read_by(&rows[..1], 10).await.unwrap().len(), 1);
        assert!(registers.read_by(&[], 10).await.unwrap().is_empty());
        // A field without a value says nothing about anybody.
        let empty = add(&registers, "companies", "C3", None, json!({"name": "Noor", "number": "1003"})).await.unwrap();
        see("clerk", &["registrar"], &empty).await;
        assert!(registers.read_by(&["C3".to_owned()], 10).await.unwrap().is_empty());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_is_named_by_those_who_may() {
    on_each_engine("register_named", async |database| {
        let (store, registers) = open(&database).await;
        companies(&registers).await;
        let licence = json!({"number": "L1", "holder": "C1"});
        add(&registers, "licences", "L1", None, licence).await.unwrap();
        let amal = reader(&registers, "amal", &[]).await;
        let field = |of: &str, held: bool| -> Field {
            serde_json::from_value(json!({"type": "record", "of": of, "held": held})).unwrap()
        };
        let name = async |field: Field, text: &str| {
            let mut db = store.read().await.unwrap();
            registers.named(&mut db, &field, text, &amal).await.unwrap().map(|record| record.id)
        };
        assert_eq!(name(field("companies", false), "C2").await, Ok("C2".into()));
        assert_eq!(name(field("companies", false), "1002").await, Ok("C2".into()), "by its number");
        assert_eq!(name(field("companies", false), "C9").await, Err(Fault::new("fault-record")));
        assert_eq!(name(field("companies", true), "C1").await, Ok("C1".into()));
        assert_eq!(name(field("companies", true), "C2").await, Err(Fault::new("fault-record-held")));
        assert_eq!(name(field("licences", false), "C1").await, Err(Fault::new("fault-record")), "of another register");
        assert_eq!(name(field("licences", true), "L1").await, Ok("L1".into()), "of the company that belongs to amal");
        let own = registers.own("companies", &amal).await.unwrap();
        assert_eq!(own.iter().map(|record| record.label.as_str()).collect::<Vec<_>>(), ["Zaytouna"]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_field_names_only_what_there_is() {
    on_each_engine("register_dangling", async |database| {
        let (_, registers) = open(&database).await;
        companies(&registers).await;
        let wrong = add(&registers, "licences", "L1", None, json!({"number": "L1", "holder": "C9"})).await;
        assert!(
            matches!(&wrong, Err(RegisterError::Faults(f)) if f == &[("holder".to_owned(), Fault::new("fault-record"))]),
            "{wrong:?}"
        );
        assert!(registers.find("licences", "L1").await.unwrap().is_none());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_is_read_as_it_stood_on_a_day() {
    on_each_engine("register_as_of", async |database| {
        let (_, registers) = open(&database).await;
        let [first, _] = companies(&registers).await;
        let values = |name: &str| -> Map<String, Json> {
            json!({"name": name, "number": "1001", "phone": null}).as_object().unwrap().clone()
        };
        let change = registers.change(
            by("registrar", "2021-04-10T09:00:00Z"),
            ("companies", "C1", first.version),
            values("Zaytouna Software"),
            date(2021, 4, 1),
        );
        let second = change.await.unwrap();
        registers
            .remove(by("registrar", "2021-06-01T09:00:00Z"), ("companies", "C1", second.version), date(2021, 6, 1))
            .await
            .unwrap();
        let history = registers.history("C1").await.unwrap();
        let name_on = |end: &str| {
            let (entry, version) = as_of(&history, end)?;
            Some((entry.after.as_ref()?.get("name")?.as_str()?.to_owned(), version))
        };
        let first = Some(("Zaytouna".to_owned(), 1));
        for (end, expect) in [
            ("2021-02-28T23:59:59.999999Z", None),
            ("2021-03-01T23:59:59.999999Z", first.clone()),
            // It was to hold from the first of April, and nobody had written it yet.
            ("2021-04-05T23:59:59.999999Z", first),
            ("2021-04-10T23:59:59.999999Z", Some(("Zaytouna Software".to_owned(), 2))),
            ("2021-06-02T23:59:59.999999Z", None),
        ] {
            assert_eq!(name_on(end), expect, "{end}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_history_discloses_what_was_emptied_since() {
    on_each_engine("register_history_read", async |database| {
        let (_, registers) = open(&database).await;
        let [own, _] = companies(&registers).await;
        let d = registers.definition("companies").unwrap();
        let values = json!({"name": "Zaytouna", "number": "1001", "phone": null}).as_object().unwrap().clone();
        let change =
            registers.change(by("registrar", NOON), ("companies", "C1", own.version), values, date(2021, 3, 2));
        let emptied = change.await.unwrap();
        let history = registers.history("C1").await.unwrap();
        let (today, rows) = (date(2021, 3, 3), ["C1".to_owned()]);
        let see = async |account: &str, roles: &[&str]| {
            let reader = reader(&registers, account, roles).await;
            let shown = (&emptied, history.as_slice());
            registers.disclose_history(by(account, NOON), today, &reader, d, shown).await.unwrap();
            registers.read_by(&rows, 10).await.unwrap().iter().map(|e| e.actor.clone()).collect::<Vec<_>>()
        };
        assert!(see("amal", &[]).await.is_empty(), "one's own");
        assert!(see("badr", &[]).await.is_empty(), "who may not read it was shown nothing");
        assert_eq!(see("clerk", &["registrar"]).await, ["clerk"]);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_that_another_names_stays() {
    on_each_engine("register_named", async |database| {
        let (_, registers) = open(&database).await;
        let [company, other] = companies(&registers).await;
        let licence = json!({"number": "L1", "holder": "C1"});
        let licence = add(&registers, "licences", "L1", None, licence).await.unwrap();
        let remove = async |of: &Record| {
            let seen = (of.register.as_str(), of.id.as_str(), of.version);
            registers.remove(by("registrar", NOON), seen, date(2021, 6, 1)).await
        };
        let refused = remove(&company).await.unwrap_err();
        assert!(matches!(&refused, RegisterError::Named { record, .. } if record == "L1"), "{refused}");
        remove(&other).await.unwrap();
        remove(&licence).await.unwrap();
        remove(&company).await.unwrap();
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_is_found_by_the_words_that_are_shown_of_it() {
    on_each_engine("register_search_words", async |database| {
        let store = Store::open(&database, register::MIGRATIONS, vec![]).await.unwrap();
        let definition = json!({
            "register": "workshops", "title": {"en": "a title"}, "keeper": "ministry", "label": "name",
            "fields": {
                "name": {"type": "text"},
                "place": {"type": "choice", "of": {"jenin": {"ar": "جنين", "en": "Jenin"}, "gaza": {"ar": "غزّة", "en": "Gaza"}}},
                "crafts": {"type": "choices", "of": {"w-1": {"en": "Wood"}, "g-1": {"en": "Glass"}}},
                "rent": {"type": "choice", "of": {"high": {"en": "Dear"}, "low": {"en": "Cheap"}}},
            },
            "read": {"public": ["name", "place", "crafts"]},
        });
        let registers = Registers::new(store, [serde_json::from_value(definition).unwrap()]);
        for (id, name, place, crafts) in
            [("1", "Olive", "jenin", json!(["w-1"])), ("2", "Cedar", "gaza", json!(["w-1", "g-1"]))]
        {
            let values = json!({"name": name, "place": place, "crafts": crafts, "rent": "high"});
            add(&registers, "workshops", id, None, values).await.unwrap();
        }
        let definition = registers.definition("workshops").unwrap();
        let found = async |words: &str| {
            let search = Search { words: words.into(), limit: 10, ..Search::default() };
            let (records, count) = registers.search(definition, &search).await.unwrap();
            assert_eq!(records.len() as i64, count);
            records.into_iter().map(|record| record.id).collect::<Vec<_>>()
        };
        assert_eq!(found("جنين").await, ["1"]);
        assert_eq!(found("غزه").await, ["2"], "however it is spelt");
        assert_eq!(found("wood").await, ["1", "2"]);
        assert_eq!(found("glass gaza cedar").await, ["2"], "every word, in any order");
        assert_eq!(found("glass jenin").await, Vec::<String>::new());
        assert_eq!(found("dear").await, Vec::<String>::new(), "what is not public is not found");
        assert_eq!(found("100%").await, Vec::<String>::new());
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn what_an_older_version_folded_is_found_after_an_upgrade() {
    on_each_engine("register_refold", async |database| {
        let old = Store::open(&database, &register::MIGRATIONS[..1], vec![]).await.unwrap();
        for id in 0..1203 {
            let keep = old.write(by("amal", NOON), move |tx| {
                Box::pin(async move {
                    let sql = "INSERT INTO record (id, register, holder, label, folded, doc, version, changed) \
                               VALUES ($1, 'companies', NULL, 'x', 'عبد الله o’brien', $2, 1, '2021')";
                    let doc = json!({"name": format!("عبد الله O’Brien {id}"), "number": id.to_string()});
                    tx.run(sql, &[format!("C{id:04}").into(), doc.into()]).await?;
                    Ok::<_, store::StoreError>(())
                })
            });
            keep.await.unwrap();
        }
        drop(old);
        let (_, registers) = open(&database).await;
        assert_eq!(registers.refold(by("system", NOON)).await.unwrap(), 1203);
        assert_eq!(registers.refold(by("system", NOON)).await.unwrap(), 0, "once");
        let definition = registers.definition("companies").unwrap();
        for (words, count) in [("عبدالله", 1203), ("obrien 1202", 1), ("عبد الله", 1203), ("o'brien 1107", 1)]
        {
            let search = Search { words: words.into(), limit: 5, ..Search::default() };
            assert_eq!(registers.search(definition, &search).await.unwrap().1, count, "{words}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_record_is_found_however_it_is_written() {
    on_each_engine("register_search_folds", async |database| {
        let (_, registers) = open(&database).await;
        for (id, name) in [("1", "شركة عبد الله کریم"), ("2", "Café O’Brien al-Quds"), ("3", "ﺷﺮﻛﺔ ﺍﻷﻓﻖ ٢٠٢١")]
        {
            add(&registers, "companies", id, None, json!({"name": name, "number": id})).await.unwrap();
        }
        let definition = registers.definition("companies").unwrap();
        for (words, expect) in [
            ("عبدالله", vec!["1"]),
            ("عبد الله", vec!["1"]),
            ("كريم", vec!["1"]),
            ("cafe", vec!["2"]),
            ("CAFE\u{301}", vec!["2"]),
            ("o'brien", vec!["2"]),
            ("al_quds", vec!["2"]),
            ("الافق", vec!["3"]),
            ("شركه\u{200F}", vec!["1", "3"]),
            ("۲۰۲۱", vec!["3"]),
            ("\\", vec!["1", "2", "3"]),
        ] {
            let search = Search { words: words.into(), limit: 5, ..Search::default() };
            let (found, _) = registers.search(definition, &search).await.unwrap();
            assert_eq!(found.into_iter().map(|record| record.id).collect::<Vec<_>>(), expect, "{words}");
        }
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_register_that_only_holders_may_read_lists_theirs() {
    on_each_engine("register_search_as", async |database| {
        let (_, registers) = open(&database).await;
        companies(&registers).await;
        for (id, holder) in [("L1", "C1"), ("L2", "C2"), ("L3", "C1")] {
            add(&registers, "licences", id, None, json!({"number": id, "holder": holder})).await.unwrap();
        }
        let mut closed = registers.definition("licences").unwrap().clone();
        closed.read.shift_remove("public");
        let found = async |account: Option<&str>, after: &str, limit: i64| {
            let reader = registers.reader(account, &[]).await.unwrap();
            let search = Search { after: after.into(), limit, ..Search::default() };
            let (records, count) = registers.search_as(&reader, &closed, &search).await.unwrap();
            (records.into_iter().map(|record| record.id).collect::<Vec<_>>(), count)
        };
        assert_eq!(found(Some("amal"), "", 10).await, (vec!["L1".to_owned(), "L3".to_owned()], 2));
        assert_eq!(found(Some("amal"), "L1", 1).await, (vec!["L3".to_owned()], 2));
        assert_eq!(found(Some("stranger"), "", 10).await, (vec![], 0));
        assert_eq!(found(None, "", 10).await, (vec![], 0));
        // What a record goes by for those who may see it, in part, or not at all.
        let licence = registers.find("licences", "L1").await.unwrap().unwrap();
        let [amal, badr] = [reader(&registers, "amal", &[]).await, reader(&registers, "badr", &[]).await];
        assert_eq!(badr.name_of(&closed, &licence), None);
        let company = registers.find("companies", "C1").await.unwrap().unwrap();
        let mut d = registers.definition("companies").unwrap().clone();
        assert_eq!(amal.name_of(&d, &company).as_deref(), Some("Zaytouna"));
        d.read.shift_remove("public");
        d.read.insert("holder".into(), serde_json::from_value(json!(["phone"])).unwrap());
        assert_eq!(amal.name_of(&d, &company).as_deref(), Some("C1"));
        d.read.shift_remove("holder");
        assert_eq!(amal.name_of(&d, &company), None, "the register does not open it to the holder");
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_unique_value_is_free_when_its_record_no_longer_has_it() {
    on_each_engine("register_released", async |database| {
        let title = json!({"en": "a title"});
        let definition = json!({
            "register": "companies", "title": title, "keeper": "ministry", "label": "name",
            "fields": {
                "name": {"type": "text"},
                "number": {"type": "text", "unique": true, "required": false},
                "tax": {"type": "text", "unique": true, "required": false},
            },
            "read": {"public": ["name"]},
        });
        let store = Store::open(&database, register::MIGRATIONS, vec![]).await.unwrap();
        let registers = Registers::new(store.clone(), [serde_json::from_value(definition).unwrap()]);
        let first = json!({"name": "one", "number": "N-1", "tax": "T-1"});
        add(&registers, "companies", "C-1", None, first).await.unwrap();
        // What each change leaves free for another: the values of C-1 afterwards, and what another then takes or not.
        let steps = [
            (json!({"name": "one", "number": null, "tax": "T-1"}), "N-1", None),
            (json!({"name": "one", "number": "", "tax": "T-1"}), "", None),
            (json!({"name": "one", "tax": "T-1"}), "N-9", Some("T-1")),
            (json!({"name": "one", "number": "N-2", "tax": "T-2"}), "T-1 as a number", Some("T-2")),
        ];
        for (number, (values, free, taken)) in steps.into_iter().enumerate() {
            let seen = registers.find("companies", "C-1").await.unwrap().unwrap().version;
            let values = values.as_object().unwrap().clone();
            let day = date(2021, 3, 1);
            registers.change(by("clerk", NOON), ("companies", "C-1", seen), values, day).await.unwrap();
            let other = json!({"name": "other", "number": free});
            add(&registers, "companies", &format!("O-{number}"), None, other).await.unwrap();
            if let Some(taken) = taken {
                let refused = add(&registers, "companies", "X", None, json!({"name": "x", "tax": taken})).await;
                assert!(matches!(refused, Err(RegisterError::Taken { .. })), "{taken}: {refused:?}");
            }
        }
        let seen = registers.find("companies", "C-1").await.unwrap().unwrap().version;
        registers.remove(by("clerk", NOON), ("companies", "C-1", seen), date(2021, 3, 1)).await.unwrap();
        add(&registers, "companies", "X", None, json!({"name": "x", "number": "N-2", "tax": "T-2"})).await.unwrap();
        let again = add(&registers, "companies", "X", None, json!({"name": "y"})).await;
        assert!(matches!(again, Err(RegisterError::Taken { .. })), "an id is one record's: {again:?}");
    })
    .await
    .unwrap();
}
