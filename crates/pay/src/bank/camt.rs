//! Messages of the bank in ISO 20022, of any version: statements (camt.053), reports within the day (camt.052) and
//! notifications (camt.054). They are read piece by piece, in time that grows with their length alone, and what is read
//! is handed on entry by entry, so that a long message takes no more memory than a short one.

use base::Currency;
use quick_xml::{Reader, events::Event};

use super::{
    AmountFault, Entry, Kind, Part, amount,
    balance::{self, BankBalance},
    source::{Bounded, PIECE_TOO_LONG},
};

/// A file may have this many entries at most, the parts of entries included.
pub const ENTRIES_MAX: usize = 200_000;
/// Elements may stand in each other so deep; those of the standard go half as far.
const DEPTH_MAX: usize = 48;
/// A piece of text, or a tag, may be this long.
const PIECE_MAX: usize = 1 << 20;
/// So much is kept of all that is said with an entry, and of each thing that is said.
const WORDS_MAX: usize = 4_000;
const WORD_MAX: usize = 700;

/// Why a file is no message of the bank.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    #[error("this is not XML: {0}")]
    Xml(String),
    #[error("there is no statement in it")]
    NoStatement,
    #[error("this is another message: {0}")]
    OtherMessage(String),
    #[error("it ends before its end: it is cut off, or still being written")]
    Unfinished,
    #[error("it is written in «{0}», which cannot be read here")]
    Encoding(String),
    /// Told to the one who opens the file, who then tries another encoding.
    #[error("it says that it is UTF-8 and is not")]
    Utf8,
    #[error("the zip is damaged, or needs a password: {0}")]
    Zip(String),
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error("its elements stand in each other more than {DEPTH_MAX} deep")]
    TooDeep,
    #[error("it has more than {ENTRIES_MAX} entries")]
    TooLong,
    #[error("it is larger than {} MB", super::BYTES_MAX >> 20)]
    TooLarge,
    #[error("the amount of entry {0}, «{1}», cannot be: {2}")]
    Amount(usize, String, AmountFault),
    #[error("a balance of statement {0}, «{1}», cannot be: {2}")]
    Balance(usize, String, AmountFault),
    #[error("entry {0} does not say whether the money came or left")]
    Direction(usize),
    #[error("entry {0} has the day «{1}», which is none")]
    Day(usize, String),
}

/// A statement, report or notification of one account, without its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Head {
    pub kind: Kind,
    pub id: String,
    /// The number that the bank gives its statements, where it does.
    pub sequence: String,
    /// Which part of a statement that comes in several.
    pub page: String,
    /// The IBAN without spaces, or whatever the bank calls the account.
    pub account: String,
    /// The time that it tells of, where it says so.
    pub from: String,
    pub to: String,
    /// When it was made.
    pub made: String,
    pub balances: Vec<BankBalance>,
    /// The days of its first and last final entry; empty where it has none.
    pub first_day: String,
    pub last_day: String,
    pub entries: usize,
}

/// What is read of a message, in order: entries, and the statement that they belong to when it is over.
pub(super) trait Sink {
    fn entry(&mut self, head: &Head, entry: Entry) -> Result<(), StatementError>;
    fn ends(&mut self, head: Head) -> Result<(), StatementError>;
}

/// How far the reading of a file has come.
#[derive(Default)]
pub(super) struct Progress {
    /// Entries and parts of entries so far.
    pub items: usize,
    /// Statements so far.
    pub heads: usize,
    /// The first statement of the file, by which entries without a reference used to be called.
    first: Option<String>,
}

impl Progress {
    pub(super) fn after(items: usize, heads: usize) -> Progress {
        Progress { items, heads, first: None }
    }
}

