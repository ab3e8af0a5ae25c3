//! What only all definitions together can tell: names and references that stand for two things, work and rights of a role
//! that nobody has, and what the demo says of people and services that there are not.

use std::collections::{BTreeMap, BTreeSet};

use base::{Finding, Step};
use register::RegisterDefinition;
use service::ServiceDefinition;

use crate::{
    Demo,
    check::{Names, key, known},
    locate::Source,
};

/// Findings, each with the file that they are of, by its place among those that were given.
pub(crate) type Placed = Vec<(usize, Finding)>;

/// Names that stand for two things of one kind.
pub(crate) fn twice<'a>(what: &str, named: impl Iterator<Item = (&'a str, Vec<Step>)>, findings: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (name, path) in named {
        if !seen.insert(name.to_owned()) {
            let message = format!("the {what} «{name}» stands here a second time");
            findings.push(Finding::at(path, message).help("give one of the two another name"));
        }
    }
}

/// The same over several files, which the message names.
pub(crate) fn twice_in_files<'a>(what: &str, tail: &str, named: impl Iterator<Item = (&'a Source, &'a str)>) -> Placed {
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    let mut placed = Vec::new();
    for (index, (source, name)) in named.enumerate() {
        let folded = name.trim().to_ascii_uppercase();
        match seen.get(&folded).filter(|_| !folded.is_empty()) {
            Some(file) => {
                let message = format!("{what} «{name}» is that of {file} already");
                placed.push((index, Finding::at(vec![key(tail)], message).help("give one of the two another")));
            }
            None => drop(seen.insert(folded, source.file.clone())),
        }
    }
    placed
}

/// The letters that references begin with: two capital ones.
pub(crate) fn prefix(reference: &str) -> Option<Finding> {
    let fits = reference.len() == 2 && reference.bytes().all(|b| b.is_ascii_uppercase());
    (!fits).then(|| {
        let message = format!("«{reference}» cannot begin a reference such as SL-7K3M-9QX4");
        Finding::at(vec![key("reference")], message).help("write two capital letters of the Latin alphabet")
    })
}

/// The roles that somebody in the demo has; `None` where there is no demo.
pub(crate) fn held(demo: Option<&Demo>) -> Option<BTreeSet<&str>> {
    Some(demo?.accounts.iter().flat_map(|account| &account.roles).map(String::as_str).collect())
}

/// States in which nobody can do anything, because nobody has the role.
pub(crate) fn duties(definition: &ServiceDefinition, names: &Names, held: Option<&BTreeSet<&str>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, state) in &definition.states {
        let Some(role) = state.by.as_deref().filter(|role| names.roles.contains(*role)) else { continue };
        if held.is_some_and(|held| !held.contains(role)) {
            let path = vec![key("states"), key(name), key("by")];
            let message = format!("nobody can act in «{name}»: no account of the demo has the role «{role}»");
            findings
                .push(Finding::at(path, message).help(format!("give it to somebody in demo.yaml: `roles: [{role}]`")));
        }
    }
    findings
}

/// Rights to a register that nobody has, or that are rights to nothing.
pub(crate) fn rights(definition: &RegisterDefinition, held: Option<&BTreeSet<&str>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (right, map) in [("read", &definition.read), ("write", &definition.write)] {
        for (who, fields) in map {
            let path = || vec![key(right), Step::KeyItself(who.clone())];
            if matches!(fields, register::Fields::These(list) if list.is_empty()) {
                let message = format!("«{who}» may {right} no field");
                findings.push(Finding::at(path(), message).help("name fields, write `all`, or take the line out"));
            } else if !matches!(who.as_str(), "public" | "holder")
                && held.is_some_and(|held| !held.contains(who.as_str()))
            {
                let message = format!("nobody has this right: no account of the demo has the role «{who}»");
                findings.push(
                    Finding::at(path(), message).help(format!("give it to somebody in demo.yaml: `roles: [{who}]`")),
                );
            }
        }
    }
    findings
}

/// What the demo says of roles, regions, services, states, actions and answers.
pub(crate) fn demo(demo: &Demo, names: &Names, services: &[&ServiceDefinition]) -> Vec<Finding> {
    let mut findings = Vec::new();
    twice(
        "account",
        demo.accounts
            .iter()
            .enumerate()
            .map(|(index, account)| (account.email.as_str(), vec![key("accounts"), Step::Index(index), key("email")])),
        &mut findings,
    );
    for (index, account) in demo.accounts.iter().enumerate() {
        let path = |tail: &str| vec![key("accounts"), Step::Index(index), key(tail)];
        for (place, role) in account.roles.iter().enumerate() {
            let path = path("roles").into_iter().chain([Step::Index(place)]).collect();
            known(&mut findings, "role", &names.roles, role, path);
        }
        if let Some(region) = &account.region {
            known(&mut findings, "region", &names.regions, region, path("region"));
        }
    }
    for (index, flow) in demo.flows.iter().enumerate() {
        let path = |tail: &[&str]| {
            [key("flows"), Step::Index(index)].into_iter().chain(tail.iter().map(|t| key(t))).collect::<Vec<_>>()
        };
        known(&mut findings, "service", &names.services, &flow.service, path(&["service"]));
        let Some(service) = services.iter().find(|known| known.service == flow.service) else { continue };
        let itself = |tail: &str, name: &str| {
            path(&[tail]).into_iter().chain([Step::KeyItself(name.to_owned())]).collect::<Vec<_>>()
        };
        let questions = || service.questions().map(|(name, _)| name);
        for (tail, name) in
            flow.weights.keys().map(|n| ("weights", n)).chain(flow.between.keys().map(|n| ("between", n)))
        {
            if service.question(name).is_none() {
                findings.push(base::finding::unknown(itself(tail, name), "question", name, questions()));
            }
        }
        for (tail, name) in flow.decisions.keys().map(|n| ("decisions", n)).chain(flow.days.keys().map(|n| ("days", n)))
        {
            let Some(state) = service.states.get(name) else {
                let states = service.states.keys().map(String::as_str);
                findings.push(base::finding::unknown(itself(tail, name), "state", name, states));
                continue;
            };
            for action in
                flow.decisions.get(name).filter(|_| tail == "decisions").into_iter().flat_map(|all| all.keys())
            {
                if !state.actions.contains_key(action) {
                    let path =
                        path(&["decisions", name]).into_iter().chain([Step::KeyItself(action.clone())]).collect();
                    let actions = state.actions.keys().map(String::as_str);
                    findings.push(base::finding::unknown(path, "action", action, actions));
                }
            }
        }
    }
    findings
}
