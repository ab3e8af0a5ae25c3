//! An entry of a message of the bank: what it says, and what makes it the same entry when it comes again.

use std::collections::HashMap;

use base::{Currency, Money};
use ring::digest::{Context, SHA256};
use serde::{Deserialize, Serialize};

/// What a message is for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// What was booked (camt.053): the only one by which money is booked here.
    #[default]
    Statement,
    /// What has moved within the day (camt.052); a statement tells it again.
    Report,
    /// Details of what is booked (camt.054); a statement tells the sum.
    Notification,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Statement => "camt.053",
            Kind::Report => "camt.052",
            Kind::Notification => "camt.054",
        }
    }
}

/// What was said of one payment: of an entry, or of one of those that the bank has booked as one sum.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Part {
    /// Minor units in the currency of the entry; below zero where it goes against the direction of the entry.
    pub minor: i64,
    /// All references and words, one a line.
    pub words: String,
    /// The payer and the payer's account, where the bank says so.
    pub payer: String,
    pub payer_iban: String,
    pub end_to_end: String,
    /// What the payer gave, before charges and exchange.
    #[serde(skip)]
    pub instructed: Option<Money>,
    /// What the bank says was deducted; minor units in the currency of the entry.
    pub charges: i64,
    /// Why it is a return, where it is one.
    pub returned: Option<String>,
    /// The codes by which the bank says what sort of transaction it is.
    pub code: String,
    /// The payments that its words speak of.
    pub named: Vec<String>,
}

/// An entry of a statement, a report or a notification.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub kind: Kind,
    /// The account on which it was booked.
    pub account: String,
    /// Where it stands in its statement, from 1.
    pub place: usize,
    /// The bank's own reference, where it gives one.
    pub reference: String,
    /// The number that it has in its file; it says nothing of the entry when that comes again in another.
    pub number: String,
    /// The day on which it was booked, ISO.
    pub day: String,
    /// Minor units; nothing where the currency is not known here.
    pub minor: i64,
    pub currency: Option<Currency>,
    /// The amount as it is written, with its currency.
    pub stated: String,
    pub is_credit: bool,
    /// `BOOK` is final; `PDNG`, `INFO`, `FUTR` and whatever else there is are not.
    pub status: String,
    /// Whether it takes an earlier entry back.
    pub is_reversal: bool,
    /// The codes by which the bank says what sort of transaction it is.
    pub code: String,
    /// What the bank has deducted of the whole entry; minor units.
    pub charges: i64,
    /// What is said of the whole.
    pub part: Part,
    /// What the bank has booked as one sum; empty where it is one payment.
    pub parts: Vec<Part>,
    /// Whether the bank gives parts that do not come to the sum.
    pub is_uneven: bool,
    /// What it was called before entries were known by all that is said of them.
    pub older: String,
    /// What all entries have in common of which nothing tells them apart, and how manieth of them in its statement it is.
    pub mark: String,
    pub repeat: u32,
}

/// References that say that there is none, and numbers that begin anew in each file.
fn is_no_reference(reference: &str) -> bool {
    let plain = reference.trim().to_ascii_uppercase();
    matches!(plain.as_str(), "" | "NONREF" | "NOTPROVIDED" | "NOT PROVIDED" | "NONE" | "N/A" | "-" | "UNKNOWN")
        || (plain.len() <= 6 && plain.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Codes of charges: the sub-families of ISO 20022, and the types of SWIFT that banks put into their own codes.
const CHARGES: [&str; 12] =
    ["CHRG", "FEES", "COMM", "COME", "COMI", "COMT", "CHAR", "NCHG", "NCOM", "FCHG", "FCOM", "CHRGS"];

pub(super) fn is_charge(code: &str) -> bool {
    code.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| CHARGES.contains(&word))
}

impl Entry {
    /// Whether the bank says that it is booked for good.
    pub fn is_final(&self) -> bool {
        self.status == "BOOK"
    }

    /// The bank's reference, where it is one that tells this entry from others.
    pub fn own_reference(&self) -> Option<&str> {
        Some(self.reference.as_str()).filter(|reference| !is_no_reference(reference))
    }

    /// The payer's reference, where there is one.
    pub fn end_to_end(&self) -> Option<&str> {
        Some(self.part.end_to_end.as_str()).filter(|reference| !is_no_reference(reference))
    }

    /// A number of what is said of it, without the day and the direction: the same for an entry that was announced and
    /// is booked later, and for one that takes it back in the same words.
    pub(super) fn likeness(&self) -> String {
        let mut hash = Hash::new();
        hash.add(&self.stated);
        self.add_words(&mut hash);
        hash.hex()
    }

    fn add_words(&self, hash: &mut Hash) {
        for part in std::iter::once(&self.part).chain(&self.parts) {
            hash.add(&part.minor.to_string());
            hash.add(&part.words);
            hash.add(&part.payer_iban);
        }
    }

    /// Marks it by all that is said of it: account, day, amount, direction, references and words.
    pub(super) fn count(&mut self, known: &mut HashMap<String, u32>) {
        let mut hash = Hash::new();
        hash.add(&self.day);
        hash.add(self.currency.as_ref().map_or(&self.stated, |_| &self.part.end_to_end));
        hash.add(&format!("{} {}", self.minor, self.currency.as_ref().map_or("", Currency::code)));
        hash.add(if self.is_credit { "+" } else { "-" });
        hash.add(if self.is_reversal { "reversal" } else { "" });
        hash.add(self.own_reference().unwrap_or(""));
        self.add_words(&mut hash);
        self.mark = hash.hex();
        let count = known.entry(self.mark.clone()).or_default();
        *count += 1;
        self.repeat = *count;
    }

    /// What it is called for ever, after as many that are known to be others of the same mark.
    pub(super) fn id(&self, others: u32) -> String {
        format!("{}/{}/{}/{}", self.account, self.day, self.mark, self.repeat + others)
    }

    pub fn money(&self) -> Option<Money> {
        self.currency.map(|currency| Money { minor: self.minor, currency })
    }
}

/// A number from texts, the same for ever, that nobody can aim at (half of SHA-256).
struct Hash(Context);

impl Hash {
    fn new() -> Hash {
        Hash(Context::new(&SHA256))
    }

    fn add(&mut self, text: &str) {
        self.0.update(text.trim().as_bytes());
        self.0.update(&[0xff]);
    }

    fn hex(self) -> String {
        let digest = self.0.finish();
        digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }
}
