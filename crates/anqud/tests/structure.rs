//! Keeps the house: what ARCHITECTURE.md says of the workspace is true, and stays true.
//!
//! These tests read the sources and run nothing of them.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot read the sources fails loudly")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

const LINES_MAX: usize = 900;

#[test]
fn arrows_point_one_way() {
    let drawn = arrows(&read("ARCHITECTURE.md"));
    let found = dependencies();
    assert_eq!(
        drawn.keys().collect::<Vec<_>>(),
        found.keys().collect::<Vec<_>>(),
        "the crates in ARCHITECTURE.md (left) and in the workspace (right)"
    );
    for (name, uses) in &found {
        let beyond: Vec<_> = uses.difference(&drawn[name]).collect();
        assert!(beyond.is_empty(), "{name} uses {beyond:?}, an arrow that ARCHITECTURE.md does not draw");
    }
}

#[test]
fn sql_stands_only_in_sql_files() {
    let mut strays = Vec::new();
    for path in sources() {
        let local = path.strip_prefix(root()).unwrap();
        let at_home = local.starts_with("crates/store")
            || local.file_name().is_some_and(|name| name == "sql.rs")
            || local.components().any(|part| part.as_os_str() == "tests");
        if at_home {
            continue;
        }
        for (line, literal) in string_literals(&fs::read_to_string(&path).unwrap()) {
            if is_sql(&literal) {
                strays.push(format!("{}:{line}: {literal}", local.display()));
            }
        }
    }
    assert!(strays.is_empty(), "SQL outside sql.rs:\n{}", strays.join("\n"));
}

#[test]
fn every_path_in_architecture_exists() {
    let text = read("ARCHITECTURE.md");
    let paths = paths_in(&text);
    assert!(paths.contains("crates/base"), "no paths were found at all");
    let missing: Vec<_> = paths.iter().filter(|path| !root().join(path).exists()).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md names what does not exist: {missing:?}");
}

#[test]
fn every_ui_text_exists_once_in_both_languages() {
    let files = files_of(&root().join("crates/web"), "ftl");
    let [ar, en] = ["ar.ftl", "en.ftl"].map(|ending| {
        let mut once = BTreeSet::new();
        let of_language = files.iter().filter(|path| path.file_name().is_some_and(|name| name == ending));
        let text: String = of_language.map(|path| fs::read_to_string(path).unwrap() + "\n").collect();
        assert!(!text.is_empty(), "no texts were found at all");
        // The later of two would silently take the place of the earlier.
        let twice: Vec<_> = message_ids(&text).filter(|id| !once.insert((*id).to_owned())).collect();
        assert!(twice.is_empty(), "said twice: {twice:?}");
        once
    });
    let only_ar: Vec<_> = ar.difference(&en).collect();
    let only_en: Vec<_> = en.difference(&ar).collect();
    assert!(only_ar.is_empty() && only_en.is_empty(), "only in Arabic: {only_ar:?}\nonly in English: {only_en:?}");
}

#[test]
fn every_text_that_a_page_says_is_there() {
    let web = root().join("crates/web");
    let texts: String = files_of(&web, "ftl").iter().map(|path| fs::read_to_string(path).unwrap() + "\n").collect();
    let known: BTreeSet<&str> = message_ids(&texts).collect();
    let mut missing = Vec::new();
    for path in files_of(&web, "html").into_iter().chain(files_of(&web, "rs")) {
        let source = fs::read_to_string(&path).unwrap();
        for call in [".say(\"", ".say1(\"", ".say2(\"", ".say3(\"", ".say4(\"", ".count(\"", ".count1(\""] {
            let said = source.split(call).skip(1).filter_map(|rest| rest.split('"').next());
            missing.extend(said.filter(|id| !known.contains(id)).map(|id| format!("{}: {id}", path.display())));
        }
    }
    assert!(missing.is_empty(), "said and not there:\n{}", missing.join("\n"));
}

#[test]
fn sizes_are_kept() {
    let mut long = Vec::new();
    for path in sources() {
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        if lines > LINES_MAX {
            long.push(format!("{} has {lines} lines", path.display()));
        }
    }
    assert!(long.is_empty(), "over {LINES_MAX} lines:\n{}", long.join("\n"));
}

