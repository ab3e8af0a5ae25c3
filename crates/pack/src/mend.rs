//! All that is wrong with the structure of a file. The reader stops at the first such mistake; here a copy of what was
//! read is mended at that place and read again, until nothing is left, while the file and its places stay as they are.

use base::{Finding, Step, finding::unknown};
use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json, json};
use serde_path_to_error::{Path, Segment};

use crate::check::key;

/// How many mistakes of one file are reported.
const FINDINGS_MAX: usize = 50;
/// How many times a place is mended before it is given up.
const TRIES_MAX: usize = 8;

/// What could be read of a file with mistakes.
pub(crate) struct Mended<T> {
    /// The definition, with something invented at each of the places.
    pub value: Option<T>,
    pub findings: Vec<Finding>,
    /// Where something stands that is not in the file.
    pub places: Vec<Vec<Step>>,
}

/// Reads a file in spite of its mistakes; `None` where it is no YAML at all.
pub(crate) fn mend<T: DeserializeOwned>(text: &str) -> Option<Mended<T>> {
    let documents = MarkedYaml::load_from_str(text).ok()?;
    let mut tree = json_of(documents.first()?);
    let mut mended = Mended { value: None, findings: Vec::new(), places: Vec::new() };
    let mut tries: Vec<(Vec<Step>, usize)> = Vec::new();
    while mended.findings.len() <= FINDINGS_MAX {
        let error = match serde_path_to_error::deserialize::<_, T>(tree.clone()) {
            Ok(value) => {
                mended.value = Some(value);
                break;
            }
            Err(error) => error,
        };
        let (mut path, message) = (steps(error.path()), error.inner().to_string());
        let invented = |path: &[Step]| mended.places.iter().any(|place| path.starts_with(place));
        let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
        if message.starts_with("unknown field") {
            let Some((name, known)) = quoted.split_first() else { break };
            if path.last() == Some(&key(name)) {
                path.pop();
            }
            let Some(Json::Object(map)) = at(&mut tree, &path) else { break };
            if map.shift_remove(*name).is_none() {
                break;
            }
            if !invented(&path) {
                path.push(Step::KeyItself((*name).to_owned()));
                mended.findings.push(unknown(path, "key", name, known.iter().copied()));
            }
            continue;
        }
        if message.starts_with("missing field") {
            let (Some(name), Some(Json::Object(map))) = (quoted.first(), at(&mut tree, &path)) else { break };
            if map.insert((*name).to_owned(), json!("placeholder")).is_some() {
                break;
            }
            if !invented(&path) {
                let finding = Finding::at(path.clone(), format!("the key «{name}» is missing here"));
                mended.findings.push(finding.help(format!("add `{name}: …`")));
            }
            path.push(key(name));
            mended.places.push(path);
            continue;
        }
        let known = tries.iter().position(|(place, _)| *place == path).unwrap_or_else(|| {
            tries.push((path.clone(), 0));
            tries.len() - 1
        });
        tries[known].1 += 1;
        let (tried, new) = (tries[known].1, !invented(&path));
        let Some(there) = at(&mut tree, &path).filter(|_| tried <= TRIES_MAX) else { break };
        if tried == 1 && new && message.contains("expected a string") && (there.is_number() || there.is_boolean()) {
            // What stands without quotes is taken as a text where one is wanted.
            *there = Json::String(there.to_string());
            continue;
        }
        if new {
            let (message, help) = words(&message, there, &quoted);
            mended.findings.push(Finding { path: path.clone(), message, help, span: None });
            mended.places.push(path.clone());
        }
        *there = match there.as_str().filter(|_| message.contains("is no name")) {
            // What others call it by is most likely what was meant.
            Some(text) => json!(text.to_lowercase().replace([' ', '_'], "-")),
            None => invention(&message, &quoted, tried),
        };
    }
    Some(mended)
}

