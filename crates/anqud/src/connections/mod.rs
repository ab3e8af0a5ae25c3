//! Connections: how many there may be, how long each may keep us waiting, and how they end.
//!
//! One service is built once and shared by all connections. Each connection costs its socket, a buffer and little more.

mod limits;
mod seats;
mod wire;

use std::{convert::Infallible, io, sync::Arc, time::Duration};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

pub(crate) use self::limits::{ConnectionOptions, Limits};
use self::{
    seats::{Refusal, Seat, Seats},
    wire::{Answering, Wire},
};

/// What is under way when the program is asked to stop has so long to come to its end.
pub(crate) const DRAIN: Duration = Duration::from_secs(7);
/// How long nothing is accepted after the system could not give another socket.
const BREATH: Duration = Duration::from_millis(50);
/// How long those who gave way may take to leave before others are sent away.
const LEAVING: Duration = Duration::from_secs(1);
/// The head of a request (RFC 9112) may be this long. Longer ones are refused with 431 before they are read.
const HEAD_BYTES_MAX: usize = 128 << 10;

/// Answers whoever connects until `stopped` comes, then lets what is under way finish, for [`DRAIN`] at most.
pub(crate) async fn answer(
    listener: TcpListener,
    site: Router,
    limits: Limits,
    stopped: impl Future<Output = ()>,
) -> io::Result<()> {
    let seats = Arc::new(Seats::new(limits));
    let mut stopped = std::pin::pin!(stopped);
    let mut failing = false;
    loop {
        let accepted = tokio::select! {
            () = &mut stopped => break,
            // Whoever gave way is let out first; where nobody leaves, the next one is told that it is full.
            accepted = async {
                let _ = tokio::time::timeout(LEAVING, seats.until_left()).await;
                listener.accept().await
            } => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) if is_of_the_other_side(&error) => continue,
            Err(error) => {
                // There are no descriptors left, or no memory: whoever has waited longest gives way, and we try again.
                if !failing {
                    tracing::error!(%error, "no connection can be accepted");
                }
                failing = true;
                seats.make_room();
                tokio::time::sleep(BREATH).await;
                continue;
            }
        };
        failing = false;
        match seats.take(peer.ip()) {
            Ok(seat) => {
                tokio::spawn(talk(stream, seat, site.clone()));
            }
            Err(refusal) => refuse(stream, refusal),
        }
    }
    drop(listener);
    seats.drain();
    if tokio::time::timeout(DRAIN, seats.empty()).await.is_err() {
        tracing::warn!("requests that were not sent to their end are given up");
    }
    Ok(())
}

/// Whether a connection failed by itself, and the next one may be well.
fn is_of_the_other_side(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted, WouldBlock};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted | WouldBlock)
}

/// Speaks HTTP/1.1 on a connection to its end.
async fn talk(stream: TcpStream, seat: Seat, site: Router) {
    // Answers are written whole: waiting for more would only make them late.
    let _ = stream.set_nodelay(true);
    let seat = Arc::new(seat);
    let asked = seat.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        asked.serve();
        // Given back when the answer is written, or when nobody wants it any more.
        let answering = Answering::new(asked.clone());
        let mut request = request.map(Body::new);
        let origin = web::Origin(asked.origin(request.headers()));
        request.extensions_mut().insert(origin);
        let answer = site.clone().call(request);
        async move { Ok::<_, Infallible>(answer.await?.map(|body| answering.with(body))) }
    });
    let mut http = http1::Builder::new();
    http.max_buf_size(HEAD_BYTES_MAX);
    // How a connection ends, by silence, by a fault of the other side or after its last answer, is the same to us.
    if let Err(error) = http.serve_connection(TokioIo::new(Wire::new(stream, seat)), service).await {
        tracing::debug!(%error, "a connection ended");
    }
}

/// Says briefly why somebody is not served, without waiting whether they read it.
fn refuse(stream: TcpStream, refusal: Refusal) {
    let (status, text) = match refusal {
        Refusal::Full => {
            ("503 Service Unavailable", "الخادم مشغول. حاول بعد قليل.\nThe server is busy. Try again shortly.\n")
        }
        Refusal::TooMany => (
            "429 Too Many Requests",
            "من هذا العنوان اتصالات كثيرة. أغلق بعضها وحاول بعد قليل.\nToo many connections come from this address. Close some and try again shortly.\n",
        ),
    };
    let said = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\nRetry-After: 5\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    if let Ok(mut stream) = stream.into_std() {
        let _ = io::Write::write(&mut stream, said.as_bytes());
    }
}
