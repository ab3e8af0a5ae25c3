//! Reads a long list of place, activity, value at once: many threads, no copies of names. Whatever is not plain it leaves to
//! a reader that goes row by row and can say what is wrong, so there is never a second meaning.

use std::hash::BuildHasherDefault;

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::{Matrix, Table, table};

/// Below this, threads cost more than they save.
const PART_BYTES: usize = 1 << 17;

type Names<'a> = std::collections::HashMap<&'a str, u32, BuildHasherDefault<FxHasher>>;

/// Where the columns stand in each row.
#[derive(Debug, Clone, Copy)]
pub struct Columns<'a> {
    pub delimiter: u8,
    /// How many cells each row has.
    pub count: usize,
    pub place: usize,
    pub activity: usize,
    pub value: usize,
    /// The column of years, and the year that is read. Without a year all rows are of one.
    pub year: Option<(usize, Option<&'a str>)>,
}

/// The table of the rows in a text, or `None` where one of them is not plain: quoted, empty, of another length, named
/// before, no amount.
pub fn plain(rows: &str, columns: Columns<'_>) -> Option<Table> {
    if rows.bytes().any(|byte| byte == b'"') {
        return None;
    }
    let parts = parts(rows, rayon::current_num_threads().clamp(1, 16));
    let read: Vec<Part<'_>> = parts.par_iter().map(|part| Part::read(part, columns)).collect::<Option<_>>()?;
    if let Some((_, None)) = columns.year {
        let mut years = read.iter().filter_map(|part| part.year);
        let first = years.next();
        if years.any(|year| Some(year) != first) {
            return None;
        }
    }
    let (places, place_of) = merged(&read, |part| &part.places);
    let (activities, activity_of) = merged(&read, |part| &part.activities);
    let cells = places.len().checked_mul(activities.len()).filter(|cells| *cells <= table::CELLS_MAX)?;
    let mut values = vec![f64::NAN; cells];
    for (at, part) in read.iter().enumerate() {
        for (place, activity, value) in &part.cells {
            let row = place_of[at][*place as usize] as usize;
            let cell = &mut values[row * activities.len() + activity_of[at][*activity as usize] as usize];
            if !cell.is_nan() {
                return None;
            }
            *cell = *value;
        }
    }
    values.iter_mut().filter(|value| value.is_nan()).for_each(|value| *value = 0.0);
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect();
    let matrix = Matrix::new(places.len(), activities.len(), values).ok()?;
    Table::of(names(places), names(activities), matrix).ok()
}

/// The text in about so many pieces of whole lines.
fn parts(text: &str, most: usize) -> Vec<&str> {
    let wanted = (text.len() / PART_BYTES).clamp(1, most);
    let (mut parts, mut rest) = (Vec::with_capacity(wanted), text);
    for left in (2..=wanted).rev() {
        let Some(end) = rest.as_bytes()[rest.len() / left..].iter().position(|byte| *byte == b'\n') else { break };
        let (part, next) = rest.split_at(rest.len() / left + end + 1);
        parts.push(part);
        rest = next;
    }
    parts.push(rest);
    parts
}

#[derive(Default)]
struct Part<'a> {
    places: Vec<&'a str>,
    activities: Vec<&'a str>,
    cells: Vec<(u32, u32, f64)>,
    year: Option<&'a str>,
}

impl<'a> Part<'a> {
    fn read(text: &'a str, columns: Columns<'_>) -> Option<Part<'a>> {
        let mut part = Part { cells: Vec::with_capacity(text.len() / 20), ..Part::default() };
        let (mut places, mut activities) = (Names::default(), Names::default());
        let mut last_place = ("", 0);
        for line in text.split('\n') {
            let line = line.strip_suffix('\r').unwrap_or(line);
            if line.is_empty() {
                continue;
            }
            let (mut place, mut activity, mut value, mut year) = ("", "", "", None);
            let mut count = 0;
            let mut from = 0;
            let bytes = line.as_bytes();
            for to in 0..=bytes.len() {
                if to < bytes.len() && bytes[to] != columns.delimiter {
                    continue;
                }
                let cell = line.get(from..to)?;
                match count {
                    at if at == columns.place => place = cell.trim(),
                    at if at == columns.activity => activity = cell.trim(),
                    at if at == columns.value => value = cell.trim(),
                    at if columns.year.is_some_and(|(year, _)| at == year) => year = Some(cell.trim()),
                    _ => {}
                }
                count += 1;
                from = to + 1;
            }
            if count != columns.count || place.is_empty() || activity.is_empty() {
                return None;
            }
            match (columns.year, year) {
                (Some((_, Some(wanted))), Some(found)) if wanted != found => continue,
                (Some((_, None)), Some(found)) if *part.year.get_or_insert(found) != found => return None,
                _ => {}
            }
            let value = amount(value)?;
            if last_place.0 != place {
                last_place = (place, number(&mut places, &mut part.places, place));
            }
            part.cells.push((last_place.1, number(&mut activities, &mut part.activities, activity), value));
        }
        Some(part)
    }
}

