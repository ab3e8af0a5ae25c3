//! A file that came with a case, as an answer over HTTP.

use axum::{
    http::header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use register::kind::file;
use service::Document;

use crate::App;

/// The types that are named; anything else is just bytes. Nothing that can hold a script is among them.
const TYPES: [(&str, &str); 6] = [
    ("pdf", "application/pdf"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("png", "image/png"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
];

/// What is kept of a file that was sent.
pub(crate) fn document(app: &App, account: &str, name: &str, content: &[u8]) -> Document {
    Document {
        id: app.random_name(),
        account: account.to_owned(),
        name: file::kept_name(name),
        body: STANDARD.encode(content),
        added: base::stamp(app.now()),
    }
}

/// The answer to a question of kind `file` that names a document.
pub(crate) fn answer(document: &Document) -> String {
    format!("{}/{}", document.id, document.name)
}

/// The file to be saved. `None` where what is kept cannot be read.
pub(crate) fn attachment(document: &Document) -> Option<Response> {
    let content = STANDARD.decode(&document.body).ok()?;
    let ending = file::ending(&document.name);
    let kind = TYPES.iter().find(|(known, _)| *known == ending).map_or("application/octet-stream", |(_, kind)| *kind);
    // RFC 6266: the name in UTF-8, percent-encoded, so that an Arabic name survives.
    let name: String = document.name.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let disposition = format!("attachment; filename*=UTF-8''{name}");
    Some(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, disposition)], content).into_response())
}
