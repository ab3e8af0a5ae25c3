//! Texts as people type and paste them. What cannot be seen is taken out, what looks alike is written one way (Unicode
//! normalisation form C), and what would make a paper say something else than is kept is refused by its name.
//!
//! [`line`] and [`lines`] are the edge: every text that somebody typed goes through one of them.

use unicode_normalization::UnicodeNormalization;

/// A character that a text cannot have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the character {} cannot stand in a text", name(*.0))]
pub struct Unfit(pub char);

/// A text of one line: spaces of any kind are one space, none stand at its ends.
///
/// # Errors
/// Where it has a character that [`is_unfit`].
pub fn line(text: &str) -> Result<String, Unfit> {
    let kept = kept(text)?;
    let words: Vec<&str> = kept.split(is_space).filter(|word| !word.is_empty()).collect();
    Ok(words.join(" "))
}

/// A text of several lines: each line as [`line`] has it, but for the spaces that it begins with, and no empty lines
/// around them.
///
/// # Errors
/// Where it has a character that [`is_unfit`].
pub fn lines(text: &str) -> Result<String, Unfit> {
    let kept = kept(text)?.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n");
    let tidy = |line: &str| {
        let begins: String = line.chars().take_while(|c| matches!(c, ' ' | '\t')).collect();
        let words: Vec<&str> = line.split(is_space).filter(|word| !word.is_empty()).collect();
        if words.is_empty() { String::new() } else { begins + &words.join(" ") }
    };
    let all: Vec<String> = kept.split('\n').map(tidy).collect();
    Ok(all.join("\n").trim().to_owned())
}

/// Whether there is nothing to see in a text.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| is_space(c) || is_invisible(c) || is_joiner(c) || matches!(c, '\u{202D}' | '\u{202E}'))
}

/// The text without anything that cannot be seen, for numbers, telephone numbers, addresses and codes: there no such
/// character has a meaning. Digits are western, full-width and presentation forms plain; spaces stay as they are.
pub fn bare(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c) && !is_joiner(*c) && !matches!(c, '\u{202D}' | '\u{202E}'));
    plain(seen).map(crate::digits::digit).collect()
}

/// Whether a character is refused wherever it stands in a text that is kept: a control character that is no space, an
/// override of the direction of writing (the text would read otherwise than it is kept), a tag, half of what was to be
/// a character, what stands for something that could not be read, or what only one maker's fonts know.
pub fn is_unfit(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' => false,
        '\u{202D}' | '\u{202E}' | '\u{FFF9}'..='\u{FFFD}' | '\u{FDD0}'..='\u{FDEF}' => true,
        '\u{E0000}'..='\u{E007F}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => true,
        other => other.is_control() || other as u32 & 0xFFFE == 0xFFFE,
    }
}

/// The first character of a text that [`is_unfit`], for whoever refuses a text as a whole.
pub fn unfit(text: &str) -> Option<char> {
    text.chars().find(|c| is_unfit(*c))
}

/// A character by its number, and by its name where it is known for its mischief: `U+202E (right-to-left override)`.
pub fn name(c: char) -> String {
    let known = match c {
        '\0' => "null",
        '\u{1B}' => "escape",
        '\u{7F}' => "delete",
        '\u{AD}' => "soft hyphen",
        '\u{A0}' => "no-break space",
        '\u{61C}' => "Arabic letter mark",
        '\u{200B}' => "zero-width space",
        '\u{200C}' => "zero-width non-joiner",
        '\u{200D}' => "zero-width joiner",
        '\u{200E}' => "left-to-right mark",
        '\u{200F}' => "right-to-left mark",
        '\u{202A}' => "left-to-right embedding",
        '\u{202B}' => "right-to-left embedding",
        '\u{202C}' => "pop directional formatting",
        '\u{202D}' => "left-to-right override",
        '\u{202E}' => "right-to-left override",
        '\u{2060}' => "word joiner",
        '\u{2066}' => "left-to-right isolate",
        '\u{2067}' => "right-to-left isolate",
        '\u{2068}' => "first strong isolate",
        '\u{2069}' => "pop directional isolate",
        '\u{FEFF}' => "byte-order mark",
        '\u{FFFC}' => "object replacement",
        '\u{FFFD}' => "replacement of what could not be read",
        '\u{E0000}'..='\u{E007F}' => "tag",
        '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..='\u{10FFFF}' => "private use",
        other if other.is_control() => "control",
        _ => return format!("U+{:04X}", c as u32),
    };
    format!("U+{:04X} ({known})", c as u32)
}

