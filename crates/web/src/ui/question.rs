//! A question on a page: how it is asked, and how its answer is read from what was sent.

use std::collections::BTreeMap;

use identity::Account;
use register::{
    Fault, Field,
    kind::{Input, file},
};
use serde_json::Value as Json;
use service::{Answers, Relevance, Service};

use crate::{
    App, attachment,
    failure::Failure,
    frame::Frame,
    guard::Visitor,
    input::{Form, SentFile},
};

/// How a question is asked on the page.
pub(crate) enum Control {
    Line {
        mode: &'static str,
        autocomplete: &'static str,
        width: &'static str,
    },
    Area,
    Date,
    One,
    Many,
    Money,
    Select,
    File(String),
    /// A password, and what the browser may fill in. It is never shown again.
    Password(&'static str),
}

pub(crate) struct Question {
    pub name: String,
    pub title: String,
    pub hint: Option<String>,
    pub error: Option<String>,
    pub required: bool,
    pub control: Control,
    pub choices: Vec<(String, String)>,
    /// What was typed, or what was answered before.
    pub typed: Vec<String>,
    /// Whether several inputs make one answer.
    pub group: bool,
    pub described: bool,
    /// It does not apply to the answers so far; without a script nobody sees it.
    pub hidden: bool,
    /// The question of the same page that decides whether this one applies, and the answers for which it does, as JSON.
    pub revealed_by: Option<(String, String)>,
    /// What is said where it is not known yet whether the question applies.
    pub perhaps: Option<String>,
}

impl Question {
    /// Says whether the question applies, given the other questions of its page and the answers so far.
    pub fn relate(&mut self, f: &Frame, service: &Service, page: &[&str], answers: &Answers) {
        let relevance = service.relevance(&self.name, page, answers);
        self.hidden = relevance == Relevance::NotAsked;
        self.perhaps = (relevance == Relevance::Open).then(|| f.w.say("form-perhaps"));
        self.revealed_by = service
            .revealed_by(&self.name, page, answers)
            .map(|(control, values)| (control.to_owned(), serde_json::to_string(&values).unwrap_or_default()));
        self.described |= self.perhaps.is_some();
    }

    /// The name of the file that was sent before.
    pub fn file_name(&self) -> &str {
        file::key_and_name(self.first()).map_or("", |(_, name)| name)
    }
    pub fn first(&self) -> &str {
        self.typed.first().map_or("", String::as_str)
    }
    pub fn chosen(&self, value: &str) -> bool {
        self.typed.iter().any(|typed| typed == value)
    }
    /// What the browser may offer while a record is typed.
    pub fn suggestions(&self) -> &[(String, String)] {
        if matches!(self.control, Control::Line { .. }) { &self.choices } else { &[] }
    }
    /// Day, month, year: as typed, or from the date that is kept.
    pub fn date_part(&self, index: &usize) -> String {
        match self.typed.as_slice() {
            [kept] => kept.split('-').rev().nth(*index).unwrap_or("").trim_start_matches('0').to_owned(),
            parts => parts.get(*index).cloned().unwrap_or_default(),
        }
    }
}

fn control(field: &Field) -> Control {
    match field.kind().map(register::kind::Kind::input) {
        Some(Input::Line { mode, autocomplete, width }) => Control::Line { mode, autocomplete, width },
        Some(Input::Area) => Control::Area,
        Some(Input::Date) => Control::Date,
        Some(Input::One) if field.choices().count() <= 6 => Control::One,
        Some(Input::One | Input::Region) => Control::Select,
        Some(Input::Many) => Control::Many,
        Some(Input::YesNo) => Control::One,
        Some(Input::Money) if field.currencies().len() > 1 => Control::Money,
        Some(Input::Money) => Control::Line { mode: "decimal", autocomplete: "off", width: "short" },
        Some(Input::File) => Control::File(field.accept.iter().map(|a| format!(".{a}")).collect::<Vec<_>>().join(",")),
        None => Control::Line { mode: "text", autocomplete: "off", width: "wide" },
    }
}

fn plain(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// An answer as it would be typed.
pub(crate) fn kept(value: Option<&Json>) -> Vec<String> {
    match value {
        None | Some(Json::Null) => Vec::new(),
        Some(Json::Bool(yes)) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Object(map)) if map.contains_key("currency") => {
            ["amount", "currency"].map(|part| map.get(part).map_or_else(String::new, plain)).to_vec()
        }
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        Some(other) => vec![other.to_string()],
    }
}

/// The records of the reader's own that questions can be answered with, by register: id, and label as far as it is open to them.
pub(crate) type Own = BTreeMap<String, Vec<(String, String)>>;

/// The own records for these questions.
pub(crate) async fn own<'a>(
    app: &App,
    visitor: &Visitor,
    fields: impl Iterator<Item = &'a Field>,
) -> Result<Own, Failure> {
    let mut own = Own::new();
    let fields: Vec<&Field> = fields.filter(|field| field.type_name == "record").collect();
    if fields.is_empty() {
        return Ok(own);
    }
    let reader = visitor.reader(app).await?;
    for register in fields.into_iter().filter_map(|field| app.registers.of(field)) {
        let records = app.registers.own(&register.register, &reader).await?;
        let named = records.into_iter().filter_map(|record| {
            let name = reader.name_of(register, &record)?;
            Some((record.id, name))
        });
        own.insert(register.register.to_string(), named.collect());
    }
    Ok(own)
}

