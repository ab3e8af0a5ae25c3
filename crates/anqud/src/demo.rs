//! `anqud demo`: a fresh database with a year of invented history, made through the same doors that people use.

mod money;

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write},
    path::Path,
    sync::Arc,
};

use identity::{Account, NewAccount, hash_password};
use indexmap::IndexMap;
use jiff::{SignedDuration, Timestamp, civil::Date};
use pack::{Demo, Flow};
use rand::{Rng, SeedableRng, rngs::StdRng, seq::IndexedRandom};
use register::Field;
use serde_json::{Map, Value as Json, json};
use service::{Actor, Document, Filing, Move, Service, ServiceError};
use store::By;
use web::App;

use crate::{
    edge, gateway, mail,
    options::DemoOptions,
    serve,
    system::{self, Failure, Hosted, Settings},
};

const PASSWORD: &str = "anqud-demo";
/// An empty page as PDF, in base64: what people of the demo send where a document is asked for.
const DOCUMENT: &str = "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqCjIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tp\
    ZHNbMyAwIFJdL0NvdW50IDE+PmVuZG9iagozIDAgb2JqPDwvVHlwZS9QYWdlL1BhcmVudCAyIDAgUi9NZWRpYUJveFswIDAgMzAw\
    IDMwMF0+PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+CiUlRU9GCg==";

/// The story: an empty database, the accounts, the year, and then the door is opened.
pub(crate) async fn demo(options: DemoOptions) -> Result<(), Failure> {
    let pack = system::read_pack(&options.pack)?;
    let demo = pack.demo.clone().ok_or("this pack has no demo.yaml")?;
    let database = match &options.database {
        Some(url) => url.clone(),
        None => fresh_file(&options.data)?,
    };
    let noon = demo.today.at(9, 0, 0, 0).to_zoned(pack.calendar.zone.clone())?.timestamp();
    let offset = noon.duration_since(edge::now(SignedDuration::ZERO));
    let listener = if options.no_serve { None } else { Some(serve::listen(options.listen).await?) };
    let edge = edge::edge(offset, mail::mail(&options.mail)?);
    // A payment provider of its own runs beside the demo; the secret is drawn anew each time.
    let secret: String = (edge.random)().iter().map(|byte| format!("{byte:02x}")).collect();
    let provider = gateway::beside(secret.clone(), edge.now.clone()).await?;
    let portal = match &listener {
        Some(listener) => format!("http://{}", listener.local_addr()?),
        None => "http://127.0.0.1".to_owned(),
    };
    let hosted = Hosted { base: format!("http://{provider}"), portal, secret };
    let settings = Settings {
        demo: true,
        secure: false,
        address: hosted.portal.clone(),
        back_addresses: Vec::new(),
        body_patience: options.connections.body_patience(),
        metrics_token: None,
        hosted: Some(hosted),
    };
    let app = system::open(pack.clone(), &database, edge, settings).await?;
    make_accounts(&app, &demo, options.seed).await?;
    History::new(app.clone(), demo.clone(), options.seed).make(options.cases).await?;
    println!("\nAccounts (password {PASSWORD}):");
    for account in &demo.accounts {
        println!("  {:28} {}", account.email, account.roles.join(", "));
    }
    println!();
    match listener {
        Some(listener) => serve::answer(app, listener, &options.connections, None).await,
        None => Ok(()),
    }
}

/// The path of a database that does not exist yet.
fn fresh_file(folder: &Path) -> Result<String, Failure> {
    std::fs::create_dir_all(folder).map_err(|e| format!("the folder {} cannot be made: {e}", folder.display()))?;
    let path = folder.join("anqud-demo.db");
    for ending in ["", "-wal", "-shm"] {
        let file = folder.join(format!("anqud-demo.db{ending}"));
        if file.exists() {
            std::fs::remove_file(&file).map_err(|e| format!("{} cannot be removed: {e}", file.display()))?;
        }
    }
    Ok(path.display().to_string())
}

