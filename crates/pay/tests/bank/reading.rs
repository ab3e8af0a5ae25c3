//! What is read of a file, whatever its version, encoding and packing.

use base::Currency;
use pay::bank::{AmountFault, Kind, StatementError};
use proptest::prelude::*;

use crate::samples::*;

fn one(entries: &[E]) -> String {
    Bank::Olive.message(53, 8, &[statement("S1", entries)])
}

fn refused(file: &[u8]) -> StatementError {
    read(file).unwrap_err().error
}

#[test]
fn every_version_and_layout_says_the_same() {
    let parts = vec![("10.000".to_owned(), "one".to_owned()), ("20.000".to_owned(), "two".to_owned())];
    let batch = E { parts, ..credit("30.000", "") };
    let entries = [credit("35.000", "fee &amp; &#x627; &#65; <![CDATA[& more]]>"), debit("1", "gone"), batch];
    for message in [52, 53, 54] {
        for version in 2..=13 {
            for bank in BANKS {
                let file = bank.message(message, version, &[statement("S1", &entries)]);
                let found = read(file.as_bytes()).unwrap_or_else(|error| panic!("{error}: {file}"));
                let [(head, found)] = found.as_slice() else { panic!("{found:?}") };
                let kind = match message {
                    52 => Kind::Report,
                    53 => Kind::Statement,
                    _ => Kind::Notification,
                };
                let account = if bank == Bank::Cedar { &FIRST[FIRST.len() - 12..] } else { FIRST };
                assert_eq!((head.kind, head.id.as_str(), head.account.as_str()), (kind, "S1", account), "{file}");
                assert_eq!((head.entries, head.first_day.as_str()), (3, "2021-06-01"));
                let [fee, gone, batch] = found.as_slice() else { panic!("{found:?}") };
                assert_eq!((fee.minor, fee.currency, fee.is_credit), (35_000, Some(Currency::JOD), true));
                assert!(fee.is_final() && fee.day == "2021-06-01" && fee.part.payer == "Amal", "{fee:?}");
                assert_eq!((fee.part.words.trim(), fee.part.payer_iban.as_str()), ("fee & ا A & more", STRANGE));
                assert_eq!((gone.minor, gone.is_credit), (1_000, false));
                let parts: Vec<_> = batch.parts.iter().map(|part| (part.minor, part.words.trim())).collect();
                assert_eq!(parts, [(10_000, "one"), (20_000, "two")], "{file}");
            }
        }
    }
}

#[test]
fn a_file_is_read_in_the_encoding_that_it_has() {
    let plain = one(&[credit("35.000", "Müller")]);
    let declared = |name: &str| plain.replacen("?>", &format!(" encoding=\"{name}\"?>"), 1);
    let latin = |name: &str| declared(name).chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<_>>();
    let utf16 = |name: &str, mark: bool, little: bool| -> Vec<u8> {
        let text = if mark { format!("\u{feff}{}", declared(name)) } else { declared(name) };
        text.encode_utf16().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
    };
    let marked = [b"\xef\xbb\xbf".as_slice(), declared("UTF-8").as_bytes()].concat();
    let arabic = one(&[credit("35.000", "أمل")]).replacen("?>", " encoding=\"windows-1256\"?>", 1);
    let (arabic, ..) = (arabic.bytes().collect::<Vec<u8>>(), ());
    let arabic = String::from_utf8(arabic).unwrap().replace("أمل", "\u{1}\u{2}\u{3}").into_bytes();
    let arabic: Vec<u8> = arabic
        .into_iter()
        .map(|byte| match byte {
            1 => 0xc3,
            2 => 0xe3,
            3 => 0xe1,
            other => other,
        })
        .collect();
    for (name, file, words) in [
        ("as it is", plain.clone().into_bytes(), "Müller"),
        ("UTF-8 with a mark", marked, "Müller"),
        ("ISO-8859-1", latin("ISO-8859-1"), "Müller"),
        ("windows-1252", latin("windows-1252"), "Müller"),
        ("says UTF-8 and is not", latin("UTF-8"), "Müller"),
        ("UTF-16 with a mark", utf16("UTF-16", true, true), "Müller"),
        ("UTF-16 with a mark, big", utf16("UTF-16", true, false), "Müller"),
        ("UTF-16 without", utf16("UTF-16", false, true), "Müller"),
        ("UTF-16 without, big", utf16("utf-16be", false, false), "Müller"),
        ("says UTF-16 and is not", declared("UTF-16").into_bytes(), "Müller"),
        ("windows-1256", arabic, "أمل"),
        ("in a zip", zip(&[("a.xml", &latin("ISO-8859-1"))]), "Müller"),
        ("in a zip as UTF-16", zip(&[("a.xml", &utf16("UTF-16", true, true))]), "Müller"),
    ] {
        let found = read(&file).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(found[0].1[0].part.words.trim(), words, "{name}");
        assert_eq!(found[0].1[0].minor, 35_000, "{name}");
    }
    assert_eq!(refused(declared("klingon-1").as_bytes()), StatementError::Encoding("klingon-1".into()));
}

