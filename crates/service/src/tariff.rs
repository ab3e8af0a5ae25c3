//! What a service costs, as facts that can be told before anybody applies: the rows of the fee table with what each asks
//! of which answer, and when the fee is to be paid.

use base::{Money, Text, Within};
use register::Field;
use serde_json::{Number, Value as Json};

use crate::{Effect, Outcome, Service, Until, WaiverRule};

/// The fee table of a service.
#[derive(Debug)]
pub struct Tariff<'a> {
    /// The first row that fits gives the fee.
    pub rows: Vec<TariffRow<'a>>,
    /// Who does not have to pay: the first that holds.
    pub waivers: &'a [WaiverRule],
    pub due: Option<FeeDue<'a>>,
}

/// A row of the table.
#[derive(Debug)]
pub struct TariffRow<'a> {
    /// What it asks of which question; nothing, if it fits everybody who comes to it.
    pub asks: Vec<(&'a Field, Asks)>,
    pub fee: Money,
}

/// What a row asks of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Asks {
    Below(Json),
    AtMost(Json),
    Above(Json),
    AtLeast(Json),
    /// Both ends included.
    Between(Json, Json),
    /// A first end that is not included, and a last that may be.
    Both(Box<Asks>, Box<Asks>),
    OneOf(Vec<Json>),
    NotOneOf(Vec<Json>),
    /// More than a simple comparison.
    Complex,
}

/// When a fee is to be paid.
#[derive(Debug, Clone, Copy)]
pub enum FeeDue<'a> {
    /// The case waits for it, for so long.
    BeforeDecision(Option<&'a Within>),
    /// When what was applied for is granted.
    OnGrant,
    /// When the case comes into the state of this title.
    In(&'a Text),
}

impl Service {
    /// What the service costs; `None` where it is free.
    pub fn tariff(&self) -> Option<Tariff<'_>> {
        let (table, amounts) = (self.definition.fee.as_ref()?, self.fee_amounts()?);
        let rows = table.rows.iter().zip(amounts).map(|(row, fee)| TariffRow {
            asks: table.inputs.iter().zip(row).filter_map(|(input, cell)| self.asked(input, cell)).collect(),
            fee: *fee,
        });
        Some(Tariff { rows: rows.collect(), waivers: &table.waivers, due: self.fee_due() })
    }

    fn asked(&self, input: &str, cell: &Json) -> Option<(&Field, Asks)> {
        let field = self.definition.question(input)?;
        let source = cell.as_str().map_or_else(|| cell.to_string(), str::to_owned);
        Some((field, Asks::read(&source)?))
    }

    fn fee_due(&self) -> Option<FeeDue<'_>> {
        let states = || self.definition.states.values();
        if let Some(state) = states().find(|state| state.until == Some(Until::Paid)) {
            return Some(FeeDue::BeforeDecision(state.within.as_ref()));
        }
        let state = states().find(|state| state.does.contains(&Effect::Fee))?;
        let granted = state.end == Some(Outcome::Granted);
        Some(if granted { FeeDue::OnGrant } else { FeeDue::In(&state.title) })
    }
}

impl Asks {
    /// What a cell asks; `None` where it asks nothing.
    fn read(cell: &str) -> Option<Asks> {
        let cell = cell.trim();
        (!cell.is_empty() && cell != "-").then(|| Asks::simple(cell).unwrap_or(Asks::Complex))
    }

    /// The cell as a simple comparison, as the engine reads it.
    fn simple(cell: &str) -> Option<Asks> {
        if let Some(asks) = range(cell) {
            return Some(asks);
        }
        // The longer sign first: one begins with the other.
        let number = |rest: &str| number(rest).map(Json::Number);
        for (sign, asks) in
            [("<=", Asks::AtMost as fn(Json) -> Asks), (">=", Asks::AtLeast), ("<", Asks::Below), (">", Asks::Above)]
        {
            if let Some(rest) = cell.strip_prefix(sign) {
                return number(rest).map(asks);
            }
        }
        if let Some(rest) = cell.strip_prefix("==") {
            return Some(Asks::OneOf(vec![literal(rest)?]));
        }
        if let Some(rest) = cell.strip_prefix("!=") {
            return Some(Asks::NotOneOf(vec![literal(rest)?]));
        }
        let within = |rest: &str| literals(rest.trim().strip_prefix('[')?.strip_suffix(']')?);
        if let Some(rest) = cell.strip_prefix("not in ") {
            return within(rest).map(Asks::NotOneOf);
        }
        if let Some(rest) = cell.strip_prefix("in ") {
            return within(rest).map(Asks::OneOf);
        }
        literals(cell).map(Asks::OneOf)
    }
}

