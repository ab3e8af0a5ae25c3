//! Identity numbers: nine digits; alternate weights 1 and 2, digit sums, modulo 10.

/// Whether the last digit checks the others.
pub fn is_valid(text: &str) -> bool {
    text.len() == 9 && text.bytes().all(|b| b.is_ascii_digit()) && sum(text).is_multiple_of(10)
}

/// The number with its check digit; of `first_eight` the last eight digits count.
pub fn complete(first_eight: u32) -> String {
    let eight = format!("{:08}", first_eight % 100_000_000);
    let check = (10 - sum(&eight) % 10) % 10;
    format!("{eight}{check}")
}

fn sum(digits: &str) -> u32 {
    let weighted = digits.bytes().enumerate().map(|(place, byte)| {
        let product = u32::from(byte - b'0') * if place % 2 == 0 { 1 } else { 2 };
        product / 10 + product % 10
    });
    weighted.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digit_is_found() {
        for first in [0, 1, 40_512_345, 90_123_456] {
            let good = complete(first);
            assert!(is_valid(&good), "{good}");
            for place in 0..9 {
                let mut bytes = good.clone().into_bytes();
                bytes[place] = b'0' + (bytes[place] - b'0' + 1) % 10;
                assert!(!is_valid(&String::from_utf8(bytes).unwrap()), "{good} at {place}");
            }
        }
        assert!(!is_valid("12345678") && !is_valid("١٢٣٤٥٦٧٨٢"));
    }
}
