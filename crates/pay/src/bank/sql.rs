//! The SQL of what the bank tells.

use std::collections::{HashMap, HashSet};

use base::{Currency, Money};
use store::{Arg, Row as Answer, Session, StoreError, Tx};

use super::{Aside, AtBank, BankBalance, Entry, Expected, Explained, Head, Imported, Kind, Part, TakenIn};
use crate::payment::sql::AMONG;

/// An entry, or a part of one, as it is kept.
pub(crate) struct Row {
    pub id: String,
    pub statement: String,
    pub account: String,
    pub day: String,
    pub currency: String,
    pub minor: i64,
    pub is_credit: bool,
    pub stated: String,
    pub bank_reference: Option<String>,
    pub end_to_end: Option<String>,
    pub likeness: String,
    pub words: String,
    pub payer: String,
    pub payer_iban: String,
    pub part_of: Option<String>,
    /// The payment or the refund that it was about.
    pub payment: Option<String>,
    pub came_of_it: String,
}

const ENTRY: &str = "INSERT INTO statement_entry (id, statement, day, currency, amount, words, payment, came_of_it, recorded, \
     payer, payer_iban, account, credit, stated, bank_reference, end_to_end, likeness, part_of)";

/// Writes entries at once, so that whoever comes next finds them.
pub(crate) async fn insert_entries(tx: &mut Tx, rows: &[Row]) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let args = |row: &Row| -> Vec<Arg> {
        vec![
            row.id.as_str().into(),
            row.statement.as_str().into(),
            row.day.as_str().into(),
            row.currency.as_str().into(),
            row.minor.into(),
            row.words.as_str().into(),
            row.payment.clone().into(),
            row.came_of_it.as_str().into(),
            recorded.as_str().into(),
            row.payer.as_str().into(),
            Some(row.payer_iban.as_str()).filter(|iban| !iban.is_empty()).into(),
            row.account.as_str().into(),
            i64::from(row.is_credit).into(),
            row.stated.as_str().into(),
            row.bank_reference.clone().into(),
            row.end_to_end.clone().into(),
            row.likeness.as_str().into(),
            row.part_of.clone().into(),
        ]
    };
    tx.insert_many(ENTRY, &rows.iter().map(args).collect::<Vec<_>>()).await
}

/// The places and arguments of a question about some ids, as many whatever is asked, so that it is prepared once.
fn among(ids: &[String]) -> (String, Vec<Arg>) {
    let places: Vec<String> = (1..=AMONG).map(|place| format!("${place}")).collect();
    let last = ids.last().map_or("", String::as_str);
    (places.join(", "), (0..AMONG).map(|at| ids.get(at).map_or(last, String::as_str).into()).collect())
}

/// Which entries were taken in, and what came of them.
pub(crate) async fn known(db: &mut Session, ids: &[String]) -> Result<HashMap<String, String>, StoreError> {
    let mut known = HashMap::new();
    for ids in ids.chunks(AMONG) {
        let (places, args) = among(ids);
        let sql = format!("SELECT id, came_of_it FROM statement_entry WHERE id IN ({places})");
        for row in db.all(&sql, &args).await? {
            known.insert(row.text("id")?, row.text("came_of_it")?);
        }
    }
    Ok(known)
}

/// Entries from before they were known by all that is said of them: name, day and amount.
pub(crate) async fn known_before(
    db: &mut Session,
    ids: &[String],
) -> Result<HashSet<(String, String, i64)>, StoreError> {
    let mut known = HashSet::new();
    for ids in ids.chunks(AMONG) {
        let (places, args) = among(ids);
        let sql = format!("SELECT id, day, amount FROM statement_entry WHERE account IS NULL AND id IN ({places})");
        for row in db.all(&sql, &args).await? {
            known.insert((row.text("id")?, row.text("day")?, row.int("amount")?));
        }
    }
    Ok(known)
}

/// Whether there is anything from before.
pub(crate) async fn has_older(db: &mut Session) -> Result<bool, StoreError> {
    Ok(db.one("SELECT id FROM statement_entry WHERE account IS NULL LIMIT 1", &[]).await?.is_some())
}

