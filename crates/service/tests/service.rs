//! What an application goes through, on SQLite and on PostgreSQL: filed once, seen by those who may, moved by one at a
//! time, and judged for life by the definition that it was filed under.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use base::Calendar;
use futures::future::join_all;
use jiff::{Timestamp, civil::Weekday, tz};
use register::Registers;
use serde_json::{Value as Json, json};
use service::{Actor, Answers, Case, Cases, Catalogue, Filing, Move, Outcome, QueueFilter, Service, ServiceError};
use store::{By, Store, StoreError, testing::on_each_engine};

/// A stall at the market: five places in the north, as many as come in the south.
fn stall() -> Json {
    let title = json!({"en": "a title"});
    json!({
        "service": "stall", "reference": "ST", "title": title, "owner": "market", "promise": "10 working days",
        "form": [{"page": "stall", "title": title, "questions": {
            "place": {"type": "choice", "of": {"north": title, "south": title}},
            "size": {"type": "integer", "min": 1, "max": 9},
            "goods": {"type": "text", "max-length": 20},
        }}],
        "eligible": [{"when": "size < 6", "else": title}],
        "seats": {"by": "place", "of": {"north": 5}},
        "states": {
            "submitted": {"title": title, "next": "review"},
            "review": {"title": title, "by": "clerk", "within": "3 working days", "actions": {
                "approve": {"title": title, "to": "approved"},
                "ask": {"title": title, "to": "waiting", "needs": "message"},
                "reject": {"title": title, "to": "rejected", "needs": "reason"},
            }},
            "waiting": {"title": title, "by": "applicant", "within": "30 days", "then": "lapsed", "actions": {
                "answer": {"title": title, "to": "review", "edits": ["size", "goods"]},
            }},
            "approved": {"title": title, "end": "granted"},
            "rejected": {"title": title, "end": "refused"},
            "lapsed": {"title": title, "end": "lapsed"},
        },
    })
}

fn payments() -> pay::Payments {
    pay::Payments::new(vec![Arc::new(pay::way::Cash), Arc::new(pay::way::Waiver)])
}

async fn store(database: &str) -> Store {
    let migrations = [register::MIGRATIONS, pay::MIGRATIONS, service::MIGRATIONS].concat();
    Store::open(database, &migrations, vec![]).await.unwrap()
}

async fn open(database: &str, definition: Json) -> Cases {
    let store = store(database).await;
    let service = Service::compile(serde_json::from_value(definition).unwrap()).map_err(|f| format!("{f:?}")).unwrap();
    let weekend = vec![Weekday::Friday, Weekday::Saturday];
    let calendar = Calendar { weekend, holidays: [].into(), zone: tz::TimeZone::fixed(tz::offset(3)) };
    let registers = Registers::new(store.clone(), []);
    let catalogue = Catalogue::new([service]).supervised([("clerk".to_owned(), "chief".to_owned())]);
    Cases::open(store, catalogue, Arc::new(calendar), registers, payments(), by("system", MONDAY)).await.unwrap()
}

const MONDAY: &str = "2021-03-01T08:00:00Z";

fn by(actor: &str, at: &str) -> By {
    By::new(actor, "test", at.parse::<Timestamp>().unwrap())
}

/// Accounts that begin with `clerk` are clerks, and those that begin with `chief` their supervisors.
fn actor(account: &str) -> Actor {
    let roles = ["clerk", "chief"].into_iter().filter(|role| account.starts_with(role)).map(str::to_owned).collect();
    Actor { account: account.into(), name: account.into(), roles }
}

fn answers(of: Json) -> Answers {
    of.as_object().unwrap().clone()
}

fn filing(place: &str, size: i64) -> Filing {
    let answers = answers(json!({"place": place, "size": size, "goods": "olives"}));
    Filing { service: "stall".into(), answers, random: 7, key: None, draft: None }
}

async fn file(cases: &Cases, who: &str, filing: Filing) -> Result<Case, ServiceError> {
    cases.file(by(who, MONDAY), &actor(who), filing).await
}

/// A step on the case as `seen`, with a note.
fn step(seen: &Case, action: &str) -> Move {
    Move {
        reference: seen.reference.clone(),
        action: action.into(),
        note: Some("a note".into()),
        revision: Some(seen.revision),
        ..Move::default()
    }
}

