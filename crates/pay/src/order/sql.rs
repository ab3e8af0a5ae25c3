//! The SQL of orders to the bank.

use store::{Row, Session, StoreError, Tx};

use super::Order;

pub(crate) async fn insert(tx: &mut Tx, order: &Order, content: &str) -> Result<(), StoreError> {
    let sql =
        "INSERT INTO bank_order (id, day, made, made_by, transfers, hash, content) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let args = [
        order.id.as_str().into(),
        order.day.as_str().into(),
        order.made.as_str().into(),
        order.made_by.as_str().into(),
        order.transfers.into(),
        order.hash.as_str().into(),
        content.into(),
    ];
    tx.run(sql, &args).await?;
    Ok(())
}

fn order_of(row: &Row) -> Result<Order, StoreError> {
    Ok(Order {
        id: row.text("id")?,
        day: row.text("day")?,
        made: row.text("made")?,
        made_by: row.text("made_by")?,
        transfers: row.int("transfers")?,
        hash: row.text("hash")?,
    })
}

pub(crate) async fn count_of_day(db: &mut Session, day: &str) -> Result<i64, StoreError> {
    let row = db.one("SELECT count(*) AS number FROM bank_order WHERE day = $1", &[day.into()]).await?;
    row.map_or(Ok(0), |row| row.int("number"))
}

pub(crate) async fn last(db: &mut Session, limit: i64) -> Result<Vec<Order>, StoreError> {
    let sql = "SELECT id, day, made, made_by, transfers, hash FROM bank_order ORDER BY made DESC, id DESC LIMIT $1";
    db.all(sql, &[limit.into()]).await?.iter().map(order_of).collect()
}

pub(crate) async fn get(db: &mut Session, id: &str) -> Result<Option<(Order, String)>, StoreError> {
    let sql = "SELECT id, day, made, made_by, transfers, hash, content FROM bank_order WHERE id = $1";
    db.one(sql, &[id.into()]).await?.map(|row| Ok((order_of(&row)?, row.text("content")?))).transpose()
}
