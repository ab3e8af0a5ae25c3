//! A condition or a formula, checked against the names it may speak of.

use base::{Finding, Step};
use serde_json::Value as Json;
use zen_expression::{
    Expression as Zen, compile_expression,
    expression::Standard,
    intellisense::{ExpressionAnalysis, IntelliSense, diagnostic::Severity},
};

use crate::{Environment, Scope, Type};

/// What is wrong with an expression: bytes from, to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub message: String,
    pub span: (usize, usize),
    pub help: Option<String>,
}

impl Problem {
    /// The problem as a finding at the place where the expression stands.
    pub fn at(self, path: Vec<Step>) -> Finding {
        Finding { path, message: self.message, help: self.help, span: Some(self.span) }
    }
}

/// Why an expression has no value.
#[derive(Debug, Clone, thiserror::Error)]
#[error("«{expression}» has no value here: {reason}")]
pub struct EvalError {
    pub expression: String,
    pub reason: String,
}

/// A compiled expression. Cheap to clone, and shared between threads.
#[derive(Debug, Clone)]
pub struct Expression {
    source: String,
    compiled: Zen<Standard>,
}

impl Expression {
    /// Compiles an expression, or says all that is wrong with it: its form, names that do not exist, types that cannot fit.
    pub fn compile(source: &str, scope: &Scope, wanted: Option<Type>) -> Result<Expression, Vec<Problem>> {
        let mut sense = IntelliSense::new().with_strict(true);
        let analysis = sense.analyze(source, &scope.variable_type());
        let mut problems = problems(source, scope, &analysis);
        if let Some(wanted) = wanted
            && problems.is_empty()
            && !analysis.return_type.satisfies(&wanted.variable_type())
        {
            let (is, should) = (analysis.return_type.to_string(), wanted.variable_type().to_string());
            problems.push(Problem {
                message: format!("this is {is}, but {should} is needed here"),
                span: (0, source.len()),
                help: (wanted == Type::Bool).then(|| "write a condition, such as `staff >= 1`".to_owned()),
            });
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        match compile_expression(source) {
            Ok(compiled) => Ok(Expression { source: source.to_owned(), compiled }),
            Err(error) => Err(vec![Problem { message: error.to_string(), span: (0, source.len()), help: None }]),
        }
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value in these surroundings.
    pub fn evaluate(&self, environment: &Environment) -> Result<Json, EvalError> {
        match self.compiled.evaluate(environment.variable()) {
            Ok(value) => Ok(value.to_value()),
            Err(error) => Err(EvalError { expression: self.source.clone(), reason: error.to_string() }),
        }
    }

    /// Whether a condition holds. What has no value does not hold: an answer that is not given meets no condition.
    pub fn is_true(&self, environment: &Environment) -> bool {
        self.compiled.evaluate(environment.variable()).is_ok_and(|value| value.as_bool() == Some(true))
    }
}

/// What the analysis found, and the names that are not in scope: the engine takes those for nothing.
pub(crate) fn problems(source: &str, scope: &Scope, analysis: &ExpressionAnalysis) -> Vec<Problem> {
    let errors = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut problems: Vec<Problem> = errors
        .map(|diagnostic| Problem {
            message: diagnostic.message.clone(),
            span: (diagnostic.span.0 as usize, (diagnostic.span.1 as usize).min(source.len())),
            help: None,
        })
        .collect();
    for reference in &analysis.references {
        let Some(name) = reference.path.first().filter(|name| &***name != "$" && !scope.has(name)) else { continue };
        let from = reference.spans.first().map_or(0, |span| span.0 as usize);
        let finding = base::finding::unknown(Vec::new(), "name", name, scope.names());
        problems.push(Problem { message: finding.message, span: (from, from + name.len()), help: finding.help });
    }
    problems
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scope() -> Scope {
        Scope::new()
            .with("staff", Type::Number)
            .with("premises", Type::Choice(vec!["own".into(), "rented".into()]))
            .with("today", Type::String)
    }

    #[track_caller]
    fn check(source: &str, values: Json, expected: Json) {
        let rule = Expression::compile(source, &scope(), None).unwrap_or_else(|p| panic!("{p:?}"));
        assert_eq!(rule.evaluate(&Environment::new(values)).unwrap(), expected, "{source}");
    }

    #[test]
    fn expressions_have_values() {
        check("staff >= 1", json!({"staff": 3}), json!(true));
        check("premises == 'rented'", json!({"premises": "own"}), json!(false));
        check("staff * 0.1", json!({"staff": 3}), json!(0.3));
        check("d(today).add('1y').format('%Y-%m-%d')", json!({"today": "2021-03-09"}), json!("2022-03-09"));
    }

    #[test]
    fn an_answer_that_is_not_given_meets_no_condition() {
        let rule = Expression::compile("staff >= 1", &scope(), Some(Type::Bool)).unwrap();
        assert!(!rule.is_true(&Environment::new(json!({"staff": null}))));
        assert!(!rule.is_true(&Environment::new(json!({}))));
    }

    #[test]
    fn unknown_names_and_wrong_types_are_found() {
        let problems = |source: &str, wanted| Expression::compile(source, &scope(), wanted).err().unwrap_or_default();
        let unknown = problems("staf >= 1", None);
        assert_eq!(unknown.first().map(|p| p.span), Some((0, 4)), "{unknown:?}");
        assert_eq!(unknown[0].help.as_deref(), Some("did you mean «staff»?"));
        assert!(!problems("staff +", None).is_empty());
        assert!(!problems("staff + 1", Some(Type::Bool)).is_empty());
    }

    #[test]
    fn rules_are_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Expression>();
        shared::<crate::Table>();
    }
}
