//! Taking in a statement, portion by portion: which entries are new, and what becomes of each. Whatever is new is written
//! down with what came of it; what is known changes nothing.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use store::{Session, StoreError, Tx};

use super::{
    Entry, Head, Imported, Kind, Part,
    balance::keep_balances,
    event::{Came, Desk},
    sql::{self, Notice, Row},
};
use crate::{Payment, PaymentError, Payments, Refund, way::OurBank};

/// A statement that is being taken in.
#[derive(Debug, Clone)]
pub struct Statement {
    pub head: Head,
    /// What it is called in lists: its own name, and which part of it this is.
    pub key: String,
    is_ours: bool,
    ours: OurBank,
    /// How many entries of a mark belong to other statements that are known to be apart from this one.
    others: HashMap<String, u32>,
    /// Whether there are entries from before they were known by all that is said of them.
    has_older: bool,
    /// Whether something was announced for the account.
    has_notices: bool,
}

/// What a portion brought.
#[derive(Debug, Clone, Default)]
pub struct Took {
    pub done: Imported,
    /// Payments that are now paid.
    pub paid: Vec<Payment>,
    /// Refunds that have left.
    pub left: Vec<Refund>,
}

/// Prepares a statement to be taken in.
pub async fn begin(db: &mut Session, payments: &Payments, head: &Head) -> Result<Statement, StoreError> {
    let ours = payments.ways().find_map(|way| way.bank()).cloned().unwrap_or_default();
    // However the bank names it, an account is one account.
    let own = ours.own(&head.account);
    let is_ours = own.is_some();
    let mut head = head.clone();
    head.account = own.unwrap_or(head.account);
    head.balances.iter_mut().for_each(|balance| balance.account.clone_from(&head.account));
    let key = head.key();
    let mut others = HashMap::new();
    for (statement, days) in sql::apart(db, &head, &key).await? {
        for mark in sql::marks(db, &head.account, &statement, &days).await? {
            *others.entry(mark).or_default() += 1;
        }
    }
    Ok(Statement {
        is_ours,
        ours,
        others,
        has_older: sql::has_older(db).await?,
        has_notices: sql::has_notices(db, &head.account).await?,
        head,
        key,
    })
}

impl Head {
    /// What the statement is called in lists and in the journal.
    pub(super) fn key(&self) -> String {
        let page = self.page.trim_start_matches('0');
        if page.is_empty() || page == "1" { self.id.clone() } else { format!("{} · {page}", self.id) }
    }
}

impl Statement {
    fn id(&self, entry: &Entry) -> String {
        entry.id(self.others.get(&entry.mark).copied().unwrap_or_default())
    }

    /// Why an entry stands aside, if it does.
    fn aside(&self, entry: &Entry) -> Option<&'static str> {
        let known = entry.currency.is_some_and(|currency| self.ours.currencies.contains(&currency));
        match (self.is_ours, known) {
            (false, _) => Some("aside-account"),
            (true, false) => Some("aside-currency"),
            (true, true) => None,
        }
    }
}

