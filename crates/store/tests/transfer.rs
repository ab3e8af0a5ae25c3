//! An export is taken in whole or not at all, on both engines.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{env, fs, path::Path};

use jiff::{Timestamp, civil::date};
use serde_json::json;
use store::{By, Change, Migration, Store, StoreError, entries_after, export, import, testing::on_each_engine};

const SHAPE: &[Migration] = &[Migration {
    name: "test-0001",
    sql: "CREATE TABLE note (name TEXT PRIMARY KEY, rank BIGINT NOT NULL, doc {{JSON}})",
}];

fn by() -> By {
    By::new("amal", "test", Timestamp::UNIX_EPOCH)
}

async fn filled(database: &str) -> Store {
    let store = Store::open(database, SHAPE, vec![]).await.unwrap();
    let written: Result<(), StoreError> = store
        .write(by(), |tx| {
            Box::pin(async move {
                for n in 0..1_200_i64 {
                    let args = [format!("note {n:04} «زيتونة»").into(), n.into(), json!({"b": n, "a": null}).into()];
                    tx.run("INSERT INTO note (name, rank, doc) VALUES ($1, $2, $3)", &args).await?;
                }
                tx.record(Change {
                    source: "note",
                    kind: "note".into(),
                    row: "all".into(),
                    effective: date(2021, 3, 4),
                    before: None,
                    after: Some(json!({"rows": 1200})),
                });
                Ok(())
            })
        })
        .await;
    written.unwrap();
    store
}

/// What stands in a database, to be held against another.
async fn count(store: &Store) -> (i64, usize) {
    let mut db = store.read().await.unwrap();
    let notes = db.one("SELECT count(*) AS n FROM note", &[]).await.unwrap().unwrap().int("n").unwrap();
    (notes, entries_after(&mut db, 0, 10).await.unwrap().len())
}

/// A way in which a file goes wrong, and a word of what is said.
type Damage = (&'static str, fn(&[String]) -> String, &'static str);

