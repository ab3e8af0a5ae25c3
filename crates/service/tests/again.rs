//! What is done again counts once: states that are entered twice, answers that are edited, sweeps that meet a bad case;
//! on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use base::Calendar;
use jiff::{Timestamp, tz};
use register::{RegisterDefinition, Registers};
use serde_json::{Value as Json, json};
use service::{Actor, Answers, Case, Cases, Catalogue, Filing, Move, Service, ServiceError};
use store::{By, Store, testing::on_each_engine};

fn stall() -> Json {
    let title = json!({"en": "a title"});
    json!({
        "service": "stall", "reference": "ST", "title": title, "owner": "market", "promise": "10 working days",
        "form": [{"page": "stall", "title": title, "questions": {
            "place": {"type": "choice", "of": {"north": title, "south": title}},
            "size": {"type": "integer", "min": 1, "max": 9},
            "roof": {"type": "text", "show-when": "size > 4"},
            "company": {"type": "record", "of": "companies", "required": false},
            "goods": {"type": "text", "required": false},
        }}],
        "eligible": [{"when": "size < 8 and today != '2021-03-20'", "else": title}],
        "seats": {"by": "place", "of": {"north": 1, "south": 1}},
        "fee": {"currency": "ILS", "inputs": ["size"], "rows": [["< 4", 0], ["-", 50]]},
        "record": {"register": "stalls", "values": {"number": "reference", "size": "size"}},
        "states": {
            "submitted": {"title": title, "next": "review"},
            "review": {"title": title, "by": "clerk", "within": "3 working days", "actions": {
                "open": {"title": title, "to": "open"},
                "bill": {"title": title, "to": "billed"},
                "ask": {"title": title, "to": "waiting"},
            }},
            "billed": {"title": title, "by": "clerk", "does": ["fee"], "actions": {"ask": {"title": title, "to": "waiting"}}},
            "open": {"title": title, "by": "clerk", "does": ["record", "certificate", "refund", "notify"], "actions": {
                "again": {"title": title, "to": "review"},
            }},
            "waiting": {"title": title, "by": "applicant", "within": "30 days", "then": "lapsed", "actions": {
                "answer": {"title": title, "to": "review", "edits": ["place", "size", "roof", "company", "goods"]},
            }},
            "lapsed": {"title": title, "end": "lapsed"},
        },
    })
}

const MONDAY: &str = "2021-03-01T08:00:00Z";
const LATER: &str = "2021-06-01T08:00:00Z";

fn by(actor: &str, at: &str) -> By {
    By::new(actor, "test", at.parse::<Timestamp>().unwrap())
}

fn actor(account: &str) -> Actor {
    let roles = if account == "clerk" { vec!["clerk".to_owned()] } else { vec![] };
    Actor { account: account.into(), name: account.into(), roles }
}

fn registers(store: &Store) -> Registers {
    let title = json!({"en": "a title"});
    let definitions = [
        json!({"register": "stalls", "title": title, "keeper": "market", "label": "number",
            "fields": {"number": {"type": "text", "unique": true}, "size": {"type": "integer"}}, "read": {"public": ["number"]}}),
        json!({"register": "companies", "title": title, "keeper": "market", "label": "name",
            "fields": {"name": {"type": "text", "unique": true}}, "read": {"public": ["name"]}}),
    ]
    .map(|definition| serde_json::from_value::<RegisterDefinition>(definition).unwrap());
    Registers::new(store.clone(), definitions)
}

async fn open(database: &str, definition: Json) -> (Store, Registers, Cases) {
    let migrations = [register::MIGRATIONS, pay::MIGRATIONS, service::MIGRATIONS].concat();
    let store = Store::open(database, &migrations, vec![]).await.unwrap();
    let service = Service::compile(serde_json::from_value(definition).unwrap()).map_err(|f| format!("{f:?}")).unwrap();
    let calendar = Calendar { weekend: vec![], holidays: [].into(), zone: tz::TimeZone::UTC };
    let payments = pay::Payments::new(vec![Arc::new(pay::way::Cash), Arc::new(pay::way::Waiver)]);
    let catalogue = Catalogue::new([service]).supervised([("clerk".to_owned(), "chief".to_owned())]);
    let registers = registers(&store);
    let opened =
        Cases::open(store.clone(), catalogue, Arc::new(calendar), registers.clone(), payments, by("system", MONDAY));
    (store.clone(), registers, opened.await.unwrap())
}

