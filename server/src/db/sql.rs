//! Statements and how they are dispatched.

/// One statement for both back ends. `$1`, `ON CONFLICT`, `RETURNING` and `BOOLEAN` read the same
/// on both, so most statements are [`Sql::same`].
#[derive(Clone, Copy, Debug)]
pub struct Sql {
    pub sqlite: &'static str,
    pub postgres: &'static str,
}

impl Sql {
    /// The same text for both.
    pub const fn same(text: &'static str) -> Self {
        Self {
            sqlite: text,
            postgres: text,
        }
    }
}

/// A statement in both forms, from pieces:
///
/// - `"…"`: text that is the same for both;
/// - `now`: the database's own clock in epoch milliseconds;
/// - `skip_locked`: passes over rows that another replica is taking at this moment; SQLite has one
///   writer;
/// - `("…", "…")`: text for SQLite, text for PostgreSQL;
/// - `[macro!()]`: text made by a macro.
///
/// `sql_now!("UPDATE t SET seen_at = ", now, " WHERE id = $1")`
macro_rules! sql_now {
    (@sqlite now) => { "CAST(unixepoch('subsec') * 1000 AS INTEGER)" };
    (@postgres now) => { "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)" };
    (@sqlite skip_locked) => { "" };
    (@postgres skip_locked) => { " FOR UPDATE SKIP LOCKED" };
    (@sqlite ($sqlite:literal, $postgres:literal)) => { $sqlite };
    (@postgres ($sqlite:literal, $postgres:literal)) => { $postgres };
    (@$database:ident [$text:expr]) => { $text };
    (@$database:ident $text:literal) => { $text };
    ($($piece:tt),+ $(,)?) => {
        $crate::db::Sql {
            sqlite: concat!($($crate::db::sql_now!(@sqlite $piece)),+),
            postgres: concat!($($crate::db::sql_now!(@postgres $piece)),+),
        }
    };
}

/// The database's own clock in epoch milliseconds. Decisions that replicas must agree on (locks,
/// leases, expiry) read it inside the statement; see [`sql_now`].
pub const NOW_MS: Sql = sql_now!("SELECT ", now);

/// Where a statement runs; the two sides are whatever sqlx executors the caller holds.
pub enum Target<S, P> {
    Sqlite(S),
    Postgres(P, super::Patience),
}

/// Runs a statement; returns the number of rows it touched.
macro_rules! execute {
    ($target:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $target {
            $crate::db::Target::Sqlite(executor) => sqlx::query($sql.sqlite)
                $(.bind($bind))*
                .execute(executor)
                .await
                .map(|done| done.rows_affected()),
            $crate::db::Target::Postgres(executor, patience) => patience
                .wait(sqlx::query($sql.postgres)$(.bind($bind))*.execute(executor))
                .await
                .map(|done| done.rows_affected()),
        }
        .map_err($crate::db::DbError::from)
    };
}

macro_rules! fetch {
    ($method:ident, $target:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $target {
            $crate::db::Target::Sqlite(executor) => {
                sqlx::query_as::<_, $row>($sql.sqlite)$(.bind($bind))*.$method(executor).await
            }
            $crate::db::Target::Postgres(executor, patience) => {
                patience
                    .wait(
                        sqlx::query_as::<_, $row>($sql.postgres)$(.bind($bind))*.$method(executor),
                    )
                    .await
            }
        }
        .map_err($crate::db::DbError::from)
    };
}

/// All rows of a statement.
macro_rules! fetch_all {
    ($($arguments:tt)*) => { $crate::db::fetch!(fetch_all, $($arguments)*) };
}

/// The one row of a statement.
macro_rules! fetch_one {
    ($($arguments:tt)*) => { $crate::db::fetch!(fetch_one, $($arguments)*) };
}

/// The row of a statement, if there is one.
macro_rules! fetch_optional {
    ($($arguments:tt)*) => { $crate::db::fetch!(fetch_optional, $($arguments)*) };
}

pub(crate) use {execute, fetch, fetch_all, fetch_one, fetch_optional, sql_now};
