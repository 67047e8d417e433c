//! A request for a change: sent once at most, answered the same way to everybody who asks with the
//! same key.
//!
//! Order is everything here: what the key was answered before → whose line it is → what the line is
//! on now → the three checks → the intent, committed → the call, committed → one send → the end.
//! Runs in a task that a leaving client cannot cancel.

use super::{
    answer::{self, Answer},
    eligibility,
    lifecycle::State,
    record::{ChangeRecord, Outcome},
    request_id::request_id,
    service::{Inner, find, own_line, refuse_same_product},
    settle::settle,
    store_answer::AnswerStore,
    store_change::ChangeStore,
};
use crate::{
    db::DbError,
    error::{AppError, AppResult},
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

/// A request on its way.
pub(super) struct Request<'a> {
    pub who: &'a Principal,
    pub command: &'a ChangeCommand,
    pub fingerprint: String,
}

/// How taking the intent to the database ended.
enum Intent {
    Committed,
    KeyTaken,
    LineTaken,
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
        if let Some(stored) = self.answers.find(&who.account_id, &command.key).await? {
            return self.replay(&request, stored).await;
        }
        let line = own_line(who, Some(&command.draft.line_id))?.clone();
        let change = match self.prepare(&request, line).await? {
            Ok(change) => change,
            Err(problem) => return self.refuse(&request, problem).await,
        };
        self.kos.may_change()?;
        let owner = self.ids.uuid();
        match self.begin(&change, &request.fingerprint, &owner).await? {
            Intent::Committed => {}
            Intent::KeyTaken => return self.replay_taken(&request).await,
            Intent::LineTaken => {
                let open = self.changes.find_open(&change.line.line_number).await?;
                // Between the two statements it may have ended: the line is then on another plan.
                let problem = open.map_or_else(
                    || Problem::of(ProblemCode::CurrentProductChanged),
                    in_progress,
                );
                return self.refuse(&request, problem).await;
            }
        }
        self.call(change, &owner).await
    }

    /// Everything that can be found out before anything is written. The inner error is an answer
    /// that is kept; the outer one (KOS or the database away) is not.
    async fn prepare(
        &self,
        request: &Request<'_>,
        line: Line,
    ) -> AppResult<Result<ChangeRecord, Problem>> {
        let draft = &request.command.draft;
        if let Some(open) = self.changes.find_open(&line.line_number).await? {
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
        }))
    }

    /// Keeps a refusal as the answer of its key.
    async fn refuse(&self, request: &Request<'_>, problem: Problem) -> AppResult<Answer> {
        let refusal = Err(problem.traced(&request.command.trace_id));
        let stored = self
            .answers
            .insert_answered(
                &request.who.account_id,
                &request.command.key,
                &request.fingerprint,
                &answer::encode(&refusal),
                self.clock.now_ms(),
            )
            .await?;
        if stored {
            Ok(refusal)
        } else {
            self.replay_taken(request).await
        }
    }

    /// Commits the intent and takes the key, both or neither.
    async fn begin(
        &self,
        change: &ChangeRecord,
        fingerprint: &str,
        owner: &str,
    ) -> AppResult<Intent> {
        let mut tx = self.db.begin_write().await?;
        if !AnswerStore::insert_running(&mut tx, change, fingerprint).await? {
            return Ok(Intent::KeyTaken);
        }
        if !ChangeStore::insert_intent(&mut tx, change, owner, self.lease()).await? {
            return Ok(Intent::LineTaken);
        }
        tx.commit().await?;
        Ok(Intent::Committed)
    }

    /// Commits the call, sends once, and writes down how it ended.
    async fn call(&self, mut change: ChangeRecord, owner: &str) -> AppResult<Answer> {
        let begun = self.clock.monotonic();
        if !self
            .changes
            .start_call(&change.request_id, owner, self.lease())
            .await?
        {
            // This process stood still for so long that the reconciler took the intent over.
            return Ok(self.standing_answer(&change).await);
        }
        change.state = State::Calling;
        if self.clock.monotonic().saturating_sub(begun) > SEND_WITHIN {
            tracing::warn!(request_id = %change.request_id, "change not sent: committing the call took too long");
            return self
                .withdraw(
                    &change,
                    owner,
                    AppError::new(ProblemCode::Unavailable).retry_after(5),
                )
                .await;
        }
        let sent = self
            .kos
            .change(
                &change.request_id.0,
                &change.line.line_number,
                &change.from.code,
                &change.to.code,
            )
            .await;
        let outcome = match sent {
            Ok(applied) => Outcome::Completed {
                effective_date: applied.effective_date,
                kos_order_number: applied.kos_order_number,
            },
            Err(KosChangeError::Refused(reason)) => Outcome::Rejected(reason),
            Err(KosChangeError::NotSent(error)) => {
                return self.withdraw(&change, owner, error.into()).await;
            }
            Err(KosChangeError::Unclear(error)) => {
                tracing::warn!(
                    request_id = %change.request_id,
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "the outcome of a change is not known"
                );
                return self.park(change, owner).await;
            }
        };
        self.end(change, outcome, owner).await
    }

    /// Writes the end. Where that fails, the customer is not told of a failure that KOS knows
    /// nothing of: the change stays open, and the reconciler finds its end by asking.
    async fn end(&self, change: ChangeRecord, outcome: Outcome, owner: &str) -> AppResult<Answer> {
        let now_ms = self.clock.now_ms();
        let ended = change.ended(outcome, now_ms);
        match settle(
            &self.db,
            &ended,
            change.state,
            owner,
            self.ids.uuid(),
            now_ms,
        )
        .await
        {
            Ok(_) => {
                self.after_end(&ended).await;
                Ok(self.standing_answer(&ended).await)
            }
            Err(error) => {
                tracing::error!(
                    request_id = %change.request_id,
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "the end of a change could not be written; KOS will be asked"
                );
                Ok(change.answer())
            }
        }
    }

    /// The answer is unclear: KOS will be asked, and the customer is told so.
    async fn park(&self, change: ChangeRecord, owner: &str) -> AppResult<Answer> {
        match self.write_unknown(&change, owner).await {
            Ok(()) => Ok(self.standing_answer(&change).await),
            Err(error) => {
                // Still CALLING: the reconciler takes it over when the lease runs out.
                tracing::warn!(
                    request_id = %change.request_id,
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "an unclear change could not be marked"
                );
                Ok(change.answer())
            }
        }
    }

    async fn write_unknown(&self, change: &ChangeRecord, owner: &str) -> Result<(), DbError> {
        let pending = answer::encode(&change.answer());
        let mut tx = self.db.begin_write().await?;
        let first = self.pace.first_question;
        if ChangeStore::to_unknown(&mut tx, &change.request_id, owner, first).await? {
            AnswerStore::answer(&mut tx, change, &pending).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Nothing was sent and nothing stays behind: the key is free for another try.
    async fn withdraw(
        &self,
        change: &ChangeRecord,
        owner: &str,
        why: AppError,
    ) -> AppResult<Answer> {
        let mut tx = self.db.begin_write().await?;
        if !ChangeStore::withdraw(&mut tx, &change.request_id, owner).await? {
            return Ok(self.standing_answer(change).await);
        }
        AnswerStore::withdraw(&mut tx, change).await?;
        tx.commit().await?;
        Err(why)
    }
}

fn in_progress(open: RequestId) -> Problem {
    Problem::of(ProblemCode::ChangeInProgress).with_request_id(open)
}
