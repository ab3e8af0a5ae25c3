//! References such as `SL-7K3M-9QX4`: they can be read out on a telephone, and a slip of the tongue is found.

use std::fmt;

/// 29 symbols without those that look or sound like others; a prime number of them, so that the weighted sum finds
/// every single wrong symbol and every swap of neighbours.
const SYMBOLS: &[u8; 29] = b"23456789ACDEFGHJKMNPQRTVWXYZB";

/// The reference of a case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

/// Why a text is no reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ReferenceError {
    #[error("a reference has two letters and eight symbols, such as SL-7K3M-9QX4")]
    Shape,
    #[error("the reference has a mistake in it: its last symbol does not fit the others")]
    Check,
}

impl Reference {
    /// A reference with these two letters; `random` chooses among 29^7 (1.7 * 10^10).
    pub fn make(prefix: &str, mut random: u64) -> Result<Reference, ReferenceError> {
        if prefix.len() != 2 || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(ReferenceError::Shape);
        }
        let mut body = [0_u8; 8];
        for symbol in &mut body[..7] {
            *symbol = SYMBOLS[(random % 29) as usize];
            random /= 29;
        }
        body[7] = SYMBOLS[check(prefix.as_bytes(), &body[..7])];
        let body = String::from_utf8_lossy(&body);
        Ok(Reference(format!("{prefix}-{}-{}", &body[..4], &body[4..])))
    }

    /// Reads a reference as people type it: small letters, spaces, no hyphens, Arabic digits.
    pub fn parse(text: &str) -> Result<Reference, ReferenceError> {
        let plain = plain(text);
        if plain.len() != 10 || !plain.is_ascii() {
            return Err(ReferenceError::Shape);
        }
        let (prefix, body) = plain.split_at(2);
        let known = body.bytes().all(|b| SYMBOLS.contains(&b));
        if !known || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
            return Err(ReferenceError::Shape);
        }
        if body.as_bytes()[7] != SYMBOLS[check(prefix.as_bytes(), &body.as_bytes()[..7])] {
            return Err(ReferenceError::Check);
        }
        Ok(Reference(format!("{prefix}-{}-{}", &body[..4], &body[4..])))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A number as twelve symbols that can be read out, such as `7K3M-9QX4-2HDA`: 29^12 (3.5 * 10^17) of them.
pub fn spoken(mut number: u64) -> String {
    let mut symbols = String::with_capacity(14);
    for place in 0..12 {
        if place > 0 && place % 4 == 0 {
            symbols.push('-');
        }
        symbols.push(char::from(SYMBOLS[(number % 29) as usize]));
        number /= 29;
    }
    symbols
}

/// Whether somebody typed what [`spoken`] gives, of whatever number.
pub fn is_spoken(typed: &str) -> bool {
    let plain = plain(typed);
    plain.len() == 12 && plain.bytes().all(|symbol| SYMBOLS.contains(&symbol))
}

/// What people type when they copy symbols, without the hyphens and spaces that they may put anywhere.
pub fn plain(typed: &str) -> String {
    crate::typed::bare(typed)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '_'))
        .map(|c| c.to_ascii_uppercase())
        .collect()
}

/// The weighted sum of the letters and symbols modulo 29.
fn check(prefix: &[u8], body: &[u8]) -> usize {
    let place = |b: &u8| SYMBOLS.iter().position(|s| s == b).unwrap_or(0);
    let letters = prefix.iter().map(|b| usize::from(b - b'A'));
    let sum: usize = letters.chain(body.iter().map(place)).enumerate().map(|(i, value)| (i + 2) * value).sum();
    (29 - sum % 29) % 29
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn people_may_type_it_as_they_like() {
        let reference = Reference::make("SL", 123_456_789).unwrap();
        let typed = reference.as_str().to_lowercase().replace('-', " ");
        assert_eq!(Reference::parse(&typed).as_ref(), Ok(&reference));
        for around in [
            format!("\u{200F}{reference}\u{200E}"),
            reference.as_str().replace('-', "\u{2013}"),
            format!("\u{FEFF}{typed}\u{A0}"),
        ] {
            assert_eq!(Reference::parse(&around).as_ref(), Ok(&reference), "{around:?}");
        }
        assert_eq!(Reference::parse("hello"), Err(ReferenceError::Shape));
    }

    #[test]
    fn a_number_can_be_read_out() {
        assert_eq!(spoken(0), "2222-2222-2222");
        assert_eq!(spoken(29), "2322-2222-2222");
        assert!(is_spoken("2322 2222-2222") && !is_spoken("2322-2222") && !is_spoken("2322-2222-222I"));
        assert_eq!(plain(" 7k3m 9QX4–2h\u{2011}da "), "7K3M9QX42HDA");
    }

    proptest! {
        #[test]
        fn a_wrong_symbol_or_a_swap_is_found(random: u64, place in 0_usize..8, other in 0_usize..29) {
            let good = Reference::make("SL", random).unwrap().as_str().replace('-', "");
            let mut wrong = good.clone().into_bytes();
            wrong[2 + place] = SYMBOLS[other];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(Reference::parse(&wrong).is_ok(), wrong == good);
            if place < 7 {
                let mut swapped = good.clone().into_bytes();
                swapped.swap(2 + place, 3 + place);
                let swapped = String::from_utf8(swapped).unwrap();
                prop_assert_eq!(Reference::parse(&swapped).is_ok(), swapped == good);
            }
        }
    }
}
