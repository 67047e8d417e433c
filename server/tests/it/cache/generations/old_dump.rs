//! Redis restarts with a dump from before a change of plan.

use super::stand::{Raised, Replica, Stand};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    redis::Corner,
    redis_server::RedisServer,
};

on_both_databases! {
    a_dump_from_before_a_change_brings_no_old_plan_back,
}

/// The dump that Redis restarts with.
#[derive(Clone, Copy, Debug)]
enum Kept {
    OldDump,
    Nothing,
}

/// Whether the old plan is shown by replicas that lived through the restart, and by new ones, which
/// know only what is in Redis.
async fn who_shows_the_old_plan(
    database: &TestDatabase,
    raised: Raised,
    kept: Kept,
) -> Option<(bool, bool)> {
    let mut redis = RedisServer::start().await?;
    let corner = Corner::on(redis.url());
    let stand = Stand::start(database, Some(&corner)).await;
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
    if let Kept::Nothing = kept {
        redis.run(&[&["FLUSHALL"]]).await;
    }
    for replica in &stand.replicas {
        replica.find_redis().await;
    }
    let old_ones = stand.shows_old().await;
    let stand = stand.with_new_replicas(&corner).await;
    Some((old_ones, stand.shows_old().await))
}

async fn a_dump_from_before_a_change_brings_no_old_plan_back(database: TestDatabase) {
    for (raised, kept, expected) in [
        (Raised::WithTheOutcome, Kept::OldDump, (false, false)),
        // Without generations, the dump deceives even new replicas …
        (Raised::Never, Kept::OldDump, (true, true)),
        // … and only the dump does.
        (Raised::Never, Kept::Nothing, (true, false)),
    ] {
        let Some(shown) = who_shows_the_old_plan(&database, raised, kept).await else {
            return;
        };
        assert_eq!(shown, expected, "{raised:?}, {kept:?}");
    }
}
