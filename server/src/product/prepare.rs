//! What is found out about a request before anything is written.

use super::{
    draft::find, eligibility, lifecycle::State, record::ChangeRecord, request_id::request_id,
    service::Inner, submit::Request,
};
use crate::error::AppResult;
use app::{
    model::{Line, Principal, RequestId},
    problem::{Problem, ProblemCode},
};
use std::time::Duration;

/// What follows from the line, the plans and the three checks.
pub(super) enum Prepared {
    Ready(Box<Ready>),
    /// Becomes the answer of the key.
    Refused(Problem),
}

/// A change that may begin, and what that rests on.
pub(super) struct Ready {
    pub change: ChangeRecord,
    /// The line's generation, from before KOS was asked for the plan: another change of the line that
    /// has ended since is seen by it.
    pub generation: i64,
    /// When KOS was asked for the plan, at the earliest (monotonic).
    pub looked_at: Duration,
}

impl Inner {
    /// # Errors
    /// KOS or the database is away; nothing is kept of that.
    pub(super) async fn prepare(&self, request: &Request<'_>, line: Line) -> AppResult<Prepared> {
        let draft = &request.command.draft;
        if let Some(open) = self.ledger.find_open(&line.line_number).await? {
            let open = self.in_progress(request.who, &open).await?;
            return Ok(Prepared::Refused(open));
        }
        let looked_at = self.clock.monotonic();
        let generation = self.ledger.generation(&line.line_number).await?;
        // Also the look at whose line it is: nothing is sent for one that KOS calls another's.
        let (now, catalogue) = self.facts_of(request.who, &line).await?;
        if now.is_not_on(&draft.current_product_code) {
            self.outdate(&line).await;
            let changed = Problem::of(ProblemCode::CurrentProductChanged);
            return Ok(Prepared::Refused(changed));
        }
        let target = find(&catalogue, draft);
        let checked = eligibility::check_all(&now.facts(target));
        let (Some(from), Some(target), true) = (now.product(), target, checked.passed) else {
            let failed = Problem::of(ProblemCode::PrecheckFailed).with_checks(checked.checks);
            return Ok(Prepared::Refused(failed));
        };
        let change = ChangeRecord {
            request_id: request_id(&self.clock, &self.ids),
            account_id: request.who.account_id.clone(),
            customer_id: request.who.user.customer_id.clone(),
            line,
            from,
            to: target.product.named(),
            idempotency_key: request.command.key.clone(),
            trace_id: request.command.trace_id.clone(),
            state: State::Intent,
            outcome: None,
            requested_at_ms: self.clock.now_ms(),
            processed_at_ms: None,
            receipt: None,
            late_at_ms: None,
        };
        Ok(Prepared::Ready(Box::new(Ready {
            change,
            generation,
            looked_at,
        })))
    }

    /// The line has an open change. Which one is told to its own customer only: a line can change hands
    /// while a change of it is open.
    pub(super) async fn in_progress(
        &self,
        who: &Principal,
        open: &RequestId,
    ) -> AppResult<Problem> {
        let problem = Problem::of(ProblemCode::ChangeInProgress);
        Ok(match self.own_change(who, open).await? {
            Some(own) => problem.with_request_id(own.request_id),
            None => problem,
        })
    }
}
