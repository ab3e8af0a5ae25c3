//! `anqud serve`: answers until it is asked to stop, and does what falls due meanwhile.

use std::{
    collections::BTreeSet,
    net::SocketAddr,
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

use jiff::SignedDuration;
use store::{By, JobRunner};
use tokio::{net::TcpListener, sync::watch, task::JoinSet};
use web::App;

use crate::{
    connections::{self, ConnectionOptions, Limits},
    edge, mail,
    options::ServeOptions,
    statements,
    steady::Steady,
    system::{self, Failure, Hosted, Settings},
};

/// How often jobs and deadlines are looked at.
const ROUND: Duration = Duration::from_secs(5);

/// How often what nobody needs any more is looked for, and how long it is kept.
const TIDYING: Duration = Duration::from_secs(3600);
/// How long a request that is sent again under its key is known.
const ANSWERS_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What works in the background has so long to end after the last answer.
const LAST_WORK: Duration = Duration::from_secs(1);

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
    let settings = Settings {
        demo: false,
        secure: options.secure,
        address,
        back_addresses: options.back_addresses,
        body_patience: options.connections.body_patience(),
        metrics_token: options.metrics_token,
        hosted,
    };
    let app = system::open(pack, &options.database, edge, settings).await?;
    answer(app, listener, &options.connections, options.statements).await
}

pub(crate) async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    Ok(TcpListener::bind(address).await.map_err(|e| format!("cannot listen on {address}: {e}"))?)
}

/// Serves until it is asked to stop, then lets what is under way finish, and says good-bye in time whatever is not.
pub(crate) async fn answer(
    app: App,
    listener: TcpListener,
    connections: &ConnectionOptions,
    statements: Option<PathBuf>,
) -> Result<(), Failure> {
    let limits = Limits::of(connections);
    println!("Anqud is at http://{}/", listener.local_addr()?);
    let (stop, stopping) = watch::channel(false);
    let mut work = JoinSet::new();
    let steady = Arc::new(Steady::default());
    let of_tidying = steady.clone();
    work.spawn(again_and_again(app.clone(), stopping.clone(), ROUND, move |app, _| round(app, steady.clone())));
    work.spawn(again_and_again(app.clone(), stopping.clone(), ROUND, |app, _| enquire(app)));
    work.spawn(jobs(app.clone(), stopping.clone()));
    work.spawn(again_and_again(app.clone(), stopping.clone(), TIDYING, move |app, _| tidy(app, of_tidying.clone())));
    if let Some(folder) = statements {
        work.spawn(take_in_statements(app.clone(), stopping, folder));
    }
    let asked = async move {
        asked_to_stop().await;
        // Whoever works in the background hears of it together with those who answer.
        let _ = stop.send(true);
    };
    connections::answer(listener, web::router(app), limits, asked).await?;
    let ended = async { while work.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_WORK, ended).await.is_err() {
        tracing::warn!("work in the background that did not end is given up; it is done again after the next start");
    }
    Ok(())
}

/// Waits for SIGTERM, with which systems stop services, or SIGINT, with which people do.
async fn asked_to_stop() {
    let interrupted = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminated = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => signal.recv().await,
            Err(_) => std::future::pending().await,
        };
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        () = interrupted => {}
        () = terminated => {}
    }
}

type Stopping = watch::Receiver<bool>;

/// Does a piece of work, pauses, and does it again, until the program stops. What has begun is done to its end.
async fn again_and_again<F: Future<Output = ()>>(
    app: App,
    mut stopping: Stopping,
    pause: Duration,
    work: impl Fn(App, Stopping) -> F,
) {
    loop {
        work(app.clone(), stopping.clone()).await;
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(pause) => {}
        }
    }
}

