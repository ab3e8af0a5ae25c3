//! The words of the pages, in each language, through Fluent (which knows the six plural forms of Arabic).

use std::sync::LazyLock;

use base::Lang;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::civil::Date;
use unic_langid::{LanguageIdentifier, langid};

use crate::area::{AREAS, Area};

type Bundle = FluentBundle<FluentResource>;

static ARABIC: LazyLock<Bundle> =
    LazyLock::new(|| bundle(langid!("ar"), include_str!("../../locales/ar.ftl"), |area| area.words.ar));
static ENGLISH: LazyLock<Bundle> =
    LazyLock::new(|| bundle(langid!("en"), include_str!("../../locales/en.ftl"), |area| area.words.en));

/// Stands where the number of a message is to stand, until the message is put together.
const NUMBER: char = '\u{e000}';

/// A number with the same plural form. The rules that Fluent brings compare a number itself where Arabic (CLDR) asks for
/// what is left of it after hundreds: 103 is said like 3, 111 like 11, and 101 and 102 like 100.
fn like(n: i64) -> i64 {
    match (n, n % 100) {
        (..=100, _) => n,
        (_, 0..=2) => 100,
        (_, rest) => rest,
    }
}

/// What every area says, and what each says for itself.
fn bundle(id: LanguageIdentifier, shared: &str, own: fn(&Area) -> &'static str) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Names stand in <bdi> already; isolating marks inside attributes would only confuse.
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(|value, _| match value {
        FluentValue::Number(_) => Some(NUMBER.to_string()),
        _ => None,
    }));
    for source in std::iter::once(shared).chain(AREAS.iter().map(|area| own(area))) {
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// The names that are used in Palestine.
const MONTHS_AR: [&str; 12] = [
    "كانون الثاني",
    "شباط",
    "آذار",
    "نيسان",
    "أيار",
    "حزيران",
    "تموز",
    "آب",
    "أيلول",
    "تشرين الأول",
    "تشرين الثاني",
    "كانون الأول",
];

/// The words in one language.
#[derive(Debug, Clone, Copy)]
pub struct Words(pub Lang);

impl Words {
    pub fn say(&self, key: &str) -> String {
        self.with(key, &[], None)
    }
    pub fn say1(&self, key: &str, a: &str) -> String {
        self.with(key, &[("a", a)], None)
    }
    pub fn say2(&self, key: &str, a: &str, b: &str) -> String {
        self.with(key, &[("a", a), ("b", b)], None)
    }
    pub fn say3(&self, key: &str, a: &str, b: &str, c: &str) -> String {
        self.with(key, &[("a", a), ("b", b), ("c", c)], None)
    }
    pub fn say4(&self, key: &str, a: &str, b: &str, c: &str, d: &str) -> String {
        self.with(key, &[("a", a), ("b", b), ("c", c), ("d", d)], None)
    }
    pub fn count(&self, key: &str, n: &i64) -> String {
        self.with(key, &[], Some(*n))
    }
    pub fn count1(&self, key: &str, n: &i64, a: &str) -> String {
        self.with(key, &[("a", a)], Some(*n))
    }

    fn with(&self, key: &str, texts: &[(&str, &str)], number: Option<i64>) -> String {
        let bundle = if self.0 == Lang::AR { &*ARABIC } else { &*ENGLISH };
        let mut args = FluentArgs::new();
        for (name, text) in texts {
            // What people wrote never stands for the number of the message.
            args.set(*name, text.replace(NUMBER, ""));
        }
        if let Some(number) = number {
            args.set("n", like(number));
        }
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { return key.to_owned() };
        let said = bundle.format_pattern(pattern, Some(&args), &mut Vec::new());
        match number {
            Some(n) => said.replace(NUMBER, &self::number(n as f64)),
            None => said.into_owned(),
        }
    }

    /// `9 March 2021`.
    pub fn day(&self, iso: &str) -> String {
        match iso.get(..10).and_then(|text| text.parse::<Date>().ok()) {
            Some(date) => format!("{} {} {}", date.day(), self.month(date), date.year()),
            None => iso.to_owned(),
        }
    }

    pub fn month(&self, date: Date) -> &'static str {
        let months = if self.0 == Lang::AR { MONTHS_AR } else { MONTHS_EN };
        months.get(usize::from(date.month() as u8).saturating_sub(1)).copied().unwrap_or("")
    }

    /// `5 MB`, of a size in bytes.
    pub fn size(&self, bytes: u64) -> String {
        match bytes >> 20 {
            0 => self.say1("size-kb", &(bytes >> 10).to_string()),
            megabytes => self.say1("size-mb", &megabytes.to_string()),
        }
    }

    pub fn within(&self, within: &base::Within) -> String {
        self.count(if within.working { "working-days" } else { "calendar-days" }, &i64::from(within.days))
    }

    pub fn fault(&self, fault: &register::Fault) -> String {
        let argument = fault.argument.as_deref().unwrap_or("");
        if let Some((one, other)) = argument.split_once('|').filter(|_| fault.message == register::kind::TWO_READINGS) {
            return self.say2(fault.message, one, other);
        }
        match argument.parse() {
            Ok(bytes) if fault.message == register::kind::file::TOO_LONG => self.say1(fault.message, &self.size(bytes)),
            _ => self.say1(fault.message, argument),
        }
    }

    /// Why what was typed is no amount in a currency.
    pub fn money_fault(&self, error: base::MoneyError, currency: base::Currency) -> String {
        let (key, a, b) = money_key(error, currency);
        self.say2(key, &a, &b)
    }

    /// `100 ILS`.
    pub fn money(&self, money: &base::Money) -> String {
        format!("{money} {}", money.currency.code())
    }
}

