//! The table `product_history`: how each change ended, appended, sealed and never altered.
//!
//! Events of a line are numbered without gaps. One change of a line is open at a time, so two ends
//! never compete for a number; if they did, the unique index would refuse the second.

use super::history_chain::{SealedEvent, genesis, receipt, seal};
use crate::db::{DbError, Sql, Tx, execute, fetch_optional};
use app::model::Receipt;

const HEAD: Sql = Sql::same(
    "SELECT line_seq, hash FROM product_history
      WHERE line_number = $1 ORDER BY line_seq DESC LIMIT 1",
);
const APPEND: Sql = Sql::same(
    "INSERT INTO product_history
         (event_id, line_number, line_seq, request_id, state, payload, recorded_at, note,
          prev_hash, hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
);

/// The end of a change.
pub struct HistoryEvent<'a> {
    /// The id under which the MVNO AP server is told.
    pub event_id: &'a str,
    pub line_number: &'a str,
    pub request_id: &'a str,
    pub state: &'a str,
    pub payload: &'a str,
    /// Epoch milliseconds.
    pub recorded_at_ms: i64,
    /// What the person wrote who decided it, where one did.
    pub note: Option<&'a str>,
}

/// Appends an event to the history of its line; gives the customer's receipt.
///
/// # Errors
/// [`DbError::Unique`] when the change has ended before.
pub async fn append(tx: &mut Tx, event: &HistoryEvent<'_>) -> Result<Receipt, DbError> {
    let head = fetch_optional!(tx.target(), (i64, Option<String>), HEAD, event.line_number)?;
    let (last, hash) = head.unwrap_or((0, None));
    // An event from before the chain has no hash: the chain of its line begins now.
    let prev = hash.unwrap_or_else(|| genesis(event.line_number));
    let sealed = SealedEvent {
        line_number: event.line_number,
        line_seq: last + 1,
        event_id: event.event_id,
        request_id: event.request_id,
        state: event.state,
        payload: event.payload,
        recorded_at_ms: event.recorded_at_ms,
        note: event.note,
    };
    let hash = seal(&sealed, &prev);
    execute!(
        tx.target(),
        APPEND,
        sealed.event_id,
        sealed.line_number,
        sealed.line_seq,
        sealed.request_id,
        sealed.state,
        sealed.payload,
        sealed.recorded_at_ms,
        sealed.note,
        &prev,
        &hash,
    )?;
    Ok(receipt(sealed.line_seq, &hash))
}
