//! `anqud new`: writes the starter pack into a folder, to begin one's own from.

use std::{fs, path::Path};

use crate::system::Failure;

macro_rules! starter {
    ($($path:literal),+ $(,)?) => {
        [$(($path, include_str!(concat!("../../../packs/starter/", $path)))),+]
    };
}

/// The files of the starter pack; a test holds the list against the folder.
const FILES: [(&str, &str); 11] = starter![
    "pack.yaml",
    "roles.yaml",
    "regions.yaml",
    "entities.yaml",
    "clusters.yaml",
    "plan/crafts.yaml",
    "indicators/workshops-registered.yaml",
    "registers/workshops.yaml",
    "services/crafts-office/workshop-registration.yaml",
    "stories/first-workshop.md",
    "demo.yaml",
];

pub(crate) fn new(folder: &Path) -> Result<(), Failure> {
    let said = |error: std::io::Error| format!("{} cannot be written: {error}", folder.display());
    if folder.exists() && fs::read_dir(folder).map_err(said)?.next().is_some() {
        return Err(
            format!("{} is not empty; name a folder that is, or that does not exist yet", folder.display()).into()
        );
    }
    for (path, content) in FILES {
        let path = folder.join(path);
        if let Some(above) = path.parent() {
            fs::create_dir_all(above).map_err(said)?;
        }
        fs::write(path, content).map_err(said)?;
    }
    let name = folder.display();
    println!("{name} holds the starter pack. Change it, and ask `anqud check {name}` what is wrong with it;");
    println!("`anqud demo --pack {name}` shows it.");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_of_the_starter_pack_is_there() {
        fn count(folder: &Path) -> usize {
            let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
            entries.map(|path| if path.is_dir() { count(&path) } else { 1 }).sum()
        }
        assert_eq!(count(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/starter"))), FILES.len());
    }
}