/// Takes in some entries of a statement.
pub async fn portion(
    tx: &mut Tx,
    payments: &Payments,
    statement: &Statement,
    entries: &[Entry],
    today: Date,
) -> Result<Took, PaymentError> {
    let mut took = Took::default();
    took.done.entries = entries.len();
    let renamed: Vec<Entry>;
    let mut entries = entries;
    if entries.iter().any(|entry| entry.account != statement.head.account) {
        let account = &statement.head.account;
        renamed = entries.iter().map(|entry| Entry { account: account.clone(), ..entry.clone() }).collect();
        entries = &renamed;
    }
    let books = |entry: &&Entry| statement.head.kind == Kind::Statement && entry.is_final();
    let (booked, announced): (Vec<&Entry>, Vec<&Entry>) = entries.iter().partition(books);
    let new = new_entries(tx, statement, &booked, &mut took.done).await?;
    let mut desk = Desk::new(payments, statement.key.clone(), today);
    desk.look_up(tx, new.iter().flat_map(|(_, entry)| named(entry)).collect()).await?;
    let mut rows = Vec::with_capacity(new.len());
    for (id, entry) in &new {
        if let Some(reason) = statement.aside(entry) {
            took.done.aside += 1;
            rows.push(row(id, entry, &entry.part, entry.minor, statement, Came::only(reason)));
            continue;
        }
        if statement.has_notices {
            sql::settle(tx, id, entry).await?;
        }
        let parts = parts_of(tx, &mut desk, statement, entry).await?;
        if let [only] = parts.as_slice() {
            let came = desk.book(tx, id, entry, only, &mut took).await?;
            rows.push(row(id, entry, only, entry.minor, statement, came));
        } else {
            rows.push(row(id, entry, &entry.part, entry.minor, statement, Came::only("parts")));
            for (number, part) in (1..).zip(&parts) {
                let part_id = format!("{id}/{number}");
                let came = desk.book(tx, &part_id, entry, part, &mut took).await?;
                let mut row = row(&part_id, entry, part, part.minor, statement, came);
                row.part_of = Some(id.clone());
                rows.push(row);
            }
        }
    }
    sql::insert_entries(tx, &rows).await?;
    announce(tx, &mut desk, statement, &announced, &mut took).await?;
    Ok(took)
}

fn named(entry: &Entry) -> Vec<String> {
    let parts = entry.parts.iter().flat_map(|part| part.named.iter());
    entry.part.named.iter().chain(parts).cloned().collect()
}

/// Those entries that were not taken in before, with their names. What stood aside and is ours by now is new.
async fn new_entries<'a>(
    tx: &mut Tx,
    statement: &Statement,
    booked: &[&'a Entry],
    done: &mut Imported,
) -> Result<Vec<(String, &'a Entry)>, StoreError> {
    let ids: Vec<String> = booked.iter().map(|entry| statement.id(entry)).collect();
    let known = sql::known(tx, &ids).await?;
    let mut older = HashSet::new();
    if statement.has_older {
        older = sql::known_before(tx, &booked.iter().flat_map(|entry| older_names(entry)).collect::<Vec<_>>()).await?;
    }
    let mut new = Vec::new();
    for (id, entry) in ids.into_iter().zip(booked) {
        let was_aside = match known.get(&id).map(String::as_str) {
            Some("aside-account" | "aside-currency") => true,
            Some(_) => {
                done.known += 1;
                continue;
            }
            None => false,
        };
        let minor = entry.parts.first().map_or(entry.minor, |part| part.minor);
        if older_names(entry).into_iter().any(|name| older.contains(&(name, entry.day.clone(), minor))) {
            done.known += 1;
            continue;
        }
        if was_aside {
            if statement.aside(entry).is_some() {
                done.known += 1;
                continue;
            }
            sql::forget_aside(tx, &id).await?;
        }
        new.push((id, *entry));
    }
    Ok(new)
}

/// What an entry was called before entries were known by all that is said of them.
fn older_names(entry: &Entry) -> [String; 2] {
    let whole = format!("{}/{}", entry.account, entry.older);
    [format!("{whole}/1"), whole]
}

/// The payments of which an entry is made: those that the bank says, those whose fees come to its sum, or those that a
/// notification has told of.
async fn parts_of(
    tx: &mut Tx,
    desk: &mut Desk<'_>,
    statement: &Statement,
    entry: &Entry,
) -> Result<Vec<Part>, PaymentError> {
    if !entry.parts.is_empty() {
        return Ok(with_charges(entry, entry.parts.clone()));
    }
    desk.read_again(tx, &entry.part.named).await?;
    let is_plain = entry.is_credit && !entry.is_reversal && entry.part.returned.is_none();
    let split = |desk: &Desk, part: &Part| is_plain.then(|| desk.split(entry, part)).flatten();
    if let Some(parts) = split(desk, &entry.part) {
        return Ok(parts);
    }
    let nobody = !desk.knows_any(&entry.part.named);
    if statement.has_notices
        && is_plain
        && nobody
        && let Some(notice) = sql::notification(tx, entry).await?
    {
        let named: Vec<String> = notice.iter().flat_map(|part| part.named.iter().cloned()).collect();
        desk.look_up(tx, named.clone()).await?;
        desk.read_again(tx, &named).await?;
        if let [only] = notice.as_slice() {
            if let Some(parts) = split(desk, only) {
                return Ok(parts);
            }
            return Ok(vec![Part { minor: entry.minor, ..only.clone() }]);
        }
        if notice.iter().map(|part| part.minor).sum::<i64>() == entry.minor {
            return Ok(notice);
        }
    }
    Ok(vec![Part { minor: entry.minor, ..entry.part.clone() }])
}

