//! How long sessions and attempts are kept.

use crate::db::Retained;
use std::time::Duration;

const DAY: u64 = 24 * 60 * 60;

/// The oldest sessions that expired before `$1`: the same in both statements of a SQLite batch, so that
/// no session is left without its tokens.
macro_rules! expired {
    ($delete:literal) => {
        concat!(
            $delete,
            " WHERE session_id IN (SELECT session_id FROM auth_session WHERE expires_at < $1
               ORDER BY expires_at, session_id LIMIT $2)"
        )
    };
}

/// A lock in force is never deleted.
const ATTEMPTS: &str = "DELETE FROM auth_attempt WHERE id_hash IN (
         SELECT id_hash FROM auth_attempt
          WHERE attempted_at < $1 AND (locked_until IS NULL OR locked_until < $1)
          ORDER BY attempted_at LIMIT $2)";

/// The retention of `auth`.
pub const RETAINED: &[Retained] = &[
    Retained {
        rows: "sessions",
        // After expiry, so that a complaint about a login can be answered.
        kept_for: Duration::from_secs(30 * DAY),
        sqlite: &[
            expired!("DELETE FROM auth_refresh"),
            expired!("DELETE FROM auth_session"),
        ],
        postgres: "WITH due AS (
                       SELECT session_id FROM auth_session WHERE expires_at < $1
                        ORDER BY expires_at, session_id LIMIT $2 FOR UPDATE SKIP LOCKED
                   ), tokens AS (
                       DELETE FROM auth_refresh USING due
                        WHERE auth_refresh.session_id = due.session_id
                   )
                   DELETE FROM auth_session USING due WHERE auth_session.session_id = due.session_id",
    },
    Retained {
        rows: "attempts",
        // Wrong passwords older than this no longer count as "in a row".
        kept_for: Duration::from_secs(7 * DAY),
        sqlite: &[ATTEMPTS],
        postgres: ATTEMPTS,
    },
];
