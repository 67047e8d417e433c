//! Sessions while the database is away, or only reads.

use super::{
    PASSWORD, Rig, code,
    sessions::long_access,
    shared_cache::{Shared, on_cache},
};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    problem::ProblemCode::{SessionEnded, Unavailable},
    ssr::{AuthPort, LoginOutcome},
};
use server::{auth::Auth, cache::MemoryCache, config::AuthConfig, db::Db};
use std::{sync::Arc, time::Duration};

on_both_databases! {
    without_the_database_nobody_is_let_in,
    without_the_database_a_shared_cache_stands_in_for_a_minute,
    the_minute_is_counted_from_the_last_look,
    nothing_stands_in_for_a_session_that_ran_out,
    a_database_that_only_reads_keeps_nobody_out,
}

async fn logged_in(rig: &Rig) -> LoginOutcome {
    rig.account("minsu", "01012345678").await;
    rig.log_in("minsu", PASSWORD).await.unwrap()
}

/// A replica on a shared cache, and a customer who has logged in.
async fn on_a_shared_cache(rig: &Rig) -> (Auth, LoginOutcome) {
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    (on_cache(rig, cache), logged_in(rig).await)
}

async fn the_minute_is_counted_from_the_last_look(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let (auth, outcome) = on_a_shared_cache(&rig).await;
    let access = &outcome.tokens.access_token;
    // Noted as seen by the login, looked up 55 seconds later.
    rig.clock.advance(Duration::from_secs(55));
    auth.authenticate(access).await.unwrap();
    rig.database.db.close().await;
    rig.clock.advance(Duration::from_secs(15));
    auth.authenticate(access).await.unwrap();
    rig.clock.advance(Duration::from_millis(44_900));
    auth.authenticate(access).await.unwrap();
    rig.clock.advance(Duration::from_millis(100));
    let asked = auth.authenticate(access).await;
    assert_eq!(code(&asked), Some(Unavailable));
}

fn idle_soon(config: &mut AuthConfig) {
    config.idle_ttl = Duration::from_secs(20);
}

async fn nothing_stands_in_for_a_session_that_ran_out(database: TestDatabase) {
    let rig = Rig::with(database, idle_soon).await;
    let (auth, outcome) = on_a_shared_cache(&rig).await;
    let access = &outcome.tokens.access_token;
    auth.authenticate(access).await.unwrap();
    rig.database.db.close().await;
    rig.clock.advance(Duration::from_secs(19));
    auth.authenticate(access).await.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let asked = auth.authenticate(access).await;
    assert_eq!(code(&asked), Some(Unavailable));
}

/// The cache is the replica's own.
async fn without_the_database_nobody_is_let_in(database: TestDatabase) {
    let mut rig = Rig::new(database).await;
    let cache = MemoryCache::new(100, rig.clock.clone());
    rig.auth = on_cache(&rig, Arc::new(cache));
    let outcome = logged_in(&rig).await;
    rig.database.db.close().await;
    rig.clock.advance(Duration::from_secs(1));
    let asked = rig.auth.authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&asked), Some(Unavailable));
    assert_eq!(
        code(&rig.log_in("minsu", PASSWORD).await),
        Some(Unavailable)
    );
    let refreshed = rig.auth.refresh(&outcome.tokens.refresh_token, None).await;
    assert_eq!(code(&refreshed), Some(Unavailable));
    assert_eq!(
        code(&rig.auth.logout(&outcome.principal).await),
        Some(Unavailable)
    );
}

async fn without_the_database_a_shared_cache_stands_in_for_a_minute(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    let auth = on_cache(&rig, cache.clone());
    let stays = logged_in(&rig).await;
    rig.account("jiyoung", "01087654321").await;
    let leaves = rig.log_in("jiyoung", PASSWORD).await.unwrap();
    for outcome in [&stays, &leaves] {
        auth.authenticate(&outcome.tokens.access_token)
            .await
            .unwrap();
    }
    let other = on_cache(&rig, cache);
    other.logout(&leaves.principal).await.unwrap();
    rig.database.db.close().await;
    rig.clock.advance(Duration::from_secs(59));
    let who = auth.authenticate(&stays.tokens.access_token).await.unwrap();
    assert_eq!(*who, stays.principal);
    let gone = auth.authenticate(&leaves.tokens.access_token).await;
    assert_eq!(code(&gone), Some(Unavailable));
    rig.clock.advance(Duration::from_secs(1));
    let asked = auth.authenticate(&stays.tokens.access_token).await;
    assert_eq!(code(&asked), Some(Unavailable));
}

/// A full disk, or a standby.
async fn a_database_that_only_reads_keeps_nobody_out(database: TestDatabase) {
    let rig = Rig::with(database, long_access).await;
    rig.account("minsu", "01012345678").await;
    let access = rig.log_in("minsu", PASSWORD).await.unwrap();
    let access = access.tokens.access_token;
    let refuse: &[&str] = match &rig.database.db {
        Db::Sqlite { .. } => &["CREATE TRIGGER frozen BEFORE UPDATE ON auth_session
              BEGIN SELECT RAISE(ABORT, 'full'); END"],
        Db::Postgres(..) => &[
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql
              AS 'BEGIN RAISE read_only_sql_transaction; END'",
            "CREATE TRIGGER frozen BEFORE UPDATE ON auth_session
              FOR EACH ROW EXECUTE FUNCTION refuse()",
        ],
    };
    for statement in refuse {
        rig.database.execute(*statement).await;
    }
    for _ in 0..29 {
        rig.clock.advance(Duration::from_secs(60));
        rig.auth.authenticate(&access).await.unwrap();
    }
    // The time last seen could not be written, so the session counts as idle.
    rig.clock.advance(Duration::from_secs(60));
    let idle = rig.auth.authenticate(&access).await;
    assert_eq!(code(&idle), Some(SessionEnded));
}
