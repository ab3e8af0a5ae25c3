//! What the journal learns of versions of services and of files, so that an audit can tell whether they are what they
//! were. Their documents tell little: it is the prints of their rows that hold them.

use serde_json::json;
use store::{Change, Tx};

/// A version of a service was written.
pub(crate) fn of_version(tx: &Tx, service: &str, version: &str) -> Change {
    Change {
        source: "service-version",
        kind: service.to_owned(),
        row: format!("{service} {version}"),
        effective: tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        before: None,
        after: Some(json!({"service": service, "version": version})),
    }
}

/// A file came, or is gone.
pub(crate) fn of_document(tx: &Tx, id: &str, is_there: bool) -> Change {
    Change {
        source: "document",
        kind: "document".to_owned(),
        row: id.to_owned(),
        effective: tx.by().at.to_zoned(jiff::tz::TimeZone::UTC).date(),
        before: (!is_there).then(|| json!({})),
        after: is_there.then(|| json!({})),
    }
}
