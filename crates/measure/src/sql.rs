//! The SQL of measuring.

use jiff::civil::Date;
use store::{Arg, Line, Migration, Row, Session, StoreError};

use crate::{Evidence, Observation, Wanted, cube::Sum};

/// The tables of measuring.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "measure-0001-deltas", sql: include_str!("../migrations/0001_deltas.sql") },
    Migration { name: "measure-0002-fold", sql: include_str!("../migrations/0002_fold.sql") },
    Migration { name: "measure-0003-prints", sql: include_str!("../migrations/0003_prints.sql") },
    Migration { name: "measure-0003-taken-in", sql: include_str!("../migrations/0003_taken_in.sql") },
];

pub(crate) const DELTA: &str = "INSERT INTO delta (indicator, day, d1, d2, d3, number, micros, row_key, recorded)";
/// Deltas that are in `figure_day` already, as recomputing writes them.
pub(crate) const FOLDED_DELTA: &str =
    "INSERT INTO delta (indicator, day, d1, d2, d3, number, micros, row_key, recorded, folded)";
pub(crate) const FIGURE_DAY: &str = "INSERT INTO figure_day (indicator, day, d1, d2, d3, number, micros, generation)";

/// What an indicator adds up to on a day under its dimensions.
#[derive(Debug, Clone)]
pub(crate) struct FoldedRow {
    pub indicator: String,
    pub day: Date,
    pub dimensions: [String; 3],
    pub sum: Sum,
}

fn folded_row(row: &Row) -> Result<FoldedRow, StoreError> {
    let day = row.text("day")?;
    Ok(FoldedRow {
        indicator: row.text("indicator")?,
        day: day.parse().map_err(|_| StoreError::Column { column: "day".into(), wanted: "a day" })?,
        dimensions: [row.text("d1")?, row.text("d2")?, row.text("d3")?],
        sum: Sum { number: row.int("number")?, micros: row.int("micros")? },
    })
}

/// Rows beside the generation, which comes even where there is no row.
fn with_generation(rows: &[Row]) -> Result<(i64, Vec<FoldedRow>), StoreError> {
    let generation = rows.first().map_or(Ok(0), |row| row.int("generation"))?;
    let there = rows.iter().filter_map(|row| match row.text_opt("indicator") {
        Ok(None) => None,
        Ok(Some(_)) => Some(folded_row(row)),
        Err(error) => Some(Err(error)),
    });
    Ok((generation, there.collect::<Result<_, _>>()?))
}

/// The generation since which no row was taken away.
pub(crate) async fn rebuilt(db: &mut Session) -> Result<i64, StoreError> {
    db.one("SELECT rebuilt FROM fold WHERE id = 1", &[]).await?.map_or(Ok(0), |row| row.int("rebuilt"))
}

/// The generation and what is not folded yet, in one statement and so of one moment. The concatenation keeps SQLite from
/// reading every delta in the order of the other index, when the few open ones have an index of their own.
pub(crate) async fn open_sums(db: &mut Session) -> Result<(i64, Vec<FoldedRow>), StoreError> {
    let sql = "SELECT f.generation, d.indicator, d.day, d.d1, d.d2, d.d3, d.number, d.micros FROM fold f LEFT JOIN \
        (SELECT indicator, day, d1, d2, d3, CAST(sum(number) AS BIGINT) AS number, CAST(sum(micros) AS BIGINT) AS micros \
         FROM delta WHERE folded = 0 GROUP BY indicator || '', indicator, day, d1, d2, d3) d ON true";
    with_generation(&db.all(sql, &[]).await?)
}

/// The generation and the folded rows that changed after an earlier one.
pub(crate) async fn folded_since(db: &mut Session, generation: i64) -> Result<(i64, Vec<FoldedRow>), StoreError> {
    let sql = "SELECT f.generation, d.indicator, d.day, d.d1, d.d2, d.d3, d.number, d.micros FROM fold f LEFT JOIN \
        (SELECT indicator, day, d1, d2, d3, number, micros FROM figure_day WHERE generation > $1) d ON true";
    with_generation(&db.all(sql, &[generation.into()]).await?)
}

