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

/// By this mark a spreadsheet knows that a table is UTF-8, and shows Arabic as Arabic.
const BYTE_ORDER_MARK: &[u8] = "\u{FEFF}".as_bytes();

/// A table as CSV (RFC 4180).
pub(crate) fn csv<Row: IntoIterator<Item = String>>(
    name: &str,
    columns: &[String],
    rows: impl Iterator<Item = Row>,
) -> Result<Response, Failure> {
    let mut writer = csv::Writer::from_writer(BYTE_ORDER_MARK.to_vec());
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
    // What cannot be seen before it hides a formula from us, not from the program.
    let seen = base::typed::bare(&cell);
    let is_formula = match seen.trim_start_matches(' ').chars().next() {
        Some('=' | '@' | '\t' | '\r' | '\n') => true,
        Some('+' | '-') => !seen.trim_start_matches(' ').chars().skip(1).all(number),
        _ => false,
    };
    if is_formula { format!("'{cell}") } else { cell }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_table_begins_with_the_mark_of_its_encoding() {
        let columns = ["name".to_owned(), "الاسم".to_owned()];
        let answer = csv("x.csv", &columns, [["=cmd()".to_owned(), "{holder} <b>".to_owned()]].into_iter()).unwrap();
        let bytes = axum::body::to_bytes(answer.into_body(), 1000).await.unwrap();
        assert_eq!(bytes, "\u{FEFF}name,الاسم\n'=cmd(),{holder} <b>\n".as_bytes());
    }

    #[test]
    fn nothing_that_people_wrote_is_taken_for_a_formula() {
        for formula in [
            "=1+1",
            "@SUM(A1)",
            "+cmd|' /C calc'!A0",
            "-2+HYPERLINK(1)",
            "\t=1",
            "\r=1",
            " =1",
            "\u{200F}=1",
            "＝1+1",
            "\n=1",
        ] {
            assert_eq!(harmless(formula.into()), format!("'{formula}"));
        }
        for plain in ["", "-35.000", "+970 59 123 4567", "Amal & Co", "a=b", "شركة"] {
            assert_eq!(harmless(plain.into()), plain);
        }
    }
}
