//! What can be configured, by flags and by the environment.

use std::{net::SocketAddr, path::PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::{atlas::AtlasCommand, connections::ConnectionOptions, mail::MailOptions};

/// The software that a development cluster runs on: it plans, delivers and measures.
#[derive(Parser)]
#[command(name = "anqud", version)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Make a fresh database with a simulated year of history, print the accounts, and serve it
    Demo(DemoOptions),
    /// Serve a pack
    Serve(ServeOptions),
    /// Read packs and say all that is wrong with them
    Check {
        /// Folders of packs
        #[arg(required = true)]
        packs: Vec<PathBuf>,
    },
    /// Print or write JSON Schemas of the files of a pack, with which editors complete and explain them
    Schema {
        /// Which: pack, regions, entities, roles, clusters, register, service, indicator, plan, sources, atlas or demo
        name: Option<String>,
        /// Write every schema into this folder
        #[arg(long, conflicts_with = "name")]
        to: Option<PathBuf>,
    },
    /// A small payment provider for demonstrations and tests
    Gateway(GatewayOptions),
    /// Ask where strengths lie: specialisation, complexity, targets
    Atlas {
        #[command(subcommand)]
        command: AtlasCommand,
    },
    /// Write the starter pack into an empty folder
    New { folder: PathBuf },
    /// Derive every figure anew from the journal
    Recompute(RecomputeOptions),
    /// Seal the journal, or say whether it is what was sealed
    Journal(JournalOptions),
    /// Hold everything against everything: the journal, its seals, rows, postings, balances and figures
    Audit(AuditOptions),
    /// List, make and change accounts
    User(UserOptions),
    /// Print a token with which a program acts for an account
    Token(TokenOptions),
    /// Copy the database to a file, while the server may go on
    Backup {
        file: PathBuf,
        /// The file of the database
        #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
        database: String,
    },
    /// Write the whole database to a file that either engine can take in
    Export {
        file: PathBuf,
        /// A file, or postgres://…
        #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
        database: String,
    },
    /// Fill a database that holds nothing yet from such a file
    Import {
        file: PathBuf,
        /// Take in a file of a version that wrote none of the ends by which a file is known to be whole
        #[arg(long)]
        without_end: bool,
        /// A file, or postgres://…
        #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
        database: String,
    },
    /// Put a backup where there is no database yet
    Restore {
        file: PathBuf,
        /// The file of the database
        #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
        database: String,
    },
}

#[derive(Args, Clone)]
pub(crate) struct DemoOptions {
    /// The folder of the pack
    #[arg(long, env = "ANQUD_PACK", default_value = "packs/palestine")]
    pub pack: PathBuf,
    /// Where to listen
    #[arg(long, env = "ANQUD_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// The folder of the database; what a demo left there before is removed
    #[arg(long, default_value = "data/demo")]
    pub data: PathBuf,
    /// postgres://… instead of a file; the database must be empty
    #[arg(long, env = "ANQUD_DATABASE")]
    pub database: Option<String>,
    /// The same seed gives the same history
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// How many cases the history has
    #[arg(long, default_value_t = 5000)]
    pub cases: usize,
    /// Make the history and stop
    #[arg(long)]
    pub no_serve: bool,
    #[command(flatten)]
    pub mail: MailOptions,
    #[command(flatten)]
    pub connections: ConnectionOptions,
}

#[derive(Args, Clone)]
pub(crate) struct RecomputeOptions {
    /// The folder of the pack
    #[arg(long, env = "ANQUD_PACK", default_value = "packs/palestine")]
    pub pack: PathBuf,
    /// A file, or postgres://…
    #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
    /// Change nothing; fail if a figure is not what the journal gives
    #[arg(long)]
    pub verify: bool,
}

#[derive(Args, Clone)]
pub(crate) struct GatewayOptions {
    /// Where to listen
    #[arg(long, default_value = "127.0.0.1:8090")]
    pub listen: SocketAddr,
    /// The secret that provider and portal share
    #[arg(long, env = "ANQUD_GATEWAY_SECRET")]
    pub secret: String,
}

#[derive(Args, Clone)]
pub(crate) struct JournalOptions {
    #[command(subcommand)]
    pub command: JournalCommand,
    /// A file, or postgres://…
    #[arg(long, global = true, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
}

#[derive(Args, Clone)]
pub(crate) struct AuditOptions {
    /// The folder of the pack
    #[arg(long, env = "ANQUD_PACK", default_value = "packs/palestine")]
    pub pack: PathBuf,
    /// A file, or postgres://…
    #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
    /// A hash of a checkpoint that was kept elsewhere, or a file of such lines
    #[arg(long)]
    pub against: Option<String>,
}

