//! Telephone numbers, kept in the international form (ITU-T E.164), with their extension where they have one
//! (`+97022981234;ext=12`, RFC 3966).
//!
//! A number without a country is one from here. Both country codes lead to Palestinian numbers, +970 and +972; one is
//! kept. The plan of numbers: ITU-T, "National numbering plans", Palestine and Israel.

/// Why a text is no telephone number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    #[error("it is no telephone number")]
    NotANumber,
    #[error("it has too few digits")]
    TooShort,
    #[error("it has too many digits")]
    TooLong,
    /// It is none from here, and has no country.
    #[error("it has no country")]
    NoCountry,
}

/// A text longer than this is no telephone number that somebody typed.
const LENGTH_MAX: usize = 100;
/// The digits of a number with its country, of the shortest in use and the longest that there are.
const DIGITS: std::ops::RangeInclusive<usize> = 8..=15;
const EXTENSION_DIGITS_MAX: usize = 6;

/// `059…`, `02…`, `00970…`, `+972 59…` or any number with its country, in any usual writing, as it is kept.
///
/// # Errors
/// Where it is no number, says which way.
pub fn parse(text: &str) -> Result<String, PhoneError> {
    if text.len() > LENGTH_MAX {
        return Err(PhoneError::NotANumber);
    }
    let bare = crate::typed::bare(text).to_lowercase();
    let bare = bare.trim();
    let bare = bare.strip_prefix("tel:").unwrap_or(bare);
    let (number, extension) = without_extension(bare)?;
    let joins =
        |c: char| c.is_whitespace() || matches!(c, '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}');
    let plain: String = number.chars().filter(|c| !joins(*c)).collect();
    // Written from right to left, the plus comes last.
    let plain = plain.strip_suffix('+').map_or(plain.clone(), |rest| format!("+{rest}"));
    let international = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    let digits = international.unwrap_or(&plain);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(PhoneError::NotANumber);
    }
    let number = match international {
        Some(digits) => of_country(digits)?,
        // The country without its plus: so many digits no number from here has.
        None if ["970", "972"].iter().any(|code| digits.starts_with(code)) && digits.len() >= 11 => of_country(digits)?,
        None => of_here(digits)?,
    };
    Ok(if extension.is_empty() { format!("+{number}") } else { format!("+{number};ext={extension}") })
}

/// As [`parse`]; `None` where it is no number.
pub fn normalise(text: &str) -> Option<String> {
    parse(text).ok()
}

/// The number before the extension, and the digits of the extension.
fn without_extension(text: &str) -> Result<(&str, String), PhoneError> {
    const WORDS: [&str; 10] = [";ext=", "extension", "ext", "تحويلة", "تحويله", "فرعي", "داخلي", "#", "x", ","];
    let found = WORDS.iter().find_map(|word| text.split_once(word));
    let Some((number, rest)) = found else { return Ok((text, String::new())) };
    let digits: String =
        rest.chars().filter(|c| !c.is_whitespace() && !matches!(c, '.' | ':' | '(' | ')' | '-' | '=')).collect();
    let is_extension =
        (1..=EXTENSION_DIGITS_MAX).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if is_extension { Ok((number.trim_end_matches(['(', ' ', ';']), digits)) } else { Err(PhoneError::NotANumber) }
}

/// A number that begins with its country.
fn of_country(digits: &str) -> Result<String, PhoneError> {
    if let Some(rest) = digits.strip_prefix("970").or_else(|| digits.strip_prefix("972")) {
        // `+970 (0)59…`: the zero is for callers from here.
        let rest = rest.strip_prefix('0').unwrap_or(rest);
        let code = &digits[..3];
        return match shape(rest)? {
            // Numbers that both codes lead to.
            Some(Shape::Jawwal) => Ok(format!("970{rest}")),
            Some(Shape::Line) if is_palestinian_line(rest) => Ok(format!("970{rest}")),
            Some(_) => Ok(format!("{code}{rest}")),
            None => Ok(format!("{code}{rest}")),
        };
    }
    if digits.starts_with('0') {
        return Err(PhoneError::NotANumber);
    }
    match digits.len() {
        length if length < *DIGITS.start() => Err(PhoneError::TooShort),
        length if length > *DIGITS.end() => Err(PhoneError::TooLong),
        _ => Ok(digits.to_owned()),
    }
}

/// A number as it is dialled here.
fn of_here(digits: &str) -> Result<String, PhoneError> {
    let rest = match digits.strip_prefix('0') {
        Some(rest) => rest,
        None if digits.starts_with("59") || digits.starts_with("56") => digits,
        None if digits.len() < *DIGITS.start() => return Err(PhoneError::TooShort),
        None => return Err(PhoneError::NoCountry),
    };
    match shape(rest)? {
        Some(Shape::Jawwal) => Ok(format!("970{rest}")),
        Some(Shape::Line) if is_palestinian_line(rest) => Ok(format!("970{rest}")),
        Some(_) => Ok(format!("972{rest}")),
        None => Err(PhoneError::NoCountry),
    }
}

