//! A request for a change: sent at most once; every request with the same key gets the same answer.
//!
//! The order is what makes it safe: stored answer of the key → owner of the line → current plan →
//! three checks → intent committed → call committed → one send → end. It runs in a task that a
//! disconnecting client cannot cancel.

use super::{
    answer::{self, Answer},
    draft::{own_line, refuse_same_product},
    lifecycle::State,
    ports::{Begun, Parked, Refusal, Withdrawn},
    prepare::{Prepared, Ready},
    record::{ChangeRecord, Outcome},
    rules::SEND_WITHIN,
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
    model::Principal,
    problem::{Problem, ProblemCode},
    ssr::ChangeCommand,
};

/// Tries to begin a change while the line is taken by one that ends meanwhile.
const BEGIN_TRIES: usize = 2;
/// Seconds to wait if the line was taken each time.
const RETRY_WHEN_TAKEN_S: u32 = 1;

/// A request being processed.
pub(super) struct Request<'a> {
    pub who: &'a Principal,
    pub command: &'a ChangeCommand,
    pub fingerprint: String,
}

impl Inner {
    /// The whole of it. A problem carries the trace id of the request that met it first.
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
            let ready = match self.prepare(&request, line.clone()).await? {
                Prepared::Ready(ready) => *ready,
                Prepared::Refused(problem) => return self.refuse(&request, problem).await,
            };
            self.kos.may_change().await?;
            let owner = self.ids.uuid();
            match self.begin(&ready, &request.fingerprint, &owner).await? {
                Begun::Committed => return self.call(ready, &owner).await,
                Begun::KeyTaken => return self.replay_taken(&request).await,
                // If the other change has ended meanwhile, how is unknown: look at the line again.
                Begun::LineTaken => {
                    if let Some(open) = self.ledger.find_open(&line.line_number).await? {
                        let open = self.in_progress(who, &open).await?;
                        return self.refuse(&request, open).await;
                    }
                }
            }
        }
        Err(AppError::new(ProblemCode::Unavailable).retry_after(RETRY_WHEN_TAKEN_S))
    }

    /// Stores a refusal as the answer of its key.
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

    /// Commits the intent. If the commit's answer is lost, the row is read back, never written again.
    async fn begin(&self, ready: &Ready, fingerprint: &str, owner: &str) -> AppResult<Begun> {
        let (change, generation) = (&ready.change, ready.generation);
        crash_point!("submit.intent.before");
        let begun = self
            .ledger
            .begin(change, generation, fingerprint, owner, self.rules.lease())
            .await;
        crash_point!("submit.intent.after");
        match begun {
            Err(DbError::Unavailable(error)) => {
                match self.insist(|| self.ledger.find(&change.request_id)).await? {
                    // The next step finds out whether this request still owns it.
                    Some(_) => Ok(Begun::Committed),
                    None => Err(DbError::Unavailable(error).into()),
                }
            }
            begun => Ok(begun?),
        }
    }

    /// Commits the call, sends once, and records the end.
    async fn call(&self, ready: Ready, owner: &str) -> AppResult<Answer> {
        let (mut change, looked_at) = (ready.change, ready.looked_at);
        let open_since = self.clock.monotonic();
        crash_point!("submit.calling.before");
        let started = self
            .ledger
            .start_call(&change.request_id, owner, self.rules.lease())
            .await;
        crash_point!("submit.calling.after");
        match started {
            Ok(true) => change.state = State::Calling,
            // This process was suspended for so long that the reconciler took the intent over.
            Ok(false) => return self.standing_answer(&change).await,
            // Possibly committed, certainly not sent.
            Err(error) => return self.withdraw(&change, owner, error.into()).await,
        }
        let send_within_look = self.rules.send_within_look();
        let may_send = || {
            let since = |instant| self.clock.monotonic().saturating_sub(instant);
            since(open_since) <= SEND_WITHIN && since(looked_at) <= send_within_look
        };
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

    /// Writes the end. If that fails, the customer is not told of a failure that KOS knows nothing
    /// about: the change stays open, and the reconciler finds its end by asking.
    async fn end(&self, change: &ChangeRecord, outcome: Outcome, owner: &str) -> AppResult<Answer> {
        let (event_id, now_ms) = (self.ids.uuid(), self.clock.now_ms());
        let Some(ending) = ending(change, outcome, owner, event_id, now_ms) else {
            return self.standing_answer(change).await;
        };
        crash_point!("submit.end.before");
        // Safe to repeat: once committed, the change has no owner and the step does nothing.
        let ended = self.insist(|| self.ledger.end(&ending)).await;
        crash_point!("submit.end.after");
        match ended {
            Ok(Some(receipt)) => {
                self.listener.ended(&change.held_line()).await;
                self.standing_answer(&ending.ended.receipted(&receipt))
                    .await
            }
            // Written by an earlier try whose answer was lost, or taken over by the reconciler.
            Ok(None) => {
                self.listener.ended(&change.held_line()).await;
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

    /// Leaves a sent change without an end: KOS will be asked, and the customer is told so. `accepted`:
    /// KOS answered that it has taken the change and is working on it.
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
                // Still CALLING: the reconciler takes it over when the lease expires.
                tracing::warn!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "an unclear change could not be marked"
                );
                Ok(change.answer())
            }
        }
    }

    /// Removes a change that was not sent; its key is free for another try. But if another request
    /// with that key has been answered "pending" meanwhile, the change is settled like any other.
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
            // Taken over, or already removed and the answer to that was lost.
            Ok(Withdrawn::Lost) => self.standing_answer(change).await,
            // The row stays, never sent; the reconciler ends it.
            Err(error) => Err(error.into()),
        }
    }
}