async fn make_accounts(app: &App, demo: &Demo, seed: u64) -> Result<(), Failure> {
    let mut salt = [0; 16];
    salt[..8].copy_from_slice(&seed.to_le_bytes());
    // One hash for all: they share the password, and everybody may know it.
    let hash = hash_password(PASSWORD, &salt)?;
    for account in &demo.accounts {
        let account = Account {
            id: account.email.clone(),
            email: account.email.clone(),
            name: account.name.clone(),
            person_id: account.person_id.clone(),
            phone: account.phone.clone(),
            region: account.region.clone(),
            roles: account.roles.clone(),
            lang: None,
            suspended: None,
        };
        let new = NewAccount { account, password_hash: hash.clone() };
        app.identity.create_account(app.by("system", "demo"), new).await?;
    }
    Ok(())
}

/// A year of people who apply, and of offices that decide.
struct History {
    app: App,
    demo: Demo,
    chance: StdRng,
    /// What falls on a day: cases that somebody moves.
    agenda: BTreeMap<Date, Vec<Turn>>,
    /// The last day on which money of the budget moved.
    last_spent: Date,
}

/// Somebody's turn to move a case.
struct Turn {
    reference: String,
    flow: usize,
    applicant: Actor,
    state: String,
    /// A payment that the applicant makes, and the way.
    payment: Option<(String, String)>,
}

impl History {
    fn new(app: App, demo: Demo, seed: u64) -> History {
        History { app, demo, chance: StdRng::seed_from_u64(seed), agenda: BTreeMap::new(), last_spent: Date::MIN }
    }

    async fn make(mut self, cases: usize) -> Result<(), Failure> {
        let calendar = self.app.pack.calendar.clone();
        let mut days = Vec::new();
        let mut day = self.demo.from;
        while day < self.demo.today {
            if calendar.is_working(day) {
                days.push(day);
            }
            day = day.tomorrow()?;
        }
        let (mut filed, mut moved) = (0, 0);
        for (index, day) in days.iter().enumerate() {
            // More people come as the year goes on: from two thirds of the mean to four thirds.
            let share = (index + 1) as f64 / days.len() as f64;
            let wanted = (cases as f64 * (share * (2.0 + share)) / 3.0).round() as usize;
            while filed < wanted {
                self.file(*day).await?;
                filed += 1;
            }
            moved += self.work_off(*day).await?;
            let by = By::new("system", "deadline", self.at(*day)?);
            self.keep_deadlines(by).await?;
            self.close_week(*day).await?;
            self.spend(*day).await?;
            let said = format!("{day}  {filed} cases filed, {moved} times moved");
            if std::io::stdout().is_terminal() {
                print!("\r{said} ");
                std::io::stdout().flush()?;
            } else if days.get(index + 1).is_none_or(|next| next.month() != day.month()) {
                // A log has a line for each month rather than one that is written over.
                println!("{said}");
            }
        }
        println!();
        self.ask_for_refunds().await?;
        self.lend().await?;
        // What fell due since the last working day: the desk stands still from the first page on.
        self.keep_deadlines(self.app.by("system", "deadline")).await?;
        self.app.measures.fold(self.app.by("system", "fold")).await?;
        Ok(())
    }

    /// Cases lapse and come to supervisors, as they do every few seconds while serving.
    async fn keep_deadlines(&self, by: By) -> Result<(), Failure> {
        while self.app.cases.lapse(by.clone()).await? > 0 {}
        while self.app.cases.escalate(by.clone()).await? > 0 {}
        Ok(())
    }

    /// Some moment of the working day.
    fn at(&mut self, day: Date) -> Result<Timestamp, Failure> {
        let minute = self.chance.random_range(8 * 60..15 * 60);
        let time = day.at((minute / 60) as i8, (minute % 60) as i8, 0, 0);
        Ok(time.to_zoned(self.app.pack.calendar.zone.clone())?.timestamp())
    }

