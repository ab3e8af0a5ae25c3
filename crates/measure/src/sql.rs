//! The SQL of measuring.

use store::{Arg, Migration, Row, Session, StoreError};

use crate::{Cell, Evidence, Observation};

/// The tables of measuring.
pub const MIGRATIONS: &[Migration] =
    &[Migration { name: "measure-0001-deltas", sql: include_str!("../migrations/0001_deltas.sql") }];

pub(crate) const DELTA: &str = "INSERT INTO delta (indicator, day, d1, d2, d3, number, micros, row_key, recorded)";

/// Conditions that every reading shares: the days, and as it stood when.
fn conditions(from: &str, to: &str, as_of: Option<&str>, args: &mut Vec<Arg>) -> String {
    args.push(from.into());
    args.push(to.into());
    let mut sql = format!("day >= ${} AND day <= ${}", args.len() - 1, args.len());
    if let Some(as_of) = as_of {
        args.push(as_of.into());
        sql.push_str(&format!(" AND recorded <= ${}", args.len()));
    }
    sql
}

/// Count and millionths by period (the first letters of the day) and, where asked, by a dimension (1 to 3).
pub(crate) async fn cells(
    db: &mut Session,
    indicator: &str,
    days: (&str, &str),
    as_of: Option<&str>,
    letters: usize,
    dimension: Option<usize>,
) -> Result<Vec<Cell>, StoreError> {
    let mut args = vec![Arg::from(indicator)];
    let when = conditions(days.0, days.1, as_of, &mut args);
    let by = match dimension {
        Some(1) => "d1",
        Some(2) => "d2",
        Some(3) => "d3",
        _ => "''",
    };
    let period = format!("substr(day, 1, {letters})");
    let group = if dimension.is_some() { format!("{period}, {by}") } else { period.clone() };
    let sql = format!(
        "SELECT {period} AS period, {by} AS dimension, CAST(sum(number) AS BIGINT) AS number, CAST(sum(micros) AS BIGINT) AS micros \
         FROM delta WHERE indicator = $1 AND {when} GROUP BY {group} ORDER BY 1, 2"
    );
    db.all(&sql, &args).await?.iter().map(cell).collect()
}

fn cell(row: &Row) -> Result<Cell, StoreError> {
    Ok(Cell {
        period: row.text("period")?,
        dimension: row.text("dimension")?,
        number: row.int("number")?,
        micros: row.int("micros")?,
    })
}

/// The rows behind a figure: those whose deltas do not cancel out.
pub(crate) async fn evidence(
    db: &mut Session,
    indicator: &str,
    days: (&str, &str),
    as_of: Option<&str>,
    dimensions: &[(usize, String)],
    page: (i64, i64),
) -> Result<Vec<Evidence>, StoreError> {
    let mut args = vec![Arg::from(indicator)];
    let mut when = conditions(days.0, days.1, as_of, &mut args);
    for (place, value) in dimensions {
        args.push(value.into());
        when.push_str(&format!(" AND d{place} = ${}", args.len()));
    }
    args.push(page.1.into());
    args.push(page.0.into());
    let sql = format!(
        "SELECT row_key, day, d1, d2, d3, CAST(sum(number) AS BIGINT) AS number, CAST(sum(micros) AS BIGINT) AS micros \
         FROM delta WHERE indicator = $1 AND {when} GROUP BY row_key, day, d1, d2, d3 \
         HAVING sum(number) <> 0 OR sum(micros) <> 0 ORDER BY day DESC, row_key LIMIT ${} OFFSET ${}",
        args.len() - 1,
        args.len()
    );
    let rows = db.all(&sql, &args).await?;
    rows.iter()
        .map(|row| {
            Ok(Evidence {
                row: row.text("row_key")?,
                day: row.text("day")?,
                dimensions: [row.text("d1")?, row.text("d2")?, row.text("d3")?],
                number: row.int("number")?,
                micros: row.int("micros")?,
            })
        })
        .collect()
}

pub(crate) async fn put_observation(
    db: &mut Session,
    indicator: &str,
    o: &Observation,
    recorded: &str,
) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO observation (indicator, day, micros, source, assumption, recorded) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (indicator, day) DO UPDATE SET micros = excluded.micros, source = excluded.source, \
         assumption = excluded.assumption, recorded = excluded.recorded",
        &[
            indicator.into(),
            o.day.as_str().into(),
            o.micros.into(),
            o.source.as_str().into(),
            i64::from(o.assumption).into(),
            recorded.into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn observations(db: &mut Session, indicator: &str, to: &str) -> Result<Vec<Observation>, StoreError> {
    let sql = "SELECT day, micros, source, assumption FROM observation WHERE indicator = $1 AND day <= $2 ORDER BY day";
    let rows = db.all(sql, &[indicator.into(), to.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Observation {
                day: row.text("day")?,
                micros: row.int("micros")?,
                source: row.text("source")?,
                assumption: row.int("assumption")? == 1,
            })
        })
        .collect()
}

pub(crate) async fn clear(db: &mut Session, indicator: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM delta WHERE indicator = $1", &[indicator.into()]).await?;
    Ok(())
}
