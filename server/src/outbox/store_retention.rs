//! How long delivered events are kept: their bodies name customers, and nobody asks for them later.

use crate::db::Retained;
use std::time::Duration;

/// The oldest events delivered before `$1`; the same in both statements of a SQLite batch.
macro_rules! delivered {
    ($first:literal, $last:literal) => {
        concat!(
            $first,
            " FROM outbox WHERE position IN
                 (SELECT position FROM outbox WHERE state = 'DELIVERED' AND settled_at < $1
                   ORDER BY settled_at, position LIMIT $2)",
            $last
        )
    };
}

/// What every outbox forgets; that an event was delivered, and when, is kept.
pub const RETAINED: &[Retained] = &[Retained {
    rows: "delivered events",
    // For the questions that follow a delivery. Dead ones stay until an operator replays them.
    kept_for: Duration::from_secs(7 * 24 * 60 * 60),
    sqlite: &[
        delivered!(
            "INSERT INTO outbox_delivered (event_id, delivered_at) SELECT event_id, settled_at",
            " ON CONFLICT DO NOTHING"
        ),
        delivered!("DELETE", ""),
    ],
    // An event recorded anew after it was forgotten has a row in outbox_delivered already; it counts
    // as removed all the same.
    postgres: "WITH due AS (
                   SELECT position FROM outbox WHERE state = 'DELIVERED' AND settled_at < $1
                    ORDER BY settled_at, position LIMIT $2 FOR UPDATE SKIP LOCKED
               ), gone AS (
                   DELETE FROM outbox USING due WHERE outbox.position = due.position
                   RETURNING event_id, settled_at
               ), kept AS (
                   INSERT INTO outbox_delivered (event_id, delivered_at)
                   SELECT event_id, settled_at FROM gone ON CONFLICT DO NOTHING
               )
               SELECT event_id FROM gone",
}];
