//! Database errors, classed by what a caller can do about them.

use crate::support::backends::{TestDatabase, on_both_databases, on_postgres};
use secrecy::ExposeSecret;
use server::{
    config::DatabaseConfig,
    db::{DbError, Target, Tx, connect},
};
use sqlx::{ConnectOptions, postgres::PgConnectOptions};
use std::{
    io::{Read, Write},
    net::TcpListener,
    time::Duration,
};

on_both_databases! {
    a_second_row_of_the_same_key_is_unique,
    values_that_break_a_rule_are_refused,
    a_wrong_statement_is_a_mistake_of_ours,
    a_closed_database_is_unavailable,
    a_held_lock_is_unavailable_in_time,
}

async fn try_execute(database: &TestDatabase, sql: &'static str) -> Result<u64, DbError> {
    Ok(database.try_execute(sql).await?)
}

async fn a_second_row_of_the_same_key_is_unique(database: TestDatabase) {
    const INSERT: &str = "INSERT INTO note (id) VALUES (1)";
    database
        .execute("CREATE TABLE note (id BIGINT PRIMARY KEY)")
        .await;
    try_execute(&database, INSERT).await.unwrap();
    let second = try_execute(&database, INSERT).await;
    assert!(matches!(second, Err(DbError::Unique(_))), "{second:?}");
}

async fn values_that_break_a_rule_are_refused(database: TestDatabase) {
    database
        .execute("CREATE TABLE note (id BIGINT NOT NULL CHECK (id > 0))")
        .await;
    for insert in [
        "INSERT INTO note (id) VALUES (0)",
        "INSERT INTO note (id) VALUES (NULL)",
    ] {
        let refused = try_execute(&database, insert).await;
        assert!(matches!(refused, Err(DbError::Refused(_))), "{refused:?}");
    }
}

async fn a_wrong_statement_is_a_mistake_of_ours(database: TestDatabase) {
    let wrong = try_execute(&database, "INSERT INTO nowhere (id) VALUES (1)").await;
    assert!(matches!(wrong, Err(DbError::Statement(_))), "{wrong:?}");
}

async fn a_closed_database_is_unavailable(database: TestDatabase) {
    database.db.close().await;
    let closed = try_execute(&database, "SELECT 1").await;
    assert!(matches!(closed, Err(DbError::Unavailable(_))), "{closed:?}");
    assert!(!database.db.answers().await);
}

async fn a_held_lock_is_unavailable_in_time(database: TestDatabase) {
    database
        .execute("CREATE TABLE note (id BIGINT PRIMARY KEY)")
        .await;
    let mut holder = database.db.begin_write().await.unwrap();
    const INSERT: &str = "INSERT INTO note (id) VALUES (1)";
    run(&mut holder, INSERT).await.unwrap();
    let impatient = TestDatabase {
        db: connect(&DatabaseConfig {
            acquire_timeout: Duration::from_millis(100),
            statement_timeout: Duration::from_millis(100),
            lock_timeout: Duration::from_millis(50),
            ..database.config.clone()
        })
        .await
        .unwrap(),
        config: database.config.clone(),
    };
    let waited = try_execute(&impatient, INSERT).await;
    assert!(matches!(waited, Err(DbError::Unavailable(_))), "{waited:?}");
    impatient.db.close().await;
    holder.commit().await.unwrap();
}

#[tokio::test]
async fn a_database_that_is_away_is_unavailable() {
    // A port without a listener: it was free a moment ago.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr();
    is_unavailable(port.unwrap().port()).await;
}

/// A balancer whose servers are gone accepts the connection, and hangs up or says so in its own words.
#[tokio::test]
async fn what_answers_in_the_databases_place_is_unavailable() {
    for answer in [&b""[..], b"no server is available"] {
        let balancer = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = balancer.local_addr().unwrap().port();
        std::thread::spawn(move || {
            for mut client in balancer.incoming().flatten() {
                // Read first: bytes that nobody read would make a reset of the end.
                let _ = client.read(&mut [0; 64]);
                let _ = client.write_all(answer);
            }
        });
        is_unavailable(port).await;
    }
}

