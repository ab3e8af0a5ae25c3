//! A file that came with the answers: `KEY/NAME`, the key under which it is kept and the name that it came with.

use base::{Finding, Step};
use serde_json::Value as Json;

use super::{Input, Kind, within_length};
use crate::{Fault, Field, Limit};

/// No file is longer than this, whatever the pack says.
pub const BYTES_MAX: u64 = 10 << 20;
/// How long a file may be where the pack says nothing.
const BYTES_UNLESS_TOLD: u64 = 5 << 20;
/// What is said of a file that is too long; its argument is the limit in bytes.
pub const TOO_LONG: &str = "fault-file-size";

pub(super) struct FileKind;

/// The key and the name of a file, from an answer.
pub fn key_and_name(answer: &str) -> Option<(&str, &str)> {
    let (key, name) = answer.split_once('/')?;
    let is_key = key.len() == 32 && key.bytes().all(|b| b.is_ascii_hexdigit());
    (is_key && !name.is_empty()).then_some((key, name))
}

/// How many bytes the file that answers a question may have.
pub fn bytes_max(field: &Field) -> u64 {
    match &field.max {
        Some(Limit::Size(text)) => size(text).unwrap_or(BYTES_UNLESS_TOLD).min(BYTES_MAX),
        _ => BYTES_UNLESS_TOLD,
    }
}

/// A fault where a file of so many bytes is too long for the question.
pub fn fits(field: &Field, bytes: u64) -> Result<(), Fault> {
    let most = bytes_max(field);
    if bytes > most { Err(Fault::with(TOO_LONG, most)) } else { Ok(()) }
}

/// The ending of a file's name in small letters, without its point; empty where it has none.
pub fn ending(name: &str) -> String {
    let plain = base::typed::bare(name);
    plain.trim_end_matches([' ', '.']).rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_lowercase())
}

/// Endings of the same type of file.
const ALIKE: [&[&str]; 4] = [&["jpg", "jpeg", "jpe", "jfif"], &["tif", "tiff"], &["htm", "html"], &["heic", "heif"]];

/// Whether a question takes files with this ending, or with another of the same type.
fn is_accepted(accept: &[String], ending: &str) -> bool {
    let same = |one: &str| {
        let one = one.trim().trim_start_matches('.').to_lowercase();
        one == ending || ALIKE.iter().any(|alike| alike.contains(&one.as_str()) && alike.contains(&ending))
    };
    accept.is_empty() || accept.iter().any(|one| same(one))
}

/// The endings of one type, and what its content begins with: where in the file, and which bytes.
type Beginning = (&'static [&'static str], &'static [(usize, &'static [u8])]);

/// How the content of a type of file begins: the endings, and the bytes at a place, any of which.
const BEGINNINGS: &[Beginning] = &[
    (&["jpg", "jpeg", "jpe", "jfif"], &[(0, &[0xFF, 0xD8, 0xFF])]),
    (&["png"], &[(0, b"\x89PNG\r\n\x1a\n")]),
    (&["gif"], &[(0, b"GIF87a"), (0, b"GIF89a")]),
    (&["tif", "tiff"], &[(0, b"II*\0"), (0, b"MM\0*"), (0, b"II+\0"), (0, b"MM\0+")]),
    (&["webp"], &[(8, b"WEBP")]),
    (&["bmp"], &[(0, b"BM")]),
    (&["heic", "heif", "avif", "mp4", "mov", "m4a"], &[(4, b"ftyp")]),
    (
        &["docx", "xlsx", "pptx", "odt", "ods", "odp", "zip", "kmz", "epub"],
        &[(0, b"PK\x03\x04"), (0, b"PK\x05\x06"), (0, b"PK\x07\x08")],
    ),
    (&["doc", "xls", "ppt", "msg"], &[(0, &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1])]),
    (&["rtf"], &[(0, b"{\\rtf")]),
    (&["7z"], &[(0, b"7z\xBC\xAF\x27\x1C")]),
    (&["rar"], &[(0, b"Rar!\x1a\x07")]),
    (&["gz", "tgz"], &[(0, &[0x1F, 0x8B])]),
];

/// A PDF may have other bytes before its mark, so many at most (ISO 32000-1, annex H, 3.4.1).
const BEFORE_PDF_MAX: usize = 1024;