/// Notes what went wrong in the background. A database that is full or away is known to `/readyz` from then on.
fn failed(app: &App, error: &(dyn std::error::Error + 'static), what: &str) {
    tracing::error!(%error, "{what}");
    if store::is_unavailable(error) {
        app.traffic.refuses();
    }
}

/// Takes in the statements of the bank that are put into a folder.
async fn take_in_statements(app: App, mut stopping: Stopping, folder: PathBuf) {
    let mut seen = statements::Folder::default();
    loop {
        seen.take_in(&app, &folder).await;
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

/// Asks payment providers after what they left without an answer. A provider that hangs holds up nothing else.
async fn enquire(app: App) {
    web::enquiry::enquire_after_all(&app).await;
}

/// Lets cases lapse, brings overdue ones to supervisors, folds figures and seals the journal.
async fn round(app: App, steady: Arc<Steady>) {
    // The reading that is believed is the one that deadlines are held against.
    let now = app.now();
    if steady.reads(now, Instant::now()) {
        if let Err(error) = app.cases.lapse(By::new("system", "deadline", now)).await {
            failed(&app, &error, "deadlines could not be looked at");
        }
        if let Err(error) = app.cases.escalate(By::new("system", "deadline", now)).await {
            failed(&app, &error, "overdue cases could not be brought to supervisors");
        }
    }
    if let Err(error) = app.cases.prove_on(app.by("system", "proof")).await {
        failed(&app, &error, "what was posted could not be proved");
    }
    if let Err(error) = app.measures.fold(app.by("system", "fold")).await {
        failed(&app, &error, "figures could not be folded");
    }
    if let Err(error) = app.store.checkpoint_when_due(app.by("system", "checkpoint"), UNSEALED_MAX).await {
        failed(&app, &error, "the journal could not be sealed");
    }
}

/// Does the jobs that are due until the program stops, each kind in a lane of its own: a mail server that hangs holds up
/// letters and nothing else.
async fn jobs(app: App, mut stopping: Stopping) {
    let (runner, mut lanes) = (JobRunner::new(app.store.clone()), JoinSet::new());
    let mut busy = BTreeSet::new();
    loop {
        match runner.kinds_due(app.now()).await {
            Ok(kinds) => {
                for kind in kinds {
                    if busy.insert(kind.clone()) {
                        lanes.spawn(lane(app.clone(), kind, stopping.clone()));
                    }
                }
            }
            Err(error) => failed(&app, &error, "jobs could not be looked for"),
        }
        tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break,
            () = tokio::time::sleep(ROUND) => {}
        }
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
    while lanes.join_next().await.is_some() {}
}

/// Does the jobs of a kind that are due, one after the other; which kind it was.
async fn lane(app: App, kind: String, stopping: Stopping) -> String {
    let runner = JobRunner::new(app.store.clone());
    while !*stopping.borrow() {
        match runner.take_of(app.now(), &kind).await {
            Ok(Some(job)) => {
                let outcome = web::work(&app, &job).await;
                if let Err(error) = runner.finish(app.now(), &job, outcome).await {
                    tracing::error!(%error, job = job.id, "how a job went could not be kept");
                }
            }
            Ok(None) => break,
            Err(error) => {
                failed(&app, &error, "no job could be taken");
                break;
            }
        }
    }
    kind
}

/// Forgets what nobody needs any more: jobs long done, and files that came for no case.
async fn tidy(app: App, steady: Arc<Steady>) {
    let now = app.now();
    if !steady.reads(now, Instant::now()) {
        return;
    }
    let before = now.checked_sub(KEPT).unwrap_or_default();
    if let Err(error) = store::forget_done(&app.store, app.by("system", "tidying"), before).await {
        tracing::error!(%error, "jobs that are done could not be forgotten");
    }
    if let Err(error) = app.drafts.forget_files(app.by("system", "tidying"), &base::stamp(before)).await {
        tracing::error!(%error, "files that no case has could not be forgotten");
    }
    let before = now.checked_sub(ANSWERS_KEPT).unwrap_or_default();
    if let Err(error) = store::forget_answered(&app.store, app.by("system", "tidying"), before).await {
        tracing::error!(%error, "keys of requests could not be forgotten");
    }
}
