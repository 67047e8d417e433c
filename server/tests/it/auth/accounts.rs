//! Accounts that an operator makes, and the demo accounts.

use super::{PASSWORD, Rig, code, command, id};
use crate::support::backends::{TestDatabase, on_both_databases};
use app::{
    model::Permission,
    problem::{
        Problem,
        ProblemCode::{AuthInvalid, AuthLocked, RefreshInvalid, SessionEnded},
    },
    ssr::{AuthPort, LoginOutcome},
};
use futures::future::join_all;
use server::auth::{AccountError, AccountStatus, DEMO_PASSWORD, DemoAccount, NewAccount};
use tokio::sync::Semaphore;

on_both_databases! {
    demo_accounts_are_made_once,
    demo_accounts_survive_two_replicas_starting_at_once,
    new_accounts_are_refused_with_a_reason,
    accounts_are_listed_with_their_state,
    another_password_takes_the_place_of_the_old_one_and_ends_its_sessions,
    no_login_with_the_old_password_outlives_another_one,
    no_login_outlives_the_lock_of_its_account,
}

fn demo() -> Vec<DemoAccount> {
    let account = |user_id: &str, lines: &[&str], permissions: &[Permission]| DemoAccount {
        user_id: id(user_id),
        user_name: "이서연".into(),
        customer_id: format!("CUST-{user_id}"),
        lines: lines.iter().map(|line| line.parse().unwrap()).collect(),
        permissions: permissions.to_vec(),
    };
    vec![
        account("demo01", &["01012345678", "01023456789"], &Permission::ALL),
        account("bill01", &["01034567890"], &[Permission::BillInquiry]),
        account("none01", &["01067890123"], &[]),
    ]
}

async fn demo_accounts_are_made_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.accounts.seed_demo(&demo()[..1]).await.unwrap();
    let first = rig.log_in("demo01", DEMO_PASSWORD).await.unwrap();
    rig.accounts
        .revoke(&id("demo01"), Permission::BillInquiry)
        .await
        .unwrap();
    rig.accounts.seed_demo(&demo()).await.unwrap();
    rig.accounts.seed_demo(&demo()).await.unwrap();
    let accounts = rig.accounts.list().await.unwrap();
    let ids: Vec<_> = accounts
        .iter()
        .map(|account| account.user.user_id.as_str())
        .collect();
    assert_eq!(ids, ["bill01", "demo01", "none01"]);
    assert_eq!(
        accounts[1].user.lines, first.principal.user.lines,
        "an account was made anew"
    );
    assert_eq!(accounts[1].user.permissions, [Permission::ProductChange]);
    assert!(accounts[2].user.permissions.is_empty());
    let lines: Vec<_> = first
        .principal
        .user
        .lines
        .iter()
        .map(|line| line.line_number.as_str())
        .collect();
    assert_eq!(
        lines,
        ["01012345678", "01023456789"],
        "not in the customer's order"
    );
    rig.log_in("none01", DEMO_PASSWORD).await.unwrap();
}

async fn demo_accounts_survive_two_replicas_starting_at_once(database: TestDatabase) {
    let rig = Rig::new(database).await;
    let (one, two) = (rig.accounts.clone(), rig.accounts.clone());
    let (demo, again) = (demo(), demo());
    let (one, two) = tokio::join!(
        tokio::spawn(async move { one.seed_demo(&demo).await }),
        tokio::spawn(async move { two.seed_demo(&again).await }),
    );
    one.unwrap().unwrap();
    two.unwrap().unwrap();
    assert_eq!(rig.accounts.list().await.unwrap().len(), 3);
}

async fn new_accounts_are_refused_with_a_reason(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let create = |user_id: &str, password: &str, line: &str| {
        let account = NewAccount {
            user_id: id(user_id),
            user_name: "박지훈".into(),
            customer_id: "C0000002".into(),
            password: password.into(),
            lines: vec![line.parse().unwrap()],
            permissions: vec![],
        };
        let accounts = rig.accounts.clone();
        async move { accounts.create(account).await }
    };
    let taken = create("minsu", PASSWORD, "01000000000").await;
    assert!(matches!(taken, Err(AccountError::IdTaken)), "{taken:?}");
    let line = create("jihun", PASSWORD, "01012345678").await;
    assert!(matches!(line, Err(AccountError::LineTaken)), "{line:?}");
    for weak in ["short", "password123", "xxjihunxx"] {
        let refused = create("jihun", weak, "01000000000").await;
        assert!(
            matches!(refused, Err(AccountError::WeakPassword(_))),
            "{refused:?}"
        );
    }
    let unknown = rig.accounts.lock(&id("nobody")).await;
    assert!(matches!(unknown, Err(AccountError::Unknown)), "{unknown:?}");
    // The refused accounts left nothing behind.
    assert_eq!(rig.accounts.list().await.unwrap().len(), 1);
    create("jihun", PASSWORD, "01000000000").await.unwrap();
}

async fn accounts_are_listed_with_their_state(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let status = async || rig.accounts.list().await.unwrap()[0].status;
    assert_eq!(status().await, AccountStatus::Active);
    rig.accounts.lock(&id("minsu")).await.unwrap();
    assert_eq!(status().await, AccountStatus::Locked);
    rig.accounts.unlock(&id("minsu")).await.unwrap();
    assert_eq!(status().await, AccountStatus::Active);
}

