//! The lock: exactly five passwords, then half an hour of refusals, for known and unknown ids alike.

use super::{PASSWORD, Rig, WRONG, code, command, id};
use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use app::{
    problem::ProblemCode::{AuthBusy, AuthInvalid, AuthLocked, Internal},
    ssr::AuthPort,
};
use futures::{future::join_all, poll};
use std::pin::pin;

on_both_databases! {
    five_passwords_are_evaluated_of_two_hundred_at_once,
    the_fifth_failure_and_everything_after_it_is_locked,
    a_right_password_is_refused_while_locked,
    the_fifth_password_may_be_right,
    a_lock_that_is_over_starts_the_count_again,
    a_success_starts_the_count_again,
    unknown_wrong_and_disabled_ids_are_answered_alike,
    right_passwords_at_once_all_get_in,
    a_login_that_is_left_stays_counted,
    a_check_that_fails_stays_counted,
    a_right_password_locks_nobody_out_while_no_session_can_be_kept,
    a_full_queue_counts_nothing,
    an_id_keeps_its_row_across_releases,
}

const AGE: &str = "UPDATE auth_attempt SET locked_until = locked_until - 1800000";
const FAILURES: &str = "SELECT COALESCE(MAX(failures), 0) FROM auth_attempt";

async fn five_passwords_are_evaluated_of_two_hundred_at_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let replicas = [
        rig.replica().await,
        rig.replica().await,
        rig.replica().await,
    ];
    for round in 0..20 {
        let user_id = format!("user{round:02}");
        // Every other id is unknown.
        if round % 2 == 0 {
            let line = format!("010100000{round:02}");
            rig.account(&user_id, &line).await;
        }
        let checks = || {
            replicas
                .iter()
                .map(|auth| auth.password_checks())
                .sum::<u64>()
        };
        let before = checks();
        let guesses = (0..200).map(|guess| {
            let auth = replicas[guess % replicas.len()].clone();
            let command = command(&user_id, &format!("guess number {guess}"));
            tokio::spawn(async move { code(&auth.login(command).await) })
        });
        let answers: Vec<_> = join_all(guesses)
            .await
            .into_iter()
            .map(Result::unwrap)
            .collect();
        assert_eq!(checks() - before, 5, "round {round}");
        let count = |wanted| answers.iter().filter(|code| **code == Some(wanted)).count();
        assert_eq!(
            (count(AuthInvalid), count(AuthLocked)),
            (4, 196),
            "round {round}"
        );
    }
}

async fn the_fifth_failure_and_everything_after_it_is_locked(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for _ in 0..4 {
        assert_eq!(code(&rig.log_in("minsu", WRONG).await), Some(AuthInvalid));
    }
    for _ in 0..3 {
        let problem = rig.log_in("minsu", WRONG).await.map(|_| ()).unwrap_err();
        assert_eq!(problem.code(), AuthLocked);
        let left = problem.retry_after.unwrap();
        assert!((1_790..=1_800).contains(&left), "{left}");
    }
    assert_eq!(rig.auth.password_checks(), 5);
}

async fn a_right_password_is_refused_while_locked(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for _ in 0..5 {
        let _ = rig.log_in("minsu", WRONG).await;
    }
    assert_eq!(code(&rig.log_in("minsu", PASSWORD).await), Some(AuthLocked));
    assert_eq!(rig.auth.password_checks(), 5);
    // The lock holds for that id only.
    rig.account("jiyoung", "01010000002").await;
    rig.log_in("jiyoung", PASSWORD).await.unwrap();
    // An operator lifts it.
    rig.accounts.unlock(&id("minsu")).await.unwrap();
    rig.log_in("minsu", PASSWORD).await.unwrap();
}

async fn the_fifth_password_may_be_right(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for _ in 0..4 {
        let _ = rig.log_in("minsu", WRONG).await;
    }
    rig.log_in("minsu", PASSWORD).await.unwrap();
    assert_eq!(rig.database.number(FAILURES).await, 0);
}

async fn a_lock_that_is_over_starts_the_count_again(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for _ in 0..7 {
        let _ = rig.log_in("minsu", WRONG).await;
    }
    rig.database.execute(AGE).await;
    for failures in 1..=4 {
        assert_eq!(code(&rig.log_in("minsu", WRONG).await), Some(AuthInvalid));
        assert_eq!(rig.database.number(FAILURES).await, failures);
    }
    assert_eq!(code(&rig.log_in("minsu", WRONG).await), Some(AuthLocked));
    rig.database.execute(AGE).await;
    rig.log_in("minsu", PASSWORD).await.unwrap();
}

