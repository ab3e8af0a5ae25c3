//! Stands before everything: refuses requests that cannot be meant, lets go whoever sends too slowly, and puts the same
//! headers on every answer, whoever gave it.

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::{HeaderName, HeaderValue, StatusCode, Version, header},
    middleware::Next,
    response::Response,
};
use tokio::time::{Instant, Sleep, sleep};

use crate::{App, api, failure::Failure, guard, plain};

/// An address is at most this long; no page of ours gives a longer one.
const ADDRESS_BYTES_MAX: usize = 8 << 10;
/// Whoever sends a body has one second more for so many bytes of it.
const BYTES_PER_SECOND_MIN: usize = 500;
/// After so many seconds whoever was told that the database is away may ask again.
const RETRY_AFTER: HeaderValue = HeaderValue::from_static("10");

pub(crate) async fn front(State(app): State<App>, request: Request, next: Next) -> Response {
    let head = Head::of(&request);
    let mut response = match refusal(&request) {
        Some(failure) => head.refused(&app, failure),
        None => {
            let late = Arc::new(AtomicBool::new(false));
            let (of, patience) = (late.clone(), app.body_patience);
            let answered = next.run(request.map(|body| Body::new(Paced::new(body, patience, of)))).await;
            if late.load(Relaxed) { head.refused(&app, Failure::TooSlow) } else { answered }
        }
    };
    if response.status() == StatusCode::SERVICE_UNAVAILABLE {
        if response.extensions().get::<api::Asked>().is_none() {
            app.traffic.refuses();
        }
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(RETRY_AFTER);
    }
    secure(&app, &mut response);
    response
}

/// What is left of a request when somebody else has it: whom to answer, and how.
struct Head {
    path_and_query: String,
    /// Of a caller of the API.
    lang: Option<base::Lang>,
}

impl Head {
    fn of(request: &Request) -> Head {
        let address = request.uri().path_and_query().map_or("/", |p| p.as_str());
        let is_api = request.uri().path().starts_with("/api/");
        // No page names an address that is too long, and whoever sent it knows it.
        let path_and_query = if address.len() > ADDRESS_BYTES_MAX { address.get(..3).unwrap_or("") } else { address };
        Head { path_and_query: path_and_query.to_owned(), lang: is_api.then(|| api::lang(request.headers())) }
    }

    fn refused(&self, app: &App, failure: Failure) -> Response {
        match self.lang {
            Some(lang) => api::refused(failure, lang),
            None => guard::dressed_for_a_stranger(app, &self.path_and_query, failure),
        }
    }
}

/// Why a request is not even looked at.
fn refusal(request: &Request) -> Option<Failure> {
    let uri = request.uri();
    if uri.path_and_query().is_some_and(|address| address.as_str().len() > ADDRESS_BYTES_MAX) {
        return Some(Failure::TooLong);
    }
    // RFC 9112, 3.2: with two, a proxy before us may have looked at the other one.
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Some(Failure::BadHost);
    }
    let path = plain::percent_decoded(uri.path());
    let query = plain::percent_decoded(uri.query().unwrap_or(""));
    let (Some(path), Some(query)) = (path, query) else { return Some(Failure::BadAddress) };
    (path.contains(char::is_control) || path.contains(plain::is_refused) || query.contains(plain::is_refused))
        .then_some(Failure::BadAddress)
}

/// The headers of every answer.
fn secure(app: &App, response: &mut Response) {
    const HEADERS: [(&str, &str); 5] = [
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("referrer-policy", "same-origin"),
        ("cross-origin-opener-policy", "same-origin"),
        ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
    ];
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if app.secure {
        // A year (RFC 6797). Other names below this one may not speak TLS yet, so it is for this one alone.
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    let targets = app.form_targets.join(" ");
    let policy = format!(
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self' {targets}; frame-ancestors 'none'; base-uri 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// A body that has to come within a time, which grows with what has come.
struct Paced {
    body: Body,
    sleep: Pin<Box<Sleep>>,
    /// When the first of it was asked for; nobody hurries before.
    since: Option<Instant>,
    patience: Duration,
    bytes: usize,
    late: Arc<AtomicBool>,
}

impl Paced {
    fn new(body: Body, patience: Duration, late: Arc<AtomicBool>) -> Paced {
        Paced { body, sleep: Box::pin(sleep(patience)), since: None, patience, bytes: 0, late }
    }

    fn until(&self, since: Instant) -> Instant {
        let more = u64::try_from(self.bytes / BYTES_PER_SECOND_MIN).unwrap_or(u64::MAX);
        since + self.patience + Duration::from_secs(more.min(86_400))
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let this = &mut *self;
        let since = *this.since.get_or_insert_with(Instant::now);
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            if let Some(Ok(frame)) = &frame {
                this.bytes += frame.data_ref().map_or(0, Bytes::len);
            }
            return Poll::Ready(frame);
        }
        let until = this.until(since);
        if this.sleep.deadline() != until {
            this.sleep.as_mut().reset(until);
        }
        match this.sleep.as_mut().poll(cx) {
            Poll::Ready(()) => {
                this.late.store(true, Relaxed);
                Poll::Ready(Some(Err(axum::Error::new(std::io::Error::from(std::io::ErrorKind::TimedOut)))))
            }
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_meant_is_refused_before_anybody_reads_it() {
        #[track_caller]
        fn check(address: &str, hosts: usize, expect: Option<Failure>) {
            let mut request = axum::http::Request::builder().uri(address);
            for _ in 0..hosts {
                request = request.header("host", "portal.example");
            }
            assert_eq!(refusal(&request.body(Body::empty()).unwrap()), expect, "{address}");
        }
        check("/en/services?q=%D8%AA%D8%A7%0A", 1, None);
        check("/en/services", 0, Some(Failure::BadHost));
        check("/en/services", 2, Some(Failure::BadHost));
        for damaged in
            ["/%", "/en/%zz", "/en/%ff", "/en/%00", "/en/a%0d%0ab", "/en?q=%00", "/en?q=%1b", "/en?a%00=1", "/en?q=%"]
        {
            check(damaged, 1, Some(Failure::BadAddress));
        }
        let long = format!("/en?q={}", "a".repeat(ADDRESS_BYTES_MAX));
        check(&long, 1, Some(Failure::TooLong));
    }
}
