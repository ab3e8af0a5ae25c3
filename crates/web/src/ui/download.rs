//! Files that are handed out to be saved.

use axum::{
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};

use crate::failure::Failure;

/// A file of a kind (a media type), under a name of plain letters.
pub(crate) fn file(kind: &'static str, name: &str, content: Vec<u8>) -> Response {
    let disposition = format!("attachment; filename=\"{name}\"");
    ([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], content).into_response()
}

/// A table as CSV (RFC 4180).
pub(crate) fn csv<Row: IntoIterator<Item = String>>(
    name: &str,
    columns: &[&str],
    rows: impl Iterator<Item = Row>,
) -> Result<Response, Failure> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(columns).map_err(|_| Failure::Internal)?;
    for row in rows {
        writer.write_record(row.into_iter().map(harmless)).map_err(|_| Failure::Internal)?;
    }
    let bytes = writer.into_inner().map_err(|_| Failure::Internal)?;
    Ok(file("text/csv; charset=utf-8", name, bytes))
}

/// A cell that no program takes for a formula. People write what stands in cells, and a spreadsheet would do what begins
/// like one (CWE-1236); an apostrophe before it makes it text. Numbers, amounts and telephone numbers stay as they are.
fn harmless(cell: String) -> String {
    let number = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | ',' | '-' | '(' | ')');
    let is_formula = match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => true,
        Some('+' | '-') => !cell.chars().skip(1).all(number),
        _ => false,
    };
    if is_formula { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_people_wrote_is_taken_for_a_formula() {
        for formula in ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+HYPERLINK(1)", "\t=1", "\r=1"] {
            assert_eq!(harmless(formula.into()), format!("'{formula}"));
        }
        for plain in ["", "-35.000", "+970 59 123 4567", "Amal & Co", "a=b", "شركة"] {
            assert_eq!(harmless(plain.into()), plain);
        }
    }
}
