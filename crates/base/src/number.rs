//! Numbers as people type them. One reader for forms, programs, tables, tills, loans and budgets: a text is the number
//! that whoever wrote it means, or it is refused with the two numbers that it may be. See decision 29.

use rust_decimal::Decimal;

/// Why a text is no number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    #[error("it is no number")]
    NotANumber,
    /// The two numbers that it may be, as they are to be written.
    #[error("it may be {0} or {1}; write it one of these ways")]
    TwoReadings(Decimal, Decimal),
    #[error("it has more than {0} decimals")]
    TooManyDecimals(u8),
    #[error("it is too large")]
    OutOfRange,
}

/// A text longer than this is no number that somebody typed.
const LENGTH_MAX: usize = 100;

/// No number has more digits.
const DIGITS_MAX: usize = 28;

/// What a number may have after its decimal sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decimals {
    /// So many at most; zero is a whole number.
    Most(u8),
    /// As many as there are.
    Any,
}

/// The number that a text is, in any usual writing: `1250.5`, `1,250.5`, `1.250,5`, `1 250,5`, `1'250.5`, `١٬٢٥٠٫٥`.
///
/// Alone and followed by three digits, a comma may be either sign. Where so many decimals cannot be it stands between
/// thousands; where they can, both are named.
///
/// # Errors
/// Where it is no number, two, or has more decimals than it may. An exponent is no way to write a number here.
pub fn read(text: &str, decimals: Decimals) -> Result<Decimal, NumberError> {
    if text.len() > LENGTH_MAX {
        return Err(NumberError::NotANumber);
    }
    read_signs(signs(text).trim(), decimals)
}

/// The whole number that a text is; `12.00` is 12.
///
/// # Errors
/// Where it is no whole number.
pub fn whole(text: &str) -> Result<i64, NumberError> {
    use rust_decimal::prelude::ToPrimitive;
    read(text, Decimals::Most(0))?.to_i64().ok_or(NumberError::OutOfRange)
}

/// The number of percent that a text is; the sign `%` or `٪` may stand before or after it.
///
/// # Errors
/// As [`read`].
pub fn percent(text: &str, decimals: Decimals) -> Result<Decimal, NumberError> {
    if text.len() > LENGTH_MAX {
        return Err(NumberError::NotANumber);
    }
    let signs = signs(text);
    let (text, sign) = (signs.trim(), ['%', '٪']);
    let text = text.strip_suffix(sign).or_else(|| text.strip_prefix(sign)).unwrap_or(text);
    read_signs(text.trim(), decimals)
}

/// A rate in percent as whole hundredths of a percent (basis points); it has two decimals at most and is not negative.
///
/// # Errors
/// As [`read`].
pub fn basis_points(text: &str) -> Result<i64, NumberError> {
    use rust_decimal::prelude::ToPrimitive;
    let rate = percent(text, Decimals::Most(2))?;
    let points = rate.checked_mul(Decimal::ONE_HUNDRED).and_then(|points| points.to_i64());
    points.filter(|points| *points >= 0).ok_or(NumberError::OutOfRange)
}

/// The number that a cell of a table is. Programs write most tables: beside what [`read`] takes, an exponent is one too.
///
/// # Errors
/// As [`read`].
pub fn cell(text: &str) -> Result<f64, NumberError> {
    // Nearly every cell is digits with a point, and there are millions.
    let is_plain = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-');
    let is_written = |byte: u8| is_plain(byte) || matches!(byte, b'e' | b'E' | b'+');
    let has_digit = text.as_bytes().first().is_some_and(|b| b.is_ascii_digit() || matches!(b, b'-' | b'.' | b'+'))
        && text.as_bytes().last().is_some_and(u8::is_ascii_digit);
    if has_digit && text.bytes().all(is_written) {
        let number: f64 = text.parse().map_err(|_| NumberError::NotANumber)?;
        return if number.is_finite() { Ok(number) } else { Err(NumberError::OutOfRange) };
    }
    let decimal = read(text, Decimals::Any)?;
    decimal.to_string().parse().map_err(|_| NumberError::NotANumber)
}

/// The number that a program wrote: digits, a point, digits, and a minus before them. Nothing else is one.
pub fn exact(text: &str) -> Option<Decimal> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (all_digits(whole) && all_digits(rest)).then(|| Decimal::from_str_exact(text).ok()).flatten()
}

