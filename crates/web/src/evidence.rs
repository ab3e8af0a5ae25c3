//! What a reader may see of the rows behind a figure. The figure counts them all; a row is shown to whoever may open it.

use measure::{Evidence, Indicator};
use register::Reader;
use service::Actor;

use crate::{App, failure::Failure};

/// Where a row opens, without the language: what the reader may see of it.
pub(crate) enum Opens {
    Case,
    Payment,
    /// The record of a register.
    Record(String),
}

impl Opens {
    pub fn path(&self, row: &str) -> String {
        match self {
            Opens::Case => format!("/cases/{row}"),
            Opens::Payment => format!("/payments/{row}"),
            Opens::Record(register) => format!("/registers/{register}/records/{row}"),
        }
    }
}

/// Where a row opens for a reader; `None` where they may see nothing of it.
pub(crate) async fn opens(
    app: &App,
    (reader, actor): (&Reader, &Actor),
    indicator: &Indicator,
    row: &Evidence,
) -> Result<Option<Opens>, Failure> {
    let source = &indicator.definition.of;
    if let Some(register) = &source.record {
        return in_register(app, reader, register, &row.row).await;
    }
    if source.payment.is_some() {
        let payment = app.cases.payment(actor, &row.row).await?;
        return Ok(payment.map(|_| Opens::Payment));
    }
    let Some(service) = &source.case else { return Ok(None) };
    if !actor.account.is_empty() && app.cases.get(actor, &row.row).await?.is_some() {
        return Ok(Some(Opens::Case));
    }
    // Whoever may not see a case may see what it led to: nobody who signs in sees less than before.
    let made = app.pack.catalogue.service(service).and_then(|service| service.definition.record.as_ref());
    match made {
        Some(made) => in_register(app, reader, &made.register, &row.row).await,
        None => Ok(None),
    }
}

async fn in_register(app: &App, reader: &Reader, register: &str, id: &str) -> Result<Option<Opens>, Failure> {
    let Some(definition) = app.registers.definition(register) else { return Ok(None) };
    let record = app.registers.find(register, id).await?;
    let readable = record.is_some_and(|record| !reader.readable(definition, &record).is_empty());
    Ok(readable.then(|| Opens::Record(register.to_owned())))
}
