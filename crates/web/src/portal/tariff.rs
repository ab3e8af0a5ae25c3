//! What a service costs, in words, before anybody applies.

use register::Field;
use serde_json::Value as Json;
use service::{Asks, FeeDue, Service};

use crate::{App, frame::Frame, shown::shown};

/// What a service costs.
pub(crate) struct Tariff {
    /// The currency by its name.
    pub currency: String,
    pub rows: Vec<Row>,
    /// Who does not pay.
    pub waivers: Vec<String>,
    pub due: Option<String>,
}

/// A row of the fee table.
pub(crate) struct Row {
    pub fee: String,
    /// Each question with what is asked of its answer.
    pub asks: Vec<(String, String)>,
}

impl Tariff {
    pub fn of(app: &App, f: &Frame, service: &Service) -> Option<Tariff> {
        let tariff = service.tariff()?;
        let code = tariff.rows.first()?.fee.currency;
        let row = |row: &service::TariffRow<'_>| Row {
            fee: f.w.money(&row.fee),
            asks: row.asks.iter().map(|(field, a)| (field.title.get(f.lang).to_owned(), asks(f, field, a))).collect(),
        };
        Some(Tariff {
            currency: app.pack.currency_title(code.code(), f.lang).to_owned(),
            rows: tariff.rows.iter().map(row).collect(),
            waivers: tariff.waivers.iter().map(|waiver| waiver.because.get(f.lang).to_owned()).collect(),
            due: tariff.due.map(|due| match due {
                FeeDue::BeforeDecision(Some(within)) => f.w.say1("tariff-due-before-within", &f.w.within(within)),
                FeeDue::BeforeDecision(None) => f.w.say("tariff-due-before"),
                FeeDue::OnGrant => f.w.say("tariff-due-grant"),
                FeeDue::In(state) => f.w.say1("tariff-due-in", state.get(f.lang)),
            }),
        })
    }
}

/// What a row asks of an answer, in words.
fn asks(f: &Frame, field: &Field, asked: &Asks) -> String {
    let value = |value: &Json| shown(f, field, Some(value));
    let list = |values: &[Json]| values.iter().map(value).collect::<Vec<_>>().join(&f.w.say("tariff-or"));
    match asked {
        Asks::Below(limit) => f.w.say1("tariff-below", &value(limit)),
        Asks::AtMost(limit) => f.w.say1("tariff-at-most", &value(limit)),
        Asks::Above(limit) => f.w.say1("tariff-above", &value(limit)),
        Asks::AtLeast(limit) => f.w.say1("tariff-at-least", &value(limit)),
        Asks::Between(from, to) => f.w.say2("tariff-between", &value(from), &value(to)),
        Asks::Both(from, to) => f.w.say2("tariff-both", &asks(f, field, from), &asks(f, field, to)),
        Asks::OneOf(values) => list(values),
        Asks::NotOneOf(values) => f.w.say1("tariff-not", &list(values)),
        Asks::Complex => f.w.say("tariff-complex"),
    }
}
