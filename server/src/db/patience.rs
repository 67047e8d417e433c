//! Client-side time-outs for PostgreSQL.
//!
//! The server's own time-outs (statement, lock) work only while it runs and its answer arrives; a
//! stopped process, or a network that drops everything, is noticed here.

use std::{future::Future, io, time::Duration};
use tokio::time::timeout;

/// The longest wait for a statement.
#[derive(Clone, Copy, Debug)]
pub struct Patience(Duration);

impl Patience {
    /// The statement time-out plus the wait for a connection.
    pub fn beyond(statement: Duration, acquire: Duration) -> Self {
        Self(statement + acquire)
    }

    /// The answer, or an error if it does not come in time.
    ///
    /// Whether the statement took effect is then unknown, as after a lost connection. When the
    /// connection returns to the pool, the dropped future's transaction is rolled back, or the
    /// connection is closed (docs/adr/0004).
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
