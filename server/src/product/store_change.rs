//! The table `product_change`.
//!
//! Every write but the first names the owner it was made for: a worker that lost a change to
//! another replica updates no row. Leases, and the time since a change was sent, are measured by
//! the database's clock.

use super::{
    lifecycle::{State, open_states},
    ports::Parked,
    record::ChangeRecord,
    row::{ChangeRow, columns},
};
use crate::{
    clock::millis,
    db::{Db, DbError, HistorySlice, Sql, Tx, execute, fetch_all, fetch_optional, sql_now},
};
use app::model::{LineId, LineNumber, RequestId};
use std::time::Duration;

const INSERT: Sql = sql_now!(
    "INSERT INTO product_change
         (request_id, account_id, customer_id, line_id, line_number, from_code, from_name,
          to_code, to_name, idempotency_key, trace_id, state, requested_at, owner, owned_until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'INTENT', $12, $13, $14 + ",
    now,
    ") ON CONFLICT DO NOTHING"
);
const START_CALL: Sql = sql_now!(
    "UPDATE product_change SET state = 'CALLING', called_at = ",
    now,
    ", owned_until = $3 + ",
    now,
    " WHERE request_id = $1 AND owner = $2 AND state = 'INTENT'"
);
const WITHDRAW: Sql = Sql::same(
    "DELETE FROM product_change
      WHERE request_id = $1 AND owner = $2 AND state IN ('INTENT', 'CALLING')",
);
const TO_UNKNOWN: Sql = sql_now!(
    "UPDATE product_change
        SET state = 'UNKNOWN', owner = NULL, owned_until = 0, next_question_at = $3 + ",
    now,
    ", accepted_at = CASE WHEN $4 THEN ",
    now,
    " END
      WHERE request_id = $1 AND owner = $2 AND state = 'CALLING'"
);
const ASK_LATER: Sql = sql_now!(
    "UPDATE product_change SET owner = NULL, owned_until = 0, next_question_at = $3 + ",
    now,
    " WHERE request_id = $1 AND owner = $2 AND state = 'UNKNOWN'"
);
const TO_MANUAL: Sql = Sql::same(
    "UPDATE product_change SET state = 'MANUAL', owner = NULL, owned_until = 0
      WHERE request_id = $1 AND owner = $2 AND state = 'UNKNOWN'
     RETURNING line_number",
);
const HAND_BACK: Sql = Sql::same(
    "UPDATE product_change SET owner = NULL, owned_until = 0
      WHERE owner = $1 AND state IN ('INTENT', 'UNKNOWN')",
);
// What may have been sent and counts as not applied is looked at again after a minute.
const END: Sql = sql_now!(
    "UPDATE product_change
        SET state = $4, reason = $5, effective_date = $6, kos_order_number = $7,
            processed_at = $8, owner = NULL, owned_until = 0,
            recheck_at = CASE WHEN $4 = 'NOT_APPLIED' AND called_at IS NOT NULL THEN 60000 + ",
    now,
    " END
      WHERE request_id = $1 AND owner = $2 AND state = $3"
);

const FIND: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM product_change WHERE request_id = $1"
));
const FIND_OPEN: Sql = Sql::same(concat!(
    "SELECT request_id FROM product_change WHERE line_number = $1 AND state IN ",
    open_states!()
));
const HISTORY: Sql = Sql::same(concat!(
    "SELECT ",
    columns!(),
    " FROM product_change
      WHERE account_id = $1 AND (CAST($2 AS TEXT) IS NULL OR line_id = $2)
        AND requested_at >= $3 AND requested_at < $4 AND (requested_at, request_id) < ($5, $6)
      ORDER BY requested_at DESC, request_id DESC LIMIT $7"
));

/// Plan changes in their database.
#[derive(Clone, Debug)]
pub struct ChangeStore {
    db: Db,
}

impl ChangeStore {
    pub fn new(db: Db) -> Self {
        Self { db }
    }

