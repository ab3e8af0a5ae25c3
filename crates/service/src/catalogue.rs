//! The services that can be applied for, compiled, and the versions that cases were filed under.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Finding, Money, Step};
use rules::{Environment, Expression, Table};
use serde_json::{Map, Value as Json};
use std::sync::Arc;

use crate::{PageDefinition, ServiceDefinition, ServiceError, definition::Effect};

/// A service definition, ready to be used.
pub struct Service {
    pub definition: ServiceDefinition,
    /// Names the definition's content: the same text has the same version.
    pub version: String,
    pub(crate) show_when: BTreeMap<String, Expression>,
    eligible: Vec<Expression>,
    fee: Option<(Table, Vec<Money>)>,
    waivers: Vec<Expression>,
    record: Vec<(String, Expression)>,
}

/// What a case costs and which row of the table said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fee {
    pub amount: Money,
    pub row: usize,
    /// The rule that lets the applicant off, by its place.
    pub waiver: Option<usize>,
}

impl Service {
    /// Compiles a definition, or says all that is wrong with it.
    pub fn compile(definition: ServiceDefinition) -> Result<Service, Vec<Finding>> {
        let mut findings = check_states(&definition);
        let scope = definition.scope();
        let show_when = compile_form(&definition, &mut findings);
        let mut eligible = Vec::new();
        for (index, condition) in definition.eligible.iter().enumerate() {
            let path = vec![key("eligible"), Step::Index(index), key("when")];
            eligible.extend(compiled(&condition.when, &scope, Some(rules::Type::Bool), path, &mut findings));
        }
        let fee = compile_fee(&definition, &scope, &mut findings);
        let mut waivers = Vec::new();
        for (index, waiver) in definition.fee.iter().flat_map(|fee| &fee.waivers).enumerate() {
            let path = vec![key("fee"), key("waivers"), Step::Index(index), key("when")];
            waivers.extend(compiled(&waiver.when, &scope, Some(rules::Type::Bool), path, &mut findings));
        }
        let mut record = Vec::new();
        for (name, source) in definition.record.iter().flat_map(|effect| &effect.values) {
            let path = vec![key("record"), key("values"), Step::Key(name.clone())];
            record.extend(compiled(source, &scope, None, path, &mut findings).map(|rule| (name.clone(), rule)));
        }
        if !findings.is_empty() {
            return Err(findings);
        }
        let version = fingerprint(&serde_json::to_string(&definition).unwrap_or_default());
        Ok(Service { definition, version, show_when, eligible, fee, waivers, record })
    }

    /// Whether a question is asked, given the answers that stand ([`Service::standing`]).
    pub fn asks(&self, question: &str, answers: &Map<String, Json>) -> bool {
        match self.show_when.get(question) {
            Some(rule) => rule.is_true(&self.environment(answers, &[])),
            None => true,
        }
    }

    /// The first condition that does not hold.
    pub fn not_eligible(&self, answers: &Map<String, Json>, today: &str) -> Option<usize> {
        let environment = self.environment(answers, &[("today", today.into())]);
        self.eligible.iter().position(|rule| !rule.is_true(&environment))
    }

    /// The fee for these answers: the first row that fits. `None` where the service is free or no row fits yet.
    pub fn fee(&self, answers: &Map<String, Json>) -> Option<Fee> {
        let (table, amounts) = self.fee.as_ref()?;
        let environment = self.environment(answers, &[]);
        let row = table.first_hit(&environment)?;
        let waiver = self.waivers.iter().position(|rule| rule.is_true(&environment));
        amounts.get(row).map(|amount| Fee { amount: *amount, row, waiver })
    }

    /// How a fee came about: the version of the service, the answers that the table looks at, the row that fitted. Kept
    /// with the payment, so that the fee can be explained and worked out again years later ([`Service::replay`]).
    pub fn fee_decision(&self, answers: &Map<String, Json>) -> Option<Json> {
        let fee = self.fee(answers)?;
        let table = self.definition.fee.as_ref()?;
        let reads = |name: &str| {
            table.inputs.iter().any(|input| input == name)
                || table.waivers.iter().any(|waiver| waiver.when.contains(name))
        };
        let questions = self.definition.questions().map(|(name, _)| name).filter(|name| reads(name));
        let inputs: Map<String, Json> =
            questions.map(|name| (name.to_owned(), answers.get(name).cloned().unwrap_or(Json::Null))).collect();
        Some(serde_json::json!({
            "service": self.definition.service.as_ref() as &str,
            "version": self.version,
            "inputs": inputs,
            "row": fee.row,
            "waiver": fee.waiver,
            "amount": fee.amount.major().to_string(),
            "currency": fee.amount.currency.code(),
        }))
    }

