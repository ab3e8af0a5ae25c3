//! What a form sent: names and values, in order, with or without files; never more than it may be.

use axum::{
    RequestExt,
    extract::{
        DefaultBodyLimit, FromRequest, Multipart, RawForm, Request,
        multipart::{Field, MultipartError},
    },
    http::header::CONTENT_TYPE,
};

use register::Fault;

use crate::{App, failure::Failure, guard::Visitor, once, plain::plain};

/// What stands in a form between the token of the session and the key that is good once.
pub(crate) const ONE_TIME: char = '~';

/// A file may be this long at most.
pub(crate) const FILE_BYTES_MAX: usize = register::kind::file::BYTES_MAX as usize;
/// The files of one form may be this long together.
const FILES_BYTES_MAX: usize = 20 << 20;
/// A form with files is read to its end up to here, so that whoever sends too much is told so on the page. Of what is too
/// long nothing is kept meanwhile.
pub(crate) const FORM_BYTES_MAX: usize = 64 << 20;

/// A field of a form has this many bytes at most.
const TEXT_BYTES_MAX: usize = 64 << 10;
/// The fields of one form with files may be this long together.
const TEXTS_BYTES_MAX: usize = 2 << 20;
/// A form without files is this long at most, as it is sent.
pub(crate) const ENCODED_BYTES_MAX: usize = 1 << 20;
/// A form has this many fields at most, with or without files. One with more is refused: none of it is left out.
const FIELDS_MAX: usize = 20_000;
/// What a field without text counts: what is kept of it besides its name.
const FIELD_BYTES: usize = 64;

/// How many bytes of text a page takes beyond what any form may have, in one field and in all of them.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct MoreText(pub usize);

impl MoreText {
    /// How long a form without files may be: a byte of text is sent as three characters at most.
    fn encoded_bytes_max(self) -> usize {
        ENCODED_BYTES_MAX + 3 * self.0
    }
}

/// A form as it was sent, checked to be one of ours.
pub(crate) struct Form {
    pub fields: Vec<(String, String)>,
    pub files: Vec<SentFile>,
}

/// A file as it was sent.
pub(crate) struct SentFile {
    pub question: String,
    pub name: String,
    pub content: Vec<u8>,
    /// How many bytes were sent; of a file that is too long no content is kept.
    pub bytes: usize,
}

impl Form {
    pub fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    /// A hash over what was sent to a path.
    fn hash(&self, path: &str) -> String {
        let fields = self.fields.iter().flat_map(|(name, value)| [name.as_bytes(), value.as_bytes()]);
        let files = self.files.iter().flat_map(|f| [f.question.as_bytes(), f.name.as_bytes(), f.content.as_slice()]);
        store::hash_of([path.as_bytes()].into_iter().chain(fields).chain(files))
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }
}

/// What somebody wrote beside what they do, as it is kept; whole, or refused with the reason.
///
/// # Errors
/// The fault that a question of several lines would have.
pub(crate) fn note(typed: &str) -> Result<String, Fault> {
    let field = register::Field { required: false, ..register::Field::of_kind("long-text") };
    Ok(field.parse(&[typed.to_owned()])?.as_str().unwrap_or("").to_owned())
}

impl Form {
    /// What stands in a field that no question asks for, as it is kept: a reason, the number of a receipt.
    ///
    /// # Errors
    /// [`Failure::BadForm`] where it is too long or has a character that cannot be kept.
    pub fn text(&self, name: &str) -> Result<String, Failure> {
        note(self.first(name).unwrap_or("")).map_err(|_| Failure::BadForm)
    }
}

impl FromRequest<App> for Form {
    type Rejection = Failure;
    async fn from_request(mut request: Request, app: &App) -> Result<Form, Failure> {
        let request_path = request.uri().to_string();
        let more = request.extensions().get::<MoreText>().copied().unwrap_or_default();
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or(Failure::Internal)?;
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let form = if kind.starts_with("multipart/form-data") {
            parts(request.extract().await.map_err(|_| Failure::BadForm)?, more).await?
        } else {
            // Unlike a file, this is kept as a whole until it is read.
            DefaultBodyLimit::max(more.encoded_bytes_max()).apply(&mut request);
            let RawForm(bytes) = request.extract().await.map_err(|e: axum::extract::rejection::RawFormRejection| {
                Failure::of(e.status()).unwrap_or(Failure::BadForm)
            })?;
            Form { fields: pairs(&bytes).ok_or(Failure::TooLarge)?, files: Vec::new() }
        };
        let sent = form.first("csrf").unwrap_or("");
        let (csrf, key) = sent.split_once(ONE_TIME).map_or((sent, None), |(csrf, key)| (csrf, Some(key)));
        // Somebody who is signed in proves with the form that it is a form of this session.
        if visitor.who.account.is_some() && csrf != visitor.csrf {
            return Err(Failure::BadForm);
        }
        if key.is_some_and(|key| key.len() > once::KEY_BYTES_MAX) {
            return Err(Failure::BadForm);
        }
        if key.is_some_and(|key| !key.is_empty()) {
            let account = visitor.who.account.as_ref().map_or("", |account| account.id.as_str());
            let path = request_path.as_str();
            // The key is nowhere but in the page, so that nobody guesses from the hash what was typed.
            let key = format!("form {}", form.hash(path));
            // What the handler would answer to a form that was sent before goes nowhere.
            once::begin(app, account, &key, path).await.map_err(|_| Failure::BadForm)?;
        }
        Ok(form)
    }
}