pub(crate) fn question(
    app: &App,
    f: &Frame,
    own: &Own,
    (name, field): (&str, &Field),
    typed: Vec<String>,
    fault: Option<&Fault>,
) -> Question {
    let own = app.registers.of(field).and_then(|register| own.get(AsRef::<str>::as_ref(&register.register)));
    let own = own.map(Vec::as_slice).unwrap_or_default();
    let control = match control(field) {
        // Whoever has to name a record of their own chooses it.
        Control::Line { .. } if field.held && !own.is_empty() && own.len() <= 6 => Control::One,
        Control::Line { .. } if field.held && !own.is_empty() => Control::Select,
        other => other,
    };
    let choices = if matches!(control, Control::Money) {
        field
            .currencies()
            .iter()
            .map(|c| (c.code().to_owned(), app.pack.currency_title(c.code(), f.lang).to_owned()))
            .collect()
    } else if field.type_name == "record" {
        own.to_vec()
    } else if field.type_name == "yes-no" {
        vec![("yes".to_owned(), f.w.say("yes")), ("no".to_owned(), f.w.say("no"))]
    } else {
        field.choices().map(|(value, title)| (value.to_owned(), title.get(f.lang).to_owned())).collect()
    };
    let mut hint = field.hint.as_ref().map(|hint| hint.get(f.lang).to_owned());
    if let Control::File(_) = &control {
        // The browser's own words are in the browser's language, and say nothing of what is accepted.
        let comma = f.comma();
        let size = f.w.size(file::bytes_max(field));
        let accepted = match field.accept.as_slice() {
            [] => f.w.say1("form-file-any-hint", &size),
            endings => f.w.say2("form-file-hint", &endings.join(comma), &size),
        };
        hint = Some(hint.map_or(accepted.clone(), |hint| format!("{hint} {accepted}")));
    }
    if field.type_name == "record" && !matches!(control, Control::One | Control::Select) {
        let how = f.w.say(if field.held { "form-record-none-held" } else { "form-record-hint" });
        hint = Some(hint.map_or(how.clone(), |hint| format!("{hint} {how}")));
    }
    let error = fault.map(|fault| f.w.fault(fault));
    Question {
        name: name.to_owned(),
        title: field.title.get(f.lang).to_owned(),
        described: hint.is_some() || error.is_some(),
        hint,
        error,
        required: field.required,
        group: matches!(control, Control::Date | Control::One | Control::Many | Control::Money),
        control,
        choices,
        typed,
        hidden: false,
        revealed_by: None,
        perhaps: None,
    }
}

/// An answer as it came: what was typed, for the page to show again, and what it is or what is wrong with it.
pub(crate) struct Given {
    pub typed: Vec<String>,
    pub read: Result<Json, Fault>,
}

/// Reads the answer to a question, file or text; a file that was sent before stays where no other is chosen.
pub(crate) async fn given(
    app: &App,
    account: &Account,
    sent: &Form,
    (name, field): (&str, &Field),
    before: &Answers,
) -> Result<Given, Failure> {
    let chosen = sent.files.iter().find(|file| file.question == name).filter(|_| field.type_name == "file");
    if let Some(chosen) = chosen {
        return keep(app, account, field, chosen, kept(before.get(name))).await;
    }
    let typed = if field.type_name == "file" { kept(before.get(name)) } else { sent.all(name) };
    let read = match field.parse(&typed) {
        Ok(Json::String(text)) if field.type_name == "record" => named(app, account, field, &text).await?,
        read => read,
    };
    Ok(Given { typed, read })
}

/// The record that an answer names, by its id.
async fn named(app: &App, account: &Account, field: &Field, text: &str) -> Result<Result<Json, Fault>, Failure> {
    let reader = app.registers.reader(Some(&account.id), &account.roles).await?;
    let found = app.registers.named(&mut app.store.read().await?, field, text, &reader).await?;
    Ok(found.map(|record| record.id.into()))
}

/// Keeps a file that fits its question; its key and its name are the answer. The page goes on showing the one before it
/// where it does not fit.
async fn keep(
    app: &App,
    account: &Account,
    field: &Field,
    chosen: &SentFile,
    before: Vec<String>,
) -> Result<Given, Failure> {
    let document = attachment::document(app, &account.id, &chosen.name, &chosen.content);
    let answer = vec![attachment::answer(&document)];
    let read = file::fits(field, chosen.bytes as u64)
        .and_then(|()| field.parse(&answer))
        .and_then(|read| file::is_what_it_says(&chosen.name, &chosen.content).map(|()| read));
    if read.is_err() {
        return Ok(Given { typed: before, read });
    }
    app.drafts.keep_document(app.by(&account.id, "form"), document).await?;
    Ok(Given { typed: answer, read })
}

/// A fault in the words of its question.
pub(crate) fn said(title: &str, fault: &str) -> String {
    let separator = if title.ends_with(['?', '؟', '.', ':']) { " " } else { ": " };
    format!("{title}{separator}{fault}")
}
