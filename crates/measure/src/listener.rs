//! Listens to the journal and appends deltas in the transaction that makes the change.

use std::sync::Arc;

use store::{Change, Listener, Tx};

use crate::{Contribution, Indicator, sql};

/// The indicators, listening.
pub struct MeasureListener {
    indicators: Arc<Vec<Indicator>>,
}

impl MeasureListener {
    pub fn new(indicators: Arc<Vec<Indicator>>) -> MeasureListener {
        MeasureListener { indicators }
    }
}

impl Listener for MeasureListener {
    /// Appends f(after) - f(before) for every indicator over the source of the row.
    fn heard(&self, tx: &mut Tx, change: &Change) {
        let mut concerned = self.indicators.iter().filter(|i| i.is_over(change.source, &change.kind)).peekable();
        if concerned.peek().is_none() {
            return;
        }
        let recorded = base::stamp(tx.by().at);
        for indicator in concerned {
            let was = change.before.as_ref().and_then(|row| indicator.contribution(row));
            let is = change.after.as_ref().and_then(|row| indicator.contribution(row));
            for (contribution, sign) in difference(was.as_ref(), is.as_ref()) {
                tx.append(sql::DELTA, delta(indicator.name(), contribution, sign, &change.row, &recorded));
            }
        }
    }
}

/// What is taken away and what is added when a row that contributed `was` contributes `is`.
pub(crate) fn difference<'a, C: PartialEq>(
    was: Option<&'a C>,
    is: Option<&'a C>,
) -> impl Iterator<Item = (&'a C, i64)> {
    let (was, is) = if was == is { (None, None) } else { (was, is) };
    was.map(|c| (c, -1)).into_iter().chain(is.map(|c| (c, 1)))
}

/// A row of the table of deltas.
pub(crate) fn delta(indicator: &str, c: &Contribution, sign: i64, row: &str, recorded: &str) -> Vec<store::Arg> {
    let [d1, d2, d3] = &c.dimensions;
    vec![
        indicator.into(),
        c.day.to_string().into(),
        d1.into(),
        d2.into(),
        d3.into(),
        (sign * c.number).into(),
        (sign * c.micros).into(),
        row.into(),
        recorded.into(),
    ]
}
