//! The audit of what is paid: every posting against its entry of the journal, reversals against what they reverse, kept
//! balances against postings, and receipts against their counter. Rows that the journal prints are audited by `store`.

mod sql;

use base::{Currency, Money};
use serde_json::{Value as Json, json};
use store::{Finding, Findings, Session, StoreError};

use crate::ledger::{self, Account, Mistake, Purpose};

/// What does not agree. To be called within a snapshot.
pub async fn audit(db: &mut Session) -> Result<Findings, StoreError> {
    let mut found = Findings::default();
    postings(db, &mut found).await?;
    for (id, memo) in sql::strange_reversals(db).await? {
        found.add(|| Finding::new("transfer", id, "what it reverses", format!("another, with the memo «{memo}»")));
    }
    for id in sql::empty_transfers(db).await? {
        found.add(|| Finding::new("transfer", id, "its postings", "a transfer without postings"));
    }
    for mistake in ledger::prove_all(db).await? {
        found.add(|| told(mistake));
    }
    for (counter, numbers, last) in sql::receipts(db).await? {
        let stands = format!("a counter at {last}");
        found.add(|| Finding::new("receipt", counter, format!("{numbers} receipts, numbered without gaps"), stands));
    }
    for (receipt, payments) in sql::receipts_twice(db).await? {
        found.add(|| Finding::new("receipt", receipt, "one payment", format!("{payments} payments")));
    }
    Ok(found)
}

/// Where the books do not agree with themselves, in words.
fn told(mistake: Mistake) -> Finding {
    let told = format!("{mistake:?}");
    let (what, row) = match mistake {
        Mistake::Unbalanced { currency, .. } | Mistake::Suspense { currency, .. } => ("ledger", currency),
        Mistake::Balance { account, .. } | Mistake::Proved { account, .. } | Mistake::Held { account, .. } => {
            ("ledger account", account)
        }
        Mistake::Transfer { transfer, .. } | Mistake::Broken { transfer } => ("transfer", transfer),
    };
    Finding::new(what, row, "what its postings and holds give", told)
}

/// Holds each posting against the entry that tells of it.
async fn postings(db: &mut Session, found: &mut Findings) -> Result<(), StoreError> {
    let mut held = 0_i64;
    let mut check = |posting: &sql::Told<'_>| {
        held += i64::from(posting.entry.is_some());
        let Some(wrong) = wrong(posting) else { return };
        let row = format!("{}#{}", posting.transfer, posting.line);
        found.add(|| Finding::new(ledger::POSTING, row, wrong.0, wrong.1));
    };
    sql::each_posting(db, &mut check).await?;
    if held != sql::entries(db).await? {
        for row in sql::entries_without_posting(db).await? {
            found.add(|| Finding::new(ledger::POSTING, row, "a posting", "none, or one that is told of twice"));
        }
    }
    Ok(())
}

/// What the journal says of a posting and what stands, where that is not the same.
fn wrong(posting: &sql::Told<'_>) -> Option<(String, String)> {
    let Some(entry) = &posting.entry else { return Some(("nothing of it".into(), "a posting".into())) };
    let Some(transfer) = &posting.of else { return Some(("a transfer".into(), "none".into())) };
    let after: Json = entry.after.and_then(|after| serde_json::from_str(after).ok()).unwrap_or_default();
    let stands = expected(posting, entry.kind, &after, (transfer.about, transfer.memo));
    let written = [entry.recorded, entry.actor, entry.effective];
    let kept = [transfer.recorded, transfer.actor, transfer.day];
    if stands.as_ref().is_some_and(|stands| same(&after, stands)) && written == kept {
        return None;
    }
    let minor = format!("{} {} minor units of {}", posting.account, posting.amount, posting.currency);
    let stands = format!("{minor} on {}, {} «{}» by {kept:?}", posting.day, transfer.about, transfer.memo);
    Some((format!("{} {after} by {written:?}", entry.kind), stands))
}

/// The document that the journal has of such a posting to the account that it tells of; `None` where that is another.
fn expected(posting: &sql::Told<'_>, purpose: &str, told: &Json, (about, memo): (&str, &str)) -> Option<Json> {
    let word = |name: &str| told.get(name).and_then(Json::as_str);
    let currency = Currency::of(posting.currency)?;
    let account = Account::of(word("entity")?, Purpose::parse(purpose)?, word("detail")?, currency);
    if account.id() != posting.account {
        return None;
    }
    let amount = Money { minor: account.natural(posting.amount), currency };
    Some(json!({
        "entity": account.entity,
        "detail": account.detail,
        "currency": currency.code(),
        "amount": crate::number(amount),
        "day": posting.day,
        "about": about,
        "memo": memo,
    }))
}

/// Whether two documents are the same; numbers count by their worth.
fn same(one: &Json, other: &Json) -> bool {
    match (one, other) {
        (Json::Number(one), Json::Number(other)) => one.as_f64() == other.as_f64(),
        (Json::Object(one), Json::Object(other)) => {
            let has = |(name, value): (&String, &Json)| other.get(name).is_some_and(|other| same(value, other));
            one.len() == other.len() && one.iter().all(has)
        }
        _ => one == other,
    }
}
