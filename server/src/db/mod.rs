//! One database over two back ends.
//!
//! A statement is a constant [`Sql`], written once, in two forms only where the two really differ.
//! The macros [`execute`], [`fetch_all`], [`fetch_one`] and [`fetch_optional`] run it against a
//! [`Target`]: `db.read()`, `db.write()` or an open [`Tx`].
//!
//! Canonical columns keep the text equal: ids TEXT, instants BIGINT epoch milliseconds, money
//! BIGINT won, enums TEXT with CHECK, JSON as TEXT.

mod connect;
mod cursor;
mod error;
mod migrate;
mod patience;
mod retention;
mod sole_process;
mod sql;
mod tx;

pub use connect::{Db, connect, connect_probe};
pub use cursor::{HistorySlice, Keyset};
pub use error::DbError;
pub use migrate::{MigrationError, Schema};
pub use patience::Patience;
pub use retention::{Retained, Retention};
pub use sole_process::{NotAlone, SoleProcess};
pub use sql::{NOW_MS, Sql, Target};
pub use tx::Tx;

pub(crate) use sql::{execute, fetch, fetch_all, fetch_one, fetch_optional, sql_now};
