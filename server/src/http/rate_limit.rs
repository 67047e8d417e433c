//! How often one address may ask; more strictly for logins.

use super::{
    Gateway,
    client_ip::{client_ip, counted_as},
    problem_response::answer,
};
use crate::clock::Clock;
use app::problem::{Problem, ProblemCode};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use governor::{
    Quota, RateLimiter, clock,
    middleware::NoOpMiddleware,
    state::{InMemoryState, NotKeyed},
};
use http::Method;
use moka::{future::Cache, policy::EvictionPolicy};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

/// Addresses remembered at most; the one seen longest ago is forgotten first.
const ADDRESSES: u64 = 100_000;
/// An address that was silent for so long has its whole burst again anyway.
const FORGET_AFTER: Duration = Duration::from_secs(600);
/// Where passwords are tried.
const LOGINS: [&str; 2] = ["/login", "/api/v1/auth/login"];

/// The limits of one server.
#[derive(Clone)]
pub(super) struct RateLimits {
    everything: Buckets,
    logins: Buckets,
    trusted_proxies: Arc<[IpAddr]>,
}

impl RateLimits {
    /// `None` when they are switched off.
    pub(super) fn new(gateway: &Gateway) -> Option<Self> {
        let limits = &gateway.limits;
        let every = Quota::per_second(positive(limits.per_address_per_s));
        let logins = Quota::per_minute(positive(limits.login_per_minute));
        limits.enabled.then(|| Self {
            everything: Buckets::new(
                every.allow_burst(positive(limits.per_address_burst)),
                &gateway.clock,
            ),
            logins: Buckets::new(
                logins.allow_burst(positive(limits.login_burst)),
                &gateway.clock,
            ),
            trusted_proxies: gateway.http.trusted_proxies.clone().into(),
        })
    }

    /// How long to wait, if the request comes too early.
    async fn check(&self, address: IpAddr, is_login: bool) -> Result<(), Duration> {
        self.everything.take(address).await?;
        if is_login {
            self.logins.take(address).await?;
        }
        Ok(())
    }
}

/// Refuses with 429 and how long to wait.
pub(super) async fn enforce(
    State(limits): State<Option<RateLimits>>,
    request: Request,
    next: Next,
) -> Response {
    let Some(limits) = limits else {
        return next.run(request).await;
    };
    let address = counted_as(client_ip(&request, &limits.trusted_proxies));
    let is_login = request.method() == Method::POST && LOGINS.contains(&request.uri().path());
    match limits.check(address, is_login).await {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            let seconds = u32::try_from(wait.as_millis().div_ceil(1000)).unwrap_or(u32::MAX);
            answer(Problem::of(ProblemCode::RateLimited).with_retry_after(seconds))
        }
    }
}

fn positive(number: u32) -> NonZeroU32 {
    NonZeroU32::new(number).unwrap_or(NonZeroU32::MIN)
}

type Bucket = RateLimiter<NotKeyed, InMemoryState, Monotonic, NoOpMiddleware<Duration>>;

/// One bucket per address.
#[derive(Clone)]
struct Buckets {
    quota: Quota,
    clock: Monotonic,
    by_address: Cache<IpAddr, Arc<Bucket>>,
}

impl Buckets {
    fn new(quota: Quota, clock: &Clock) -> Self {
        Self {
            quota,
            clock: Monotonic(clock.clone()),
            // Least recently used, not moka's default, which would not even admit a newcomer to a
            // full table and so never count him.
            by_address: Cache::builder()
                .max_capacity(ADDRESSES)
                .time_to_idle(FORGET_AFTER)
                .eviction_policy(EvictionPolicy::lru())
                .build(),
        }
    }

    async fn take(&self, address: IpAddr) -> Result<(), Duration> {
        let fresh = async { Arc::new(Bucket::direct_with_clock(self.quota, self.clock.clone())) };
        let bucket = self.by_address.get_with(address, fresh).await;
        let now = clock::Clock::now(&self.clock);
        bucket.check().map_err(|early| early.wait_time_from(now))
    }
}

/// The injected clock as governor wants it.
#[derive(Clone)]
struct Monotonic(Clock);

impl clock::Clock for Monotonic {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.0.monotonic()
    }
}

#[cfg(test)]
mod tests {
    use super::{Buckets, positive};
    use crate::clock::Clock;
    use governor::Quota;
    use std::{net::IpAddr, time::Duration};

    #[tokio::test]
    async fn a_burst_passes_then_one_at_a_time() {
        let clock = Clock::manual(0);
        let quota = Quota::per_second(positive(1)).allow_burst(positive(3));
        let buckets = Buckets::new(quota, &clock);
        let [one, other]: [IpAddr; 2] = [[10, 0, 0, 1].into(), [10, 0, 0, 2].into()];
        for _ in 0..3 {
            assert!(buckets.take(one).await.is_ok());
        }
        let wait = buckets.take(one).await.unwrap_err();
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert!(buckets.take(other).await.is_ok());
        clock.advance(wait);
        assert!(buckets.take(one).await.is_ok());
        assert!(buckets.take(one).await.is_err());
    }
}
