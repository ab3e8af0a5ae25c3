//! The files of the folder `indicators`: what is measured, held against the sources that it speaks of.

use base::Finding;
use measure::{Indicator, IndicatorDefinition};
use register::RegisterDefinition;
use rules::{Scope, Type};
use service::Service;

use crate::{
    Settings,
    check::{Names, complete, key, known},
    locate::Source,
    read::Reader,
};

impl Reader<'_> {
    pub(crate) fn indicators(
        &mut self,
        read: Vec<(Source, IndicatorDefinition)>,
        names: &Names,
        settings: &Settings,
        registers: &[RegisterDefinition],
        services: &[Service],
    ) -> Vec<Indicator> {
        let mut indicators = Vec::new();
        // A formula may speak of what stands after it, so formulas come last.
        let (formulas, read): (Vec<_>, Vec<_>) = read.into_iter().partition(|(_, d)| d.formula.is_some());
        for (source, definition) in read {
            let mut findings = Vec::new();
            complete(&mut findings, &settings.languages, &definition.title, vec![key("title")]);
            complete(&mut findings, &settings.languages, &definition.unit, vec![key("unit")]);
            let of = &definition.of;
            let sources = [&of.case, &of.record, &of.payment, &of.posting, &of.observation];
            let scope = match sources.map(Option::as_ref) {
                [Some(name), None, None, None, None] => {
                    let service = services.iter().find(|s| s.definition.service == *name);
                    known(&mut findings, "service", &names.services, name, vec![key("of"), key("case")]);
                    service.map(|s| service::case_scope(&s.definition))
                }
                [None, Some(name), None, None, None] => {
                    known(&mut findings, "register", &names.registers, name, vec![key("of"), key("record")]);
                    registers.iter().find(|r| r.register == *name).map(register_scope)
                }
                [None, None, Some(name), None, None] => {
                    if !services.iter().any(|s| s.definition.service == *name && s.definition.fee.is_some()) {
                        let paid = services.iter().filter(|s| s.definition.fee.is_some());
                        let paid: Vec<&str> = paid.map(|s| s.definition.service.as_ref()).collect();
                        let path = vec![key("of"), key("payment")];
                        findings.push(base::finding::unknown(path, "service with a fee", name, paid.into_iter()));
                    }
                    Some(payment_scope())
                }
                [None, None, None, Some(name), None] => {
                    if pay::ledger::Purpose::parse(name).is_none() {
                        let purposes = pay::ledger::Purpose::ALL.iter().map(|purpose| purpose.as_str());
                        let path = vec![key("of"), key("posting")];
                        findings.push(base::finding::unknown(path, "purpose of accounts", name, purposes));
                    }
                    Some(posting_scope())
                }
                [None, None, None, None, Some(name)] => {
                    known(&mut findings, "entity", &names.entities, name, vec![key("of"), key("observation")]);
                    Some(Scope::new())
                }
                _ => {
                    findings.push(
                        Finding::at(vec![key("of")], "an indicator is of one source")
                            .help("keep one of `case:`, `record:`, `payment:`, `posting:` and `observation:`, or say how it is worked out with `formula:`"),
                    );
                    None
                }
            };
            let dangers = scope.as_ref().map(|scope| dangers(&definition, scope, registers, services));
            match scope.map(|scope| Indicator::compile(definition, &scope)) {
                Some(Ok(indicator)) => {
                    findings.extend(dangers.unwrap_or_default());
                    indicators.push(indicator);
                }
                Some(Err(more)) => findings.extend(more),
                None => {}
            }
            self.add(&source, findings);
        }
        let mut worked_out = Vec::new();
        for (source, definition) in formulas {
            let mut findings = Vec::new();
            complete(&mut findings, &settings.languages, &definition.title, vec![key("title")]);
            complete(&mut findings, &settings.languages, &definition.unit, vec![key("unit")]);
            match Indicator::compile_formula(definition, &indicators) {
                Ok(indicator) => worked_out.push(indicator),
                Err(more) => findings.extend(more),
            }
            self.add(&source, findings);
        }
        indicators.extend(worked_out);
        indicators
    }
}

/// What is dangerous in an indicator that can be computed: a condition that is the same for all rows, and figures that are
/// split by what is known of persons.
fn dangers(
    definition: &IndicatorDefinition,
    scope: &Scope,
    registers: &[RegisterDefinition],
    services: &[Service],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let of = &definition.of;
    let case = of.case.as_ref().and_then(|name| services.iter().find(|s| s.definition.service == *name));
    let register = of.record.as_ref().and_then(|name| registers.iter().find(|r| r.register == *name));
    let fields: Vec<(&str, &register::Field)> = match (case, register) {
        (Some(service), _) => service.definition.questions().collect(),
        (_, Some(register)) => register.fields.iter().map(|(name, field)| (name.as_str(), field)).collect(),
        _ => Vec::new(),
    };
    let scope = &crate::dangers::sharpened(scope.clone(), fields.iter().copied());
    // Of a row anything may be missing: it may have been filed under an older version.
    let mut limits = crate::dangers::limits(fields.iter().copied());
    for name in scope.names() {
        let bounds = limits.entry(name.to_owned()).or_default();
        (bounds.optional, bounds.only_when) = (true, None);
    }
    let words = ("no row would count", "every row counts: leave it out");
    if let Some(when) = &of.when {
        let path = vec![key("of"), key("when")];
        crate::dangers::condition(&mut findings, when, scope, &limits, path, words);
    }
    if let Some(share) = &definition.share {
        let words = ("the share would always be nothing", "the share would always be all");
        crate::dangers::condition(&mut findings, &share.when, scope, &limits, vec![key("share"), key("when")], words);
    }
    for (index, name) in definition.by.iter().enumerate() {
        if fields.iter().any(|(known, field)| known == name && field.personal) {
            let path = vec![key("by"), base::Step::Index(index)];
            let message = format!("«{name}» is personal, and figures are public");
            let help = "take it out of `by:`; split figures by what many have in common, such as the region";
            findings.push(Finding::at(path, message).help(help));
        }
    }
    findings
}

/// What an indicator may say of a payment.
fn payment_scope() -> Scope {
    let texts = ["reference", "case", "entity", "currency", "way", "opened", "paid", "receipt"];
    let states = pay::State::ALL.iter().map(|state| state.as_str().to_owned()).collect();
    texts
        .into_iter()
        .fold(Scope::new(), |scope, name| scope.with(name, Type::String))
        .with("state", Type::Choice(states))
        .with("amount", Type::Number)
        .with("refunded", Type::Number)
}

/// What an indicator may say of a posting.
fn posting_scope() -> Scope {
    let texts = ["entity", "detail", "currency", "day", "about", "memo"];
    texts.into_iter().fold(Scope::new(), |scope, name| scope.with(name, Type::String)).with("amount", Type::Number)
}

fn register_scope(definition: &RegisterDefinition) -> Scope {
    let fields = definition.fields.iter();
    fields.fold(Scope::new(), |scope, (name, field)| {
        scope.with(name, field.kind().map_or(Type::Any, |kind| kind.rule_type(field)))
    })
}
