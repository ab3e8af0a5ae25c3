//! The command `anqud`: configuration, wiring, and the edge where the clock is read and chance is drawn.

mod atlas;
mod audit;
mod backup;
mod check;
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
mod system;
mod token;
mod transfer;
mod user;

use std::process::ExitCode;

use clap::Parser;
use options::{Command, Options};

/// Documents are small trees of many pieces; this allocator is measurably quicker with them (docs/benchmarks.md).
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("ANQUD_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn")),
        )
        .init();
    let outcome = match Options::parse().command {
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
