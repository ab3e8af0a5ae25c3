//! Loans to start-ups: what was agreed, paid out upon milestones, and paid back.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use base::{Currency, Money, Reference};
use pay::loan::{Kind, Loan, LoanError, LoanState, NewLoan, Owed, Proposal, Terms};
use serde::Deserialize;

use crate::{
    App,
    failure::Failure,
    finance::own_hand,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    words::money_key,
};

struct Row {
    id: String,
    borrower: String,
    principal: String,
    kind: String,
    open: String,
    late: String,
    state: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "loans.html")]
struct Loans {
    f: Frame,
    funds: String,
    held: String,
    ageing: Vec<(&'static str, String)>,
    loans: Vec<Row>,
    problem: Option<String>,
    may_agree: bool,
    /// The pages before and after this one.
    newer: Option<i64>,
    older: Option<i64>,
    kinds: Vec<(&'static str, String)>,
}

struct TrancheRow {
    number: i64,
    amount: String,
    milestone: String,
    paid_out: Option<String>,
}

struct InstalmentRow {
    number: i64,
    due: String,
    principal: String,
    profit: String,
    open: String,
    late: bool,
}

#[derive(Template)]
#[template(path = "loan.html")]
struct LoanPage {
    f: Frame,
    row: Row,
    terms: Vec<(String, String)>,
    tranches: Vec<TrancheRow>,
    instalments: Vec<InstalmentRow>,
    postings: Vec<(String, String, String)>,
    officer: bool,
    /// Whether this person may pay a tranche out; or why they may not.
    pays_out: bool,
    own: Option<String>,
    running: bool,
    /// Whether nothing of it was paid out, so that the schedule is only what was planned.
    planned: bool,
    agreed: bool,
    owed: bool,
    /// The new months that this person is to decide on.
    new_months: Option<(u32, u32)>,
    decides: bool,
    problem: Option<String>,
}

fn row(app: &App, f: &Frame, loan: &Loan, owed: &[Owed]) -> Row {
    let money = |minor| f.w.money(&Money { minor, currency: loan.currency });
    let ageing = Loan::ageing(owed, app.today());
    let late = ageing.to_30 + ageing.to_90 + ageing.to_180 + ageing.longer;
    let runs = loan.state.is_owed();
    Row {
        id: loan.id.clone(),
        borrower: loan.borrower_name.clone(),
        principal: money(loan.terms.principal),
        kind: f.w.say(&format!("loan-{}", loan.terms.kind.as_str())),
        open: money(owed.iter().map(Owed::open).sum()),
        late: if runs && late > 0 { money(late) } else { String::new() },
        state: f.w.say(&format!("loan-state-{}", loan.state.as_str())),
        tone: match loan.state {
            LoanState::Running if late > 0 => "at-risk",
            LoanState::Running => "on-track",
            LoanState::Repaid => "ahead",
            LoanState::ToReschedule => "at-risk",
            LoanState::WrittenOff | LoanState::ToWriteOff => "off-track",
            LoanState::Agreed => "no-data",
        },
    }
}

/// So many loans are on a page.
const LOANS_SHOWN: i64 = 100;
const PAGES_MAX: i64 = 1_000_000;

#[derive(Deserialize, Default)]
pub(crate) struct Outcome {
    page: Option<i64>,
    problem: Option<String>,
    n: Option<String>,
    m: Option<String>,
}

fn said(f: &Frame, outcome: Outcome) -> Option<String> {
    let (n, m) = (outcome.n.unwrap_or_default(), outcome.m.unwrap_or_default());
    outcome.problem.map(|problem| match problem.starts_with("money-") || problem.starts_with("own-hand-") {
        true => f.w.say2(&problem, &n, &m),
        false => f.w.say1(&format!("loan-problem-{problem}"), &n),
    })
}

/// A fault of an amount, for [`said`].
fn money_fault(error: base::MoneyError, currency: Currency) -> String {
    let (key, n, m) = money_key(error, currency);
    format!("{key}&n={n}&m={m}")
}

/// The bank of the pack and the currency in which it lends.
fn lender(app: &App) -> (String, Currency) {
    let bank = app.pack.role("loan-officer").map(|role| role.entity.to_string());
    let plan = app.pack.plans.first().and_then(|plan| Currency::of(&plan.currency));
    (bank.unwrap_or_else(|| "bank".into()), plan.unwrap_or(Currency::USD))
}

pub(crate) async fn loans(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Outcome>,
) -> Result<Response, Failure> {
    let (lender, currency) = lender(&app);
    let number = q.page.filter(|page| (1..=PAGES_MAX).contains(page)).unwrap_or(1);
    let (all, count) = app.finance.loans((number - 1) * LOANS_SHOWN, LOANS_SHOWN).await?;
    let funds = app.finance.funds(&lender, currency).await?;
    let money = |minor| f.w.money(&Money { minor, currency });
    let ageing = app.finance.ageing(currency, app.today()).await?;
    let sums = [ageing.not_due, ageing.to_30, ageing.to_90, ageing.to_180, ageing.longer];
    let names = ["loan-not-due", "loan-to-30", "loan-to-90", "loan-to-180", "loan-longer"];
    page(Loans {
        funds: money(funds.free()),
        held: money(funds.held),
        ageing: names.into_iter().zip(sums.map(money)).collect(),
        loans: all.iter().map(|(loan, owed)| row(&app, &f, loan, owed)).collect(),
        kinds: Kind::ALL.iter().map(|kind| (kind.as_str(), f.w.say(&format!("loan-{}", kind.as_str())))).collect(),
        may_agree: visitor.may(&app, "/loans/agree"),
        newer: (number > 1).then_some(number - 1),
        older: (number * LOANS_SHOWN < count).then_some(number + 1),
        problem: said(&f, q),
        f,
    })
}

pub(crate) async fn loan(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(id): Path<String>,
    Query(q): Query<Outcome>,
) -> Result<Response, Failure> {
    let me = visitor.account()?;
    let has = |role: &str| me.roles.iter().any(|r| r == role);
    let file = app.finance.loan(&id).await?.ok_or(Failure::NotFound)?;
    let officer = has("loan-officer");
    // A stranger gets the same answer as for a loan that does not exist.
    if file.loan.borrower != me.id && !officer && !has("loan-chief") && !has("auditor") {
        return Err(Failure::NotFound);
    }
    let loan = &file.loan;
    let money = |minor| f.w.money(&Money { minor, currency: loan.currency });
    let today = app.today().to_string();
    let planned = if file.owed.is_empty() { loan.terms.schedule().unwrap_or_default() } else { Default::default() };
    let planned: Vec<Owed> = planned.iter().map(Owed::planned).collect();
    let is_planned = !planned.is_empty();
    let instalments = file.owed.iter().chain(&planned).zip(1..).map(|(owed, number)| InstalmentRow {
        number,
        due: f.w.day(&owed.due),
        principal: money(owed.principal),
        profit: money(owed.profit),
        open: money(owed.open()),
        late: owed.open() > 0 && owed.due < today && loan.state.is_owed(),
    });
    let tranches = file.tranches.iter().map(|tranche| TrancheRow {
        number: tranche.number,
        amount: money(tranche.minor),
        milestone: tranche.milestone.clone(),
        paid_out: tranche.paid_out.as_deref().map(|day| f.w.day(day)),
    });
    let postings = file.posted.iter().map(|posted| {
        let sum = posted.transfer.postings.iter().map(|p| p.amount).filter(|amount| *amount > 0).sum();
        (f.w.day(&posted.transfer.day.to_string()), f.w.say(&posted.transfer.memo), money(sum))
    });
    let rate = base::Money { minor: loan.terms.basis_points, currency: Currency::USD };
    // The price of a murabaha is agreed in advance, and never grows.
    let price = (loan.terms.kind == Kind::Murabaha)
        .then(|| (f.w.say("loan-price"), money(loan.terms.principal + loan.terms.markup())));
    let has_role = |step: &str| roles_of(step).iter().any(|role| has(role));
    let own = app.finance.barred(&me.id, &[loan.second_person()]).await.map_err(LoanError::from)?.pop().flatten();
    let can = |step: &str| own.is_none() && has_role(step);
    let is_payable = matches!(loan.state, LoanState::Agreed | LoanState::Running)
        && file.tranches.iter().any(|tranche| tranche.paid_out.is_none());
    let to_decide = matches!(loan.state, LoanState::ToReschedule | LoanState::ToWriteOff);
    let would = (is_payable && has_role("pay-out")) || (to_decide && has_role("write-off"));
    page(LoanPage {
        pays_out: is_payable && can("pay-out"),
        new_months: (loan.proposal)
            .filter(|_| can("new-months") && loan.state == LoanState::ToReschedule)
            .map(|proposal| (proposal.months, proposal.grace)),
        decides: can("write-off") && loan.state == LoanState::ToWriteOff,
        own: own.as_ref().filter(|_| would).map(|own| own_hand(&f, own)),
        row: row(&app, &f, loan, &file.owed),
        terms: [
            (f.w.say("loan-rate"), format!("{rate} %")),
            (f.w.say("loan-months"), loan.terms.months.to_string()),
            (f.w.say("loan-grace"), loan.terms.grace.to_string()),
        ]
        .into_iter()
        .chain(price)
        .collect(),
        tranches: tranches.collect(),
        instalments: instalments.collect(),
        postings: postings.collect(),
        running: loan.state == LoanState::Running,
        planned: is_planned,
        agreed: loan.state == LoanState::Agreed,
        owed: loan.state.is_owed(),
        officer,
        problem: said(&f, q),
        f,
    })
}

/// What goes wrong at the bank, in words; anything else is an error of ours.
fn problem(error: LoanError) -> Result<String, Failure> {
    let name = match error {
        LoanError::Terms(_) => "terms",
        LoanError::Tranches(_) => "tranches",
        LoanError::NoTranche | LoanError::NotNow(_) | LoanError::NoLoan(_) | LoanError::Twice(_) => "not-now",
        LoanError::Amount(_) | LoanError::NoReceipt => "amount",
        LoanError::Over => "over",
        LoanError::SamePerson(own) => return Ok(format!("own-hand-{}", own.part.as_str())),
        LoanError::Ledger(pay::ledger::LedgerError::BelowLimit { .. }) => "funds",
        LoanError::Ledger(pay::ledger::LedgerError::Twice(_)) => "twice",
        other => return Err(other.into()),
    };
    Ok(name.to_owned())
}

/// Who takes a step of a loan, if they had no hand in what it needs a second person for; nobody, where there is none.
fn roles_of(step: &str) -> &'static [&'static str] {
    match step {
        "pay-out" => &["loan-officer", "loan-chief"],
        "repay" | "reschedule" | "propose-write-off" => &["loan-officer"],
        "new-months" | "old-months" | "write-off" | "keep" => &["loan-chief"],
        _ => &[],
    }
}

/// `10000 a prototype` on each line: the amount and what is to be reached for it.
fn tranches(text: &str, currency: Currency) -> Option<Vec<(i64, String)>> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(24);
    lines
        .map(|line| {
            let (amount, milestone) = amount_and_words(line);
            Some((Money::parse(amount, currency).ok()?.minor, milestone.to_owned()))
        })
        .collect()
}