/// Whether it shows as a space. The blank of braille and the fillers of Korean look like one.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{2800}' | '\u{115F}' | '\u{1160}' | '\u{3164}' | '\u{FFA0}')
}

/// Whether it shows as nothing and means nothing in a text that is kept. Joiners are not among them, see
/// [`is_joiner`].
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202C}'
        | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0100}'..='\u{E01EF}')
}

/// The two that say how letters join. They belong inside Persian words and between the parts of some pictures, and
/// nowhere else.
fn is_joiner(c: char) -> bool {
    matches!(c, '\u{200C}' | '\u{200D}')
}

/// Whether a joiner may stand beside this character: letters of the scripts that join, and pictures.
fn takes_joiner(c: char, joiner: char) -> bool {
    let joins = matches!(c, '\u{620}'..='\u{8FF}' | '\u{900}'..='\u{DFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{18AF}')
        && !c.is_numeric()
        && !matches!(c, '\u{66A}'..='\u{66D}' | '\u{6D4}');
    let picture = matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}');
    joins || (joiner == '\u{200D}' && picture)
}

/// Compatibility forms that fonts and old programs left in texts, as the letters that they are.
fn plain(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let mut whole = String::new();
    for c in text {
        match c {
            // A vowel sign by itself is written with a space or a stroke to stand on.
            '\u{FE70}'..='\u{FE7F}' => whole.extend(once(c).nfkc().filter(|c| !matches!(c, ' ' | '\u{640}'))),
            '\u{FB00}'..='\u{FB06}' | '\u{FB50}'..='\u{FDFB}' | '\u{FE80}'..='\u{FEFC}' | '\u{FF01}'..='\u{FF5E}' => {
                whole.extend(once(c).nfkc());
            }
            '\u{1D400}'..='\u{1D7FF}' | '\u{1EE00}'..='\u{1EEFF}' => whole.extend(once(c).nfkc()),
            other => whole.push(other),
        }
    }
    whole.nfc().collect::<Vec<char>>().into_iter()
}

fn once(c: char) -> std::iter::Once<char> {
    std::iter::once(c)
}

