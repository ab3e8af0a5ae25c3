//! What is dangerous in a service although every name in it exists and every rule can be computed: a fee that nobody has to
//! pay, a case that stays where it is for ever, a condition that is the same for everybody.

use std::collections::BTreeSet;

use base::{Currency, Finding, Step};
use register::{Field, Limit, RegisterDefinition};
use rules::{Bounds, Coverage, Limits, Scope, Type};
use rust_decimal::Decimal;
use serde_json::Value as Json;
use service::{Effect, FeeTable, ServiceDefinition, StateDefinition, Until};

use crate::check::key;

/// Everything that is dangerous in a service.
pub(crate) fn of_service(definition: &ServiceDefinition, registers: &[RegisterDefinition]) -> Vec<Finding> {
    let scope = sharpened(definition.scope(), definition.questions());
    let limits = limits(definition.questions());
    let mut findings = Vec::new();
    for (index, page) in definition.form.iter().enumerate() {
        for (name, field) in &page.questions {
            if let Some(source) = &field.show_when {
                let path = vec![key("form"), Step::Index(index), key("questions"), key(name), key("show-when")];
                let words = ("nobody would be asked this", "everybody is asked this: leave `show-when:` out");
                condition(&mut findings, source, &scope, &limits, path, words);
            }
        }
    }
    for (index, rule) in definition.eligible.iter().enumerate() {
        let path = vec![key("eligible"), Step::Index(index), key("when")];
        let words = ("nobody could apply", "everybody meets it: take it out");
        condition(&mut findings, &rule.when, &scope, &limits, path, words);
    }
    if let Some(fee) = &definition.fee {
        let sound = findings.is_empty();
        for (index, waiver) in fee.waivers.iter().enumerate() {
            let path = vec![key("fee"), key("waivers"), Step::Index(index), key("when")];
            let words = ("nobody would be let off", "nobody would have to pay: leave `fee:` out");
            condition(&mut findings, &waiver.when, &scope, &limits, path, words);
        }
        findings.extend(of_fee(definition, fee, (&scope, &limits), sound));
    }
    findings.extend(of_record(definition, registers, &scope));
    findings.extend(of_states(definition));
    findings
}

/// Whether something is dangerous perhaps only because something else is wrong.
pub(crate) fn follows(danger: &Finding, wrong: &Finding) -> bool {
    let names = |finding: &Finding| -> Vec<String> {
        let name = |step: &Step| match step {
            Step::Key(name) | Step::KeyItself(name) => name.clone(),
            Step::Index(index) => index.to_string(),
        };
        finding.path.iter().take(2).map(name).collect()
    };
    // A fee table is held against the form and against who may apply; where it falls due the states say.
    let (danger, wrong) = (names(danger), names(wrong));
    danger == wrong || danger.first().is_some_and(|first| first == "fee")
}

/// What is dangerous in a condition, and whether it is the same for everybody: then what that means is said, if it never
/// holds and if it always does.
pub(crate) fn condition(
    findings: &mut Vec<Finding>,
    source: &str,
    scope: &Scope,
    limits: &Limits,
    path: Vec<Step>,
    (never, always): (&str, &str),
) {
    let problems = rules::examine(source, scope);
    if !problems.is_empty() {
        findings.extend(problems.into_iter().map(|problem| problem.at(path.clone())));
        return;
    }
    // What the limits of a question make true is said twice, and does no harm; what they make impossible does.
    let unlimited =
        limits.iter().map(|(name, bounds)| (name.clone(), Bounds { min: None, max: None, ..bounds.clone() }));
    let (message, help) = match rules::settled(source, scope, limits) {
        Some(false) => ("this condition can never hold", never.to_owned()),
        Some(true) if rules::settled(source, scope, &unlimited.collect()) == Some(true) => {
            ("this condition always holds", always.to_owned())
        }
        _ => return,
    };
    findings.push(Finding { span: Some((0, source.len())), ..Finding::at(path, message) }.help(help));
}

/// The scope with what is known of lists: they hold some of the choices.
pub(crate) fn sharpened<'a>(scope: Scope, fields: impl Iterator<Item = (&'a str, &'a Field)>) -> Scope {
    fields.filter(|(_, field)| field.type_name == "choices").fold(scope, |scope, (name, field)| {
        let choices = field.choices().map(|(choice, _)| choice.to_owned()).collect();
        scope.with(name, Type::List(Box::new(Type::Choice(choices))))
    })
}

