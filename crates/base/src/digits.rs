//! Digits: people type ٠-٩, ۰-۹ or 0-9; one is stored.

/// Arabic, Persian and full-width digits and Arabic separators as western ones. What a number is, [`crate::number`]
/// says: it tells the separators apart before they look alike.
pub fn western(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '٫' => '.',
            '٬' | '،' => ',',
            other => digit(other),
        })
        .collect()
}

/// A digit as a western one; any other character as it is.
pub(crate) fn digit(c: char) -> char {
    let zero = match c {
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '０'..='９' => '０',
        other => return other,
    };
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}