/// A year in four digits, as people write one.
pub fn year(text: &str) -> Option<i16> {
    let text = crate::typed::bare(text);
    let text = text.trim();
    (text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

/// A text with one sign for each meaning: western digits, `-`, plain spaces, one apostrophe; nothing that is not seen.
/// The Arabic separators stay, as they mean one thing only.
pub(crate) fn signs(text: &str) -> String {
    let sign = |c: char| match c {
        '\u{2212}' | '\u{2010}'..='\u{2013}' | '\u{FE63}' => '-',
        '،' => ',',
        '’' | '‘' | 'ʼ' | '′' | '´' | '`' => '\'',
        space if space.is_whitespace() => ' ',
        other => other,
    };
    crate::typed::bare(text).chars().map(sign).collect()
}

/// Reads what [`signs`] gave.
pub(crate) fn read_signs(text: &str, decimals: Decimals) -> Result<Decimal, NumberError> {
    let (negative, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (text.starts_with('-'), rest.trim_start()),
        None => (false, text),
    };
    let found = unsigned(digits, decimals);
    let signed = |number: Decimal| if negative && !number.is_zero() { -number } else { number };
    match found {
        Ok(number) => Ok(signed(number)),
        Err(NumberError::TwoReadings(one, other)) => Err(NumberError::TwoReadings(signed(one), signed(other))),
        Err(error) => Err(error),
    }
}

fn unsigned(text: &str, decimals: Decimals) -> Result<Decimal, NumberError> {
    const NONE: NumberError = NumberError::NotANumber;
    let most = match decimals {
        Decimals::Most(most) => usize::from(most),
        Decimals::Any => DIGITS_MAX,
    };
    let is_separator = |c: char| matches!(c, '.' | ',' | ' ' | '\'' | '٫' | '٬');
    if !text.chars().all(|c| c.is_ascii_digit() || is_separator(c)) {
        return Err(NONE);
    }
    let groups: Vec<&str> = text.split(is_separator).collect();
    let separators: Vec<char> = text.chars().filter(|c| is_separator(*c)).collect();
    let Some((last, before)) = separators.split_last() else { return made(groups[0], "", most) };
    let (fraction, wholes) = groups.split_last().ok_or(NONE)?;
    if fraction.is_empty() {
        return Err(NONE);
    }
    let is_decimal_sign = matches!(last, '.' | ',' | '٫') && !before.contains(last);
    let thousands = |groups: &[&str]| {
        let first = groups.first().map_or(0, |group| group.len());
        (1..=3).contains(&first) && groups[1..].iter().all(|group| group.len() == 3)
    };
    if let Some(separator) = before.first() {
        // `1,250,000` has one sign, `1.250,50` two of which the last stands before the decimals.
        let one_sign = before.iter().all(|sign| sign == separator) && *separator != '٫';
        let whole = wholes.concat();
        return match (one_sign, last == separator, is_decimal_sign) {
            (true, true, _) if thousands(&groups) => made(&groups.concat(), "", most),
            (true, false, true) if thousands(wholes) => made(&whole, fraction, most),
            _ => Err(NONE),
        };
    }
    let whole = wholes[0];
    // `0,250` and `1250,125` cannot be thousands.
    let may_be_thousands = thousands(&groups) && !whole.starts_with('0');
    match last {
        ' ' | '\'' | '٬' if may_be_thousands => made(&groups.concat(), "", most),
        ' ' | '\'' | '٬' => Err(NONE),
        ',' if may_be_thousands && most < 3 => made(&groups.concat(), "", most),
        ',' if may_be_thousands => Err(two(whole, fraction)),
        // Decimals that cannot be are no slip to look past where the sign is a comma: `12,5000`.
        ',' if fraction.len() > most && fraction.len() > 2 => Err(too_many(most)),
        // A point before decimals is how numbers are written here. Yet nobody writes three of them where there are two,
        // or none, and a person from elsewhere means thousands.
        '.' if may_be_thousands && most < 3 => match made(whole, fraction, most) {
            Ok(_) => Err(two(whole, fraction)),
            Err(_) if most == 0 => Err(two(whole, fraction)),
            other => other,
        },
        _ => made(if whole.is_empty() { "0" } else { whole }, fraction, most),
    }
}

/// `1,250` as 1250 and as 1.250.
fn two(whole: &str, fraction: &str) -> NumberError {
    let read = |text: String| Decimal::from_str_exact(&text).unwrap_or_default();
    NumberError::TwoReadings(read(format!("{whole}{fraction}")), read(format!("{whole}.{fraction}")))
}

fn too_many(most: usize) -> NumberError {
    NumberError::TooManyDecimals(u8::try_from(most).unwrap_or(u8::MAX))
}

fn made(whole: &str, fraction: &str, most: usize) -> Result<Decimal, NumberError> {
    if whole.is_empty() {
        return Err(NumberError::NotANumber);
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        digits => digits,
    };
    if fraction.trim_end_matches('0').len() > most {
        return Err(too_many(most));
    }
    if whole.len() + fraction.len() > DIGITS_MAX {
        return Err(NumberError::OutOfRange);
    }
    let text = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
    Decimal::from_str_exact(&text).map_err(|_| NumberError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, decimals: Decimals, expect: Result<&str, NumberError>) {
        let expect = expect.map(|text| Decimal::from_str_exact(text).unwrap());
        assert_eq!(read(typed, decimals), expect, "{typed:?} {decimals:?}");
    }

    fn two(one: &str, other: &str) -> Result<&'static str, NumberError> {
        let read = |text| Decimal::from_str_exact(text).unwrap();
        Err(NumberError::TwoReadings(read(one), read(other)))
    }

    #[test]
    fn each_usual_writing_is_the_number_that_is_meant() {
        for (typed, expect) in [
            ("12,50", "12.50"),
            ("12.50", "12.50"),
            ("١٢٫٥٠", "12.50"),
            ("١٢،٥٠", "12.50"),
            ("۱۲٫۵۰", "12.50"),
            ("１２．５０", "12.50"),
            ("1,250.00", "1250"),
            ("1.250,00", "1250"),
            ("1 250,00", "1250"),
            ("1\u{A0}250,00", "1250"),
            ("1\u{202F}250.00", "1250"),
            ("1\u{2009}250", "1250"),
            ("1'250.00", "1250"),
            ("1’250.00", "1250"),
            ("١٬٢٥٠٫٠٠", "1250"),
            ("١٬٢٥٠", "1250"),
            ("1,250,000", "1250000"),
            ("1.250.000", "1250000"),
            ("1 250 000,5", "1250000.5"),
            ("\u{200F}1,250.00\u{200E}", "1250"),
            ("\u{FEFF}12.5", "12.5"),
            ("\u{202D}12.5\u{202C}", "12.5"),
            ("+5", "5"),
            ("-5", "-5"),
            ("\u{2212}5", "-5"),
            ("\u{200E}- 5", "-5"),
            ("-0", "0"),
            ("007", "7"),
            ("0,5", "0.5"),
            (",5", "0.5"),
            (".5", "0.5"),
            ("1250,00", "1250"),
            ("0.500", "0.5"),
            ("1250.000", "1250"),
            ("1,250.000", "1250"),
        ] {
            check(typed, Decimals::Most(2), Ok(expect));
            check(typed, Decimals::Most(3), Ok(expect));
        }
    }

    #[test]
    fn what_may_be_two_numbers_is_refused_with_both() {
        const NONE: NumberError = NumberError::NotANumber;
        for (typed, most, expect) in [
            ("1,250", 3, two("1250", "1.250")),
            ("-1,250", 3, two("-1250", "-1.250")),
            ("12،125", 6, two("12125", "12.125")),
            ("1,250", 2, Ok("1250")),
            ("1,250", 0, Ok("1250")),
            ("0,250", 3, Ok("0.250")),
            ("1250,125", 3, Ok("1250.125")),
            ("1.250", 3, Ok("1.250")),
            ("١٫٢٥٠", 3, Ok("1.250")),
            ("1.250", 2, two("1250", "1.250")),
            ("1.000", 2, two("1000", "1.000")),
            ("1.250", 0, two("1250", "1.250")),
            ("12.345", 2, Err(NumberError::TooManyDecimals(2))),
            ("1250,125", 2, Err(NumberError::TooManyDecimals(2))),
            ("12,5000", 2, Err(NumberError::TooManyDecimals(2))),
            ("12,5", 0, Err(NumberError::TooManyDecimals(0))),
            ("12.00", 0, Ok("12")),
            ("12 50", 2, Err(NONE)),
            ("1,25,000", 2, Err(NONE)),
            ("1,2500,000", 2, Err(NONE)),
            ("1,250.000,00", 2, Err(NONE)),
            ("1.250,00.5", 2, Err(NONE)),
            ("1'25", 2, Err(NONE)),
            ("١٢٬٥٠", 2, Err(NONE)),
            ("١٫٢٥٠٫٠٠٠", 2, Err(NONE)),
            ("1 250 00", 2, Err(NONE)),
            ("1  250", 2, Err(NONE)),
        ] {
            check(typed, Decimals::Most(most), expect);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for typed in [
            "",
            " ",
            "\u{200F}",
            "-",
            "+",
            ".",
            ",",
            "5.",
            "5,",
            "--5",
            "+-5",
            "5-",
            "(5)",
            "1e3",
            "1E3",
            "NaN",
            "nan",
            "inf",
            "-inf",
            "infinity",
            "0x10",
            "1_000",
            "twelve",
            "١٢ألف",
            "½",
            "5%",
            "1/2",
            "१२",
            "O5",
        ] {
            check(typed, Decimals::Most(2), Err(NumberError::NotANumber));
        }
        check(&"9".repeat(29), Decimals::Any, Err(NumberError::OutOfRange));
        check(&"9".repeat(200), Decimals::Any, Err(NumberError::NotANumber));
        check("0.12345678901234567890123456789", Decimals::Any, Err(NumberError::TooManyDecimals(28)));
    }

    #[test]
    fn whole_numbers_percentages_years_and_cells_have_their_own_ways() {
        assert_eq!(whole("١٬٢٥٠"), Ok(1250));
        assert_eq!(whole("12.5"), Err(NumberError::TooManyDecimals(0)));
        assert_eq!(whole(&"9".repeat(20)), Err(NumberError::OutOfRange));
        for typed in ["12,5%", "٪١٢٫٥", "12.5 %", "12.5\u{A0}٪", "％12.5", "12.5"] {
            assert_eq!(percent(typed, Decimals::Most(2)), Ok(Decimal::new(125, 1)), "{typed}");
        }
        for (typed, expect) in
            [("7,5%", Ok(750)), ("٧٫٢٥", Ok(725)), ("-1", Err(NumberError::OutOfRange)), ("0", Ok(0))]
        {
            assert_eq!(basis_points(typed), expect, "{typed}");
        }
        for (typed, expect) in [("2021", Some(2021)), (" ٢٠٢١\u{200F}", Some(2021)), ("2,021", None), ("21", None)]
        {
            assert_eq!(year(typed), expect, "{typed}");
        }
        for (typed, expect) in [
            ("12.5", Ok(12.5)),
            ("1e-05", Ok(1e-5)),
            ("-1.5E+06", Ok(-1.5e6)),
            ("1,250.5", Ok(1250.5)),
            ("١٢٫٥", Ok(12.5)),
            ("\u{2212}3", Ok(-3.0)),
            ("1e999", Err(NumberError::OutOfRange)),
            ("inf", Err(NumberError::NotANumber)),
            ("NaN", Err(NumberError::NotANumber)),
            ("e5", Err(NumberError::NotANumber)),
            ("..5", Err(NumberError::NotANumber)),
            ("", Err(NumberError::NotANumber)),
        ] {
            assert_eq!(cell(typed), expect, "{typed}");
        }
        assert!(matches!(cell("1,250"), Err(NumberError::TwoReadings(..))));
    }

    #[test]
    fn a_program_writes_a_number_one_way() {
        for (text, expect) in [("12.50", Some("12.50")), ("-3", Some("-3")), ("007", Some("7"))] {
            assert_eq!(exact(text), expect.and_then(|text| Decimal::from_str_exact(text).ok()), "{text}");
        }
        for text in ["", "12,50", "1,250", "+5", "1e3", " 5", "5 ", "5.", ".5", "1 250", "١٢", "NaN", "--5", "1.2.3"]
        {
            assert_eq!(exact(text), None, "{text}");
        }
    }
}
