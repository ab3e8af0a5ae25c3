//! The journal in large steps: many entries cross from the database in one row, each column as one text, because each
//! row costs the driver more than what stands in it. Documents stay the text that they are.

use crate::{Row, Session, StoreError};

/// Parts the values of a column. A document has no control characters, nor have the names of sources, kinds and rows.
pub const END: char = '\u{1e}';

/// What some rows became, column by column.
#[derive(Debug)]
pub struct Chunk {
    /// How many journal entries it covers.
    pub entries: u64,
    /// The last entry it covers.
    pub seq: i64,
    /// The key of its last row.
    pub row: String,
    count: usize,
    sources: String,
    kinds: String,
    rows: String,
    recorded: String,
    documents: String,
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

/// Some of the rows of a source: those after a key, up to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    pub source: &'static str,
    pub after: String,
    /// `None` for all that follow.
    pub until: Option<String>,
}

impl Range {
    /// The rows of a source in about so many parts: between keys that are met at even steps through the journal.
    pub async fn parts(session: &mut Session, source: &'static str, parts: i64) -> Result<Vec<Range>, StoreError> {
        let last = session.one("SELECT coalesce(max(seq), 0) AS seq FROM journal", &[]).await?;
        let last = last.map_or(Ok(0), |row| row.int("seq"))?;
        let steps: Vec<String> = (1..parts).map(|part| (last / parts * part).to_string()).collect();
        let mut ranges = Vec::new();
        let mut after = String::new();
        if !steps.is_empty() {
            let sql = "SELECT DISTINCT row_key FROM journal WHERE source = $1 AND seq IN";
            let sql = format!("{sql} ({}) ORDER BY row_key", steps.join(", "));
            for row in session.all(&sql, &[source.into()]).await? {
                let until = row.text("row_key")?;
                ranges.push(Range { source, after, until: Some(until.clone()) });
                after = until;
            }
        }
        ranges.push(Range { source, after, until: None });
        Ok(ranges)
    }
}

/// What the columns of a chunk are called in its statement.
const COLUMNS: &str = "string_agg(source, $1) AS sources, string_agg(kind, $1) AS kinds, string_agg(row_key, $1) AS row_keys, \
    string_agg(recorded, $1) AS recorded, string_agg(document, $1) AS documents";

impl Chunk {
    /// What rows became after an entry, oldest first, at most `limit`; `None` where there is nothing after it.
    pub async fn after(session: &mut Session, after: i64, limit: i64) -> Result<Option<Chunk>, StoreError> {
        let sql = format!(
            "SELECT CAST(count(*) AS BIGINT) AS entries, CAST(count(*) AS BIGINT) AS number, max(seq) AS seq, '' AS last_row, {COLUMNS} \
             FROM (SELECT seq, source, kind, row_key, recorded, coalesce(CAST(after AS TEXT), '') AS document \
                   FROM journal WHERE seq > $2 ORDER BY seq LIMIT $3) AS entry"
        );
        let row = session.one(&sql, &[END.to_string().into(), after.into(), limit.into()]).await?;
        row.as_ref().map_or(Ok(None), chunk)
    }

    /// What the rows of a source became last, the first of those in a range of their keys, at most `limit`.
    pub async fn last(session: &mut Session, range: &Range, limit: i64) -> Result<Option<Chunk>, StoreError> {
        let mut args = vec![END.to_string().into(), range.source.into(), range.after.as_str().into(), limit.into()];
        let mut until = "";
        if let Some(last) = &range.until {
            args.push(last.into());
            until = "AND row_key <= $5";
        }
        let sql = format!(
            "SELECT CAST(sum(entries) AS BIGINT) AS entries, CAST(count(*) AS BIGINT) AS number, max(seq) AS seq, \
             max(last_row) AS last_row, '' AS sources, string_agg(kind, $1) AS kinds, '' AS row_keys, '' AS recorded, \
             string_agg(document, $1) AS documents \
             FROM (SELECT one.entries, one.row_key AS last_row, one.seq, journal.kind, \
                          coalesce(CAST(journal.after AS TEXT), '') AS document \
                   FROM (SELECT row_key, max(seq) AS seq, count(*) AS entries FROM journal \
                         WHERE source = $2 AND row_key > $3 {until} GROUP BY row_key ORDER BY row_key LIMIT $4) AS one \
                   JOIN journal ON journal.seq = one.seq) AS entry"
        );
        session.one(&sql, &args).await?.as_ref().map_or(Ok(None), chunk)
    }

    /// Each row and what it became. Of [`Chunk::last`] only the kind and the document are known.
    pub fn iter(&self) -> impl Iterator<Item = Became<'_>> {
        let mut columns =
            [&self.sources, &self.kinds, &self.rows, &self.recorded, &self.documents].map(|column| column.split(END));
        (0..self.count).map(move |_| {
            let [source, kind, row, recorded, document] = columns.each_mut().map(|column| column.next().unwrap_or(""));
            Became { source, kind, row, recorded, after: (!document.is_empty()).then_some(document) }
        })
    }
}

fn chunk(row: &Row) -> Result<Option<Chunk>, StoreError> {
    let count = usize::try_from(row.int("number")?).unwrap_or_default();
    if count == 0 {
        return Ok(None);
    }
    let column = |name: &str| {
        let column = row.text(name)?;
        // A control character where there should be none must not shift what follows it.
        match column.matches(END).count() + 1 == count || column.is_empty() {
            true => Ok(column),
            false => Err(StoreError::Column { column: name.to_owned(), wanted: "one value for each entry" }),
        }
    };
    Ok(Some(Chunk {
        entries: u64::try_from(row.int("entries")?).unwrap_or_default(),
        seq: row.int("seq")?,
        row: row.text("last_row")?,
        count,
        sources: column("sources")?,
        kinds: column("kinds")?,
        rows: column("row_keys")?,
        recorded: column("recorded")?,
        documents: column("documents")?,
    }))
}
