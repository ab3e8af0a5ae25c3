//! Simple conditions without the engine: the engine's own program, run over borrowed values. What it does not know it
//! leaves to the engine, so there is never a second meaning: `quick_conditions_mean_what_the_engine_means` holds the two
//! together.

use std::{borrow::Cow, sync::Arc};

use rust_decimal::Decimal;
use zen_expression::compiler::{Compare, Jump, Opcode};

/// How many values may wait for an operator: more than a condition that a person wrote ever needs.
const DEPTH: usize = 8;

/// What a name stands for, borrowed from where it is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Number(Decimal),
    Text(Cow<'a, str>),
    /// A list or a map: equal to nothing that a condition can name, and in no list.
    Other,
}

impl Value<'_> {
    /// A number as the engine reads it; what does not fit is nothing.
    pub fn number(number: &serde_json::Number) -> Value<'static> {
        match zen_expression::Variable::from(&serde_json::Value::Number(number.clone())) {
            zen_expression::Variable::Number(decimal) => Value::Number(decimal),
            _ => Value::Null,
        }
    }
}

/// A condition that needs no engine.
#[derive(Debug, Clone)]
pub(crate) struct Quick(Arc<[Step]>);

/// A step stands where the engine's own one stands, so that jumps stay what they are.
#[derive(Debug)]
enum Step {
    /// The value of a name, by its place among the names.
    Name(usize),
    Value(Value<'static>),
    Pop,
    Not,
    Equal,
    Compare(Compare),
    In(Vec<Value<'static>>),
    Jump(Jump, usize),
    /// Part of the list of a later step.
    Nothing,
}

/// A literal of the program.
fn literal(code: &Opcode) -> Option<Value<'static>> {
    Some(match code {
        Opcode::PushNull => Value::Null,
        Opcode::PushBool(value) => Value::Bool(*value),
        Opcode::PushNumber(value) => Value::Number(*value),
        Opcode::PushString(text) => Value::Text(Cow::Owned(text.to_string())),
        _ => return None,
    })
}

impl Quick {
    /// The condition without the engine, if it is simple enough.
    pub fn compile(program: &[Opcode], names: &[String]) -> Option<Quick> {
        let mut steps: Vec<Step> = Vec::with_capacity(program.len());
        // Where ways meet that come from different sides, what stands before is not all there is.
        let meet: Vec<usize> = program.iter().enumerate().filter_map(|(place, code)| lands(place, code)).collect();
        for (place, code) in program.iter().enumerate() {
            let step = match code {
                code if literal(code).is_some() => Step::Value(literal(code)?),
                Opcode::FetchEnv(name) => Step::Name(names.iter().position(|known| **known == **name)?),
                Opcode::Pop => Step::Pop,
                Opcode::Not => Step::Not,
                Opcode::Equal => Step::Equal,
                Opcode::Compare(how) => Step::Compare(*how),
                Opcode::Jump(how @ (Jump::Forward | Jump::IfTrue | Jump::IfFalse | Jump::IfNotNull), over) => {
                    Step::Jump(*how, *over as usize)
                }
                // A list stands as its values, their number, and these two.
                Opcode::Array if program.get(place + 1) == Some(&Opcode::In) => Step::Nothing,
                Opcode::In if program.get(place.checked_sub(1)?) == Some(&Opcode::Array) => {
                    Step::In(list(&mut steps, &meet)?)
                }
                Opcode::Negate if !meet.contains(&place) => {
                    match steps.iter_mut().rfind(|step| !matches!(step, Step::Nothing))? {
                        Step::Value(Value::Number(number)) => *number = -*number,
                        _ => return None,
                    }
                    Step::Nothing
                }
                _ => return None,
            };
            steps.push(step);
        }
        let mut waiting = 0_usize;
        for step in &steps {
            waiting = match step {
                Step::Name(_) | Step::Value(_) => waiting + 1,
                Step::Pop | Step::Equal | Step::Compare(_) => waiting.checked_sub(1)?,
                Step::Not | Step::In(_) | Step::Jump(..) | Step::Nothing => waiting,
            };
            if waiting > DEPTH {
                return None;
            }
        }
        Some(Quick(steps.into()))
    }

