//! Bank statements in ISO 20022 camt.053, of any version: what was booked, and the words that came with it.

use base::{Currency, Money};
use quick_xml::{Reader, events::Event};

use super::balance::{self, BankBalance};

/// A statement may have this many entries at most.
pub const ENTRIES_MAX: usize = 200_000;

/// An entry of a statement, or one of the transactions that the bank has booked as one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
    /// The account on which it was booked.
    pub account: String,
    /// The bank's own reference, or the place in the statement.
    pub reference: String,
    /// The day on which it was booked, ISO.
    pub day: String,
    /// Minor units.
    pub minor: i64,
    pub currency: Option<Currency>,
    pub is_credit: bool,
    pub is_booked: bool,
    /// All that was said with it: structured references, remittance information, the payer's end-to-end reference.
    pub words: String,
    /// The payer and the payer's account, where the bank says so.
    pub payer: String,
    pub payer_iban: String,
}

impl Entry {
    pub fn money(&self) -> Option<Money> {
        self.currency.map(|currency| Money { minor: self.minor, currency })
    }
}

/// A statement of one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    pub id: String,
    pub account: String,
    pub entries: Vec<Entry>,
    /// What was on each of its accounts, where the bank says so.
    pub balances: Vec<BankBalance>,
}

/// Why a file is no statement.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    #[error("this is not XML: {0}")]
    Xml(String),
    #[error("there is no statement in it: the element Stmt is missing")]
    NoStatement,
    #[error("entry {0} has no amount, or one that cannot be: «{1}»")]
    Amount(usize, String),
    #[error("entry {0} is in the currency «{1}», which is not known here")]
    Currency(usize, String),
    #[error("it has more than {ENTRIES_MAX} entries")]
    TooLong,
}

/// Reads a statement. Elements are found by their names wherever the versions of the standard put them.
pub fn read(xml: &str) -> Result<Statement, StatementError> {
    let mut reader = Reader::from_str(xml);
    let wrong = |error: &dyn std::fmt::Display| StatementError::Xml(error.to_string());
    let mut path: Vec<String> = Vec::new();
    let mut reading = Reading::default();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| wrong(&error))? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                text.clear();
                if name == "Amt" {
                    let given = start.attributes().flatten().find(|a| a.key.local_name().as_ref() == b"Ccy");
                    reading.currency = given.map_or(String::new(), |a| String::from_utf8_lossy(&a.value).into_owned());
                }
                reading.opens(&name);
                path.push(name);
            }
            Event::Text(piece) => text.push_str(&piece.decode().map_err(|error| wrong(&error))?),
            Event::GeneralRef(named) => text.push_str(entity(&named)),
            Event::CData(piece) => text.push_str(&String::from_utf8_lossy(&piece)),
            Event::End(_) => {
                let Some(name) = path.pop() else { continue };
                reading.closes(&path, &name, text.trim())?;
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if reading.found && path.is_empty() { Ok(reading.statement) } else { Err(StatementError::NoStatement) }
}

/// What was read so far.
#[derive(Default)]
struct Reading {
    statement: Statement,
    found: bool,
    /// Whose entries come now, where a message has statements of several accounts.
    account: String,
    /// The entry that is open, and the transactions of it that were read.
    entry: Option<Entry>,
    details: Vec<Entry>,
    /// The transaction that is open.
    detail: Option<Entry>,
    /// The currency of the last amount.
    currency: String,
    balance: balance::Reading,
}

impl Reading {
    fn opens(&mut self, name: &str) {
        match name {
            "Stmt" => {
                self.found = true;
                self.account.clear();
                self.balance = balance::Reading::new(self.statement.entries.len());
            }
            "Ntry" => self.entry = Some(Entry { account: self.account.clone(), ..Entry::default() }),
            "TxDtls" if self.entry.is_some() => self.detail = Some(Entry::default()),
            _ => {}
        }
    }

