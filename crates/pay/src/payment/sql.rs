//! The SQL of payments and refunds.

use base::{Currency, Money};
use jiff::civil::Date;
use store::{Arg, Row, Session, StoreError, Tx};

use crate::{Revenue, Settlement};

use super::{Alarm, Attempt, LeftRefund, Payment, Refund, RefundProposal, RefundState, Report, Said, State};

const PAYMENT: &str = "SELECT id, about, service, entity, payer, payer_name, currency, amount, refunded, state, way, attempts, opened, expires, paid, receipt, fee, revision FROM payment";

fn currency(row: &Row) -> Result<Currency, StoreError> {
    Currency::of(&row.text("currency")?).ok_or(StoreError::Abandoned("a payment has a currency that is not known"))
}

fn payment_of(row: &Row) -> Result<Payment, StoreError> {
    let currency = currency(row)?;
    let state = row.text("state")?;
    Ok(Payment {
        id: row.text("id")?,
        about: row.text("about")?,
        service: row.text("service")?,
        entity: row.text("entity")?,
        payer: row.text("payer")?,
        payer_name: row.text("payer_name")?,
        amount: Money { minor: row.int("amount")?, currency },
        refunded: Money { minor: row.int("refunded")?, currency },
        state: State::parse(&state).ok_or(StoreError::Abandoned("a payment has a state that is not known"))?,
        way: row.text_opt("way")?,
        attempts: row.int("attempts")?,
        opened: row.text("opened")?,
        expires: row.text_opt("expires")?,
        paid: row.text_opt("paid")?,
        receipt: row.text_opt("receipt")?,
        fee: row.json("fee")?,
        revision: row.int("revision")?,
    })
}

async fn payments(db: &mut Session, tail: &str, args: &[store::Arg]) -> Result<Vec<Payment>, StoreError> {
    db.all(&format!("{PAYMENT} {tail}"), args).await?.iter().map(payment_of).collect()
}

pub(crate) async fn payment(db: &mut Session, id: &str) -> Result<Option<Payment>, StoreError> {
    Ok(payments(db, "WHERE id = $1", &[id.into()]).await?.pop())
}

/// Those of some payments that there are, in one question.
pub(crate) async fn payments_among(db: &mut Session, ids: &[String]) -> Result<Vec<Payment>, StoreError> {
    let mut found = Vec::new();
    for ids in ids.chunks(AMONG) {
        // As many places whatever is asked, so that the statement is prepared once.
        let places: Vec<String> = (1..=AMONG).map(|place| format!("${place}")).collect();
        let last = ids.last().map_or("", String::as_str);
        let args: Vec<store::Arg> = (0..AMONG).map(|at| ids.get(at).map_or(last, String::as_str).into()).collect();
        found.extend(payments(db, &format!("WHERE id IN ({})", places.join(", ")), &args).await?);
    }
    Ok(found)
}

/// So many are asked for at once.
pub(crate) const AMONG: usize = 128;

pub(crate) async fn payment_about(db: &mut Session, about: &str) -> Result<Option<Payment>, StoreError> {
    Ok(payments(db, "WHERE about = $1", &[about.into()]).await?.pop())
}

pub(crate) async fn payments_of(db: &mut Session, payer: &str, limit: i64) -> Result<Vec<Payment>, StoreError> {
    payments(db, "WHERE payer = $1 ORDER BY opened DESC, id LIMIT $2", &[payer.into(), limit.into()]).await
}

pub(crate) async fn count_of(db: &mut Session, payer: &str) -> Result<i64, StoreError> {
    number(db, "SELECT count(*) AS number FROM payment WHERE payer = $1", &[payer.into()]).await
}

