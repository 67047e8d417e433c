//! What can go wrong with the database, by what a caller does about it.

use crate::error::AppError;
use app::problem::ProblemCode;

/// A failed statement.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// A unique index refused the row: somebody was first.
    #[error("a unique index refused the row")]
    Unique(#[source] sqlx::Error),
    /// The database cannot be reached, is busy, or gave up in time; nothing is known of the write.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// A stored value does not read back: the row is named, its content is not.
    #[error("{table}.{column} of {id} does not read back")]
    Corrupt {
        table: &'static str,
        column: &'static str,
        id: String,
    },
    /// A mistake of ours: a statement the database refuses.
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
            // SQLite: 5 busy, 6 locked, 8 read-only, 10 I/O, 13 full, 14 cannot open.
            // PostgreSQL: classes 08 connection, 40 rollback, 53 resources, 55P03 lock time-out,
            // 57 operator intervention, 25006 read-only, 25P03 idle in a transaction for too long.
            sqlx::Error::Database(database) => {
                let code = database.code().unwrap_or_default();
                let primary = code
                    .parse::<u32>()
                    .ok()
                    .filter(|_| code.len() < 5)
                    .map(|c| c & 0xff);
                let sqlite = matches!(primary, Some(5 | 6 | 8 | 10 | 13 | 14));
                let postgres = code.len() == 5
                    && (["08", "40", "53", "57"]
                        .iter()
                        .any(|class| code.starts_with(class))
                        || ["55P03", "25006", "25P03"].contains(&code.as_ref()));
                if sqlite || postgres {
                    Self::Unavailable(error)
                } else {
                    Self::Statement(error)
                }
            }
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable(error),
            _ => Self::Statement(error),
        }
    }
}

impl From<DbError> for AppError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Unavailable(_) => {
                Self::because(ProblemCode::Unavailable, error).retry_after(5)
            }
            DbError::Unique(_) | DbError::Corrupt { .. } | DbError::Statement(_) => {
                Self::because(ProblemCode::Internal, error)
            }
        }
    }
}
