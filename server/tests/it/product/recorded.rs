//! Changes as an earlier process recorded them.

use super::{FROM, LINE, TO};
use crate::support::{backends::TestDatabase, customers::holder};
use sqlx::AssertSqlSafe;

/// A row of `product_change`; the default is a completed change of the first line of `demo01`.
pub(super) struct Recorded<'a> {
    pub(super) request_id: &'a str,
    pub(super) account_id: &'a str,
    pub(super) line_id: &'a str,
    pub(super) line_number: &'a str,
    pub(super) key: &'a str,
    pub(super) state: &'a str,
    /// Milliseconds since 1970.
    pub(super) requested_at: i64,
    /// Milliseconds since 1970.
    pub(super) called_at: Option<i64>,
    /// Milliseconds since 1970.
    pub(super) processed_at: Option<i64>,
    /// A process that died, whose lease ran out long ago.
    pub(super) owner: Option<&'a str>,
}

impl Default for Recorded<'_> {
    fn default() -> Self {
        Self {
            request_id: "CHG-OLD",
            account_id: "demo01",
            line_id: "demo01-line-1",
            line_number: LINE,
            key: "key-old",
            state: "COMPLETED",
            requested_at: 1,
            called_at: None,
            processed_at: None,
            owner: None,
        }
    }
}

impl Recorded<'_> {
    pub(super) async fn insert(&self, database: &TestDatabase) {
        let instant = |at: Option<i64>| at.map_or("NULL".to_owned(), |at| at.to_string());
        let owner = self
            .owner
            .map_or("NULL".to_owned(), |owner| format!("'{owner}'"));
        let sql = format!(
            "INSERT INTO product_change
                 (request_id, account_id, customer_id, line_id, line_number, from_code, from_name,
                  to_code, to_name, idempotency_key, trace_id, state, requested_at, called_at,
                  processed_at, owner, owned_until)
             VALUES ('{}', '{}', '{}', '{}', '{}', '{FROM}', 'from', '{TO}', 'to', '{}', 'trace',
                     '{}', {}, {}, {}, {owner}, {})",
            self.request_id,
            self.account_id,
            holder(self.line_number),
            self.line_id,
            self.line_number,
            self.key,
            self.state,
            self.requested_at,
            instant(self.called_at),
            instant(self.processed_at),
            i64::from(self.owner.is_some()),
        );
        database.execute(AssertSqlSafe(sql)).await;
    }
}