/// Each folded row: the indicator, the day, the dimensions and what they add up to.
pub(crate) async fn each_folded(
    db: &mut Session,
    mut take: impl FnMut(&str, Date, [&str; 3], Sum) + Send,
) -> Result<(), StoreError> {
    let sql = "SELECT indicator, day, d1, d2, d3, number, micros FROM figure_day ORDER BY indicator";
    let read = |line: Line<'_>| {
        let wrong = |_| StoreError::Column { column: "day".into(), wanted: "a day" };
        let day = line.text(1)?.parse().map_err(wrong)?;
        let sum = Sum { number: line.int(5)?, micros: line.int(6)? };
        take(line.text(0)?, day, [line.text(2)?, line.text(3)?, line.text(4)?], sum);
        Ok(())
    };
    db.each(sql, &[], read).await
}

/// The number of the last delta; 0 where there is none.
pub(crate) async fn last_delta(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT coalesce(max(id), 0) AS id FROM delta", &[]).await?;
    row.map_or(Ok(0), |row| row.int("id"))
}

/// Each delta after one up to another: indicator, day, three dimensions, row, recorded; and number and micros.
pub(crate) async fn each_delta(
    db: &mut Session,
    (after, until): (i64, i64),
    mut take: impl FnMut([&str; 7], [i64; 2]) + Send,
) -> Result<(), StoreError> {
    let sql = "SELECT indicator, day, d1, d2, d3, row_key, recorded, number, micros FROM delta \
        WHERE id > $1 AND id <= $2 ORDER BY id";
    let read = |line: Line<'_>| {
        let mut texts = [""; 7];
        for (place, text) in texts.iter_mut().enumerate() {
            *text = line.text(place)?;
        }
        take(texts, [line.int(7)?, line.int(8)?]);
        Ok(())
    };
    db.each(sql, &[after.into(), until.into()], read).await
}

/// What one indicator added up to, counting what was recorded up to an instant.
pub(crate) async fn sums_as_of(db: &mut Session, indicator: &str, as_of: &str) -> Result<Vec<FoldedRow>, StoreError> {
    let sql = "SELECT indicator, day, d1, d2, d3, CAST(sum(number) AS BIGINT) AS number, CAST(sum(micros) AS BIGINT) AS micros \
        FROM delta WHERE indicator = $1 AND recorded <= $2 GROUP BY indicator, day, d1, d2, d3";
    db.all(sql, &[indicator.into(), as_of.into()]).await?.iter().map(folded_row).collect()
}

/// A new generation; its number.
pub(crate) async fn start_generation(db: &mut Session) -> Result<i64, StoreError> {
    let sql = "UPDATE fold SET generation = generation + 1 WHERE id = 1 RETURNING generation";
    db.one(sql, &[]).await?.map_or(Ok(0), |row| row.int("generation"))
}

