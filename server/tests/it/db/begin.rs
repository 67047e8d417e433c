//! Abandoned transactions: none may outlive its connection's return to the pool.
//!
//! With sqlx 0.9.0 a cancelled `begin` leaves PostgreSQL inside a transaction, and every later
//! write through that connection answers Ok and is lost (`docs/adr/0004`). The pools of
//! `db::connect` are guarded; the tests also show that an unguarded pool fails here.

use crate::support::backends::{TestDatabase, on_both_databases};
use futures::poll;
use secrecy::ExposeSecret;
use server::db::{Db, Target};
use sqlx::{Acquire, Connection, Executor, PgPool, SqlitePool, postgres::PgPoolOptions};
use std::{future::poll_fn, pin::pin, task::Poll};

on_both_databases! {
    a_cancelled_begin_poisons_nothing,
    a_begin_cancelled_anywhere_poisons_nothing,
    a_transaction_left_open_poisons_nothing,
    a_transaction_the_database_ended_poisons_nothing,
    a_dropped_transaction_rolls_back,
    a_committed_transaction_is_seen_by_readers,
}

const ROUNDS: i64 = 20;

async fn with_table(database: &TestDatabase) {
    database
        .execute("CREATE TABLE note (id BIGINT PRIMARY KEY)")
        .await;
}

/// Starts `BEGIN` on a connection of the writing pool and cancels it while it is on the wire, unless
/// the database was quicker.
async fn cancel_begin(db: &Db) {
    match db {
        Db::Sqlite { write, .. } => {
            let mut connection = write.acquire().await.unwrap();
            let mut begin = pin!(Connection::begin_with(&mut *connection, "BEGIN IMMEDIATE"));
            let _ = poll!(begin.as_mut());
        }
        Db::Postgres(pool, _) => {
            cancel_postgres_begin(pool).await;
        }
    }
}

/// Whether the cancellation came in time.
async fn cancel_postgres_begin(pool: &PgPool) -> bool {
    let mut connection = pool.acquire().await.unwrap();
    let mut begin = pin!(connection.begin());
    poll!(begin.as_mut()).is_pending()
}

/// Polls the future until it has been pending `pending` times, or is done; then drops it.
async fn leave_at(pending: i64, future: impl Future) {
    let mut future = pin!(future);
    let mut left = pending;
    poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Pending if left > 0 => {
            left -= 1;
            Poll::Pending
        }
        _ => Poll::Ready(()),
    })
    .await;
}

async fn insert(db: &Db, id: i64) {
    const INSERT: &str = "INSERT INTO note (id) VALUES ($1)";
    match db.write() {
        Target::Sqlite(pool) => {
            sqlx::query(INSERT).bind(id).execute(pool).await.unwrap();
        }
        Target::Postgres(pool, _) => {
            sqlx::query(INSERT).bind(id).execute(pool).await.unwrap();
        }
    }
}

/// Rows as another replica sees them.
async fn committed(database: &TestDatabase) -> i64 {
    let other = TestDatabase {
        db: database.replica().await,
        ..database.clone()
    };
    let count = other.number("SELECT COUNT(*) FROM note").await;
    other.db.close().await;
    count
}

async fn a_cancelled_begin_poisons_nothing(database: TestDatabase) {
    with_table(&database).await;
    let narrow = database.narrow().await;
    for id in 0..ROUNDS {
        cancel_begin(&narrow.db).await;
        insert(&narrow.db, id).await;
    }
    assert_eq!(committed(&database).await, ROUNDS);
    narrow.db.close().await;
}

async fn a_begin_cancelled_anywhere_poisons_nothing(database: TestDatabase) {
    with_table(&database).await;
    let narrow = database.narrow().await;
    for id in 0..ROUNDS {
        leave_at(id % 6, narrow.db.begin_write()).await;
        insert(&narrow.db, id).await;
    }
    assert_eq!(committed(&database).await, ROUNDS);
    narrow.db.close().await;
}

async fn leave_open_sqlite(pool: &SqlitePool) {
    let mut connection = pool.acquire().await.unwrap();
    connection.execute("BEGIN IMMEDIATE").await.unwrap();
}

