//! SQLite: one writer, and all work that is waiting commits together.
//!
//! A commit costs a flush of the disk; a savepoint costs next to nothing. Each piece of work runs in a savepoint
//! of its own, so that one that fails undoes only itself, and all are answered after the one commit.

use std::{panic::AssertUnwindSafe, sync::Arc, thread};

use futures::{FutureExt, future::BoxFuture};
use tokio::sync::{mpsc, oneshot};

use crate::{By, Listener, Session, StoreError, Tx, print::Prints, sqlite::Settler};

/// How many pieces of work share a commit at most: bounds the wait of the first of them.
const GROUP_MAX: usize = 256;

type Listeners = Arc<Vec<Arc<dyn Listener>>>;

/// The handle to the writing thread.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Box<dyn Work>>);

trait Work: Send {
    fn start(&mut self, tx: &mut Tx);
    /// Does the work; whether what it did is to be kept.
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool>;
    /// Answers whoever waits.
    fn answer(self: Box<Self>, committed: Result<(), Arc<StoreError>>);
}

struct Piece<T, E, F> {
    by: By,
    listeners: Listeners,
    work: F,
    outcome: Option<Result<T, E>>,
    reply: oneshot::Sender<Result<T, E>>,
}

impl<T, E, F> Work for Piece<T, E, F>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
    F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
{
    fn start(&mut self, tx: &mut Tx) {
        tx.turn_to(self.by.clone(), self.listeners.clone());
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, bool> {
        Box::pin(async move {
            let work = AssertUnwindSafe((self.work)(tx)).catch_unwind().await;
            let outcome = work.unwrap_or_else(|_| Err(StoreError::Abandoned("it panicked").into()));
            let keep = outcome.is_ok();
            self.outcome = Some(outcome);
            keep
        })
    }

    fn answer(self: Box<Self>, committed: Result<(), Arc<StoreError>>) {
        let outcome = match (committed, self.outcome) {
            (_, None) => Err(StoreError::Abandoned("it never ran").into()),
            (Ok(()), Some(outcome)) => outcome,
            (Err(_), Some(Err(error))) => Err(error),
            (Err(why), Some(Ok(_))) => Err(StoreError::Commit(why).into()),
        };
        // Whoever asked may be gone; the work is done all the same.
        let _ = self.reply.send(outcome);
    }
}

impl Writer {
    /// Starts the thread that writes. The statements of SQLite run where they are asked for, so that thread is one of
    /// its own, and nobody else has to wait while it flushes the disk.
    pub(crate) fn start(session: Session, settler: Settler, prints: Arc<Prints>) -> Result<Writer, StoreError> {
        let (sender, receiver) = mpsc::channel(1024);
        let nobody = By::new("system", "start", jiff::Timestamp::UNIX_EPOCH);
        let tx = Tx::new(session, nobody, Arc::default(), prints);
        let failed = |error| StoreError::Thread("writer", error);
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(failed)?;
        let write = move || runtime.block_on(write_groups(tx, receiver, settler));
        thread::Builder::new().name("writer".to_owned()).spawn(write).map_err(failed)?;
        Ok(Writer(sender))
    }

    pub(crate) async fn run<T, E, F>(&self, by: By, listeners: Listeners, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
        F: for<'a> Fn(&'a mut Tx) -> BoxFuture<'a, Result<T, E>> + Send + Sync + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let piece = Piece { by, listeners, work, outcome: None, reply };
        self.0.send(Box::new(piece)).await.map_err(|_| StoreError::Abandoned("the writer has stopped"))?;
        answer.await.unwrap_or_else(|_| Err(StoreError::Abandoned("the writer has stopped").into()))
    }
}

async fn write_groups(mut tx: Tx, mut receiver: mpsc::Receiver<Box<dyn Work>>, settler: Settler) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while receiver.recv_many(&mut group, GROUP_MAX).await > 0 {
        let committed = commit_group(&mut tx, &mut group).await;
        if let Err(error) = &committed {
            tracing::error!(%error, "a group could not be committed");
            // Leaves no transaction open; there may be none.
            let _ = tx.script("ROLLBACK").await;
        }
        settler.more();
        tx.forget();
        let committed = committed.map_err(Arc::new);
        for work in group.drain(..) {
            work.answer(committed.clone());
        }
    }
}

async fn commit_group(tx: &mut Tx, group: &mut [Box<dyn Work>]) -> Result<(), StoreError> {
    tx.run("BEGIN IMMEDIATE", &[]).await?;
    for work in group {
        tx.run("SAVEPOINT work", &[]).await?;
        work.start(tx);
        if work.run(tx).await {
            tx.keep();
        } else {
            tx.run("ROLLBACK TO work", &[]).await?;
        }
        tx.run("RELEASE work", &[]).await?;
    }
    // Journal entries, deltas and jobs of the whole group: they are only ever added, so nobody in it needed them.
    tx.flush().await?;
    tx.run("COMMIT", &[]).await?;
    Ok(())
}