fn answers(of: Json) -> Answers {
    of.as_object().unwrap().clone()
}

async fn file(cases: &Cases, who: &str, random: u64, of: Json) -> Case {
    let filing = Filing { service: "stall".into(), answers: answers(of), random, key: None, draft: None };
    cases.file(by(who, MONDAY), &actor(who), filing).await.unwrap()
}

async fn act(cases: &Cases, who: &str, case: &Case, action: &str, of: Json) -> Result<Case, ServiceError> {
    let step =
        Move { reference: case.reference.clone(), action: action.into(), answers: answers(of), ..Move::default() };
    cases.act(by(who, MONDAY), &actor(who), step).await
}

#[tokio::test]
async fn a_state_that_is_entered_again_makes_no_second_record() {
    let check = async |database: String| {
        let (_, registers, cases) = open(&database, stall()).await;
        let case = file(&cases, "amal", 1, json!({"place": "north", "size": 2})).await;
        let step = async |who: &str, action: &str, of: Json| act(&cases, who, &case, action, of).await.unwrap();
        step("clerk", "open", json!({})).await;
        step("clerk", "again", json!({})).await;
        step("clerk", "open", json!({})).await;
        let history = registers.history(&case.reference).await.unwrap();
        assert_eq!(history.len(), 1, "nothing was different: {history:?}");
        step("clerk", "again", json!({})).await;
        step("clerk", "ask", json!({})).await;
        step("amal", "answer", json!({"size": 3})).await;
        step("clerk", "open", json!({})).await;
        let history = registers.history(&case.reference).await.unwrap();
        let sizes: Vec<_> = history
            .iter()
            .map(|entry| {
                (entry.before.as_ref().map(|b| b["size"].clone()), entry.after.as_ref().unwrap()["size"].clone())
            })
            .collect();
        assert_eq!(sizes, [(None, json!(2)), (Some(json!(2)), json!(3))], "figures change by the difference");
        let record = registers.find("stalls", &case.reference).await.unwrap().unwrap();
        assert_eq!(record.version, 2);
    };
    on_each_engine("service_again", check).await.unwrap();
}

#[tokio::test]
async fn an_edit_is_held_to_all_that_a_new_application_is() {
    let check = async |database: String| {
        let (_, registers, cases) = open(&database, stall()).await;
        let company = register::NewRecord {
            id: "C-1".into(),
            register: "companies".into(),
            holder: None,
            values: answers(json!({"name": "Zaytoun"})),
            effective: jiff::civil::date(2021, 3, 1),
        };
        registers.add(by("clerk", MONDAY), company, None).await.unwrap();
        let case = file(&cases, "amal", 1, json!({"place": "north", "size": 2, "company": "Zaytoun"})).await;
        file(&cases, "badr", 2, json!({"place": "south", "size": 2})).await;
        act(&cases, "clerk", &case, "ask", json!({})).await.unwrap();
        let edit = async |of: Json| act(&cases, "amal", &case, "answer", of).await;
        let names = |outcome: Result<Case, ServiceError>| match outcome {
            Err(ServiceError::Faults(faults)) => {
                faults.into_iter().map(|(name, fault)| format!("{name} {}", fault.message)).collect()
            }
            other => vec![format!("{other:?}")],
        };
        assert!(matches!(edit(json!({"size": 8, "roof": "tin"})).await, Err(ServiceError::NotEligible(0))));
        assert!(matches!(edit(json!({"place": "south"})).await, Err(ServiceError::Full(_))));
        assert_eq!(names(edit(json!({"size": 5})).await), ["roof fault-required"], "what is asked now is missing");
        registers.remove(by("clerk", MONDAY), ("companies", "C-1", 1), jiff::civil::date(2021, 3, 1)).await.unwrap();
        assert_eq!(names(edit(json!({"size": 3})).await), ["company fault-record-gone"]);
        // Before a fee is quoted it may become another; the day of filing decides whether it is too late.
        let step = Move {
            reference: case.reference.clone(),
            action: "answer".into(),
            answers: answers(json!({"size": 5, "roof": "tin", "company": null})),
            ..Move::default()
        };
        let moved = cases.act(by("amal", "2021-03-20T08:00:00Z"), &actor("amal"), step).await.unwrap();
        assert_eq!((moved.answers["size"].clone(), moved.answers["roof"].clone()), (json!(5), json!("tin")));
        act(&cases, "clerk", &case, "bill", json!({})).await.unwrap();
        act(&cases, "clerk", &case, "ask", json!({})).await.unwrap();
        assert_eq!(names(edit(json!({"size": 3})).await), ["size fault-fee-quoted", "roof fault-fee-quoted"]);
        let moved = edit(json!({"size": 6, "goods": "olives"})).await.unwrap();
        assert_eq!(moved.answers["goods"], "olives", "the fee is the same");
    };
    on_each_engine("service_edits", check).await.unwrap();
}

