//! What rows became, entry by entry, read from the journal where it lies.

use crate::{Session, StoreError};

/// What a row became at an entry, without who and why: as much as is needed to derive something from the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Became<'a> {
    pub source: &'a str,
    pub kind: &'a str,
    pub row: &'a str,
    pub recorded: &'a str,
    /// The document as text; `None` where the row went away.
    pub after: Option<&'a str>,
}

/// The last entry of the journal; 0 where it is empty.
pub async fn last_entry(session: &mut Session) -> Result<i64, StoreError> {
    let last = session.one("SELECT coalesce(max(seq), 0) AS seq FROM journal", &[]).await?;
    last.map_or(Ok(0), |row| row.int("seq"))
}

/// What rows became after one entry, up to and with another, oldest first.
pub async fn each_became(
    session: &mut Session,
    (after, until): (i64, i64),
    mut take: impl FnMut(Became<'_>) + Send,
) -> Result<(), StoreError> {
    let sql = "SELECT source, kind, row_key, recorded, CAST(after AS TEXT) FROM journal \
        WHERE seq > $1 AND seq <= $2 ORDER BY seq";
    let read = |line: crate::Line<'_>| {
        let [source, kind, row, recorded] = [line.text(0)?, line.text(1)?, line.text(2)?, line.text(3)?];
        take(Became { source, kind, row, recorded, after: line.text_opt(4)? });
        Ok(())
    };
    session.each(sql, &[after.into(), until.into()], read).await
}
