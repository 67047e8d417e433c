//! The breaker as callers hold it: the machine with a clock, randomness, a lock and a log.

use super::{
    BreakerState, Ticket,
    machine::{Machine, Moment, Pass},
    window::Outcome,
};
use crate::{clock::Clock, config::BreakerConfig, ids::Ids};
use serde::Serialize;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

/// One breaker; clones share it.
#[derive(Clone)]
pub struct Breaker(Arc<Shared>);

pub(super) struct Shared {
    name: &'static str,
    slow_call: Duration,
    machine: Mutex<Machine>,
    clock: Clock,
    ids: Ids,
}

/// The call is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the breaker is open")]
pub struct Refused {
    pub retry_after: Duration,
}

/// Refused to a call that must never be a probe.
pub enum Unsettled {
    Refused(Refused),
    /// Half-open: make a harmless call with this ticket, then ask again.
    Probe(Ticket),
}

/// A breaker at a glance, for health and metrics.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Snapshot {
    pub name: &'static str,
    pub state: BreakerState,
    pub calls: usize,
    pub failed: usize,
    pub slow: usize,
    /// Since the start.
    pub refused: u64,
    /// Results of an earlier generation, since the start.
    pub stale_results: u64,
    /// Probes that did not report in time, since the start.
    pub expired_leases: u64,
}

impl Breaker {
    /// A closed breaker. `name` is for the log, `deadline` the longest a call can take.
    pub fn new(
        name: &'static str,
        config: &BreakerConfig,
        deadline: Duration,
        clock: Clock,
        ids: Ids,
    ) -> Self {
        Self(Arc::new(Shared {
            name,
            slow_call: config.slow_call,
            machine: Mutex::new(Machine::new(config.clone(), deadline)),
            clock,
            ids,
        }))
    }

    /// Refuses a call before it asks for anything else; takes no permit.
    ///
    /// # Errors
    /// [`Refused`] while open.
    pub fn peek(&self) -> Result<(), Refused> {
        let now = self.0.clock.monotonic();
        let open_for = self.0.with(|machine| machine.peek(now));
        open_for.map_or(Ok(()), |retry_after| Err(Refused { retry_after }))
    }

    /// A permit to call; in half-open the call is a probe.
    ///
    /// # Errors
    /// [`Refused`] while open, and in half-open when all probes are out.
    pub fn admit(&self) -> Result<Ticket, Refused> {
        let at = self.0.moment();
        let admitted = self.0.with(|machine| machine.admit(at));
        match admitted {
            Ok(pass) => Ok(Ticket::new(self.0.clone(), pass, at.now)),
            Err(retry_after) => Err(Refused { retry_after }),
        }
    }

    /// A permit for a call that must never be a probe: only while closed.
    ///
    /// # Errors
    /// [`Unsettled`] otherwise.
    pub fn admit_settled(&self) -> Result<Ticket, Unsettled> {
        match self.admit() {
            Ok(ticket) if ticket.is_probe() => Err(Unsettled::Probe(ticket)),
            Ok(ticket) => Ok(ticket),
            Err(refused) => Err(Unsettled::Refused(refused)),
        }
    }

    /// Its name in the log and in metrics.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    pub fn snapshot(&self) -> Snapshot {
        self.0.with(|machine| {
            let (calls, failed, slow) = machine.looked_at();
            let counters = machine.counters();
            Snapshot {
                name: self.0.name,
                state: machine.state(),
                calls,
                failed,
                slow,
                refused: counters.refused,
                stale_results: counters.stale_results,
                expired_leases: counters.expired_leases,
            }
        })
    }
}

impl Shared {
    fn moment(&self) -> Moment {
        Moment {
            now: self.clock.monotonic(),
            chance: self.ids.fraction(),
        }
    }

    /// Runs an event on the machine, and logs a change of state once.
    fn with<T>(&self, work: impl FnOnce(&mut Machine) -> T) -> T {
        let mut machine = self.machine.lock().unwrap_or_else(PoisonError::into_inner);
        let from = machine.state();
        let result = work(&mut machine);
        let to = machine.state();
        drop(machine);
        if from != to {
            tracing::warn!(breaker = self.name, ?from, ?to, "breaker turned");
        }
        result
    }

    /// Takes back the permit of a call that was not made.
    pub(super) fn give_back(&self, pass: Pass) {
        let at = self.moment();
        self.with(|machine| machine.give_back(pass, at));
    }