    fn closes(&mut self, path: &[String], name: &str, text: &str) -> Result<(), StatementError> {
        let parent = path.last().map_or("", String::as_str);
        let place = self.statement.entries.len() + 1;
        let Some(entry) = &mut self.entry else {
            match (parent, name) {
                ("Stmt", "Id") if self.statement.id.is_empty() => self.statement.id = text.to_owned(),
                (_, "IBAN") if self.account.is_empty() => {
                    self.account = text.to_owned();
                    if self.statement.account.is_empty() {
                        self.statement.account = text.to_owned();
                    }
                }
                (_, "Bal") => self.balance.ends(),
                (_, "Stmt") => {
                    let balances = std::mem::take(&mut self.balance).balances(&self.account, &self.statement.entries);
                    self.statement.balances.extend(balances);
                }
                _ if path.iter().any(|element| element == "Bal") => {
                    self.balance.reads(parent, name, text, &self.currency);
                }
                _ => {}
            }
            return Ok(());
        };
        match (parent, name) {
            ("Ntry", "Amt") => (entry.minor, entry.currency) = amount(text, &self.currency, place)?,
            ("TxDtls" | "TxAmt", "Amt") => {
                // What the payer gave in a currency that is not known here is only said beside: the entry counts.
                if let Some(detail) = self.detail.as_mut().filter(|_| Currency::of(&self.currency).is_some()) {
                    (detail.minor, detail.currency) = amount(text, &self.currency, place)?;
                }
            }
            ("Ntry", "CdtDbtInd") => entry.is_credit = text == "CRDT",
            // Older versions have the code itself in Sts, newer ones within Cd.
            ("Ntry", "Sts") | ("Sts", "Cd") if !text.is_empty() => entry.is_booked = text == "BOOK",
            ("Ntry", "AcctSvcrRef") => entry.reference = text.to_owned(),
            ("BookgDt", "Dt" | "DtTm") => entry.day = text.get(..10).unwrap_or(text).to_owned(),
            ("NtryDtls", "TxDtls") => self.details.extend(self.detail.take()),
            (_, "Ntry") => self.done(place)?,
            _ => said(self.detail.as_mut().unwrap_or(entry), path, name, text),
        }
        Ok(())
    }

    /// An entry is read. What the bank has booked as one sum is taken apart again, where its parts are that sum.
    fn done(&mut self, place: usize) -> Result<(), StatementError> {
        let Some(mut entry) = self.entry.take() else { return Ok(()) };
        let mut details = std::mem::take(&mut self.details);
        if entry.currency.is_none() {
            return Err(StatementError::Amount(place, String::new()));
        }
        if entry.reference.is_empty() {
            entry.reference = format!("{}/{place}", self.statement.id);
        }
        let sum: i64 = details.iter().map(|detail| detail.minor).fold(0, i64::saturating_add);
        let parts = details.len() > 1 && sum == entry.minor && details.iter().all(|d| d.currency == entry.currency);
        if parts {
            for (index, detail) in details.iter_mut().enumerate() {
                detail.account.clone_from(&entry.account);
                detail.day.clone_from(&entry.day);
                (detail.is_credit, detail.is_booked) = (entry.is_credit, entry.is_booked);
                detail.reference = format!("{}/{}", entry.reference, index + 1);
                detail.words.push_str(&entry.words);
            }
            self.statement.entries.append(&mut details);
        } else {
            for detail in details {
                entry.words.push_str(&detail.words);
                if entry.payer.is_empty() {
                    (entry.payer, entry.payer_iban) = (detail.payer, detail.payer_iban);
                }
            }
            self.statement.entries.push(entry);
        }
        if self.statement.entries.len() > ENTRIES_MAX { Err(StatementError::TooLong) } else { Ok(()) }
    }
}

fn amount(text: &str, currency: &str, place: usize) -> Result<(i64, Option<Currency>), StatementError> {
    let known = Currency::of(currency).ok_or_else(|| StatementError::Currency(place, currency.to_owned()))?;
    let money = Money::parse(text, known).map_err(|_| StatementError::Amount(place, text.to_owned()))?;
    Ok((money.minor, Some(known)))
}

