//! Statements of the bank: what was taken in, and the money that nobody could be found for, with what the bank says of it.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use base::Money;
use service::{BankDesk, LAST_SHOWN, Unmatched};

use super::{Range, outcome_of};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::{Form, SentFile},
};

struct TakenIn {
    statement: String,
    day: String,
    entries: i64,
    paid: i64,
}

struct Entry {
    id: String,
    kind: String,
    amount: String,
    day: String,
    payer: String,
    iban: String,
    words: String,
    statement: String,
    payment: Option<String>,
    /// What somebody has proposed: the finance desk decides on it.
    proposed: Option<String>,
    elsewhere: bool,
    like: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "statements.html")]
struct Statements {
    f: Frame,
    taken_in: Vec<TakenIn>,
    /// Account, what was on it, and on which day.
    at_bank: Vec<(String, String, String)>,
    unmatched: Vec<Entry>,
    /// What the lists leave out.
    more: Option<String>,
    last: Option<String>,
    may_change: bool,
    problem: Option<String>,
    done: Option<String>,
}

pub(crate) async fn statements(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Range>,
) -> Result<Response, Failure> {
    let BankDesk { taken_in, at_bank, unmatched, unmatched_count } = app.cases.statements().await?;
    let (more, last) = (f.and_more(unmatched.len(), unmatched_count), f.only_last(taken_in.len(), LAST_SHOWN));
    let at_bank = at_bank.into_iter().map(|one| (one.account, f.w.money(&one.closing), f.w.day(&one.day)));
    let taken_in = taken_in.into_iter().map(|one| TakenIn {
        day: f.w.day(&one.recorded),
        statement: one.statement,
        entries: one.entries,
        paid: one.paid,
    });
    let said = |outcome: &Option<String>| outcome.as_deref().map(|name| outcome_of(&f, &q, name));
    page(Statements {
        more,
        last,
        taken_in: taken_in.collect(),
        at_bank: at_bank.collect(),
        unmatched: unmatched.into_iter().map(|one| entry(&f, one)).collect(),
        may_change: visitor.may(&app, "/finance/differences"),
        problem: said(&q.problem),
        done: said(&q.done),
        f,
    })
}

fn entry(f: &Frame, one: Unmatched) -> Entry {
    let Unmatched { difference, words, like } = one;
    let minor = difference.theirs.unwrap_or_default();
    Entry {
        kind: f.w.say(&format!("difference-{}", difference.kind)),
        amount: f.w.money(&Money { minor, currency: difference.currency }),
        day: f.w.day(if words.day.is_empty() { &difference.day } else { &words.day }),
        payer: words.payer,
        iban: words.iban,
        words: words.words.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" · "),
        statement: words.statement,
        elsewhere: difference.can_be_elsewhere(),
        proposed: difference.proposal.map(|proposed| f.w.say(&format!("finance-proposed-{}", proposed.what.as_str()))),
        payment: difference.payment,
        id: difference.id,
        like,
    }
}

/// Takes in a statement of the bank.
pub(crate) async fn import(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let back = |outcome: &str| Redirect::to(&f.href(&format!("/finance/statements?{outcome}"))).into_response();
    let by = app.by(&visitor.account()?.id, "statement");
    // Of a file that is too long nothing was kept.
    if form.files.first().is_some_and(|file| file.content.is_empty() && file.bytes > 0) {
        return Err(Failure::TooLarge);
    }
    let Some(SentFile { content, .. }) = form.files.first().filter(|file| !file.content.is_empty()) else {
        return Ok(back("problem=no-file"));
    };
    let text = String::from_utf8_lossy(content);
    let statement = match pay::bank::read(&text) {
        Ok(statement) => statement,
        Err(error) => return Ok(back(&wrong(&error))),
    };
    let done = app.cases.import_statement(by, statement).await?;
    let unequal = if done.unequal > 0 { "&problem=statement-unequal" } else { "" };
    Ok(back(&format!("done=imported&n={}&m={}&l={}{unequal}", done.paid, done.open, done.left)))
}

/// What is wrong with a file, for [`outcome_of`].
fn wrong(error: &pay::bank::StatementError) -> String {
    use pay::bank::StatementError as Wrong;
    match error {
        Wrong::Xml(_) | Wrong::NoStatement => "problem=no-statement".into(),
        Wrong::Amount(place, _) => format!("problem=statement-amount&n={place}"),
        Wrong::Currency(place, _) => format!("problem=statement-currency&n={place}"),
        Wrong::TooLong => format!("problem=statement-long&n={}", pay::bank::ENTRIES_MAX),
    }
}
