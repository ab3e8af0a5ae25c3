//! The journal in large steps: many entries cross from the database at once. Documents stay the text that they are.

use crate::{Packed, Session, StoreError, packed::END};

/// What some rows became, column by column.
#[derive(Debug)]
pub struct Chunk {
    /// The last entry it covers.
    pub seq: i64,
    rows: Packed<5>,
}

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

impl Chunk {
    /// The last entry of the journal; 0 where it is empty.
    pub async fn last_entry(session: &mut Session) -> Result<i64, StoreError> {
        let last = session.one("SELECT coalesce(max(seq), 0) AS seq FROM journal", &[]).await?;
        last.map_or(Ok(0), |row| row.int("seq"))
    }

    /// What rows became after one entry, up to and with another, oldest first, at most `limit`; `None` where there is
    /// nothing between them.
    pub async fn between(
        session: &mut Session,
        (after, until): (i64, i64),
        limit: i64,
    ) -> Result<Option<Chunk>, StoreError> {
        let sql = "SELECT CAST(count(*) AS BIGINT) AS number, max(seq) AS seq, string_agg(source, $1) AS sources, \
             string_agg(kind, $1) AS kinds, string_agg(row_key, $1) AS row_keys, string_agg(recorded, $1) AS recorded, \
             string_agg(document, $1) AS documents \
             FROM (SELECT seq, source, kind, row_key, recorded, coalesce(CAST(after AS TEXT), '') AS document \
                   FROM journal WHERE seq > $2 AND seq <= $3 ORDER BY seq LIMIT $4) AS entry";
        let args = [END.to_string().into(), after.into(), until.into(), limit.into()];
        let Some(row) = session.one(sql, &args).await?.filter(|row| row.int("number").is_ok_and(|number| number > 0))
        else {
            return Ok(None);
        };
        let rows = Packed::of(&row, "number", ["sources", "kinds", "row_keys", "recorded", "documents"])?;
        let wrong = || StoreError::Column { column: "row_key".to_owned(), wanted: "a name without control characters" };
        Ok(Some(Chunk { seq: row.int("seq")?, rows: rows.ok_or_else(wrong)? }))
    }

    /// Each row and what it became.
    pub fn iter(&self) -> impl Iterator<Item = Became<'_>> {
        self.rows.iter().map(|[source, kind, row, recorded, document]| {
            let after = (!document.is_empty()).then_some(document);
            Became { source, kind, row, recorded, after }
        })
    }
}
