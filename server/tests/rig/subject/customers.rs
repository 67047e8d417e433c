//! Customers on several lines at once, who press, look and press again.

use super::{
    customer::{Customer, Press},
    database::Line,
};
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::time::Duration;
use tokio::{
    sync::watch,
    task::{JoinHandle, JoinSet},
};

/// One per line.
pub struct Customers {
    running: JoinSet<()>,
    origins: watch::Sender<Vec<String>>,
    leaving: watch::Sender<bool>,
}

impl Customers {
    pub fn start(customer: &Customer, lines: &[Line], seed: u64) -> Self {
        let (origins, leaving) = (watch::Sender::default(), watch::Sender::new(false));
        let mut running = JoinSet::new();
        for (number, line) in (0..).zip(lines) {
            let one = One {
                customer: customer.clone(),
                line: line.clone(),
                chance: StdRng::seed_from_u64(seed ^ (number << 32)),
                origins: origins.subscribe(),
                leaving: leaving.subscribe(),
                plans: Vec::new(),
                current: None,
            };
            running.spawn(one.come_and_go());
        }
        Self {
            running,
            origins,
            leaving,
        }
    }

    /// Sets the origins of the product; each request goes to a random one.
    pub fn send_to(&self, origins: Vec<String>) {
        self.origins.send_replace(origins);
    }

    /// Lets pressed changes get their answers, and starts no new ones.
    pub fn finish(mut self) -> JoinHandle<()> {
        self.leaving.send_replace(true);
        tokio::spawn(async move { while self.running.join_next().await.is_some() {} })
    }
}

struct One {
    customer: Customer,
    line: Line,
    chance: StdRng,
    origins: watch::Receiver<Vec<String>>,
    leaving: watch::Receiver<bool>,
    /// The plans of the line, once a page has shown them.
    plans: Vec<String>,
    /// The line's plan, as far as the customer knows.
    current: Option<String>,
}

impl One {
    async fn come_and_go(mut self) {
        for number in 0.. {
            if *self.leaving.borrow() {
                return;
            }
            match self.choose(number).await {
                Some(press) => self.press_until_answered(press).await,
                None => self.pause().await,
            }
            if self.chance.random_ratio(1, 4) {
                let origin = self.origin();
                self.customer
                    .look_at_bill(&origin, &self.line.id, None)
                    .await;
            }
        }
    }

    async fn choose(&mut self, number: u64) -> Option<Press> {
        if self.current.is_none() || self.chance.random_ratio(1, 4) {
            self.open_page().await;
        }
        let from = self.current.clone()?;
        let others: Vec<_> = self.plans.iter().filter(|plan| **plan != from).collect();
        let chosen = self.chance.random_range(0..others.len().max(1));
        let (to, third) = (others.get(chosen)?, others[(chosen + 1) % others.len()]);
        Some(Press {
            key: format!("{}-{number}", self.line.id),
            line_id: self.line.id.clone(),
            to: (*to).clone(),
            third: third.clone(),
            from,
        })
    }

    async fn open_page(&mut self) {
        let origin = self.origin();
        let line = &self.line;
        let choice = self.customer.choose(&origin, &line.id, &line.number).await;
        if let Some(choice) = choice {
            self.plans = choice.targets;
            self.plans.push(choice.current.clone());
            self.current = Some(choice.current);
        }
    }

    /// Presses the same key until there is an answer, and sometimes once more, as people do.
    async fn press_until_answered(&mut self, press: Press) {
        loop {
            let origin = self.origin();
            match self.customer.press(&origin, &press).await {
                Some(answer) if answer.is_final() => {
                    self.current = (answer.status == 200).then(|| press.to.clone());
                    break;
                }
                _ => self.pause().await,
            }
        }
        if self.chance.random_ratio(1, 3) {
            let origin = self.origin();
            self.customer.press(&origin, &press).await;
        }
    }

    /// Waits for new origins, or a moment.
    async fn pause(&mut self) {
        let moment = Duration::from_millis(self.chance.random_range(10..60));
        let moved = tokio::time::timeout(moment, self.origins.changed()).await;
        if matches!(moved, Ok(Err(_))) {
            // The trial is over: no new origins come.
            tokio::time::sleep(moment).await;
        }
    }

    fn origin(&mut self) -> String {
        let origins = self.origins.borrow_and_update();
        let any = self.chance.random_range(0..origins.len().max(1));
        origins.get(any).cloned().unwrap_or_default()
    }
}
