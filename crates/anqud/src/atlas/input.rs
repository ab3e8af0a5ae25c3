//! Reads CSV row by row, and says of every bad row where it is, what is wrong and what to do. Reads YAML whole.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use atlas::{AtlasError, Table, TableBuilder, columns, list};
use csv::{ReaderBuilder, StringRecord};
use serde::de::DeserializeOwned;

use super::{
    Failure,
    reading::{Decimal, Duplicates, Numbers, Reading, is_missing},
};

/// After these a file is rather of another kind than full of mistakes.
const REPORTED_MAX: usize = 20;

/// The columns of a table; a column `year` may stand among them.
const TABLE: [&str; 3] = ["place", "activity", "value"];

/// What else the columns of such a list are called. Where they are, a list is no wide table.
const PLACES: [&str; 14] = [
    "country",
    "region",
    "governorate",
    "province",
    "district",
    "municipality",
    "city",
    "location",
    "geo",
    "area",
    "reporter",
    "origin",
    "code_muni",
    "المحافظة",
];
const ACTIVITIES: [&str; 16] = [
    "product",
    "sector",
    "industry",
    "isic",
    "nace",
    "naics",
    "sic",
    "hs",
    "hs4",
    "hs6",
    "sitc",
    "cpc",
    "commodity",
    "occupation",
    "branch",
    "النشاط",
];
const VALUES: [&str; 14] = [
    "jobs",
    "employment",
    "employees",
    "exports",
    "export_value",
    "amount",
    "count",
    "people",
    "output",
    "establishments",
    "firms",
    "obs_value",
    "total",
    "القيمة",
];

/// Reads place, activity, value, or a wide table with a column for each activity. Where there is a column `year`, one year
/// is read.
pub(crate) fn table(path: &Path, year: Option<&str>, reading: Reading) -> Result<Table, Failure> {
    let text = reading.text(path)?;
    if let Some(table) = quick(&text, year, reading) {
        // Sums among their parts are told row by row.
        if !table.places().iter().chain(table.activities()).any(|name| is_total(name)) {
            return Ok(table);
        }
    }
    if let Some(wide) = Wide::of(path, &text)? {
        return wide.read(path, &text, year, reading);
    }
    let mut builder = TableBuilder::default();
    let mut years = BTreeSet::new();
    let numbers = Numbers::new(reading);
    rows_of(path, &text, &TABLE, Some("year"), |cells| {
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
        add(&mut builder, cells, &numbers, reading)
    })?;
    numbers.told(path);
    builder.finish().map_err(|error| match year.filter(|_| !years.is_empty()) {
        Some(year) => Failure::file(
            path,
            format!("there are no values for {year}; there are some for {}", Vec::from_iter(years).join(", ")),
        ),
        None => Failure::file(path, error),
    })
}

/// A file of nothing but plain rows.
fn quick(text: &str, year: Option<&str>, reading: Reading) -> Option<Table> {
    let (head, rows) = text.split_once('\n')?;
    if reading.decimal == Decimal::Comma || head.contains('"') {
        return None;
    }
    let delimiter = columns::delimiter(head.as_bytes());
    let headers: Vec<&str> = head.trim_end_matches('\r').split(char::from(delimiter)).map(str::trim).collect();
    let named = |name: &str| headers.iter().any(|header| header.eq_ignore_ascii_case(name));
    // Where columns are found by their order, whether it is a list at all is looked at first.
    if !TABLE.into_iter().all(named) {
        return None;
    }
    let at = columns::find(&headers, &TABLE, Some("year")).ok()?;
    list::plain(
        rows,
        list::Columns {
            delimiter,
            count: headers.len(),
            place: at[0]?,
            activity: at[1]?,
            value: at[2]?,
            year: at[3].map(|at| (at, year)),
        },
    )
}

/// A table with a row for each place and a column for each activity.
struct Wide {
    delimiter: u8,
    /// The column of the places, and that of the years.
    place: usize,
    year: Option<usize>,
    activities: Vec<(usize, String)>,
}