/// Whether reference and case were free.
pub(crate) async fn insert_payment(tx: &mut Tx, payment: &Payment) -> Result<bool, StoreError> {
    let inserted = tx
        .run(
            "INSERT INTO payment (id, about, service, entity, payer, payer_name, currency, amount, refunded, state, way, attempts, opened, expires, paid, receipt, fee, revision) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, NULL, 0, $10, $11, NULL, NULL, $12, 1) ON CONFLICT DO NOTHING",
            &[
                payment.id.as_str().into(),
                payment.about.as_str().into(),
                payment.service.as_str().into(),
                payment.entity.as_str().into(),
                payment.payer.as_str().into(),
                payment.payer_name.as_str().into(),
                payment.amount.currency.code().into(),
                payment.amount.minor.into(),
                payment.state.as_str().into(),
                payment.opened.as_str().into(),
                payment.expires.clone().into(),
                payment.fee.clone().into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether the payment was still at the revision before.
pub(crate) async fn update_payment(tx: &mut Tx, payment: &Payment) -> Result<bool, StoreError> {
    let mut args = vec![
        payment.id.as_str().into(),
        (payment.revision - 1).into(),
        payment.revision.into(),
        payment.refunded.minor.into(),
        payment.state.as_str().into(),
        payment.way.clone().into(),
        payment.attempts.into(),
    ];
    // What is not paid has no place in the index of what was, and need not be looked for there.
    let mut paid = "";
    if payment.paid.is_some() || payment.receipt.is_some() {
        paid = ", paid = $8, receipt = $9";
        args.extend([payment.paid.clone().into(), payment.receipt.clone().into()]);
    }
    let sql = format!(
        "UPDATE payment SET revision = $3, refunded = $4, state = $5, way = $6, attempts = $7{paid} \
         WHERE id = $1 AND revision = $2"
    );
    Ok(tx.run(&sql, &args).await? == 1)
}

const ATTEMPT: &str = "SELECT id, payment, way, state, begun FROM payment_attempt";

fn attempt_of(row: &Row) -> Result<Attempt, StoreError> {
    Ok(Attempt {
        id: row.text("id")?,
        payment: row.text("payment")?,
        way: row.text("way")?,
        state: row.text("state")?,
        begun: row.text("begun")?,
    })
}

/// An attempt that was begun, and when it is asked after if nobody has answered.
pub(crate) async fn insert_attempt(tx: &mut Tx, attempt: &Attempt, due: &str) -> Result<(), StoreError> {
    // At once: whoever sets out again in the same group of writers has to find it.
    tx.run(
        "INSERT INTO payment_attempt (id, payment, way, state, begun, due) VALUES ($1, $2, $3, $4, $5, $6)",
        &[
            attempt.id.as_str().into(),
            attempt.payment.as_str().into(),
            attempt.way.as_str().into(),
            attempt.state.as_str().into(),
            attempt.begun.as_str().into(),
            due.into(),
        ],
    )
    .await?;
    Ok(())
}

/// The payment of an attempt, which its name begins with.
fn payment_of_attempt(id: &str) -> &str {
    id.rsplit_once('-').map_or(id, |(payment, _)| payment)
}

pub(crate) async fn attempt(db: &mut Session, id: &str) -> Result<Option<Attempt>, StoreError> {
    let sql = format!("{ATTEMPT} WHERE payment = $1 AND id = $2");
    db.one(&sql, &[payment_of_attempt(id).into(), id.into()]).await?.as_ref().map(attempt_of).transpose()
}

pub(crate) async fn open_attempt(db: &mut Session, payment: &str, way: &str) -> Result<Option<Attempt>, StoreError> {
    // The concatenations keep SQLite from going through the open attempts of everybody who pays in this way.
    let sql =
        format!("{ATTEMPT} WHERE payment = $1 AND way || '' = $2 AND state = 'open' ORDER BY begun || '' DESC LIMIT 1");
    db.one(&sql, &[payment.into(), way.into()]).await?.as_ref().map(attempt_of).transpose()
}

pub(crate) async fn open_attempts(db: &mut Session, payment: &str, limit: i64) -> Result<Vec<Attempt>, StoreError> {
    let sql = format!("{ATTEMPT} WHERE payment = $1 AND state = 'open' ORDER BY begun DESC, id LIMIT $2");
    db.all(&sql, &[payment.into(), limit.into()]).await?.iter().map(attempt_of).collect()
}

/// Attempts of a way that are to be asked after, with how often they were: some that never were, the newest first, and some
/// of all, the one that waits longest first. So neither many that were abandoned hold up a new one, nor many new ones those
/// that wait.
pub(crate) async fn unanswered(
    db: &mut Session,
    way: &str,
    now: &str,
    limit: i64,
) -> Result<Vec<(Attempt, i64)>, StoreError> {
    let head = ATTEMPT.replace(" FROM", ", enquiries FROM");
    let new = format!(
        "{head} WHERE state = 'open' AND way = $1 AND due <= $2 AND enquiries = 0 ORDER BY due DESC, id LIMIT $3"
    );
    let waiting = format!("{head} WHERE state = 'open' AND way = $1 AND due <= $2 ORDER BY due, id LIMIT $3");
    let half = (limit / 2).max(1);
    let mut found: Vec<(Attempt, i64)> = Vec::new();
    for (sql, limit) in [(new, half), (waiting, limit)] {
        for row in db.all(&sql, &[way.into(), now.into(), limit.into()]).await? {
            let attempt = (attempt_of(&row)?, row.int("enquiries")?);
            if found.len() < usize::try_from(limit).unwrap_or(usize::MAX) && !found.contains(&attempt) {
                found.push(attempt);
            }
        }
    }
    Ok(found)
}

/// Notes that an attempt is asked after now, when it is again, and whether it stays open.
pub(crate) async fn asked_after(tx: &mut Tx, attempt: &Attempt, due: &str, state: &str) -> Result<(), StoreError> {
    let sql =
        "UPDATE payment_attempt SET enquiries = enquiries + 1, due = $3, state = $4 WHERE payment = $1 AND id = $2";
    let args = [attempt.payment.as_str().into(), attempt.id.as_str().into(), due.into(), state.into()];
    tx.run(sql, &args).await?;
    Ok(())
}

/// The attempt that succeeded with the fee.
pub(crate) async fn paying_attempt(db: &mut Session, payment: &str, way: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT attempt FROM payment_event WHERE payment = $1 AND way = $2 AND kind = 'succeed' \
               AND came_of_it = 'paid'";
    db.one(sql, &[payment.into(), way.into()]).await?.map(|row| row.text("attempt")).transpose()
}

/// The attempt that a message spoke of.
pub(crate) async fn attempt_of_event(db: &mut Session, way: &str, event: &str) -> Result<Option<String>, StoreError> {
    let sql = "SELECT attempt FROM payment_event WHERE way = $1 AND event = $2";
    db.one(sql, &[way.into(), event.into()]).await?.map(|row| row.text("attempt")).transpose()
}

pub(crate) async fn close_attempt(tx: &mut Tx, id: &str, state: &str) -> Result<(), StoreError> {
    let sql = "UPDATE payment_attempt SET state = $3 WHERE payment = $1 AND id = $2";
    tx.run(sql, &[payment_of_attempt(id).into(), id.into(), state.into()]).await?;
    Ok(())
}

/// Whether the message was not heard before.
pub(crate) async fn insert_event(
    tx: &mut Tx,
    report: &Report,
    payment: &str,
    came_of_it: &str,
) -> Result<bool, StoreError> {
    let recorded = base::stamp(tx.by().at);
    let inserted = tx
        .run(
            "INSERT INTO payment_event (way, event, payment, attempt, kind, recorded, amount, currency, came_of_it, signature) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING",
            &[
                report.way.as_str().into(),
                report.event.as_str().into(),
                payment.into(),
                report.attempt.as_str().into(),
                report.kind.as_str().into(),
                recorded.into(),
                report.money.map(|money| money.minor).into(),
                report.money.as_ref().map(|money| money.currency.code()).into(),
                came_of_it.into(),
                Some(report.signature.as_str()).filter(|signature| !signature.is_empty()).into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether the message came before with the very same signature.
pub(crate) async fn was_heard_with(tx: &mut Tx, report: &Report) -> Result<bool, StoreError> {
    let sql = "SELECT event FROM payment_event WHERE way = $1 AND event = $2 AND signature = $3";
    let args = [report.way.as_str().into(), report.event.as_str().into(), report.signature.as_str().into()];
    Ok(tx.one(sql, &args).await?.is_some())
}

/// Whether the dispute that is heard of now is over: its outcome came before it, or one was lost, after which nothing is
/// left to dispute. A payment of which a dispute was heard before and won can be disputed again.
pub(crate) async fn is_dispute_over(tx: &mut Tx, payment: &str) -> Result<bool, StoreError> {
    let sql = "SELECT event FROM payment_event WHERE payment = $1 AND kind IN ('win-dispute', 'lose-dispute') \
               AND (came_of_it = 'refunded' \
               OR NOT EXISTS (SELECT 1 FROM payment_event e WHERE e.payment = $1 AND e.kind = 'dispute'))";
    Ok(tx.one(sql, &[payment.into()]).await?.is_some())
}

pub(crate) async fn events(db: &mut Session, payment: &str) -> Result<Vec<Said>, StoreError> {
    let sql = "SELECT way, attempt, kind, recorded, amount, currency, came_of_it FROM payment_event \
               WHERE payment = $1 ORDER BY recorded";
    let rows = db.all(sql, &[payment.into()]).await?;
    rows.iter()
        .map(|row| {
            let currency = row.text_opt("currency")?.as_deref().and_then(Currency::of);
            let amount = row.int_opt("amount")?;
            Ok(Said {
                way: row.text("way")?,
                attempt: row.text("attempt")?,
                kind: row.text("kind")?,
                recorded: row.text("recorded")?,
                amount: amount.zip(currency).map(|(minor, currency)| Money { minor, currency }),
                came_of_it: row.text("came_of_it")?,
            })
        })
        .collect()
}

/// The next number of the entity in the year; it is used up by the transaction that asks, or not at all.
pub(crate) async fn next_receipt(tx: &mut Tx, entity: &str, day: Date) -> Result<String, StoreError> {
    let sql = "INSERT INTO receipt_counter (entity, year, last) VALUES ($1, $2, 1) \
               ON CONFLICT (entity, year) DO UPDATE SET last = receipt_counter.last + 1 RETURNING last";
    let row = tx.one(sql, &[entity.into(), i64::from(day.year()).into()]).await?;
    let number = row.map_or(Ok(0), |row| row.int("last"))?;
    Ok(format!("{entity}/{}/{number:06}", day.year()))
}

/// So many messages that were not believed are kept.
const ALARMS_KEPT: i64 = 1_000;

pub(crate) async fn insert_alarm(tx: &mut Tx, way: &str, reason: &str, body: &str) -> Result<(), StoreError> {
    let recorded = base::stamp(tx.by().at);
    let sql = "INSERT INTO payment_alarm (recorded, way, reason, body) VALUES ($1, $2, $3, $4)";
    tx.run(sql, &[recorded.into(), way.into(), reason.into(), body.into()]).await?;
    // Whoever sends many fills no disk with them.
    let sql = "DELETE FROM payment_alarm WHERE id <= (SELECT max(id) FROM payment_alarm) - $1";
    tx.run(sql, &[ALARMS_KEPT.into()]).await?;
    Ok(())
}

/// How many messages there were that were not believed, since the beginning.
pub(crate) async fn alarm_count(db: &mut Session) -> Result<i64, StoreError> {
    let row = db.one("SELECT COALESCE(max(id), 0) AS number FROM payment_alarm", &[]).await?;
    row.map_or(Ok(0), |row| row.int("number"))
}

pub(crate) async fn alarms(db: &mut Session, limit: i64) -> Result<Vec<Alarm>, StoreError> {
    let sql = "SELECT recorded, way, reason, body FROM payment_alarm ORDER BY id DESC LIMIT $1";
    let rows = db.all(sql, &[limit.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Alarm {
                recorded: row.text("recorded")?,
                way: row.text("way")?,
                reason: row.text("reason")?,
                body: row.text("body")?,
            })
        })
        .collect()
}

const REFUND: &str = "SELECT id, payment, entity, currency, amount, reason, state, asked, asked_by, decided, decided_by, payee, iban, way, attempt, told, \
     proposal, difference, ordered, (SELECT payment.payer FROM payment WHERE payment.id = refund.payment) AS payer FROM refund";

fn refund_of(row: &Row) -> Result<Refund, StoreError> {
    let state = row.text("state")?;
    Ok(Refund {
        id: row.text("id")?,
        payment: row.text("payment")?,
        entity: row.text("entity")?,
        amount: Money { minor: row.int("amount")?, currency: currency(row)? },
        reason: row.text("reason")?,
        state: RefundState::parse(&state).ok_or(StoreError::Abandoned("a refund has a state that is not known"))?,
        asked: row.text("asked")?,
        asked_by: row.text("asked_by")?,
        decided: row.text_opt("decided")?,
        decided_by: row.text_opt("decided_by")?,
        payee: row.text_opt("payee")?.unwrap_or_default(),
        iban: row.text_opt("iban")?,
        way: row.text_opt("way")?.unwrap_or_default(),
        attempt: row.text_opt("attempt")?,
        told: row.text_opt("told")?,
        proposal: row.text_opt("proposal")?.as_deref().and_then(RefundProposal::parse),
        difference: row.text_opt("difference")?,
        ordered: row.text_opt("ordered")?,
        payer: row.text_opt("payer")?.unwrap_or_default(),
    })
}

pub(crate) async fn insert_refund(tx: &mut Tx, refund: &Refund) -> Result<bool, StoreError> {
    let inserted = tx
        .run(
            "INSERT INTO refund (id, payment, entity, currency, amount, reason, state, asked, asked_by, payee, iban, way, attempt, difference, decided, decided_by) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT DO NOTHING",
            &[
                refund.id.as_str().into(),
                refund.payment.as_str().into(),
                refund.entity.as_str().into(),
                refund.amount.currency.code().into(),
                refund.amount.minor.into(),
                refund.reason.as_str().into(),
                refund.state.as_str().into(),
                refund.asked.as_str().into(),
                refund.asked_by.as_str().into(),
                refund.payee.as_str().into(),
                refund.iban.clone().into(),
                refund.way.as_str().into(),
                refund.attempt.clone().into(),
                refund.difference.clone().into(),
                refund.decided.clone().into(),
                refund.decided_by.clone().into(),
            ],
        )
        .await?;
    Ok(inserted == 1)
}

/// Whether the refund was still in the state in which it was seen, and went no other way: of an account to send it to
/// and a provider that is told there is only ever one, however many write at once.
pub(crate) async fn update_refund(tx: &mut Tx, refund: &Refund, to: RefundState) -> Result<bool, StoreError> {
    let updated = tx
        .run(
            "UPDATE refund SET state = $2, decided = $3, decided_by = $4, iban = $6, told = $7, proposal = $8, ordered = $9 \
             WHERE id = $1 AND state = $5 AND (told IS NULL OR $7 IS NOT NULL) AND (iban IS NULL OR $6 IS NOT NULL)",
            &[
                refund.id.as_str().into(),
                to.as_str().into(),
                refund.decided.clone().into(),
                refund.decided_by.clone().into(),
                refund.state.as_str().into(),
                refund.iban.clone().into(),
                refund.told.clone().into(),
                refund.proposal.as_ref().map(RefundProposal::to_string).into(),
                refund.ordered.clone().into(),
            ],
        )
        .await?;
    Ok(updated == 1)
}

async fn sum(db: &mut Session, sql: &str, args: &[Arg]) -> Result<i64, StoreError> {
    db.one(sql, args).await?.map_or(Ok(0), |row| row.int("minor"))
}

/// What was asked to go back of a payment, whatever became of it unless it was refused.
pub(crate) async fn asked_of_payment(db: &mut Session, payment: &str, currency: Currency) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) AS minor FROM refund \
               WHERE payment = $1 AND currency = $2 AND state <> 'refused'";
    sum(db, sql, &[payment.into(), currency.code().into()]).await
}

/// What one person alone has paid back to a payer since a day.
pub(crate) async fn alone_to_payer(
    db: &mut Session,
    payer: &str,
    currency: Currency,
    since: &str,
) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(r.amount), 0) AS BIGINT) AS minor FROM payment p \
               JOIN refund r ON r.payment = p.id WHERE p.payer = $1 AND r.currency = $2 AND r.asked >= $3 \
               AND r.state IN ('approved', 'done') AND r.decided_by = r.asked_by";
    sum(db, sql, &[payer.into(), currency.code().into(), since.into()]).await
}

