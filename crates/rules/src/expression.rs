//! A condition or a formula, checked against the names it may speak of.

use base::{Finding, Step};
use serde_json::Value as Json;
use zen_expression::{
    Expression as Zen, compile_expression,
    compiler::{FetchFastTarget, Opcode},
    expression::Standard,
    intellisense::{ExpressionAnalysis, IntelliSense, diagnostic::Severity},
};

use crate::{Environment, Scope, Type, Value, quick::Quick};

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
    /// The names that it reads; `None` if it can reach all there are.
    names: Option<Vec<String>>,
    quick: Option<Quick>,
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
            Ok(compiled) => {
                let names = names(compiled.bytecode());
                let quick = names.as_ref().and_then(|names| Quick::compile(compiled.bytecode(), names));
                Ok(Expression { source: source.to_owned(), compiled, names, quick })
            }
            Err(error) => Err(vec![Problem { message: error.to_string(), span: (0, source.len()), help: None }]),
        }
    }

    pub fn source(&self) -> &str {
        &self.source
    }

    /// The names that it reads, each once; `None` if it can reach all there are.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    /// Whether a condition holds, asking only for what it reads: the value of one of [`Expression::names`] by its place
    /// there, or, where it is not a simple condition, the surroundings.
    pub fn holds<'a>(&self, value: &dyn Fn(usize) -> Value<'a>, surroundings: &dyn Fn() -> Environment) -> bool {
        match &self.quick {
            Some(quick) => quick.holds(value),
            None => self.is_true(&surroundings()),
        }
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

/// The names that a program fetches, or `None` where it fetches everything at once.
fn names(program: &[Opcode]) -> Option<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for code in program {
        let name = match code {
            Opcode::FetchEnv(name) => name,
            Opcode::FetchFast(path) => match path.as_slice() {
                [FetchFastTarget::Begin, FetchFastTarget::String(name), ..] => name,
                _ => return None,
            },
            Opcode::FetchRootEnv => return None,
            _ => continue,
        };
        if !names.iter().any(|known| **known == **name) {
            names.push(name.to_string());
        }
    }
    Some(names)
}

