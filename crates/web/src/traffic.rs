//! What was asked and answered since the start, counted without locks.

use std::{
    fmt::Write,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};

use crate::App;

/// Upper ends of the buckets of answering times, in microseconds.
const BUCKETS: [u64; 8] = [500, 1_000, 2_500, 5_000, 10_000, 25_000, 100_000, 1_000_000];

/// Counts of answers by class of status and by time.
#[derive(Debug, Default)]
pub struct Traffic {
    /// 1xx to 5xx.
    classes: [AtomicU64; 5],
    /// Answers within each bucket, and beyond the last.
    times: [AtomicU64; 9],
    micros: AtomicU64,
    /// When somebody was told last that the database is full or away, unless it was seen well since.
    refused: Mutex<Option<Instant>>,
}

impl Traffic {
    /// The database was full or away.
    pub fn refuses(&self) {
        *self.refused() = Some(Instant::now());
    }

    fn refused(&self) -> MutexGuard<'_, Option<Instant>> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long ago that was.
    pub(crate) fn refused_ago(&self) -> Option<Duration> {
        self.refused().map(|since| since.elapsed())
    }

    /// The database is well again.
    pub(crate) fn is_well(&self) {
        *self.refused() = None;
    }

    fn count(&self, status: u16, time: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let bucket = BUCKETS.iter().position(|end| micros <= *end).unwrap_or(BUCKETS.len());
        self.classes[class].fetch_add(1, Relaxed);
        self.times[bucket].fetch_add(1, Relaxed);
        self.micros.fetch_add(micros, Relaxed);
    }

    /// The text format of Prometheus; `ready` is 1 while the database answers.
    pub(crate) fn shown(&self, ready: u8) -> String {
        let mut text = format!("# TYPE anqud_ready gauge\nanqud_ready {ready}\n# TYPE anqud_answers_total counter\n");
        for (class, count) in self.classes.iter().enumerate() {
            let _ = writeln!(text, "anqud_answers_total{{status=\"{}xx\"}} {}", class + 1, count.load(Relaxed));
        }
        text += "# TYPE anqud_answer_seconds histogram\n";
        let mut so_far = 0;
        for (end, count) in BUCKETS.iter().zip(&self.times) {
            so_far += count.load(Relaxed);
            let _ = writeln!(text, "anqud_answer_seconds_bucket{{le=\"{}\"}} {so_far}", *end as f64 / 1e6);
        }
        so_far += self.times[BUCKETS.len()].load(Relaxed);
        let sum = self.micros.load(Relaxed) as f64 / 1e6;
        let _ = writeln!(text, "anqud_answer_seconds_bucket{{le=\"+Inf\"}} {so_far}");
        let _ = writeln!(text, "anqud_answer_seconds_sum {sum}\nanqud_answer_seconds_count {so_far}");
        text
    }
}

/// Counts every answer. A stopwatch is no clock: it says how long, never when.
pub(crate) async fn count(State(app): State<App>, request: Request, next: Next) -> Response {
    let start = Instant::now();
    let response = next.run(request).await;
    app.traffic.count(response.status().as_u16(), start.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_status_and_time() {
        let traffic = Traffic::default();
        traffic.count(200, Duration::from_micros(400));
        traffic.count(404, Duration::from_millis(3));
        traffic.count(503, Duration::from_secs(9));
        let text = traffic.shown(1);
        for line in [
            "anqud_answers_total{status=\"2xx\"} 1",
            "anqud_answers_total{status=\"4xx\"} 1",
            "anqud_answer_seconds_bucket{le=\"0.0005\"} 1",
            "anqud_answer_seconds_bucket{le=\"0.005\"} 2",
            "anqud_answer_seconds_bucket{le=\"+Inf\"} 3",
            "anqud_answer_seconds_count 3",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in {text}");
        }
    }
}
