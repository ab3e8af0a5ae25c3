//! Statements of the bank: what was taken in, and the money that nobody could be found for, with what the bank says of it.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::{IntoResponse, Redirect, Response},
};
use base::Money;
use pay::bank::{Source, TakenIn as File};
use service::{BankDesk, LAST_SHOWN, Unmatched};

use super::{Range, outcome_of};
use crate::{
    App,
    failure::Failure,
    frame::{Frame, encoded, page},
    guard::Visitor,
    input::{Form, SentFile},
    statement_file,
};

struct TakenIn {
    name: String,
    kinds: String,
    day: String,
    /// Why it was refused.
    refused: Option<String>,
    entries: usize,
    known: usize,
    /// Everything else that it brought, where it is more than nothing: what, and how many.
    brought: Vec<(String, usize)>,
}

/// What waits until it is booked, or stands aside.
struct Other {
    account: String,
    amount: String,
    day: String,
    why: String,
    words: String,
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
    /// The payment that it is the fee of, less what was deducted on the way; and that, in words.
    charged: Option<(String, String)>,
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
    expected: Vec<Other>,
    aside: Vec<Other>,
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
    let BankDesk { taken_in, at_bank, expected, aside, unmatched, unmatched_count } = app.cases.statements().await?;
    let (more, last) = (f.and_more(unmatched.len(), unmatched_count), f.only_last(taken_in.len(), LAST_SHOWN));
    let at_bank = at_bank.into_iter().map(|one| (one.account, f.w.money(&one.closing), f.w.day(&one.day)));
    let taken_in = taken_in.into_iter().map(|one| file(&f, one));
    let expected = expected.into_iter().map(|one| Other {
        amount: signed(f.w.money(&one.money), one.is_credit),
        day: f.w.day(&one.day),
        why: f.w.say2("statements-expected-as", &one.kind, &one.status),
        words: on_one_line(&one.words),
        account: one.account,
    });
    let aside = aside.into_iter().map(|one| Other {
        amount: signed(one.stated, one.is_credit),
        day: f.w.day(&one.day),
        why: f.w.say(&format!("statements-{}", one.reason)),
        words: on_one_line(&one.words),
        account: one.account,
    });
    let (expected, aside): (Vec<_>, Vec<_>) = (expected.collect(), aside.collect());
    let said = |outcome: &Option<String>| outcome.as_deref().map(|name| outcome_of(&f, &q, name));
    page(Statements {
        more,
        last,
        taken_in: taken_in.collect(),
        at_bank: at_bank.collect(),
        unmatched: unmatched.into_iter().map(|one| entry(&f, one)).collect(),
        expected,
        aside,
        may_change: visitor.may(&app, "/finance/differences"),
        problem: said(&q.problem),
        done: said(&q.done),
        f,
    })
}

fn signed(amount: String, is_credit: bool) -> String {
    if is_credit { amount } else { format!("-{amount}") }
}

fn on_one_line(words: &str) -> String {
    words.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>().join(" · ")
}

fn file(f: &Frame, one: File) -> TakenIn {
    let brought = one.brought;
    let refused = Some(&one.reason).filter(|reason| !reason.is_empty());
    let all = [
        ("paid", brought.paid),
        ("open", brought.open),
        ("left", brought.left),
        ("charges", brought.charges),
        ("reversed", brought.reversed),
        ("others", brought.others),
        ("waiting", brought.waiting),
        ("aside", brought.aside),
        ("unequal", brought.unequal),
    ];
    let brought = all.into_iter().filter(|(_, number)| *number > 0);
    TakenIn {
        refused: refused.map(|reason| f.w.say2(&format!("finance-file-{reason}"), &one.place, &one.said)),
        brought: brought.map(|(what, number)| (f.w.say(&format!("statements-brought-{what}")), number)).collect(),
        day: f.w.day(&one.recorded),
        name: one.name,
        kinds: one.kinds,
        entries: one.brought.entries,
        known: one.brought.known,
    }
}

fn entry(f: &Frame, one: Unmatched) -> Entry {
    let Unmatched { difference, words, like } = one;
    let minor = difference.theirs.unwrap_or_default();
    let money = |minor| f.w.money(&Money { minor, currency: difference.currency });
    let kept = difference.ours.filter(|_| difference.kind == "charges").map(|ours| money(ours - minor));
    let charged = difference.payment.clone().zip(kept);
    Entry {
        charged: charged.map(|(id, kept)| (id.clone(), f.w.say2("statements-take-charged", &id, &kept))),
        kind: f.w.say(&format!("difference-{}", difference.kind)),
        amount: f.w.money(&Money { minor, currency: difference.currency }),
        day: f.w.day(if words.day.is_empty() { &difference.day } else { &words.day }),
        payer: words.payer,
        iban: words.iban,
        words: on_one_line(&words.words),
        statement: words.statement,
        elsewhere: difference.can_be_elsewhere(),
        proposed: difference.proposal.map(|proposed| f.w.say(&format!("finance-proposed-{}", proposed.what.as_str()))),
        payment: difference.payment,
        id: difference.id,
        like,
    }
}

/// Takes in a file of the bank.
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
    let Some(SentFile { content, name, .. }) = form.files.into_iter().next().filter(|file| !file.content.is_empty())
    else {
        return Ok(back("problem=no-file"));
    };
    let name: String = name.chars().take(NAME_MAX).collect();
    match statement_file::take_in(&app, by, &name, Source::Bytes(content.into())).await? {
        Ok(done) => {
            let unequal = if done.unequal > 0 { "&problem=statement-unequal" } else { "" };
            Ok(back(&format!("done=imported&n={}&m={}&l={}{unequal}", done.paid, done.open, done.left)))
        }
        Err(refused) => {
            let (reason, place, said) = refused.error.key();
            let said: String = said.chars().take(SAID_MAX).collect();
            Ok(back(&format!("problem=file-{reason}&n={}&m={}", encoded(&place), encoded(&said))))
        }
    }
}

/// So much of the name of a file is kept, and so much of what is wrong with it is said in an address.
const NAME_MAX: usize = 200;
const SAID_MAX: usize = 100;
