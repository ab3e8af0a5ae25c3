//! Reads CSV row by row, and says of every bad row where it is, what is wrong and what to do. Reads YAML whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{BufRead, BufReader},
    path::Path,
};

use atlas::{AtlasError, Table, TableBuilder, columns};
use csv::{ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use super::Failure;

/// After these a file is rather of another kind than full of mistakes.
const REPORTED_MAX: usize = 20;

/// The columns of a table; a column `year` may stand among them.
const TABLE: [&str; 3] = ["place", "activity", "value"];

/// Reads place, activity, value. Cells named twice are added up. Where there is a column `year`, one year is read.
pub(crate) fn table(path: &Path, year: Option<&str>) -> Result<Table, Failure> {
    let mut builder = TableBuilder::default();
    let mut years = BTreeSet::new();
    rows(path, &TABLE, Some("year"), |cells| {
        if let Some(found) = cells[3] {
            if year.is_some_and(|year| year != found) {
                if years.len() < 10 && !years.contains(found) {
                    years.insert(found.to_owned());
                }
                return Ok(());
            }
            if year.is_none() && !years.contains(found) {
                years.insert(found.to_owned());
                if years.len() > 1 {
                    return Err(Bad::File(format!(
                        "the file has several years, such as {}; choose one with --year",
                        years.iter().cloned().collect::<Vec<_>>().join(" and ")
                    )));
                }
            }
        }
        add(&mut builder, cells)
    })?;
    builder.finish().map_err(|error| match year.filter(|_| !years.is_empty()) {
        Some(year) => Failure::file(
            path,
            format!("there are no values for {year}; there are some for {}", Vec::from_iter(years).join(", ")),
        ),
        None => Failure::file(path, error),
    })
}

/// Reads place, activity, value and year: a table for each year, in their order, from one reading of the file.
pub(crate) fn tables(path: &Path) -> Result<BTreeMap<String, Table>, Failure> {
    let mut builders: BTreeMap<String, TableBuilder> = BTreeMap::new();
    rows(path, &TABLE, Some("year"), |cells| {
        let missing = || Bad::File("there is no column «year», so there are no years to tell apart".to_owned());
        let year = named(Some(cells[3].ok_or_else(missing)?), "year")?;
        if let Some(builder) = builders.get_mut(year) {
            return add(builder, cells);
        }
        if builders.len() == YEARS_MAX {
            return Err(Bad::File(format!("there are more than {YEARS_MAX} years; is «year» the right column?")));
        }
        add(builders.entry(year.to_owned()).or_default(), cells)
    })?;
    if builders.is_empty() {
        return Err(Failure::file(path, AtlasError::Empty));
    }
    let of_year = |(year, builder): (String, TableBuilder)| match builder.finish() {
        Ok(table) => Ok((year, table)),
        Err(error) => Err(Failure::file(path, format!("{year}: {error}"))),
    };
    builders.into_iter().map(of_year).collect()
}

/// Each year is a table of its own in memory.
const YEARS_MAX: usize = 200;

/// Adds a row of place, activity, value to a table.
fn add(builder: &mut TableBuilder, cells: &[Option<&str>]) -> Result<(), Bad> {
    let (place, activity) = (named(cells[0], "place")?, named(cells[1], "activity")?);
    let value = amount(cells[2])?;
    builder.add(place, activity, value).map_err(|error| match error {
        AtlasError::BadValue { value, .. } if value < 0.0 => {
            Bad::Row(format!("the value {value} is negative; leave such rows out or add them to others"))
        }
        AtlasError::BadValue { value, .. } => {
            Bad::Row(format!("the value {value:e} is no amount; write 0, or a number from 1e-100 to 1e100"))
        }
        error => Bad::File(error.to_string()),
    })
}

/// Reads a number for each name: two columns. A name stands once.
pub(crate) fn numbers(path: &Path, columns: [&'static str; 2]) -> Result<BTreeMap<String, f64>, Failure> {
    let mut found = BTreeMap::new();
    rows(path, &columns, None, |cells| {
        let name = named(cells[0], columns[0])?;
        let value = amount(cells[1])?;
        match found.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(Bad::Row(format!("«{name}» stands twice; leave one of the two rows"))),
        }
    })?;
    Ok(found)
}

/// Reads a word for each name: two columns. A name stands once.
pub(crate) fn words(path: &Path, columns: [&'static str; 2]) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    rows(path, &columns, None, |cells| {
        let (name, word) = (named(cells[0], columns[0])?, named(cells[1], columns[1])?);
        match found.insert(name.to_owned(), word.to_owned()) {
            None => Ok(()),
            Some(_) => Err(Bad::Row(format!("«{name}» stands twice; leave one of the two rows"))),
        }
    })?;
    Ok(found)
}

