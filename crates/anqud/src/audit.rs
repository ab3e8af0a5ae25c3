//! `anqud audit`: one answer to whether all that stands is what was written down.

use std::time::Instant;

use store::Store;

use crate::{
    everything, journal,
    options::AuditOptions,
    system::{self, Failure, migrations},
};

pub(crate) async fn audit(options: AuditOptions) -> Result<(), Failure> {
    let pack = system::read_pack(&options.pack)?;
    let outside = options.against.as_deref().map(journal::outside).transpose()?;
    let store = Store::open(&options.database, &migrations(), Vec::new()).await?;
    let start = Instant::now();
    let report = everything::audit(&store, pack.indicators.clone(), outside.as_deref()).await?;
    let (audited, wrong) = (&report.audited, report.wrong());
    let read = format!(
        "{} journal entries and {} rows were held against each other in {:.2} s",
        audited.entries,
        audited.rows,
        start.elapsed().as_secs_f64()
    );
    if !wrong.is_empty() {
        for finding in &wrong {
            println!("{finding}");
        }
        let number = wrong.len() as u64 + report.more();
        return Err(format!("{read}; {number} things are not as they should be").into());
    }
    println!("{read}; all of it agrees");
    println!("{} entries are sealed, {} are not sealed yet", audited.journal.sealed, audited.journal.open);
    if audited.unprinted > 0 {
        println!(
            "{} rows were last written by a version that wrote no prints: of them only whether they are there is known",
            audited.unprinted
        );
    }
    if let Some(last) = &audited.journal.last {
        println!("{} {}", last.seq, last.hash);
    }
    Ok(())
}
