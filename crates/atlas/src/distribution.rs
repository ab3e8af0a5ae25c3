//! What is not known for certain: a number, or a range with what is likely in it.

use std::{borrow::Cow, fmt};

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{
    Deserialize, Deserializer,
    de::{self, MapAccess, Visitor},
};

use crate::{AtlasError, random::normal_quantile};

/// Written as `5000`, `{uniform: [low, high]}`, `{triangular: [low, likely, high]}`, `{normal: [mean, deviation]}` or
/// `{lognormal: [median, factor]}`, where two thirds lie between median / factor and median · factor.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distribution {
    Fixed(f64),
    Uniform([f64; 2]),
    Triangular([f64; 3]),
    Normal([f64; 2]),
    Lognormal([f64; 2]),
}

impl Distribution {
    /// The value below which a share `p` lies; with one uniform number for each draw, more luck never means less.
    pub fn quantile(&self, p: f64) -> f64 {
        match *self {
            Distribution::Fixed(value) => value,
            Distribution::Uniform([low, high]) => low + p * (high - low),
            Distribution::Triangular([low, likely, high]) => {
                let width = high - low;
                if width <= 0.0 {
                    return low;
                }
                if p < (likely - low) / width {
                    low + (p * width * (likely - low)).sqrt()
                } else {
                    high - ((1.0 - p) * width * (high - likely)).sqrt()
                }
            }
            Distribution::Normal([mean, deviation]) => mean + deviation * normal_quantile(p),
            Distribution::Lognormal([median, factor]) => median * (factor.ln() * normal_quantile(p)).exp(),
        }
    }

    pub fn is_fixed(&self) -> bool {
        matches!(self, Distribution::Fixed(_))
    }

    /// Whether its numbers make sense, and lie within bounds where the distribution has ends of its own.
    pub(crate) fn check(&self, what: &str, low: f64, high: f64) -> Result<(), AtlasError> {
        let (numbers, ends): (&[f64], &[f64]) = match self {
            Distribution::Fixed(value) => (std::slice::from_ref(value), std::slice::from_ref(value)),
            Distribution::Uniform(numbers) => (numbers, numbers),
            Distribution::Triangular(numbers) => (numbers, numbers),
            Distribution::Normal(numbers) | Distribution::Lognormal(numbers) => (numbers, &numbers[..1]),
        };
        let wrong = |why: &str| Err(AtlasError::Invalid(format!("{what}: {why}")));
        if numbers.iter().any(|number| !number.is_finite()) {
            return wrong("a number is not finite");
        }
        if let Some(end) = ends.iter().find(|end| **end < low || **end > high) {
            let bounds = if high.is_finite() { format!("from {low} to {high}") } else { format!("at least {low}") };
            return wrong(&format!("expected {bounds}, found {end}"));
        }
        match self {
            Distribution::Uniform(ends) if ends[0] > ends[1] => wrong("the low end is above the high one"),
            Distribution::Triangular([low, likely, high]) if low > likely || likely > high => {
                wrong("expected the low end, the likely value and the high end in this order")
            }
            Distribution::Normal([_, deviation]) if *deviation < 0.0 => wrong("the deviation is negative"),
            Distribution::Lognormal([median, factor]) if *median <= 0.0 || *factor < 1.0 => {
                wrong("expected a median above 0 and a factor of at least 1")
            }
            _ => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Distribution {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Distribution, D::Error> {
        deserializer.deserialize_any(Written)
    }
}

const NAMES: &[&str] = &["uniform", "triangular", "normal", "lognormal"];

struct Written;

impl<'de> Visitor<'de> for Written {
    type Value = Distribution;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, or a distribution such as {triangular: [low, likely, high]}")
    }

    fn visit_f64<E>(self, value: f64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Distribution, E> {
        Ok(Distribution::Fixed(value as f64))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Distribution, A::Error> {
        let Some(name) = map.next_key::<String>()? else { return Err(de::Error::custom("the distribution is empty")) };
        let found = match name.as_str() {
            "uniform" => Distribution::Uniform(map.next_value()?),
            "triangular" => Distribution::Triangular(map.next_value()?),
            "normal" => Distribution::Normal(map.next_value()?),
            "lognormal" => Distribution::Lognormal(map.next_value()?),
            other => return Err(de::Error::unknown_variant(other, NAMES)),
        };
        match map.next_key::<String>()? {
            None => Ok(found),
            Some(more) => Err(de::Error::custom(format!("a distribution is one thing, but «{more}» follows «{name}»"))),
        }
    }
}

impl JsonSchema for Distribution {
    fn schema_name() -> Cow<'static, str> {
        "Distribution".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let numbers = |many: u8| json_schema!({ "type": "array", "items": { "type": "number" }, "minItems": many, "maxItems": many });
        json_schema!({
            "description": "A number, or a distribution such as `{triangular: [low, likely, high]}`.",
            "oneOf": [
                { "type": "number" },
                {
                    "type": "object",
                    "properties": {
                        "uniform": numbers(2), "triangular": numbers(3), "normal": numbers(2), "lognormal": numbers(2)
                    },
                    "minProperties": 1,
                    "maxProperties": 1,
                    "additionalProperties": false
                }
            ]
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_by_hand() {
        for (distribution, p, value) in [
            (Distribution::Fixed(3.0), 0.9, 3.0),
            (Distribution::Uniform([10.0, 20.0]), 0.25, 12.5),
            (Distribution::Triangular([0.0, 10.0, 10.0]), 0.25, 5.0),
            (Distribution::Triangular([0.0, 5.0, 10.0]), 0.5, 5.0),
            (Distribution::Triangular([7.0, 7.0, 7.0]), 0.3, 7.0),
            (Distribution::Normal([5.0, 2.0]), 0.5, 5.0),
            (Distribution::Lognormal([100.0, 2.0]), 0.841_344_746_068_542_9, 200.0),
        ] {
            assert!((distribution.quantile(p) - value).abs() < 1e-9, "{distribution:?} {p}");
        }
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for bad in [
            Distribution::Fixed(-1.0),
            Distribution::Fixed(f64::NAN),
            Distribution::Uniform([2.0, 1.0]),
            Distribution::Triangular([1.0, 3.0, 2.0]),
            Distribution::Normal([1.0, -1.0]),
            Distribution::Lognormal([1.0, 0.5]),
        ] {
            assert!(bad.check("x", 0.0, f64::INFINITY).is_err(), "{bad:?}");
        }
    }
}
