//! The worker that settles open changes by asking KOS, never by sending again.
//!
//! It takes over calls whose answer was lost and changes whose owner died (their lease expired), asks
//! after 1, 2, 4, 8 … seconds and then each minute, and hands over to a person what asking cannot
//! settle.

use super::{
    judge::{Judgement, Told, judge},
    lifecycle::State,
    ports::Taken,
    record::{ChangeRecord, Outcome},
    service::Inner,
    settle::ending,
};
use crate::{
    config::ProductConfig, crash_point::crash_point, db::DbError, error::Chain, kos::KosError,
};
use futures::future::join_all;
use std::{sync::Arc, time::Duration};

/// Changes asked about concurrently.
const AT_ONCE: usize = 8;

/// How patient the reconciler is.
#[derive(Clone, Copy, Debug)]
pub struct ReconcilePace {
    /// Between two looks for changes that are due.
    pub poll: Duration,
    /// From a lost answer to the first question; each later pause doubles.
    pub first_question: Duration,
    pub longest_pause: Duration,
    /// After this a person decides.
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
    pub fn of(config: &ProductConfig) -> Self {
        Self {
            poll: config.reconcile_poll,
            first_question: config.first_question,
            longest_pause: config.longest_pause,
            ..Self::default()
        }
    }

    /// The pause after that many questions. It ends no later than `too_late_in`, from when "not found"
    /// is an answer; `None` if that is past or never comes.
    fn pause(&self, questions: u32, too_late_in: Option<Duration>) -> Duration {
        self.first_question
            .saturating_mul(2_u32.saturating_pow(questions.min(31)))
            .min(self.longest_pause)
            .min(too_late_in.unwrap_or(Duration::MAX))
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
                        error = %Chain(&error),
                        "unsettled changes cannot be read"
                    );
                }
                failing = true;
            }
        }
        tokio::select! {
            biased;
            () = stopping.cancelled() => return,
            () = tokio::time::sleep(inner.pace.poll) => {}
        }
    }
}

impl Inner {
    /// One turn. Changes not asked about because this process is stopping are handed back at once; those
    /// on which the ledger failed are due again when their lease expires.
    pub(super) async fn reconcile_due(&self) -> Result<(), DbError> {
        let owner = self.ids.uuid();
        crash_point!("reconcile.take.before");
        let taken = self
            .ledger
            .take_unsettled(&owner, self.rules.lease(), AT_ONCE)
            .await?;
        crash_point!("reconcile.take.after");
        let open_since = self.clock.monotonic();
        let asked = join_all(taken.iter().map(|taken| async {
            let result = self.reconcile_one(taken, open_since).await;
            match result {
                Ok(asked) => asked,
                Err(error) => {
                    self.came_to_nothing(taken, error).await;
                    true
                }
            }
        }))
        .await;
        if asked.contains(&false) {
            self.ledger.hand_back(&owner).await?;
        }
        Ok(())
    }

    /// Hands over to a person what trying again cannot mend: an end that the database will never take, and
    /// a row that cannot be decoded.
    async fn came_to_nothing(&self, taken: &Taken, error: DbError) {
        let for_good = matches!(error, DbError::Refused(_) | DbError::Corrupt { .. });
        tracing::warn!(
            request_id = %taken.request_id,
            error = %Chain(&error),
            "a question about a change came to nothing"
        );
        if for_good && let Err(error) = self.hand_over(taken).await {
            tracing::warn!(
                request_id = %taken.request_id,
                error = %Chain(&error),
                "a change could not be handed over"
            );
        }
    }

    async fn hand_over(&self, taken: &Taken) -> Result<(), DbError> {
        tracing::error!(
            request_id = %taken.request_id,
            questions = taken.questions,
            "a change cannot be settled by asking; a person has to decide"
        );
        crash_point!("reconcile.manual.before");
        self.ledger
            .to_manual(&taken.request_id, &taken.owner)
            .await?;
        crash_point!("reconcile.manual.after");
        Ok(())
    }

    /// `false`: left untouched, because this process is stopping.
    async fn reconcile_one(&self, taken: &Taken, open_since: Duration) -> Result<bool, DbError> {
        let Some(change) = self.ledger.find(&taken.request_id).await? else {
            return Ok(true);
        };
        // Nothing is sent before CALLING, and only the owner can enter it.
        if change.state == State::Intent {
            self.write_end(&change, Outcome::NotApplied, taken).await?;
            return Ok(true);
        }
        crash_point!("reconcile.ask.before");
        let told = tokio::select! {
            biased;
            told = self.ask(&change) => told,
            () = self.tasks.stopping().cancelled() => return Ok(false),
        };
        crash_point!("reconcile.ask.after");
        // KOS may finish an accepted change at any time, so no horizon ends it.
        let horizon = self.rules.too_late_after();
        let too_late_in = (!taken.accepted).then(|| horizon.saturating_sub(taken.open_for));
        let too_late = too_late_in.is_some_and(|left| left.is_zero());
        match judge(&change, &told, too_late) {
            Judgement::Ended(outcome) => {
                self.let_generations_lapse(open_since).await;
                self.write_end(&change, outcome, taken).await?;
            }
            Judgement::AskAgain if taken.open_for < self.pace.give_up_after => {
                let to_come = too_late_in.filter(|left| !left.is_zero());
                let pause = self.pace.pause(taken.questions, to_come);
                crash_point!("reconcile.later.before");
                self.ledger
                    .ask_later(&taken.request_id, &taken.owner, pause)
                    .await?;
                crash_point!("reconcile.later.after");
            }
            Judgement::AskAgain | Judgement::Ambiguous => self.hand_over(taken).await?,
        }
        Ok(true)
    }

    /// Asks for the change itself if KOS keeps it (K1), else for the line's current plan.
    async fn ask(&self, change: &ChangeRecord) -> Told {
        let result = if self.rules.asks_by_request_id {
            self.kos.lookup(&change.request_id).await.map(Told::Change)
        } else {
            let line = self.kos.line_now(&change.held_line()).await;
            line.map(|line| Told::Line(line.product.code))
        };
        result.unwrap_or_else(|error: KosError| {
            tracing::info!(
                request_id = %change.request_id,
                error = %Chain(&error),
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
        let (event_id, now_ms) = (self.ids.uuid(), self.clock.now_ms());
        let Some(ending) = ending(change, outcome, &taken.owner, event_id, now_ms) else {
            return Ok(());
        };
        crash_point!("reconcile.end.before");
        let ended = self.ledger.end(&ending).await?;
        crash_point!("reconcile.end.after");
        if ended.is_some() {
            tracing::info!(
                request_id = %change.request_id,
                state = ending.ended.state.as_str(),
                questions = taken.questions,
                "a change was settled by asking"
            );
            self.listener.ended(&change.held_line()).await;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ReconcilePace;
    use std::time::Duration;

    #[test]
    fn pauses_double_up_to_a_minute() {
        let pace = ReconcilePace::default();
        let seconds: Vec<_> = (0..9).map(|n| pace.pause(n, None).as_secs()).collect();
        assert_eq!(seconds, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(pace.pause(u32::MAX, None).as_secs(), 60);
    }

    #[test]
    fn the_horizon_is_not_slept_through() {
        let pace = ReconcilePace::default();
        let seconds = |left| pace.pause(5, Some(Duration::from_secs(left))).as_secs();
        assert_eq!((seconds(6), seconds(40)), (6, 32));
    }
}
