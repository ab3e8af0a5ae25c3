//! How three banks write the same, in every version of the standard; and the office that takes it in.

use std::{io::Write, sync::Arc};

use base::{Currency, Money};
use jiff::{Timestamp, civil::Date};
use pay::{
    Difference, NewPayment, Payment, Payments, State,
    bank::{self, Entry, Head, Imported, Refused, Source},
    ledger::{self, Account, Purpose},
    way::{BankTransfer, Cash, OurBank, Waiver},
};
use serde_json::json;
use store::{By, Store, testing::on_each_engine};

pub const DAY: Date = Date::constant(2021, 6, 30);
/// Two accounts of ours, in dinars and in shekels.
pub const FIRST: &str = "PS92PALS000000000400123456702";
pub const SECOND: &str = "JO94CBJO0010000000000131000302";
/// Somebody else's.
pub const STRANGE: &str = "GB33BUKB20201555555555";

/// How a bank writes its messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bank {
    /// Everything on one line, the oldest elements, amounts only in the details of amounts.
    Olive,
    /// A prefix before each name, parties in `Pty`, the status in `Cd`.
    Harbour,
    /// The number of the account alone, words only in what it adds to the entry, lines and spaces everywhere.
    Cedar,
}

pub const BANKS: [Bank; 3] = [Bank::Olive, Bank::Harbour, Bank::Cedar];

/// An entry as a test writes it.
#[derive(Debug, Clone)]
pub struct E {
    pub amount: String,
    pub currency: &'static str,
    pub credit: bool,
    pub day: &'static str,
    pub reference: String,
    pub words: Vec<String>,
    pub status: &'static str,
    /// More elements of the entry, before its details; and of the details.
    pub more: String,
    pub detail: String,
    /// Parts: amount and words.
    pub parts: Vec<(String, String)>,
}

pub fn credit(amount: &str, words: &str) -> E {
    E {
        amount: amount.into(),
        currency: "JOD",
        credit: true,
        day: "2021-06-01",
        reference: "NONREF".into(),
        words: vec![words.into()],
        status: "BOOK",
        more: String::new(),
        detail: String::new(),
        parts: Vec::new(),
    }
}

pub fn debit(amount: &str, words: &str) -> E {
    E { credit: false, ..credit(amount, words) }
}

/// A statement as a test writes it.
#[derive(Debug, Clone)]
pub struct S {
    pub id: &'static str,
    pub account: &'static str,
    /// Opening and closing balance, below zero for a debt.
    pub balances: Option<(&'static str, &'static str)>,
    pub more: String,
    pub entries: Vec<E>,
}

pub fn statement(id: &'static str, entries: &[E]) -> S {
    S { id, account: FIRST, balances: None, more: String::new(), entries: entries.to_vec() }
}

