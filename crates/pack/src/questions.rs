//! Questions and fields: what they take from the pack, and what only the pack can know to be wrong with them.

use std::collections::BTreeSet;

use base::{Currency, Finding, Step, Text};
use indexmap::IndexMap;
use register::{Currencies, Field, Of};

use crate::{
    Settings,
    check::{Names, complete, key, known},
};

/// The currencies of the pack are known, with their decimals (ISO 4217).
pub(crate) fn check_currencies(findings: &mut Vec<Finding>, settings: &Settings) {
    for (index, listed) in settings.currencies.iter().enumerate() {
        let path = |tail: &str| vec![key("currencies"), Step::Index(index), key(tail)];
        complete(findings, &settings.languages, &listed.title, path("title"));
        match Currency::of(&listed.currency) {
            None => {
                let all = Currency::ALL;
                let codes = all.iter().map(Currency::code);
                findings.push(base::finding::unknown(path("currency"), "currency", &listed.currency, codes));
            }
            Some(currency) if currency.decimals() != listed.decimals => findings.push(
                Finding::at(path("decimals"), format!("«{}» has not so many decimals", listed.currency))
                    .help(format!("write `decimals: {}`", currency.decimals())),
            ),
            Some(_) => {}
        }
    }
}

/// Whether `pack.yaml` lists a currency; a finding where it does not.
pub(crate) fn currency_is_listed(
    findings: &mut Vec<Finding>,
    settings: &Settings,
    currency: &str,
    path: Vec<Step>,
) -> bool {
    let listed: BTreeSet<String> = settings.currencies.iter().map(|c| c.currency.clone()).collect();
    known(findings, "currency", &listed, currency, path);
    listed.contains(currency)
}

/// Holds a question or a field against the names, the languages and the currencies of the pack.
pub(crate) fn check_question(
    findings: &mut Vec<Finding>,
    field: &Field,
    names: &Names,
    settings: &Settings,
    path: Vec<Step>,
) {
    let at = |tail: &str| path.iter().cloned().chain([key(tail)]).collect::<Vec<_>>();
    complete(findings, &settings.languages, &field.title, at("title"));
    if let Some(hint) = &field.hint {
        complete(findings, &settings.languages, hint, at("hint"));
    }
    if let Some(Of::Register(register)) = &field.of {
        known(findings, "register", &names.registers, register, at("of"));
    }
    for (value, title) in field.choices() {
        let path = path.iter().cloned().chain([key("of"), key(value)]).collect();
        complete(findings, &settings.languages, title, path);
    }
    match &field.currency {
        Some(Currencies::One(code)) => drop(currency_is_listed(findings, settings, code, at("currency"))),
        Some(Currencies::Many(codes)) => {
            for (index, code) in codes.iter().enumerate() {
                let path = at("currency").into_iter().chain([Step::Index(index)]).collect();
                currency_is_listed(findings, settings, code, path);
            }
        }
        None => {}
    }
}

/// A region is chosen from the regions of the pack, and money is in its currencies unless told.
pub(crate) fn fill(field: &mut Field, settings: &Settings, regions: &IndexMap<String, Text>) {
    if field.type_name == "region" {
        field.of = Some(Of::Choices(regions.clone()));
    }
    if field.type_name == "money" && field.currency.is_none() {
        let mut codes: Vec<String> = settings.currencies.iter().map(|listed| listed.currency.clone()).collect();
        field.currency = match codes.len() {
            1 => codes.pop().map(Currencies::One),
            _ => Some(Currencies::Many(codes)),
        };
    }
}