async fn act(cases: &Cases, who: &str, step: Move) -> Result<Case, ServiceError> {
    cases.act(by(who, MONDAY), &actor(who), step).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn twenty_at_once_for_five_places_make_five_cases() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let who: Vec<String> = (0..20).map(|n| format!("applicant-{n}")).collect();
        let filed = join_all(who.iter().map(|who| file(&cases, who, filing("north", 3)))).await;
        let (given, full): (Vec<_>, Vec<_>) = filed.into_iter().partition(Result::is_ok);
        assert!(
            full.iter().all(|error| matches!(error, Err(ServiceError::Full(place)) if place == "north")),
            "{full:?}"
        );
        assert_eq!(given.len(), 5);
        // All drew the same random number, and have references of their own all the same.
        let given: Vec<Case> = given.into_iter().map(Result::unwrap).collect();
        let references: std::collections::BTreeSet<_> = given.iter().map(|case| &case.reference).collect();
        assert_eq!(references.len(), 5);
        assert_eq!(cases.queue(&actor("clerk"), QueueFilter::All, None, 100).await.unwrap().all, 5);
        // Elsewhere there is room; and a place that is given back is free.
        file(&cases, "late", filing("south", 3)).await.unwrap();
        act(&cases, "clerk", step(&given[0], "reject")).await.unwrap();
        file(&cases, "late", filing("north", 3)).await.unwrap();
        assert!(matches!(file(&cases, "later", filing("north", 3)).await, Err(ServiceError::Full(_))));
    };
    on_each_engine("service_seats", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_key_makes_one_case_however_often_it_is_sent() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let keyed = |size, random| Filing { key: Some("k".into()), random, ..filing("north", size) };
        let filed = join_all((0..12).map(|random| file(&cases, "amal", keyed(3, random)))).await;
        let filed: Vec<Case> = filed.into_iter().map(Result::unwrap).collect();
        assert!(filed.iter().all(|case| *case == filed[0]), "{filed:?}");
        assert_eq!(cases.of("amal", None, 100).await.unwrap(), [filed[0].clone()]);
        assert_eq!(cases.history(&filed[0].reference).await.unwrap().len(), 1);

        let other = file(&cases, "amal", keyed(4, 99)).await;
        assert!(matches!(other, Err(ServiceError::Store(StoreError::KeyReused))), "{other:?}");
        // Keys belong to accounts; and without a key each filing is a case of its own.
        let reference = &filed[0].reference;
        assert_ne!(file(&cases, "badr", keyed(4, 99)).await.unwrap().reference, *reference);
        assert_ne!(file(&cases, "amal", filing("north", 3)).await.unwrap().reference, *reference);
        // The same key for the same answers is answered even where no place is left meanwhile.
        for random in 200..202 {
            file(&cases, "others", Filing { random, ..filing("north", 3) }).await.unwrap();
        }
        assert!(matches!(file(&cases, "others", filing("north", 3)).await, Err(ServiceError::Full(_))));
        assert_eq!(file(&cases, "amal", keyed(3, 5)).await.unwrap(), filed[0]);
    };
    on_each_engine("service_key", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_clerks_at_once_exactly_one_decides() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        for random in 0..8 {
            let seen = file(&cases, "amal", Filing { random, ..filing("south", 3) }).await.unwrap();
            let (approved, rejected) = tokio::join!(
                act(&cases, "clerk-1", step(&seen, "approve")),
                act(&cases, "clerk-2", step(&seen, "reject"))
            );
            let (won, lost, winner) = match (approved, rejected) {
                (Ok(case), Err(lost)) => (case, lost, "clerk-1"),
                (Err(lost), Ok(case)) => (case, lost, "clerk-2"),
                both => panic!("one wins and one does not: {both:?}"),
            };
            assert_eq!((won.revision, won.assignee.as_deref()), (2, Some(winner)));
            assert!(
                matches!(&lost, ServiceError::MovedOn { by, state } if by == winner && *state == won.state),
                "{lost}"
            );
            assert_eq!(cases.history(&won.reference).await.unwrap().len(), 2);
        }
    };
    on_each_engine("service_clerks", check).await.unwrap();
}

