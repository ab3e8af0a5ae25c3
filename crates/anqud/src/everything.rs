//! The audit of the whole: the journal against its seals, rows against the journal, postings against balances and figures
//! against what they are derived from. Each part brings its own check; this calls them within one snapshot.

use std::sync::Arc;

use measure::Indicator;
use store::{Audited, Finding, Store};

/// What came of an audit of everything.
pub(crate) struct Report {
    pub audited: Audited,
    /// What the parts have found besides.
    pub findings: store::Findings,
}

impl Report {
    /// All that is not as it should be, in words.
    pub fn wrong(&self) -> Vec<String> {
        let journal = self.audited.journal.found.iter().cloned();
        let rows = self.audited.findings.told.iter().chain(&self.findings.told).map(ToString::to_string);
        journal.chain(rows).collect()
    }

    /// How much more there is than is told.
    pub fn more(&self) -> u64 {
        self.audited.journal.more + self.audited.findings.more + self.findings.more
    }
}

/// Audits a database; `outside` is what was kept of its checkpoints elsewhere.
pub(crate) async fn audit(
    store: &Store,
    indicators: Arc<Vec<Indicator>>,
    outside: Option<&str>,
) -> Result<Report, Box<dyn std::error::Error + Send + Sync>> {
    store
        .snapshot(async |session| {
            let mut audited = store.audit(session).await?;
            if let Some(outside) = outside {
                audited.journal.hold_against(outside);
            }
            let mut findings = pay::audit(session).await?;
            let figures = measure::verify(session, indicators).await?;
            if figures.different > 0 {
                let stands = format!("{} days of indicators with another figure", figures.different);
                findings.add(|| Finding::new("figures", "of days", "what they add up to", stands));
            }
            if figures.indicators > 0 {
                let stands = format!("other changes behind {} indicators", figures.indicators);
                findings.add(|| Finding::new("figures", "and what is behind them", "what they follow from", stands));
            }
            Ok(Report { audited, findings })
        })
        .await
}
