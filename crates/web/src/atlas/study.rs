//! What every page of the atlas works with: a table, and what follows from it.

use std::sync::Arc;

use ::atlas::{
    Matrix, Presence, Table,
    clusters::{self as division, Method, Similarity, Template},
    complexity::{Complexity, Groups, Outlook, complexity, outlook},
    relatedness::{CoOccurrence, Measure},
    specialisation::location_quotients,
};
use pack::Atlas;

use crate::{App, failure::Failure, frame::Frame};

/// What every page of the atlas works with: a table and what follows from it.
pub(crate) struct Studied {
    pub quotients: Matrix,
    pub presence: Presence,
    pub pairs: CoOccurrence,
    pub complexity: Option<Complexity>,
    pub outlook: Option<Outlook>,
    pub densities: Matrix,
}

impl Studied {
    /// Works a table out; `None` for one in which no place is better at anything than another.
    pub fn of(table: &Table) -> Option<Studied> {
        let quotients = location_quotients(table);
        let presence = Presence::of(table, 1.0).ok()?;
        let pairs = CoOccurrence::of(&presence).ok()?;
        let complexity = complexity(&presence, Groups::Largest).ok();
        let outlook = complexity.as_ref().map(|complexity| outlook(&presence, &pairs, Measure::Minimum, complexity));
        let densities = ::atlas::relatedness::densities(&presence, &pairs, Measure::Minimum);
        Some(Studied { quotients, presence, pairs, complexity, outlook, densities })
    }
}

/// The best template of clusters by several similarities, and the similarities; `None` where there are too few
/// activities.
pub(super) fn template(table: &Table) -> Option<(Vec<Similarity>, Template)> {
    let mut similarities = division::of_table(table).ok()?;
    similarities.push(division::combined(&similarities).ok()?);
    let most = (table.activities().len() / 2).clamp(2, 8);
    let methods = [Method::Ward, Method::Average, Method::KMeans];
    let best = division::templates(&similarities, &methods, 2..=most, 7).ok()?.into_iter().next()?;
    Some((similarities, best))
}

/// The pack's atlas, which must be there.
pub(super) fn atlas(app: &App) -> Result<Arc<Atlas>, Failure> {
    app.pack.atlas.clone().ok_or(Failure::NotFound)
}

/// Works on a thread of its own, because mathematics takes the processor for itself.
pub(super) async fn worked_out<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(|_| Failure::Internal)
}

pub(super) fn activity_title(atlas: &Atlas, f: &Frame, name: &str) -> String {
    atlas.definition.table.activities.get(name).map_or(name, |title| title.get(f.lang)).to_owned()
}

/// `1.24`: two decimals, as quotients are read, and a real minus sign.
pub(super) fn two(value: f64) -> String {
    let text = format!("{:.2}", value.abs());
    if value < 0.0 && text != "0.00" { format!("−{text}") } else { text }
}
