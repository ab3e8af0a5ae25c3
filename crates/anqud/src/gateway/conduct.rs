//! How a payment provider behaves: well, and in each of the ways in which real ones do not.

use pay::Event;

/// A message that the provider sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Message {
    /// Seconds to wait before it is sent.
    pub after: u64,
    pub event: Event,
    /// Distinguishes messages of one attempt; the same name again is the same message again.
    pub name: &'static str,
    pub fault: Fault,
}

/// What is wrong with a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    Nothing,
    HalfTheAmount,
    WrongSignature,
    AnHourOld,
}

/// What a provider says that it took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Settles {
    All,
    /// It has kept a tenth.
    Less,
}

/// Something that the visitor can let the provider do.
#[derive(Debug)]
pub(super) struct Conduct {
    pub name: &'static str,
    pub en: &'static str,
    pub ar: &'static str,
    /// What the provider itself then knows.
    pub became: Option<Event>,
    /// What it says of it at the close of the day.
    pub settles: Settles,
    pub messages: &'static [Message],
}

const fn message(after: u64, event: Event, name: &'static str) -> Message {
    Message { after, event, name, fault: Fault::Nothing }
}

const fn faulty(event: Event, fault: Fault) -> Message {
    Message { after: 0, event, name: "faulty", fault }
}

/// All that can be chosen.
pub(super) const CONDUCTS: &[Conduct] = &[
    Conduct {
        name: "pay",
        en: "Pay",
        ar: "ادفع",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[message(0, Event::Succeed, "ok")],
    },
    Conduct {
        name: "decline",
        en: "Decline the card",
        ar: "ارفض البطاقة",
        became: Some(Event::Fail),
        settles: Settles::All,
        messages: &[message(0, Event::Fail, "no")],
    },
    Conduct {
        name: "late",
        en: "Decline, and take the money three seconds later",
        ar: "ارفض ثم اقبض بعد ثلاث ثوانٍ",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[message(0, Event::Fail, "no"), message(3, Event::Succeed, "ok")],
    },
    Conduct {
        name: "lost",
        en: "Take the money and lose the callback",
        ar: "اقبض ولا ترسل الإشعار",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[],
    },
    Conduct {
        name: "twice",
        en: "Call back three times",
        ar: "أرسل الإشعار ثلاث مرات",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[
            message(0, Event::Succeed, "ok"),
            message(0, Event::Succeed, "ok"),
            message(0, Event::Succeed, "again"),
        ],
    },
    Conduct {
        name: "reordered",
        en: "Take the money, and say afterwards that it failed",
        ar: "اقبض ثم أبلغ بالفشل",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[message(0, Event::Succeed, "ok"), message(1, Event::Fail, "no")],
    },
    Conduct {
        name: "pending",
        en: "Think about it for five seconds",
        ar: "انتظر خمس ثوانٍ ثم اقبض",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[message(0, Event::Accept, "wait"), message(5, Event::Succeed, "ok")],
    },
    Conduct {
        name: "amount",
        en: "Take half the amount",
        ar: "اقبض نصف المبلغ",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[faulty(Event::Succeed, Fault::HalfTheAmount)],
    },
    Conduct {
        name: "forged",
        en: "Send a callback with a wrong signature",
        ar: "أرسل إشعاراً بتوقيع خاطئ",
        became: None,
        settles: Settles::All,
        messages: &[faulty(Event::Succeed, Fault::WrongSignature)],
    },
    Conduct {
        name: "old",
        en: "Send a callback that is an hour old",
        ar: "أرسل إشعاراً عمره ساعة",
        became: None,
        settles: Settles::All,
        messages: &[faulty(Event::Succeed, Fault::AnHourOld)],
    },
    Conduct {
        name: "dispute",
        en: "Pay, and dispute it three seconds later",
        ar: "ادفع ثم اعترض بعد ثلاث ثوانٍ",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[message(0, Event::Succeed, "ok"), message(3, Event::Dispute, "dispute")],
    },
    Conduct {
        name: "dispute-won",
        en: "Pay, dispute it, and lose the dispute to the ministry",
        ar: "ادفع ثم اعترض، ويُرفض الاعتراض",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[
            message(0, Event::Succeed, "ok"),
            message(1, Event::Dispute, "dispute"),
            message(3, Event::WinDispute, "kept"),
        ],
    },
    Conduct {
        name: "dispute-lost",
        en: "Pay, dispute it, and get the money back",
        ar: "ادفع ثم اعترض، ويُقبل الاعتراض",
        became: Some(Event::Succeed),
        settles: Settles::All,
        messages: &[
            message(0, Event::Succeed, "ok"),
            message(1, Event::Dispute, "dispute"),
            message(3, Event::LoseDispute, "lost"),
        ],
    },
    Conduct {
        name: "short",
        en: "Pay, and hand over a tenth less at the close of the day",
        ar: "ادفع، ثم سلّم أقل بعُشر المبلغ عند إقفال اليوم",
        became: Some(Event::Succeed),
        settles: Settles::Less,
        messages: &[message(0, Event::Succeed, "ok")],
    },
    Conduct {
        name: "denied",
        en: "Say that it is paid, and know nothing of it at the close of the day",
        ar: "أبلغ بالدفع، ثم أنكره عند إقفال اليوم",
        became: None,
        settles: Settles::All,
        messages: &[message(0, Event::Succeed, "ok")],
    },
];

pub(super) fn conduct(name: &str) -> Option<&'static Conduct> {
    CONDUCTS.iter().find(|conduct| conduct.name == name)
}