/// The text in one form, without what cannot be seen; spaces and line ends as they are.
fn kept(text: &str) -> Result<String, Unfit> {
    if text.is_ascii() {
        return match unfit(text) {
            Some(c) => Err(Unfit(c)),
            None => Ok(text.to_owned()),
        };
    }
    let mut seen: Vec<char> = Vec::with_capacity(text.len());
    for c in text.chars() {
        if is_unfit(c) {
            return Err(Unfit(c));
        }
        if !is_invisible(c) {
            seen.push(c);
        }
    }
    let seen: Vec<char> = plain(seen.into_iter()).collect();
    let mut kept = String::with_capacity(text.len());
    let mut last = None;
    for (place, c) in seen.iter().copied().enumerate() {
        let between = |before: Option<char>| {
            let after = seen.get(place + 1).copied();
            before.is_some_and(|b| takes_joiner(b, c)) && after.is_some_and(|a| takes_joiner(a, c))
        };
        if !is_joiner(c) || between(last) {
            kept.push(c);
            last = Some(c);
        }
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_taken_out_and_what_belongs_to_a_name_stays() {
        for (typed, kept) in [
            ("  Amal   Nasser ", "Amal Nasser"),
            ("Amal\u{A0}\u{202F}Nasser\u{3000}", "Amal Nasser"),
            ("\u{FEFF}Amal\u{200B}", "Amal"),
            ("\u{200F}أمل\u{200E} ناصر\u{61C}", "أمل ناصر"),
            ("\u{202B}أمل\u{202C} \u{2067}ناصر\u{2069}", "أمل ناصر"),
            ("co\u{AD}op\u{2060}erative", "cooperative"),
            ("Cafe\u{301}", "Caf\u{E9}"),
            ("\u{627}\u{653}منة", "آمنة"),
            ("ﺷﺮﻛﺔ ﻻ", "شركة لا"),
            ("ﷲ", "الله"),
            ("مُحَمَّد", "مُحَمَّد"),
            ("O'Brien-Smith’s", "O'Brien-Smith’s"),
            ("می\u{200C}خواهم", "می\u{200C}خواهم"),
            ("\u{200C}می\u{200C}\u{200C}خواهم\u{200C}", "می\u{200C}خواهم"),
            ("Am\u{200C}al\u{200D}", "Amal"),
            ("ه\u{200D}ـ", "ه\u{200D}ـ"),
            ("👩\u{200D}🔧 ❤\u{FE0F}", "👩\u{200D}🔧 ❤"),
            ("ＡＢＣ１", "ABC1"),
            ("ﬁne", "fine"),
            ("a\u{2028}b\tc\r\nd", "a b c d"),
            ("x²", "x²"),
        ] {
            assert_eq!(line(typed).as_deref(), Ok(kept), "{typed:?}");
            assert_eq!(line(kept).as_deref(), Ok(kept), "again {typed:?}");
        }
    }

    #[test]
    fn what_would_read_otherwise_on_paper_is_refused_by_its_name() {
        for (typed, unfit, said) in [
            ("a\u{202E}b", '\u{202E}', "U+202E (right-to-left override)"),
            ("\u{202D}123", '\u{202D}', "U+202D (left-to-right override)"),
            ("a\0b", '\0', "U+0000 (null)"),
            ("a\u{1B}[0m", '\u{1B}', "U+001B (escape)"),
            ("a\u{E0041}", '\u{E0041}', "U+E0041 (tag)"),
            ("caf\u{FFFD}", '\u{FFFD}', "U+FFFD (replacement of what could not be read)"),
            ("a\u{FFFE}", '\u{FFFE}', "U+FFFE"),
            ("a\u{F8FF}", '\u{F8FF}', "U+F8FF (private use)"),
            ("a\u{9B}", '\u{9B}', "U+009B (control)"),
        ] {
            assert_eq!((line(typed), lines(typed)), (Err(Unfit(unfit)), Err(Unfit(unfit))), "{typed:?}");
            assert_eq!(name(unfit), said);
        }
    }

    #[test]
    fn a_value_of_nothing_but_these_is_empty() {
        for blank in
            ["", " ", "\u{A0}", "\u{200B}\u{200E}", "\u{FEFF}", "\u{AD}", "\u{200C}", "\u{2800}\u{3164}", "\u{FE0F}"]
        {
            assert!(is_blank(blank), "{blank:?}");
            assert_eq!(line(blank).as_deref(), Ok(""), "{blank:?}");
            assert_eq!(lines(blank).as_deref(), Ok(""), "{blank:?}");
        }
        assert!(!is_blank("\u{200B}a") && !is_blank("-"));
    }

    #[test]
    fn lines_stay_lines() {
        let typed = "\u{FEFF}\r\n  First\u{A0}line  \r\rsecond\u{2028}\u{200F}third \n";
        assert_eq!(lines(typed).as_deref(), Ok("First line\n\nsecond\nthird"));
        assert_eq!(lines("a\n  - b").as_deref(), Ok("a\n  - b"));
    }

    #[test]
    fn numbers_and_addresses_have_none_of_it() {
        assert_eq!(bare("\u{202D}+٩٧٠\u{A0}۵۹９\u{202C}\u{200F}"), "+970\u{A0}599");
    }
}