/// A number of digits, perhaps with a point, that a table can hold.
fn amount(text: &str) -> Option<f64> {
    let plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let value = text.parse::<f64>().ok().filter(|_| plain)?;
    (value == 0.0 || table::AMOUNTS.contains(&value)).then_some(value)
}

fn number<'a>(names: &mut Names<'a>, all: &mut Vec<&'a str>, name: &'a str) -> u32 {
    *names.entry(name).or_insert_with(|| {
        all.push(name);
        (all.len() - 1) as u32
    })
}

/// The names of all parts in order, and of each part the places of its own among them.
fn merged<'a>(
    parts: &[Part<'a>],
    of: impl for<'p> Fn(&'p Part<'a>) -> &'p Vec<&'a str>,
) -> (Vec<&'a str>, Vec<Vec<u32>>) {
    let mut all: Vec<&str> = parts.iter().flat_map(|part| of(part).iter().copied()).collect();
    all.sort_unstable();
    all.dedup();
    let places: Names<'_> = all.iter().enumerate().map(|(at, name)| (*name, at as u32)).collect();
    let numbers = parts.iter().map(|part| of(part).iter().map(|name| places[name]).collect()).collect();
    (all, numbers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::TableBuilder;

    const COLUMNS: Columns<'_> = Columns { delimiter: b',', count: 3, place: 0, activity: 1, value: 2, year: None };

    #[test]
    fn what_is_plain_is_read_as_row_by_row() {
        // Long enough for several parts.
        let mut text = String::new();
        let mut builder = TableBuilder::default();
        for place in 0..120 {
            for activity in (place % 7..900).step_by(3) {
                let (name, code, value) =
                    (format!("p{}", 119 - place), format!("{activity:04}"), f64::from(place) * 0.25);
                builder.add(&name, &code, value).unwrap();
                text.push_str(&format!("{name},{code}, {value}{}", if place % 2 == 0 { "\r\n" } else { "\n" }));
            }
        }
        assert!(text.len() > 3 * PART_BYTES);
        for count in [1, 2, 5] {
            assert_eq!(parts(&text, count).concat(), text);
        }
        assert_eq!(plain(&text, COLUMNS).unwrap(), builder.finish().unwrap());
    }

    #[test]
    fn what_is_not_plain_is_left_to_others() {
        for text in [
            "p,a,\"1\"\n",
            "p,a\n",
            "p,a,1,2\n",
            ",a,1\n",
            "p,,1\n",
            "p,a,\n",
            "p,a,-1\n",
            "p,a,1e5\n",
            "p,a,NaN\n",
            "p,a,x\n",
            "p,a,1 000\n",
            "p,a,٣\n",
            "p,a,1\np,a,2\n",
            "p,a,0\n",
            "",
        ] {
            assert_eq!(plain(text, COLUMNS), None, "{text:?}");
        }
    }

    #[test]
    fn one_year_is_read() {
        let text = "2020,p,a,1\n2021,p,a,2\n2021,q,b,3\n";
        let of = |year| Columns { count: 4, place: 1, activity: 2, value: 3, year: Some((0, year)), ..COLUMNS };
        assert_eq!(plain(text, of(Some("2021"))).unwrap().total(), 5.0);
        assert_eq!(plain(text, of(None)), None);
        assert_eq!(plain("2021,p,a,2\n2021,q,b,3\n", of(None)).unwrap().total(), 5.0);
        assert_eq!(plain(text, of(Some("2022"))), None);
    }
}
