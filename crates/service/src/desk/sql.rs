//! The SQL of the desk.

use store::{Arg, Session, StoreError};

use super::Range;
use crate::{
    Case, Place,
    sql::{CASE, DUE, case},
};

/// Cases are counted up to here: whoever has so many to do is not helped by the exact number, and counting them costs.
pub const COUNTED_MAX: i64 = 9_999;

/// How many ranges one statement counts at most; PostgreSQL plans each of them.
const RANGES_MAX: usize = 64;

/// What the indexes of the desk are made for; without it neither engine uses them.
fn condition(range: &Range, assignee: Option<&str>, args: &mut Vec<Arg>) -> String {
    args.extend([range.duty.as_str().into(), range.supervisor.as_str().into()]);
    let n = args.len();
    let mut condition = format!("duty = ${} AND COALESCE(escalated, '') = ${n} AND duty <> '-'", n - 1);
    if let Some(assignee) = assignee {
        args.push(assignee.into());
        condition += &format!(" AND COALESCE(assignee, '') = ${} AND duty <> 'applicant'", n + 1);
    }
    condition
}

/// The first cases of a range.
pub(super) async fn beginning(
    db: &mut Session,
    range: &Range,
    assignee: Option<&str>,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    let mut args = Vec::new();
    let mut condition = condition(range, assignee, &mut args);
    if let Some(last) = after {
        let n = args.len();
        args.extend([last.due.as_str().into(), last.filed.as_str().into(), last.reference.as_str().into()]);
        condition += &format!(" AND ({DUE}, filed, reference) > (${}, ${}, ${})", n + 1, n + 2, n + 3);
    }
    args.push(limit.into());
    let sql = format!("{CASE} WHERE {condition} ORDER BY {DUE}, filed, reference LIMIT ${}", args.len());
    db.all(&sql, &args).await?.iter().map(case).collect()
}

/// How many cases are in these ranges, up to [`COUNTED_MAX`].
pub(super) async fn count(db: &mut Session, ranges: &[Range], assignee: Option<&str>) -> Result<i64, StoreError> {
    let mut counted = 0;
    for some in ranges.chunks(RANGES_MAX) {
        if counted >= COUNTED_MAX {
            break;
        }
        let mut args = Vec::new();
        let each: Vec<String> = some
            .iter()
            .map(|range| format!("SELECT 1 AS one FROM case_file WHERE {}", condition(range, assignee, &mut args)))
            .collect();
        args.push((COUNTED_MAX - counted).into());
        let sql = format!("SELECT count(*) AS n FROM ({} LIMIT ${}) AS counted", each.join(" UNION ALL "), args.len());
        counted += db.one(&sql, &args).await?.map_or(Ok(0), |row| row.int("n"))?;
    }
    Ok(counted)
}

/// Every role that cases wait for with every supervisor that one of them has come to.
pub(crate) async fn escalations(db: &mut Session) -> Result<Vec<Range>, StoreError> {
    let sql = "SELECT DISTINCT duty, COALESCE(escalated, '') AS supervisor FROM case_file \
               WHERE duty <> '-' AND COALESCE(escalated, '') <> ''";
    let rows = db.all(sql, &[]).await?;
    rows.iter().map(|row| Ok(Range { duty: row.text("duty")?, supervisor: row.text("supervisor")? })).collect()
}