const OTHER: &str = "another horse 8";

async fn another_password_takes_the_place_of_the_old_one_and_ends_its_sessions(
    database: TestDatabase,
) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    rig.account("jihun", "01023456789").await;
    let minsu = rig.log_in("minsu", PASSWORD).await.unwrap();
    let jihun = rig.log_in("jihun", PASSWORD).await.unwrap();
    let set = async |user_id: &str, password: &str| {
        rig.accounts
            .set_password(&id(user_id), &password.into())
            .await
    };
    let weak = set("minsu", "short").await;
    assert!(
        matches!(weak, Err(AccountError::WeakPassword(_))),
        "{weak:?}"
    );
    let unknown = set("nobody", OTHER).await;
    assert!(matches!(unknown, Err(AccountError::Unknown)), "{unknown:?}");
    set("minsu", OTHER).await.unwrap();

    // A new replica has no session in memory.
    let auth = rig.replica().await;
    let authenticated = auth.authenticate(&minsu.tokens.access_token).await;
    assert_eq!(code(&authenticated), Some(SessionEnded));
    let refreshed = auth.refresh(&minsu.tokens.refresh_token, None).await;
    assert_eq!(code(&refreshed), Some(RefreshInvalid));
    let other = auth.authenticate(&jihun.tokens.access_token).await;
    assert_eq!(code(&other), None, "of another account");
    let reasons = "SELECT end_reason FROM auth_session WHERE ended_at IS NOT NULL";
    assert_eq!(rig.database.texts(reasons).await, ["PASSWORD_SET"]);

    assert_eq!(
        code(&rig.log_in("minsu", PASSWORD).await),
        Some(AuthInvalid)
    );
    rig.log_in("minsu", OTHER).await.unwrap();
    for _ in 0..5 {
        assert!(rig.log_in("minsu", PASSWORD).await.is_err());
    }
    set("minsu", PASSWORD).await.unwrap();
    let locked = rig.log_in("minsu", PASSWORD).await;
    assert_eq!(code(&locked), Some(AuthLocked), "a lock stays");
    rig.accounts.unlock(&id("minsu")).await.unwrap();
    rig.log_in("minsu", PASSWORD).await.unwrap();
}

/// A login verifies the password and then makes the session; the password may be replaced in between.
async fn no_login_with_the_old_password_outlives_another_one(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let replicas = [rig.replica().await, rig.replica().await];
    let mut passwords = (PASSWORD, OTHER);
    let mut let_in = 0;
    for round in 0..20 {
        let (old, new) = passwords;
        let (minsu, new_password) = (id("minsu"), new.into());
        let replace = rig.accounts.set_password(&minsu, &new_password);
        let logins = replicas.iter().chain(&replicas);
        let logins = logins.map(|replica| replica.login(command("minsu", old)));
        let (outcomes, replaced) = once_some_have_ended(round % 5, logins, replace).await;
        replaced.unwrap();
        let_in += all_have_ended(&rig, outcomes).await;
        rig.accounts.unlock(&minsu).await.unwrap();
        passwords = (new, old);
    }
    assert!(let_in >= 4 * 4, "{let_in} were let in");
}

/// The same for a lock: a session made beside it would outlive it.
async fn no_login_outlives_the_lock_of_its_account(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let replicas = [rig.replica().await, rig.replica().await];
    let mut let_in = 0;
    for round in 0..20 {
        let minsu = id("minsu");
        let lock = rig.accounts.lock(&minsu);
        let logins = replicas
            .iter()
            .map(|replica| replica.login(command("minsu", PASSWORD)));
        let (outcomes, locked) = once_some_have_ended(round % 3, logins, lock).await;
        locked.unwrap();
        rig.accounts.unlock(&minsu).await.unwrap();
        let_in += all_have_ended(&rig, outcomes).await;
    }
    assert!(let_in >= 6 * 2, "{let_in} were let in");
}

/// Runs `meanwhile` beside the logins, once `some` of them have ended: with all of them, sessions are
/// certain to be there; with fewer, the rest are in the middle of it.
async fn once_some_have_ended<T>(
    some: u32,
    logins: impl Iterator<Item = impl Future<Output = Result<LoginOutcome, Problem>>>,
    meanwhile: impl Future<Output = T>,
) -> (Vec<Result<LoginOutcome, Problem>>, T) {
    let ended = Semaphore::new(0);
    let logins = logins.map(async |login| {
        let outcome = login.await;
        ended.add_permits(1);
        outcome
    });
    let meanwhile = async {
        let _some = ended.acquire_many(some).await.unwrap();
        meanwhile.await
    };
    tokio::join!(join_all(logins), meanwhile)
}

/// Checks that no login's session is alive, and counts the logins.
async fn all_have_ended(rig: &Rig, outcomes: Vec<Result<LoginOutcome, Problem>>) -> usize {
    let mut let_in = 0;
    for outcome in outcomes.into_iter().flatten() {
        let access = outcome.tokens.access_token;
        let alive = rig.replica().await.authenticate(&access).await;
        assert_eq!(code(&alive), Some(SessionEnded));
        let_in += 1;
    }
    let_in
}
