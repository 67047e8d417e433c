//! A change as it is stored, and as a customer sees it.

use super::lifecycle::State;
use crate::{clock, kos::HeldLine};
use app::{
    model::{
        Change, ChangeFailure, ChangeStatus, IdempotencyKey, KstDate, Line, ProductName, Receipt,
        RejectReason, RequestId,
    },
    problem::Problem,
    text::{self, Lang},
};
use std::fmt;

/// One change, from intent to end.
#[derive(Clone, PartialEq, Eq)]
pub struct ChangeRecord {
    /// Also KOS's name for it, in the request and in every later question.
    pub request_id: RequestId,
    pub account_id: String,
    pub customer_id: String,
    pub line: Line,
    pub from: ProductName,
    pub to: ProductName,
    pub idempotency_key: IdempotencyKey,
    /// The request that began it; its answer carries this id whenever it is replayed.
    pub trace_id: String,
    pub state: State,
    pub outcome: Option<Outcome>,
    /// Epoch milliseconds.
    pub requested_at_ms: i64,
    /// Epoch milliseconds.
    pub processed_at_ms: Option<i64>,
    /// Of its event in the history, once that is sealed.
    pub receipt: Option<Receipt>,
    /// When KOS was found to have applied it after all, in epoch milliseconds; the end stays.
    pub late_at_ms: Option<i64>,
}

impl fmt::Debug for ChangeRecord {
    /// The customer's id is personal data: logs do not see it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ChangeRecord")
            .field("request_id", &self.request_id)
            .field("account_id", &self.account_id)
            .field("line", &self.line)
            .field("from", &self.from)
            .field("to", &self.to)
            .field("idempotency_key", &self.idempotency_key)
            .field("trace_id", &self.trace_id)
            .field("state", &self.state)
            .field("outcome", &self.outcome)
            .field("requested_at_ms", &self.requested_at_ms)
            .field("processed_at_ms", &self.processed_at_ms)
            .field("receipt", &self.receipt)
            .field("late_at_ms", &self.late_at_ms)
            .finish_non_exhaustive()
    }
}

/// How a change ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// What KOS told of it; nothing where it was found out by asking about the line.
    Completed {
        effective_date: Option<KstDate>,
        kos_order_number: Option<String>,
    },
    Rejected(RejectReason),
    NotApplied,
}

impl Outcome {
    /// The state it ends in.
    pub fn state(&self) -> State {
        match self {
            Self::Completed { .. } => State::Completed,
            Self::Rejected(_) => State::Rejected,
            Self::NotApplied => State::NotApplied,
        }
    }

    /// Why it failed.
    pub fn reason(&self) -> Option<RejectReason> {
        match self {
            Self::Completed { .. } => None,
            Self::Rejected(reason) => Some(*reason),
            Self::NotApplied => Some(RejectReason::NotApplied),
        }
    }
}

impl ChangeRecord {
    /// The line, as that of the customer who changed it.
    pub fn held_line(&self) -> HeldLine {
        HeldLine {
            number: self.line.line_number.clone(),
            customer_id: self.customer_id.clone(),
        }
    }

    /// The same change, ended.
    pub fn ended(&self, outcome: Outcome, processed_at_ms: i64) -> Self {
        Self {
            state: outcome.state(),
            outcome: Some(outcome),
            processed_at_ms: Some(processed_at_ms),
            ..self.clone()
        }
    }

    /// The same change with its receipt.
    pub fn receipted(&self, receipt: &Receipt) -> Self {
        Self {
            receipt: Some(receipt.clone()),
            ..self.clone()
        }
    }

    /// The same change as it was before its end.
    pub fn while_open(&self, state: State) -> Self {
        Self {
            state,
            outcome: None,
            processed_at_ms: None,
            receipt: None,
            ..self.clone()
        }
    }

