//! The tables `bill_request` and `bill_result`.

use super::record::InquiryDone;
use crate::{
    db::{Db, DbError, HistorySlice, Keyset, Sql, Tx, execute, fetch_all},
    outbox,
};
use app::model::{InquiryStatus, Source};

// A record can come twice: when the answer to a commit was lost, it is written again.
const INSERT_REQUEST: Sql = Sql::same(
    "INSERT INTO bill_request
         (request_id, account_id, customer_id, line_id, line_number, month, requested_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (request_id) DO NOTHING",
);
const INSERT_RESULT: Sql = Sql::same(
    "INSERT INTO bill_result (request_id, processed_at, status, source, result_code)
     VALUES ($1, $2, $3, $4, $5)",
);

/// Newest first. `$2` may be NULL: all lines. `$5` and `$6` are the last row of the page before.
const SLICE: Sql = Sql::same(
    "SELECT q.request_id, q.line_id, q.month, q.requested_at,
            r.processed_at, r.status, r.source, r.result_code
       FROM bill_request q
       JOIN bill_result r ON r.request_id = q.request_id
      WHERE q.account_id = $1
        AND (CAST($2 AS TEXT) IS NULL OR q.line_id = $2)
        AND q.requested_at >= $3 AND q.requested_at < $4
        AND (q.requested_at, q.request_id) < ($5, $6)
      ORDER BY q.requested_at DESC, q.request_id DESC
      LIMIT $7",
);

/// One row of the history.
#[derive(sqlx::FromRow)]
pub struct InquiryRow {
    pub request_id: String,
    pub line_id: String,
    pub month: String,
    pub requested_at: i64,
    pub processed_at: i64,
    status: String,
    source: Option<String>,
    pub result_code: String,
}

/// Writes the request, its result and its event; does nothing if they are there already.
pub async fn insert_done(tx: &mut Tx, done: &InquiryDone) -> Result<(), DbError> {
    let asked = &done.asked;
    let inserted = execute!(
        tx.target(),
        INSERT_REQUEST,
        &asked.request_id,
        &asked.account_id,
        &asked.customer_id,
        &asked.line.line_id.0,
        asked.line.line_number.as_str(),
        asked.month.to_string(),
        asked.requested_at,
    )?;
    if inserted == 0 {
        return Ok(());
    }
    execute!(
        tx.target(),
        INSERT_RESULT,
        &asked.request_id,
        done.processed_at,
        if done.outcome.is_ok() {
            COMPLETED
        } else {
            FAILED
        },
        done.source().map(source_text),
        done.result_code(),
    )?;
    outbox::enqueue(tx, &done.event()).await
}

/// The account's rows of that slice, and one more if there are more.
pub async fn find_slice(
    db: &Db,
    account_id: &str,
    line_id: Option<&str>,
    slice: &HistorySlice,
) -> Result<Vec<InquiryRow>, DbError> {
    fetch_all!(
        db.read(),
        InquiryRow,
        SLICE,
        account_id,
        line_id,
        slice.from_ms,
        slice.until_ms,
        slice.before.at_ms,
        &slice.before.id,
        slice.rows(),
    )
}

const COMPLETED: &str = "COMPLETED";
const FAILED: &str = "FAILED";

fn source_text(source: Source) -> &'static str {
    match source {
        Source::Kos => "KOS",
        Source::Cache => "CACHE",
        Source::Stale => "STALE",
    }
}

impl InquiryRow {
    pub fn key(&self) -> Keyset {
        Keyset {
            at_ms: self.requested_at,
            id: self.request_id.clone(),
        }
    }

    pub fn status(&self) -> Result<InquiryStatus, DbError> {
        match self.status.as_str() {
            COMPLETED => Ok(InquiryStatus::Completed),
            FAILED => Ok(InquiryStatus::Failed),
            _ => Err(self.corrupt("bill_result", "status")),
        }
    }

    pub fn source(&self) -> Result<Option<Source>, DbError> {
        let Some(text) = &self.source else {
            return Ok(None);
        };
        [Source::Kos, Source::Cache, Source::Stale]
            .into_iter()
            .find(|source| source_text(*source) == text)
            .map(Some)
            .ok_or_else(|| self.corrupt("bill_result", "source"))
    }

    /// The named column of this row does not read back.
    pub fn corrupt(&self, table: &'static str, column: &'static str) -> DbError {
        DbError::Corrupt {
            table,
            column,
            id: self.request_id.clone(),
        }
    }
}
