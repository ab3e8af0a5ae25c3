//! The edge: the only place that reads the clock and draws from chance.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use rand::RngCore;
use ureq::{Body, http::Response};
use web::{Edge, Fetched, Mail, Order};

/// The time that it is, plus an offset: a demo has a day of its own.
#[expect(clippy::disallowed_methods, reason = "this is the edge")]
pub(crate) fn now(offset: SignedDuration) -> Timestamp {
    Timestamp::now().checked_add(offset).unwrap_or(Timestamp::MAX)
}

pub(crate) fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    rand::rng().fill_bytes(&mut bytes);
    bytes
}

/// The edge of a running server.
pub(crate) fn edge(offset: SignedDuration, mail: Option<Mail>) -> Edge {
    Edge {
        now: Arc::new(move || now(offset)),
        random: Arc::new(random),
        mail,
        fetch: Arc::new(|url| {
            Box::pin(async move {
                let fetched = tokio::task::spawn_blocking(move || fetch(&url)).await;
                fetched.unwrap_or_else(|error| Err(error.to_string()))
            })
        }),
        order: Arc::new(|order| {
            Box::pin(async move {
                let answered = tokio::task::spawn_blocking(move || ask(&order)).await;
                answered.unwrap_or_else(|error| Err(error.to_string()))
            })
        }),
    }
}

/// Another system answers within this time, or is asked again later.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);
/// What another system says is at most this long.
const ANSWER_BYTES_MAX: u64 = 1 << 20;

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().timeout_global(Some(PATIENCE)).build().new_agent()
}

/// A signed text of another system. It waits, so it belongs on a thread of its own.
fn fetch(url: &str) -> Result<Fetched, String> {
    read(agent().get(url).call())
}

/// Sends a signed text, and brings the signed answer.
fn ask(order: &Order) -> Result<Fetched, String> {
    read(send(&order.url, order.seconds, &order.signature, &order.body))
}

fn read(answered: Result<Response<Body>, ureq::Error>) -> Result<Fetched, String> {
    let mut response = answered.map_err(|error| error.to_string())?;
    let header = |name: &str| response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or("").to_owned();
    let (seconds, signature) = (header("x-anqud-timestamp"), header("x-anqud-signature"));
    let body = response.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_string();
    Ok(Fetched { seconds, signature, body: body.map_err(|error| error.to_string())? })
}

fn send(url: &str, seconds: i64, signature: &str, body: &str) -> Result<Response<Body>, ureq::Error> {
    agent()
        .post(url)
        .header("x-anqud-timestamp", seconds.to_string())
        .header("x-anqud-signature", signature)
        .content_type("application/json")
        .send(body)
}

/// Sends a signed text to another system. A refusal is an answer too; only where nobody answers it is an error.
pub(crate) fn call(url: &str, seconds: i64, signature: &str, body: &str) -> Result<(), String> {
    match send(url, seconds, signature, body) {
        Ok(_) | Err(ureq::Error::StatusCode(400..500)) => Ok(()),
        Err(error) => Err(error.to_string()),
    }
}
