//! Sending letters over SMTP (RFC 5321). The address of the mail server is a URL: `smtp://host:25`, or
//! `smtps://user:password@host:465`; `?tls=required` asks for STARTTLS.

use std::{sync::Arc, time::Duration};

use clap::Args;
use lettre::{
    Message, SmtpTransport, Transport,
    message::{Mailbox, header::ContentType},
};
use web::{Letter, Mail};

use crate::system::Failure;

/// A mail server answers within this time, or is tried again later.
const PATIENCE: Duration = Duration::from_secs(20);

/// Whether and how letters are sent.
#[derive(Args, Clone, Default)]
pub(crate) struct MailOptions {
    /// The mail server, smtp://… or smtps://…; without it messages are shown in the portal only
    #[arg(long = "mail", env = "ANQUD_MAIL", requires = "from", hide_env_values = true)]
    pub url: Option<String>,
    /// Whom letters come from: an address, or `Name <address>`
    #[arg(long = "mail-from", env = "ANQUD_MAIL_FROM")]
    pub from: Option<String>,
}

/// How letters are sent; `None` where they are not.
pub(crate) fn mail(options: &MailOptions) -> Result<Option<Mail>, Failure> {
    let (Some(url), Some(from)) = (&options.url, &options.from) else { return Ok(None) };
    let from: Mailbox = from.parse().map_err(|error| format!("ANQUD_MAIL_FROM is no address: {error}"))?;
    // What is wrong with the URL is said without it: it may hold a password.
    let server =
        SmtpTransport::from_url(url).map_err(|error| format!("ANQUD_MAIL is no address of a mail server: {error}"))?;
    let server = server.timeout(Some(PATIENCE)).build();
    Ok(Some(Arc::new(move |letter| {
        let (server, from) = (server.clone(), from.clone());
        Box::pin(async move {
            let sent = tokio::task::spawn_blocking(move || send(&server, from, letter)).await;
            sent.unwrap_or_else(|error| Err(error.to_string()))
        })
    })))
}

/// Sends a letter. It waits, so it belongs on a thread of its own.
fn send(server: &SmtpTransport, from: Mailbox, letter: Letter) -> Result<(), String> {
    let to = letter.to.parse().map_err(|error| format!("«{}» is no address: {error}", letter.to))?;
    let host = from.email.domain().to_owned();
    let message = Message::builder()
        .from(from)
        .to(Mailbox::new(Some(letter.name).filter(|name| !name.is_empty()), to))
        .subject(letter.subject)
        .message_id(Some(format!("<{}@{host}>", letter.id)))
        .header(ContentType::TEXT_PLAIN)
        .body(letter.body)
        .map_err(|error| error.to_string())?;
    server.send(&message).map(|_| ()).map_err(|error| error.to_string())
}