/// The fields of a form, all of them; `None` where there are more than any form has.
fn pairs(bytes: &[u8]) -> Option<Vec<(String, String)>> {
    let text = String::from_utf8_lossy(bytes);
    let sent = || text.split('&').filter(|pair| !pair.is_empty());
    let field = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (plain(decoded(name)), plain(decoded(value)))
    };
    (sent().count() <= FIELDS_MAX).then(|| sent().map(field).collect())
}

/// Percent-decoding of application/x-www-form-urlencoded (WHATWG URL, 5.1).
pub(crate) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                let digits = [ahead.next(), ahead.next()].map(|d| d.and_then(|d| char::from(d).to_digit(16)));
                match digits {
                    [Some(high), Some(low)] => {
                        bytes.push((high * 16 + low) as u8);
                        rest = ahead;
                    }
                    _ => bytes.push(b'%'),
                }
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Why no more of a form can be read: there is too much of it, or it is not in the form that its head says.
fn unread(error: MultipartError) -> Failure {
    Failure::of(error.status()).unwrap_or(Failure::BadForm)
}

/// Reads the parts of a form to their end, and keeps them unless their text is longer than a form may have.
async fn parts(mut multipart: Multipart, MoreText(more): MoreText) -> Result<Form, Failure> {
    let mut form = Form { fields: Vec::new(), files: Vec::new() };
    // How much text may still be kept; `None` from where it was too much.
    let mut left = Some(TEXTS_BYTES_MAX + more);
    while let Some(part) = multipart.next_field().await.map_err(unread)? {
        let name = plain(part.name().unwrap_or("").to_owned());
        let named = name.len() + part.file_name().map_or(0, str::len) + FIELD_BYTES;
        left = left.and_then(|left| left.checked_sub(named)).filter(|_| form.fields.len() < FIELDS_MAX);
        match part.file_name().map(|name| plain(name.to_owned())) {
            Some(file) => {
                let kept: usize = form.files.iter().map(|file| file.content.len()).sum();
                let sent = sent_file(part, (name, file), FILES_BYTES_MAX - kept.min(FILES_BYTES_MAX)).await?;
                if !sent.name.is_empty() && left.is_some() {
                    form.files.push(sent);
                }
            }
            None => {
                let text = text(part, left.unwrap_or(0).min(TEXT_BYTES_MAX + more)).await?;
                left = left.zip(text.as_ref()).and_then(|(left, text)| left.checked_sub(text.len()));
                form.fields.extend(text.map(|text| (name, plain(text))));
            }
        }
    }
    left.map(|_| form).ok_or(Failure::TooLarge)
}

/// Reads a file to its end, and keeps it unless it is longer than a file may be or than what is left for all.
async fn sent_file(mut part: Field<'_>, (question, name): (String, String), left: usize) -> Result<SentFile, Failure> {
    let mut sent = SentFile { question, name, content: Vec::new(), bytes: 0 };
    while let Some(chunk) = part.chunk().await.map_err(unread)? {
        sent.bytes += chunk.len();
        if sent.bytes > left.min(FILE_BYTES_MAX) {
            sent.content = Vec::new();
        } else {
            sent.content.extend_from_slice(&chunk);
        }
    }
    if sent.bytes > left && sent.bytes <= FILE_BYTES_MAX {
        return Err(Failure::TooLarge);
    }
    Ok(sent)
}

/// Reads a field to its end. `None` where it is longer than it may be; nothing is kept of it then.
async fn text(mut part: Field<'_>, bytes_max: usize) -> Result<Option<String>, Failure> {
    let (mut text, mut fits) = (Vec::new(), true);
    while let Some(chunk) = part.chunk().await.map_err(unread)? {
        fits &= text.len() + chunk.len() <= bytes_max;
        if fits {
            text.extend_from_slice(&chunk);
        } else {
            text = Vec::new();
        }
    }
    Some(text).filter(|_| fits).map(String::from_utf8).transpose().map_err(|_| Failure::BadForm)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        assert_eq!(decoded("%D8%B1+a%2Bb%"), "ر a+b%");
        assert_eq!(pairs(b"a%00=1%00%1f2%0A"), Some(vec![("a".to_owned(), "12\n".to_owned())]));
        let expect = [("a", "1"), ("a", "2"), ("b", "")].map(|(a, b)| (a.to_owned(), b.to_owned()));
        assert_eq!(pairs(b"a=1&a=2&b"), Some(expect.to_vec()));
    }

    #[test]
    fn a_form_of_any_number_of_fields_arrives_whole_or_not_at_all() {
        let form = |fields: usize| "a=1&".repeat(fields);
        for (fields, arrives) in [(1, true), (501, true), (5_000, true), (FIELDS_MAX, true), (FIELDS_MAX + 1, false)] {
            let read = pairs(form(fields).as_bytes());
            assert_eq!(read.map(|pairs| pairs.len()), arrives.then_some(fields));
        }
    }

    #[test]
    fn a_note_is_kept_as_it_is_seen_or_refused() {
        for (typed, expect) in [
            (" one\u{A0}two\r\n\u{200F}three ", Ok("one two\nthree".to_owned())),
            ("\u{200B}\u{FEFF}", Ok(String::new())),
            ("a\u{202E}b", Err(Fault::with("fault-control", "U+202E (right-to-left override)"))),
            (&"ش".repeat(4001), Err(Fault::with("fault-too-long", 4000))),
        ] {
            assert_eq!(note(typed), expect, "{typed:?}");
        }
    }
}