/// What answers there can be, besides their types.
pub(crate) fn limits<'a>(questions: impl Iterator<Item = (&'a str, &'a Field)>) -> Limits {
    let number = |number: &serde_json::Number| number.to_string().parse::<Decimal>().ok();
    let bounds = |field: &Field| {
        let money = field.currency.as_ref().and_then(|all| Currency::of(all.codes().first()?));
        Bounds {
            step: match field.type_name.as_str() {
                "integer" => Some(Decimal::ONE),
                "money" => money.map(|currency| Decimal::new(1, u32::from(currency.decimals()))),
                _ => None,
            },
            min: match field.type_name.as_str() {
                "money" => Some(field.min.as_ref().and_then(number).unwrap_or(Decimal::ZERO)),
                _ => field.min.as_ref().and_then(number),
            },
            max: match &field.max {
                Some(Limit::Number(max)) => number(max),
                _ => None,
            },
            optional: !field.required,
            only_when: field.show_when.clone(),
        }
    };
    questions.map(|(name, field)| (name.to_owned(), bounds(field))).collect()
}

/// `sound`: the conditions that narrow down who pays can be relied on.
fn of_fee(
    definition: &ServiceDefinition,
    fee: &FeeTable,
    (scope, limits): (&Scope, &Limits),
    sound: bool,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let row_path = |row: usize| vec![key("fee"), key("rows"), Step::Index(row)];
    let cells = |row: &Vec<Json>| row.iter().map(plain).take(fee.inputs.len()).collect::<Vec<_>>();
    let rows: Vec<Vec<String>> = fee.rows.iter().map(cells).collect();
    for (index, row) in rows.iter().enumerate() {
        for (column, (cell, input)) in row.iter().zip(&fee.inputs).enumerate().filter(|(_, (cell, _))| *cell != "-") {
            let field = definition.question(input);
            let of = field.and_then(|field| Some(field.kind()?.rule_type(field)));
            let path = || row_path(index).into_iter().chain([Step::Index(column)]).collect();
            findings
                .extend(rules::examine_cell(cell, of.as_ref(), scope).into_iter().map(|problem| problem.at(path())));
        }
    }
    if !findings.is_empty() {
        return findings;
    }
    let given: Vec<String> = definition.eligible.iter().map(|rule| rule.when.clone()).collect();
    let coverage = match sound {
        true => rules::coverage(&fee.inputs, &rows, scope, limits, &given),
        false => Coverage::default(),
    };
    if let Some(gap) = coverage.gap {
        let parts: Vec<String> = gap.iter().map(|(name, from, to)| answers(name, from, to)).collect();
        let message = format!("no row fits where {}: nothing would have to be paid", parts.join(" and "));
        let rest: String = fee.inputs.iter().map(|_| "\"-\", ").collect();
        let help = format!("add a row for these answers, or as the last one `[{rest}…]` for all others");
        findings.push(Finding::at(vec![key("fee"), key("rows")], message).help(help));
    }
    for row in coverage.impossible {
        let help = "compare it with the choices and the limits of its questions";
        findings.push(Finding::at(row_path(row), "no answers fit this row").help(help));
    }
    for row in coverage.hidden {
        let help = "put it before the row that fits more, or take it out";
        findings.push(Finding::at(row_path(row), "this row is never reached: the rows before it fit first").help(help));
    }
    for (first, second, input, value) in coverage.shared_ends {
        let value = plain(&value);
        let message = format!("«{input}» of {value} fits this row and row {}", first + 1);
        let help = format!("write a round bracket where {value} does not belong, such as `({value}..`");
        findings.push(Finding::at(row_path(second), message).help(help));
    }
    let amount = |row: &Vec<Json>| row.last().is_some_and(|amount| !is_zero(&plain(amount)));
    let collects = |state: &StateDefinition| state.until == Some(Until::Paid) || state.does.contains(&Effect::Fee);
    let reached = reached(definition);
    if !leads_exist(definition) {
        return findings;
    }
    let collected = definition.states.iter().any(|(name, state)| reached.contains(name.as_str()) && collects(state));
    if fee.rows.iter().any(amount) && !collected {
        let help =
            "say where it falls due: `until: paid` in a state that waits for it, or `does: [fee]` in one that does not";
        findings.push(Finding::at(vec![Step::KeyItself("fee".into())], "no state collects this fee").help(help));
    }
    findings
}

