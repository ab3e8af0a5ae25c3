//! What is wrong with a file, with its place, the text underlined and what to do.

use std::fmt;

/// Something that is wrong, ready to be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Report {
    /// Relative to the pack.
    pub file: String,
    /// From 1.
    pub line: usize,
    /// In characters, from 1.
    pub column: usize,
    /// How many characters are underlined.
    pub length: usize,
    pub message: String,
    pub help: Option<String>,
    /// The line as it stands in the file.
    pub source: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "error: {}", self.message)?;
        writeln!(f, "  --> {}:{}:{}", self.file, self.line, self.column)?;
        if !self.source.is_empty() {
            let number = self.line.to_string();
            let space = " ".repeat(number.len());
            let before: String = self
                .source
                .chars()
                .take(self.column.saturating_sub(1))
                .map(|c| if c == '\t' { c } else { ' ' })
                .collect();
            writeln!(f, "{space} |")?;
            writeln!(f, "{number} | {}", self.source)?;
            writeln!(f, "{space} | {before}{}", "^".repeat(self.length.max(1)))?;
        }
        match &self.help {
            Some(help) => writeln!(f, "  help: {help}"),
            None => Ok(()),
        }
    }
}