pub(crate) async fn forget_aside(tx: &mut Tx, id: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM statement_entry WHERE id = $1 AND came_of_it IN ('aside-account', 'aside-currency')";
    tx.run(sql, &[id.into()]).await?;
    Ok(())
}

/// An entry that was booked.
#[derive(Debug, Clone)]
pub(crate) struct Booked {
    pub id: String,
    pub payment: Option<String>,
    pub came_of_it: String,
}

/// So many days before its day an entry can be that another takes back.
const DAYS_BACK: i64 = 400;

/// The last entry of this amount that an entry takes back, by the references that both have or because both say the same.
pub(crate) async fn earlier(
    db: &mut Session,
    entry: &Entry,
    part: &Part,
    money: Money,
    is_credit: bool,
) -> Result<Option<Booked>, StoreError> {
    let since = entry.day.parse::<jiff::civil::Date>().ok();
    let since = since.and_then(|day| day.checked_sub(jiff::Span::new().days(DAYS_BACK)).ok());
    let sql = "SELECT id, payment, came_of_it FROM statement_entry WHERE account = $1 AND day >= $2 AND day <= $3 \
               AND currency = $4 AND amount = $5 AND credit = $6 AND came_of_it NOT IN ('parts', 'undone') \
               AND (bank_reference = $7 OR end_to_end = $8 OR likeness = $9) ORDER BY day DESC, recorded DESC LIMIT 1";
    let end_to_end = Some(part.end_to_end.as_str()).filter(|text| !text.is_empty() && *text != "NOTPROVIDED");
    let args = [
        entry.account.as_str().into(),
        since.map_or(String::new(), |day| day.to_string()).as_str().into(),
        entry.day.as_str().into(),
        money.currency.code().into(),
        money.minor.into(),
        i64::from(is_credit).into(),
        entry.own_reference().map(str::to_owned).into(),
        end_to_end.map(str::to_owned).into(),
        entry.likeness().as_str().into(),
    ];
    db.one(sql, &args).await?.as_ref().map(booked_of).transpose()
}

fn booked_of(row: &Answer) -> Result<Booked, StoreError> {
    Ok(Booked { id: row.text("id")?, payment: row.text_opt("payment")?, came_of_it: row.text("came_of_it")? })
}

/// Money of which nobody knew what it is, of the amount that a notification tells of: by the bank's reference, or because
/// there is only one of the day.
pub(crate) async fn unknown_like(db: &mut Session, entry: &Entry, money: Money) -> Result<Option<Booked>, StoreError> {
    let sql = "SELECT id, payment, came_of_it, bank_reference FROM statement_entry WHERE account = $1 AND day = $2 \
               AND currency = $3 AND amount = $4 AND credit = 1 AND came_of_it = 'unknown' ORDER BY id LIMIT 50";
    let args =
        [entry.account.as_str().into(), entry.day.as_str().into(), money.currency.code().into(), money.minor.into()];
    let rows = db.all(sql, &args).await?;
    let wanted = entry.own_reference();
    for row in &rows {
        if wanted.is_some() && row.text_opt("bank_reference")?.as_deref() == wanted {
            return booked_of(row).map(Some);
        }
    }
    match rows.as_slice() {
        [only] if wanted.is_none() || only.text_opt("bank_reference")?.is_none() => booked_of(only).map(Some),
        _ => Ok(None),
    }
}

/// Whether a statement has said that a refund left.
pub(crate) async fn has_left(db: &mut Session, refund: &str) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM statement_entry WHERE payment = $1 AND came_of_it = 'left' LIMIT 1";
    Ok(db.one(sql, &[refund.into()]).await?.is_some())
}

/// The account from which a payment came by transfer.
pub(crate) async fn account_of_payer(db: &mut Session, payment: &str) -> Result<Option<String>, StoreError> {
    let sql =
        "SELECT payer_iban FROM statement_entry WHERE payment = $1 AND came_of_it = 'paid' AND payer_iban IS NOT NULL";
    db.one(sql, &[payment.into()]).await?.map_or(Ok(None), |row| row.text_opt("payer_iban"))
}

