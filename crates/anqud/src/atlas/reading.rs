//! How files of other offices are read: their encodings, their decimals, what they write where a value is missing.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    path::Path,
};

use clap::{Args, ValueEnum};

use super::{Failure, input::Bad};

/// A file may be this long at most: it is held in memory once.
const FILE_BYTES_MAX: u64 = 2 << 30;

/// What offices write differently.
#[derive(Debug, Clone, Copy, Default, Args)]
pub(crate) struct Reading {
    /// What to do where a value is missing: an empty cell, «..», «:», «NA», «n/a», «-» or «…»
    #[arg(long, value_enum, default_value_t)]
    pub missing: Missing,
    /// Which sign stands before decimals, where the numbers themselves do not tell
    #[arg(long, value_enum, default_value_t)]
    pub decimal: Decimal,
    /// What to do where the same place and activity stand twice
    #[arg(long, value_enum, default_value_t)]
    pub duplicates: Duplicates,
    /// How files are encoded that are not UTF-8 and say nothing
    #[arg(long, value_enum, default_value_t)]
    pub encoding: Encoding,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Missing {
    #[default]
    Refuse,
    /// Leave them out and say how many there were
    Skip,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Decimal {
    /// As each number shows; one that can be read in two ways is refused
    #[default]
    Auto,
    Point,
    Comma,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Duplicates {
    #[default]
    Refuse,
    Sum,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Encoding {
    #[default]
    Utf8,
    /// ISO 8859-1, of Western Europe
    Latin1,
}

impl Reading {
    /// The text of a file, whatever it is encoded in, without a byte-order mark.
    pub(crate) fn text(self, path: &Path) -> Result<String, Failure> {
        let length = std::fs::metadata(path).map_err(|error| Failure::file(path, error))?.len();
        if length > FILE_BYTES_MAX {
            return Err(Failure::file(path, "the file is longer than 2 GiB; divide it"));
        }
        let bytes = std::fs::read(path).map_err(|error| Failure::file(path, error))?;
        self.decoded(bytes).map_err(|why| Failure::file(path, why))
    }

    pub(crate) fn decoded(self, bytes: Vec<u8>) -> Result<String, String> {
        let sixteen = |from: usize, unit: fn([u8; 2]) -> u16| {
            let units = bytes[from..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
            let whole = bytes.len().is_multiple_of(2);
            let text: Option<String> = char::decode_utf16(units).map(Result::ok).collect();
            text.filter(|_| whole).ok_or_else(|| "the file begins as UTF-16 and is broken; save it as UTF-8".to_owned())
        };
        // Of Western letters in UTF-16 every second byte is nothing.
        let start = &bytes[..bytes.len().min(64)];
        let nothing =
            |odd: usize| start.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count() * 4 > start.len();
        match bytes.as_slice() {
            [0xff, 0xfe, ..] => return sixteen(2, u16::from_le_bytes),
            [0xfe, 0xff, ..] => return sixteen(2, u16::from_be_bytes),
            _ if nothing(1) => return sixteen(0, u16::from_le_bytes),
            _ if nothing(0) => return sixteen(0, u16::from_be_bytes),
            _ => {}
        }
        let bytes = match bytes.strip_prefix(b"\xef\xbb\xbf") {
            Some(rest) => rest.to_vec(),
            None => bytes,
        };
        match String::from_utf8(bytes) {
            Ok(text) => Ok(text),
            Err(error) if self.encoding == Encoding::Latin1 => {
                Ok(error.as_bytes().iter().map(|byte| char::from(*byte)).collect())
            }
            Err(error) => {
                let line = error.as_bytes()[..error.utf8_error().valid_up_to()].iter().filter(|b| **b == b'\n').count();
                Err(format!(
                    "line {}: the row is not UTF-8; save the file as CSV in UTF-8, or say --encoding latin1 where it is \
                     of Western Europe",
                    line + 1
                ))
            }
        }
    }
}

/// The numbers of one file: how its decimals are written must be the same throughout.
pub(crate) struct Numbers {
    reading: Reading,
    missing: Cell<usize>,
    /// A number that shows that a comma, and one that shows that a point stands before decimals.
    comma: RefCell<Option<String>>,
    point: RefCell<Option<String>>,
}

impl Numbers {
    pub(crate) fn new(reading: Reading) -> Numbers {
        Numbers { reading, missing: Cell::new(0), comma: RefCell::default(), point: RefCell::default() }
    }

    /// A number, or `None` where it is missing and that is allowed.
    pub(crate) fn read(&self, cell: Option<&str>) -> Result<Option<f64>, Bad> {
        let cell = cell.unwrap_or_default().trim();
        if is_missing(cell) {
            self.missing.set(self.missing.get() + 1);
            return match self.reading.missing {
                Missing::Skip => Ok(None),
                Missing::Refuse if cell.is_empty() => Err(Bad::Row(
                    "the value is empty; write 0, or leave the row out where it is not known (--missing skip leaves such \
                     rows out)"
                        .to_owned(),
                )),
                Missing::Refuse => Err(Bad::Row(format!(
                    "«{cell}» says that the value is missing; leave the row out, or say --missing skip"
                ))),
            };
        }
        match parse(cell, self.reading.decimal) {
            Ok((value, shows)) => {
                let seen = match shows {
                    Shows::Nothing => return Ok(Some(value)),
                    Shows::Comma => &self.comma,
                    Shows::Point => &self.point,
                };
                if seen.borrow().is_none() {
                    *seen.borrow_mut() = Some(cell.to_owned());
                }
                match (&*self.comma.borrow(), &*self.point.borrow()) {
                    (Some(comma), Some(point)) => Err(Bad::File(format!(
                        "decimals stand after a comma in «{comma}» and after a point in «{point}»; write them in one way, \
                         or say --decimal comma or --decimal point"
                    ))),
                    _ => Ok(Some(value)),
                }
            }
            Err(Unread::Two(one, other)) => Err(Bad::Row(format!(
                "«{cell}» is {one} with a decimal comma and {other} with a comma between thousands; say --decimal comma or \
                 --decimal point"
            ))),
            Err(Unread::None) => Err(Bad::Row(format!(
                "«{cell}» is no number; write digits with a point before decimals and nothing between thousands"
            ))),
        }
    }

    /// Says how many values were missing, if any were left out.
    pub(crate) fn told(&self, path: &Path) {
        let count = self.missing.get();
        if count > 0 && self.reading.missing == Missing::Skip {
            let rows = if count == 1 { "1 value is" } else { "values are" };
            let told = if count == 1 { rows.to_owned() } else { format!("{count} {rows}") };
            eprintln!("{}: {told} missing and left out", path.display());
        }
    }
}

/// What offices write where there is no value.
pub(crate) fn is_missing(cell: &str) -> bool {
    const MARKS: [&str; 14] = ["", "..", "...", "…", ":", "-", "–", "—", "na", "n/a", "n.a.", "null", "nan.", "غ.م"];
    let lower = cell.to_lowercase();
    // Eurostat writes a flag behind the sign.
    MARKS.contains(&lower.as_str()) || lower.strip_prefix(": ").is_some_and(|flag| flag.len() <= 2)
}

/// What a number shows of how decimals are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shows {
    Nothing,
    Comma,
    Point,
}

#[derive(Debug, PartialEq)]
enum Unread {
    None,
    /// With a decimal comma, and with a comma between thousands.
    Two(String, String),
}

/// Reads a number as people and offices write it. A group between thousands has three digits.
fn parse(cell: &str, decimal: Decimal) -> Result<(f64, Shows), Unread> {
    let western = match cell.is_ascii() {
        true => Cow::Borrowed(cell),
        // The Arabic sign between thousands is never one before decimals.
        false => Cow::Owned(base::digits::western(&cell.replace('\u{66c}', "'"))),
    };
    let finite = |text: &str| text.parse::<f64>().ok().filter(|value| value.is_finite()).ok_or(Unread::None);
    let plain = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | '+' | 'e' | 'E');
    if decimal != Decimal::Comma && western.chars().all(plain) && western.matches('.').count() <= 1 {
        // A point before three digits may stand between thousands only where decimals stand after a comma: then others
        // in the file show it.
        let shows = if western.contains('.') { Shows::Point } else { Shows::Nothing };
        return Ok((finite(&western)?, if decimal == Decimal::Auto { shows } else { Shows::Nothing }));
    }
    let text: String = western
        .chars()
        .map(|c| match c {
            '\u{2212}' | '\u{2013}' => '-',
            '\u{66b}' => ',',
            '\u{66c}' | '\u{2019}' => '\'',
            c if c.is_whitespace() => ' ',
            c => c,
        })
        .collect();
    let (sign, digits) = match text.strip_prefix(['-', '+']) {
        Some(rest) => (if text.starts_with('-') { "-" } else { "" }, rest.trim_start()),
        None => ("", text.as_str()),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit())
        || digits.chars().any(|c| !c.is_ascii_digit() && !" ',.".contains(c))
    {
        return Err(Unread::None);
    }
    let grouped = |text: &str, between: char| {
        let groups: Vec<&str> = text.split(between).collect();
        let right = groups.iter().skip(1).all(|group| group.len() == 3) && (1..=3).contains(&groups[0].len());
        let all = groups.concat();
        (right && all.bytes().all(|byte| byte.is_ascii_digit())).then_some(all)
    };
    // Whole digits, perhaps in groups between which one of these signs stands.
    let whole = |text: &str, signs: &[char]| {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text.to_owned());
        }
        signs.iter().find_map(|sign| grouped(text, *sign))
    };
    let fraction = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()) && !text.is_empty();
    let read = |point: char, signs: &[char]| -> Option<String> {
        let found = match digits.rsplit_once(point) {
            Some((head, tail)) if fraction(tail) => format!("{}.{tail}", whole(head, signs)?),
            Some(_) => return None,
            None => whole(digits, signs)?,
        };
        Some(format!("{sign}{found}"))
    };
    let with_comma = read(',', &['.', ' ', '\'']);
    let with_point = read('.', &[',', ' ', '\'']);
    let shows = |shows: Shows| if digits.contains([',', '.']) { shows } else { Shows::Nothing };
    match (decimal, with_comma, with_point) {
        (Decimal::Comma, Some(text), _) | (Decimal::Point, _, Some(text)) => Ok((finite(&text)?, Shows::Nothing)),
        (Decimal::Comma | Decimal::Point, ..) => Err(Unread::None),
        (_, Some(one), Some(other)) if one == other => Ok((finite(&one)?, Shows::Nothing)),
        (_, Some(one), Some(other)) => Err(Unread::Two(one, other)),
        (_, Some(text), None) => Ok((finite(&text)?, shows(Shows::Comma))),
        (_, None, Some(text)) => Ok((finite(&text)?, shows(Shows::Point))),
        (_, None, None) => Err(Unread::None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_offices_write_them_or_refused() {
        let two = |one: &str, other: &str| Err(Unread::Two(one.to_owned(), other.to_owned()));
        for (cell, expected) in [
            ("12", Ok(12.0)),
            ("-12.5", Ok(-12.5)),
            ("1e3", Ok(1000.0)),
            ("1.234", Ok(1.234)),
            ("12,5", Ok(12.5)),
            ("0,05", Ok(0.05)),
            ("1,234.56", Ok(1234.56)),
            ("1.234,56", Ok(1234.56)),
            ("1,234,567", Ok(1_234_567.0)),
            ("1.234.567", Ok(1_234_567.0)),
            ("1 234", Ok(1234.0)),
            ("1\u{a0}234,5", Ok(1234.5)),
            ("1\u{202f}234\u{202f}567", Ok(1_234_567.0)),
            ("1'234.5", Ok(1234.5)),
            ("1’234", Ok(1234.0)),
            ("−7", Ok(-7.0)),
            ("١٢٫٥", Ok(12.5)),
            ("١٬٢٣٤", Ok(1234.0)),
            ("1,234", two("1.234", "1234")),
            ("-12,345", two("-12.345", "-12345")),
            ("1,23,456", Err(Unread::None)),
            ("12 34", Err(Unread::None)),
            ("1.2.3", Err(Unread::None)),
            ("1,2,3", Err(Unread::None)),
            ("many", Err(Unread::None)),
            ("NaN", Err(Unread::None)),
            ("inf", Err(Unread::None)),
            ("1e999", Err(Unread::None)),
            (",5", Err(Unread::None)),
            ("5,", Err(Unread::None)),
            ("(5)", Err(Unread::None)),
            ("5 %", Err(Unread::None)),
        ] {
            assert_eq!(parse(cell, Decimal::Auto).map(|(value, _)| value), expected, "{cell}");
        }
        for (cell, comma, point) in [("1,234", 1.234, 1234.0), ("1.234", 1234.0, 1.234), ("1 234", 1234.0, 1234.0)] {
            assert_eq!(parse(cell, Decimal::Comma).map(|(value, _)| value), Ok(comma), "{cell}");
            assert_eq!(parse(cell, Decimal::Point).map(|(value, _)| value), Ok(point), "{cell}");
        }
    }

    #[test]
    fn decimals_of_one_file_are_written_in_one_way() {
        let all = |cells: &[&str]| {
            let numbers = Numbers::new(Reading::default());
            cells.iter().all(|cell| numbers.read(Some(cell)).is_ok())
        };
        assert!(all(&["1,5", "2,75", "3", "1.234,5", "1 000"]));
        assert!(all(&["1.5", "2.75", "3", "1,234.5"]));
        assert!(!all(&["1,5", "2.75"]));
        assert!(!all(&["1.234", "2,75"]));
    }

    #[test]
    fn what_is_missing_is_known_and_counted() {
        for cell in ["", "..", ":", "NA", "n/a", "N/A", "-", "…", "...", "–", ": c", "na"] {
            assert!(is_missing(cell), "{cell}");
            assert!(Numbers::new(Reading::default()).read(Some(cell)).is_err(), "{cell}");
            let numbers = Numbers::new(Reading { missing: Missing::Skip, ..Reading::default() });
            assert!(matches!(numbers.read(Some(cell)), Ok(None)), "{cell}");
            assert_eq!(numbers.missing.get(), 1);
        }
        for cell in ["0", "-1", "x", "none", ".", "1..2"] {
            assert!(!is_missing(cell), "{cell}");
        }
    }

    #[test]
    fn files_of_all_encodings_are_read() {
        let text = "place,activity,value\r\nرام الله,a,1\r\n";
        let sixteen = |mark: bool, bytes: fn(u16) -> [u8; 2], text: &str| -> Vec<u8> {
            let mark = if mark { "\u{feff}" } else { "" };
            format!("{mark}{text}").encode_utf16().flat_map(bytes).collect()
        };
        for bytes in [
            text.as_bytes().to_vec(),
            format!("\u{feff}{text}").into_bytes(),
            sixteen(true, u16::to_le_bytes, text),
            sixteen(true, u16::to_be_bytes, text),
            sixteen(false, u16::to_le_bytes, text),
            sixteen(false, u16::to_be_bytes, text),
        ] {
            assert_eq!(Reading::default().decoded(bytes).as_deref(), Ok(text));
        }
        let latin = b"place,activity,value\nBrno,a,1\nM\xe9rida,a,1\n".to_vec();
        let told = Reading::default().decoded(latin.clone()).unwrap_err();
        assert!(told.starts_with("line 3: the row is not UTF-8"), "{told}");
        let reading = Reading { encoding: Encoding::Latin1, ..Reading::default() };
        assert!(reading.decoded(latin).unwrap().contains("Mérida"));
        assert!(Reading::default().decoded(vec![0xff, 0xfe, 0x41]).is_err());
    }
}