#[test]
fn a_zip_has_its_files_in_whatever_folders() {
    let file = |id: &'static str| Bank::Harbour.message(53, 4, &[statement(id, &[credit("1", "x")])]);
    let (a, b, c) = (file("A"), file("B"), file("C"));
    let all = zip(&[
        ("2021/june/b.xml", b.as_bytes()),
        ("2021/a.camt", a.as_bytes()),
        ("c.XML", c.as_bytes()),
        ("readme.txt", b"how to read this"),
        ("__MACOSX/2021/._a.xml", b"\0\0"),
        (".DS_Store", b"x"),
    ]);
    let ids: Vec<String> = read(&all).unwrap().into_iter().map(|(head, _)| head.id).collect();
    assert_eq!(ids, ["A", "B", "C"]);
    let bad = read(&zip(&[("a.xml", a.as_bytes()), ("d/b.xml", b"<Document>")])).unwrap_err();
    assert_eq!((bad.file.as_str(), bad.error), ("d/b.xml", StatementError::Unfinished));
    assert_eq!(refused(&zip(&[("readme.txt", b"nothing")])), StatementError::NoStatement);
    assert_eq!(refused(&zip(&[])), StatementError::NoStatement);
    assert!(matches!(refused(&all[..all.len() / 2]), StatementError::Zip(_)));
}

#[test]
fn a_zip_that_would_fill_the_machine_is_refused() {
    // What a zip says of the length of its files stands 24 bytes into each line of its list.
    let says = |bytes: u32, mut zip: Vec<u8>| {
        let at = zip.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
        zip[at + 24..at + 28].copy_from_slice(&bytes.to_le_bytes());
        zip
    };
    let small = zip(&[("a.xml", b"<Document/>")]);
    assert_eq!(refused(&says(300 << 20, small)), StatementError::TooLarge);
    // One that says less than it has, and is nothing but spaces.
    let mut spaces = b"<Document>".to_vec();
    spaces.resize(4 << 20, b' ');
    let bomb = zip(&[("a.xml", &spaces)]);
    assert!(bomb.len() < 100_000);
    assert_eq!(refused(&says(100, bomb)), StatementError::TooLarge);
    let many: Vec<(String, &[u8])> = (0..1_001).map(|number| (format!("{number}.xml"), b"<a/>".as_slice())).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, content)| (name.as_str(), *content)).collect();
    assert_eq!(refused(&zip(&many)), StatementError::TooLarge);
}

