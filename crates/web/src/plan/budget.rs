//! The budget: what was granted, promised and spent, down to the postings, and what a result cost.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::{IntoResponse, Redirect, Response},
};
use base::{Currency, Money};
use pay::budget::{BudgetChange, BudgetError, BudgetKind, Line, NewBudgetChange, Spending};
use plan::{Intervention, PlanDefinition};
use serde::Deserialize;

use crate::{
    App,
    failure::Failure,
    finance::own_hand,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
    words::{money_key, number},
};

struct Sum {
    granted: String,
    committed: String,
    spent: String,
    available: String,
    share: String,
}

struct Cost {
    indicator: String,
    title: String,
    figure: String,
    cost: String,
}

struct InterventionRow {
    name: String,
    title: String,
    sum: Sum,
    costs: Vec<Cost>,
}

struct ObjectiveRow {
    title: String,
    sum: Sum,
    costs: Vec<Cost>,
    interventions: Vec<InterventionRow>,
}

#[derive(Template)]
#[template(path = "budget.html")]
struct BudgetPage {
    f: Frame,
    title: String,
    whole: Sum,
    objectives: Vec<ObjectiveRow>,
    costs: Vec<Cost>,
    waiting: Vec<Waiting>,
    /// How many more wait.
    more: Option<String>,
    problem: Option<String>,
}

struct Waiting {
    id: String,
    what: String,
    line: String,
    amount: String,
    reason: String,
    by: String,
    /// Why this person does not decide on it.
    own: Option<String>,
}

struct LineRow {
    line: String,
    title: String,
    sum: Sum,
    postings: Vec<(String, String, String, String)>,
    /// Whether only the last are shown.
    last: Option<String>,
}

#[derive(Template)]
#[template(path = "budget_lines.html")]
struct LinesPage {
    f: Frame,
    name: String,
    title: String,
    lines: Vec<LineRow>,
    others: Vec<(String, String)>,
    may_propose: bool,
    problem: Option<String>,
    done: bool,
}

/// The first plan and its currency.
fn plan(app: &App) -> Result<(&PlanDefinition, Currency), Failure> {
    let plan = app.pack.plans.first().ok_or(Failure::NotFound)?;
    Ok((plan, Currency::of(&plan.currency).ok_or(Failure::NotFound)?))
}

fn sum(f: &Frame, currency: Currency, spending: Spending) -> Sum {
    let money = |minor| f.w.money(&Money { minor, currency });
    let granted = spending.granted();
    let share = if granted > 0 { number(spending.spent as f64 * 100.0 / granted as f64) } else { "0".into() };
    Sum {
        granted: money(granted),
        committed: money(spending.committed),
        spent: money(spending.spent),
        available: money(spending.available),
        share,
    }
}

fn of<'a>(lines: impl Iterator<Item = (&'a Line, &'a Spending)>, intervention: &Intervention) -> Spending {
    lines
        .filter(|(line, _)| line.intervention == AsRef::<str>::as_ref(&intervention.intervention))
        .fold(Spending::default(), |sum, (_, each)| sum.plus(*each))
}

