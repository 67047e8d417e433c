//! Migrations: one job runs them; every other process can check that it has.

use crate::support::{
    backends::{TestDatabase, on_both_databases, on_postgres},
    wait::until,
};
use futures::future::join_all;
use server::db::{Schema, Target};
use sqlx::{AssertSqlSafe, Row};
use std::{collections::BTreeSet, time::Duration};

on_both_databases! {
    the_schema_is_behind_until_it_is_migrated,
    a_later_release_may_have_added_to_the_schema,
    a_migration_that_was_changed_is_not_ours,
    what_is_kept_for_ever_is_found_by_an_index,
    sessions_and_their_tokens_outlive_a_longer_list_of_reasons,
}

async fn the_schema_is_behind_until_it_is_migrated(database: TestDatabase) {
    let Schema::Behind(missing) = database.db.schema().await.unwrap() else {
        panic!("an empty database passes for current");
    };
    assert!(missing.contains(&1), "{missing:?}");
    let database = database.migrated().await;
    assert_eq!(database.db.schema().await.unwrap(), Schema::Current);
    database
        .execute("DELETE FROM _sqlx_migrations WHERE version = 20")
        .await;
    let behind = database.db.schema().await.unwrap();
    assert_eq!(behind, Schema::Behind(BTreeSet::from([20])));
    assert!(behind.to_string().contains("phonebill migrate"), "{behind}");
}

async fn a_later_release_may_have_added_to_the_schema(database: TestDatabase) {
    let database = database.migrated().await;
    database
        .execute(
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
             SELECT 9999, 'of a later release', success, checksum, 1
             FROM _sqlx_migrations WHERE version = 1",
        )
        .await;
    assert_eq!(database.db.schema().await.unwrap(), Schema::Current);
}

async fn a_migration_that_was_changed_is_not_ours(database: TestDatabase) {
    let database = database.migrated().await;
    database
        .execute(
            "UPDATE _sqlx_migrations SET checksum =
                 (SELECT checksum FROM _sqlx_migrations WHERE version = 2)
             WHERE version = 1",
        )
        .await;
    let different = database.db.schema().await.unwrap();
    assert_eq!(different, Schema::Different(BTreeSet::from([1])));
}

async fn what_is_kept_for_ever_is_found_by_an_index(database: TestDatabase) {
    let database = database.migrated().await;
    for (sql, index) in [
        (
            "SELECT 1 FROM product_change WHERE line_number = 'x' AND called_at >= 1",
            "product_change_of_line",
        ),
        (
            "SELECT 1 FROM product_change WHERE state = 'COMPLETED'
              ORDER BY requested_at, request_id LIMIT 500",
            "product_change_by_state",
        ),
        (
            "SELECT attempts FROM outbox WHERE state = 'WAITING' ORDER BY enqueued_at LIMIT 1000",
            "outbox_waiting_by_age",
        ),
    ] {
        let plan = plan(&database, sql).await;
        assert!(plan.contains(index), "{sql}\n{plan}");
    }
}

/// How the database would run it; PostgreSQL reads an empty table through no index unless told to.
async fn plan(database: &TestDatabase, sql: &str) -> String {
    let rows: Vec<String> = match database.db.read() {
        Target::Sqlite(pool) => {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let rows = sqlx::query(explain).fetch_all(pool).await.unwrap();
            rows.iter().map(|row| row.get("detail")).collect()
        }
        Target::Postgres(pool, _) => {
            let mut tx = pool.begin().await.unwrap();
            for off in ["enable_seqscan", "enable_bitmapscan", "enable_sort"] {
                let set = AssertSqlSafe(format!("SET LOCAL {off} = off"));
                sqlx::query(set).execute(&mut *tx).await.unwrap();
            }
            let explain = AssertSqlSafe(format!("EXPLAIN {sql}"));
            sqlx::query_scalar(explain)
                .fetch_all(&mut *tx)
                .await
                .unwrap()
        }
    };
    rows.join("\n")
}

