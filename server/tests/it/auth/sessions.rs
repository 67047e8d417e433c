//! The ends of sessions.

use super::{PASSWORD, Rig, code, command};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::Principal,
    problem::ProblemCode::{NotFound, RefreshInvalid, SessionEnded, TokenExpired},
    ssr::{AuthPort, LoginOutcome},
};
use server::config::AuthConfig;
use std::time::Duration;

on_both_databases! {
    a_logout_kills_access_and_refresh_at_once,
    half_an_hour_of_silence_ends_a_session,
    automatic_login_outlives_silence_but_not_the_day,
    an_access_token_expires_before_its_session,
    a_customer_lists_and_ends_own_sessions_only,
    a_customer_ends_every_other_session_at_once,
    last_seen_is_written_once_a_minute,
    a_customer_who_clicks_is_never_idle,
    a_session_that_ran_out_is_counted_no_longer,
    one_session_too_many_ends_the_oldest,
    logins_at_once_leave_no_more_than_the_limit,
}

/// Access tokens outlive every session, so that a test sees the session's end, not the token's.
pub(super) fn long_access(config: &mut AuthConfig) {
    config.access_ttl = Duration::from_secs(200_000);
}

async fn session(rig: &Rig, auto_login: bool) -> LoginOutcome {
    let mut command = command("minsu", PASSWORD);
    command.auto_login = auto_login;
    rig.auth.login(command).await.unwrap()
}

async fn a_logout_kills_access_and_refresh_at_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let outcome = session(&rig, false).await;
    let access = &outcome.tokens.access_token;
    rig.auth.authenticate(access).await.unwrap();
    rig.auth.logout(&outcome.principal).await.unwrap();
    assert_eq!(
        code(&rig.auth.authenticate(access).await),
        Some(SessionEnded)
    );
    let refreshed = rig.auth.refresh(&outcome.tokens.refresh_token, None).await;
    assert_eq!(code(&refreshed), Some(RefreshInvalid));
    // A second logout is no error: another tab may send it.
    rig.auth.logout(&outcome.principal).await.unwrap();
}

async fn half_an_hour_of_silence_ends_a_session(database: TestDatabase) {
    let rig = Rig::with(database, long_access).await;
    rig.account("minsu", "01012345678").await;
    let access = session(&rig, false).await.tokens.access_token;
    for _ in 0..3 {
        rig.clock.advance(Duration::from_secs(1_799));
        rig.auth.authenticate(&access).await.unwrap();
    }
    rig.clock.advance(Duration::from_secs(1_800));
    assert_eq!(
        code(&rig.auth.authenticate(&access).await),
        Some(SessionEnded)
    );
}

