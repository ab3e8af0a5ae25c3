//! Amounts as ISO 20022 writes them: digits, and a dot before the decimals. Anything else is refused by name, because
//! whoever writes a comma may mean decimals or thousands, and one of the two is a thousand times the other.

use base::Currency;

use crate::ledger::POSTING_MAX;

/// Why a text is no amount of a message of the bank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AmountFault {
    #[error("it is missing")]
    Missing,
    #[error("it has a comma, where the standard has a dot before decimals and nothing between thousands")]
    Comma,
    #[error("it has a sign below zero, where the direction says which way the money went")]
    Negative,
    #[error("it is no number")]
    NotANumber,
    #[error("it has more decimals than its currency ({0})")]
    TooManyDecimals(u8),
    #[error("it is too large")]
    TooLarge,
}

/// Minor units of a currency with so many decimals.
pub(super) fn minor(text: &str, decimals: u8) -> Result<i64, AmountFault> {
    let text = text.trim_ascii();
    if text.is_empty() {
        return Err(AmountFault::Missing);
    }
    if text.contains([',', '٫', '٬', '،', '\'', '’']) {
        return Err(AmountFault::Comma);
    }
    if text.starts_with(['-', '−']) {
        return Err(AmountFault::Negative);
    }
    let (whole, rest) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let whole = whole.strip_prefix('+').unwrap_or(whole);
    if !digits(whole) || !digits(rest) || whole.len() + rest.len() == 0 {
        return Err(AmountFault::NotANumber);
    }
    let (whole, rest) = (whole.trim_start_matches('0'), rest.trim_end_matches('0'));
    let places = usize::from(decimals);
    if rest.len() > places {
        return Err(AmountFault::TooManyDecimals(decimals));
    }
    if whole.len() > 16 {
        return Err(AmountFault::TooLarge);
    }
    let all = format!("{whole}{rest:0<places$}");
    let minor: i64 = if all.is_empty() { 0 } else { all.parse().map_err(|_| AmountFault::TooLarge)? };
    if minor > POSTING_MAX { Err(AmountFault::TooLarge) } else { Ok(minor) }
}

/// Minor units where the currency is known here; of any other only that it is an amount at all.
pub(super) fn minor_of(text: &str, currency: Option<Currency>) -> Result<i64, AmountFault> {
    // No currency of ISO 4217 has more than four decimals.
    currency.map_or_else(|| minor(text, 5).map(|_| 0), |currency| minor(text, currency.decimals()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use AmountFault::*;

    #[test]
    fn an_amount_is_read_as_the_standard_writes_it_or_refused_by_name() {
        for (text, decimals, expected) in [
            ("12.50", 2, Ok(1_250)),
            ("12.5", 2, Ok(1_250)),
            ("12", 2, Ok(1_200)),
            ("+12", 2, Ok(1_200)),
            (" 12.50\n", 2, Ok(1_250)),
            ("0012.50000", 2, Ok(1_250)),
            (".5", 2, Ok(50)),
            ("5.", 2, Ok(500)),
            ("0", 2, Ok(0)),
            ("0.00", 3, Ok(0)),
            ("35.000", 3, Ok(35_000)),
            ("35.000", 2, Ok(3_500)),
            ("1.250", 3, Ok(1_250)),
            ("1.250", 2, Ok(125)),
            ("1250", 0, Ok(1_250)),
            ("12.50", 0, Err(TooManyDecimals(0))),
            ("12.345", 2, Err(TooManyDecimals(2))),
            ("12,50", 2, Err(Comma)),
            ("1.250,00", 2, Err(Comma)),
            ("1,250.00", 2, Err(Comma)),
            ("1'250.00", 2, Err(Comma)),
            ("١٢٫٥٠", 2, Err(Comma)),
            ("١٢", 2, Err(NotANumber)),
            ("1 250.00", 2, Err(NotANumber)),
            ("1\u{a0}250.00", 2, Err(NotANumber)),
            ("-12.50", 2, Err(Negative)),
            ("-0", 2, Err(Negative)),
            ("−1", 2, Err(Negative)),
            ("1e3", 2, Err(NotANumber)),
            ("1E3", 2, Err(NotANumber)),
            ("1.2.3", 2, Err(NotANumber)),
            ("12.50 JOD", 2, Err(NotANumber)),
            ("NaN", 2, Err(NotANumber)),
            ("0x10", 2, Err(NotANumber)),
            ("++1", 2, Err(NotANumber)),
            (".", 2, Err(NotANumber)),
            ("", 2, Err(Missing)),
            ("10000000000000.00", 2, Ok(1_000_000_000_000_000)),
            ("10000000000000.01", 2, Err(TooLarge)),
            ("99999999999999999999999", 2, Err(TooLarge)),
        ] {
            assert_eq!(minor(text, decimals), expected, "«{text}» with {decimals} decimals");
        }
    }
}