/// The words for a fault of an amount, and what they speak of: the currency and how many decimals it has, or the two
/// amounts that it may be.
pub(crate) fn money_key(error: base::MoneyError, currency: base::Currency) -> (&'static str, String, String) {
    let key = match error {
        base::MoneyError::TwoReadings(one, other) => {
            return ("money-two-readings", one.to_string(), other.to_string());
        }
        base::MoneyError::NotANumber => "money-not-a-number",
        base::MoneyError::Negative => "money-negative",
        base::MoneyError::TooManyDecimals(_) => "money-decimals",
        base::MoneyError::OutOfRange => "money-range",
        base::MoneyError::OtherCurrency => "money-currency",
    };
    (key, currency.code().to_owned(), currency.decimals().to_string())
}

/// A number with separators, with at most one decimal.
pub fn number(value: f64) -> String {
    let rounded = (value * 10.0).round() / 10.0;
    let (whole, tenth) = (rounded.abs().trunc() as u64, ((rounded.abs().fract() * 10.0).round() as u64) % 10);
    let digits = whole.to_string();
    let mut text = String::new();
    if rounded < 0.0 {
        text.push('−');
    }
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if tenth > 0 {
        text.push_str(&format!(".{tenth}"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arabic_has_its_plural_forms() {
        let words = Words(Lang::AR);
        let said: Vec<String> =
            [1, 2, 3, 11, 100, 102, 103, 111, 1206].iter().map(|n| words.count("working-days", n)).collect();
        assert_eq!(
            said,
            [
                "يوم عمل واحد",
                "يوما عمل",
                "3 أيام عمل",
                "11 يوم عمل",
                "100 يوم عمل",
                "102 يوم عمل",
                "103 أيام عمل",
                "111 يوم عمل",
                "1,206 أيام عمل"
            ]
        );
    }

    #[test]
    fn numbers_are_read_easily() {
        assert_eq!(number(1234567.0), "1,234,567");
        assert_eq!(number(-2020.0), "−2,020");
        assert_eq!(number(6.54), "6.5");
        assert_eq!(number(0.0), "0");
    }
}
