//! What became of something, told so that others can learn from it.

use base::{Id, Text};

/// A success story or a case study.
#[derive(Debug, Clone)]
pub struct Story {
    /// The name of its file.
    pub story: String,
    pub title: Text,
    /// One sentence of what it is about.
    pub summary: Text,
    /// The cluster that it is of, where it is of one.
    pub cluster: Option<Id>,
    /// The indicators by which a reader can see whether it goes on.
    pub indicators: Vec<Id>,
    /// In Markdown.
    pub body: Text,
}