async fn a_transaction_left_open_poisons_nothing(database: TestDatabase) {
    with_table(&database).await;
    let narrow = database.narrow().await;
    for id in 0..ROUNDS {
        match &narrow.db {
            Db::Sqlite { write, .. } => leave_open_sqlite(write).await,
            Db::Postgres(pool, _) => {
                let mut connection = pool.acquire().await.unwrap();
                connection.execute("BEGIN").await.unwrap();
            }
        }
        insert(&narrow.db, id).await;
    }
    assert_eq!(committed(&database).await, ROUNDS);
    narrow.db.close().await;
}

/// SQLite rolls back by itself when the disk is full or fails; sqlx then still believes in the
/// transaction and refuses every later one on that connection.
async fn a_transaction_the_database_ended_poisons_nothing(database: TestDatabase) {
    with_table(&database).await;
    let narrow = database.narrow().await;
    let mut tx = narrow.db.begin_write().await.unwrap();
    match tx.target() {
        Target::Sqlite(connection) => connection.execute("ROLLBACK").await.map(|_| ()),
        Target::Postgres(connection, _) => connection.execute("ROLLBACK").await.map(|_| ()),
    }
    .unwrap();
    drop(tx);
    narrow
        .db
        .begin_write()
        .await
        .unwrap()
        .commit()
        .await
        .unwrap();
    insert(&narrow.db, 1).await;
    assert_eq!(committed(&database).await, 1);
    narrow.db.close().await;
}

async fn insert_in_transaction(database: &TestDatabase, id: i64) -> server::db::Tx {
    const INSERT: &str = "INSERT INTO note (id) VALUES ($1)";
    let mut tx = database.db.begin_write().await.unwrap();
    match tx.target() {
        Target::Sqlite(connection) => {
            sqlx::query(INSERT)
                .bind(id)
                .execute(connection)
                .await
                .unwrap();
        }
        Target::Postgres(connection, _) => {
            sqlx::query(INSERT)
                .bind(id)
                .execute(connection)
                .await
                .unwrap();
        }
    }
    tx
}

async fn a_dropped_transaction_rolls_back(database: TestDatabase) {
    with_table(&database).await;
    drop(insert_in_transaction(&database, 1).await);
    assert_eq!(committed(&database).await, 0);
}

async fn a_committed_transaction_is_seen_by_readers(database: TestDatabase) {
    with_table(&database).await;
    let tx = insert_in_transaction(&database, 1).await;
    assert_eq!(
        committed(&database).await,
        0,
        "seen before it was committed"
    );
    tx.commit().await.unwrap();
    assert_eq!(committed(&database).await, 1);
}

mod planted {
    //! The same tests must fail on pools without the guard, or they prove nothing.

    use super::*;
    use crate::support::backends;
    use server::db::Patience;
    use std::time::Duration;

    #[tokio::test]
    async fn an_unguarded_postgres_pool_loses_writes() {
        backends::on_postgres(unguarded_postgres).await;
    }

    async fn unguarded_postgres(database: TestDatabase) {
        with_table(&database).await;
        let url = database.config.url.expose_secret();
        let unguarded = PgPoolOptions::new()
            .max_connections(1)
            .connect(url)
            .await
            .unwrap();
        while !cancel_postgres_begin(&unguarded).await {}
        let long = Duration::from_secs(60);
        let patient = Patience::beyond(long, long);
        insert(&Db::Postgres(unguarded.clone(), patient), 1).await;
        assert_eq!(
            committed(&database).await,
            0,
            "sqlx has the fix: drop the guard and adr 0004"
        );
        unguarded.close().await;
    }

    #[tokio::test]
    async fn an_unguarded_sqlite_pool_loses_writes() {
        backends::on_sqlite(unguarded_sqlite).await;
    }

    /// sqlx 0.9.0 itself ends a cancelled `begin` on SQLite; a transaction left open otherwise is
    /// what the guard is for there.
    async fn unguarded_sqlite(database: TestDatabase) {
        with_table(&database).await;
        let Db::Sqlite { write, read } = &database.db else {
            unreachable!("opened as SQLite");
        };
        let unguarded = sqlx::sqlite::SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(write.connect_options().as_ref().clone())
            .await
            .unwrap();
        leave_open_sqlite(&unguarded).await;
        let unguarded = Db::Sqlite {
            write: unguarded,
            read: read.clone(),
        };
        insert(&unguarded, 1).await;
        assert_eq!(committed(&database).await, 0);
        let Db::Sqlite { write, .. } = unguarded else {
            unreachable!("made as SQLite");
        };
        write.close().await;
    }
}