fn is_zero(amount: &str) -> bool {
    amount.parse::<Decimal>().is_ok_and(|amount| amount.is_zero())
}

/// «staff» is 5 to 9.
fn answers(name: &str, from: &Json, to: &Json) -> String {
    match (from, to) {
        (Json::Null, _) => format!("«{name}» is not answered"),
        (Json::Bool(true), _) => format!("«{name}» is yes"),
        (Json::Bool(false), _) => format!("«{name}» is no"),
        (Json::Array(list), _) if list.is_empty() => format!("«{name}» holds none of these"),
        (Json::Array(list), _) => format!("«{name}» holds {}", list.iter().map(plain).collect::<Vec<_>>().join(", ")),
        (Json::String(text), _) if text == "\u{2026}" => format!("«{name}» is another text"),
        _ if from == to => format!("«{name}» is {}", plain(from)),
        _ => format!("«{name}» is {} to {}", plain(from), plain(to)),
    }
}

fn of_record(definition: &ServiceDefinition, registers: &[RegisterDefinition], scope: &Scope) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(record) = &definition.record else { return findings };
    for (name, source) in &record.values {
        let path = vec![key("record"), key("values"), key(name)];
        findings.extend(rules::examine(source, scope).into_iter().map(|problem| problem.at(path.clone())));
        let Some(register) = registers.iter().find(|known| known.register == record.register) else { continue };
        let Some(field) = register.fields.get(name) else {
            let path = vec![key("record"), key("values"), Step::KeyItself(name.clone())];
            let what = format!("field of «{}»,", register.register);
            findings.push(base::finding::unknown(path, &what, name, register.fields.keys().map(String::as_str)));
            continue;
        };
        // A value that is written down is one of the choices.
        let quoted = source.trim().strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
        if let Some(value) = quoted.filter(|value| field.type_name == "choice" && !value.contains('\''))
            && !field.choices().any(|(choice, _)| choice == value)
        {
            let what = format!("choice of «{name}»,");
            findings.push(base::finding::unknown(path, &what, value, field.choices().map(|(choice, _)| choice)));
        }
    }
    findings
}

/// Whether every state that is named exists: otherwise where cases go is not known yet.
fn leads_exist(definition: &ServiceDefinition) -> bool {
    definition.states.values().flat_map(leads).all(|name| definition.states.contains_key(name))
}

/// The states that a case can go on to from this one.
fn leads(state: &StateDefinition) -> impl Iterator<Item = &str> {
    let then = state.then.as_deref().filter(|_| state.within.is_some());
    // Where a case goes on at once, nothing else can happen.
    let at_once = state.next.is_some() && state.until.is_none();
    let actions = state.actions.values().filter(move |_| !at_once).map(|action| action.to.as_str());
    state.next.as_deref().into_iter().chain(then).chain(actions)
}

/// The states that a case can come to.
fn reached(definition: &ServiceDefinition) -> BTreeSet<&str> {
    let mut reached: BTreeSet<&str> = definition.states.keys().take(1).map(String::as_str).collect();
    let mut open: Vec<&str> = reached.iter().copied().collect();
    while let Some(state) = open.pop().and_then(|name| definition.states.get(name)) {
        open.extend(leads(state).filter(|next| definition.states.contains_key(*next) && reached.insert(next)));
    }
    reached
}

/// The states from which a case can come to an end.
fn ending(definition: &ServiceDefinition) -> BTreeSet<&str> {
    let mut ending: BTreeSet<&str> = BTreeSet::new();
    loop {
        let more = definition.states.iter().filter(|(name, state)| {
            !ending.contains(name.as_str()) && (state.end.is_some() || leads(state).any(|next| ending.contains(next)))
        });
        let more: Vec<&str> = more.map(|(name, _)| name.as_str()).collect();
        if more.is_empty() {
            return ending;
        }
        ending.extend(more);
    }
}

