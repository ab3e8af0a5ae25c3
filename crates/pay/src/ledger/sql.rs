//! The SQL of the ledger.

use base::Currency;
use jiff::civil::Date;
use store::{Arg, Line, Row, Session, StoreError, Tx};

use super::{Account, Balance, Posted, Posting, Purpose, Transfer, proof::Fact};

/// Where a transfer waits to be proved.
pub(crate) const UNPROVED: &str = "INSERT INTO ledger_unproved (transfer)";

/// Whether no transfer had this name, and none had reversed the same one.
pub(crate) async fn insert_transfer(
    tx: &mut Tx,
    transfer: &Transfer,
    reverses: Option<&str>,
) -> Result<bool, StoreError> {
    let (recorded, actor) = (base::stamp(tx.by().at), tx.by().actor.clone());
    let inserted = tx
        .run(
            "INSERT INTO ledger_transfer (id, day, recorded, actor, about, memo, reverses) \
             VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
            &[
                transfer.id.as_str().into(),
                transfer.day.to_string().into(),
                recorded.into(),
                actor.into(),
                transfer.about.as_str().into(),
                transfer.memo.as_str().into(),
                reverses.into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// The postings of a transfer, at once: whoever reverses it in the same group of writers has to find them.
pub(crate) async fn insert_postings(tx: &mut Tx, transfer: &Transfer) -> Result<(), StoreError> {
    let row = |(line, posting): (usize, &Posting)| -> Vec<Arg> {
        vec![
            transfer.id.as_str().into(),
            (line as i64).into(),
            posting.account.id().into(),
            posting.account.currency.code().into(),
            posting.amount.into(),
            transfer.day.to_string().into(),
        ]
    };
    let rows: Vec<Vec<Arg>> = transfer.postings.iter().enumerate().map(row).collect();
    tx.insert_many("INSERT INTO ledger_posting (transfer, line, account, currency, amount, day)", &rows).await
}

/// Adds to the balances, and returns balance and hold of each, in the same order. One statement for all.
pub(crate) async fn move_balances(tx: &mut Tx, moves: &[(Account, i64, i64)]) -> Result<Vec<(i64, i64)>, StoreError> {
    let mut args: Vec<Arg> = Vec::with_capacity(moves.len() * 7);
    let mut rows = Vec::with_capacity(moves.len());
    for (account, part, amount) in moves {
        let n = args.len();
        rows.push(format!("(${}, ${}, ${}, ${}, ${}, ${}, ${}, 0)", n + 1, n + 2, n + 3, n + 4, n + 5, n + 6, n + 7));
        args.extend([
            account.id().into(),
            (*part).into(),
            account.entity.as_str().into(),
            account.purpose.as_str().into(),
            account.detail.as_str().into(),
            account.currency.code().into(),
            (*amount).into(),
        ]);
    }
    let sql = format!(
        "INSERT INTO ledger_account (id, part, entity, purpose, detail, currency, balance, held) VALUES {} \
         ON CONFLICT (id, part) DO UPDATE SET balance = ledger_account.balance + excluded.balance \
         RETURNING id, balance, held",
        rows.join(", ")
    );
    let kept = tx.all(&sql, &args).await?;
    let kept: Vec<(String, i64, i64)> = kept
        .iter()
        .map(|row| Ok((row.text("id")?, row.int("balance")?, row.int("held")?)))
        .collect::<Result<_, StoreError>>()?;
    let of = |account: &Account| {
        let id = account.id();
        kept.iter().find(|(kept, ..)| *kept == id).map(|(_, balance, held)| (*balance, *held)).unwrap_or_default()
    };
    Ok(moves.iter().map(|(account, ..)| of(account)).collect())
}

/// Whether the hold is new.
pub(crate) async fn insert_hold(tx: &mut Tx, id: &str, account: &str, amount: i64) -> Result<bool, StoreError> {
    let placed = base::stamp(tx.by().at);
    let sql = "INSERT INTO ledger_hold (id, account, amount, placed) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    Ok(tx.run(sql, &[id.into(), account.into(), amount.into(), placed.into()]).await? == 1)
}

/// Balance and hold afterwards.
pub(crate) async fn move_held(tx: &mut Tx, account: &Account, amount: i64) -> Result<(i64, i64), StoreError> {
    let sql = "INSERT INTO ledger_account (id, part, entity, purpose, detail, currency, balance, held) \
               VALUES ($1, 0, $2, $3, $4, $5, 0, $6) \
               ON CONFLICT (id, part) DO UPDATE SET held = ledger_account.held + excluded.held RETURNING balance, held";
    let args = [
        account.id().into(),
        account.entity.as_str().into(),
        account.purpose.as_str().into(),
        account.detail.as_str().into(),
        account.currency.code().into(),
        amount.into(),
    ];
    let row = tx.one(sql, &args).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("balance")?, row.int("held")?)))
}

