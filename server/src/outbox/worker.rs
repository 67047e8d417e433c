//! The loop that empties one outbox.

use super::{
    Relay,
    bell::Rings,
    run::Run,
    store_line::{self, Share},
};
use crate::{crash_point::crash_point, db::Db, error::Chain};
use std::{collections::VecDeque, future, mem, pin::Pin, time::Duration};
use tokio::{
    task::{JoinError, JoinSet},
    time::{MissedTickBehavior, Sleep, interval, sleep},
};
use tokio_util::sync::CancellationToken;

/// A time to wait for, if any.
type Timer = Option<Pin<Box<Sleep>>>;

/// Lines of one class leased by this worker.
#[derive(Default)]
struct Class {
    /// With the start of their lease.
    queued: VecDeque<(Run, Duration)>,
    running: JoinSet<Run>,
    /// Whether there may be more to take.
    look: bool,
}

impl Class {
    fn is_empty(&self) -> bool {
        self.queued.is_empty() && self.running.is_empty()
    }

    fn room(&self, of: usize) -> usize {
        if self.look {
            of.saturating_sub(self.queued.len() + self.running.len())
        } else {
            0
        }
    }
}

pub(super) struct Worker {
    relay: Relay,
    db: Db,
    /// Lines with the end of a plan change among what waits.
    urgent: Class,
    others: Class,
    /// Done, and not recorded yet.
    ended: Vec<Run>,
    /// Deliveries under way count as failed from here on.
    giving_up: CancellationToken,
    gathering: Timer,
    /// Urgent lines do not wait for its end.
    resting: Timer,
    /// When the work began after which it rests next.
    busy_since: Option<Duration>,
    /// The longest wait among what was taken since the last rest.
    lag: Duration,
    /// The database failed last time.
    failing: bool,
}

impl Worker {
    pub fn new(relay: Relay, db: Db) -> Self {
        Self {
            relay,
            db,
            urgent: Class::default(),
            others: Class::default(),
            ended: Vec::new(),
            giving_up: CancellationToken::new(),
            gathering: None,
            resting: None,
            busy_since: None,
            lag: Duration::ZERO,
            failing: false,
        }
    }

    /// Runs until shutdown, and gives every line back before it ends.
    pub async fn work(mut self) {
        let stopping = self.relay.tasks.stopping().clone();
        let mut poll = interval(self.relay.pace.poll);
        poll.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut rings = self.relay.bell.listen();
        let mut heard = Rings::default();
        while !stopping.is_cancelled() {
            self.take().await;
            self.begin();
            if !self.ended.is_empty() && self.urgent.is_empty() && self.others.is_empty() {
                self.settle().await;
                continue;
            }
            tokio::select! {
                () = stopping.cancelled() => break,
                ended = through(&mut self.urgent.running, &mut self.others.running) => {
                    // A line whose task panicked stays leased until the lease has run out.
                    self.ended.extend(ended);
                    if self.gathering.is_none() {
                        self.gathering = Some(Box::pin(sleep(self.relay.pace.gather)));
                    }
                }
                () = over(&mut self.gathering) => self.settle().await,
                () = over(&mut self.resting) => self.resting = None,
                // The bell lives as long as the relay, so `changed` never fails.
                _ = rings.changed() => {
                    let now = *rings.borrow_and_update();
                    self.urgent.look |= now.urgent != heard.urgent;
                    self.others.look |= now.other != heard.other;
                    heard = now;
                }
                _ = poll.tick() => (self.urgent.look, self.others.look) = (true, true),
            }
        }
        self.give_back().await;
    }

    /// Gives back what waits or is done at once, and what is under way when it ends or, at the latest,
    /// after [`super::RelayPace::finish`]: a lease kept would stop the line for as long as it lasts.
    async fn give_back(&mut self) {
        let latest = sleep(self.relay.pace.finish);
        for class in [&mut self.urgent, &mut self.others] {
            self.ended
                .extend(class.queued.drain(..).map(|(run, _)| run));
        }
        self.settle().await;
        let in_time = tokio::select! {
            biased;
            () = self.all_ended() => true,
            () = latest => false,
        };
        if !in_time {
            self.giving_up.cancel();
            self.all_ended().await;
        }
        self.settle().await;
    }

