//! Reads an input-output table: as a list of from, to, value, or as statistics offices publish it, with a column for each
//! sector and for each part of final demand, rows of value added below, and sums among both.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    path::Path,
};

use atlas::{Matrix, columns, impact::Economy};
use csv::{ReaderBuilder, StringRecord};

use super::{
    Failure,
    input::{self, Bad, each_row},
    reading::{Missing, Numbers, Reading, is_missing},
};

/// Sectors in order, what they sell to each other, and what each produces, where the table says so.
struct Flows {
    sectors: Vec<String>,
    transactions: Matrix,
    output: Option<Vec<f64>>,
}

/// An economy from a file of transactions and, where they do not say it themselves, one of outputs.
pub(crate) fn read(path: &Path, outputs: Option<&Path>, reading: Reading) -> Result<Economy, Failure> {
    let text = reading.text(path)?;
    let given = match outputs {
        Some(path) => Some(input::numbers(path, ["sector", "output"], reading)?),
        None => None,
    };
    let flows = match Published::of(path, &text, reading)? {
        Some(published) => published.flows(path, given.is_some(), reading)?,
        None => listed(path, (outputs, given.as_ref()), reading)?,
    };
    let output = match (given, flows.output) {
        (Some(given), _) => {
            let unknown = given.keys().find(|name| !flows.sectors.contains(name));
            if let (Some(unknown), Some(outputs)) = (unknown, outputs) {
                return Err(Failure::file(
                    outputs,
                    format!("«{unknown}» is no sector of {}; write it as it is there", path.display()),
                ));
            }
            super::output::of_all("output", &flows.sectors, &given)?
        }
        (None, Some(output)) => output,
        (None, None) => {
            let why = "the list does not say what each sector produces; name a file with --output";
            return Err(Failure::file(path, why));
        }
    };
    Ok(Economy::new(flows.sectors, flows.transactions, output)?)
}

/// A list of from, to, value, over the sectors that have an output.
fn listed(
    path: &Path,
    (outputs, given): (Option<&Path>, Option<&BTreeMap<String, f64>>),
    reading: Reading,
) -> Result<Flows, Failure> {
    let (Some(outputs), Some(given)) = (outputs, given) else {
        let why = "the list does not say what each sector produces; name a file with --output";
        return Err(Failure::file(path, why));
    };
    let sectors: Vec<String> = given.keys().cloned().collect();
    let number: HashMap<&str, usize> = sectors.iter().enumerate().map(|(at, name)| (name.as_str(), at)).collect();
    let mut transactions = Matrix::zeros(sectors.len(), sectors.len());
    let mut seen = BTreeSet::new();
    let numbers = Numbers::new(reading);
    input::rows(path, &["from", "to", "value"], None, reading, |cells| {
        let (from, to) = (input::named(cells[0], "from")?, input::named(cells[1], "to")?);
        let Some(value) = numbers.read(cells[2])? else { return Ok(()) };
        let place = |name: &str| number.get(name).copied();
        let known = |name: &str, aside: fn(&str) -> bool| match place(name) {
            Some(at) => Ok(Some(at)),
            // Final demand, value added and sums are no sectors: what they are follows from the rest.
            None if aside(name) => Ok(None),
            None => Err(Bad::Row(format!("«{name}» has no output; add it to {}", outputs.display()))),
        };
        let (Some(from), Some(to)) = (known(from, is_primary)?, known(to, is_final)?) else { return Ok(()) };
        if !seen.insert((from, to)) && reading.duplicates == super::reading::Duplicates::Refuse {
            return Err(Bad::Row(format!(
                "«{}» to «{}» stands twice; leave one of the rows, or say --duplicates sum to add them up",
                sectors[from], sectors[to]
            )));
        }
        transactions.set(from, to, transactions.at(from, to) + value);
        Ok(())
    })?;
    numbers.told(path);
    Ok(Flows { sectors, transactions, output: None })
}

/// A table as it is published.
struct Published {
    delimiter: u8,
    text: String,
    headers: Vec<String>,
    /// Of each sector its column.
    sectors: Vec<(String, usize)>,
}

/// A column or row beside the sectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Beside {
    Demand,
    SumOfSectors,
    SumOfDemand,
    Output,
}

