//! The states of a payment and what moves it, as a table.

macro_rules! names {
    ($(#[$doc:meta])* $type:ident { $($(#[$each:meta])* $name:ident $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $type { $($(#[$each])* $name,)* }

        impl $type {
            pub const ALL: &[$type] = &[$($type::$name,)*];

            pub fn as_str(self) -> &'static str {
                match self { $($type::$name => $text,)* }
            }

            pub fn parse(text: &str) -> Option<$type> {
                $type::ALL.iter().copied().find(|each| each.as_str() == text)
            }
        }
    };
}

names! {
    /// Where a payment stands.
    State {
        /// The fee is known; nobody has set out to pay it.
        Quoted "quoted",
        /// The payer has chosen a way.
        Started "started",
        /// The way to pay has heard of it and does not know yet.
        Pending "pending",
        Paid "paid",
        Failed "failed",
        /// The time to pay is over.
        Expired "expired",
        Cancelled "cancelled",
        PartRefunded "part-refunded",
        Refunded "refunded",
        /// The payer has asked the bank for the money back.
        Disputed "disputed",
    }
}

names! {
    /// What happens to a payment.
    Event {
        Start "start",
        Accept "accept",
        Succeed "succeed",
        Fail "fail",
        Expire "expire",
        Cancel "cancel",
        RefundPart "refund-part",
        RefundRest "refund-rest",
        Dispute "dispute",
        WinDispute "win-dispute",
        /// The dispute is won for what was not paid back before it.
        WinDisputeOfRest "win-dispute-of-rest",
        LoseDispute "lose-dispute",
    }
}

/// What each event leads to. What is not in the table changes nothing: a failure that is reported after the success
/// stays without effect, a success that is reported after a failure, an expiry or a cancellation counts, because the
/// money is there.
pub const TABLE: &[(State, Event, State)] = &[
    (State::Quoted, Event::Start, State::Started),
    (State::Quoted, Event::Succeed, State::Paid),
    (State::Quoted, Event::Expire, State::Expired),
    (State::Quoted, Event::Cancel, State::Cancelled),
    (State::Started, Event::Start, State::Started),
    (State::Started, Event::Accept, State::Pending),
    (State::Started, Event::Succeed, State::Paid),
    (State::Started, Event::Fail, State::Failed),
    (State::Started, Event::Expire, State::Expired),
    (State::Started, Event::Cancel, State::Cancelled),
    (State::Pending, Event::Start, State::Started),
    (State::Pending, Event::Succeed, State::Paid),
    (State::Pending, Event::Fail, State::Failed),
    (State::Pending, Event::Expire, State::Expired),
    (State::Failed, Event::Start, State::Started),
    (State::Failed, Event::Accept, State::Pending),
    (State::Failed, Event::Succeed, State::Paid),
    (State::Failed, Event::Expire, State::Expired),
    (State::Failed, Event::Cancel, State::Cancelled),
    (State::Expired, Event::Succeed, State::Paid),
    (State::Cancelled, Event::Succeed, State::Paid),
    (State::Paid, Event::RefundPart, State::PartRefunded),
    (State::Paid, Event::RefundRest, State::Refunded),
    (State::Paid, Event::Dispute, State::Disputed),
    (State::Paid, Event::LoseDispute, State::Refunded),
    (State::PartRefunded, Event::RefundPart, State::PartRefunded),
    (State::PartRefunded, Event::RefundRest, State::Refunded),
    (State::PartRefunded, Event::Dispute, State::Disputed),
    (State::PartRefunded, Event::LoseDispute, State::Refunded),
    (State::Disputed, Event::WinDispute, State::Paid),
    (State::Disputed, Event::WinDisputeOfRest, State::PartRefunded),
    (State::Disputed, Event::LoseDispute, State::Refunded),
];

impl Event {
    /// Whether the payer's bank takes back, or asks for, what was paid.
    pub fn takes_back(self) -> bool {
        matches!(self, Event::Dispute | Event::LoseDispute)
    }
}

impl State {
    /// Where the event leads from here; `None` where it changes nothing.
    pub fn after(self, event: Event) -> Option<State> {
        TABLE.iter().find(|(from, what, _)| *from == self && *what == event).map(|(.., to)| *to)
    }

    /// Whether the payer can still set out to pay.
    pub fn can_be_paid(self) -> bool {
        self.after(Event::Start).is_some()
    }

    /// Whether the fee is settled, so that the case goes on. What was paid back later does not stop it.
    pub fn is_settled(self) -> bool {
        matches!(self, State::Paid | State::PartRefunded | State::Disputed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_table_is_there_once() {
        for (index, (from, event, _)) in TABLE.iter().enumerate() {
            assert!(!TABLE[..index].iter().any(|(f, e, _)| f == from && e == event), "{from:?} {event:?}");
        }
    }

    #[test]
    fn whoever_has_paid_has_paid_whatever_is_said_later() {
        for event in [Event::Fail, Event::Expire, Event::Cancel, Event::Accept, Event::Start, Event::Succeed] {
            assert_eq!(State::Paid.after(event), None);
        }
        for late in [State::Failed, State::Expired, State::Cancelled] {
            assert_eq!(late.after(Event::Succeed), Some(State::Paid));
        }
    }

    #[test]
    fn every_state_can_be_reached_and_every_event_leads_somewhere() {
        for state in State::ALL.iter().filter(|s| **s != State::Quoted) {
            assert!(TABLE.iter().any(|(.., to)| to == state), "{state:?}");
        }
        for event in Event::ALL {
            assert!(TABLE.iter().any(|(_, e, _)| e == event), "{event:?}");
        }
    }
}
