//! The worker that empties the outbox.

use super::{
    OutboxBell,
    backoff::Backoff,
    store::{self, Claimed},
};
use crate::{
    config::MvnoConfig,
    crash_point::crash_point,
    db::{Db, DbError},
    ids::Ids,
    mvno::{MvnoClient, OutgoingEvent},
    tasks::Tasks,
};
use std::time::Duration;
use tokio::task::JoinSet;

/// How patient the relay is.
#[derive(Clone, Copy, Debug)]
pub struct RelayPace {
    /// Deliveries of one worker at once, each of another line.
    pub at_once: usize,
    /// Looking for work without having been rung.
    pub poll: Duration,
    /// After the first of several deliveries has ended: what ends within this is recorded with it,
    /// by one commit, and one look for more work serves all of them.
    pub gather: Duration,
    /// A claim is another worker's to take after this; longer than a delivery can take.
    pub lease: Duration,
    pub backoff: Backoff,
    /// An event older than this is buried when its delivery fails once more.
    pub bury_after: Duration,
}

impl Default for RelayPace {
    fn default() -> Self {
        Self {
            at_once: 8,
            poll: Duration::from_secs(1),
            gather: Duration::from_millis(10),
            lease: Duration::from_secs(30),
            backoff: Backoff {
                first: Duration::from_secs(1),
                longest: Duration::from_secs(300),
            },
            bury_after: Duration::from_secs(48 * 60 * 60),
        }
    }
}

/// How much longer than a delivery can take a claim lasts.
const LEASE_OVER_TIMEOUT: u32 = 3;

impl RelayPace {
    pub fn of(config: &MvnoConfig) -> Self {
        Self {
            lease: config.timeout * LEASE_OVER_TIMEOUT,
            backoff: Backoff {
                first: config.first_retry,
                longest: config.longest_retry,
            },
            ..Self::default()
        }
    }
}

/// Delivers what the databases have waiting. Cheap to clone.
#[derive(Clone)]
pub struct Relay {
    dbs: Vec<Db>,
    client: MvnoClient,
    bell: OutboxBell,
    ids: Ids,
    tasks: Tasks,
    pace: RelayPace,
}

impl Relay {
    /// `dbs`: the distinct databases that have an outbox.
    pub fn new(dbs: Vec<Db>, client: MvnoClient, bell: OutboxBell, ids: Ids, tasks: Tasks) -> Self {
        Self {
            dbs,
            client,
            bell,
            ids,
            tasks,
            pace: RelayPace::default(),
        }
    }

    /// At another pace than the default one.
    pub fn with_pace(mut self, pace: RelayPace) -> Self {
        self.pace = pace;
        self
    }

    /// Starts one worker for each database; they stop between two deliveries at shutdown.
    pub fn start(&self) {
        for db in &self.dbs {
            self.tasks.start(self.clone().work(db.clone()));
        }
    }

    async fn work(self, db: Db) {
        let mut rings = self.bell.listen();
        let mut running: JoinSet<Option<Claimed>> = JoinSet::new();
        let mut failing = false;
        loop {
            // Rings from here on are answered by another look.
            rings.mark_unchanged();
            match self.take(&db, self.pace.at_once - running.len()).await {
                Ok(claimed) => {
                    failing = false;
                    for event in claimed {
                        let (relay, db) = (self.clone(), db.clone());
                        running.spawn(async move { relay.carry(&db, event).await });
                    }
                }
                // Told once an outage, not once a second.
                Err(_) if failing => {}
                Err(error) => {
                    failing = true;
                    tracing::warn!(
                        error = format!("{:#}", anyhow::Error::new(error)),
                        "the outbox cannot be read"
                    );
                }
            }
            tokio::select! {
                () = self.tasks.stopping().cancelled() => break,
                Some(first) = running.join_next() => {
                    tokio::time::sleep(self.pace.gather).await;
                    let others = std::iter::from_fn(|| running.try_join_next());
                    let ended = std::iter::once(first).chain(others);
                    self.settle(&db, ended.filter_map(Result::ok).flatten().collect()).await;
                }
                // The bell lives as long as the relay, so `changed` never fails.
                _ = rings.changed() => {}
                () = tokio::time::sleep(self.pace.poll) => {}
            }
        }
        // What is on its way is settled before the process ends.
        let mut delivered = Vec::new();
        while let Some(ended) = running.join_next().await {
            delivered.extend(ended.ok().flatten());
        }
        self.settle(&db, delivered).await;
    }

    async fn take(&self, db: &Db, free: usize) -> Result<Vec<Claimed>, DbError> {
        if free == 0 {
            return Ok(Vec::new());
        }
        crash_point!("relay.claim.before");
        let claimed = store::claim(db, &self.ids.uuid(), self.pace.lease, free).await;
        crash_point!("relay.claim.after");
        claimed
    }

    /// Delivers one event, with no transaction open. Gives it back when it arrived; records what
    /// comes of it when it did not.
    async fn carry(&self, db: &Db, event: Claimed) -> Option<Claimed> {
        let outgoing = OutgoingEvent {
            event_id: event.event_id.clone(),
            kind: event.kind.clone(),
            body: event.body.clone(),
        };
        crash_point!("relay.send.before");
        let delivered = self.client.deliver(&outgoing).await;
        crash_point!("relay.send.after");
        let recorded = match delivered {
            Ok(()) => return Some(event),
            Err(error) if event.age >= self.pace.bury_after => {
                tracing::error!(
                    event_id = event.event_id,
                    attempts = event.attempts,
                    %error,
                    "event buried undelivered"
                );
                store::bury(db, &event).await
            }
            Err(error) => {
                let asked = error.retry_after().map(u64::from).map(Duration::from_secs);
                let pause = self
                    .pace
                    .backoff
                    .pause(event.attempts, asked, self.ids.fraction());
                store::retry_later(db, &event, pause).await
            }
        };
        tell(recorded);
        None
    }

    /// Records that they arrived.
    async fn settle(&self, db: &Db, delivered: Vec<Claimed>) {
        if delivered.is_empty() {
            return;
        }
        crash_point!("relay.record.before");
        tell(store::settle_all(db, &delivered).await);
        crash_point!("relay.record.after");
    }
}

/// What is not recorded is delivered again once the lease has run out, under the same id.
fn tell(recorded: Result<(), DbError>) {
    if let Err(error) = recorded {
        tracing::warn!(
            error = format!("{:#}", anyhow::Error::new(error)),
            "a delivery could not be recorded"
        );
    }
}