impl Bank {
    /// A message: camt.052, camt.053 or camt.054, in a version of the standard.
    pub fn message(self, message: u8, version: u8, statements: &[S]) -> String {
        let (whole, one) = match message {
            52 => ("BkToCstmrAcctRpt", "Rpt"),
            54 => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
            _ => ("BkToCstmrStmt", "Stmt"),
        };
        let statements: String = statements.iter().map(|statement| self.statement(one, version, statement)).collect();
        let head = "<GrpHdr><MsgId>M1</MsgId><CreDtTm>2021-06-02T04:00:00</CreDtTm></GrpHdr>";
        let body = format!("<{whole}>{head}{statements}</{whole}>");
        let space = format!("urn:iso:std:iso:20022:tech:xsd:camt.0{message}.001.{version:02}");
        match self {
            Bank::Harbour => {
                let body = body.replace("</", "\u{1}").replace("<![", "\u{2}").replace('<', "<h:");
                let body = body.replace('\u{1}', "</h:").replace('\u{2}', "<![");
                format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><h:Document xmlns:h=\"{space}\">{body}</h:Document>")
            }
            Bank::Cedar => {
                let body = body.replace("><", ">\r\n  <");
                format!(
                    "<?xml version='1.0'?>\r\n<!-- made by Cedar -->\r\n<Document xmlns='{space}'>{body}</Document>\r\n"
                )
            }
            Bank::Olive => format!("<?xml version=\"1.0\"?><Document xmlns=\"{space}\">{body}</Document>"),
        }
    }

    fn statement(self, one: &str, version: u8, statement: &S) -> String {
        let account = match self {
            Bank::Cedar => format!("<Othr><Id>{}</Id></Othr>", &statement.account[statement.account.len() - 12..]),
            Bank::Olive => format!("<IBAN>{}</IBAN>", statement.account),
            Bank::Harbour => {
                let spaced: Vec<String> =
                    statement.account.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four).into()).collect();
                format!("<IBAN>{}</IBAN>", spaced.join(" "))
            }
        };
        let currency = statement.entries.first().map_or("JOD", |entry| entry.currency);
        let balance = |code: &str, amount: &str| {
            let (direction, amount) = amount.strip_prefix('-').map_or(("CRDT", amount), |amount| ("DBIT", amount));
            format!(
                "<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy=\"{currency}\">{amount}</Amt>\
                 <CdtDbtInd>{direction}</CdtDbtInd><Dt><Dt>{}</Dt></Dt></Bal>",
                statement.entries.last().map_or("2021-06-01", |entry| entry.day)
            )
        };
        let first = if self == Bank::Olive { "PRCD" } else { "OPBD" };
        let balances =
            statement.balances.map(|(from, to)| balance(first, from) + &balance("CLAV", "1") + &balance("CLBD", to));
        let entries: String = statement.entries.iter().map(|entry| self.entry(version, entry)).collect();
        // Related accounts and owners are not the account.
        format!(
            "<{one}><Id>{}</Id>{}<CreDtTm>2021-06-02T04:00:00</CreDtTm><Acct><Id>{account}</Id><Ownr><Nm>Treasury</Nm></Ownr>\
             </Acct><RltdAcct><Id><IBAN>{STRANGE}</IBAN></Id></RltdAcct>{}{entries}</{one}>",
            statement.id,
            statement.more,
            balances.unwrap_or_default()
        )
    }

    fn entry(self, version: u8, entry: &E) -> String {
        let E { amount, currency, credit, day, reference, words, status, more, detail, parts } = entry;
        let direction = if *credit { "CRDT" } else { "DBIT" };
        let status = if version >= 8 { format!("<Cd>{status}</Cd>") } else { (*status).to_owned() };
        let day = if self == Bank::Harbour {
            format!("<DtTm>{day}T10:15:00+03:00</DtTm>")
        } else {
            format!("<Dt>{day}</Dt>")
        };
        let reference =
            if reference.is_empty() { String::new() } else { format!("<AcctSvcrRef>{reference}</AcctSvcrRef>") };
        let payer = match self {
            Bank::Olive => "<Dbtr><Nm>Amal</Nm></Dbtr>",
            _ => "<Dbtr><Pty><Nm>Amal</Nm></Pty></Dbtr>",
        };
        let payer = format!("<RltdPties>{payer}<DbtrAcct><Id><IBAN>{STRANGE}</IBAN></Id></DbtrAcct></RltdPties>");
        let said =
            |words: &[String]| -> String { words.iter().map(|words| format!("<Ustrd>{words}</Ustrd>")).collect() };
        let details = if parts.is_empty() {
            let (remittance, beside) = match self {
                Bank::Cedar => (String::new(), format!("<AddtlNtryInf>{}</AddtlNtryInf>", words.join("\n"))),
                _ => (format!("<RmtInf>{}</RmtInf>", said(words)), String::new()),
            };
            let refs = "<Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs>";
            format!("<NtryDtls><TxDtls>{refs}{payer}{remittance}{detail}</TxDtls></NtryDtls>{beside}")
        } else {
            let part = |(amount, words): &(String, String)| {
                let amount = match self {
                    Bank::Olive => {
                        format!("<AmtDtls><TxAmt><Amt Ccy=\"{currency}\">{amount}</Amt></TxAmt></AmtDtls>")
                    }
                    _ => format!("<Amt Ccy=\"{currency}\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>"),
                };
                format!("<TxDtls>{amount}{payer}<RmtInf>{}</RmtInf></TxDtls>", said(std::slice::from_ref(words)))
            };
            let parts: String = parts.iter().map(part).collect();
            format!("<NtryDtls><Btch><NbOfTxs>2</NbOfTxs></Btch>{parts}</NtryDtls>")
        };
        format!(
            "<Ntry><Amt Ccy=\"{currency}\">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts>{status}</Sts>\
             <BookgDt>{day}</BookgDt>{reference}{more}{details}</Ntry>"
        )
    }
}

/// All that stands in a file.
pub fn read(file: &[u8]) -> Result<Vec<(Head, Vec<Entry>)>, Refused> {
    let source = Source::Bytes(file.into());
    let mut found: Vec<(Head, Vec<Entry>)> =
        bank::survey(&source)?.into_iter().map(|head| (head, Vec::new())).collect();
    bank::portions(&source, 3, &mut |portion| {
        assert!(portion.entries.len() <= 3);
        found[portion.statement].1.extend(portion.entries);
        true
    })?;
    Ok(found)
}

/// A zip of some files.
pub fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, content) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(content).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

pub fn payments() -> Payments {
    let bank = OurBank { accounts: vec![FIRST.into(), SECOND.into()], currencies: vec![Currency::JOD, Currency::ILS] };
    let transfer = BankTransfer { iban: FIRST.into(), holder: "Treasury".into(), bank };
    Payments::new(vec![Arc::new(transfer), Arc::new(Cash), Arc::new(Waiver)])
}

pub fn jod(minor: i64) -> Money {
    Money { minor, currency: Currency::JOD }
}

