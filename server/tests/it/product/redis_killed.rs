//! A thousand changes while Redis is killed again and again as they end. Each time it restarts with a
//! dump in which every line of the round is on its old plan. No look at any replica that begins after
//! "changed" may show that plan.

use super::{
    Replica, Stand, command, customer, limits,
    sightings::{Judgement, Sighting, Sightings},
};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    customers::held,
    redis::Corner,
    redis_server::RedisServer,
    wait::until,
};
use app::{
    model::{Change, ChangeStatus, LineNumber, Principal, ProductCode},
    problem::ProblemCode as P,
    ssr::ProductPort,
};
use futures::future::{join, join_all};
use server::{cache::Cache, clock::Clock, config::KosConfig};
use simulator::{Capabilities, Operation};
use std::{ops::Range, sync::Arc, time::Duration};
use tokio::sync::watch;

on_both_databases! {
    of_a_thousand_changes_none_shows_the_old_plan_again,
    a_replica_that_asks_for_a_number_only_once_is_found_out,
}

const ROUNDS: usize = 20;
const AT_ONCE: usize = 50;
/// The attempts of a customer at their change.
const ASKS: u32 = 10;
/// Looks at a line through one replica: its page, and the running month's bill.
const PAGES: usize = 2;
/// Looks after "changed": through two replicas at once, and through all three once Redis is back.
const LOOKS_AFTER: usize = (2 + 3) * PAGES;
/// No line from here on, in steps of eleven, is suspended or terminated.
const FIRST_LINE: usize = 72_234_501;
const LONG: Duration = Duration::from_secs(60);

/// Replicas over one database and one Redis, and the sightings of plans.
struct Live {
    stand: Stand,
    /// The first two serve all the time, the last one only once Redis is back.
    replicas: [Replica; 3],
    caches: [Arc<dyn Cache>; 3],
    sightings: Sightings,
}

/// A customer whose line was never asked for.
struct Customer {
    number: usize,
    who: Principal,
    line: LineNumber,
    from: ProductCode,
    to: ProductCode,
}

impl Customer {
    /// On a busy machine, a change may wait too long and is not sent: the customer tries again.
    async fn changes_at(&self, replica: &Replica) -> Change {
        let key = format!("key-{:04}", self.number);
        let mut asked = 0;
        loop {
            let command = command(&self.who, &key, self.from.as_str(), self.to.as_str());
            asked += 1;
            match replica.product.request(&self.who, command).await {
                Err(problem) if problem.code() == P::KosUnavailable && asked < ASKS => {}
                told => return told.unwrap(),
            }
        }
    }
}

impl Live {
    async fn start(database: TestDatabase, redis: &RedisServer, believing: Clock) -> Self {
        let limits = KosConfig {
            change_places: AT_ONCE,
            max_connections: 128,
            ..limits()
        };
        let stand = Stand::with(database, Capabilities::ALL, limits).await;
        let corner = Corner::on(redis.url());
        let cache = async || Arc::new(corner.cache().await);
        let caches: [Arc<dyn Cache>; 3] = [cache().await, cache().await, cache().await];
        let replica = async |cache: &Arc<dyn Cache>| {
            let db = stand.database.replica().await;
            stand.replica_with(db, cache.clone(), believing.clone())
        };
        let [first, second, third] = &caches;
        let replicas = [
            replica(first).await,
            replica(second).await,
            replica(third).await,
        ];
        Self {
            stand,
            replicas,
            caches,
            sightings: Sightings::default(),
        }
    }

    async fn customer(&self, number: usize) -> Customer {
        let line = format!("010{}", FIRST_LINE + 11 * number);
        let who = customer(&format!("customer-{number}"), &[&line]);
        let options = self.replicas[0].product.options(&who, None).await.unwrap();
        Customer {
            number,
            line: line.parse().unwrap(),
            from: options.current_product.code,
            to: options.products[0].product.code.clone(),
            who,
        }
    }