/// Adds the oldest open deltas to their days, and marks them as folded; how many. Rows are marked rather than counted
/// past, because on PostgreSQL a delta with a smaller number may be committed later.
pub(crate) async fn fold_some(db: &mut Session, most: i64) -> Result<u64, StoreError> {
    let sql = "UPDATE delta SET folded = 1 WHERE id IN (SELECT id FROM delta WHERE folded = 0 ORDER BY id LIMIT $1) \
        RETURNING indicator, day, d1, d2, d3, number, micros";
    let rows = db.all(sql, &[most.into()]).await?;
    if rows.is_empty() {
        return Ok(0);
    }
    let mut sums: std::collections::BTreeMap<(String, String, [String; 3]), Sum> = std::collections::BTreeMap::new();
    for row in &rows {
        let place = (row.text("indicator")?, row.text("day")?, [row.text("d1")?, row.text("d2")?, row.text("d3")?]);
        *sums.entry(place).or_default() += Sum { number: row.int("number")?, micros: row.int("micros")? };
    }
    let generation = start_generation(db).await?;
    for ((indicator, day, [d1, d2, d3]), sum) in sums {
        let add = "INSERT INTO figure_day (indicator, day, d1, d2, d3, number, micros, generation) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (indicator, day, d1, d2, d3) DO UPDATE SET \
            number = figure_day.number + excluded.number, micros = figure_day.micros + excluded.micros, \
            generation = excluded.generation";
        let sum: [Arg; 3] = [sum.number.into(), sum.micros.into(), generation.into()];
        let place: [Arg; 5] = [indicator.into(), day.into(), d1.into(), d2.into(), d3.into()];
        db.run(add, &place.into_iter().chain(sum).collect::<Vec<_>>()).await?;
    }
    Ok(rows.len() as u64)
}

/// Forgets the deltas and the figures of days of every indicator but these; the generation that begins.
pub(crate) async fn clear_all_but(db: &mut Session, kept: &[&str]) -> Result<i64, StoreError> {
    let args: Vec<Arg> = kept.iter().map(|name| Arg::from(*name)).collect();
    let places: Vec<String> = (1..=args.len()).map(|place| format!("${place}")).collect();
    let others =
        if kept.is_empty() { String::new() } else { format!(" WHERE indicator NOT IN ({})", places.join(", ")) };
    db.run(&format!("DELETE FROM delta{others}"), &args).await?;
    db.run(&format!("DELETE FROM figure_day{others}"), &args).await?;
    let generation = start_generation(db).await?;
    db.run("UPDATE fold SET rebuilt = generation WHERE id = 1", &[]).await?;
    Ok(generation)
}

/// A day as stored; the first of all days sorts before every other.
fn stored(day: Date) -> String {
    if day == Date::MIN { String::new() } else { day.to_string() }
}

/// A page of the rows behind a figure: those whose deltas do not cancel out.
pub(crate) async fn evidence(
    db: &mut Session,
    indicator: &str,
    wanted: &Wanted<'_>,
) -> Result<Vec<Evidence>, StoreError> {
    let mut args: Vec<Arg> = vec![indicator.into(), stored(wanted.days.0).into(), stored(wanted.days.1).into()];
    let mut when = String::from("day >= $2 AND day <= $3");
    if let Some(as_of) = wanted.as_of {
        args.push(as_of.into());
        when += &format!(" AND recorded <= ${}", args.len());
    }
    for (place, value) in &wanted.dimensions {
        args.push(value.into());
        when += &format!(" AND d{place} = ${}", args.len());
    }
    if let Some((day, row)) = &wanted.after {
        args.extend([day.into(), row.into()]);
        let n = args.len();
        when += &format!(" AND (day < ${} OR (day = ${} AND row_key > ${n}))", n - 1, n - 1);
    }
    args.push(wanted.limit.into());
    let sql = format!(
        "SELECT row_key, day, d1, d2, d3, CAST(sum(number) AS BIGINT) AS number, CAST(sum(micros) AS BIGINT) AS micros \
         FROM delta WHERE indicator = $1 AND {when} GROUP BY row_key, day, d1, d2, d3 \
         HAVING sum(number) <> 0 OR sum(micros) <> 0 ORDER BY day DESC, row_key LIMIT ${}",
        args.len()
    );
    let rows = db.all(&sql, &args).await?;
    rows.iter()
        .map(|row| {
            Ok(Evidence {
                row: row.text("row_key")?,
                day: row.text("day")?,
                dimensions: [row.text("d1")?, row.text("d2")?, row.text("d3")?],
                number: row.int("number")?,
                micros: row.int("micros")?,
            })
        })
        .collect()
}

