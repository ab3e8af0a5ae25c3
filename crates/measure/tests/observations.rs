//! What a pack says was observed, and what people correct; on SQLite and on PostgreSQL.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use measure::{Indicator, Measures, Observation};
use rules::Scope;
use store::{By, Store, testing::on_each_engine};

fn by(actor: &str, second: i64) -> By {
    By::new(actor, "test", Timestamp::from_second(1_600_000_000 + second).unwrap())
}

fn observed(day: &str, value: i64, source: &str) -> Observation {
    Observation { day: day.into(), micros: value * 1_000_000, source: source.into(), assumption: false }
}

#[tokio::test]
async fn a_correction_stands_until_the_pack_says_something_else_of_that_day() {
    let check = async |database: String| {
        let definition =
            r#"{"indicator": "i", "title": {"en": "i"}, "unit": {"en": "u"}, "of": {"observation": "office"}}"#;
        let indicator = Indicator::compile(serde_json::from_str(definition).unwrap(), &Scope::new()).unwrap();
        let store = Store::open(&database, measure::MIGRATIONS, vec![]).await.unwrap();
        let measures = Measures::new(store.clone(), Arc::new(vec![indicator]));
        let values = async || {
            let now = measures.now().await.unwrap();
            let all = now.observations(measures.indicator("i").unwrap(), Date::MAX).to_vec();
            all.iter().map(|o| (o.day.clone(), o.micros / 1_000_000)).collect::<Vec<_>>()
        };
        let is = |first: i64, second: i64| vec![("2020-12-31".to_owned(), first), ("2021-12-31".to_owned(), second)];
        let [first, second] = ["2020-12-31", "2021-12-31"];
        // As it was before it was kept what a pack had said: taken in, and one corrected since.
        let mut pack = vec![observed(first, 10, "a yearbook"), observed(second, 20, "a yearbook")];
        measures.observe(by("system", 0), "i", pack[0].clone(), None).await.unwrap();
        measures.observe(by("rana", 1), "i", observed(first, 11, "a letter"), None).await.unwrap();
        // Each step: what the pack says then, how much of it is new, and what stands; starting twice changes nothing.
        assert_eq!(measures.take_in(by("system", 2), "i", &pack).await.unwrap(), 1);
        assert_eq!(values().await, is(11, 20));
        measures.observe(by("rana", 3), "i", observed(second, 21, "a letter"), None).await.unwrap();
        for second in 4..7 {
            assert_eq!(measures.take_in(by("system", second), "i", &pack).await.unwrap(), 0);
            assert_eq!(values().await, is(11, 21));
        }
        pack[0] = observed(first, 12, "a newer yearbook");
        assert_eq!(measures.take_in(by("system", 8), "i", &pack).await.unwrap(), 1);
        assert_eq!(values().await, is(12, 21), "the newer of that very day");
        pack[0] = observed(first, 10, "a yearbook");
        assert_eq!(measures.take_in(by("system", 9), "i", &pack).await.unwrap(), 1, "back to what it said first");
        assert_eq!(values().await, is(10, 21));
        let entries = store::entries_after(&mut store.read().await.unwrap(), 0, 100).await.unwrap();
        let told: Vec<_> = entries.iter().map(|entry| (entry.actor.as_str(), entry.row.as_str())).collect();
        assert_eq!(told.len(), 6, "{told:?}");
        assert!(entries.iter().any(|entry| entry.actor == "rana" && entry.row.ends_with(second)));
        assert_eq!(measures.take_in(by("system", 10), "none", &pack).await.unwrap(), 0);
    };
    on_each_engine("measure_taken_in", check).await.unwrap();
}
