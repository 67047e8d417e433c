//! I8: KOS hangs while a thousand customers ask for what only KOS knows, and others for what does not
//! need it.

use super::{
    asking::{Answer, ask, impatient},
    finding::{Finding, Measure},
};
use crate::{customers::new_bill, kind::Kind, load::percentile, site::Site, world::World};
use anyhow::{Context, Result};
use reqwest::{Client, RequestBuilder};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

const CUSTOMERS: u32 = 1_000;
/// Pause of a customer between an answer and the next request.
const THINKS: Duration = Duration::from_secs(4);
/// The same for customers who do not need KOS.
const OTHERS_THINK: Duration = Duration::from_millis(50);
/// All customers have started by then.
const GATHER: Duration = THINKS;
const LOOK_EVERY: Duration = Duration::from_millis(100);

type Wish = fn(&Site) -> RequestBuilder;

/// Routes that need nothing of KOS for a line looked at before.
const OTHERS: [Wish; 5] = [
    |site| site.get("/login").header("accept", "text/html"),
    |site| site.page("/main"),
    |site| site.page("/bill/menu"),
    |site| site.page("/product/menu"),
    Site::cached_bill,
];
/// A login needs memory and CPU, so the other routes' limit does not apply; the matrix has its limit.
const LOGIN: Wish = |site| site.login("none01");
/// A route that only KOS can answer.
const OF_KOS: [Wish; 4] = [
    |site| site.bill(&new_bill(site)),
    |site| site.options(&site.reader, &site.line),
    |site| site.bill(&new_bill(site)),
    Site::check,
];

/// Measures one row while KOS hangs for `lasts`.
pub async fn measure(world: &mut World, lasts: Duration) -> Result<Vec<Finding>> {
    let before = world.footprint()?;
    let customers = world.customers().await?;
    let stop = CancellationToken::new();
    let mut crowd = JoinSet::new();
    for number in 0..CUSTOMERS {
        let site = customers.site().clone();
        crowd.spawn(be_a_customer(site, number, stop.clone()));
    }
    tokio::time::sleep(GATHER).await;
    let trouble = world.begin(Kind::KosSilent).await?;
    let begun = Instant::now();
    let mut others = JoinSet::new();
    for wish in OTHERS {
        let site = customers.site().clone();
        others.spawn(want_something_else(site, wish, stop.clone()));
    }
    let login = want_something_else(customers.site().clone(), LOGIN, stop.clone());
    let login = tokio::spawn(login);
    let (mut sockets, mut memory) = (0, 0);
    while begun.elapsed() < lasts {
        let now = world.footprint()?;
        sockets = sockets.max(now.sockets);
        memory = memory.max(now.memory);
        tokio::time::sleep(LOOK_EVERY).await;
    }
    stop.cancel();
    let mut slowest = Duration::ZERO;
    for answers in others.join_all().await {
        slowest = slowest.max(percentile(answers?.iter().map(Answer::waited), 99));
    }
    login.await??;
    world.end(Kind::KosSilent, trouble).await?;
    let crowd: Result<Vec<()>> = crowd.join_all().await.into_iter().collect();
    crowd.context("the crowd")?;
    let grew = memory.saturating_sub(before.memory);
    Ok(vec![
        Measure::OtherRoutes.of(slowest.as_secs_f64() * 1_000.0),
        Measure::Sockets.of(sockets as f64),
        Measure::Memory.of(grew as f64 / 1_024.0),
    ])
}

/// Each customer has their own connection and starts at a different moment.
async fn be_a_customer(site: Arc<Site>, number: u32, stop: CancellationToken) -> Result<()> {
    let http = impatient().build()?;
    tokio::time::sleep(THINKS * number / CUSTOMERS).await;
    let mut wishes = OF_KOS.into_iter().cycle().skip(number as usize);
    while let Some(wish) = wishes.next().filter(|_| !stop.is_cancelled()) {
        ask(&http, wish(&site)).await?;
        stop.run_until_cancelled(tokio::time::sleep(THINKS)).await;
    }
    Ok(())
}

/// Every request on a new connection, like a customer who has just arrived.
async fn want_something_else(
    site: Arc<Site>,
    wish: Wish,
    stop: CancellationToken,
) -> Result<Vec<Answer>> {
    let http: Client = impatient().pool_max_idle_per_host(0).build()?;
    let mut answers = Vec::new();
    while !stop.is_cancelled() {
        answers.push(ask(&http, wish(&site)).await?);
        tokio::time::sleep(OTHERS_THINK).await;
    }
    Ok(answers)
}