#[tokio::test]
async fn whoever_saw_an_older_revision_is_told_who_moved_the_case_and_where_to() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let seen = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let asked = act(&cases, "clerk-1", step(&seen, "ask")).await.unwrap();
        let late = act(&cases, "clerk-2", step(&seen, "approve")).await.unwrap_err();
        assert!(
            matches!(&late, ServiceError::MovedOn { by, state } if by == "clerk-1" && state == "waiting"),
            "{late}"
        );
        // Back in the state that the clerk saw, the case is still not the one that the clerk saw.
        act(&cases, "amal", step(&asked, "answer")).await.unwrap();
        let late = act(&cases, "clerk-2", step(&seen, "approve")).await.unwrap_err();
        assert!(matches!(&late, ServiceError::MovedOn { by, state } if by == "amal" && state == "review"), "{late}");
        // Whoever names no revision acts on what stands.
        let whatever = Move { revision: None, ..step(&seen, "approve") };
        assert_eq!(act(&cases, "clerk-2", whatever).await.unwrap().state, "approved");
    };
    on_each_engine("service_stale", check).await.unwrap();
}

#[tokio::test]
async fn an_answer_changes_only_what_the_action_lets_it_change() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let seen = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let asked = act(&cases, "clerk-1", step(&seen, "ask")).await.unwrap();
        assert_eq!((asked.state.as_str(), asked.note.as_deref()), ("waiting", Some("a note")));
        assert_eq!(asked.due.as_deref(), Some("2021-03-31"));

        let answer = |given| Move { answers: answers(given), ..step(&asked, "answer") };
        let wrong = act(&cases, "amal", answer(json!({"size": 10, "goods": "soap"}))).await.unwrap_err();
        assert!(
            matches!(&wrong, ServiceError::Faults(faults) if faults.len() == 1 && faults[0].0 == "size"),
            "{wrong:?}"
        );
        assert_eq!(cases.get(&actor("amal"), &seen.reference).await.unwrap(), Some(asked.clone()));

        let sent = json!({"size": 4, "place": "north", "goods": "  soap ", "unknown": 1});
        let answered = act(&cases, "amal", answer(sent)).await.unwrap();
        assert_eq!(answered.answers, answers(json!({"place": "south", "size": 4, "goods": "soap"})));
        assert_eq!((answered.state.as_str(), answered.revision), ("review", 3));
        // Monday and three working days; and it is still with the clerk who asked.
        assert_eq!((answered.due.as_deref(), answered.assignee.as_deref()), (Some("2021-03-04"), Some("clerk-1")));
        assert_eq!(cases.get(&actor("clerk"), &seen.reference).await.unwrap(), Some(answered.clone()));

        // An action that lets nothing be changed changes nothing.
        let approve = Move { answers: answers(json!({"size": 9})), ..step(&answered, "approve") };
        let approved = act(&cases, "clerk-1", approve).await.unwrap();
        assert_eq!((approved.outcome, &approved.answers), (Some(Outcome::Granted), &answered.answers));
        assert_eq!((approved.days, approved.on_time, approved.due), (Some(0), Some(true), None));
    };
    on_each_engine("service_edits", check).await.unwrap();
}

#[tokio::test]
async fn a_case_lapses_when_its_last_day_is_over_on_the_calendar() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let seen = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let untouched = file(&cases, "badr", filing("south", 3)).await.unwrap();
        let asked = act(&cases, "clerk", step(&seen, "ask")).await.unwrap();
        // Three hours east of Greenwich, the 31st of March ends at nine in the evening.
        assert_eq!(cases.lapse(by("system", "2021-03-31T20:59:59Z")).await.unwrap(), 0);
        assert_eq!(cases.lapse(by("system", "2021-03-31T21:00:00Z")).await.unwrap(), 1);
        assert_eq!(cases.lapse(by("system", "2021-04-01T08:00:00Z")).await.unwrap(), 0);
        let lapsed = cases.get(&actor("amal"), &seen.reference).await.unwrap().unwrap();
        assert_eq!((lapsed.state.as_str(), lapsed.outcome, lapsed.note), ("lapsed", Some(Outcome::Lapsed), None));
        assert_eq!((lapsed.closed.as_deref(), lapsed.due), (Some("2021-04-01"), None));
        assert_eq!((lapsed.days, lapsed.on_time), (Some(23), Some(false)));
        assert_eq!(cases.history(&seen.reference).await.unwrap().last().unwrap().actor, "system");
        // What waits for a clerk does not lapse, however late it is.
        assert_eq!(cases.get(&actor("badr"), &untouched.reference).await.unwrap(), Some(untouched));
        let late = act(&cases, "amal", Move { revision: None, ..step(&asked, "answer") }).await.unwrap_err();
        assert!(matches!(&late, ServiceError::NotPossible { state, .. } if state == "lapsed"), "{late}");
    };
    on_each_engine("service_lapse", check).await.unwrap();
}

