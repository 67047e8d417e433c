//! Sessions over replicas: all notice a change within a second; caches decide nothing.

use super::{
    PASSWORD, Rig, SECRET, code, id,
    shared_cache::{Shared, on_cache, on_cache_by},
};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::{Permission, Principal},
    problem::ProblemCode::SessionEnded,
    ssr::{AuthPort, LoginOutcome},
};
use async_trait::async_trait;
use server::{
    auth::Auth,
    cache::{Cache, MemoryCache},
    clock::Clock,
    metrics::CacheMetrics,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

on_both_databases! {
    a_logout_reaches_every_replica_within_a_second,
    a_changed_permission_reaches_every_replica_within_a_second,
    a_locked_account_is_out_within_a_second,
    a_shared_cache_forgets_within_a_second_and_here_at_once,
    what_a_shared_cache_was_not_told_is_noticed_within_a_second,
    a_logout_during_a_fill_is_noticed_within_a_second,
    an_entry_of_somebody_else_is_a_miss,
    clocks_seconds_apart_delay_no_end,
}

async fn logged_in(rig: &Rig) -> LoginOutcome {
    rig.account("minsu", "01012345678").await;
    rig.log_in("minsu", PASSWORD).await.unwrap()
}

/// A shared cache whose first `put` is late: the customer logs out in between.
struct Late {
    cache: Shared,
    meanwhile: Mutex<Option<(Auth, Principal)>>,
}

#[async_trait]
impl Cache for Late {
    async fn get(&self, key: &str) -> Option<Vec<u8>> {
        self.cache.get(key).await
    }
    async fn put(&self, key: &str, value: &[u8], ttl: Duration) {
        let meanwhile = self.meanwhile.lock().unwrap().take();
        if let Some((auth, who)) = meanwhile {
            auth.logout(&who).await.unwrap();
        }
        self.cache.put(key, value, ttl).await;
    }
    async fn remove(&self, key: &str) {
        self.cache.remove(key).await;
    }
    fn shared(&self) -> bool {
        true
    }
    fn answers(&self) -> bool {
        true
    }
    fn metrics(&self) -> &CacheMetrics {
        self.cache.metrics()
    }
}

async fn a_logout_reaches_every_replica_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    let access = &outcome.tokens.access_token;
    let other = rig.replica().await;
    other.authenticate(access).await.unwrap();
    rig.auth.logout(&outcome.principal).await.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    assert_eq!(code(&other.authenticate(access).await), Some(SessionEnded));
}

async fn a_changed_permission_reaches_every_replica_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let access = logged_in(&rig).await.tokens.access_token;
    rig.accounts
        .revoke(&id("minsu"), Permission::ProductChange)
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let who = rig.auth.authenticate(&access).await.unwrap();
    assert_eq!(who.user.permissions, [Permission::BillInquiry]);
    rig.accounts
        .grant(&id("minsu"), Permission::ProductChange)
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let who = rig.auth.authenticate(&access).await.unwrap();
    assert_eq!(who.user.permissions, Permission::ALL);
}

async fn a_locked_account_is_out_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    rig.accounts.lock(&id("minsu")).await.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let refused = rig.auth.authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&refused), Some(SessionEnded));
    // Unlocking the account revives no session.
    rig.accounts.unlock(&id("minsu")).await.unwrap();
    let refused = rig.auth.authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&refused), Some(SessionEnded));
    rig.log_in("minsu", PASSWORD).await.unwrap();
}

async fn a_shared_cache_forgets_within_a_second_and_here_at_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    let replicas = [on_cache(&rig, cache.clone()), on_cache(&rig, cache)];
    for auth in &replicas {
        auth.authenticate(&outcome.tokens.access_token)
            .await
            .unwrap();
    }
    replicas[0].logout(&outcome.principal).await.unwrap();
    let here = replicas[0].authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&here), Some(SessionEnded));
    rig.clock.advance(Duration::from_secs(1));
    let there = replicas[1].authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&there), Some(SessionEnded));
}

/// Redis was away when the session ended, or came back with an old copy.
async fn what_a_shared_cache_was_not_told_is_noticed_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("jiyoung", "01087654321").await;
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    let auth = on_cache(&rig, cache.clone());
    let leaves = logged_in(&rig).await;
    let locked = rig.log_in("jiyoung", PASSWORD).await.unwrap();
    for outcome in [&leaves, &locked] {
        auth.authenticate(&outcome.tokens.access_token)
            .await
            .unwrap();
    }
    // Neither end reaches this cache.
    rig.auth.logout(&leaves.principal).await.unwrap();
    rig.accounts.lock(&id("jiyoung")).await.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    for outcome in [&leaves, &locked] {
        let asked = auth.authenticate(&outcome.tokens.access_token).await;
        assert_eq!(code(&asked), Some(SessionEnded));
    }
}

async fn a_logout_during_a_fill_is_noticed_within_a_second(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    let cache = Arc::new(Late {
        cache: Shared(MemoryCache::new(100, rig.clock.clone())),
        meanwhile: Mutex::new(Some((rig.auth.clone(), outcome.principal.clone()))),
    });
    let auth = on_cache(&rig, cache.clone());
    auth.authenticate(&outcome.tokens.access_token)
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(1));
    let refused = auth.authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&refused), Some(SessionEnded));
}

async fn an_entry_of_somebody_else_is_a_miss(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    rig.account("jiyoung", "01087654321").await;
    let stranger = rig.log_in("jiyoung", PASSWORD).await.unwrap();
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    let auth = on_cache(&rig, cache.clone());
    auth.authenticate(&stranger.tokens.access_token)
        .await
        .unwrap();
    let key = |session: &str| format!("session:{session}");
    let theirs = cache
        .get(&key(&stranger.principal.session_id))
        .await
        .unwrap();
    for poison in [theirs.as_slice(), b"", b"{}", SECRET.as_bytes()] {
        let own = key(&outcome.principal.session_id);
        cache.put(&own, poison, Duration::from_secs(60)).await;
        // Within a second, a session that was looked up is not looked up again.
        rig.clock.advance(Duration::from_secs(1));
        let who = auth
            .authenticate(&outcome.tokens.access_token)
            .await
            .unwrap();
        assert_eq!(*who, outcome.principal);
    }
}

async fn clocks_seconds_apart_delay_no_end(database: TestDatabase) {
    const APART: Duration = Duration::from_secs(5);
    let rig = Rig::new(database).await;
    let outcome = logged_in(&rig).await;
    let access = &outcome.tokens.access_token;
    let ahead = Clock::manual(rig.clock.now_ms() + 5_000);
    let cache = Arc::new(Shared(MemoryCache::new(100, rig.clock.clone())));
    let other = on_cache_by(&rig, &ahead, cache.clone());
    let auth = on_cache(&rig, cache);
    other.authenticate(access).await.unwrap();
    // Ended by a process without this cache: an operator's command, or Redis was away.
    rig.auth.logout(&outcome.principal).await.unwrap();
    rig.clock.advance(APART);
    ahead.advance(APART);
    for auth in [&auth, &other] {
        assert_eq!(code(&auth.authenticate(access).await), Some(SessionEnded));
    }
}