#[test]
fn literals_are_told_from_comments_and_characters() {
    #[track_caller]
    fn check(source: &str, expect: &[&str]) {
        let found: Vec<_> = string_literals(source).into_iter().map(|(_, literal)| literal).collect();
        assert_eq!(found, expect, "{source}");
    }
    check(r#"let a = "one"; // "two""#, &["one"]);
    check(r##"let a = r#"say "one""#;"##, &[r#"say "one""#]);
    check(r#"let a = '"'; let b = "two";"#, &["two"]);
    check(r#"let a = '\''; fn f<'a>(b: &'a str) { "three" }"#, &["three"]);
    check(r#"/* "one" /* "two" */ "three" */ "four\"five""#, &[r#"four\"five"#]);
}

#[test]
fn sql_is_told_from_words() {
    #[track_caller]
    fn check(literal: &str, expect: bool) {
        assert_eq!(is_sql(literal), expect, "{literal}");
    }
    check("SELECT id FROM record", true);
    check("WITH a AS (SELECT 1)\n", true);
    check("INSERT  INTO record (id) VALUES ($1)", true);
    check("UPDATE record\n   SET doc = $1", true);
    check("DELETE FROM record", true);
    check("Select a region, then update what is SET", false);
    check("PRESELECTED", false);
    check("UPDATE", false);
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Every Rust file of the workspace.
fn sources() -> Vec<PathBuf> {
    let files = files_of(&root().join("crates"), "rs");
    assert!(!files.is_empty(), "no sources were found");
    files
}

/// Every file below a folder with this ending, in order.
fn files_of(folder: &Path, ending: &str) -> Vec<PathBuf> {
    fn collect(folder: &Path, ending: &str, into: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
                collect(&path, ending, into);
            } else if path.extension().is_some_and(|extension| extension == ending) {
                into.push(path);
            }
        }
    }
    let mut files = Vec::new();
    collect(folder, ending, &mut files);
    files.sort();
    files
}

type Uses = BTreeMap<String, BTreeSet<String>>;

/// The fenced block `arrows`: on each line a crate, a colon and what it may use.
fn arrows(text: &str) -> Uses {
    text.lines()
        .skip_while(|line| line.trim() != "```arrows")
        .skip(1)
        .take_while(|line| line.trim() != "```")
        .map(|line| {
            let (name, uses) = line.split_once(':').unwrap_or_else(|| panic!("no colon in the arrow {line:?}"));
            (name.trim().to_owned(), uses.split_whitespace().map(str::to_owned).collect())
        })
        .collect()
}

/// What each crate of the workspace uses of the others, tests and build scripts apart.
fn dependencies() -> Uses {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let mut found = Uses::new();
    for package in metadata["packages"].as_array().unwrap() {
        let uses = package["dependencies"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|dependency| dependency["kind"].is_null() && dependency["path"].is_string())
            .map(|dependency| dependency["name"].as_str().unwrap().to_owned())
            .collect();
        found.insert(package["name"].as_str().unwrap().to_owned(), uses);
    }
    found
}

/// What stands in backticks outside fenced blocks and looks like a path.
fn paths_in(text: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut paths = BTreeSet::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            let tokens = line.split('`').skip(1).step_by(2);
            paths.extend(tokens.filter(|token| is_path(token)).map(str::to_owned));
        }
    }
    paths
}

fn is_path(token: &str) -> bool {
    let named = token.contains('/') || token.ends_with(".md") || token.ends_with(".toml");
    named && !token.contains("://") && !token.contains(['*', '?', '<', '{', '…', ' '])
}

/// The ids of a Fluent file: messages and terms begin in the first column.
fn message_ids(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(|line| line.starts_with(|first: char| first.is_ascii_alphabetic() || first == '-'))
        .filter_map(|line| line.split_once('='))
        .map(|(id, _)| id.trim())
}

fn is_sql(literal: &str) -> bool {
    let words: Vec<&str> = literal
        .split(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .filter(|word| !word.is_empty())
        .collect();
    let pair = |first, second| words.windows(2).any(|pair| pair == [first, second]);
    let update = words.iter().position(|word| *word == "UPDATE");
    words.contains(&"SELECT")
        || pair("INSERT", "INTO")
        || pair("DELETE", "FROM")
        || update.is_some_and(|at| words[at..].contains(&"SET"))
}

/// The string literals of a Rust source as written, each with the line it begins on.
fn string_literals(source: &str) -> Vec<(usize, String)> {
    let mut literals = Vec::new();
    let mut at = 0;
    while at < source.len() {
        let rest = &source[at..];
        let word_before = source[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let step = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            block_comment(rest)
        } else if let Some(hashes) = raw_string(rest).filter(|_| !word_before || source[..at].ends_with('b')) {
            let close = format!("\"{}", "#".repeat(hashes));
            let open = hashes + 2;
            let length = rest[open..].find(&close).unwrap_or(rest.len() - open);
            literals.push((line_of(source, at), rest[open..open + length].to_owned()));
            (open + length + close.len()).min(rest.len())
        } else if let Some(inside) = rest.strip_prefix('"') {
            let length = quoted(inside, '"');
            literals.push((line_of(source, at), inside[..length].to_owned()));
            (length + 2).min(rest.len())
        } else if let Some(inside) = rest.strip_prefix('\'') {
            // A character has its closing quote right behind it; a lifetime has none.
            let first = inside.chars().next().map_or(0, char::len_utf8);
            if inside.starts_with('\\') {
                (quoted(inside, '\'') + 2).min(rest.len())
            } else if inside[first..].starts_with('\'') {
                first + 2
            } else {
                1
            }
        } else {
            rest.chars().next().map_or(1, char::len_utf8)
        };
        at += step;
    }
    literals
}

/// The length of a block comment, those nested in it included.
fn block_comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        let rest = &text[at..];
        if rest.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if rest.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

/// The number of hashes, where `text` begins with a raw string.
fn raw_string(text: &str) -> Option<usize> {
    let behind = text.strip_prefix('r')?;
    let hashes = behind.len() - behind.trim_start_matches('#').len();
    behind[hashes..].starts_with('"').then_some(hashes)
}

/// The length of `text` up to the closing `quote`, which a backslash hides.
fn quoted(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if character == quote {
            return at;
        }
    }
    text.len()
}

fn line_of(source: &str, at: usize) -> usize {
    source[..at].matches('\n').count() + 1
}