/// What is announced, as it is kept.
pub(crate) struct Notice {
    pub id: String,
    pub entry: Entry,
    pub kind: Kind,
    pub statement: String,
    pub parts: Vec<Part>,
    /// The entry that is settled by it.
    pub settled: Option<String>,
}

const NOTICE: &str = "INSERT INTO bank_notice (id, account, day, currency, amount, credit, kind, status, statement, \
     bank_reference, likeness, words, payer, parts, recorded, settled, settled_by)";

pub(crate) async fn insert_notices(tx: &mut Tx, notices: &[Notice]) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let mut rows = Vec::with_capacity(notices.len());
    for notice in notices {
        let entry = &notice.entry;
        rows.push(vec![
            notice.id.as_str().into(),
            entry.account.as_str().into(),
            entry.day.as_str().into(),
            entry.currency.as_ref().map_or("", Currency::code).into(),
            entry.minor.into(),
            i64::from(entry.is_credit).into(),
            notice.kind.as_str().into(),
            entry.status.as_str().into(),
            notice.statement.as_str().into(),
            entry.own_reference().map(str::to_owned).into(),
            entry.likeness().as_str().into(),
            entry.part.words.as_str().into(),
            entry.part.payer.as_str().into(),
            Arg::Json(Some(serde_json::to_value(&notice.parts)?)),
            recorded.as_str().into(),
            notice.settled.as_ref().map(|_| recorded.clone()).into(),
            notice.settled.clone().into(),
        ]);
    }
    tx.insert_many(NOTICE, &rows).await
}

pub(crate) async fn known_notices(db: &mut Session, ids: &[String]) -> Result<HashSet<String>, StoreError> {
    let mut known = HashSet::new();
    for ids in ids.chunks(AMONG) {
        let (places, args) = among(ids);
        for row in db.all(&format!("SELECT id FROM bank_notice WHERE id IN ({places})"), &args).await? {
            known.insert(row.text("id")?);
        }
    }
    Ok(known)
}

/// Whether something waits for an account.
pub(crate) async fn has_notices(db: &mut Session, account: &str) -> Result<bool, StoreError> {
    let sql = "SELECT id FROM bank_notice WHERE account = $1 AND settled IS NULL LIMIT 1";
    Ok(db.one(sql, &[account.into()]).await?.is_some())
}

/// The oldest notice that says what a booked entry says is done with.
pub(crate) async fn settle(tx: &mut Tx, id: &str, entry: &Entry) -> Result<(), StoreError> {
    let sql = "UPDATE bank_notice SET settled = $1, settled_by = $2 WHERE id = (SELECT id FROM bank_notice \
               WHERE account = $3 AND settled IS NULL AND credit = $4 AND likeness = $5 ORDER BY day, id LIMIT 1)";
    let recorded = base::stamp(tx.by().at);
    let args = [
        recorded.as_str().into(),
        id.into(),
        entry.account.as_str().into(),
        i64::from(entry.is_credit).into(),
        entry.likeness().as_str().into(),
    ];
    tx.run(sql, &args).await?;
    Ok(())
}

/// What was announced until a day is booked by now, or will never be.
pub(crate) async fn settle_until(tx: &mut Tx, account: &str, day: &str, statement: &str) -> Result<(), StoreError> {
    let sql = "UPDATE bank_notice SET settled = $1, settled_by = $2 WHERE account = $3 AND settled IS NULL AND day <= $4 \
               AND statement <> $2";
    let recorded = base::stamp(tx.by().at);
    tx.run(sql, &[recorded.as_str().into(), statement.into(), account.into(), day.into()]).await?;
    Ok(())
}

