//! Reads every file of a pack, and goes on after an error, so that all that is wrong is said at once.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use base::{Calendar, Finding, Step, Text};
use indexmap::IndexMap;
use jiff::{civil::Weekday, tz::TimeZone};
use measure::IndicatorDefinition;
use plan::{ClusterDefinition, EntityDefinition, PlanDefinition, RegionDefinition};
use register::RegisterDefinition;
use saphyr::{LoadableYamlNode, MarkedYaml};
use schemars::JsonSchema;
use serde::{Deserialize, de::DeserializeOwned};
use service::{Catalogue, Service, ServiceDefinition};

use crate::{
    Demo, Pack, Report, RoleDefinition, Settings,
    check::{Names, complete, key, known},
    dangers,
    locate::Source,
    mend::mend,
    pitfalls::pitfalls,
    questions::{check_currencies, check_prefills, check_question, currency_is_listed, fill},
    rights, texts,
};

/// A file may be this long at most.
const FILE_BYTES_MAX: u64 = 1 << 20;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Regions {
    regions: Vec<RegionDefinition>,
}
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entities {
    entities: Vec<EntityDefinition>,
}
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Roles {
    roles: Vec<RoleDefinition>,
}
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Clusters {
    clusters: Vec<ClusterDefinition>,
}

pub(crate) struct Reader<'a> {
    pub(crate) folder: &'a Path,
    pub(crate) reports: Vec<Report>,
}

pub(crate) fn read(folder: &Path) -> Result<Pack, Vec<Report>> {
    let mut reader = Reader { folder, reports: Vec::new() };
    let pack = reader.pack();
    reader.reports.sort();
    reader.reports.dedup();
    match pack {
        Some(pack) if reader.reports.is_empty() => Ok(pack),
        _ => Err(reader.reports),
    }
}

/// A kind of thing that has names: what it is called, what its key is called, and each file with the name in it.
type Named<'a> = (&'a str, &'a str, Vec<(&'a Source, &'a str)>);

