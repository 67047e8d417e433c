//! Reading, writing and the database's clock.

use crate::support::{
    backends::{TestDatabase, on_both_databases},
    wait::until,
};
use server::db::Target;
use server::{clock::Clock, db::NOW_MS};

on_both_databases! {
    the_database_clock_counts_milliseconds,
    readers_see_what_was_written,
    a_reader_is_not_held_up_by_a_writer,
}

async fn database_now(database: &TestDatabase) -> i64 {
    let sql = NOW_MS;
    match database.db.read() {
        Target::Sqlite(pool) => sqlx::query_scalar(sql.sqlite).fetch_one(pool).await,
        Target::Postgres(pool, _) => sqlx::query_scalar(sql.postgres).fetch_one(pool).await,
    }
    .unwrap()
}

async fn the_database_clock_counts_milliseconds(database: TestDatabase) {
    let clock = Clock::system();
    let before = clock.now_ms();
    let first = database_now(&database).await;
    let after = clock.now_ms();
    // The test databases run on this machine; a millisecond is lost by rounding.
    assert!(
        (before - 1..=after + 1).contains(&first),
        "{before} {first} {after}"
    );
    until("the database's clock moves", || async {
        database_now(&database).await > first
    })
    .await;
}

async fn readers_see_what_was_written(database: TestDatabase) {
    database
        .execute("CREATE TABLE note (id BIGINT PRIMARY KEY)")
        .await;
    for written in 1..=50 {
        database
            .execute("INSERT INTO note SELECT COUNT(*) FROM note")
            .await;
        assert_eq!(database.number("SELECT COUNT(*) FROM note").await, written);
    }
}

async fn a_reader_is_not_held_up_by_a_writer(database: TestDatabase) {
    database
        .execute("CREATE TABLE note (id BIGINT PRIMARY KEY)")
        .await;
    let tx = database.db.begin_write().await.unwrap();
    assert_eq!(database.number("SELECT COUNT(*) FROM note").await, 0);
    assert!(database.db.answers().await);
    tx.commit().await.unwrap();
}
