//! Money: a whole number of minor units with its currency. Sums never mix currencies.

use std::fmt;

use rust_decimal::{Decimal, prelude::ToPrimitive};

use crate::{
    Currency,
    number::{self, Decimals, NumberError},
};

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
    /// The two amounts that it may be, as they are to be written.
    #[error("it may be {0} or {1}; write it one of these ways")]
    TwoReadings(Decimal, Decimal),
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

/// The number in a text that may name its currency, by its code, its sign or a word, before or after it.
fn without_currency(text: &str, currency: Currency) -> Result<String, MoneyError> {
    const NONE: MoneyError = MoneyError::NotANumber;
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or(NONE)?;
    let last = text.rfind(|c: char| c.is_ascii_digit()).ok_or(NONE)?;
    let (before, digits, after) = (&text[..first], &text[first..=last], &text[last + 1..]);
    let (mut named, mut begins) = (before.trim(), String::new());
    // A point behind a letter is that of a short form: `د.أ.5` is five, not a half.
    if let Some(rest) = named.strip_suffix(['.', ',', '٫'])
        && !rest.ends_with(char::is_alphabetic)
        && before.ends_with(['.', ',', '٫'])
    {
        (begins, named) = (named[rest.len()..].to_owned(), rest.trim());
    }
    // The minus stands before the currency or behind it.
    let sign = ['-', '+'].into_iter().find(|sign| named.starts_with(*sign) || named.ends_with(*sign));
    if let Some(sign) = sign {
        named = named.strip_prefix(sign).or_else(|| named.strip_suffix(sign)).unwrap_or(named).trim();
        begins.insert(0, sign);
    }
    for word in [named, after.trim()].into_iter().filter(|word| !word.is_empty()) {
        match currency.is_named(word) {
            Some(true) => {}
            Some(false) => return Err(MoneyError::OtherCurrency),
            None => return Err(NONE),
        }
    }
    Ok(begins + digits)
}

/// A text longer than this is no amount that somebody typed.
const LENGTH_MAX: usize = 200;

impl Money {
    /// Reads an amount in major units as people type it, see [`crate::number`]. Who writes the currency too is
    /// understood, and stopped where it is another one.
    ///
    /// # Errors
    /// Where it is no amount, may be two, is negative, too large or too fine.
    pub fn parse(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        if text.len() > LENGTH_MAX {
            return Err(MoneyError::NotANumber);
        }
        let text = without_currency(&number::signs(text), currency)?;
        Money::of(number::read_signs(&text, Decimals::Most(currency.decimals()))?, currency)
    }

    /// Reads an amount in major units as a program writes it: digits, a point, digits. No other sign is understood, so
    /// that what another system says is never guessed.
    ///
    /// # Errors
    /// As [`Money::parse`].
    pub fn exact(text: &str, currency: Currency) -> Result<Money, MoneyError> {
        Money::of(number::exact(text).ok_or(MoneyError::NotANumber)?, currency)
    }

    fn of(decimal: Decimal, currency: Currency) -> Result<Money, MoneyError> {
        if decimal.is_sign_negative() && !decimal.is_zero() {
            return Err(MoneyError::Negative);
        }
        if decimal > Decimal::from(MAJOR_MAX) {
            return Err(MoneyError::OutOfRange);
        }
        if decimal.normalize().scale() > u32::from(currency.decimals()) {
            return Err(MoneyError::TooManyDecimals(currency.decimals()));
        }
        let minor = decimal * Decimal::from(10_i64.pow(u32::from(currency.decimals())));
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
        Decimal::new(self.minor, u32::from(self.currency.decimals()))
    }
}

impl From<NumberError> for MoneyError {
    fn from(error: NumberError) -> MoneyError {
        match error {
            NumberError::NotANumber => MoneyError::NotANumber,
            NumberError::TwoReadings(one, other) => MoneyError::TwoReadings(one, other),
            NumberError::TooManyDecimals(most) => MoneyError::TooManyDecimals(most),
            NumberError::OutOfRange => MoneyError::OutOfRange,
        }
    }
}