/// What one person alone has paid back to an account since a day.
pub(crate) async fn alone_to_account(
    db: &mut Session,
    iban: &str,
    currency: Currency,
    since: &str,
) -> Result<i64, StoreError> {
    let sql = "SELECT CAST(COALESCE(sum(amount), 0) AS BIGINT) AS minor FROM refund \
               WHERE iban = $1 AND currency = $2 AND asked >= $3 AND state IN ('approved', 'done') AND decided_by = asked_by";
    sum(db, sql, &[iban.into(), currency.code().into(), since.into()]).await
}

pub(crate) async fn refund(db: &mut Session, id: &str) -> Result<Option<Refund>, StoreError> {
    db.one(&format!("{REFUND} WHERE id = $1"), &[id.into()]).await?.as_ref().map(refund_of).transpose()
}

pub(crate) async fn refunds_of(db: &mut Session, payment: &str) -> Result<Vec<Refund>, StoreError> {
    let sql = format!("{REFUND} WHERE payment = $1 ORDER BY asked, id");
    db.all(&sql, &[payment.into()]).await?.iter().map(refund_of).collect()
}

pub(crate) async fn refunds_in(
    db: &mut Session,
    state: RefundState,
    after: Option<&Refund>,
    limit: i64,
) -> Result<Vec<Refund>, StoreError> {
    let sql = format!("{REFUND} WHERE state = $1 AND (asked, id) > ($2, $3) ORDER BY asked, id LIMIT $4");
    let (asked, id) = after.map_or(("", ""), |refund| (&refund.asked, &refund.id));
    db.all(&sql, &[state.as_str().into(), asked.into(), id.into(), limit.into()]).await?.iter().map(refund_of).collect()
}

