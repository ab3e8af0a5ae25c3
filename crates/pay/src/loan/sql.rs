//! The SQL of loans.

use base::Currency;
use jiff::civil::Date;
use store::{Arg, Row, Session, StoreError, Tx};

use super::{Ageing, Instalment, Loan, LoanState, Owed, Proposal, Tranche};

const LOAN: &str = "SELECT id, lender, borrower, borrower_name, about, currency, terms, state, opened, opened_by, proposal, revision FROM loan";

fn loan(row: &Row) -> Result<Loan, StoreError> {
    let (currency, state) = (row.text("currency")?, row.text("state")?);
    Ok(Loan {
        id: row.text("id")?,
        lender: row.text("lender")?,
        borrower: row.text("borrower")?,
        borrower_name: row.text("borrower_name")?,
        about: row.text("about")?,
        currency: Currency::of(&currency).ok_or(StoreError::Abandoned("a loan has a currency that is not known"))?,
        terms: serde_json::from_value(row.json("terms")?)?,
        state: LoanState::parse(&state).ok_or(StoreError::Abandoned("a loan has a state that is not known"))?,
        opened: row.text("opened")?,
        opened_by: row.text("opened_by")?,
        proposal: row.text_opt("proposal")?.as_deref().and_then(Proposal::parse),
        revision: row.int("revision")?,
    })
}

