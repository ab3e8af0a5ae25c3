//! The SQL of who has had a hand in what.

use store::{Arg, Session, StoreError, Tx};

/// Once for each thing, person and part.
pub(super) async fn insert(tx: &mut Tx, about: &str, person: &str, part: &str) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let sql = "INSERT INTO hand (about, person, part, recorded) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    tx.run(sql, &[about.into(), person.into(), part.into(), recorded.into()]).await?;
    Ok(())
}

/// What a person did in any of the things.
pub(super) async fn hands_of(
    db: &mut Session,
    person: &str,
    things: &[String],
) -> Result<Vec<(String, String)>, StoreError> {
    if things.is_empty() {
        return Ok(Vec::new());
    }
    let places: Vec<String> = (2..things.len() + 2).map(|place| format!("${place}")).collect();
    let sql = format!(
        "SELECT about, part FROM hand WHERE person = $1 AND about IN ({}) ORDER BY recorded, part",
        places.join(", ")
    );
    let mut args: Vec<Arg> = vec![person.into()];
    args.extend(things.iter().map(Arg::from));
    db.all(&sql, &args).await?.iter().map(|row| Ok((row.text("about")?, row.text("part")?))).collect()
}
