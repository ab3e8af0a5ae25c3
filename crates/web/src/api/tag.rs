//! Entity tags (RFC 9110, 8.8.3): the revision of what was read, so that a change says what it changes.

use axum::{
    extract::FromRequestParts,
    http::{
        StatusCode,
        header::{ETAG, HeaderName, IF_MATCH},
        request::Parts,
    },
};

use super::{admit::Caller, problem::Problem};
use crate::App;

/// The header ETag of a revision.
pub(crate) fn tag(revision: i64) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{revision}\""))]
}

/// The revision that If-Match names; `None` where it was not sent or is `*`.
pub(crate) struct IfMatch(pub Option<i64>);

impl FromRequestParts<App> for IfMatch {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<IfMatch, Problem> {
        let caller = Caller::from_request_parts(parts, app).await?;
        let Some(value) = parts.headers.get(IF_MATCH) else { return Ok(IfMatch(None)) };
        let text = value.to_str().unwrap_or("").trim();
        if text == "*" {
            return Ok(IfMatch(None));
        }
        // RFC 9110, 8.8.3: a tag is quoted. What is not is a mistake rather than another revision.
        let quoted = text.strip_prefix("W/").unwrap_or(text);
        if quoted.len() < 2 || !quoted.starts_with('"') || !quoted.ends_with('"') {
            return Err(Problem::new(StatusCode::BAD_REQUEST, "if-match-malformed", caller.lang));
        }
        let revision = text.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).and_then(|n| n.parse().ok());
        match revision {
            Some(revision) => Ok(IfMatch(Some(revision))),
            // A tag that this server never gave matches nothing.
            None => Err(Problem::new(StatusCode::PRECONDITION_FAILED, "changed", caller.lang)),
        }
    }
}

impl IfMatch {
    /// The revision, which this endpoint must be told.
    pub fn required(self, caller: &Caller) -> Result<i64, Problem> {
        self.0.ok_or_else(|| Problem::new(StatusCode::PRECONDITION_REQUIRED, "if-match", caller.lang))
    }
}