/// What a notification says of a booked entry of which the statement says little.
pub(crate) async fn notification(db: &mut Session, entry: &Entry) -> Result<Option<Vec<Part>>, StoreError> {
    let sql = "SELECT bank_reference, parts FROM bank_notice WHERE account = $1 AND day = $2 AND currency = $3 \
               AND amount = $4 AND credit = 1 AND kind = 'camt.054' AND settled IS NULL ORDER BY id LIMIT 50";
    let args = [
        entry.account.as_str().into(),
        entry.day.as_str().into(),
        entry.currency.as_ref().map_or("", Currency::code).into(),
        entry.minor.into(),
    ];
    let rows = db.all(sql, &args).await?;
    let wanted = entry.own_reference();
    let mut found = None;
    for row in &rows {
        let reference = row.text_opt("bank_reference")?;
        if wanted.is_some() && reference.as_deref() == wanted {
            found = Some(row);
            break;
        }
        if rows.len() == 1 && (wanted.is_none() || reference.is_none()) {
            found = Some(row);
        }
    }
    let Some(row) = found else { return Ok(None) };
    Ok(Some(serde_json::from_value(row.json("parts")?)?))
}

/// What waits until it is booked, the oldest first.
pub(crate) async fn expected(db: &mut Session, limit: i64) -> Result<Vec<Expected>, StoreError> {
    let sql = "SELECT account, day, currency, amount, credit, kind, status, words, payer FROM bank_notice \
               WHERE settled IS NULL ORDER BY account, day, id LIMIT $1";
    let rows = db.all(sql, &[limit.into()]).await?;
    let expected = |row: &Answer| {
        Ok(Expected {
            account: row.text("account")?,
            day: row.text("day")?,
            money: Money { minor: row.int("amount")?, currency: currency(row)? },
            is_credit: row.int("credit")? == 1,
            kind: row.text("kind")?,
            status: row.text("status")?,
            words: row.text("words")?,
            payer: row.text("payer")?,
        })
    };
    rows.iter().map(expected).collect()
}

fn currency(row: &Answer) -> Result<Currency, StoreError> {
    Currency::of(&row.text("currency")?).ok_or(StoreError::Abandoned("a balance has a currency that is not known"))
}

/// What stands aside, the last first.
pub(crate) async fn aside(db: &mut Session, limit: i64) -> Result<Vec<Aside>, StoreError> {
    let sql = "SELECT account, day, stated, credit, came_of_it, words FROM statement_entry \
               WHERE came_of_it IN ('aside-account', 'aside-currency') ORDER BY recorded DESC, id LIMIT $1";
    let rows = db.all(sql, &[limit.into()]).await?;
    let aside = |row: &Answer| {
        Ok(Aside {
            account: row.text_opt("account")?.unwrap_or_default(),
            day: row.text("day")?,
            stated: row.text_opt("stated")?.unwrap_or_default(),
            is_credit: row.int_opt("credit")? == Some(1),
            reason: row.text("came_of_it")?,
            words: row.text("words")?,
        })
    };
    rows.iter().map(aside).collect()
}

/// What came of all entries, each once.
pub(crate) async fn explained(db: &mut Session) -> Result<Vec<Explained>, StoreError> {
    let sql = "SELECT COALESCE(account, '') AS account, currency, COALESCE(credit, 1) AS credit, came_of_it, \
               count(*) AS number, CAST(sum(amount) AS BIGINT) AS minor FROM statement_entry WHERE came_of_it <> 'parts' \
               GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4";
    let rows = db.all(sql, &[]).await?;
    let explained = |row: &Answer| {
        Ok(Explained {
            account: row.text("account")?,
            currency: row.text("currency")?,
            is_credit: row.int("credit")? == 1,
            came_of_it: row.text("came_of_it")?,
            number: row.int("number")?,
            minor: row.int("minor")?,
        })
    };
    rows.iter().map(explained).collect()
}

