//! Refresh tokens: good once; a second use ends the session.

use super::{PASSWORD, Rig, START_MS, code, command};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    problem::ProblemCode::{RefreshInvalid, SessionEnded},
    ssr::{AuthPort, TokenPair},
};
use futures::future::join_all;
use server::clock::Clock;
use std::time::Duration;

on_both_databases! {
    a_refresh_gives_a_new_pair,
    one_of_fifty_at_once_wins,
    a_spent_token_ends_the_session,
    a_browser_whose_answer_was_lost_gets_another,
    what_was_made_for_a_lost_answer_is_dead,
    tabs_on_three_replicas_keep_the_session,
    what_another_replica_replaced_can_be_told,
    a_lost_answer_is_forgiven_by_a_replica_whose_clock_is_behind,
    a_session_that_has_run_out_is_not_stolen,
    tokens_that_never_were_end_nothing,
    a_token_dies_with_its_session,
    a_refresh_keeps_an_idle_session_only_in_time,
}

async fn tokens(rig: &Rig) -> TokenPair {
    rig.account("minsu", "01012345678").await;
    rig.log_in("minsu", PASSWORD).await.unwrap().tokens
}

async fn a_refresh_gives_a_new_pair(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let first = tokens(&rig).await;
    rig.clock.advance(Duration::from_secs(600));
    let second = rig.auth.refresh(&first.refresh_token, None).await.unwrap();
    assert_ne!(second.refresh_token, first.refresh_token);
    assert_ne!(second.access_token, first.access_token);
    assert_eq!(
        second.refresh_expires_in,
        86_400 - 600,
        "it outlives its session"
    );
    rig.auth.authenticate(&second.access_token).await.unwrap();
    rig.auth.refresh(&second.refresh_token, None).await.unwrap();
}

async fn one_of_fifty_at_once_wins(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let pair = tokens(&rig).await;
    let replicas = [
        rig.replica().await,
        rig.replica().await,
        rig.replica().await,
    ];
    let tries = (0..50).map(|number| {
        let auth = replicas[number % replicas.len()].clone();
        let token = pair.refresh_token.clone();
        tokio::spawn(async move { auth.refresh(&token, None).await })
    });
    let answers: Vec<_> = join_all(tries)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let won: Vec<_> = answers
        .iter()
        .filter_map(|answer| answer.as_ref().ok())
        .collect();
    assert_eq!(won.len(), 1);
    let lost = answers
        .iter()
        .filter(|answer| code(answer) == Some(RefreshInvalid))
        .count();
    assert_eq!(lost, 49);
    // Forty-nine calls presented a spent token, so the session has ended for the winner too.
    let after = rig.auth.refresh(&won[0].refresh_token, None).await;
    assert_eq!(code(&after), Some(RefreshInvalid));
}

async fn a_spent_token_ends_the_session(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let owner = tokens(&rig).await;
    let thief = rig.auth.refresh(&owner.refresh_token, None).await.unwrap();
    let other = rig.auth.login(command("minsu", PASSWORD)).await.unwrap();
    let reused = rig.auth.refresh(&owner.refresh_token, None).await;
    assert_eq!(code(&reused), Some(RefreshInvalid));
    assert_eq!(
        code(&rig.auth.refresh(&thief.refresh_token, None).await),
        Some(RefreshInvalid)
    );
    for token in [&owner.access_token, &thief.access_token] {
        assert_eq!(
            code(&rig.auth.authenticate(token).await),
            Some(SessionEnded)
        );
    }
    let reason = rig
        .database
        .text("SELECT MAX(end_reason) FROM auth_session")
        .await;
    assert_eq!(reason, "REFRESH_REUSED");
    // The customer's other session is a family of its own.
    rig.auth
        .authenticate(&other.tokens.access_token)
        .await
        .unwrap();
}

async fn tokens_that_never_were_end_nothing(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let pair = tokens(&rig).await;
    let unknown = rig.ids.token();
    let mut flipped = pair.refresh_token.clone();
    let last = if flipped.ends_with('A') { "E" } else { "A" };
    flipped.replace_range(42.., last);
    let long = "A".repeat(1 << 20);
    for wrong in ["", "x", &unknown, &flipped, &long, &pair.access_token] {
        assert_eq!(
            code(&rig.auth.refresh(wrong, None).await),
            Some(RefreshInvalid)
        );
    }
    rig.auth.refresh(&pair.refresh_token, None).await.unwrap();
}

async fn a_token_dies_with_its_session(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let mut command = command("minsu", PASSWORD);
    command.auto_login = true;
    let pair = rig.auth.login(command).await.unwrap().tokens;
    rig.clock.advance(Duration::from_secs(86_399));
    let pair = rig.auth.refresh(&pair.refresh_token, None).await.unwrap();
    assert_eq!((pair.expires_in, pair.refresh_expires_in), (1, 1));
    rig.clock.advance(Duration::from_secs(1));
    assert_eq!(
        code(&rig.auth.refresh(&pair.refresh_token, None).await),
        Some(RefreshInvalid)
    );
}

