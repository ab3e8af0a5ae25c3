//! What is wrong with a definition, and where: the path through the file, which the pack turns into a line and a column.

/// A step on the way to the place in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Key(String),
    Index(usize),
    /// The key itself rather than its value; the last step only.
    KeyItself(String),
}

/// Something that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub path: Vec<Step>,
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Bytes within the text at the path, for expressions.
    pub span: Option<(usize, usize)>,
}

impl Finding {
    pub fn at(path: Vec<Step>, message: impl Into<String>) -> Finding {
        Finding { path, message: message.into(), help: None, span: None }
    }

    pub fn help(mut self, help: impl Into<String>) -> Finding {
        self.help = Some(help.into());
        self
    }
}

/// A name that does not exist, with the nearest one that does.
pub fn unknown<'a>(path: Vec<Step>, what: &str, name: &str, known: impl Iterator<Item = &'a str>) -> Finding {
    let known: Vec<&str> = known.collect();
    let finding = Finding::at(path, format!("there is no {what} «{name}»"));
    match nearest(name, known.iter().copied()) {
        Some(near) => finding.help(format!("did you mean «{near}»?")),
        None if known.is_empty() => finding,
        None => finding.help(format!("expected one of: {}", shortened(&known))),
    }
}

fn shortened(known: &[&str]) -> String {
    let shown = known.iter().take(12).copied().collect::<Vec<_>>().join(", ");
    if known.len() > 12 { format!("{shown} …") } else { shown }
}

/// The candidate that is most like the name, if one is like it.
pub fn nearest<'a>(name: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let most = (name.chars().count() / 3).max(1);
    candidates.map(|c| (distance(name, c), c)).filter(|(d, _)| *d <= most).min_by_key(|(d, _)| *d).map(|(_, c)| c)
}

/// Edits between two words, a swap of neighbours counting as one (optimal string alignment).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![vec![0; b.len() + 1]; a.len() + 1];
    for (i, row) in rows.iter_mut().enumerate() {
        row[0] = i;
    }
    rows[0] = (0..=b.len()).collect();
    for i in 1..=a.len() {
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(rows[i][j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            rows[i][j] = least;
        }
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_suggested() {
        let known = ["review", "waiting", "approved"];
        assert_eq!(nearest("reveiw", known.into_iter()), Some("review"));
        assert_eq!(nearest("zzz", known.into_iter()), None);
    }
}
