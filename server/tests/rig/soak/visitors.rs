//! The load: readers who come at a fixed rate, whether or not others have been answered, and a few
//! customers who change their plan now and then.

use super::answers::{Asked, Needs, Said};
use crate::subject::{Answer, Customer, Line, Press};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    task::JoinSet,
    time::{Instant, MissedTickBehavior, interval_at},
};
use tokio_util::sync::CancellationToken;

/// A hundred requests a second.
const READERS_EVERY: Duration = Duration::from_millis(10);
/// Pause of a customer between two changes.
const CHANGES_EVERY: Duration = Duration::from_secs(3);
const BETWEEN_TRIES: Duration = Duration::from_secs(1);
/// What readers ask for, and how many of a hundred.
const MIX: [(u32, Wish); 10] = [
    (40, Wish::Bill),
    (14, Wish::Page("/bill/result", Needs::KnownOfKos)),
    (12, Wish::Page("/main", Needs::KnownOfKos)),
    (8, Wish::Page("/product/menu", Needs::KnownOfKos)),
    (8, Wish::Page("/bill/menu", Needs::Nothing)),
    (5, Wish::Page("/bill/history", Needs::Nothing)),
    (4, Wish::Page("/product/history", Needs::Nothing)),
    (3, Wish::Page("/account/sessions", Needs::Nothing)),
    (3, Wish::Page("/api/v1/auth/user-info", Needs::Nothing)),
    (3, Wish::Plans),
];

#[derive(Clone, Copy, Debug)]
enum Wish {
    /// A bill asked for before.
    Bill,
    Page(&'static str, Needs),
    /// The plans a line can change to, by what KOS says now.
    Plans,
}

/// Everything asked so far.
#[derive(Clone)]
pub struct Journal {
    begun: Instant,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Journal {
    pub fn begin() -> Self {
        Self {
            begun: Instant::now(),
            asked: Arc::default(),
        }
    }

    /// Time since the beginning.
    pub fn now(&self) -> Duration {
        self.begun.elapsed()
    }

    pub fn begun(&self) -> Instant {
        self.begun
    }

    pub fn read(&self) -> Vec<Asked> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn note(
        &self,
        route: &'static str,
        needs: Needs,
        due: Instant,
        answer: impl Future<Output = Option<Answer>>,
    ) -> Option<Answer> {
        let answer = answer.await;
        let said = answer.as_ref().map_or_else(Said::nothing, |answer| {
            Said::of(answer.status, &answer.body)
        });
        let asked = Asked {
            route,
            needs,
            at: due.duration_since(self.begun),
            took: due.elapsed(),
            said,
        };
        let mut all = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(asked);
        answer
    }
}

/// Who asks, and where.
#[derive(Clone)]
pub struct Visitor {
    pub customer: Customer,
    pub origin: String,
    pub journal: Journal,
}

impl Visitor {
    /// Sends a request every ten milliseconds until `over`.
    pub async fn read_all_the_time(
        self,
        lines: Vec<Line>,
        months: Vec<String>,
        seed: u64,
        over: CancellationToken,
    ) {
        let mut chance = StdRng::seed_from_u64(seed);
        let mut due = interval_at(Instant::now(), READERS_EVERY);
        due.set_missed_tick_behavior(MissedTickBehavior::Burst);
        let mut asking = JoinSet::new();
        while !over.is_cancelled() {
            let due = due.tick().await;
            let line = lines[chance.random_range(0..lines.len())].clone();
            let month = months[chance.random_range(0..months.len())].clone();
            let wish = wish(chance.random_range(0..100));
            asking.spawn(self.clone().read(wish, line, month, due));
            while asking.try_join_next().is_some() {}
        }
        while asking.join_next().await.is_some() {}
    }

    async fn read(self, wish: Wish, line: Line, month: String, due: Instant) {
        let (customer, origin) = (&self.customer, &self.origin);
        match wish {
            Wish::Bill => {
                let answer = customer.look_at_bill(origin, &line.id, Some(&month));
                self.journal
                    .note("a bill", Needs::KnownOfKos, due, answer)
                    .await;
            }
            Wish::Page(path, needs) => {
                let address = format!("{path}?line={}", line.id);
                let answer = customer.get(origin, &address);
                self.journal.note(path, needs, due, answer).await;
            }
            Wish::Plans => {
                self.plans(&line, due).await;
            }
        }
    }

    async fn plans(&self, line: &Line, due: Instant) -> Option<Answer> {
        let answer = self.customer.open(&self.origin, &line.id, &line.number);
        self.journal.note("plans", Needs::KosNow, due, answer).await
    }

    /// Changes the plan of a line again and again until `over`.
    pub async fn change_now_and_then(self, line: Line, seed: u64, over: CancellationToken) {
        let mut chance = StdRng::seed_from_u64(seed);
        for number in 0.. {
            tokio::time::sleep(CHANGES_EVERY).await;
            if over.is_cancelled() {
                return;
            }
            let plans = self.plans(&line, Instant::now()).await;
            let Some(choice) = plans.and_then(|plans| plans.choice()) else {
                continue;
            };
            let to = choice.targets[chance.random_range(0..choice.targets.len())].clone();
            let press = Press {
                key: format!("{}-{number}", line.id),
                line_id: line.id.clone(),
                from: choice.current,
                third: to.clone(),
                to,
            };
            while !self.pressed(&press).await {
                tokio::time::sleep(BETWEEN_TRIES).await;
            }
        }
    }

    /// Whether the request need not be sent again.
    async fn pressed(&self, press: &Press) -> bool {
        let answer = self.customer.press(&self.origin, press);
        let due = Instant::now();
        let answer = self
            .journal
            .note("a change", Needs::Change, due, answer)
            .await;
        answer.is_some_and(|answer| answer.is_final())
    }
}

fn wish(mut number: u32) -> Wish {
    for (part, wish) in MIX {
        match number.checked_sub(part) {
            None => return wish,
            Some(rest) => number = rest,
        }
    }
    Wish::Bill
}
