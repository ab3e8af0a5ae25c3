//! A socket that does not wait for ever: not for a request, not for the rest of one, not for somebody who reads.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, Sleep, sleep},
};

use super::seats::{Seat, Stage};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Stage(Stage),
    Reader,
}

pub(super) struct Wire {
    stream: TcpStream,
    seat: Arc<Seat>,
    reading: Option<(For, Pin<Box<Sleep>>)>,
    writing: Option<(For, Pin<Box<Sleep>>)>,
}

/// Whether what is waited for has been waited for too long. The clock starts when it is waited for first.
fn is_too_long(slot: &mut Option<(For, Pin<Box<Sleep>>)>, what: For, patience: Duration, cx: &mut Context<'_>) -> bool {
    match slot {
        Some((of, _)) if *of == what => {}
        Some((of, sleep)) => {
            *of = what;
            sleep.as_mut().reset(Instant::now() + patience);
        }
        None => *slot = Some((what, Box::pin(sleep(patience)))),
    }
    slot.as_mut().is_some_and(|(_, sleep)| sleep.as_mut().poll(cx).is_ready())
}

impl Wire {
    pub fn new(stream: TcpStream, seat: Arc<Seat>) -> Wire {
        Wire { stream, seat, reading: None, writing: None }
    }

    fn written<T>(&mut self, cx: &mut Context<'_>, outcome: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        match outcome {
            Poll::Pending if is_too_long(&mut self.writing, For::Reader, self.seat.unread(), cx) => {
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "nobody reads the answer")))
            }
            Poll::Pending => Poll::Pending,
            done => {
                self.writing = None;
                done
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.seat.on_change(cx.waker());
        let stage = this.seat.stage();
        if stage == Stage::Leaving {
            // As if the other side had closed.
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        if let Poll::Ready(read) = Pin::new(&mut this.stream).poll_read(cx, buf) {
            if read.is_ok() && buf.filled().len() > before && stage == Stage::Idle {
                this.seat.begin();
            }
            return Poll::Ready(read);
        }
        match this.seat.patience() {
            Some(patience) if is_too_long(&mut this.reading, For::Stage(stage), patience, cx) => Poll::Ready(Ok(())),
            Some(_) => Poll::Pending,
            None => {
                this.reading = None;
                Poll::Pending
            }
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.written(cx, outcome)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let outcome = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.written(cx, outcome)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let outcome = Pin::new(&mut self.stream).poll_flush(cx);
        self.written(cx, outcome)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// Holds the seat of somebody who is being served.
pub(super) struct Answering(Arc<Seat>);

impl Answering {
    pub fn new(seat: Arc<Seat>) -> Answering {
        Answering(seat)
    }

    /// The answer: when it is written, the next request may come.
    pub fn with(self, body: Body) -> Answer {
        Answer { body, _answering: self }
    }
}

impl Drop for Answering {
    fn drop(&mut self) {
        self.0.served();
    }
}

pub(super) struct Answer {
    body: Body,
    _answering: Answering,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Poll::Ready(ready!(Pin::new(&mut self.body).poll_frame(cx)))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
