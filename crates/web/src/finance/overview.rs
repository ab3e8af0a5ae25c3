//! The overview of the finance desk: what came in, what does not agree, what is to be paid back, what agents handed in, and whether the
//! books balance.

use std::collections::BTreeSet;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use base::{Currency, Money};
use pay::{
    Difference, Refund, RefundProposal, Settlement,
    ledger::{Mistake, Purpose},
    persons::{OwnHand, TwoPersons},
};
use serde::Deserialize;
use service::LAST_SHOWN;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
};

struct RevenueLine {
    entity: String,
    service: String,
    way: String,
    number: i64,
    amount: String,
    refunded: String,
}

struct DifferenceLine {
    id: String,
    kind: String,
    way: String,
    day: String,
    /// The payment or the statement.
    about: Option<String>,
    ours: String,
    theirs: String,
    /// Whether it compares balances of the bank, rather than what came and what was owed.
    of_balances: bool,
    /// Whether its money is in suspense, and has to go somewhere.
    suspended: bool,
    /// Whether its money may be booked elsewhere.
    elsewhere: bool,
    /// What a provider may have kept for its work.
    charge: Option<String>,
    /// What is proposed, in words, and by whom; `what` names it.
    proposed: Option<Proposal>,
    what: &'static str,
    /// Why this person does not decide on it.
    own: Option<String>,
}

struct Proposal {
    text: String,
    note: String,
    by: String,
}

struct CloseLine {
    day: String,
    way: String,
    ours: String,
    theirs: String,
    refunded: String,
    handed_over: String,
    agrees: bool,
    by: String,
}

struct RefundLine {
    id: String,
    payment: String,
    amount: String,
    reason: String,
    by: String,
    day: String,
    /// Why this person does not decide on it.
    own: Option<String>,
    /// What is proposed for it, in words and by name.
    proposed: Option<(String, String)>,
    /// The order to the bank that it is in.
    ordered: Option<String>,
    /// Whether it leaves by the bank, and to which account.
    by_bank: bool,
    iban: String,
}

struct OrderLine {
    id: String,
    day: String,
    by: String,
    transfers: i64,
    hash: String,
}

struct TillLine {
    id: String,
    agent: String,
    amount: String,
    day: String,
    own: Option<String>,
}

#[derive(Template)]
#[template(path = "finance.html")]
struct Finance {
    f: Frame,
    from: String,
    to: String,
    today: String,
    revenue: Vec<RevenueLine>,
    totals: Vec<(String, i64)>,
    mistakes: Vec<String>,
    waived: Vec<String>,
    differences: Vec<DifferenceLine>,
    more: Option<i64>,
    closes: Vec<CloseLine>,
    asked: Vec<RefundLine>,
    approved: Vec<RefundLine>,
    /// How many refunds more there are than are listed.
    more_refunds: i64,
    to_order: i64,
    orders: Vec<OrderLine>,
    tills: Vec<TillLine>,
    /// What the lists leave out.
    more_tills: Option<String>,
    last_orders: Option<String>,
    last_closes: Option<String>,
    last_alarms: Option<String>,
    alarms: Vec<(String, String, String)>,
    balances: Vec<(String, String, String)>,
    may_change: bool,
    /// Up to how much one person alone may pay back, in major units.
    alone: String,
    /// What was typed of a refund that could not be asked for.
    typed: Option<TypedRefund>,
    problem: Option<String>,
    done: Option<String>,
}

struct TypedRefund {
    id: String,
    amount: String,
    reason: String,
}

#[derive(Deserialize, Default)]
pub(crate) struct Range {
    #[serde(default)]
    pub(super) from: String,
    #[serde(default)]
    pub(super) to: String,
    pub(super) problem: Option<String>,
    pub(super) done: Option<String>,
    pub(super) n: Option<String>,
    pub(super) m: Option<String>,
    pub(super) l: Option<String>,
    pub(super) id: Option<String>,
    pub(super) amount: Option<String>,
    pub(super) reason: Option<String>,
}

pub(super) fn days(app: &App, q: &Range) -> (String, String) {
    let read = |text: &str| text.parse::<jiff::civil::Date>().ok();
    let today = app.today();
    let from = read(&q.from).unwrap_or_else(|| today.first_of_month());
    let to = read(&q.to).unwrap_or(today);
    (from.to_string(), to.to_string())
}

