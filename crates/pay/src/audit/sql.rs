//! The SQL of the audit.

use std::collections::BTreeMap;

use store::{Line, Session, StoreError};

/// A posting with its transfer and the entry of the journal that tells of it.
pub(super) struct Told<'a> {
    pub transfer: &'a str,
    pub line: i64,
    pub account: &'a str,
    pub currency: &'a str,
    pub amount: i64,
    pub day: &'a str,
    pub of: Option<Of<'a>>,
    pub entry: Option<Entry<'a>>,
}

/// The transfer of a posting.
pub(super) struct Of<'a> {
    pub about: &'a str,
    pub memo: &'a str,
    pub recorded: &'a str,
    pub actor: &'a str,
    pub day: &'a str,
}

/// What the journal tells of a posting.
pub(super) struct Entry<'a> {
    pub after: Option<&'a str>,
    pub kind: &'a str,
    pub recorded: &'a str,
    pub actor: &'a str,
    pub effective: &'a str,
}

pub(super) async fn each_posting(
    db: &mut Session,
    take: &mut (impl FnMut(&Told<'_>) + Send),
) -> Result<(), StoreError> {
    let sql = "SELECT p.transfer, p.line, p.account, p.currency, p.amount, p.day, t.about, t.memo, t.recorded, t.actor, t.day, \
        CAST(j.after AS TEXT), j.kind, j.recorded, j.actor, j.effective FROM ledger_posting p \
        LEFT JOIN ledger_transfer t ON t.id = p.transfer \
        LEFT JOIN journal j ON j.source = 'posting' AND j.row_key = p.transfer || '#' || CAST(p.line AS TEXT)";
    let read = |line: Line<'_>| {
        let of = match line.text_opt(6)? {
            None => None,
            Some(about) => Some(Of {
                about,
                memo: line.text(7)?,
                recorded: line.text(8)?,
                actor: line.text(9)?,
                day: line.text(10)?,
            }),
        };
        let entry = match line.text_opt(12)? {
            None => None,
            Some(kind) => Some(Entry {
                after: line.text_opt(11)?,
                kind,
                recorded: line.text(13)?,
                actor: line.text(14)?,
                effective: line.text(15)?,
            }),
        };
        take(&Told {
            transfer: line.text(0)?,
            line: line.int(1)?,
            account: line.text(2)?,
            currency: line.text(3)?,
            amount: line.int(4)?,
            day: line.text(5)?,
            of,
            entry,
        });
        Ok(())
    };
    db.each(sql, &[], read).await
}

/// How many entries of the journal tell of postings.
pub(super) async fn entries(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT count(*) AS n FROM journal WHERE source = 'posting'", &[]).await?;
    row.map_or(Ok(0), |row| row.int("n"))
}

/// Entries of postings that there are not, or that other entries tell of too. Slow, for where there are some.
pub(super) async fn entries_without_posting(db: &mut Session) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT row_key FROM journal WHERE source = 'posting' GROUP BY row_key HAVING count(*) > 1 OR row_key NOT IN \
        (SELECT transfer || '#' || CAST(line AS TEXT) FROM ledger_posting) ORDER BY row_key LIMIT 100";
    db.all(sql, &[]).await?.iter().map(|row| row.text("row_key")).collect()
}

/// Transfers that say that they reverse another and do not mirror it, or mirror without saying so, with their memo.
pub(super) async fn strange_reversals(db: &mut Session) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT t.id, t.memo FROM ledger_transfer t WHERE (t.reverses IS NULL AND t.memo = 'reversed') \
        OR (t.reverses IS NOT NULL AND (t.memo <> 'reversed' OR EXISTS (SELECT 1 FROM ledger_posting p \
        WHERE p.transfer = t.id AND NOT EXISTS (SELECT 1 FROM ledger_posting q WHERE q.transfer = t.reverses \
        AND q.line = p.line AND q.account = p.account AND q.amount = -p.amount)))) ORDER BY t.id LIMIT 100";
    db.all(sql, &[]).await?.iter().map(|row| Ok((row.text("id")?, row.text("memo")?))).collect()
}

pub(super) async fn empty_transfers(db: &mut Session) -> Result<Vec<String>, StoreError> {
    let sql = "SELECT t.id FROM ledger_transfer t WHERE NOT EXISTS \
        (SELECT 1 FROM ledger_posting p WHERE p.transfer = t.id) ORDER BY t.id LIMIT 100";
    db.all(sql, &[]).await?.iter().map(|row| row.text("id")).collect()
}

/// Entities and years whose receipts are not numbered from 1 to where their counter stands: what, how many, the counter.
pub(super) async fn receipts(db: &mut Session) -> Result<Vec<(String, i64, i64)>, StoreError> {
    let mut counted: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    db.each("SELECT receipt FROM payment WHERE receipt IS NOT NULL", &[], |line| {
        let receipt = line.text(0)?;
        let (counter, number) = receipt.rsplit_once('/').unwrap_or((receipt, ""));
        let known = counted.entry(counter.to_owned()).or_default();
        known.0 += 1;
        known.1 = known.1.max(number.parse().unwrap_or(i64::MAX));
        Ok(())
    })
    .await?;
    let mut kept: BTreeMap<String, i64> = BTreeMap::new();
    for row in db.all("SELECT entity, year, last FROM receipt_counter", &[]).await? {
        kept.insert(format!("{}/{}", row.text("entity")?, row.int("year")?), row.int("last")?);
    }
    let all: std::collections::BTreeSet<&String> = counted.keys().chain(kept.keys()).collect();
    let of = |counter: &String| {
        let (number, most) = counted.get(counter).copied().unwrap_or_default();
        let last = kept.get(counter).copied().unwrap_or_default();
        (number != last || most != last).then(|| (counter.clone(), number, last))
    };
    Ok(all.into_iter().filter_map(of).collect())
}

/// Receipts that more than one payment has.
pub(super) async fn receipts_twice(db: &mut Session) -> Result<Vec<(String, i64)>, StoreError> {
    let sql = "SELECT receipt, count(*) AS n FROM payment WHERE receipt IS NOT NULL GROUP BY receipt HAVING count(*) > 1 LIMIT 100";
    db.all(sql, &[]).await?.iter().map(|row| Ok((row.text("receipt")?, row.int("n")?))).collect()
}
