//! Files of the bank from a folder: the bank, or somebody who fetches them, puts them there; each is taken in once and
//! then renamed, so that the folder says what became of it. One that is still being written waits until it is whole.

use std::{
    collections::HashMap,
    fs::OpenOptions,
    io,
    path::{Path, PathBuf},
    time::SystemTime,
};

use pay::bank::{Source, StatementError};
use web::{App, statement_file};

/// A file that ends before its end is given this many rounds to become whole, if nobody writes to it any more.
const ROUNDS_TO_END: usize = 24;
/// So many files of the same name are told apart.
const NAMES_MAX: usize = 100_000;

/// What was seen of the files that lie there, one round after the other.
#[derive(Default)]
pub(crate) struct Folder {
    seen: HashMap<PathBuf, Seen>,
}

/// How a file looked, and for how many rounds it has.
struct Seen {
    bytes: u64,
    changed: Option<SystemTime>,
    rounds: usize,
}

impl Folder {
    /// Takes in every file of the bank that lies in the folder and has not changed since the round before. What cannot be
    /// read is renamed to `….refused` and listed at the desk with its reason, what was taken in to `….done`; what went
    /// wrong on our side stays and is tried again.
    pub(crate) async fn take_in(&mut self, app: &App, folder: &Path) {
        for (path, rounds) in self.whole(folder) {
            let name = path.file_name().map_or(String::new(), |name| name.to_string_lossy().into_owned());
            let source = Source::Path(path.clone());
            let is_unfinished = match statement_file::check(&source).await {
                Err(refused) => matches!(refused.error, StatementError::Unfinished | StatementError::Zip(_)),
                Ok(_) => false,
            };
            if is_unfinished && rounds < ROUNDS_TO_END {
                continue;
            }
            let ending = match statement_file::take_in(app, app.by("system", "statement"), &name, source).await {
                Ok(Ok(done)) => {
                    tracing::info!(name, paid = done.paid, open = done.open, known = done.known, "a file was taken in");
                    if done.unequal > 0 {
                        tracing::warn!(
                            name,
                            "a balance in it does not follow from its entries or the statement before"
                        );
                    }
                    "done"
                }
                Ok(Err(refused)) => {
                    tracing::error!(%refused, name, "a file of the bank was refused");
                    "refused"
                }
                Err(error) => {
                    tracing::error!(%error, name, "a file of the bank could not be taken in");
                    continue;
                }
            };
            if let Err(error) = put_away(&path, ending) {
                tracing::error!(%error, name, "a file of the bank could not be renamed");
            }
            self.seen.remove(&path);
        }
    }

    /// The files that have not changed since they were seen last, in the order of their names, and for how many rounds.
    fn whole(&mut self, folder: &Path) -> Vec<(PathBuf, usize)> {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                tracing::error!(%error, folder = %folder.display(), "the folder of statements cannot be read");
                return Vec::new();
            }
        };
        let mut now = HashMap::new();
        for entry in entries.flatten() {
            let path = entry.path();
            let is_wanted = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("xml") || ending.eq_ignore_ascii_case("zip"));
            let Some(file) = entry.metadata().ok().filter(|file| is_wanted && file.is_file()) else { continue };
            let (bytes, changed) = (file.len(), file.modified().ok());
            let before = self.seen.get(&path).filter(|seen| seen.bytes == bytes && seen.changed == changed);
            let rounds = before.map_or(0, |seen| seen.rounds + 1);
            now.insert(path, Seen { bytes, changed, rounds });
        }
        self.seen = now;
        let whole = self.seen.iter().filter(|(_, seen)| seen.rounds > 0);
        let mut whole: Vec<_> = whole.map(|(path, seen)| (path.clone(), seen.rounds)).collect();
        whole.sort();
        whole
    }
}

/// Gives a file the ending of what became of it. It keeps its name, and takes the place of no other: where one of that name
/// is there, it has a number besides.
fn put_away(path: &Path, ending: &str) -> io::Result<PathBuf> {
    for number in 1..NAMES_MAX {
        let number = if number == 1 { String::new() } else { format!(".{number}") };
        let mut name = path.as_os_str().to_owned();
        name.push(format!("{number}.{ending}"));
        let target = PathBuf::from(name);
        match OpenOptions::new().write(true).create_new(true).open(&target) {
            // The place is taken by us; what is renamed takes it over.
            Ok(_) => return std::fs::rename(path, &target).map(|()| target),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fresh(name: &str) -> PathBuf {
        let folder = std::env::temp_dir().join(format!("anqud-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    #[test]
    fn a_file_that_is_being_written_waits_until_nobody_writes_to_it() {
        let folder = fresh("whole");
        let mut seen = Folder::default();
        let mut names = || -> Vec<String> {
            let whole = seen.whole(&folder);
            whole.iter().map(|(path, _)| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
        };
        std::fs::write(folder.join("a.xml"), "<Doc").unwrap();
        std::fs::write(folder.join("b.ZIP"), "PK").unwrap();
        std::fs::write(folder.join("c.txt"), "no file of the bank").unwrap();
        std::fs::write(folder.join("d.xml.done"), "").unwrap();
        std::fs::create_dir(folder.join("e.xml")).unwrap();
        assert!(names().is_empty(), "what is new may still be written");
        std::fs::write(folder.join("a.xml"), "<Document").unwrap();
        assert_eq!(names(), ["b.ZIP"], "what was written to since waits");
        std::fs::rename(folder.join("c.txt"), folder.join("c.xml")).unwrap();
        assert_eq!(names(), ["a.xml", "b.ZIP"]);
        assert_eq!(names(), ["a.xml", "b.ZIP", "c.xml"]);
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_was_taken_in_keeps_its_name_and_replaces_nothing() {
        let folder = fresh("put-away");
        let path = folder.join("a.xml");
        let mut names = Vec::new();
        for text in ["one", "two", "three"] {
            std::fs::write(&path, text).unwrap();
            names.push(put_away(&path, "done").unwrap());
        }
        let texts: Vec<String> = names.iter().map(|name| std::fs::read_to_string(name).unwrap()).collect();
        assert_eq!(texts, ["one", "two", "three"]);
        assert_eq!(names, ["a.xml.done", "a.xml.2.done", "a.xml.3.done"].map(|name| folder.join(name)));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
