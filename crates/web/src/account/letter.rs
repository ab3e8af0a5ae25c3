//! The letters of accounts: a link that makes one, a link that sets a new password, or the word that there is one already.

use identity::{AccountRequest, Tidings};
use serde_json::Value as Json;

use crate::{App, Letter, words::Words};

/// Sends the letter of a request, if letters are sent and it is due one. Every try has a token of its own.
pub(crate) async fn send(app: &App, payload: &Json) -> Result<(), String> {
    let Some(mail) = app.edge.mail.clone() else { return Ok(()) };
    let Some(id) = payload.get("request").and_then(Json::as_str) else { return Ok(()) };
    let due = app.identity.letter(app.by("system", "mail"), id, app.random()).await;
    match due.map_err(|error| error.to_string())? {
        Some((request, tidings)) => mail(letter(app, request, &tidings)).await,
        None => Ok(()),
    }
}

fn letter(app: &App, request: AccountRequest, tidings: &Tidings) -> Letter {
    let (w, lang) = (Words(request.lang), request.lang);
    let portal = app.pack.title().get(lang);
    let at = |path: &str| format!("{}/{lang}{path}", app.address);
    let (subject, says, account) = match tidings {
        Tidings::Confirm { token } => {
            let link = at(&format!("/sign-up/{token}"));
            let says = [w.say1("letter-confirm", portal), link, w.say("letter-confirm-not-you")];
            ("letter-confirm-subject", says.to_vec(), None)
        }
        Tidings::Known(account) => {
            let (sign_in, forgotten) = (at("/sign-in"), at("/forgotten"));
            let (known, ways) = (w.say1("letter-known", portal), w.say("letter-known-forgotten"));
            let says = [known, sign_in, ways, forgotten, w.say("letter-known-not-you")];
            ("letter-known-subject", says.to_vec(), Some(account))
        }
        Tidings::Reset { account, token } => {
            let link = at(&format!("/forgotten/{token}"));
            let says = [w.say1("letter-reset", portal), link, w.say("letter-reset-not-you")];
            ("letter-reset-subject", says.to_vec(), Some(account))
        }
    };
    // What a stranger typed as a name is not carried into another person's mailbox.
    let name = account.map_or("", |account| account.name.get(lang)).to_owned();
    let dear = if name.is_empty() { w.say("letter-hello") } else { w.say1("message-dear", &name) };
    let body = format!("{dear}\n\n{}\n\n{portal}\n{}\n", says.join("\n\n"), w.say("message-no-reply"));
    Letter { id: request.id, to: request.email, name: crate::letter::one_line(&name), subject: w.say(subject), body }
}