pub(crate) async fn insert_file(tx: &mut Tx, file: &TakenIn) -> Result<(), StoreError> {
    let sql = "INSERT INTO bank_file (recorded, actor, name, kinds, reason, place, said, entries, known, paid, open, refunds, \
               charges, reversed, others, waiting, aside, unequal) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
    let number = |number: usize| Arg::from(i64::try_from(number).unwrap_or(i64::MAX));
    let brought = &file.brought;
    let actor = tx.by().actor.clone();
    let args = [
        file.recorded.as_str().into(),
        actor.as_str().into(),
        file.name.as_str().into(),
        file.kinds.as_str().into(),
        file.reason.as_str().into(),
        file.place.as_str().into(),
        file.said.as_str().into(),
        number(brought.entries),
        number(brought.known),
        number(brought.paid),
        number(brought.open),
        number(brought.left),
        number(brought.charges),
        number(brought.reversed),
        number(brought.others),
        number(brought.waiting),
        number(brought.aside),
        number(brought.unequal),
    ];
    tx.run(sql, &args).await?;
    Ok(())
}

const FILES: &str = "SELECT name, recorded, kinds, reason, place, said, entries, known, paid, open, refunds, charges, \
     reversed, others, waiting, aside, unequal FROM bank_file ORDER BY id DESC LIMIT $1";

/// The files that came, the last first.
pub(crate) async fn files(db: &mut Session, limit: i64) -> Result<Vec<TakenIn>, StoreError> {
    let rows = db.all(FILES, &[limit.into()]).await?;
    let file = |row: &Answer| {
        let number = |column: &str| row.int(column).map(|number| usize::try_from(number).unwrap_or_default());
        Ok(TakenIn {
            name: row.text("name")?,
            recorded: row.text("recorded")?,
            kinds: row.text("kinds")?,
            reason: row.text("reason")?,
            place: row.text("place")?,
            said: row.text("said")?,
            brought: Imported {
                entries: number("entries")?,
                known: number("known")?,
                paid: number("paid")?,
                open: number("open")?,
                left: number("refunds")?,
                charges: number("charges")?,
                reversed: number("reversed")?,
                others: number("others")?,
                waiting: number("waiting")?,
                aside: number("aside")?,
                unequal: number("unequal")?,
            },
        })
    };
    rows.iter().map(file).collect()
}

/// The states as the index `payment_open_amount` has them, word for word.
const OPEN_LIKE: &str = "SELECT id, payer_name FROM payment WHERE state IN ('quoted', 'started', 'pending', 'failed') \
     AND currency = $1 AND amount = $2 ORDER BY opened DESC, id LIMIT $3";

/// Payments of one amount that can be paid, the last opened first.
pub(crate) async fn open_like(db: &mut Session, money: Money, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    let rows = db.all(OPEN_LIKE, &[money.currency.code().into(), money.minor.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok((row.text("id")?, row.text("payer_name")?))).collect()
}

/// Keeps a balance; what the statement is called there, where it had not told of it before. A bank that calls all its
/// statements the same is understood by their days.
pub(crate) async fn insert_balance(
    tx: &mut Tx,
    head: &Head,
    balance: &BankBalance,
) -> Result<Option<String>, StoreError> {
    let recorded = base::stamp(tx.by().at);
    let known = "SELECT day, closing FROM bank_balance WHERE account = $1 AND currency = $2 AND statement = $3";
    let sql = "INSERT INTO bank_balance (account, currency, statement, day, opening, closing, recorded) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    for key in [head.key(), format!("{} · {}", head.key(), balance.day)] {
        let named = [balance.account.as_str().into(), balance.currency.code().into(), key.as_str().into()];
        if let Some(row) = tx.one(known, &named).await? {
            if row.text("day")? == balance.day && row.int("closing")? == balance.closing {
                return Ok(None);
            }
            continue;
        }
        let mut args = Vec::from(named);
        args.extend([
            balance.day.as_str().into(),
            balance.opening.into(),
            balance.closing.into(),
            recorded.as_str().into(),
        ]);
        tx.run(sql, &args).await?;
        return Ok(Some(key));
    }
    Ok(None)
}

/// The closing balance of the statement before.
pub(crate) async fn balance_before(
    db: &mut Session,
    statement: &str,
    balance: &BankBalance,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT closing FROM bank_balance WHERE account = $1 AND currency = $2 AND day <= $3 AND statement <> $4 \
               ORDER BY day DESC, CASE WHEN closing = $5 THEN 0 ELSE 1 END, recorded DESC LIMIT 1";
    let args = [
        balance.account.as_str().into(),
        balance.currency.code().into(),
        balance.day.as_str().into(),
        statement.into(),
        balance.opening.unwrap_or_default().into(),
    ];
    db.one(sql, &args).await?.map(|row| row.int("closing")).transpose()
}

