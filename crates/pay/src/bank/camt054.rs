//! Notifications of what was booked, in ISO 20022 camt.054.001.08: the fees that came on some days and the refunds that
//! left, for other systems.

use base::Money;

use super::{creditor_reference, pain001::escaped};

/// A payment or a refund that was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    pub booking: Booking,
    pub money: Money,
    /// The day on which it was booked, ISO.
    pub day: String,
}

/// Which way the money went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Booking {
    Came {
        /// The number of the receipt.
        receipt: String,
        payment: String,
        payer: String,
    },
    Left {
        refund: String,
        /// Empty where money goes back that belonged to no payment.
        payment: String,
        payee: String,
        /// The account of the payee, where it left by bank.
        iban: Option<String>,
    },
}

/// The message; `message` names it, `at` is a time in ISO 8601, `iban` the account of the treasury, where there is one.
pub fn notices(message: &str, at: &str, iban: Option<&str>, notices: &[Notice]) -> String {
    let account =
        iban.map_or("<Othr><Id>treasury</Id></Othr>".into(), |iban| format!("<IBAN>{}</IBAN>", escaped(iban)));
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\
         <BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{0}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr>\
         <Ntfctn><Id>{0}</Id><CreDtTm>{at}</CreDtTm><Acct><Id>{account}</Id></Acct>",
        escaped(message),
    );
    for notice in notices {
        let decimals = usize::from(notice.money.currency.decimals());
        let (direction, reference, details) = match &notice.booking {
            Booking::Came { receipt, payment, payer } => ("CRDT", receipt, came(payment, payer)),
            Booking::Left { refund, payment, payee, iban } => {
                ("DBIT", refund, left(refund, payment, payee, iban.as_deref()))
            }
        };
        xml += &format!(
            "<Ntry><Amt Ccy=\"{}\">{:.decimals$}</Amt><CdtDbtInd>{direction}</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{}</Dt></BookgDt><AcctSvcrRef>{}</AcctSvcrRef><BkTxCd/>\
             <NtryDtls><TxDtls>{details}</TxDtls></NtryDtls></Ntry>",
            notice.money.currency.code(),
            notice.money.major(),
            escaped(&notice.day),
            escaped(reference),
        );
    }
    xml + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"
}

fn came(payment: &str, payer: &str) -> String {
    format!(
        "<Refs><EndToEndId>{}</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr></RltdPties>\
         <RmtInf><Strd><CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd></RmtInf>",
        escaped(payment),
        escaped(payer),
        creditor_reference(payment),
    )
}

/// The words are those of the order to the bank, so that one is known by the other.
fn left(refund: &str, payment: &str, payee: &str, iban: Option<&str>) -> String {
    let account =
        iban.map_or(String::new(), |iban| format!("<CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct>", escaped(iban)));
    format!(
        "<Refs><EndToEndId>{}</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>{}</Nm></Pty></Cdtr>{account}</RltdPties>\
         <RmtInf><Ustrd>{}</Ustrd></RmtInf>",
        escaped(refund),
        escaped(payee),
        escaped(&super::refund_words(payment)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Currency;

    #[test]
    fn what_is_written_is_read_again() {
        let day = String::from("2021-06-01");
        let fee = Notice {
            booking: Booking::Came {
                receipt: "m/2021/000001".into(),
                payment: "PY-7K3M-9QX4".into(),
                payer: "A & B".into(),
            },
            money: Money { minor: 35_000, currency: Currency::JOD },
            day: day.clone(),
        };
        let refund = Notice {
            booking: Booking::Left {
                refund: "PY-7K3M-9QX4-R1".into(),
                payment: "PY-7K3M-9QX4".into(),
                payee: "A & B".into(),
                iban: Some("PS92PALS000000000400123456702".into()),
            },
            money: Money { minor: 5_500, currency: Currency::JOD },
            day,
        };
        let xml = notices("N1", "2021-06-01T09:00:00Z", Some("PS1"), &[fee, refund]);
        assert!(xml.contains("<Amt Ccy=\"JOD\">35.000</Amt>") && xml.contains("A &amp; B"), "{xml}");
        let source = super::super::Source::Bytes(xml.into_bytes().into());
        let mut entries = Vec::new();
        let read = super::super::portions(&source, 9, &mut |portion| {
            entries.extend(portion.entries);
            true
        });
        read.unwrap();
        let [fee, refund] = entries.as_slice() else { panic!("{entries:?}") };
        assert_eq!((fee.minor, fee.is_credit, fee.part.payer.as_str()), (35_000, true, "A & B"));
        assert_eq!((refund.minor, refund.is_credit, refund.is_final()), (5_500, false, true));
        assert!(refund.part.words.contains("PY-7K3M-9QX4-R1"), "{refund:?}");
    }

    #[test]
    fn a_treasury_without_a_bank_is_named_in_words() {
        let xml = notices("N1", "2021-06-01T09:00:00Z", None, &[]);
        assert!(xml.contains("<Acct><Id><Othr><Id>treasury</Id></Othr></Id></Acct></Ntfctn>"), "{xml}");
    }
}