/// `[10..50]`, or with a round bracket where an end is not included.
fn range(cell: &str) -> Option<Asks> {
    let (from, to) = cell.get(1..cell.len().checked_sub(1)?)?.split_once("..")?;
    let (from, to) = (Json::Number(number(from)?), Json::Number(number(to)?));
    let (first, last) = match (cell.chars().next()?, cell.chars().next_back()?) {
        ('[', ']') => return Some(Asks::Between(from, to)),
        ('(', ']') => (Asks::Above(from), Asks::AtMost(to)),
        ('[', ')') => (Asks::AtLeast(from), Asks::Below(to)),
        ('(', ')') => (Asks::Above(from), Asks::Below(to)),
        _ => return None,
    };
    Some(Asks::Both(Box::new(first), Box::new(last)))
}

fn number(text: &str) -> Option<Number> {
    serde_json::from_str(text.trim()).ok()
}

/// A number, a text in quotes, yes or no.
fn literal(text: &str) -> Option<Json> {
    let text = text.trim();
    let quoted = |quote: char| text.strip_prefix(quote)?.strip_suffix(quote);
    match text {
        "true" => Some(Json::Bool(true)),
        "false" => Some(Json::Bool(false)),
        _ => match quoted('\'').or_else(|| quoted('"')) {
            // A text that holds a quote or a comma is more than a name of a choice.
            Some(name) => (!name.contains(['\'', '"', '\\', ','])).then(|| name.into()),
            None => number(text).map(Json::Number),
        },
    }
}

fn literals(list: &str) -> Option<Vec<Json>> {
    list.split(',').map(literal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(cell: &str, expect: Option<Asks>) {
        assert_eq!(Asks::read(cell), expect, "{cell}");
    }

    #[test]
    fn simple_cells_are_told_and_others_are_said_to_be_more() {
        let both = |first, last| Some(Asks::Both(Box::new(first), Box::new(last)));
        check("-", None);
        check(" ", None);
        check("< 10", Some(Asks::Below(json!(10))));
        check("<= 10.5", Some(Asks::AtMost(json!(10.5))));
        check(">=10", Some(Asks::AtLeast(json!(10))));
        check("> -1", Some(Asks::Above(json!(-1))));
        check("[10..50]", Some(Asks::Between(json!(10), json!(50))));
        check("(10..50]", both(Asks::Above(json!(10)), Asks::AtMost(json!(50))));
        check("[10..50)", both(Asks::AtLeast(json!(10)), Asks::Below(json!(50))));
        check("(10..50)", both(Asks::Above(json!(10)), Asks::Below(json!(50))));
        check("1", Some(Asks::OneOf(vec![json!(1)])));
        check("true", Some(Asks::OneOf(vec![json!(true)])));
        check("'remote'", Some(Asks::OneOf(vec![json!("remote")])));
        check("'own', \"rented\"", Some(Asks::OneOf(vec![json!("own"), json!("rented")])));
        check("in ['own', 'rented']", Some(Asks::OneOf(vec![json!("own"), json!("rented")])));
        check("not in ['own']", Some(Asks::NotOneOf(vec![json!("own")])));
        check("!= 'own'", Some(Asks::NotOneOf(vec![json!("own")])));
        for complex in
            ["len($) > 3", "> staff * 2", "'a,b'", "$ != 'own' and $ != 'x'", "< 3, > 7", "]1..3[", "[", "é", "'"]
        {
            check(complex, Some(Asks::Complex));
        }
    }
}
