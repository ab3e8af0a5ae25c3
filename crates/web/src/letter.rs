//! What a message says, in words, and the letter that carries it to somebody's mailbox.

use base::Lang;
use serde_json::Value as Json;
use service::{Effect, Message, NOTIFY, Outcome, ServiceError, Until};
use store::Job;

use crate::{App, account::letter as account_letter, words::Words};

/// A letter, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Names the event: the same event has the same name, however often its letter is tried, so that a mail system can
    /// tell a copy.
    pub id: String,
    pub to: String,
    /// Of the person; empty where it is not known.
    pub name: String,
    pub subject: String,
    pub body: String,
}

/// What a message says.
pub(crate) struct Told {
    pub subject: String,
    pub happened: String,
    /// What somebody wrote to it.
    pub note: Option<String>,
    /// What to do now, if anything.
    pub to_do: String,
    /// Whether it is the reader's turn.
    pub turn: bool,
}

/// The message in words.
pub(crate) fn told(app: &App, w: Words, message: &Message) -> Result<Told, ServiceError> {
    let service = app.cases.catalogue().version(&message.service, &message.version)?;
    let title = service.definition.title.get(w.0);
    let state = service.definition.states.get(&message.state);
    let stands = state.map_or(message.state.as_str(), |state| state.title.get(w.0));
    let happened = match message.action.as_str() {
        "file" => w.say2("message-filed", &message.reference, title),
        "lapse" => w.say2("message-lapsed", &message.reference, title),
        _ => w.say3("message-moved", &message.reference, title, stands),
    };
    if let Some(back) = &message.paid_back {
        let (amount, way) = (w.money(&back.amount), w.say(&format!("way-{}", back.way)));
        return Ok(Told {
            subject: format!("{} · {title} · {}", w.say1("message-paid-back-subject", &amount), message.reference),
            happened: w.say4("message-paid-back", &amount, &message.reference, title, &way),
            note: None,
            to_do: w.say("message-paid-back-wait"),
            turn: false,
        });
    }
    let by = state.and_then(|state| state.by.as_deref());
    let pays = state.is_some_and(|state| state.until == Some(Until::Paid));
    let turn = by == Some("applicant") || pays;
    let falls_due = state.is_some_and(|state| state.does.contains(&Effect::Fee));
    let to_do = match (state.and_then(|state| state.end), message.due.as_deref()) {
        (Some(Outcome::Granted), _) if service.definition.certificate.is_some() && falls_due => {
            w.say("message-certificate-fee")
        }
        (Some(Outcome::Granted), _) if service.definition.certificate.is_some() => w.say("message-certificate"),
        (Some(Outcome::Granted), _) => w.say("message-granted"),
        (Some(_), _) => w.say("message-ended"),
        (None, Some(due)) if pays => w.say1("message-pay-by", &w.day(due)),
        (None, None) if pays => w.say("message-pay"),
        (None, Some(due)) if turn => w.say1("message-answer-by", &w.day(due)),
        (None, None) if turn => w.say("message-answer"),
        (None, _) => w.say("message-wait"),
    };
    Ok(Told {
        subject: format!("{stands} · {title} · {}", message.reference),
        happened,
        note: message.note.clone(),
        to_do,
        turn,
    })
}

/// The letter of a message; `None` where its reader has no address.
async fn letter(app: &App, message: &Message) -> Result<Option<Letter>, String> {
    let account = app.identity.account(&message.account).await.map_err(|error| error.to_string())?;
    let Some(account) = account.filter(|account| account.email.contains('@')) else { return Ok(None) };
    let unless_told = app.pack.languages().first().copied().unwrap_or(Lang::EN);
    let lang = account.lang.filter(|lang| [Lang::AR, Lang::EN].contains(lang)).unwrap_or(unless_told);
    let w = Words(lang);
    let told = told(app, w, message).map_err(|error| error.to_string())?;
    let name = account.name.get(lang);
    let link = format!("{}/{lang}/cases/{}", app.address, message.reference);
    let note = told.note.map(|note| format!("{}\n\n", w.say1("message-note", &note))).unwrap_or_default();
    let body = format!(
        "{}\n\n{}\n\n{note}{}\n\n{}\n\n{}\n{}\n",
        w.say1("message-dear", name),
        told.happened,
        told.to_do,
        w.say1("message-link", &link),
        app.pack.title().get(lang),
        w.say("message-no-reply"),
    );
    Ok(Some(Letter {
        id: format!("{}.{}", message.reference, message.revision),
        to: account.email,
        name: one_line(name),
        subject: one_line(&told.subject),
        body,
    }))
}

/// A text for a header of a letter: a line that ends within it would begin another header.
pub(crate) fn one_line(text: &str) -> String {
    let fit: String = text.chars().filter(|c| !base::typed::is_unfit(*c)).collect();
    base::typed::line(&fit).unwrap_or(fit)
}

/// Does a job. What went wrong is kept with it, and it is tried again later.
pub async fn work(app: &App, job: &Job) -> Result<(), String> {
    match job.kind.as_str() {
        NOTIFY => notify(app, &job.payload).await,
        identity::LETTER => account_letter::send(app, &job.payload).await,
        other => Err(format!("nobody here knows how to do «{other}»")),
    }
}

/// Sends the letter of a message, if letters are sent and it was not sent before. Between the sending and the note of it
/// the process may die; the letter then goes out a second time, under the same name.
async fn notify(app: &App, payload: &Json) -> Result<(), String> {
    let Some(mail) = app.edge.mail.clone() else { return Ok(()) };
    let Some(message) = app.cases.to_mail(payload).await.map_err(|error| error.to_string())? else { return Ok(()) };
    let Some(letter) = letter(app, &message).await? else { return Ok(()) };
    mail(letter).await?;
    app.cases.mark_mailed(app.by("system", "mail"), message.id).await.map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_header_stays_one_line() {
        for (written, expect) in [
            ("Amal\r\nBcc: x@example.ps", "Amal Bcc: x@example.ps"),
            ("a\u{2028}b\0c\u{202E}", "a bc"),
            ("{holder} <b>", "{holder} <b>"),
        ] {
            assert_eq!(super::one_line(written), expect);
        }
    }
}
