//! What the finance desk sees of the bank: files, what waits, what stands aside, and that all is explained.

use base::Money;
use store::{Session, StoreError, Tx};

use super::{Head, Refused, StatementError, sql};

/// What a file brought.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Entries in it; one that the bank has taken apart counts once.
    pub entries: usize,
    /// Entries that were known.
    pub known: usize,
    /// Payments that are now paid.
    pub paid: usize,
    /// Money that came and lies in suspense until somebody has looked at it.
    pub open: usize,
    /// Refunds that have left the account.
    pub left: usize,
    /// Charges of the bank that were booked.
    pub charges: usize,
    /// Reversals and returns: what they named was undone, or somebody has to look.
    pub reversed: usize,
    /// Money that left for something else: it is not booked here.
    pub others: usize,
    /// Entries that wait until they are booked for good.
    pub waiting: usize,
    /// Entries in other currencies or of other accounts.
    pub aside: usize,
    /// Balances that do not follow from the entries or from the statement before.
    pub unequal: usize,
}

impl std::ops::AddAssign for Imported {
    fn add_assign(&mut self, more: Imported) {
        self.entries += more.entries;
        self.known += more.known;
        self.paid += more.paid;
        self.open += more.open;
        self.left += more.left;
        self.charges += more.charges;
        self.reversed += more.reversed;
        self.others += more.others;
        self.waiting += more.waiting;
        self.aside += more.aside;
        self.unequal += more.unequal;
    }
}

/// A file that came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    pub name: String,
    pub recorded: String,
    /// Such as `camt.053`; several are divided by spaces.
    pub kinds: String,
    /// Why it was refused, as [`StatementError::key`] names it; empty where it was taken in.
    pub reason: String,
    /// Where in the file, and what it says there.
    pub place: String,
    pub said: String,
    pub brought: Imported,
}

impl StatementError {
    /// The reason as pages translate it, where in the file it is, and what stands there.
    pub fn key(&self) -> (&'static str, String, String) {
        use super::AmountFault as Fault;
        let amount = |fault: &Fault| match fault {
            Fault::Missing => "amount-missing",
            Fault::Comma => "amount-comma",
            Fault::Negative => "amount-negative",
            Fault::NotANumber => "amount-no-number",
            Fault::TooManyDecimals(_) => "amount-decimals",
            Fault::TooLarge => "amount-large",
        };
        match self {
            StatementError::Xml(why) => ("xml", String::new(), why.clone()),
            StatementError::NoStatement => ("none", String::new(), String::new()),
            StatementError::OtherMessage(name) => ("other", String::new(), name.clone()),
            StatementError::Unfinished => ("unfinished", String::new(), String::new()),
            StatementError::Encoding(name) => ("encoding", String::new(), name.clone()),
            StatementError::Utf8 => ("encoding", String::new(), "UTF-8".into()),
            StatementError::Zip(why) => ("zip", String::new(), why.clone()),
            StatementError::Unreadable(why) => ("unreadable", String::new(), why.clone()),
            StatementError::TooDeep => ("deep", String::new(), String::new()),
            StatementError::TooLong => ("long", String::new(), super::ENTRIES_MAX.to_string()),
            StatementError::TooLarge => ("large", String::new(), (super::BYTES_MAX >> 20).to_string()),
            StatementError::Amount(place, text, fault) => (amount(fault), place.to_string(), text.clone()),
            StatementError::Balance(place, text, _) => ("balance", place.to_string(), text.clone()),
            StatementError::Direction(place) => ("direction", place.to_string(), String::new()),
            StatementError::Day(place, text) => ("day", place.to_string(), text.clone()),
        }
    }
}

/// The files that came, the last first.
pub async fn taken_in(db: &mut Session, limit: i64) -> Result<Vec<TakenIn>, StoreError> {
    sql::files(db, limit).await
}

/// Writes down that a file was taken in, also where nothing in it was new.
pub async fn took(tx: &mut Tx, name: &str, heads: &[Head], brought: &Imported) -> Result<(), StoreError> {
    let mut kinds: Vec<&str> = heads.iter().map(|head| head.kind.as_str()).collect();
    kinds.sort_unstable();
    kinds.dedup();
    // A file that somebody gave no name is known by its statements.
    let mut named: Vec<&str> = heads.iter().map(|head| head.id.as_str()).take(3).collect();
    named.retain(|id| !id.is_empty() && !name.contains(id));
    let statements = named.join(", ");
    let name = if statements.is_empty() { name.to_owned() } else { format!("{statements} · {name}") };
    let kinds = kinds.join(" ");
    sql::insert_file(
        tx,
        &TakenIn {
            name,
            recorded: base::stamp(tx.by().at),
            kinds,
            reason: String::new(),
            place: String::new(),
            said: String::new(),
            brought: *brought,
        },
    )
    .await
}

/// Writes down that a file was refused, and why.
pub async fn refuse(tx: &mut Tx, name: &str, refused: &Refused) -> Result<(), StoreError> {
    let (reason, place, said) = refused.error.key();
    let name = if refused.file.is_empty() { name.to_owned() } else { format!("{name} · {}", refused.file) };
    let said = said.chars().take(200).collect();
    let (kinds, recorded) = (String::new(), base::stamp(tx.by().at));
    let reason = reason.to_owned();
    sql::insert_file(tx, &TakenIn { name, recorded, kinds, reason, place, said, brought: Imported::default() }).await
}

/// An entry that was announced and is not booked for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expected {
    pub account: String,
    pub day: String,
    pub money: Money,
    pub is_credit: bool,
    /// `camt.052`, `camt.053` or `camt.054`, and the status that the bank gives.
    pub kind: String,
    pub status: String,
    pub words: String,
    pub payer: String,
}

/// What waits until it is booked, the oldest first.
pub async fn expected(db: &mut Session, limit: i64) -> Result<Vec<Expected>, StoreError> {
    sql::expected(db, limit).await
}

/// An entry that is not ours to book.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aside {
    pub account: String,
    pub day: String,
    /// The amount as the bank writes it.
    pub stated: String,
    pub is_credit: bool,
    /// `aside-account` or `aside-currency`.
    pub reason: String,
    pub words: String,
}

/// What stands aside, the last first.
pub async fn aside(db: &mut Session, limit: i64) -> Result<Vec<Aside>, StoreError> {
    sql::aside(db, limit).await
}

/// What came of all entries of one account, currency and direction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explained {
    pub account: String,
    pub currency: String,
    pub is_credit: bool,
    pub came_of_it: String,
    pub number: i64,
    pub minor: i64,
}

/// What came of every entry that was ever taken in: each stands in it once, by itself or by its parts.
pub async fn explained(db: &mut Session) -> Result<Vec<Explained>, StoreError> {
    sql::explained(db).await
}

/// Payments of an amount that can be paid, with their payers: money that came without a reference may be meant for one.
pub async fn open_like(db: &mut Session, money: Money, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    sql::open_like(db, money, limit).await
}
