//! A file that came with the answers: `KEY/NAME`, the key under which it is kept and the name that it came with.

use serde_json::Value as Json;

use super::{Input, Kind, within_length};
use crate::{Fault, Field};

pub(super) struct FileKind;

/// The key and the name of a file, from an answer.
pub fn key_and_name(answer: &str) -> Option<(&str, &str)> {
    let (key, name) = answer.split_once('/')?;
    let is_key = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
    (is_key && !name.is_empty()).then_some((key, name))
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
}