/// The account and the amount of a hold that was still open.
pub(crate) async fn release_hold(tx: &mut Tx, id: &str) -> Result<Option<(Account, i64)>, StoreError> {
    let released = base::stamp(tx.by().at);
    let sql = "UPDATE ledger_hold SET released = $2 WHERE id = $1 AND released IS NULL RETURNING account, amount";
    let Some(row) = tx.one(sql, &[id.into(), released.into()]).await? else { return Ok(None) };
    let (id, amount) = (row.text("account")?, row.int("amount")?);
    let sql = "SELECT entity, purpose, detail, currency FROM ledger_account WHERE id = $1 AND part = 0";
    let row = tx.one(sql, &[id.into()]).await?;
    row.map(|row| Ok((account(&row)?, amount))).transpose()
}

fn account(row: &Row) -> Result<Account, StoreError> {
    let purpose = row.text("purpose")?;
    let currency = row.text("currency")?;
    Ok(Account {
        entity: row.text("entity")?,
        purpose: Purpose::parse(&purpose).ok_or(StoreError::Abandoned("an account has a purpose that is not known"))?,
        detail: row.text("detail")?,
        currency: Currency::of(&currency)
            .ok_or(StoreError::Abandoned("an account has a currency that is not known"))?,
    })
}

/// Debits less credits, and what is held.
pub(crate) async fn balance(db: &mut Session, id: &str) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(balance), 0) AS BIGINT) AS balance, CAST(COALESCE(sum(held), 0) AS BIGINT) AS held \
               FROM ledger_account WHERE id = $1";
    let row = db.one(sql, &[id.into()]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("balance")?, row.int("held")?)))
}

pub(crate) async fn balances(db: &mut Session, entity: Option<&str>) -> Result<Vec<Balance>, StoreError> {
    match entity {
        Some(entity) => balances_where(db, "WHERE entity = $1", &[entity.into()]).await,
        None => balances_where(db, "", &[]).await,
    }
}

pub(crate) async fn balances_of(
    db: &mut Session,
    entity: &str,
    purpose: Purpose,
    detail: &str,
) -> Result<Vec<Balance>, StoreError> {
    let args = [entity.into(), purpose.as_str().into(), detail.into()];
    balances_where(db, "WHERE entity = $1 AND purpose = $2 AND detail = $3", &args).await
}

async fn balances_where(db: &mut Session, condition: &str, args: &[Arg]) -> Result<Vec<Balance>, StoreError> {
    let sql = format!(
        "SELECT entity, purpose, detail, currency, CAST(sum(balance) AS BIGINT) AS balance, CAST(sum(held) AS BIGINT) AS held \
         FROM ledger_account {condition} GROUP BY entity, purpose, detail, currency ORDER BY entity, purpose, detail, currency"
    );
    let rows = db.all(&sql, args).await?;
    rows.iter()
        .map(|row| {
            let account = account(row)?;
            Ok(Balance { minor: account.natural(row.int("balance")?), held: row.int("held")?, account })
        })
        .collect()
}

const POSTED: &str = "SELECT t.id, t.day, t.recorded, t.actor, t.about, t.memo, t.reverses, p.line, p.amount, \
     a.entity, a.purpose, a.detail, a.currency FROM ledger_transfer t JOIN ledger_posting p ON p.transfer = t.id \
     JOIN (SELECT DISTINCT id, entity, purpose, detail, currency FROM ledger_account) a ON a.id = p.account";

fn posted(rows: &[Row]) -> Result<Vec<Posted>, StoreError> {
    let mut all: Vec<Posted> = Vec::new();
    for row in rows {
        let posting = Posting { account: account(row)?, amount: row.int("amount")? };
        let id = row.text("id")?;
        match all.last_mut() {
            Some(last) if last.transfer.id == id => last.transfer.postings.push(posting),
            _ => all.push(Posted {
                recorded: row.text("recorded")?,
                actor: row.text("actor")?,
                reverses: row.text_opt("reverses")?,
                transfer: Transfer {
                    id,
                    day: row.text("day")?.parse().map_err(|_| StoreError::Abandoned("a transfer has no day"))?,
                    about: row.text("about")?,
                    memo: row.text("memo")?,
                    postings: vec![posting],
                },
            }),
        }
    }
    Ok(all)
}

pub(crate) async fn transfer(db: &mut Session, id: &str) -> Result<Option<Posted>, StoreError> {
    let rows = db.all(&format!("{POSTED} WHERE t.id = $1 ORDER BY p.line"), &[id.into()]).await?;
    Ok(posted(&rows)?.pop())
}

