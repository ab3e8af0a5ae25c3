//! Filing cases and moving them: the story of one application, from the first state to an end.

use std::{collections::BTreeSet, sync::Arc};

use base::{Calendar, Reference};
use jiff::civil::Date;
use pay::Payments;
use register::{Fault, NewRecord, Of, Reader, Reading, Registers, kind::file};
use serde_json::Value as Json;
use store::{By, Change, Entry, Once, Store, Tx};

use crate::{
    APPLICANT, Answers, Case, Catalogue, Document, Outcome, Place, SOURCE, Service, ServiceError, audit,
    definition::{Effect, StateDefinition, Until},
    desk::{self, Range},
    message::tell,
    sql,
};

/// The duty of a case that nobody has to move.
const NOBODY: &str = "-";

/// Whoever files or moves a case.
#[derive(Debug, Clone, Default)]
pub struct Actor {
    pub account: String,
    pub name: String,
    pub roles: Vec<String>,
}

/// A new case.
#[derive(Debug, Clone)]
pub struct Filing {
    pub service: String,
    pub answers: Answers,
    /// Where the reference comes from; the edge draws it.
    pub random: u64,
    /// A key that the applicant chose: the same key and answers make one case, however often they are sent.
    pub key: Option<String>,
    /// The draft that is done with.
    pub draft: Option<String>,
}

/// What an actor does to a case.
#[derive(Debug, Clone, Default)]
pub struct Move {
    pub reference: String,
    pub action: String,
    pub note: Option<String>,
    /// Answers that the action lets the applicant change.
    pub answers: Answers,
    /// The revision that the actor saw; `None` acts on whatever stands.
    pub revision: Option<i64>,
    /// A key that the actor chose: the same step under the same key is done once.
    pub key: Option<String>,
}

/// The cases. Cheap to clone.
#[derive(Clone)]
pub struct Cases {
    pub(crate) store: Store,
    pub(crate) catalogue: Arc<Catalogue>,
    pub(crate) calendar: Arc<Calendar>,
    /// Every role with every supervisor that its cases may have come to, by this pack or an earlier one.
    pub(crate) escalations: Arc<BTreeSet<Range>>,
    registers: Registers,
    pub(crate) payments: Payments,
}

/// Whoever has this role may see every case, and act on none by it.
const AUDITOR: &str = "auditor";

