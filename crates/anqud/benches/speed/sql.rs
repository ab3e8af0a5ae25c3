//! The SQL that fills a database for measuring.

use store::{By, Store, StoreError};

/// Puts copies of the cases that wait for somebody beside them until so many wait. The copies have no history: lists and
/// counts read only what stands.
pub async fn multiply_open_cases(store: &Store, by: By, wanted: i64) -> Result<(), StoreError> {
    store
        .write(by, move |tx| {
            Box::pin(async move {
                let open = tx.one("SELECT count(*) AS n FROM case_file WHERE duty <> '-'", &[]).await?;
                let open = open.map_or(Ok(0), |row| row.int("n"))?;
                let times = (wanted - open) / open.max(1) + 1;
                for round in 0..times {
                    tx.run(
                        "INSERT INTO case_file (reference, service, version, applicant, applicant_name, state, duty, \
                         outcome, assignee, filed, due, closed, days, on_time, seat, answers, revision, action, note, escalated) \
                         SELECT reference || '-' || CAST($1 AS TEXT), service, version, applicant, applicant_name, state, \
                         duty, outcome, assignee, filed, due, closed, days, on_time, NULL, answers, revision, action, \
                         note, escalated FROM case_file WHERE duty <> '-' AND length(reference) = 12",
                        &[round.into()],
                    )
                    .await?;
                }
                Ok::<_, StoreError>(())
            })
        })
        .await
}