    /// All customers change at once. Redis has saved their old plans, and is killed once `killed_after`
    /// customers have been told; 0: once KOS has received all changes.
    async fn round(&self, redis: &mut RedisServer, numbers: Range<usize>, killed_after: usize) {
        let customers = join_all(numbers.map(|number| self.customer(number))).await;
        self.look_everywhere(&self.replicas[..2], &customers).await;
        redis.run(&[&["SAVE"]]).await;
        let heard = || self.stand.simulator.journal().calls(Operation::Change);
        let all_heard = heard() + customers.len() as u64;
        let (told, mut so_many) = watch::channel(0);
        let changes = join_all(customers.iter().map(|who| self.change(who, &told)));
        let killing = async {
            if killed_after == 0 {
                until("KOS has heard them", async || heard() >= all_heard).await;
            }
            so_many
                .wait_for(|told| *told >= killed_after)
                .await
                .unwrap();
            redis.kill().await;
        };
        join(changes, killing).await;
        redis.start_again().await;
        assert!(redis.entries().await > 0, "the dump was empty");
        for cache in &self.caches {
            until("Redis is back", async || {
                cache.put("back", b"value", LONG).await;
                cache.get("back").await.is_some()
            })
            .await;
        }
        self.look_everywhere(&self.replicas, &customers).await;
    }

    /// Changes at one replica and looks through both, from the start until after the answer.
    async fn change(&self, customer: &Customer, told: &watch::Sender<usize>) {
        let here = &self.replicas[customer.number % 2];
        let (both, number) = (&self.replicas[..2], customer.number);
        let changing = async {
            let change = customer.changes_at(here).await;
            assert_eq!(change.status, ChangeStatus::Completed, "{change:?}");
            self.sightings.told(number, self.stand.clock.monotonic());
            told.send_modify(|told| *told += 1);
            join_all(both.iter().map(|replica| self.look(replica, customer))).await;
        };
        let meanwhile = join_all(both.iter().map(|replica| self.look(replica, customer)));
        join(changing, meanwhile).await;
    }

    async fn look_everywhere(&self, replicas: &[Replica], customers: &[Customer]) {
        for replica in replicas {
            join_all(customers.iter().map(|who| self.look(replica, who))).await;
        }
    }

    async fn look(&self, replica: &Replica, customer: &Customer) {
        let (clock, line) = (&self.stand.clock, &customer.line);
        let saw = |page, begun, plan: &ProductCode| {
            self.sightings.saw(Sighting {
                customer: customer.number,
                page,
                begun,
                shows_old: *plan != customer.to,
            });
        };
        let begun = clock.monotonic();
        let shown = replica.facts.line(&held(line)).await.unwrap();
        saw("line", begun, &shown.value.product.code);
        let begun = clock.monotonic();
        let shown = replica.facts.bill(&held(line), clock.current_month()).await;
        saw("bill", begun, &shown.unwrap().value.product.code);
    }

    async fn stop(self) -> Judgement {
        self.stand.stop().await;
        self.sightings.judge()
    }
}

async fn of_a_thousand_changes_none_shows_the_old_plan_again(database: TestDatabase) {
    let Some(mut redis) = RedisServer::start().await else {
        return;
    };
    let live = Live::start(database, &redis, Clock::system()).await;
    for round in 0..ROUNDS {
        let first = round * AT_ONCE;
        let killed_after = round * AT_ONCE / ROUNDS;
        live.round(&mut redis, first..first + AT_ONCE, killed_after)
            .await;
    }
    let changes = live.stand.simulator.ledger().changes_applied().unwrap();
    assert_eq!(changes.len(), 1_000);
    let judgement = live.stop().await;
    assert_eq!(judgement.broken, []);
    // Without old plans seen before, or looks after it, the round would prove nothing.
    assert!(judgement.after >= LOOKS_AFTER * changes.len());
    assert!(judgement.old_before >= 2 * PAGES * changes.len());
}

/// The planted fault: as if replicas learnt of generations by messages, one of which is lost.
async fn a_replica_that_asks_for_a_number_only_once_is_found_out(database: TestDatabase) {
    let Some(mut redis) = RedisServer::start().await else {
        return;
    };
    let stands_still = Clock::manual(0);
    let live = Live::start(database, &redis, stands_still).await;
    live.round(&mut redis, 0..4, 0).await;
    let judgement = live.stop().await;
    assert!(!judgement.broken.is_empty(), "{judgement:?}");
}
