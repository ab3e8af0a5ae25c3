//! `anqud journal`: seals the journal, and says whether it still is what was sealed.

use std::{fs, io::Write, path::Path};

use jiff::SignedDuration;
use store::{By, Store, verify_checkpoints};

use crate::{
    edge,
    options::{JournalCommand, JournalOptions},
    system::{Failure, migrations},
};

pub(crate) async fn journal(options: JournalOptions) -> Result<(), Failure> {
    let store = Store::open(&options.database, &migrations(), Vec::new()).await?;
    match options.command {
        JournalCommand::Checkpoint { append } => {
            let by = By::new("system", "checkpoint", edge::now(SignedDuration::ZERO));
            match store.checkpoint(by, 1).await? {
                Some(last) => {
                    let line = format!("{} {}", last.seq, last.hash);
                    println!("{line}");
                    append.map_or(Ok(()), |file| keep(&file, &line))
                }
                None => {
                    println!("the journal is empty");
                    Ok(())
                }
            }
        }
        JournalCommand::Verify { against } => {
            let outside = against.as_deref().map(outside).transpose()?;
            let mut found = store.snapshot(verify_checkpoints).await?;
            if let Some(outside) = outside {
                found.hold_against(&outside);
            }
            if !found.is_whole() {
                let more = if found.more > 0 { format!("\nand {} more", found.more) } else { String::new() };
                return Err(format!("{}{more}", found.found.join("\n")).into());
            }
            println!("{} entries are what they were; {} are not sealed yet", found.sealed, found.open);
            if let Some(last) = found.last {
                println!("{} {}", last.seq, last.hash);
            }
            Ok(())
        }
    }
}

/// Adds a line to a file of checkpoints, unless it is there.
fn keep(file: &Path, line: &str) -> Result<(), Failure> {
    let said = |error| format!("{} cannot be written: {error}", file.display());
    let kept = match fs::read_to_string(file) {
        Ok(kept) => kept,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(said(error).into()),
    };
    if kept.lines().any(|known| known == line) {
        return Ok(());
    }
    // A line that was torn off stays a line of its own.
    let start = if kept.is_empty() || kept.ends_with('\n') { "" } else { "\n" };
    let mut file = fs::File::options().append(true).create(true).open(file).map_err(said)?;
    writeln!(file, "{start}{line}").and_then(|()| file.sync_all()).map_err(said)?;
    Ok(())
}

/// What was kept outside: the lines of a file, or a hash.
pub(crate) fn outside(against: &str) -> Result<String, Failure> {
    if against.len() == 64 && against.chars().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(against.to_owned());
    }
    fs::read_to_string(against).map_err(|error| {
        format!("{against} is neither a hash of 64 digits nor a file that can be read: {error}").into()
    })
}
