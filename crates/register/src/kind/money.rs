//! An amount of money in the currency that the pack gives. It is kept as a number of major units with exactly the
//! currency's decimals at most; what is owed and paid is kept elsewhere, in minor units.

use base::{Currency, Money};
use serde_json::Value as Json;

use super::{Input, Kind, line, within_limits};
use crate::{Fault, Field};

pub(super) struct MoneyKind;

impl Kind for MoneyKind {
    fn name(&self) -> &'static str {
        "money"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::Number
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let currency = field.currency.as_deref().and_then(Currency::of).unwrap_or(Currency::ILS);
        let money = Money::parse(&line(typed), currency).map_err(|_| Fault::new("fault-money"))?;
        let major = money.major().normalize();
        within_limits(field, major)?;
        serde_json::from_str(&major.to_string()).map_err(|_| Fault::new("fault-money"))
    }
    fn input(&self) -> Input {
        Input::Line { mode: "decimal", autocomplete: "off", width: "short" }
    }
}
