//! A figure that is worked out from other figures, such as `graduates_enrolled / training_applications * 100`. It has no
//! records of its own: what is behind it are the figures that it speaks of, and what is behind those.

use std::sync::Arc;

use base::{Finding, Step};
use rules::{Environment, Expression, Scope, Type};
use serde_json::{Map, Value as Json};

use crate::{Figure, Indicator};

/// A formula over other indicators, ready to be worked out.
#[derive(Clone)]
pub struct Formula {
    rule: Expression,
    /// The names in the formula and the indicators that they stand for.
    parts: Arc<Vec<(String, Indicator)>>,
}

/// What an indicator is called in a formula, where a hyphen would be a minus sign.
fn name_in_formula(indicator: &Indicator) -> String {
    indicator.name().replace('-', "_")
}

impl Formula {
    /// Compiles a formula against the indicators that it may speak of, or says all that is wrong with it.
    pub(crate) fn compile(source: &str, known: &[Indicator]) -> Result<Formula, Vec<Finding>> {
        let path = || vec![Step::Key("formula".to_owned())];
        let names = known.iter().map(name_in_formula);
        let scope = names.fold(Scope::new(), |scope, name| scope.with(&name, Type::Number));
        let rule = Expression::compile(source, &scope, Some(Type::Number))
            .map_err(|problems| problems.into_iter().map(|problem| problem.at(path())).collect::<Vec<_>>())?;
        let spoken_of = rule.names().unwrap_or_default();
        let parts: Vec<(String, Indicator)> = known
            .iter()
            .map(|indicator| (name_in_formula(indicator), indicator.clone()))
            .filter(|(name, _)| spoken_of.contains(name))
            .collect();
        if parts.is_empty() {
            let finding = Finding::at(path(), "a formula speaks of at least one other indicator");
            return Err(vec![finding.help("name indicators with `_` for `-`, such as `graduates_enrolled`")]);
        }
        Ok(Formula { rule, parts: Arc::new(parts) })
    }

    /// The indicators that it speaks of.
    pub fn parts(&self) -> impl Iterator<Item = &Indicator> {
        self.parts.iter().map(|(_, indicator)| indicator)
    }

    /// The figure, from those that it speaks of. Without a value where one of them has none, or nothing can be divided.
    pub(crate) fn figure(&self, of: impl Fn(&Indicator) -> Figure) -> Figure {
        let value = |(name, indicator): &(String, Indicator)| {
            let value = of(indicator).value.and_then(serde_json::Number::from_f64)?;
            Some((name.clone(), Json::Number(value)))
        };
        let values: Option<Map<String, Json>> = self.parts.iter().map(value).collect();
        let result = values.and_then(|values| self.rule.evaluate(&Environment::new(Json::Object(values))).ok());
        let value = result.and_then(|result| result.as_f64()).filter(|value| value.is_finite());
        Figure { value, number: 0, micros: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(name: &str) -> Indicator {
        let definition = format!(
            r#"{{"indicator": "{name}", "title": {{"en": "i"}}, "unit": {{"en": "u"}}, "of": {{"observation": "office"}}}}"#
        );
        Indicator::compile(serde_json::from_str(&definition).unwrap(), &Scope::new()).unwrap()
    }

    #[test]
    fn a_figure_is_worked_out_from_others() {
        let known = [indicator("ict-value"), indicator("gdp"), indicator("people")];
        let formula = Formula::compile("ict_value / gdp * 100", &known).unwrap();
        let named: Vec<&str> = formula.parts().map(Indicator::name).collect();
        assert_eq!(named, ["ict-value", "gdp"]);
        let worked_out = |ict: Option<f64>, gdp: Option<f64>| {
            let of =
                |part: &Indicator| Figure { value: if part.name() == "gdp" { gdp } else { ict }, number: 1, micros: 0 };
            formula.figure(of).value
        };
        assert_eq!(worked_out(Some(3.0), Some(24.0)), Some(12.5));
        assert_eq!(worked_out(None, Some(24.0)), None);
        assert_eq!(worked_out(Some(3.0), Some(0.0)), None);
        for wrong in ["ict_valu / gdp", "1 + 1", "ict_value >", "ict_value == 1"] {
            assert!(Formula::compile(wrong, &known).is_err(), "{wrong}");
        }
    }
}