/// Reads a message. Elements are found by their names wherever the versions of the standard put them.
pub(super) fn read(message: Bounded<'_>, progress: &mut Progress, sink: &mut dyn Sink) -> Result<(), StatementError> {
    let left = message.left();
    let mut reader = Reader::from_reader(message);
    reader.config_mut().expand_empty_elements = true;
    let mut reading = Reading::new(progress);
    let (mut path, mut text, mut buffer) = (Vec::new(), String::new(), Vec::new());
    let mut root = String::new();
    loop {
        left.set(PIECE_MAX);
        buffer.clear();
        match reader.read_event_into(&mut buffer).map_err(wrong)? {
            Event::Start(start) => {
                if path.len() >= DEPTH_MAX {
                    return Err(StatementError::TooDeep);
                }
                let name = name_of(start.local_name().as_ref());
                text.clear();
                if name.is_empty() && path.len() < 4 || name == "Document" {
                    root = said_of(&start).unwrap_or(root);
                }
                if name == "Amt" || name == "TtlChrgsAndTaxAmt" {
                    let given = start.attributes().flatten().find(|a| a.key.local_name().as_ref() == b"Ccy");
                    reading.currency = given.map_or(String::new(), |a| String::from_utf8_lossy(&a.value).trim().into());
                }
                reading.opens(&path, name);
                path.push(name);
            }
            Event::Text(piece) => push(&mut text, &piece.decode().map_err(|_| StatementError::Utf8)?)?,
            Event::CData(piece) => {
                push(&mut text, std::str::from_utf8(&piece).map_err(|_| StatementError::Utf8)?)?;
            }
            Event::GeneralRef(named) => match named.resolve_char_ref().map_err(wrong)? {
                Some(character) => push(&mut text, character.encode_utf8(&mut [0; 4]))?,
                None => push(&mut text, entity(&named)?)?,
            },
            Event::End(_) => {
                let Some(name) = path.pop() else { continue };
                reading.closes(&path, name, text.trim(), sink)?;
                text.clear();
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let found = reading.found;
    match (found, path.is_empty()) {
        (_, false) => Err(StatementError::Unfinished),
        (false, _) if root.is_empty() => Err(StatementError::NoStatement),
        (false, _) => Err(StatementError::OtherMessage(root)),
        (true, _) => Ok(()),
    }
}

fn wrong(error: quick_xml::Error) -> StatementError {
    match error {
        quick_xml::Error::Io(error) if error.to_string() == PIECE_TOO_LONG => StatementError::TooLarge,
        quick_xml::Error::Io(error) => StatementError::Zip(error.to_string()),
        quick_xml::Error::Syntax(error) => match error {
            quick_xml::errors::SyntaxError::UnclosedTag
            | quick_xml::errors::SyntaxError::UnclosedComment
            | quick_xml::errors::SyntaxError::UnclosedCData => StatementError::Unfinished,
            other => StatementError::Xml(other.to_string()),
        },
        quick_xml::Error::Encoding(_) => StatementError::Utf8,
        other => StatementError::Xml(other.to_string()),
    }
}

fn push(text: &mut String, more: &str) -> Result<(), StatementError> {
    if text.len() + more.len() > PIECE_MAX {
        return Err(StatementError::TooLarge);
    }
    text.push_str(more);
    Ok(())
}

/// The name of the message, as its namespace says it.
fn said_of(start: &quick_xml::events::BytesStart) -> Option<String> {
    let space = start.attributes().flatten().find(|a| a.key.as_ref().starts_with(b"xmlns"))?;
    let space = String::from_utf8_lossy(&space.value);
    space.rsplit_once("xsd:").map(|(_, name)| name.chars().take(35).collect())
}

/// The five entities that XML knows by name. What another stands for is not known, and might be a digit.
fn entity(name: &[u8]) -> Result<&'static str, StatementError> {
    match name {
        b"amp" => Ok("&"),
        b"lt" => Ok("<"),
        b"gt" => Ok(">"),
        b"quot" => Ok("\""),
        b"apos" => Ok("'"),
        _ => Err(StatementError::Xml(format!("&{}; is not defined", String::from_utf8_lossy(name)))),
    }
}

macro_rules! names {
    ($($name:literal)*) => {
        /// The name of an element, where something is asked of it; nothing for all others.
        fn name_of(name: &[u8]) -> &'static str {
            $(if name == $name.as_bytes() { return $name; })*
            ""
        }
    };
}

names! {
    "Ntry" "Amt" "CdtDbtInd" "Sts" "Cd" "Dt" "DtTm" "BookgDt" "ValDt" "NtryDtls" "TxDtls" "Refs" "EndToEndId" "Ustrd"
    "RmtInf" "Strd" "CdtrRefInf" "Ref" "Nm" "IBAN" "Id" "Othr" "Pty" "Dbtr" "DbtrAcct" "UltmtDbtr" "Cdtr" "CdtrAcct"
    "RltdPties" "AcctSvcrRef" "TxAmt" "InstdAmt" "CntrValAmt" "AmtDtls" "BkTxCd" "Domn" "Fmly" "SubFmlyCd" "Prtry"
    "Tp" "CdOrPrtry" "AddtlNtryInf" "AddtlTxInf" "AddtlRmtInf" "AddtlInf" "MsgId" "PmtInfId" "InstrId" "TxId" "UETR"
    "MndtId" "ChqNb" "ClrSysRef" "AcctOwnrTxId" "RfrdDocInf" "Nb" "RmtId" "Purp" "Btch" "NtryRef" "RvslInd" "RtrInf"
    "Rsn" "Chrgs" "Rcrd" "TtlChrgsAndTaxAmt" "Bal" "Stmt" "Rpt" "Ntfctn" "Acct" "BBAN" "PrtryAcct" "UPIC" "Ccy"
    "ElctrncSeqNb" "LglSeqNb" "StmtPgntn" "RptPgntn" "NtfctnPgntn" "PgNb" "FrToDt" "FrDtTm" "ToDtTm" "FrDt" "ToDt"
    "CreDtTm" "SubTp" "Document" "Avlbty"
}

/// What was read so far of a message.
struct Reading<'p> {
    progress: &'p mut Progress,
    found: bool,
    head: Head,
    is_open: bool,
    balance: balance::Reading,
    entry: Option<Open>,
    /// The currency of the last amount.
    currency: String,
}