async fn number(db: &mut Session, sql: &str, args: &[Arg]) -> Result<i64, StoreError> {
    db.one(sql, args).await?.map_or(Ok(0), |row| row.int("number"))
}

pub(crate) async fn count_refunds(db: &mut Session, state: RefundState) -> Result<i64, StoreError> {
    number(db, "SELECT count(*) AS number FROM refund WHERE state = $1", &[state.as_str().into()]).await
}

/// Refunds that leave by bank to an account that nobody disputes, and that no order has yet.
const TO_ORDER: &str =
    "WHERE state = 'approved' AND iban IS NOT NULL AND ordered IS NULL AND told IS NULL AND proposal IS NULL";

pub(crate) async fn refunds_to_order(db: &mut Session, limit: i64) -> Result<Vec<Refund>, StoreError> {
    let sql = format!("{REFUND} {TO_ORDER} ORDER BY asked, id LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(refund_of).collect()
}

pub(crate) async fn count_to_order(db: &mut Session) -> Result<i64, StoreError> {
    number(db, &format!("SELECT count(*) AS number FROM refund {TO_ORDER}"), &[]).await
}

pub(crate) async fn refunds_left(
    db: &mut Session,
    from: &str,
    to: &str,
    limit: i64,
) -> Result<Vec<LeftRefund>, StoreError> {
    // The posting says on which day the money left.
    let sql = format!(
        "SELECT refund.*, left_on.day AS left_on FROM ({REFUND} WHERE state = $1) AS refund \
         JOIN ledger_transfer AS left_on ON left_on.id = refund.id || '-left' \
         WHERE left_on.day >= $2 AND left_on.day <= $3 ORDER BY left_on.day, refund.id LIMIT $4"
    );
    let of = [RefundState::Done.as_str().into(), from.into(), to.into(), limit.into()];
    let rows = db.all(&sql, &of).await?;
    rows.iter().map(|row| Ok(LeftRefund { refund: refund_of(row)?, day: row.text("left_on")? })).collect()
}

pub(crate) async fn insert_settlement(tx: &mut Tx, settlement: &Settlement) -> Result<(), StoreError> {
    tx.run(
        "INSERT INTO till_settlement (id, agent, day, currency, amount, state, asked) VALUES ($1, $2, $3, $4, $5, $6, $7)",
        &[
            settlement.id.as_str().into(),
            settlement.agent.as_str().into(),
            settlement.day.as_str().into(),
            settlement.money.currency.code().into(),
            settlement.money.minor.into(),
            settlement.state.as_str().into(),
            settlement.asked.as_str().into(),
        ],
    )
    .await?;
    Ok(())
}

fn settlement_of(row: &Row) -> Result<Settlement, StoreError> {
    Ok(Settlement {
        id: row.text("id")?,
        agent: row.text("agent")?,
        day: row.text("day")?,
        money: Money { minor: row.int("amount")?, currency: currency(row)? },
        state: row.text("state")?,
        asked: row.text("asked")?,
        decided: row.text_opt("decided")?,
        decided_by: row.text_opt("decided_by")?,
    })
}

const SETTLEMENT: &str =
    "SELECT id, agent, day, currency, amount, state, asked, decided, decided_by FROM till_settlement";

pub(crate) async fn settlement(db: &mut Session, id: &str) -> Result<Option<Settlement>, StoreError> {
    db.one(&format!("{SETTLEMENT} WHERE id = $1"), &[id.into()]).await?.as_ref().map(settlement_of).transpose()
}

/// Those that nobody has counted.
pub(crate) async fn settlements(db: &mut Session, limit: i64) -> Result<Vec<Settlement>, StoreError> {
    let sql = format!("{SETTLEMENT} WHERE state = 'asked' ORDER BY asked, id LIMIT $1");
    db.all(&sql, &[limit.into()]).await?.iter().map(settlement_of).collect()
}

pub(crate) async fn count_settlements(db: &mut Session) -> Result<i64, StoreError> {
    number(db, "SELECT count(*) AS number FROM till_settlement WHERE state = 'asked'", &[]).await
}

/// What an agent has handed in, the last first.
pub(crate) async fn settlements_of(db: &mut Session, agent: &str, limit: i64) -> Result<Vec<Settlement>, StoreError> {
    let sql = format!("{SETTLEMENT} WHERE agent = $1 ORDER BY asked DESC LIMIT $2");
    db.all(&sql, &[agent.into(), limit.into()]).await?.iter().map(settlement_of).collect()
}

pub(crate) async fn decide_settlement(tx: &mut Tx, id: &str, state: &str) -> Result<(), StoreError> {
    let (decided, actor) = (base::stamp(tx.by().at), tx.by().actor.clone());
    let sql = "UPDATE till_settlement SET state = $2, decided = $3, decided_by = $4 WHERE id = $1";
    tx.run(sql, &[id.into(), state.into(), decided.into(), actor.into()]).await?;
    Ok(())
}

pub(crate) async fn revenue(db: &mut Session, from: &str, to: &str) -> Result<Vec<Revenue>, StoreError> {
    let sql = "SELECT entity, service, COALESCE(way, '') AS way, currency, count(*) AS number, \
               CAST(sum(amount) AS BIGINT) AS minor, CAST(sum(refunded) AS BIGINT) AS refunded FROM payment \
               WHERE paid >= $1 AND paid <= $2 GROUP BY entity, service, way, currency ORDER BY entity, service, way, currency";
    let rows = db.all(sql, &[from.into(), to.into()]).await?;
    rows.iter()
        .map(|row| {
            Ok(Revenue {
                entity: row.text("entity")?,
                service: row.text("service")?,
                way: row.text("way")?,
                currency: currency(row)?,
                number: row.int("number")?,
                minor: row.int("minor")?,
                refunded: row.int("refunded")?,
            })
        })
        .collect()
}

pub(crate) async fn paid_between(
    db: &mut Session,
    from: &str,
    to: &str,
    limit: i64,
) -> Result<Vec<Payment>, StoreError> {
    let tail = "WHERE paid >= $1 AND paid <= $2 ORDER BY paid, receipt LIMIT $3";
    payments(db, tail, &[from.into(), to.into(), limit.into()]).await
}
