//! The outcome of a login, and what it stores.

use super::{PASSWORD, Rig, SECRET, WRONG, command, id};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{model::Permission, ssr::AuthPort};
use server::{
    auth::{Auth, UnusableSettings},
    cache::MemoryCache,
    tasks::Tasks,
};
use std::{sync::Arc, time::Duration};

on_both_databases! {
    a_login_says_who_it_is_and_for_how_long,
    weaker_hashes_are_renewed_at_login,
    raised_parameters_do_not_tell_known_ids_from_unknown_ones,
    unusable_settings_are_refused,
    secrets_are_stored_as_digests_only,
}

async fn a_login_says_who_it_is_and_for_how_long(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let mut command = command("minsu", PASSWORD);
    command.auto_login = true;
    let outcome = rig.auth.login(command).await.unwrap();
    let user = &outcome.principal.user;
    assert_eq!(user.user_id, "minsu");
    assert_eq!(user.user_name, "김민수");
    assert_eq!(user.permissions, Permission::ALL);
    assert_eq!(user.lines[0].line_number.as_str(), "01012345678");
    assert!(!user.lines[0].line_id.0.contains("1234"));
    let tokens = &outcome.tokens;
    assert_eq!(
        (tokens.expires_in, tokens.refresh_expires_in),
        (1_800, 86_400)
    );
    assert!(tokens.persistent);
    let seen = rig.auth.authenticate(&tokens.access_token).await.unwrap();
    assert_eq!(*seen, outcome.principal);
}

async fn weaker_hashes_are_renewed_at_login(database: TestDatabase) {
    const HASH: &str = "SELECT password_hash FROM auth_account";
    let mut rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let old = rig.database.text(HASH).await;
    assert!(old.starts_with("$argon2id$v=19$m=64,t=1,p=1$"), "{old}");

    rig.config.argon2_memory_kib = 128;
    let raised = rig.replica().await;
    let _ = raised.login(command("minsu", WRONG)).await;
    assert_eq!(
        rig.database.text(HASH).await,
        old,
        "renewed by a wrong password"
    );
    raised.login(command("minsu", PASSWORD)).await.unwrap();
    let renewed = rig.database.text(HASH).await;
    assert!(
        renewed.starts_with("$argon2id$v=19$m=128,t=1,p=1$"),
        "{renewed}"
    );

    // Lowered parameters do not weaken the stored hash, and it still verifies.
    rig.log_in("minsu", PASSWORD).await.unwrap();
    assert_eq!(rig.database.text(HASH).await, renewed);
}

/// Counted in KiB that argon2 fills, because nobody can rely on a measured time.
async fn raised_parameters_do_not_tell_known_ids_from_unknown_ones(database: TestDatabase) {
    let mut rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    rig.account("jihun", "01023456789").await;
    rig.accounts.lock(&id("jihun")).await.unwrap();
    for (memory, passes) in [(64, 3), (128, 1), (88, 4)] {
        rig.config.argon2_memory_kib = memory;
        rig.config.argon2_passes = passes;
        let raised = rig.replica().await;
        let work = async |user_id: &str| {
            let before = raised.password_work();
            assert!(raised.login(command(user_id, WRONG)).await.is_err());
            raised.password_work() - before
        };
        let whole = u64::from(memory * passes);
        for user_id in ["nobody", "minsu", "jihun"] {
            let work = work(user_id).await;
            assert_eq!(work, whole, "{user_id}: m={memory}, t={passes}");
        }
    }
}

async fn unusable_settings_are_refused(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let refused = |change: fn(&mut server::config::AuthConfig)| {
        let mut config = rig.config.clone();
        change(&mut config);
        let cache = Arc::new(MemoryCache::new(1, rig.clock.clone()));
        let ttl = Duration::from_secs(1);
        let (clock, ids) = (rig.clock.clone(), rig.ids.clone());
        let db = rig.database.db.clone();
        Auth::new(db, cache, ttl, &config, clock, ids, Tasks::default()).map(|_| ())
    };
    assert!(matches!(
        refused(|config| config.token_secret = "short".into()),
        Err(UnusableSettings::ShortSecret(32))
    ));
    assert!(matches!(
        refused(|config| config.argon2_memory_kib = 0),
        Err(UnusableSettings::Argon2(_))
    ));
    assert!(matches!(
        refused(|config| config.lock_after = 0),
        Err(UnusableSettings::LockAfter)
    ));
}

async fn secrets_are_stored_as_digests_only(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let _ = rig.log_in("minsu", WRONG).await;
    let attempt = rig.database.text("SELECT id_hash FROM auth_attempt").await;
    assert_eq!(attempt.len(), 64);
    let outcome = rig.log_in("minsu", PASSWORD).await.unwrap();
    let stored = rig
        .database
        .text("SELECT token_hash FROM auth_refresh")
        .await;
    assert_eq!(stored.len(), 64);
    assert_eq!(outcome.tokens.refresh_token.len(), 43);
    assert_ne!(stored, outcome.tokens.refresh_token);
    let access = &outcome.tokens.access_token;
    for personal in ["minsu", "01012345678", "C0000001", SECRET] {
        use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
        let payload = access.split('.').nth(1).unwrap();
        let payload = String::from_utf8(URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap();
        assert!(!payload.contains(personal), "{personal} is in the token");
    }
}