pub(crate) async fn budget(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Query(q): Query<Outcome>,
) -> Result<Response, Failure> {
    let (plan, currency) = plan(&app)?;
    let lines = app.finance.spending(plan.plan.as_ref()).await?;
    let figures = app.measures.now().await?;
    // Spending by figure: only where something was both spent and reached.
    let costs = |spent: i64, used: &[plan::IndicatorUse]| -> Vec<Cost> {
        used.iter()
            .filter_map(|used| {
                let indicator = app.measures.indicator(&used.indicator)?;
                let value = figures.at(indicator, app.today()).value.filter(|value| *value > 0.0)?;
                let (title, unit) = (indicator.definition.title.get(f.lang), indicator.definition.unit.get(f.lang));
                let minor = (spent as f64 / value).round() as i64;
                (spent > 0 && !indicator.is_ratio() && !unit.starts_with(['%', '٪'])).then(|| Cost {
                    indicator: indicator.name().to_owned(),
                    title: title.to_owned(),
                    figure: format!("{} {unit}", number(value)),
                    cost: f.w.money(&Money { minor, currency }),
                })
            })
            .collect()
    };
    let objectives = plan.objectives.iter().map(|objective| {
        let whole = objective.interventions.iter().fold(Spending::default(), |sum, v| sum.plus(of(lines.iter(), v)));
        ObjectiveRow {
            title: objective.title.get(f.lang).to_owned(),
            sum: sum(&f, currency, whole),
            costs: costs(whole.spent, &objective.indicators),
            interventions: objective
                .interventions
                .iter()
                .map(|v| {
                    let own = of(lines.iter(), v);
                    InterventionRow {
                        name: v.intervention.to_string(),
                        title: v.title.get(f.lang).to_owned(),
                        sum: sum(&f, currency, own),
                        costs: costs(own.spent, &v.indicators),
                    }
                })
                .collect(),
        }
    });
    let objectives = objectives.collect();
    let whole = lines.values().fold(Spending::default(), |sum, each| sum.plus(*each));
    // The plan as a whole is measured by whatever its objectives promise.
    let mut promised: Vec<plan::IndicatorUse> = Vec::new();
    for used in plan.objectives.iter().flat_map(|objective| &objective.indicators) {
        if !promised.iter().any(|known| known.indicator == used.indicator) {
            promised.push(used.clone());
        }
    }
    let whole_costs = costs(whole.spent, &promised);
    let (waiting, more) = match visitor.who.account.as_ref().filter(|_| visitor.may(&app, "/budget/decide")) {
        Some(me) => waiting(&app, &f, plan, &me.id).await?,
        None => (Vec::new(), None),
    };
    page(BudgetPage {
        title: plan.title.get(f.lang).to_owned(),
        whole: sum(&f, currency, whole),
        costs: whole_costs,
        objectives,
        waiting,
        more,
        problem: said(&f, &q),
        f,
    })
}

/// The first changes that wait, and what is said of the rest.
async fn waiting(
    app: &App,
    f: &Frame,
    plan: &PlanDefinition,
    me: &str,
) -> Result<(Vec<Waiting>, Option<String>), Failure> {
    let (changes, all) = app.finance.changes().await?;
    let more = f.and_more(changes.len(), all);
    let rules: Vec<_> = changes.iter().map(BudgetChange::second_person).collect();
    let own = app.finance.barred(me, &rules).await.map_err(BudgetError::from)?;
    let changes = changes.into_iter().zip(own).map(|(change, own)| Waiting {
        own: own.map(|own| own_hand(f, &own)),
        what: f.w.say(&format!("budget-{}", change.kind.as_str())),
        line: match &change.to {
            Some(to) => format!("{} → {}", line_title(f, plan, &change.line), line_title(f, plan, to)),
            None => line_title(f, plan, &change.line),
        },
        amount: f.w.money(&change.money),
        reason: change.reason,
        by: change.asked_by,
        id: change.id,
    });
    Ok((changes.collect(), more))
}

fn line_title(f: &Frame, plan: &PlanDefinition, line: &Line) -> String {
    let interventions = plan.objectives.iter().flat_map(|objective| &objective.interventions);
    let known = interventions.into_iter().find(|v| AsRef::<str>::as_ref(&v.intervention) == line.intervention);
    let title = known.map_or(line.intervention.as_str(), |v| v.title.get(f.lang));
    format!("{title} · {} · {}", line.year, source(f, &line.source))
}

fn source(f: &Frame, source: &str) -> String {
    let key = format!("source-{source}");
    let said = f.w.say(&key);
    if said == key { source.to_owned() } else { said }
}

#[derive(Deserialize, Default)]
pub(crate) struct Outcome {
    problem: Option<String>,
    left: Option<String>,
    decimals: Option<String>,
    done: Option<String>,
}

fn said(f: &Frame, q: &Outcome) -> Option<String> {
    let (left, decimals) = (q.left.as_deref().unwrap_or(""), q.decimals.as_deref().unwrap_or(""));
    q.problem.as_deref().map(|problem| match problem.starts_with("money-") || problem.starts_with("own-hand-") {
        true => f.w.say2(problem, left, decimals),
        false => f.w.say1(&format!("budget-problem-{problem}"), left),
    })
}

