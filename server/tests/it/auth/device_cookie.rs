//! A browser that has logged in keeps five tries of its own (A9).

use super::{PASSWORD, Rig, WRONG, code, command, id};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    problem::{
        Problem,
        ProblemCode::{self, AuthInvalid, AuthLocked},
    },
    ssr::{AuthPort, LoginOutcome},
};
use futures::future::join_all;

on_both_databases! {
    whoever_locks_the_id_does_not_lock_its_owner_out,
    a_known_browser_has_five_tries_and_locks_itself_only,
    five_passwords_are_evaluated_of_two_hundred_at_once_with_one_cookie,
    whoever_collected_cookies_has_forty_guesses_at_the_next_password,
    a_cookie_counts_for_its_own_id,
    a_success_in_a_known_browser_ends_the_run_of_failures_elsewhere,
    an_operator_unlocks_known_browsers_too,
}

const ROWS: &str = "SELECT COUNT(*) FROM auth_attempt";

/// A rig with one customer, and the cookie of the browser in which that customer has logged in.
async fn known_browser(database: TestDatabase) -> (Rig, String) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01010000001").await;
    let first = rig.log_in("minsu", PASSWORD).await.unwrap();
    (rig, first.device_cookie)
}

impl Rig {
    async fn log_in_with(&self, cookie: &str, password: &str) -> Result<LoginOutcome, Problem> {
        let mut command = command("minsu", password);
        command.device_cookie = Some(cookie.to_owned());
        self.auth.login(command).await
    }

    async fn wrong_with(&self, cookie: &str) -> Option<ProblemCode> {
        code(&self.log_in_with(cookie, WRONG).await)
    }

    /// The cookie of a browser that is not counted with that one: eight share the names.
    async fn other_browser(&self, cookie: &str) -> String {
        loop {
            let elsewhere = self.log_in("minsu", PASSWORD).await.unwrap();
            if elsewhere.device_cookie != cookie {
                return elsewhere.device_cookie;
            }
        }
    }

    async fn wrong(&self) -> Option<ProblemCode> {
        code(&self.log_in("minsu", WRONG).await)
    }
}

async fn whoever_locks_the_id_does_not_lock_its_owner_out(database: TestDatabase) {
    let (rig, cookie) = known_browser(database).await;
    for attempt in 1..=20 {
        let told = if attempt < 5 { AuthInvalid } else { AuthLocked };
        assert_eq!(rig.wrong().await, Some(told), "{attempt}");
    }
    let owner = rig.log_in_with(&cookie, PASSWORD).await.unwrap();
    assert_eq!(owner.device_cookie, cookie, "the browser keeps its name");
    // The lock holds for everybody else, and for browsers that know the password.
    assert_eq!(code(&rig.log_in("minsu", PASSWORD).await), Some(AuthLocked));
    rig.log_in_with(&cookie, PASSWORD).await.unwrap();
}

async fn a_known_browser_has_five_tries_and_locks_itself_only(database: TestDatabase) {
    let (rig, cookie) = known_browser(database).await;
    let before = rig.auth.password_checks();
    for attempt in 1..=7 {
        let told = if attempt < 5 { AuthInvalid } else { AuthLocked };
        assert_eq!(rig.wrong_with(&cookie).await, Some(told), "{attempt}");
    }
    assert_eq!(rig.auth.password_checks() - before, 5);
    let refused = rig.log_in_with(&cookie, PASSWORD).await;
    assert_eq!(code(&refused), Some(AuthLocked));
    let other = rig.other_browser(&cookie).await;
    // Neither lifts the other's lock.
    assert_eq!(rig.wrong_with(&cookie).await, Some(AuthLocked));
    rig.log_in_with(&other, PASSWORD).await.unwrap();
}

async fn whoever_collected_cookies_has_forty_guesses_at_the_next_password(database: TestDatabase) {
    let (rig, first) = known_browser(database).await;
    let mut collected = vec![first];
    for _ in 0..30 {
        collected.push(rig.log_in("minsu", PASSWORD).await.unwrap().device_cookie);
    }
    let before = rig.auth.password_checks();
    for cookie in &collected {
        for _ in 0..5 {
            assert!(rig.wrong_with(cookie).await.is_some());
        }
    }
    let evaluated = rig.auth.password_checks() - before;
    assert!(evaluated <= 40, "{evaluated}");
}

async fn five_passwords_are_evaluated_of_two_hundred_at_once_with_one_cookie(
    database: TestDatabase,
) {
    let (rig, cookie) = known_browser(database).await;
    let replicas = [rig.replica().await, rig.replica().await];
    let guesses = (0..200).map(|guess| {
        let auth = replicas[guess % 2].clone();
        let mut command = command("minsu", &format!("guess number {guess}"));
        command.device_cookie = Some(cookie.clone());
        tokio::spawn(async move { auth.login(command).await.map(|_| ()) })
    });
    join_all(guesses).await;
    let checks: u64 = replicas.iter().map(|auth| auth.password_checks()).sum();
    assert_eq!(checks, 5);
}

async fn a_cookie_counts_for_its_own_id(database: TestDatabase) {
    let (rig, cookie) = known_browser(database).await;
    rig.account("jiyoung", "01010000002").await;
    for user_id in ["jiyoung", "nobody"] {
        for _ in 0..5 {
            let mut guess = command(user_id, WRONG);
            guess.device_cookie = Some(cookie.clone());
            let _ = rig.auth.login(guess).await;
        }
        // They were counted as anybody's.
        let stranger = rig.log_in(user_id, WRONG).await;
        assert_eq!(code(&stranger), Some(AuthLocked), "{user_id}");
    }
    assert_eq!(rig.database.number(ROWS).await, 2);
}

async fn a_success_in_a_known_browser_ends_the_run_of_failures_elsewhere(database: TestDatabase) {
    let (rig, cookie) = known_browser(database).await;
    for _ in 0..2 {
        for _ in 0..4 {
            assert_eq!(rig.wrong().await, Some(AuthInvalid));
        }
        for _ in 0..4 {
            assert_eq!(rig.wrong_with(&cookie).await, Some(AuthInvalid));
        }
        rig.log_in_with(&cookie, PASSWORD).await.unwrap();
        assert_eq!(rig.database.number(ROWS).await, 0);
    }
}

async fn an_operator_unlocks_known_browsers_too(database: TestDatabase) {
    let (rig, cookie) = known_browser(database).await;
    rig.account("jiyoung", "01010000002").await;
    for _ in 0..5 {
        let _ = rig.wrong().await;
        let _ = rig.wrong_with(&cookie).await;
        let _ = rig.log_in("jiyoung", WRONG).await;
    }
    rig.accounts.unlock(&id("minsu")).await.unwrap();
    rig.log_in_with(&cookie, PASSWORD).await.unwrap();
    rig.log_in("minsu", PASSWORD).await.unwrap();
    let other = rig.log_in("jiyoung", PASSWORD).await;
    assert_eq!(code(&other), Some(AuthLocked));
}