/// The amount that a line begins with, and the words behind it. A space within the amount stands before three digits:
/// `10 000 a prototype`.
fn amount_and_words(line: &str) -> (&str, &str) {
    let of_number = |c: char| c.is_numeric() || matches!(c, '.' | ',' | '\'' | '’' | '٫' | '٬' | '،');
    let is_number = |part: &str| part.chars().any(char::is_numeric) && part.chars().all(of_number);
    let goes_on = |part: &str| is_number(part) && part.chars().take_while(|c| c.is_numeric()).count() == 3;
    let mut end = line.find(char::is_whitespace).unwrap_or(line.len());
    while is_number(&line[..end].replace(char::is_whitespace, "")) {
        let rest = line[end..].trim_start();
        let part = rest.split(char::is_whitespace).next().unwrap_or("");
        if !goes_on(part) {
            break;
        }
        end = line.len() - rest.len() + part.len();
    }
    (&line[..end], line[end..].trim())
}

pub(crate) async fn agree(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let (lender, currency) = lender(&app);
    let text = |field: &str| form.first(field).unwrap_or("").trim().to_owned();
    let wrong = |name: &str| Ok(Redirect::to(&f.href(&format!("/loans?problem={name}"))).into_response());
    let Some(borrower) = app.identity.account(&base::email::key(&text("borrower"))).await? else {
        return wrong("borrower");
    };
    let principal = match Money::parse(&text("amount"), currency) {
        Ok(principal) => principal,
        Err(error) => return wrong(&money_fault(error, currency)),
    };
    let Ok(basis_points) = base::number::basis_points(&text("rate")) else { return wrong("terms") };
    let count = |field: &str| base::number::whole(&text(field)).ok().and_then(|count| u32::try_from(count).ok());
    let (Some(months), Some(grace)) = (count("months"), count("grace")) else { return wrong("terms") };
    let Some(kind) = Kind::parse(&text("kind")) else { return wrong("terms") };
    let Some(tranches) = tranches(&text("tranches"), currency) else { return wrong("tranches") };
    let id = Reference::make("LN", app.random_number()).map_err(|_| Failure::Internal)?.to_string();
    let terms = Terms { kind, principal: principal.minor, basis_points, months, grace, start: app.today() };
    let new = NewLoan {
        id: id.clone(),
        lender,
        borrower: borrower.id.clone(),
        borrower_name: borrower.name.get(base::Lang::AR).to_owned(),
        about: form.text("about")?,
        currency,
        terms,
        tranches,
    };
    match app.finance.agree(app.by(&visitor.account()?.id, "loans"), new, app.today()).await {
        Ok(_) => Ok(Redirect::to(&f.href(&format!("/loans/{id}"))).into_response()),
        Err(error) => wrong(&problem(error)?),
    }
}

