//! The table `product_history`: how each change ended, appended and never altered.
//!
//! Events of a line are numbered without gaps. One change of a line is open at a time, so two ends
//! never compete for a number; if they did, the unique index would refuse the second.

use crate::db::{DbError, Sql, Tx, execute};

const APPEND: Sql = Sql::same(
    "INSERT INTO product_history
         (event_id, line_number, line_seq, request_id, state, payload, recorded_at)
     SELECT $1, $2, COALESCE(MAX(line_seq), 0) + 1, $3, $4, $5, $6
       FROM product_history WHERE line_number = $2",
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
}

/// Appends an event to the history of its line.
///
/// # Errors
/// [`DbError::Unique`] when the change has ended before.
pub async fn append(tx: &mut Tx, event: &HistoryEvent<'_>) -> Result<(), DbError> {
    execute!(
        tx.target(),
        APPEND,
        event.event_id,
        event.line_number,
        event.request_id,
        event.state,
        event.payload,
        event.recorded_at_ms,
    )?;
    Ok(())
}