#[tokio::test]
async fn an_overdue_case_comes_to_the_supervisor_first_and_stays_with_the_clerk() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let late = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let tuesday = by("amal", "2021-03-02T08:00:00Z");
        let later = cases.file(tuesday, &actor("amal"), Filing { random: 8, ..filing("south", 3) }).await.unwrap();
        let desk = async |who: &str| {
            let queue = cases.queue(&actor(who), QueueFilter::All, None, 100).await.unwrap();
            let references = queue.cases.into_iter().map(|case| case.reference).collect::<Vec<_>>();
            (references, queue.escalated, queue.all)
        };
        // The supervisor knows of the cases, and decides none while the clerk has time.
        assert_eq!(desk("chief").await, (vec![], 0, 0));
        assert!(cases.get(&actor("chief"), &late.reference).await.unwrap().is_some());
        assert!(matches!(act(&cases, "chief", step(&late, "approve")).await, Err(ServiceError::NotPossible { .. })));
        // Three working days from Monday end with Thursday; Friday and Saturday are the weekend of this calendar.
        assert_eq!(late.due.as_deref(), Some("2021-03-04"));
        assert_eq!(later.due.as_deref(), Some("2021-03-07"));
        assert_eq!(cases.escalate(by("system", "2021-03-04T20:59:59Z")).await.unwrap(), 0);
        assert_eq!(cases.escalate(by("system", "2021-03-04T21:00:00Z")).await.unwrap(), 1);
        assert_eq!(cases.escalate(by("system", "2021-03-06T08:00:00Z")).await.unwrap(), 0, "once is enough");
        let both = vec![late.reference.clone(), later.reference.clone()];
        assert_eq!(desk("chief").await, (vec![late.reference.clone()], 1, 1));
        assert_eq!(desk("clerk").await, (both.clone(), 0, 2));
        let last = cases.history(&late.reference).await.unwrap().pop().unwrap();
        assert_eq!((last.actor.as_str(), last.after.unwrap()["action"].as_str()), ("system", Some("escalate")));
        // Whoever is both has what came to them first, and goes through all of it page by page.
        let chief_and_clerk = Actor { roles: vec!["clerk".into(), "chief".into()], ..actor("someone") };
        let urgent = file(&cases, "badr", Filing { random: 9, ..filing("south", 3) }).await.unwrap();
        act(&cases, "clerk", step(&urgent, "ask")).await.unwrap();
        let (mut after, mut seen) = (None, Vec::new());
        loop {
            let page = cases.queue(&chief_and_clerk, QueueFilter::All, after.as_ref(), 1).await.unwrap();
            let Some(case) = page.cases.first() else { break };
            let place = case.place(&chief_and_clerk.roles);
            assert_eq!(service::Place::parse(&place.to_string()), Some(place.clone()));
            seen.push(case.reference.clone());
            after = Some(place);
        }
        assert_eq!(seen, both);
        // The supervisor decides; what moves on has time again.
        let overdue = cases.get(&actor("chief"), &late.reference).await.unwrap().unwrap();
        assert_eq!(overdue.escalated.as_deref(), Some("chief"));
        let asked = act(&cases, "chief", step(&overdue, "ask")).await.unwrap();
        assert_eq!((asked.state.as_str(), asked.escalated), ("waiting", None));
        assert_eq!(desk("chief").await, (vec![], 0, 0));
    };
    on_each_engine("service_escalation", check).await.unwrap();
}

#[tokio::test]
async fn what_does_not_fit_is_said_of_every_question_and_files_nothing() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let refused = async |given: Json| {
            file(&cases, "amal", Filing { answers: answers(given), ..filing("north", 3) }).await.unwrap_err()
        };
        match refused(json!({"place": "moon", "size": "many", "colour": "red"})).await {
            ServiceError::Faults(faults) => {
                let found: Vec<_> = faults.iter().map(|(name, fault)| (name.as_str(), fault.message)).collect();
                let expect = [
                    ("place", "fault-choice"),
                    ("size", "fault-integer"),
                    ("goods", "fault-required"),
                    ("colour", "fault-unknown"),
                ];
                assert_eq!(found, expect);
            }
            other => panic!("{other:?}"),
        }
        let too_big = refused(json!({"place": "north", "size": 6, "goods": "olives"})).await;
        assert!(matches!(too_big, ServiceError::NotEligible(0)), "{too_big:?}");
        let elsewhere = file(&cases, "amal", Filing { service: "shop".into(), ..filing("north", 3) }).await;
        assert!(matches!(elsewhere, Err(ServiceError::NoService(name)) if name == "shop"));
        assert!(cases.of("amal", None, 10).await.unwrap().is_empty());
    };
    on_each_engine("service_faults", check).await.unwrap();
}

