//! The values that names stand for. It stays on its thread: make it where it is used, never across an await.

use serde_json::Value as Json;
use zen_expression::variable::Variable;

/// Values by name, prepared for many evaluations.
pub struct Environment(Variable);

impl Environment {
    pub fn new(values: Json) -> Environment {
        Environment(Variable::from(values))
    }

    pub(crate) fn variable(&self) -> Variable {
        self.0.clone()
    }

    /// The same values with `$` as the value of a decision table's input.
    pub(crate) fn with_input(&self, input: &str) -> Variable {
        let value = self.0.dot(input).unwrap_or(Variable::Null);
        let all = self.0.depth_clone(1);
        all.dot_insert("$", value);
        all
    }
}
