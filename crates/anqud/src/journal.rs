//! `anqud journal`: seals the journal, and says whether it still is what was sealed.

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
        JournalCommand::Checkpoint => {
            let by = By::new("system", "checkpoint", edge::now(SignedDuration::ZERO));
            match store.checkpoint(by, 1).await? {
                Some(last) => println!("{} {}", last.seq, last.hash),
                None => println!("the journal is empty"),
            }
            Ok(())
        }
        JournalCommand::Verify => {
            let found = verify_checkpoints(&mut store.read().await?).await?;
            if let Some((from, to)) = found.different {
                return Err(format!("the journal is not what it was: something in entries {} to {to}", from + 1).into());
            }
            println!("{} entries are what they were; {} are not sealed yet", found.sealed, found.open);
            if let Some(last) = found.last {
                println!("{} {}", last.seq, last.hash);
            }
            Ok(())
        }
    }
}