pub(crate) async fn finance(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Range>,
) -> Result<Response, Failure> {
    let me = visitor.account()?.clone();
    let (from, to) = days(&app, &q);
    let books = app.cases.books(&from, &to).await?;
    let money = |minor: i64, currency| f.w.money(&Money { minor, currency });
    let title = |service: &str| {
        let known = app.pack.catalogue.service(service);
        known.map_or(service, |service| service.definition.title.get(f.lang)).to_owned()
    };
    let revenue = books.revenue.iter().map(|line| RevenueLine {
        entity: app.pack.entity_title(&line.entity, f.lang).to_owned(),
        service: title(&line.service),
        way: f.w.say(&format!("way-{}", line.way)),
        number: line.number,
        amount: f.w.money(&line.money()),
        refunded: if line.refunded > 0 { money(line.refunded, line.currency) } else { String::new() },
    });
    // What a rule let somebody off did not come in.
    let came = |way: &str| app.cases.payments().way(way).is_ok_and(|way| way.brings_money());
    let currencies: BTreeSet<base::Currency> = books.revenue.iter().map(|line| line.currency).collect();
    let totals = currencies.clone().into_iter().filter_map(|currency| {
        let lines: Vec<_> = books.revenue.iter().filter(|line| line.currency == currency && came(&line.way)).collect();
        let minor = lines.iter().map(|line| line.minor - line.refunded).sum();
        (!lines.is_empty()).then(|| (money(minor, currency), lines.iter().map(|line| line.number).sum()))
    });
    let waived = currencies.into_iter().filter_map(|currency| {
        let lines = books.revenue.iter().filter(|line| line.currency == currency && !came(&line.way));
        let minor: i64 = lines.map(|line| line.minor).sum();
        (minor > 0).then(|| money(minor, currency))
    });
    let mistakes = books.mistakes.iter().map(|mistake| match mistake {
        Mistake::Unbalanced { currency, sum } => f.w.say2("books-unbalanced", currency, &sum.to_string()),
        Mistake::Suspense { currency, .. } => f.w.say1("books-suspense", currency),
        Mistake::Balance { account, .. } | Mistake::Held { account, .. } | Mistake::Proved { account, .. } => {
            f.w.say1("books-balance", account)
        }
        Mistake::Transfer { transfer, .. } | Mistake::Broken { transfer } => f.w.say1("books-transfer", transfer),
    });
    let closes = books.closes.iter().map(|close| CloseLine {
        day: f.w.day(&close.day),
        way: f.w.say(&format!("way-{}", close.way)),
        ours: format!("{} · {}", money(close.ours, close.currency), f.w.count("finance-payments", &close.ours_number)),
        theirs: format!(
            "{} · {}",
            money(close.theirs, close.currency),
            f.w.count("finance-payments", &close.theirs_number)
        ),
        refunded: money(close.refunded, close.currency),
        handed_over: money(close.handed_over, close.currency),
        agrees: close.ours == close.theirs && close.ours_number == close.theirs_number,
        by: close.closed_by.clone(),
    });
    // Who may not be the second person is told so, and is not offered what would be refused.
    let rules: Vec<TwoPersons> = (books.asked.iter().chain(&books.approved).map(Refund::second_person))
        .chain(books.handed_in.iter().map(Settlement::second_person))
        .chain(books.differences.iter().map(Difference::second_person))
        .collect();
    let own = app.cases.barred(&me.id, &rules).await?;
    let own = own.into_iter().map(|own| own.map(|own| own_hand(&f, &own)));
    let mut own: std::collections::VecDeque<Option<String>> = own.collect();
    let mut next_own = || own.pop_front().flatten();
    let mut refund = |refund: &Refund| RefundLine {
        id: refund.id.clone(),
        payment: refund.payment.clone(),
        amount: f.w.money(&refund.amount),
        reason: reason(&f, &refund.reason),
        by: refund.asked_by.clone(),
        day: f.w.day(&refund.asked),
        own: next_own(),
        proposed: refund.proposal.as_ref().map(|proposal| {
            let text = match proposal {
                RefundProposal::Account(iban) => f.w.say1("finance-proposed-account", iban),
                RefundProposal::OrderAgain => f.w.say("finance-proposed-again"),
            };
            (text, proposal.to_string())
        }),
        ordered: refund.ordered.clone(),
        by_bank: !app.cases.payments().goes_back_by_its_way(refund),
        iban: refund.iban.clone().unwrap_or_default(),
    };
    let (asked_lines, approved_lines): (Vec<_>, Vec<_>) =
        (books.asked.iter().map(&mut refund).collect(), books.approved.iter().map(&mut refund).collect());
    let tills = books.handed_in.iter().map(|settlement| TillLine {
        own: next_own(),
        id: settlement.id.clone(),
        agent: settlement.agent.clone(),
        amount: f.w.money(&settlement.money),
        day: f.w.day(&settlement.asked),
    });
    let tills: Vec<_> = tills.collect();
    let differences: Vec<_> = books.differences.iter().map(|found| difference(&f, found, next_own())).collect();
    let balances =
        books.balances.iter().filter(|balance| balance.minor != 0 && !is_budget(balance.account.purpose)).map(
            |balance| {
                let whose = app.pack.entity_title(&balance.account.entity, f.lang);
                let whose = if whose == pay::TREASURY { f.w.say("books-treasury") } else { whose.to_owned() };
                let purpose = f.w.say(&format!("account-{}", balance.account.purpose));
                let detail = if balance.account.purpose == Purpose::Clearing {
                    format!("{purpose} · {}", f.w.say(&format!("way-{}", balance.account.detail)))
                } else if balance.account.detail.is_empty() {
                    purpose
                } else {
                    format!("{purpose} · {}", balance.account.detail)
                };
                (whose, detail, f.w.money(&balance.money()))
            },
        );
    let said = |outcome: &Option<String>| outcome.as_deref().map(|name| outcome_of(&f, &q, name));
    let (problem, done) = (said(&q.problem), said(&q.done));
    let typed = |text: &Option<String>| text.clone().unwrap_or_default();
    let asked = q.id.as_ref().or(q.amount.as_ref());
    page(Finance {
        typed: asked.map(|_| TypedRefund { id: typed(&q.id), amount: typed(&q.amount), reason: typed(&q.reason) }),
        revenue: revenue.collect(),
        totals: totals.collect(),
        mistakes: mistakes.collect(),
        waived: waived.collect(),
        differences,
        more: Some(books.difference_count - books.differences.len() as i64).filter(|more| *more > 0),
        closes: closes.collect(),
        today: app.today().to_string(),
        asked: asked_lines,
        approved: approved_lines,
        more_refunds: books.asked_count - books.asked.len() as i64 + books.approved_count - books.approved.len() as i64,
        to_order: books.to_order,
        orders: (books.orders.iter())
            .map(|order| OrderLine {
                id: order.id.clone(),
                day: f.w.day(&order.day),
                by: order.made_by.clone(),
                transfers: order.transfers,
                hash: order.hash.clone(),
            })
            .collect(),
        tills,
        more_tills: f.and_more(books.handed_in.len(), books.handed_in_count),
        last_orders: f.only_last(books.orders.len(), LAST_SHOWN),
        last_closes: f.only_last(books.closes.len(), LAST_SHOWN),
        last_alarms: f.only_last(books.alarms.len(), LAST_SHOWN),
        alarms: books
            .alarms
            .iter()
            .map(|alarm| (f.w.day(&alarm.recorded), alarm.way.clone(), f.w.say(&format!("alarm-{}", alarm.reason))))
            .collect(),
        balances: balances.collect(),
        may_change: visitor.may(&app, "/finance/refunds"),
        alone: Money { minor: app.pack.refund_limit(Currency::ILS), currency: Currency::ILS }.to_string(),
        from,
        to,
        problem,
        done,
        f,
    })
}

