//! The same key again: the same answer, or waiting for it.

use super::{
    answer::{self, Answer},
    lifecycle::State,
    ports::StoredAnswer,
    record::ChangeRecord,
    service::Inner,
    submit::Request,
};
use crate::{
    crash_point::crash_point,
    db::DbError,
    error::{AppError, AppResult, Chain},
};
use app::{
    model::{IdempotencyKey, RequestId},
    problem::ProblemCode,
};
use std::{future::Future, time::Duration};

/// How often a request that waits for another one with its key looks for the answer.
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// How often a step is tried while the ledger is away, and the pause in between.
const TRIES: u32 = 5;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// A change that was asked to be taken back can be asked for again after this, in seconds.
const RETRY_WITHDRAWN_S: u32 = 5;

impl Inner {
    /// Answers a request whose key somebody took meanwhile.
    pub(super) async fn replay_taken(&self, request: &Request<'_>) -> AppResult<Answer> {
        match self.find_answer(request).await? {
            Some(stored) => self.replay(request, stored).await,
            None => Err(withdrawn()),
        }
    }

    /// Answers a request whose key is known: with the stored answer, as soon as there is one, or
    /// with the pending change if whoever works on it does not come back.
    pub(super) async fn replay(
        &self,
        request: &Request<'_>,
        mut stored: StoredAnswer,
    ) -> AppResult<Answer> {
        if stored.fingerprint != request.fingerprint {
            return Err(AppError::new(ProblemCode::IdempotencyKeyReused));
        }
        let until = self.clock.monotonic() + self.rules.follow_for();
        loop {
            if let Some(text) = &stored.answer {
                return Ok(read_answer(&request.command.key, text)?);
            }
            let change = match stored.request_id.clone().map(RequestId) {
                Some(id) => self.ledger.find(&id).await?,
                None => None,
            };
            let Some(change) = change else {
                return Err(withdrawn());
            };
            let patient = self.clock.monotonic() < until;
            if !patient || !matches!(change.state, State::Intent | State::Calling) {
                return self.standing_answer(&change).await;
            }
            self.clock.sleep(LOOK_EVERY).await;
            stored = self.find_answer(request).await?.ok_or_else(withdrawn)?;
        }
    }

    /// The answer that stands for a change: the first one stored, which this one becomes if there
    /// is none. A database that is away now does not turn what KOS did into a failure.
    pub(super) async fn standing_answer(&self, change: &ChangeRecord) -> AppResult<Answer> {
        match self.insist(|| self.first_answer(change)).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(withdrawn()),
            Err(error) => {
                tracing::warn!(
                    request_id = %change.request_id,
                    error = %Chain(&error),
                    "the answer of a change could not be read back"
                );
                Ok(change.answer())
            }
        }
    }

    /// `None`: the key is free, the change was taken back.
    async fn first_answer(&self, change: &ChangeRecord) -> Result<Option<Answer>, DbError> {
        let key = &change.idempotency_key;
        for last in [false, true] {
            let Some(stored) = self.ledger.find_answer(&change.account_id, key).await? else {
                return Ok(None);
            };
            if let Some(text) = stored.answer {
                return read_answer(key, &text).map(Some);
            }
            if !last {
                crash_point!("answer.before");
                let answer = answer::encode(&change.answer());
                self.ledger.keep_answer(change, &answer).await?;
                crash_point!("answer.after");
            }
        }
        Ok(None)
    }

    /// Repeats a step of the ledger that may be repeated, while the ledger is away for a moment:
    /// what the customer is told is worth a short wait.
    pub(super) async fn insist<T, F>(&self, step: impl Fn() -> F) -> Result<T, DbError>
    where
        F: Future<Output = Result<T, DbError>>,
    {
        for _ in 1..TRIES {
            match step().await {
                Err(DbError::Unavailable(_)) => self.clock.sleep(BETWEEN_TRIES).await,
                done => return done,
            }
        }
        step().await
    }

    async fn find_answer(&self, request: &Request<'_>) -> Result<Option<StoredAnswer>, DbError> {
        self.ledger
            .find_answer(&request.who.account_id, &request.command.key)
            .await
    }
}

fn read_answer(key: &IdempotencyKey, text: &str) -> Result<Answer, DbError> {
    answer::decode(text).map_err(|_| DbError::Corrupt {
        table: "product_answer",
        column: "answer",
        id: key.as_str().to_owned(),
    })
}

/// The request this one waited for was taken back before anything was sent.
fn withdrawn() -> AppError {
    AppError::new(ProblemCode::KosUnavailable).retry_after(RETRY_WITHDRAWN_S)
}