/// What a number without its country and its zero is.
enum Shape {
    /// 059 and 056.
    Jawwal,
    /// The other mobile numbers, 050 to 058.
    OtherMobile,
    /// 02, 03, 04, 08 and 09.
    Line,
}

/// The shape by the first digits, where its length is right; `None` for others, such as numbers of services.
fn shape(rest: &str) -> Result<Option<Shape>, PhoneError> {
    let (shape, length) = match rest.as_bytes() {
        [b'5', b'9' | b'6', ..] => (Shape::Jawwal, 9),
        [b'5', ..] => (Shape::OtherMobile, 9),
        [b'2' | b'3' | b'4' | b'8' | b'9', ..] => (Shape::Line, 8),
        _ if rest.len() < 6 => return Err(PhoneError::TooShort),
        _ if rest.len() > 10 => return Err(PhoneError::TooLong),
        _ => return Ok(None),
    };
    match rest.len() {
        digits if digits < length => Err(PhoneError::TooShort),
        digits if digits > length => Err(PhoneError::TooLong),
        _ => Ok(Some(shape)),
    }
}

/// Whether the two codes lead to the same line: subscribers of Palestinian exchanges begin with 1 to 4, those of Israeli
/// ones in the same areas with 5 to 9.
fn is_palestinian_line(rest: &str) -> bool {
    !rest.starts_with('3') && matches!(rest.as_bytes().get(1), Some(b'0'..=b'4'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_way_to_write_a_number_is_the_same_number() {
        for (kept, ways) in [
            (
                "+970599123456",
                &[
                    "0599123456",
                    "059 912 3456",
                    "059-912-3456",
                    "(059) 9123456",
                    "059/9123456",
                    "059.912.34.56",
                    "٠٥٩٩١٢٣٤٥٦",
                    "۰۵۹۹۱۲۳۴۵۶",
                    "599123456",
                    "+970 599 123 456",
                    "+970599123456",
                    "+970 (0)59 912 3456",
                    "+9700599123456",
                    "00970-599-123456",
                    "00 970 599 123 456",
                    "970599123456",
                    "+972 59 912 3456",
                    "00972599123456",
                    "972599123456",
                    "٠٠٩٧٠٥٩٩١٢٣٤٥٦",
                    "970599123456+",
                    "\u{202A}+970 59\u{2011}912\u{2011}3456\u{202C}",
                    "\u{202D}0599123456\u{202C}",
                    "\u{FEFF}059\u{A0}912\u{202F}3456\u{200F}",
                    "＋９７０５９９１２３４５６",
                    "059–912–3456",
                    "tel:+970599123456",
                ][..],
            ),
            ("+970569123456", &["0569123456", "056 912 3456", "+972569123456"]),
            (
                "+97022981234",
                &["02 298 1234", "022981234", "(02) 298-1234", "+970 2 298 1234", "+972 2 298 1234", "0097022981234"],
            ),
            ("+97042501234", &["04-2501234", "+97042501234"]),
            ("+97082841234", &["08 284 1234"]),
            ("+97092381234", &["09 2381234", "00972 9 238 1234"]),
            ("+97226281234", &["02 628 1234", "+972 2 628 1234"]),
            ("+972541234567", &["054-123-4567", "+972541234567"]),
            (
                "+97022981234;ext=12",
                &[
                    "02-2981234 ext 12",
                    "02 2981234 ext. 12",
                    "022981234x12",
                    "02 298 1234 تحويلة ١٢",
                    "022981234 #12",
                    "02 2981234 (ext 12)",
                    "+97022981234;ext=12",
                ],
            ),
            ("+96265001234", &["+962 6 500 1234", "00962-6-5001234"]),
            ("+447911123456", &["+44 7911 123456"]),
            ("+12025550123", &["+1 (202) 555-0123"]),
        ] {
            for typed in ways {
                assert_eq!(parse(typed).as_deref(), Ok(kept), "{typed}");
            }
            assert_eq!(parse(kept).as_deref(), Ok(kept), "again {kept}");
        }
    }

    #[test]
    fn what_is_no_number_is_refused_by_its_reason() {
        for (typed, reason) in [
            ("", PhoneError::NotANumber),
            ("phone", PhoneError::NotANumber),
            ("+12ab5678", PhoneError::NotANumber),
            ("+", PhoneError::NotANumber),
            ("+0599123456", PhoneError::NotANumber),
            ("059912345a", PhoneError::NotANumber),
            ("0599123456 ext", PhoneError::NotANumber),
            ("12", PhoneError::TooShort),
            ("059912345", PhoneError::TooShort),
            ("02298123", PhoneError::TooShort),
            ("+97059912345", PhoneError::TooShort),
            ("+44791", PhoneError::TooShort),
            ("05991234567", PhoneError::TooLong),
            ("0599123456/0569123456", PhoneError::TooLong),
            ("0229812345", PhoneError::TooLong),
            ("+4479111234567890", PhoneError::TooLong),
            ("7911123456", PhoneError::NoCountry),
            ("0612345678", PhoneError::NoCountry),
        ] {
            assert_eq!(parse(typed), Err(reason), "{typed}");
        }
    }
}
