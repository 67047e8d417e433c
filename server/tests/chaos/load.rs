//! Constant load, with every answer kept.

use crate::{
    customers::{Asker, Customers},
    routes::Route,
    site::{ChangeTold, Said},
};
use anyhow::Result;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Pause of an asker between an answer and the next request.
const PAUSE: Duration = Duration::from_millis(150);
/// Good answers in a row, per asker, that prove a recovery: a half-open breaker lets the first few
/// through.
const WELL_AGAIN: usize = 3;

/// One answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub route: Route,
    pub asked: Instant,
    pub took: Duration,
    pub said: Said,
}

/// The running askers.
pub struct Load {
    answers: Arc<Mutex<Vec<Answer>>>,
    stop: CancellationToken,
    askers: JoinSet<()>,
    customers: Customers,
}

impl Load {
    pub async fn begin(customers: Customers) -> Result<Self> {
        let (answers, stop) = (
            Arc::<Mutex<Vec<Answer>>>::default(),
            CancellationToken::new(),
        );
        let mut askers = JoinSet::new();
        for asker in customers.askers().await? {
            let asking = ask(asker, answers.clone(), stop.clone());
            askers.spawn(asking);
        }
        Ok(Self {
            answers,
            stop,
            askers,
            customers,
        })
    }

    /// The answers to requests for changes.
    pub async fn finish(self) -> Vec<ChangeTold> {
        self.stop.cancel();
        self.askers.join_all().await;
        self.customers.changes_told()
    }

    /// Whether every route has answered well, several times in a row, what was asked after `since`.
    pub fn is_well_since(&self, moment: Instant) -> bool {
        let answers = self.lock();
        Route::ALL.iter().all(|route| {
            let wanted = WELL_AGAIN * route.askers();
            let last: Vec<_> = answers
                .iter()
                .rev()
                .take_while(|answer| answer.asked + answer.took >= moment)
                .filter(|answer| answer.route == *route && answer.asked >= moment)
                .take(wanted)
                .collect();
            last.len() == wanted && last.iter().all(|answer| answer.said.is_well())
        })
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Answer>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(mut asker: Asker, answers: Arc<Mutex<Vec<Answer>>>, stop: CancellationToken) {
    while !stop.is_cancelled() {
        let (route, asked) = (asker.route, Instant::now());
        let said = asker.ask().await;
        let took = asked.elapsed();
        answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(Answer {
                route,
                asked,
                took,
                said,
            });
        tokio::time::sleep(PAUSE).await;
    }
}

/// The answers to requests between two moments, by route.
#[derive(Clone, Debug, Default)]
pub struct Record(BTreeMap<Route, Vec<Answer>>);

impl Record {
    pub fn of(load: &Load, from: Instant, to: Instant) -> Self {
        let mut record: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for answer in load.lock().iter() {
            if (from..to).contains(&answer.asked) {
                let answers = record.entry(answer.route).or_default();
                answers.push(answer.clone());
            }
        }
        Self(record)
    }

    pub fn answers(&self, route: Route) -> &[Answer] {
        self.0.get(&route).map_or(&[], Vec::as_slice)
    }

    /// Of a hundred answers, the second slowest; of few, the slowest.
    pub fn p99(&self, route: Route) -> Duration {
        self.percentile(route, 99)
    }

    /// The p99 of all routes together, where a single answer does not decide.
    pub fn p99_of_all(&self) -> Duration {
        let answers = self.0.values().flatten();
        percentile(answers.map(|one| one.took), 99)
    }

    pub fn median(&self, route: Route) -> Duration {
        self.percentile(route, 50)
    }

    fn percentile(&self, route: Route, percent: usize) -> Duration {
        percentile(self.answers(route).iter().map(|one| one.took), percent)
    }

    /// Whether every route was asked and always answered 200.
    pub fn is_well(&self) -> bool {
        Route::ALL.iter().all(|route| {
            let answers = self.answers(*route);
            !answers.is_empty() && answers.iter().all(|one| one.said.is_well())
        })
    }
}

/// The given quantile of durations.
pub fn percentile(took: impl Iterator<Item = Duration>, percent: usize) -> Duration {
    let mut took: Vec<_> = took.collect();
    took.sort_unstable();
    let last = took.len().saturating_sub(1);
    took.get(last * percent / 100).copied().unwrap_or_default()
}
