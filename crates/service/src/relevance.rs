//! Questions that depend on another question of the same page: without a script a page cannot change while it is filled
//! in, so it asks them as long as it does not know better, and knows which answers would reveal them.

use serde_json::Value as Json;

use crate::{Answers, Service};

/// How a question stands on its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relevance {
    Asked,
    /// It depends on a question of the same page that is not answered yet.
    Open,
    NotAsked,
}

impl Service {
    /// How a question stands on a page with these questions, given the answers that stand.
    pub fn relevance(&self, question: &str, page: &[&str], answers: &Answers) -> Relevance {
        let Some(rule) = self.show_when.get(question) else { return Relevance::Asked };
        let open = self.controls(question, page).iter().any(|control| {
            !answers.contains_key(*control) && self.relevance(control, page, answers) != Relevance::NotAsked
        });
        match (open, rule.is_true(&self.environment(answers, &[]))) {
            (true, _) => Relevance::Open,
            (false, true) => Relevance::Asked,
            (false, false) => Relevance::NotAsked,
        }
    }

    /// The one question of the page that a question depends on, and those of its answers, as they are typed, for which it
    /// is asked. `None` where it depends on several, or on one whose answers cannot be listed.
    pub fn revealed_by<'a>(
        &self,
        question: &str,
        page: &[&'a str],
        answers: &Answers,
    ) -> Option<(&'a str, Vec<String>)> {
        let rule = self.show_when.get(question)?;
        let [control] = self.controls(question, page)[..] else { return None };
        let field = self.definition.question(control)?;
        let possible: Vec<(String, Json)> = match field.type_name.as_str() {
            "yes-no" => [("yes", true), ("no", false)].map(|(typed, value)| (typed.to_owned(), value.into())).into(),
            "choice" | "region" => field.choices().map(|(value, _)| (value.to_owned(), value.into())).collect(),
            _ => return None,
        };
        let reveals = |value: &Json| {
            let mut answers = answers.clone();
            answers.insert(control.to_owned(), value.clone());
            rule.is_true(&self.environment(&answers, &[]))
        };
        Some((control, possible.into_iter().filter(|(_, value)| reveals(value)).map(|(typed, _)| typed).collect()))
    }

    /// The questions of the page that the condition of a question speaks of.
    fn controls<'a>(&self, question: &str, page: &[&'a str]) -> Vec<&'a str> {
        let Some(rule) = self.show_when.get(question) else { return Vec::new() };
        // A rule that can reach all there are depends on every question before its own.
        let before = page.iter().take_while(|name| **name != question);
        before.filter(|name| rule.names().is_none_or(|names| names.iter().any(|read| read == *name))).copied().collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn service() -> Service {
        let t = json!({"en": "x"});
        let definition = json!({
            "service": "stall", "reference": "ST", "title": t, "owner": "market", "promise": "10 working days",
            "form": [{"page": "stall", "title": t, "questions": {
                "premises": {"type": "choice", "of": {"own": t, "rented": t, "shared": t}},
                "contract": {"type": "text", "show-when": "premises != 'own'"},
                "size": {"type": "integer"},
                "notice": {"type": "text", "show-when": "contract != null and size > 3"},
            }}, {"page": "more", "title": t, "questions": {
                "landlord": {"type": "text", "show-when": "contract == 'verbal'"},
            }}],
            "states": {"granted": {"title": t, "end": "granted"}},
        });
        let compiled = Service::compile(serde_json::from_value(definition).unwrap());
        compiled.map_err(|found| format!("{found:?}")).unwrap()
    }

    const PAGE: [&str; 4] = ["premises", "contract", "size", "notice"];

    #[test]
    fn a_question_is_open_until_what_it_depends_on_is_answered() {
        let service = service();
        for (answers, contract, notice) in [
            (json!({}), Relevance::Open, Relevance::Open),
            (json!({"premises": "own"}), Relevance::NotAsked, Relevance::Open),
            (json!({"premises": "own", "size": 9}), Relevance::NotAsked, Relevance::NotAsked),
            (json!({"premises": "rented"}), Relevance::Asked, Relevance::Open),
            (json!({"premises": "rented", "contract": "verbal", "size": 9}), Relevance::Asked, Relevance::Asked),
            (json!({"premises": "rented", "contract": "verbal", "size": 1}), Relevance::Asked, Relevance::NotAsked),
        ] {
            let answers = answers.as_object().unwrap().clone();
            let found = ["contract", "notice"].map(|question| service.relevance(question, &PAGE, &answers));
            assert_eq!(found, [contract, notice], "{answers:?}");
        }
    }

    #[test]
    fn the_answers_that_reveal_a_question_are_listed_where_they_can_be() {
        let service = service();
        let revealed = service.revealed_by("contract", &PAGE, &Answers::new());
        assert_eq!(revealed, Some(("premises", vec!["rented".to_owned(), "shared".to_owned()])));
        assert_eq!(service.revealed_by("notice", &PAGE, &Answers::new()), None);
        assert_eq!(service.revealed_by("premises", &PAGE, &Answers::new()), None);
    }

    #[test]
    fn an_answer_that_is_not_asked_for_any_more_has_no_say() {
        let service = service();
        let given = json!({"premises": "own", "contract": "verbal", "size": 2, "landlord": "Amal"});
        let standing = service.standing(given.as_object().unwrap());
        assert_eq!(Json::Object(standing.clone()), json!({"premises": "own", "size": 2}));
        assert_eq!(service.pages(&standing), [0]);
    }
}