    /// Waits for the deliveries under way.
    async fn all_ended(&mut self) {
        for class in [&mut self.urgent, &mut self.others] {
            while let Some(ended) = class.running.join_next().await {
                self.ended.extend(ended);
            }
        }
    }

    /// Takes lines that are due, as far as there is room for them.
    async fn take(&mut self) {
        let pace = self.relay.pace;
        let resting = self.resting.is_some();
        let share = Share {
            urgent_lines: self.urgent.room(pace.lines / 2),
            other_lines: if resting {
                0
            } else {
                self.others.room(pace.lines / 2)
            },
            events_of_a_line: pace.run,
        };
        if share.urgent_lines + share.other_lines == 0 {
            return;
        }
        let began = self.relay.clock.monotonic();
        self.busy_since.get_or_insert(began);
        crash_point!("relay.claim.before");
        let claimed = store_line::claim(&self.db, &self.relay.ids.uuid(), pace.lease, share).await;
        crash_point!("relay.claim.after");
        if share.urgent_lines > 0 {
            self.urgent.look = false;
        }
        if share.other_lines > 0 {
            self.others.look = false;
        }
        let runs = match claimed {
            Ok(runs) => {
                self.failing = false;
                runs
            }
            Err(error) => {
                // Logged once per outage, not every second.
                if !mem::replace(&mut self.failing, true) {
                    tracing::warn!(error = %Chain(&error), "the outbox cannot be read");
                }
                return;
            }
        };
        let taken = |urgent| runs.iter().filter(|run| run.urgent == urgent).count();
        // A full share: there may be more, once there is room.
        self.urgent.look |= share.urgent_lines > 0 && taken(true) == share.urgent_lines;
        self.others.look |= share.other_lines > 0 && taken(false) == share.other_lines;
        for mut run in runs {
            self.lag = self.lag.max(run.lag());
            let class = if run.urgent {
                &mut self.urgent
            } else {
                &mut self.others
            };
            if run.events.is_empty() {
                run.emptied();
                self.ended.push(run);
            } else {
                class.queued.push_back((run, began));
            }
        }
    }

    /// Starts as many lines as may be delivered at once.
    fn begin(&mut self) {
        let pace = self.relay.pace;
        let mut free = pace
            .at_once
            .saturating_sub(self.urgent.running.len() + self.others.running.len());
        for class in [&mut self.urgent, &mut self.others] {
            while free > 0 && class.running.len() < pace.places_of_a_class() {
                let Some((run, claimed)) = class.queued.pop_front() else {
                    break;
                };
                let carrying = self
                    .relay
                    .clone()
                    .carry(run, claimed, self.giving_up.clone());
                class.running.spawn(carrying);
                free -= 1;
            }
        }
    }

    /// Records the results of the finished lines, and releases those.
    async fn settle(&mut self) {
        self.gathering = None;
        let ended = mem::take(&mut self.ended);
        if ended.is_empty() {
            return;
        }
        crash_point!("relay.record.before");
        let settled = store_line::settle(&self.db, &ended).await;
        crash_point!("relay.record.after");
        match settled {
            Ok(due) => {
                self.urgent.look |= due && ended.iter().any(|run| run.urgent);
                self.others.look |= due;
            }
            // Unrecorded events are delivered again after the lease has run out, under the same id.
            Err(error) => tracing::warn!(
                error = %Chain(&error),
                "deliveries could not be recorded"
            ),
        }
        self.rest();
    }

    fn rest(&mut self) {
        let now = self.relay.clock.monotonic();
        let since = self.busy_since.take().unwrap_or(now);
        let lag = mem::take(&mut self.lag);
        let rest = self.relay.pace.duty.rest(now.saturating_sub(since), lag);
        self.resting = (!rest.is_zero()).then(|| Box::pin(sleep(rest)));
    }
}

/// The next finished line.
async fn through(urgent: &mut JoinSet<Run>, others: &mut JoinSet<Run>) -> Result<Run, JoinError> {
    tokio::select! {
        Some(run) = urgent.join_next() => run,
        Some(run) = others.join_next() => run,
        else => future::pending().await,
    }
}

/// Ends at that time; never if there is none.
async fn over(timer: &mut Timer) {
    match timer {
        Some(timer) => timer.as_mut().await,
        None => future::pending().await,
    }
}
