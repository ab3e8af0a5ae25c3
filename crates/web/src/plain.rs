//! Text that both databases and XML can hold: no NUL, and no other character that stands for nothing.
//!
//! PostgreSQL refuses U+0000, XML 1.0 refuses every control character but tab and line ends, and neither U+FFFE nor
//! U+FFFF is a character. Whoever types cannot mean them, so forms are read without them; whoever programs is told.

/// Whether a character has no place in any text.
pub(crate) fn is_refused(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}' | '\u{fffe}' | '\u{ffff}')
}

/// The text without them.
pub(crate) fn plain(text: String) -> String {
    if text.contains(is_refused) { text.replace(is_refused, "") } else { text }
}

/// Whether a JSON text brings one in any of its strings or keys, as it is or escaped. Backslashes stand only within
/// strings there.
pub(crate) fn json_brings_refused(json: &str) -> bool {
    let mut rest = json.chars();
    while let Some(c) = rest.next() {
        let brought = match c {
            '\\' => match rest.next() {
                Some('b' | 'f') => true,
                Some('u') => rest
                    .as_str()
                    .get(..4)
                    .and_then(|code| u32::from_str_radix(code, 16).ok())
                    .and_then(char::from_u32)
                    .is_some_and(is_refused),
                _ => false,
            },
            c => is_refused(c),
        };
        if brought {
            return true;
        }
    }
    false
}

/// What an address or a part of it says, where it is well formed (RFC 3986, 2.1): every `%` begins a byte, and the bytes
/// are a text.
pub(crate) fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digit = |d: Option<u8>| d.and_then(|d| char::from(d).to_digit(16));
                let (high, low) = (digit(rest.next())?, digit(rest.next())?);
                u8::try_from(high * 16 + low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_what_both_databases_and_xml_can_hold() {
        let kept = "سطر\tأول\r\nثانٍ \u{200f}\u{a0} 🙂 \u{85}";
        assert_eq!(plain(kept.into()), kept);
        let all: String = (0..0x20).filter_map(char::from_u32).chain(['\u{7f}', '\u{fffe}', '\u{ffff}', 'a']).collect();
        assert_eq!(plain(all), "\t\n\ra");
    }

    #[test]
    fn a_json_text_is_looked_through_to_the_last_key() {
        #[track_caller]
        fn check(json: &str, expect: bool) {
            assert_eq!(json_brings_refused(json), expect, "{json}");
        }
        check(r#"{"a": "b\n\t\r\"\\ \/ \u0041 \u0009 \u06F1"}"#, false);
        check(r#"{"a": "\u0000"}"#, true);
        check(r#"{"a\u0000": 1}"#, true);
        check(r#"[[{"a": ["x", {"b": "y\u001F"}]}]]"#, true);
        check(r#"{"a": "\b"}"#, true);
        check(r#"{"a": "\f"}"#, true);
        check(r#"{"a": "\uFFFF"}"#, true);
        check("{\"a\": \"\u{7f}\"}", true);
        // A backslash that is escaped begins nothing.
        check(r#"{"a": "\\u0000"}"#, false);
        check(r#"{"a": "\\\u0000"}"#, true);
        // What is no JSON is told so elsewhere.
        check(r#""\u00"#, false);
        check(r#""\u00ع"#, false);
        check("\\", false);
    }

    #[test]
    fn an_address_is_well_formed_or_it_is_not() {
        for (text, expect) in [
            ("/en/%D8%B1", Some("/en/ر")),
            ("/a%00", Some("/a\0")),
            ("%", None),
            ("/%zz", None),
            ("/%4", None),
            ("/%ff", None),
            ("/%C3%28", None),
            ("/%+1", None),
            ("/%ع", None),
            ("", Some("")),
        ] {
            assert_eq!(percent_decoded(text).as_deref(), expect, "{text}");
        }
    }
}
