//! The lines of a file, with their numbers and the hash of all that was read.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::refused;
use crate::StoreError;

/// A line is at most this long; the longest that are written hold a file that somebody sent.
const LINE_MAX: u64 = 256 << 20;

/// A file that is read line by line.
pub(super) struct Lines {
    from: PathBuf,
    file: BufReader<File>,
    /// Of all lines before the one that was read last.
    hash: Sha256,
    /// The line that was read last.
    line: Vec<u8>,
    /// The number of the line that was read last, from 1 on.
    number: u64,
    /// Whether that line has no end.
    torn: bool,
}

impl Lines {
    pub fn open(from: &Path) -> Result<Lines, StoreError> {
        let file = File::open(from).map_err(|error| unreadable(from, &error))?;
        let file = BufReader::new(file);
        Ok(Lines { from: from.to_owned(), file, hash: Sha256::new(), line: Vec::new(), number: 0, torn: false })
    }

    /// The next line, `None` at the end of the file.
    pub fn next(&mut self) -> Result<Option<&[u8]>, StoreError> {
        self.hash.update(&self.line);
        self.line.clear();
        let mut limited = (&mut self.file).take(LINE_MAX);
        limited.read_until(b'\n', &mut self.line).map_err(|error| unreadable(&self.from, &error))?;
        if self.line.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        self.torn = self.line.last() != Some(&b'\n');
        Ok(Some(&self.line))
    }

    /// The hash of what was read before the last line.
    pub fn hash_before(&self) -> &Sha256 {
        &self.hash
    }

    /// What is wrong with the line that was read last.
    pub fn wrong(&self, why: &str) -> StoreError {
        refused(format!("line {} of {}: {why}; nothing was taken in", self.number, self.from.display()))
    }

    /// The line that was read last cannot be understood.
    pub fn strange(&self) -> StoreError {
        if self.torn { self.cut() } else { self.wrong("this is not what `anqud export` writes") }
    }

    /// The file has no end.
    pub fn cut(&self) -> StoreError {
        self.wrong("the file was cut short here, it has no end; copy it or export it again")
    }
}

fn unreadable(from: &Path, error: &io::Error) -> StoreError {
    refused(format!("{} cannot be read: {error}", from.display()))
}
