//! Structured creditor references (ISO 11649): `RF`, two check digits, and the payment's own reference. Banks check them
//! before they send the money.

use base::Reference;

/// The reference to write on a transfer, such as `RF18PY7K3M9QX4`.
pub fn creditor_reference(payment: &str) -> String {
    let body: String = payment.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("RF{:02}{body}", 98 - remainder(&format!("{body}RF00")))
}

/// The remainder modulo 97 of the text with A = 10 … Z = 35 (ISO 7064).
fn remainder(text: &str) -> u32 {
    text.chars().fold(0, |rest, c| match c.to_digit(36) {
        Some(value) if value > 9 => (rest * 100 + value) % 97,
        Some(value) => (rest * 10 + value) % 97,
        None => rest,
    })
}

/// An account number (IBAN, ISO 13616) without its spaces and hyphens; `None` where a digit is wrong.
pub fn iban(typed: &str) -> Option<String> {
    let iban = base::reference::plain(typed);
    let fits = (15..=34).contains(&iban.len()) && iban.chars().all(|c| c.is_ascii_alphanumeric());
    let (head, body) = fits.then(|| iban.split_at(4))?;
    let (country, check) = head.split_at(2);
    let is_head = country.chars().all(|c| c.is_ascii_uppercase()) && check.chars().all(|c| c.is_ascii_digit());
    (is_head && remainder(&format!("{body}{head}")) == 1).then_some(iban)
}

/// So many payments are looked for in one text.
const NAMED_MAX: usize = 50;

/// What is left of a text of a bank when it is looked through for references: letters and digits, capital and western,
/// with nothing between them, because banks break lines and put spaces wherever they like.
fn plain(text: &str) -> String {
    base::typed::bare(text).chars().filter(|c| c.is_alphanumeric()).map(|c| c.to_ascii_uppercase()).collect()
}

/// Whether a text of a bank names something that is called by letters and digits, such as a refund.
pub(super) fn is_named_in(id: &str, text: &str) -> bool {
    let (id, text) = (plain(id), plain(text));
    // `…-R1` is not named where `…-R12` is.
    let ends =
        |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit()) || !id.ends_with(|c: char| c.is_ascii_digit());
    text.match_indices(&id).any(|(at, found)| text.get(at + found.len()..).is_some_and(ends))
}

/// The payments that a text of a bank speaks of, each once, in the order of the text: by their structured references, or
/// by their own wherever they stand.
pub fn payments_in(text: &str) -> Vec<String> {
    let plain = plain(text);
    let mut found: Vec<String> = Vec::new();
    for (at, _) in plain.match_indices("PY") {
        let Some(word) = plain.get(at..at + 10) else { continue };
        let Ok(reference) = Reference::parse(word) else { continue };
        let reference = reference.to_string();
        // Where check digits of a structured reference stand before it, they must be right.
        let before = at.checked_sub(4).and_then(|from| plain.get(from..at));
        let before = before.filter(|b| b.starts_with("RF") && b.bytes().skip(2).all(|byte| byte.is_ascii_digit()));
        let is_right = before.is_none_or(|before| format!("{before}{word}") == creditor_reference(&reference));
        if is_right && !found.contains(&reference) && found.len() < NAMED_MAX {
            found.push(reference);
        }
    }
    found
}

/// The refunds out of suspense that a text of a bank speaks of, as an order to the bank has called them.
pub(super) fn sent_back_in(text: &str) -> Vec<String> {
    let plain = plain(text);
    let hex = |at: usize| plain.get(at + 2..at + 18).filter(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()));
    plain.match_indices("SB").filter_map(|(at, _)| hex(at)).map(|hex| format!("SB-{}", hex.to_lowercase())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn check_digits_are_those_of_the_standard() {
        // The example of ISO 11649 as banks print it.
        assert_eq!(creditor_reference("539007547034"), "RF18539007547034");
    }

    #[test]
    fn an_account_number_with_a_wrong_digit_is_none() {
        // The examples of the registry of ISO 13616 for Palestine and Jordan.
        for good in ["PS92 PALS 0000 0000 0400 1234 5670 2", "JO94CBJO0010000000000131000302"] {
            let plain = good.replace(' ', "");
            let around = format!("\u{202A}{}\u{202C}\u{A0}", good.to_lowercase().replace(' ', "\u{2011}"));
            for typed in [good, plain.as_str(), around.as_str()] {
                assert_eq!(iban(typed).as_ref(), Some(&plain), "{typed:?}");
            }
        }
        for wrong in ["PS92PALS000000000400123456703", "PS92", "", "ps92 pals", "12PALS000000000400123456702"] {
            assert_eq!(iban(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn references_are_found_however_a_bank_writes_them() {
        let [one, two] = [1, 99].map(|random| Reference::make("PY", random).unwrap().to_string());
        let structured = creditor_reference(&one);
        let arabic: String =
            one.chars().map(|c| c.to_digit(10).map_or(c, |d| char::from_u32(0x660 + d).unwrap())).collect();
        let (head, tail) = structured.split_at(7);
        for (text, expected) in [
            (format!("{head}\n{tail}"), vec![one.clone()]),
            (format!("رسوم {arabic} شكراً"), vec![one.clone()]),
            (format!("\u{200f}{one}\u{200f}"), vec![one.clone()]),
            (format!("{one} and {two}"), vec![one.clone(), two.clone()]),
            (format!("{structured} {one}"), vec![one.clone()]),
            (format!("COPY {two}"), vec![two.clone()]),
            ("PYPYPYPYPYPY nothing".into(), vec![]),
            (String::new(), vec![]),
        ] {
            assert_eq!(payments_in(&text), expected, "{text}");
        }
    }

    #[test]
    fn a_refund_is_named_by_the_whole_of_its_name() {
        for (text, expected) in [
            ("refund PY-7K3M-9QX4-R1", true),
            ("py7k3m 9qx4 r1 thanks", true),
            ("PY-7K3M-9QX4-R12", false),
            ("PY-7K3M-9QX4", false),
        ] {
            assert_eq!(is_named_in("PY-7K3M-9QX4-R1", text), expected, "{text}");
        }
        assert_eq!(sent_back_in("/SB-00ff00ff00ff00ff/"), ["SB-00ff00ff00ff00ff"]);
        assert!(sent_back_in("SB-12").is_empty());
    }

    proptest! {
        #[test]
        fn a_payment_is_found_in_what_banks_make_of_its_reference(random: u64, place in 0_usize..4) {
            let id = Reference::make("PY", random).unwrap().to_string();
            let structured = creditor_reference(&id);
            let spaced: String = structured.chars().enumerate().flat_map(|(i, c)| [(i > 0 && i % 4 == 0).then_some(' '), Some(c)]).flatten().collect();
            for text in [id.clone(), structured.clone(), spaced, format!("fee {id} thank you"), format!("/INV/{}", id.to_lowercase())] {
                prop_assert_eq!(payments_in(&text), vec![id.clone()], "{}", text);
            }
            // Wrong check digits are no reference.
            let digit = u32::from(structured.as_bytes()[2 + place % 2] - b'0');
            let mut wrong = structured.clone().into_bytes();
            wrong[2 + place % 2] = b'0' + ((digit + 1 + place as u32) % 10) as u8;
            let wrong = String::from_utf8(wrong).unwrap();
            if wrong != structured {
                prop_assert_eq!(payments_in(&wrong), Vec::<String>::new());
            }
        }
    }
}