#[tokio::test]
async fn a_stranger_learns_of_no_case() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let seen = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let guard = Actor { roles: vec!["guard".into(), "applicant".into()], ..actor("guard") };
        for stranger in [&actor("badr"), &guard] {
            assert_eq!(cases.get(stranger, &seen.reference).await.unwrap(), None);
            assert!(cases.actions(stranger, &seen).is_empty());
            // To act on it, or on one that does not exist, comes to the same.
            for reference in [&seen.reference, "ST-2222-2222"] {
                let approve = Move { reference: reference.to_owned(), ..step(&seen, "approve") };
                let refused = cases.act(by("stranger", MONDAY), stranger, approve).await.unwrap_err();
                assert!(matches!(&refused, ServiceError::NoCase(which) if which == reference), "{refused}");
            }
            let references = vec![seen.reference.clone()];
            let given = cases.assign(by("stranger", MONDAY), stranger, references, Some("badr".into())).await.unwrap();
            assert_eq!(given, 0);
            assert_eq!(cases.queue(stranger, QueueFilter::All, None, 10).await.unwrap().all, 0);
            assert!(cases.of(&stranger.account, None, 10).await.unwrap().is_empty());
        }
        for insider in ["amal", "clerk"] {
            assert_eq!(cases.get(&actor(insider), &seen.reference).await.unwrap(), Some(seen.clone()));
        }
    };
    on_each_engine("service_stranger", check).await.unwrap();
}

#[tokio::test]
async fn an_action_is_for_its_state_its_people_and_with_its_note() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let seen = file(&cases, "amal", filing("south", 3)).await.unwrap();
        let not_possible = async |who: &str, seen: &Case, action: &str| {
            let refused = act(&cases, who, step(seen, action)).await.unwrap_err();
            let expect = (action, seen.state.as_str());
            let told =
                matches!(&refused, ServiceError::NotPossible { action, state } if (&**action, &**state) == expect);
            assert!(told, "{who} {expect:?}: {refused}");
        };
        not_possible("clerk", &seen, "answer").await;
        not_possible("clerk", &seen, "dance").await;
        not_possible("amal", &seen, "approve").await;
        for note in [None, Some(String::new()), Some(" \n ".to_owned())] {
            let silent = act(&cases, "clerk", Move { note, ..step(&seen, "ask") }).await.unwrap_err();
            assert!(matches!(&silent, ServiceError::NeedsNote(action) if action == "ask"), "{silent}");
        }
        let asked = act(&cases, "clerk", step(&seen, "ask")).await.unwrap();
        not_possible("clerk", &asked, "approve").await;
        not_possible("clerk", &asked, "answer").await;
        let silent = Move { note: None, ..step(&asked, "answer") };
        let answered = act(&cases, "amal", silent).await.unwrap();
        // The same step under the same key is done once; it says what it said, though the case has moved on.
        let reject = Move { key: Some("k".into()), ..step(&answered, "reject") };
        let rejected = act(&cases, "clerk", reject.clone()).await.unwrap();
        assert_eq!(act(&cases, "clerk", reject.clone()).await.unwrap(), rejected);
        let other = act(&cases, "clerk", Move { action: "approve".into(), ..reject }).await;
        assert!(matches!(other, Err(ServiceError::Store(StoreError::KeyReused))), "{other:?}");
        not_possible("clerk", &rejected, "approve").await;
        // Filed, asked, answered, rejected: what was refused left no trace.
        let told: Vec<Json> =
            cases.history(&seen.reference).await.unwrap().into_iter().filter_map(|e| e.after).collect();
        let actions: Vec<&str> = told.iter().map(|case| case["action"].as_str().unwrap()).collect();
        assert_eq!(actions, ["file", "ask", "answer", "reject"]);
    };
    on_each_engine("service_actions", check).await.unwrap();
}