impl Wide {
    /// Recognises a wide table by its first rows. One that could be read in both ways is refused.
    fn of(path: &Path, text: &str) -> Result<Option<Wide>, Failure> {
        let delimiter = columns::delimiter(text.as_bytes());
        let mut reader = reader(text, delimiter);
        let Ok(headers) = reader.headers().cloned() else { return Ok(None) };
        let is = |header: &str, names: &[&str]| names.iter().any(|name| header.eq_ignore_ascii_case(name));
        let wanted = TABLE.iter().filter(|name| headers.iter().any(|header| is(header, &[name]))).count();
        let year = headers.iter().position(|header| is(header, &["year"]));
        let others: Vec<usize> = (0..headers.len()).filter(|at| Some(*at) != year).collect();
        let as_list = |place: usize, names: &[&str]| others.get(place).is_some_and(|at| is(&headers[*at], names));
        let listed = as_list(1, &ACTIVITIES) || as_list(2, &VALUES) && as_list(0, &PLACES);
        if others.len() < 3 || wanted > 1 || listed || headers.iter().any(|header| header.parse::<f64>().is_ok()) {
            return Ok(None);
        }
        let numeric = |cell: &str| is_missing(cell) || Numbers::new(Reading::default()).read(Some(cell)).is_ok();
        let (mut seen, mut all) = (0, true);
        for row in reader.records().take(20).flatten().filter(|row| row.len() == headers.len()) {
            seen += 1;
            all &= others.iter().skip(1).all(|at| numeric(&row[*at])) && !numeric(&row[others[0]]);
        }
        if seen == 0 || !all {
            return Ok(None);
        }
        // What is named place, activity or value in one of three columns may be a list whose activities are numbers.
        if others.len() == 3 {
            let names: Vec<&str> = others.iter().map(|at| &headers[*at]).collect();
            return Err(Failure::file(
                path,
                format!(
                    "line 1: the columns {} may be place, activity and value, or a place and two activities; name them \
                     place,activity,value, or give each activity a row",
                    names.join(", ")
                ),
            ));
        }
        let activities = others.iter().skip(1).map(|at| (*at, headers[*at].to_owned())).collect();
        Ok(Some(Wide { delimiter, place: others[0], year, activities }))
    }

    fn read(&self, path: &Path, text: &str, year: Option<&str>, reading: Reading) -> Result<Table, Failure> {
        let mut builder = TableBuilder::default();
        let mut years = BTreeSet::new();
        let numbers = Numbers::new(reading);
        let totals: Vec<usize> = self.activities.iter().filter(|(_, name)| is_total(name)).map(|(at, _)| *at).collect();
        each_row(path, text, self.delimiter, |record| {
            if let Some(found) = self.year.and_then(|at| record.get(at)) {
                if year.is_some_and(|year| year != found) {
                    return Ok(());
                }
                years.insert(found.to_owned());
                if years.len() > 1 {
                    return Err(Bad::File("the file has several years; choose one with --year".to_owned()));
                }
            }
            let place = named(record.get(self.place), "place")?;
            if is_total(place) {
                return Ok(());
            }
            for (at, activity) in self.activities.iter().filter(|(at, _)| !totals.contains(at)) {
                if activity.is_empty() {
                    return Err(Bad::File(format!("line 1: column {} has no name", at + 1)));
                }
                let Some(value) = numbers.read(record.get(*at)).map_err(|bad| match bad {
                    Bad::Row(why) => Bad::Row(format!("{activity}: {why}")),
                    bad => bad,
                })?
                else {
                    continue;
                };
                put(&mut builder, (place, activity), value, reading)?;
            }
            Ok(())
        })?;
        numbers.told(path);
        builder.finish().map_err(|error| Failure::file(path, error))
    }
}

/// What sums are called in published tables.
pub(crate) fn is_total(name: &str) -> bool {
    const WORDS: [&str; 7] = ["total", "totals", "sum", "grand total", "المجموع", "الإجمالي", "المجموع الكلي"];
    let lower = name.trim().to_lowercase();
    WORDS.contains(&lower.as_str())
}

