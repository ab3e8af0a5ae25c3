//! `anqud serve`: answers until it is asked to stop, and does what falls due meanwhile.

use std::{net::SocketAddr, time::Duration};

use jiff::SignedDuration;
use store::JobRunner;
use web::App;

use crate::{
    edge,
    options::ServeOptions,
    system::{self, Failure},
};

/// How often jobs and deadlines are looked at.
const ROUND: Duration = Duration::from_secs(5);

/// How many journal entries are worth a checkpoint of their own.
const SEALED_AT_ONCE: i64 = 1_000;

pub(crate) async fn serve(options: ServeOptions) -> Result<(), Failure> {
    let pack = system::read_pack(&options.pack)?;
    let edge = edge::edge(SignedDuration::ZERO);
    let app = system::open(pack, &options.database, edge, false, options.secure).await?;
    answer(app, options.listen).await
}

/// Serves until Ctrl-C, then lets what is under way finish.
pub(crate) async fn answer(app: App, listen: SocketAddr) -> Result<(), Failure> {
    let listener =
        tokio::net::TcpListener::bind(listen).await.map_err(|e| format!("cannot listen on {listen}: {e}"))?;
    println!("Anqud is at http://{}/", listener.local_addr()?);
    let rounds = tokio::spawn(rounds(app.clone()));
    axum::serve(listener, web::router(app)).with_graceful_shutdown(stopped()).await?;
    rounds.abort();
    Ok(())
}

async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Lets cases lapse and runs the jobs that are due, for ever.
async fn rounds(app: App) {
    let runner = JobRunner::new(app.store.clone());
    loop {
        if let Err(error) = app.cases.lapse(app.by("system", "deadline")).await {
            tracing::error!(%error, "deadlines could not be looked at");
        }
        if let Err(error) = app.measures.fold(app.by("system", "fold")).await {
            tracing::error!(%error, "figures could not be folded");
        }
        if let Err(error) = app.store.checkpoint(app.by("system", "checkpoint"), SEALED_AT_ONCE).await {
            tracing::error!(%error, "the journal could not be sealed");
        }
        // There is no mail yet: a notification is done when it has been seen here.
        while runner.run_one(app.now(), async |_| Ok(())).await.unwrap_or(false) {}
        tokio::time::sleep(ROUND).await;
    }
}
