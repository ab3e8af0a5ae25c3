//! Notifications of what was booked, in ISO 20022 camt.054.001.08: the fees of some days for other systems.

use base::Money;

use super::pain001::escaped;

/// A payment that was booked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The number of the receipt.
    pub receipt: String,
    pub payment: String,
    pub payer: String,
    pub money: Money,
    pub day: String,
}

/// The message; `message` names it, `at` is a time in ISO 8601.
pub fn notices(message: &str, at: &str, iban: &str, notices: &[Notice]) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\">\
         <BkToCstmrDbtCdtNtfctn><GrpHdr><MsgId>{0}</MsgId><CreDtTm>{at}</CreDtTm></GrpHdr>\
         <Ntfctn><Id>{0}</Id><CreDtTm>{at}</CreDtTm><Acct><Id><IBAN>{1}</IBAN></Id></Acct>",
        escaped(message),
        escaped(iban)
    );
    for notice in notices {
        let decimals = usize::from(notice.money.currency.decimals());
        xml += &format!(
            "<Ntry><Amt Ccy=\"{}\">{:.decimals$}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>\
             <BookgDt><Dt>{}</Dt></BookgDt><AcctSvcrRef>{}</AcctSvcrRef><BkTxCd/><NtryDtls><TxDtls><Refs>\
             <EndToEndId>{}</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>{}</Nm></Pty></Dbtr></RltdPties><RmtInf><Strd>\
             <CdtrRefInf><Ref>{}</Ref></CdtrRefInf></Strd></RmtInf></TxDtls></NtryDtls></Ntry>",
            notice.money.currency.code(),
            notice.money.major(),
            escaped(&notice.day),
            escaped(&notice.receipt),
            escaped(&notice.payment),
            escaped(&notice.payer),
            super::creditor_reference(&notice.payment),
        );
    }
    xml + "</Ntfctn></BkToCstmrDbtCdtNtfctn></Document>\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Currency;

    #[test]
    fn what_is_written_is_read_again() {
        let notice = Notice {
            receipt: "m/2021/000001".into(),
            payment: "PY-7K3M-9QX4".into(),
            payer: "A & B".into(),
            money: Money { minor: 35_000, currency: Currency::JOD },
            day: "2021-06-01".into(),
        };
        let xml = notices("N1", "2021-06-01T09:00:00Z", "PS1", &[notice]);
        assert!(xml.contains("<Amt Ccy=\"JOD\">35.000</Amt>") && xml.contains("A &amp; B"), "{xml}");
        // The same entries as in a statement, within another element.
        let statement = xml.replace("<Ntfctn>", "<Stmt>").replace("</Ntfctn>", "</Stmt>");
        let read = super::super::read(&statement).unwrap();
        assert_eq!((read.entries.len(), read.entries[0].minor), (1, 35_000));
    }
}
