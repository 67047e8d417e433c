//! What can go wrong with the database, by what a caller does about it.

use crate::error::AppError;
use app::problem::ProblemCode;

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused the row: somebody was first.
    #[error("a unique index refused the row")]
    Unique(#[source] sqlx::Error),
    /// Values the database will not take, now or ever: a constraint, a length, a type, no JSON form.
    #[error("the database will not take the values")]
    Refused(#[source] sqlx::Error),
    /// The database cannot be reached, lets nobody in, is busy, or gave up in time; nothing is known
    /// of the write.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value does not read back: the row is named, its content is not.
    #[error("{table}.{column} of {id} does not read back")]
    Corrupt {
        table: &'static str,
        column: &'static str,
        id: String,
    },
    /// A mistake of ours or of an operator: a statement of which nothing is known here, a table that
    /// is missing, a right that was not given. The same statement may be taken another day.
    #[error("the statement failed")]
    Statement(#[source] sqlx::Error),
}

/// What was to be bound has no JSON form.
impl From<serde_json::Error> for DbError {
    fn from(error: serde_json::Error) -> Self {
        sqlx::Error::Encode(error.into()).into()
    }
}

impl From<sqlx::Error> for DbError {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                Self::Unique(error)
            }
            sqlx::Error::Database(database) => match kind(&database.code().unwrap_or_default()) {
                Kind::Values => Self::Refused(error),
                Kind::Away => Self::Unavailable(error),
                Kind::Other => Self::Statement(error),
            },
            sqlx::Error::Encode(_) => Self::Refused(error),
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            // Something else answers in its place: a balancer hangs up when its servers are gone.
            | sqlx::Error::Protocol(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Statement(error),
        }
    }
}

enum Kind {
    Values,
    Away,
    Other,
}

/// By the result code of SQLite, in decimals, or the five characters of an SQLSTATE.
fn kind(code: &str) -> Kind {
    if code.len() == 5 {
        return match &code[..2] {
            "22" | "23" => Kind::Values,
            // Connection, who may connect, no such database, rollback, resources, operator
            // intervention, the disk.
            "08" | "28" | "3D" | "40" | "53" | "57" | "58" => Kind::Away,
            // Read-only; idle in a transaction for too long; lock time-out.
            _ if ["25006", "25P03", "55P03"].contains(&code) => Kind::Away,
            _ => Kind::Other,
        };
    }
    // The low byte; what is above says more of the same.
    match code.parse::<u32>().map(|code| code & 0xff) {
        // Too big, constraint, mismatch.
        Ok(18..=20) => Kind::Values,
        // Busy, locked, read-only, I/O, full, cannot open.
        Ok(5 | 6 | 8 | 10 | 13 | 14) => Kind::Away,
        _ => Kind::Other,
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => {
                Self::because(ProblemCode::Unavailable, error).retry_after(5)
            }
            DbError::Unique(_)
            | DbError::Refused(_)
            | DbError::Corrupt { .. }
            | DbError::Statement(_) => Self::because(ProblemCode::Internal, error),
        }
    }
}