    /// The fee of a decision, worked out again from its inputs.
    pub fn replay(&self, decision: &Json) -> Option<Fee> {
        self.fee(decision.get("inputs")?.as_object()?)
    }

    /// The fee of each row of the table.
    pub(crate) fn fee_amounts(&self) -> Option<&[Money]> {
        self.fee.as_ref().map(|(_, amounts)| amounts.as_slice())
    }

    /// The least and the most that the service costs.
    pub fn fee_range(&self) -> Option<(Money, Money)> {
        let amounts = self.fee_amounts()?;
        let least = amounts.iter().min_by_key(|m| m.minor)?;
        let most = amounts.iter().max_by_key(|m| m.minor)?;
        Some((*least, *most))
    }

    /// The values of the record that a granted case makes.
    pub fn record_values(&self, answers: &Map<String, Json>, reference: &str, today: &str) -> Map<String, Json> {
        let environment = self.environment(answers, &[("reference", reference.into()), ("today", today.into())]);
        self.record
            .iter()
            .map(|(name, rule)| (name.clone(), rule.evaluate(&environment).unwrap_or(Json::Null)))
            .collect()
    }

    pub(crate) fn environment(&self, answers: &Map<String, Json>, more: &[(&str, Json)]) -> Environment {
        let mut map = Map::new();
        for (name, _) in self.definition.questions() {
            map.insert(name.to_owned(), answers.get(name).cloned().unwrap_or(Json::Null));
        }
        for (name, value) in more {
            map.insert((*name).to_owned(), value.clone());
        }
        Environment::new(Json::Object(map))
    }

    /// The roles that its states wait for.
    pub(crate) fn duties(&self) -> impl Iterator<Item = &str> {
        self.definition.states.values().filter_map(|state| state.by.as_deref()).filter(|by| *by != crate::APPLICANT)
    }

    /// The first state of a case.
    pub fn first_state(&self) -> &str {
        self.definition.states.keys().next().map_or("", String::as_str)
    }
}

fn key(name: &str) -> Step {
    Step::Key(name.to_owned())
}

fn compiled(
    source: &str,
    scope: &rules::Scope,
    wanted: Option<rules::Type>,
    path: Vec<Step>,
    findings: &mut Vec<Finding>,
) -> Option<Expression> {
    match Expression::compile(source, scope, wanted) {
        Ok(rule) => Some(rule),
        Err(problems) => {
            findings.extend(problems.into_iter().map(|problem| problem.at(path.clone())));
            None
        }
    }
}

/// The conditions under which questions are asked. Each may speak of questions that come before its own, so that a form
/// can be filled in from its beginning to its end.
fn compile_form(definition: &ServiceDefinition, findings: &mut Vec<Finding>) -> BTreeMap<String, Expression> {
    let mut show_when = BTreeMap::new();
    let scope = definition.questions_scope();
    let mut earlier: Vec<&str> = Vec::new();
    for (page_index, page) in definition.form.iter().enumerate() {
        for (name, field) in &page.questions {
            let path = vec![key("form"), Step::Index(page_index), key("questions"), Step::Key(name.clone())];
            findings.extend(register::kind::check_field(field, path.clone()));
            if let Some(source) = &field.show_when {
                let path: Vec<Step> = path.into_iter().chain([key("show-when")]).collect();
                if let Some(rule) = compiled(source, &scope, Some(rules::Type::Bool), path.clone(), findings) {
                    let later =
                        rule.names().unwrap_or_default().iter().filter(|read| !earlier.contains(&read.as_str()));
                    findings.extend(later.map(|read| asked_later(source, name, read, path.clone())));
                    show_when.insert(name.clone(), rule);
                }
            }
            earlier.push(name);
        }
        findings.extend(too_many_files(page, page_index));
    }
    show_when
}

/// What the files of one page may have together: they come in one request.
const PAGE_BYTES_MAX: u64 = 20 << 20;