impl Published {
    /// Recognises a table whose first column and first line name the same sectors.
    fn of(path: &Path, text: &str, reading: Reading) -> Result<Option<Published>, Failure> {
        let delimiter = columns::delimiter(text.as_bytes());
        let mut reader =
            ReaderBuilder::new().delimiter(delimiter).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
        let headers: Vec<String> = match reader.headers() {
            Ok(headers) => headers.iter().map(str::to_owned).collect(),
            Err(_) => return Ok(None),
        };
        let list = ["from", "to", "value"].iter().all(|name| headers.iter().any(|h| h.eq_ignore_ascii_case(name)));
        if list || headers.len() < 3 {
            return Ok(None);
        }
        let rows: Vec<StringRecord> = reader.records().flatten().collect();
        let labels: BTreeSet<&str> = rows.iter().filter_map(|row| row.get(0)).collect();
        let sectors: Vec<(String, usize)> = headers
            .iter()
            .enumerate()
            .skip(1)
            .filter(|(_, name)| labels.contains(name.as_str()) && !is_sum(name))
            .map(|(at, name)| (name.clone(), at))
            .collect();
        if sectors.is_empty() {
            let numbers = Numbers::new(Reading { missing: Missing::Skip, ..reading });
            let numeric = |row: &StringRecord| row.iter().skip(1).all(|cell| numbers.read(Some(cell)).is_ok());
            if headers.len() > 3 && rows.iter().take(20).all(numeric) {
                let why = "line 1: it looks like a table of sectors, but no column has the name of a row; name the \
                           sectors in the first line as in the first column, or write a list of from, to, value";
                return Err(Failure::file(path, why));
            }
            return Ok(None);
        }
        let mut once = BTreeSet::new();
        if let Some((twice, _)) = sectors.iter().find(|(name, _)| !once.insert(name.as_str())) {
            return Err(Failure::file(path, format!("line 1: the column «{twice}» stands twice")));
        }
        Ok(Some(Published { delimiter, text: text.to_owned(), headers, sectors }))
    }

    fn flows(&self, path: &Path, has_outputs: bool, reading: Reading) -> Result<Flows, Failure> {
        let n = self.sectors.len();
        let number: HashMap<&str, usize> =
            self.sectors.iter().enumerate().map(|(at, (name, _))| (name.as_str(), at)).collect();
        let aside: Vec<usize> =
            (1..self.headers.len()).filter(|at| !self.sectors.iter().any(|(_, column)| column == at)).collect();
        if let Some(at) = aside.iter().find(|at| !is_final(&self.headers[**at])) {
            let name = &self.headers[*at];
            return Err(Failure::file(
                path,
                format!(
                    "line 1: «{name}» is no sector, for no row has its name, and no part of final demand or sum that is \
                     known; write it as the row, or call it final demand"
                ),
            ));
        }
        let mut transactions = Matrix::zeros(n, n);
        let mut beside: Vec<Vec<f64>> = vec![vec![0.0; aside.len()]; n];
        let mut filled = vec![false; n];
        let mut output_row = None;
        let numbers = Numbers::new(reading);
        each_row(path, &self.text, self.delimiter, |record| {
            let name = record.get(0).unwrap_or_default();
            let read = |at: usize| match numbers.read(record.get(at)) {
                Ok(value) => Ok(value.unwrap_or(0.0)),
                Err(Bad::Row(why)) => Err(Bad::Row(format!("{}: {why}", self.headers[at]))),
                Err(bad) => Err(bad),
            };
            let Some(row) = number.get(name).copied() else {
                if name.is_empty() && record.iter().all(is_missing) {
                    return Ok(());
                }
                if !is_primary(name) {
                    return Err(Bad::Row(format!(
                        "«{name}» is no sector, for no column has its name, and no part of value added or sum that is \
                         known; write it as the column"
                    )));
                }
                if is_output(name) {
                    output_row = Some(self.sectors.iter().map(|(_, at)| read(*at)).collect::<Result<Vec<_>, _>>()?);
                }
                return Ok(());
            };
            if std::mem::replace(&mut filled[row], true) {
                return Err(Bad::Row(format!("the row «{name}» stands twice")));
            }
            for (column, (_, at)) in self.sectors.iter().enumerate() {
                transactions.set(row, column, read(*at)?);
            }
            for (place, at) in aside.iter().enumerate() {
                beside[row][place] = read(*at)?;
            }
            Ok(())
        })?;
        numbers.told(path);
        let output = match has_outputs {
            true => None,
            false => Some(self.output(path, &transactions, (&aside, &beside), output_row)?),
        };
        Ok(Flows { sectors: self.sectors.iter().map(|(name, _)| name.clone()).collect(), transactions, output })
    }