/// Whether a file is what its ending says, by how its content begins. What has an ending that is not known here is only
/// held against those that are: whatever its name, it is no other type in disguise.
///
/// # Errors
/// Where the file is empty, or another type than its ending says.
pub fn is_what_it_says(name: &str, content: &[u8]) -> Result<(), Fault> {
    if content.is_empty() {
        return Err(Fault::new("fault-file-empty"));
    }
    let ending = ending(name);
    let wrong = || Err(Fault::with("fault-file-content", &ending));
    let begins = |(place, bytes): &(usize, &[u8])| content.get(*place..).is_some_and(|rest| rest.starts_with(bytes));
    if ending == "pdf" {
        let head = &content[..content.len().min(BEFORE_PDF_MAX)];
        return if head.windows(5).any(|five| five == b"%PDF-") { Ok(()) } else { wrong() };
    }
    if ["txt", "csv", "xml", "json", "geojson", "svg", "htm", "html", "md"].contains(&ending.as_str()) {
        // A text in UTF-16 has its mark; any other has no byte of zero.
        let is_text = content.starts_with(&[0xFF, 0xFE]) || content.starts_with(&[0xFE, 0xFF]) || !content.contains(&0);
        let is_other = content.starts_with(b"%PDF-")
            || BEGINNINGS.iter().any(|(_, marks)| is_text_mark_free(marks) && marks.iter().any(begins));
        return if is_text && !is_other { Ok(()) } else { wrong() };
    }
    match BEGINNINGS.iter().find(|(endings, _)| endings.contains(&ending.as_str())) {
        Some((_, marks)) if !marks.iter().any(begins) => wrong(),
        _ => Ok(()),
    }
}

/// Whether no text begins as these types do by chance: two letters may.
fn is_text_mark_free(marks: &[(usize, &[u8])]) -> bool {
    marks.iter().all(|(_, bytes)| bytes.len() > 2 && bytes.iter().any(|byte| !byte.is_ascii_alphanumeric()))
}

/// The longest name that is kept, in characters.
const NAME_LENGTH_MAX: usize = 200;
/// What counts as an ending when a name is cut.
const ENDING_LENGTH_MAX: usize = 12;

/// A file's name as it is kept: without its folders and what cannot be kept, cut in the middle where it is too long, so
/// that its ending stays. The length is in characters, so an Arabic name is cut like any other.
pub fn kept_name(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or("");
    let fit: String = name.chars().filter(|c| !base::typed::is_unfit(*c)).collect();
    let line = base::typed::line(&fit).unwrap_or(fit);
    let count = line.chars().count();
    if count <= NAME_LENGTH_MAX {
        return line;
    }
    let (stem, ending) = match line.rsplit_once('.') {
        Some((stem, ending)) if ending.chars().count() <= ENDING_LENGTH_MAX => (stem, format!(".{ending}")),
        _ => (line.as_str(), String::new()),
    };
    let stem: String = stem.chars().take(NAME_LENGTH_MAX - ending.chars().count()).collect();
    stem.trim_end().to_owned() + &ending
}

/// `500 KB`, `5 MB`: a kilobyte has 1024 bytes.
fn size(text: &str) -> Option<u64> {
    let (number, unit) = text.trim().split_at_checked(text.trim().len().checked_sub(2)?)?;
    let unit: u64 = match unit.to_ascii_uppercase().as_str() {
        "KB" => 1 << 10,
        "MB" => 1 << 20,
        _ => return None,
    };
    number.trim().parse::<u64>().ok().filter(|n| *n > 0)?.checked_mul(unit)
}

