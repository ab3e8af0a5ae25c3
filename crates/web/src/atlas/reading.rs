//! Reads a table that somebody sends: which column is which, what stands in the first rows, and all that is wrong.

use ::atlas::{Table, TableBuilder, columns};

use crate::frame::Frame;

/// What a page carries from its preview to its study; more is for the command.
pub(super) const BYTES_MAX: usize = 2 << 20;
/// A browser sends each break of a line as two characters.
pub(crate) const TEXT_BYTES_MAX: usize = 2 * BYTES_MAX;
/// Places times activities that are studied while somebody waits.
const CELLS_MAX: usize = 1_000_000;
/// Activities that are studied while somebody waits: how they go together takes the square of their number.
const ACTIVITIES_MAX: usize = 2_000;
/// Mistakes beyond these are counted only.
const MISTAKES_MAX: usize = 20;
/// Rows of the preview.
const PREVIEW: usize = 8;
/// Columns and years that can be chosen from.
const CHOICES_MAX: usize = 60;

/// Which columns are read, and which year where there is a column of years.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub place: Option<usize>,
    pub activity: Option<usize>,
    pub value: Option<usize>,
    pub year: Option<String>,
}

/// What was read, and what could not be.
pub(super) struct Reading {
    pub table: Option<Table>,
    pub headers: Vec<String>,
    /// Place, activity and value among the headers.
    pub at: [usize; 3],
    /// The years of the column `year`, and the one that is read.
    pub years: Vec<String>,
    pub year: String,
    pub preview: Vec<Vec<String>>,
    pub rows: usize,
    pub problems: Vec<String>,
    pub more: usize,
}

pub(super) fn read(f: &Frame, text: &str, chosen: &Chosen) -> Reading {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(columns::delimiter(text.as_bytes()))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let headers: Vec<String> =
        reader.headers().map_or_else(|_| Vec::new(), |row| row.iter().map(str::to_owned).take(CHOICES_MAX).collect());
    let mut read = Reading {
        table: None,
        at: places_of(&headers, chosen),
        years: Vec::new(),
        year: String::new(),
        preview: Vec::new(),
        rows: 0,
        problems: Vec::new(),
        more: 0,
        headers,
    };
    let records: Vec<_> = reader.records().collect();
    let of_year = read.headers.iter().position(|header| header.eq_ignore_ascii_case("year"));
    if let Some(column) = of_year.filter(|column| !read.at.contains(column)) {
        let mut years: Vec<String> =
            records.iter().flatten().filter_map(|row| row.get(column)).map(str::to_owned).collect();
        years.sort_unstable();
        years.dedup();
        years.truncate(CHOICES_MAX);
        let asked = chosen.year.as_ref().filter(|year| years.contains(year));
        read.year = asked.or(years.last()).cloned().unwrap_or_default();
        read.years = years;
    }
    if is_wide(&read.headers, records.first().and_then(|row| row.as_ref().ok()), chosen) {
        read.problems.push(f.w.say("import-wide"));
        return read;
    }
    let mut builder = TableBuilder::default();
    for (index, row) in records.into_iter().enumerate() {
        let line = row.as_ref().ok().and_then(|row| row.position()).map_or(index + 2, |at| at.line() as usize);
        let is_other_year = |row: &csv::StringRecord| {
            of_year.filter(|_| !read.years.is_empty()).is_some_and(|column| row.get(column) != Some(&read.year))
        };
        if row.as_ref().is_ok_and(is_other_year) {
            continue;
        }
        match row.map_err(|_| f.w.say("import-cells")).and_then(|row| add(f, &mut builder, &row, read.at).map(|()| row))
        {
            Ok(row) => {
                read.rows += 1;
                if read.preview.len() < PREVIEW {
                    let cell = |at: usize| row.get(at).unwrap_or("").to_owned();
                    read.preview.push((0..read.headers.len()).map(cell).collect());
                }
            }
            Err(why) if read.problems.len() < MISTAKES_MAX => {
                read.problems.push(f.w.say2("import-line", &line.to_string(), &why));
            }
            Err(_) => read.more += 1,
        }
    }
    match builder.finish() {
        Ok(table) => read.table = Some(table).filter(|_| read.problems.is_empty()),
        Err(_) if read.problems.is_empty() => read.problems.push(f.w.say("import-empty")),
        Err(_) => {}
    }
    read
}

/// Whether it is a table with a column for each activity, which a list of three columns would be misread from.
fn is_wide(headers: &[String], row: Option<&csv::StringRecord>, chosen: &Chosen) -> bool {
    let asked = chosen.place.or(chosen.activity).or(chosen.value).is_some();
    let named = headers.iter().any(|header| ["activity", "value"].iter().any(|name| header.eq_ignore_ascii_case(name)));
    let number = |cell: &str| base::digits::western(cell).parse::<f64>().is_ok();
    let numbers = |row: &csv::StringRecord| !row.get(0).is_none_or(number) && row.iter().skip(1).all(number);
    !asked && !named && headers.len() > 3 && row.is_some_and(numbers)
}

/// What was chosen, and otherwise what the headers say.
fn places_of(headers: &[String], chosen: &Chosen) -> [usize; 3] {
    let names: Vec<&str> = headers.iter().map(String::as_str).collect();
    let guessed = columns::find(&names, &["place", "activity", "value"], Some("year")).unwrap_or_default();
    let of = |asked: Option<usize>, at: usize| {
        let guess = guessed.get(at).copied().flatten().unwrap_or(at);
        asked.filter(|asked| *asked < headers.len()).unwrap_or(guess)
    };
    [of(chosen.place, 0), of(chosen.activity, 1), of(chosen.value, 2)]
}

fn add(f: &Frame, builder: &mut TableBuilder, row: &csv::StringRecord, at: [usize; 3]) -> Result<(), String> {
    let [place, activity, value] = at.map(|at| row.get(at).unwrap_or(""));
    if place.is_empty() || activity.is_empty() {
        return Err(f.w.say("import-cells"));
    }
    let amount = match base::number::cell(value) {
        Ok(amount) if amount >= 0.0 => amount,
        Err(base::number::NumberError::TwoReadings(one, other)) => {
            return Err(f.w.say3("import-two-readings", value, &one.to_string(), &other.to_string()));
        }
        _ => return Err(f.w.say1("import-number", value)),
    };
    match builder.add_up(place, activity, amount) {
        Ok(true) => Err(f.w.say("import-twice")),
        Ok(false) if builder.cells() <= CELLS_MAX && builder.activities() <= ACTIVITIES_MAX => Ok(()),
        _ => Err(f.w.say("import-too-large")),
    }
}