    /// Whether the condition holds; what has no value does not.
    pub fn holds<'a>(&self, value: &dyn Fn(usize) -> Value<'a>) -> bool {
        self.run(value) == Some(true)
    }

    fn run<'a>(&self, value: &dyn Fn(usize) -> Value<'a>) -> Option<bool> {
        let mut stack = Stack { values: [const { Value::Null }; DEPTH], size: 0 };
        let mut place = 0;
        while let Some(step) = self.0.get(place) {
            place += 1;
            match step {
                Step::Name(name) => stack.push(value(*name))?,
                Step::Value(literal) => stack.push(borrowed(literal))?,
                Step::Pop => drop(stack.pop()?),
                Step::Not => {
                    let Value::Bool(condition) = stack.pop()? else { return None };
                    stack.push(Value::Bool(!condition))?;
                }
                Step::Equal => {
                    let (right, left) = (stack.pop()?, stack.pop()?);
                    stack.push(Value::Bool(equal(&left, &right)))?;
                }
                Step::Compare(how) => {
                    let (Value::Number(right), Value::Number(left)) = (stack.pop()?, stack.pop()?) else { return None };
                    stack.push(Value::Bool(match how {
                        Compare::More => left > right,
                        Compare::MoreOrEqual => left >= right,
                        Compare::Less => left < right,
                        Compare::LessOrEqual => left <= right,
                    }))?;
                }
                Step::In(list) => {
                    let left = stack.pop()?;
                    if left == Value::Other {
                        return None;
                    }
                    stack.push(Value::Bool(list.iter().any(|right| equal(&left, right))))?;
                }
                Step::Jump(how, over) => {
                    let jumps = match (how, stack.last()?) {
                        (Jump::Forward, _) => true,
                        (Jump::IfNotNull, value) => *value != Value::Null,
                        (Jump::IfTrue, Value::Bool(condition)) => *condition,
                        (Jump::IfFalse, Value::Bool(condition)) => !condition,
                        _ => return None,
                    };
                    place += if jumps { *over } else { 0 };
                }
                Step::Nothing => {}
            }
        }
        match stack.pop()? {
            Value::Bool(condition) => Some(condition),
            _ => None,
        }
    }
}

/// Where a jump at this place lands.
fn lands(place: usize, code: &Opcode) -> Option<usize> {
    match code {
        Opcode::Jump(_, over) => Some(place + 1 + *over as usize),
        _ => None,
    }
}

/// Takes the values of a list back out of the steps, if all of it is literals.
fn list(steps: &mut [Step], meet: &[usize]) -> Option<Vec<Value<'static>>> {
    // The last is the list itself, before it stands how long it is.
    let end = steps.len().checked_sub(2)?;
    let Step::Value(Value::Number(length)) = &steps[end] else { return None };
    let length = usize::try_from(*length).ok()?;
    let mut first = end;
    let mut values = Vec::with_capacity(length);
    while values.len() < length {
        first = first.checked_sub(1)?;
        match std::mem::replace(&mut steps[first], Step::Nothing) {
            Step::Value(value) => values.push(value),
            Step::Nothing => {}
            _ => return None,
        }
    }
    steps[end] = Step::Nothing;
    values.reverse();
    (!meet.iter().any(|place| (first + 1..=steps.len()).contains(place))).then_some(values)
}

fn borrowed<'a>(value: &'a Value<'static>) -> Value<'a> {
    match value {
        Value::Text(text) => Value::Text(Cow::Borrowed(text)),
        other => other.clone(),
    }
}

/// What is of another kind is not equal; two lists are not either.
fn equal(left: &Value<'_>, right: &Value<'_>) -> bool {
    *left != Value::Other && left == right
}

struct Stack<'a> {
    values: [Value<'a>; DEPTH],
    size: usize,
}

impl<'a> Stack<'a> {
    fn push(&mut self, value: Value<'a>) -> Option<()> {
        *self.values.get_mut(self.size)? = value;
        self.size += 1;
        Some(())
    }

    fn pop(&mut self) -> Option<Value<'a>> {
        self.size = self.size.checked_sub(1)?;
        Some(std::mem::replace(&mut self.values[self.size], Value::Null))
    }

    fn last(&self) -> Option<&Value<'a>> {
        self.values.get(self.size.checked_sub(1)?)
    }
}
