//! Answers, services and figures in words, for every page that shows them.

use jiff::civil::Date;
use measure::{Figure, Indicator, Snapshot, Standing};
use register::{
    Field, Of, Reader,
    kind::{file, money},
};
use serde_json::{Map, Value as Json};
use service::Service;

use crate::{
    App,
    failure::Failure,
    frame::Frame,
    guard::Visitor,
    picture::{bullet, sparkline},
    registers::by,
    words::number,
};

/// A question and its answer in words.
pub(crate) struct Answer {
    pub title: String,
    pub shown: String,
    /// The page of the form that asks it.
    pub page: String,
    /// The name of the question, where the answer is a file.
    pub file: Option<String>,
    /// The register and the record, where the answer names one.
    record: Option<(String, String)>,
    /// The page of the record.
    pub link: Option<String>,
}

/// The label of a record and the address of its page, if the reader may see them. Where the label is personal, that it
/// was read is written down.
pub(crate) async fn labelled(
    app: &App,
    f: &Frame,
    reader: &Reader,
    (register, id): (&str, &str),
) -> Result<Option<(String, String)>, Failure> {
    let Some(definition) = app.registers.definition(register) else { return Ok(None) };
    let Some(mut record) = app.registers.find(register, id).await? else { return Ok(None) };
    if !reader.may_read(definition, &record, &definition.label) || record.label.is_empty() {
        return Ok(None);
    }
    if !reader.holds(&record) {
        // Nothing but the label is shown here.
        record.values.retain(|field, _| *field == definition.label);
        app.registers.disclose(by(app, reader), app.today(), reader, definition, &[&record]).await?;
    }
    Ok(Some((record.label, f.href(&format!("/registers/{register}/records/{id}")))))
}

/// Names the records among the answers by their labels.
pub(crate) async fn name_records(
    app: &App,
    f: &Frame,
    visitor: &Visitor,
    mut answers: Vec<Answer>,
) -> Result<Vec<Answer>, Failure> {
    if answers.iter().all(|answer| answer.record.is_none()) {
        return Ok(answers);
    }
    let reader = visitor.reader(app).await?;
    for answer in &mut answers {
        let Some((register, id)) = &answer.record else { continue };
        if let Some((label, link)) = labelled(app, f, &reader, (register, id)).await? {
            (answer.shown, answer.link) = (label, Some(link));
        }
    }
    Ok(answers)
}

/// A field of a record in words.
pub(crate) fn recorded(f: &Frame, field: &Field, value: Option<&Json>) -> String {
    match value {
        None | Some(Json::Null) => f.w.say("not-recorded"),
        value => shown(f, field, value),
    }
}

/// An answer in words.
pub(crate) fn shown(f: &Frame, field: &Field, value: Option<&Json>) -> String {
    let choice = |value: &str| {
        let title = field.choices().find(|(known, _)| *known == value).map(|(_, title)| title.get(f.lang));
        title.unwrap_or(value).to_owned()
    };
    match value {
        None | Some(Json::Null) => f.w.say("not-answered"),
        Some(Json::Bool(true)) => f.w.say("yes"),
        Some(Json::Bool(false)) => f.w.say("no"),
        Some(Json::String(text)) if field.type_name == "date" => f.w.day(text),
        Some(Json::String(text)) if field.type_name == "file" => {
            file::key_and_name(text).map_or(text.as_str(), |(_, name)| name).to_owned()
        }
        // Digits and Latin letters keep their own direction within Arabic: left-to-right isolate (UAX 9).
        Some(Json::String(text)) if ["phone", "email", "person-id"].contains(&field.type_name.as_str()) => {
            format!("\u{2066}{text}\u{2069}")
        }
        Some(Json::String(text)) => choice(text),
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).map(choice).collect::<Vec<_>>().join(f.comma()),
        Some(value) if field.type_name == "money" => {
            money::amount(field, value).map_or_else(|| value.to_string(), |money| f.w.money(&money))
        }
        Some(Json::Number(n)) => n.as_f64().map_or_else(|| n.to_string(), number),
        Some(other) => other.to_string(),
    }
}

