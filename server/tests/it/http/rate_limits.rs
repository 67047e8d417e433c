//! Rate limits on a real Redis: one rule in two languages, exact over replicas, with a fallback
//! without Redis.

use crate::support::{environment, redis_server::RedisServer, scrape, wait::until};
use prometheus_client::registry::Registry;
use proptest::{prelude::*, test_runner::TestRunner};
use server::{
    clock::Clock,
    config::{Layers, LimitsConfig},
    http::{Ask, Decision, Limit, Quota, RateLimiter, SharedBuckets},
    ids::Ids,
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

/// Longer than in production, so that a busy machine does not look like trouble with Redis.
const PATIENT: Duration = Duration::from_secs(5);

fn namespace() -> String {
    format!("test-{}", Ids::random(Clock::system()).token())
}

async fn connect(namespace: &str) -> Option<SharedBuckets> {
    let url = environment::backend(environment::REDIS_URL)?;
    let buckets = SharedBuckets::connect(&url, PATIENT).unwrap();
    until("Redis answers", || async { buckets.is_up() }).await;
    Some(buckets.within(namespace))
}

fn limits(settings: &[(&str, &str)]) -> LimitsConfig {
    let settings = settings.iter().map(|(name, value)| {
        let name = format!("PHONEBILL__LIMITS__{}", name.to_uppercase());
        (name, (*value).to_owned())
    });
    let layers = Layers::default().environment(&settings.collect());
    layers.finish().unwrap().limits
}

/// One bucket of a generated request: limit, key, count per second, burst, take.
type Part = (usize, u8, u32, u32, bool);

fn requests() -> impl Strategy<Value = Vec<Vec<Part>>> {
    let part = (
        0..Limit::ALL.len(),
        0_u8..3,
        1_u32..2_000,
        1_u32..6,
        any::<bool>(),
    );
    prop::collection::vec(prop::collection::vec(part, 1..4), 1..40)
}

/// The rule in Rust, over a table instead of Redis, at the instants that Redis reported.
#[derive(Default)]
struct Model(HashMap<(&'static str, String), i64>);

impl Model {
    fn judge(&mut self, asks: &[(Ask, Quota)], now_us: i64) -> Vec<Decision> {
        let name = |ask: &Ask| (ask.limit.name(), ask.key.clone());
        let judged = asks.iter();
        let mut decisions: Vec<Decision> = judged
            .map(|(ask, quota)| quota.judge(self.0.get(&name(ask)).copied(), now_us))
            .collect();
        let admitted = decisions.iter().all(|decision| decision.wait_us == 0);
        for ((ask, quota), decision) in asks.iter().zip(&mut decisions) {
            if let Some(full_at) = self.0.get_mut(&name(ask)) {
                *full_at = (*full_at).min(now_us + decision.debt_us);
            }
            if admitted && ask.take {
                decision.debt_us += quota.interval_us();
                self.0.insert(name(ask), now_us + decision.debt_us);
            }
        }
        decisions
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_and_rust_judge_alike() {
    let namespace = namespace();
    let Some(buckets) = connect(&namespace).await else {
        return;
    };
    let runtime = tokio::runtime::Handle::current();
    let run = move || {
        let case = AtomicU32::new(0);
        let config = proptest::test_runner::Config::with_cases(200);
        TestRunner::new(config).run(&requests(), |requests| {
            let case = case.fetch_add(1, Ordering::Relaxed);
            let buckets = buckets.clone().within(&format!("{namespace}-{case}"));
            let mut model = Model::default();
            for parts in requests {
                let mut asks: Vec<(Ask, Quota)> = Vec::new();
                for (limit, key, count, burst, take) in parts {
                    let ask = Ask {
                        take,
                        ..Ask::take(Limit::ALL[limit], key)
                    };
                    if asks.iter().all(|(known, _)| known.limit != ask.limit) {
                        asks.push((ask, Quota::new(count, Duration::from_secs(1), burst)));
                    }
                }
                let quotas = asks.clone();
                let quota = |limit| {
                    let found = quotas.iter().find(|(ask, _)| ask.limit == limit);
                    found.unwrap().1
                };
                let only: Vec<Ask> = asks.iter().map(|(ask, _)| ask.clone()).collect();
                let judged = runtime.block_on(buckets.judge(&only, quota)).unwrap();
                prop_assert_eq!(&judged.decisions, &model.judge(&asks, judged.now_us));
            }
            Ok(())
        })
    };
    tokio::task::spawn_blocking(run).await.unwrap().unwrap();
}

/// Sends from sixteen clients over the replicas; returns the number admitted and the time taken.
async fn press(replicas: Vec<RateLimiter>, requests: u32) -> (u32, Duration) {
    let admitted = Arc::new(AtomicU32::new(0));
    let started = Instant::now();
    let clients = (0..16).map(|client: usize| {
        let limiter = replicas[client % replicas.len()].clone();
        let admitted = admitted.clone();
        tokio::spawn(async move {
            for _ in 0..requests / 16 {
                let asks = [Ask::take(Limit::Address, "10.0.0.1")];
                if limiter.ask(&asks).await.unwrap().wait.is_none() {
                    admitted.fetch_add(1, Ordering::Relaxed);
                }
            }
        })
    });
    futures::future::join_all(clients).await;
    (admitted.load(Ordering::Relaxed), started.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_replicas_admit_what_one_would() {
    let namespace = namespace();
    let limits = limits(&[("per_address_per_s", "200"), ("per_address_burst", "100")]);
    let mut replicas = Vec::new();
    for _ in 0..3 {
        let Some(shared) = connect(&namespace).await else {
            return;
        };
        let limiter = RateLimiter::new(limits.clone(), 3, Some(shared), Clock::system());
        replicas.push(limiter);
    }
    let (admitted, took) = press(replicas, 10_000).await;
    let allowed = 100.0 + 200.0 * took.as_secs_f64();
    assert!(
        f64::from(admitted) <= allowed * 1.01,
        "{admitted} of {allowed:.0}"
    );
    assert!(
        f64::from(admitted) >= allowed * 0.9,
        "{admitted} of {allowed:.0}"
    );
}

/// The planted fault: replicas that do not share buckets admit three times as much, so the test above
/// would notice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_replicas_apart_would_admit_more() {
    let limits = limits(&[("per_address_per_s", "1"), ("per_address_burst", "100")]);
    let replica = || RateLimiter::new(limits.clone(), 1, None, Clock::system());
    let (admitted, _) = press(vec![replica(), replica(), replica()], 3_200).await;
    assert!(admitted >= 290, "{admitted}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_redis_each_replica_keeps_to_its_part() {
    let limits = limits(&[("per_address_per_s", "10"), ("per_address_burst", "90")]);
    // A port without a listener.
    let away = SharedBuckets::connect("redis://127.0.0.1:1", PATIENT).unwrap();
    let clock = Clock::manual(0);
    let replica = || RateLimiter::new(limits.clone(), 3, Some(away.clone()), clock.clone());
    let replicas = vec![replica(), replica(), replica()];
    let (admitted, _) = press(replicas.clone(), 3_200).await;
    assert_eq!(admitted, 90, "never unlimited, never closed");
    clock.advance(Duration::from_secs(3));
    let (admitted, _) = press(replicas, 3_200).await;
    assert_eq!(admitted, 30);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_redis_counted_is_owed_when_it_dies() {
    let Some(mut redis) = RedisServer::start().await else {
        return;
    };
    let limits = limits(&[("per_address_per_s", "1"), ("per_address_burst", "300")]);
    let shared = SharedBuckets::connect(&redis.url(), PATIENT).unwrap();
    until("Redis answers", || async { shared.is_up() }).await;
    let limiter = RateLimiter::new(limits, 3, Some(shared), Clock::manual(0));
    let (admitted, _) = press(vec![limiter.clone()], 800).await;
    assert!(admitted >= 300, "{admitted}");
    redis.kill().await;
    let (admitted, _) = press(vec![limiter], 800).await;
    assert_eq!(admitted, 0, "no burst starts anew");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rubbish_in_redis_closes_nothing() {
    let namespace = namespace();
    let Some(shared) = connect(&namespace).await else {
        return;
    };
    let url = environment::backend(environment::REDIS_URL).unwrap();
    let mut redis = redis::Client::open(url)
        .unwrap()
        .get_multiplexed_async_connection()
        .await
        .unwrap();
    let key = format!("phonebill:v1:rate:{namespace}:address:10.0.0.1");
    let limiter = RateLimiter::new(limits(&[]), 1, Some(shared), Clock::system());
    let asks = [Ask::take(Limit::Address, "10.0.0.1")];
    for rubbish in ["x", "-1", "99999999999999999"] {
        let mut set = redis::cmd("SET");
        set.arg(&key).arg(rubbish);
        set.exec_async(&mut redis).await.unwrap();
        until("a request passes", || async {
            limiter.ask(&asks).await.unwrap().wait.is_none()
        })
        .await;
    }
    // Not even a string: this replica counts by itself.
    let mut commands = redis::pipe();
    commands
        .cmd("DEL")
        .arg(&key)
        .cmd("RPUSH")
        .arg(&key)
        .arg("x");
    commands.exec_async(&mut redis).await.unwrap();
    until("a request passes", || async {
        limiter.ask(&asks).await.unwrap().wait.is_none()
    })
    .await;
}

/// The counters by limit, counting party and decision, without those at zero.
fn counted(limiter: &RateLimiter) -> Vec<String> {
    let mut registry = Registry::default();
    limiter.register_metrics(&mut registry);
    let text = scrape::text(&registry);
    let counters = text.lines().filter(|line| !line.starts_with('#'));
    let mut above_zero: Vec<_> = counters
        .filter(|line| !line.ends_with(" 0"))
        .map(str::to_owned)
        .collect();
    above_zero.sort();
    above_zero
}

fn counter(limit: &str, by: &str, decision: &str, count: u32) -> String {
    let labels = format!("limit=\"{limit}\",counted_by=\"{by}\",decision=\"{decision}\"");
    format!("rate_limit_decisions_total{{{labels}}} {count}")
}

#[tokio::test]
async fn each_decision_is_counted_under_its_limit_and_under_who_counted() {
    let limits = limits(&[("per_session_per_s", "1"), ("per_session_burst", "2")]);
    let alone = RateLimiter::new(limits.clone(), 1, None, Clock::manual(0));
    let asks = [
        Ask::take(Limit::Address, "10.0.0.1"),
        Ask::take(Limit::Session, "s"),
        Ask::look(Limit::AddressFailures, "10.0.0.1"),
    ];
    assert_eq!(counted(&alone), Vec::<String>::new());
    alone.shield("10.0.0.1").unwrap();
    for _ in 0..5 {
        alone.ask(&asks).await.unwrap();
    }
    let expected = [
        counter("address", "Replica", "Allowed", 2),
        counter("address", "Shield", "Allowed", 1),
        counter("session", "Replica", "Allowed", 2),
        counter("session", "Replica", "Limited", 3),
    ];
    assert_eq!(counted(&alone), expected);

    let Some(shared) = connect(&namespace()).await else {
        return;
    };
    let together = RateLimiter::new(limits, 1, Some(shared), Clock::system());
    together.ask(&asks).await.unwrap();
    let expected = [
        counter("address", "Redis", "Allowed", 1),
        counter("session", "Redis", "Allowed", 1),
    ];
    assert_eq!(counted(&together), expected);
}
