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

/// The payment that a text of a bank speaks of: by its structured reference, or by its own wherever it stands.
pub fn payment_in(text: &str) -> Option<String> {
    let plain: String =
        base::typed::bare(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_ascii_uppercase();
    let bytes = plain.as_bytes();
    (0..bytes.len().saturating_sub(9)).find_map(|at| {
        let word = plain.get(at..at + 10).filter(|word| word.starts_with("PY"))?;
        let reference = Reference::parse(word).ok()?.to_string();
        // Where check digits of a structured reference stand before it, they must be right.
        let before = at.checked_sub(4).and_then(|from| plain.get(from..at)).filter(|before| before.starts_with("RF"));
        match before {
            Some(before) => (format!("{before}{word}") == creditor_reference(&reference)).then_some(reference),
            None => Some(reference),
        }
    })
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

    proptest! {
        #[test]
        fn a_payment_is_found_in_what_banks_make_of_its_reference(random: u64, place in 0_usize..4) {
            let id = Reference::make("PY", random).unwrap().to_string();
            let structured = creditor_reference(&id);
            let spaced: String = structured.chars().enumerate().flat_map(|(i, c)| [(i > 0 && i % 4 == 0).then_some(' '), Some(c)]).flatten().collect();
            for text in [id.clone(), structured.clone(), spaced, format!("fee {id} thank you"), format!("/INV/{}", id.to_lowercase())] {
                prop_assert_eq!(payment_in(&text), Some(id.clone()), "{}", text);
            }
            // Wrong check digits are no reference.
            let digit = u32::from(structured.as_bytes()[2 + place % 2] - b'0');
            let mut wrong = structured.clone().into_bytes();
            wrong[2 + place % 2] = b'0' + ((digit + 1 + place as u32) % 10) as u8;
            let wrong = String::from_utf8(wrong).unwrap();
            if wrong != structured {
                prop_assert_eq!(payment_in(&wrong), None);
            }
        }
    }
}
