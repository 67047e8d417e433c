//! A request for a change: sent once at most, answered the same way to everybody who asks with the
//! same key.
//!
//! Order is everything here: what the key was answered before → whose line it is → what the line is
//! on now → the three checks → the intent, committed → the call, committed → one send → the end.
//! Runs in a task that a leaving client cannot cancel.

use super::{
    answer::{self, Answer},
    draft::{find, own_line, refuse_same_product},
    eligibility,
    lifecycle::State,
    ports::{Begun, Parked, Refusal, Withdrawn},
    record::{ChangeRecord, Outcome},
    request_id::request_id,
    service::Inner,
    settle::ending,
};
use crate::{
    crash_point::crash_point,
    db::DbError,
    error::{AppError, AppResult, Chain},
    kos::KosChangeError,
};
use app::{
    model::{Line, Principal, RequestId},
    problem::{Problem, ProblemCode},
    ssr::ChangeCommand,
};
use std::time::Duration;

/// A call committed longer ago than this is not sent any more: the process may have stood still.
pub(super) const SEND_WITHIN: Duration = Duration::from_secs(2);

/// A line that is taken and has no open change a moment later is tried again.
const BEGIN_TRIES: usize = 2;
/// Seconds to wait when it was taken each time.
const RETRY_WHEN_TAKEN_S: u32 = 1;

/// A request on its way.
pub(super) struct Request<'a> {
    pub who: &'a Principal,
    pub command: &'a ChangeCommand,
    pub fingerprint: String,
}

impl Inner {
    /// The whole of it. Problems carry the id of the request that met them first.
    pub(super) async fn submit(&self, who: &Principal, command: &ChangeCommand) -> Answer {
        self.answer(who, command)
            .await
            .unwrap_or_else(|error| Err(error.into_problem().traced(&command.trace_id)))
    }

    async fn answer(&self, who: &Principal, command: &ChangeCommand) -> AppResult<Answer> {
        refuse_same_product(&command.draft)?;
        let request = Request {
            who,
            command,
            fingerprint: answer::fingerprint(&command.draft),
        };
        if let Some(stored) = self
            .ledger
            .find_answer(&who.account_id, &command.key)
            .await?
        {
            return self.replay(&request, stored).await;
        }
        let line = own_line(who, Some(&command.draft.line_id))?.clone();
        for _ in 0..BEGIN_TRIES {
            let change = match self.prepare(&request, line.clone()).await? {
                Ok(change) => change,
                Err(problem) => return self.refuse(&request, problem).await,
            };
            self.kos.may_change()?;
            let owner = self.ids.uuid();
            match self.begin(&change, &request.fingerprint, &owner).await? {
                Begun::Committed => {
                    let open_since = self.clock.monotonic();
                    return self.call(change, &owner, open_since).await;
                }
                Begun::KeyTaken => return self.replay_taken(&request).await,
                // The other change may have ended since. How it ended is not known, so the line is
                // looked at again.
                Begun::LineTaken => {
                    if let Some(open) = self.ledger.find_open(&line.line_number).await? {
                        return self.refuse(&request, in_progress(open)).await;
                    }
                }
            }
        }
        Err(AppError::new(ProblemCode::Unavailable).retry_after(RETRY_WHEN_TAKEN_S))
    }

    /// Everything that can be found out before anything is written. The inner error is an answer
    /// that is kept; the outer one (KOS or the database away) is not.
    async fn prepare(
        &self,
        request: &Request<'_>,
        line: Line,
    ) -> AppResult<Result<ChangeRecord, Problem>> {
        let draft = &request.command.draft;
        if let Some(open) = self.ledger.find_open(&line.line_number).await? {
            return Ok(Err(in_progress(open)));
        }
        let (now, catalogue) = self.facts_of(&line).await?;
        if now.is_not_on(&draft.current_product_code) {
            return Ok(Err(Problem::of(ProblemCode::CurrentProductChanged)));
        }
        let target = find(&catalogue, draft);
        let checked = eligibility::check_all(&now.facts(target));
        let (Some(from), Some(target), true) = (now.product(), target, checked.passed) else {
            return Ok(Err(
                Problem::of(ProblemCode::PrecheckFailed).with_checks(checked.checks)
            ));
        };
        Ok(Ok(ChangeRecord {
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
        }))
    }

    /// Keeps a refusal as the answer of its key.
    async fn refuse(&self, request: &Request<'_>, problem: Problem) -> AppResult<Answer> {
        let answer = Err(problem.traced(&request.command.trace_id));
        let refusal = Refusal {
            account_id: &request.who.account_id,
            key: &request.command.key,
            fingerprint: &request.fingerprint,
            answer: &answer::encode(&answer),
            now_ms: self.clock.now_ms(),
        };
        crash_point!("submit.refusal.before");
        let stored = self.ledger.keep_refusal(&refusal).await?;
        crash_point!("submit.refusal.after");
        if stored {
            Ok(answer)
        } else {
            self.replay_taken(request).await
        }
    }

