//! `anqud atlas …`: reads a file, asks the atlas, prints what it says.

mod clusters;
mod complexity;
mod concentration;
mod economy;
mod growth;
mod impact;
mod input;
mod output;
mod picture;
mod portfolio;
mod reading;
mod relatedness;
mod simulate;
mod specialisation;

use std::{
    fmt,
    path::{Path, PathBuf},
    process::ExitCode,
};

use atlas::AtlasError;
use clap::{Subcommand, ValueEnum};

/// Questions to the atlas. Answers are printed as JSON unless another format is asked for.
#[derive(Subcommand)]
pub(crate) enum AtlasCommand {
    /// How complex the activities of each place are, and what lies near it
    Complexity(complexity::Options),
    /// What each place does more of than others, and how special it is as a whole
    Specialisation(specialisation::Options),
    /// How unevenly each activity lies over the places
    Concentration(concentration::Options),
    /// Which activities go together, and how near places are to them
    Relatedness(relatedness::Options),
    /// Which activities form clusters, by several measures, methods and numbers of clusters
    Clusters(clusters::Options),
    /// Why places grew between two years, and what they entered and left
    Growth(growth::Options),
    /// How fast a part must grow to change its share of a whole
    Share(growth::ShareOptions),
    /// What demand for each sector moves in all others
    Impact(impact::Options),
    /// How many people will have been trained, hired and kept, and what intake a target takes
    Simulate(simulate::Options),
    /// Which interventions reach the most for a budget
    Portfolio(portfolio::Options),
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Json,
    Csv,
    Svg,
}

/// Why there is no answer.
pub(crate) enum Failure {
    /// Rows of a file, each with its place and what to do.
    Rows(Vec<String>),
    File(PathBuf, String),
    Of(AtlasError),
    Other(String),
}

impl Failure {
    pub(crate) fn file(path: &Path, why: impl fmt::Display) -> Failure {
        Failure::File(path.to_owned(), why.to_string())
    }
}

impl From<AtlasError> for Failure {
    fn from(error: AtlasError) -> Failure {
        Failure::Of(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Rows(rows) => f.write_str(&rows.join("\n")),
            Failure::File(path, why) => write!(f, "{}: {why}", path.display()),
            Failure::Of(error) => write!(f, "anqud: {error}"),
            Failure::Other(why) => write!(f, "anqud: {why}"),
        }
    }
}

pub(crate) fn run(command: &AtlasCommand) -> ExitCode {
    let done = match command {
        AtlasCommand::Complexity(options) => complexity::run(options),
        AtlasCommand::Specialisation(options) => specialisation::run(options),
        AtlasCommand::Concentration(options) => concentration::run(options),
        AtlasCommand::Relatedness(options) => relatedness::run(options),
        AtlasCommand::Clusters(options) => clusters::run(options),
        AtlasCommand::Growth(options) => growth::run(options),
        AtlasCommand::Share(options) => growth::share(options),
        AtlasCommand::Impact(options) => impact::run(options),
        AtlasCommand::Simulate(options) => simulate::run(options),
        AtlasCommand::Portfolio(options) => portfolio::run(options),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("{failure}");
            ExitCode::FAILURE
        }
    }
}