/// The last balance of each account and currency.
pub(crate) async fn last_balances(db: &mut Session) -> Result<Vec<AtBank>, StoreError> {
    let sql = "SELECT b.account, b.currency, b.closing, b.day FROM bank_balance b WHERE NOT EXISTS \
               (SELECT 1 FROM bank_balance later WHERE later.account = b.account AND later.currency = b.currency \
                AND (later.day > b.day OR later.day = b.day AND later.recorded > b.recorded)) \
               ORDER BY b.account, b.currency, b.statement";
    let rows = db.all(sql, &[]).await?;
    let at_bank = |row: &Answer| {
        let closing = Money { minor: row.int("closing")?, currency: currency(row)? };
        Ok(AtBank { account: row.text("account")?, closing, day: row.text("day")? })
    };
    rows.iter().map(at_bank).collect()
}

/// What a statement tells of, of the account that another is about.
pub(crate) struct Span {
    pub last_day: String,
    pub opening: Option<i64>,
    pub closing: i64,
}

pub(crate) async fn insert_spans(tx: &mut Tx, head: &Head, key: &str) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let sql = "INSERT INTO bank_span (account, currency, statement, part, page, from_at, to_at, first_day, last_day, opening, \
               closing, first_net, last_net, recorded) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT DO NOTHING";
    // One that says nothing of its balances is told from others by its times and pages.
    let balances: Vec<Option<&BankBalance>> =
        if head.balances.is_empty() { vec![None] } else { head.balances.iter().map(Some).collect() };
    for balance in balances {
        let args = [
            head.account.as_str().into(),
            balance.map_or("", |balance| balance.currency.code()).into(),
            key.into(),
            head.id.as_str().into(),
            head.page.as_str().into(),
            head.from.as_str().into(),
            head.to.as_str().into(),
            head.first_day.as_str().into(),
            head.last_day.as_str().into(),
            balance.and_then(|balance| balance.opening).into(),
            balance.map(|balance| balance.closing).into(),
            balance.map_or(0, |balance| balance.first_net).into(),
            balance.map_or(0, |balance| balance.last_net).into(),
            recorded.as_str().into(),
        ];
        tx.run(sql, &args).await?;
    }
    Ok(())
}

/// Statements of the account that begin before another one does and end with it or later.
pub(crate) async fn spans(db: &mut Session, balance: &BankBalance, head: &Head) -> Result<Vec<Span>, StoreError> {
    let sql = "SELECT last_day, opening, closing FROM bank_span WHERE account = $1 AND currency = $2 AND first_day <= $3 \
               AND last_day >= $3 AND closing IS NOT NULL AND first_day <> '' ORDER BY recorded DESC LIMIT 50";
    let args = [balance.account.as_str().into(), balance.currency.code().into(), head.first_day.as_str().into()];
    let rows = db.all(sql, &args).await?;
    let span = |row: &Answer| {
        Ok(Span { last_day: row.text("last_day")?, opening: row.int_opt("opening")?, closing: row.int("closing")? })
    };
    rows.iter().map(span).collect()
}

/// What the entries of an account come to from one day to another, both included.
pub(crate) async fn net_since(
    db: &mut Session,
    balance: &BankBalance,
    from: &str,
    to: &str,
) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(CASE WHEN credit = 1 THEN amount ELSE -amount END), 0) AS BIGINT) AS minor \
               FROM statement_entry WHERE account = $1 AND day >= $2 AND day <= $3 AND currency = $4 AND part_of IS NULL";
    let args = [balance.account.as_str().into(), from.into(), to.into(), balance.currency.code().into()];
    db.one(sql, &args).await?.map_or(Ok(0), |row| row.int("minor"))
}

