//! Digits: people type ٠-٩ or 0-9; one is stored.

/// Arabic and Persian digits and separators as western ones.
pub fn western(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '٠'..='٩' => shifted(c, '٠'),
            '۰'..='۹' => shifted(c, '۰'),
            '٫' => '.',
            '٬' | '،' => ',',
            other => other,
        })
        .collect()
}

fn shifted(c: char, zero: char) -> char {
    char::from_digit(c as u32 - zero as u32, 10).unwrap_or(c)
}