    /// What each sector produces: the column that is the sum of all others, a row of outputs, or the sum of what is sold to
    /// sectors and to final demand. Which column is which sum its numbers say.
    fn output(
        &self,
        path: &Path,
        transactions: &Matrix,
        (aside, beside): (&[usize], &[Vec<f64>]),
        row: Option<Vec<f64>>,
    ) -> Result<Vec<f64>, Failure> {
        let sold = transactions.row_sums();
        let mut demand = vec![0.0; sold.len()];
        let (mut parts, mut output) = (0, None);
        for (place, at) in aside.iter().enumerate() {
            let column: Vec<f64> = beside.iter().map(|row| row[place]).collect();
            // Published figures are rounded, and so are their sums.
            let whole = column.iter().chain(transactions.values()).all(|value| value.fract() == 0.0);
            let slack = (sold.len() + aside.len()) as f64 * if whole { 0.5 } else { 0.05 };
            let near = |wanted: &dyn Fn(usize) -> f64| {
                (0..column.len())
                    .all(|row| (column[row] - wanted(row)).abs() <= slack.min(0.02 * wanted(row).abs().max(1.0)))
            };
            let name = &self.headers[*at];
            let kind = match () {
                () if is_sum(name) && near(&|row| sold[row] + demand[row]) && (parts > 0 || is_output(name)) => {
                    Beside::Output
                }
                () if is_sum(name) && near(&|row| sold[row]) => Beside::SumOfSectors,
                () if is_sum(name) && parts > 0 && near(&|row| demand[row]) => Beside::SumOfDemand,
                // Where no parts of final demand are told, their sum stands for them.
                () if parts == 0 && is_output(name) && !is_final_sum(name) => Beside::Output,
                () if is_sum(name) && parts > 0 => {
                    return Err(Failure::file(
                        path,
                        format!(
                            "the column «{name}» is neither what is sold to sectors, nor to final demand, nor both; is a \
                             column missing, or a number of another unit? --output says what each sector produces"
                        ),
                    ));
                }
                () => Beside::Demand,
            };
            match kind {
                Beside::Demand => {
                    parts += 1;
                    demand.iter_mut().zip(&column).for_each(|(sum, value)| *sum += value);
                }
                Beside::Output => output = Some(column),
                Beside::SumOfSectors | Beside::SumOfDemand => {}
            }
        }
        match (output, row, parts) {
            (Some(output), ..) | (None, Some(output), _) => Ok(output),
            (None, None, 0) => {
                let why = "the table has no final demand and no output; name a file of outputs with --output";
                Err(Failure::file(path, why))
            }
            (None, None, _) => Ok(sold.iter().zip(&demand).map(|(sold, demand)| sold + demand).collect()),
        }
    }
}

fn has(name: &str, words: &[&str]) -> bool {
    let lower = name.to_lowercase();
    words.iter().any(|word| lower.contains(word))
}

/// A sum, by its name.
fn is_sum(name: &str) -> bool {
    has(name, &["total", "sum of", "gross output", "all industries", "all uses", "مجموع", "إجمالي", "اجمالي"])
        || matches!(name.trim().to_lowercase().as_str(), "sum" | "output" | "x" | "الإنتاج" | "الناتج")
}

/// What a sector produces, by its name.
fn is_output(name: &str) -> bool {
    is_sum(name) && has(name, &["output", "إنتاج", "ناتج", "supply", "uses"])
        || matches!(name.trim().to_lowercase().as_str(), "total" | "grand total" | "x" | "المجموع" | "الإجمالي")
}

fn is_final_sum(name: &str) -> bool {
    has(name, &["final", "demand", "intermediate", "نهائي", "وسيط"])
}

/// A part of final demand or a sum, by its name.
fn is_final(name: &str) -> bool {
    const WORDS: [&str; 24] = [
        "household",
        "consumption",
        "government",
        "npish",
        "non-profit",
        "capital formation",
        "gfcf",
        "investment",
        "stock",
        "inventor",
        "valuables",
        "export",
        "final",
        "demand",
        "استهلاك",
        "أسر",
        "حكوم",
        "تكوين",
        "مخزون",
        "صادرات",
        "استثمار",
        "طلب",
        "نهائي",
        "f.d.",
    ];
    is_sum(name) || has(name, &WORDS) || code(name, &["p3", "p5", "p6"])
}

/// A row that is no sector: a part of value added, imports, or a sum.
fn is_primary(name: &str) -> bool {
    const WORDS: [&str; 26] = [
        "value added",
        "gva",
        "gdp",
        "compensation",
        "wage",
        "salar",
        "surplus",
        "mixed income",
        "tax",
        "subsid",
        "import",
        "depreciation",
        "fixed capital",
        "labour",
        "labor",
        "profit",
        "primary",
        "adjustment",
        "مضافة",
        "واردات",
        "ضرائب",
        "أجور",
        "تعويضات",
        "فائض",
        "إعانات",
        "اهتلاك",
    ];
    is_sum(name) || has(name, &WORDS) || code(name, &["d1", "d2", "d3", "b1", "b2", "b3", "p7", "k1", "p51c"])
}

/// A code of the system of national accounts, such as `P3_S14`.
fn code(name: &str, codes: &[&str]) -> bool {
    let lower = name.trim().to_lowercase();
    codes
        .iter()
        .filter_map(|code| lower.strip_prefix(*code))
        .any(|rest| rest.chars().all(|c| c.is_ascii_digit() || "_.-sgx".contains(c)))
}

#[cfg(test)]
mod tests;
