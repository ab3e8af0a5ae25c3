//! The SQL of changes to the budget.

use base::{Currency, Money};
use store::{Row, Session, StoreError, Tx};

use super::{BudgetChange, BudgetKind, Line};

const CHANGE: &str = "SELECT id, kind, entity, line, to_line, currency, amount, reason, state, asked, asked_by, decided_by FROM budget_change";

fn change(row: &Row) -> Result<BudgetChange, StoreError> {
    const WRONG: StoreError = StoreError::Abandoned("a change to the budget cannot be read");
    let (kind, line, currency) = (row.text("kind")?, row.text("line")?, row.text("currency")?);
    Ok(BudgetChange {
        id: row.text("id")?,
        kind: BudgetKind::parse(&kind).ok_or(WRONG)?,
        plan: row.text("entity")?,
        line: Line::parse(&line).ok_or(WRONG)?,
        to: Line::parse(&row.text("to_line")?),
        money: Money { minor: row.int("amount")?, currency: Currency::of(&currency).ok_or(WRONG)? },
        reason: row.text("reason")?,
        state: row.text("state")?,
        asked: row.text("asked")?,
        asked_by: row.text("asked_by")?,
        decided_by: row.text_opt("decided_by")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, change: &BudgetChange) -> Result<bool, StoreError> {
    let inserted = tx
        .run(
            "INSERT INTO budget_change (id, kind, entity, line, to_line, currency, amount, reason, state, asked, asked_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING",
            &[
                change.id.as_str().into(),
                change.kind.as_str().into(),
                change.plan.as_str().into(),
                change.line.to_string().into(),
                change.to.as_ref().map_or(String::new(), Line::to_string).into(),
                change.money.currency.code().into(),
                change.money.minor.into(),
                change.reason.as_str().into(),
                change.state.as_str().into(),
                change.asked.as_str().into(),
                change.asked_by.as_str().into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

pub(crate) async fn get(db: &mut Session, id: &str) -> Result<Option<BudgetChange>, StoreError> {
    db.one(&format!("{CHANGE} WHERE id = $1"), &[id.into()]).await?.as_ref().map(change).transpose()
}

/// Whether the change was still waiting.
pub(crate) async fn decide(tx: &mut Tx, change: &BudgetChange) -> Result<bool, StoreError> {
    let decided = base::stamp(tx.by().at);
    let sql = "UPDATE budget_change SET state = $2, decided = $3, decided_by = $4 WHERE id = $1 AND state = 'asked'";
    let args =
        [change.id.as_str().into(), change.state.as_str().into(), decided.into(), change.decided_by.clone().into()];
    Ok(tx.run(sql, &args).await? == 1)
}

pub(crate) async fn waiting(db: &mut Session, limit: i64) -> Result<Vec<BudgetChange>, StoreError> {
    let sql = format!("{CHANGE} WHERE state = 'asked' ORDER BY asked, id LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(change).collect()
}

pub(crate) async fn count_waiting(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT count(*) AS number FROM budget_change WHERE state = 'asked'", &[]).await?;
    row.map_or(Ok(0), |row| row.int("number"))
}

pub(crate) async fn of_line(
    db: &mut Session,
    plan: &str,
    line: &str,
    limit: i64,
) -> Result<Vec<BudgetChange>, StoreError> {
    let sql = format!("{CHANGE} WHERE entity = $1 AND (line = $2 OR to_line = $2) ORDER BY asked DESC, id LIMIT $3");
    db.all(&sql, &[plan.into(), line.into(), limit.into()]).await?.iter().map(change).collect()
}
