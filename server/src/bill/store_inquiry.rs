//! The tables `bill_request` and `bill_result`.

use super::journal::{Entry, Row};
use crate::{
    db::{Db, DbError, HistorySlice, Keyset, Sql, Tx, execute, fetch_all},
    outbox,
};
use app::model::{InquiryStatus, Source};
use std::collections::HashSet;

// A record can arrive twice: when the answer to a commit was lost, or when a process was killed
// between the commit and the update of its journal.
const INSERT_REQUESTS: Sql = Sql {
    sqlite: "INSERT INTO bill_request
                 (request_id, account_id, customer_id, line_id, line_number, month, requested_at)
             SELECT value ->> 'request_id', value ->> 'account_id', value ->> 'customer_id',
                    value ->> 'line_id', value ->> 'line_number', value ->> 'month',
                    value ->> 'requested_at'
               FROM json_each($1) WHERE true
             ON CONFLICT (request_id) DO NOTHING
             RETURNING request_id",
    postgres: "INSERT INTO bill_request
                   (request_id, account_id, customer_id, line_id, line_number, month, requested_at)
               SELECT request_id, account_id, customer_id, line_id, line_number, month, requested_at
                 FROM json_to_recordset(CAST($1 AS JSON)) AS row
                      (request_id TEXT, account_id TEXT, customer_id TEXT, line_id TEXT,
                       line_number TEXT, month TEXT, requested_at BIGINT)
               ON CONFLICT (request_id) DO NOTHING
               RETURNING request_id",
};
const INSERT_RESULTS: Sql = Sql {
    sqlite: "INSERT INTO bill_result (request_id, processed_at, status, source, result_code)
             SELECT value ->> 'request_id', value ->> 'processed_at', value ->> 'status',
                    value ->> 'source', value ->> 'result_code'
               FROM json_each($1) WHERE true
             ON CONFLICT (request_id) DO NOTHING",
    postgres: "INSERT INTO bill_result (request_id, processed_at, status, source, result_code)
               SELECT request_id, processed_at, status, source, result_code
                 FROM json_to_recordset(CAST($1 AS JSON)) AS row
                      (request_id TEXT, processed_at BIGINT, status TEXT, source TEXT,
                       result_code TEXT)
               ON CONFLICT (request_id) DO NOTHING",
};

/// Newest first. `$2` may be NULL: all lines. `$5` and `$6` are the last row of the previous page.
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

/// Inserts requests, results and events, one statement each; skips existing ones.
pub async fn insert_all(tx: &mut Tx, entries: &[Entry<'_>]) -> Result<(), DbError> {
    let rows: Vec<&Row<'_>> = entries.iter().map(|entry| &entry.row).collect();
    let rows = serde_json::to_string(&rows)?;
    let inserted = fetch_all!(tx.target(), (String,), INSERT_REQUESTS, &rows)?;
    execute!(tx.target(), INSERT_RESULTS, &rows)?;
    let new: HashSet<&str> = inserted.iter().map(|(id,)| id.as_str()).collect();
    let events: Vec<_> = entries
        .iter()
        .filter(|entry| new.contains(&*entry.row.request_id))
        .map(Entry::event)
        .collect();
    outbox::enqueue_all(tx, &events).await
}

/// The account's rows of that slice, plus one if there are more.
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

/// The value of the column `status`.
pub fn status_text(has_bill: bool) -> &'static str {
    if has_bill { COMPLETED } else { FAILED }
}

/// The value of the column `source`.
pub fn source_text(source: Source) -> &'static str {
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