#[tokio::test]
async fn a_case_keeps_the_version_that_it_was_filed_under() {
    let check = async |database: String| {
        let cases = open(&database, stall()).await;
        let old = file(&cases, "amal", filing("south", 3)).await.unwrap();
        // The definition changes: another question, a narrower condition, other actions. Twice, so that the oldest is
        // read beside one in the middle.
        let mut changed = stall();
        changed["form"][0]["questions"]["size"]["max"] = 4.into();
        let in_the_middle = open(&database, changed.clone()).await;
        changed["form"][0]["questions"]["water"] = json!({"type": "yes-no", "title": {"en": "a title"}});
        changed["states"]["review"]["actions"]["grant"] = json!({"title": {"en": "a title"}, "to": "approved"});
        changed["states"]["review"]["actions"].as_object_mut().unwrap().remove("ask");
        changed["states"]["review"]["actions"]["approve"]["to"] = "waiting".into();
        let middle = file(&in_the_middle, "badr", filing("south", 3)).await.unwrap();
        let cases = open(&database, changed).await;

        let service = |case: &Case| cases.catalogue().version("stall", &case.version).unwrap().clone();
        let questions = |case: &Case| service(case).definition.questions().map(|(name, _)| name.to_owned()).collect();
        let actions =
            |case: &Case| cases.actions(&actor("clerk"), case).iter().map(|(name, _)| name.to_string()).collect();
        let found: (Vec<String>, Vec<String>) = (questions(&old), actions(&old));
        assert_eq!(found.0, ["place", "size", "goods"]);
        assert_eq!(found.1, ["approve", "ask", "reject"]);
        assert_eq!((service(&old).first_state(), service(&middle).first_state()), ("submitted", "submitted"));

        // The answer is judged by the form that was filled in.
        let asked = act(&cases, "clerk", step(&old, "ask")).await.unwrap();
        let five = Move { answers: answers(json!({"size": 5})), ..step(&asked, "answer") };
        let answered = act(&cases, "amal", five).await.unwrap();
        assert_eq!((answered.version.as_str(), &answered.answers["size"]), (old.version.as_str(), &json!(5)));
        assert_eq!(act(&cases, "clerk", step(&answered, "approve")).await.unwrap().state, "approved");
        let asked = act(&cases, "clerk", step(&middle, "ask")).await.unwrap();
        let five = Move { answers: answers(json!({"size": 5})), ..step(&asked, "answer") };
        assert!(matches!(act(&cases, "badr", five).await, Err(ServiceError::Faults(_))));

        // Whoever applies now is asked by the new form.
        assert!(matches!(file(&cases, "amal", filing("south", 3)).await, Err(ServiceError::Faults(_))));
        let given = answers(json!({"place": "south", "size": 3, "goods": "olives", "water": "yes"}));
        let new = file(&cases, "amal", Filing { answers: given, ..filing("south", 3) }).await.unwrap();
        let versions = [&old.version, &middle.version, &new.version];
        assert_eq!(std::collections::BTreeSet::from(versions).len(), 3);
        assert_eq!(act(&cases, "clerk", step(&new, "approve")).await.unwrap().state, "waiting");
    };
    on_each_engine("service_versions", check).await.unwrap();
}

/// The stall again, with a fee that is paid before the review, and that nobody pays for olive oil.
fn stall_with_a_fee() -> Json {
    let title = json!({"en": "a title"});
    let mut definition = stall();
    definition["fee"] = json!({
        "currency": "JOD", "inputs": ["size"], "rows": [["1", 0], ["< 4", 12.5], ["-", 40]],
        "waivers": [{"when": "goods == 'oil'", "because": title}],
    });
    definition["states"]["submitted"] = json!(
        {"title": title, "until": "paid", "next": "review", "within": "14 days", "then": "lapsed"});
    definition["states"]["rejected"] = json!({"title": title, "end": "refused", "does": ["refund"]});
    definition
}