    /// As the customer sees it.
    pub fn view(&self) -> Change {
        let (effective_date, kos_order_number) = match &self.outcome {
            Some(Outcome::Completed {
                effective_date,
                kos_order_number,
            }) => (effective_date.clone(), kos_order_number.clone()),
            _ => (None, None),
        };
        let lang = Lang::default();
        let under_review = self.late_at_ms.is_some();
        let failure = self.outcome.as_ref().and_then(Outcome::reason);
        let failure = failure.map(|code| ChangeFailure {
            code,
            message: match under_review {
                true => text::problem::found_late(lang).to_owned(),
                false => text::problem::reject_reason(lang, code).to_owned(),
            },
        });
        Change {
            request_id: self.request_id.clone(),
            line_id: self.line.line_id.clone(),
            line_number: self.line.line_number.clone(),
            from: self.from.clone(),
            to: self.to.clone(),
            status: self.state.customer_status(),
            requested_at: clock::kst(self.requested_at_ms),
            processed_at: self.processed_at_ms.map(clock::kst),
            effective_date,
            kos_order_number,
            failure,
            under_review,
            receipt: self.receipt.clone(),
        }
    }

    /// The answer to the request that began it, as things stand: a failure is a problem.
    pub fn answer(&self) -> Result<Change, Problem> {
        let change = self.view();
        match (change.status, &change.failure) {
            (ChangeStatus::Failed, Some(failure)) => {
                Err(Problem::rejected(failure.code, change.request_id).traced(&self.trace_id))
            }
            _ => Ok(change),
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::{ChangeRecord, Outcome};
    use crate::product::lifecycle::State;
    use app::{
        model::{ChangeStatus, KstDate, Line, LineId, ProductName, RejectReason, RequestId},
        problem::ProblemCode,
    };

    pub(in crate::product) fn record() -> ChangeRecord {
        let plan = |code: &str| ProductName {
            code: code.parse().unwrap(),
            name: code.to_owned(),
        };
        ChangeRecord {
            request_id: RequestId("CHG-20261121-ABCDEFGHJK".into()),
            account_id: "account".into(),
            customer_id: "customer".into(),
            line: Line {
                line_id: LineId("line".into()),
                line_number: "01012345678".parse().unwrap(),
            },
            from: plan("LTE-BASIC-001"),
            to: plan("5G-STANDARD-001"),
            idempotency_key: "key-0001".parse().unwrap(),
            trace_id: "trace-01".into(),
            state: State::Calling,
            outcome: None,
            requested_at_ms: 1_795_000_000_000,
            processed_at_ms: None,
            receipt: None,
            late_at_ms: None,
        }
    }

    #[test]
    fn debug_does_not_show_the_customers_id() {
        let change = ChangeRecord {
            customer_id: "C0000001".into(),
            ..record()
        };
        let shown = format!("{change:?}");
        assert!(
            shown.contains("CHG-") && !shown.contains("C0000001"),
            "{shown}"
        );
    }

    #[test]
    fn an_unsettled_change_is_pending_and_tells_nothing_it_does_not_know() {
        for state in [State::Intent, State::Calling, State::Unknown, State::Manual] {
            let change = ChangeRecord { state, ..record() }.answer().unwrap();
            assert_eq!(change.status, ChangeStatus::Pending);
            assert!(change.processed_at.is_none() && change.failure.is_none());
        }
    }

    #[test]
    fn the_end_is_told_as_kos_told_it() {
        let done = Outcome::Completed {
            effective_date: Some("2026-12-01".parse::<KstDate>().unwrap()),
            kos_order_number: None,
        };
        let change = record().ended(done, 1_795_000_001_000).answer().unwrap();
        assert_eq!(change.status, ChangeStatus::Completed);
        assert_eq!(
            change.effective_date,
            Some("2026-12-01".parse::<KstDate>().unwrap())
        );
        assert_eq!(change.kos_order_number, None);

        for (outcome, reason) in [
            (
                Outcome::Rejected(RejectReason::ProductNotOnSale),
                RejectReason::ProductNotOnSale,
            ),
            (Outcome::NotApplied, RejectReason::NotApplied),
        ] {
            let failed = record().ended(outcome, 1_795_000_001_000);
            assert_eq!(failed.view().status, ChangeStatus::Failed);
            assert_eq!(failed.view().failure.unwrap().code, reason);
            let problem = failed.answer().unwrap_err();
            assert_eq!(problem.code(), ProblemCode::ChangeRejected);
            assert_eq!(problem.request_id, Some(failed.request_id));
            assert_eq!(problem.trace_id, "trace-01");
        }
    }
}
