//! The fields of a row that indicators read: of a document, or of the text of one, of which the rest is passed over.

use std::borrow::Cow;

use jiff::civil::Date;
use rules::Value;
use serde_json::Value as Json;

use crate::{MICROS, micros};

/// A field of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Field<'a> {
    Missing,
    Document(&'a Json),
    /// The text of a document.
    Text(&'a str),
}

impl<'a> Field<'a> {
    /// The words of a text; nothing else has any.
    fn words(self) -> Option<Cow<'a, str>> {
        match self {
            Field::Document(Json::String(words)) => Some(words.as_str().into()),
            Field::Text(text) => {
                let inner = text.strip_prefix('"')?.strip_suffix('"')?;
                if inner.contains('\\') { serde_json::from_str(text).ok() } else { Some(inner.into()) }
            }
            _ => None,
        }
    }

    /// A small whole number, which needs no care.
    fn small(self) -> Option<i64> {
        match self {
            Field::Text(text) if text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
            _ => None,
        }
    }

    /// What it is in a condition.
    pub fn value(self) -> Value<'a> {
        if let Some(words) = self.words() {
            return Value::Text(words);
        }
        if let Some(small) = self.small() {
            return Value::Number(small.into());
        }
        match self.json() {
            Json::Null => Value::Null,
            Json::Bool(value) => Value::Bool(value),
            Json::Number(number) => Value::number(&number),
            _ => Value::Other,
        }
    }

    /// The document that it is.
    pub fn json(self) -> Json {
        match self {
            Field::Missing => Json::Null,
            Field::Document(json) => json.clone(),
            // What the scanner cut out of a document is one.
            Field::Text(text) => serde_json::from_str(text).unwrap_or_default(),
        }
    }

    /// Its value as a dimension: nothing is an empty one.
    pub fn dimension(self) -> Cow<'a, str> {
        self.words().unwrap_or_else(|| match self.json() {
            Json::Null => "".into(),
            other => other.to_string().into(),
        })
    }

    /// The day that it names.
    pub fn day(self) -> Option<Date> {
        let words = self.words()?;
        plain_day(words.as_bytes()).or_else(|| words.parse().ok())
    }

    /// A number in millionths; what does not fit adds nothing.
    pub fn micros(self) -> Option<i64> {
        match self.small() {
            Some(small) => small.checked_mul(MICROS),
            None => micros(&self.json()),
        }
    }
}