/// A page whose files together are larger than what can be sent at once.
fn too_many_files(page: &PageDefinition, index: usize) -> Option<Finding> {
    let files = page.questions.values().filter(|field| field.type_name == "file");
    let bytes: u64 = files.map(register::kind::file::bytes_max).sum();
    (bytes > PAGE_BYTES_MAX).then(|| {
        let path = vec![key("form"), Step::Index(index), key("questions")];
        let message = "the files of this page may have more than 20 MB together";
        Finding::at(path, message).help("ask for them on several pages, or lower their `max:`")
    })
}

/// A condition that speaks of a question which is not answered yet when it is needed.
fn asked_later(source: &str, name: &str, read: &str, path: Vec<Step>) -> Finding {
    let message = if read == name {
        format!("whether «{name}» is asked cannot depend on its own answer")
    } else {
        format!("«{read}» is asked after «{name}»")
    };
    let from = source.find(read).unwrap_or(0);
    let span = Some((from, from + read.len()));
    Finding { span, ..Finding::at(path, message) }
        .help("let the condition speak of questions that come before this one")
}

fn compile_fee(
    definition: &ServiceDefinition,
    scope: &rules::Scope,
    findings: &mut Vec<Finding>,
) -> Option<(Table, Vec<Money>)> {
    let fee = definition.fee.as_ref()?;
    let row_path = |row: usize| vec![key("fee"), key("rows"), Step::Index(row)];
    let Some(currency) = Currency::of(&fee.currency) else {
        let known: Vec<Currency> = Currency::all().collect();
        let known = known.iter().map(Currency::code);
        findings.push(base::finding::unknown(vec![key("fee"), key("currency")], "currency", &fee.currency, known));
        return None;
    };
    for (index, input) in fee.inputs.iter().enumerate().filter(|(_, name)| definition.question(name).is_none()) {
        let names = definition.questions().map(|(name, _)| name);
        let path = vec![key("fee"), key("inputs"), Step::Index(index)];
        findings.push(base::finding::unknown(path, "question", input, names));
    }
    let (mut rows, mut amounts) = (Vec::new(), Vec::new());
    for (index, row) in fee.rows.iter().enumerate() {
        let mut cells: Vec<String> = row.iter().map(plain).collect();
        let amount = cells.pop().unwrap_or_default();
        if cells.len() != fee.inputs.len() {
            findings.push(Finding::at(
                row_path(index),
                format!("a row has a cell for each of the {} inputs and the fee last", fee.inputs.len()),
            ));
            continue;
        }
        match Money::parse(&amount, currency) {
            Ok(money) => amounts.push(money),
            Err(error) => findings.push(Finding::at(row_path(index), format!("«{amount}» is no amount: {error}"))),
        }
        rows.push(cells);
    }
    match Table::compile(&fee.inputs, &rows, scope) {
        Ok(table) => Some((table, amounts)),
        Err(problems) => {
            for (row, column, problem) in problems {
                let mut path = row_path(row);
                path.push(Step::Index(column));
                findings.push(problem.at(path));
            }
            None
        }
    }
}

