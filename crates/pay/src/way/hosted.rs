//! A hosted page of a payment provider: the payer goes there and comes back, the provider calls back with a signature,
//! and where the call is lost we ask.
//!
//! Signatures are HMAC-SHA-256 (RFC 2104) over the time in seconds, a full stop, and the text; in hexadecimal digits.

use base::{Currency, Money};
use jiff::Timestamp;
use ring::hmac;
use serde::{Deserialize, Serialize};

use super::{Begun, Way};
use crate::{
    ledger::{Account, Purpose},
    payment::{Attempt, Event, Payment, Report, TREASURY},
};

/// How old or how far ahead a signed message may be.
pub const WINDOW_SECONDS: i64 = 300;

/// A provider and what we agreed with it.
pub struct HostedPage {
    pub name: String,
    /// The address of the provider.
    pub base: String,
    /// Our own address, for the way back and for callbacks.
    pub portal: String,
    /// The secret that both share.
    pub secret: String,
}

/// What a provider says, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Callback {
    /// The provider's name for this message.
    pub id: String,
    pub attempt: String,
    pub kind: Event,
    /// A decimal in major units.
    #[serde(default)]
    pub amount: Option<String>,
    #[serde(default)]
    pub currency: Option<String>,
}

/// Why a message was not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error("the signature is wrong or missing")]
    Signature,
    #[error("the message is older than {WINDOW_SECONDS} seconds, or from the future")]
    Old,
    #[error("the message cannot be read")]
    Body,
}

impl Refused {
    pub fn as_str(self) -> &'static str {
        match self {
            Refused::Signature => "signature",
            Refused::Old => "old",
            Refused::Body => "body",
        }
    }
}

/// The signature of a text that is sent at a time.
pub fn sign(secret: &str, seconds: i64, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, format!("{seconds}.{text}").as_bytes());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Whether the signature is that of the text; takes the same time wherever they differ.
pub fn is_signed(secret: &str, seconds: i64, text: &str, signature: &str) -> bool {
    let bytes: Option<Vec<u8>> = (0..signature.len())
        .step_by(2)
        .map(|at| signature.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok()))
        .collect();
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    bytes.is_some_and(|tag| hmac::verify(&key, format!("{seconds}.{text}").as_bytes(), &tag).is_ok())
}

/// What a payer is sent to a provider with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order<'a> {
    pub attempt: &'a str,
    /// A decimal in major units.
    pub amount: &'a str,
    pub currency: &'a str,
    /// Where to call back, and where the payer comes back.
    pub portal: &'a str,
    pub back: &'a str,
}

impl Order<'_> {
    /// The text that is signed.
    pub fn text(&self) -> String {
        [self.attempt, self.amount, self.currency, self.portal, self.back].join(" ")
    }
}

/// An address as part of another (percent-encoding, RFC 3986).
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

impl HostedPage {
    /// Whether a text is the provider's and new enough.
    pub fn believes(&self, seconds: &str, signature: &str, body: &str, now: Timestamp) -> Result<(), Refused> {
        let seconds: i64 = seconds.trim().parse().map_err(|_| Refused::Signature)?;
        if !is_signed(&self.secret, seconds, body, signature.trim()) {
            return Err(Refused::Signature);
        }
        if seconds.saturating_sub(now.as_second()).saturating_abs() > WINDOW_SECONDS {
            return Err(Refused::Old);
        }
        Ok(())
    }

    /// What a message says, if it is the provider's and new enough.
    pub fn read(&self, seconds: &str, signature: &str, body: &str, now: Timestamp) -> Result<Report, Refused> {
        self.believes(seconds, signature, body, now)?;
        let said: Callback = serde_json::from_str(body).map_err(|_| Refused::Body)?;
        let money = match (&said.amount, &said.currency) {
            (Some(amount), Some(currency)) => {
                let currency = Currency::of(currency).ok_or(Refused::Body)?;
                Some(Money::exact(amount, currency).map_err(|_| Refused::Body)?)
            }
            _ => None,
        };
        if said.id.is_empty() || said.id.len() > 100 || said.attempt.len() > 40 {
            return Err(Refused::Body);
        }
        Ok(Report {
            way: self.name.clone(),
            event: said.id,
            attempt: said.attempt,
            kind: said.kind,
            money,
            holder: String::new(),
            signature: signature.trim().to_ascii_lowercase(),
        })
    }

