//! What a form sent: names and values, in order, with or without files; never more than it may be.

use axum::{
    RequestExt,
    extract::{FromRequest, Multipart, RawForm, Request},
    http::header::CONTENT_TYPE,
};

use crate::{App, failure::Failure, guard::Visitor};

/// A file may be this long at most.
pub(crate) const FILE_BYTES_MAX: usize = 5 << 20;

/// A form as it was sent, checked to be one of ours.
pub(crate) struct Form {
    pub fields: Vec<(String, String)>,
    /// Question, file name, content.
    pub files: Vec<(String, String, Vec<u8>)>,
}

impl Form {
    pub fn first(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    pub fn all(&self, name: &str) -> Vec<String> {
        self.fields.iter().filter(|(n, _)| n == name).map(|(_, value)| value.clone()).collect()
    }
}

impl FromRequest<App> for Form {
    type Rejection = Failure;
    async fn from_request(request: Request, _: &App) -> Result<Form, Failure> {
        let visitor = request.extensions().get::<Visitor>().cloned().ok_or(Failure::Internal)?;
        let kind = request.headers().get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
        let form = if kind.starts_with("multipart/form-data") {
            parts(request.extract().await.map_err(|_| Failure::BadForm)?).await?
        } else {
            let RawForm(bytes) = request.extract().await.map_err(|e: axum::extract::rejection::RawFormRejection| {
                Failure::of(e.status()).unwrap_or(Failure::BadForm)
            })?;
            Form { fields: pairs(&bytes), files: Vec::new() }
        };
        // Somebody who is signed in proves with the form that it is a form of this session.
        if visitor.who.account.is_some() && form.first("csrf") != Some(visitor.csrf.as_str()) {
            return Err(Failure::BadForm);
        }
        Ok(form)
    }
}

fn pairs(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes);
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .take(500)
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
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

async fn parts(mut multipart: Multipart) -> Result<Form, Failure> {
    let mut form = Form { fields: Vec::new(), files: Vec::new() };
    while let Some(part) = multipart.next_field().await.map_err(|_| Failure::TooLarge)? {
        let name = part.name().unwrap_or("").to_owned();
        match part.file_name().map(str::to_owned) {
            Some(file) => {
                let content = part.bytes().await.map_err(|_| Failure::TooLarge)?;
                if content.len() > FILE_BYTES_MAX {
                    return Err(Failure::TooLarge);
                }
                if !file.is_empty() {
                    form.files.push((name, file, content.to_vec()));
                }
            }
            None => form.fields.push((name, part.text().await.map_err(|_| Failure::BadForm)?)),
        }
    }
    Ok(form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_decoded() {
        assert_eq!(decoded("%D8%B1+a%2Bb%"), "ر a+b%");
        assert_eq!(pairs(b"a=1&a=2&b"), [("a", "1"), ("a", "2"), ("b", "")].map(|(a, b)| (a.to_owned(), b.to_owned())));
    }
}