/// The answers that were asked for, in the order of the form.
pub(crate) fn answers(f: &Frame, service: &Service, given: &Map<String, Json>) -> Vec<Answer> {
    let mut shown_answers = Vec::new();
    for page in &service.definition.form {
        for (name, field) in page.questions.iter().filter(|(name, _)| service.asks(name, given)) {
            shown_answers.push(Answer {
                title: field.title.get(f.lang).to_owned(),
                shown: shown(f, field, given.get(name)),
                page: page.page.to_string(),
                record: match (&field.of, given.get(name)) {
                    (Some(Of::Register(register)), Some(Json::String(id))) => Some((register.to_string(), id.clone())),
                    _ => None,
                },
                link: None,
                file: (field.type_name == "file" && given.get(name).is_some_and(Json::is_string)).then(|| name.clone()),
            });
        }
    }
    shown_answers
}

/// A service on a card.
pub(crate) struct ServiceCard {
    pub name: String,
    pub title: String,
    pub owner: String,
    pub promise: String,
    pub fee: String,
}

impl ServiceCard {
    pub fn of(app: &App, f: &Frame, service: &Service) -> ServiceCard {
        let d = &service.definition;
        let fee = match service.fee_range() {
            None => f.w.say("free"),
            Some((least, most)) if least == most => f.w.money(&least),
            Some((least, most)) => f.w.say2("between-fees", &least.to_string(), &f.w.money(&most)),
        };
        ServiceCard {
            name: d.service.to_string(),
            title: d.title.get(f.lang).to_owned(),
            owner: app.pack.entity_title(&d.owner, f.lang).to_owned(),
            promise: f.w.within(&d.promise),
            fee,
        }
    }
}

/// An indicator as a line or a card: the number, where it should be, and its last year.
pub(crate) struct IndicatorLine {
    pub name: String,
    pub title: String,
    pub unit: String,
    pub value: String,
    pub target: Option<String>,
    pub status: &'static str,
    pub status_word: String,
    pub assumption: bool,
    pub sparkline: String,
    pub bullet: String,
    pub standing: Standing,
}

/// A figure's value in words.
pub(crate) fn figure(figure: &Figure) -> String {
    figure.value.map_or("—".to_owned(), number)
}

/// The last days of the twelve months up to `today`, and today itself last.
pub(crate) fn months(today: Date) -> Vec<Date> {
    let mut days = vec![today];
    let mut day = today;
    for _ in 0..11 {
        let Ok(before) = day.first_of_month().yesterday() else { break };
        days.push(before);
        day = before;
    }
    days.reverse();
    days
}

impl IndicatorLine {
    pub fn of(
        app: &App,
        f: &Frame,
        figures: &Snapshot,
        indicator: &Indicator,
        used: &plan::IndicatorUse,
    ) -> Result<IndicatorLine, Failure> {
        let today = app.today();
        let series = figures.series(indicator, &months(today));
        let Some(now) = series.last() else { return Err(Failure::Internal) };
        let d = &indicator.definition;
        let standing = used.trajectory().of(indicator).standing(now.value, today, d.better);
        let title = d.title.get(f.lang).to_owned();
        let (status, id) = (standing.status.as_str(), indicator.name().to_owned());
        let values: Vec<Option<f64>> = series.iter().map(|figure| figure.value).collect();
        let target = standing.target.map(|(_, value)| value);
        let share = |value: f64| target.filter(|t| *t != 0.0).map_or(0.0, |t| value / t);
        Ok(IndicatorLine {
            unit: d.unit.get(f.lang).to_owned(),
            value: figure(now),
            target: target.map(number),
            status,
            status_word: f.w.say(&format!("status-{status}")),
            assumption: used.assumption,
            sparkline: sparkline::sparkline(&values, status, &f.w.say1("chart-trend", &title), &format!("trend-{id}")),
            bullet: bullet::bullet(
                share(now.value.unwrap_or(0.0)),
                standing.expected.map(share),
                status,
                &f.w.say1("chart-bullet", &title),
                &format!("bullet-{id}"),
            ),
            name: id,
            title,
            standing,
        })
    }
}