/// Statements of an account that share days with another and tell of other entries, and the days that they share: because
/// they are other parts of it, because their times are apart, or because one begins with the balance that the other ends
/// with although something was booked on the day that they share.
pub(crate) async fn apart(
    db: &mut Session,
    head: &Head,
    key: &str,
) -> Result<Vec<(String, (String, String))>, StoreError> {
    let sql = "SELECT currency, statement, part, page, from_at, to_at, first_day, last_day, opening, closing, first_net, last_net \
               FROM bank_span WHERE account = $1 AND last_day >= $2 AND first_day <= $3 AND statement <> $4 \
               ORDER BY last_day, statement LIMIT 500";
    let args =
        [head.account.as_str().into(), head.first_day.as_str().into(), head.last_day.as_str().into(), key.into()];
    let mut found: Vec<(String, (String, String))> = Vec::new();
    for row in db.all(sql, &args).await? {
        let (first, last) = (row.text("first_day")?, row.text("last_day")?);
        let is_part = row.text("part")? == head.id && row.text("page")? != head.page;
        let (from, to) = (row.text("from_at")?, row.text("to_at")?);
        let is_before = |end: &str, start: &str| end.len() > 10 && end.len() == start.len() && end <= start;
        let is_then = is_before(&to, &head.from) || is_before(&head.to, &from);
        let (opening, closing) = (row.int_opt("opening")?, row.int_opt("closing")?);
        let currency = row.text("currency")?;
        let balance = head.balances.iter().find(|balance| balance.currency.code() == currency);
        let follows = match balance {
            None => false,
            Some(balance) => {
                let after = closing.is_some() && closing == balance.opening && last == head.first_day;
                let before = opening == Some(balance.closing) && first == head.last_day;
                after && row.int("last_net")? != 0 || before && balance.last_net != 0
            }
        };
        if is_part || is_then || follows {
            let days = (first.max(head.first_day.clone()), last.min(head.last_day.clone()));
            found.push((row.text("statement")?, days));
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

/// The marks of the entries that a statement was the first to bring, of some days.
pub(crate) async fn marks(
    db: &mut Session,
    account: &str,
    statement: &str,
    (from, to): &(String, String),
) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT id FROM statement_entry WHERE account = $1 AND day >= $2 AND day <= $3 AND statement = $4 \
               AND part_of IS NULL";
    let rows = db.all(sql, &[account.into(), from.as_str().into(), to.as_str().into(), statement.into()]).await?;
    rows.iter().map(|row| Ok(row.text("id")?.rsplit('/').nth(1).unwrap_or_default().to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use store::{Arg, Store, testing::on_each_engine};

    use super::*;

    /// How the engine goes about a question. PostgreSQL would read a table that is empty as a whole.
    async fn plan(store: &Store, sql: &str, args: &[Arg]) -> String {
        let mut db = store.read().await.unwrap();
        let (explain, column) = if store.is_postgres() {
            db.run("SET enable_seqscan = off", &[]).await.unwrap();
            ("EXPLAIN", "QUERY PLAN")
        } else {
            ("EXPLAIN QUERY PLAN", "detail")
        };
        let rows = db.all(&format!("{explain} {sql}"), args).await.unwrap();
        rows.iter().map(|row| row.text(column).unwrap() + "\n").collect()
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn the_page_of_statements_reads_no_whole_table() {
        on_each_engine("pay_statement_plans", async |database| {
            let store = Store::open(&database, crate::MIGRATIONS, vec![]).await.unwrap();
            let like: [Arg; 3] = ["ILS".into(), 1.into(), 5.into()];
            let key = if store.is_postgres() { "bank_file_pkey" } else { "SCAN bank_file" };
            for (sql, args, index) in [(OPEN_LIKE, &like[..], "payment_open_amount"), (FILES, &[50.into()], key)] {
                let plan = plan(&store, sql, args).await;
                assert!(plan.contains(index), "{plan}");
                // In the order of the index, it ends at its limit.
                assert!(!plan.contains("Sort") && !plan.contains("TEMP B-TREE"), "{plan}");
            }
        })
        .await
        .unwrap();
    }
}