async fn a_success_starts_the_count_again(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for _ in 0..3 {
        for _ in 0..4 {
            assert_eq!(code(&rig.log_in("minsu", WRONG).await), Some(AuthInvalid));
        }
        rig.log_in("minsu", PASSWORD).await.unwrap();
    }
}

async fn unknown_wrong_and_disabled_ids_are_answered_alike(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("known", "01010000001").await;
    rig.account("disabled", "01010000002").await;
    rig.accounts.lock(&id("disabled")).await.unwrap();
    let cases = [
        ("known", WRONG),
        ("unknown", PASSWORD),
        ("disabled", PASSWORD),
    ];
    for try_number in 1..=7 {
        let mut answers = Vec::new();
        for (user_id, password) in cases {
            let before = rig.auth.password_checks();
            let mut problem = rig.log_in(user_id, password).await.map(|_| ()).unwrap_err();
            let hashes = rig.auth.password_checks() - before;
            // Whole seconds may pass between two answers.
            problem.retry_after = problem.retry_after.map(|left| left.div_ceil(30) * 30);
            answers.push((problem, hashes));
        }
        assert_eq!(answers[0].0.code() == AuthLocked, try_number >= 5);
        assert!(
            answers.windows(2).all(|pair| pair[0] == pair[1]),
            "{answers:?}"
        );
    }
}

async fn right_passwords_at_once_all_get_in(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    let logins = (0..20).map(|_| {
        let auth = rig.auth.clone();
        tokio::spawn(async move { code(&auth.login(command("minsu", PASSWORD)).await) })
    });
    for answer in join_all(logins).await {
        assert_eq!(answer.unwrap(), None);
    }
}

async fn a_login_that_is_left_stays_counted(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    for left in 1..=4 {
        {
            let mut login = pin!(rig.log_in("minsu", WRONG));
            assert!(poll!(login.as_mut()).is_pending());
        }
        until("the attempt is counted", || async {
            rig.database.number(FAILURES).await >= left
        })
        .await;
    }
    assert_eq!(code(&rig.log_in("minsu", WRONG).await), Some(AuthLocked));
}

async fn a_check_that_fails_stays_counted(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    rig.database
        .execute("UPDATE auth_account SET password_hash = 'not a hash'")
        .await;
    assert_eq!(code(&rig.log_in("minsu", PASSWORD).await), Some(Internal));
    assert_eq!(rig.database.number(FAILURES).await, 1);
}

/// Stands for a full disk: rows can be changed and deleted, but none inserted.
async fn a_right_password_locks_nobody_out_while_no_session_can_be_kept(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("user01", "01010000001").await;
    let database = &rig.database;
    database
        .execute("ALTER TABLE auth_session RENAME TO kept_away")
        .await;
    for _ in 0..6 {
        assert_eq!(code(&rig.log_in("user01", PASSWORD).await), Some(Internal));
    }
    // Wrong passwords still count.
    assert_eq!(code(&rig.log_in("user01", WRONG).await), Some(AuthInvalid));
    assert_eq!(database.number(FAILURES).await, 1);
    database
        .execute("ALTER TABLE kept_away RENAME TO auth_session")
        .await;
    assert_eq!(code(&rig.log_in("user01", PASSWORD).await), None);
}

async fn a_full_queue_counts_nothing(database: TestDatabase) {
    let rig = Rig::with(database, |config| {
        config.hash_queue = 0;
        // Slow enough that the queue is full before the last login arrives.
        config.argon2_memory_kib = 8_192;
    })
    .await;
    let logins = (0..60).map(|number| {
        let auth = rig.auth.clone();
        let command = command(&format!("user{number:02}"), WRONG);
        tokio::spawn(async move { auth.login(command).await.map(|_| ()).unwrap_err() })
    });
    let answers: Vec<_> = join_all(logins)
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let busy = answers
        .iter()
        .filter(|problem| problem.code() == AuthBusy)
        .count();
    assert!(busy > 0, "the queue was never full");
    let retry = |problem: &&app::problem::Problem| problem.code() == AuthBusy;
    assert!(
        answers
            .iter()
            .filter(retry)
            .all(|problem| problem.retry_after == Some(1))
    );
    let counted = rig
        .database
        .number("SELECT COUNT(*) FROM auth_attempt")
        .await;
    assert_eq!(usize::try_from(counted).unwrap(), 60 - busy);
}

/// Known from `printf 'phonebill login id\0minsu' | openssl dgst -sha256 -hmac "$SECRET"`.
async fn an_id_keeps_its_row_across_releases(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let _ = rig.log_in("minsu", WRONG).await;
    assert_eq!(
        rig.database.text("SELECT id_hash FROM auth_attempt").await,
        "f65ff430290d686d5a136dc77380156cefd938691c715f7bf752f2a894881068"
    );
}
