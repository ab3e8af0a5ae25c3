//! `anqud schema`: JSON Schemas of the files of a pack.

use std::{
    fs,
    io::{self, Write},
    path::Path,
};

use pack::SCHEMAS;
use serde_json::{Map, Value as Json, json};

/// Prints the schema of that name, or writes all of them into a folder; without either, says which there are.
pub(crate) fn schema(name: Option<&str>, to: Option<&Path>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let said = match (name, to) {
        (_, Some(folder)) => write_all(folder)?,
        (Some(name), None) => one(name)?,
        (None, None) => list(),
    };
    match io::stdout().write_all(said.as_bytes()) {
        // Whoever reads it may have seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        outcome => Ok(outcome?),
    }
}

fn one(name: &str) -> Result<String, String> {
    let names = || SCHEMAS.iter().map(|schema| schema.name).collect::<Vec<_>>().join(", ");
    let found = SCHEMAS.iter().find(|schema| schema.name == name);
    let schema = found.ok_or_else(|| format!("there is no schema «{name}»; there are: {}", names()))?;
    Ok(format!("{:#}\n", schema.json()))
}

fn list() -> String {
    let lines: String = SCHEMAS.iter().map(|schema| format!("{:<10} {}\n", schema.name, schema.files)).collect();
    lines + "\n`anqud schema NAME` prints one; `anqud schema --to FOLDER` writes all of them.\n"
}

fn write_all(folder: &Path) -> Result<String, String> {
    let refused = |error| format!("{} cannot be written: {error}", folder.display());
    fs::create_dir_all(folder).map_err(refused)?;
    let mut files = Map::new();
    for schema in SCHEMAS {
        let file = folder.join(format!("{}.schema.json", schema.name));
        fs::write(&file, format!("{:#}\n", schema.json())).map_err(refused)?;
        files.insert(file.display().to_string(), format!("packs/*/{}", schema.files).into());
    }
    Ok(format!(
        "{} schemas stand in {}.\n\
         In the settings of Visual Studio Code with its YAML extension, for packs in the folder packs:\n\n{:#}\n",
        SCHEMAS.len(),
        folder.display(),
        json!({ "yaml.schemas": Json::Object(files) })
    ))
}
