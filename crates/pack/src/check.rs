//! What no single definition can know: that every name which one uses is defined by another, and that every text
//! exists in every language of the pack.

use std::collections::BTreeSet;

use base::{Finding, Lang, Step, Text, finding::unknown};

/// The names of everything, by kind.
#[derive(Default)]
pub(crate) struct Names {
    pub entities: BTreeSet<String>,
    pub roles: BTreeSet<String>,
    pub regions: BTreeSet<String>,
    pub registers: BTreeSet<String>,
    pub services: BTreeSet<String>,
    pub indicators: BTreeSet<String>,
    pub clusters: BTreeSet<String>,
}

pub(crate) fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

/// A finding where the name is not among those that are known.
pub(crate) fn known(findings: &mut Vec<Finding>, what: &str, names: &BTreeSet<String>, name: &str, path: Vec<Step>) {
    if !names.contains(name) {
        findings.push(unknown(path, what, name, names.iter().map(String::as_str)));
    }
}

/// A text that lacks a language.
pub(crate) fn complete(findings: &mut Vec<Finding>, languages: &[Lang], text: &Text, path: Vec<Step>) {
    for lang in languages.iter().filter(|lang| !text.has(**lang)) {
        findings.push(
            Finding::at(path.clone(), format!("this text is missing in «{lang}»"))
                .help(format!("add `{lang}: …`; every text that a person reads exists in every language of the pack")),
        );
    }
}
