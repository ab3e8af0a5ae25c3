//! What the system has still to do, and what it could not, for whoever operates it.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse, Redirect, Response},
};
use service::SetAside;
use store::{JobView, count_jobs, jobs_in, try_again};

use crate::{
    App,
    failure::Failure,
    frame::{Frame, page},
    guard::Visitor,
    input::Form,
};

struct Line {
    id: i64,
    kind: String,
    about: String,
    attempts: i64,
    due: String,
    error: Option<String>,
    /// Whether somebody can have it tried again at once.
    can_be_tried: bool,
}

#[derive(Template)]
#[template(path = "jobs.html")]
struct Jobs {
    f: Frame,
    counts: Vec<(String, i64)>,
    /// What could not be done and what waits: the title, the jobs, and a word where there are more.
    parts: Vec<(String, Vec<Line>, Option<String>)>,
    mail: bool,
}

const STATES: [&str; 4] = ["failed", "waiting", "running", "done"];
/// How many jobs of a state are shown.
const SHOWN: i64 = 100;

pub(crate) async fn jobs(State(app): State<App>, f: Frame) -> Result<Response, Failure> {
    let mut db = app.store.read().await?;
    let (mut counts, mut parts) = (Vec::new(), Vec::new());
    for state in STATES {
        let title = f.w.say(&format!("jobs-{state}"));
        let all = count_jobs(&mut db, state).await?;
        counts.push((title.clone(), all));
        if ["failed", "waiting"].contains(&state) {
            let lines = jobs_in(&mut db, state, SHOWN).await?.into_iter().map(|job| line(&app, &f, job)).collect();
            let more = (all > SHOWN).then(|| f.w.say2("jobs-first", &SHOWN.to_string(), &all.to_string()));
            parts.push((title, lines, more));
        }
    }
    drop(db);
    let aside = app.cases.set_aside(SHOWN).await?;
    parts.push((f.w.say("jobs-aside"), aside.into_iter().map(|case| aside_line(&app, &f, case)).collect(), None));
    page(Jobs { counts, parts, mail: app.edge.mail.is_some(), f })
}

fn line(app: &App, f: &Frame, job: JobView) -> Line {
    let known = f.w.say(&format!("job-{}", job.kind));
    Line {
        id: job.id,
        kind: if known.starts_with("job-") { job.kind } else { known },
        about: job.payload.get("reference").and_then(|text| text.as_str()).unwrap_or("").to_owned(),
        attempts: job.attempts,
        due: moment(app, f, &job.due),
        error: job.error,
        can_be_tried: true,
    }
}

/// A case whose deadline is over and that could not be moved; it is tried again by itself.
fn aside_line(app: &App, f: &Frame, case: SetAside) -> Line {
    Line {
        id: 0,
        kind: f.w.say("job-deadline"),
        about: case.reference,
        attempts: case.tries,
        due: moment(app, f, &case.again),
        error: Some(case.error),
        can_be_tried: false,
    }
}

fn moment(app: &App, f: &Frame, stamp: &str) -> String {
    let moment = stamp.parse::<jiff::Timestamp>().ok();
    let time = moment.map(|at| at.to_zoned(app.calendar().zone.clone()));
    let told = time.map(|at| format!("{} {}", f.w.day(&at.date().to_string()), at.strftime("%H:%M:%S")));
    told.unwrap_or_default()
}

pub(crate) async fn again(State(app): State<App>, f: Frame, visitor: Visitor, form: Form) -> Result<Response, Failure> {
    let id = form.first("id").and_then(|text| text.parse().ok()).ok_or(Failure::NotFound)?;
    if !try_again(&app.store, app.by(&visitor.account()?.id, "page"), id).await? {
        return Err(Failure::NotFound);
    }
    Ok(Redirect::to(&f.href("/admin/jobs")).into_response())
}
