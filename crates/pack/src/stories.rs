//! The folder `stories`: a Markdown file for each story, with what it is called at its head and a section in each language.

use std::{collections::BTreeMap, fs};

use base::{Id, Lang, Step, Text};
use plan::Story;
use serde::Deserialize;

use crate::{
    Settings,
    check::{Names, complete, key, known},
    locate::Source,
    read::Reader,
};

/// The lines between the two `---`.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Head {
    title: Text,
    #[serde(default)]
    summary: Text,
    #[serde(default)]
    cluster: Option<Id>,
    #[serde(default)]
    indicators: Vec<Id>,
}

impl Reader<'_> {
    /// Every story, in the order of the files' names.
    pub(crate) fn stories(&mut self, names: &Names, settings: &Settings) -> Vec<Story> {
        let Ok(entries) = fs::read_dir(self.folder.join("stories")) else { return Vec::new() };
        let mut files: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        files.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
        files.sort();
        let stories = files.iter().filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            let source = self.load(path)?;
            self.story(name, source, names, settings)
        });
        stories.collect()
    }

    fn story(&mut self, name: String, whole: Source, names: &Names, settings: &Settings) -> Option<Story> {
        if Id::parse(&name).is_err() {
            let help = "name it in small letters and hyphens, such as first-seventy.md".to_owned();
            self.reports.push(whole.at(1, 1, 1, format!("«{name}» cannot be part of an address"), Some(help)));
            return None;
        }
        let Some((head, body)) = parts(&whole.text) else {
            let help = "begin the file with `---`, then `title: {…}`, then `---` again".to_owned();
            self.reports.push(whole.at(
                1,
                1,
                1,
                "a story begins with its title between two lines `---`".into(),
                Some(help),
            ));
            return None;
        };
        let first_line = head.lines().count() + 2;
        let body = self.sections(&whole, body, first_line, &settings.languages);
        let head = Source { file: whole.file.clone(), text: head.to_owned(), invented: Vec::new() };
        let (source, head) = self.parse::<Head>(head)?;
        let mut findings = Vec::new();
        complete(&mut findings, &settings.languages, &head.title, vec![key("title")]);
        complete(&mut findings, &settings.languages, &head.summary, vec![key("summary")]);
        if let Some(cluster) = &head.cluster {
            known(&mut findings, "cluster", &names.clusters, cluster, vec![key("cluster")]);
        }
        for (index, indicator) in head.indicators.iter().enumerate() {
            let path = vec![key("indicators"), Step::Index(index)];
            known(&mut findings, "indicator", &names.indicators, indicator, path);
        }
        self.add(&source, findings);
        let Head { title, summary, cluster, indicators } = head;
        Some(Story { story: name, title, summary, cluster, indicators, body })
    }

    /// The sections `# en`, `# ar` … of a story.
    fn sections(&mut self, source: &Source, body: &str, first_line: usize, languages: &[Lang]) -> Text {
        let mut sections: BTreeMap<Lang, String> = BTreeMap::new();
        let mut now = None;
        for (index, line) in body.lines().enumerate() {
            match line.strip_prefix("# ") {
                Some(title) => {
                    now = Lang::parse(title.trim()).filter(|lang| languages.contains(lang));
                    if now.is_none() {
                        let help =
                            "a heading of the first level names a language, such as `# en`; begin others with `##`";
                        let message = format!("«{}» is no language of the pack", title.trim());
                        let length = line.chars().count();
                        self.reports.push(source.at(first_line + index, 1, length, message, Some(help.into())));
                    }
                }
                None => {
                    if let Some(lang) = now {
                        let text = sections.entry(lang).or_default();
                        text.push_str(line);
                        text.push('\n');
                    }
                }
            }
        }
        for lang in languages.iter().filter(|lang| sections.get(lang).is_none_or(|text| text.trim().is_empty())) {
            let message = format!("the story is missing in «{lang}»");
            let help = format!("add a heading `# {lang}` and the text below it");
            self.reports.push(source.at(first_line, 1, 1, message, Some(help)));
        }
        let parts: Vec<(Lang, &str)> = sections.iter().map(|(lang, text)| (*lang, text.trim())).collect();
        Text::of(&parts)
    }
}

/// The head with its first `---`, which YAML reads as the begin of a document, and what follows the second.
fn parts(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("---\n")?;
    let end = rest.find("\n---\n")?;
    Some((&text[..4 + end + 1], &rest[end + 5..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_keeps_its_lines() {
        assert_eq!(parts("---\ntitle: x\n---\nbody\n"), Some(("---\ntitle: x\n", "body\n")));
        for without in ["title: x\n", "---\ntitle: x\n", ""] {
            assert_eq!(parts(without), None, "{without:?}");
        }
    }
}