pub(crate) async fn is_reversed(db: &mut Session, id: &str) -> Result<bool, StoreError> {
    Ok(db.one("SELECT id FROM ledger_transfer WHERE reverses = $1", &[id.into()]).await?.is_some())
}

pub(crate) async fn transfers_about(db: &mut Session, about: &str) -> Result<Vec<Posted>, StoreError> {
    let sql = format!("{POSTED} WHERE t.about = $1 ORDER BY t.recorded, t.id, p.line");
    posted(&db.all(&sql, &[about.into()]).await?)
}

pub(crate) async fn transfers_of(db: &mut Session, account: &str, limit: i64) -> Result<Vec<Posted>, StoreError> {
    let sql = format!(
        "{POSTED} WHERE t.id IN (SELECT transfer FROM ledger_posting WHERE account = $1 ORDER BY day DESC, transfer DESC LIMIT $2) \
         ORDER BY t.day DESC, t.recorded DESC, t.id, p.line"
    );
    posted(&db.all(&sql, &[account.into(), limit.into()]).await?)
}

pub(crate) async fn transfers_of_day(
    db: &mut Session,
    account: &str,
    day: Date,
    limit: i64,
) -> Result<Vec<Posted>, StoreError> {
    let sql = format!(
        "{POSTED} WHERE t.id IN (SELECT p.transfer FROM ledger_posting p JOIN ledger_transfer d ON d.id = p.transfer \
         WHERE p.account = $1 AND p.day = $2 AND p.amount > 0 ORDER BY d.recorded DESC, p.transfer DESC LIMIT $3) \
         ORDER BY t.recorded DESC, t.id, p.line"
    );
    posted(&db.all(&sql, &[account.into(), day.to_string().into(), limit.into()]).await?)
}

/// What was put on an account on a day, and in how many postings.
pub(crate) async fn debits_of_day(db: &mut Session, account: &str, day: Date) -> Result<(i64, i64), StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) AS minor, count(*) AS number FROM ledger_posting \
               WHERE account = $1 AND day = $2 AND amount > 0";
    let row = db.one(sql, &[account.into(), day.to_string().into()]).await?;
    row.map_or(Ok((0, 0)), |row| Ok((row.int("minor")?, row.int("number")?)))
}

/// A statement of the proof: each row says what it is, whose, in which currency, and two numbers.
fn fact_of(row: &Line<'_>) -> Result<Fact, StoreError> {
    let (name, currency) = (row.text(1)?.to_owned(), row.text(2)?.to_owned());
    let (minor, held) = (row.int(3)?, row.int(4)?);
    Ok(match row.text(0)? {
        "kept" => Fact::Kept { account: name, currency, balance: minor, held },
        "proved" => Fact::Proved { account: name, posted: minor },
        "unproved" => Fact::Unproved { account: name, posted: minor },
        "posted" => Fact::Posted { account: name, currency, posted: minor },
        "open" => Fact::Open { account: name, held: minor },
        "suspended" => Fact::Suspended { currency, minor },
        "wrong" => Fact::Wrong { transfer: name, currency, sum: minor },
        _ => Fact::Broken { transfer: name },
    })
}

/// SQLite joins across in the order of the text: what waits first, and not all postings ever made.
const KEPT_FACTS: &str = "\
SELECT 'kept' AS what, id AS name, currency, CAST(sum(balance) AS BIGINT) AS minor, CAST(sum(held) AS BIGINT) AS held \
  FROM ledger_account GROUP BY id, currency \
UNION ALL SELECT 'proved', account, currency, posted, CAST(0 AS BIGINT) FROM ledger_proved \
UNION ALL SELECT 'unproved', p.account, p.currency, CAST(sum(p.amount) AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_unproved u CROSS JOIN ledger_posting p WHERE p.transfer = u.transfer GROUP BY p.account, p.currency \
UNION ALL SELECT 'open', account, '', CAST(sum(amount) AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_hold WHERE released IS NULL GROUP BY account \
UNION ALL SELECT 'suspended', '', currency, CAST(sum(theirs) AS BIGINT), CAST(0 AS BIGINT) FROM payment_difference \
  WHERE cleared IS NULL AND kind IN ('amount', 'paid-twice', 'unknown', 'overpaid', 'charges', 'several', 'uneven', 'returned') AND theirs > 0 GROUP BY currency";

/// What was found wrong when it was to be proved.
const WRONG_FACTS: &str = "\
UNION ALL SELECT 'wrong', u.transfer, COALESCE(p.currency, ''), CAST(COALESCE(sum(p.amount), 0) AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_unproved u LEFT JOIN ledger_posting p ON p.transfer = u.transfer WHERE u.wrong = 1 \
  GROUP BY u.transfer, COALESCE(p.currency, '')";

