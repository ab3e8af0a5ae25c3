//! Bank statements from a folder: the bank, or somebody who fetches them, puts them there; each is taken in once and
//! then renamed, so that the folder says what became of it.

use std::path::{Path, PathBuf};

use web::App;

/// A statement may be this long at most.
const BYTES_MAX: u64 = 256 << 20;

/// Takes in every statement that lies in the folder. What cannot be read is renamed to `….refused`, what was taken in to
/// `….done`; what went wrong on our side stays and is tried again.
pub(crate) async fn take_in(app: &App, folder: &Path) {
    for path in waiting(folder) {
        let name = path.display().to_string();
        let ending = match read(path.clone()).await {
            Ok(statement) => {
                let by = app.by("system", "statement");
                match app.cases.import_statement(by, statement).await {
                    Ok(done) => {
                        tracing::info!(name, paid = done.paid, open = done.open, "a statement was taken in");
                        if done.unequal > 0 {
                            tracing::warn!(
                                name,
                                "a balance in it does not follow from its entries or the statement before"
                            );
                        }
                        "done"
                    }
                    Err(error) => {
                        tracing::error!(%error, name, "a statement could not be taken in");
                        continue;
                    }
                }
            }
            Err(why) => {
                tracing::error!(why, name, "a statement cannot be read");
                "refused"
            }
        };
        let renamed = PathBuf::from(format!("{name}.{ending}"));
        if let Err(error) = std::fs::rename(&path, renamed) {
            tracing::error!(%error, name, "a statement could not be renamed");
        }
    }
}

/// The statements that lie there, in the order of their names.
fn waiting(folder: &Path) -> Vec<PathBuf> {
    let entries = match std::fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            tracing::error!(%error, folder = %folder.display(), "the folder of statements cannot be read");
            return Vec::new();
        }
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("xml")));
    paths.sort();
    paths
}

async fn read(path: PathBuf) -> Result<pay::bank::Statement, String> {
    let read = tokio::task::spawn_blocking(move || {
        let size = std::fs::metadata(&path).map_err(|error| error.to_string())?.len();
        if size > BYTES_MAX {
            return Err(format!("it has {size} bytes, more than {BYTES_MAX}"));
        }
        let text = std::fs::read_to_string(&path).map_err(|error| error.to_string())?;
        pay::bank::read(&text).map_err(|error| error.to_string())
    });
    read.await.unwrap_or_else(|error| Err(error.to_string()))
}