async fn automatic_login_outlives_silence_but_not_the_day(database: TestDatabase) {
    let rig = Rig::with(database, long_access).await;
    rig.account("minsu", "01012345678").await;
    let outcome = session(&rig, true).await;
    assert_eq!(
        outcome.tokens.expires_in, 86_400,
        "a token outlives its session"
    );
    let access = outcome.tokens.access_token;
    rig.clock.advance(Duration::from_secs(86_399));
    rig.auth.authenticate(&access).await.unwrap();
    rig.clock.advance(Duration::from_secs(1));
    assert_eq!(
        code(&rig.auth.authenticate(&access).await),
        Some(TokenExpired)
    );
    assert!(
        rig.auth
            .sessions(&outcome.principal)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn an_access_token_expires_before_its_session(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let outcome = session(&rig, false).await;
    rig.clock.advance(Duration::from_secs(1_000));
    rig.auth
        .authenticate(&outcome.tokens.access_token)
        .await
        .unwrap();
    rig.clock.advance(Duration::from_secs(800));
    let expired = rig.auth.authenticate(&outcome.tokens.access_token).await;
    assert_eq!(code(&expired), Some(TokenExpired));
    let pair = rig.auth.refresh(&outcome.tokens.refresh_token, None).await;
    let pair = pair.unwrap();
    rig.auth.authenticate(&pair.access_token).await.unwrap();
}

async fn a_customer_lists_and_ends_own_sessions_only(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    rig.account("jiyoung", "01087654321").await;
    let first = session(&rig, false).await;
    rig.clock.advance(Duration::from_secs(10));
    let second = session(&rig, true).await;
    let stranger = rig.log_in("jiyoung", PASSWORD).await.unwrap().principal;

    let ids = |listed: Vec<app::model::SessionInfo>| -> Vec<(String, bool)> {
        listed
            .into_iter()
            .map(|info| (info.session_id, info.current))
            .collect()
    };
    let own = |who: &Principal| who.session_id.clone();
    let listed = rig.auth.sessions(&first.principal).await.unwrap();
    assert_eq!(listed[0].device, "Chrome · Windows");
    assert_eq!(
        ids(listed),
        [
            (own(&second.principal), false),
            (own(&first.principal), true)
        ]
    );

    for unknown in [own(&second.principal), "nothing".into()] {
        let refused = rig.auth.end_session(&stranger, &unknown).await;
        assert_eq!(code(&refused), Some(NotFound));
    }
    rig.auth
        .end_session(&first.principal, &own(&second.principal))
        .await
        .unwrap();
    let ended = rig.auth.authenticate(&second.tokens.access_token).await;
    assert_eq!(code(&ended), Some(SessionEnded));
    let again = rig
        .auth
        .end_session(&first.principal, &own(&second.principal))
        .await;
    assert_eq!(code(&again), Some(NotFound));
    rig.auth
        .authenticate(&first.tokens.access_token)
        .await
        .unwrap();
}

async fn a_customer_ends_every_other_session_at_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    rig.account("jiyoung", "01087654321").await;
    let stranger = rig.log_in("jiyoung", PASSWORD).await.unwrap();
    let (own, first, second) = (
        session(&rig, false).await,
        session(&rig, false).await,
        session(&rig, true).await,
    );
    // Also what a replica remembers of them.
    for outcome in [&own, &first, &second, &stranger] {
        let access = &outcome.tokens.access_token;
        rig.auth.authenticate(access).await.unwrap();
    }
    // Pressed twice, there is nothing left to end.
    for _ in 0..2 {
        rig.auth.end_other_sessions(&own.principal).await.unwrap();
    }
    for (outcome, ended) in [
        (&own, None),
        (&stranger, None),
        (&first, Some(SessionEnded)),
        (&second, Some(SessionEnded)),
    ] {
        let access = rig.auth.authenticate(&outcome.tokens.access_token).await;
        assert_eq!(code(&access), ended);
    }
    let refreshed = rig.auth.refresh(&first.tokens.refresh_token, None).await;
    assert_eq!(code(&refreshed), Some(RefreshInvalid));
    let left = rig.auth.sessions(&own.principal).await.unwrap();
    assert!(left.len() == 1 && left[0].current, "{left:?}");
}

async fn last_seen_is_written_once_a_minute(database: TestDatabase) {
    const SEEN: &str = "SELECT last_seen_at FROM auth_session";
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let access = session(&rig, false).await.tokens.access_token;
    let start = rig.database.number(SEEN).await;
    for second in 1..=130_i64 {
        rig.clock.advance(Duration::from_secs(1));
        rig.auth.authenticate(&access).await.unwrap();
        assert_eq!(
            rig.database.number(SEEN).await - start,
            second / 60 * 60_000
        );
    }
}

fn short_idle(config: &mut AuthConfig) {
    config.idle_ttl = Duration::from_secs(60);
    long_access(config);
}

async fn a_customer_who_clicks_is_never_idle(database: TestDatabase) {
    let rig = Rig::with(database, short_idle).await;
    rig.account("minsu", "01012345678").await;
    let access = session(&rig, false).await.tokens.access_token;
    for click in 1..=36 {
        rig.clock.advance(Duration::from_secs(5));
        let who = rig.auth.authenticate(&access).await;
        assert_eq!(code(&who), None, "{} s", click * 5);
    }
    rig.clock.advance(Duration::from_secs(60));
    let idle = rig.auth.authenticate(&access).await;
    assert_eq!(code(&idle), Some(SessionEnded));
}

async fn a_session_that_ran_out_is_counted_no_longer(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    session(&rig, false).await;
    session(&rig, true).await;
    for (after, live) in [(1_799, 2), (2, 1), (84_599, 0)] {
        rig.clock.advance(Duration::from_secs(after));
        assert_eq!(rig.auth.live_sessions().await.unwrap(), live, "{after} s");
    }
}

fn two_at_most(config: &mut AuthConfig) {
    config.max_sessions = Some(2);
    config.access_ttl = Duration::from_secs(200_000);
}

async fn one_session_too_many_ends_the_oldest(database: TestDatabase) {
    let rig = Rig::with(database, two_at_most).await;
    rig.account("minsu", "01012345678").await;
    rig.account("other", "01023456789").await;
    let other = rig.log_in("other", PASSWORD).await.unwrap();
    let mut sessions = Vec::new();
    for _ in 0..3 {
        sessions.push(session(&rig, true).await);
        rig.clock.advance(Duration::from_secs(10));
    }
    let [first, second, third] = sessions.try_into().unwrap_or_else(|_| unreachable!());
    let ended = rig.auth.authenticate(&first.tokens.access_token).await;
    assert_eq!(code(&ended), Some(SessionEnded));
    let refreshed = rig.auth.refresh(&first.tokens.refresh_token, None).await;
    assert_eq!(code(&refreshed), Some(RefreshInvalid));
    for kept in [&second, &third, &other] {
        rig.auth
            .authenticate(&kept.tokens.access_token)
            .await
            .unwrap();
    }
    // A session idle for too long does not count, even if it is the youngest.
    let silent = session(&rig, false).await;
    rig.clock.advance(Duration::from_secs(1_801));
    session(&rig, true).await;
    rig.auth
        .authenticate(&third.tokens.access_token)
        .await
        .unwrap();
    let over = rig.auth.authenticate(&silent.tokens.access_token).await;
    assert_eq!(code(&over), Some(SessionEnded));
}

async fn logins_at_once_leave_no_more_than_the_limit(database: TestDatabase) {
    let rig = Rig::with(database, two_at_most).await;
    rig.account("minsu", "01012345678").await;
    let replicas = [rig.replica().await, rig.replica().await];
    // Only four: the fifth attempt in a row would set the lock.
    let logins = (0..4).map(|number| {
        let auth = replicas[number % 2].clone();
        tokio::spawn(async move { auth.login(command("minsu", PASSWORD)).await })
    });
    for login in futures::future::join_all(logins).await {
        login.unwrap().unwrap();
    }
    let live = rig
        .database
        .number("SELECT count(*) FROM auth_session WHERE ended_at IS NULL")
        .await;
    assert_eq!(live, 2);
}
