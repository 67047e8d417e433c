//! Transactions that overlap, each held still at the worst moment. On PostgreSQL only: SQLite has one
//! writer at a time.

use super::{PASSWORD, Rig, code, command};
use crate::support::{
    backends::{TestDatabase, on_postgres},
    wait::until,
};
use app::{problem::ProblemCode::RefreshInvalid, ssr::AuthPort};
use server::{auth::Auth, db::Db};
use sqlx::{Executor, PgPool};

const BROWSER: Option<&str> = Some("Mozilla/5.0 Chrome/140.0.0.0");
const LIVE: &str = "SELECT count(*) FROM auth_session WHERE ended_at IS NULL";

fn pool(database: &TestDatabase) -> &PgPool {
    match &database.db {
        Db::Postgres(pool, _) => pool,
        Db::Sqlite { .. } => unreachable!(),
    }
}

/// Until that many statements wait for a lock.
async fn waiting(database: &TestDatabase, wanted: i64) {
    const WAITING: &str = "SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'";
    until("statements wait for a lock", || async {
        database.number(WAITING).await == wanted
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_successor_spent_during_its_replacement_is_a_reuse() {
    on_postgres(successor_spent_meanwhile).await;
}

async fn successor_spent_meanwhile(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    let login = rig.log_in("minsu", PASSWORD).await.unwrap();
    let first = login.tokens.refresh_token;
    rig.auth.refresh(&first, BROWSER).await.unwrap();
    let mut spending = pool(&rig.database).begin().await.unwrap();
    for statement in [
        "UPDATE auth_refresh SET spent_at = created_at WHERE spent_at IS NULL",
        "INSERT INTO auth_refresh (token_hash, session_id, created_at, expires_at)
         SELECT 'next', session_id, created_at, expires_at FROM auth_refresh LIMIT 1",
    ] {
        spending.execute(statement).await.unwrap();
    }
    let again = {
        let auth = rig.auth.clone();
        tokio::spawn(async move { auth.refresh(&first, BROWSER).await })
    };
    waiting(&rig.database, 1).await;
    spending.commit().await.unwrap();
    assert_eq!(code(&again.await.unwrap()), Some(RefreshInvalid));
    let reason = "SELECT COALESCE(MAX(end_reason), 'none') FROM auth_session";
    assert_eq!(rig.database.text(reason).await, "REFRESH_REUSED");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unlock_and_a_login_lock_in_one_order() {
    on_postgres(unlock_during_a_login).await;
}

async fn unlock_during_a_login(database: TestDatabase) {
    let rig = Rig::new(database).await;
    rig.account("minsu", "01012345678").await;
    // The two statements of an unlock.
    let mut unlock = pool(&rig.database).begin().await.unwrap();
    unlock
        .execute("UPDATE auth_account SET status = 'ACTIVE'")
        .await
        .unwrap();
    let login = {
        let auth = rig.auth.clone();
        tokio::spawn(async move { auth.login(command("minsu", PASSWORD)).await })
    };
    waiting(&rig.database, 1).await;
    unlock.execute("DELETE FROM auth_attempt").await.unwrap();
    unlock.commit().await.unwrap();
    login.await.unwrap().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn logins_of_one_account_take_turns() {
    on_postgres(logins_that_overlap).await;
}

async fn logins_that_overlap(database: TestDatabase) {
    let rig = Rig::with(database, |config| config.max_sessions = Some(2)).await;
    rig.account("minsu", "01012345678").await;
    rig.log_in("minsu", PASSWORD).await.unwrap();
    for statement in [
        "CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql
         AS 'BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NEW; END'",
        // At its commit, when it has counted the others.
        "CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON auth_session
         DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION gate()",
    ] {
        rig.database.execute(statement).await;
    }
    let mut gate = pool(&rig.database).begin().await.unwrap();
    gate.execute("SELECT pg_advisory_xact_lock(1)")
        .await
        .unwrap();
    let log_in =
        |auth: Auth| tokio::spawn(async move { auth.login(command("minsu", PASSWORD)).await });
    // Between its attempt and its session a login before it deletes the row of attempts.
    let mut permissions = pool(&rig.database).begin().await.unwrap();
    permissions
        .execute("LOCK TABLE auth_permission IN ACCESS EXCLUSIVE MODE")
        .await
        .unwrap();
    let second = log_in(rig.replica().await);
    waiting(&rig.database, 1).await;
    rig.database.execute("DELETE FROM auth_attempt").await;
    permissions.commit().await.unwrap();
    until("the second login is at its commit", || async {
        rig.database
            .number(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            )
            .await
            == 1
    })
    .await;
    let third = log_in(rig.replica().await);
    waiting(&rig.database, 2).await;
    gate.commit().await.unwrap();
    second.await.unwrap().unwrap();
    third.await.unwrap().unwrap();
    assert_eq!(rig.database.number(LIVE).await, 2);
}
