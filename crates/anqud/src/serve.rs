//! `anqud serve`: answers until it is asked to stop, and does what falls due meanwhile.

use std::{collections::BTreeSet, net::SocketAddr, path::PathBuf, time::Duration};

use jiff::SignedDuration;
use store::JobRunner;
use tokio::{net::TcpListener, task::JoinSet};
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

/// How long a journal entry stays unsealed at most, give or take a round.
const UNSEALED_MAX: SignedDuration = SignedDuration::from_secs(60);

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
    loop {
        statements::take_in(&app, &folder).await;
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
        if let Err(error) = app.store.checkpoint_when_due(app.by("system", "checkpoint"), UNSEALED_MAX).await {
            tracing::error!(%error, "the journal could not be sealed");
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// Does the jobs that are due, for ever, each kind in a lane of its own: a mail server that hangs holds up letters and
/// nothing else.
async fn jobs(app: App) {
    let (runner, mut lanes) = (JobRunner::new(app.store.clone()), JoinSet::new());
    let mut busy = BTreeSet::new();
    loop {
        match runner.kinds_due(app.now()).await {
            Ok(kinds) => {
                for kind in kinds {
                    if busy.insert(kind.clone()) {
                        lanes.spawn(lane(app.clone(), kind));
                    }
                }
            }
            Err(error) => tracing::error!(%error, "jobs could not be looked for"),
        }
        tokio::time::sleep(ROUND).await;
        // One that panicked says no kind, and the others of its kind would wait for ever.
        let mut lost = false;
        while let Some(ended) = lanes.try_join_next() {
            match ended {
                Ok(kind) => drop(busy.remove(&kind)),
                Err(_) => lost = true,
            }
        }
        if lost {
            lanes.abort_all();
            while lanes.join_next().await.is_some() {}
            busy.clear();
        }
    }
}

/// Does the jobs of a kind that are due, one after the other; which kind it was.
async fn lane(app: App, kind: String) -> String {
    let runner = JobRunner::new(app.store.clone());
    loop {
        match runner.take_of(app.now(), &kind).await {
            Ok(Some(job)) => {
                let outcome = web::work(&app, &job).await;
                if let Err(error) = runner.finish(app.now(), &job, outcome).await {
                    tracing::error!(%error, job = job.id, "how a job went could not be kept");
                }
            }
            Ok(None) => return kind,
            Err(error) => {
                tracing::error!(%error, kind, "no job could be taken");
                return kind;
            }
        }
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
