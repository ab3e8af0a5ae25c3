//! The kinds of question, one file each. A kind reads what was typed, checks it against its limits and shows it again.
//! A new kind is a new file and a line in [`KINDS`].

mod choice;
mod choices;
mod date;
mod decimal;
mod email;
pub mod file;
mod integer;
mod long_text;
pub mod money;
mod person_id;
mod phone;
mod record;
mod region;
mod text;
mod yes_no;

use base::{Finding, Step};
use serde_json::Value as Json;

use crate::{Fault, Field, Limit, Of};

/// What kind of answer a question takes.
pub trait Kind: Send + Sync {
    /// Its name in the pack.
    fn name(&self) -> &'static str;
    /// What it is in a condition or a formula.
    fn rule_type(&self, field: &Field) -> rules::Type;
    /// Reads what was typed; `typed` holds something.
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault>;
    /// Whether nothing was typed.
    fn is_blank(&self, typed: &[String]) -> bool {
        typed.iter().all(|text| base::typed::is_blank(text))
    }
    /// An answer that is a map, as it would be typed.
    fn typed_again(&self, _: &Field, _: &Json) -> Option<Vec<String>> {
        None
    }
    /// What is wrong with the limits of a field.
    fn check(&self, field: &Field, path: &[Step]) -> Vec<Finding> {
        match &field.max {
            Some(Limit::Size(text)) => {
                let at = path.iter().cloned().chain([Step::Key("max".into())]).collect();
                vec![Finding::at(at, format!("«{text}» is no number")).help("write it in digits, such as `500`")]
            }
            _ => Vec::new(),
        }
    }
    /// How a form asks for it.
    fn input(&self) -> Input {
        Input::Line { mode: "text", autocomplete: "off", width: "wide" }
    }
}

/// How a form asks for an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// One line; the mode of the phone's keyboard, what the browser may fill in, and how wide it is.
    Line {
        mode: &'static str,
        autocomplete: &'static str,
        width: &'static str,
    },
    Area,
    Date,
    One,
    Many,
    YesNo,
    /// An amount, and the currency where there are several.
    Money,
    Region,
    File,
}

/// Every kind there is.
pub const KINDS: &[&dyn Kind] = &[
    &text::TextKind,
    &long_text::LongTextKind,
    &integer::IntegerKind,
    &decimal::DecimalKind,
    &money::MoneyKind,
    &date::DateKind,
    &yes_no::YesNoKind,
    &choice::ChoiceKind,
    &choices::ChoicesKind,
    &phone::PhoneKind,
    &email::EmailKind,
    &person_id::PersonIdKind,
    &region::RegionKind,
    &record::RecordKind,
    &file::FileKind,
];

/// The kind of that name.
pub fn by_name(name: &str) -> Option<&'static dyn Kind> {
    KINDS.iter().copied().find(|kind| kind.name() == name)
}

/// What is wrong with a field's own definition.
pub fn check_field(field: &Field, path: Vec<Step>) -> Vec<Finding> {
    let at = |key: &str| path.iter().cloned().chain([Step::Key(key.into())]).collect::<Vec<_>>();
    let mut findings = Vec::new();
    if field.kind().is_none() {
        let names = KINDS.iter().map(|kind| kind.name());
        findings.push(base::finding::unknown(at("type"), "type", &field.type_name, names));
    }
    let of_choices = matches!(&field.of, Some(Of::Choices(map)) if !map.is_empty());
    match field.type_name.as_str() {
        "choice" | "choices" if !of_choices => findings.push(
            Finding::at(path.clone(), format!("a {} says what it chooses from", field.type_name))
                .help("add `of:` with a line for each choice, such as `own: {en: Own, ar: ملك}`"),
        ),
        "record" if !matches!(&field.of, Some(Of::Register(_))) => findings.push(
            Finding::at(path.clone(), "a record says which register it is of").help("add `of:` with a register's name"),
        ),
        _ => {}
    }
    if field.held && field.type_name != "record" {
        findings
            .push(Finding::at(at("held"), "only a record is held").help("take `held:` off, or make it `type: record`"));
    }
    findings.extend(field.kind().map(|kind| kind.check(field, &path)).unwrap_or_default());
    findings
}

/// A part of an answer as a text.
fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text of one line or of several as it is kept, or the fault that names the character that cannot be.
fn text_of(read: Result<String, base::typed::Unfit>) -> Result<String, Fault> {
    read.map_err(|base::typed::Unfit(c)| Fault::with("fault-control", base::typed::name(c)))
}

/// The one text that was typed.
fn first(typed: &[String]) -> &str {
    typed.first().map_or("", String::as_str)
}

/// What is said of a number that may be two; its argument is both, with a stroke between them.
pub const TWO_READINGS: &str = "fault-two-readings";

/// Why what was typed is no number; `otherwise` is the fault of a kind for what is none.
fn number_fault(error: base::number::NumberError, otherwise: &'static str) -> Fault {
    match error {
        base::number::NumberError::TwoReadings(one, other) => two_readings(one, other),
        _ => Fault::new(otherwise),
    }
}

fn two_readings(one: rust_decimal::Decimal, other: rust_decimal::Decimal) -> Fault {
    Fault::with(TWO_READINGS, format!("{one}|{other}"))
}

/// The one text that was typed, of a kind that has no words: western digits, nothing that is not seen, without the space
/// around it.
fn line(typed: &[String]) -> String {
    base::typed::bare(first(typed)).trim().to_owned()
}

/// Holds a number against `min` and `max`.
fn within_limits(field: &Field, value: rust_decimal::Decimal) -> Result<(), Fault> {
    let limit = |n: &serde_json::Number| n.to_string().parse().ok();
    let max = match &field.max {
        Some(Limit::Number(max)) => Some(max),
        _ => None,
    };
    if let Some(min) = field.min.as_ref().and_then(limit)
        && value < min
    {
        return Err(Fault::with("fault-min", min));
    }
    if let Some(max) = max.and_then(limit)
        && value > max
    {
        return Err(Fault::with("fault-max", max));
    }
    Ok(())
}

/// Holds a text against its length.
fn within_length(field: &Field, text: String, longest: usize) -> Result<Json, Fault> {
    let longest = field.max_length.unwrap_or(longest);
    if text.chars().count() > longest {
        return Err(Fault::with("fault-too-long", longest));
    }
    if let Some(unfit) = base::typed::unfit(&text) {
        return Err(Fault::with("fault-control", base::typed::name(unfit)));
    }
    Ok(Json::String(text))
}
