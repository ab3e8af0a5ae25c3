//! Bank statements in ISO 20022 camt.053, of any version: what was booked, and the words that came with it.

use base::{Currency, Money};
use quick_xml::{Reader, events::Event};

/// A statement may have this many entries at most.
pub const ENTRIES_MAX: usize = 200_000;

/// An entry of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Entry {
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
    let mut statement = Statement::default();
    let mut found = false;
    let mut entry: Option<Entry> = None;
    let mut currency = String::new();
    let mut text = String::new();
    loop {
        match reader.read_event().map_err(|error| wrong(&error))? {
            Event::Start(start) => {
                let name = String::from_utf8_lossy(start.local_name().as_ref()).into_owned();
                text.clear();
                if name == "Stmt" {
                    found = true;
                } else if name == "Ntry" {
                    entry = Some(Entry::default());
                } else if name == "Amt" {
                    let given = start.attributes().flatten().find(|a| a.key.local_name().as_ref() == b"Ccy");
                    currency = given.map_or(String::new(), |a| String::from_utf8_lossy(&a.value).into_owned());
                }
                path.push(name);
            }
            Event::Text(piece) => text.push_str(&piece.decode().map_err(|error| wrong(&error))?),
            Event::GeneralRef(named) => text.push_str(entity(&named)),
            Event::CData(piece) => text.push_str(&String::from_utf8_lossy(&piece)),
            Event::End(_) => {
                let Some(name) = path.pop() else { continue };
                let parent = path.last().map_or("", String::as_str);
                match &mut entry {
                    Some(open) => {
                        let place = statement.entries.len() + 1;
                        close(open, &name, parent, text.trim(), &currency, place)?;
                        if name == "Ntry" {
                            let mut done = std::mem::take(open);
                            if done.reference.is_empty() {
                                done.reference = format!("{}/{place}", statement.id);
                            }
                            statement.entries.push(done);
                            entry = None;
                            if statement.entries.len() > ENTRIES_MAX {
                                return Err(StatementError::TooLong);
                            }
                        }
                    }
                    None => match (parent, name.as_str()) {
                        ("Stmt", "Id") => statement.id = text.trim().to_owned(),
                        (_, "IBAN") if statement.account.is_empty() => statement.account = text.trim().to_owned(),
                        _ => {}
                    },
                }
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    if found && path.is_empty() { Ok(statement) } else { Err(StatementError::NoStatement) }
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

fn close(
    entry: &mut Entry,
    name: &str,
    parent: &str,
    text: &str,
    currency: &str,
    place: usize,
) -> Result<(), StatementError> {
    match (parent, name) {
        ("Ntry", "Amt") => {
            let known = Currency::of(currency).ok_or_else(|| StatementError::Currency(place, currency.to_owned()))?;
            let money = Money::parse(text, known).map_err(|_| StatementError::Amount(place, text.to_owned()))?;
            entry.minor = money.minor;
            entry.currency = Some(known);
        }
        ("Ntry", "CdtDbtInd") => entry.is_credit = text == "CRDT",
        // Older versions have the code itself in Sts, newer ones within Cd.
        ("Ntry", "Sts") | ("Sts", "Cd") if !text.is_empty() => entry.is_booked = text == "BOOK",
        ("Ntry", "AcctSvcrRef") => entry.reference = text.to_owned(),
        ("BookgDt", "Dt" | "DtTm") => entry.day = text.get(..10).unwrap_or(text).to_owned(),
        ("CdtrRefInf", "Ref") | (_, "Ustrd" | "EndToEndId" | "AddtlNtryInf") if entry.words.len() < 2_000 => {
            entry.words.push_str(text);
            entry.words.push('\n');
        }
        ("Ntry", "") => {}
        _ => {}
    }
    if name == "Ntry" && entry.currency.is_none() {
        return Err(StatementError::Amount(place, String::new()));
    }
    Ok(())
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
    fn what_is_no_statement_is_refused_with_its_reason() {
        assert_eq!(read("<Document></Document>"), Err(StatementError::NoStatement));
        assert_eq!(read(&STATEMENT[..200]), Err(StatementError::NoStatement));
        assert!(matches!(read("<a><b></a>"), Err(StatementError::Xml(_))));
        assert_eq!(read(&STATEMENT.replace("35.000", "-1")), Err(StatementError::Amount(1, "-1".into())));
        assert_eq!(read(&STATEMENT.replace("35.000", "1.0001")), Err(StatementError::Amount(1, "1.0001".into())));
        assert_eq!(read(&STATEMENT.replace("\"ILS\"", "\"XXX\"")), Err(StatementError::Currency(2, "XXX".into())));
    }
}
