//! Payments of fees: what is owed for a case, and how it came to be paid.

mod payments;
mod refund;
pub(crate) mod sql;
mod state;

pub(crate) use payments::keep;
pub use payments::{ABANDONED_DAYS, CameOfIt, Payments, Report};
pub(crate) use refund::keep_approved;
pub use refund::{Channel, LeftRefund, Refund, RefundProposal, RefundState};
pub use state::{Event, State, TABLE};

use base::Money;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use store::{Change, StoreError};

use crate::{ledger::LedgerError, persons::OwnHand};

/// The sort of row that payments are in the journal.
pub const PAYMENT: &str = "payment";
/// The entity in whose books the bank account, the tills and the clearing accounts stand.
pub const TREASURY: &str = "treasury";

/// Why a payment is refused.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error("there is no payment «{0}»")]
    NoPayment(String),
    #[error("there is no way to pay «{0}»")]
    NoWay(String),
    #[error("the payment is {} and cannot be paid", .0.as_str())]
    NotPayable(State),
    #[error("the payment is {} and cannot be refunded", .0.as_str())]
    NotRefundable(State),
    /// Minor units that are left to refund.
    #[error("at most {0} can be refunded")]
    TooMuch(Money),
    #[error("an amount above zero is needed")]
    NoAmount,
    #[error("there is no refund «{0}» that waits")]
    NoRefund(String),
    /// Whoever had a hand in it cannot also approve it.
    #[error(transparent)]
    SamePerson(#[from] OwnHand),
    #[error("somebody has to say why")]
    NoReason,
    /// Something is proposed already, and a second person has to decide it first.
    #[error("something was proposed for it, and has to be decided first")]
    Waits,
    /// What was approved is not what is proposed now.
    #[error("what is proposed is not what was seen")]
    NotSeen,
    #[error("there is no open difference «{0}»")]
    NoDifference(String),
    #[error("the payment is of another amount: {0}")]
    OtherAmount(Money),
    /// Its money has to go somewhere first.
    #[error(
        "the money of this difference is in suspense: take it for a payment, send it back, or say where it is booked"
    )]
    StillInSuspense,
    #[error("there is no money in suspense for this difference")]
    NotInSuspense,
    /// The account to send a refund to.
    #[error("«{0}» is no account number (IBAN)")]
    NoIban(String),
    /// Sent elsewhere, it might go out twice.
    #[error("the provider was told to give this refund back, so that it goes no other way")]
    ToldProvider,
    /// The bank has the order to send it.
    #[error("the refund was ordered with {0}")]
    Ordered(String),
    #[error("no refund is to be ordered")]
    NothingToOrder,
    #[error("the payment has changed meanwhile")]
    MovedOn,
}

/// A fee that is owed, and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Payment {
    /// Such as `PY-7K3M-9QX4`; it is on the slip that is taken to a counter, too.
    pub id: String,
    /// The reference of the case.
    pub about: String,
    pub service: String,
    /// Whose fee it is.
    pub entity: String,
    pub payer: String,
    pub payer_name: String,
    pub amount: Money,
    pub refunded: Money,
    pub state: State,
    /// The way that was chosen last, or by which it was paid.
    pub way: Option<String>,
    /// How often somebody set out to pay.
    pub attempts: i64,
    /// Days in the pack's time zone, ISO.
    pub opened: String,
    pub expires: Option<String>,
    pub paid: Option<String>,
    /// The number of the receipt, such as `telecom-ministry/2021/000042`.
    pub receipt: Option<String>,
    /// How the amount came about: the version of the service, the row of its table, the answers that led there.
    pub fee: Json,
    pub revision: i64,
}

impl Payment {
    /// The payment as the journal keeps it and as indicators see it: amounts are in major units.
    pub fn document(&self) -> Json {
        json!({
            "reference": self.id,
            "case": self.about,
            "entity": self.entity,
            "amount": crate::number(self.amount),
            "refunded": crate::number(self.refunded),
            "currency": self.amount.currency.code(),
            "state": self.state.as_str(),
            "way": self.way,
            "opened": self.opened,
            "paid": self.paid,
            "receipt": self.receipt,
        })
    }

    /// What can still be refunded.
    pub fn refundable(&self) -> Money {
        Money { minor: self.amount.minor - self.refunded.minor, ..self.amount }
    }

    /// The structured reference for a bank transfer.
    pub fn creditor_reference(&self) -> String {
        crate::bank::creditor_reference(&self.id)
    }

    fn change(&self, before: Option<&Payment>, day: Date) -> Change {
        Change {
            source: PAYMENT,
            kind: self.service.clone(),
            row: self.id.clone(),
            effective: day,
            before: before.map(Payment::document),
            after: Some(self.document()),
        }
    }
}

/// A fee to be paid.
#[derive(Debug, Clone)]
pub struct NewPayment {
    pub about: String,
    pub service: String,
    pub entity: String,
    pub payer: String,
    pub payer_name: String,
    pub amount: Money,
    pub opened: Date,
    pub expires: Option<Date>,
    pub fee: Json,
    /// Where the reference comes from; the edge draws it.
    pub random: u64,
}

/// One time that somebody set out to pay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempt {
    /// The payment's reference and a number, such as `PY-7K3M-9QX4-1`: what the way to pay calls it by.
    pub id: String,
    pub payment: String,
    pub way: String,
    pub state: String,
    pub begun: String,
}

/// Something that a way to pay has said, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub way: String,
    pub attempt: String,
    pub kind: String,
    pub recorded: String,
    pub amount: Option<Money>,
    pub came_of_it: String,
}

/// A message that was not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alarm {
    pub recorded: String,
    pub way: String,
    pub reason: String,
    pub body: String,
}
