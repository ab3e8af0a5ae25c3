//! Currencies and their decimals (ISO 4217), and how people name them beside an amount.

/// A currency and how many decimals it has (ISO 4217).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency {
    code: [u8; 3],
    decimals: u8,
}

/// The codes in use in 2025 that money may be in, by the number of their decimals. Metals, funds and codes for tests
/// have none and are left out.
const CODES: [(u8, &str); 4] = [
    (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
    (
        2,
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF \
     CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL \
     HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU \
     MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR \
     SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED \
     VES WST XAD XCD XCG YER ZAR ZMW ZWG",
    ),
    (3, "BHD IQD JOD KWD LYD OMR TND"),
    (4, "CLF UYW"),
];

/// Signs, short forms and words that stand beside amounts, as [`beside`] writes them, and the currencies that they name.
/// Whoever writes one in a question of such a currency means that one.
const NAMED: &[(&[&str], &str)] = &[
    (&["₪", "nis", "شج", "شيكل", "شواكل", "شيقل", "شواقل", "shekel", "shekels"], "ILS"),
    (&["$"], "USD AUD CAD NZD SGD HKD MXN ARS CLP COP TWD"),
    (&["us$"], "USD"),
    (&["دولار", "دولارا", "دولارات", "dollar", "dollars"], "USD AUD CAD NZD SGD HKD TWD"),
    (&["jd", "jds", "دأ", "دا"], "JOD"),
    (&["دينار", "دينارا", "دنانير", "dinar", "dinars"], "JOD KWD BHD IQD TND DZD LYD RSD MKD"),
    (&["دك"], "KWD"),
    (&["دب"], "BHD"),
    (&["دع"], "IQD"),
    (&["دت"], "TND"),
    (&["دج"], "DZD"),
    (&["دل"], "LYD"),
    (&["€", "يورو", "euro", "euros"], "EUR"),
    (&["£"], "GBP EGP SYP LBP SDG"),
    (&["جنيه", "جنيها", "جنيهات"], "EGP GBP SDG"),
    (&["جم"], "EGP"),
    (&["ليرة", "ليرات"], "LBP SYP TRY"),
    (&["لل"], "LBP"),
    (&["لس"], "SYP"),
    (&["₺", "tl"], "TRY"),
    (&["ريال", "ريالا", "ريالات"], "SAR QAR OMR YER IRR"),
    (&["رس", "sr"], "SAR"),
    (&["رق"], "QAR"),
    (&["رع"], "OMR"),
    (&["دإ"], "AED"),
    (&["درهم", "درهما", "دراهم", "dirham", "dirhams"], "AED MAD"),
    (&["دم"], "MAD"),
    (&["¥"], "JPY CNY"),
    (&["₹"], "INR"),
    (&["₽"], "RUB"),
    (&["دينار أردني"], "JOD"),
    (&["دينار اردني"], "JOD"),
    (&["دينارا أردنيا"], "JOD"),
    (&["دنانير أردنية"], "JOD"),
    (&["jordanian dinar"], "JOD"),
    (&["jordanian dinars"], "JOD"),
    (&["دولار أمريكي"], "USD"),
    (&["دولار امريكي"], "USD"),
    (&["دولار أميركي"], "USD"),
    (&["دولارا أمريكيا"], "USD"),
    (&["us dollar"], "USD"),
    (&["us dollars"], "USD"),
    (&["شيكل جديد"], "ILS"),
    (&["شيكلا"], "ILS"),
];

impl Currency {
    pub const ILS: Currency = Currency { code: *b"ILS", decimals: 2 };
    pub const JOD: Currency = Currency { code: *b"JOD", decimals: 3 };
    pub const USD: Currency = Currency { code: *b"USD", decimals: 2 };

    /// The currency with this code, in capital letters.
    pub fn of(code: &str) -> Option<Currency> {
        let bytes: [u8; 3] = code.as_bytes().try_into().ok()?;
        let found = CODES.iter().find(|(_, codes)| codes.split(' ').any(|known| known == code));
        found.map(|(decimals, _)| Currency { code: bytes, decimals: *decimals })
    }

    /// Every currency that is known, by its decimals and code.
    pub fn all() -> impl Iterator<Item = Currency> {
        CODES.iter().flat_map(|(_, codes)| codes.split(' ').filter_map(Currency::of))
    }

    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).unwrap_or("XXX")
    }
    pub fn decimals(&self) -> u8 {
        self.decimals
    }

    /// Whether a word or sign beside an amount names this currency; `None` where it names none.
    pub(crate) fn is_named(&self, word: &str) -> Option<bool> {
        let word = beside(word);
        if let Some(currency) = Currency::of(&word.to_ascii_uppercase()) {
            return Some(currency == *self);
        }
        let mut meant = NAMED.iter().filter(|(words, _)| words.contains(&word.as_str())).peekable();
        meant.peek()?;
        Some(meant.any(|(_, codes)| codes.split(' ').any(|code| code == self.code())))
    }
}

/// A word beside an amount without points and vowel signs, in small letters.
fn beside(word: &str) -> String {
    let letters = word.chars().filter(|c| !matches!(c, '.' | '\u{640}' | '\u{64B}'..='\u{652}'));
    let whole: String = letters.flat_map(char::to_lowercase).collect();
    let parts: Vec<&str> = whole.split_whitespace().collect();
    // `د. أ` is one short form; words keep the space between them.
    parts.join(if parts.iter().all(|part| part.chars().count() == 1) { "" } else { " " })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_currency_has_its_decimals() {
        for (code, decimals) in [("ILS", 2), ("JOD", 3), ("USD", 2), ("JPY", 0), ("KWD", 3), ("EUR", 2), ("CLF", 4)] {
            assert_eq!(
                Currency::of(code).map(|currency| (currency.code().to_owned(), currency.decimals())),
                Some((code.to_owned(), decimals))
            );
        }
        for unknown in ["XXX", "XAU", "jod", "JO", "JODX", "", "   ", "D L"] {
            assert_eq!(Currency::of(unknown), None, "{unknown}");
        }
        assert_eq!(Currency::all().count(), 165);
        assert!([Currency::ILS, Currency::JOD, Currency::USD].iter().all(|one| Currency::of(one.code()) == Some(*one)));
    }

    #[test]
    fn a_word_names_the_currencies_that_it_may_mean() {
        for (word, currency, expect) in [
            ("د.أ", Currency::JOD, Some(true)),
            ("د. أ.", Currency::JOD, Some(true)),
            ("ديناراً", Currency::JOD, Some(true)),
            ("Jordanian Dinars", Currency::JOD, Some(true)),
            ("د.إ", Currency::JOD, Some(false)),
            ("jod", Currency::ILS, Some(false)),
            ("$", Currency::USD, Some(true)),
            ("bananas", Currency::USD, None),
            ("", Currency::USD, None),
        ] {
            assert_eq!(currency.is_named(word), expect, "{word}");
        }
    }
}
