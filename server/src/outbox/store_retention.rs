//! How long delivered events are kept: their bodies name customers, and nobody asks for them any more.

use crate::db::{Retained, Sql};
use std::time::Duration;

/// The oldest events delivered before `$1`; the same in both statements of a batch.
macro_rules! delivered {
    ($first:literal, $last:literal) => {
        Sql::same(concat!(
            $first,
            " FROM outbox WHERE position IN
                 (SELECT position FROM outbox WHERE state = 'DELIVERED' AND settled_at < $1
                   ORDER BY settled_at, position LIMIT $2)",
            $last
        ))
    };
}

/// What every outbox forgets.
pub const RETAINED: &[Retained] = &[Retained {
    rows: "delivered events",
    // For the questions that follow a delivery. Dead ones stay until an operator replays them.
    kept_for: Duration::from_secs(7 * 24 * 60 * 60),
    // That an event was delivered, and when, is still known.
    batch: &[
        delivered!(
            "INSERT INTO outbox_delivered (event_id, delivered_at) SELECT event_id, settled_at",
            " ON CONFLICT DO NOTHING"
        ),
        delivered!("DELETE", ""),
    ],
}];