pub(crate) async fn put_observation(
    db: &mut Session,
    indicator: &str,
    o: &Observation,
    recorded: &str,
) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO observation_version (indicator, day, micros, source, assumption, recorded) VALUES ($1, $2, $3, $4, $5, $6) \
         ON CONFLICT (indicator, day, recorded) DO UPDATE SET micros = excluded.micros, source = excluded.source, \
         assumption = excluded.assumption",
        &[
            indicator.into(),
            o.day.as_str().into(),
            o.micros.into(),
            o.source.as_str().into(),
            i64::from(o.assumption).into(),
            recorded.into(),
        ],
    )
    .await?;
    Ok(())
}

/// What a pack said of an indicator when it was taken in: the day and the content.
pub(crate) async fn taken_in(db: &mut Session, indicator: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT day, content FROM observation_taken_in WHERE indicator = $1";
    db.all(sql, &[indicator.into()]).await?.iter().map(|row| Ok((row.text("day")?, row.text("content")?))).collect()
}

pub(crate) async fn take_in(db: &mut Session, indicator: &str, day: &str, content: &str) -> Result<(), StoreError> {
    let sql = "INSERT INTO observation_taken_in (indicator, day, content) VALUES ($1, $2, $3) \
               ON CONFLICT (indicator, day) DO UPDATE SET content = excluded.content";
    db.run(sql, &[indicator.into(), day.into(), content.into()]).await?;
    Ok(())
}

/// All that was ever observed for a day, the last first.
pub(crate) async fn versions_of(db: &mut Session, indicator: &str, day: &str) -> Result<Vec<Observation>, StoreError> {
    let sql = format!("{OBSERVATION} WHERE indicator = $1 AND day = $2 ORDER BY recorded DESC");
    let rows = db.all(&sql, &[indicator.into(), day.into()]).await?;
    rows.iter().map(|row| Ok(observation_of(row)?.1)).collect()
}

fn observation_of(row: &Row) -> Result<(String, Observation), StoreError> {
    let observation = Observation {
        day: row.text("day")?,
        micros: row.int("micros")?,
        source: row.text("source")?,
        assumption: row.int("assumption")? == 1,
    };
    Ok((row.text("indicator")?, observation))
}

/// The last version for each day comes after the others, so it is the one that remains.
fn latest(rows: Vec<Row>) -> Result<Vec<(String, Observation)>, StoreError> {
    let mut kept: Vec<(String, Observation)> = Vec::new();
    for row in &rows {
        let (indicator, observation) = observation_of(row)?;
        match kept.last_mut() {
            Some((last, known)) if *last == indicator && known.day == observation.day => *known = observation,
            _ => kept.push((indicator, observation)),
        }
    }
    Ok(kept)
}

const OBSERVATION: &str = "SELECT indicator, day, micros, source, assumption FROM observation_version";

/// Every observation as it stands, by indicator and day.
pub(crate) async fn all_observations(db: &mut Session) -> Result<Vec<(String, Observation)>, StoreError> {
    latest(db.all(&format!("{OBSERVATION} ORDER BY indicator, day, recorded"), &[]).await?)
}

/// The observations of an indicator as they stood at an instant.
pub(crate) async fn observations_as_of(
    db: &mut Session,
    indicator: &str,
    as_of: &str,
) -> Result<Vec<(String, Observation)>, StoreError> {
    let sql = format!("{OBSERVATION} WHERE indicator = $1 AND recorded <= $2 ORDER BY day, recorded");
    latest(db.all(&sql, &[indicator.into(), as_of.into()]).await?)
}

/// The observation for a day, if there is one.
pub(crate) async fn observation(
    db: &mut Session,
    indicator: &str,
    day: &str,
) -> Result<Option<Observation>, StoreError> {
    let sql = format!("{OBSERVATION} WHERE indicator = $1 AND day = $2 ORDER BY recorded DESC LIMIT 1");
    let row = db.one(&sql, &[indicator.into(), day.into()]).await?;
    row.map(|row| Ok(observation_of(&row)?.1)).transpose()
}
