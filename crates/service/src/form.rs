//! Answers: what is asked given what was answered, and what is wrong with them.

use register::{Fault, kind::file};
use serde_json::{Map, Value as Json};

use crate::{Relevance, Service};

/// The answers of a form, by the name of the question.
pub type Answers = Map<String, Json>;

/// What is wrong, by the name of the question.
pub type Faults = Vec<(String, Fault)>;

impl Service {
    /// Checks answers that come as a whole (the API, or the form's end): those of questions that are asked are read
    /// and kept, the others dropped.
    pub fn check_answers(&self, given: &Answers) -> Result<Answers, Faults> {
        let mut kept = Answers::new();
        let mut faults = Faults::new();
        for (name, field) in self.definition.questions() {
            // A condition speaks of earlier answers only, so those kept so far are enough.
            if !self.asks(name, &kept) {
                continue;
            }
            match field.accept_json(given.get(name).unwrap_or(&Json::Null)) {
                Ok(value) => {
                    kept.insert(name.to_owned(), value);
                }
                Err(fault) => faults.push((name.to_owned(), fault)),
            }
        }
        let unknown = given.keys().filter(|name| self.definition.question(name).is_none());
        faults.extend(unknown.map(|name| (name.clone(), Fault::new("fault-unknown"))));
        if faults.is_empty() { Ok(kept) } else { Err(faults) }
    }

    /// The files among answers: the name of the question, and the key under which the file is kept.
    pub fn documents<'a>(&'a self, answers: &'a Answers) -> impl Iterator<Item = (&'a str, &'a str)> {
        let files = self.definition.questions().filter(|(_, field)| field.type_name == "file");
        files.filter_map(|(name, _)| Some((name, file::key_and_name(answers.get(name)?.as_str()?)?.0)))
    }

    /// The answers that stand: those of questions that are asked. An answer to a question that no longer is has no say
    /// in what else is asked.
    pub fn standing(&self, given: &Answers) -> Answers {
        let mut standing = Answers::new();
        for (name, _) in self.definition.questions() {
            if let Some(value) = given.get(name).filter(|_| self.asks(name, &standing)) {
                standing.insert(name.to_owned(), value.clone());
            }
        }
        standing
    }

    /// The pages that have something to ask, by their place in the form, given the answers that stand.
    pub fn pages(&self, answers: &Answers) -> Vec<usize> {
        let asks = |index: &usize| {
            let questions: Vec<&str> = self.definition.form[*index].questions.keys().map(String::as_str).collect();
            questions.iter().any(|question| self.relevance(question, &questions, answers) != Relevance::NotAsked)
        };
        (0..self.definition.form.len()).filter(asks).collect()
    }

    /// The first page whose answers are not complete, given the answers that stand.
    pub fn first_incomplete(&self, answers: &Answers) -> Option<usize> {
        self.pages(answers).into_iter().find(|index| {
            let page = &self.definition.form[*index];
            page.questions.iter().any(|(name, field)| {
                self.asks(name, answers)
                    && match answers.get(name) {
                        None => true,
                        Some(value) => field.accept_json(value).is_err(),
                    }
            })
        })
    }
}