/// An entry that is open.
#[derive(Default)]
struct Open {
    entry: Entry,
    has_amount: bool,
    direction: Option<bool>,
    value_day: String,
    charged: Charges,
    details: Vec<Detail>,
    /// How deep in the path it stands.
    depth: usize,
    detail: Option<Detail>,
}

/// What the bank says was deducted: its own sum, or else the sum of its records.
#[derive(Default)]
struct Charges {
    total: Option<i64>,
    records: i64,
    /// The record that is open.
    record: i64,
}

impl Charges {
    fn minor(&self) -> i64 {
        self.total.unwrap_or(self.records).max(0)
    }
}

#[derive(Default)]
struct Detail {
    part: Part,
    /// Its own amount, where that is in the currency of its entry; and the one that the payer gave.
    amount: Option<(i64, String)>,
    direction: Option<bool>,
    charged: Charges,
    reference: String,
}

impl<'p> Reading<'p> {
    fn new(progress: &'p mut Progress) -> Reading<'p> {
        Reading {
            progress,
            found: false,
            head: Head::default(),
            is_open: false,
            balance: balance::Reading::default(),
            entry: None,
            currency: String::new(),
        }
    }

    fn opens(&mut self, path: &[&'static str], name: &'static str) {
        if let Some(open) = &mut self.entry {
            match (path.last(), name) {
                (Some(&"NtryDtls"), "TxDtls") => open.detail = Some(Detail::default()),
                (_, "RtrInf") if open.detail.is_none() => open.entry.part.returned = Some(String::new()),
                (_, "RtrInf") => {
                    if let Some(detail) = &mut open.detail {
                        detail.part.returned = Some(String::new());
                    }
                }
                _ => {}
            }
            return;
        }
        match name {
            "Stmt" | "Rpt" | "Ntfctn" if !self.is_open => {
                self.found = true;
                self.is_open = true;
                let kind = match name {
                    "Stmt" => Kind::Statement,
                    "Rpt" => Kind::Report,
                    _ => Kind::Notification,
                };
                self.head = Head { kind, ..Head::default() };
                self.balance = balance::Reading::default();
            }
            "Ntry" if self.is_open => self.entry = Some(Open { depth: path.len(), ..Open::default() }),
            _ => {}
        }
    }

    fn closes(
        &mut self,
        path: &[&'static str],
        name: &'static str,
        text: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), StatementError> {
        if name.is_empty() || !self.is_open {
            return Ok(());
        }
        if let Some(open) = &mut self.entry {
            if name == "Ntry" && path.len() == open.depth {
                return self.done(sink);
            }
            let place = self.head.entries + 1;
            let within = path.get(open.depth..).unwrap_or_default();
            return open.reads(within, name, text, &self.currency, place);
        }
        self.reads(path, name, text, sink)
    }

    /// An element of a statement, outside its entries.
    fn reads(
        &mut self,
        path: &[&'static str],
        name: &'static str,
        text: &str,
        sink: &mut dyn Sink,
    ) -> Result<(), StatementError> {
        let parent = path.last().copied().unwrap_or("");
        let above = path.iter().rev().nth(1).copied().unwrap_or("");
        let is_head = |parent: &str| matches!(parent, "Stmt" | "Rpt" | "Ntfctn");
        let head = &mut self.head;
        match (above, parent, name) {
            (_, _, "Stmt" | "Rpt" | "Ntfctn") => {
                self.is_open = false;
                self.progress.heads += 1;
                let mut head = std::mem::take(head);
                if head.id.is_empty() {
                    head.id = format!("{}", self.progress.heads);
                }
                head.balances = std::mem::take(&mut self.balance).balances(&head.account);
                return sink.ends(head);
            }
            (_, parent, "Id") if is_head(parent) => {
                head.id = short(text);
                self.progress.first.get_or_insert_with(|| text.to_owned());
            }
            (_, parent, "ElctrncSeqNb") if is_head(parent) && head.sequence.is_empty() => head.sequence = short(text),
            (_, parent, "LglSeqNb") if is_head(parent) => head.sequence = short(text),
            (_, parent, "CreDtTm") if is_head(parent) => head.made = short(text),
            (_, "StmtPgntn" | "RptPgntn" | "NtfctnPgntn", "PgNb") => head.page = short(text),
            (_, "FrToDt", "FrDtTm" | "FrDt") => head.from = short(text),
            (_, "FrToDt", "ToDtTm" | "ToDt") => head.to = short(text),
            ("Acct", "Id", "IBAN" | "BBAN" | "UPIC") | ("Id", "Othr" | "PrtryAcct", "Id")
                if head.account.is_empty() && (above == "Acct" || path.iter().rev().nth(2) == Some(&"Acct")) =>
            {
                head.account = account_of(text);
            }
            (_, _, "Bal") => self.balance.ends(),
            _ if path.contains(&"Bal") => {
                let number = self.progress.heads + 1;
                let wrong = |fault| StatementError::Balance(number, short(text), fault);
                self.balance.reads(parent, name, text, &self.currency).map_err(wrong)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// An entry is read.
    fn done(&mut self, sink: &mut dyn Sink) -> Result<(), StatementError> {
        let Some(open) = self.entry.take() else { return Ok(()) };
        let place = self.head.entries + 1;
        if !open.has_amount {
            return Err(StatementError::Amount(place, String::new(), AmountFault::Missing));
        }
        let is_credit = open.direction.ok_or(StatementError::Direction(place))?;
        let Open { mut entry, value_day, charged, mut details, .. } = open;
        entry.is_credit = is_credit;
        entry.kind = self.head.kind;
        entry.account.clone_from(&self.head.account);
        entry.place = place;
        entry.charges = charged.minor();
        let made = self.head.made.get(..10).unwrap_or("");
        if entry.day.is_empty() {
            entry.day = if value_day.is_empty() { made.to_owned() } else { value_day };
        }
        if !entry.day.is_empty() && entry.day.parse::<jiff::civil::Date>().is_err() {
            return Err(StatementError::Day(place, entry.day));
        }
        entry.older = match entry.reference.as_str() {
            "" => format!("{}/{}", self.progress.first.as_deref().unwrap_or(""), self.progress.items + 1),
            reference => reference.to_owned(),
        };
        if entry.reference.is_empty()
            && let [only] = details.as_slice()
        {
            entry.reference.clone_from(&only.reference);
        }
        let code = entry.currency.as_ref().map_or("", Currency::code);
        for detail in &mut details {
            let sign = if detail.direction.unwrap_or(is_credit) == is_credit { 1 } else { -1 };
            let own = detail.amount.as_ref().filter(|(_, named)| named == code);
            detail.part.minor = sign * own.map_or(0, |(minor, _)| *minor);
            detail.part.charges = detail.charged.minor();
        }
        let has_amounts = details.iter().all(|d| d.amount.as_ref().is_some_and(|(_, named)| named == code));
        let sum: i64 = details.iter().map(|detail| detail.part.minor).fold(0, i64::saturating_add);
        let fits = sum == entry.minor || sum.saturating_sub(entry.charges) == entry.minor;
        self.head.entries += 1;
        if details.len() > 1 && has_amounts && fits && entry.currency.is_some() {
            self.progress.items += details.len();
            entry.parts = details.into_iter().map(|detail| detail.part).collect();
        } else {
            self.progress.items += 1;
            entry.is_uneven = details.len() > 1 && has_amounts && !fits;
            for Detail { part, .. } in details {
                add(&mut entry.part.words, &part.words, WORDS_MAX);
                entry.part.charges += part.charges;
                if entry.part.payer.is_empty() {
                    (entry.part.payer, entry.part.payer_iban) = (part.payer, part.payer_iban);
                }
                entry.part.returned = entry.part.returned.or(part.returned);
                entry.part.instructed = entry.part.instructed.or(part.instructed);
                if entry.part.end_to_end.is_empty() {
                    entry.part.end_to_end = part.end_to_end;
                }
                if entry.code.is_empty() {
                    entry.code.clone_from(&part.code);
                }
            }
            entry.part.charges = entry.part.charges.max(entry.charges);
        }
        if self.progress.items > ENTRIES_MAX {
            return Err(StatementError::TooLong);
        }
        if entry.is_final() {
            self.balance.books(&entry);
            let head = &mut self.head;
            if head.first_day.is_empty() || entry.day < head.first_day {
                head.first_day.clone_from(&entry.day);
            }
            if entry.day > head.last_day {
                head.last_day.clone_from(&entry.day);
            }
        }
        sink.entry(&self.head, entry)
    }
}

impl Open {
    /// An element within the entry; `within` leads from the entry to its parent.
    fn reads(
        &mut self,
        within: &[&'static str],
        name: &'static str,
        text: &str,
        currency: &str,
        place: usize,
    ) -> Result<(), StatementError> {
        let parent = within.last().copied().unwrap_or("");
        let above = within.iter().rev().nth(1).copied().unwrap_or("");
        if name == "TxDtls" && parent == "NtryDtls" {
            self.details.extend(self.detail.take());
            return if self.details.len() > ENTRIES_MAX { Err(StatementError::TooLong) } else { Ok(()) };
        }
        let minor = || {
            let known = Currency::of(currency);
            let minor = amount::minor_of(text, known);
            minor.map_err(|fault| StatementError::Amount(place, short(text), fault))
        };
        let of_charges = within.contains(&"Chrgs");
        let (entry, detail) = (&mut self.entry, &mut self.detail);
        match (above, parent, name) {
            (_, "Ntry", "Amt") => {
                (entry.minor, entry.currency) = (minor()?, Currency::of(currency));
                entry.stated = format!("{} {}", short(text), short(currency));
                self.has_amount = true;
            }
            (_, "Ntry", "CdtDbtInd") => self.direction = direction(text),
            (_, "Ntry", "RvslInd") => entry.is_reversal = matches!(text, "true" | "1"),
            // Older versions have the code itself in Sts, newer ones within Cd or Prtry.
            (_, "Ntry", "Sts") | ("Ntry", "Sts", "Cd" | "Prtry") if !text.is_empty() => entry.status = short(text),
            (_, "Ntry", "NtryRef") => entry.number = short(text),
            (_, "Ntry", "AcctSvcrRef") => entry.reference = short(text),
            (_, "BookgDt", "Dt" | "DtTm") => entry.day = text.chars().take(10).collect(),
            (_, "ValDt", "Dt" | "DtTm") if parent == "ValDt" => self.value_day = text.chars().take(10).collect(),
            (_, "Chrgs" | "Rcrd", "Amt") | (_, "Chrgs", "TtlChrgsAndTaxAmt") => {
                let own = Currency::of(currency) == entry.currency;
                let minor = if own { minor()? } else { 0 };
                let charged = detail.as_mut().map_or(&mut self.charged, |detail| &mut detail.charged);
                if name == "TtlChrgsAndTaxAmt" {
                    charged.total = Some(minor);
                } else {
                    charged.record = minor;
                    charged.records += minor;
                }
            }
            // What is given back of a charge is none.
            (_, "Chrgs" | "Rcrd", "CdtDbtInd") if direction(text) == Some(true) => {
                let charged = detail.as_mut().map_or(&mut self.charged, |detail| &mut detail.charged);
                charged.records -= 2 * charged.record;
            }
            _ if of_charges => {}
            (_, "Domn" | "Fmly", "Cd" | "SubFmlyCd") if !within.contains(&"RtrInf") => {
                let code = detail.as_mut().map_or(&mut entry.code, |detail| &mut detail.part.code);
                add(code, text, 80);
            }
            ("BkTxCd", "Prtry", "Cd") => {
                let code = detail.as_mut().map_or(&mut entry.code, |detail| &mut detail.part.code);
                add(code, text, 80);
            }
            ("RtrInf", "Rsn", "Cd" | "Prtry") | ("OrgnlBkTxCd" | "RtrInf", "RtrInf", "AddtlInf") => {
                let part = detail.as_mut().map_or(&mut entry.part, |detail| &mut detail.part);
                add(part.returned.get_or_insert_default(), text, 200);
                add_word(&mut part.words, text);
            }
            _ => match detail {
                Some(detail) => detail.reads((above, parent, name), within, text, currency, minor)?,
                None => {
                    if matches!((parent, name), ("InstdAmt", "Amt")) {
                        entry.part.instructed = instructed(currency, minor()?);
                    }
                    said(&mut entry.part, within, name, text);
                }
            },
        }
        Ok(())
    }
}

impl Detail {
    fn reads(
        &mut self,
        (_, parent, name): (&str, &'static str, &'static str),
        within: &[&'static str],
        text: &str,
        currency: &str,
        minor: impl Fn() -> Result<i64, StatementError>,
    ) -> Result<(), StatementError> {
        match (parent, name) {
            // Its own amount goes before that of the details of amounts, which older versions have alone.
            ("TxDtls", "Amt") => self.amount = Some((minor()?, currency.to_owned())),
            ("TxAmt", "Amt") if self.amount.is_none() => self.amount = Some((minor()?, currency.to_owned())),
            ("InstdAmt", "Amt") => self.part.instructed = instructed(currency, minor()?),
            ("TxDtls", "CdtDbtInd") => self.direction = direction(text),
            ("Refs", "AcctSvcrRef") => {
                self.reference = short(text);
                add_word(&mut self.part.words, text);
            }
            _ => said(&mut self.part, within, name, text),
        }
        Ok(())
    }
}

fn instructed(currency: &str, minor: i64) -> Option<base::Money> {
    Currency::of(currency).map(|currency| base::Money { minor, currency })
}

fn direction(text: &str) -> Option<bool> {
    match text {
        "CRDT" => Some(true),
        "DBIT" => Some(false),
        _ => None,
    }
}

/// The words of an entry, and who has paid.
fn said(part: &mut Part, within: &[&'static str], name: &'static str, text: &str) {
    let is_within = |wanted: &str| within.contains(&wanted);
    let parent = within.last().copied().unwrap_or("");
    match name {
        "EndToEndId" => {
            part.end_to_end = short(text);
            add_word(&mut part.words, text);
        }
        "Ref" if matches!(parent, "CdtrRefInf" | "Prtry") => add_word(&mut part.words, text),
        "Ustrd" | "AddtlNtryInf" | "AddtlTxInf" | "AddtlRmtInf" | "PmtInfId" | "InstrId" | "TxId" | "MndtId"
        | "ChqNb" | "ClrSysRef" | "AcctOwnrTxId" | "RmtId" | "UETR" => add_word(&mut part.words, text),
        "MsgId" if matches!(parent, "Refs" | "Btch") => add_word(&mut part.words, text),
        "Nb" if parent == "RfrdDocInf" => add_word(&mut part.words, text),
        "Prtry" if parent == "Purp" => add_word(&mut part.words, text),
        // Newer versions have a party between the payer and the name.
        "Nm" if is_within("Dbtr") && part.payer.is_empty() => part.payer = text.chars().take(140).collect(),
        "IBAN" if is_within("DbtrAcct") => part.payer_iban = account_of(text),
        "Id" if parent == "Othr" && is_within("DbtrAcct") && part.payer_iban.is_empty() => {
            part.payer_iban = account_of(text);
        }
        _ => {}
    }
}

/// Adds a line; lines that say the same again say nothing.
fn add_word(words: &mut String, text: &str) {
    if text.is_empty() || text == "NOTPROVIDED" || words.len() >= WORDS_MAX {
        return;
    }
    let text: String = text.chars().take(WORD_MAX).collect();
    if words.lines().all(|line| line != text) {
        add(words, &text, WORDS_MAX);
    }
}

fn add(words: &mut String, text: &str, most: usize) {
    if text.is_empty() || words.len() + text.len() > most {
        return;
    }
    words.push_str(text);
    if !text.ends_with('\n') {
        words.push('\n');
    }
}

/// What a bank calls something, at most as long as the standard lets it be.
fn short(text: &str) -> String {
    text.chars().take(70).collect()
}

/// An account as it is compared: without spaces, in capital letters.
pub(super) fn account_of(text: &str) -> String {
    let plain = text.chars().filter(|c| !c.is_whitespace() && *c != '\u{a0}');
    plain.take(70).collect::<String>().to_ascii_uppercase()
}