impl Kind for FileKind {
    fn name(&self) -> &'static str {
        "file"
    }
    fn rule_type(&self, _: &Field) -> rules::Type {
        rules::Type::String
    }
    fn parse(&self, field: &Field, typed: &[String]) -> Result<Json, Fault> {
        let value = typed.first().map_or("", String::as_str).trim().to_owned();
        let Some((_, name)) = key_and_name(&value) else { return Err(Fault::new("fault-file")) };
        if !is_accepted(&field.accept, &ending(name)) {
            return Err(Fault::with("fault-file-type", field.accept.join(", ")));
        }
        within_length(field, value, 300)
    }
    fn input(&self) -> Input {
        Input::File
    }
    fn check(&self, field: &Field, path: &[Step]) -> Vec<Finding> {
        let at = || path.iter().cloned().chain([Step::Key("max".into())]).collect();
        let finding = match &field.max {
            None => return Vec::new(),
            Some(Limit::Number(number)) => Finding::at(at(), format!("«{number}» is no size of a file")),
            Some(Limit::Size(text)) => match size(text) {
                None => Finding::at(at(), format!("«{text}» is no size of a file")),
                Some(bytes) if bytes > BYTES_MAX => Finding::at(at(), "a file has 10 MB at most"),
                Some(_) => return Vec::new(),
            },
        };
        vec![finding.help("write it as `5 MB` or `500 KB`")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_names_what_is_kept() {
        let key = "0123456789abcdef0123456789abcdef";
        assert_eq!(key_and_name(&format!("{key}/a/b.pdf")), Some((key, "a/b.pdf")));
        for wrong in ["b.pdf", "/b.pdf", "0123/b.pdf", &format!("{key}/"), &format!("{}/b", "g".repeat(32))] {
            assert_eq!(key_and_name(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_file_is_what_its_ending_says_or_refused() {
        let content = |name: &str| Fault::with("fault-file-content", name);
        for (name, bytes, expect) in [
            ("a.pdf", &b"%PDF-1.7\n"[..], Ok(())),
            ("a.PDF", b"\xEF\xBB\xBF\n%PDF-1.4", Ok(())),
            ("a.pdf", b"", Err(Fault::new("fault-file-empty"))),
            ("a.pdf", b"<html>", Err(content("pdf"))),
            ("a.pdf", b"\xFF\xD8\xFF\xE0", Err(content("pdf"))),
            ("a.jpg", b"\xFF\xD8\xFF\xE0", Ok(())),
            ("a.JPEG", b"\xFF\xD8\xFF\xE1", Ok(())),
            ("a.jpg", b"\x89PNG\r\n\x1a\n", Err(content("jpg"))),
            ("صورة.png", b"\x89PNG\r\n\x1a\n...", Ok(())),
            ("a.png", b"%PDF-1.7", Err(content("png"))),
            ("a.tiff", b"II*\0", Ok(())),
            ("a.TIF", b"MM\0*", Ok(())),
            ("a.docx", b"PK\x03\x04", Ok(())),
            ("a.xlsx", b"MZ\x90", Err(content("xlsx"))),
            ("a.doc", b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Ok(())),
            ("a.csv", "الاسم,1".as_bytes(), Ok(())),
            ("a.csv", b"\xFF\xFEa\0", Ok(())),
            ("a.csv", b"BMW,1", Ok(())),
            ("a.csv", b"PK\x03\x04", Err(content("csv"))),
            ("a.txt", b"a\0b", Err(content("txt"))),
            ("a.pdf\u{200F}", b"MZ", Err(content("pdf"))),
            ("a.dwg", b"AC1027", Ok(())),
            ("", b"x", Ok(())),
        ] {
            assert_eq!(is_what_it_says(name, bytes), expect, "{name} {bytes:?}");
        }
    }

    #[test]
    fn endings_of_the_same_type_are_accepted() {
        let field: Field = serde_json::from_str(r#"{"type": "file", "accept": ["jpg", ".PDF", "tif"]}"#).unwrap();
        let key = "0123456789abcdef0123456789abcdef";
        for (name, is_accepted) in [
            ("a.jpg", true),
            ("a.JPEG", true),
            ("a.tiff", true),
            ("a.b.pdf", true),
            ("هوية.PDF", true),
            ("a.pdf\u{200E}", true),
            ("pdf", false),
            ("a.pdf.exe", false),
            ("a.png", false),
            ("a", false),
        ] {
            assert_eq!(field.parse(&[format!("{key}/{name}")]).is_ok(), is_accepted, "{name}");
        }
    }

    #[test]
    fn a_long_name_keeps_its_ending() {
        let arabic = "م".repeat(300);
        for (name, expect) in [
            ("هوية.pdf".to_owned(), "هوية.pdf".to_owned()),
            (format!("{arabic}.pdf"), format!("{}.pdf", "م".repeat(196))),
            ("x".repeat(300), "x".repeat(200)),
            (format!("a.{}", "x".repeat(300)), format!("a.{}", "x".repeat(198))),
            ("C:\\fakepath\\a.pdf".to_owned(), "a.pdf".to_owned()),
            ("../../a.pdf".to_owned(), "a.pdf".to_owned()),
            ("a\u{202E}fdp.exe".to_owned(), "afdp.exe".to_owned()),
            ("\u{FEFF}a\0\n b.pdf".to_owned(), "a b.pdf".to_owned()),
        ] {
            assert_eq!(kept_name(&name), expect, "{name}");
        }
    }

    #[test]
    fn sizes_are_read() {
        for (text, bytes) in [
            ("5 MB", Some(5 << 20)),
            ("500KB", Some(500 << 10)),
            ("1 mb", Some(1 << 20)),
            ("0 MB", None),
            ("5", None),
            ("ميغا", None),
            ("-1 MB", None),
            ("99999999999999999999 MB", None),
        ] {
            assert_eq!(size(text), bytes, "{text}");
        }
    }

    #[test]
    fn a_file_is_held_against_the_limit_of_its_question() {
        let field = |max: &str| serde_json::from_str::<Field>(&format!(r#"{{"type": "file"{max}}}"#)).unwrap();
        assert_eq!(fits(&field(r#", "max": "2 KB""#), 2048), Ok(()));
        assert_eq!(fits(&field(r#", "max": "2 KB""#), 2049), Err(Fault::with(TOO_LONG, 2048)));
        assert_eq!(bytes_max(&field("")), 5 << 20);
    }
}
