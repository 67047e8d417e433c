//! How long PostgreSQL is waited for from this side.
//!
//! The server's own time-outs (statement, lock) hold only while it works and its answer arrives; a
//! process that stands still, or a network that swallows everything, is noticed here.

use std::{future::Future, io, time::Duration};
use tokio::time::timeout;

/// The longest a statement is waited for.
#[derive(Clone, Copy, Debug)]
pub struct Patience(Duration);

impl Patience {
    /// Longer than a statement may take by the server's clock, waiting for a connection included.
    pub fn beyond(statement: Duration, acquire: Duration) -> Self {
        Self(statement + acquire)
    }

    /// The answer, or an error when it does not come.
    ///
    /// Whether the statement took effect is then unknown, as after a lost connection. What a dropped
    /// future leaves on the connection is undone, or the connection given up, when it returns to the
    /// pool (docs/adr/0004).
    ///
    /// # Errors
    /// Those of `answer`; an I/O error of kind `TimedOut`.
    pub async fn wait<T>(
        self,
        answer: impl Future<Output = Result<T, sqlx::Error>>,
    ) -> Result<T, sqlx::Error> {
        timeout(self.0, answer)
            .await
            .unwrap_or_else(|_| Err(sqlx::Error::Io(io::ErrorKind::TimedOut.into())))
    }
}