async fn a_refresh_keeps_an_idle_session_only_in_time(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let pair = tokens(&rig).await;
    rig.clock.advance(Duration::from_secs(1_799));
    let pair = rig.auth.refresh(&pair.refresh_token, None).await.unwrap();
    rig.clock.advance(Duration::from_secs(1_799));
    let pair = rig.auth.refresh(&pair.refresh_token, None).await.unwrap();
    rig.clock.advance(Duration::from_secs(1_800));
    assert_eq!(
        code(&rig.auth.refresh(&pair.refresh_token, None).await),
        Some(RefreshInvalid)
    );
}

const BROWSER: Option<&str> = Some("Mozilla/5.0 Chrome/140.0.0.0");

async fn a_browser_whose_answer_was_lost_gets_another(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let first = tokens(&rig).await.refresh_token;
    for lost in 0..3 {
        let answer = rig.auth.refresh(&first, BROWSER).await;
        assert!(answer.is_ok(), "{lost}");
        rig.clock.advance(Duration::from_secs(10));
    }
    let kept = rig.auth.refresh(&first, BROWSER).await.unwrap();
    rig.auth.authenticate(&kept.access_token).await.unwrap();
    let next = rig
        .auth
        .refresh(&kept.refresh_token, BROWSER)
        .await
        .unwrap();
    // Its successor has been used, so another use of the first token is theft.
    let late = rig.auth.refresh(&first, BROWSER).await;
    assert_eq!(code(&late), Some(RefreshInvalid));
    let after = rig.auth.refresh(&next.refresh_token, BROWSER).await;
    assert_eq!(code(&after), Some(RefreshInvalid), "the session has ended");
}

async fn what_was_made_for_a_lost_answer_is_dead(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    for (seconds, browser, forgiven) in [
        (30, BROWSER, true),
        (31, BROWSER, false),
        (1, Some("Mozilla/5.0 Firefox/140.0"), false),
        (1, None, false),
    ] {
        let login = rig.log_in("minsu", PASSWORD).await.unwrap();
        let first = login.tokens.refresh_token;
        let lost = rig.auth.refresh(&first, BROWSER).await.unwrap();
        rig.clock.advance(Duration::from_secs(seconds));
        let again = rig.auth.refresh(&first, browser).await;
        assert_eq!(again.is_ok(), forgiven, "{seconds} {browser:?}");
        // Whoever caught the lost answer is found out, and the session ends.
        let caught = rig.auth.refresh(&lost.refresh_token, BROWSER).await;
        assert_eq!(code(&caught), Some(RefreshInvalid));
        if let Ok(again) = again {
            let after = rig.auth.refresh(&again.refresh_token, BROWSER).await;
            assert_eq!(code(&after), Some(RefreshInvalid));
        }
    }
}

async fn tabs_on_three_replicas_keep_the_session(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let first = tokens(&rig).await.refresh_token;
    let replicas = [
        rig.replica().await,
        rig.replica().await,
        rig.replica().await,
    ];
    let tabs = (0..12).map(|number| {
        let auth = replicas[number % replicas.len()].clone();
        let token = first.clone();
        tokio::spawn(async move { auth.refresh(&token, BROWSER).await })
    });
    let answers: Vec<_> = join_all(tabs)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    assert!(answers.iter().all(Result::is_ok));
    let live = rig
        .database
        .number("SELECT count(*) FROM auth_refresh WHERE spent_at IS NULL")
        .await;
    assert_eq!(live, 1, "two branches");
}

/// So that a slow replica does not hand out a token that another one has killed.
async fn what_another_replica_replaced_can_be_told(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let first = tokens(&rig).await.refresh_token;
    let other = rig.replica().await;
    let can = async |token: &str| rig.auth.can_refresh(token).await.unwrap();
    assert!(can(&first).await);
    let slow = rig.auth.refresh(&first, BROWSER).await.unwrap();
    assert!(can(&slow.refresh_token).await);
    assert!(!can(&first).await, "spent");
    let quick = other.refresh(&first, BROWSER).await.unwrap();
    assert!(!can(&slow.refresh_token).await, "killed");
    assert!(can(&quick.refresh_token).await);
    assert!(!can("never made").await);
    // The question spends no token and ends no session.
    other.refresh(&quick.refresh_token, BROWSER).await.unwrap();
}

async fn a_lost_answer_is_forgiven_by_a_replica_whose_clock_is_behind(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let first = tokens(&rig).await.refresh_token;
    let ahead = rig.replica_by(&Clock::manual(START_MS + 3)).await;
    ahead.refresh(&first, BROWSER).await.unwrap();
    let kept = rig.auth.refresh(&first, BROWSER).await.unwrap();
    rig.auth.authenticate(&kept.access_token).await.unwrap();
}

/// Two tabs come back a day later with the cookie of an automatic login.
async fn a_session_that_has_run_out_is_not_stolen(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let mut command = command("minsu", PASSWORD);
    command.auto_login = true;
    let first = rig.auth.login(command).await.unwrap().tokens.refresh_token;
    let second = rig.auth.refresh(&first, BROWSER).await.unwrap();
    rig.clock.advance(Duration::from_secs(86_400));
    let second = second.refresh_token;
    for token in [&second, &second, &first] {
        let refused = rig.auth.refresh(token, BROWSER).await;
        assert_eq!(code(&refused), Some(RefreshInvalid));
    }
    let ended = "SELECT COUNT(*) FROM auth_session WHERE ended_at IS NOT NULL";
    assert_eq!(rig.database.number(ended).await, 0, "counted as a theft");
}
