//! What the check says of a pack with one mistake in it, kept word for word: a change of a report is seen in the review.
//!
//! Each case is a patch on `packs/starter`, and `gallery/NAME.txt` is what is said of it. With `ANQUD_BLESS=1` the files
//! are written instead of compared; read them then, as the person would who made the mistake.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may stop where it fails")]

#[path = "gallery/cases.rs"]
mod cases;

use std::{
    fs,
    path::{Path, PathBuf},
};

use pack::Pack;

/// A way to make a mistake.
pub enum Patch {
    /// In this file, the one place where this stands becomes that.
    Replace(&'static str, &'static str, &'static str),
    /// This file has this content.
    Write(&'static str, Vec<u8>),
    Remove(&'static str),
}

#[test]
fn every_mistake_is_explained() {
    let starter = root().join("packs/starter");
    let expected = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/gallery");
    let bless = std::env::var_os("ANQUD_BLESS").is_some();
    let scratch = std::env::temp_dir().join(format!("anqud-gallery-{}", std::process::id()));
    let mut differ = Vec::new();
    let cases = cases::cases();
    for (name, patches) in &cases {
        let folder = scratch.join(name);
        copy(&starter, &folder);
        patches.iter().for_each(|patch| apply(patch, &folder, name));
        let said = match Pack::read(&folder) {
            Ok(_) => panic!("{name}: nothing is wrong"),
            Err(reports) => reports.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
        };
        let file = expected.join(format!("{name}.txt"));
        if bless {
            fs::write(file, said).unwrap();
        } else {
            let wanted = fs::read_to_string(&file).unwrap_or_default();
            if said != wanted {
                differ.push(format!("{name}: expected\n\n{wanted}\nbut it says\n\n{said}"));
            }
        }
    }
    fs::remove_dir_all(&scratch).unwrap();
    assert!(differ.is_empty(), "{}", differ.join("\n"));

    let mut kept: Vec<String> = fs::read_dir(&expected)
        .unwrap()
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.strip_suffix(".txt").map(str::to_owned))
        .collect();
    kept.sort();
    let mut named: Vec<&str> = cases.iter().map(|(name, _)| *name).collect();
    named.sort_unstable();
    assert_eq!(kept, named, "the files of the gallery (left) and its cases (right)");
}

#[test]
fn the_packs_have_no_mistake() {
    for pack in ["starter", "palestine"] {
        let reports = Pack::read(&root().join("packs").join(pack)).err().unwrap_or_default();
        let said: Vec<_> = reports.iter().map(ToString::to_string).collect();
        assert!(said.is_empty(), "{pack}: {}", said.join("\n"));
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let (path, to) = (entry.as_ref().unwrap().path(), to.join(entry.unwrap().file_name()));
        if path.is_dir() {
            copy(&path, &to);
        } else {
            fs::copy(&path, &to).unwrap();
        }
    }
}

fn apply(patch: &Patch, folder: &Path, name: &str) {
    match patch {
        Patch::Replace(file, from, to) => {
            let path = folder.join(file);
            let text = fs::read_to_string(&path).unwrap();
            assert_eq!(text.matches(from).count(), 1, "{name}: «{from}» stands not exactly once in {file}");
            fs::write(&path, text.replace(from, to)).unwrap();
        }
        Patch::Write(file, content) => {
            let path = folder.join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        Patch::Remove(file) => fs::remove_file(folder.join(file)).unwrap(),
    }
}
