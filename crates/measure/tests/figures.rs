//! Figures under random histories: what was added up change by change is what the whole journal gives, what the rows
//! as they stand give, and what the records behind it add up to.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, civil::Date};
use measure::{Indicator, MICROS, MeasureListener, Measures, Recomputed, Wanted, recompute};
use proptest::prelude::*;
use rules::{Scope, Type};
use serde_json::{Value as Json, json};
use store::{By, Change, Store, StoreError};

/// A change to one of a few rows: gone, or a value in a region on a day.
type Step = (u8, Option<(u8, i64, u8)>);

fn indicator(how: &str) -> Indicator {
    indicator_over("value > 10", how)
}

fn indicator_over(when: &str, how: &str) -> Indicator {
    let definition = format!(
        r#"{{"indicator": "i", "title": {{"en": "i"}}, "unit": {{"en": "u"}},
            "of": {{"record": "things", "when": "{when}", "at": "day"}}, "by": ["region"], {how}}}"#
    );
    let scope = Scope::new()
        .with("value", Type::Number)
        .with("day", Type::String)
        .with("region", Type::String)
        .with("$root", Type::Any);
    Indicator::compile(serde_json::from_str(&definition).unwrap(), &scope).unwrap()
}

fn row(value: i64, region: u8, day: u8) -> Json {
    json!({"value": value, "region": format!("r{region}"), "day": format!("2021-{:02}-15", 1 + day % 12)})
}

fn at(second: usize) -> Timestamp {
    Timestamp::from_second(1_600_000_000 + second as i64).unwrap()
}

