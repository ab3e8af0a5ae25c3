//! The SQL of services and cases.

use base::{Currency, Money};
use serde_json::{Map, Value as Json};
use store::{Arg, Migration, Row, Session, StoreError};

use crate::{Answers, Case, Document, Draft, Message, Outcome, PaidBack, Place, SetAside};

/// The tables of the services.
pub const MIGRATIONS: &[Migration] = &[
    Migration { name: "service-0001-cases", sql: include_str!("../migrations/0001_cases.sql") },
    Migration { name: "service-0002-answered", sql: include_str!("../migrations/0002_answered.sql") },
    Migration { name: "service-0003-versions", sql: include_str!("../migrations/0003_versions.sql") },
    Migration { name: "service-0004-escalation", sql: include_str!("../migrations/0004_escalation.sql") },
    Migration { name: "service-0005-messages", sql: include_str!("../migrations/0005_messages.sql") },
    Migration { name: "service-0006-fewer-indexes", sql: include_str!("../migrations/0006_fewer_indexes.sql") },
    Migration { name: "service-0007-paid-back", sql: include_str!("../migrations/0007_paid_back.sql") },
    Migration { name: "service-0008-documents-waiting", sql: include_str!("../migrations/0008_documents_waiting.sql") },
    Migration { name: "service-0009-prints", sql: include_str!("../migrations/0009_prints.sql") },
    Migration { name: "service-0009-set-aside", sql: include_str!("../migrations/0009_set_aside.sql") },
    Migration { name: "service-0020-desk-order", sql: include_str!("../migrations/0020_desk_order.sql") },
];

pub(crate) const CASE: &str = "SELECT reference, service, version, applicant, applicant_name, state, outcome, assignee, filed, due, closed, days, on_time, answers, revision, action, note, escalated FROM case_file";

fn object(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}

pub(crate) fn case(row: &Row) -> Result<Case, StoreError> {
    Ok(Case {
        reference: row.text("reference")?,
        service: row.text("service")?,
        version: row.text("version")?,
        applicant: row.text("applicant")?,
        applicant_name: row.text("applicant_name")?,
        state: row.text("state")?,
        outcome: row.text_opt("outcome")?.as_deref().and_then(Outcome::parse),
        assignee: row.text_opt("assignee")?,
        filed: row.text("filed")?,
        due: row.text_opt("due")?,
        closed: row.text_opt("closed")?,
        days: row.int_opt("days")?,
        on_time: row.int_opt("on_time")?.map(|n| n == 1),
        answers: object(row.json("answers")?),
        revision: row.int("revision")?,
        action: row.text("action")?,
        note: row.text_opt("note")?,
        escalated: row.text_opt("escalated")?,
    })
}

