//! What names a rule may speak of, and what they are.

use std::collections::BTreeMap;
use std::rc::Rc;

use zen_expression::variable::VariableType;

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    Any,
    Bool,
    Number,
    String,
    /// One of these texts.
    Choice(Vec<String>),
    List(Box<Type>),
    /// Parts by name, such as the amount and the currency of money.
    Object(Vec<(String, Type)>),
}

impl Type {
    pub(crate) fn variable_type(&self) -> VariableType {
        match self {
            Type::Any => VariableType::Any,
            Type::Bool => VariableType::Bool,
            Type::Number => VariableType::Number,
            Type::String => VariableType::String,
            Type::Choice(values) => VariableType::Enum(None, values.iter().map(|v| Rc::from(v.as_str())).collect()),
            Type::Object(parts) => {
                let object = VariableType::empty_object();
                for (name, of) in parts {
                    object.dot_insert(name, of.variable_type());
                }
                object
            }
            Type::List(of) => VariableType::Array(Rc::new(of.variable_type())),
        }
    }
}

/// The names in scope.
#[derive(Debug, Clone, Default)]
pub struct Scope(BTreeMap<String, Type>);

impl Scope {
    pub fn new() -> Scope {
        Scope::default()
    }

    pub fn with(mut self, name: &str, of: Type) -> Scope {
        self.0.insert(name.to_owned(), of);
        self
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&Type> {
        self.0.get(name)
    }

    pub(crate) fn variable_type(&self) -> VariableType {
        let object = VariableType::empty_object();
        for (name, of) in &self.0 {
            object.dot_insert(name, of.variable_type());
        }
        object
    }
}
