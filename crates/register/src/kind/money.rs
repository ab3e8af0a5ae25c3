//! An amount of money. In a question of one currency the answer is a number of major units; where the applicant chooses
//! among several, it is `{amount, currency}`. What is owed and paid is kept elsewhere, in minor units.

use base::{Currency, Finding, Money, MoneyError, Step};
use serde_json::{Value as Json, json};

use super::{Input, Kind, first, two_readings, within_limits};
use crate::{Fault, Field};

pub(super) struct MoneyKind;

impl Kind for MoneyKind {
    fn name(&self) -> &'static str {
        "money"
    }
    fn rule_type(&self, field: &Field) -> rules::Type {
        let currencies = field.currencies();
        if currencies.len() < 2 {
            return rules::Type::Number;
        }
        let codes = currencies.iter().map(|currency| currency.code().to_owned()).collect();
        rules::Type::Object(vec![
            ("amount".to_owned(), rules::Type::Number),
            ("currency".to_owned(), rules::Type::Choice(codes)),
        ])
    }
    /// The currency is chosen already when the page comes, so it is the amount that counts.
    fn is_blank(&self, typed: &[String]) -> bool {
        typed.first().is_none_or(|amount| base::typed::is_blank(amount))
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let currencies = field.currencies();
        let currency = match (typed.get(1).map(|code| code.trim()), currencies.as_slice()) {
            (None | Some(""), [only]) => *only,
            (Some(code), _) => {
                let found = currencies.iter().find(|currency| currency.code().eq_ignore_ascii_case(code));
                *found.ok_or_else(|| wrong_currency(&currencies))?
            }
            (None, _) => return Err(wrong_currency(&currencies)),
        };
        let money = Money::parse(first(typed), currency).map_err(fault)?;
        let major = money.major().normalize();
        within_limits(field, major)?;
        let amount: Json = serde_json::from_str(&major.to_string()).map_err(|_| Fault::new("fault-money"))?;
        Ok(if currencies.len() < 2 { amount } else { json!({"amount": amount, "currency": currency.code()}) })
    }
    fn typed_again(&self, _: &Field, value: &Json) -> Option<Vec<String>> {
        let map = value.as_object()?;
        let text = |name: &str| map.get(name).map_or_else(String::new, super::plain);
        Some(vec![text("amount"), text("currency")])
    }
    fn input(&self) -> Input {
        Input::Money
    }
    fn check(&self, field: &Field, path: &[Step]) -> Vec<Finding> {
        let limit = [("min", field.min.is_some()), ("max", field.max.is_some())].into_iter().find(|(_, given)| *given);
        match limit {
            Some((name, _)) if field.currencies().len() > 1 => {
                let at = path.iter().cloned().chain([Step::Key(name.into())]).collect();
                let message = "a limit is an amount of one currency, and this question takes several";
                vec![
                    Finding::at(at, message)
                        .help("name one `currency:`, or say the limit in a condition of the service"),
                ]
            }
            _ => Vec::new(),
        }
    }
}

/// The amount of an answer with its currency, for whoever shows it.
pub fn amount(field: &Field, value: &Json) -> Option<Money> {
    let (amount, currency) = match value {
        Json::Number(number) => (number.to_string(), *field.currencies().first()?),
        Json::Object(map) => (map.get("amount")?.to_string(), Currency::of(map.get("currency")?.as_str()?)?),
        _ => return None,
    };
    Money::exact(&amount, currency).ok()
}

fn wrong_currency(currencies: &[Currency]) -> Fault {
    let codes: Vec<&str> = currencies.iter().map(Currency::code).collect();
    Fault::with("fault-money-currency", codes.join(", "))
}

fn fault(error: MoneyError) -> Fault {
    match error {
        MoneyError::TwoReadings(one, other) => two_readings(one, other),
        MoneyError::Negative => Fault::with("fault-min", 0),
        MoneyError::TooManyDecimals(most) => Fault::with("fault-money-decimals", most),
        MoneyError::OutOfRange => Fault::with("fault-max", 1_000_000_000_000_i64),
        MoneyError::NotANumber | MoneyError::OtherCurrency => Fault::new("fault-money"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(currency: &str, typed: &[&str]) -> Result<Json, Fault> {
        let field: Field = serde_json::from_str(&format!(r#"{{"type": "money", "currency": {currency}}}"#)).unwrap();
        field.parse(&typed.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn each_currency_has_its_decimals() {
        for (currency, typed, expect) in [
            ("\"ILS\"", "12.50", Ok(json!(12.5))),
            ("\"JOD\"", "12.125", Ok(json!(12.125))),
            ("\"JOD\"", "١٬٢٣٤٫١٢٥", Ok(json!(1234.125))),
            ("\"JOD\"", "12,50 د.أ", Ok(json!(12.5))),
            ("\"ILS\"", "1,250", Ok(json!(1250))),
            ("\"JOD\"", "1,250", Err(Fault::with("fault-two-readings", "1250|1.250"))),
            ("\"ILS\"", "1.250", Err(Fault::with("fault-two-readings", "1250|1.250"))),
            ("\"EUR\"", "1.250,50", Ok(json!(1250.5))),
            ("\"JPY\"", "1,250", Ok(json!(1250))),
            ("\"JPY\"", "12.5", Err(Fault::with("fault-money-decimals", 0))),
            ("\"ILS\"", "12.125", Err(Fault::with("fault-money-decimals", 2))),
            ("\"JOD\"", "1.2345", Err(Fault::with("fault-money-decimals", 3))),
            ("\"USD\"", "-1", Err(Fault::with("fault-min", 0))),
            ("\"USD\"", "much", Err(Fault::new("fault-money"))),
            ("\"USD\"", "9999999999999", Err(Fault::with("fault-max", 1_000_000_000_000_i64))),
        ] {
            assert_eq!(read(currency, &[typed]), expect, "{typed} {currency}");
        }
    }

    #[test]
    fn one_of_several_currencies_is_chosen() {
        let both = r#"["ILS", "JOD"]"#;
        assert_eq!(read(both, &["12.5", "ILS"]), Ok(json!({"amount": 12.5, "currency": "ILS"})));
        assert_eq!(read(both, &["1.125", "JOD"]), Ok(json!({"amount": 1.125, "currency": "JOD"})));
        assert_eq!(read(both, &["1.125", "ILS"]), Err(Fault::with("fault-money-decimals", 2)));
        for (typed, fault) in [
            (vec!["1", "USD"], Fault::with("fault-money-currency", "ILS, JOD")),
            (vec!["1"], Fault::with("fault-money-currency", "ILS, JOD")),
            (vec!["", "ILS"], Fault::new("fault-required")),
        ] {
            assert_eq!(read(both, &typed), Err(fault), "{typed:?}");
        }
        assert_eq!(read("\"ILS\"", &["1", "JOD"]), Err(Fault::with("fault-money-currency", "ILS")));
    }

    #[test]
    fn an_answer_is_read_as_json_and_shown_with_its_currency() {
        let field: Field = serde_json::from_str(r#"{"type": "money", "currency": ["ILS", "JOD"]}"#).unwrap();
        let answer = field.accept_json(&json!({"currency": "JOD", "amount": "7.005"})).unwrap();
        assert_eq!(
            amount(&field, &answer).map(|money| (money.to_string(), money.currency)),
            Some(("7.005".into(), Currency::JOD))
        );
        assert_eq!(field.accept_json(&answer), Ok(answer));
    }
}
