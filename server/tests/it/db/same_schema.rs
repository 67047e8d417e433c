//! Both databases have the same tables with the same columns.

use crate::support::backends::{TestDatabase, on_postgres};
use std::collections::BTreeSet;

const OF_SQLITE: &str = "SELECT one.name || '.' || columns.name
       FROM sqlite_master AS one JOIN pragma_table_info(one.name) AS columns
      WHERE one.type = 'table' AND one.name <> '_sqlx_migrations' AND one.name NOT LIKE 'sqlite_%'";
const OF_POSTGRES: &str = "SELECT table_name || '.' || column_name
       FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'";
const MIGRATIONS: &str = "SELECT CAST(version AS TEXT) || ' ' || description FROM _sqlx_migrations";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn migrations_tables_and_columns_are_the_same() {
    on_postgres(compare).await;
}

async fn compare(postgres: TestDatabase) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("test.db").display());
    let sqlite = TestDatabase::open(url).await.migrated().await;
    let postgres = postgres.migrated().await;
    let set = |texts: Vec<String>| texts.into_iter().collect::<BTreeSet<_>>();

    let columns = set(sqlite.texts(OF_SQLITE).await);
    assert!(columns.contains("auth_account.account_id"), "{columns:?}");
    assert_eq!(columns, set(postgres.texts(OF_POSTGRES).await));
    assert_eq!(
        set(sqlite.texts(MIGRATIONS).await),
        set(postgres.texts(MIGRATIONS).await)
    );
}
