//! Durability: a commit that was answered survives a crash of the machine, as the change protocol needs.

use crate::support::backends::{TestDatabase, on_postgres, on_sqlite};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_waits_for_the_disk() {
    on_sqlite(full_and_write_ahead).await;
}

async fn full_and_write_ahead(database: TestDatabase) {
    // 2 is FULL.
    assert_eq!(database.number("PRAGMA synchronous").await, 2);
    assert_eq!(database.text("PRAGMA journal_mode").await, "wal");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_waits_for_the_disk_whatever_its_default_is() {
    on_postgres(on_in_spite_of_the_default).await;
}

async fn on_in_spite_of_the_default(database: TestDatabase) {
    database
        .execute("ALTER ROLE CURRENT_USER SET synchronous_commit = off")
        .await;
    let fresh = database.narrow().await;
    let setting = fresh.text("SHOW synchronous_commit").await;
    database
        .execute("ALTER ROLE CURRENT_USER RESET synchronous_commit")
        .await;
    assert_eq!(setting, "on");
}
