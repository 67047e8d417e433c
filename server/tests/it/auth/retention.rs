//! Retention of sessions and attempts: what is too old is deleted, nothing else.

use super::{PASSWORD, Rig, WRONG, code};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{problem::ProblemCode::AuthLocked, ssr::AuthPort};
use server::{auth::RETAINED, clock::Clock, db::Retention, tasks::Tasks};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(86_400);

on_both_databases! {
    sessions_go_thirty_days_after_they_ran_out,
    attempts_go_after_a_week_but_never_a_standing_lock,
    more_than_a_batch_goes_in_one_run,
    two_replicas_that_forget_at_once_take_different_sessions,
}

fn retention(rig: &Rig, clock: &Clock) -> Retention {
    Retention::new(clock.clone(), Tasks::default()).of(&rig.database.db, RETAINED)
}

async fn sessions_go_thirty_days_after_they_ran_out(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let old = rig.log_in("minsu", PASSWORD).await.unwrap();
    rig.clock.advance(DAY);
    // The end of a session does not make it old: only its expiry counts.
    rig.auth.logout(&old.principal).await.unwrap();
    let retention = retention(&rig, &rig.clock);
    rig.clock.advance(DAY * 30);
    assert_eq!(retention.run().await.unwrap(), [0, 0]);
    let young = rig.log_in("minsu", PASSWORD).await.unwrap();
    rig.clock.advance(Duration::from_millis(1));
    assert_eq!(retention.run().await.unwrap(), [1, 0]);
    rig.auth
        .authenticate(&young.tokens.access_token)
        .await
        .unwrap();
    rig.auth
        .refresh(&young.tokens.refresh_token, None)
        .await
        .unwrap();
}

/// Attempts carry the database's time, so this test starts from the real time.
async fn attempts_go_after_a_week_but_never_a_standing_lock(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    assert!(rig.log_in("minsu", WRONG).await.is_err());
    for _ in 0..5 {
        assert!(rig.log_in("nobody", WRONG).await.is_err());
    }
    let clock = Clock::manual(Clock::system().now_ms());
    let retention = retention(&rig, &clock);
    clock.advance(DAY * 7 - Duration::from_secs(60));
    assert_eq!(retention.run().await.unwrap(), [0, 0]);
    let locked = rig.log_in("nobody", WRONG).await;
    assert_eq!(code(&locked), Some(AuthLocked));
    // The lock ends half an hour after the last attempt: past the week, but not a week ago.
    clock.advance(Duration::from_secs(600));
    assert_eq!(retention.run().await.unwrap(), [0, 1]);
    clock.advance(Duration::from_secs(1_800));
    assert_eq!(retention.run().await.unwrap(), [0, 1]);
}

async fn more_than_a_batch_goes_in_one_run(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    for _ in 0..501 {
        rig.log_in("minsu", PASSWORD).await.unwrap();
    }
    let retention = retention(&rig, &rig.clock);
    rig.clock.advance(DAY * 32);
    assert_eq!(retention.run().await.unwrap(), [501, 0]);
}

async fn two_replicas_that_forget_at_once_take_different_sessions(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let there = rig.database.replica().await;
    let retention = |db| Retention::new(Clock::system(), Tasks::default()).of(db, RETAINED);
    for _ in 0..4 {
        rig.database
            .execute(
                "WITH RECURSIVE old (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM old WHERE n < 1600)
                 INSERT INTO auth_session
                        (session_id, account_id, auto_login, device, created_at, last_seen_at, expires_at)
                 SELECT 'session-' || n, account_id, FALSE, '', 1, 1, 1 FROM old, auth_account",
            )
            .await;
        rig.database
            .execute(
                "INSERT INTO auth_refresh (token_hash, session_id, created_at, expires_at)
                 SELECT session_id, session_id, 1, 1 FROM auth_session",
            )
            .await;
        let (one, other) = (retention(&rig.database.db), retention(&there));
        let (one, other) = tokio::join!(one.run(), other.run());
        assert_eq!(one.unwrap()[0] + other.unwrap()[0], 1_600);
    }
    there.close().await;
}
