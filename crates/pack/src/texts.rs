//! What is filled into texts: `{name}` in a certificate stands for an answer. One that does not exist would be printed
//! as it stands, on a paper that is signed.

use base::{Finding, Lang, Step, finding::unknown};
use saphyr::{MarkedYaml, YamlData};
use service::ServiceDefinition;

use crate::check::key;

/// What a certificate can say besides the answers.
const ALWAYS: [&str; 2] = ["reference", "today"];

/// What is wrong with the texts of a certificate.
pub(crate) fn certificate(definition: &ServiceDefinition, languages: &[Lang]) -> Vec<Finding> {
    let Some(text) = &definition.certificate else { return Vec::new() };
    let names: Vec<&str> = definition.questions().map(|(name, _)| name).chain(ALWAYS).collect();
    let mut findings = Vec::new();
    for lang in languages.iter().filter(|lang| text.body.has(**lang)) {
        let path = vec![key("certificate"), key("body"), key(&lang.to_string())];
        findings.extend(filled(text.body.get(*lang), &names, &path));
    }
    if !findings.is_empty() {
        return findings;
    }
    let used = |lang: &Lang| placeholders(text.body.get(*lang));
    for lang in languages.iter().filter(|lang| text.body.has(**lang)) {
        for other in languages.iter().filter(|other| *other != lang && text.body.has(**other)) {
            for (name, _) in used(other).iter().filter(|(name, _)| names.contains(&name.as_str())) {
                if !used(lang).iter().any(|(known, _)| known == name) {
                    let path = vec![key("certificate"), key("body"), key(&lang.to_string())];
                    let message =
                        format!("«{{{name}}}» stands in «{other}» and not here: the two papers say different things");
                    findings.push(
                        Finding::at(path, message).help(format!("write `{{{name}}}` here too, or take it out there")),
                    );
                }
            }
        }
    }
    findings
}

/// The names in braces, each with its bytes from, to.
fn placeholders(text: &str) -> Vec<(String, (usize, usize))> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(open) = text[from..].find('{').map(|at| from + at) {
        let rest = &text[open + 1..];
        match rest.find(['{', '}']) {
            Some(at) if rest[at..].starts_with('}') => {
                found.push((rest[..at].to_owned(), (open, open + at + 2)));
                from = open + at + 2;
            }
            _ => from = open + 1,
        }
    }
    found
}

fn filled(text: &str, names: &[&str], path: &[Step]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let all = placeholders(text);
    for (name, span) in &all {
        let finding = match names.contains(&name.as_str()) {
            true => continue,
            false if names.contains(&name.trim()) => {
                Finding::at(path.to_vec(), format!("«{{{name}}}» would be printed as it stands"))
                    .help(format!("write it without spaces: `{{{}}}`", name.trim()))
            }
            false => unknown(path.to_vec(), "question or fact for", &format!("{{{name}}}"), std::iter::empty())
                .help(suggestion(name, names)),
        };
        findings.push(Finding { span: Some(*span), ..finding });
    }
    let inside = |at: usize| all.iter().any(|(_, (from, to))| (*from..*to).contains(&at));
    if let Some((at, brace)) = text.match_indices(['{', '}']).find(|(at, _)| !inside(*at)) {
        let other = if brace == "{" { "}" } else { "{" };
        let message = format!("«{brace}» has no «{other}»");
        let help = "write what is to be filled in as `{name}`, and no braces elsewhere";
        findings.push(Finding { span: Some((at, at + 1)), ..Finding::at(path.to_vec(), message).help(help) });
    }
    findings
}

fn suggestion(name: &str, names: &[&str]) -> String {
    match base::finding::nearest(name.trim(), names.iter().copied()) {
        Some(near) => format!("did you mean `{{{near}}}`?"),
        None => {
            let shown: Vec<String> = names.iter().take(12).map(|name| format!("`{{{name}}}`")).collect();
            format!("there are: {}", shown.join(", "))
        }
    }
}

/// Placeholders where nothing is filled in: people would read the braces.
pub(crate) fn nowhere(node: &MarkedYaml<'_>, path: &mut Vec<Step>, findings: &mut Vec<Finding>) {
    match &node.data {
        YamlData::Mapping(map) => {
            let names = || map.keys().filter_map(|key| key.data.as_str());
            let is_text = names().next().is_some() && names().all(|name| Lang::parse(name).is_some());
            for (name, value) in map {
                let Some(name) = name.data.as_str() else { continue };
                path.push(key(name));
                match value.data.as_str().filter(|_| is_text) {
                    Some(text) if !is_certificate(path) => {
                        for (name, span) in placeholders(text).into_iter().filter(|(name, _)| !name.trim().is_empty()) {
                            let message = format!("nothing is filled in here: people would read «{{{name}}}»");
                            let help = "write the text without braces; only the `body:` of a certificate is filled in";
                            findings
                                .push(Finding { span: Some(span), ..Finding::at(path.clone(), message).help(help) });
                        }
                    }
                    Some(_) => {}
                    None => nowhere(value, path, findings),
                }
                path.pop();
            }
        }
        YamlData::Sequence(list) => {
            for (index, value) in list.iter().enumerate() {
                path.push(Step::Index(index));
                nowhere(value, path, findings);
                path.pop();
            }
        }
        _ => {}
    }
}

fn is_certificate(path: &[Step]) -> bool {
    matches!(path, [Step::Key(certificate), Step::Key(body), _] if certificate == "certificate" && body == "body")
}