#[test]
fn what_is_no_message_of_the_bank_is_refused_by_name() {
    let good = one(&[credit("35.000", "x")]);
    let other = "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn/></Document>";
    for (file, expected) in [
        (String::new(), StatementError::NoStatement),
        ("no statement".into(), StatementError::NoStatement),
        ("<Document></Document>".into(), StatementError::NoStatement),
        ("<html><body/></html>".into(), StatementError::NoStatement),
        (other.into(), StatementError::OtherMessage("pain.001.001.09".into())),
        (good[..200].into(), StatementError::Unfinished),
        (good[..good.len() - 12].into(), StatementError::Unfinished),
        (good.replace(">CRDT<", "><"), StatementError::Direction(1)),
        (good.replace(">CRDT<", ">credit<"), StatementError::Direction(1)),
        (good.replace("2021-06-01", "2021-13-01"), StatementError::Day(1, "2021-13-01".into())),
        (good.replace("2021-06-01", "01.06.2021"), StatementError::Day(1, "01.06.2021".into())),
        (good.replace("<Amt Ccy=\"JOD\">35.000</Amt>", ""), StatementError::Amount(1, "".into(), AmountFault::Missing)),
    ] {
        assert_eq!(refused(file.as_bytes()), expected, "{file}");
    }
    assert!(matches!(refused(b"<a><b></a>"), StatementError::Xml(_)));
    // What an entity stands for might be a digit.
    assert!(matches!(refused(good.replace("35.000", "3&five;.000").as_bytes()), StatementError::Xml(_)));
    // Digits may be written by their numbers.
    assert_eq!(read(good.replace("35.000", "3&#53;.&#x30;00").as_bytes()).unwrap()[0].1[0].minor, 35_000);
}

#[test]
fn an_amount_is_never_another_one() {
    use AmountFault::*;
    for (written, currency, expected) in [
        ("12.50", "ILS", Ok(1_250)),
        ("12.500", "ILS", Ok(1_250)),
        ("12.50", "JOD", Ok(12_500)),
        ("12,50", "ILS", Err(Comma)),
        ("1.250,00", "ILS", Err(Comma)),
        ("1,250.00", "ILS", Err(Comma)),
        ("12.345", "ILS", Err(TooManyDecimals(2))),
        ("-12.50", "ILS", Err(Negative)),
        ("1e3", "ILS", Err(NotANumber)),
        ("", "ILS", Err(Missing)),
        ("12,50", "XXX", Err(Comma)),
        ("12.50", "XXX", Ok(0)),
    ] {
        let file = one(&[E {
            currency: if currency == "ILS" {
                "ILS"
            } else if currency == "JOD" {
                "JOD"
            } else {
                "XXX"
            },
            ..credit(written, "x")
        }]);
        let expected = expected.map_err(|fault| StatementError::Amount(1, written.into(), fault));
        let found = read(file.as_bytes()).map(|found| found[0].1[0].minor).map_err(|refused| refused.error);
        assert_eq!(found, expected, "{written} {currency}");
    }
    let balance = S { balances: Some(("1,5", "2")), ..statement("S1", &[credit("1", "x")]) };
    let file = Bank::Olive.message(53, 8, &[balance]);
    assert_eq!(refused(file.as_bytes()), StatementError::Balance(1, "1,5".into(), Comma));
}

#[test]
fn words_are_found_wherever_banks_put_them() {
    for place in [
        "<Refs><EndToEndId>W</EndToEndId></Refs>",
        "<Refs><InstrId>W</InstrId></Refs>",
        "<Refs><PmtInfId>W</PmtInfId></Refs>",
        "<Refs><MsgId>W</MsgId></Refs>",
        "<Refs><TxId>W</TxId></Refs>",
        "<Refs><MndtId>W</MndtId></Refs>",
        "<Refs><ChqNb>W</ChqNb></Refs>",
        "<Refs><AcctSvcrRef>W</AcctSvcrRef></Refs>",
        "<Refs><AcctOwnrTxId>W</AcctOwnrTxId></Refs>",
        "<Refs><Prtry><Tp>x</Tp><Ref>W</Ref></Prtry></Refs>",
        "<RmtInf><Ustrd>W</Ustrd></RmtInf>",
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Cd>SCOR</Cd></CdOrPrtry></Tp><Ref>W</Ref></CdtrRefInf></Strd></RmtInf>",
        "<RmtInf><Strd><CdtrRefInf><Tp><CdOrPrtry><Prtry>QRR</Prtry></CdOrPrtry></Tp><Ref>W</Ref></CdtrRefInf></Strd></RmtInf>",
        "<RmtInf><Strd><RfrdDocInf><Tp><CdOrPrtry><Cd>CINV</Cd></CdOrPrtry></Tp><Nb>W</Nb></RfrdDocInf></Strd></RmtInf>",
        "<RmtInf><Strd><AddtlRmtInf>W</AddtlRmtInf></Strd></RmtInf>",
        "<RltdRmtInf><RmtId>W</RmtId></RltdRmtInf>",
        "<Purp><Prtry>W</Prtry></Purp>",
        "<AddtlTxInf>W</AddtlTxInf>",
    ] {
        let file = one(&[E { detail: place.replace('W', "PY-2222-2222"), ..credit("1", "nothing") }]);
        let found = read(file.as_bytes()).unwrap();
        assert!(found[0].1[0].part.words.contains("PY-2222-2222"), "{place}: {:?}", found[0].1);
    }
    let beside = "</NtryDtls><AddtlNtryInf>PY-2222-2222</AddtlNtryInf>";
    let file = one(&[credit("1", "nothing")]).replace("</NtryDtls>", beside);
    assert!(read(file.as_bytes()).unwrap()[0].1[0].part.words.contains("PY-2222-2222"));
    let batch = "<NtryDtls><Btch><PmtInfId>PY-2222-2222</PmtInfId></Btch>";
    let file = one(&[credit("1", "nothing")]).replace("<NtryDtls>", batch);
    assert!(read(file.as_bytes()).unwrap()[0].1[0].part.words.contains("PY-2222-2222"));
}