#[derive(Subcommand, Clone)]
pub(crate) enum JournalCommand {
    /// Seal every entry that is there, and print the last checkpoint: its entry and its hash
    Checkpoint {
        /// Add the line to this file as well; keep it where whoever rules the database cannot write
        #[arg(long)]
        append: Option<PathBuf>,
    },
    /// Hold every entry against the checkpoints, and say where the first difference is
    Verify {
        /// A hash of a checkpoint that was kept elsewhere, or a file of such lines
        #[arg(long)]
        against: Option<String>,
    },
}

#[derive(Args, Clone)]
pub(crate) struct UserOptions {
    #[command(subcommand)]
    pub command: UserCommand,
    /// The folder of the pack
    #[arg(long, global = true, env = "ANQUD_PACK", default_value = "packs/palestine")]
    pub pack: PathBuf,
    /// A file, or postgres://…
    #[arg(long, global = true, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
}

#[derive(Subcommand, Clone)]
pub(crate) enum UserCommand {
    /// Print every account with its roles
    List,
    /// Make an account; its password is read from the standard input
    Add {
        email: String,
        /// The name of the person
        #[arg(long)]
        name: String,
        /// A role; say it again for another
        #[arg(long = "role")]
        roles: Vec<String>,
    },
    /// Give an account these roles and no others
    Roles { email: String, roles: Vec<String> },
    /// Give an account another password, read from the standard input
    Password { email: String },
    /// Let nobody use an account until it is resumed; whoever is signed in with it is not any more
    Suspend {
        email: String,
        /// Why, for the journal
        #[arg(long)]
        reason: String,
    },
    /// Let an account be used again
    Resume {
        email: String,
        /// Why, for the journal
        #[arg(long)]
        reason: String,
    },
}

#[derive(Args, Clone)]
pub(crate) struct TokenOptions {
    /// The account
    pub email: String,
    /// For how many days it is good
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
    pub days: u16,
    /// A file, or postgres://…
    #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
}

/// An address of a site: its scheme and its name, and a folder where it stands in one.
fn web_address(text: &str) -> Result<String, String> {
    let wrong = || "give an address such as https://portal.example".to_owned();
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).ok_or_else(wrong)?;
    let odd = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#' | '@' | '\\');
    if rest.is_empty() || rest.starts_with('/') || rest.contains(odd) { Err(wrong()) } else { Ok(text.to_owned()) }
}

fn long_token(text: &str) -> Result<String, String> {
    let fits = text.len() >= 20 && text.bytes().all(|byte| byte.is_ascii_graphic());
    fits.then(|| text.to_owned()).ok_or_else(|| "give at least 20 letters, digits and signs, without spaces".to_owned())
}

#[derive(Args, Clone)]
pub(crate) struct ServeOptions {
    /// The folder of the pack
    #[arg(long, env = "ANQUD_PACK", default_value = "packs/palestine")]
    pub pack: PathBuf,
    /// Where to listen
    #[arg(long, env = "ANQUD_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// A file, or postgres://…
    #[arg(long, env = "ANQUD_DATABASE", default_value = "data/anqud.db")]
    pub database: String,
    /// The address of a payment provider with a hosted page; without it, cards are not taken
    #[arg(long, env = "ANQUD_GATEWAY", requires = "gateway_secret")]
    pub gateway: Option<String>,
    /// The secret that provider and portal share
    #[arg(long, env = "ANQUD_GATEWAY_SECRET")]
    pub gateway_secret: Option<String>,
    /// The address at which others reach this portal, such as https://portal.example: for callbacks, for links in letters
    /// and for the codes on papers; where it listens, if it is not given
    #[arg(long, env = "ANQUD_ADDRESS", value_parser = web_address)]
    pub address: Option<String>,
    /// Other sites to which programs may let payers be sent back, as addresses; commas between them
    #[arg(long, env = "ANQUD_BACK_ADDRESSES", value_delimiter = ',', value_parser = web_address)]
    pub back_addresses: Vec<String>,
    /// A token of at least 20 characters with which a program may read /metrics; without it, an administrator's
    #[arg(long, env = "ANQUD_METRICS_TOKEN", value_parser = long_token)]
    pub metrics_token: Option<String>,
    /// A folder in which files of the bank (camt.052, camt.053, camt.054; XML or zip) are put to be taken in
    #[arg(long, env = "ANQUD_STATEMENTS")]
    pub statements: Option<PathBuf>,
    #[command(flatten)]
    pub mail: MailOptions,
    #[command(flatten)]
    pub connections: ConnectionOptions,
    /// Send cookies over TLS only; set it behind a proxy that speaks TLS
    #[arg(long, env = "ANQUD_SECURE")]
    pub secure: bool,
}
