//! What a rule says that its form alone does not tell: a value compared with what it can never be, the clock, chance.
//! The parser of the engine reads the rule once more; its tree is looked at, nothing is run.

use std::collections::BTreeMap;

use bumpalo::Bump;
use rust_decimal::Decimal;
use zen_expression::{
    functions::{DateMethod, DeprecatedFunction, FunctionKind, InternalFunction, MethodKind},
    lexer::{ArithmeticOperator, ComparisonOperator, Lexer, LogicalOperator, Operator},
    parser::{Node, Parser, ParserResult},
};

use crate::{Problem, Scope, Type};

/// A value that stands in a rule itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(String),
}

/// The values that each name is compared with.
pub(crate) type Compared = BTreeMap<String, Vec<Literal>>;

/// What the input of a table is called in its cells.
pub(crate) const INPUT: &str = "$";

/// What is dangerous in a condition or formula although it can be computed.
pub fn examine(source: &str, scope: &Scope) -> Vec<Problem> {
    parsed(source, false, |result| look(result, scope, source)).unwrap_or_default()
}

/// The same for a cell of a table over an input of this type.
pub fn examine_cell(cell: &str, of: Option<&Type>, scope: &Scope) -> Vec<Problem> {
    let scope = scope.clone().with(INPUT, of.cloned().unwrap_or(Type::Any));
    parsed(cell, true, |result| look(result, &scope, cell)).unwrap_or_default()
}

/// What the names of a rule are compared with, where it is made of such comparisons only: then what it says of a few
/// values around these is what it says of all. `None` where it does more.
pub(crate) fn comparisons(source: &str, unary: bool) -> Option<Compared> {
    parsed(source, unary, |result| {
        let mut compared = Compared::new();
        simple(result.root, &mut compared).map(|()| compared)
    })
    .flatten()
}

fn parsed<T>(source: &str, unary: bool, then: impl FnOnce(&ParserResult<'_>) -> T) -> Option<T> {
    let arena = Bump::new();
    let mut lexer = Lexer::new();
    let tokens = lexer.tokenize(&arena, source).ok()?;
    let parser = Parser::try_new(tokens.as_ref(), &arena).ok()?;
    let result = if unary { parser.unary().with_metadata().parse() } else { parser.standard().with_metadata().parse() };
    result.error().ok()?;
    Some(then(&result))
}

fn literal(node: &Node<'_>) -> Option<Literal> {
    Some(match node {
        Node::Null => Literal::Null,
        Node::Bool(value) => Literal::Bool(*value),
        Node::Number(value) => Literal::Number(*value),
        Node::String(text) => Literal::Text((*text).to_owned()),
        Node::Parenthesized(inner) => literal(inner)?,
        Node::Unary { node, operator: Operator::Arithmetic(ArithmeticOperator::Subtract) } => match literal(node)? {
            Literal::Number(value) => Literal::Number(-value),
            _ => return None,
        },
        _ => return None,
    })
}

fn name<'a>(node: &Node<'a>) -> Option<&'a str> {
    match node {
        Node::Identifier(name) => Some(name),
        Node::Parenthesized(inner) => name(inner),
        _ => None,
    }
}

/// The values of a list of literals, or the ends of a range.
fn several(node: &Node<'_>) -> Option<Vec<Literal>> {
    match node {
        Node::Array(list) => list.iter().map(|part| literal(part)).collect(),
        Node::Interval { left, right, .. } => Some(vec![literal(left)?, literal(right)?]),
        Node::Parenthesized(inner) => several(inner),
        _ => None,
    }
}

fn simple(node: &Node<'_>, compared: &mut Compared) -> Option<()> {
    let mut note = |name: &str, values: Vec<Literal>| compared.entry(name.to_owned()).or_default().extend(values);
    match node {
        Node::Bool(_) => Some(()),
        Node::Identifier(name) => {
            note(name, Vec::new());
            Some(())
        }
        Node::Parenthesized(inner) => simple(inner, compared),
        Node::Unary { node, operator: Operator::Logical(LogicalOperator::Not) } => simple(node, compared),
        Node::Binary { left, operator: Operator::Logical(LogicalOperator::And | LogicalOperator::Or), right } => {
            simple(left, compared)?;
            simple(right, compared)
        }
        Node::Conditional { condition, on_true, on_false } => {
            simple(condition, compared)?;
            simple(on_true, compared)?;
            simple(on_false, compared)
        }
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Bool), arguments: [only] } => {
            simple(only, compared)
        }
        Node::Binary { left, operator: Operator::Comparison(how), right } => {
            if let (ComparisonOperator::In | ComparisonOperator::NotIn, Some(name)) = (how, name(right)) {
                note(name, vec![literal(left)?]);
                return Some(());
            }
            let values = match how {
                ComparisonOperator::In | ComparisonOperator::NotIn => several(right)?,
                _ => match (name(left), literal(left), name(right), literal(right)) {
                    (_, _, _, Some(value)) => vec![value],
                    (_, Some(value), Some(name), _) => {
                        note(name, vec![value]);
                        return Some(());
                    }
                    _ => return None,
                },
            };
            match name(left) {
                Some(name) => note(name, values),
                None => drop(literal(left)?),
            }
            Some(())
        }
        _ => None,
    }
}