/// Reads a file of YAML.
pub(crate) fn yaml<T: DeserializeOwned>(path: &Path) -> Result<T, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, error))?;
    serde_saphyr::from_str(&text).map_err(|error| Failure::file(path, error))
}

/// What is wrong with a row, or with the file as a whole.
pub(crate) enum Bad {
    Row(String),
    File(String),
}

pub(crate) fn named<'a>(cell: Option<&'a str>, column: &str) -> Result<&'a str, Bad> {
    let empty = || Bad::Row(format!("the {column} is empty; name it, or leave the row out"));
    cell.filter(|cell| !cell.is_empty()).ok_or_else(empty)
}

pub(crate) fn amount(cell: Option<&str>) -> Result<f64, Bad> {
    let cell = cell.unwrap_or_default();
    match base::number::cell(cell) {
        Ok(value) => Ok(value),
        Err(error @ base::number::NumberError::TwoReadings(..)) => Err(Bad::Row(format!("«{cell}»: {error}"))),
        _ if cell.is_empty() => {
            Err(Bad::Row("the value is empty; write 0, or leave the row out where it is not known".to_owned()))
        }
        _ => Err(Bad::Row(format!(
            "«{cell}» is no number; write digits with a point before decimals and nothing between thousands"
        ))),
    }
}

/// Calls `each` with the cells of every row, in the order of the `wanted` columns and with the optional one last; see
/// [`columns::find`].
pub(crate) fn rows(
    path: &Path,
    wanted: &[&str],
    optional: Option<&str>,
    mut each: impl FnMut(&[Option<&str>]) -> Result<(), Bad>,
) -> Result<(), Failure> {
    let mut file = BufReader::with_capacity(1 << 16, File::open(path).map_err(|error| Failure::file(path, error))?);
    let delimiter = columns::delimiter(file.fill_buf().map_err(|error| Failure::file(path, error))?);
    let mut reader = ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(file);
    let headers = reader.headers().map_err(|error| Failure::file(path, format!("line 1: {}", unread(&error))))?.clone();
    let names: Vec<&str> = headers.iter().collect();
    let at = columns::find(&names, wanted, optional).map_err(|why| Failure::file(path, format!("line 1: {why}")))?;
    let mut record = StringRecord::new();
    let (mut bad, mut count) = (Vec::new(), 0_usize);
    let mut cells = Vec::with_capacity(at.len());
    loop {
        let read = reader.read_record(&mut record);
        let line = record.position().map_or_else(|| reader.position().line(), csv::Position::line);
        let outcome = match read {
            Ok(false) => break,
            Ok(true) if record.len() < headers.len() => Err(Bad::Row(format!(
                "the row has {} cells and the first line {}; put quotes around text that has «{}» in it",
                record.len(),
                headers.len(),
                char::from(delimiter)
            ))),
            Ok(true) if record.len() > headers.len() => Err(Bad::Row(format!(
                "the row has {} cells and the first line {}; is there a «{}» within a number or an unquoted text?",
                record.len(),
                headers.len(),
                char::from(delimiter)
            ))),
            Ok(true) => {
                // A vector of borrowed cells cannot outlive its record, but its room can be used again.
                let mut row: Vec<Option<&str>> = recycle(std::mem::take(&mut cells));
                row.extend(at.iter().map(|at| at.and_then(|at| record.get(at))));
                let outcome = each(&row);
                cells = recycle(row);
                outcome
            }
            Err(error) if error.is_io_error() => return Err(Failure::file(path, error)),
            Err(error) => Err(Bad::Row(unread(&error))),
        };
        match outcome {
            Ok(()) => {}
            Err(Bad::File(why)) => return Err(Failure::file(path, why)),
            Err(Bad::Row(why)) => {
                count += 1;
                if count <= REPORTED_MAX {
                    bad.push(format!("{}:{line}: {why}", path.display()));
                }
            }
        }
    }
    if count == 0 {
        return Ok(());
    }
    if count > REPORTED_MAX {
        bad.push(format!("{}: {} more rows are bad", path.display(), count - REPORTED_MAX));
    }
    Err(Failure::Rows(bad))
}

