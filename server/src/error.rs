//! Tier 2 of the errors: what an operator sees.
//!
//! Tier 1 is the small typed error of each module. It becomes an [`AppError`] (a problem code and the
//! chain of causes); at the port the cause is logged once and a [`Problem`] is returned.

use app::{
    model::{CheckResult, RejectReason, RequestId},
    problem::{FieldProblem, Problem, ProblemCode},
};
use std::{
    error::Error,
    fmt::{self, Display, Formatter},
};

/// A failure on its way out: the customer's problem, and its cause.
#[derive(Debug)]
pub struct AppError {
    problem: Box<Problem>,
    source: Option<anyhow::Error>,
}

/// The result of everything below a port.
pub type AppResult<T> = Result<T, AppError>;

impl AppError {
    /// A failure without a cause.
    pub fn new(code: ProblemCode) -> Self {
        Problem::of(code).into()
    }

    /// A failure with its cause, which is logged only.
    pub fn because(code: ProblemCode, source: impl Error + Send + Sync + 'static) -> Self {
        Self {
            source: Some(source.into()),
            ..Self::new(code)
        }
    }

    /// `VALIDATION_FAILED`, with a problem for each field.
    pub fn validation(fields: Vec<FieldProblem>) -> Self {
        Problem::validation(fields).into()
    }

    /// `CHANGE_REJECTED`: KOS refused the change of that request.
    pub fn rejected(reason: RejectReason, request_id: RequestId) -> Self {
        Problem::rejected(reason, request_id).into()
    }

    /// Seconds until it is worth trying again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.problem.retry_after = Some(seconds);
        self
    }

    /// Adds the results of the pre-check.
    pub fn with_checks(mut self, checks: Vec<CheckResult>) -> Self {
        self.problem.checks = Some(checks);
        self
    }

    /// Adds the request that a customer may quote.
    pub fn with_request_id(mut self, request_id: RequestId) -> Self {
        self.problem.request_id = Some(request_id);
        self
    }

    /// What the problem is.
    pub fn code(&self) -> ProblemCode {
        self.problem.code()
    }

    /// Logs the cause, at a level by who has to act, and returns the customer's part.
    pub fn into_problem(self) -> Problem {
        let code = self.code().as_str();
        let cause = self
            .source
            .as_deref()
            .map(|source| Chain(source).to_string());
        match (self.problem.status(), cause) {
            (500, cause) => tracing::error!(code, cause, "request failed"),
            (501.., cause) => tracing::warn!(code, cause, "dependency failed"),
            (_, Some(cause)) => tracing::info!(code, cause, "request refused"),
            // Whoever tries the lines or changes of others gets these.
            (404, None) => tracing::info!(code, "request refused"),
            (_, None) => tracing::debug!(code, "request refused"),
        }
        *self.problem
    }
}

impl From<Problem> for AppError {
    fn from(problem: Problem) -> Self {
        Self {
            problem: Box::new(problem),
            source: None,
        }
    }
}

impl From<AppError> for Problem {
    fn from(error: AppError) -> Self {
        error.into_problem()
    }
}

impl From<crate::tasks::Panicked> for AppError {
    fn from(error: crate::tasks::Panicked) -> Self {
        Self::because(ProblemCode::Internal, error)
    }
}

/// Displays an error and its sources, joined by `: `, for the log: `Display` of a thiserror type
/// omits its source.
///
/// A source that its parent's text already contains, as with some of sqlx, is not repeated.
#[derive(Clone, Copy, Debug)]
pub struct Chain<'a>(pub &'a (dyn Error + 'static));

impl Display for Chain<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parent = self.0.to_string();
        f.write_str(&parent)?;
        let mut next = self.0.source();
        while let Some(source) = next {
            let text = source.to_string();
            if !parent.contains(&text) {
                write!(f, ": {text}")?;
            }
            parent = text;
            next = source.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[derive(Debug, thiserror::Error)]
    #[error("the database is not available")]
    struct Away(#[source] sqlx::Error);

    #[test]
    fn a_chain_names_every_cause_and_none_twice() {
        let refused = || io::Error::new(io::ErrorKind::ConnectionRefused, "connection refused");
        let away = Away(sqlx::Error::Io(refused()));
        assert_eq!(
            Chain(&away).to_string(),
            "the database is not available: \
             error communicating with database: connection refused"
        );
        assert_eq!(Chain(&refused()).to_string(), "connection refused");
    }
}
