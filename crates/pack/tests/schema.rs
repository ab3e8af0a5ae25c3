//! The schemas of the files of a pack say what the reader of packs says: what it takes they take, and a slip of the pen
//! they underline.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test stops where it fails")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use boon::{Compiler, SchemaIndex, Schemas};
use pack::{FileSchema, SCHEMAS};
use serde_json::Value as Json;

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// Every YAML file of a folder and those below it.
fn yaml_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            yaml_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}

/// The schema for a file, by its place in its pack.
fn schema_for(place: &Path) -> &'static FileSchema {
    let place = place.to_str().unwrap();
    let fits = |schema: &&FileSchema| match schema.files.split_once("/**/") {
        Some((folder, _)) => place.starts_with(&format!("{folder}/")),
        None => schema.files == place,
    };
    SCHEMAS.iter().find(fits).unwrap_or_else(|| panic!("no schema is for {place}"))
}

fn compile(schema: &FileSchema) -> (Schemas, SchemaIndex) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema.json()).unwrap();
    let index = compiler.compile("schema.json", &mut schemas).unwrap();
    (schemas, index)
}

fn read(text: &str) -> Json {
    serde_saphyr::from_str(text).unwrap()
}

#[test]
fn every_file_of_every_pack_is_as_its_schema_says() {
    let (mut seen, packs) = (0, packs());
    for pack in fs::read_dir(&packs).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let mut files = Vec::new();
        yaml_files(&pack, &mut files);
        for file in files {
            let (schemas, index) = compile(schema_for(file.strip_prefix(&pack).unwrap()));
            let content = read(&fs::read_to_string(&file).unwrap());
            if let Err(error) = schemas.validate(&content, index) {
                panic!("{}: {error:#}", file.display());
            }
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} files");
}

#[test]
fn a_slip_of_the_pen_is_underlined() {
    let service = packs().join("starter/services/crafts-office/workshop-registration.yaml");
    let text = fs::read_to_string(service).unwrap();
    let (schemas, index) = compile(SCHEMAS.iter().find(|schema| schema.name == "service").unwrap());
    assert!(schemas.validate(&read(&text), index).is_ok());
    for (right, wrong) in [
        ("\ntitle:", "\ntitel:"),
        ("type: text", "type: txt"),
        ("promise: ", "promise: about "),
        ("service: ", "service: A "),
    ] {
        assert!(text.contains(right), "the file has no {right:?}");
        let slipped = read(&text.replacen(right, wrong, 1));
        assert!(schemas.validate(&slipped, index).is_err(), "{wrong:?} is taken");
    }
}