/// Reads place, activity, value and year: a table for each year, in their order, from one reading of the file.
pub(crate) fn tables(path: &Path, reading: Reading) -> Result<BTreeMap<String, Table>, Failure> {
    let mut builders: BTreeMap<String, TableBuilder> = BTreeMap::new();
    let numbers = Numbers::new(reading);
    rows(path, &TABLE, Some("year"), reading, |cells| {
        let missing = || Bad::File("there is no column «year», so there are no years to tell apart".to_owned());
        let year = named(Some(cells[3].ok_or_else(missing)?), "year")?;
        if let Some(builder) = builders.get_mut(year) {
            return add(builder, cells, &numbers, reading);
        }
        if builders.len() == YEARS_MAX {
            return Err(Bad::File(format!("there are more than {YEARS_MAX} years; is «year» the right column?")));
        }
        add(builders.entry(year.to_owned()).or_default(), cells, &numbers, reading)
    })?;
    numbers.told(path);
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
fn add(builder: &mut TableBuilder, cells: &[Option<&str>], numbers: &Numbers, reading: Reading) -> Result<(), Bad> {
    let (place, activity) = (named(cells[0], "place")?, named(cells[1], "activity")?);
    if let Some(total) = [place, activity].into_iter().find(|name| is_total(name)) {
        return Err(Bad::Row(format!("«{total}» is the sum of others, which would count twice; leave such rows out")));
    }
    match numbers.read(cells[2])? {
        Some(value) => put(builder, (place, activity), value, reading),
        None => Ok(()),
    }
}

fn put(builder: &mut TableBuilder, (place, activity): (&str, &str), value: f64, reading: Reading) -> Result<(), Bad> {
    let twice = builder.add_up(place, activity, value).map_err(|error| match error {
        AtlasError::BadValue { value, .. } if value < 0.0 => {
            Bad::Row(format!("the value {value} is negative; leave such rows out or add them to others"))
        }
        AtlasError::BadValue { value, .. } => {
            Bad::Row(format!("the value {value:e} is no amount; write 0, or a number from 1e-100 to 1e100"))
        }
        error => Bad::File(error.to_string()),
    })?;
    if twice && reading.duplicates == Duplicates::Refuse {
        return Err(Bad::Row(format!(
            "«{activity}» of «{place}» stands twice; leave one of the rows, or say --duplicates sum to add them up"
        )));
    }
    Ok(())
}

/// Reads a number for each name: two columns. A name stands once.
pub(crate) fn numbers(
    path: &Path,
    columns: [&'static str; 2],
    reading: Reading,
) -> Result<BTreeMap<String, f64>, Failure> {
    let mut found = BTreeMap::new();
    let numbers = Numbers::new(reading);
    rows(path, &columns, None, reading, |cells| {
        let name = named(cells[0], columns[0])?;
        let Some(value) = numbers.read(cells[1])? else { return Ok(()) };
        match found.insert(name.to_owned(), value) {
            None => Ok(()),
            Some(_) => Err(Bad::Row(format!("«{name}» stands twice; leave one of the two rows"))),
        }
    })?;
    numbers.told(path);
    Ok(found)
}

/// Reads a word for each name: two columns. A name stands once.
pub(crate) fn words(
    path: &Path,
    columns: [&'static str; 2],
    reading: Reading,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut found = BTreeMap::new();
    rows(path, &columns, None, reading, |cells| {
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

/// Calls `each` with the cells of every row, in the order of the `wanted` columns and with the optional one last; see
/// [`columns::find`].
pub(crate) fn rows(
    path: &Path,
    wanted: &[&str],
    optional: Option<&str>,
    reading: Reading,
    each: impl FnMut(&[Option<&str>]) -> Result<(), Bad>,
) -> Result<(), Failure> {
    rows_of(path, &reading.text(path)?, wanted, optional, each)
}

fn reader(text: &str, delimiter: u8) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes())
}

/// The same of a text that was read already.
fn rows_of(
    path: &Path,
    text: &str,
    wanted: &[&str],
    optional: Option<&str>,
    mut each: impl FnMut(&[Option<&str>]) -> Result<(), Bad>,
) -> Result<(), Failure> {
    let delimiter = columns::delimiter(text.as_bytes());
    let mut head = reader(text, delimiter);
    let headers = head.headers().map_err(|error| Failure::file(path, format!("line 1: {error}")))?.clone();
    let names: Vec<&str> = headers.iter().collect();
    let at = columns::find(&names, wanted, optional).map_err(|why| Failure::file(path, format!("line 1: {why}")))?;
    let mut cells = Vec::with_capacity(at.len());
    each_row(path, text, delimiter, |record| {
        // A vector of borrowed cells cannot outlive its record, but its room can be used again.
        let mut row: Vec<Option<&str>> = recycle(std::mem::take(&mut cells));
        row.extend(at.iter().map(|at| at.and_then(|at| record.get(at))));
        let outcome = each(&row);
        cells = recycle(row);
        outcome
    })
}

/// Calls `each` with every row, and gathers what is wrong with them.
pub(crate) fn each_row(
    path: &Path,
    text: &str,
    delimiter: u8,
    mut each: impl FnMut(&StringRecord) -> Result<(), Bad>,
) -> Result<(), Failure> {
    let mut reader = reader(text, delimiter);
    let width = reader.headers().map_err(|error| Failure::file(path, format!("line 1: {error}")))?.len();
    let mut record = StringRecord::new();
    let (mut bad, mut count) = (Vec::new(), 0_usize);
    loop {
        let read = reader.read_record(&mut record);
        let line = record.position().map_or_else(|| reader.position().line(), csv::Position::line);
        let outcome = match read {
            Ok(false) => break,
            Ok(true) if record.len() < width => Err(Bad::Row(format!(
                "the row has {} cells and the first line {width}; put quotes around text that has «{}» in it",
                record.len(),
                char::from(delimiter)
            ))),
            Ok(true) if record.len() > width => Err(Bad::Row(format!(
                "the row has {} cells and the first line {width}; is there a «{}» within a number or an unquoted text?",
                record.len(),
                char::from(delimiter)
            ))),
            Ok(true) => each(&record),
            Err(error) => Err(Bad::Row(error.to_string())),
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

/// The same vector, emptied, for cells that live elsewhere.
fn recycle<'b>(mut cells: Vec<Option<&str>>) -> Vec<Option<&'b str>> {
    cells.clear();
    cells.into_iter().map(|_| None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str, text: &str, year: Option<&str>) -> Result<Table, String> {
        read_as(name, text, year, Reading::default())
    }

    fn read_as(name: &str, text: &str, year: Option<&str>, reading: Reading) -> Result<Table, String> {
        let path = std::env::temp_dir().join(format!("anqud-atlas-{name}-{}.csv", std::process::id()));
        std::fs::write(&path, text).unwrap();
        let outcome = table(&path, year, reading);
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
            ("tabs", "place\tactivity\tvalue\r\np\ta\t3\r\n"),
            ("commas", "place;activity;value\np;a;2,5\np;b;0,5\n"),
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
        let text = "place,activity,value\np,a,3\np,a,-1\n,a,1\np,b,\"1,500\"\np,b\np,b,1,5\np,c,\n";
        let told = read("bad", text, None).unwrap_err();
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!(lines.len(), 6, "{told}");
        for (line, begins) in lines.iter().zip([
            "FILE:3: the value -1 is negative",
            "FILE:4: the place is empty",
            "FILE:5: «1,500» is 1.500 with a decimal comma and 1500 with",
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
            (
                "two-ways",
                "region,farming,industry\np,3,4\nq,5,6\n",
                "may be place, activity and value, or a place and two",
            ),
            ("twice", "place,activity,value\np,a,3\np,a,4\n", ":3: «a» of «p» stands twice"),
            ("total", "place,activity,value\np,a,3\np,Total,3\n", ":3: «Total» is the sum of others"),
            ("blank", "place,activity,value\np,a,3\np,b,\n", ":3: the value is empty"),
            ("dots", "place,activity,value\np,a,3\np,b,..\n", "«..» says that the value is missing"),
            ("mixed", "place;activity;value\np;a;3,5\np;b;4.25\n", "decimals stand after a comma in «3,5»"),
            ("years-as-columns", "place,activity,2019,2020\np,a,1,2\n", "found a number"),
            ("short", "region,jobs\np,3\n", "expected the columns place, activity, value, found 2"),
            ("empty", "place,activity,value\n", "there are no values"),
        ] {
            let told = read(name, text, None).unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn a_wide_table_is_read_as_one() {
        let expected = read("long", "place,activity,value\np,x,1\np,y,2\np,z,3\nq,x,4\nq,y,0\nq,z,6\n", None).unwrap();
        for (name, text) in [
            ("wide", "region,x,y,z\np,1,2,3\nq,4,0,6\n"),
            ("wide-place", "place,x,y,z\np,1,2,3\nq,4,0,6\n"),
            ("wide-total", "region,x,y,z,Total\np,1,2,3,6\nq,4,0,6,10\nTotal,5,2,9,16\n"),
            ("wide-semicolons", "region;x;y;z\np;1;2;3,0\nq;4;0;6,0\n"),
            ("wide-year", "year,region,x,y,z\n2020,p,1,2,3\n2020,q,4,0,6\n"),
        ] {
            assert_eq!(read(name, text, None), Ok(expected.clone()), "{name}");
        }
        let year = read("wide-years", "year,region,x,y,z\n2019,p,9,9,9\n2020,p,1,2,3\n2020,q,4,0,6\n", Some("2020"));
        assert_eq!(year, Ok(expected));
        let told = read("wide-missing", "region,x,y,z\np,1,..,3\nq,4,5,6\n", None).unwrap_err();
        assert!(told.contains(":2: y: «..» says that the value is missing"), "{told}");
        let skip = Reading { missing: super::super::reading::Missing::Skip, ..Reading::default() };
        assert_eq!(read_as("wide-skip", "region,x,y,z\np,1,..,3\nq,4,5,6\n", None, skip).unwrap().total(), 19.0);
        // Codes of activities are numbers too, where the columns say so.
        for (name, text) in [("isic", "region,isic,jobs\np,62,34\n"), ("named", "place,activity,value\np,62,34\n")] {
            assert_eq!(read(name, text, None).unwrap().activities(), ["62"], "{name}");
        }
    }

    #[test]
    fn what_stands_twice_or_is_missing_is_an_option() {
        let twice = Reading { duplicates: Duplicates::Sum, ..Reading::default() };
        assert_eq!(read_as("sum", "place,activity,value\np,a,3\np,a,4\n", None, twice).unwrap().total(), 7.0);
        let skip = Reading { missing: super::super::reading::Missing::Skip, ..Reading::default() };
        let text = "place,activity,value\np,a,3\np,b,..\np,c,\np,d,NA\nq,b,:\n";
        assert_eq!(read_as("skip", text, None, skip).unwrap().activities(), ["a"]);
        let comma = Reading { decimal: Decimal::Comma, ..Reading::default() };
        assert_eq!(
            read_as("comma", "place;activity;value\np;a;1,234\np;b;1.000\n", None, comma).unwrap().total(),
            1001.234
        );
    }

    #[test]
    fn all_years_are_read_at_once() {
        let path = std::env::temp_dir().join(format!("anqud-atlas-all-years-{}.csv", std::process::id()));
        std::fs::write(&path, "place,activity,value,year\np,a,3,2020\np,a,4,2021\nq,a,5,2021\n").unwrap();
        let found = tables(&path, Reading::default()).map_err(|failure| failure.to_string()).unwrap();
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