/// What the analysis found, and the names that are not in scope: the engine takes those for nothing.
pub(crate) fn problems(source: &str, scope: &Scope, analysis: &ExpressionAnalysis) -> Vec<Problem> {
    if let Some(problem) = typography(source) {
        return vec![problem];
    }
    let errors = analysis.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error);
    let mut problems: Vec<Problem> = errors
        .map(|diagnostic| Problem {
            message: diagnostic.message.clone(),
            span: (diagnostic.span.0 as usize, (diagnostic.span.1 as usize).min(source.len())),
            help: diagnostic
                .message
                .contains("`object`")
                .then(|| "speak of a part of it, such as `price.amount` or `price.currency`".to_owned()),
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

/// Quotes and spaces of typography, outside of texts: the engine knows none of them.
fn typography(source: &str) -> Option<Problem> {
    let mut quoted = None;
    for (at, c) in source.char_indices() {
        match (quoted, c) {
            (Some(quote), _) if c == quote => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"' | '`') => quoted = Some(c),
            (None, '“' | '”' | '„' | '‘' | '’' | '‚' | '«' | '»') => {
                let help = Some("write straight ones: `premises == 'own'`".to_owned());
                let message = format!("`{c}` is no quote that a rule knows");
                return Some(Problem { message, span: (at, at + 1), help });
            }
            (None, _) if (c.is_whitespace() && !c.is_ascii()) || matches!(c, '\u{200b}'..='\u{200f}' | '\u{feff}') => {
                let help = Some("write an ordinary space".to_owned());
                return Some(Problem {
                    message: "a sign that nobody sees stands here".to_owned(),
                    span: (at, at + 1),
                    help,
                });
            }
            (None, '×' | '÷' | '−' | '≤' | '≥' | '≠' | '–' | '،' | '؛') => {
                let help = Some("write `*`, `/`, `-`, `<=`, `>=`, `!=` or `,`".to_owned());
                return Some(Problem {
                    message: format!("`{c}` is no sign that a rule knows"),
                    span: (at, at + 1),
                    help,
                });
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
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
    fn an_expression_knows_what_it_reads() {
        for (source, names) in [
            ("staff >= 1 and premises == 'own'", Some(vec!["staff", "premises"])),
            ("staff > 1 ? staff : len(premises)", Some(vec!["staff", "premises"])),
            ("d(today).add('1y').year() == 2022", Some(vec!["today"])),
            ("1 == 1", Some(vec![])),
            ("$root.staff == 1", None),
        ] {
            let scope = scope().with("$root", Type::Any);
            let rule = Expression::compile(source, &scope, None).unwrap_or_else(|p| panic!("{p:?}"));
            let names = names.map(|names| names.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(rule.names().map(<[String]>::to_vec), names, "{source}");
        }
    }

    /// A condition over three names, simple or not.
    fn condition() -> impl Strategy<Value = String> {
        let name = || prop::sample::select(vec!["a", "b", "c"]);
        let literal = || prop::sample::select(vec!["0", "1", "2.5", "-3", "'x'", "'y'", "''", "null", "true", "false"]);
        let number = prop::sample::select(vec!["0", "1", "2.5", "-3", "- -1", "-(c ? 1 : 2)"]);
        let element =
            prop_oneof![4 => literal(), 1 => prop::sample::select(vec!["(a or true)", "-(c ? 1 : 2)", "(b ?? 'x')"])];
        let simple = prop_oneof![
            (name(), prop::sample::select(vec!["==", "!="]), literal()).prop_map(|(n, o, l)| format!("{n} {o} {l}")),
            (name(), prop::sample::select(vec!["==", "!="]), name()).prop_map(|(n, o, m)| format!("{n} {o} {m}")),
            (name(), prop::sample::select(vec!["<", "<=", ">", ">="]), number)
                .prop_map(|(n, o, l)| format!("{n} {o} {l}")),
            (name(), prop::sample::select(vec!["in", "not in"]), prop::collection::vec(element, 0..4))
                .prop_map(|(n, o, list)| format!("{n} {o} [{}]", list.join(", "))),
            name().prop_map(str::to_owned),
            name().prop_map(|n| format!("len({n}) > 1")),
        ];
        simple.prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                (inner.clone(), prop::sample::select(vec!["and", "or", "??"]), inner.clone())
                    .prop_map(|(l, o, r)| format!("({l}) {o} ({r})")),
                inner.clone().prop_map(|of| format!("not ({of})")),
                (inner.clone(), inner.clone(), inner).prop_map(|(c, t, f)| format!("({c}) ? ({t}) : ({f})")),
            ]
        })
    }

    fn value() -> impl Strategy<Value = Option<Json>> {
        let all = [
            json!(null),
            json!(true),
            json!(false),
            json!(0),
            json!(1),
            json!(2.5),
            json!(-3),
            json!(1e40),
            json!("x"),
            json!("y"),
            json!(""),
            json!([]),
            json!(["x", 1]),
            json!({"x": 1}),
        ];
        prop::option::weighted(0.9, prop::sample::select(all.to_vec()))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

        #[test]
        fn quick_conditions_mean_what_the_engine_means(source in condition(), values in [value(), value(), value()]) {
            let scope = ["a", "b", "c"].into_iter().fold(Scope::new(), |scope, name| scope.with(name, Type::Any));
            let Ok(rule) = Expression::compile(&source, &scope, None) else { return Ok(()) };
            let row: Json = ["a", "b", "c"].into_iter().zip(values).filter_map(|(n, v)| Some((n.to_owned(), v?))).collect::<serde_json::Map<_, _>>().into();
            let names = rule.names().unwrap();
            let get = |place: usize| match row.get(&names[place]) {
                None | Some(Json::Null) => Value::Null,
                Some(Json::Bool(value)) => Value::Bool(*value),
                Some(Json::Number(value)) => Value::number(value),
                Some(Json::String(text)) => Value::Text(text.as_str().into()),
                Some(_) => Value::Other,
            };
            let engine_only = ["len(", "?? 'x')", "(a or true)", "-(c"].iter().any(|part| source.contains(part));
            prop_assert_eq!(engine_only, rule.quick.is_none(), "{}", &source);
            let environment = || Environment::new(row.clone());
            prop_assert_eq!(rule.holds(&get, &environment), rule.is_true(&environment()), "{} of {}", source, row);
        }
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