/// The states are a table: every one it names exists, and each but an end leads somewhere.
fn check_states(definition: &ServiceDefinition) -> Vec<Finding> {
    let mut findings = Vec::new();
    let names = || definition.states.keys().map(String::as_str);
    let mut lead_to: Vec<(Vec<Step>, &str)> = Vec::new();
    for (name, state) in &definition.states {
        let path = |tail: &[&str]| {
            [key("states"), key(name)].into_iter().chain(tail.iter().map(|t| key(t))).collect::<Vec<_>>()
        };
        lead_to.extend(state.next.as_deref().map(|next| (path(&["next"]), next)));
        lead_to.extend(state.then.as_deref().map(|then| (path(&["then"]), then)));
        for (action_name, action) in &state.actions {
            lead_to.push((path(&["actions", action_name, "to"]), &action.to));
            for edited in action.edits.iter().filter(|name| definition.question(name).is_none()) {
                let questions = definition.questions().map(|(name, _)| name);
                findings.push(base::finding::unknown(
                    path(&["actions", action_name, "edits"]),
                    "question",
                    edited,
                    questions,
                ));
            }
        }
        if state.next.is_none() && state.end.is_none() && state.actions.is_empty() {
            findings.push(
                Finding::at(path(&[]), format!("a case would stay in «{name}» for ever"))
                    .help("give the state `actions:`, a `next:` or an `end:`"),
            );
        }
        if !state.actions.is_empty() && state.by.is_none() {
            findings.push(
                Finding::at(path(&[]), format!("nobody can act in «{name}»")).help("add `by: applicant` or a role"),
            );
        }
        if state.until.is_some() && (state.next.is_none() || definition.fee.is_none()) {
            findings.push(
                Finding::at(path(&["until"]), "a case that waits for its fee needs a `fee:` and a `next:` state")
                    .help("give the service a `fee:` and this state a `next:`, or leave `until:` out"),
            );
        }
        if state.does.contains(&Effect::Fee) && definition.fee.is_none() {
            findings.push(Finding::at(path(&["does"]), "the service says no `fee:` that could fall due"));
        }
        let records = state.does.contains(&Effect::Record) && definition.record.is_none();
        if records {
            findings.push(Finding::at(path(&["does"]), "the service says no `record:` to make"));
        }
    }
    let mut reached = BTreeSet::new();
    for (path, state) in lead_to {
        reached.insert(state);
        if !definition.states.contains_key(state) {
            findings.push(base::finding::unknown(path, "state", state, names()));
        }
    }
    for name in definition.states.keys().skip(1).filter(|name| !reached.contains(name.as_str())) {
        let path = vec![key("states"), Step::KeyItself(name.clone())];
        findings.push(Finding::at(path, format!("no state leads to «{name}»")));
    }
    findings
}

fn plain(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// FNV-1a, 64 bits: names a text; it protects nothing.
fn fingerprint(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

/// The services by name, and older versions that cases still belong to.
#[derive(Default, Clone)]
pub struct Catalogue {
    current: BTreeMap<String, Arc<Service>>,
    versions: BTreeMap<(String, String), Arc<Service>>,
    duties: BTreeSet<String>,
    /// Who supervises whom: role and supervising role.
    supervisors: BTreeMap<String, String>,
}

impl Catalogue {
    pub fn new(services: impl IntoIterator<Item = Service>) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for service in services {
            let service = Arc::new(service);
            let name = service.definition.service.to_string();
            catalogue.versions.insert((name.clone(), service.version.clone()), service.clone());
            catalogue.duties.extend(service.duties().map(str::to_owned));
            catalogue.current.insert(name, service);
        }
        catalogue
    }

    /// An older version, found in the database.
    pub(crate) fn add_version(&mut self, service: Service) {
        let key = (service.definition.service.to_string(), service.version.clone());
        self.duties.extend(service.duties().map(str::to_owned));
        self.versions.entry(key).or_insert_with(|| Arc::new(service));
    }

    /// The same catalogue, knowing who supervises whom: roles, each with the role that sees first what it has left undone.
    pub fn supervised(mut self, supervisors: impl IntoIterator<Item = (String, String)>) -> Catalogue {
        self.supervisors = supervisors.into_iter().collect();
        let above: Vec<String> =
            self.supervisors.iter().filter(|(r, _)| self.duties.contains(*r)).map(|(_, s)| s.clone()).collect();
        self.duties.extend(above);
        self
    }

    /// Every role that a state of some service waits for, and those that supervise them.
    pub fn duties(&self) -> &BTreeSet<String> {
        &self.duties
    }

    /// Roles that have a supervisor, and the supervising role.
    pub fn supervisors(&self) -> &BTreeMap<String, String> {
        &self.supervisors
    }

    /// The names of the states in which a case lapses, of whichever version.
    pub(crate) fn states_that_lapse(&self) -> Vec<String> {
        let states = self.versions.values().flat_map(|service| &service.definition.states);
        let lapse = states.filter(|(_, state)| state.then.is_some()).map(|(name, _)| name.clone());
        lapse.collect::<BTreeSet<_>>().into_iter().collect()
    }

    /// The services that can be applied for now.
    pub fn services(&self) -> impl Iterator<Item = &Arc<Service>> {
        self.current.values()
    }

    pub fn service(&self, name: &str) -> Option<&Arc<Service>> {
        self.current.get(name)
    }

    /// The version that a case was filed under.
    pub fn version(&self, service: &str, version: &str) -> Result<&Arc<Service>, ServiceError> {
        self.versions
            .get(&(service.to_owned(), version.to_owned()))
            .ok_or_else(|| ServiceError::Definition(service.to_owned()))
    }
}