/// `1,234.50`, and `1,234` where there are no minor units.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = 10_i64.pow(u32::from(self.currency.decimals()));
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
        if rest > 0 { write!(f, ".{rest:0width$}", width = usize::from(self.currency.decimals())) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn two(one: &str, other: &str) -> Result<i64, MoneyError> {
        let read = |text| Decimal::from_str_exact(text).unwrap();
        Err(MoneyError::TwoReadings(read(one), read(other)))
    }

    #[test]
    fn a_program_writes_an_amount_one_way() {
        for (text, expected) in [
            ("12.5", Ok(12_500)),
            ("1250.000", Ok(1_250_000)),
            ("1,250", Err(MoneyError::NotANumber)),
            ("12,5", Err(MoneyError::NotANumber)),
            ("5 JOD", Err(MoneyError::NotANumber)),
            ("-1", Err(MoneyError::Negative)),
            ("1.2345", Err(MoneyError::TooManyDecimals(3))),
        ] {
            assert_eq!(Money::exact(text, Currency::JOD).map(|m| m.minor), expected, "{text}");
        }
    }

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
            ("5 dinars", Currency::JOD, Ok(5_000)),
            ("5 bananas", Currency::JOD, Err(MoneyError::NotANumber)),
            ("12,50 JOD", Currency::JOD, Ok(12_500)),
            ("12,50", Currency::ILS, Ok(1_250)),
            ("١٢٫٥٠ د.أ", Currency::JOD, Ok(12_500)),
            ("د.أ.5", Currency::JOD, Ok(5_000)),
            ("د.أ. ٥", Currency::JOD, Ok(5_000)),
            ("دينار 5", Currency::JOD, Ok(5_000)),
            ("$.50", Currency::USD, Ok(50)),
            ("$-5", Currency::USD, Err(MoneyError::Negative)),
            ("-$5", Currency::USD, Err(MoneyError::Negative)),
            ("\u{2212}5", Currency::USD, Err(MoneyError::Negative)),
            ("12\u{A0}₪", Currency::ILS, Ok(1_200)),
            ("\u{200F}₪ 1,250.00\u{200E}", Currency::ILS, Ok(125_000)),
            ("1.250,00 ILS", Currency::ILS, Ok(125_000)),
            ("1,250", Currency::ILS, Ok(125_000)),
            ("1,250", Currency::JOD, two("1250", "1.250")),
            ("1,250 JOD", Currency::JOD, two("1250", "1.250")),
            ("1.250", Currency::ILS, two("1250", "1.250")),
            ("1.250", Currency::JOD, Ok(1_250)),
            ("1,250.000", Currency::JOD, Ok(1_250_000)),
            ("1,250,000", Currency::JOD, Ok(1_250_000_000)),
            ("JOD 5 JOD", Currency::JOD, Ok(5_000)),
            ("JOD 5 ILS", Currency::JOD, Err(MoneyError::OtherCurrency)),
            ("د.إ 5", Currency::JOD, Err(MoneyError::OtherCurrency)),
            ("5 JOD.", Currency::JOD, Ok(5_000)),
            ("5%", Currency::JOD, Err(MoneyError::NotANumber)),
            ("NaN", Currency::JOD, Err(MoneyError::NotANumber)),
            ("5 or 6", Currency::JOD, Err(MoneyError::NotANumber)),
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
                match Money::parse(&money.to_string(), currency) {
                    // Whole dinars between a thousand and a million may be dinars with three decimals.
                    Err(MoneyError::TwoReadings(one, _)) => {
                        prop_assert_eq!((one, currency), (money.major().normalize(), Currency::JOD));
                    }
                    read => prop_assert_eq!(read, Ok(money)),
                }
                prop_assert_eq!(Money::parse(&money.major().to_string(), currency), Ok(money));
            }
        }
    }
}