/// `2021-01-31`, as every stored day is.
fn plain_day(words: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = words else { return None };
    let digits = |digits: &[u8]| {
        digits.iter().try_fold(0_i16, |n, digit| digit.is_ascii_digit().then(|| n * 10 + i16::from(digit - b'0')))
    };
    let (month, day) = (digits(&[*m1, *m2])?, digits(&[*d1, *d2])?);
    Date::new(digits(&[*y1, *y2, *y3, *y4])?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Finds the wanted fields in the texts of documents. It remembers the order of keys in the last one, since the
/// documents of one kind have the same.
#[derive(Debug)]
pub(crate) struct Scanner {
    wanted: Vec<String>,
    /// Each key of the last document with the quote that ends it, and its place among the wanted.
    keys: Vec<(String, Option<usize>)>,
}

impl Scanner {
    pub fn new(wanted: Vec<String>) -> Scanner {
        Scanner { wanted, keys: Vec::new() }
    }

    /// The wanted fields of a document, in their order; `None` for a text that is no document.
    pub fn scan<'a>(&mut self, document: &'a str, fields: &mut Vec<Field<'a>>) -> Option<()> {
        fields.clear();
        fields.resize(self.wanted.len(), Field::Missing);
        let mut missing = self.wanted.len();
        let bytes = document.as_bytes();
        let mut at = expect(bytes, space(bytes, 0), b'{')?;
        if bytes.get(at) == Some(&b'}') {
            return Some(());
        }
        for number in 0.. {
            if missing == 0 {
                break;
            }
            at = expect(bytes, space(bytes, at), b'"')?;
            let known = self.keys.get(number).filter(|(key, _)| bytes[at..].starts_with(key.as_bytes()));
            let place = match known {
                Some((key, place)) => {
                    at += key.len();
                    *place
                }
                None => {
                    let end = string_end(bytes, at)?;
                    let place = self.learn(number, document.get(at - 1..end)?);
                    at = end;
                    place
                }
            };
            let from = space(bytes, expect(bytes, space(bytes, at), b':')?);
            let to = value_end(bytes, from)?;
            if let Some(place) = place {
                fields[place] = Field::Text(document.get(from..to)?);
                missing -= 1;
            }
            at = space(bytes, to);
            match bytes.get(at)? {
                b',' => at += 1,
                b'}' => break,
                _ => return None,
            }
        }
        Some(())
    }

    /// Notes a key, given in its quotes, as the one of that number; its place among the wanted.
    fn learn(&mut self, number: usize, quoted: &str) -> Option<usize> {
        let key: Cow<str> = match quoted.contains('\\') {
            true => serde_json::from_str::<String>(quoted).ok()?.into(),
            false => quoted.trim_matches('"').into(),
        };
        let place = self.wanted.iter().position(|wanted| *wanted == key);
        self.keys.truncate(number);
        self.keys.push((quoted[1..].to_owned(), place));
        place
    }
}

fn space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

fn expect(bytes: &[u8], at: usize, wanted: u8) -> Option<usize> {
    (*bytes.get(at)? == wanted).then_some(at + 1)
}

/// Behind the quote that ends a string, given the place behind the one that begins it.
fn string_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// Behind a value, given its begin.
fn value_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at)? {
            b'"' => at = string_end(bytes, at + 1)?,
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.checked_sub(1)?;
                at += 1;
            }
            _ if depth > 0 => at += 1,
            _ => {
                let rest = bytes[at..].iter().position(|b| matches!(b, b',' | b'}' | b']' | b' ' | b'\n'))?;
                return (rest > 0).then_some(at + rest);
            }
        }
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn document() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::from),
            any::<i64>().prop_map(Json::from),
            (-1_000_000_i64..1_000_000).prop_map(|n| json!(n as f64 / 64.0)),
            "[a-z\"\\\\\n\u{1}ع{}\\[\\], :]{0,6}".prop_map(Json::from),
            (0_i32..5000).prop_map(|n| json!(
                Date::constant(2020, 1, 1).checked_add(jiff::Span::new().days(n)).unwrap().to_string()
            )),
        ];
        leaf.prop_recursive(3, 12, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Json::from),
                prop::collection::vec(("[a-d\"\\\\]{1,2}", inner), 0..4)
                    .prop_map(|all| Json::Object(all.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1000, ..ProptestConfig::default() })]

        #[test]
        fn a_text_gives_what_its_document_gives(
            documents in prop::collection::vec(prop::collection::vec(("[a-d\"\\\\]{1,2}", document()), 0..6), 1..4),
            loose in any::<bool>(),
        ) {
            let wanted = ["a", "b", "c\"", "d\\", "aa"];
            let mut scanner = Scanner::new(wanted.iter().map(|name| (*name).to_owned()).collect());
            for document in documents {
                let json = Json::Object(document.into_iter().collect());
                let text = if loose { serde_json::to_string_pretty(&json) } else { serde_json::to_string(&json) }.unwrap();
                let mut fields = Vec::new();
                scanner.scan(&text, &mut fields).unwrap();
                for (name, found) in wanted.iter().zip(fields) {
                    let field = json.get(*name).map_or(Field::Missing, Field::Document);
                    prop_assert_eq!(found.json(), field.json(), "{} in {}", name, &text);
                    prop_assert_eq!(found.value(), field.value());
                    prop_assert_eq!(found.dimension(), field.dimension());
                    prop_assert_eq!(found.micros(), field.micros());
                    prop_assert_eq!(found.day(), field.words().and_then(|words| words.parse().ok()));
                }
            }
        }
    }

    #[test]
    fn what_is_no_document_is_not_read() {
        for text in ["", "[]", "{", "{\"a\"", "{\"a\":", "{\"a\": }", "{\"b\": 1 \"a\": 2}", "{\"a\": [1, \"}"] {
            let mut scanner = Scanner::new(vec!["a".to_owned()]);
            assert_eq!(scanner.scan(text, &mut Vec::new()), None, "{text}");
        }
    }
}
