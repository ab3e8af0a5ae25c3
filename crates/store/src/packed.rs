//! Many rows that cross from the database as one, each column as one text, because each row costs the driver more than
//! what stands in it.

use crate::{Row, StoreError};

/// Parts the values of a column. A document has no control characters, nor have the names of sources, kinds and rows.
pub const END: char = '\u{1e}';

/// Some rows, column by column.
#[derive(Debug)]
pub struct Packed<const N: usize> {
    count: usize,
    columns: [String; N],
}

impl<const N: usize> Packed<N> {
    /// The columns of that name, each the values of `count` rows parted by [`END`]. `None` where a value holds that
    /// character itself: what follows it must not shift.
    pub fn of(row: &Row, count: &str, names: [&str; N]) -> Result<Option<Packed<N>>, StoreError> {
        let count = usize::try_from(row.int(count)?).unwrap_or_default();
        let mut columns = [const { String::new() }; N];
        for (column, name) in columns.iter_mut().zip(names) {
            *column = row.text_opt(name)?.unwrap_or_default();
            if count > 0 && memchr::memchr_iter(END as u8, column.as_bytes()).count() + 1 != count {
                return Ok(None);
            }
        }
        Ok(Some(Packed { count, columns }))
    }

    /// Each row.
    pub fn iter(&self) -> impl Iterator<Item = [&str; N]> {
        let mut rests = self.columns.each_ref().map(String::as_str);
        (0..self.count).map(move |_| {
            rests.each_mut().map(|rest| {
                let (value, after) = match memchr::memchr(END as u8, rest.as_bytes()) {
                    Some(end) => (&rest[..end], &rest[end + 1..]),
                    None => (*rest, ""),
                };
                *rest = after;
                value
            })
        })
    }
}
