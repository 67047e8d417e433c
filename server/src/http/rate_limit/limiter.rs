//! The decision about a request, wherever its buckets are.

use super::{
    counters::{CountedBy, Counters},
    gcra::{Decision, Quota},
    local::LocalBuckets,
    rules::{Ask, Limit},
    shared::SharedBuckets,
};
use crate::{clock::Clock, config::LimitsConfig, error::Chain, telemetry::Throttle};
use prometheus_client::registry::Registry;
use std::{net::IpAddr, sync::Arc, time::Duration};

/// Trouble with Redis is logged at most this often.
const WARN_EVERY: Duration = Duration::from_secs(10);

/// The limits of one server.
#[derive(Clone)]
pub struct RateLimiter {
    limits: Arc<LimitsConfig>,
    /// Replicas among which a limit is divided while each counts for itself.
    replicas: u32,
    shared: Option<SharedBuckets>,
    local: LocalBuckets,
    shield: LocalBuckets,
    trouble: Throttle,
    untrusted: Throttle,
    counters: Counters,
}

/// The decision about a request.
#[derive(Clone, Debug)]
pub struct Answered {
    /// `None`: admitted.
    pub wait: Option<Duration>,
    /// The limit that decided, or is nearest.
    pub limit: Limit,
    pub quota: Quota,
    pub decision: Decision,
}

impl RateLimiter {
    /// `shared`: where replicas count together; `replicas`: how many there are when they cannot.
    pub fn new(
        limits: LimitsConfig,
        replicas: u32,
        shared: Option<SharedBuckets>,
        clock: Clock,
    ) -> Self {
        Self {
            limits: Arc::new(limits),
            replicas,
            shared,
            local: LocalBuckets::new(clock.clone()),
            shield: LocalBuckets::new(clock.clone()),
            trouble: Throttle::every(WARN_EVERY, clock.clone()),
            untrusted: Throttle::once(clock),
            counters: Counters::default(),
        }
    }

    /// Registers the counters.
    pub fn register_metrics(&self, registry: &mut Registry) {
        self.counters.register(registry);
    }

    /// Whether limits are switched on.
    pub fn enabled(&self) -> bool {
        self.limits.enabled
    }

    /// Asks every bucket, all or nothing. If Redis is away, slow or misbehaves, only exactness is lost.
    pub async fn ask(&self, asks: &[Ask]) -> Option<Answered> {
        let whole = |limit: Limit| limit.quota(&self.limits);
        let part = |limit: Limit| whole(limit).divided(self.replicas);
        if let Some(shared) = &self.shared {
            match shared.judge(asks, whole).await {
                Ok(judged) => {
                    // Should Redis go away now, no burst starts anew.
                    self.local.learn(asks, &judged.decisions);
                    let answered = decisive(asks, &judged.decisions, whole);
                    return self.counted(CountedBy::Redis, asks, answered);
                }
                Err(trouble) if self.trouble.is_due() => {
                    let error = Chain(&trouble);
                    tracing::warn!(%error, "this replica counts rate limits for itself");
                }
                Err(_) => {}
            }
        }
        let answered = decisive(asks, &self.local.judge(asks, part), part);
        self.counted(CountedBy::Replica, asks, answered)
    }

    /// Refuses what this replica alone can refuse, before anything is spent on it: no replica admits more
    /// than the whole limit.
    pub fn shield(&self, address: &str) -> Option<Answered> {
        let asks = [Ask::take(Limit::Address, address)];
        let whole = |limit: Limit| limit.quota(&self.limits);
        let answered = decisive(&asks, &self.shield.judge(&asks, whole), whole);
        self.counted(CountedBy::Shield, &asks, answered)
    }

    fn counted(&self, by: CountedBy, asks: &[Ask], said: Option<Answered>) -> Option<Answered> {
        match &said {
            Some(answered) if answered.wait.is_some() => self.counters.limited(by, answered.limit),
            _ => self.counters.allowed(by, asks),
        }
        said
    }

    /// Logs, once, that everybody behind this peer is counted as one address.
    pub fn ignores_proxy(&self, peer: IpAddr) {
        if self.untrusted.is_due() {
            tracing::warn!(
                %peer,
                "X-Forwarded-For of a peer that http.trusted_proxies does not name is ignored"
            );
        }
    }
}

/// The bucket with the longest wait, else the one with the least left.
fn decisive(
    asks: &[Ask],
    decisions: &[Decision],
    quota: impl Fn(Limit) -> Quota,
) -> Option<Answered> {
    let rank = |(ask, decision): &(&Ask, &Decision)| {
        let left = quota(ask.limit).remaining(decision.debt_us);
        (decision.wait_us, std::cmp::Reverse(left))
    };
    let (ask, decision) = asks.iter().zip(decisions).max_by_key(rank)?;
    let wait_us = u64::try_from(decision.wait_us).unwrap_or(0);
    Some(Answered {
        wait: (wait_us > 0).then(|| Duration::from_micros(wait_us)),
        limit: ask.limit,
        quota: quota(ask.limit),
        decision: *decision,
    })
}
