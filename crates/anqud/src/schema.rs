//! `anqud schema`: JSON Schemas of the files of a pack.

use std::{fs, path::Path};

use pack::SCHEMAS;
use serde_json::{Map, Value as Json, json};

/// Prints the schema of that name, or writes all of them into a folder; without either, says which there are.
pub(crate) fn schema(name: Option<&str>, to: Option<&Path>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    match (name, to) {
        (_, Some(folder)) => write_all(folder),
        (Some(name), None) => {
            let names = || SCHEMAS.iter().map(|schema| schema.name).collect::<Vec<_>>().join(", ");
            let found = SCHEMAS.iter().find(|schema| schema.name == name);
            let schema = found.ok_or_else(|| format!("there is no schema «{name}»; there are: {}", names()))?;
            println!("{:#}", schema.json());
            Ok(())
        }
        (None, None) => {
            for schema in SCHEMAS {
                println!("{:<10} {}", schema.name, schema.files);
            }
            println!("\n`anqud schema NAME` prints one; `anqud schema --to FOLDER` writes all of them.");
            Ok(())
        }
    }
}

fn write_all(folder: &Path) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let said = |error| format!("{} cannot be written: {error}", folder.display());
    fs::create_dir_all(folder).map_err(said)?;
    let mut files = Map::new();
    for schema in SCHEMAS {
        let file = folder.join(format!("{}.schema.json", schema.name));
        fs::write(&file, format!("{:#}\n", schema.json())).map_err(said)?;
        files.insert(file.display().to_string(), format!("packs/*/{}", schema.files).into());
    }
    println!("{} schemas stand in {}.", SCHEMAS.len(), folder.display());
    println!("In the settings of Visual Studio Code with its YAML extension, for packs in the folder packs:\n");
    println!("{:#}", json!({ "yaml.schemas": Json::Object(files) }));
    Ok(())
}
