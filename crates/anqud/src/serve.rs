//! `anqud serve`: answers until it is asked to stop, and does what falls due meanwhile.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use store::JobRunner;
use tokio::net::TcpListener;
use web::App;

use crate::{
    edge, mail,
    options::ServeOptions,
    statements,
    system::{self, Failure, Hosted, Settings},
};

/// A payment provider that has not called back for so long is asked.
const SILENCE: SignedDuration = SignedDuration::from_secs(60);
/// How often jobs and deadlines are looked at.
const ROUND: Duration = Duration::from_secs(5);

/// How often what nobody needs any more is looked for, and how long it is kept.
const TIDYING: Duration = Duration::from_secs(3600);
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// How many journal entries are worth a checkpoint of their own.
const SEALED_AT_ONCE: i64 = 1_000;

pub(crate) async fn serve(options: ServeOptions) -> Result<(), Failure> {
    let pack = system::read_pack(&options.pack)?;
    let edge = edge::edge(SignedDuration::ZERO, mail::mail(&options.mail)?);
    let listener = listen(options.listen).await?;
    let portal = options.address.unwrap_or(format!("http://{}", listener.local_addr()?));
    let hosted = options.gateway.zip(options.gateway_secret);
    let address = portal.trim_end_matches('/').to_owned();
    let hosted = hosted.map(|(base, secret)| Hosted { base: base.trim_end_matches('/').to_owned(), portal, secret });
    let settings = Settings { demo: false, secure: options.secure, address, hosted };
    let app = system::open(pack, &options.database, edge, settings).await?;
    let taking_in = options.statements.map(|folder| tokio::spawn(take_in_statements(app.clone(), folder)));
    let answered = answer(app, listener).await;
    if let Some(task) = taking_in {
        task.abort();
    }
    answered
}

pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    Ok(TcpListener::bind(address).await.map_err(|e| format!("cannot listen on {address}: {e}"))?)
}

/// Serves until Ctrl-C, then lets what is under way finish.
pub(crate) async fn answer(app: App, listener: TcpListener) -> Result<(), Failure> {
    println!("Anqud is at http://{}/", listener.local_addr()?);
    let rounds = tokio::spawn(rounds(app.clone()));
    let enquiries = tokio::spawn(enquiries(app.clone()));
    let jobs = tokio::spawn(jobs(app.clone()));
    let tidying = tokio::spawn(tidying(app.clone()));
    axum::serve(listener, web::router(app)).with_graceful_shutdown(stopped()).await?;
    rounds.abort();
    enquiries.abort();
    jobs.abort();
    tidying.abort();
    Ok(())
}

async fn stopped() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}

/// Takes in the statements of the bank that are put into a folder, for ever.
async fn take_in_statements(app: App, folder: PathBuf) {
    let mut seen = statements::Folder::default();
    loop {
        seen.take_in(&app, &folder).await;
        tokio::time::sleep(ROUND).await;
    }
}

/// Asks payment providers after what they left without an answer, for ever. A provider that hangs holds up nothing else.
async fn enquiries(app: App) {
    loop {
        let silent = app.now().checked_sub(SILENCE).map(base::stamp).unwrap_or_default();
        web::enquiry::enquire_after_all(&app, &silent).await;
        tokio::time::sleep(ROUND).await;
    }
}

/// Lets cases lapse, brings overdue ones to supervisors, folds figures and seals the journal, for ever.
async fn rounds(app: App) {
    loop {
        if let Err(error) = app.cases.lapse(app.by("system", "deadline")).await {
            tracing::error!(%error, "deadlines could not be looked at");
        }
        if let Err(error) = app.cases.escalate(app.by("system", "deadline")).await {
            tracing::error!(%error, "overdue cases could not be brought to supervisors");
        }
        if let Err(error) = app.measures.fold(app.by("system", "fold")).await {
            tracing::error!(%error, "figures could not be folded");
        }
        if let Err(error) = app.store.checkpoint(app.by("system", "checkpoint"), SEALED_AT_ONCE).await {
            tracing::error!(%error, "the journal could not be sealed");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Does the jobs that are due, for ever. A mail server that hangs holds up nothing else.
async fn jobs(app: App) {
    let runner = JobRunner::new(app.store.clone());
    loop {
        while let Some(job) = runner.take(app.now()).await.unwrap_or(None) {
            let outcome = web::work(&app, &job).await;
            if let Err(error) = runner.finish(app.now(), &job, outcome).await {
                tracing::error!(%error, job = job.id, "how a job went could not be kept");
            }
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Forgets what nobody needs any more, for ever: jobs long done, and files that came for no case.
async fn tidying(app: App) {
    loop {
        let before = app.now().checked_sub(KEPT).unwrap_or_default();
        if let Err(error) = store::forget_done(&app.store, app.by("system", "tidying"), before).await {
            tracing::error!(%error, "jobs that are done could not be forgotten");
        }
        if let Err(error) = app.drafts.forget_files(app.by("system", "tidying"), &base::stamp(before)).await {
            tracing::error!(%error, "files that no case has could not be forgotten");
        }
        tokio::time::sleep(TIDYING).await;
    }
}