impl Reader<'_> {
    /// The story: read every file, learn every name, then hold each definition against the names.
    fn pack(&mut self) -> Option<Pack> {
        let settings = self.required::<Settings>("pack.yaml");
        let regions = self.required::<Regions>("regions.yaml");
        let entities = self.required::<Entities>("entities.yaml");
        let roles = self.required::<Roles>("roles.yaml");
        let clusters = self.required::<Clusters>("clusters.yaml");
        let registers = self.folder_of::<RegisterDefinition>("registers");
        let services = self.folder_of::<ServiceDefinition>("services");
        let indicators = self.folder_of::<IndicatorDefinition>("indicators");
        let plans = self.folder_of::<PlanDefinition>("plan");
        let demo = self.folder.join("demo.yaml").exists().then(|| self.required::<Demo>("demo.yaml")).flatten();
        let (settings_source, settings) = settings?;
        let ((_, regions), (entities_source, entities)) = (regions?, entities?);
        let ((roles_source, roles), (clusters_source, clusters)) = (roles?, clusters?);
        let (regions, entities, roles, clusters) = (regions.regions, entities.entities, roles.roles, clusters.clusters);
        let names = Names {
            entities: entities.iter().map(|e| e.entity.to_string()).collect(),
            roles: roles.iter().map(|r| r.role.to_string()).collect(),
            regions: regions.iter().map(|r| r.region.to_string()).collect(),
            registers: registers.iter().map(|(_, r)| r.register.to_string()).collect(),
            services: services.iter().map(|(_, s)| s.service.to_string()).collect(),
            indicators: indicators.iter().map(|(_, i)| i.indicator.to_string()).collect(),
            clusters: clusters.iter().map(|c| c.cluster.to_string()).collect(),
        };
        let services_of: Vec<&ServiceDefinition> = services.iter().map(|(_, service)| service).collect();
        if let Some((source, demo)) = &demo {
            let findings = rights::demo(demo, &names, &services_of);
            self.add(source, findings);
        }
        self.check_names(&registers, &services, &indicators, &plans);
        let held = rights::held(demo.as_ref().map(|(_, demo)| demo));
        self.check_rights(&names, &registers, &services, held.as_ref());
        self.check_people(
            &names,
            &settings,
            (&entities_source, &entities),
            (&roles_source, &roles),
            (&clusters_source, &clusters),
        );
        let calendar = self.calendar(&settings_source, &settings);
        let choices: IndexMap<String, Text> = regions.iter().map(|r| (r.region.to_string(), r.title.clone())).collect();
        let registers = self.registers(registers, &names, &settings, &choices);
        let services = self.services(services, &names, &settings, &choices, &registers);
        let indicators = self.indicators(indicators, &names, &settings, &registers, &services);
        let plans = self.plans(plans, &names, &settings);
        let sources = self.sources(&settings);
        let observations = self.observations(&indicators, &sources);
        let stories = self.stories(&names, &settings);
        let atlas = self.atlas(&names, &settings).map(Arc::new);
        let supervisors: Vec<_> =
            roles.iter().filter_map(|r| Some((r.role.to_string(), r.supervisor.as_ref()?.to_string()))).collect();
        Some(Pack {
            calendar: Arc::new(calendar?),
            settings,
            regions,
            entities,
            roles,
            clusters,
            registers,
            catalogue: Catalogue::new(services).supervised(supervisors),
            indicators: Arc::new(indicators),
            plans,
            observations,
            sources,
            stories,
            atlas,
            demo: demo.map(|(_, demo)| demo),
        })
    }

    pub(crate) fn add(&mut self, source: &Source, mut findings: Vec<Finding>) {
        findings.retain(|finding| !source.invented.iter().any(|place| finding.path.starts_with(place)));
        self.reports.extend(findings.into_iter().map(|finding| source.report(finding)));
    }

    pub(crate) fn load(&mut self, path: &Path) -> Option<Source> {
        let file = path.strip_prefix(self.folder).unwrap_or(path).display().to_string();
        let bare = Source { file, text: String::new(), invented: Vec::new() };
        let problem = |message: String, help: &str| bare.at(1, 1, 1, message, Some(help.to_owned()));
        let size = match fs::metadata(path) {
            Ok(metadata) => metadata.len(),
            Err(error) => {
                self.reports.push(problem(
                    format!("the file cannot be read: {error}"),
                    "every pack has this file; `anqud new` makes one",
                ));
                return None;
            }
        };
        if size > FILE_BYTES_MAX {
            self.reports.push(problem("the file is longer than 1 MiB".into(), "divide it into several files"));
            return None;
        }
        match fs::read_to_string(path) {
            Ok(text) => {
                let whole = text.strip_prefix('\u{feff}').unwrap_or(&text);
                if whole.len() < text.len() {
                    let message = "the file begins with a byte-order mark, a sign that nobody sees".to_owned();
                    self.reports.push(problem(message, "save it as UTF-8 without byte-order mark (BOM)"));
                }
                // Line ends of another system are line ends.
                let text = whole.replace("\r\n", "\n");
                Some(Source { text, ..bare })
            }
            Err(error) => {
                self.reports.push(problem(format!("the file cannot be read: {error}"), "save it as UTF-8"));
                None
            }
        }
    }

    /// Reads a file. Where something in it is not what it looks like, that is said, and nothing more of its line.
    pub(crate) fn parse<T: DeserializeOwned>(&mut self, source: Source) -> Option<(Source, T)> {
        let (fallen, file, before) = (pitfalls(&source), source.file.clone(), self.reports.len());
        let parsed = self.parse_all(source);
        let lines: BTreeSet<usize> = fallen.iter().map(|report| report.line).collect();
        let more = self.reports.split_off(before);
        self.reports.extend(more.into_iter().filter(|report| report.file != file || !lines.contains(&report.line)));
        self.reports.extend(fallen);
        parsed
    }

    fn parse_all<T: DeserializeOwned>(&mut self, mut source: Source) -> Option<(Source, T)> {
        if let Ok(documents) = MarkedYaml::load_from_str(&source.text)
            && let Some(root) = documents.first()
        {
            let mut findings = Vec::new();
            texts::nowhere(root, &mut Vec::new(), &mut findings);
            self.reports.extend(findings.into_iter().map(|finding| source.report(finding)));
        }
        let error = match serde_saphyr::from_str::<T>(&source.text) {
            Ok(value) => return Some((source, value)),
            Err(error) => error,
        };
        let mended = mend::<T>(&source.text);
        let found = mended.as_ref().is_some_and(|mended| !mended.findings.is_empty());
        let error = error.without_snippet();
        let mut message = error.to_string();
        if let Some(at) = message.rfind(" at line ") {
            message.truncate(at);
        }
        let syntax = words_of_syntax(&message);
        if !found || syntax.is_some() {
            let (line, column) = error.location().map_or((1, 1), |l| (l.line() as usize, l.column() as usize));
            let word: String =
                source.text.lines().nth(line.saturating_sub(1)).unwrap_or("").chars().skip(column - 1).collect();
            let length = word.chars().take_while(|c| !matches!(c, ':' | ',' | '}' | ']' | ' ')).count();
            let (message, help) = syntax.map_or((message, None), |(message, help)| (message, Some(help.to_owned())));
            self.reports.push(source.at(line, column, length.max(1), message, help));
        }
        let mended = mended?;
        self.add(&source, mended.findings);
        source.invented = mended.places;
        mended.value.map(|value| (source, value))
    }

    pub(crate) fn required<T: DeserializeOwned>(&mut self, name: &str) -> Option<(Source, T)> {
        let source = self.load(&self.folder.join(name))?;
        self.parse(source)
    }

    fn folder_of<T: DeserializeOwned>(&mut self, name: &str) -> Vec<(Source, T)> {
        let mut files = Vec::new();
        yaml_files(&self.folder.join(name), &mut files);
        files.sort();
        let sources: Vec<Source> = files.iter().filter_map(|path| self.load(path)).collect();
        sources.into_iter().filter_map(|source| self.parse(source)).collect()
    }

    /// Names and references stand for one thing each.
    fn check_names(
        &mut self,
        registers: &[(Source, RegisterDefinition)],
        services: &[(Source, ServiceDefinition)],
        indicators: &[(Source, IndicatorDefinition)],
        plans: &[(Source, PlanDefinition)],
    ) {
        let kinds: [Named<'_>; 6] = [
            ("the register", "register", registers.iter().map(|(s, r)| (s, r.register.as_ref())).collect()),
            ("the service", "service", services.iter().map(|(s, d)| (s, d.service.as_ref())).collect()),
            ("the indicator", "indicator", indicators.iter().map(|(s, i)| (s, i.indicator.as_ref())).collect()),
            ("the plan", "plan", plans.iter().map(|(s, p)| (s, p.plan.as_ref())).collect()),
            ("the reference", "reference", services.iter().map(|(s, d)| (s, d.reference.as_str())).collect()),
            ("the reference", "reference", registers.iter().map(|(s, r)| (s, r.reference.as_str())).collect()),
        ];
        for (what, tail, named) in kinds {
            for (index, finding) in rights::twice_in_files(what, tail, named.iter().copied()) {
                self.add(named[index].0, vec![finding]);
            }
        }
        for (source, service) in services {
            self.add(source, rights::prefix(&service.reference).into_iter().collect());
        }
    }

    /// Somebody can do what is to be done, and has what rights there are.
    fn check_rights(
        &mut self,
        names: &Names,
        registers: &[(Source, RegisterDefinition)],
        services: &[(Source, ServiceDefinition)],
        held: Option<&BTreeSet<&str>>,
    ) {
        for (source, register) in registers {
            self.add(
                source,
                rights::rights(
                    register,
                    held.filter(|_| {
                        register
                            .read
                            .keys()
                            .chain(register.write.keys())
                            .all(|who| names.roles.contains(who) || who == "public" || who == "holder")
                    }),
                ),
            );
        }
        for (source, service) in services {
            self.add(source, rights::duties(service, names, held));
        }
    }

    fn check_people(
        &mut self,
        names: &Names,
        settings: &Settings,
        entities: (&Source, &[EntityDefinition]),
        roles: (&Source, &[RoleDefinition]),
        clusters: (&Source, &[ClusterDefinition]),
    ) {
        let languages = &settings.languages;
        let mut findings = Vec::new();
        let path = |list: &str, index: usize, name: &str| vec![key(list), Step::Index(index), key(name)];
        let named = entities.1.iter().enumerate();
        rights::twice("entity", named.map(|(i, e)| (e.entity.as_ref(), path("entities", i, "entity"))), &mut findings);
        self.add(entities.0, std::mem::take(&mut findings));
        let named = roles.1.iter().enumerate();
        rights::twice("role", named.map(|(i, r)| (r.role.as_ref(), path("roles", i, "role"))), &mut findings);
        self.add(roles.0, std::mem::take(&mut findings));
        let named = clusters.1.iter().enumerate();
        rights::twice(
            "cluster",
            named.map(|(i, c)| (c.cluster.as_ref(), path("clusters", i, "cluster"))),
            &mut findings,
        );
        self.add(clusters.0, std::mem::take(&mut findings));
        for (index, entity) in entities.1.iter().enumerate() {
            let path = |tail: &str| vec![key("entities"), Step::Index(index), key(tail)];
            complete(&mut findings, languages, &entity.title, path("title"));
            if let Some(above) = &entity.part_of {
                known(&mut findings, "entity", &names.entities, above, path("part-of"));
            }
        }
        self.add(entities.0, std::mem::take(&mut findings));
        for (index, role) in roles.1.iter().enumerate() {
            let path = |tail: &str| vec![key("roles"), Step::Index(index), key(tail)];
            complete(&mut findings, languages, &role.title, path("title"));
            known(&mut findings, "entity", &names.entities, &role.entity, path("entity"));
            if let Some(supervisor) = &role.supervisor {
                known(&mut findings, "role", &names.roles, supervisor, path("supervisor"));
                if *supervisor == role.role {
                    let finding = Finding::at(path("supervisor"), format!("«{supervisor}» cannot supervise itself"));
                    findings.push(finding.help("name another role, or leave `supervisor:` out"));
                }
            }
        }
        self.add(roles.0, std::mem::take(&mut findings));
        for (index, cluster) in clusters.1.iter().enumerate() {
            let path = |tail: &str| vec![key("clusters"), Step::Index(index), key(tail)];
            complete(&mut findings, languages, &cluster.title, path("title"));
            complete(&mut findings, languages, &cluster.merit, path("merit"));
            for (place, region) in cluster.regions.iter().enumerate() {
                let path = vec![key("clusters"), Step::Index(index), key("regions"), Step::Index(place)];
                known(&mut findings, "region", &names.regions, region, path);
            }
        }
        self.add(clusters.0, findings);
    }

    fn calendar(&mut self, source: &Source, settings: &Settings) -> Option<Calendar> {
        const DAYS: [(&str, Weekday); 7] = [
            ("monday", Weekday::Monday),
            ("tuesday", Weekday::Tuesday),
            ("wednesday", Weekday::Wednesday),
            ("thursday", Weekday::Thursday),
            ("friday", Weekday::Friday),
            ("saturday", Weekday::Saturday),
            ("sunday", Weekday::Sunday),
        ];
        let mut findings = Vec::new();
        let mut weekend = Vec::new();
        for (index, day) in settings.weekend.iter().enumerate() {
            match DAYS.iter().find(|(name, _)| name == day) {
                Some((_, weekday)) => weekend.push(*weekday),
                None => {
                    let names = DAYS.iter().map(|(name, _)| *name);
                    findings.push(base::finding::unknown(vec![key("weekend"), Step::Index(index)], "day", day, names));
                }
            }
        }
        check_currencies(&mut findings, settings);
        let zone = TimeZone::get(&settings.time_zone);
        if zone.is_err() {
            findings.push(
                Finding::at(vec![key("time-zone")], format!("there is no time zone «{}»", settings.time_zone))
                    .help("write it as in the IANA database, such as Asia/Hebron"),
            );
        }
        for (index, holiday) in settings.holidays.iter().enumerate() {
            let path = vec![key("holidays"), Step::Index(index), key("title")];
            complete(&mut findings, &settings.languages, &holiday.title, path);
        }
        self.add(source, findings);
        let holidays = settings.holidays.iter().map(|h| h.date).collect();
        Some(Calendar { weekend, holidays, zone: zone.ok()? })
    }

    fn registers(
        &mut self,
        read: Vec<(Source, RegisterDefinition)>,
        names: &Names,
        settings: &Settings,
        regions: &IndexMap<String, Text>,
    ) -> Vec<RegisterDefinition> {
        let mut registers = Vec::new();
        for (source, mut definition) in read {
            let mut findings = definition.check();
            known(&mut findings, "entity", &names.entities, &definition.keeper, vec![key("keeper")]);
            complete(&mut findings, &settings.languages, &definition.title, vec![key("title")]);
            for who in definition.read.keys().chain(definition.write.keys()) {
                if who != "public" && who != "holder" {
                    known(&mut findings, "role", &names.roles, who, vec![key("read"), Step::KeyItself(who.clone())]);
                }
            }
            for (name, field) in &mut definition.fields {
                let path = vec![key("fields"), key(name)];
                check_question(&mut findings, field, names, settings, path);
                fill(field, settings, regions);
            }
            self.add(&source, findings);
            registers.push(definition);
        }
        registers
    }

    fn services(
        &mut self,
        read: Vec<(Source, ServiceDefinition)>,
        names: &Names,
        settings: &Settings,
        regions: &IndexMap<String, Text>,
        registers: &[RegisterDefinition],
    ) -> Vec<Service> {
        let languages = &settings.languages;
        let mut services = Vec::new();
        for (source, mut definition) in read {
            let mut findings = Vec::new();
            known(&mut findings, "entity", &names.entities, &definition.owner, vec![key("owner")]);
            complete(&mut findings, languages, &definition.title, vec![key("title")]);
            complete(&mut findings, languages, &definition.summary, vec![key("summary")]);
            if let Some(keywords) = &definition.keywords {
                complete(&mut findings, languages, keywords, vec![key("keywords")]);
            }
            for (index, page) in definition.form.iter_mut().enumerate() {
                complete(&mut findings, languages, &page.title, vec![key("form"), Step::Index(index), key("title")]);
                for (name, field) in &mut page.questions {
                    let path = vec![key("form"), Step::Index(index), key("questions"), key(name)];
                    check_question(&mut findings, field, names, settings, path);
                    fill(field, settings, regions);
                }
            }
            check_prefills(&mut findings, &definition, registers);
            for (name, state) in &definition.states {
                let path = |tail: &[&str]| {
                    [key("states"), key(name)].into_iter().chain(tail.iter().map(|t| key(t))).collect::<Vec<_>>()
                };
                complete(&mut findings, languages, &state.title, path(&["title"]));
                if let Some(role) = state.by.as_deref().filter(|by| *by != "applicant") {
                    known(&mut findings, "role", &names.roles, role, path(&["by"]));
                }
                for (action_name, action) in &state.actions {
                    complete(&mut findings, languages, &action.title, path(&["actions", action_name, "title"]));
                }
            }
            if let Some(record) = &definition.record {
                known(
                    &mut findings,
                    "register",
                    &names.registers,
                    &record.register,
                    vec![key("record"), key("register")],
                );
            }
            let mut dangers = dangers::of_service(&definition, registers);
            dangers.extend(texts::certificate(&definition, languages));
            let currency = vec![key("fee"), key("currency")];
            let listed = definition
                .fee
                .as_ref()
                .is_none_or(|fee| currency_is_listed(&mut findings, settings, &fee.currency, currency.clone()));
            match Service::compile(definition) {
                Ok(service) => {
                    services.push(service);
                    findings.extend(dangers);
                }
                // What the pack does not list is said once, and of what is wrong nothing more is said.
                Err(more) => {
                    dangers.retain(|danger| !more.iter().any(|finding| dangers::follows(danger, finding)));
                    findings.extend(dangers);
                    findings.extend(more.into_iter().filter(|finding| listed || finding.path != currency));
                }
            }
            self.add(&source, findings);
        }
        services
    }
}

