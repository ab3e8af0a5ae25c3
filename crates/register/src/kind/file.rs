//! A file that was sent with the form: its name and the key under which it is kept, as the edge writes it.

use serde_json::Value as Json;

use super::{Input, Kind, within_length};
use crate::{Fault, Field};

pub(super) struct FileKind;

impl Kind for FileKind {
    fn name(&self) -> &'static str {
        "file"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let name = typed.first().map_or("", String::as_str).trim().to_owned();
        let ending = name.rsplit('.').next().unwrap_or_default().to_lowercase();
        if !field.accept.is_empty() && !field.accept.iter().any(|a| a.eq_ignore_ascii_case(&ending)) {
            return Err(Fault::with("fault-file-type", field.accept.join(", ")));
        }
        within_length(field, name, 200)
    }
    fn input(&self) -> Input {
        Input::File
    }
}