impl Cases {
    /// Keeps the versions of the services that are new, and reads those that older cases belong to.
    pub async fn open(
        store: Store,
        mut catalogue: Catalogue,
        calendar: Arc<Calendar>,
        registers: Registers,
        payments: Payments,
        by: By,
    ) -> Result<Cases, ServiceError> {
        let mut current = Vec::new();
        for service in catalogue.services() {
            let definition = serde_json::to_string(&service.definition).map_err(store::StoreError::from)?;
            current.push((service.definition.service.to_string(), service.version.clone(), definition));
        }
        let versions: Vec<(String, String, String)> = store
            .write(by, move |tx| {
                let current = current.clone();
                Box::pin(async move {
                    for (service, version, definition) in current {
                        if sql::put_version(tx, &service, &version, &definition).await? {
                            tx.record(audit::of_version(tx, &service, &version));
                        }
                    }
                    Ok::<_, ServiceError>(sql::versions(tx).await?)
                })
            })
            .await?;
        for (name, version, definition) in versions {
            if catalogue.version(&name, &version).is_ok() {
                continue;
            }
            let definition = serde_json::from_str(&definition).map_err(store::StoreError::from)?;
            let mut service = Service::compile(definition).map_err(|_| ServiceError::Definition(name))?;
            // Another binary may have written the same definition in other words; a case goes by the name it was given.
            service.version = version;
            catalogue.add_version(service);
        }
        let mut escalations: BTreeSet<Range> = desk::escalations(&mut store.read().await?).await?.into_iter().collect();
        escalations.extend(
            catalogue
                .supervisors()
                .iter()
                .map(|(duty, supervisor)| Range { duty: duty.clone(), supervisor: supervisor.clone() }),
        );
        let (catalogue, escalations) = (Arc::new(catalogue), Arc::new(escalations));
        Ok(Cases { store, catalogue, calendar, escalations, registers, payments })
    }

    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Files a case, and lets it go on to the first state that waits for somebody.
    pub async fn file(&self, by: By, actor: &Actor, filing: Filing) -> Result<Case, ServiceError> {
        let service = self
            .catalogue
            .service(&filing.service)
            .ok_or_else(|| ServiceError::NoService(filing.service.clone()))?
            .clone();
        let answers = service.check_answers(&filing.answers).map_err(ServiceError::Faults)?;
        let today = self.calendar.local_date(by.at);
        if let Some(condition) = service.not_eligible(&answers, &today.to_string()) {
            return Err(ServiceError::NotEligible(condition));
        }
        let (this, actor, body) = (self.clone(), actor.clone(), Json::Object(answers.clone()));
        let once = filing.key.as_ref().map(|key| Once::new(&actor.account, key, &format!("{} {body}", filing.service)));
        self.store
            .write(by, move |tx| {
                let (this, service, actor) = (this.clone(), service.clone(), actor.clone());
                let (filing, answers, once) = (filing.clone(), answers.clone(), once.clone());
                Box::pin(async move {
                    if let Some(once) = &once
                        && let Some(case) = once.earlier(tx).await?
                    {
                        return Ok(case);
                    }
                    take_documents(tx, &service, (&actor, &actor), &answers, None).await?;
                    let answers = this.with_records(tx, &service, &actor, answers, None).await?;
                    let seat = take_seat(tx, &service, &answers).await?;
                    let mut case = new_case(&service, &actor, answers, today);
                    this.arrive(tx, &service, &mut case, today).await?;
                    insert(tx, &service, &mut case, seat, filing.random).await?;
                    this.effects(tx, &service, &case, today).await?;
                    tx.record(change(&case, None, today));
                    let case = this.fee_falls_due(tx, &service, case, today).await?;
                    if let Some(once) = &once {
                        once.keep(tx, &case)?;
                    }
                    if let Some(draft) = &filing.draft {
                        sql::delete_draft(tx, draft).await?;
                    }
                    Ok(case)
                })
            })
            .await
    }