pub(crate) async fn insert(tx: &mut Tx, loan: &Loan) -> Result<bool, StoreError> {
    let inserted = tx
        .run(
            "INSERT INTO loan (id, lender, borrower, borrower_name, about, currency, terms, state, opened, opened_by, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1) ON CONFLICT DO NOTHING",
            &[
                loan.id.as_str().into(),
                loan.lender.as_str().into(),
                loan.borrower.as_str().into(),
                loan.borrower_name.as_str().into(),
                loan.about.as_str().into(),
                loan.currency.code().into(),
                serde_json::to_value(loan.terms)?.into(),
                loan.state.as_str().into(),
                loan.opened.as_str().into(),
                loan.opened_by.as_str().into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether the loan was still at the revision before.
pub(crate) async fn update(tx: &mut Tx, loan: &Loan) -> Result<bool, StoreError> {
    let sql = "UPDATE loan SET state = $2, opened_by = $3, revision = $4, terms = $6, proposal = $7 \
               WHERE id = $1 AND revision = $5";
    let args = [
        loan.id.as_str().into(),
        loan.state.as_str().into(),
        loan.opened_by.as_str().into(),
        loan.revision.into(),
        (loan.revision - 1).into(),
        serde_json::to_value(loan.terms)?.into(),
        loan.proposal.map(|proposal| proposal.to_string()).into(),
    ];
    Ok(tx.run(sql, &args).await? == 1)
}

pub(crate) async fn get(db: &mut Session, id: &str) -> Result<Option<Loan>, StoreError> {
    db.one(&format!("{LOAN} WHERE id = $1"), &[id.into()]).await?.as_ref().map(loan).transpose()
}

pub(crate) async fn all(db: &mut Session, skip: i64, limit: i64) -> Result<Vec<Loan>, StoreError> {
    let sql = format!("{LOAN} ORDER BY opened DESC, id LIMIT $1 OFFSET $2");
    db.all(&sql, &[limit.into(), skip.into()]).await?.iter().map(loan).collect()
}

pub(crate) async fn count(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT count(*) AS number FROM loan", &[]).await?;
    row.map_or(Ok(0), |row| row.int("number"))
}

/// What is still asked for of all loans of a currency, by how late it is; the days are those on which each part begins.
pub(crate) async fn ageing(db: &mut Session, currency: Currency, days: [String; 4]) -> Result<Ageing, StoreError> {
    let part = |condition: &str| {
        format!(
            "CAST(COALESCE(sum(CASE WHEN {condition} THEN i.principal + i.profit - i.paid_principal - i.paid_profit ELSE 0 END), 0) AS BIGINT)"
        )
    };
    let sql = format!(
        "SELECT {} AS not_due, {} AS to_30, {} AS to_90, {} AS to_180, {} AS longer \
         FROM loan l JOIN loan_instalment i ON i.loan = l.id \
         WHERE l.currency = $5 AND l.state IN ('running', 'to-reschedule', 'to-write-off')",
        part("i.due >= $1"),
        part("i.due < $1 AND i.due >= $2"),
        part("i.due < $2 AND i.due >= $3"),
        part("i.due < $3 AND i.due >= $4"),
        part("i.due < $4"),
    );
    let [today, to_30, to_90, to_180] = days;
    let args = [today.into(), to_30.into(), to_90.into(), to_180.into(), currency.code().into()];
    let row = db.one(&sql, &args).await?;
    row.map_or(Ok(Ageing::default()), |row| {
        Ok(Ageing {
            not_due: row.int("not_due")?,
            to_30: row.int("to_30")?,
            to_90: row.int("to_90")?,
            to_180: row.int("to_180")?,
            longer: row.int("longer")?,
        })
    })
}

pub(crate) async fn insert_tranche(
    tx: &mut Tx,
    loan: &str,
    number: i64,
    minor: i64,
    milestone: &str,
) -> Result<(), StoreError> {
    let sql = "INSERT INTO loan_tranche (loan, number, amount, milestone) VALUES ($1, $2, $3, $4)";
    tx.run(sql, &[loan.into(), number.into(), minor.into(), milestone.into()]).await?;
    Ok(())
}

pub(crate) async fn tranches(db: &mut Session, loan: &str) -> Result<Vec<Tranche>, StoreError> {
    let sql = "SELECT number, amount, milestone, paid_out FROM loan_tranche WHERE loan = $1 ORDER BY number";
    let rows = db.all(sql, &[loan.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Tranche {
                number: row.int("number")?,
                minor: row.int("amount")?,
                milestone: row.text("milestone")?,
                paid_out: row.text_opt("paid_out")?,
            })
        })
        .collect()
}

/// The amount of a tranche that was still to be paid out.
pub(crate) async fn pay_out(tx: &mut Tx, loan: &str, number: i64, day: Date) -> Result<Option<i64>, StoreError> {
    let sql =
        "UPDATE loan_tranche SET paid_out = $3 WHERE loan = $1 AND number = $2 AND paid_out IS NULL RETURNING amount";
    let row = tx.one(sql, &[loan.into(), number.into(), day.to_string().into()]).await?;
    row.map(|row| row.int("amount")).transpose()
}

pub(crate) async fn insert_schedule(tx: &mut Tx, loan: &str, plan: &[Instalment]) -> Result<(), StoreError> {
    let row = |instalment: &Instalment| -> Vec<Arg> {
        vec![
            loan.into(),
            i64::from(instalment.number).into(),
            instalment.due.to_string().into(),
            instalment.principal.into(),
            instalment.profit.into(),
            0.into(),
            0.into(),
        ]
    };
    let rows: Vec<Vec<Arg>> = plan.iter().map(row).collect();
    let head = "INSERT INTO loan_instalment (loan, number, due, principal, profit, paid_principal, paid_profit)";
    tx.insert_many(head, &rows).await
}

pub(crate) async fn owed(db: &mut Session, loan: &str) -> Result<Vec<Owed>, StoreError> {
    let sql = "SELECT number, due, principal, profit, paid_principal, paid_profit FROM loan_instalment \
               WHERE loan = $1 ORDER BY number";
    let rows = db.all(sql, &[loan.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Owed {
                number: row.int("number")?,
                due: row.text("due")?,
                principal: row.int("principal")?,
                profit: row.int("profit")?,
                paid_principal: row.int("paid_principal")?,
                paid_profit: row.int("paid_profit")?,
            })
        })
        .collect()
}

pub(crate) async fn paid(tx: &mut Tx, loan: &str, number: i64, principal: i64, profit: i64) -> Result<(), StoreError> {
    let sql = "UPDATE loan_instalment SET paid_principal = paid_principal + $3, paid_profit = paid_profit + $4 \
               WHERE loan = $1 AND number = $2";
    tx.run(sql, &[loan.into(), number.into(), principal.into(), profit.into()]).await?;
    Ok(())
}

/// What is open of the instalments that fall due after a day is asked for by a new schedule.
pub(crate) async fn close_after(tx: &mut Tx, loan: &str, day: &str) -> Result<(), StoreError> {
    let sql =
        "UPDATE loan_instalment SET principal = paid_principal, profit = paid_profit WHERE loan = $1 AND due > $2";
    tx.run(sql, &[loan.into(), day.into()]).await?;
    let sql = "DELETE FROM loan_instalment WHERE loan = $1 AND principal = 0 AND profit = 0";
    tx.run(sql, &[loan.into()]).await?;
    Ok(())
}