/// What is wrong where a file is no YAML, in words of those who write packs, and what to do.
fn words_of_syntax(message: &str) -> Option<(String, &'static str)> {
    const WORDS: [(&str, &str, &str); 6] = [
        ("tabs disallowed", "a tab stands where a line is indented", "indent with spaces only"),
        (
            "invalid trailing content",
            "a text ends at a quote before this, and more follows",
            "close every quote; write a quote within a text as `\\\"`",
        ),
        (
            "mapping values are not allowed",
            "there is a second «:» in this line, or the line is indented too far",
            "put a text with a colon in quotes, and let keys that belong together begin in the same column",
        ),
        (
            "illegal placement of ':'",
            "a bracket before this is not closed",
            "close every `[` with `]` and `{` with `}`",
        ),
        ("unexpected end of", "the file is empty or ends too soon", "compare it with the file of the starter pack"),
        (
            "while scanning a quoted scalar",
            "a quote is not closed",
            "close every quote; write a quote within a text as `\\\"`",
        ),
    ];
    if let Some(rest) = message.strip_prefix("duplicate mapping key: ") {
        let name = rest.split(',').next().unwrap_or(rest);
        return Some((format!("the key «{name}» stands here a second time"), "keep one of the two"));
    }
    let found = WORDS.iter().find(|(begin, ..)| message.contains(begin));
    found.map(|(_, message, help)| ((*message).to_owned(), *help))
}

fn yaml_files(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            yaml_files(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "yaml") {
            files.push(path);
        }
    }
}