/// An office with its books.
pub struct Office {
    pub store: Store,
}

pub fn by() -> By {
    By::new("officer", "test", Timestamp::from_second(1_600_000_000).unwrap())
}

/// Runs a test on both engines.
pub async fn offices(name: &str, check: impl AsyncFn(Office)) {
    let opened = on_each_engine(name, async |database| {
        check(Office { store: Store::open(&database, pay::MIGRATIONS, vec![]).await.unwrap() }).await;
    });
    opened.await.unwrap();
}

impl Office {
    /// A fee that is owed; what it is called.
    pub async fn owe(&self, about: &str, amount: Money) -> Payment {
        let new = NewPayment {
            about: about.into(),
            service: "licence".into(),
            entity: "ministry".into(),
            payer: "amal".into(),
            payer_name: "Amal".into(),
            amount,
            opened: DAY,
            expires: None,
            fee: json!({}),
            random: about.bytes().fold(7, |number, byte| number * 31 + u64::from(byte)),
        };
        let owed = self.store.write(by(), move |tx| {
            let new = new.clone();
            Box::pin(async move { payments().quote(tx, new).await })
        });
        owed.await.unwrap()
    }

    /// A file comes; what it brought, or why it was refused.
    pub async fn take(&self, name: &str, file: &[u8]) -> Result<Imported, Refused> {
        let done = self.take_only(name, file).await?;
        self.balanced().await;
        Ok(done)
    }

    /// The same, without a proof of the books after it.
    pub async fn take_only(&self, name: &str, file: &[u8]) -> Result<Imported, Refused> {
        let source = Source::Bytes(file.into());
        let heads = match bank::survey(&source) {
            Ok(heads) => heads,
            Err(refused) => {
                let (name, kept) = (name.to_owned(), refused.clone());
                let wrote = self.store.write(by(), move |tx| {
                    let (name, kept) = (name.clone(), kept.clone());
                    Box::pin(async move { bank::refuse(tx, &name, &kept).await })
                });
                wrote.await.unwrap();
                return Err(refused);
            }
        };
        let mut portions = Vec::new();
        bank::portions(&source, 7, &mut |portion| {
            portions.push(portion);
            true
        })?;
        let (mut done, mut begun) = (Imported::default(), None);
        for portion in portions {
            let statement = match begun.take() {
                Some((number, statement)) if number == portion.statement => statement,
                _ => {
                    let head = &heads[portion.statement];
                    bank::begin(&mut self.store.read().await.unwrap(), &payments(), head).await.unwrap()
                }
            };
            let (kept, entries) = (statement.clone(), portion.entries);
            let took = self.store.write(by(), move |tx| {
                let (kept, entries) = (kept.clone(), entries.clone());
                Box::pin(async move { bank::portion(tx, &payments(), &kept, &entries, DAY).await })
            });
            done += took.await.unwrap().done;
            if portion.is_last {
                let kept = statement.clone();
                let ended = self.store.write(by(), move |tx| {
                    let kept = kept.clone();
                    Box::pin(async move { bank::end(tx, &kept, DAY).await })
                });
                done.unequal += ended.await.unwrap();
            }
            begun = Some((portion.statement, statement));
        }
        let (name, kept) = (name.to_owned(), heads);
        let wrote = self.store.write(by(), move |tx| {
            let (name, kept) = (name.clone(), kept.clone());
            Box::pin(async move { bank::took(tx, &name, &kept, &done).await })
        });
        wrote.await.unwrap();
        Ok(done)
    }

    /// A file of one statement, as Olive writes it.
    pub async fn takes(&self, statement: S) -> Imported {
        self.take("file.xml", Bank::Olive.message(53, 8, &[statement]).as_bytes()).await.unwrap()
    }

    /// The books balance, and what lies in suspense is what open differences say.
    pub async fn balanced(&self) {
        let mut db = self.store.read().await.unwrap();
        assert_eq!(ledger::prove(&mut db).await.unwrap(), []);
        assert_eq!(pay::prove_all(&mut db).await.unwrap(), []);
    }

    pub async fn state(&self, id: &str) -> State {
        payments().get(&mut self.store.read().await.unwrap(), id).await.unwrap().state
    }

    pub async fn holds(&self, purpose: Purpose, currency: Currency) -> i64 {
        let account = Account::new(pay::TREASURY, purpose, currency);
        ledger::balance(&mut self.store.read().await.unwrap(), &account).await.unwrap().minor
    }

    /// The kinds of the differences that are open, with ours and theirs.
    pub async fn open(&self) -> Vec<Difference> {
        let mut open = payments().differences(&mut self.store.read().await.unwrap(), 1_000).await.unwrap();
        open.sort_by(|one, other| one.kind.cmp(&other.kind));
        open
    }

    pub async fn kinds(&self) -> Vec<String> {
        self.open().await.into_iter().map(|open| open.kind).collect()
    }
}
