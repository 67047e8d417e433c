//! The metrics that are read from the database at each scrape.

use prometheus_client::{
    encoding::EncodeLabelSet,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};
use std::{sync::atomic::AtomicU64, time::Duration};

/// Values of the last read. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Gauges {
    outbox_waiting: Gauge<u64, AtomicU64>,
    outbox_oldest_s: Gauge<f64, AtomicU64>,
    outbox_most_attempts: Gauge<u64, AtomicU64>,
    outbox_dead: Gauge<u64, AtomicU64>,
    sessions: Gauge,
    changes_open: Gauge<u64, AtomicU64>,
    changes_oldest_open_s: Gauge<f64, AtomicU64>,
    changes_manual: Gauge<u64, AtomicU64>,
    changes_late: Gauge<u64, AtomicU64>,
    unread: Family<Unread, Counter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Unread {
    of: &'static str,
}

impl Gauges {
    /// Registers them.
    pub fn register(&self, registry: &mut Registry) {
        registry.register(
            "outbox_waiting",
            "Events that wait for delivery to the MVNO AP server, counted to 100,000",
            self.outbox_waiting.clone(),
        );
        registry.register_with_unit(
            "outbox_oldest_age",
            "Age of the oldest event that waits",
            Unit::Seconds,
            self.outbox_oldest_s.clone(),
        );
        registry.register(
            "outbox_most_attempts",
            "Attempts on the event that was tried most often",
            self.outbox_most_attempts.clone(),
        );
        registry.register(
            "outbox_dead",
            "Events that were given up, counted to 100,000",
            self.outbox_dead.clone(),
        );
        registry.register("sessions", "Sessions that live", self.sessions.clone());
        registry.register(
            "changes_open",
            "Plan changes without an end",
            self.changes_open.clone(),
        );
        registry.register_with_unit(
            "changes_oldest_open_age",
            "Age of the oldest plan change without an end",
            Unit::Seconds,
            self.changes_oldest_open_s.clone(),
        );
        registry.register(
            "changes_manual",
            "Plan changes that wait for a person: any is an alarm",
            self.changes_manual.clone(),
        );
        registry.register(
            "changes_applied_late_last_day",
            "Plan changes found within 24 hours to be applied after they were told as not applied: any is an \
             alarm",
            self.changes_late.clone(),
        );
        registry.register(
            "database_readings_failed",
            "Scrapes that show old values of sessions, changes or the outbox, because the database \
             did not answer",
            self.unread.clone(),
        );
        // A rate needs the zero before the first one.
        for of in ["sessions", "changes", "outbox"] {
            drop(self.unread.get_or_create(&Unread { of }));
        }
    }

    /// The values of `of` (`sessions`, `changes`, `outbox`) could not be read and stay as they were.
    pub fn unread(&self, of: &'static str) {
        self.unread.get_or_create(&Unread { of }).inc();
    }

    /// The outboxes of all databases: waiting events, the age of the oldest, the most attempts on one, and
    /// the events given up.
    pub fn outbox(&self, waiting: u64, oldest: Duration, most_attempts: u64, dead: u64) {
        self.outbox_waiting.set(waiting);
        self.outbox_oldest_s.set(oldest.as_secs_f64());
        self.outbox_most_attempts.set(most_attempts);
        self.outbox_dead.set(dead);
    }

    /// Open plan changes, the age of the oldest, those that wait for a person, and those found within the
    /// last 24 hours to be applied after they had been reported as not applied.
    pub fn changes(&self, open: u64, oldest: Duration, manual: u64, late: u64) {
        self.changes_open.set(open);
        self.changes_oldest_open_s.set(oldest.as_secs_f64());
        self.changes_manual.set(manual);
        self.changes_late.set(late);
    }

    /// The number of live sessions.
    pub fn sessions(&self, live: i64) {
        self.sessions.set(live);
    }
}