    /// The address at which the provider says what it knows of an attempt.
    pub fn enquiry(&self, attempt: &str, at: Timestamp) -> String {
        let seconds = at.as_second();
        let signature = sign(&self.secret, seconds, attempt);
        format!("{}/attempts/{attempt}?at={seconds}&signature={signature}", self.base)
    }

    /// The address at which the provider says what it took on a day.
    pub fn settlement(&self, day: &str, at: Timestamp) -> String {
        let seconds = at.as_second();
        let signature = sign(&self.secret, seconds, day);
        format!("{}/settlements/{day}?at={seconds}&signature={signature}", self.base)
    }
}

/// What a provider is told to give back, and what it answers when it has, as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PayBack {
    /// Our name of the refund: the same name is given back once.
    pub refund: String,
    pub attempt: String,
    /// A decimal in major units.
    pub amount: String,
    pub currency: String,
}

impl HostedPage {
    /// The address at which the provider is told to give money back.
    pub fn refunds(&self) -> String {
        format!("{}/refunds", self.base)
    }

    /// Whether the provider says that it has given back just this.
    pub fn has_paid_back(&self, wanted: &PayBack, seconds: &str, signature: &str, body: &str, now: Timestamp) -> bool {
        let said: Option<PayBack> = serde_json::from_str(body).ok();
        self.believes(seconds, signature, body, now).is_ok() && said.as_ref() == Some(wanted)
    }
}

impl Way for HostedPage {
    fn name(&self) -> &str {
        &self.name
    }

    fn account(&self, _: &str, currency: Currency) -> Account {
        Account::of(TREASURY, Purpose::Clearing, &self.name, currency)
    }

    fn begin(&self, payment: &Payment, attempt: &Attempt, back: &str, at: Timestamp) -> Begun {
        let (amount, currency) = (payment.amount.major().to_string(), payment.amount.currency.code());
        let seconds = at.as_second();
        let order = Order { attempt: &attempt.id, amount: &amount, currency, portal: &self.portal, back };
        let signature = sign(&self.secret, seconds, &order.text());
        Begun::Elsewhere(format!(
            "{}/pay?attempt={}&amount={amount}&currency={currency}&portal={}&back={}&at={seconds}&signature={signature}",
            self.base,
            attempt.id,
            encoded(&self.portal),
            encoded(back),
        ))
    }

    fn pays_back(&self) -> bool {
        true
    }

    fn hosted(&self) -> Option<&HostedPage> {
        Some(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page() -> HostedPage {
        HostedPage { name: "card".into(), base: "http://b".into(), portal: "http://p".into(), secret: "s".into() }
    }

    #[test]
    fn only_a_fresh_message_with_the_right_signature_is_believed() {
        let now = Timestamp::from_second(1_600_000_000).unwrap();
        let body = r#"{"id":"e1","attempt":"PY-1","kind":"succeed","amount":"12.345","currency":"JOD"}"#;
        let read = |seconds: i64, signature: &str, body: &str| page().read(&seconds.to_string(), signature, body, now);
        let good = sign("s", 1_600_000_000, body);
        let report = read(1_600_000_000, &good, body).unwrap();
        assert_eq!(report.money, Some(Money { minor: 12_345, currency: Currency::JOD }));
        assert_eq!(read(1_600_000_000, &good, &body.replace("12.345", "99.345")), Err(Refused::Signature));
        assert_eq!(read(1_600_000_001, &good, body), Err(Refused::Signature));
        assert_eq!(read(1_600_000_000, "", body), Err(Refused::Signature));
        assert_eq!(read(1_600_000_000, "zz", body), Err(Refused::Signature));
        let old = 1_600_000_000 - WINDOW_SECONDS - 1;
        assert_eq!(read(old, &sign("s", old, body), body), Err(Refused::Old));
        for spoilt in ["{}", "", r#"{"id":"e1","attempt":"PY-1","kind":"succeed","amount":"1.234","currency":"ILS"}"#] {
            assert_eq!(read(1_600_000_000, &sign("s", 1_600_000_000, spoilt), spoilt), Err(Refused::Body));
        }
    }
}