/// The words of an entry, and who has paid.
fn said(entry: &mut Entry, path: &[String], name: &str, text: &str) {
    let is_within = |wanted: &str| path.iter().any(|element| element == wanted);
    match name {
        "Ref" if is_within("CdtrRefInf") => add(&mut entry.words, text),
        "Ustrd" | "EndToEndId" | "AddtlNtryInf" => add(&mut entry.words, text),
        // Newer versions have a party between the payer and the name.
        "Nm" if is_within("Dbtr") && entry.payer.is_empty() => entry.payer = text.chars().take(140).collect(),
        "IBAN" if is_within("DbtrAcct") => entry.payer_iban = text.chars().take(34).collect(),
        _ => {}
    }
}

fn add(words: &mut String, text: &str) {
    if words.len() < 2_000 {
        words.push_str(text);
        words.push('\n');
    }
}

/// The five entities that XML knows by name; others stand for nothing here.
fn entity(name: &[u8]) -> &'static str {
    match name {
        b"amp" => "&",
        b"lt" => "<",
        b"gt" => ">",
        b"quot" => "\"",
        b"apos" => "'",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATEMENT: &str = r#"<?xml version="1.0"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">
        <BkToCstmrStmt><Stmt><Id>S-1</Id><Acct><Id><IBAN>PS92PALS000000000400123456702</IBAN></Id></Acct>
        <Ntry><Amt Ccy="JOD">35.000</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2021-06-01</Dt></BookgDt>
        <AcctSvcrRef>B1</AcctSvcrRef><NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>
        <RmtInf><Strd><CdtrRefInf><Ref>RF12PY</Ref></CdtrRefInf></Strd><Ustrd>fee &amp; thanks</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
        <Ntry><Amt Ccy="ILS">1</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts></Ntry></Stmt></BkToCstmrStmt></Document>"#;

    #[test]
    fn a_statement_is_read_whatever_its_version() {
        let read = read(STATEMENT).unwrap();
        assert_eq!((read.id.as_str(), read.account.as_str()), ("S-1", "PS92PALS000000000400123456702"));
        let [first, second] = &read.entries[..] else { panic!("{read:?}") };
        assert_eq!(
            (first.minor, first.currency, first.is_credit, first.is_booked),
            (35_000, Some(Currency::JOD), true, true)
        );
        assert_eq!((first.reference.as_str(), first.day.as_str()), ("B1", "2021-06-01"));
        assert!(first.words.contains("RF12PY") && first.words.contains("fee & thanks"), "{first:?}");
        assert_eq!((second.is_credit, second.is_booked, second.reference.as_str()), (false, true, "S-1/2"));
    }

    #[test]
    fn what_the_bank_booked_as_one_sum_is_taken_apart() {
        let part = |amount: &str, words: &str| {
            format!(
                "<TxDtls><Amt Ccy=\"ILS\">{amount}</Amt><RltdPties><Dbtr><Pty><Nm>Amal</Nm></Pty></Dbtr><DbtrAcct><Id>\
                 <IBAN>PS92PALS000000000400123456702</IBAN></Id></DbtrAcct></RltdPties><RmtInf><Ustrd>{words}</Ustrd></RmtInf></TxDtls>"
            )
        };
        let batch = |first: &str| {
            let parts = part(first, "one") + &part("20", "two");
            let more = format!(
                "<Ntry><Amt Ccy=\"ILS\">30</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><AcctSvcrRef>B9</AcctSvcrRef>\
                 <NtryDtls>{parts}</NtryDtls></Ntry></Stmt>"
            );
            read(&STATEMENT.replace("</Stmt>", &more)).unwrap().entries.split_off(2)
        };
        let [one, two] = &batch("10")[..] else { panic!("{:?}", batch("10")) };
        assert_eq!((one.minor, one.reference.as_str(), one.words.as_str()), (1_000, "B9/1", "one\n"));
        assert_eq!((two.minor, two.payer.as_str(), two.is_credit && two.is_booked), (2_000, "Amal", true));
        assert_eq!(two.payer_iban, "PS92PALS000000000400123456702");
        // So do those of which one is in a currency that is not known here; the words of all are kept.
        let parts = part("10", "one") + &part("20", "two").replace("\"ILS\"", "\"XAF\"");
        let entry = format!(
            "<Ntry><Amt Ccy=\"ILS\">30</Amt><CdtDbtInd>CRDT</CdtDbtInd><NtryDtls>{parts}</NtryDtls></Ntry></Stmt>"
        );
        let whole = read(&STATEMENT.replace("</Stmt>", &entry)).unwrap().entries.split_off(2);
        assert_eq!((whole.len(), whole[0].minor, whole[0].words.as_str()), (1, 3_000, "one\ntwo\n"));
        // Parts that are not the sum stay one entry, with the words of all.
        let [whole] = &batch("11")[..] else { panic!("{:?}", batch("11")) };
        assert_eq!((whole.minor, whole.words.as_str()), (3_000, "one\ntwo\n"));
    }

    #[test]
    fn each_entry_belongs_to_the_account_of_its_statement() {
        let second = STATEMENT.split_once("<Stmt>").unwrap().1.split_once("</Stmt>").unwrap().0.replace("PS92", "PS93");
        let read = read(&STATEMENT.replace("</Stmt>", &format!("</Stmt><Stmt>{second}</Stmt>"))).unwrap();
        let accounts: Vec<&str> = read.entries.iter().map(|entry| &entry.account[..4]).collect();
        assert_eq!(accounts, ["PS92", "PS92", "PS93", "PS93"]);
    }

    #[test]
    fn a_statement_says_what_was_on_its_account_before_and_after() {
        let balance = |code: &str, amount: &str, direction: &str| {
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"JOD\">{amount}</Amt>\
                 <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>2021-06-01</Dt></Dt></Bal>"
            )
        };
        let all = balance("OPBD", "5.5", "DBIT") + &balance("CLBD", "29.500", "CRDT") + &balance("CLAV", "1", "CRDT");
        let with_balances = STATEMENT.replacen("<Ntry>", &format!("{all}<Ntry>"), 1);
        let second = with_balances.split_once("<Stmt>").unwrap().1.split_once("</Stmt>").unwrap().0;
        let second = second.replace("PS92", "PS93").replace("OPBD", "PRCD").replace("BOOK", "PDNG");
        let read = read(&with_balances.replace("</Stmt>", &format!("</Stmt><Stmt>{second}</Stmt>"))).unwrap();
        let first = BankBalance {
            account: "PS92PALS000000000400123456702".into(),
            currency: Currency::JOD,
            opening: Some(-5_500),
            closing: 29_500,
            booked: 35_000,
            day: "2021-06-01".into(),
        };
        let second = BankBalance { account: "PS93PALS000000000400123456702".into(), booked: 0, ..first.clone() };
        assert_eq!(read.balances, [first, second]);
        assert_eq!(read.entries.len(), 4);
    }

    #[test]
    fn what_is_no_statement_is_refused_with_its_reason() {
        assert_eq!(read("<Document></Document>"), Err(StatementError::NoStatement));
        assert_eq!(read(&STATEMENT[..200]), Err(StatementError::NoStatement));
        assert!(matches!(read("<a><b></a>"), Err(StatementError::Xml(_))));
        assert_eq!(read(&STATEMENT.replace("35.000", "-1")), Err(StatementError::Amount(1, "-1".into())));
        assert_eq!(read(&STATEMENT.replace("35.000", "1.0001")), Err(StatementError::Amount(1, "1.0001".into())));
        assert_eq!(read(&STATEMENT.replace("\"ILS\"", "\"XXX\"")), Err(StatementError::Currency(2, "XXX".into())));
    }
}