async fn check(database: &str, how: &str, steps: &[Step]) {
    let indicators = Arc::new(vec![indicator(how)]);
    let listener = Arc::new(MeasureListener::new(indicators.clone()));
    let store = Store::open(database, measure::MIGRATIONS, vec![listener]).await.unwrap();
    let measures = Measures::new(store.clone(), indicators.clone());
    let other_node = Measures::new(store.clone(), indicators.clone());
    let (indicator, end) = (&indicators[0], Date::new(2021, 12, 31).unwrap());
    let mut rows: BTreeMap<u8, Json> = BTreeMap::new();
    let mut as_it_stood = Vec::new();
    for (second, (key, what)) in steps.iter().enumerate() {
        let after = what.map(|(region, value, day)| row(value, region, day));
        let before = match &after {
            Some(after) => rows.insert(*key, after.clone()),
            None => rows.remove(key),
        };
        let change =
            Change { source: "record", kind: "things".into(), row: key.to_string(), effective: end, before, after };
        let written: Result<(), StoreError> = store
            .write(By::new("test", "test", at(second)), move |tx| {
                let change = change.clone();
                Box::pin(async move {
                    tx.record(change);
                    Ok(())
                })
            })
            .await;
        written.unwrap();
        as_it_stood.push(measures.at(indicator, end, None).await.unwrap());
        // A folding may come at any time and changes no figure, here or on a node that has older ones in memory.
        if second % 3 == 1 {
            measures.fold(By::new("test", "fold", at(second))).await.unwrap();
            assert_eq!(measures.at(indicator, end, None).await.unwrap(), as_it_stood[second]);
            assert_eq!(other_node.at(indicator, end, None).await.unwrap(), as_it_stood[second]);
        }
    }
    let now = measures.at(indicator, end, None).await.unwrap();
    // From the rows as they stand.
    let counted: Vec<i64> = rows.values().filter_map(|r| r["value"].as_i64()).filter(|v| *v > 10).collect();
    assert_eq!(now.number, counted.len() as i64, "{how} {steps:?}");
    if how.contains("sum") || how.contains("mean") {
        assert_eq!(now.micros, counted.iter().sum::<i64>() * MICROS);
    }
    // From the records behind it.
    let evidence = measures.evidence(indicator, &Wanted::at(indicator, end, 1000)).await.unwrap();
    assert_eq!(evidence.iter().map(|e| e.number).sum::<i64>(), now.number);
    assert_eq!(evidence.iter().map(|e| e.micros).sum::<i64>(), now.micros);
    // As it stood after each step.
    for (second, figure) in as_it_stood.iter().enumerate() {
        let then = measures.at(indicator, end, Some(&base::stamp(at(second)))).await.unwrap();
        assert_eq!(then, *figure, "as of step {second}");
    }
    // From the whole journal.
    let by = By::new("test", "recompute", at(steps.len()));
    for only_look in [true, false, true] {
        let found = recompute(&store, by.clone(), indicators.clone(), only_look).await.unwrap();
        assert_eq!(found, Recomputed { entries: steps.len() as u64, different: 0, indicators: 0 }, "{how} {steps:?}");
        assert_eq!(measures.at(indicator, end, None).await.unwrap(), now);
        assert_eq!(other_node.at(indicator, end, None).await.unwrap(), now);
    }
    // What somebody changed in the database is seen, and put right.
    if !evidence.is_empty() {
        for change in
            ["UPDATE delta SET recorded = '1999'", "UPDATE delta SET micros = micros + 1", "DELETE FROM figure_day"]
        {
            let tampered: Result<u64, StoreError> =
                store.write(by.clone(), move |tx| Box::pin(tx.run(change, &[]))).await;
            tampered.unwrap();
            let seen = recompute(&store, by.clone(), indicators.clone(), true).await.unwrap();
            assert!(seen.different > 0 || seen.indicators > 0, "{change} {how} {steps:?}");
            assert_eq!(recompute(&store, by.clone(), indicators.clone(), false).await.unwrap(), seen);
            let after = recompute(&store, by.clone(), indicators.clone(), true).await.unwrap();
            assert_eq!((after.different, after.indicators), (0, 0), "{change} {how} {steps:?}");
            assert_eq!(measures.at(indicator, end, None).await.unwrap(), now);
            let first = measures.at(indicator, end, Some(&base::stamp(at(0)))).await.unwrap();
            assert_eq!(first, as_it_stood[0], "{change}");
        }
    }
    // Another definition gives other figures, if any row counts; and whoever looks says so.
    let none = Arc::new(vec![indicator_over("value > 1000", how)]);
    let found = recompute(&store, by, none, true).await.unwrap();
    assert_eq!(found.different > 0, now.number > 0, "{how} {steps:?}");
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec((0_u8..6, prop::option::weighted(0.8, (0_u8..3, 0_i64..40, 0_u8..12))), 1..25)
}

/// The last two need the engine, the very last with all of the row.
const WAYS: [&str; 6] = [
    r#""count": {}"#,
    r#""sum": "value""#,
    r#""mean": "value""#,
    r#""share": {"when": "value > 25"}"#,
    r#""share": {"when": "len(region) == 2 and value * 2 > 50"}"#,
    r#""share": {"when": "len($root.region) == 2 and value > 25"}"#,
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn incremental_equals_recomputed(steps in steps(), way in 0_usize..6) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let folder = std::env::temp_dir().join(format!("anqud-figures-{}", std::process::id()));
        let file = folder.join(format!("{}.db", file_name(&steps, way)));
        runtime.block_on(check(&file.display().to_string(), WAYS[way], &steps));
        std::fs::remove_dir_all(&folder).unwrap();
        if let Ok(url) = std::env::var("ANQUD_TEST_POSTGRES") {
            let schema = format!("anqud_figures_{}", std::process::id());
            runtime.block_on(async {
                store::testing::fresh_schema(&url, &schema).await.unwrap();
                check(&format!("{url}?options=-csearch_path%3D{schema}"), WAYS[way], &steps).await;
            });
        }
    }
}

/// A name for the file of one history.
fn file_name(steps: &[Step], way: usize) -> String {
    format!("{way}-{}", steps.len())
}
