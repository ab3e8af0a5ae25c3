//! Files that came with an application, kept in the database, in base64.

/// A file that an applicant sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    pub id: String,
    pub account: String,
    pub name: String,
    /// The content in base64.
    pub body: String,
    pub added: String,
}