fn goods(size: i64, goods: &str) -> Filing {
    Filing { answers: answers(json!({"place": "south", "size": size, "goods": goods})), ..filing("south", size) }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_case_waits_for_its_fee_and_goes_on_by_itself() {
    let check = async |database: String| {
        let cases = open(&database, stall_with_a_fee()).await;
        // Where nothing is owed, and where a rule waives it, nobody waits.
        assert_eq!(file(&cases, "amal", goods(1, "olives")).await.unwrap().state, "review");
        let waived = file(&cases, "amal", goods(5, "oil")).await.unwrap();
        assert_eq!((waived.state.as_str(), waived.action.as_str()), ("review", "waived"));
        let books = async |purpose| {
            let account = pay::ledger::Account::new("market", purpose, base::Currency::JOD);
            cases.balance(&account).await.unwrap().minor
        };
        // What was waived does not go back.
        let refused = file(&cases, "amal", goods(5, "oil")).await.unwrap();
        act(&cases, "clerk", step(&refused, "reject")).await.unwrap();
        assert_eq!(books(pay::ledger::Purpose::Fees).await, 80_000);
        let case = file(&cases, "amal", goods(3, "olives")).await.unwrap();
        assert_eq!((case.state.as_str(), case.due.as_deref()), ("submitted", Some("2021-03-15")));
        let payment = cases.payment_of(&case).await.unwrap().unwrap();
        assert_eq!(payment.amount.to_string(), "12.500");
        // The fee can be worked out again from what was kept with it.
        let service = cases.catalogue().version(&case.service, &case.version).unwrap();
        assert_eq!(service.replay(&payment.fee).map(|fee| fee.amount), Some(payment.amount));
        assert!(cases.payment(&actor("badr"), &payment.id).await.unwrap().is_none(), "others know nothing of it");
        assert!(cases.start_payment(by("badr", MONDAY), &actor("badr"), &payment.id, "cash", "/").await.is_err());
        assert!(cases.start_payment(by("amal", MONDAY), &actor("amal"), &payment.id, "waiver", "/").await.is_err());
        cases.start_payment(by("amal", MONDAY), &actor("amal"), &payment.id, "cash", "/").await.unwrap();
        assert!(!cases.queue(&actor("clerk"), QueueFilter::All, None, 100).await.unwrap().cases.contains(&case));
        cases.cash_taken(by("agent", MONDAY), "agent", &payment.id).await.unwrap();
        assert!(cases.cash_taken(by("agent", MONDAY), "agent", &payment.id).await.is_err(), "it is paid once");
        let paid = cases.get(&actor("amal"), &case.reference).await.unwrap().unwrap();
        assert_eq!((paid.state.as_str(), paid.action.as_str()), ("review", "paid"));
        assert_eq!(books(pay::ledger::Purpose::Fees).await, 92_500);
        // A refusal pays it back.
        act(&cases, "clerk", step(&paid, "reject")).await.unwrap();
        assert_eq!(cases.payment_of(&case).await.unwrap().unwrap().state, pay::State::Refunded);
        assert_eq!(books(pay::ledger::Purpose::Fees).await, 80_000);
        // The payer is told when the money has left, once, and the history says so.
        let told = async || cases.messages("amal", None, 100).await.unwrap();
        assert_eq!(told().await.len(), 0);
        let refund = cases.refunds(pay::RefundState::Approved).await.unwrap().remove(0);
        cases.refund_left(by("officer", MONDAY), &refund.id, pay::Channel::Bank).await.unwrap();
        assert!(cases.refund_left(by("officer", MONDAY), &refund.id, pay::Channel::Bank).await.is_err());
        let told = told().await.remove(0);
        let back = told.paid_back.unwrap();
        assert_eq!(
            (told.reference.as_str(), back.amount, back.way.as_str()),
            (case.reference.as_str(), payment.amount, "transfer")
        );
        assert_eq!((told.state.as_str(), told.action.as_str()), ("rejected", "paid-back"));
        assert_eq!(cases.history(&case.reference).await.unwrap().last().unwrap().actor, "officer");
    };
    on_each_engine("service_fee", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn cases_that_wait_for_their_applicant_stand_first() {
    let check = async |database: String| {
        let cases = open(&database, stall_with_a_fee()).await;
        let owed = file(&cases, "amal", goods(3, "olives")).await.unwrap();
        let later = file(&cases, "amal", goods(1, "bread")).await.unwrap();
        file(&cases, "badr", goods(3, "salt")).await.unwrap();
        let own = cases.own("amal", 100).await.unwrap();
        let own: Vec<(&str, bool)> = own.iter().map(|(case, turn)| (case.reference.as_str(), *turn)).collect();
        assert_eq!(own, [(owed.reference.as_str(), true), (later.reference.as_str(), false)]);
    };
    on_each_engine("service_own", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_draft_is_deleted_by_whom_it_belongs_to() {
    let check = async |database: String| {
        let drafts = service::Drafts::new(store(&database).await);
        for (id, changed) in [("old", "2021-03-01T08:00:00Z"), ("new", "2021-03-02T08:00:00Z")] {
            let (account, service) = ("amal".to_owned(), "stall".to_owned());
            let draft =
                service::Draft { id: id.into(), account, service, answers: Answers::new(), changed: changed.into() };
            drafts.save(by("amal", MONDAY), draft).await.unwrap();
        }
        let last = async |account: &str| drafts.last_of(account, "stall").await.unwrap().map(|draft| draft.id);
        assert_eq!((last("amal").await.as_deref(), last("badr").await), (Some("new"), None));
        assert!(!drafts.delete(by("badr", MONDAY), "badr", "new").await.unwrap());
        assert!(drafts.delete(by("amal", MONDAY), "amal", "new").await.unwrap());
        assert!(!drafts.delete(by("amal", MONDAY), "amal", "new").await.unwrap());
        assert_eq!(last("amal").await.as_deref(), Some("old"));
    };
    on_each_engine("service_drafts", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_no_case_and_no_draft_has_is_forgotten() {
    let check = async |database: String| {
        let mut definition = stall();
        definition["form"][0]["questions"]["paper"] =
            json!({"type": "file", "accept": ["pdf"], "title": {"en": "a title"}, "required": false});
        let cases = open(&database, definition).await;
        let drafts = service::Drafts::new(store(&database).await);
        let key = |letter: &str| letter.repeat(32);
        let answer = |letter: &str| json!(format!("{}/paper.pdf", key(letter)));
        for letter in ["a", "b", "c", "d"] {
            let (id, account, name) = (key(letter), "amal".into(), "paper.pdf".into());
            let document = service::Document { id, account, name, body: "AAAA".into(), added: MONDAY.into() };
            drafts.keep_document(by("amal", MONDAY), document).await.unwrap();
        }
        for (id, letter) in [("deleted", "a"), ("kept", "d")] {
            let answers = answers(json!({"paper": answer(letter)}));
            let (account, service) = ("amal".into(), "stall".into());
            let draft = service::Draft { id: id.into(), account, service, answers, changed: MONDAY.into() };
            drafts.save(by("amal", MONDAY), draft).await.unwrap();
        }
        let mut filed = filing("north", 3);
        filed.answers.insert("paper".into(), answer("b"));
        cases.file(by("amal", MONDAY), &actor("amal"), filed).await.unwrap();
        let left = async || {
            let mut left = String::new();
            for letter in ["a", "b", "c", "d"] {
                if drafts.document(&key(letter)).await.unwrap().is_some() {
                    left += letter;
                }
            }
            left
        };
        assert!(drafts.delete(by("amal", MONDAY), "amal", "deleted").await.unwrap());
        assert_eq!(left().await, "bcd", "the draft's own file goes with it");
        assert_eq!(drafts.forget_files(by("system", MONDAY), MONDAY).await.unwrap(), 0, "it may still be used");
        assert_eq!(drafts.forget_files(by("system", MONDAY), "2021-04-01T08:00:00Z").await.unwrap(), 1);
        assert_eq!(left().await, "bd", "what a case or a draft has stays");
    };
    on_each_engine("service_files", check).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn money_that_comes_after_the_case_has_lapsed_is_to_go_back() {
    let check = async |database: String| {
        let cases = open(&database, stall_with_a_fee()).await;
        let case = file(&cases, "amal", goods(3, "olives")).await.unwrap();
        let payment = cases.payment_of(&case).await.unwrap().unwrap();
        assert_eq!(cases.lapse(by("system", "2021-03-15T20:00:00Z")).await.unwrap(), 0);
        assert_eq!(cases.lapse(by("system", "2021-03-15T22:00:00Z")).await.unwrap(), 1);
        assert_eq!(cases.payment_of(&case).await.unwrap().unwrap().state, pay::State::Expired);
        let report = pay::Report {
            way: "cash".into(),
            event: "late".into(),
            attempt: payment.id.clone(),
            kind: pay::Event::Succeed,
            money: Some(payment.amount),
            holder: "agent".into(),
            signature: String::new(),
        };
        cases.reported(by("agent", "2021-03-20T08:00:00Z"), report).await.unwrap();
        assert_eq!(cases.get(&actor("amal"), &case.reference).await.unwrap().unwrap().outcome, Some(Outcome::Lapsed));
        let refunds = cases.refunds(pay::RefundState::Asked).await.unwrap();
        assert_eq!(
            refunds.iter().map(|r| (r.payment.as_str(), r.reason.as_str())).collect::<Vec<_>>(),
            [(payment.id.as_str(), "paid-late")]
        );
        let movements = async |limit| cases.movements("2021-03-01", "2021-03-31", limit).await.unwrap();
        assert_eq!(movements(1).await.map(|all| (all.paid.len(), all.left.len())), Some((1, 0)));
        assert!(movements(0).await.is_none(), "nothing rather than a part");
    };
    on_each_engine("service_late", check).await.unwrap();
}