    async fn file(&mut self, day: Date) -> Result<(), Failure> {
        let flow_index = self.pick_flow();
        let flow = self.demo.flows[flow_index].clone();
        let catalogue = self.app.pack.clone();
        let service = catalogue.catalogue.service(&flow.service).ok_or("a flow is of no service")?.clone();
        let applicant = self.applicant();
        let answers = self.answers(&service, &flow, &applicant, day);
        self.send_documents(&service, &answers, &applicant, day).await?;
        let filing =
            Filing { service: flow.service.to_string(), answers, random: self.chance.random(), key: None, draft: None };
        let by = By::new(applicant.account.clone(), "demo", self.at(day)?);
        match self.app.cases.file(by, &applicant, filing).await {
            Ok(case) => {
                self.owe(flow_index, &case, &applicant, day).await?;
                self.plan_turn(&flow, flow_index, case.reference, case.state, applicant, day);
            }
            // Real people meet these limits too.
            Err(ServiceError::Full(_) | ServiceError::NotEligible(_)) => {}
            Err(ServiceError::Faults(faults)) => return Err(format!("{}: {faults:?}", flow.service).into()),
            Err(other) => return Err(other.into()),
        }
        Ok(())
    }

    /// Sends the files that the answers name, as the form does before a case is filed.
    async fn send_documents(
        &mut self,
        service: &Service,
        answers: &Map<String, Json>,
        applicant: &Actor,
        day: Date,
    ) -> Result<(), Failure> {
        for (name, key) in service.documents(answers) {
            let by = By::new(applicant.account.clone(), "demo", self.at(day)?);
            let document = Document {
                id: key.to_owned(),
                account: applicant.account.clone(),
                name: format!("{name}.pdf"),
                body: DOCUMENT.to_owned(),
                added: base::stamp(by.at),
            };
            self.app.drafts.keep_document(by, document).await?;
        }
        Ok(())
    }

    fn plan_turn(&mut self, flow: &Flow, index: usize, reference: String, state: String, applicant: Actor, day: Date) {
        let Some([least, most]) = flow.days.get(&state) else { return };
        let wait = self.chance.random_range(*least..=*most);
        let day = self.app.pack.calendar.add_working_days(day, wait);
        self.agenda.entry(day).or_default().push(Turn { reference, flow: index, applicant, state, payment: None });
    }

    /// Moves every case whose turn has come; how many.
    async fn work_off(&mut self, day: Date) -> Result<usize, Failure> {
        let mut moved = 0;
        let later = self.agenda.split_off(&day.tomorrow()?);
        for turn in std::mem::replace(&mut self.agenda, later).into_values().flatten() {
            if turn.payment.is_some() {
                self.pay(turn, day).await?;
                continue;
            }
            let flow = self.demo.flows[turn.flow].clone();
            let Some(action) = flow.decisions.get(&turn.state).and_then(|weights| self.weighted(weights, true)) else {
                continue;
            };
            let actor = self.actor_for(&turn)?;
            let step = Move { reference: turn.reference.clone(), action, note: Some(self.note()), ..Move::default() };
            let by = By::new(actor.account.clone(), "demo", self.at(day)?);
            match self.app.cases.act(by, &actor, step).await {
                Ok(case) => {
                    moved += 1;
                    self.owe(turn.flow, &case, &turn.applicant, day).await?;
                    self.plan_turn(&flow, turn.flow, case.reference, case.state, turn.applicant, day);
                }
                // It lapsed before its turn came.
                Err(ServiceError::NotPossible { .. }) => {}
                Err(other) => return Err(other.into()),
            }
        }
        Ok(moved)
    }

    /// Who moves a case in that state: the applicant, or the account that has the role.
    fn actor_for(&self, turn: &Turn) -> Result<Actor, Failure> {
        let flow = &self.demo.flows[turn.flow];
        let service = self.app.pack.catalogue.service(&flow.service).ok_or("a flow is of no service")?;
        let role = service.definition.states.get(&turn.state).and_then(|s| s.by.clone()).unwrap_or_default();
        if role == "applicant" {
            return Ok(turn.applicant.clone());
        }
        let account = self.demo.accounts.iter().find(|a| a.roles.contains(&role));
        let account = account.ok_or_else(|| format!("nobody in demo.yaml has the role {role}"))?;
        Ok(Actor {
            account: account.email.clone(),
            name: account.name.get(base::Lang::AR).to_owned(),
            roles: account.roles.clone(),
        })
    }