fn type_of(node: &Node<'_>, scope: &Scope) -> Type {
    match node {
        Node::Bool(_) => Type::Bool,
        Node::Number(_) => Type::Number,
        Node::String(_) | Node::TemplateString(_) => Type::String,
        Node::Parenthesized(inner) => type_of(inner, scope),
        Node::Identifier(name) => scope.get(name).cloned().unwrap_or(Type::Any),
        Node::Member { node, property: Node::String(part) } => match type_of(node, scope) {
            Type::Object(parts) => parts.into_iter().find(|(name, _)| name == part).map_or(Type::Any, |(_, of)| of),
            _ => Type::Any,
        },
        Node::Unary { operator: Operator::Arithmetic(_), .. } => Type::Number,
        Node::Unary { operator: Operator::Logical(LogicalOperator::Not), .. } => Type::Bool,
        Node::Binary { operator: Operator::Comparison(_), .. } => Type::Bool,
        Node::Binary { operator: Operator::Arithmetic(how), left, .. } => match how {
            // Texts can be added too.
            ArithmeticOperator::Add => type_of(left, scope),
            _ => Type::Number,
        },
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Len), .. } => Type::Number,
        _ => Type::Any,
    }
}

fn look(result: &ParserResult<'_>, scope: &Scope, source: &str) -> Vec<Problem> {
    let found = std::cell::RefCell::new(Vec::new());
    let span_of = |node: &Node<'_>| {
        let metadata = result.metadata.as_ref().and_then(|all| all.get(&(std::ptr::from_ref(node) as usize)));
        metadata.map_or((0, source.len()), |m| (m.span.0 as usize, (m.span.1 as usize).min(source.len())))
    };
    let is_list = |node: &Node<'_>| matches!(type_of(node, scope), Type::List(_));
    result.root.walk(|node| match node {
        _ if reads_the_clock(node) => found.borrow_mut().push(Problem {
            message: "a rule cannot ask the clock: tomorrow it would answer otherwise of the same case".to_owned(),
            span: span_of(node),
            help: Some("speak of `today`, the day on which the case is dealt with, or of an answer".to_owned()),
        }),
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Rand), .. } => {
            found.borrow_mut().push(Problem {
                message: "a rule cannot throw dice: nobody could say again why it answered so".to_owned(),
                span: span_of(node),
                help: Some("let it depend on the answers only".to_owned()),
            });
        }
        Node::Binary { left, operator: Operator::Comparison(how), right } => {
            use ComparisonOperator::{Equal, In, NotEqual, NotIn};
            let pairs: Vec<(&Node<'_>, &Node<'_>, Option<Type>)> = match (how, *right) {
                (Equal | NotEqual, _) => vec![(*left, *right, None)],
                (In | NotIn, Node::Array(list)) => list.iter().map(|part| (*left, *part, None)).collect(),
                (In | NotIn, Node::Interval { left: from, right: to, .. }) => {
                    vec![(*left, *from, None), (*left, *to, None)]
                }
                (In | NotIn, _) if is_list(right) => match type_of(right, scope) {
                    Type::List(of) => vec![(*right, *left, Some(*of))],
                    _ => Vec::new(),
                },
                (In | NotIn, _) if matches!(type_of(right, scope), Type::Number | Type::Bool | Type::Choice(_)) => {
                    found.borrow_mut().push(Problem {
                        message: format!(
                            "{} is no list in which something could be",
                            said(right, scope, source, span_of(right))
                        ),
                        span: span_of(node),
                        help: Some(
                            "compare it with `==`, or write the values as a list: `premises in ['own', 'rented']`"
                                .to_owned(),
                        ),
                    });
                    Vec::new()
                }
                _ => Vec::new(),
            };
            for (one, other, of) in pairs {
                let types = (of.unwrap_or_else(|| type_of(one, scope)), type_of(other, scope));
                let words = |node: &Node<'_>| said(node, scope, source, span_of(node));
                found.borrow_mut().extend(mismatch((one, other), types, span_of(node), &words));
            }
        }
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Contains), arguments: [list, part] } => {
            if let Type::List(of) = type_of(list, scope) {
                let words = |node: &Node<'_>| said(node, scope, source, span_of(node));
                let types = (*of, type_of(part, scope));
                found.borrow_mut().extend(mismatch((list, part), types, span_of(node), &words));
            }
        }
        _ => {}
    });
    found.into_inner()
}

