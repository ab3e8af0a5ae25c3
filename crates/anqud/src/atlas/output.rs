//! Prints answers: JSON, CSV, and pictures as SVG.

use std::io::{self, BufWriter, Write};

use serde::{Serialize, Serializer};

use super::Failure;

/// Prints JSON with a line for each value, as people read it too.
pub(crate) fn json(answer: &impl Serialize) -> Result<(), Failure> {
    let mut out = BufWriter::new(io::stdout().lock());
    serde_json::to_writer_pretty(&mut out, answer)
        .map_err(io::Error::from)
        .and_then(|()| writeln!(out))
        .and_then(|()| out.flush())
        .map_err(unprinted)
}

/// A list that is written as it comes, because all of it may be more than memory should hold.
pub(crate) struct Listed<F>(pub F);

impl<F, I> Serialize for Listed<F>
where
    F: Fn() -> I,
    I: Iterator<Item: Serialize>,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}

/// Prints rows as CSV under their header.
pub(crate) fn csv(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Result<(), Failure> {
    let mut out = csv::Writer::from_writer(io::stdout().lock());
    let write = || -> Result<(), csv::Error> {
        out.write_record(header)?;
        for row in rows {
            out.write_record(row)?;
        }
        Ok(out.flush()?)
    };
    write().map_err(unprinted)
}

pub(crate) fn text(text: &str) -> Result<(), Failure> {
    io::stdout().lock().write_all(text.as_bytes()).map_err(unprinted)
}

pub(crate) fn no_picture(what: &str) -> Failure {
    Failure::Other(format!("there is no picture of {what}; use --format json or --format csv"))
}

fn unprinted(error: impl std::fmt::Display) -> Failure {
    Failure::Other(format!("the answer could not be printed: {error}"))
}

/// A cell of CSV, empty where there is no value.
pub(crate) fn cell(value: Option<f64>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

/// The values with these names, in order; each name must have one.
pub(crate) fn of_all(
    what: &'static str,
    names: &[String],
    values: &std::collections::BTreeMap<String, f64>,
) -> Result<Vec<f64>, Failure> {
    let one = |name: &String| {
        let missing = || Failure::Other(format!("there is no {what} of «{name}»; add a row for it"));
        values.get(name).copied().ok_or_else(missing)
    };
    names.iter().map(one).collect()
}

/// The values with these names, in order, where there are any; every value must belong to a name.
pub(crate) fn of_some(
    what: &'static str,
    names: &[String],
    values: &std::collections::BTreeMap<String, f64>,
) -> Result<Vec<Option<f64>>, Failure> {
    if !names.iter().any(|name| values.contains_key(name)) {
        return Err(Failure::Other(format!("none of the names has a {what}; are both files about the same things?")));
    }
    Ok(names.iter().map(|name| values.get(name).copied()).collect())
}