async fn is_unavailable(port: u16) {
    let db = connect(&DatabaseConfig {
        url: format!("postgres://nobody@127.0.0.1:{port}/nothing").into(),
        max_connections: 1,
        acquire_timeout: Duration::from_millis(200),
        statement_timeout: Duration::from_millis(200),
        lock_timeout: Duration::from_millis(200),
        idle_in_transaction_timeout: Duration::from_millis(200),
    })
    .await
    .unwrap();
    let begin = db.begin_write().await.map(|_| ());
    assert!(matches!(begin, Err(DbError::Unavailable(_))), "{begin:?}");
    assert!(!db.answers().await);
}

#[tokio::test]
async fn a_database_that_lets_nobody_in_is_unavailable() {
    on_postgres(knock_as_a_stranger_and_at_the_wrong_door).await;
}

async fn knock_as_a_stranger_and_at_the_wrong_door(database: TestDatabase) {
    let right: PgConnectOptions = database.config.url.expose_secret().parse().unwrap();
    let stranger = right.clone().username("nobody_of_that_name");
    let nowhere = right.database("nothing_of_that_name");
    for (wrong, code) in [(stranger, "28000"), (nowhere, "3D000")] {
        let config = DatabaseConfig {
            url: wrong.to_url_lossy().to_string().into(),
            ..database.config.clone()
        };
        let db = connect(&config).await.unwrap();
        match db.begin_write().await.map(|_| ()) {
            Err(DbError::Unavailable(sqlx::Error::Database(error))) => {
                assert_eq!(error.code().as_deref(), Some(code));
            }
            other => panic!("{code}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn a_server_that_only_reads_is_unavailable() {
    on_postgres(write_where_nothing_may_be_written).await;
}

async fn write_where_nothing_may_be_written(database: TestDatabase) {
    let mut tx = database.db.begin_write().await.unwrap();
    let read_only = run(&mut tx, "SET TRANSACTION READ ONLY").await;
    assert!(read_only.is_ok(), "{read_only:?}");
    let refused = run(&mut tx, "CREATE TABLE note (id BIGINT)").await;
    assert!(
        matches!(refused, Err(DbError::Unavailable(_))),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_standby_is_unavailable_until_it_is_the_primary() {
    on_postgres(connect_to_a_standby).await;
}

/// What the server says of itself is found before what it would say.
async fn connect_to_a_standby(database: TestDatabase) {
    database
        .execute(
            "CREATE FUNCTION public.pg_is_in_recovery() RETURNS boolean LANGUAGE sql AS 'SELECT true'",
        )
        .await;
    database
        .execute(
            "DO 'BEGIN EXECUTE format(''ALTER DATABASE %I SET search_path = public, pg_catalog'',
                                      current_database()); END'",
        )
        .await;
    let db = connect(&DatabaseConfig {
        acquire_timeout: Duration::from_millis(300),
        ..database.config.clone()
    })
    .await
    .unwrap();
    let begin = db.begin_write().await.map(|_| ());
    assert!(matches!(begin, Err(DbError::Unavailable(_))), "{begin:?}");
    assert!(!db.answers().await, "it is not ready");
    database
        .execute("DROP FUNCTION public.pg_is_in_recovery()")
        .await;
    assert!(db.begin_write().await.is_ok());
    assert!(db.answers().await);
    db.close().await;
}

#[tokio::test]
async fn a_transaction_that_rests_for_too_long_is_unavailable_and_the_next_one_is_not() {
    on_postgres(rest_in_a_transaction).await;
}

async fn rest_in_a_transaction(database: TestDatabase) {
    let config = DatabaseConfig {
        idle_in_transaction_timeout: Duration::from_millis(50),
        ..database.config.clone()
    };
    let impatient = connect(&config).await.unwrap();
    let mut tx = impatient.begin_write().await.unwrap();
    assert!(run(&mut tx, "SELECT 1").await.is_ok());
    database.execute("SELECT pg_sleep(0.5)").await;
    let ended = run(&mut tx, "SELECT 1").await;
    assert!(matches!(ended, Err(DbError::Unavailable(_))), "{ended:?}");
    drop(tx);
    assert!(impatient.answers().await);
    impatient.close().await;
}

async fn run(tx: &mut Tx, sql: &'static str) -> Result<(), DbError> {
    match tx.target() {
        Target::Sqlite(connection) => sqlx::query(sql).execute(connection).await.map(|_| ())?,
        Target::Postgres(connection, _) => {
            sqlx::query(sql).execute(connection).await.map(|_| ())?;
        }
    }
    Ok(())
}
