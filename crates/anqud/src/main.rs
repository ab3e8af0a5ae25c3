//! The command `anqud`: configuration, wiring, and the edge where the clock is read and chance is drawn.

mod atlas;
mod audit;
mod backup;
mod check;
mod connections;
mod demo;
mod edge;
mod everything;
mod gateway;
mod journal;
mod mail;
mod new;
mod options;
mod schema;
mod serve;
mod statements;
mod steady;
mod system;
mod token;
mod transfer;
mod user;

use std::{process::ExitCode, time::Duration};

use clap::Parser;
use options::{Command, Options};

/// Documents are small trees of many pieces; this allocator is measurably quicker with them (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A thread that still waits for a mail server or a payment provider keeps the program this long at most.
const LAST_THREADS: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("ANQUD_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("anqud: no threads can be started: {error}");
            return ExitCode::FAILURE;
        }
    };
    let code = runtime.block_on(run(Options::parse().command));
    runtime.shutdown_timeout(LAST_THREADS);
    code
}

async fn run(command: Command) -> ExitCode {
    let outcome = match command {
        Command::Check { packs } => return check::check(&packs),
        Command::Atlas { command } => return atlas::run(&command),
        Command::New { folder } => new::new(&folder),
        Command::Schema { name, to } => schema::schema(name.as_deref(), to.as_deref()),
        Command::Demo(options) => demo::demo(options).await,
        Command::Gateway(options) => gateway::gateway(options).await,
        Command::Serve(options) => serve::serve(options).await,
        Command::Recompute(options) => system::recompute(options).await,
        Command::Journal(options) => journal::journal(options).await,
        Command::Audit(options) => audit::audit(options).await,
        Command::Token(options) => token::token(options).await,
        Command::User(options) => user::user(options).await,
        Command::Backup { file, database } => backup::backup(&database, &file).await,
        Command::Export { file, database } => transfer::export(&database, &file).await,
        Command::Import { file, without_end, database } => transfer::import(&file, &database, without_end).await,
        Command::Restore { file, database } => backup::restore(&file, &database).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("anqud: {error}");
            ExitCode::FAILURE
        }
    }
}
