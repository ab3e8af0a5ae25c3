//! Whether the clock can be believed. What lapses for good waits until a clock that jumped has been read for a while and
//! stands by what it said.

use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

use jiff::{SignedDuration, Timestamp};

/// The clock may run so far from a stopwatch between two rounds without being doubted.
const TOLERANCE: SignedDuration = SignedDuration::from_secs(60);
/// A clock that jumped is believed when it ran as a stopwatch does for so long.
const CONFIRMED_AFTER: SignedDuration = SignedDuration::from_mins(5);

/// Holds the clock of the day, which can be set, against the stopwatch of the system, which cannot.
#[derive(Default)]
pub(crate) struct Steady(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    last: Option<(Timestamp, Instant)>,
    /// Since when a clock that jumped runs evenly, by the stopwatch.
    doubted: Option<Instant>,
}

impl Steady {
    /// Takes a reading of both; whether the clock is believed. Waking from a long sleep looks like a jump, too.
    pub fn reads(&self, clock: Timestamp, stopwatch: Instant) -> bool {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((last, since)) = seen.last.replace((clock, stopwatch)) else { return true };
        let passed = |from: Instant| SignedDuration::try_from(stopwatch.saturating_duration_since(from));
        let (Ok(ran), read) = (passed(since), clock.duration_since(last)) else { return false };
        if read.saturating_add(-ran).abs() > TOLERANCE {
            tracing::warn!(%clock, "the clock jumped; nothing lapses until it has stood by this for five minutes");
            seen.doubted = Some(stopwatch);
        }
        match seen.doubted {
            Some(doubted) if passed(doubted).is_ok_and(|even| even >= CONFIRMED_AFTER) => {
                seen.doubted = None;
                true
            }
            Some(_) => false,
            None => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// Readings: seconds on the clock, seconds on the stopwatch, and whether the clock is believed.
    #[track_caller]
    fn check(readings: &[(i64, u64, bool)]) {
        let (start, steady) = (Instant::now(), Steady::default());
        for (clock, stopwatch, expect) in readings {
            let clock = Timestamp::from_second(1_800_000_000 + clock).unwrap();
            let believed = steady.reads(clock, start + Duration::from_secs(*stopwatch));
            assert_eq!(believed, *expect, "{clock} at {stopwatch}");
        }
    }

    const DAY: i64 = 86_400;

    #[test]
    fn a_clock_that_jumps_lapses_nothing_before_it_has_stood_by_it() {
        // Even, and a little uneven.
        check(&[(0, 0, true), (5, 5, true), (12, 10, true), (70, 20, true), (3_600, 3_600, true)]);
        // A year ahead, and back after a minute: nobody lapsed meanwhile, nor while it was on its way back.
        check(&[(0, 0, true), (365 * DAY, 5, false), (365 * DAY + 55, 60, false), (65, 65, false), (370, 370, true)]);
        // A day ahead, and there to stay: a later reading confirms it.
        check(&[
            (0, 0, true),
            (DAY, 5, false),
            (DAY + 295, 300, false),
            (DAY + 300, 305, true),
            (DAY + 305, 310, true),
        ]);
        // A clock that jumps again and again is never believed.
        check(&[
            (0, 0, true),
            (DAY, 200, false),
            (2 * DAY, 400, false),
            (3 * DAY, 600, false),
            (3 * DAY + 200, 800, false),
        ]);
        // Backwards lapses nothing by itself, and is no less of a jump.
        check(&[(0, 0, true), (-DAY, 5, false), (-DAY + 300, 305, true)]);
    }
}