#[tokio::test]
async fn a_place_that_an_edit_leaves_is_free_again() {
    let check = async |database: String| {
        let (_, _, cases) = open(&database, stall()).await;
        let case = file(&cases, "amal", 1, json!({"place": "north", "size": 2})).await;
        act(&cases, "clerk", &case, "ask", json!({})).await.unwrap();
        act(&cases, "amal", &case, "answer", json!({"place": "south"})).await.unwrap();
        file(&cases, "badr", 2, json!({"place": "north", "size": 2})).await;
        let full = Filing {
            service: "stall".into(),
            answers: answers(json!({"place": "south", "size": 2})),
            random: 3,
            key: None,
            draft: None,
        };
        let full = cases.file(by("carla", MONDAY), &actor("carla"), full).await;
        assert!(matches!(full, Err(ServiceError::Full(_))), "{full:?}");
    };
    on_each_engine("service_places", check).await.unwrap();
}

#[tokio::test]
async fn a_bad_case_is_set_aside_and_holds_up_no_other() {
    let check = async |database: String| {
        let mut definition = stall();
        definition.as_object_mut().unwrap().remove("seats");
        // Lapsing makes a record whose number is taken for the bad one.
        definition["states"]["lapsed"]["does"] = json!(["record"]);
        definition["record"]["values"]["number"] = json!("goods");
        // Those that nothing ends are more than one look takes.
        definition["states"]["submitted"] = json!({"title": {"en": "x"}, "next": "patient"});
        definition["states"]["patient"] = json!({"title": {"en": "x"}, "by": "applicant", "within": "1 day", "actions": {
            "end": {"title": {"en": "x"}, "to": "lapsed"}, "go": {"title": {"en": "x"}, "to": "waiting"},
        }});
        let (_, registers, cases) = open(&database, definition).await;
        for number in 0..230_u64 {
            file(
                &cases,
                "amal",
                1_000 + number * 77,
                json!({"place": "north", "size": 2, "goods": format!("p{number}")}),
            )
            .await;
        }
        let mut waiting = Vec::new();
        for (number, goods) in ["a", "taken", "b", "c"].into_iter().enumerate() {
            let case = file(&cases, "badr", number as u64, json!({"place": "north", "size": 2, "goods": goods})).await;
            waiting.push(act(&cases, "badr", &case, "go", json!({})).await.unwrap());
        }
        let taken = register::NewRecord {
            id: "S-1".into(),
            register: "stalls".into(),
            holder: None,
            values: answers(json!({"number": "taken", "size": 1})),
            effective: jiff::civil::date(2021, 3, 1),
        };
        registers.add(by("clerk", MONDAY), taken, None).await.unwrap();
        assert_eq!(cases.lapse(by("system", LATER)).await.unwrap(), 3);
        let aside = cases.set_aside(10).await.unwrap();
        assert_eq!((aside.len(), aside[0].reference.clone(), aside[0].tries), (1, waiting[1].reference.clone(), 1));
        assert!(aside[0].error.contains("taken"), "{aside:?}");
        // It is not tried each time, and its waits grow.
        for (at, tries) in [
            ("2021-06-01T08:00:30Z", 1),
            ("2021-06-01T08:01:01Z", 2),
            ("2021-06-01T08:02:30Z", 2),
            ("2021-06-01T08:03:02Z", 3),
        ] {
            assert_eq!(cases.lapse(by("system", at)).await.unwrap(), 0);
            assert_eq!(cases.set_aside(10).await.unwrap()[0].tries, tries, "{at}");
        }
        registers.remove(by("clerk", MONDAY), ("stalls", "S-1", 1), jiff::civil::date(2021, 3, 1)).await.unwrap();
        assert_eq!(cases.lapse(by("system", "2021-06-02T08:00:00Z")).await.unwrap(), 1);
        assert!(cases.set_aside(10).await.unwrap().is_empty());
    };
    on_each_engine("service_aside", check).await.unwrap();
}