    fn note(&mut self) -> String {
        let notes = ["يرجى إرفاق وثيقة أوضح.", "يرجى التأكد من رقم الهاتف.", "تم الاطلاع على الطلب."];
        notes.choose(&mut self.chance).copied().unwrap_or_default().to_owned()
    }

    fn pick_flow(&mut self) -> usize {
        let mut left = self.chance.random::<f64>() * self.demo.flows.iter().map(|f| f.share).sum::<f64>();
        for (index, flow) in self.demo.flows.iter().enumerate() {
            left -= flow.share;
            if left <= 0.0 {
                return index;
            }
        }
        0
    }

    /// A key by its weight. Where the weights are chances, what is missing to 1 is none.
    fn weighted(&mut self, weights: &IndexMap<String, f64>, chances: bool) -> Option<String> {
        let sum: f64 = weights.values().sum();
        let mut left = self.chance.random::<f64>() * if chances { sum.max(1.0) } else { sum };
        for (key, weight) in weights {
            left -= weight;
            if left <= 0.0 {
                return Some(key.clone());
            }
        }
        None
    }

    fn name(&mut self, of: &str) -> String {
        let names = self.demo.names.get(of).and_then(|names| names.choose(&mut self.chance));
        names.map_or_else(|| of.to_owned(), |name| name.get(base::Lang::AR).to_owned())
    }

    fn applicant(&mut self) -> Actor {
        let given = if self.chance.random::<bool>() { "given-female" } else { "given-male" };
        let name = format!("{} {}", self.name(given), self.name("family"));
        Actor { account: format!("person-{:08x}", self.chance.random::<u32>()), name, roles: Vec::new() }
    }

    fn answers(&mut self, service: &Arc<Service>, flow: &Flow, applicant: &Actor, day: Date) -> Map<String, Json> {
        let mut answers = Map::new();
        for (name, field) in service.definition.questions() {
            if !service.asks(name, &answers) {
                continue;
            }
            let answer = self.answer(name, field, flow, applicant, day);
            answers.insert(name.to_owned(), answer);
        }
        answers
    }

    /// An answer that fits the question, by the flow where it says how, else by the kind.
    fn answer(&mut self, name: &str, field: &Field, flow: &Flow, applicant: &Actor, day: Date) -> Json {
        if let Some(weights) = flow.weights.get(name) {
            return self.weighted(weights, false).map_or(Json::Null, Json::String);
        }
        if let Some([least, most]) = flow.between.get(name) {
            // The square makes small numbers more frequent, as small companies are.
            let share = self.chance.random::<f64>();
            return json!(least + ((most - least) as f64 * share * share).round() as i64);
        }
        match field.type_name.as_str() {
            "text" if name.contains("company") => json!(self.name("company")),
            "text" | "long-text" => json!(applicant.name),
            "integer" | "decimal" | "money" => field.min.clone().map_or(json!(1), Json::Number),
            "date" => {
                let back = self.chance.random_range(30..700);
                json!(day.checked_sub(jiff::Span::new().days(back)).unwrap_or(day).to_string())
            }
            "yes-no" => json!(self.chance.random_bool(0.6)),
            "choice" | "region" => {
                let values: Vec<String> = field.choices().map(|(value, _)| value.to_owned()).collect();
                values.choose(&mut self.chance).map_or(Json::Null, |value| json!(value))
            }
            "choices" => field.choices().next().map_or(Json::Null, |(value, _)| json!([value])),
            "phone" => json!(format!("059{:07}", self.chance.random_range(0..10_000_000))),
            "email" => json!(format!("{}@demo.example", applicant.account)),
            "file" if field.required => json!(format!("{:032x}/{name}.pdf", self.chance.random::<u128>())),
            "person-id" => json!(base::person_id::complete(self.chance.random_range(40_000_000..99_999_999))),
            _ => Json::Null,
        }
    }
}