fn reads_the_clock(node: &Node<'_>) -> bool {
    let now = |arguments: &[&Node<'_>]| match arguments {
        [] => true,
        // A time zone alone is read as this moment there.
        [Node::String(text), ..] => *text == "now" || !text.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    };
    match node {
        Node::FunctionCall { kind: FunctionKind::Internal(InternalFunction::Date), arguments } => now(arguments),
        Node::FunctionCall {
            kind: FunctionKind::Deprecated(DeprecatedFunction::Date | DeprecatedFunction::Time),
            arguments,
        } => now(arguments),
        Node::MethodCall { kind: MethodKind::DateMethod(method), .. } => {
            matches!(method, DateMethod::IsToday | DateMethod::IsYesterday | DateMethod::IsTomorrow)
        }
        _ => false,
    }
}

/// How a part of a rule is called in a message, with what it is.
fn said(node: &Node<'_>, scope: &Scope, source: &str, (from, to): (usize, usize)) -> String {
    let written = source.get(from..to).unwrap_or_default().trim();
    let written = if written == INPUT || name(node) == Some(INPUT) { "the input" } else { written };
    let kind = match type_of(node, scope) {
        Type::Bool => "yes or no",
        Type::Number => "a number",
        Type::String => "a text",
        Type::Choice(_) => "one of several choices",
        Type::List(_) => "a list",
        Type::Object(_) => "made of parts",
        Type::Any => "a value",
    };
    match written {
        "the input" => format!("the input, {kind},"),
        _ => format!("«{written}», {kind},"),
    }
}

/// Two sides that can never be equal.
fn mismatch(
    (one, other): (&Node<'_>, &Node<'_>),
    types: (Type, Type),
    span: (usize, usize),
    words: &dyn Fn(&Node<'_>) -> String,
) -> Option<Problem> {
    let unknown = |values: &[String], node: &Node<'_>, of: &Node<'_>| {
        let Some(Literal::Text(text)) = literal(node) else { return None };
        if values.contains(&text) {
            return None;
        }
        let what =
            name(of).filter(|name| *name != INPUT).map_or("choice".to_owned(), |name| format!("choice of «{name}»,"));
        let finding = base::finding::unknown(Vec::new(), &what, &text, values.iter().map(String::as_str));
        Some(Problem { message: finding.message, span, help: finding.help })
    };
    let (left, right) = &types;
    match (left, right) {
        (Type::Any, _) | (_, Type::Any) => None,
        (Type::Choice(values), _) if literal(other).is_some_and(|l| matches!(l, Literal::Text(_))) => {
            unknown(values, other, one)
        }
        (_, Type::Choice(values)) if literal(one).is_some_and(|l| matches!(l, Literal::Text(_))) => {
            unknown(values, one, other)
        }
        (Type::Choice(a), Type::Choice(b)) if !a.iter().any(|value| b.contains(value)) => Some(Problem {
            message: format!("{} and {} have no value in common", words(one), words(other)),
            span,
            help: Some("compare it with one of its own choices".to_owned()),
        }),
        (Type::Choice(_) | Type::String, Type::Choice(_) | Type::String) => None,
        (a, b) if std::mem::discriminant(a) == std::mem::discriminant(b) => None,
        (Type::List(_), _) => {
            Some(never(words(one), words(other), span, "ask whether it holds it: `'value' in goods`"))
        }
        (_, Type::List(_)) => {
            Some(never(words(other), words(one), span, "ask whether it holds it: `'value' in goods`"))
        }
        (Type::Number, _) | (_, Type::Number) => Some(never(
            words(one),
            words(other),
            span,
            "write a number in digits and without quotes, such as `staff == 6`",
        )),
        (Type::Bool, _) | (_, Type::Bool) => {
            Some(never(words(one), words(other), span, "write `== true` or `== false`, without quotes"))
        }
        _ => Some(never(words(one), words(other), span, "compare it with a value of its own kind")),
    }
}

fn never(one: String, other: String, span: (usize, usize), help: &str) -> Problem {
    Problem {
        message: format!("{one} is never equal to {}", other.trim_end_matches(',')),
        span,
        help: Some(help.to_owned()),
    }
}