    /// Moves a case by an action of the state it is in.
    pub async fn act(&self, by: By, actor: &Actor, step: Move) -> Result<Case, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, actor, reference) = (self.clone(), actor.clone(), step.reference.clone());
        let outcome = self
            .store
            .write(by, move |tx| {
                let (this, actor, step) = (this.clone(), actor.clone(), step.clone());
                Box::pin(async move {
                    let once = step.key.as_ref().map(|key| Once::new(&actor.account, key, &request(&step)));
                    if let Some(once) = &once
                        && let Some(case) = once.earlier(tx).await?
                    {
                        return Ok(case);
                    }
                    let case = this.act_within(tx, &actor, step, today).await?;
                    if let Some(once) = &once {
                        once.keep(tx, &case)?;
                    }
                    Ok(case)
                })
            })
            .await;
        match outcome {
            Err(ServiceError::MovedOn { state, .. }) => {
                let by = self.history(&reference).await?.pop().map(|entry| entry.actor).unwrap_or_default();
                Err(ServiceError::MovedOn { by, state })
            }
            other => other,
        }
    }

    async fn act_within(&self, tx: &mut Tx, actor: &Actor, step: Move, today: Date) -> Result<Case, ServiceError> {
        let before = sql::case_by_reference(tx, &step.reference)
            .await?
            .filter(|case| self.may_see(actor, case))
            .ok_or_else(|| ServiceError::NoCase(step.reference.clone()))?;
        let service = self.catalogue.version(&before.service, &before.version)?.clone();
        if step.revision.is_some_and(|seen| seen != before.revision) {
            return Err(moved_on(&before));
        }
        let state = state_of(&service, &before.state)?;
        let action =
            state.actions.get(&step.action).filter(|_| may_act(actor, state, &before)).ok_or_else(|| {
                ServiceError::NotPossible { action: step.action.clone(), state: before.state.clone() }
            })?;
        let note = step.note.filter(|note| !note.trim().is_empty());
        if action.needs.is_some() && note.is_none() {
            return Err(ServiceError::NeedsNote(step.action.clone()));
        }
        let mut case = before.clone();
        if !action.edits.is_empty() && !step.answers.is_empty() {
            let edited = step.answers.into_iter().filter(|(name, _)| action.edits.contains(name));
            case.answers = self.edited(tx, &service, actor, &before, edited.collect()).await?;
        }
        case.state = action.to.clone();
        case.action = step.action;
        case.note = note;
        if before.assignee.is_none() && state.by.as_deref() != Some(APPLICANT) {
            case.assignee = Some(actor.account.clone());
        }
        self.arrive(tx, &service, &mut case, today).await?;
        self.keep(tx, &service, &before, case, today).await
    }

    /// Gives cases to a caseworker. Those that the actor may not act on are left as they are; how many were given.
    pub async fn assign(
        &self,
        by: By,
        actor: &Actor,
        references: Vec<String>,
        to: Option<String>,
    ) -> Result<usize, ServiceError> {
        let today = self.calendar.local_date(by.at);
        let (this, actor) = (self.clone(), actor.clone());
        self.store
            .write(by, move |tx| {
                let (this, actor, references, to) = (this.clone(), actor.clone(), references.clone(), to.clone());
                Box::pin(async move {
                    let mut given = 0;
                    for reference in references {
                        let Some(before) = sql::case_by_reference(tx, &reference).await? else { continue };
                        let service = this.catalogue.version(&before.service, &before.version)?.clone();
                        if !may_act(&actor, state_of(&service, &before.state)?, &before) || before.assignee == to {
                            continue;
                        }
                        let mut case = before.clone();
                        case.assignee = to.clone();
                        case.action = "assign".into();
                        case.note = None;
                        this.keep(tx, &service, &before, case, today).await?;
                        given += 1;
                    }
                    Ok(given)
                })
            })
            .await
    }

    /// The answers of a case with others in their place: all that is asked of a new application is asked of them too. The
    /// day on which it was filed decides whether a day is too late.
    async fn edited(
        &self,
        tx: &mut Tx,
        service: &Service,
        actor: &Actor,
        before: &Case,
        edited: Answers,
    ) -> Result<Answers, ServiceError> {
        let mut answers = before.answers.clone();
        answers.extend(edited);
        let answers = service.check_answers(&answers).map_err(ServiceError::Faults)?;
        let filer = Actor { account: before.applicant.clone(), ..Actor::default() };
        take_documents(tx, service, (actor, &filer), &answers, Some(&before.answers)).await?;
        let answers = self.with_records(tx, service, actor, answers, Some(&before.answers)).await?;
        if answers == before.answers {
            return Ok(answers);
        }
        if let Some(condition) = service.not_eligible(&answers, &before.filed) {
            return Err(ServiceError::NotEligible(condition));
        }
        self.keeps_its_fee(tx, service, before, &answers).await?;
        if let Some(seats) = &service.definition.seats
            && answers.get(&seats.by) != before.answers.get(&seats.by)
        {
            let seat = take_seat(tx, service, &answers).await?;
            sql::set_seat(tx, &before.reference, seat.as_deref()).await?;
        }
        Ok(answers)
    }

    /// A fee that was quoted stands: answers that would make it another are refused, each by its name.
    async fn keeps_its_fee(
        &self,
        tx: &mut Tx,
        service: &Service,
        before: &Case,
        answers: &Answers,
    ) -> Result<(), ServiceError> {
        let due = |answers| service.fee(answers).map(|fee| (fee.amount, fee.waiver.is_some()));
        if due(answers) == due(&before.answers) || self.payments.about(tx, &before.reference).await?.is_none() {
            return Ok(());
        }
        let changed =
            service.definition.questions().filter(|(name, _)| answers.get(*name) != before.answers.get(*name));
        let fault = |(name, _): (&str, _)| (name.to_owned(), Fault::new("fault-fee-quoted"));
        Err(ServiceError::Faults(changed.map(fault).collect()))
    }

    /// Answers that name records, each by its id; a fault where there is no such record, or the applicant may not name
    /// it. What was answered `before` is not asked again.
    async fn with_records(
        &self,
        tx: &mut Tx,
        service: &Service,
        actor: &Actor,
        mut answers: Answers,
        before: Option<&Answers>,
    ) -> Result<Answers, ServiceError> {
        let named = service.definition.questions().filter_map(|(name, field)| {
            let text = answers.get(name)?.as_str().filter(|_| field.type_name == "record")?;
            let known = before.and_then(|before| before.get(name)) == answers.get(name);
            (!known).then(|| (name.to_owned(), field, text.to_owned()))
        });
        let named: Vec<_> = named.collect();
        let mut faults = Vec::new();
        // What was answered before is not asked for again, but has to be there still.
        for (name, field) in before.iter().flat_map(|_| service.definition.questions()) {
            let (Some(id), Some(Of::Register(register))) = (answers.get(name).and_then(Json::as_str), &field.of) else {
                continue;
            };
            let known = field.type_name == "record" && !named.iter().any(|(asked, ..)| asked == name);
            if known && self.registers.get(tx, register, id).await?.is_none() {
                faults.push((name.to_owned(), Fault::new("fault-record-gone")));
            }
        }
        if named.is_empty() {
            return if faults.is_empty() { Ok(answers) } else { Err(ServiceError::Faults(faults)) };
        }
        let reader = Reader::of(tx, &actor.account, &actor.roles).await?;
        for (name, field, text) in named {
            match self.registers.named(tx, field, &text, &reader).await? {
                Ok(record) => drop(answers.insert(name, record.id.into())),
                Err(fault) => faults.push((name, fault)),
            }
        }
        if faults.is_empty() { Ok(answers) } else { Err(ServiceError::Faults(faults)) }
    }

    /// Writes down that the actor sees these cases, where their answers hold what is personal and the actor is not the
    /// applicant. To be called before they are shown.
    pub async fn disclose(&self, by: By, actor: &Actor, cases: &[&Case]) -> Result<(), ServiceError> {
        let mut readings = Vec::new();
        for case in cases {
            readings.extend(self.reading(actor, case, |_| true)?);
        }
        let today = self.calendar.local_date(by.at);
        Ok(self.registers.note_readings(by, today, readings).await?)
    }

    /// An entry of the journal about a case, with what the actor may know and nothing else: answers are for whoever may
    /// know of any case of the service. The reading of what is personal in it, and what was withheld. An answer to a
    /// question that is asked no more counts as personal.
    pub fn entry_as_read(&self, actor: &Actor, entry: &mut Entry) -> (Reading, Vec<String>) {
        let service = self.catalogue.service(&entry.kind);
        let may = self.may_see_all(actor, service.map(AsRef::as_ref));
        let mut reading = Reading { of: entry.kind.clone(), row: entry.row.clone(), fields: Vec::new() };
        let mut withheld = Vec::new();
        for side in [&mut entry.before, &mut entry.after].into_iter().flatten() {
            let Some(facts) = side.as_object_mut() else { continue };
            facts.retain(|name, value| {
                let own = crate::case::FACTS.contains(&name.as_str());
                if !own && may {
                    let question = service.and_then(|service| service.definition.question(name));
                    let personal = question.is_none_or(|question| question.personal);
                    if personal && !value.is_null() && !reading.fields.contains(name) {
                        reading.fields.push(name.clone());
                    }
                } else if !own && !withheld.contains(name) {
                    withheld.push(name.clone());
                }
                own || may
            });
        }
        (reading, withheld)
    }

    /// Whether the actor may know of every case of a service: by a duty in it, as supervisor of one, or as auditor.
    fn may_see_all(&self, actor: &Actor, service: Option<&Service>) -> bool {
        let supervisors = self.catalogue.supervisors();
        let has = |role: &str| actor.roles.iter().any(|r| r == role);
        let concerns = |duty: &str| has(duty) || supervisors.get(duty).is_some_and(|role| has(role));
        has(AUDITOR) || service.is_some_and(|service| service.duties().any(concerns))
    }

    /// What is personal among the answers that are shown of a case, if the actor is not the applicant.
    fn reading(
        &self,
        actor: &Actor,
        case: &Case,
        shown: impl Fn(&str) -> bool,
    ) -> Result<Option<Reading>, ServiceError> {
        if case.applicant == actor.account {
            return Ok(None);
        }
        let service = self.catalogue.version(&case.service, &case.version)?;
        let personal = service.definition.questions().filter(|(name, field)| {
            field.personal && shown(name) && case.answers.get(*name).is_some_and(|answer| !answer.is_null())
        });
        let fields: Vec<String> = personal.map(|(name, _)| name.to_owned()).collect();
        let reading = Reading { of: case.service.clone(), row: case.reference.clone(), fields };
        Ok(Some(reading).filter(|reading| !reading.fields.is_empty()))
    }

    pub(crate) async fn keep(
        &self,
        tx: &mut Tx,
        service: &Service,
        before: &Case,
        mut case: Case,
        today: Date,
    ) -> Result<Case, ServiceError> {
        case.revision = before.revision + 1;
        if !sql::update_case(tx, &case, duty(service, &case)).await? {
            let now = sql::case_by_reference(tx, &before.reference).await?;
            return Err(moved_on(now.as_ref().unwrap_or(before)));
        }
        if case.state != before.state {
            self.effects(tx, service, &case, today).await?;
        }
        tx.record(change(&case, Some(before), today));
        if before.outcome.is_none() && case.outcome.is_some_and(|outcome| outcome != Outcome::Granted) {
            self.end_payment(tx, &case, today).await?;
        }
        if case.state == before.state {
            return Ok(case);
        }
        Box::pin(self.fee_falls_due(tx, service, case, today)).await
    }

    /// Follows `next` to a state that waits or ends, and sets when it is due.
    pub(crate) async fn arrive(
        &self,
        tx: &mut Tx,
        service: &Service,
        case: &mut Case,
        today: Date,
    ) -> Result<(), ServiceError> {
        // A definition whose states go round in a circle stops here rather than never.
        for _ in 0..=service.definition.states.len() {
            let state = state_of(service, &case.state)?;
            if state.until == Some(Until::Paid) && self.owes(tx, service, case).await? {
                break;
            }
            match &state.next {
                Some(next) => case.state = next.clone(),
                None => break,
            }
        }
        let state = state_of(service, &case.state)?;
        case.escalated = None;
        case.due = state.within.as_ref().map(|within| within.due(today, &self.calendar).to_string());
        if let Some(outcome) = state.end {
            let filed: Date = case.filed.parse().unwrap_or(today);
            case.outcome = Some(outcome);
            case.closed = Some(today.to_string());
            case.days = Some(self.calendar.working_days_between(filed, today));
            case.on_time = Some(today <= service.definition.promise.due(filed, &self.calendar));
        }
        Ok(())
    }

    /// Does what the state that the case is now in promises.
    async fn effects(&self, tx: &mut Tx, service: &Service, case: &Case, today: Date) -> Result<(), ServiceError> {
        for effect in &state_of(service, &case.state)?.does {
            match effect {
                Effect::Record => {
                    let Some(record) = &service.definition.record else { continue };
                    let values = service.record_values(&case.answers, &case.reference, &today.to_string());
                    let new = NewRecord {
                        id: case.reference.clone(),
                        register: record.register.to_string(),
                        holder: Some(case.applicant.clone()),
                        values,
                        effective: today,
                    };
                    // A state that is entered again makes no second record.
                    self.registers.put(tx, new).await?;
                }
                Effect::Notify => tell(tx, case, None),
                // A certificate is the case itself, seen through the service's text; there is nothing to make.
                Effect::Certificate => {}
                Effect::Fee => drop(self.quote_fee(tx, service, case, today).await?),
                Effect::Refund => self.refund_fee(tx, case, today).await?,
            }
        }
        Ok(())
    }

    /// Whether the actor may know of the case: the applicant, whoever has a role in the service, and their supervisors.
    pub fn may_see(&self, actor: &Actor, case: &Case) -> bool {
        // Auditors question any figure, and what is behind it; that they read is written down like for everybody.
        case.applicant == actor.account
            || self.may_see_all(actor, self.catalogue.version(&case.service, &case.version).ok().map(AsRef::as_ref))
    }

    /// The case, if the actor may know of it.
    pub async fn get(&self, actor: &Actor, reference: &str) -> Result<Option<Case>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::case_by_reference(&mut db, reference).await?.filter(|case| self.may_see(actor, case)))
    }

    /// A file that came with a case, if the actor may know of the case. Where the question is personal and the actor is
    /// not the applicant, that it was read is written down first.
    pub async fn document(
        &self,
        by: By,
        actor: &Actor,
        reference: &str,
        question: &str,
    ) -> Result<Option<Document>, ServiceError> {
        let Some(case) = self.get(actor, reference).await? else { return Ok(None) };
        let service = self.catalogue.version(&case.service, &case.version)?;
        let Some((_, key)) = service.documents(&case.answers).find(|(name, _)| *name == question) else {
            return Ok(None);
        };
        let Some(document) = sql::document_by_id(&mut self.store.read().await?, key).await? else { return Ok(None) };
        let reading = self.reading(actor, &case, |name| name == question)?;
        let today = self.calendar.local_date(by.at);
        self.registers.note_readings(by, today, reading.into_iter().collect()).await?;
        Ok(Some(document))
    }

    /// The actions that the actor can take now.
    pub fn actions<'a>(&'a self, actor: &Actor, case: &Case) -> Vec<(&'a str, &'a crate::Action)> {
        let Ok(service) = self.catalogue.version(&case.service, &case.version) else { return Vec::new() };
        match service.definition.states.get(&case.state) {
            Some(state) if may_act(actor, state, case) => {
                state.actions.iter().map(|(name, action)| (name.as_str(), action)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The cases of an applicant, the last filed first; `after` is the last of the page before.
    pub async fn of(&self, applicant: &str, after: Option<&Place>, limit: i64) -> Result<Vec<Case>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(sql::cases_of(&mut db, applicant, after, limit).await?)
    }

    /// The cases of an applicant for their own page, each with whether it is their turn: those come first, what is due
    /// first first. A case that was granted and whose fee is still owed waits for its payer too.
    pub async fn own(&self, applicant: &str, limit: i64) -> Result<Vec<(Case, bool)>, ServiceError> {
        let mut db = self.store.read().await?;
        let mut turn = sql::cases_waiting_for(&mut db, applicant, limit).await?;
        let owed = self.payments.of(&mut db, applicant, limit).await?.into_iter();
        let owed: Vec<String> =
            owed.filter(|payment| payment.state.can_be_paid()).map(|payment| payment.about).collect();
        let known: Vec<String> = turn.iter().map(|case| case.reference.clone()).collect();
        let others = sql::cases_of(&mut db, applicant, None, limit).await?.into_iter();
        let others = others.filter(|case| !known.contains(&case.reference));
        let (owing, others): (Vec<Case>, Vec<Case>) = others.partition(|case| owed.contains(&case.reference));
        turn.extend(owing);
        let marked = |is_turn: bool| move |case: Case| (case, is_turn);
        Ok(turn.into_iter().map(marked(true)).chain(others.into_iter().map(marked(false))).collect())
    }

    /// All that happened to a case, oldest first.
    pub async fn history(&self, reference: &str) -> Result<Vec<Entry>, ServiceError> {
        let mut db = self.store.read().await?;
        Ok(store::entries_of(&mut db, SOURCE, reference).await?)
    }
}

fn new_case(service: &Service, actor: &Actor, answers: Answers, today: Date) -> Case {
    Case {
        reference: String::new(),
        service: service.definition.service.to_string(),
        version: service.version.clone(),
        applicant: actor.account.clone(),
        applicant_name: actor.name.clone(),
        state: service.first_state().to_owned(),
        outcome: None,
        assignee: None,
        filed: today.to_string(),
        due: None,
        closed: None,
        days: None,
        on_time: None,
        answers,
        revision: 1,
        action: "file".into(),
        note: None,
        escalated: None,
    }
}

/// Gives the case a reference that no other has.
async fn insert(
    tx: &mut Tx,
    service: &Service,
    case: &mut Case,
    seat: Option<String>,
    random: u64,
) -> Result<(), ServiceError> {
    for attempt in 0..8_u64 {
        // The odd constant of splitmix64 leads to another reference each time.
        let drawn = random.wrapping_add(attempt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let reference = Reference::make(&service.definition.reference, drawn)
            .map_err(|_| ServiceError::Definition(case.service.clone()))?;
        case.reference = reference.to_string();
        if sql::insert_case(tx, case, duty(service, case), seat.as_deref()).await? {
            return Ok(());
        }
    }
    Err(ServiceError::Definition(case.service.clone()))
}

/// A step as a text that names it.
fn request(step: &Move) -> String {
    let answers = Json::Object(step.answers.clone());
    format!("{} {} {} {answers}", step.reference, step.action, step.note.as_deref().unwrap_or(""))
}

/// The files among the answers belong to a case from now on. Each is one that the actor or the applicant sent, and no
/// longer than its question allows. Those that the case had `before` are its own already.
async fn take_documents(
    tx: &mut Tx,
    service: &Service,
    (actor, filer): (&Actor, &Actor),
    answers: &Answers,
    before: Option<&Answers>,
) -> Result<(), ServiceError> {
    let mut faults = Vec::new();
    for (name, key) in service.documents(answers) {
        if before.is_some_and(|before| before.get(name) == answers.get(name)) {
            continue;
        }
        let sent = |owner: &str| owner == actor.account || owner == filer.account;
        let owned = sql::document_owner(tx, key).await?.filter(|(owner, _)| sent(owner));
        let held = match (owned, service.definition.question(name)) {
            (Some((_, letters)), Some(field)) => file::fits(field, bytes_of(letters)),
            _ => Err(Fault::new("fault-file")),
        };
        sql::document_used(tx, key).await?;
        faults.extend(held.err().map(|fault| (name.to_owned(), fault)));
    }
    if faults.is_empty() { Ok(()) } else { Err(ServiceError::Faults(faults)) }
}

/// How many bytes stand in so many letters of base64, at least: the padding may hide two.
fn bytes_of(letters: i64) -> u64 {
    (u64::try_from(letters).unwrap_or(0) / 4 * 3).saturating_sub(2)
}

/// The choice that takes a place, if a place is left.
async fn take_seat(tx: &mut Tx, service: &Service, answers: &Answers) -> Result<Option<String>, ServiceError> {
    let Some(seats) = &service.definition.seats else { return Ok(None) };
    let Some(Json::String(choice)) = answers.get(&seats.by) else { return Ok(None) };
    if let Some(places) = seats.of.get(choice)
        && sql::seats_taken(tx, service.definition.service.as_ref(), choice).await? >= *places
    {
        return Err(ServiceError::Full(choice.clone()));
    }
    Ok(Some(choice.clone()))
}

pub(crate) fn state_of<'a>(service: &'a Service, state: &str) -> Result<&'a StateDefinition, ServiceError> {
    let states = &service.definition.states;
    states.get(state).ok_or_else(|| ServiceError::Definition(service.definition.service.to_string()))
}

fn duty<'a>(service: &'a Service, case: &Case) -> &'a str {
    let state = service.definition.states.get(&case.state);
    let payer = state.filter(|state| state.until.is_some()).map(|_| APPLICANT);
    state.and_then(|state| state.by.as_deref()).or(payer).unwrap_or(NOBODY)
}

fn may_act(actor: &Actor, state: &StateDefinition, case: &Case) -> bool {
    let has = |role: &str| actor.roles.iter().any(|r| r == role);
    match state.by.as_deref() {
        Some(APPLICANT) => case.applicant == actor.account,
        Some(role) => has(role) || case.escalated.as_deref().is_some_and(has),
        None => false,
    }
}

/// The case is no longer what the actor saw. Who moved it is read from the journal after the transaction.
fn moved_on(now: &Case) -> ServiceError {
    ServiceError::MovedOn { by: String::new(), state: now.state.clone() }
}

fn change(case: &Case, before: Option<&Case>, today: Date) -> Change {
    Change {
        source: SOURCE,
        kind: case.service.clone(),
        row: case.reference.clone(),
        effective: today,
        before: before.map(Case::document),
        after: Some(case.document()),
    }
}
