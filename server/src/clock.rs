//! Time, injected. No other module reads a clock.

use app::model::{BillingMonth, KstDate, KstInstant};
use futures::future::BoxFuture;
use jiff::{Timestamp, tz::Offset};
use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, SystemTime},
};

/// Korea has had no daylight saving since 1988, so Asia/Seoul is a constant offset.
const SEOUL: Offset = Offset::constant(9);
const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A source of time: the machine's, one that a test sets, or one that a simulation drives.
#[derive(Clone)]
pub struct Clock(Source);

/// Time driven by a simulation: it passes only while every task waits.
pub trait SimulatedTime: Send + Sync {
    /// Milliseconds since 1970-01-01 UTC.
    fn now_ms(&self) -> i64;

    /// Completes after that much simulated time.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

#[derive(Clone)]
enum Source {
    Simulated {
        time: Arc<dyn SimulatedTime>,
        started_ms: i64,
    },
    System {
        /// Since the machine started.
        started: Duration,
    },
    Manual {
        epoch_ms: Arc<AtomicI64>,
        started_ms: i64,
    },
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System {
            started: since_boot(),
        })
    }

    /// A clock that stands at that instant until [`Clock::advance`] moves it.
    pub fn manual(epoch_ms: i64) -> Self {
        Self(Source::Manual {
            epoch_ms: Arc::new(AtomicI64::new(epoch_ms)),
            started_ms: epoch_ms,
        })
    }

    /// A clock that shows the time of a simulation.
    pub fn simulated(time: Arc<dyn SimulatedTime>) -> Self {
        Self(Source::Simulated {
            started_ms: time.now_ms(),
            time,
        })
    }

    /// Waits; with a manual clock by the machine's time, while the clock itself stands still.
    pub async fn sleep(&self, duration: Duration) {
        match &self.0 {
            Source::Simulated { time, .. } => time.sleep(duration).await,
            Source::System { .. } | Source::Manual { .. } => tokio::time::sleep(duration).await,
        }
    }

    /// Moves a manual clock; the machine's clock ignores it.
    pub fn advance(&self, by: Duration) {
        if let Source::Manual { epoch_ms, .. } = &self.0 {
            epoch_ms.fetch_add(millis(by), Ordering::SeqCst);
        }
    }

    /// Milliseconds since 1970-01-01 UTC.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the clock"
    )]
    pub fn now_ms(&self) -> i64 {
        match &self.0 {
            Source::System { .. } => SystemTime::now()
                .duration_since(SystemTime::UNIX_EPOCH)
                .map_or(0, millis),
            Source::Manual { epoch_ms, .. } => epoch_ms.load(Ordering::SeqCst),
            Source::Simulated { time, .. } => time.now_ms(),
        }
    }

    /// Time since this clock was made; never goes back, and goes on while the machine is suspended:
    /// what was believed, or allowed to be sent, before that is old when it wakes.
    pub fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System { started } => since_boot().saturating_sub(*started),
            Source::Manual {
                epoch_ms,
                started_ms,
            } => Duration::from_millis(
                u64::try_from(epoch_ms.load(Ordering::SeqCst) - started_ms).unwrap_or(0),
            ),
            Source::Simulated { time, started_ms } => {
                Duration::from_millis(u64::try_from(time.now_ms() - started_ms).unwrap_or(0))
            }
        }
    }

    /// The current month in Seoul.
    pub fn current_month(&self) -> BillingMonth {
        month_of(self.now_ms())
    }

    /// Whether the month is over in Seoul by every clock that is off by less than a day: otherwise one
    /// replica could treat a month as closed that another still sees change.
    pub fn has_closed(&self, month: BillingMonth) -> bool {
        month < month_of(self.now_ms() - DAY_MS)
    }

    /// Today in Seoul.
    pub fn today(&self) -> KstDate {
        kst(self.now_ms()).date()
    }
}

fn month_of(epoch_ms: i64) -> BillingMonth {
    let date = SEOUL.to_datetime(timestamp(epoch_ms)).date();
    BillingMonth::clamped(date.year(), date.month())
}

/// `Instant` stands still while the machine is suspended; elsewhere than on Linux nothing better is
/// at hand.
fn since_boot() -> Duration {
    use rustix::time::{ClockId, clock_gettime};
    #[cfg(target_os = "linux")]
    let clock = ClockId::Boottime;
    #[cfg(not(target_os = "linux"))]
    let clock = ClockId::Monotonic;
    clock_gettime(clock).try_into().unwrap_or_default()
}

/// Whole milliseconds, the unit of the databases.
pub fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

/// The wire form of an instant given in epoch milliseconds.
pub fn kst(epoch_ms: i64) -> KstInstant {
    let whole_second = epoch_ms - epoch_ms.rem_euclid(1_000);
    let local = SEOUL.to_datetime(timestamp(whole_second));
    KstInstant(format!("{local}+09:00"))
}

/// Midnight in Seoul at the start of that day, in epoch milliseconds.
pub fn start_of_day_ms(date: &KstDate) -> i64 {
    // Every `KstDate` is a date to jiff as well, and within its range.
    let date: jiff::civil::Date = date.as_str().parse().unwrap_or_default();
    let midnight = date.to_datetime(jiff::civil::Time::midnight());
    SEOUL
        .to_timestamp(midnight)
        .map_or(0, Timestamp::as_millisecond)
}

fn timestamp(epoch_ms: i64) -> Timestamp {
    Timestamp::from_millisecond(epoch_ms).unwrap_or(Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::{Clock, kst, start_of_day_ms};

    #[test]
    fn the_month_turns_at_midnight_in_seoul() {
        // 2026-10-31 15:00 UTC is midnight of 1 November in Seoul.
        let clock = Clock::manual(1_793_458_799_999);
        assert_eq!(clock.current_month().to_string(), "2026-10");
        clock.advance(std::time::Duration::from_millis(1));
        assert_eq!(clock.current_month().to_string(), "2026-11");
        assert_eq!(kst(clock.now_ms()).0, "2026-11-01T00:00:00+09:00");
        assert_eq!(kst(clock.now_ms() - 1).0, "2026-10-31T23:59:59+09:00");
        assert_eq!(kst(-1).0, "1970-01-01T08:59:59+09:00");
        assert_eq!(
            start_of_day_ms(&"2026-11-01".parse().unwrap()),
            clock.now_ms()
        );
    }

    #[test]
    fn a_month_has_closed_a_day_after_its_end() {
        let clock = Clock::manual(1_793_458_800_000);
        let october = clock.current_month().previous();
        assert!(clock.has_closed(october.previous()));
        assert!(!clock.has_closed(october));
        clock.advance(std::time::Duration::from_secs(24 * 60 * 60));
        assert!(clock.has_closed(october));
        assert!(!clock.has_closed(clock.current_month()));
    }
}