const POSTED_FACTS: &str = "\
UNION ALL SELECT 'posted', account, currency, CAST(sum(amount) AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_posting GROUP BY account, currency \
UNION ALL SELECT 'wrong', transfer, currency, CAST(sum(amount) AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_posting GROUP BY transfer, currency HAVING sum(amount) <> 0 \
UNION ALL SELECT DISTINCT 'broken', p.transfer, '', CAST(0 AS BIGINT), CAST(0 AS BIGINT) \
  FROM ledger_posting p LEFT JOIN ledger_transfer t ON t.id = p.transfer WHERE t.id IS NULL OR t.day <> p.day \
UNION ALL SELECT 'broken', t.id, '', CAST(0 AS BIGINT), CAST(0 AS BIGINT) FROM ledger_transfer t \
  WHERE NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transfer = t.id)";

/// What is kept, as it stands at one moment.
pub(super) async fn each_kept_fact(db: &mut Session, take: impl FnMut(Fact) + Send) -> Result<(), StoreError> {
    each(db, &format!("{KEPT_FACTS} {WRONG_FACTS}"), take).await
}

/// What is kept and what was ever posted, as they stand at one moment.
pub(super) async fn each_fact(db: &mut Session, take: impl FnMut(Fact) + Send) -> Result<(), StoreError> {
    each(db, &format!("{KEPT_FACTS} {POSTED_FACTS}"), take).await
}

async fn each(db: &mut Session, sql: &str, mut take: impl FnMut(Fact) + Send) -> Result<(), StoreError> {
    db.each(sql, &[], |row| {
        take(fact_of(&row)?);
        Ok(())
    })
    .await
}

/// The last of the next transfers to be proved, in the order of their names.
pub(super) async fn last_to_prove(tx: &mut Tx, limit: i64) -> Result<Option<String>, StoreError> {
    let sql = "SELECT max(transfer) AS last FROM \
               (SELECT transfer FROM ledger_unproved WHERE wrong = 0 ORDER BY transfer LIMIT $1) AS next";
    tx.one(sql, &[limit.into()]).await?.map_or(Ok(None), |row| row.text_opt("last"))
}

/// Marks transfers that do not sum to zero, or have no postings at all; how many.
pub(super) async fn mark_wrong(tx: &mut Tx, last: &str) -> Result<u64, StoreError> {
    let sql = "UPDATE ledger_unproved SET wrong = 1 WHERE wrong = 0 AND transfer <= $1 AND (\
               NOT EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transfer = ledger_unproved.transfer) OR \
               EXISTS (SELECT 1 FROM ledger_posting p WHERE p.transfer = ledger_unproved.transfer \
                       GROUP BY p.currency HAVING sum(p.amount) <> 0))";
    tx.run(sql, &[last.into()]).await
}

const ADD_PROVED: &str = "INSERT INTO ledger_proved (account, currency, posted) \
    SELECT p.account, p.currency, CAST(sum(p.amount) AS BIGINT) \
    FROM ledger_unproved u CROSS JOIN ledger_posting p WHERE p.transfer = u.transfer AND u.wrong = 0 AND u.transfer <= $1 \
    GROUP BY p.account, p.currency \
    ON CONFLICT (account) DO UPDATE SET posted = ledger_proved.posted + excluded.posted";

/// Adds what the transfers posted to what is proved.
pub(super) async fn add_proved(tx: &mut Tx, last: &str) -> Result<(), StoreError> {
    tx.run(ADD_PROVED, &[last.into()]).await?;
    Ok(())
}

pub(super) async fn forget_unproved(tx: &mut Tx, last: &str) -> Result<u64, StoreError> {
    tx.run("DELETE FROM ledger_unproved WHERE wrong = 0 AND transfer <= $1", &[last.into()]).await
}

#[cfg(test)]
mod tests {
    use store::{Store, testing::on_each_engine};

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn what_waits_is_looked_up_and_no_posting_read_that_was_proved() {
        on_each_engine("pay_proof_plans", async |database| {
            let store = Store::open(&database, crate::MIGRATIONS, vec![]).await.unwrap();
            let mut db = store.read().await.unwrap();
            // PostgreSQL decides by how much there is, and there is nothing here.
            if store.is_postgres() {
                return;
            }
            let last = [Arg::from("t")];
            for (sql, args) in [(format!("{KEPT_FACTS} {WRONG_FACTS}"), &[][..]), (ADD_PROVED.to_owned(), &last[..])] {
                let rows = db.all(&format!("EXPLAIN QUERY PLAN {sql}"), args).await.unwrap();
                let plan: String = rows.iter().map(|row| row.text("detail").unwrap() + "\n").collect();
                assert!(plan.contains("SEARCH p USING") && !plan.contains("SCAN p"), "{plan}");
            }
        })
        .await
        .unwrap();
    }
}