fn json_of(node: &MarkedYaml<'_>) -> Json {
    match &node.data {
        YamlData::Mapping(map) => {
            let name = |key: &MarkedYaml<'_>| match json_of(key) {
                Json::String(name) => name,
                other => other.to_string(),
            };
            Json::Object(map.iter().map(|(key, value)| (name(key), json_of(value))).collect::<Map<_, _>>())
        }
        YamlData::Sequence(list) => list.iter().map(json_of).collect(),
        YamlData::Tagged(_, inner) => json_of(inner),
        YamlData::Value(Scalar::Boolean(value)) => (*value).into(),
        YamlData::Value(Scalar::Integer(value)) => (*value).into(),
        YamlData::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        YamlData::Value(Scalar::String(text)) => text.as_ref().into(),
        YamlData::Representation(text, ..) => text.as_ref().into(),
        _ => Json::Null,
    }
}

fn steps(path: &Path) -> Vec<Step> {
    let step = |segment: &Segment| match segment {
        Segment::Map { key } => Some(Step::Key(key.clone())),
        Segment::Seq { index } => Some(Step::Index(*index)),
        _ => None,
    };
    path.iter().filter_map(step).collect()
}

fn at<'a>(tree: &'a mut Json, path: &[Step]) -> Option<&'a mut Json> {
    path.iter().try_fold(tree, |node, step| match step {
        Step::Key(key) | Step::KeyItself(key) => node.get_mut(key),
        Step::Index(index) => node.get_mut(index),
    })
}

/// What is said of a value that does not fit, and what to do.
fn words(message: &str, found: &Json, quoted: &[&str]) -> (String, Option<String>) {
    let say = |message: &str, help: &str| (message.to_owned(), Some(help.to_owned()));
    let wanted = message.rsplit_once("expected ").map_or("", |(_, wanted)| wanted);
    let text = found.as_str().unwrap_or_default();
    if message.starts_with("unknown variant")
        && let Some((word, known)) = quoted.split_first()
    {
        let finding = unknown(Vec::new(), "word", word, known.iter().copied());
        return (finding.message, finding.help);
    }
    if wanted.starts_with("a sequence") || wanted.contains("array") || wanted.contains("tuple") {
        let help =
            if found.is_string() { format!("write it as `[{text}]`") } else { "write it as `[…, …]`".into() };
        return ("a list is expected here".into(), Some(help));
    }
    if wanted.starts_with("a map") || wanted.starts_with("struct") {
        return say("keys and values are expected here", "write it as `{key: …}`; a text as `{en: …, ar: …}`");
    }
    if wanted.starts_with("a boolean") {
        return say("yes or no is expected here", "write `true` or `false`");
    }
    if ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64", "usize"].contains(&wanted) {
        return say("a whole number is expected here", "write it in digits only, such as `20000`");
    }
    if ["f32", "f64"].contains(&wanted) {
        return say("a number is expected here", "write it in digits, such as `0.5`");
    }
    if wanted.starts_with("a string") {
        return say("one word or text is expected here", "write it without brackets");
    }
    if is_about_a_day(message) {
        let help = match text.contains(": ") {
            true => "write it as `2021-01-31`; a following line that is indented further belongs to it",
            false => "write it as `2021-01-31`: year, month, day",
        };
        return (format!("«{text}» is no day"), Some(help.to_owned()));
    }
    (message.to_owned(), None)
}

fn is_about_a_day(message: &str) -> bool {
    ["parse", "month", "date"].iter().any(|word| message.contains(word)) && !message.contains('«')
}

/// Something that may fit.
fn invention(message: &str, quoted: &[&str], tried: usize) -> Json {
    let wanted = message.rsplit_once("expected ").map_or(message, |(_, wanted)| wanted);
    match () {
        () if message.starts_with("unknown variant") => quoted.get(1).map_or(Json::Null, |word| json!(word)),
        () if message.starts_with("invalid length") => json!([0, 0]),
        () if wanted.contains("sequence") || wanted.contains("array") || wanted.contains("tuple") => json!([]),
        () if wanted.contains("map") || wanted.contains("struct") => json!({}),
        () if wanted.contains("bool") => json!(true),
        () if wanted.len() <= 5 && wanted.starts_with(['i', 'u', 'f']) => json!(1),
        () if message.contains("is no time") => json!("1 days"),
        () if is_about_a_day(message) => json!("2021-01-31"),
        () if wanted.contains("string") => json!("placeholder"),
        () => [json!("placeholder"), json!({}), json!([]), json!("all"), json!(1), json!("XX"), json!(null)]
            .get(tried - 1)
            .cloned()
            .unwrap_or_default(),
    }
}
