//! Money: a whole number of minor units with its currency. Sums never mix currencies.

use std::fmt;

use rust_decimal::{Decimal, prelude::ToPrimitive};

/// A currency and how many decimals it has (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

impl Currency {
    pub const ILS: Currency = Currency { code: *b"ILS", decimals: 2 };
    pub const JOD: Currency = Currency { code: *b"JOD", decimals: 3 };
    pub const USD: Currency = Currency { code: *b"USD", decimals: 2 };

    /// Every currency that is known.
    pub const ALL: [Currency; 3] = [Currency::ILS, Currency::JOD, Currency::USD];

    /// The currency with this code.
    pub fn of(code: &str) -> Option<Currency> {
        Currency::ALL.into_iter().find(|currency| currency.code() == code)
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }
    pub fn decimals(&self) -> u8 {
        self.decimals
    }
}

/// An amount in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Money {
    pub minor: i64,
    pub currency: Currency,
}

/// Why a text is no amount, or two amounts have no sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    #[error("it is no number")]
    NotANumber,
    #[error("it is negative")]
    Negative,
    #[error("it has more than {0} decimals")]
    TooManyDecimals(u8),
    #[error("it is too large")]
    OutOfRange,
    #[error("it is in another currency")]
    OtherCurrency,
}

/// A thousand billion major units: no fee or budget of a government is larger.
const MAJOR_MAX: i64 = 1_000_000_000_000;

/// The amount in a text that may name its currency, by its code or its sign, before or after it.
fn without_currency(text: &str, currency: Currency) -> Result<&str, MoneyError> {
    let is_amount = |c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.');
    let amount = text.trim_matches(|c| !is_amount(c));
    let (before, after) = text.split_once(amount).filter(|_| !amount.is_empty()).ok_or(MoneyError::NotANumber)?;
    for named in [before, after].into_iter().filter(|named| !named.is_empty()) {
        let known = match named.to_ascii_uppercase().as_str() {
            "₪" => Some(Currency::ILS),
            "$" => Some(Currency::USD),
            code => Currency::of(code),
        };
        if known.ok_or(MoneyError::NotANumber)? != currency {
            return Err(MoneyError::OtherCurrency);
        }
    }
    Ok(amount)
}

impl Money {
    /// Reads an amount in major units, with western or Arabic digits and separators. Who writes the currency too is
    /// understood, and stopped where it is another one.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        let text = crate::digits::western(text).replace([',', ' '], "");
        let text = without_currency(&text, currency)?;
        // An exponent is no way to write an amount, whatever else reads it.
        if !text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+')) {
            return Err(MoneyError::NotANumber);
        }
        let decimal: Decimal = text.parse().map_err(|_| MoneyError::NotANumber)?;
        if decimal.is_sign_negative() && !decimal.is_zero() {
            return Err(MoneyError::Negative);
        }
        if decimal > Decimal::from(MAJOR_MAX) {
            return Err(MoneyError::OutOfRange);
        }
        if decimal.normalize().scale() > u32::from(currency.decimals) {
            return Err(MoneyError::TooManyDecimals(currency.decimals));
        }
        let minor = decimal * Decimal::from(10_i64.pow(u32::from(currency.decimals)));
        Ok(Money { minor: minor.to_i64().ok_or(MoneyError::OutOfRange)?, currency })
    }

    pub fn checked_add(self, other: Money) -> Result<Money, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::OtherCurrency);
        }
        let minor = self.minor.checked_add(other.minor).ok_or(MoneyError::OutOfRange)?;
        Ok(Money { minor, currency: self.currency })
    }

    /// The amount in major units, exact.
    pub fn major(&self) -> Decimal {
        Decimal::new(self.minor, u32::from(self.currency.decimals))
    }
}

/// `1,234.50`, and `1,234` where there are no minor units.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i64.pow(u32::from(self.currency.decimals));
        let (whole, rest) = ((self.minor / unit).unsigned_abs(), (self.minor % unit).unsigned_abs());
        if self.minor < 0 {
            f.write_str("-")?;
        }
        let digits = whole.to_string();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        if rest > 0 { write!(f, ".{rest:0width$}", width = usize::from(self.currency.decimals)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_amount_is_refused_with_its_reason() {
        for (typed, currency, expected) in [
            ("12.345", Currency::ILS, Err(MoneyError::TooManyDecimals(2))),
            ("-1", Currency::ILS, Err(MoneyError::Negative)),
            ("many", Currency::USD, Err(MoneyError::NotANumber)),
            ("1000000000001", Currency::USD, Err(MoneyError::OutOfRange)),
            ("12.345", Currency::JOD, Ok(12_345)),
            ("12.5 JOD", Currency::JOD, Ok(12_500)),
            ("₪ 12", Currency::ILS, Ok(1_200)),
            ("usd5", Currency::USD, Ok(500)),
            ("12.5 USD", Currency::JOD, Err(MoneyError::OtherCurrency)),
            ("$5", Currency::ILS, Err(MoneyError::OtherCurrency)),
            ("5 dinars", Currency::JOD, Err(MoneyError::NotANumber)),
            ("", Currency::JOD, Err(MoneyError::NotANumber)),
            ("1e3", Currency::JOD, Err(MoneyError::NotANumber)),
            ("١٬٢٣٤٫٥", Currency::ILS, Ok(123_450)),
        ] {
            assert_eq!(Money::parse(typed, currency).map(|m| m.minor), expected, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_is_read_back(minor in 0_i64..100_000_000_000) {
            for currency in [Currency::ILS, Currency::JOD, Currency::USD] {
                let money = Money { minor, currency };
                prop_assert_eq!(Money::parse(&money.to_string(), currency), Ok(money));
            }
        }
    }
}