/// Accounts of the budget have a page of their own.
fn is_budget(purpose: Purpose) -> bool {
    matches!(purpose, Purpose::Appropriation | Purpose::Available | Purpose::Committed | Purpose::Spent)
}

/// Why somebody is not the second person, in words.
pub(crate) fn own_hand(f: &Frame, own: &OwnHand) -> String {
    f.w.say(&format!("own-hand-{}", own.part.as_str()))
}

/// Reasons that rules give have words; what people wrote stands as it is.
fn reason(f: &Frame, reason: &str) -> String {
    let key = format!("refund-{reason}");
    let said = f.w.say(&key);
    if said == key { reason.to_owned() } else { said }
}

/// What came of a step, in words: `money-…` is about a currency, `own-hand-…` about a second person, the others are of
/// this desk.
pub(super) fn outcome_of(f: &Frame, q: &Range, name: &str) -> String {
    let key = if name.starts_with("money-") || name.starts_with("own-hand-") {
        name.to_owned()
    } else {
        format!("finance-{name}")
    };
    f.w.say3(&key, q.n.as_deref().unwrap_or(""), q.m.as_deref().unwrap_or(""), q.l.as_deref().unwrap_or(""))
}

fn difference(f: &Frame, difference: &Difference, own: Option<String>) -> DifferenceLine {
    let money = |minor: i64| f.w.money(&Money { minor, currency: difference.currency });
    let proposed = difference.proposal.as_ref();
    DifferenceLine {
        elsewhere: difference.can_be_elsewhere(),
        what: proposed.map_or("", |proposed| proposed.what.as_str()),
        proposed: proposed.map(|proposed| Proposal {
            text: f.w.say(&format!("finance-proposed-{}", proposed.what.as_str())),
            note: proposed.note.clone(),
            by: proposed.by.clone(),
        }),
        own,
        id: difference.id.clone(),
        kind: f.w.say(&format!("difference-{}", difference.kind)),
        way: f.w.say(&format!("way-{}", difference.way)),
        day: f.w.day(&difference.day),
        ours: difference.ours.map_or(String::new(), money),
        theirs: difference.theirs.map_or(String::new(), money),
        suspended: difference.is_in_suspense(),
        charge: difference.charge().map(money),
        of_balances: difference.statement().is_some(),
        about: difference.payment.clone().or_else(|| difference.statement().map(str::to_owned)),
    }
}
