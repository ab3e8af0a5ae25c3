//! Finds the line and the column of a path through a YAML file.

use base::{Finding, Step};
use saphyr::{LoadableYamlNode, MarkedYaml, YamlData};

use crate::Report;

/// A file and its nodes.
pub(crate) struct Source {
    pub file: String,
    pub text: String,
    /// Where something was invented so that the rest could be read: nothing is said of it.
    pub invented: Vec<Vec<Step>>,
}

impl Source {
    /// The finding with its place in this file. A path that leads nowhere ends at the last step that was found.
    pub fn report(&self, finding: Finding) -> Report {
        let (mut line, mut column, mut length) = (1, 1, 1);
        if let Ok(documents) = MarkedYaml::load_from_str(&self.text)
            && let Some(root) = documents.first()
        {
            (line, column, length) = self.place(root, &finding.path);
        }
        if let Some((from, to)) = finding.span {
            // A quoted text begins one column after its quote. The span counts bytes of one line.
            let quoted = self.line(line).chars().nth(column - 1).is_some_and(|c| c == '"' || c == '\'');
            column += from + usize::from(quoted);
            length = to.saturating_sub(from).max(1);
        }
        self.at(line, column, length, finding.message, finding.help)
    }

    pub fn at(&self, line: usize, column: usize, length: usize, message: String, help: Option<String>) -> Report {
        Report { file: self.file.clone(), line, column, length, message, help, source: self.line(line).to_owned() }
    }

    fn line(&self, line: usize) -> &str {
        self.text.lines().nth(line.saturating_sub(1)).unwrap_or("")
    }

    fn place(&self, root: &MarkedYaml<'_>, path: &[Step]) -> (usize, usize, usize) {
        let (mut node, mut place) = (root, self.span(root));
        for step in path {
            let found = match (step, &node.data) {
                (Step::Key(key), YamlData::Mapping(map)) => {
                    map.iter().find(|(k, _)| k.data.as_str() == Some(key)).map(|(k, v)| (v, self.of_entry(k, v)))
                }
                (Step::KeyItself(key), YamlData::Mapping(map)) => {
                    map.iter().find(|(k, _)| k.data.as_str() == Some(key)).map(|(k, v)| (v, self.span(k)))
                }
                (Step::Index(index), YamlData::Sequence(list)) => list.get(*index).map(|v| (v, self.span(v))),
                _ => None,
            };
            match found {
                Some((next, at)) => (node, place) = (next, at),
                None => break,
            }
        }
        place
    }

    /// A scalar is underlined itself; of a larger value, its key.
    fn of_entry(&self, key: &MarkedYaml<'_>, value: &MarkedYaml<'_>) -> (usize, usize, usize) {
        match &value.data {
            YamlData::Mapping(_) | YamlData::Sequence(_) => self.span(key),
            _ => self.span(value),
        }
    }

    fn span(&self, node: &MarkedYaml<'_>) -> (usize, usize, usize) {
        let (start, end) = (node.span.start, node.span.end);
        let length = if start.line() == end.line() { end.col().saturating_sub(start.col()) } else { 1 };
        (start.line(), start.col() + 1, length.max(1))
    }
}
