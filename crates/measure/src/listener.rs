//! Listens to the journal and appends deltas in the transaction that makes the change.

use std::sync::Arc;

use rules::Environment;
use serde_json::Value as Json;
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
    fn heard(&self, tx: &mut Tx, change: &Change) {
        let recorded = tx.by().at.to_string();
        let (before, after) = (change.before.as_ref(), change.after.as_ref());
        append_deltas(tx, &self.indicators, (change.source, &change.kind, &change.row), before, after, &recorded);
    }
}

/// Appends f(after) - f(before) for every indicator over the source of a row.
pub(crate) fn append_deltas(
    tx: &mut Tx,
    indicators: &[Indicator],
    (source, kind, row): (&str, &str, &str),
    before: Option<&Json>,
    after: Option<&Json>,
    recorded: &str,
) {
    let mut concerned = indicators.iter().filter(|indicator| indicator.is_over(source, kind)).peekable();
    if concerned.peek().is_none() {
        return;
    }
    let (before, after) = (prepared(before), prepared(after));
    for indicator in concerned {
        let of = |side: &Option<(&Json, Environment)>| {
            side.as_ref().and_then(|(row, environment)| indicator.contribution(row, environment))
        };
        let (was, is) = (of(&before), of(&after));
        if was == is {
            continue;
        }
        for (contribution, sign) in was.iter().map(|c| (c, -1)).chain(is.iter().map(|c| (c, 1))) {
            tx.append(sql::DELTA, delta(indicator.name(), contribution, sign, row, recorded));
        }
    }
}

fn prepared(row: Option<&Json>) -> Option<(&Json, Environment)> {
    row.map(|row| (row, Environment::new(row.clone())))
}

fn delta(indicator: &str, c: &Contribution, sign: i64, row: &str, recorded: &str) -> Vec<store::Arg> {
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