/// Where the parts come to the sum only less what the bank has kept, this is one more part.
fn with_charges(entry: &Entry, mut parts: Vec<Part>) -> Vec<Part> {
    let sum: i64 = parts.iter().map(|part| part.minor).sum();
    if sum != entry.minor {
        let words = entry.part.words.clone();
        parts.push(Part { minor: entry.minor - sum, code: "CHRG".into(), words, ..Part::default() });
    }
    parts
}

fn row(id: &str, entry: &Entry, part: &Part, minor: i64, statement: &Statement, came: Came) -> Row {
    Row {
        id: id.to_owned(),
        statement: statement.key.clone(),
        account: entry.account.clone(),
        day: entry.day.clone(),
        currency: entry.currency.as_ref().map_or(String::new(), |currency| currency.code().to_owned()),
        minor: minor.abs(),
        is_credit: entry.is_credit == (minor >= 0),
        stated: entry.stated.clone(),
        bank_reference: entry.own_reference().map(str::to_owned),
        end_to_end: Some(part.end_to_end.clone()).filter(|text| !text.is_empty()),
        likeness: entry.likeness(),
        words: part.words.clone(),
        payer: part.payer.clone(),
        payer_iban: part.payer_iban.clone(),
        part_of: None,
        payment: came.about,
        came_of_it: came.what,
    }
}

/// Writes down what is announced; a notification may say what money is that lies in suspense.
async fn announce(
    tx: &mut Tx,
    desk: &mut Desk<'_>,
    statement: &Statement,
    announced: &[&Entry],
    took: &mut Took,
) -> Result<(), PaymentError> {
    let ids: Vec<String> = announced.iter().map(|entry| statement.id(entry)).collect();
    let is_booked = sql::known(tx, &ids).await?;
    let known = sql::known_notices(tx, &ids).await?;
    let mut notices = Vec::new();
    for (id, entry) in ids.into_iter().zip(announced) {
        if is_booked.contains_key(&id) || known.contains(&id) {
            took.done.known += 1;
            continue;
        }
        if statement.aside(entry).is_some() {
            took.done.aside += 1;
            continue;
        }
        let parts = if entry.parts.is_empty() {
            vec![Part { minor: entry.minor, ..entry.part.clone() }]
        } else {
            entry.parts.clone()
        };
        let mut settled = None;
        if statement.head.kind == Kind::Notification && entry.is_final() && entry.is_credit && !entry.is_reversal {
            let named = parts.iter().flat_map(|part| part.named.iter().cloned()).collect();
            desk.look_up(tx, named).await?;
            settled = desk.explain(tx, entry, &parts, took).await?;
        }
        took.done.waiting += usize::from(settled.is_none());
        let (kind, key) = (statement.head.kind, statement.key.clone());
        notices.push(Notice { id, entry: (*entry).clone(), kind, statement: key, parts, settled });
    }
    Ok(sql::insert_notices(tx, &notices).await?)
}

/// A statement is taken in as a whole: its balances are held against its entries, and what was announced until its last
/// day is done with. How many balances do not follow.
pub async fn end(tx: &mut Tx, statement: &Statement, today: Date) -> Result<usize, PaymentError> {
    let head = &statement.head;
    if head.kind != Kind::Statement || !statement.is_ours {
        return Ok(0);
    }
    let unequal = keep_balances(tx, head, today).await?;
    sql::insert_spans(tx, head, &statement.key).await?;
    let last = head.balances.iter().map(|balance| balance.day.as_str()).chain([head.last_day.as_str()]).max();
    if let Some(last) = last.filter(|_| statement.has_notices) {
        sql::settle_until(tx, &head.account, last, &statement.key).await?;
    }
    Ok(unequal)
}
