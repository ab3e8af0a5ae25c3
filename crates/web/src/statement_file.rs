//! A file of the bank, from wherever it comes: read off the threads that answer pages, and taken in portion by portion
//! while it is read, so that it never lies in memory as a whole.

use pay::bank::{self, Imported, Portion, Refused, Source, StatementError};
use service::ServiceError;
use store::{By, StoreError};
use tokio::sync::{Mutex, mpsc};

use crate::App;

/// So many entries are one piece of work: others who write wait for one at most.
const PORTION: usize = 200;
/// So many portions are read ahead.
const AHEAD: usize = 2;

/// One file at a time, so that two that tell the same are one after the other.
static TURN: Mutex<()> = Mutex::const_new(());

/// Reads a file as a whole, and says what is wrong with it; nothing is taken in.
pub async fn check(source: &Source) -> Result<Vec<bank::Head>, Refused> {
    let source = source.clone();
    let read = tokio::task::spawn_blocking(move || bank::survey(&source)).await;
    read.unwrap_or_else(|error| Err(broken(&error)))
}

/// Takes in a file, or writes down why it is refused. A file in which nothing is new is listed, too.
pub async fn take_in(app: &App, by: By, name: &str, source: Source) -> Result<Result<Imported, Refused>, ServiceError> {
    let _turn = TURN.lock().await;
    let heads = match check(&source).await {
        Ok(heads) => heads,
        Err(refused) => {
            app.cases.file_refused(by, name, &refused).await?;
            return Ok(Err(refused));
        }
    };
    let (send, mut receive) = mpsc::channel::<Portion>(AHEAD);
    let reading = tokio::task::spawn_blocking(move || {
        bank::portions(&source, PORTION, &mut |portion| send.blocking_send(portion).is_ok())
    });
    let mut brought = Imported::default();
    let mut under_way: Option<(usize, bank::Statement)> = None;
    while let Some(Portion { statement, entries, is_last }) = receive.recv().await {
        let begun = match under_way.take() {
            Some((number, begun)) if number == statement => begun,
            _ => {
                let changed = || StoreError::Abandoned("the file has changed while it was read");
                let head = heads.get(statement).ok_or_else(changed)?;
                app.cases.statement_begins(head).await?
            }
        };
        if !entries.is_empty() {
            brought += app.cases.take_in_portion(by.clone(), &begun, entries).await?;
        }
        if is_last {
            brought.unequal += app.cases.statement_ends(by.clone(), &begun).await?;
        } else {
            under_way = Some((statement, begun));
        }
    }
    if let Err(refused) = reading.await.unwrap_or_else(|error| Err(broken(&error))) {
        app.cases.file_refused(by, name, &refused).await?;
        return Ok(Err(refused));
    }
    app.cases.file_taken_in(by, name, &heads, brought).await?;
    Ok(Ok(brought))
}

fn broken(error: &tokio::task::JoinError) -> Refused {
    Refused { file: String::new(), error: StatementError::Unreadable(error.to_string()) }
}