pub(crate) async fn lines(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(name): Path<String>,
    Query(q): Query<Outcome>,
) -> Result<Response, Failure> {
    let (plan, currency) = plan(&app)?;
    let interventions = plan.objectives.iter().flat_map(|objective| &objective.interventions);
    let intervention = interventions.into_iter().find(|v| AsRef::<str>::as_ref(&v.intervention) == name);
    let intervention = intervention.ok_or(Failure::NotFound)?;
    let spending = app.finance.spending(plan.plan.as_ref()).await?;
    let mut rows = Vec::new();
    for (line, each) in spending.iter().filter(|(line, _)| line.intervention == name) {
        let file = app.finance.line(plan.plan.as_ref(), line, currency).await?;
        let postings = file.posted.iter().map(|posted| {
            let minor = posted.transfer.postings.iter().map(|p| p.amount).find(|amount| *amount > 0).unwrap_or(0);
            let reason = posted.transfer.id.strip_prefix("budget/");
            let reason = reason.and_then(|id| file.changes.iter().find(|change| change.id == id));
            (
                f.w.day(&posted.transfer.day.to_string()),
                f.w.say(&posted.transfer.memo),
                f.w.money(&Money { minor, currency }),
                reason.map_or(String::new(), |change| change.reason.clone()),
            )
        });
        rows.push(LineRow {
            line: line.to_string(),
            title: format!("{} · {}", line.year, source(&f, &line.source)),
            sum: sum(&f, currency, *each),
            last: f.only_last(file.posted.len(), pay::POSTINGS_SHOWN),
            postings: postings.collect(),
        });
    }
    let others = spending.keys().map(|line| (line.to_string(), line_title(&f, plan, line))).collect();
    page(LinesPage {
        title: intervention.title.get(f.lang).to_owned(),
        name,
        lines: rows,
        others,
        may_propose: visitor.may(&app, "/budget/{intervention}/propose"),
        problem: said(&f, &q),
        done: q.done.is_some(),
        f,
    })
}

fn problem(error: BudgetError) -> Result<String, Failure> {
    Ok(match error {
        BudgetError::NotEnough(left) => format!("problem=left&left={}%20{}", left.major(), left.currency.code()),
        BudgetError::NoAmount => "problem=amount".into(),
        BudgetError::NoLine => "problem=line".into(),
        BudgetError::SamePerson(own) => format!("problem=own-hand-{}", own.part.as_str()),
        BudgetError::NoReason => "problem=reason".into(),
        BudgetError::NoChange(_) | BudgetError::Twice(_) => "problem=decided".into(),
        other => return Err(other.into()),
    })
}

pub(crate) async fn propose(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    Path(name): Path<String>,
    form: Form,
) -> Result<Response, Failure> {
    let (plan, currency) = plan(&app)?;
    let text = |field: &str| form.first(field).unwrap_or("").trim();
    let line = Line::parse(text("line")).ok_or(Failure::BadForm)?;
    let kind = BudgetKind::parse(text("kind")).ok_or(Failure::BadForm)?;
    let known = app.finance.spending(plan.plan.as_ref()).await?;
    if !known.contains_key(&line) {
        return Err(Failure::BadForm);
    }
    let to = Line::parse(text("to")).filter(|to| kind == BudgetKind::Reallocate && known.contains_key(to));
    let here = |outcome: &str| Redirect::to(&f.href(&format!("/budget/{name}?{outcome}"))).into_response();
    let money = match Money::parse(text("amount"), currency) {
        Ok(money) => money,
        Err(error) => {
            let (key, left, decimals) = money_key(error, currency);
            return Ok(here(&format!("problem={key}&left={left}&decimals={decimals}")));
        }
    };
    let reason = form.text("reason")?;
    let id = app.random_name();
    let new = NewBudgetChange { id, kind, plan: plan.plan.to_string(), line, to, money, reason };
    let by = app.by(&visitor.account()?.id, "budget");
    match app.finance.propose(by, new, app.today()).await {
        Ok(_) => Ok(here("done=1")),
        Err(error) => Ok(here(&problem(error)?)),
    }
}

pub(crate) async fn decide(
    State(app): State<App>,
    f: Frame,
    visitor: Visitor,
    form: Form,
) -> Result<Response, Failure> {
    let by = app.by(&visitor.account()?.id, "budget");
    let approve = form.first("do") == Some("approve");
    match app.finance.decide(by, form.first("id").unwrap_or(""), approve, app.today()).await {
        Ok(change) => {
            Ok(Redirect::to(&f.href(&format!("/budget/{}?done=1", change.line.intervention))).into_response())
        }
        Err(error) => {
            let outcome = problem(error)?;
            Ok(Redirect::to(&f.href(&format!("/budget?{outcome}"))).into_response())
        }
    }
}