    /// Records the result of a call that started then.
    pub(super) fn record(&self, pass: Pass, started: Duration, failed: bool) {
        let at = self.moment();
        let outcome = Outcome {
            failed,
            slow: at.now.saturating_sub(started) > self.slow_call,
        };
        self.with(|machine| machine.record(pass, outcome, at));
    }
}

#[cfg(test)]
mod tests {
    use super::{Breaker, Unsettled};
    use crate::{
        clock::Clock, config::BreakerConfig, ids::Ids, resilience::breaker::BreakerState as S,
    };
    use std::time::Duration;

    fn breaker() -> (Breaker, Clock) {
        let clock = Clock::manual(0);
        let config = BreakerConfig {
            window: 4,
            minimum_calls: 2,
            failure_rate: 50,
            slow_call: Duration::from_millis(100),
            slow_rate: 100,
            open_for: Duration::from_secs(10),
            probes: 2,
        };
        let ids = Ids::seeded(1, clock.clone());
        let deadline = Duration::from_secs(1);
        let breaker = Breaker::new("test", &config, deadline, clock.clone(), ids);
        (breaker, clock)
    }

    fn opened() -> (Breaker, Clock) {
        let (breaker, clock) = breaker();
        let (first, second) = (breaker.admit().unwrap(), breaker.admit().unwrap());
        first.failed();
        second.failed();
        assert_eq!(breaker.snapshot().state, S::Open);
        (breaker, clock)
    }

    #[tokio::test]
    async fn a_cancelled_and_a_panicking_call_are_failures() {
        let (breaker, _) = breaker();
        let ticket = breaker.admit().unwrap();
        let cancelled = tokio::spawn(async move {
            std::future::pending::<()>().await;
            ticket.succeeded();
        });
        cancelled.abort();
        assert!(cancelled.await.unwrap_err().is_cancelled());
        assert_eq!(breaker.snapshot().failed, 1);

        let ticket = breaker.admit().unwrap();
        let panicked = tokio::spawn(async move {
            let _held = ticket;
            panic!("on purpose");
        });
        assert!(panicked.await.unwrap_err().is_panic());
        assert_eq!(breaker.snapshot().state, S::Open);
    }

    #[test]
    fn slow_answers_open_it_too() {
        let (breaker, clock) = breaker();
        for _ in 0..2 {
            let ticket = breaker.admit().unwrap();
            clock.advance(Duration::from_millis(101));
            ticket.succeeded();
        }
        assert_eq!(breaker.snapshot().state, S::Open);
    }

    #[test]
    fn open_refuses_until_the_wait_is_over_and_probes_decide_together() {
        let (breaker, clock) = opened();
        let wait = breaker.peek().unwrap_err().retry_after;
        assert!((9_000..=11_000).contains(&wait.as_millis()), "{wait:?}");
        assert_eq!(breaker.admit().err().map(|r| r.retry_after), Some(wait));
        assert_eq!(breaker.snapshot().refused, 2);
        // The manual clock moves by whole milliseconds.
        clock.advance(wait + Duration::from_millis(1));
        assert!(breaker.peek().is_ok());
        let (one, two) = (breaker.admit().unwrap(), breaker.admit().unwrap());
        assert!(breaker.admit().is_err(), "two probes and no more");
        one.succeeded();
        assert_eq!(breaker.snapshot().state, S::HalfOpen);
        two.succeeded();
        assert_eq!(breaker.snapshot().state, S::Closed);
    }

    #[test]
    fn a_hung_probe_loses_its_lease_and_its_late_result_changes_nothing() {
        let (breaker, clock) = opened();
        clock.advance(Duration::from_secs(11));
        let (hung, other) = (breaker.admit().unwrap(), breaker.admit().unwrap());
        other.failed();
        clock.advance(Duration::from_millis(1_250));
        assert!(breaker.admit().is_err());
        assert_eq!(breaker.snapshot().state, S::Open);
        hung.succeeded();
        let after = breaker.snapshot();
        assert_eq!(
            (after.state, after.stale_results, after.expired_leases),
            (S::Open, 1, 1)
        );
    }

    #[test]
    fn what_must_not_be_an_experiment_gets_a_ticket_for_a_harmless_call() {
        let (breaker, clock) = opened();
        assert!(matches!(
            breaker.admit_settled(),
            Err(Unsettled::Refused(_))
        ));
        clock.advance(Duration::from_secs(11));
        for _ in 0..2 {
            match breaker.admit_settled() {
                Err(Unsettled::Probe(probe)) => probe.succeeded(),
                _ => panic!("a call was let through while half-open"),
            }
        }
        assert!(breaker.admit_settled().is_ok());
    }
}
