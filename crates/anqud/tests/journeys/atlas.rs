//! The atlas as an economist asks it: every example of docs/atlas.md runs, and says what the document says.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, Output},
};

use serde_json::Value;

fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
}

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_anqud")).current_dir(root()).arg("atlas").args(arguments).output().unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn file(name: &str) -> String {
    format!("crates/anqud/tests/journeys/atlas/{name}")
}

fn json(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(arguments)).unwrap()
}

#[test]
fn every_example_of_the_document_runs() {
    let document = fs::read_to_string(root().join("docs/atlas.md")).unwrap();
    let examples: Vec<&str> = document.lines().filter_map(|line| line.strip_prefix("anqud atlas ")).collect();
    assert!(examples.len() >= 10, "{examples:?}");
    for example in examples {
        let arguments: Vec<&str> = example.split_whitespace().collect();
        let (first, second) = (text(&arguments), text(&arguments));
        assert!(!first.is_empty() && !first.contains("NaN"), "{example}");
        assert_eq!(first, second, "{example}: the same question has the same answer");
    }
}

#[test]
fn complexity_names_places_and_activities() {
    let found = json(&["complexity", &file("jobs.csv"), "--opportunities", "2"]);
    let place = &found["places"][3];
    assert_eq!((place["id"].as_str(), place["diversity"].as_u64()), (Some("Ramallah"), Some(2)));
    assert!((place["eci"].as_f64().unwrap() - 1.603_567_451_474_546).abs() < 1e-9);
    assert_eq!(place["opportunities"].as_array().unwrap().len(), 2);
    let activity = &found["activities"][0];
    assert_eq!((activity["id"].as_str(), activity["ubiquity"].as_u64()), (Some("Food"), Some(2)));
    assert!(activity["pci"].is_number());
}

#[test]
fn the_number_of_threads_changes_nothing() {
    let with = |threads: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_anqud"));
        command.current_dir(root()).env("RAYON_NUM_THREADS", threads);
        command.args(["atlas", "simulate", &file("people.yaml"), "--runs", "200"]).output().unwrap().stdout
    };
    assert_eq!(with("1"), with("2"));
}

#[test]
fn a_target_out_of_reach_is_called_so() {
    let found = json(&["simulate", &file("people.yaml"), "--runs", "200"]);
    assert_eq!(found["target"]["intake"]["answer"], "not-within-these-limits");
}

#[test]
fn bad_rows_are_told_with_their_lines() {
    let output = run(&["complexity", &file("bad.csv")]);
    assert_eq!(output.status.code(), Some(1));
    let told = String::from_utf8(output.stderr).unwrap();
    let place = file("bad.csv");
    assert!(told.contains(&format!("{place}:3: the value -7 is negative")), "{told}");
    assert!(told.contains(&format!("{place}:4: «many» is no number; write digits")), "{told}");
    assert!(output.stdout.is_empty());
}

#[test]
fn a_misspelt_parameter_is_told() {
    let path = std::env::temp_dir().join(format!("anqud-atlas-misspelt-{}.yaml", std::process::id()));
    fs::write(&path, "start: 2021-01\nuntil: 2021-12\nparameters: {aplicants: 3}\n").unwrap();
    let output = run(&["simulate", path.to_str().unwrap()]);
    fs::remove_file(&path).unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("aplicants"));
}

#[test]
fn a_million_rows_are_read() {
    let path = std::env::temp_dir().join(format!("anqud-atlas-million-{}.csv", std::process::id()));
    let mut out = std::io::BufWriter::new(fs::File::create(&path).unwrap());
    writeln!(out, "place,activity,value").unwrap();
    for row in 0..1_000_000_u32 {
        writeln!(out, "p{},a{},{}", row % 10, row / 10 % 100, row % 13).unwrap();
    }
    out.flush().unwrap();
    let found = text(&["concentration", path.to_str().unwrap(), "--format", "csv"]);
    fs::remove_file(&path).unwrap();
    assert_eq!(found.lines().count(), 101);
}
