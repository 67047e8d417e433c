//! How long the answers of idempotency keys are kept. Changes and their history are kept for ever.

use super::lifecycle::open_states;
use crate::db::Retained;
use std::time::Duration;

/// The answer of a change without an end stays: its key must not begin another one.
const ANSWERS: &str = concat!(
    "DELETE FROM product_answer WHERE (account_id, idempotency_key) IN (
         SELECT account_id, idempotency_key FROM product_answer AS answer
          WHERE created_at < $1
            AND NOT EXISTS (
                SELECT 1 FROM product_change
                 WHERE product_change.request_id = answer.request_id
                   AND product_change.state IN ",
    open_states!(),
    ")
          ORDER BY created_at LIMIT $2)"
);

/// What `product` forgets.
pub const RETAINED: &[Retained] = &[Retained {
    rows: "answers",
    // 72 hours are promised; the hour on top is for clocks that differ.
    kept_for: Duration::from_secs(73 * 60 * 60),
    sqlite: &[ANSWERS],
    postgres: ANSWERS,
}];
