//! Which column of a file is which, from its first line: by name in any order, or in the order asked for.

/// Comma, semicolon or tab: whichever the first line has most of.
pub fn delimiter(start: &[u8]) -> u8 {
    let line = start.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| line.iter().filter(|byte| **byte == delimiter).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}

/// Where each of the `wanted` columns is among the `headers`, and last where the `optional` one is, if it is.
///
/// Columns are found by their names. Where not all are named, such as `country, product, value`, they stand in their
/// order, the optional one apart. What is named must then be where it is expected, and nothing else may stand between,
/// because otherwise the order says nothing.
pub fn find(headers: &[&str], wanted: &[&str], optional: Option<&str>) -> Result<Vec<Option<usize>>, String> {
    let place = |name: &str| headers.iter().position(|header| header.eq_ignore_ascii_case(name));
    let by_name: Vec<Option<usize>> = wanted.iter().map(|name| place(name)).collect();
    let optional = optional.map(place);
    let mut at =
        if by_name.iter().all(Option::is_some) { by_name } else { in_order(headers, wanted, optional.flatten())? };
    at.extend(optional);
    Ok(at)
}

fn in_order(headers: &[&str], wanted: &[&str], apart: Option<usize>) -> Result<Vec<Option<usize>>, String> {
    let column = |header: &str| wanted.iter().position(|name| name.eq_ignore_ascii_case(header));
    let listed = wanted.join(", ");
    let others: Vec<(usize, &str)> = headers.iter().copied().enumerate().filter(|(at, _)| Some(*at) != apart).collect();
    if others.len() < wanted.len() {
        return Err(format!("expected the columns {listed}, found {} columns", headers.len()));
    }
    if headers.iter().any(|header| header.parse::<f64>().is_ok()) {
        return Err(format!("expected the names of the columns, such as {listed}, and found a number"));
    }
    let named: Vec<Option<usize>> = others.iter().map(|(_, header)| column(header)).collect();
    let in_place = named.iter().enumerate().all(|(at, column)| column.is_none_or(|column| column == at));
    if named.iter().any(Option::is_some) && (others.len() > wanted.len() || !in_place) {
        let missing = wanted.iter().enumerate().find(|(at, _)| !named.contains(&Some(*at)));
        let found = headers.join(", ");
        return Err(format!("there is no column «{}»; expected {listed}, found {found}", missing.map_or("", |m| m.1)));
    }
    Ok(others.iter().take(wanted.len()).map(|(at, _)| Some(*at)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_by_name_or_in_order() {
        for (headers, found) in [
            (&["Value", "note", "Activity", "Place"][..], &[Some(3), Some(2), Some(0), None][..]),
            (&["region", "sector", "jobs"], &[Some(0), Some(1), Some(2), None]),
            (&["country", "product", "value"], &[Some(0), Some(1), Some(2), None]),
            (&["year", "country", "product", "value"], &[Some(1), Some(2), Some(3), Some(0)]),
        ] {
            assert_eq!(find(headers, &["place", "activity", "value"], Some("year")).unwrap(), found, "{headers:?}");
        }
        for (headers, expected) in [
            (&["region", "jobs"][..], "found 2 columns"),
            (&["value", "activity", "jobs"], "there is no column «place»"),
            (&["place", "activity", "note", "jobs"], "there is no column «value»"),
            (&["p", "a", "3"], "found a number"),
        ] {
            let told = find(headers, &["place", "activity", "value"], None).unwrap_err();
            assert!(told.contains(expected), "{told}");
        }
    }

    #[test]
    fn the_delimiter_is_the_one_that_the_first_line_has_most_of() {
        for (text, found) in [("a,b,c\n1;2;3", b','), ("a;b;c", b';'), ("a\tb", b'\t'), ("a", b','), ("", b',')] {
            assert_eq!(delimiter(text.as_bytes()), found, "{text}");
        }
    }
}
