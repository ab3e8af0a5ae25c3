//! Who has read what is personal about the visitor.

use askama::Template;
use axum::{extract::State, response::Response};
use register::fields_of;
use store::Entry;

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
};

/// Somebody who read, when, and what of which record or case.
struct Line {
    who: String,
    roles: String,
    when: String,
    of: String,
    row: String,
    link: String,
    fields: String,
}

#[derive(Template)]
#[template(path = "my_data.html")]
struct MyData {
    f: Frame,
    lines: Vec<Line>,
    /// What is kept about the visitor and open to them: title, label, address.
    kept: Vec<(String, String, String)>,
}

/// How many readings are shown.
const READINGS_MAX: i64 = 200;

pub(crate) async fn my_data(State(app): State<App>, f: Frame, visitor: Visitor) -> Result<Response, Failure> {
    let mut lines = Vec::new();
    let account = visitor.account()?;
    let rows = app.rows_about(&account.id, &account.roles).await?;
    for entry in app.registers.read_by(&rows, READINGS_MAX).await? {
        lines.push(line(&app, &f, &entry).await?);
    }
    let reader = visitor.reader(&app).await?;
    let mut kept = Vec::new();
    for register in app.registers.all() {
        for record in app.registers.own(&register.register, &reader).await? {
            let Some(label) = reader.name_of(register, &record) else { continue };
            let link = f.href(&format!("/registers/{}/records/{}", register.register, record.id));
            kept.push((register.title.get(f.lang).to_owned(), label, link));
        }
    }
    page(MyData { f, lines, kept })
}

async fn line(app: &App, f: &Frame, entry: &Entry) -> Result<Line, Failure> {
    let reader = app.identity.account(&entry.actor).await?;
    let roles = reader.iter().flat_map(|account| &account.roles).filter_map(|role| app.pack.role(role));
    let roles: Vec<&str> = roles.map(|role| role.title.get(f.lang)).collect();
    let separator = f.comma();
    let (of, link, fields) = what(app, f, entry);
    let moment = entry.recorded.parse::<jiff::Timestamp>().ok();
    let time = moment.map(|at| at.to_zoned(app.calendar().zone.clone()).strftime("%H:%M").to_string());
    Ok(Line {
        who: reader.as_ref().map_or_else(|| entry.actor.clone(), |account| account.name.get(f.lang).to_owned()),
        roles: roles.join(separator),
        when: format!("{} {}", f.w.day(&entry.effective), time.unwrap_or_default()),
        of,
        row: entry.row.clone(),
        link,
        fields: fields.join(separator),
    })
}

/// The title of the register or the service, the address of the record or the case, and the titles of the fields.
fn what(app: &App, f: &Frame, entry: &Entry) -> (String, String, Vec<String>) {
    let names = fields_of(entry);
    if let Some(register) = app.registers.definition(&entry.kind) {
        let title = |name: &&str| register.fields.get(*name).map_or(*name, |field| field.title.get(f.lang)).to_owned();
        let link = f.href(&format!("/registers/{}/records/{}", entry.kind, entry.row));
        return (register.title.get(f.lang).to_owned(), link, names.iter().map(title).collect());
    }
    if let Some(service) = app.pack.catalogue.service(&entry.kind) {
        let d = &service.definition;
        let title = |name: &&str| d.question(name).map_or(*name, |field| field.title.get(f.lang)).to_owned();
        let link = f.href(&format!("/cases/{}", entry.row));
        return (d.title.get(f.lang).to_owned(), link, names.iter().map(title).collect());
    }
    if entry.kind == "account" {
        let title = |name: &str| if name == "email" { f.w.say("sign-in-email") } else { name.to_owned() };
        return (f.w.say("read-account"), String::new(), names.into_iter().map(title).collect());
    }
    (entry.kind.clone(), String::new(), names.into_iter().map(str::to_owned).collect())
}
