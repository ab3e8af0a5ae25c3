//! The SQL of bank statements.

use std::collections::HashSet;

use base::{Currency, Money};
use store::{Row, Session, StoreError, Tx};

use super::{AtBank, BankBalance, Booked, TakenIn};
use crate::CameOfIt;

/// The entries of a statement that were taken in.
pub(crate) async fn known(db: &mut Session, statement: &str) -> Result<HashSet<String>, StoreError> {
    let rows = db.all("SELECT id FROM statement_entry WHERE statement = $1", &[statement.into()]).await?;
    rows.iter().map(|row| row.text("id")).collect()
}

/// Payments that can be paid, as they stand now.
pub(crate) async fn open_payments(db: &mut Session) -> Result<HashSet<String>, StoreError> {
    let sql = "SELECT id FROM payment WHERE state IN ('quoted', 'started', 'pending', 'failed')";
    db.all(sql, &[]).await?.iter().map(|row| row.text("id")).collect()
}

pub(crate) fn append_entry(tx: &mut Tx, statement: &str, entry: &Booked, came_of_it: &CameOfIt) {
    let money = entry.report.money;
    let recorded = base::stamp(tx.by().at);
    tx.append(
        "INSERT INTO statement_entry (id, statement, day, currency, amount, words, payment, came_of_it, recorded, payer, payer_iban)",
        vec![
            entry.report.event.as_str().into(),
            statement.into(),
            entry.day.as_str().into(),
            money.as_ref().map_or("", |money| money.currency.code()).into(),
            money.map_or(0, |money| money.minor).into(),
            entry.words.as_str().into(),
            entry.payment.clone().into(),
            came_of_it.as_str().into(),
            recorded.into(),
            entry.payer.as_str().into(),
            Some(entry.payer_iban.as_str()).filter(|iban| !iban.is_empty()).into(),
        ],
    );
}

/// The account from which a payment came by transfer.
pub(crate) async fn account_of_payer(db: &mut Session, payment: &str) -> Result<Option<String>, StoreError> {
    let sql =
        "SELECT payer_iban FROM statement_entry WHERE payment = $1 AND came_of_it = 'paid' AND payer_iban IS NOT NULL";
    db.one(sql, &[payment.into()]).await?.map_or(Ok(None), |row| row.text_opt("payer_iban"))
}

/// Adds to what a statement brought.
pub(crate) async fn count_entries(tx: &mut Tx, statement: &str, entries: i64, paid: i64) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let sql = "INSERT INTO bank_statement (id, recorded, entries, paid) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (id) DO UPDATE SET recorded = excluded.recorded, \
               entries = bank_statement.entries + excluded.entries, paid = bank_statement.paid + excluded.paid";
    tx.run(sql, &[statement.into(), recorded.into(), entries.into(), paid.into()]).await?;
    Ok(())
}

const TAKEN_IN: &str = "SELECT id, recorded, entries, paid FROM bank_statement ORDER BY recorded DESC, id LIMIT $1";

/// The statements that were taken in, the last first.
pub(crate) async fn taken_in(db: &mut Session, limit: i64) -> Result<Vec<TakenIn>, StoreError> {
    let rows = db.all(TAKEN_IN, &[limit.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(TakenIn {
                statement: row.text("id")?,
                recorded: row.text("recorded")?,
                entries: row.int("entries")?,
                paid: row.int("paid")?,
            })
        })
        .collect()
}

/// The states as the index `payment_open_amount` has them, word for word.
const OPEN_LIKE: &str = "SELECT id, payer_name FROM payment WHERE state IN ('quoted', 'started', 'pending', 'failed') \
     AND currency = $1 AND amount = $2 ORDER BY opened DESC, id LIMIT $3";

/// Payments of one amount that can be paid, the last opened first.
pub(crate) async fn open_like(db: &mut Session, money: Money, limit: i64) -> Result<Vec<(String, String)>, StoreError> {
    let rows = db.all(OPEN_LIKE, &[money.currency.code().into(), money.minor.into(), limit.into()]).await?;
    rows.iter().map(|row| Ok((row.text("id")?, row.text("payer_name")?))).collect()
}

/// Whether the statement had not told of this balance before.
pub(crate) async fn insert_balance(tx: &mut Tx, statement: &str, balance: &BankBalance) -> Result<bool, StoreError> {
    let recorded = base::stamp(tx.by().at);
    let sql = "INSERT INTO bank_balance (account, currency, statement, day, opening, closing, recorded) \
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
    let args = [
        balance.account.as_str().into(),
        balance.currency.code().into(),
        statement.into(),
        balance.day.as_str().into(),
        balance.opening.into(),
        balance.closing.into(),
        recorded.into(),
    ];
    Ok(tx.run(sql, &args).await? == 1)
}

/// The closing balance of the statement before.
pub(crate) async fn balance_before(
    db: &mut Session,
    statement: &str,
    balance: &BankBalance,
) -> Result<Option<i64>, StoreError> {
    let sql = "SELECT closing FROM bank_balance WHERE account = $1 AND currency = $2 AND day <= $3 AND statement <> $4 \
               ORDER BY day DESC, recorded DESC LIMIT 1";
    let args = [
        balance.account.as_str().into(),
        balance.currency.code().into(),
        balance.day.as_str().into(),
        statement.into(),
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
    let at_bank = |row: &Row| {
        let currency = Currency::of(&row.text("currency")?);
        let currency = currency.ok_or(StoreError::Abandoned("a balance has a currency that is not known"))?;
        let closing = Money { minor: row.int("closing")?, currency };
        Ok(AtBank { account: row.text("account")?, closing, day: row.text("day")? })
    };
    rows.iter().map(at_bank).collect()
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
            for (sql, args, index) in
                [(OPEN_LIKE, &like[..], "payment_open_amount"), (TAKEN_IN, &[50.into()], "bank_statement_recorded")]
            {
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