/// Why a row could not be read at all.
fn unread(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the row is not UTF-8; save the file as CSV in UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// The same vector, emptied, for cells that live elsewhere.
fn recycle<'b>(mut cells: Vec<Option<&str>>) -> Vec<Option<&'b str>> {
    cells.clear();
    cells.into_iter().map(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str, year: Option<&str>) -> Result<Table, String> {
        let path = std::env::temp_dir().join(format!("anqud-atlas-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let outcome = table(&path, year);
        std::fs::remove_file(&path).unwrap();
        let place = path.display().to_string();
        outcome.map_err(|failure| failure.to_string().replace(&place, "FILE"))
    }

    #[test]
    fn columns_are_found_by_name_or_by_their_order() {
        for (name, text) in [
            ("named", "Value,note,Activity,Place\n3,x,a,p\n"),
            ("ordered", "region;sector;jobs\np;a;3\n"),
            ("half-named", "country,product,value\np,a,3\n"),
            ("named-first", "place,activity,jobs\np,a,3\n"),
            ("after-year", "year,country,product,value\n2020,p,a,3\n"),
            ("tabs", "place\tactivity\tvalue\r\np\ta\t1\r\np\ta\t2\r\n"),
            ("arabic-digits", "place,activity,value\np,a,٣\n"),
            ("mark", "\u{feff}place,activity,value\np,a,3\n"),
        ] {
            let table = read(name, text, None).unwrap();
            assert_eq!((table.places()[0].as_str(), table.activities()[0].as_str()), ("p", "a"), "{name}");
            assert_eq!(table.total(), 3.0, "{name}");
        }
    }

    #[test]
    fn every_bad_row_is_told_with_its_line() {
        let text = "place,activity,value\np,a,3\np,a,-1\n,a,1\np,b,\"1,250\"\np,b\np,b,1,5\np,c,\n";
        let told = read("bad", text, None).unwrap_err();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 6, "{told}");
        for (line, begins) in lines.iter().zip([
            "FILE:3: the value -1 is negative",
            "FILE:4: the place is empty",
            "FILE:5: «1,250»: it may be 1250 or 1.250",
            "FILE:6: the row has 2 cells and the first line 3",
            "FILE:7: the row has 4 cells and the first line 3",
            "FILE:8: the value is empty",
        ]) {
            assert!(line.starts_with(begins), "{line}");
        }
        let many = format!("place,activity,value\n{}", "p,a,x\n".repeat(25));
        assert!(read("many", &many, None).unwrap_err().ends_with("FILE: 5 more rows are bad"));
    }

    #[test]
    fn a_file_of_another_kind_is_told_from_one_with_mistakes() {
        for (name, text, expected) in [
            ("no-head", "p,a,3\n", "line 1: expected the names of the columns"),
            ("missing", "value,activity,jobs\n3,a,3\n", "there is no column «place»"),
            ("too-many", "place,activity,note,jobs\np,a,x,3\n", "there is no column «value»"),
            ("short", "region,jobs\np,3\n", "expected the columns place, activity, value, found 2"),
            ("empty", "place,activity,value\n", "there are no values"),
        ] {
            let told = read(name, text, None).unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn all_years_are_read_at_once() {
        let path = std::env::temp_dir().join(format!("anqud-atlas-all-years-{}.csv", std::process::id()));
        std::fs::write(&path, "place,activity,value,year\np,a,3,2020\np,a,4,2021\nq,a,5,2021\n").unwrap();
        let found = tables(&path).map_err(|failure| failure.to_string()).unwrap();
        std::fs::remove_file(&path).unwrap();
        let totals: Vec<(&str, f64)> = found.iter().map(|(year, table)| (year.as_str(), table.total())).collect();
        assert_eq!(totals, [("2020", 3.0), ("2021", 9.0)]);
    }

    #[test]
    fn one_year_is_read() {
        let text = "year,place,activity,value\n2020,p,a,3\n2021,p,a,4\n";
        assert_eq!(read("year", text, Some("2021")).unwrap().total(), 4.0);
        assert!(read("years", text, None).unwrap_err().contains("choose one with --year"));
        assert!(read("no-year", text, Some("2022")).unwrap_err().contains("there are some for 2020, 2021"));
    }
}