/// Whether the reference was free.
pub(crate) async fn insert_case(
    db: &mut Session,
    case: &Case,
    duty: &str,
    seat: Option<&str>,
) -> Result<bool, StoreError> {
    let inserted = db
        .run(
            "INSERT INTO case_file (reference, service, version, applicant, applicant_name, state, duty, outcome, assignee, filed, due, closed, days, on_time, seat, answers, revision, action, note) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19) ON CONFLICT DO NOTHING",
            &[
                case.reference.as_str().into(),
                case.service.as_str().into(),
                case.version.as_str().into(),
                case.applicant.as_str().into(),
                case.applicant_name.as_str().into(),
                case.state.as_str().into(),
                duty.into(),
                case.outcome.map(Outcome::as_str).into(),
                case.assignee.clone().into(),
                case.filed.as_str().into(),
                case.due.clone().into(),
                case.closed.clone().into(),
                case.days.into(),
                case.on_time.map(i64::from).into(),
                seat.into(),
                Json::Object(case.answers.clone()).into(),
                case.revision.into(),
                case.action.as_str().into(),
                case.note.clone().into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether the case was still at the revision before.
pub(crate) async fn update_case(db: &mut Session, case: &Case, duty: &str) -> Result<bool, StoreError> {
    let updated = db
        .run(
            "UPDATE case_file SET state = $2, duty = $3, outcome = $4, assignee = $5, due = $6, closed = $7, days = $8, on_time = $9, \
             answers = $10, revision = $11, action = $12, note = $13, escalated = $14 WHERE reference = $1 AND revision = $15",
            &[
                case.reference.as_str().into(),
                case.state.as_str().into(),
                duty.into(),
                case.outcome.map(Outcome::as_str).into(),
                case.assignee.clone().into(),
                case.due.clone().into(),
                case.closed.clone().into(),
                case.days.into(),
                case.on_time.map(i64::from).into(),
                Json::Object(case.answers.clone()).into(),
                case.revision.into(),
                case.action.as_str().into(),
                case.note.clone().into(),
                case.escalated.clone().into(),
                (case.revision - 1).into(),
            ],
        )
        .await?;
    Ok(updated == 1)
}

pub(crate) async fn case_by_reference(db: &mut Session, reference: &str) -> Result<Option<Case>, StoreError> {
    let sql = format!("{CASE} WHERE reference = $1");
    db.one(&sql, &[reference.into()]).await?.as_ref().map(case).transpose()
}

pub(crate) async fn cases_of(
    db: &mut Session,
    applicant: &str,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    let order = "ORDER BY filed DESC, reference";
    let Some(last) = after else {
        let sql = format!("{CASE} WHERE applicant = $1 {order} LIMIT $2");
        return db.all(&sql, &[applicant.into(), limit.into()]).await?.iter().map(case).collect();
    };
    // Two ranges of the index, because one condition for both would read the list from its beginning.
    let sql = format!("{CASE} WHERE applicant = $1 AND filed = $2 AND reference > $3 {order} LIMIT $4");
    let args = [applicant.into(), last.filed.as_str().into(), last.reference.as_str().into(), limit.into()];
    let mut rows = db.all(&sql, &args).await?;
    let left = limit - rows.len() as i64;
    if left > 0 {
        let sql = format!("{CASE} WHERE applicant = $1 AND filed < $2 {order} LIMIT $3");
        rows.extend(db.all(&sql, &[applicant.into(), last.filed.as_str().into(), left.into()]).await?);
    }
    rows.iter().map(case).collect()
}

/// The cases of an applicant that wait for them, those due soonest first.
pub(crate) async fn cases_waiting_for(db: &mut Session, applicant: &str, limit: i64) -> Result<Vec<Case>, StoreError> {
    let sql = format!("{CASE} WHERE applicant = $1 AND duty = 'applicant' ORDER BY {DUE}, filed, reference LIMIT $2");
    db.all(&sql, &[applicant.into(), limit.into()]).await?.iter().map(case).collect()
}

/// `$1 …` for so many arguments; at least one, so that the list is never empty.
fn marks(from: usize, count: usize) -> String {
    (from..from + count.max(1)).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ")
}

/// The order of the desk: a case that is never due comes last on either engine ([`Place`]).
pub(crate) const DUE: &str = "COALESCE(due, '9999-12-31')";

/// Cases whose time was over before today, that wait for one of these duties and are not set aside.
pub(crate) struct Overdue<'a> {
    pub duties: &'a [String],
    /// Those that stand in one of these states; where there are none, those that no supervisor has seen yet.
    pub states: &'a [String],
    pub today: &'a str,
    /// Who was set aside until later than now is left out.
    pub now: &'a str,
}

/// A page of them in the order of the desk; `after` is the last of the page before.
pub(crate) async fn overdue(
    db: &mut Session,
    wanted: &Overdue<'_>,
    after: Option<&Place>,
    limit: i64,
) -> Result<Vec<Case>, StoreError> {
    let mut args: Vec<Arg> = vec![wanted.today.into(), wanted.now.into(), limit.into()];
    let duties = marks(args.len() + 1, wanted.duties.len());
    args.extend(wanted.duties.iter().map(Arg::from));
    let mut further = if wanted.states.is_empty() {
        " AND COALESCE(escalated, '') = ''".to_owned()
    } else {
        let states = marks(args.len() + 1, wanted.states.len());
        args.extend(wanted.states.iter().map(Arg::from));
        format!(" AND state IN ({states})")
    };
    if let Some(last) = after {
        let n = args.len();
        args.extend([last.due.as_str().into(), last.filed.as_str().into(), last.reference.as_str().into()]);
        further += &format!(" AND ({DUE}, filed, reference) > (${}, ${}, ${})", n + 1, n + 2, n + 3);
    }
    let sql = format!(
        "{CASE} WHERE duty IN ({duties}) AND duty <> '-' AND {DUE} < $1{further} AND NOT EXISTS \
         (SELECT 1 FROM case_set_aside s WHERE s.reference = case_file.reference AND s.again > $2) \
         ORDER BY {DUE}, filed, reference LIMIT $3"
    );
    db.all(&sql, &args).await?.iter().map(case).collect()
}

const ASIDE: &str = "SELECT reference, tries, again, error FROM case_set_aside";

fn aside_of(row: &Row) -> Result<SetAside, StoreError> {
    Ok(SetAside {
        reference: row.text("reference")?,
        tries: row.int("tries")?,
        again: row.text("again")?,
        error: row.text("error")?,
    })
}

pub(crate) async fn aside(db: &mut Session, reference: &str) -> Result<Option<SetAside>, StoreError> {
    let sql = format!("{ASIDE} WHERE reference = $1");
    db.one(&sql, &[reference.into()]).await?.as_ref().map(aside_of).transpose()
}

pub(crate) async fn set_aside(db: &mut Session, limit: i64) -> Result<Vec<SetAside>, StoreError> {
    let sql = format!("{ASIDE} ORDER BY tries DESC, reference LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(aside_of).collect()
}

pub(crate) async fn put_aside(db: &mut Session, aside: &SetAside) -> Result<(), StoreError> {
    let sql = "INSERT INTO case_set_aside (reference, tries, again, error) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (reference) DO UPDATE SET tries = excluded.tries, again = excluded.again, error = excluded.error";
    let SetAside { reference, tries, again, error } = aside;
    db.run(sql, &[reference.into(), (*tries).into(), again.into(), error.into()]).await?;
    Ok(())
}

pub(crate) async fn forget_aside(db: &mut Session, reference: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM case_set_aside WHERE reference = $1", &[reference.into()]).await?;
    Ok(())
}

/// Another choice takes the place of a case.
pub(crate) async fn set_seat(db: &mut Session, reference: &str, seat: Option<&str>) -> Result<(), StoreError> {
    let seat = seat.map(str::to_owned);
    db.run("UPDATE case_file SET seat = $2 WHERE reference = $1", &[reference.into(), seat.into()]).await?;
    Ok(())
}

/// How many hold a place: every case with this choice that was not refused, withdrawn or lapsed.
pub(crate) async fn seats_taken(db: &mut Session, service: &str, seat: &str) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) AS n FROM case_file WHERE service = $1 AND seat = $2 AND (outcome IS NULL OR outcome = 'granted')";
    db.one(sql, &[service.into(), seat.into()]).await?.map_or(Ok(0), |row| row.int("n"))
}

/// Whether the version is new here.
pub(crate) async fn put_version(
    db: &mut Session,
    service: &str,
    version: &str,
    definition: &str,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO service_version (service, version, definition) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    Ok(db.run(sql, &[service.into(), version.into(), definition.into()]).await? == 1)
}

/// Service, version, definition as it was written.
pub(crate) async fn versions(db: &mut Session) -> Result<Vec<(String, String, String)>, StoreError> {
    let rows = db.all("SELECT service, version, definition FROM service_version", &[]).await?;
    rows.iter().map(|r| Ok((r.text("service")?, r.text("version")?, r.text("definition")?))).collect()
}

fn draft(row: &Row) -> Result<Draft, StoreError> {
    Ok(Draft {
        id: row.text("id")?,
        account: row.text("account")?,
        service: row.text("service")?,
        answers: object(row.json("answers")?),
        changed: row.text("changed")?,
    })
}

pub(crate) async fn put_draft(db: &mut Session, draft: &Draft) -> Result<(), StoreError> {
    db.run(
        "INSERT INTO draft (id, account, service, answers, changed) VALUES ($1, $2, $3, $4, $5) \
         ON CONFLICT (id) DO UPDATE SET answers = excluded.answers, changed = excluded.changed",
        &[
            draft.id.as_str().into(),
            draft.account.as_str().into(),
            draft.service.as_str().into(),
            Json::Object(draft.answers.clone()).into(),
            draft.changed.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

pub(crate) async fn draft_by_id(db: &mut Session, id: &str) -> Result<Option<Draft>, StoreError> {
    let sql = "SELECT id, account, service, answers, changed FROM draft WHERE id = $1";
    db.one(sql, &[id.into()]).await?.as_ref().map(draft).transpose()
}

pub(crate) async fn drafts_of(db: &mut Session, account: &str) -> Result<Vec<Draft>, StoreError> {
    let sql =
        "SELECT id, account, service, answers, changed FROM draft WHERE account = $1 ORDER BY changed DESC LIMIT 50";
    db.all(sql, &[account.into()]).await?.iter().map(draft).collect()
}

pub(crate) async fn delete_draft(db: &mut Session, id: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM draft WHERE id = $1", &[id.into()]).await?;
    Ok(())
}

/// What all drafts of an account answer.
pub(crate) async fn draft_answers(db: &mut Session, account: &str) -> Result<Vec<Answers>, StoreError> {
    let rows = db.all("SELECT answers FROM draft WHERE account = $1", &[account.into()]).await?;
    rows.iter().map(|row| Ok(object(row.json("answers")?))).collect()
}

pub(crate) async fn put_document(db: &mut Session, document: &Document) -> Result<(), StoreError> {
    let sql = "INSERT INTO document (id, account, name, body, added) VALUES ($1, $2, $3, $4, $5)";
    db.run(
        sql,
        &[
            document.id.as_str().into(),
            document.account.as_str().into(),
            document.name.as_str().into(),
            document.body.as_str().into(),
            document.added.as_str().into(),
        ],
    )
    .await?;
    db.run(
        "INSERT INTO document_waiting (document, account, added) VALUES ($1, $2, $3)",
        &[document.id.as_str().into(), document.account.as_str().into(), document.added.as_str().into()],
    )
    .await?;
    Ok(())
}

/// The file is one of a case's from now on.
pub(crate) async fn document_used(db: &mut Session, id: &str) -> Result<(), StoreError> {
    db.run("DELETE FROM document_waiting WHERE document = $1", &[id.into()]).await?;
    Ok(())
}

/// Removes a file of the account that no case has; whether there was one.
pub(crate) async fn forget_document(db: &mut Session, account: &str, id: &str) -> Result<bool, StoreError> {
    let sql = "DELETE FROM document_waiting WHERE document = $1 AND account = $2";
    if db.run(sql, &[id.into(), account.into()]).await? == 0 {
        return Ok(false);
    }
    db.run("DELETE FROM document WHERE id = $1", &[id.into()]).await?;
    Ok(true)
}

/// The files that no case has and that were sent before a moment, with their accounts, by account.
pub(crate) async fn documents_waiting(db: &mut Session, before: &str) -> Result<Vec<(String, String)>, StoreError> {
    let sql = "SELECT account, document FROM document_waiting WHERE added < $1 ORDER BY account, document";
    let rows = db.all(sql, &[before.into()]).await?;
    rows.iter().map(|row| Ok((row.text("account")?, row.text("document")?))).collect()
}

/// Whose document it is, and the length of its text.
pub(crate) async fn document_owner(db: &mut Session, id: &str) -> Result<Option<(String, i64)>, StoreError> {
    let sql = "SELECT account, CAST(length(body) AS BIGINT) AS n FROM document WHERE id = $1";
    let row = db.one(sql, &[id.into()]).await?;
    row.map(|row| Ok((row.text("account")?, row.int("n")?))).transpose()
}

pub(crate) async fn document_by_id(db: &mut Session, id: &str) -> Result<Option<Document>, StoreError> {
    let row = db.one("SELECT id, account, name, body, added FROM document WHERE id = $1", &[id.into()]).await?;
    row.map(|r| {
        Ok(Document {
            id: r.text("id")?,
            account: r.text("account")?,
            name: r.text("name")?,
            body: r.text("body")?,
            added: r.text("added")?,
        })
    })
    .transpose()
}

/// The head of the statement that tells somebody something.
pub(crate) const MESSAGE: &str = "INSERT INTO message (account, reference, revision, service, version, state, action, note, due, told, paid_back, paid_back_currency, paid_back_way)";

const TOLD: &str = "SELECT id, account, reference, revision, service, version, state, action, note, due, told, seen, mailed, paid_back, paid_back_currency, paid_back_way FROM message";

fn paid_back(row: &Row) -> Result<Option<PaidBack>, StoreError> {
    let currency = row.text_opt("paid_back_currency")?.as_deref().and_then(Currency::of);
    let (Some(minor), Some(currency)) = (row.int_opt("paid_back")?, currency) else { return Ok(None) };
    let way = row.text_opt("paid_back_way")?.unwrap_or_default();
    Ok(Some(PaidBack { amount: Money { minor, currency }, way }))
}

fn message(row: &Row) -> Result<Message, StoreError> {
    Ok(Message {
        paid_back: paid_back(row)?,
        id: row.int("id")?,
        account: row.text("account")?,
        reference: row.text("reference")?,
        revision: row.int("revision")?,
        service: row.text("service")?,
        version: row.text("version")?,
        state: row.text("state")?,
        action: row.text("action")?,
        note: row.text_opt("note")?,
        due: row.text_opt("due")?,
        told: row.text("told")?,
        seen: row.text_opt("seen")?.is_some(),
        mailed: row.text_opt("mailed")?.is_some(),
    })
}

pub(crate) async fn messages(
    db: &mut Session,
    account: &str,
    before: i64,
    limit: i64,
) -> Result<Vec<Message>, StoreError> {
    let sql = format!("{TOLD} WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    db.all(&sql, &[account.into(), before.into(), limit.into()]).await?.iter().map(message).collect()
}

pub(crate) async fn unseen(db: &mut Session, account: &str) -> Result<i64, StoreError> {
    let sql = "SELECT count(*) AS n FROM message WHERE account = $1 AND seen IS NULL";
    db.one(sql, &[account.into()]).await?.map_or(Ok(0), |row| row.int("n"))
}

pub(crate) async fn mark_seen(db: &mut Session, account: &str, up_to: i64, now: &str) -> Result<(), StoreError> {
    let sql = "UPDATE message SET seen = $3 WHERE account = $1 AND id <= $2 AND seen IS NULL";
    db.run(sql, &[account.into(), up_to.into(), now.into()]).await?;
    Ok(())
}

pub(crate) async fn message_of(
    db: &mut Session,
    reference: &str,
    revision: i64,
) -> Result<Option<Message>, StoreError> {
    let sql = format!("{TOLD} WHERE reference = $1 AND revision = $2");
    db.one(&sql, &[reference.into(), revision.into()]).await?.as_ref().map(message).transpose()
}

pub(crate) async fn mark_mailed(db: &mut Session, id: i64, now: &str) -> Result<(), StoreError> {
    db.run("UPDATE message SET mailed = $2 WHERE id = $1", &[id.into(), now.into()]).await?;
    Ok(())
}
