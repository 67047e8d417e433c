//! Redis comes back with a dump from before a change of plan.

use super::stand::{Raised, Replica, Stand};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    redis::Corner,
    redis_server::RedisServer,
};

on_both_databases! {
    a_dump_from_before_a_change_brings_no_old_plan_back,
}

async fn a_dump_from_before_a_change_brings_no_old_plan_back(database: TestDatabase) {
    for raised in [Raised::WithTheOutcome, Raised::Never] {
        let Some(mut redis) = RedisServer::start().await else {
            return;
        };
        let corner = Corner::on(redis.url());
        let stand = Stand::start(&database, Some(&corner)).await;
        stand.fill().await;
        redis.run(&[&["SAVE"]]).await;
        stand.begin(raised).await;
        stand.change().await;
        stand.replicas.iter().for_each(Replica::lose_redis);
        redis.kill().await;
        stand.end(raised).await;
        // Changed.
        redis.start_again().await;
        assert!(redis.entries().await > 0, "the dump was empty");
        for replica in &stand.replicas {
            replica.find_redis().await;
        }
        let seen = stand.shows_old().await;
        assert_eq!(seen, raised != Raised::WithTheOutcome, "{raised:?}");
    }
}
