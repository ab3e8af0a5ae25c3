//! What stands in a file and is not what it looks like: a text that YAML reads as yes, no, a number or nothing, quotes that
//! are no quotes, spaces that are no spaces. An editor or a word processor puts them there, and nobody sees them.

use base::Lang;
use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

use crate::{Report, locate::Source};

/// Spaces that YAML takes for letters.
const SPACES: [(char, &str); 9] = [
    ('\u{a0}', "a no-break space"),
    ('\u{2007}', "a figure space"),
    ('\u{202f}', "a narrow no-break space"),
    ('\u{3000}', "a wide space"),
    ('\u{2028}', "a line separator"),
    ('\u{2029}', "a paragraph separator"),
    ('\u{200b}', "a zero-width space"),
    ('\u{feff}', "a byte-order mark"),
    ('\u{2060}', "a word joiner"),
];
/// Marks that change the direction of what follows.
const MARKS: [char; 9] =
    ['\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];
/// Those that show letters in another order than they stand in.
const OVERRIDES: [char; 2] = ['\u{202d}', '\u{202e}'];
/// Quotes of typography.
const QUOTES: [char; 10] = ['“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»'];
/// Where the keys of a map are numbers or days.
const NUMBERED: [&str; 2] = ["baseline", "targets"];
/// What is named, so that a number is no number.
const NAMES: [&str; 42] = [
    "pack",
    "service",
    "register",
    "indicator",
    "plan",
    "region",
    "entity",
    "role",
    "cluster",
    "page",
    "objective",
    "intervention",
    "activity",
    "reference",
    "label",
    "source",
    "scheme",
    "code",
    "iban",
    "phone",
    "person-id",
    "email",
    "symbol",
    "currency",
    "time-zone",
    "owner",
    "keeper",
    "topic",
    "part-of",
    "supervisor",
    "responsible",
    "next",
    "then",
    "by",
    "type",
    "id",
    "case",
    "record",
    "payment",
    "posting",
    "observation",
    "prefill",
];
/// Lists of names.
const LISTS: [&str; 14] = [
    "for",
    "partners",
    "after",
    "regions",
    "by",
    "accept",
    "inputs",
    "edits",
    "indicators",
    "requires",
    "roles",
    "weekend",
    "activities",
    "public",
];

/// All of that in a file.
pub(crate) fn pitfalls(source: &Source) -> Vec<Report> {
    let mut found = Vec::new();
    characters(source, &mut found);
    if let Ok(documents) = MarkedYaml::load_from_str(&source.text)
        && let Some(root) = documents.first()
    {
        scalars(source, root, &Place::default(), &mut found);
    }
    found
}

/// Looks at each character and knows whether it stands in quotes.
fn characters(source: &Source, found: &mut Vec<Report>) {
    let mut quoted: Option<char> = None;
    // Below `|` or `>` stands text as it is, as long as it is indented further.
    let mut block: Option<usize> = None;
    for (number, line) in source.text.lines().enumerate() {
        let indented = line.len() - line.trim_start_matches(' ').len();
        if block.is_some_and(|above| line.trim().is_empty() || indented > above) {
            continue;
        }
        let end = line.trim_end().trim_end_matches(['+', '-']);
        block = (quoted.is_none() && (end.ends_with(": |") || end.ends_with(": >"))).then_some(indented);
        // A text may begin here: at the begin of a line, or after a sign of YAML.
        let mut begins = true;
        let mut said = false;
        let mut escaped = false;
        let mut before = ' ';
        for (column, c) in line.chars().enumerate() {
            let mut say = |message: String, help: &str| {
                if !std::mem::replace(&mut said, true) {
                    found.push(source.at(number + 1, column + 1, 1, message, Some(help.to_owned())));
                }
            };
            if OVERRIDES.contains(&c) {
                say(
                    "a sign that nobody sees turns the letters after it round".to_owned(),
                    "take it out: what is read must be what stands there",
                );
            }
            match quoted {
                Some('"') if escaped => escaped = false,
                Some('"') if c == '\\' => escaped = true,
                Some(quote) if c == quote => quoted = None,
                Some(_) => {}
                None if c == '#' && (before == ' ' || column == 0) => break,
                None if begins && (c == '"' || c == '\'') => quoted = Some(c),
                None if begins && QUOTES.contains(&c) => {
                    say(format!("`{c}` is no quote that YAML knows"), "write straight quotes: \"…\"");
                }
                None => {
                    let space = SPACES.iter().find(|(space, _)| *space == c);
                    if let Some((_, name)) = space {
                        say(
                            format!("{name} stands here; it only looks like a space"),
                            "write an ordinary space, or put the text in quotes",
                        );
                    } else if MARKS.contains(&c) {
                        say(
                            "a sign of direction that nobody sees stands here".to_owned(),
                            "take it out, or put the text in quotes",
                        );
                    } else if c == '\t'
                        && !line[..line.char_indices().nth(column).map_or(0, |(at, _)| at)].trim().is_empty()
                    {
                        say("a tab stands here".to_owned(), "write spaces only");
                    }
                }
            }
            begins = quoted.is_none()
                && match c {
                    ' ' => begins || matches!(before, ':' | '-' | ',' | '{' | '['),
                    '[' | '{' => true,
                    _ => false,
                };
            before = c;
        }
    }
}

/// Where a scalar stands.
#[derive(Default, Clone)]
struct Place {
    /// The key that it belongs to, and the one above.
    key: String,
    above: String,
    /// Its keys are languages.
    text: bool,
    in_list: bool,
    /// Below `flows`, whose keys are names of other files and whose values are numbers.
    numbers: bool,
}

fn scalars(source: &Source, node: &MarkedYaml<'_>, place: &Place, found: &mut Vec<Report>) {
    match &node.data {
        YamlData::Mapping(map) => {
            let keys: Vec<String> = map.keys().map(|key| written(source, key).unwrap_or_default()).collect();
            let text = !keys.is_empty() && keys.iter().all(|key| Lang::parse(key).is_some());
            for (key, (node, value)) in keys.iter().zip(map) {
                let numbered = NUMBERED.contains(&place.key.as_str()) || place.key == "of" && place.above == "seats";
                if let Some(what) = read_as(key)
                    && is_plain(source, node)
                    && !(numbered && what.is_number)
                {
                    say(source, node, key, &what, found);
                }
                let below = Place {
                    key: key.clone(),
                    above: place.key.clone(),
                    text,
                    in_list: false,
                    numbers: place.numbers || key == "flows",
                };
                scalars(source, value, &below, found);
            }
        }
        YamlData::Sequence(list) => {
            let below = Place { in_list: true, ..place.clone() };
            list.iter().for_each(|node| scalars(source, node, &below, found));
        }
        YamlData::Tagged(_, inner) => scalars(source, inner, place, found),
        _ => {
            let Some(word) = written(source, node).filter(|_| is_plain(source, node)) else { return };
            let Some(what) = read_as(&word) else { return };
            let named = match place.in_list {
                true => LISTS.contains(&place.key.as_str()),
                false => NAMES.contains(&place.key.as_str()) || place.above == "record" && place.key != "values",
            };
            if place.text || named && !place.numbers {
                say(source, node, &word, &what, found);
            }
        }
    }
}

fn say(source: &Source, node: &MarkedYaml<'_>, word: &str, what: &ReadAs, found: &mut Vec<Report>) {
    let message = format!("«{word}» without quotes is {}, not a text", what.words);
    let help = format!("write it in quotes: \"{word}\"");
    let (line, column) = (node.span.start.line(), node.span.start.col() + 1);
    found.push(source.at(line, column, word.chars().count(), message, Some(help)));
}

/// The scalar as it stands in the file, without quotes.
fn written(source: &Source, node: &MarkedYaml<'_>) -> Option<String> {
    let (start, end) = (node.span.start, node.span.end);
    if start.line() != end.line() {
        return None;
    }
    let line = source.text.lines().nth(start.line().checked_sub(1)?)?;
    let text: String = line.chars().skip(start.col()).take(end.col().saturating_sub(start.col())).collect();
    Some(text.trim().trim_matches(['"', '\'']).to_owned())
}

fn is_plain(source: &Source, node: &MarkedYaml<'_>) -> bool {
    let start = node.span.start;
    let line = source.text.lines().nth(start.line().saturating_sub(1)).unwrap_or_default();
    !matches!(line.chars().nth(start.col()), None | Some('"' | '\'' | '|' | '>' | '&' | '*' | '!'))
}

struct ReadAs {
    words: &'static str,
    is_number: bool,
}

/// What readers of YAML, of this or an older version, take a word for.
fn read_as(word: &str) -> Option<ReadAs> {
    let other = |words| Some(ReadAs { words, is_number: false });
    let number = || Some(ReadAs { words: "a number", is_number: true });
    match word.to_ascii_lowercase().as_str() {
        "yes" | "y" | "true" | "on" => return other("a yes"),
        "no" | "n" | "false" | "off" => return other("a no"),
        "~" | "null" => return other("nothing"),
        ".inf" | "-.inf" | "+.inf" | ".nan" => return number(),
        _ => {}
    }
    let first = word.trim_start_matches(['+', '-']);
    if !first.starts_with(|c: char| c.is_ascii_digit() || c == '.') || !first.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let digits =
        |text: &str, more: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || more.contains(c));
    let lower = first.to_ascii_lowercase();
    if let Some(hex) = lower.strip_prefix("0x") {
        return hex.chars().all(|c| c.is_ascii_hexdigit() || c == '_').then(number).flatten();
    }
    if let Some(rest) = lower.strip_prefix("0o").or_else(|| lower.strip_prefix("0b")) {
        return digits(rest, "_").then(number).flatten();
    }
    let parts: Vec<&str> = first.split('-').collect();
    if let [year, month, day] = parts.as_slice()
        && year.len() == 4
        && digits(year, "")
        && digits(month, "")
        && day.starts_with(|c: char| c.is_ascii_digit())
        && day.chars().all(|c| c.is_ascii_digit() || "tTzZ:. +".contains(c))
    {
        return other("a day");
    }
    if first.contains(':') && first.split(':').all(|part| digits(part, ".") && part.len() <= 2) {
        return other("a time");
    }
    let exponent = lower.split_once('e');
    let is_number = match exponent {
        Some((head, tail)) => digits(head, "._") && digits(tail.trim_start_matches(['+', '-']), ""),
        None => digits(first, "._") && first.matches('.').count() <= 1,
    };
    is_number.then(number).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_text_is_known() {
        for word in
            ["Yes", "no", "ON", "off", "y", "N", "~", "null", "NULL", "true", "False", "2021", "1", "1.0", "-3", "+4"]
        {
            assert!(read_as(word).is_some(), "{word}");
        }
        for word in [
            "2021-01-01",
            "2021-1-1T10:00:00Z",
            "0x1F",
            "0o17",
            "0b11",
            "12:30",
            "12:30:45",
            "1e3",
            "1_000",
            ".5",
            ".inf",
            ".NaN",
        ] {
            assert!(read_as(word).is_some(), "{word}");
        }
        for word in [
            "yesterday",
            "north",
            "none",
            "1st",
            "9.3.1",
            "spring-2021",
            "10:xx",
            "0xZZ",
            "1e",
            "-",
            ".",
            "",
            "2021-22",
            "a1",
            "نعم",
        ] {
            assert!(read_as(word).is_none(), "{word}");
        }
    }
}
