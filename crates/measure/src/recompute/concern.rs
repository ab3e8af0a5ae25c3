//! Which indicators a row concerns, and how they read it without anybody parsing it.

use serde_json::Value as Json;

use crate::{
    Indicator,
    definition::Source,
    field::{Field, Scanner},
    indicator::{Fields, place},
};

/// The indicators over the rows of one kind.
pub(super) struct Concern {
    pub source: &'static str,
    pub kind: String,
    pub scanner: Scanner,
    /// The places of the indicators, and for each of its names the place among the scanned fields.
    pub indicators: Vec<(usize, Vec<usize>)>,
}

impl Concern {
    /// Every kind of row that an indicator is over.
    pub fn all(indicators: &[Indicator]) -> Vec<Concern> {
        let kinds = Source::SOURCES.iter().flat_map(|source| indicators.iter().map(move |i| (*source, i.kind(source))));
        let mut kinds: Vec<_> = kinds.filter_map(|(source, kind)| Some((source, kind?.to_owned()))).collect();
        kinds.sort();
        kinds.dedup();
        let concern = |(source, kind): (&'static str, String)| {
            let mut names: Vec<String> = Vec::new();
            let concerned = indicators.iter().enumerate().filter(|(_, i)| i.kind(source) == Some(&kind));
            let concerned =
                concerned.map(|(at, i)| (at, i.names().iter().map(|name| place(&mut names, name)).collect()));
            let indicators = concerned.collect();
            Concern { source, kind, scanner: Scanner::new(names), indicators }
        };
        kinds.into_iter().map(concern).collect()
    }
}

/// A document that nobody has parsed, as one indicator reads it.
pub(super) struct Unparsed<'a> {
    pub document: &'a str,
    pub fields: &'a [Field<'a>],
    pub places: &'a [usize],
}

impl Fields for Unparsed<'_> {
    fn field(&self, place: usize) -> Field<'_> {
        self.places.get(place).and_then(|place| self.fields.get(*place)).copied().unwrap_or(Field::Missing)
    }

    fn whole(&self) -> Json {
        Field::Text(self.document).json()
    }
}
