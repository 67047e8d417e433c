//! The clock of the stand-ins.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::Offset};
use std::sync::{Arc, Mutex, PoisonError};

/// Seoul has had no daylight saving time since 1988, so a fixed offset is its calendar.
const SEOUL: Offset = Offset::constant(9);

/// The wall clock: the system's by default, or one that a test holds still.
#[derive(Clone, Debug, Default)]
pub struct Clock(Option<Arc<Mutex<Timestamp>>>);

impl Clock {
    /// The system's clock.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stands at `unix_seconds` until it is advanced.
    ///
    /// # Errors
    /// The instant is outside the years -9999 to 9999.
    pub fn fixed(unix_seconds: i64) -> Result<Self, jiff::Error> {
        Ok(Self(Some(Arc::new(Mutex::new(Timestamp::from_second(
            unix_seconds,
        )?)))))
    }

    /// Moves a fixed clock forward; the system's clock is not ours to move.
    pub fn advance(&self, seconds: i64) {
        if let Some(held) = &self.0 {
            let mut now = held.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now
                .saturating_add(SignedDuration::from_secs(seconds))
                .unwrap_or(*now);
        }
    }

    /// The current instant.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the simulator that reads the wall clock"
    )]
    pub(crate) fn now(&self) -> Timestamp {
        self.0.as_ref().map_or_else(Timestamp::now, |held| {
            *held.lock().unwrap_or_else(PoisonError::into_inner)
        })
    }

    /// The calendar day in Seoul.
    pub(crate) fn today(&self) -> Date {
        SEOUL.to_datetime(self.now()).date()
    }

    /// RFC 3339 in Seoul, to the second: `2026-11-21T09:30:00+09:00`.
    pub(crate) fn stamp(&self) -> String {
        let seconds = Timestamp::from_second(self.now().as_second()).unwrap_or(Timestamp::MAX);
        seconds.display_with_offset(SEOUL).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn the_day_changes_at_midnight_in_seoul() {
        // 2026-11-20T14:59:59Z is 23:59:59 in Seoul.
        let clock = Clock::fixed(1_795_186_799).unwrap();
        assert_eq!(clock.today().to_string(), "2026-11-20");
        assert_eq!(clock.stamp(), "2026-11-20T23:59:59+09:00");
        clock.advance(1);
        assert_eq!(clock.today().to_string(), "2026-11-21");
    }
}
