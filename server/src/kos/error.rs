//! Ways a call to KOS ends without the answer.

use super::Refusal;
use crate::{error::AppError, resilience::BreakerState, tasks::Panicked};
use app::{model::RejectReason, problem::ProblemCode};
use std::{error::Error, sync::Arc};

/// Seconds to wait after KOS failed: by then it has recovered or the breaker has opened.
const RETRY_AFTER_FAILURE_S: u32 = 5;
/// Seconds to wait when a sender stood still for too long.
const RETRY_WHEN_LATE_S: u32 = 5;

/// An inquiry without an answer.
///
/// The texts carry no customer data: never a body, a line number or KOS's own words.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KosError {
    /// KOS answered no, about the customer's own data.
    #[error("KOS refused")]
    Refused(#[source] Refusal),
    /// Nothing was sent.
    #[error("nothing was sent to KOS")]
    Unavailable {
        #[source]
        why: NotSent,
        /// Seconds until it is worth trying again, at least 1.
        retry_after_s: u32,
    },
    /// The deadline passed.
    #[error("KOS did not answer in time")]
    Timeout,
    /// An answer that is broken, too long, of a wrong shape, or about something else.
    #[error("KOS answered what cannot be used: {0}")]
    BadAnswer(String),
    /// KOS, or the way to it, failed.
    #[error("KOS failed")]
    Failed(#[source] Failure),
    /// A bug of ours; it says nothing about KOS.
    #[error("a call to KOS was not finished")]
    Internal(#[source] Panicked),
}

impl From<Panicked> for KosError {
    fn from(panicked: Panicked) -> Self {
        Self::Internal(panicked)
    }
}

impl KosError {
    /// The sender's own time to send is over.
    pub(super) fn too_late() -> Self {
        Self::Unavailable {
            why: NotSent::TooLate,
            retry_after_s: RETRY_WHEN_LATE_S,
        }
    }

    /// Whether the call was refused on our side and says nothing about KOS's health: no place, no
    /// quota, or a half-open breaker with no probe left.
    pub(super) fn is_local(&self, breaker: BreakerState) -> bool {
        let Self::Unavailable { why, .. } = self else {
            return false;
        };
        match why {
            NotSent::NoPlace | NotSent::QuotaSpent => true,
            NotSent::BreakerOpen => breaker == BreakerState::HalfOpen,
            NotSent::TooLate | NotSent::NoConnection(_) => false,
        }
    }

    /// In a word, for the metrics.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Refused(_) => "refused",
            Self::Timeout => "timeout",
            Self::BadAnswer(_) => "bad_answer",
            Self::Failed(_) => "failed",
            Self::Internal(_) => "internal",
            Self::Unavailable { why, .. } => match why {
                NotSent::BreakerOpen => "breaker_open",
                NotSent::NoPlace => "no_place",
                NotSent::QuotaSpent => "quota_spent",
                NotSent::TooLate => "too_late",
                NotSent::NoConnection(_) => "no_connection",
            },
        }
    }
}

/// Why nothing was sent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum NotSent {
    #[error("the breaker is open")]
    BreakerOpen,
    #[error("no place was free")]
    NoPlace,
    #[error("the calls of this minute are spent")]
    QuotaSpent,
    #[error("the time to send was over")]
    TooLate,
    #[error("no connection")]
    NoConnection(#[source] Arc<dyn Error + Send + Sync>),
}

/// How KOS failed.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    #[error("HTTP status {0}")]
    Status(u16),
    #[error("result code {0}")]
    ResultCode(String),
    #[error("the change is still being worked on")]
    NotFinished,
    #[error("the request could not be built")]
    Request(#[source] Arc<dyn Error + Send + Sync>),
    #[error("the connection broke")]
    Connection(#[source] Arc<dyn Error + Send + Sync>),
}

/// A change without a success.
#[derive(Clone, Debug, thiserror::Error)]
pub enum KosChangeError {
    /// KOS never saw it: it did not happen and will not.
    #[error("the change was not sent")]
    NotSent(#[source] KosError),
    /// KOS said no: it did not happen.
    #[error("KOS refused the change: {0:?}")]
    Refused(RejectReason),
    /// KOS has accepted it and is working on it. Only asking KOS settles how it ends.
    #[error("KOS is still working on the change")]
    Accepted,
    /// Sent, and the outcome is not known. Only asking KOS settles it; never sending again.
    #[error("the outcome of the change is not known")]
    Unclear(#[source] KosError),
}

impl From<Refusal> for ProblemCode {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::LineNotFound => Self::LineNotFound,
            Refusal::LineNotActive => Self::LineInactive,
            Refusal::NoBill => Self::BillNotFound,
            Refusal::CurrentProductChanged => Self::CurrentProductChanged,
            // Not about the customer's request: KOS and this side do not understand each other.
            Refusal::ProductNotFound
            | Refusal::ProductNotOnSale
            | Refusal::OperatorMismatch
            | Refusal::ProductFactsMissing
            | Refusal::ChangeNotFound
            | Refusal::Malformed
            | Refusal::Other => Self::KosBadAnswer,
        }
    }
}

impl From<KosError> for AppError {
    fn from(error: KosError) -> Self {
        let (code, retry_after_s) = match &error {
            KosError::Refused(refusal) => ((*refusal).into(), None),
            KosError::Unavailable { retry_after_s, .. } => {
                (ProblemCode::KosUnavailable, Some(*retry_after_s))
            }
            KosError::Timeout => (ProblemCode::KosTimeout, None),
            KosError::BadAnswer(_) => (ProblemCode::KosBadAnswer, None),
            KosError::Failed(_) => (ProblemCode::KosUnavailable, Some(RETRY_AFTER_FAILURE_S)),
            KosError::Internal(_) => (ProblemCode::Internal, None),
        };
        let app = Self::because(code, error);
        match retry_after_s {
            Some(seconds) => app.retry_after(seconds),
            None => app,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, KosError, NotSent};
    use crate::{error::AppError, kos::Refusal, tasks::Panicked};
    use app::problem::{Problem, ProblemCode as P};

    #[test]
    fn each_end_has_its_problem() {
        let away = KosError::Unavailable {
            why: NotSent::BreakerOpen,
            retry_after_s: 7,
        };
        let table = [
            (
                KosError::Refused(Refusal::LineNotFound),
                P::LineNotFound,
                None,
            ),
            (
                KosError::Refused(Refusal::LineNotActive),
                P::LineInactive,
                None,
            ),
            (KosError::Refused(Refusal::NoBill), P::BillNotFound, None),
            (KosError::Refused(Refusal::Malformed), P::KosBadAnswer, None),
            (away, P::KosUnavailable, Some(7)),
            (KosError::Timeout, P::KosTimeout, None),
            (Panicked.into(), P::Internal, None),
            (KosError::BadAnswer("x".into()), P::KosBadAnswer, None),
            (
                KosError::Failed(Failure::Status(500)),
                P::KosUnavailable,
                Some(5),
            ),
        ];
        for (error, code, retry_after) in table {
            let problem = Problem::from(AppError::from(error));
            assert_eq!((problem.code(), problem.retry_after), (code, retry_after));
        }
    }
}
