//! A file that came with the answers: `KEY/NAME`, the key under which it is kept and the name that it came with.

use base::{Finding, Step};
use serde_json::Value as Json;

use super::{Input, Kind, within_length};
use crate::{Fault, Field, Limit};

/// No file is longer than this, whatever the pack says.
pub const BYTES_MAX: u64 = 10 << 20;
/// How long a file may be where the pack says nothing.
const BYTES_UNLESS_TOLD: u64 = 5 << 20;
/// What is said of a file that is too long; its argument is the limit in bytes.
pub const TOO_LONG: &str = "fault-file-size";

pub(super) struct FileKind;

/// The key and the name of a file, from an answer.
pub fn key_and_name(answer: &str) -> Option<(&str, &str)> {
    let (key, name) = answer.split_once('/')?;
    let is_key = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
    (is_key && !name.is_empty()).then_some((key, name))
}

/// How many bytes the file that answers a question may have.
pub fn bytes_max(field: &Field) -> u64 {
    match &field.max {
        Some(Limit::Size(text)) => size(text).unwrap_or(BYTES_UNLESS_TOLD).min(BYTES_MAX),
        _ => BYTES_UNLESS_TOLD,
    }
}

/// A fault where a file of so many bytes is too long for the question.
pub fn fits(field: &Field, bytes: u64) -> Result<(), Fault> {
    let most = bytes_max(field);
    if bytes > most { Err(Fault::with(TOO_LONG, most)) } else { Ok(()) }
}

/// `500 KB`, `5 MB`: a kilobyte has 1024 bytes.
fn size(text: &str) -> Option<u64> {
    let (number, unit) = text.trim().split_at_checked(text.trim().len().checked_sub(2)?)?;
    let unit: u64 = match unit.to_ascii_uppercase().as_str() {
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        _ => return None,
    };
    number.trim().parse::<u64>().ok().filter(|n| *n > 0)?.checked_mul(unit)
}

impl Kind for FileKind {
    fn name(&self) -> &'static str {
        "file"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let value = typed.first().map_or("", String::as_str).trim().to_owned();
        let Some((_, name)) = key_and_name(&value) else { return Err(Fault::new("fault-file")) };
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !field.accept.is_empty() && !field.accept.iter().any(|a| a.eq_ignore_ascii_case(&ending)) {
            return Err(Fault::with("fault-file-type", field.accept.join(", ")));
        }
        within_length(field, value, 300)
    }
    fn input(&self) -> Input {
        Input::File
    }
    fn check(&self, field: &Field, path: &[Step]) -> Vec<Finding> {
        let at = || path.iter().cloned().chain([Step::Key("max".into())]).collect();
        let finding = match &field.max {
            None => return Vec::new(),
            Some(Limit::Number(number)) => Finding::at(at(), format!("«{number}» is no size of a file")),
            Some(Limit::Size(text)) => match size(text) {
                None => Finding::at(at(), format!("«{text}» is no size of a file")),
                Some(bytes) if bytes > BYTES_MAX => Finding::at(at(), "a file has 10 MB at most"),
                Some(_) => return Vec::new(),
            },
        };
        vec![finding.help("write it as `5 MB` or `500 KB`")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_what_is_kept() {
        let key = "0123456789abcdef0123456789abcdef";
        assert_eq!(key_and_name(&format!("{key}/a/b.pdf")), Some((key, "a/b.pdf")));
        for wrong in ["b.pdf", "/b.pdf", "0123/b.pdf", &format!("{key}/"), &format!("{}/b", "g".repeat(32))] {
            assert_eq!(key_and_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [
            ("5 MB", Some(5 << 20)),
            ("500KB", Some(500 << 10)),
            ("1 mb", Some(1 << 20)),
            ("0 MB", None),
            ("5", None),
            ("ميغا", None),
            ("-1 MB", None),
            ("99999999999999999999 MB", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }

    #[test]
    fn a_file_is_held_against_the_limit_of_its_question() {
        let field = |max: &str| serde_json::from_str::<Field>(&format!(r#"{{"type": "file"{max}}}"#)).unwrap();
        assert_eq!(fits(&field(r#", "max": "2 KB""#), 2048), Ok(()));
        assert_eq!(fits(&field(r#", "max": "2 KB""#), 2049), Err(Fault::with(TOO_LONG, 2048)));
        assert_eq!(bytes_max(&field("")), 5 << 20);
    }
}