#[test]
fn depth_and_length_are_bounded() {
    let deep = |levels: usize| {
        let (open, close) = ("<a>".repeat(levels), "</a>".repeat(levels));
        one(&[credit("1", "x")]).replace("</Ntry>", &format!("<SplmtryData>{open}{close}</SplmtryData></Ntry>"))
    };
    assert!(read(deep(20).as_bytes()).is_ok());
    for levels in [60, 200_000] {
        assert_eq!(refused(deep(levels).as_bytes()), StatementError::TooDeep);
    }
    let long = one(&[credit("1", &"x".repeat(2 << 20))]);
    assert_eq!(refused(long.as_bytes()), StatementError::TooLarge);
    // Of long words as much is kept as somebody reads.
    let words = one(&[credit("1", &"x".repeat(10_000))]);
    assert!(read(words.as_bytes()).unwrap()[0].1[0].part.words.len() < 1_000);
}

#[test]
fn balances_are_read_of_each_statement_and_each_part() {
    let second = S { account: SECOND, balances: Some(("-5.5", "-4.5")), ..statement("S2", &[credit("1", "x")]) };
    let first = S { balances: Some(("10", "45")), ..statement("S1", &[credit("35.000", "x"), debit("9", "y")]) };
    for bank in BANKS {
        let found = read(bank.message(53, 8, &[first.clone(), second.clone()]).as_bytes()).unwrap();
        let balances: Vec<_> = found.iter().flat_map(|(head, _)| &head.balances).collect();
        let told: Vec<_> = balances.iter().map(|one| (one.opening, one.booked, one.closing)).collect();
        assert_eq!(told, [(Some(10_000), 26_000, 45_000), (Some(-5_500), 1_000, -4_500)], "{bank:?}");
    }
    // The middle of a statement that comes in several parts has two balances between.
    let middle = Bank::Harbour.message(53, 8, &[first]).replace("OPBD", "ITBD").replace("CLBD", "ITBD");
    let found = read(middle.as_bytes()).unwrap();
    assert_eq!((found[0].0.balances[0].opening, found[0].0.balances[0].closing), (Some(10_000), 45_000));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn whatever_comes_is_read_or_refused(file: Vec<u8>, cut in 0_usize..2_000, byte: u8, at in 0_usize..2_000) {
        let _ = read(&file);
        let mut good = one(&[credit("35.000", "x"), debit("1", "y")]).into_bytes();
        let place = at % good.len();
        good[place] = byte;
        let _ = read(&good);
        let _ = read(&good[..cut.min(good.len())]);
        let mut packed = zip(&[("a.xml", &good)]);
        let place = at % packed.len();
        packed[place] = byte;
        let _ = read(&packed);
    }
}