fn joined(lines: &[String]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn with(lines: &[String], at: usize, from: &str, to: &str) -> String {
    let mut lines = lines.to_vec();
    assert!(lines[at].contains(from), "{}", lines[at]);
    lines[at] = lines[at].replacen(from, to, 1);
    joined(&lines)
}

fn at(lines: &[String], what: &str) -> usize {
    lines.iter().position(|line| line.contains(what)).unwrap()
}

const DAMAGES: &[Damage] = &[
    ("nothing in it", |_| String::new(), "is empty"),
    ("only the head", |l| joined(&l[..1]), "cut short"),
    ("no end", |l| joined(&l[..l.len() - 1]), "cut short"),
    ("cut between two rows", |l| joined(&l[..l.len() / 2]), "cut short"),
    (
        "cut within a row",
        |l| {
            let all = joined(l);
            all[..all.len() / 2 / 2 * 2].trim_end_matches(|c: char| c != '0').to_owned()
        },
        "cut short",
    ),
    (
        "cut within the end",
        |l| {
            let all = joined(l);
            all[..all.len() - 20].to_owned()
        },
        "cut short",
    ),
    (
        "a row is missing",
        |l| {
            let mut l = l.to_vec();
            l.remove(at(&l, "note 0007"));
            joined(&l)
        },
        "1199 rows, and 1200",
    ),
    (
        "a row came twice",
        |l| {
            let mut l = l.to_vec();
            let row = l[at(&l, "note 0007")].clone();
            l.insert(9, row);
            joined(&l)
        },
        "line",
    ),
    ("a row was changed", |l| with(l, at(l, "note 0007"), "\"7\"", "\"8\""), "changed or damaged"),
    ("a number is none", |l| with(l, at(l, "note 0007"), "\"7\"", "\"seven\""), "no whole number"),
    ("a value is missing", |l| with(l, at(l, "note 0007"), "\"7\",", ""), "2 values"),
    ("a document is none", |l| with(l, at(l, "note 0007"), "{", "{{"), "line"),
    ("no JSON", |l| with(l, at(l, "note 0007"), "[", ""), "not what `anqud export` writes"),
    ("a table that there is not", |l| with(l, at(l, "\"note\",\"col"), "note", "nota"), "no table nota"),
    ("a column that there is not", |l| with(l, at(l, "\"note\",\"col"), "rank", "rang"), "no column rang"),
    (
        "a table is missing",
        |l| {
            let mut l = l.to_vec();
            l.remove(at(&l, "{\"table\":\"checkpoint"));
            joined(&l)
        },
        "changed or damaged",
    ),
    (
        "a table comes twice",
        |l| {
            let mut l = l.to_vec();
            let t = l[at(&l, "\"note\",\"col")].clone();
            l.insert(1, t);
            joined(&l)
        },
        "come before",
    ),
    ("something after the end", |l| joined(l) + "[]\n", "after the end"),
    ("two files in one", |l| joined(l) + &joined(l), "after the end"),
    ("another end", |l| with(l, l.len() - 1, "1200", "1201"), "1200 rows, and 1201"),
    ("another hash", |l| with(l, l.len() - 1, "sha256\":\"", "sha256\":\"0"), "changed or damaged"),
    ("an older head", |l| with(l, 0, "\"anqud\":2", "\"anqud\":1"), "--without-end"),
    ("a newer head", |l| with(l, 0, "\"anqud\":2", "\"anqud\":3"), "another version"),
    ("NUL in a text", |l| with(l, at(l, "note 0007"), "note", "no\\u0000te"), ""),
];

async fn every_damage(target: &Store, folder: &Path, whole: &str) {
    let lines: Vec<String> = whole.lines().map(str::to_owned).collect();
    for (name, damage, said) in DAMAGES {
        let file = folder.join("damaged");
        fs::write(&file, damage(&lines)).unwrap();
        let refused = import(target, by(), &file, false).await.expect_err(name).to_string();
        assert!(refused.contains(said), "{name}: {refused}");
        assert_eq!(count(target).await, (0, 0), "{name}");
    }
    // A file of before there were ends, and one of these that says it is whole.
    let old = joined(&lines[..lines.len() - 1]).replacen("\"anqud\":2", "\"anqud\":1", 1);
    fs::write(folder.join("old"), old).unwrap();
    assert!(import(target, by(), &folder.join("old"), false).await.is_err());
    // No flag makes a file whole that has lost its end.
    fs::write(folder.join("cut"), joined(&lines[..lines.len() - 1])).unwrap();
    assert!(import(target, by(), &folder.join("cut"), true).await.is_err());
    assert_eq!(count(target).await, (0, 0));
}

#[tokio::test]
async fn what_is_not_whole_is_not_taken_in() {
    let folder = env::temp_dir().join(format!("anqud_whole_{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join("whole");
    let source = filled(&folder.join("source.db").display().to_string()).await;
    // The notes, the entry about them, and the two migrations' own rows, if they brought any.
    assert!(export(&source, &file).await.unwrap() >= 1201);
    let whole = fs::read_to_string(&file).unwrap();
    let check = async |database: String| {
        let target = Store::open(&database, SHAPE, vec![]).await.unwrap();
        every_damage(&target, &folder, &whole).await;
        import(&target, by(), &file, false).await.unwrap();
        assert_eq!(count(&target).await, (1200, 1));
        let again = import(&target, by(), &file, false).await.unwrap_err().to_string();
        assert!(again.contains("holds something already"), "{again}");
    };
    on_each_engine("transfer", check).await.unwrap();
    // With the flag, what has no end by its format is taken in.
    let target = Store::open(&folder.join("old.db").display().to_string(), SHAPE, vec![]).await.unwrap();
    import(&target, by(), &folder.join("old"), true).await.unwrap();
    assert_eq!(count(&target).await, (1200, 1));
    fs::remove_dir_all(&folder).unwrap();
}
