//! The worker that settles what was left open, by asking KOS and never by sending again.
//!
//! It takes over calls whose answer was lost and changes whose owner died (their lease ran out),
//! asks after 1, 2, 4, 8 … seconds and then each minute, and hands over to a person what asking
//! cannot settle.

use super::{
    judge::{Judgement, Told, judge},
    lifecycle::State,
    record::{ChangeRecord, Outcome},
    service::Inner,
    settle::settle,
    store_unsettled::{self, Taken},
};
use crate::{db::DbError, kos::KosError};
use futures::future::join_all;
use std::{sync::Arc, time::Duration};

/// Changes asked about at once.
const AT_ONCE: usize = 8;

/// How patient the reconciler is.
#[derive(Clone, Copy, Debug)]
pub struct ReconcilePace {
    /// Looking for changes that are due.
    pub poll: Duration,
    /// From a lost answer to the first question; later pauses double.
    pub first_question: Duration,
    pub longest_pause: Duration,
    /// A person decides after this.
    pub give_up_after: Duration,
}

impl Default for ReconcilePace {
    fn default() -> Self {
        Self {
            poll: Duration::from_secs(1),
            first_question: Duration::from_secs(1),
            longest_pause: Duration::from_secs(60),
            give_up_after: Duration::from_secs(24 * 60 * 60),
        }
    }
}

impl ReconcilePace {
    /// The pause after that many questions.
    fn pause(&self, questions: u32) -> Duration {
        self.first_question
            .saturating_mul(2_u32.saturating_pow(questions.min(31)))
            .min(self.longest_pause)
    }
}

/// Runs until shutdown.
pub(super) async fn reconcile(inner: Arc<Inner>) {
    let stopping = inner.tasks.stopping().clone();
    let mut failing = false;
    loop {
        match inner.reconcile_due().await {
            Ok(()) => failing = false,
            Err(error) => {
                if !failing {
                    tracing::warn!(
                        error = format!("{:#}", anyhow::Error::new(error)),
                        "unsettled changes cannot be read"
                    );
                }
                failing = true;
            }
        }
        tokio::select! {
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(inner.pace.poll) => {}
        }
    }
}

impl Inner {
    async fn reconcile_due(&self) -> Result<(), DbError> {
        let owner = self.ids.uuid();
        let taken = store_unsettled::take(&self.db, &owner, self.lease(), AT_ONCE).await?;
        join_all(taken.iter().map(|taken| async {
            if let Err(error) = self.reconcile_one(taken).await {
                tracing::warn!(
                    request_id = %taken.request_id,
                    error = format!("{:#}", anyhow::Error::new(error)),
                    "a question about a change came to nothing"
                );
            }
        }))
        .await;
        Ok(())
    }

    async fn reconcile_one(&self, taken: &Taken) -> Result<(), DbError> {
        let Some(change) = self.changes.find(&taken.request_id).await? else {
            return Ok(());
        };
        // No byte goes out before CALLING, and only the owner can go there.
        if change.state == State::Intent {
            return self.write_end(&change, Outcome::NotApplied, taken).await;
        }
        let told = self.ask(&change).await;
        match judge(&change, &told, taken.open_for >= self.too_late_after()) {
            Judgement::Ended(outcome) => self.write_end(&change, outcome, taken).await,
            Judgement::AskAgain if taken.open_for < self.pace.give_up_after => {
                let pause = self.pace.pause(taken.questions);
                self.changes
                    .ask_later(&taken.request_id, &taken.owner, pause)
                    .await?;
                Ok(())
            }
            Judgement::AskAgain | Judgement::Ambiguous => {
                tracing::error!(
                    request_id = %taken.request_id,
                    questions = taken.questions,
                    "a change cannot be settled by asking; a person has to decide"
                );
                self.changes
                    .to_manual(&taken.request_id, &taken.owner)
                    .await?;
                Ok(())
            }
        }
    }

    /// Asks for the change itself where KOS keeps it (K1), else for what the line is on now.
    async fn ask(&self, change: &ChangeRecord) -> Told {
        let result = if self.asks_by_request_id {
            self.kos
                .change_status(&change.request_id.0)
                .await
                .map(Told::Change)
        } else {
            let request_id = self.ids.uuid();
            self.kos
                .line(&request_id, &change.line.line_number)
                .await
                .map(|line| Told::Line(line.product.code))
        };
        result.unwrap_or_else(|error: KosError| {
            tracing::info!(
                request_id = %change.request_id,
                error = format!("{:#}", anyhow::Error::new(error)),
                "KOS did not tell how a change stands"
            );
            Told::Nothing
        })
    }

    async fn write_end(
        &self,
        change: &ChangeRecord,
        outcome: Outcome,
        taken: &Taken,
    ) -> Result<(), DbError> {
        let now_ms = self.clock.now_ms();
        let ended = change.ended(outcome, now_ms);
        let event_id = self.ids.uuid();
        if settle(
            &self.db,
            &ended,
            change.state,
            &taken.owner,
            event_id,
            now_ms,
        )
        .await?
        {
            tracing::info!(
                request_id = %change.request_id,
                state = ended.state.as_str(),
                questions = taken.questions,
                "a change was settled by asking"
            );
            self.after_end(&ended).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ReconcilePace;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pace = ReconcilePace::default();
        let seconds: Vec<_> = (0..9).map(|n| pace.pause(n).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pace.pause(u32::MAX).as_secs(), 60);
    }
}
