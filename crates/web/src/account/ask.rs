//! What is asked of people about their account, and how their answers are read. The kinds of question are those of the
//! registers; a password is the one that is read as it is and never shown again.

use std::collections::BTreeMap;

use identity::{PASSWORD_MAX, PASSWORD_MIN};
use register::{Fault, Field};

use crate::{
    App,
    frame::Frame,
    input,
    question::{Control, Own, Question, question},
};

/// A question about an account.
pub(super) struct Ask {
    pub name: &'static str,
    title: &'static str,
    hint: Option<&'static str>,
    kind: Kind,
    required: bool,
    /// What the browser may fill in.
    autocomplete: &'static str,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// A kind of the registers.
    Field(&'static str),
    /// A password that is chosen here.
    NewPassword,
    /// A password that was chosen before.
    Password,
}

pub(super) const NAME: Ask = Ask {
    name: "name",
    title: "sign-up-name",
    hint: Some("sign-up-name-hint"),
    kind: Kind::Field("text"),
    required: true,
    autocomplete: "name",
};
pub(super) const EMAIL: Ask = Ask {
    name: "email",
    title: "sign-in-email",
    hint: None,
    kind: Kind::Field("email"),
    required: true,
    autocomplete: "email",
};
pub(super) const PHONE: Ask = Ask {
    name: "phone",
    title: "sign-up-phone",
    hint: None,
    kind: Kind::Field("phone"),
    required: false,
    autocomplete: "tel",
};
pub(super) const PERSON_ID: Ask = Ask {
    name: "person-id",
    title: "sign-up-person-id",
    hint: Some("sign-up-person-id-hint"),
    kind: Kind::Field("person-id"),
    required: false,
    autocomplete: "off",
};
pub(super) const NEW_PASSWORD: Ask = Ask {
    name: "password",
    title: "sign-in-password",
    hint: Some("password-hint"),
    kind: Kind::NewPassword,
    required: true,
    autocomplete: "new-password",
};
pub(super) const PASSWORD: Ask = Ask {
    name: "password",
    title: "sign-in-password",
    hint: None,
    kind: Kind::Password,
    required: true,
    autocomplete: "current-password",
};

impl Ask {
    fn field(&self, f: &Frame) -> Field {
        let kind = match self.kind {
            Kind::Field(kind) => kind,
            Kind::NewPassword | Kind::Password => "text",
        };
        let said = |word: &str| base::Text::plain(&f.w.say1(word, &PASSWORD_MIN.to_string()));
        let hint = self.hint.map(said);
        Field { title: said(self.title), hint, required: self.required, ..Field::of_kind(kind) }
    }

    fn question(&self, app: &App, f: &Frame, typed: Vec<String>, fault: Option<&Fault>) -> Question {
        let typed = if matches!(self.kind, Kind::Field(_)) { typed } else { Vec::new() };
        let mut asked = question(app, f, &Own::new(), (self.name, &self.field(f)), typed, fault);
        match (&mut asked.control, self.kind) {
            (Control::Line { autocomplete, .. }, Kind::Field(_)) => *autocomplete = self.autocomplete,
            (control, _) => *control = Control::Password(self.autocomplete),
        }
        asked
    }

    fn read(&self, f: &Frame, typed: &[String]) -> Result<Option<String>, Fault> {
        let password = typed.first().map_or("", String::as_str);
        match (self.kind, password.chars().count()) {
            (Kind::Field(_), _) => self.field(f).parse(typed).map(|read| read.as_str().map(str::to_owned)),
            (_, 0) => Err(Fault::new("fault-required")),
            (Kind::NewPassword, ..PASSWORD_MIN) => Err(Fault::with("fault-password-short", PASSWORD_MIN)),
            (_, 0..=PASSWORD_MAX) => Ok(Some(password.to_owned())),
            _ => Err(Fault::with("fault-too-long", PASSWORD_MAX)),
        }
    }
}

/// Questions with what was answered to them.
#[derive(Default)]
pub(super) struct Asked {
    pub questions: Vec<Question>,
    /// What is wrong, at which question.
    pub errors: Vec<(String, String)>,
    answers: BTreeMap<&'static str, String>,
}

impl Asked {
    /// The questions before anything was typed.
    pub fn fresh(app: &App, f: &Frame, asks: &[Ask]) -> Asked {
        Asked { questions: asks.iter().map(|ask| ask.question(app, f, Vec::new(), None)).collect(), ..Asked::default() }
    }

    /// The questions as they were answered.
    pub fn of(app: &App, f: &Frame, asks: &[Ask], sent: &input::Form) -> Asked {
        let mut asked = Asked::default();
        for ask in asks {
            let typed: Vec<String> = sent.first(ask.name).map(str::to_owned).into_iter().collect();
            let read = ask.read(f, &typed);
            asked.questions.push(ask.question(app, f, typed, read.as_ref().err()));
            match read {
                Ok(answer) => asked.answers.extend(answer.map(|answer| (ask.name, answer))),
                Err(fault) => asked.errors.push((ask.name.to_owned(), f.w.fault(&fault))),
            }
        }
        asked
    }

    /// An answer; `None` where there is none.
    pub fn answer(&self, ask: &Ask) -> Option<String> {
        self.answers.get(ask.name).cloned()
    }

    /// Says what is wrong with an answer that could be read.
    pub fn refuse(&mut self, ask: &Ask, why: String) {
        for question in self.questions.iter_mut().filter(|question| question.name == ask.name) {
            question.error = Some(why.clone());
            question.described = true;
        }
        self.errors.push((ask.name.to_owned(), why));
    }
}
