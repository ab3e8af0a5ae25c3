//! Questions and fields: what they take from the pack, and what only the pack can know to be wrong with them.

use std::collections::BTreeSet;

use base::{Currency, Finding, Step, Text};
use indexmap::IndexMap;
use register::{Currencies, Field, Of, RegisterDefinition};
use service::ServiceDefinition;

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
                let all: Vec<Currency> = Currency::all().collect();
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
    for (name, text) in [("hint", &field.hint), ("heading", &field.heading)] {
        if let Some(text) = text {
            complete(findings, &settings.languages, text, at(name));
        }
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

/// What is known of every applicant, and the types of question that it can answer.
const FACTS: [(&str, &[&str]); 5] = [
    ("name", &["text", "long-text"]),
    ("email", &["email", "text"]),
    ("phone", &["phone", "text"]),
    ("region", &["region", "text"]),
    ("person-id", &["person-id", "text"]),
];
/// How a question of records names those of the applicant.
const OWN: [&str; 2] = ["company", "record"];

/// First answers come from the applicant, or from a record that was chosen earlier.
pub(crate) fn check_prefills(
    findings: &mut Vec<Finding>,
    definition: &ServiceDefinition,
    registers: &[RegisterDefinition],
) {
    let mut earlier: Vec<(&str, &Field)> = Vec::new();
    for (index, page) in definition.form.iter().enumerate() {
        for (name, field) in &page.questions {
            if let Some(prefill) = &field.prefill {
                let path = vec![key("form"), Step::Index(index), key("questions"), key(name), key("prefill")];
                findings.extend(check_prefill(field, prefill, &earlier, registers, path));
            }
            earlier.push((name, field));
        }
    }
}

fn check_prefill(
    field: &Field,
    prefill: &str,
    earlier: &[(&str, &Field)],
    registers: &[RegisterDefinition],
    path: Vec<Step>,
) -> Option<Finding> {
    let Some((from, fact)) = prefill.split_once('.') else {
        let finding = Finding::at(path, format!("«{prefill}» says not what a first answer is taken from"));
        return Some(finding.help("write `applicant.phone`, or `company.phone` where «company» asks for a record"));
    };
    let (head, tail) = ((0, from.len()), (from.len() + 1, prefill.len()));
    let does_not_fit = |span: (usize, usize), path: Vec<Step>| {
        let message = format!("«{prefill}» cannot answer a question of type {}", field.type_name);
        Some(Finding { span: Some(span), ..Finding::at(path, message) })
    };
    if from == "applicant" {
        if field.type_name == "record" {
            let unknown = || base::finding::unknown(path.clone(), "record of the applicant", fact, OWN.into_iter());
            return (!OWN.contains(&fact)).then(|| Finding { span: Some(tail), ..unknown() });
        }
        return match FACTS.iter().find(|(known, _)| *known == fact) {
            None => {
                let known = FACTS.iter().map(|(known, _)| *known);
                let finding = base::finding::unknown(path, "fact about the applicant", fact, known);
                Some(Finding { span: Some(tail), ..finding })
            }
            Some((_, types)) if !types.contains(&field.type_name.as_str()) => does_not_fit(tail, path),
            Some(_) => None,
        };
    }
    let records = || earlier.iter().filter(|(_, field)| field.type_name == "record");
    let Some((_, asked)) = records().find(|(name, _)| *name == from) else {
        let names = records().map(|(name, _)| *name).chain(["applicant"]);
        let finding = base::finding::unknown(path, "earlier question for a record", from, names);
        return Some(Finding { span: Some(head), ..finding });
    };
    // Where the register is unknown, that is said at the question that asks for its record.
    let Some(Of::Register(register)) = &asked.of else { return None };
    let register = registers.iter().find(|known| known.register == *register)?;
    match register.fields.get(fact) {
        None => {
            let fields = register.fields.keys().map(String::as_str);
            let finding = base::finding::unknown(path, "field", fact, fields);
            Some(Finding { span: Some(tail), ..finding })
        }
        Some(known) if known.type_name != field.type_name && field.type_name != "text" => does_not_fit(tail, path),
        Some(_) => None,
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