    /// Records the intent. `false`: the line has an open change.
    pub async fn insert_intent(
        tx: &mut Tx,
        change: &ChangeRecord,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, DbError> {
        let rows = execute!(
            tx.target(),
            INSERT,
            &change.request_id.0,
            &change.account_id,
            &change.customer_id,
            &change.line.line_id.0,
            change.line.line_number.as_str(),
            change.from.code.as_str(),
            &change.from.name,
            change.to.code.as_str(),
            &change.to.name,
            change.idempotency_key.as_str(),
            &change.trace_id,
            change.requested_at_ms,
            owner,
            millis(lease),
        )?;
        Ok(rows == 1)
    }

    /// From here on bytes may be on the wire. `false`: somebody else owns the change.
    pub async fn start_call(
        &self,
        id: &RequestId,
        owner: &str,
        lease: Duration,
    ) -> Result<bool, DbError> {
        let rows = execute!(self.db.write(), START_CALL, &id.0, owner, millis(lease))?;
        Ok(rows == 1)
    }

    /// Takes back a change of which nothing was sent; the row is gone.
    pub async fn withdraw(tx: &mut Tx, id: &RequestId, owner: &str) -> Result<bool, DbError> {
        Ok(execute!(tx.target(), WITHDRAW, &id.0, owner)? == 1)
    }

    /// Sent, and not ended; `parked.answer` is stored elsewhere.
    pub async fn to_unknown(
        tx: &mut Tx,
        id: &RequestId,
        owner: &str,
        parked: &Parked<'_>,
    ) -> Result<bool, DbError> {
        let due = millis(parked.first_question);
        let accepted = parked.accepted;
        Ok(execute!(tx.target(), TO_UNKNOWN, &id.0, owner, due, accepted)? == 1)
    }

    /// Asking did not settle it yet.
    pub async fn ask_later(
        &self,
        id: &RequestId,
        owner: &str,
        pause: Duration,
    ) -> Result<bool, DbError> {
        Ok(execute!(self.db.write(), ASK_LATER, &id.0, owner, millis(pause))? == 1)
    }

    /// Asking cannot settle it. The line's number as it is stored; `None`: somebody else owns it.
    pub async fn to_manual(
        tx: &mut Tx,
        id: &RequestId,
        owner: &str,
    ) -> Result<Option<String>, DbError> {
        let row = fetch_optional!(tx.target(), (String,), TO_MANUAL, &id.0, owner)?;
        Ok(row.map(|(line,)| line))
    }

    /// Releases whatever that owner holds without a call on the wire.
    pub async fn hand_back(&self, owner: &str) -> Result<(), DbError> {
        execute!(self.db.write(), HAND_BACK, owner)?;
        Ok(())
    }

    /// Writes the end of a change that stands at `from`. `false`: somebody else owns it.
    pub async fn end(
        tx: &mut Tx,
        ended: &ChangeRecord,
        from: State,
        owner: &str,
    ) -> Result<bool, DbError> {
        let row = ChangeRow::from(ended);
        let rows = execute!(
            tx.target(),
            END,
            &row.request_id,
            owner,
            from.as_str(),
            &row.state,
            &row.reason,
            &row.effective_date,
            &row.kos_order_number,
            row.processed_at,
        )?;
        Ok(rows == 1)
    }

    pub async fn find(&self, id: &RequestId) -> Result<Option<ChangeRecord>, DbError> {
        fetch_optional!(self.db.read(), ChangeRow, FIND, &id.0)?
            .map(ChangeRecord::try_from)
            .transpose()
    }

    /// The open change of a line.
    pub async fn find_open(&self, line: &LineNumber) -> Result<Option<RequestId>, DbError> {
        let row = fetch_optional!(self.db.read(), (String,), FIND_OPEN, line.as_str())?;
        Ok(row.map(|(id,)| RequestId(id)))
    }

    /// An account's changes, newest first, one more than a page.
    pub async fn list(
        &self,
        account_id: &str,
        line: Option<&LineId>,
        slice: &HistorySlice,
    ) -> Result<Vec<ChangeRecord>, DbError> {
        fetch_all!(
            self.db.read(),
            ChangeRow,
            HISTORY,
            account_id,
            line.map(|line| line.0.as_str()),
            slice.from_ms,
            slice.until_ms,
            slice.before.at_ms,
            &slice.before.id,
            slice.rows(),
        )?
        .into_iter()
        .map(ChangeRecord::try_from)
        .collect()
    }
}
