//! I9 and I10: a hundred requests per second, most for cached bills, while KOS hangs for a while and
//! comes back.

use super::{
    asking::{Answer, ask, impatient},
    finding::{Finding, Measure},
};
use crate::{
    customers::new_bill, kind::Kind, load::percentile, site::Site, sold::SOLD, world::World,
};
use anyhow::{Context, Result};
use serde_json::Value;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::interval};
use tokio_util::sync::CancellationToken;

/// Between two requests, answered or not.
const EVERY: Duration = Duration::from_millis(10);
/// Requests out of ten that are for new bills; the others cycle through the known ones.
const NEW_OF_TEN: usize = 3;
const KNOWN: usize = 70;
const BREAKER: &str = "kos.bill";
const OPEN: u64 = 2;
const CLOSED: u64 = 0;
/// Time in which the known bills enter the cache.
const WARM_UP: Duration = Duration::from_secs(2);
/// The time without faults, as the baseline.
const QUIET: Duration = Duration::from_secs(5);
/// A breaker that has not closed this long after its wait is too late.
const TOO_LATE: Duration = Duration::from_secs(6);
/// Observed after the breaker has closed; a stampede would be over by then.
const AFTER: Duration = Duration::from_secs(3);
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// An answer counts as a whole time-out from this long before KOS's time limit on.
const SLACK: Duration = Duration::from_millis(100);

/// How long KOS hangs, and whether its return is measured.
#[derive(Clone, Copy)]
pub struct Course {
    pub lasts: Duration,
    pub returns: bool,
}

/// The breaker and KOS at one moment.
#[derive(Clone, Copy)]
struct Look {
    at: Instant,
    breaker: u64,
    heard: u64,
}

/// Measures both rows, or the first only.
pub async fn measure(world: &mut World, course: Course) -> Result<Vec<Finding>> {
    let customers = world.customers().await?;
    let stop = CancellationToken::new();
    let asking = tokio::spawn(keep_asking(customers.site().clone(), stop.clone()));
    tokio::time::sleep(WARM_UP).await;
    let quiet = looks(world, QUIET, |_| false).await?;

    let trouble = world.begin(Kind::KosSilent).await?;
    let outage = looks(world, course.lasts, |_| false).await?;
    world.end(Kind::KosSilent, trouble).await?;
    let back = Instant::now();

    let mut recovery = Vec::new();
    if course.returns {
        let patience = SOLD.breaker.open_for + TOO_LATE;
        let closing = looks(world, patience, |look| look.breaker == CLOSED).await?;
        let closed = *closing.last().context("no look")?;
        recovery.push(Measure::ClosedAfter.of((closed.at - back).as_secs_f64()));
        let after = looks(world, AFTER, |_| false).await?;
        let ratio = rate(&after)? / rate(&quiet)?;
        recovery.push(Measure::CallsAfter.of(ratio * 100.0));
    }
    stop.cancel();
    let answers = asking.await??;

    let last = outage.last().context("no look")?;
    let opened = outage.iter().find(|look| look.breaker == OPEN);
    let should_be_quick = opened.map_or(back, |look| look.at);
    let whole = SOLD.kos.inquiry_timeout - SLACK;
    let whole = |answer: &&Answer| answer.asked < should_be_quick && answer.took >= whole;
    let whole = answers.iter().filter(whole).count();
    // A breaker that never opened should have been open all the time.
    let opened = opened.unwrap_or(&outage[0]);
    let while_open = |answer: &&Answer| (opened.at..back).contains(&answer.asked);
    let while_open = answers.iter().filter(while_open);
    let p99 = percentile(while_open.map(|answer| answer.took), 99);
    let calls = last.heard - opened.heard;
    let mut findings = vec![
        Measure::WholeTimeOuts.of(whole as f64),
        Measure::WhileOpen.of(p99.as_secs_f64() * 1_000.0),
        Measure::CallsWhileOpen(last.at - opened.at).of(calls as f64),
    ];
    findings.extend(recovery);
    Ok(findings)
}

/// Observes until the time is over or `seen` returns true.
async fn looks(world: &World, lasts: Duration, seen: impl Fn(&Look) -> bool) -> Result<Vec<Look>> {
    let begun = Instant::now();
    let mut looks = Vec::new();
    loop {
        let breaker = world.exported.breaker(BREAKER).await?;
        let look = Look {
            at: Instant::now(),
            breaker,
            heard: world.bills_heard(),
        };
        looks.push(look);
        if begun.elapsed() >= lasts || seen(&look) {
            return Ok(looks);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Calls per second that KOS received.
fn rate(looks: &[Look]) -> Result<f64> {
    let (first, last) = (looks.first(), looks.last());
    let (first, last) = first.zip(last).context("no look")?;
    Ok((last.heard - first.heard) as f64 / (last.at - first.at).as_secs_f64())
}

/// Sends at a fixed pace until stopped, then waits for the last answers.
async fn keep_asking(site: Arc<Site>, stop: CancellationToken) -> Result<Vec<Answer>> {
    let http = impatient().build()?;
    let known: Vec<Value> = (0..KNOWN).map(|_| new_bill(&site)).collect();
    for bill in &known {
        ask(&http, site.bill(bill)).await?;
    }
    let mut known = known.iter().cycle();
    let mut ticks = interval(EVERY);
    let mut asked = JoinSet::new();
    for number in 0.. {
        if stop.run_until_cancelled(ticks.tick()).await.is_none() {
            break;
        }
        let request = match known.next() {
            Some(bill) if number % 10 >= NEW_OF_TEN => site.bill(bill),
            _ => site.bill(&new_bill(&site)),
        };
        let http = http.clone();
        asked.spawn(async move { ask(&http, request).await });
    }
    asked.join_all().await.into_iter().collect()
}
