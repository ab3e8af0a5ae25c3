//! Orders to the bank in ISO 20022 pain.001.001.09: refunds that leave by transfer.

use base::Money;

/// A transfer to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// The refund's reference, at most 35 characters.
    pub id: String,
    pub to: String,
    /// The account of the payee; without one, whoever hands the message to the bank has to add it.
    pub iban: Option<String>,
    pub money: Money,
    pub words: String,
}

/// What the bank is to write beside a refund.
pub fn refund_words(payment: &str) -> String {
    format!("refund {payment}").trim_end().to_owned()
}

/// A text as XML 1.0 has it: without the characters that it cannot have.
pub(super) fn escaped(text: &str) -> String {
    let fit: String = text.chars().filter(|c| !base::typed::is_unfit(*c)).collect();
    fit.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// A name or a text of at most 140 characters, as ISO 20022 has them (Max140Text).
pub(super) fn at_most_140(text: &str) -> String {
    escaped(&text.chars().take(140).collect::<String>())
}

/// The message; `message` names it, `at` is a time in ISO 8601, `day` the day on which the bank is to act.
pub fn transfers(message: &str, at: &str, day: &str, debtor: &str, iban: &str, transfers: &[Transfer]) -> String {
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    xml += "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"><CstmrCdtTrfInitn>";
    xml += &format!(
        "<GrpHdr><MsgId>{}</MsgId><CreDtTm>{at}</CreDtTm><NbOfTxs>{}</NbOfTxs><InitgPty><Nm>{}</Nm></InitgPty></GrpHdr>",
        escaped(message),
        transfers.len(),
        at_most_140(debtor)
    );
    xml += &format!(
        "<PmtInf><PmtInfId>{}</PmtInfId><PmtMtd>TRF</PmtMtd><ReqdExctnDt><Dt>{day}</Dt></ReqdExctnDt><Dbtr><Nm>{}</Nm></Dbtr>\
         <DbtrAcct><Id><IBAN>{}</IBAN></Id></DbtrAcct><DbtrAgt><FinInstnId/></DbtrAgt>",
        escaped(message),
        at_most_140(debtor),
        escaped(iban)
    );
    for transfer in transfers {
        let decimals = usize::from(transfer.money.currency.decimals());
        let account = transfer
            .iban
            .as_ref()
            .map_or(String::new(), |iban| format!("<CdtrAcct><Id><IBAN>{}</IBAN></Id></CdtrAcct>", escaped(iban)));
        xml += &format!(
            "<CdtTrfTxInf><PmtId><EndToEndId>{}</EndToEndId></PmtId><Amt><InstdAmt Ccy=\"{}\">{:.decimals$}</InstdAmt></Amt>\
             <Cdtr><Nm>{}</Nm></Cdtr>{account}<RmtInf><Ustrd>{}</Ustrd></RmtInf></CdtTrfTxInf>",
            escaped(&transfer.id),
            transfer.money.currency.code(),
            transfer.money.major(),
            at_most_140(&transfer.to),
            at_most_140(&transfer.words)
        );
    }
    xml + "</PmtInf></CstmrCdtTrfInitn></Document>\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Currency;

    #[test]
    fn what_people_wrote_is_no_markup() {
        for (written, expect) in [
            ("{holder} <b> \"A\" & =cmd()", "{holder} &lt;b&gt; &quot;A&quot; &amp; =cmd()"),
            ("a\u{1}b\0c\u{FFFE}", "abc"),
            ("شركة", "شركة"),
        ] {
            assert_eq!(escaped(written), expect);
        }
        assert_eq!(at_most_140(&"ش".repeat(200)).chars().count(), 140);
    }

    #[test]
    fn amounts_have_all_their_decimals_and_names_are_escaped() {
        let money = Money { minor: 35_500, currency: Currency::JOD };
        let refund = Transfer {
            id: "PY-1-R1".into(),
            to: "Amal & Co".into(),
            iban: Some("PS93".into()),
            money,
            words: "refund".into(),
        };
        let xml = transfers("M1", "2021-06-01T09:00:00Z", "2021-06-02", "Treasury", "PS92", &[refund]);
        assert!(xml.contains("<InstdAmt Ccy=\"JOD\">35.500</InstdAmt>"), "{xml}");
        assert!(xml.contains("</Cdtr><CdtrAcct><Id><IBAN>PS93</IBAN></Id></CdtrAcct><RmtInf>"), "{xml}");
        assert!(xml.contains("<Nm>Amal &amp; Co</Nm>") && xml.contains("<NbOfTxs>1</NbOfTxs>"));
    }
}