pub(crate) async fn loan_step(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path((id, step)): Path<(String, String)>,
    form: Form,
) -> Result<Response, Failure> {
    let me = visitor.account()?;
    if !roles_of(&step).iter().any(|role| me.roles.iter().any(|has| has == role)) {
        return Err(Failure::Forbidden);
    }
    let (by, day) = (app.by(&me.id, "loans"), app.today());
    let file = app.finance.loan(&id).await?.ok_or(Failure::NotFound)?;
    let text = |field: &str| form.first(field).unwrap_or("").trim();
    let count = |field: &str| base::number::whole(text(field)).ok().and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    let currency = file.loan.currency;
    let receipt = form.text("receipt")?;
    let done = match step.as_str() {
        "pay-out" => app.finance.pay_out(by, &id, i64::from(count("tranche")), day).await,
        "repay" => match Money::parse(text("amount"), currency) {
            Ok(money) => app.finance.repay(by, &id, money.minor, &receipt, day).await,
            Err(error) => {
                let fault = money_fault(error, currency);
                return Ok(Redirect::to(&f.href(&format!("/loans/{id}?problem={fault}"))).into_response());
            }
        },
        "reschedule" => {
            let new = Proposal { months: count("months"), grace: count("grace") };
            app.finance.propose_months(by, &id, new, day).await
        }
        "new-months" => app.finance.decide_months(by, &id, true, day).await,
        "old-months" => app.finance.decide_months(by, &id, false, day).await,
        "propose-write-off" => app.finance.propose_write_off(by, &id, day).await,
        "write-off" => app.finance.decide_write_off(by, &id, true, day).await,
        "keep" => app.finance.decide_write_off(by, &id, false, day).await,
        _ => return Err(Failure::NotFound),
    };
    let outcome = match done {
        Ok(_) => String::new(),
        Err(error) => format!("?problem={}", problem(error)?),
    };
    Ok(Redirect::to(&f.href(&format!("/loans/{id}{outcome}"))).into_response())
}