    /// Commits the intent. A commit whose answer was lost is read back, never made again.
    async fn begin(
        &self,
        change: &ChangeRecord,
        fingerprint: &str,
        owner: &str,
    ) -> AppResult<Begun> {
        crash_point!("submit.intent.before");
        let begun = self
            .ledger
            .begin(change, fingerprint, owner, self.lease())
            .await;
        crash_point!("submit.intent.after");
        match begun {
            Err(DbError::Unavailable(error)) => {
                match self.insist(|| self.ledger.find(&change.request_id)).await? {
                    // Whether it is still this request's own, the next step finds out.
                    Some(_) => Ok(Begun::Committed),
                    None => Err(DbError::Unavailable(error).into()),
                }
            }
            begun => Ok(begun?),
        }
    }

    /// Commits the call, sends once, and writes down how it ended.
    async fn call(
        &self,
        mut change: ChangeRecord,
        owner: &str,
        open_since: Duration,
    ) -> AppResult<Answer> {
        crash_point!("submit.calling.before");
        let started = self
            .ledger
            .start_call(&change.request_id, owner, self.lease())
            .await;
        crash_point!("submit.calling.after");
        match started {
            Ok(true) => change.state = State::Calling,
            // This process stood still for so long that the reconciler took the intent over.
            Ok(false) => return self.standing_answer(&change).await,
            // Perhaps committed, certainly not sent.
            Err(error) => return self.withdraw(&change, owner, error.into()).await,
        }
        let may_send = || self.clock.monotonic().saturating_sub(open_since) <= SEND_WITHIN;
        crash_point!("submit.send.before");
        let sent = self.kos.change(&change, &may_send).await;
        crash_point!("submit.send.after");
        let outcome = match sent {
            Ok(applied) => Outcome::Completed {
                effective_date: applied.effective_date,
                kos_order_number: applied.kos_order_number,
            },
            Err(KosChangeError::Refused(reason)) => Outcome::Rejected(reason),
            Err(KosChangeError::NotSent(error)) => {
                return self.withdraw(&change, owner, error.into()).await;
            }
            Err(KosChangeError::Accepted) => return self.park(&change, owner, true).await,
            Err(KosChangeError::Unclear(error)) => {
                tracing::warn!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "the outcome of a change is not known"
                );
                return self.park(&change, owner, false).await;
            }
        };
        self.let_generations_lapse(open_since).await;
        self.end(&change, outcome, owner).await
    }

    /// Writes the end. Where that fails, the customer is not told of a failure that KOS knows
    /// nothing of: the change stays open, and the reconciler finds its end by asking.
    async fn end(&self, change: &ChangeRecord, outcome: Outcome, owner: &str) -> AppResult<Answer> {
        let (event_id, now_ms) = (self.ids.uuid(), self.clock.now_ms());
        let Some(ending) = ending(change, outcome, owner, event_id, now_ms) else {
            return self.standing_answer(change).await;
        };
        crash_point!("submit.end.before");
        // Repeating is safe: once committed, the change has no owner and the step does nothing.
        let ended = self.insist(|| self.ledger.end(&ending)).await;
        crash_point!("submit.end.after");
        match ended {
            Ok(Some(receipt)) => {
                self.listener.ended(&change.line.line_number).await;
                self.standing_answer(&ending.ended.receipted(&receipt))
                    .await
            }
            // Written before and its answer lost, or taken over by the reconciler.
            Ok(None) => {
                self.listener.ended(&change.line.line_number).await;
                self.standing_answer(change).await
            }
            Err(error) => {
                tracing::error!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "the end of a change could not be written; KOS will be asked"
                );
                Ok(change.answer())
            }
        }
    }

    /// Sent and without an end: KOS will be asked, and the customer is told so. `accepted`: KOS has
    /// taken it and is working on it.
    async fn park(&self, change: &ChangeRecord, owner: &str, accepted: bool) -> AppResult<Answer> {
        let parked = Parked {
            accepted,
            first_question: self.pace.first_question,
            answer: &answer::encode(&change.answer()),
        };
        crash_point!("submit.unknown.before");
        let parked = self
            .insist(|| self.ledger.to_unknown(change, owner, &parked))
            .await;
        crash_point!("submit.unknown.after");
        match parked {
            Ok(_) => self.standing_answer(change).await,
            Err(error) => {
                // Still CALLING: the reconciler takes it over when the lease runs out.
                tracing::warn!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "an unclear change could not be marked"
                );
                Ok(change.answer())
            }
        }
    }

    /// Nothing was sent and nothing stays behind: the key is free for another try. Unless somebody
    /// with the same key was told meanwhile that the change is pending: then it is settled like
    /// every other.
    async fn withdraw(
        &self,
        change: &ChangeRecord,
        owner: &str,
        why: AppError,
    ) -> AppResult<Answer> {
        crash_point!("submit.withdraw.before");
        let withdrawn = self.insist(|| self.ledger.withdraw(change, owner)).await;
        crash_point!("submit.withdraw.after");
        match withdrawn {
            Ok(Withdrawn::Gone) => Err(why),
            Ok(Withdrawn::Answered) => self.park(change, owner, false).await,
            // Taken over, or gone already and the answer to that lost.
            Ok(Withdrawn::Lost) => self.standing_answer(change).await,
            // It stays behind, never sent; the reconciler ends it.
            Err(error) => Err(error.into()),
        }
    }
}

fn in_progress(open: RequestId) -> Problem {
    Problem::of(ProblemCode::ChangeInProgress).with_request_id(open)
}