fn of_states(definition: &ServiceDefinition) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !leads_exist(definition) {
        return findings;
    }
    let (reached, ending) = (reached(definition), ending(definition));
    let named: BTreeSet<&str> = definition
        .states
        .values()
        .flat_map(|s| s.next.iter().chain(&s.then).chain(s.actions.values().map(|a| &a.to)))
        .map(String::as_str)
        .collect();
    for (name, state) in &definition.states {
        let itself = || vec![key("states"), Step::KeyItself(name.clone())];
        let path = |tail: &str| vec![key("states"), key(name), Step::KeyItself(tail.to_owned())];
        // A state that nothing names is told of where the states are compiled.
        let first = definition.states.keys().next() == Some(name);
        if !reached.contains(name.as_str()) && named.contains(name.as_str()) && !first {
            let help = "let a state that a case comes to lead to it, or take it out";
            findings.push(Finding::at(itself(), format!("no case ever comes to «{name}»")).help(help));
        }
        let exits = state.end.is_some() || leads(state).next().is_some();
        if exits && !ending.contains(name.as_str()) {
            let message = format!("from «{name}» a case never comes to an end");
            let help = "let one of its actions lead to a state with `end:`";
            findings.push(Finding::at(itself(), message).help(help));
        }
        if state.then.is_some() && state.within.is_none() {
            let message = format!("«{name}» says what follows when its time is over, and not how long that is");
            findings.push(Finding::at(path("then"), message).help("add `within:`, such as `within: 30 days`"));
        }
        let forever = match () {
            () if state.end.is_some() || (state.within.is_some() && state.then.is_some()) => None,
            () if state.until.is_some() => Some("nobody pays"),
            () if state.by.as_deref() == Some("applicant") => Some("the applicant does nothing"),
            () => None,
        };
        // Without a time the same is said of `then:` already.
        if let Some(why) = forever.filter(|_| state.then.is_none()) {
            let message = format!("where {why}, a case stays in «{name}» for ever");
            let help = "add `within: 30 days` and `then:` with the state that follows when nothing has happened";
            findings.push(Finding::at(itself(), message).help(help));
        }
        if state.next.is_some() && state.until.is_none() && !state.actions.is_empty() {
            let message = format!("a case goes on from «{name}» at once: nobody can take these actions");
            findings.push(Finding::at(path("actions"), message).help("take out `next:` or `actions:`"));
        }
    }
    let does = |effect: Effect| {
        definition.states.iter().any(|(name, state)| reached.contains(name.as_str()) && state.does.contains(&effect))
    };
    let itself = |name: &str| vec![Step::KeyItself(name.to_owned())];
    if definition.record.is_some() && !does(Effect::Record) {
        let help = "write `does: [record]` in the state that grants, or take `record:` out";
        findings.push(Finding::at(itself("record"), "no state makes this record").help(help));
    }
    if definition.certificate.is_some() && !does(Effect::Certificate) {
        let help = "write `does: [certificate]` in the state that grants, or take `certificate:` out";
        findings.push(Finding::at(itself("certificate"), "no state gives this certificate").help(help));
    }
    for (name, state) in &definition.states {
        let path = || vec![key("states"), key(name), key("does")];
        if state.does.contains(&Effect::Certificate) && definition.certificate.is_none() {
            let help = "add `certificate:` with `title:` and `body:`";
            findings.push(Finding::at(path(), "the service says no `certificate:` to give").help(help));
        }
        if state.does.contains(&Effect::Refund) && definition.fee.is_none() {
            let help = "take `refund` out, or give the service a `fee:`";
            findings.push(Finding::at(path(), "the service has no `fee:` that could be paid back").help(help));
        }
    }
    if let Some(seats) = &definition.seats {
        match definition.question(&seats.by) {
            None => {
                let names = definition.questions().map(|(name, _)| name);
                findings.push(base::finding::unknown(vec![key("seats"), key("by")], "question", &seats.by, names));
            }
            Some(field) => {
                for value in
                    seats.of.keys().filter(|value| !field.choices().any(|(choice, _)| choice == value.as_str()))
                {
                    let path = vec![key("seats"), key("of"), Step::KeyItself(value.clone())];
                    let what = format!("choice of «{}»,", seats.by);
                    findings.push(base::finding::unknown(
                        path,
                        &what,
                        value,
                        field.choices().map(|(choice, _)| choice),
                    ));
                }
            }
        }
    }
    findings
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