/// On SQLite the table is rebuilt while refresh tokens refer to it.
async fn sessions_and_their_tokens_outlive_a_longer_list_of_reasons(database: TestDatabase) {
    let database = database.migrated().await;
    for sql in [
        "INSERT INTO auth_account
             (account_id, user_id, user_name, customer_id, password_hash, status, revision, created_at)
         VALUES ('a-1', 'minsu', 'x', 'c-1', 'x', 'ACTIVE', 1, 1)",
        "INSERT INTO auth_session
             (session_id, account_id, auto_login, device, created_at, last_seen_at, expires_at,
              ended_at, end_reason)
         VALUES ('s-1', 'a-1', TRUE, 'x', 1, 2, 3, NULL, NULL),
                ('s-2', 'a-1', FALSE, 'y', 4, 5, 6, 7, 'REMOVED')",
        "INSERT INTO auth_refresh (token_hash, session_id, created_at, expires_at)
         VALUES ('t-1', 's-1', 1, 3), ('t-2', 's-2', 4, 6)",
        "DELETE FROM _sqlx_migrations WHERE version = 23",
    ] {
        database.execute(sql).await;
    }
    let rows = "SELECT session_id || ' ' || account_id || ' ' || device || ' ' || created_at || ' '
                    || last_seen_at || ' ' || expires_at || ' ' || COALESCE(ended_at, 0) || ' '
                    || COALESCE(end_reason, '-')
                FROM auth_session WHERE auto_login = (session_id = 's-1') ORDER BY session_id";
    let before = database.texts(rows).await;
    assert_eq!(before, ["s-1 a-1 x 1 2 3 0 -", "s-2 a-1 y 4 5 6 7 REMOVED"]);

    let database = database.migrated().await;
    assert_eq!(database.texts(rows).await, before);
    let ended = "UPDATE auth_session SET end_reason = 'PASSWORD_SET' WHERE session_id = 's-1'";
    assert_eq!(database.execute(ended).await, 1);
    // A reason as an earlier release writes it.
    let as_before =
        "UPDATE auth_session SET end_reason = 'ACCOUNT_LOCKED' WHERE session_id = 's-1'";
    assert_eq!(database.execute(as_before).await, 1);
    for refused in [
        "UPDATE auth_session SET end_reason = 'BORED' WHERE session_id = 's-1'",
        "DELETE FROM auth_session WHERE session_id = 's-1'",
    ] {
        assert!(database.try_execute(refused).await.is_err(), "{refused}");
    }
}

/// PostgreSQL only: SQLite has no replicas.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn six_jobs_at_once_migrate_once() {
    on_postgres(six_jobs).await;
}

async fn six_jobs(database: TestDatabase) {
    let jobs = (0..6).map(|_| {
        let database = &database;
        async move { database.replica().await.migrate().await }
    });
    for job in join_all(jobs).await {
        job.unwrap();
    }
    assert_eq!(database.db.schema().await.unwrap(), Schema::Current);
}

/// PostgreSQL only: the job of another release may do more than the migrator that it has in common with ours.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_job_waits_for_the_one_that_is_running() {
    on_postgres(a_running_job).await;
}

async fn a_running_job(database: TestDatabase) {
    let mut running = database.db.begin_write().await.unwrap();
    let Target::Postgres(connection, _) = running.target() else {
        unreachable!();
    };
    sqlx::query("SELECT pg_advisory_xact_lock($1)")
        .bind(i64::from_be_bytes(*b"phonebil"))
        .execute(connection)
        .await
        .unwrap();
    let replica = database.replica().await;
    let job = tokio::spawn(async move { replica.migrate().await });
    let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
                   AND state = 'idle' AND query LIKE '%pg_try_advisory_lock%' AND pid <> pg_backend_pid()";
    until("the job asks for the lock", || async {
        database.number(waiting).await == 1
    })
    .await;
    assert!(!job.is_finished());
    let schema = database.db.schema().await.unwrap();
    assert!(matches!(schema, Schema::Behind(_)), "{schema:?}");
    running.commit().await.unwrap();
    job.await.unwrap().unwrap();
    assert_eq!(database.db.schema().await.unwrap(), Schema::Current);
}

/// PostgreSQL only: a migration that waits for a table lock would block every later query on the table.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_table_in_use_holds_a_migration_up_and_nobody_else() {
    on_postgres(a_table_in_use).await;
}

async fn a_table_in_use(database: TestDatabase) {
    let database = database.migrated().await;
    for undo in [
        "DELETE FROM _sqlx_migrations WHERE version = 20",
        "ALTER TABLE auth_refresh DROP COLUMN spent_by",
        "ALTER TABLE auth_refresh DROP COLUMN parent_hash",
    ] {
        database.execute(undo).await;
    }
    let mut reader = database.db.begin_write().await.unwrap();
    let Target::Postgres(connection, _) = reader.target() else {
        unreachable!();
    };
    sqlx::query("LOCK TABLE auth_refresh IN ACCESS SHARE MODE")
        .execute(connection)
        .await
        .unwrap();
    let replica = database.replica().await;
    let migration = tokio::spawn(async move { replica.migrate().await });
    // Longer than a migration's lock timeout, so that it has given up at least once.
    tokio::time::sleep(Duration::from_millis(2_500)).await;
    assert!(!migration.is_finished());
    reader.commit().await.unwrap();
    migration.await.unwrap().unwrap();
    assert_eq!(database.db.schema().await.unwrap(), Schema::Current);
}
